/* An import of BPJS's replies to one batch, the line that spoke for each person, and the lines that changed nothing. */
#pragma once

#include "services/batching/batching.h"

struct import_row {
    int64_t tenant;
    struct uuid id;
    int64_t version; /* 0 until it has ended: it is not in the log before */
    struct uuid batch_id;
    const char *source;
    struct bytes file_sha256;
    int64_t size;
    const char *state;      /* queued, running, done, failed */
    const char *failure;    /* code */
    const char *layout;     /* what the header said, "" not read yet */
    int64_t position, line; /* where reading goes on */
    int64_t next_row, chunks, rows, changed, unchanged, refused;
    struct uuid started_by;
    int64_t started_at, finished_at;
};

/* id: of import and person, so that a second line for a person in one file is seen. */
struct reply_line {
    int64_t tenant;
    struct uuid id, import_id;
    int64_t line;
    struct uuid application_id, member_id;
    const char *outcome; /* accepted, refused, unchanged, problem */
};

/* id: of import and line. */
struct problem_line {
    int64_t tenant;
    struct uuid id, import_id;
    int64_t line;
    const char *column_name, *code;
};

extern const struct table import_table, reply_row_table, import_problem_table;

struct uuid reply_line_id (struct uuid import_id, struct uuid member_id);
struct uuid problem_line_id (struct uuid import_id, int64_t line);

/* Without its lock; RC_NOT_FOUND "common.not_found". */
enum rc import_read (struct gather *gather, int64_t tenant, struct uuid id, struct import_row *ret_import,
                     struct err *err);
Padan__Common__V1__ImportProgress import_progress (const struct import_row *import);
/* What a line's code says, Bahasa Indonesia. */
const char *problem_text (const char *code);
