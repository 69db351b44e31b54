/* Values of configuration rows: their texts and where they go. Only config.c needs this. */
#pragma once

#include "common/base/arena.h"
#include "common/base/config.h"

const char *config_type_name (enum config_type type);

/* RC_INVALID with the row's name and `where` when the value is not of the row's type or out of its bounds. */
enum rc config_value_check (const struct config_row *row, const char *value, const char *where, struct err *err);

/* Writes the value to the destination; texts live in the arena. */
enum rc config_value_store (struct arena *arena, const struct config_row *row, const char *value, void *target,
                            struct err *err);

/* A whole file, at most CONFIG_FILE bytes, without NUL inside and with one behind. secret: refuses a file that others
 * may read. RC_INVALID when it cannot be read. */
enum rc config_file_read (struct arena *arena, const char *path, bool secret, struct bytes *ret_text, struct err *err);
