/* padan profile check FILE: every problem with line, column and path; or the procedure as a drawing, and its hash. */
#include <getopt.h>
#include <stdio.h>

#include "common/base/text.h"
#include "services/cli/cli.h"
#include "services/cli/profile.h"

int
cli_profile_check (int argc, char **argv)
{
    static const struct option options[] = { { 0 } };
    ARENA_AUTO struct arena *arena = arena_new (PROFILE_ARENA);
    struct profile *profile;
    char hash[2 * PROFILE_HASH + 1];
    MUST (arena);
    if (getopt_long (argc, argv, "", options, NULL) != -1 || optind + 1 != argc)
        return cli_usage ("profile check", "one file");
    int code = profile_open (argv[optind], arena, &profile, NULL);
    if (code != CLI_DONE)
        return code;
    const char *drawing = profile_draw (profile, arena);
    MUST (drawing);
    fputs (drawing, stdout);
    printf ("sha256 %s\n", hex_encode (profile->hash, PROFILE_HASH, hash));
    return CLI_DONE;
}
