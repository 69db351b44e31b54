/* Parameters as libpq takes them. Inside common/db and its tests only. */
#pragma once

#include "common/db/db.h"

enum { DB_PARAMS_MAX = 128 }; /* parameters of one statement: twice our widest table */

struct db_params {
    struct arena *arena;
    bool failed; /* the arena is full, or a value is larger than PostgreSQL takes: db_run refuses */
    int n, capacity;
    const char **values; /* NULL: NULL */
    int *lengths;
};

extern const int db_params_formats[DB_PARAMS_MAX]; /* all binary */
