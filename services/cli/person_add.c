/* padan person add: AddPerson to accounts. The person's id follows from tenant and login, so that the same again is
 * harmless; it does not change the password. The password is read from a file or standard input, never from an
 * argument, which other users of the machine could see. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "accounts.pb-c.h"
#include "common/bus/grants.h"
#include "services/cli/cli.h"

#define NAME "person add"

enum { PASSWORD_BYTES_MAX = 4096, GRANTS_MAX = 64, ARENA_BYTES = 1 << 20 };

struct person {
    const char *config, *password_file;
    int64_t tenant;
    Padan__Accounts__V1__AddPerson add;
    Padan__Grant *grants[GRANTS_MAX];
};

/* CLI_DONE, or what to exit with. */
static int
options_read (int argc, char **argv, struct arena *arena, struct person *person)
{
    static const struct option options[] = {
        { "config", required_argument, NULL, 'c' },
        { "tenant", required_argument, NULL, 't' },
        { "login", required_argument, NULL, 'l' },
        { "name", required_argument, NULL, 'n' },
        { "grant", required_argument, NULL, 'g' },
        { "password-file", required_argument, NULL, 'p' },
        { 0 },
    };
    struct err err;
    for (int option; (option = getopt_long (argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'c':
            person->config = optarg;
            break;
        case 't':
            if (!cli_number (optarg, &person->tenant))
                return cli_usage (NAME, "a tenant is a number above zero");
            break;
        case 'l':
            person->add.login = optarg;
            break;
        case 'n':
            person->add.name = optarg;
            break;
        case 'g':
            if (person->add.n_grants == GRANTS_MAX)
                return cli_usage (NAME, "more than %d grants", GRANTS_MAX);
            if (grant_parse (optarg, arena, &person->grants[person->add.n_grants++], &err) != RC_OK)
                return cli_usage (NAME, "'%s': %s", optarg, err.text);
            break;
        case 'p':
            person->password_file = optarg;
            break;
        default:
            return cli_usage (NAME, "unknown option");
        }
    }
    person->add.grants = person->grants;
    if (!person->tenant && person->add.n_grants)
        person->tenant = person->grants[0]->tenant;
    if (!person->config || !person->password_file || !person->add.login[0] || !person->add.name[0] ||
        !person->add.n_grants || optind != argc)
        return cli_usage (NAME, "something is missing, or too much");
    return CLI_DONE;
}

/* One line; its end is not part of it. */
static enum rc
password_read (struct person *person, struct arena *arena, struct err *err)
{
    struct bytes content;
    enum rc rc = cli_read (person->password_file, PASSWORD_BYTES_MAX, arena, &content, err);
    if (rc != RC_OK)
        return rc;
    person->add.password = arena_string (arena, (const char *)content.data);
    if (!person->add.password)
        return err_set (err, RC_INTERNAL, "no memory");
    person->add.password[strcspn (person->add.password, "\r\n")] = '\0';
    return person->add.password[0] ? RC_OK : err_set (err, RC_INVALID, "%s: no password", person->password_file);
}

int
cli_person_add (int argc, char **argv)
{
    ARENA_AUTO struct arena *arena = arena_new (ARENA_BYTES);
    CLI_LINK_AUTO struct cli_link link = { 0 };
    struct person person = { .add = PADAN__ACCOUNTS__V1__ADD_PERSON__INIT };
    const Padan__Accounts__V1__PersonReply *reply;
    struct err err = { 0 };
    MUST (arena);
    int code = options_read (argc, argv, arena, &person);
    if (code != CLI_DONE)
        return code;
    const char *key = arena_printf (arena, "person:%lld:%s", (long long)person.tenant, person.add.login);
    MUST (key);
    struct uuid id = uuid_of (key, strlen (key));
    enum rc rc = password_read (&person, arena, &err);
    if (rc == RC_OK)
        rc = cli_link_open (person.config, &link, &err);
    if (rc == RC_OK)
        rc = cli_give (&link, "accounts", person.tenant, id, key, &person.add,
                       &padan__accounts__v1__person_reply__descriptor, (const void **)&reply, &err);
    if (rc != RC_OK)
        return cli_fail (&err);
    char text[UUID_TEXT];
    printf ("person %s %s version %lld\n", person.add.login, uuid_format (id, text), (long long)reply->version);
    return CLI_DONE;
}
