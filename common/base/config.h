/* Configuration: one table of rows per program, a file of `key = value` lines, and overrides from the command line.
 *
 *     struct my { char *listen; int64_t workers, wait; struct config_list peers; char *token; };
 *     static const struct config_row rows[] = {
 *         CONFIG_ROW (struct my, listen, CONFIG_TEXT, "127.0.0.1:8080", "address and port of HTTP"),
 *         CONFIG_ROW (struct my, workers, CONFIG_INT, "4", "threads that validate", .min = 1, .max = 64),
 *         CONFIG_ROW (struct my, wait, CONFIG_SPAN, "250ms", "longest wait of a reader", .max = 60 * CLOCK_SECOND),
 *         CONFIG_ROW (struct my, token, CONFIG_SECRET, "", "file with the token of the registry"),
 *         { 0 },
 *     };
 *     const struct config_table tables[] = { { engine_rows, &engine }, { rows, &my } };
 *
 * A line is `key = value`; `#` and `;` start a comment line; a [section] is refused, names are flat. Values are taken
 * whole, without quotes. An unknown key, a key given twice in one file and a value out of bounds are refused with file
 * and line. Not thread-safe: load before threads start. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdbool.h>
#include "common/base/err.h"

enum config_type {
    CONFIG_TEXT = 1, /* char * */
    CONFIG_INT,      /* int64_t */
    CONFIG_BOOL,     /* bool: yes no true false on off */
    CONFIG_SPAN,     /* int64_t microseconds: 250ms 5s 10m 2h 7d; a bare number only when 0 */
    CONFIG_SIZE,     /* int64_t bytes: 512 64KiB 16MiB 2GiB */
    CONFIG_LIST,     /* struct config_list: comma separated */
    CONFIG_SECRET, /* char *: content of the file the value names, final newline dropped; NULL when the value is empty.
                      Files readable by others than owner and group are refused. */
};

struct config_list {
    size_t count;
    char **items;
};

struct config_row {
    const char *name;
    enum config_type type;
    const char *fallback; /* NULL: must be given */
    const char *help;
    size_t offset;    /* of the destination in the table's target */
    int64_t min, max; /* of INT, SPAN and SIZE in their base unit; max 0: no upper bound */
    bool masked;      /* a TEXT that may hold a password (a database URL): printed as ******** */
};
#define CONFIG_ROW(struct_, member, type_, fallback_, help_, ...)                                                      \
    {                                                                                                                  \
        .name = #member, .type = (type_), .fallback = (fallback_), .help = (help_),                                    \
        .offset = offsetof (struct_, member), __VA_ARGS__                                                              \
    }

struct config_table {
    const struct config_row *rows; /* ends with a row without name */
    void *target;
};

struct config;

enum {
    CONFIG_ROWS = 256, /* a program with more has lost its way */
    CONFIG_FILE = 256 * 1024
}; /* bytes of a file or secret */

/* The names of all tables must be distinct (MUST). Targets point into the config: keep it as long as they are used. */
struct config *config_new (const struct config_table *tables, size_t count);
void config_destroy (struct config **config);
#define CONFIG_AUTO __attribute__ ((cleanup (config_destroy)))

/* Takes `--config FILE`, `--set key=value` (any number), `--print-config` and `--help` out of argv, leaving the
 * program's own arguments, then reads the file, applies the overrides and fills the targets (unless help is wanted).
 * RC_INVALID names what is wrong. *ret_print, *ret_help: what the user asked for instead of a run. */
enum rc config_load (struct config *config, int *argc, char **argv, bool *ret_print, bool *ret_help, struct err *err);

/* The steps of config_load, for tests and tools. A later value replaces an earlier one. */
enum rc config_read (struct config *config, const char *path, struct err *err);
enum rc config_set (struct config *config, const char *assignment, struct err *err);
enum rc config_finish (struct config *config, struct err *err);

/* All rows as a file that can be read back, secrets and masked rows excepted. */
void config_print (const struct config *config, FILE *out);
void config_help (const struct config *config, FILE *out);
