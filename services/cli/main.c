/* padan: everything a person types on the machine. */
#include "services/cli/cli.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "common/base/log.h"

static int
help (FILE *out)
{
    fprintf (out, "padan COMMAND …\n\n");
    for (const struct cli_command *command = cli_commands; command->name; command++)
        fprintf (out, "  padan %s %s\n      %s\n", command->name, command->arguments, command->help);
    fprintf (out, "\nExit codes: 0 done, 1 refused or wrong, 2 not understood, 75 nothing reachable: try again.\n");
    return out == stdout ? CLI_DONE : CLI_USAGE;
}

/* How many words of argv name this command; 0: they do not. */
static int
words_match (const struct cli_command *command, int argc, char **argv)
{
    const char *space = strchr (command->name, ' ');
    size_t first = space ? (size_t)(space - command->name) : strlen (command->name);
    if (argc < 2 || strlen (argv[1]) != first || strncmp (argv[1], command->name, first) != 0)
        return 0;
    if (!space)
        return 1;
    return argc > 2 && strcmp (argv[2], space + 1) == 0 ? 2 : 0;
}

int
main (int argc, char **argv)
{
    log_open ("padan", "-", LOG_WARNING);
    if (sodium_init () < 0)
        return CLI_FAILED;
    if (argc == 2 && (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "help") == 0))
        return help (stdout);
    for (const struct cli_command *command = cli_commands; command->name; command++) {
        int words = words_match (command, argc, argv);
        if (words)
            return command->run (argc - words, argv + words);
    }
    return help (stderr);
}
