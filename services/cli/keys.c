/* padan keys --keys DIR SERVICE…: makes only what is missing, so that running it again changes nothing: a CURVE pair
 * for each service named and for `padan` itself, and the Ed25519 pair when `accounts` is among them. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "services/cli/cli.h"

/* RC_CONFLICT says that it is there already. */
static enum rc
made (const char *what, enum rc rc)
{
    if (rc == RC_OK)
        printf ("made the key of %s\n", what);
    return rc == RC_CONFLICT ? RC_OK : rc;
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
        rc = made (argv[i], keys_generate (dir, argv[i], &err));
        if (rc == RC_OK && strcmp (argv[i], "accounts") == 0)
            rc = made ("principals", keys_sign_generate (dir, &err));
    }
    return rc == RC_OK ? CLI_DONE : cli_fail (&err);
}
