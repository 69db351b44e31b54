/* The file BPJS gets: which columns, in which words, from which part of a dossier. A table with a version of its own;
 * another edition of the form is another table. */
#pragma once

#include "common/base/text.h"
#include "services/batching/batch_store.h"

/* What a column is filled with. */
enum batch_field {
    FIELD_EMPTY,
    FIELD_FIXED, /* the column's own text */
    FIELD_LINE,
    FIELD_KK,
    FIELD_NIK,
    FIELD_NAME,
    FIELD_RELATION,
    FIELD_BIRTH_PLACE,
    FIELD_BIRTH_DATE,
    FIELD_SEX,
    FIELD_MARITAL,
    FIELD_STREET,
    FIELD_RT,
    FIELD_RW,
    FIELD_POSTAL_CODE,
    FIELD_KECAMATAN_CODE,
    FIELD_VILLAGE_CODE,
    FIELD_VILLAGE_NAME,
    FIELD_PHONE,
    FIELD_END,
};
struct batch_column {
    const char *title;
    enum batch_field field;
    const char *fixed;
};
struct batch_form {
    const char *version; /* in the manifest */
    char delimiter;
    char date_order;           /* 'd': dd/mm/yyyy, 'm': mm/dd/yyyy */
    const char *relations[12]; /* by Padan__Common__V1__Relation */
    const char *sexes[3];      /* by …__Sex */
    const char *maritals[5];   /* by …__Marital */
    const struct batch_column *columns;
    size_t n_columns;
};
/* "FORM 34 KOLOM" (domain 4.1), relation in PISA coding. */
extern const struct batch_form batch_form_34;

enum {
    BATCH_ROW_MAX = 64 * 1024,     /* bytes of one line: 34 cells of a dossier's texts */
    BATCH_NEWBORNS_MAX = 64 << 20, /* bytes of the manifest's list: a million of them */
};

/* Adds a line with CRLF; every cell is quoted where needed and harmless to a spreadsheet. */
void batch_file_titles (const struct batch_form *form, struct text_buffer *out);
void batch_file_row (const struct batch_form *form, int32_t line, const Padan__Common__V1__Dossier *dossier,
                     const Padan__Common__V1__Member *member, struct text_buffer *out);

/* What the form has no column for: whose child is on a line without a NIK (ADR 5). One more of the manifest's list. */
void batch_newborn_add (int32_t line, const char *mother_nik, struct text_buffer *out);

/* <batch>.manifest.json: what the file is, so that whoever gets it can hold it against this. */
struct batch_manifest {
    const struct batch_row *batch;
    const char *tenant_code; /* "12.72" */
    const char *form;
    const uint8_t *sha256;
    uint64_t size;
    int32_t rows;
    const struct text_buffer *newborns; /* made by batch_newborn_add */
};
void batch_manifest_write (const struct batch_manifest *manifest, struct text_buffer *out);
