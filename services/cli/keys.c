/* padan keys --keys DIR SERVICE…: makes only what is missing, so that running it again changes nothing: a CURVE pair
 * for each service named and for `padan` itself, and an Ed25519 pair for those that sign. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "services/cli/cli.h"

/* Who signs what. */
static const struct signer {
    const char *service, *what;
} signers[] = {
    { "accounts", "principals" },
    { "journal", "checkpoints" },
};

/* RC_CONFLICT says that it is there already. */
static enum rc
made (const char *what, enum rc rc)
{
    if (rc == RC_OK)
        printf ("made the key of %s\n", what);
    return rc == RC_CONFLICT ? RC_OK : rc;
}

static enum rc
service_make (const char *dir, const char *service, struct err *err)
{
    enum rc rc = made (service, keys_generate (dir, service, err));
    for (size_t i = 0; rc == RC_OK && i < sizeof signers / sizeof *signers; i++)
        if (strcmp (signers[i].service, service) == 0)
            rc = made (signers[i].what, keys_sign_generate (dir, service, err));
    return rc;
}

int
cli_keys (int argc, char **argv)
{
    static const struct option options[] = { { "keys", required_argument, NULL, 'k' }, { 0 } };
    const char *dir = NULL;
    for (int option; (option = getopt_long (argc, argv, "", options, NULL)) != -1;) {
        if (option != 'k')
            return cli_usage ("keys", "unknown option");
        dir = optarg;
    }
    if (!dir || optind == argc)
        return cli_usage ("keys", "which directory, and whose keys?");
    struct err err = { 0 };
    enum rc rc = made ("padan", keys_generate (dir, "padan", &err));
    for (int i = optind; rc == RC_OK && i < argc; i++) {
        if (!keys_name_valid (argv[i]))
            return cli_usage ("keys", "'%s' is no service's name", argv[i]);
        rc = service_make (dir, argv[i], &err);
    }
    return rc == RC_OK ? CLI_DONE : cli_fail (&err);
}
