#include "services/cli/profile.h"

#include <stdio.h>

#include "services/cli/cli.h"

int
profile_open (const char *path, struct arena *arena, struct profile **ret_profile, struct bytes *ret_bytes)
{
    static struct profile_problems problems;
    struct err err = { 0 };
    problems.count = 0;
    enum rc rc = profile_read (path, arena, ret_profile, &problems, ret_bytes, &err);
    for (size_t i = 0; i < problems.count; i++) {
        const struct profile_problem *problem = &problems.items[i];
        fprintf (stderr, "%s:%d:%d: %s%s%s\n", path, problem->line, problem->column, problem->path ? problem->path : "",
                 problem->path && problem->path[0] ? ": " : "", problem->text);
    }
    if (problems.count == PROFILE_PROBLEMS)
        fprintf (stderr, "%s: and perhaps more\n", path);
    if (rc == RC_OK)
        return CLI_DONE;
    return problems.count ? CLI_FAILED : cli_fail (&err);
}
