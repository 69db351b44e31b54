/* Reading a registry's file chunk by chunk, and what each chunk does to its import. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "services/validation/load_read.h"
#include "services/validation/validation.h"
#include "tests/support/harness.h"
#include "tests/support/test.h"

static struct store *files;
static char root[64];

static int
open_store (void **state)
{
    struct err err;
    snprintf (root, sizeof root, "/tmp/padan-load-XXXXXX");
    assert_non_null (mkdtemp (root));
    assert_int_equal (store_open (root, clock_now (), &files, &err), RC_OK);
    return 0;
}

static int
close_store (void **state)
{
    store_destroy (&files);
    child_run ((const char *const[]){ "rm", "-rf", root, NULL }, 10000);
    return 0;
}

static struct import *
import_of (struct harness *harness, const char *registry, const char *step, const char *content)
{
    struct import *row = harness_row (harness, &import_table, harness_id ('i'));
    uint8_t *digest = arena_alloc (harness->arena, STORE_DIGEST);
    struct err err;
    assert_int_equal (store_put (files, content, strlen (content), digest, &err), RC_OK);
    row->registry = registry;
    row->step = step;
    row->period = "2026-11";
    row->source = row->layout = row->failure = "";
    row->state = "queued";
    row->snapshot = 4;
    row->chunk = 1;
    row->file_sha256 = (struct bytes){ digest, STORE_DIGEST };
    row->file_size = (int64_t)strlen (content);
    return row;
}

static Padan__Validation__V1__LoadResult *
chunk_read (struct harness *harness, const struct import *row)
{
    Padan__Validation__V1__LoadResult *result;
    struct err err;
    if (load_read (files, row, harness->arena, &result, &err) != RC_OK)
        fail_msg ("%s", err.text);
    return result;
}

static void
chunk_decide (struct harness *harness, const struct import *row, const void *result)
{
    harness_due (harness, harness_id ('i'), row->chunk, result);
    assert_rc (harness_run (harness, load_decide, load_keys), RC_OK);
}

/* The step after the last file. */
static void
switch_decide (struct harness *harness, const struct import *row)
{
    Padan__Validation__V1__LoadResult result = PADAN__VALIDATION__V1__LOAD_RESULT__INIT;
    result.file = (char *)"switch";
    result.registry = (char *)row->registry;
    chunk_decide (harness, row, &result);
}

static void
members_are_read_and_bad_rows_told (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct import *row =
        import_of (harness, "membership", "member",
                   "no_kartu,nik,no_kk,nama,segmen,pembayar,status\r\n"
                   "0001234567890,1272010103800001,1272010101150001,A,PEKERJA MANDIRI,MANDIRI,AKTIF\r\n"
                   "0001234567891,1.27201E+15,1272010101150001,B,PEKERJA MANDIRI,MANDIRI,AKTIF\r\n"
                   "0001234567892,1272014203850002,1272010101150001,C,,APBN,AKTIF\r\n"
                   "0001234567893,1272010405120003,1272010101150001,D,PBI JAMINAN KESEHATAN,APBN,NON AKTIF\r\n");
    Padan__Validation__V1__LoadResult *result = chunk_read (harness, row);
    assert_int_equal (result->rows, 4);
    assert_int_equal (result->refused, 2);
    assert_int_equal (result->n_nik, 2);
    assert_true (result->nik[1] == 1272010405120003);
    assert_string_equal (result->status[1], "NON AKTIF");
    assert_int_equal (result->n_problems, 2);
    assert_int_equal (result->problems[0]->line, 3);
    assert_string_equal (result->problems[0]->column, "nik");
    assert_string_equal (result->problems[0]->code, "nik.scientific");
    assert_true (strlen (result->problems[0]->detail) > 10);
    assert_string_equal (result->problems[1]->column, "segmen");
    assert_false (result->problems[0]->warning || result->problems[1]->warning);
    assert_true (result->file_end);
    chunk_decide (harness, row, result);
    assert_int_equal (row->n_added, 2);
    assert_true (row->added[0].version == 4);
    assert_int_equal (row->n_found, 2);
    assert_string_equal (row->step, "switch");
    assert_int_equal (row->chunk, 2);
    assert_int_equal (harness_due_of (harness, "load")->input_version, 2);
}

/* The active membership must not vanish behind the inactive one because a spreadsheet damaged both numbers. */
static void
damaged_card_numbers_merge_no_memberships (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct import *row = import_of (harness, "membership", "member",
                                    "no_kartu,nik,nama,segmen,pembayar,status\r\n"
                                    "1234567890,1272010103800001,A,PEKERJA MANDIRI,MANDIRI,NON AKTIF\r\n"
                                    "'0001234567890,1272010103800001,A,PEKERJA MANDIRI,MANDIRI,NON AKTIF\r\n"
                                    "1.23457E+09,1272010103800001,A,PBI JAMINAN KESEHATAN,APBN,AKTIF\r\n"
                                    ",1272010103800001,A,PBPU,MANDIRI,NON AKTIF\r\n");
    Padan__Validation__V1__LoadResult *result = chunk_read (harness, row);
    assert_int_equal (result->n_nik, 4);
    assert_string_equal (result->card[0], "0001234567890");
    assert_string_equal (result->card[1], "0001234567890");
    assert_string_equal (result->card[2], "baris 4");
    assert_string_equal (result->card[3], "baris 5");
    assert_string_equal (result->problems[0]->code, "card.format");
    assert_true (result->problems[0]->warning);
}

static void
chunks_go_on_where_the_last_ended (void **state)
{
    enum { ROWS = 2 * LOAD_CHUNK + 7, LINE = 64 };
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    char *content = malloc ((size_t)ROWS * LINE + 200), *out = content;
    out += sprintf (out, "nomor_induk_kependudukan|nomor_kartu_keluarga|nama|desil_nasional\n");
    for (int i = 0; i < ROWS; i++)
        out += sprintf (out, "127201%02d0380%04d|1272010101150001|N %d|%d\n", 1 + i / 9000, 1 + i % 9000, i, i % 11);
    struct import *row = import_of (harness, "poverty", "person", content);
    free (content);
    int64_t rows = 0, last = 0;
    for (int chunk = 1; strcmp (row->step, "person") == 0; chunk++) {
        assert_int_equal (row->chunk, chunk);
        Padan__Validation__V1__LoadResult *again = chunk_read (harness, row), *result = chunk_read (harness, row);
        assert_int_equal (again->n_nik, result->n_nik); /* killed before the commit: the same once more */
        assert_true (again->nik[0] == result->nik[0] && again->next_offset == result->next_offset);
        assert_true (result->nik[0] > last);
        last = result->nik[result->n_nik - 1];
        rows += (int64_t)result->n_nik;
        chunk_decide (harness, row, result);
    }
    assert_true (rows == ROWS);
    assert_true (row->rows == ROWS);
    assert_int_equal (row->chunk, 4);
    assert_true (row->bytes_done == row->file_size);
}

/* A file of nothing but bad rows: each is told, by more and smaller chunks. */
static void
no_bad_row_is_left_out (void **state)
{
    enum { ROWS = LOAD_CHUNK_PROBLEMS + 500, LINE = 64 };
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    char *content = malloc ((size_t)ROWS * LINE + 200), *out = content;
    out += sprintf (out, "nomor_induk_kependudukan|nomor_kartu_keluarga|nama|desil_nasional\n");
    for (int i = 0; i < ROWS; i++)
        out += sprintf (out, "127201010380%04d|12720101****0001|N %d|99\n", 1 + i % 9000, i);
    struct import *row = import_of (harness, "poverty", "person", content);
    free (content);
    int64_t told = 0, line = 1;
    while (strcmp (row->step, "person") == 0) {
        const Padan__Validation__V1__LoadResult *result = chunk_read (harness, row);
        assert_true (result->n_problems <= LOAD_CHUNK_PROBLEMS);
        chunk_decide (harness, row, result);
        for (size_t i = 0; i < row->n_found; i++, told++) {
            assert_int_equal (row->found[i].ordinal, told);
            line += told % 2 == 0;
            assert_true (row->found[i].warning); /* KK and decile: the person is in all the same */
            assert_int_equal (row->found[i].line, line);
        }
    }
    assert_int_equal (told, 2 * ROWS);
    assert_int_equal (row->problems, 2 * ROWS);
    assert_int_equal (row->rows, ROWS);
}

/* What a chunk's own statement counted is known to the next: rows that are neither in nor refused repeat a number. */
static void
repeated_rows_are_those_neither_kept_nor_refused (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct registry *registry = harness_row (harness, &registry_table, registry_id ("poverty"));
    registry->name = "poverty";
    registry->period = "";
    struct import *row =
        import_of (harness, "poverty", "family",
                   "nomor_kartu_keluarga|desil_nasional\n1272010101150001|3\n1272010101150001|3\nx|3\n");
    row->family_sha256 = row->file_sha256;
    row->family_size = row->file_size;
    Padan__Common__V1__ImportProgress progress;
    chunk_decide (harness, row, chunk_read (harness, row));
    row->kept = 1;
    import_progress (row, &progress);
    assert_int_equal (progress.rows, 3);
    assert_int_equal (progress.refused, 1);
    assert_int_equal (progress.unchanged, 1);
    assert_string_equal (row->step, "person");
    assert_int_equal (row->usable, 0); /* of the next file */
    assert_int_equal (harness_due_of (harness, "load")->input_version, row->chunk);
    row->rows += 10; /* persons: nine numbers */
    row->kept += 9;
    row->step = "switch";
    switch_decide (harness, row);
    import_progress (row, &progress);
    assert_string_equal (progress.state, "done");
    assert_int_equal (progress.created, 10);
    assert_int_equal (progress.refused, 1);
    assert_int_equal (progress.unchanged, 2);
    assert_int_equal (registry->rows, 10);
}

/* Whichever file it is: nobody may be judged by an empty snapshot. */
static void
file_without_a_usable_row_fails (void **state)
{
    static const struct {
        const char *registry, *step, *content;
    } cases[] = {
        { "membership", "member", "no_kartu,nik,nama,segmen,pembayar,status\n0001234567890,12,T,PBI,APBN,AKTIF\n" },
        { "membership", "member", "no_kartu,nik,nama,segmen,pembayar,status\n" },
        { "poverty", "person", "nik|no_kk|nama|desil\n12|1272010101150001|A|3\n" },
        { "poverty", "family", "no_kk|desil\nx|3\n" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
        struct import *row = import_of (harness, cases[i].registry, cases[i].step, cases[i].content);
        if (strcmp (row->step, "family") == 0) {
            row->family_sha256 = row->file_sha256;
            row->family_size = row->file_size;
        }
        const Padan__Validation__V1__LoadResult *result = chunk_read (harness, row);
        assert_string_equal (result->failure, "csv.no_rows");
        chunk_decide (harness, row, result);
        assert_string_equal (row->state, "failed");
        assert_string_equal (row->found[row->n_found - 1].detail,
                             "Tidak satu baris pun dari berkas ini dapat dipakai.");
        assert_int_equal (harness_due_of (harness, "drop")->input_version, 4);
        assert_null (harness_due_of (harness, "load"));
    }
}

/* Its last chunk may hold nothing but bad rows. */
static void
file_that_gave_rows_before_does_not_fail (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct import *row = import_of (harness, "poverty", "person", "nik|no_kk|nama|desil\n12|1272010101150001|A|3\n");
    row->usable = 1;
    chunk_decide (harness, row, chunk_read (harness, row));
    assert_string_equal (row->step, "switch");
}

static void
file_of_something_else_fails (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct import *row = import_of (harness, "membership", "member", "tanggal,jumlah\n1,2\n3,4\n");
    Padan__Validation__V1__LoadResult *result = chunk_read (harness, row);
    assert_string_equal (result->failure, "csv.header");
    assert_non_null (strstr (result->problems[0]->detail, "Yang kurang: nomor_kartu, nik, segmen, status."));
    chunk_decide (harness, row, result);
    assert_string_equal (row->state, "failed");
    assert_int_equal (harness_due_of (harness, "drop")->input_version, 4);
    assert_int_equal (harness_events (harness), 1);
    assert_int_equal (row->n_found, 1);
}

/* Proposals and members have all that a person of the registry needs: everybody in them would stand in it. */
static void
other_lists_of_people_are_no_poverty_registry (void **state)
{
    static const char *const lists[] = {
        "periode,sumber_id,no_kk,nik,nik_ibu,nama,hubungan,tempat_lahir,tanggal_lahir,jenis_kelamin,status_kawin,"
        "alamat,rt,rw,kode_kelurahan,nama_kelurahan,jalur,no_telp,keadaan\n"
        "2026-11,1,1272010101150001,1272010103800001,,A,1,Siantar,01/03/1980,L,2,Jl. A,1,1,12.72.01.1003,B,baru,,\n",
        "no_kartu,nik,no_kk,nama,tanggal_lahir,jenis_kelamin,segmen,pembayar,status,kelas\n"
        "0001234567890,1272010103800001,1272010101150001,A,01/03/1980,L,PEKERJA MANDIRI,MANDIRI,AKTIF,3\n",
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
        struct import *row = import_of (harness, "poverty", "person", lists[i]);
        Padan__Validation__V1__LoadResult *result = chunk_read (harness, row);
        assert_string_equal (result->failure, "csv.other_kind");
        assert_int_equal (result->n_nik, 0);
        assert_non_null (strstr (result->problems[0]->detail, "bukan data jenis yang dipilih"));
        assert_non_null (strstr (result->problems[0]->detail, "not the chosen kind of data"));
        assert_non_null (strstr (result->problems[0]->detail, "Yang kurang: pbi_nas, pbi_pemda, desil_nasional."));
        chunk_decide (harness, row, result);
        assert_string_equal (row->state, "failed");
        assert_int_equal (harness_due_of (harness, "drop")->input_version, 4);
    }
}

/* What an office has of the registry differs; each of its own columns says that it is one. */
static void
any_mark_makes_a_poverty_registry (void **state)
{
    static const char *const marks[] = { "pbi_nas", "bansos_pbi_jkn", "pbi_pemda", "desil_nasional", "desil" };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
        char content[200];
        snprintf (content, sizeof content, "nik|no_kk|nama|%s\n1272010103800001|1272010101150001|A|1\n", marks[i]);
        struct import *row = import_of (harness, "poverty", "person", content);
        const Padan__Validation__V1__LoadResult *result = chunk_read (harness, row);
        assert_string_equal (result->failure, "");
        assert_int_equal (result->n_nik, 1);
    }
}

/* A proposals file as members: no card, no segment, no status. */
static void
proposals_are_no_members (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct import *row =
        import_of (harness, "membership", "member", "no_kk,nik,nama,hubungan\n1272010101150001,1272010103800001,A,1\n");
    const Padan__Validation__V1__LoadResult *result = chunk_read (harness, row);
    assert_string_equal (result->failure, "csv.header");
    assert_non_null (strstr (result->problems[0]->detail, "Yang kurang: nomor_kartu, segmen, status."));
}

static void
file_that_is_not_there_fails (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct import *row = import_of (harness, "membership", "member", "x");
    row->file_sha256.data = arena_alloc (harness->arena, STORE_DIGEST);
    Padan__Validation__V1__LoadResult *result = chunk_read (harness, row);
    assert_string_equal (result->failure, "store.not_found");
    assert_string_equal (result->problems[0]->detail, "Berkas tidak ada di penyimpanan.");
}

static void
complete_snapshot_becomes_current (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct registry *registry = harness_row (harness, &registry_table, registry_id ("membership"));
    registry->name = "membership";
    registry->period = "2026-10";
    registry->current_version = 3;
    registry->newest_version = 4;
    struct import *row = import_of (harness, "membership", "switch", "x");
    row->kept = 77;
    switch_decide (harness, row);
    assert_int_equal (registry->current_version, 4);
    assert_string_equal (registry->period, "2026-11");
    assert_string_equal (row->state, "done");
    const Padan__Validation__V1__RegistrySwitched *event =
        harness_event (harness, 0, &padan__validation__v1__registry_switched__descriptor);
    assert_int_equal (event->version, 4);
    assert_int_equal (event->rows, 77);
    harness_event (harness, 1, &padan__validation__v1__import_finished__descriptor);
    assert_int_equal (harness_due_of (harness, "stale")->input_version, 4);
    assert_int_equal (harness_due_of (harness, "drop")->input_version, 3);
    switch_decide (harness, row); /* seen before */
    assert_int_equal (harness_events (harness), 0);
}

static void
older_load_never_replaces_a_newer_one (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct registry *registry = harness_row (harness, &registry_table, registry_id ("membership"));
    registry->current_version = 5;
    struct import *row = import_of (harness, "membership", "switch", "x");
    switch_decide (harness, row);
    assert_int_equal (registry->current_version, 5);
    assert_string_equal (row->state, "superseded");
    assert_int_equal (harness_events (harness), 1);
    assert_int_equal (harness_dues (harness), 1);
    assert_int_equal (harness_due_of (harness, "drop")->input_version, 4);
}

static void
same_files_again_change_nothing (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct registry *registry = harness_row (harness, &registry_table, registry_id ("membership"));
    registry->current_version = 3;
    struct import *row = import_of (harness, "membership", "member", "x");
    struct uuid first = harness_id ('f');
    Padan__Validation__V1__LoadResult same = PADAN__VALIDATION__V1__LOAD_RESULT__INIT;
    same.file = (char *)"same";
    same.registry = (char *)"membership";
    same.same_id = uuid_field (&first);
    same.counted = 2; /* current when the work looked, replaced since */
    same.rows = 10;
    same.refused = 1;
    harness_due (harness, harness_id ('i'), row->chunk, &same);
    assert_rc (harness_run (harness, load_decide, load_keys), RC_RETRY);
    assert_string_equal (row->state, "queued");
    same.counted = 3;
    chunk_decide (harness, row, &same);
    assert_string_equal (row->state, "done");
    assert_int_equal (registry->current_version, 3);
    assert_true (uuid_compare (row->same_as, first) == 0);
    assert_int_equal (harness_dues (harness), 0);
    assert_int_equal (harness_events (harness), 1);
    const Padan__Validation__V1__ImportFinished *event =
        harness_event (harness, 0, &padan__validation__v1__import_finished__descriptor);
    assert_int_equal (event->progress->created, 0);
    assert_int_equal (event->progress->refused, 1);
    assert_int_equal (event->progress->unchanged, 9);
    assert_int_equal (event->progress->bytes, event->progress->size);
}

static void
snapshot_leaves_in_chunks (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct import *row = import_of (harness, "membership", "switch", "x");
    int64_t numbers[] = { 1272010103800001, 1272010405120003 };
    Padan__Validation__V1__DropResult result = PADAN__VALIDATION__V1__DROP_RESULT__INIT;
    result.registry = (char *)"membership";
    result.file = (char *)"member";
    result.number = numbers;
    result.n_number = 2;
    harness_due (harness, harness_id ('i'), 3, &result);
    assert_rc (harness_run (harness, drop_decide, drop_keys), RC_OK);
    assert_int_equal (row->n_dropped, 2);
    assert_true (row->dropped[1].number == numbers[1]);
    assert_int_equal (row->dropped[1].version, 3);
    assert_int_equal (harness_due_of (harness, "drop")->input_version, 3); /* until nothing is left */
}

static void
stale_verdicts_are_put_up_for_a_check (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct uuid ids[2] = { harness_id ('a'), harness_id ('b') };
    ProtobufCBinaryData fields[2] = { uuid_field (&ids[0]), uuid_field (&ids[1]) };
    int64_t versions[2] = { 3, 8 };
    Padan__Validation__V1__StaleResult result = PADAN__VALIDATION__V1__STALE_RESULT__INIT;
    result.application_id = fields;
    result.n_application_id = 2;
    result.version = versions;
    result.n_version = 2;
    result.registry = (char *)"poverty";
    harness_due (harness, registry_id ("poverty"), 4, &result);
    assert_rc (harness_run (harness, stale_decide, stale_keys), RC_OK);
    assert_int_equal (harness_dues (harness), 2);
    assert_int_equal (harness_due_of (harness, "check")->input_version, 8);
    assert_int_equal (harness_due_of (harness, "check")->priority, PRIORITY_STALE);
    result.more = true;
    harness_due (harness, registry_id ("poverty"), 4, &result);
    assert_rc (harness_run (harness, stale_decide, stale_keys), RC_OK);
    assert_int_equal (harness_due_of (harness, "stale")->input_version, 4);
}

static Padan__Validation__V1__LoadRegistry
command_make (void)
{
    static uint8_t digest[STORE_DIGEST];
    Padan__Validation__V1__LoadRegistry command = PADAN__VALIDATION__V1__LOAD_REGISTRY__INIT;
    command.registry = (char *)"poverty";
    command.period = (char *)"2026-11";
    command.file_sha256 = (ProtobufCBinaryData){ sizeof digest, digest };
    command.size = 10;
    return command;
}

/* The next message: from an operator of this place, "" the whole tenant. */
static void
load_command (struct harness *harness, char id, const Padan__Validation__V1__LoadRegistry *command, const char *place)
{
    harness_command (harness, harness_id (id), command);
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, place);
}

static void
load_by_one_kelurahan_is_forbidden (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    Padan__Validation__V1__LoadRegistry command = command_make ();
    load_command (harness, 'i', &command, "12.72.01.1003");
    assert_refused (harness_run (harness, on_load_registry, load_registry_keys), RC_FORBIDDEN, "common.forbidden",
                    NULL);
    assert_null (harness_find (harness, &import_table, harness_id ('i')));
    harness_command (harness, harness_id ('i'), &command);
    harness->message.principal = NULL;
    harness->message.service = "padan";
    assert_rc (harness_run (harness, on_load_registry, load_registry_keys), RC_OK);
}

static void
load_is_accepted_once_and_its_fields_checked (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    Padan__Validation__V1__LoadRegistry command = command_make ();
    load_command (harness, 'i', &command, "");
    assert_rc (harness_run (harness, on_load_registry, load_registry_keys), RC_OK);
    const struct import *row = harness_find (harness, &import_table, harness_id ('i'));
    assert_string_equal (row->step, "person");
    assert_int_equal (row->snapshot, 1);
    assert_int_equal (harness_due_of (harness, "load")->input_version, 1);
    load_command (harness, 'i', &command, "");
    assert_refused (harness_run (harness, on_load_registry, load_registry_keys), RC_CONFLICT, "common.exists", NULL);
    load_command (harness, 'j', &command, "");
    assert_rc (harness_run (harness, on_load_registry, load_registry_keys), RC_OK);
    assert_int_equal (((const struct import *)harness_find (harness, &import_table, harness_id ('j')))->snapshot, 2);
    static const char *const periods[] = { "", "November 2026", "2026-13", "2026-11-01" };
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        command.period = (char *)periods[i];
        load_command (harness, 'k', &command, "");
        assert_refused (harness_run (harness, on_load_registry, load_registry_keys), RC_UNPROCESSABLE,
                        "validation.period", "/period");
    }
    command = command_make ();
    command.registry = (char *)"gaji";
    load_command (harness, 'k', &command, "");
    assert_refused (harness_run (harness, on_load_registry, load_registry_keys), RC_UNPROCESSABLE,
                    "validation.registry", "/registry");
    command = command_make ();
    command.size = 0;
    load_command (harness, 'k', &command, "");
    assert_refused (harness_run (harness, on_load_registry, load_registry_keys), RC_UNPROCESSABLE, "validation.file",
                    "/file_sha256");
}

/* The period is what evidence tells people of a registry: a slip of the pen must not get into it. */
static void
load_for_a_month_ahead_is_refused (void **state)
{
    static const char *const taken[] = { "2024-01", "2026-10", "2026-12" }, *const ahead[] = { "2027-01", "2062-11" };
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    Padan__Validation__V1__LoadRegistry command = command_make ();
    for (size_t i = 0; i < sizeof ahead / sizeof *ahead; i++) {
        command.period = (char *)ahead[i];
        load_command (harness, 'i', &command, "");
        assert_refused (harness_run (harness, on_load_registry, load_registry_keys), RC_UNPROCESSABLE,
                        "validation.period_ahead", "/period");
    }
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        command.period = (char *)taken[i];
        load_command (harness, (char)('i' + i), &command, "");
        assert_rc (harness_run (harness, on_load_registry, load_registry_keys), RC_OK);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (members_are_read_and_bad_rows_told),
        cmocka_unit_test (damaged_card_numbers_merge_no_memberships),
        cmocka_unit_test (chunks_go_on_where_the_last_ended),
        cmocka_unit_test (no_bad_row_is_left_out),
        cmocka_unit_test (repeated_rows_are_those_neither_kept_nor_refused),
        cmocka_unit_test (file_without_a_usable_row_fails),
        cmocka_unit_test (file_that_gave_rows_before_does_not_fail),
        cmocka_unit_test (file_of_something_else_fails),
        cmocka_unit_test (other_lists_of_people_are_no_poverty_registry),
        cmocka_unit_test (any_mark_makes_a_poverty_registry),
        cmocka_unit_test (proposals_are_no_members),
        cmocka_unit_test (file_that_is_not_there_fails),
        cmocka_unit_test (complete_snapshot_becomes_current),
        cmocka_unit_test (older_load_never_replaces_a_newer_one),
        cmocka_unit_test (same_files_again_change_nothing),
        cmocka_unit_test (snapshot_leaves_in_chunks),
        cmocka_unit_test (stale_verdicts_are_put_up_for_a_check),
        cmocka_unit_test (load_by_one_kelurahan_is_forbidden),
        cmocka_unit_test (load_is_accepted_once_and_its_fields_checked),
        cmocka_unit_test (load_for_a_month_ahead_is_refused),
    };
    return cmocka_run_group_tests (tests, open_store, close_store);
}
