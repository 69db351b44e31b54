/* Pushes a file of proposals through the decision on its chunks: what reading and due_import.c find is found here, in
 * CSV text and the harness. */
#pragma once

#include <stdio.h>

#include "common/domain/nik.h"
#include "services/intake/importing.h"
#include "services/intake/proposal.h"
#include "tests/unit/services/intake/fixture.h"

enum { ROWS = 16 };

struct pushing {
    struct harness *harness;
    struct proposal_scope scope;
    Padan__Intake__V1__ImportRow rows[ROWS], *pointers[ROWS];
    size_t n, refused;
    struct proposal_problem problems[PROPOSAL_PROBLEMS];
    size_t n_problems; /* of the last row */
};

static inline enum rc
on_row (void *context, const struct csv_row *row, struct err *err)
{
    struct pushing *pushing = context;
    assert_true (pushing->n < ROWS);
    if (proposal_read (&pushing->scope, row, pushing->harness->arena, &pushing->rows[pushing->n], pushing->problems,
                       &pushing->n_problems))
        pushing->n++;
    else
        pushing->refused++;
    return RC_OK;
}

#define HEADER                                                                                                         \
    "no_kk,nik,nik_ibu,nama,hubungan,tanggal_lahir,jenis_kelamin,status_kawin,alamat,kode_kelurahan,jalur,no_telp\n"
#define FATHER            "1272010101150004,1272011201800001,,BUDI,1,12/01/1980,L,2,Jl. A,12.72.01.1003,baru,081\n"
#define MOTHER            "1272010101150004,1272015203850002,,SITI,2,12/03/1985,P,2,Jl. B,12.72.01.1003,baru,081\n"
#define BABY_CALLED(NAME) "1272010101150004,,1272015203850002," NAME ",3,02/11/2026,P,1,Jl. B,12.72.01.1003,baru,081\n"
#define BABY              "1272010101150004,,1272015203850002,BAYI SITI,3,02/11/2026,P,1,Jl. B,12.72.01.1003,baru,081\n"

static inline struct pushing
read_rows (struct harness *harness, const char *rows)
{
    struct pushing pushing = { .harness = harness };
    struct err err;
    pushing.scope = (struct proposal_scope){ HARNESS_TENANT, "uji", "2026-11", siantar (),
                                             calendar_day (&siantar ()->calendar, HARNESS_NOW) };
    struct csv_reader *reader = csv_reader_new (&csv_usulan, ROWS, on_row, NULL, &pushing);
    assert_int_equal (csv_push (reader, HEADER, sizeof HEADER - 1, &err), RC_OK);
    assert_int_equal (csv_push (reader, rows, strlen (rows), &err), RC_OK);
    assert_int_equal (csv_finish (reader, &err), RC_OK);
    csv_reader_destroy (&reader);
    return pushing;
}

/* What due_import.c finds of a person pushed before. */
static inline void
place_take (struct harness *harness, const struct import_row *known, Padan__Intake__V1__ImportRow *row)
{
    if (memcmp (&known->application_id, row->application_id.data, sizeof known->application_id) != 0)
        row->before_application_id = uuid_field (&known->application_id);
    const struct application *there = harness_find (harness, &application_table, known->application_id);
    for (size_t i = 0; i < there->n_members; i++) {
        const struct member *member = &there->members[i];
        if (uuid_compare (member->member_id, known->member_id) != 0 || !member->nik)
            continue;
        row->before_nik = arena_alloc (harness->arena, NIK_TEXT);
        nik_format (member->nik, row->before_nik);
    }
}

/* Of a KK that everybody had left. */
static inline void
successor_take (struct harness *harness, Padan__Intake__V1__ImportRow *row)
{
    for (;;) {
        struct uuid *id = arena_copy (harness->arena, row->application_id.data, sizeof *id);
        const struct application *there = harness_find (harness, &application_table, *id);
        if (!there || !family_is_emptied (there))
            return;
        *id = import_successor (*id);
        row->application_id = uuid_field (id);
    }
}

/* What it finds of a row's family and of its mother's children: of the rows that tests push. */
static inline void
kin_take (struct harness *harness, Padan__Intake__V1__ImportRow *row)
{
    static const char pushed[] = FATHER MOTHER BABY BABY_CALLED ("DOLI") BABY_CALLED ("DUMA");
    struct pushing all = read_rows (harness, pushed);
    row->kin = arena_array (harness->arena, ROWS, sizeof *row->kin);
    row->n_kin = 0;
    for (size_t i = 0; i < all.n; i++) {
        struct uuid id;
        uuid_from (all.rows[i].row_id, &id);
        const struct import_row *kept = harness_find (harness, &import_row_table, id);
        if (!kept || !uuid_is_nil (kept->same_as))
            continue;
        bool family = memcmp (&kept->application_id, row->application_id.data, sizeof id) == 0,
             mother = *row->mother_nik && strcmp (all.rows[i].member->mother_nik, row->mother_nik) == 0;
        if (!family && !mother)
            continue;
        Padan__Intake__V1__ImportKin *kin = arena_alloc (harness->arena, sizeof *kin);
        padan__intake__v1__import_kin__init (kin);
        kin->row_id = uuid_field (&kept->id);
        kin->application_id = uuid_field (&kept->application_id);
        row->kin[row->n_kin++] = kin;
    }
}

/* A step of it: rows of the file, or those it put off. */
static inline const struct import *
step (struct harness *harness, char name, Padan__Intake__V1__ImportRow **rows, size_t n, size_t refused, bool last)
{
    const struct import *import = harness_find (harness, &import_table, harness_id (name));
    Padan__Intake__V1__ImportChunk chunk = PADAN__INTAKE__V1__IMPORT_CHUNK__INIT;
    for (size_t i = 0; i < n; i++) {
        struct uuid row_id;
        successor_take (harness, rows[i]);
        uuid_from (rows[i]->row_id, &row_id);
        const struct import_row *known = harness_find (harness, &import_row_table, row_id);
        if (!known || last)
            kin_take (harness, rows[i]);
        if (known && !uuid_is_nil (known->same_as)) {
            rows[i]->kept_id = uuid_field (&known->same_as);
            known = harness_find (harness, &import_row_table, known->same_as);
        }
        if (known)
            place_take (harness, known, rows[i]);
    }
    chunk.rows = rows;
    chunk.n_rows = n;
    chunk.read = last ? 0 : (int64_t)(n + refused);
    chunk.finished = true;
    chunk.last = last;
    chunk.layout = (char *)"";
    harness_due (harness, harness_id (name), import->version, &chunk)->facts = (void *)siantar ();
    assert_rc (harness_run (harness, on_import_chunk, on_import_chunk_keys), RC_OK);
    return import;
}

/* What waits for the whole file, as due_import.c lists it. */
static inline size_t
later_list (struct harness *harness, char name, Padan__Intake__V1__ImportRow **rows)
{
    size_t n = 0;
    for (int64_t line = 0; line < 2 * ROWS; line++) {
        const struct import_later *later =
            harness_find (harness, &import_later_table, import_later_id (harness_id (name), line));
        if (later && later->packed.data)
            rows[n++] = padan__intake__v1__import_row__unpack (arena_protobuf (harness->arena), later->packed.size,
                                                               later->packed.data);
    }
    return n;
}

/* One import of one chunk, and a second one when that put off rows. */
static inline const struct import *
push (struct harness *harness, char name, const char *rows)
{
    struct pushing pushing = read_rows (harness, rows);
    struct import *import = harness_row (harness, &import_table, harness_id (name));
    import->state = "running";
    import->kind = "proposals";
    import->source = "uji";
    import->period = "2026-11";
    import->layout = "";
    for (size_t i = 0; i < pushing.n; i++)
        pushing.pointers[i] = &pushing.rows[i];
    step (harness, name, pushing.pointers, pushing.n, pushing.refused, false);
    assert_string_equal (import->state, import->put_off ? "running" : "done");
    if (import->put_off) {
        size_t n = later_list (harness, name, pushing.pointers);
        assert_int_equal (n, import->put_off);
        step (harness, name, pushing.pointers, n, 0, true);
    }
    assert_string_equal (import->state, "done");
    assert_int_equal (import->put_off, 0);
    assert_int_equal (import->created + import->changed + import->unchanged + import->refused, import->rows);
    return import;
}

static inline const struct application *
application_of (struct harness *harness, const char *row)
{
    struct pushing pushing = read_rows (harness, row);
    struct uuid id;
    successor_take (harness, &pushing.rows[0]);
    uuid_from (pushing.rows[0].application_id, &id);
    return harness_find (harness, &application_table, id);
}

static inline const char *
problem_of (struct harness *harness, char import, int64_t line)
{
    const struct import_problem *problem =
        harness_find (harness, &import_problem_table, import_problem_id (harness_id (import), line, 1000));
    return problem ? problem->code : "";
}

/* An officer gives somebody of an imported family another number. */
static inline void
officer_numbers (struct harness *harness, const char *row, size_t member, int64_t nik)
{
    struct application *application = (struct application *)application_of (harness, row);
    struct err err;
    struct keys keys = { harness->rows };
    claim_keys (&keys, HARNESS_TENANT, nik);
    claim_release (&harness->unit, HARNESS_TENANT, application->members[member].nik, application->id);
    assert_rc (claim_take (&harness->unit, HARNESS_TENANT, nik, application->id, application->ticket, "", &err), RC_OK);
    application->members[member].nik = nik;
    application->members[member].mother_nik = 0;
    application->members[member].conditions = 0;
}

static const struct uuid nobody;
