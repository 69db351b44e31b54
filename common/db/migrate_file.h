/* Migration files on disk, apart from any database. Inside common/db and its tests only. */
#pragma once

#include "common/base/arena.h"
#include "common/base/err.h"

enum { MIGRATION_SHA256 = 32, MIGRATION_SIZE_MAX = 4 * 1024 * 1024 };

struct migration {
    int part;            /* which of the directories, from 0 */
    const char *name;    /* "0001_what.sql" */
    const char *text;    /* as on disk, NUL-terminated */
    struct bytes sha256; /* of the file as on disk */
};

/* All *.sql of the directories, in the order they run. Refused by name: one not called NNNN_what.sql, a number that is
 * missing or used twice, a file with NUL bytes or past the size limit. Other files are left alone. */
enum rc migration_read (const char *const *dirs, struct arena *arena, struct migration **ret_files, size_t *ret_n,
                        struct err *err);

/* Replaces `:schema`, `:login` and `:reader` by quoted identifiers. A NULL one must not occur in the text. */
enum rc migration_render (const char *text, const char *schema, const char *login, const char *reader,
                          struct arena *arena, const char **ret_text, struct err *err);
