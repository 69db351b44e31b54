/* batching as a program, on a real PostgreSQL, over CURVE: from approved applications to BPJS's answer, killed in the
 * middle of everything that takes several transactions. */
#include "batching_sql.h"
#include "common/db/db.h"
#include "tests/service/services/batching/office.h"

enum { FAMILIES = 400, PEOPLE = FAMILIES * FAMILY };

static struct office office;
static struct uuid batch;

static int
open_office (void **state)
{
    office_open (&office);
    batch = uuid_new (clock_now ());
    return 0;
}

static int
close_office (void **state)
{
    office_close (&office);
    return 0;
}

static void
every_statement_prepares (void **state)
{
    DB_AUTO struct db *db = db_new (scratch_login (fleet_scratch (office.fleet), "batching"), "test");
    struct err err;
    for (const struct sql *const *sql = batching_sql; *sql; sql++) {
        char *text =
            arena_printf (office.arena, "set search_path = batching; prepare p as %s; deallocate p", (*sql)->text);
        if (db_script (db, text, &err) != RC_OK)
            fail_msg ("%s: %s", (*sql)->name, err.text);
    }
}

static void
approved_applications_wait (void **state)
{
    Padan__Batching__V1__ListWaiting question = PADAN__BATCHING__V1__LIST_WAITING__INIT;
    for (int i = 1; i <= FAMILIES; i++)
        family_approve (&office, "baru", i);
    WAIT_UNTIL (office_count (&office, "select count (*) from batching.waiting") == FAMILIES, 60000);
    question.track = (char *)"baru";
    question.limit = 2;
    const Padan__Batching__V1__Waiting *page = office_ask (&office, &office.operator, (struct uuid){ 0 }, &question,
                                                           &padan__batching__v1__waiting__descriptor);
    assert_int_equal (page->people, PEOPLE);
    assert_int_equal (page->n_lines, 2);
    question.cursor = page->next_cursor;
    const Padan__Batching__V1__Waiting *next = office_ask (&office, &office.operator, (struct uuid){ 0 }, &question,
                                                           &padan__batching__v1__waiting__descriptor);
    assert_int_equal (next->n_lines, 2);
    assert_memory_not_equal (next->lines[0]->application_id.data, page->lines[1]->application_id.data, 16);
    assert_true (page->lines[0]->due_at > clock_now ());
    assert_int_equal (office_count (&office, "select count (*) from batching.due where kind = 'close'"), 1);
}

static void
only_the_office_closes (void **state)
{
    Padan__Batching__V1__CloseBatch command = PADAN__BATCHING__V1__CLOSE_BATCH__INIT;
    command.track = (char *)"baru";
    assert_int_equal (office_tell (&office, "batching", &office.officer, batch, 0, &command, NULL, NULL),
                      PADAN__OUTCOME__OUTCOME_FORBIDDEN);
    assert_int_equal (batch_close (&office, batch, "baru", ""), PADAN__OUTCOME__OUTCOME_UNPROCESSABLE);
    assert_string_equal (office.code, "batching.reason_needed");
    batch_close (&office, batch, "lainnya", "x");
    assert_string_equal (office.code, "batching.no_track");
    batch_close (&office, batch, "pengalihan", "x");
    assert_string_equal (office.code, "batching.nothing_waiting");
}

static void
a_closing_survives_a_kill (void **state)
{
    assert_int_equal (batch_close (&office, batch, "baru", "Uji tutup awal"), PADAN__OUTCOME__OUTCOME_OK);
    WAIT_UNTIL (office_count (&office, "select people from batching.batch") > 60, 30000);
    fleet_kill (office.fleet, "batching", 0);
    assert_in_range (office_count (&office, "select people from batching.batch"), 61, PEOPLE - 1);
    fleet_start (office.fleet, "batching", 0);
    WAIT_UNTIL (batch_is (&office, batch, "written"), 90000);
    const Padan__Batching__V1__BatchView *view = batch_get (&office, batch);
    assert_int_equal (view->people, PEOPLE);
    assert_int_equal (view->version, 2);
    assert_int_equal (strncmp (view->number, "BARU-20", 7), 0);
    assert_string_equal (view->number + 9, "-0001");
    assert_string_equal (view->closed_reason, "Uji tutup awal");
    assert_int_equal (office_count (&office, "select count (distinct line) from batching.person where line > 0"),
                      PEOPLE);
    assert_int_equal (office_count (&office, "select max (line) from batching.person"), PEOPLE);
    assert_int_equal (
        office_count (&office, "select count (*) from batching.log where type like '%ApplicationBatched'"), FAMILIES);
}

static struct bytes
content_of (ProtobufCBinaryData digest)
{
    struct bytes content;
    struct err err;
    assert_int_equal (digest.len, STORE_DIGEST);
    assert_int_equal (store_get (office.store, digest.data, 16 << 20, office.arena, &content, &err), RC_OK);
    return content;
}

static void
the_manifest_names_the_file (void **state)
{
    const Padan__Batching__V1__BatchView *view = batch_get (&office, batch);
    struct bytes file = content_of (view->file_sha256), manifest = content_of (view->manifest_sha256);
    char hash[65], expected[96], *text = arena_printf (office.arena, "%.*s", (int)manifest.size, manifest.data);
    size_t lines = 0;
    for (size_t i = 0; i < file.size; i++)
        lines += file.data[i] == '\n';
    assert_int_equal (lines, PEOPLE + 1);
    assert_int_equal (view->file_size, file.size);
    snprintf (expected, sizeof expected, "\"sha256\": \"%s\"", hex_encode (view->file_sha256.data, 32, hash));
    assert_non_null (strstr (text, expected));
    assert_non_null (strstr (text, "\"rows\": 1200"));
    assert_non_null (strstr (text, "\"tenant\": \"12.72\""));
    assert_non_null (memmem (file.data, file.size, "\"'=1+1, Jalan \"\"Melati\"\" 4\"", 26));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_statement_prepares),    cmocka_unit_test (approved_applications_wait),
        cmocka_unit_test (only_the_office_closes),      cmocka_unit_test (a_closing_survives_a_kill),
        cmocka_unit_test (the_manifest_names_the_file),
    };
    return cmocka_run_group_tests_name ("services/batching", tests, open_office, close_office);
}
