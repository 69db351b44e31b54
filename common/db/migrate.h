/* Forward-only numbered migrations of one schema: <dir>/0001_what.sql …, each run once in a transaction of its own,
 * recorded with its SHA-256 in <schema>.migration. A file changed after it ran is refused by name. */
#pragma once

#include "common/db/db.h"

/* dirs: NULL-terminated; all files of one directory are numbered on their own (the engine's directory first, then the
 * service's). `:schema`, `:login`, `:reader` in the text are replaced by quoted identifiers. Creates the schema. */
enum rc db_migrate (struct db *db, const char *schema, const char *login, const char *reader, const char *const *dirs,
                    struct err *err);
