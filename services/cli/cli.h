/* What the subcommands of `padan` share: their table, their exit codes, a way to the services. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/config.h"
#include "common/base/uuid.h"
#include "common/bus/call.h"
#include "common/bus/keys.h"

enum cli_exit {
    CLI_DONE = 0,
    CLI_FAILED = 1, /* refused, or something is wrong; said on stderr */
    CLI_USAGE = 2,  /* not understood */
    CLI_AGAIN = 75, /* EX_TEMPFAIL: nothing reachable or all busy; the same command again does no harm */
};

struct cli_command {
    const char *name; /* one or two words: "person add" */
    const char *arguments, *help;
    int (*run) (int argc, char **argv); /* argv[0] is the name's last word */
};
extern const struct cli_command cli_commands[]; /* ends with a NULL name */

int cli_keys (int argc, char **argv);
int cli_tenant_add (int argc, char **argv);
int cli_person_add (int argc, char **argv);
int cli_profile_check (int argc, char **argv);
int cli_profile_publish (int argc, char **argv);
int cli_registry_load (int argc, char **argv);
int cli_parked (int argc, char **argv);
int cli_verify (int argc, char **argv);
int cli_audit_verify (int argc, char **argv);
int cli_erase (int argc, char **argv);

/* Says what is wrong with the arguments, and how they go. Returns CLI_USAGE. */
int cli_usage (const char *name, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/* Says an error on stderr: text, code, field. Returns the exit code for it. */
int cli_fail (const struct err *err);
/* "1272": a positive number, or false. */
bool cli_number (const char *text, int64_t *ret_number);
/* Content of a file, "-": standard input; at most `most` bytes, with a NUL behind. */
enum rc cli_read (const char *path, size_t most, struct arena *arena, struct bytes *ret_content, struct err *err);

/* ---------------------------------------------------------------- services */

/* A caller that speaks as the service `padan`. */
struct cli_link {
    struct config *config;
    struct arena *arena; /* of replies */
    struct bus_cert cert;
    struct bus_peers *peers;
    struct bus_caller *caller;
};
/* config: file with the rows `keys` and `peers` (and nothing else). A link that failed to open is closed all the same.
 */
enum rc cli_link_open (const char *config, struct cli_link *ret_link, struct err *err);
void cli_link_close (struct cli_link *link);
#define CLI_LINK_AUTO __attribute__ ((cleanup (cli_link_close)))

/* Gives a command and waits for its reply (in link->arena; ret_reply may be NULL). `key` makes a repeat harmless.
 * A refusal has the code and the field of the service. */
enum rc cli_give (struct cli_link *link, const char *service, int64_t tenant, struct uuid subject, const char *key,
                  const void *command, const ProtobufCMessageDescriptor *reply, const void **ret_reply,
                  struct err *err);
/* Asks a query; what earlier calls answered is gone. */
enum rc cli_ask (struct cli_link *link, const char *service, int64_t tenant, struct uuid subject, const void *question,
                 const ProtobufCMessageDescriptor *reply, const void **ret_reply, struct err *err);
