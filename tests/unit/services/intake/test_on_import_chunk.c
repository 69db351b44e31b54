/* Chunks of an import as decisions: what reading found is read here from CSV text. */
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

static enum rc
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

static struct pushing
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
static void
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
static void
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
static void
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
static const struct import *
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
static size_t
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
static const struct import *
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

static const struct application *
application_of (struct harness *harness, const char *row)
{
    struct pushing pushing = read_rows (harness, row);
    struct uuid id;
    successor_take (harness, &pushing.rows[0]);
    uuid_from (pushing.rows[0].application_id, &id);
    return harness_find (harness, &application_table, id);
}

static const char *
problem_of (struct harness *harness, char import, int64_t line)
{
    const struct import_problem *problem =
        harness_find (harness, &import_problem_table, import_problem_id (harness_id (import), line, 1000));
    return problem ? problem->code : "";
}

/* An officer gives somebody of an imported family another number. */
static void
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

static void
a_family_becomes_one_application (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    const struct import *import = push (harness, 'i', MOTHER BABY FATHER);
    assert_int_equal (import->created, 3);
    assert_int_equal (harness_events (harness), 2); /* entered, finished */
    const Padan__Intake__V1__ApplicationEntered *event =
        harness_event (harness, 0, &padan__intake__v1__application_entered__descriptor);
    assert_int_equal (event->dossier->n_members, 3);
    assert_string_equal (event->source, "import");
    assert_string_equal (event->dossier->address->street, "Jl. A"); /* the head's, though it came last */
    assert_string_equal (event->dossier->members[1]->mother_nik, MOTHER_NIK);
    assert_int_equal (event->dossier->members[0]->relation, PADAN__COMMON__V1__RELATION__RELATION_WIFE);
    harness_event (harness, 1, &padan__intake__v1__import_finished__descriptor);
}

static void
again_in_another_order_nothing_is_touched (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER BABY FATHER);
    const struct import *import = push (harness, 'j', FATHER MOTHER BABY);
    assert_int_equal (import->unchanged, 3);
    assert_int_equal (harness_events (harness), 1);
    assert_int_equal (application_of (harness, FATHER)->version, 1);
}

static void
a_changed_row_corrects_its_member (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER MOTHER);
    const struct import *import = push (
        harness, 'j', FATHER "1272010101150004,1272015203850002,,SITI,2,12/03/1985,P,2,Jl. B,12.72.01.1003,baru,099\n");
    assert_int_equal (import->changed, 1);
    assert_int_equal (import->unchanged, 1);
    const Padan__Intake__V1__ApplicationCorrected *event =
        harness_event (harness, 0, &padan__intake__v1__application_corrected__descriptor);
    assert_int_equal (event->n_changed_member_id, 1);
    assert_string_equal (event->dossier->members[1]->phone, "099");
}

static void
the_first_of_two_rows_counts_in_any_order (void **state)
{
    static const char other[] = "1272010101150004,1272011201800001,,BUDI,1,12/01/1980,L,2,Jl. A,12.72.01.1003,baru,0\n";
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    char both[1024];
    snprintf (both, sizeof both, "%s%s", FATHER, other);
    const struct import *import = push (harness, 'i', both);
    assert_int_equal (import->created, 1);
    assert_int_equal (import->refused, 1);
    assert_string_equal (problem_of (harness, 'i', 3), "import.double");
    snprintf (both, sizeof both, "%s%s", other, FATHER);
    import = push (harness, 'j', both);
    assert_int_equal (import->unchanged, 1);
    assert_int_equal (import->refused, 1);
    assert_string_equal (application_of (harness, FATHER)->members[0].phone, "081");
}

#define FATHER_AT(PHONE) "1272010101150004,1272011201800001,,BUDI,1,12/01/1980,L,2,Jl. A,12.72.01.1003,baru," PHONE "\n"

/* The second row came in a later push only: it won, told nobody, and the next push of the same file changed it back. */
static void
a_second_row_in_a_later_push_is_double (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER_AT ("081"));
    for (const char *name = "jk"; *name; name++) {
        const struct import *import = push (harness, *name, FATHER_AT ("081") FATHER_AT ("082"));
        assert_int_equal (import->unchanged, 1);
        assert_int_equal (import->refused, 1);
        assert_string_equal (problem_of (harness, *name, 3), "import.double");
        assert_string_equal (application_of (harness, FATHER)->members[0].phone, "081");
    }
}

static void
three_rows_of_a_person_count_in_any_order (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER_AT ("081") FATHER_AT ("082") FATHER_AT ("083"));
    const struct import *import = push (harness, 'j', FATHER_AT ("083") FATHER_AT ("082") FATHER_AT ("081"));
    assert_int_equal (import->unchanged, 1);
    assert_int_equal (import->refused, 2);
    assert_int_equal (application_of (harness, FATHER)->version, 1);
}

/* The office has deleted the wrong one of two rows: the one that is left was refused for ever. */
static void
the_row_that_is_left_of_a_double_counts (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER_AT ("081") FATHER_AT ("082"));
    const struct import *import = push (harness, 'j', FATHER_AT ("082"));
    assert_int_equal (import->changed, 1);
    assert_int_equal (import->refused, 0);
    assert_string_equal (application_of (harness, FATHER)->members[0].phone, "082");
    import = push (harness, 'k', FATHER_AT ("082"));
    assert_int_equal (import->unchanged, 1);
}

/* Of those that were put off the first one counts, if none of them is the one that was known. */
static void
the_first_of_the_rows_that_are_left_counts (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER_AT ("081") FATHER_AT ("082"));
    const struct import *import = push (harness, 'j', FATHER_AT ("083") FATHER_AT ("082"));
    assert_int_equal (import->changed, 1);
    assert_int_equal (import->refused, 1);
    assert_string_equal (problem_of (harness, 'j', 3), "import.double");
    assert_string_equal (application_of (harness, FATHER)->members[0].phone, "083");
}

/* A file that breaks off decides nothing about what waited for its end. */
static void
what_waits_is_refused_when_the_file_breaks_off (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER_AT ("081") FATHER_AT ("082"));
    struct pushing pushing = read_rows (harness, FATHER_AT ("082"));
    struct import *import = harness_row (harness, &import_table, harness_id ('j'));
    import->state = import->kind = import->source = import->period = import->layout = "";
    Padan__Intake__V1__ImportRow *rows[] = { &pushing.rows[0] };
    Padan__Intake__V1__ImportChunk chunk = PADAN__INTAKE__V1__IMPORT_CHUNK__INIT;
    chunk.rows = rows;
    chunk.n_rows = chunk.read = 1;
    chunk.finished = chunk.failed = true;
    harness_due (harness, harness_id ('j'), 0, &chunk)->facts = (void *)siantar ();
    assert_rc (harness_run (harness, on_import_chunk, on_import_chunk_keys), RC_OK);
    assert_string_equal (import->state, "failed");
    assert_int_equal (import->refused, 1);
    assert_int_equal (import->put_off, 0);
    assert_string_equal (application_of (harness, FATHER)->members[0].phone, "081");
}

#define MOTHER_IS(RELATION)                                                                                            \
    "1272010101150004,1272015203850002,,SITI," RELATION ",12/03/1985,P,2,Jl. B,12.72.01.1003,baru,081\n"
#define FATHER_IS(RELATION)                                                                                            \
    "1272010101150004,1272011201800001,,BUDI," RELATION ",12/01/1980,L,2,Jl. A,12.72.01.1003,baru,081\n"

static int32_t
relation_of (struct harness *harness, size_t member)
{
    return application_of (harness, FATHER)->members[member].relation;
}

/* Her row comes before the one by which he is head no longer. */
static void
heads_change_in_any_order (void **state)
{
    static const char *const orders[] = { MOTHER_IS ("1") FATHER_IS ("3"), FATHER_IS ("3") MOTHER_IS ("1") };
    for (size_t i = 0; i < 2; i++) {
        HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
        push (harness, 'i', FATHER MOTHER);
        const struct import *import = push (harness, 'j', orders[i]);
        assert_int_equal (import->changed, 2);
        assert_int_equal (import->refused, 0);
        assert_int_equal (relation_of (harness, 0), PADAN__COMMON__V1__RELATION__RELATION_CHILD);
        assert_int_equal (relation_of (harness, 1), PADAN__COMMON__V1__RELATION__RELATION_HEAD);
    }
}

static void
two_heads_in_a_file_are_told (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER MOTHER);
    for (const char *name = "jk"; *name; name++) {
        const struct import *import = push (harness, *name, MOTHER_IS ("1") FATHER);
        assert_int_equal (import->refused, 1);
        assert_string_equal (problem_of (harness, *name, 2), "intake.two_heads");
        assert_int_equal (relation_of (harness, 0), PADAN__COMMON__V1__RELATION__RELATION_HEAD);
    }
}

/* The head is in the file no more; when he comes back, he and she cannot both be it. */
static void
a_head_that_is_gone_gives_way (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER MOTHER);
    const struct import *import = push (harness, 'j', MOTHER_IS ("1"));
    assert_int_equal (import->changed, 1);
    const Padan__Intake__V1__ApplicationCorrected *event =
        harness_event (harness, 0, &padan__intake__v1__application_corrected__descriptor);
    assert_int_equal (event->n_changed_member_id, 2);
    assert_int_equal (relation_of (harness, 0), PADAN__COMMON__V1__RELATION__RELATION_OTHER);
    assert_int_equal (relation_of (harness, 1), PADAN__COMMON__V1__RELATION__RELATION_HEAD);
    import = push (harness, 'k', FATHER MOTHER_IS ("1"));
    assert_int_equal (import->refused, 1);
    assert_string_equal (problem_of (harness, 'k', 2), "intake.two_heads");
}

/* An officer's head is no row's to replace. */
static void
a_head_an_officer_named_stays (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER);
    struct application *application = (struct application *)application_of (harness, MOTHER);
    struct member *member = harness_child (harness, &application_table, application, APPLICATION_MEMBERS);
    member->member_id = harness_id ('m');
    member->relation = PADAN__COMMON__V1__RELATION__RELATION_HEAD;
    member->name = member->birth_place = member->phone = "";
    push (harness, 'j', MOTHER_IS ("1"));
    assert_string_equal (problem_of (harness, 'j', 2), "intake.two_heads");
}

#define BABY_NIK(MOTHER, NAME, NIK)                                                                                    \
    "1272010101150004," NIK "," MOTHER "," NAME ",3,02/11/2026,P,1,Jl. B,12.72.01.1003,baru,081\n"
#define NIK_A "1272014211260007"
#define NIK_B "1272014211260008"

/* Who is in the family, by name, in order: "SITI,DOLI". */
static const char *
names_of (struct harness *harness, const char *row)
{
    const struct application *application = application_of (harness, row);
    char *text = arena_string (harness->arena, "");
    for (size_t i = 0; i < application->n_members; i++)
        if (!application->members[i].removed)
            text = arena_printf (harness->arena, "%s%s%s", text, *text ? "," : "", application->members[i].name);
    return text;
}

/* Named anew by a NIK or a name spelt right, the same child entered the family a second time. */
static void
a_newborn_that_gets_a_number_is_the_same (void **state)
{
    static const char *const rows[] = { BABY_NIK ("1272015203850002", "ROSA", NIK_A), BABY_NIK ("", "ROSA", NIK_A) };
    for (size_t i = 0; i < 2; i++) {
        HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
        char text[1024];
        push (harness, 'i', MOTHER BABY);
        struct uuid baby = application_of (harness, MOTHER)->members[1].member_id;
        snprintf (text, sizeof text, "%s%s", rows[i], MOTHER);
        for (const char *name = "jk"; *name; name++) {
            const struct import *import = push (harness, *name, text);
            assert_int_equal (import->changed, *name == 'j');
            assert_int_equal (import->unchanged, *name == 'j' ? 1 : 2);
            assert_string_equal (names_of (harness, MOTHER), "SITI,ROSA");
            const struct member *member = &application_of (harness, MOTHER)->members[1];
            assert_int_equal (member->nik, 1272014211260007);
            assert_int_equal (member->mother_nik, 0);
            assert_int_equal (uuid_compare (member->member_id, baby), 0);
            assert_non_null (claim_of (harness, 1272014211260007));
        }
    }
}

static void
a_newborn_of_another_spelling_is_the_same (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER BABY_CALLED ("DOLI"));
    push (harness, 'j', MOTHER BABY_CALLED ("ROSA"));
    assert_string_equal (names_of (harness, MOTHER), "SITI,ROSA");
    const struct import *import = push (harness, 'k', MOTHER BABY_CALLED ("DOLI"));
    assert_int_equal (import->changed, 1);
    assert_string_equal (names_of (harness, MOTHER), "SITI,DOLI");
    import = push (harness, 'l', MOTHER BABY_CALLED ("DOLI"));
    assert_int_equal (import->unchanged, 2);
}

/* Both names in one file: the child that was known is there, so the other one is another child. */
static void
twins_are_two (void **state)
{
    static const char *const orders[] = { BABY_CALLED ("DOLI") BABY_CALLED ("DUMA"),
                                          BABY_CALLED ("DUMA") BABY_CALLED ("DOLI") };
    for (size_t i = 0; i < 2; i++) {
        HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
        push (harness, 'i', BABY_CALLED ("DOLI"));
        const struct import *import = push (harness, 'j', orders[i]);
        assert_int_equal (import->created, 1);
        assert_int_equal (import->unchanged, 1);
        assert_string_equal (names_of (harness, MOTHER), "DOLI,DUMA");
    }
}

static void
twins_that_get_numbers_are_known_by_name (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', BABY_CALLED ("DOLI") BABY_CALLED ("DUMA"));
    const struct import *import =
        push (harness, 'j', BABY_NIK ("", "DUMA SARI", NIK_B) BABY_NIK ("1272015203850002", "DOLI SARI", NIK_A));
    assert_int_equal (import->changed, 2);
    assert_string_equal (names_of (harness, MOTHER), "DOLI SARI,DUMA SARI");
    assert_int_equal (application_of (harness, MOTHER)->members[0].nik, 1272014211260007);
}

#define BABY_MOVED "1272010101150005," NIK_A ",1272015203850002,ROSA,3,02/11/2026,P,1,Jl. B,12.72.01.1003,baru,081\n"

/* Registered at last, into another KK. */
static void
a_newborn_may_get_a_number_and_move (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER BABY);
    const struct import *import = push (harness, 'j', MOTHER BABY_MOVED);
    assert_int_equal (import->changed, 1);
    assert_string_equal (names_of (harness, MOTHER), "SITI");
    assert_string_equal (names_of (harness, BABY_MOVED), "ROSA");
}

/* The number was entered at the counter first: the row that brings it is about the same child. */
static void
a_number_that_an_officer_knew_first_is_nobody_new (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER BABY);
    officer_numbers (harness, MOTHER, 1, 1272014211260007);
    const struct import *import = push (harness, 'j', MOTHER BABY_NIK ("", "ROSA", NIK_A));
    assert_int_equal (import->changed, 1);
    assert_string_equal (names_of (harness, MOTHER), "SITI,ROSA");
    import = push (harness, 'k', MOTHER BABY_NIK ("", "ROSA", NIK_A));
    assert_int_equal (import->unchanged, 2);
}

/* Whom an officer has added to an imported family comes with a later file. */
static void
whom_an_officer_added_is_nobody_new (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER);
    struct application *application = (struct application *)application_of (harness, MOTHER);
    struct member *member = harness_child (harness, &application_table, application, APPLICATION_MEMBERS);
    member->member_id = harness_id ('m');
    member->name = member->birth_place = member->phone = "";
    officer_numbers (harness, MOTHER, 1, 1272011201800001);
    const struct import *import = push (harness, 'j', MOTHER FATHER);
    assert_int_equal (import->changed, 1);
    assert_string_equal (names_of (harness, MOTHER), "SITI,BUDI");
    assert_int_equal (uuid_compare (application_of (harness, MOTHER)->members[1].member_id, harness_id ('m')), 0);
}

static void
a_newborn_officers_removed_stays_out (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER BABY);
    ((struct application *)application_of (harness, MOTHER))->members[1].removed = true;
    push (harness, 'j', MOTHER BABY_NIK ("", "ROSA", NIK_A));
    assert_string_equal (problem_of (harness, 'j', 3), "import.removed");
    assert_string_equal (names_of (harness, MOTHER), "SITI");
}

static void
a_person_moves_to_another_family (void **state)
{
    static const char moved[] =
        "1272010101150005,1272015203850002,,SITI,1,12/03/1985,P,4,Jl. C,12.72.01.1003,baru,081\n";
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER MOTHER);
    const struct import *import = push (harness, 'j', moved);
    assert_int_equal (import->changed, 1);
    assert_int_equal (harness_events (harness), 3); /* entered there, corrected here, finished */
    const struct application *left = application_of (harness, FATHER), *entered = application_of (harness, moved);
    assert_true (left->members[1].removed);
    assert_int_equal (entered->n_members, 1);
    assert_int_equal (uuid_compare (claim_of (harness, 1272015203850002)->application_id, entered->id), 0);
}

#define FATHER_IN(KK) KK ",1272011201800001,,BUDI,1,12/01/1980,L,2,Jl. A,12.72.01.1003,baru,081\n"
#define MOTHER_IN(KK) KK ",1272015203850002,,SITI,2,12/03/1985,P,2,Jl. B,12.72.01.1003,baru,081\n"
#define KK_A          "1272010101150004"
#define KK_B          "1272010101150005"

/* An application that everybody had left could neither be sent nor would it ever end. */
static void
a_family_that_moved_leaves_no_application_behind (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER_IN (KK_A) MOTHER_IN (KK_A));
    const struct application *left = application_of (harness, FATHER_IN (KK_A));
    push (harness, 'j', FATHER_IN (KK_B) MOTHER_IN (KK_B));
    assert_int_equal (harness_events (harness), 4);
    harness_event (harness, 0, &padan__intake__v1__application_entered__descriptor);
    const Padan__Intake__V1__ApplicationCorrected *corrected =
        harness_event (harness, 1, &padan__intake__v1__application_corrected__descriptor);
    assert_int_equal (corrected->dossier->n_members, 0);
    harness_event (harness, 2, &padan__intake__v1__application_withdrawn__descriptor);
    assert_int_equal (harness_event_version (harness, 2), 3);
    assert_string_equal (left->state, "withdrawn");
    assert_string_equal (left->held_by, "");
    assert_int_equal (application_of (harness, FATHER_IN (KK_B))->n_members, 2);
}

/* The KK was right before: its application has ended, so that another one takes over, and again. */
static void
a_family_may_move_back (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER_IN (KK_A) MOTHER_IN (KK_A));
    for (const char *name = "jklm"; *name; name++) {
        bool back = (*name - 'j') % 2 != 0;
        const struct import *import =
            push (harness, *name, back ? FATHER_IN (KK_A) MOTHER_IN (KK_A) : FATHER_IN (KK_B) MOTHER_IN (KK_B));
        assert_int_equal (import->changed, 2);
    }
    const struct application *application = application_of (harness, FATHER_IN (KK_A));
    assert_string_equal (application->state, "entered");
    assert_int_equal (application->n_members, 2);
    assert_int_equal (uuid_compare (claim_of (harness, 1272011201800001)->application_id, application->id), 0);
    const struct import *import = push (harness, 'n', MOTHER_IN (KK_A) FATHER_IN (KK_A));
    assert_int_equal (import->unchanged, 2);
}

/* Two families change places: neither is ever empty when the chunk ends. */
static void
families_may_change_places (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER_IN (KK_A) MOTHER_IN (KK_B));
    push (harness, 'j', FATHER_IN (KK_B) MOTHER_IN (KK_A));
    assert_int_equal (harness_events (harness), 3);
    assert_string_equal (application_of (harness, FATHER_IN (KK_A))->state, "entered");
    assert_string_equal (application_of (harness, FATHER_IN (KK_B))->state, "entered");
}

static const struct uuid nobody;

/* A newborn has got a number at the counter; the source does not know it and corrects something else. */
static void
a_number_an_officer_gave_stays (void **state)
{
    static const char called[] =
        "1272010101150004,,1272015203850002,BAYI SITI,3,02/11/2026,P,1,Jl. B,12.72.01.1003,baru,099\n";
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER BABY);
    officer_numbers (harness, MOTHER, 1, 1272014211260007);
    const struct import *import = push (harness, 'j', called);
    assert_int_equal (import->changed, 1);
    const struct application *application = application_of (harness, MOTHER);
    assert_string_equal (application->members[1].phone, "099");
    assert_int_equal (application->members[1].nik, 1272014211260007);
    assert_int_equal (application->members[1].mother_nik, 0);
    assert_int_equal (application->members[1].conditions, 0);
    assert_int_equal (uuid_compare (claim_of (harness, 1272014211260007)->application_id, application->id), 0);
}

static void
a_number_an_officer_gave_moves_with_its_person (void **state)
{
    static const char moved[] =
        "1272010101150005,,1272015203850002,BAYI SITI,3,02/11/2026,P,1,Jl. B,12.72.01.1003,baru,081\n";
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER BABY);
    officer_numbers (harness, MOTHER, 1, 1272014211260007);
    const struct import *import = push (harness, 'j', moved);
    assert_int_equal (import->changed, 1);
    const struct application *entered = application_of (harness, moved);
    assert_true (application_of (harness, MOTHER)->members[1].removed);
    assert_int_equal (entered->members[0].nik, 1272014211260007);
    assert_int_equal (uuid_compare (claim_of (harness, 1272014211260007)->application_id, entered->id), 0);
}

/* The source's number comes back with what else it changed: the officer's is free again. */
static void
a_number_the_row_replaces_is_free (void **state)
{
    static const char called[] =
        "1272010101150004,1272015203850002,,SITI,2,12/03/1985,P,2,Jl. B,12.72.01.1003,baru,099\n";
    static const char moved[] =
        "1272010101150005,1272015203850002,,SITI,1,12/03/1985,P,4,Jl. C,12.72.01.1003,baru,081\n";
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER MOTHER);
    officer_numbers (harness, FATHER, 1, 1272015203850009);
    push (harness, 'j', called);
    const struct application *application = application_of (harness, FATHER);
    assert_int_equal (application->members[1].nik, 1272015203850002);
    assert_int_equal (uuid_compare (claim_of (harness, 1272015203850009)->application_id, nobody), 0);
    assert_int_equal (uuid_compare (claim_of (harness, 1272015203850002)->application_id, application->id), 0);
    officer_numbers (harness, FATHER, 1, 1272015203850009);
    push (harness, 'k', moved);
    assert_int_equal (uuid_compare (claim_of (harness, 1272015203850009)->application_id, nobody), 0);
    assert_int_equal (
        uuid_compare (claim_of (harness, 1272015203850002)->application_id, application_of (harness, moved)->id), 0);
}

/* Somebody else has taken the row's number meanwhile: whoever is refused stays where they are. */
static void
who_may_not_enter_does_not_leave (void **state)
{
    static const char moved[] =
        "1272010101150005,1272011201800001,,BUDI,1,12/01/1980,L,2,Jl. A,12.72.01.1003,baru,081\n";
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    push (harness, 'i', FATHER);
    officer_numbers (harness, FATHER, 0, 1272011201800009);
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    const struct import *import = push (harness, 'j', moved);
    assert_int_equal (import->refused, 1);
    assert_string_equal (problem_of (harness, 'j', 2), "intake.claimed");
    assert_false (application_of (harness, FATHER)->members[0].removed);
    assert_null (application_of (harness, moved));
}

static void
what_intake_no_longer_holds_stays (void **state)
{
    static const char changed[] =
        "1272010101150004,1272011201800001,,BUDI,1,12/01/1980,L,2,Jl. Z,12.72.01.1003,baru,081\n";
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER);
    struct application *row = (struct application *)application_of (harness, FATHER);
    row->state = "sent";
    row->held_by = "approval";
    const struct import *import = push (harness, 'j', changed);
    assert_int_equal (import->refused, 1);
    assert_string_equal (problem_of (harness, 'j', 2), "import.held_elsewhere");
    const struct import_problem *problem =
        harness_find (harness, &import_problem_table, import_problem_id (harness_id ('j'), 2, 1000));
    assert_string_equal (problem->detail, "Sudah dikirim sehingga tidak dapat diubah. Sekarang permohonannya di dinas, "
                                          "menunggu persetujuan.");
    row->state = "entered";
    row->members[0].removed = true;
    push (harness, 'k', changed);
    assert_string_equal (problem_of (harness, 'k', 2), "import.removed");
}

static void
who_is_at_the_counter_is_not_imported (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    const struct import *import = push (harness, 'i', FATHER);
    assert_int_equal (import->refused, 1);
    assert_string_equal (problem_of (harness, 'i', 2), "intake.claimed");
    assert_null (application_of (harness, FATHER));
}

static void
a_late_result_is_dropped (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER);
    assert_rc (harness_run (harness, on_import_chunk, on_import_chunk_keys), RC_OK);
    assert_int_equal (harness_events (harness), 0);
    assert_int_equal (((const struct import *)harness_find (harness, &import_table, harness_id ('i')))->created, 1);
}

static void
bad_cells_are_named (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct pushing pushing =
        read_rows (harness, "1272010101150004,1272011201800001,,BUDI,1,12/01/2080,L,2,Jl. A,12.08.01.1003,lain,081\n");
    assert_int_equal (pushing.refused, 1);
    assert_string_equal (pushing.problems[0].code, "intake.track");
    assert_string_equal (pushing.problems[1].code, "intake.village");
    assert_string_equal (pushing.problems[1].column, "kode_kelurahan");
    assert_string_equal (pushing.problems[2].code, "intake.birth_date");
    pushing = read_rows (harness, "1272010101150004,,,BAYI,3,02/11/2026,P,1,Jl. B,12.72.01.1003,baru,081\n");
    assert_string_equal (pushing.problems[0].code, "intake.nik_missing");
    pushing =
        read_rows (harness, "1272010101150004,,1272015203850002,ANAK,3,02/11/2024,P,1,Jl. B,12.72.01.1003,baru,081\n");
    assert_string_equal (pushing.problems[0].code, "intake.newborn_old");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_family_becomes_one_application),
        cmocka_unit_test (again_in_another_order_nothing_is_touched),
        cmocka_unit_test (a_changed_row_corrects_its_member),
        cmocka_unit_test (the_first_of_two_rows_counts_in_any_order),
        cmocka_unit_test (a_second_row_in_a_later_push_is_double),
        cmocka_unit_test (three_rows_of_a_person_count_in_any_order),
        cmocka_unit_test (the_row_that_is_left_of_a_double_counts),
        cmocka_unit_test (the_first_of_the_rows_that_are_left_counts),
        cmocka_unit_test (what_waits_is_refused_when_the_file_breaks_off),
        cmocka_unit_test (heads_change_in_any_order),
        cmocka_unit_test (two_heads_in_a_file_are_told),
        cmocka_unit_test (a_head_that_is_gone_gives_way),
        cmocka_unit_test (a_head_an_officer_named_stays),
        cmocka_unit_test (a_newborn_that_gets_a_number_is_the_same),
        cmocka_unit_test (a_newborn_of_another_spelling_is_the_same),
        cmocka_unit_test (twins_are_two),
        cmocka_unit_test (twins_that_get_numbers_are_known_by_name),
        cmocka_unit_test (a_newborn_may_get_a_number_and_move),
        cmocka_unit_test (a_number_that_an_officer_knew_first_is_nobody_new),
        cmocka_unit_test (whom_an_officer_added_is_nobody_new),
        cmocka_unit_test (a_newborn_officers_removed_stays_out),
        cmocka_unit_test (a_person_moves_to_another_family),
        cmocka_unit_test (a_family_that_moved_leaves_no_application_behind),
        cmocka_unit_test (a_family_may_move_back),
        cmocka_unit_test (families_may_change_places),
        cmocka_unit_test (a_number_an_officer_gave_stays),
        cmocka_unit_test (a_number_an_officer_gave_moves_with_its_person),
        cmocka_unit_test (a_number_the_row_replaces_is_free),
        cmocka_unit_test (who_may_not_enter_does_not_leave),
        cmocka_unit_test (what_intake_no_longer_holds_stays),
        cmocka_unit_test (who_is_at_the_counter_is_not_imported),
        cmocka_unit_test (a_late_result_is_dropped),
        cmocka_unit_test (bad_cells_are_named),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
