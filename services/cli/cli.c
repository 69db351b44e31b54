#include "services/cli/cli.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct cli_command cli_commands[] = {
    { "keys", "--keys DIR SERVICE…",
      "make the keys that are missing: a CURVE pair a service, and what accounts and journal sign with", cli_keys },
    { "tenant add", "--config FILE --tenant N --code CODE --name NAME [--zone ZONE]",
      "add a jurisdiction, by its number and Kemendagri code", cli_tenant_add },
    { "person add",
      "--config FILE --tenant N --login LOGIN --name NAME --grant TENANT:ROLE[:PLACE] … --password-file FILE|-",
      "add a person, such as the first administrator of a tenant", cli_person_add },
    { "profile check", "FILE", "say what is wrong with a profile, or draw its procedure", cli_profile_check },
    { "profile publish", "--config FILE --tenant N [--if-none] FILE",
      "make a profile the tenant's procedure from now on", cli_profile_publish },
    { "registry load",
      "--config FILE --store DIR --tenant N --registry poverty|membership --period YYYY-MM [--families FILE] FILE",
      "load a registry's snapshot; it becomes current at once when all of it is there", cli_registry_load },
    { "parked",
      "--database CONNINFO --service NAME [list | retry | drop --reason TEXT] [--log LOG --position N | --work ID]",
      "show what failed and waits for a person, have it tried again, or take it out of the way", cli_parked },
    { "verify", "--database CONNINFO [--record FILE]",
      "hold the tables, and a client's own record, against what must be true of them", cli_verify },
    { "audit verify", "--database CONNINFO [--tenant N] [--keys DIR [--checkpoints FILE]]",
      "compute every tenant's chain again, hold it against the logs and what was signed; name the first broken row",
      cli_audit_verify },
    { "erase", "--database CONNINFO --tenant N --nik-file FILE|-",
      "take one person's name and number, and what was written of them, out of the journal; history still proves "
      "itself",
      cli_erase },
    { 0 },
};

int
cli_usage (const char *name, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    fprintf (stderr, "padan %s: ", name);
    vfprintf (stderr, format, arguments);
    va_end (arguments);
    for (const struct cli_command *command = cli_commands; command->name; command++)
        if (strcmp (command->name, name) == 0)
            fprintf (stderr, "\nusage: padan %s %s\n", command->name, command->arguments);
    return CLI_USAGE;
}

int
cli_fail (const struct err *err)
{
    fprintf (stderr, "padan: %s%s%s%s%s%s\n", err->text[0] ? err->text : rc_name (err->rc), err->code[0] ? " [" : "",
             err->code, err->code[0] ? "]" : "", err->field[0] ? " at " : "", err->field);
    return err->rc == RC_BUSY || err->rc == RC_EXPIRED || err->rc == RC_RETRY ? CLI_AGAIN : CLI_FAILED;
}

bool
cli_number (const char *text, int64_t *ret_number)
{
    char *end;
    errno = 0;
    long long number = strtoll (text, &end, 10);
    if (!isdigit ((unsigned char)text[0]) || *end || errno || number <= 0)
        return false;
    *ret_number = number;
    return true;
}

enum rc
cli_read (const char *path, size_t most, struct arena *arena, struct bytes *ret_content, struct err *err)
{
    bool input = strcmp (path, "-") == 0;
    uint8_t *content = arena_alloc (arena, most + 2);
    size_t size = 0;
    if (!content)
        return err_set (err, RC_INTERNAL, "no memory");
    int fd = input ? STDIN_FILENO : open (path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set (err, RC_INVALID, "%s: %s", path, strerror (errno));
    ssize_t got = 1;
    while (size <= most && (got = read (fd, content + size, most + 1 - size)) != 0) {
        if (got < 0 && errno != EINTR)
            break;
        size += got > 0 ? (size_t)got : 0;
    }
    int failed = got < 0 ? errno : 0;
    if (!input)
        close (fd);
    if (failed)
        return err_set (err, RC_INVALID, "%s: %s", path, strerror (failed));
    if (size > most)
        return err_set (err, RC_INVALID, "%s: longer than %zu bytes", path, most);
    *ret_content = (struct bytes){ content, size };
    return RC_OK;
}
