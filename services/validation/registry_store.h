/* Which snapshot of a registry is current, and the loads that make snapshots. */
#pragma once

#include "common.pb-c.h"
#include "common/engine/service.h"

struct registry {
    int64_t tenant;
    struct uuid id; /* registry_id (name) */
    const char *name;
    int64_t current_version; /* 0: none yet */
    int64_t newest_version;  /* given to a load */
    const char *period;
    int64_t rows, switched_at;
};
/* The same rows twice: to change them, and to hold them as they are until a verdict that relied on them commits. */
extern const struct table registry_table, registry_held_table;

struct uuid registry_id (const char *name); /* "poverty", "membership" */

/* One row of a file on its way into its snapshot; which columns count depends on the load's step. */
struct snapshot_row {
    int64_t tenant;
    struct uuid import_id;
    int32_t ordinal;
    const char *file; /* "family", "person", "member" */
    int64_t version;
    int64_t nik, kk;
    int32_t decile; /* -1: not said */
    const char *card, *segment, *payer, *status;
};

/* One number on its way out of a snapshot. */
struct dropped_row {
    int64_t tenant;
    struct uuid import_id;
    int32_t ordinal;
    const char *file;
    int64_t version, number;
};

struct import_problem {
    int64_t tenant;
    struct uuid import_id;
    int32_t ordinal;
    int64_t line;
    const char *field, *code, *detail;
    bool warning; /* by itself no reason to refuse the row */
};

/* Children are only appended: they are never loaded with their import. */
struct import {
    int64_t tenant;
    struct uuid id;
    const char *registry;
    int64_t snapshot;
    const char *period, *source;
    struct bytes file_sha256;
    int64_t file_size;
    struct bytes family_sha256;
    int64_t family_size;
    const char *state, *step;
    int64_t chunk;
    const char *layout;
    int64_t next_offset, next_line, next_row;
    int64_t bytes_done, rows, kept, refused; /* kept is raised by the statement that saves `added` */
    int32_t problems;
    const char *failure;
    int64_t started_at, finished_at;
    struct uuid same_as; /* the load that made the current snapshot of the same files: nothing was read; nil none */
    int64_t usable;      /* rows that the file being read gave so far */
    struct snapshot_row *added;
    size_t n_added;
    struct import_problem *found;
    size_t n_found;
    struct dropped_row *dropped;
    size_t n_dropped;
};
extern const struct table import_table;
extern const struct db_column import_columns[];
enum { IMPORT_COLUMNS = 27 };

/* Progress as queries and ImportFinished show it. Strings are borrowed from the row. */
void import_progress (const struct import *row, Padan__Common__V1__ImportProgress *ret);
