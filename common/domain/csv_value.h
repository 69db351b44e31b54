/* Cells to values: one parser for each kind, each refusal a stable code. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/domain/csv.h"
#include "common/domain/nik.h"

/* Relation to the head of the family. Three codings exist (SIAK, DTSEN, BPJS PISA) and the same number means different
 * things in them: mapped by table, never by number (domain 1). */
enum relation {
    RELATION_UNKNOWN,
    RELATION_HEAD,
    RELATION_HUSBAND,
    RELATION_WIFE,
    RELATION_SPOUSE, /* DTSEN does not say which */
    RELATION_CHILD,
    RELATION_CHILD_IN_LAW,
    RELATION_GRANDCHILD,
    RELATION_PARENT,
    RELATION_PARENT_IN_LAW,
    RELATION_ELDER, /* DTSEN: parent or parent-in-law */
    RELATION_RELATIVE,
    RELATION_SERVANT,
    RELATION_ADDITIONAL, /* PISA: tambahan */
    RELATION_OTHER,
    RELATION_END,
};
enum relation_coding { RELATION_SIAK, RELATION_DTSEN, RELATION_PISA };

/* Code or name in that coding; RELATION_UNKNOWN if it has no such. */
enum relation relation_read (enum relation_coding coding, const char *text);
/* The coding's number for it, 0 if that coding cannot say it. */
int relation_code (enum relation_coding coding, enum relation relation);
const char *relation_name (enum relation relation); /* stable: "anak" */

enum sex sex_read (const char *text); /* L P 1 2 LAKI-LAKI LAKI2 PRIA PEREMPUAN WANITA W …; else SEX_UNKNOWN */

/* DTSEN tells a marriage that is on record from one that is not; BPJS counts both as married. */
enum marital {
    MARITAL_UNKNOWN,
    MARITAL_SINGLE,
    MARITAL_MARRIED,
    MARITAL_UNRECORDED,
    MARITAL_DIVORCED,
    MARITAL_WIDOWED,
};
/* DTSEN's number or a name; BPJS's numbers mean other things (domain 4.1). MARITAL_UNKNOWN if it is neither. */
enum marital marital_read (const char *text);

/* Repairs that lose nothing (an apostrophe, ".0", spaces) are not told of: a file has them in every row. */
struct csv_value {
    bool present;   /* false: the cell was empty */
    int64_t number; /* NIK, KK, RT, enum sex, enum relation, enum marital, 0/1, integer, decile (0 not ranked) */
    int32_t date;   /* CSV_DATE, days since 1970 */
    struct date_doubt doubt;
    const char *text; /* the cell, borrowed */
};

/* NULL if the cell is fine (or empty), else the reason's stable code: "nik.masked", "date.format", "sex.unknown". */
const char *csv_value_read (const char *cell, enum csv_kind kind, enum date_order order, struct csv_value *ret);
/* The same for column i of a row: a CSV_FILLED column that is empty is "csv.empty". */
const char *csv_row_value (const struct csv_schema *schema, const struct csv_row *row, size_t column,
                           struct csv_value *ret);
const char *csv_value_text (const char *code); /* Bahasa Indonesia for any such code, and those of csv_push */

enum { CSV_FILE_TEXT = 320 };
/* Why csv_push or csv_finish refused the file, Bahasa Indonesia with what the header lacks; csv.other_kind in
 * English as well. */
const char *csv_file_text (const struct err *err, char buffer[static CSV_FILE_TEXT]);
