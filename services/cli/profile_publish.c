/* padan profile publish: checks the file here, then PublishProfile to intake, which checks it again and makes it the
 * tenant's procedure. Applications that are under way keep the one they were entered under. --if-none: only a tenant
 * without any procedure gets it. */
#include <getopt.h>
#include <stdio.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "intake.pb-c.h"
#include "services/cli/cli.h"
#include "services/cli/profile.h"

#define NAME "profile publish"

static int
reply_show (const Padan__Intake__V1__ProfileReply *reply)
{
    char hash[2 * PROFILE_HASH + 1] = "";
    if (reply->profile_sha256.len == PROFILE_HASH)
        hex_encode (reply->profile_sha256.data, PROFILE_HASH, hash);
    printf ("in force: version %d sha256 %s\n", reply->version, hash);
    return CLI_DONE;
}

static int
publish (const char *config, int64_t tenant, bool if_none, const char *path)
{
    ARENA_AUTO struct arena *arena = arena_new (PROFILE_ARENA);
    CLI_LINK_AUTO struct cli_link link = { 0 };
    struct profile *profile;
    struct bytes bytes;
    struct err err = { 0 };
    char key[UUID_TEXT];
    MUST (arena);
    int code = profile_open (path, arena, &profile, &bytes);
    if (code != CLI_DONE)
        return code;
    Padan__Intake__V1__PublishProfile command = PADAN__INTAKE__V1__PUBLISH_PROFILE__INIT;
    const Padan__Intake__V1__ProfileReply *reply;
    command.yaml = (ProtobufCBinaryData){ .len = bytes.size, .data = (uint8_t *)bytes.data };
    command.if_none = if_none;
    uuid_format (uuid_new (clock_now ()), key);
    enum rc rc = cli_link_open (config, &link, &err);
    if (rc == RC_OK)
        rc = cli_give (&link, "intake", tenant, (struct uuid){ 0 }, key, &command,
                       &padan__intake__v1__profile_reply__descriptor, (const void **)&reply, &err);
    return rc == RC_OK ? reply_show (reply) : cli_fail (&err);
}

int
cli_profile_publish (int argc, char **argv)
{
    static const struct option options[] = {
        { "config", required_argument, NULL, 'c' },
        { "tenant", required_argument, NULL, 't' },
        { "if-none", no_argument, NULL, 'n' },
        { 0 },
    };
    const char *config = NULL;
    int64_t tenant = 0;
    bool if_none = false;
    for (int option; (option = getopt_long (argc, argv, "", options, NULL)) != -1;) {
        if (option == 'c')
            config = optarg;
        else if (option == 'n')
            if_none = true;
        else if (option != 't' || !cli_number (optarg, &tenant))
            return cli_usage (NAME, "an unknown option, or a tenant that is no number");
    }
    if (!config || !tenant || optind + 1 != argc)
        return cli_usage (NAME, "something is missing, or too much");
    return publish (config, tenant, if_none, argv[optind]);
}
