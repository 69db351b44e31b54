/* An import of a file, the rows it brought, and what was wrong with others. */
#pragma once

#include "common/engine/service.h"
#include "intake.pb-c.h"

struct import {
    int64_t tenant;
    struct uuid id;
    int64_t version; /* chunks committed: the input version of its next step */
    const char *kind, *period, *source;
    struct bytes file_sha256;
    int64_t size;
    struct bytes profile_sha256; /* its applications are entered under */
    const char *state;           /* "queued", "running", "done", "failed" */
    const char *layout;          /* csv_layout_format; "": the header was not read yet */
    int64_t position, line;      /* reading goes on here */
    int64_t rows, created, changed, unchanged, refused;
    struct uuid started_by;
    int64_t started_at, finished_at;
    int64_t put_off; /* rows that wait for the whole file */
};
struct import_row {
    int64_t tenant;
    struct uuid id;      /* name-based: source, period, person */
    struct uuid content; /* name-based: its cells; nil: its member is no longer what it said */
    struct uuid other;   /* of a second row of this person in one file, refused; nil: there never was one */
    struct uuid application_id, member_id;
    struct uuid import_id; /* that saw it last */
    struct uuid same_as;   /* the row that keeps this person, under an earlier name of theirs; nil: this one does */
};
/* A row that is decided when the whole file has been read. */
struct import_later {
    int64_t tenant;
    struct uuid id;
    struct uuid import_id;
    int64_t line;
    struct bytes packed; /* ImportRow; data NULL: decided */
};
struct import_problem {
    int64_t tenant;
    struct uuid id;
    struct uuid import_id;
    int64_t line;
    const char *column_name, *code, *detail;
    bool warning; /* by itself no reason to refuse the row */
};
extern const struct table import_table, import_row_table, import_later_table, import_problem_table;
extern const struct db_column import_columns[];
extern const size_t import_column_count;

/* ordinal: which problem of that line, from 0. */
struct uuid import_problem_id (struct uuid import_id, int64_t line, int64_t ordinal);
struct uuid import_later_id (struct uuid import_id, int64_t line);
/* Applications are named after their KK: what the next one is called when everybody has left the one of this name. */
struct uuid import_successor (struct uuid application_id);
bool import_is_over (const struct import *import);
Padan__Common__V1__ImportProgress *import_progress (const struct import *import, struct arena *arena);
