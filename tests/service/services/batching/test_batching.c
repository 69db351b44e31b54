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
    assert_non_null (strstr (text, "\"mother_nik\": \"1272021103850050\"")); /* of the 50th family's newborn */
    assert_non_null (memmem (file.data, file.size, "\"'=1+1, Jalan \"\"Melati\"\" 4\"", 26));
}

static void
file_put (const char *dir, const char *name, const char *ending, struct bytes content)
{
    char path[256];
    snprintf (path, sizeof path, "%s/%s%s", dir, name, ending);
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    assert_int_equal (fwrite (content.data, 1, content.size, file), content.size);
    fclose (file);
}

static struct bytes
file_get (const char *dir, const char *name, const char *ending)
{
    static uint8_t content[4 << 20];
    char path[256];
    snprintf (path, sizeof path, "%s/%s%s", dir, name, ending);
    FILE *file = fopen (path, "r");
    assert_non_null (file);
    size_t size = fread (content, 1, sizeof content, file);
    fclose (file);
    return (struct bytes){ content, size };
}

/* Puts a reply into the store and starts its import. */
static Padan__Outcome
replies_start (struct uuid import, struct bytes content)
{
    Padan__Batching__V1__StartReplies command = PADAN__BATCHING__V1__START_REPLIES__INIT;
    uint8_t digest[STORE_DIGEST];
    struct err err;
    assert_int_equal (store_put (office.store, content.data, content.size, digest, &err), RC_OK);
    command.batch_id = uuid_field (&batch);
    command.file_sha256 = (ProtobufCBinaryData){ sizeof digest, digest };
    command.size = (int64_t)content.size;
    command.source = (char *)"BPJS Cabang Pematangsiantar";
    return office_tell (&office, "batching", &office.operator, import, 0, &command, NULL, NULL);
}

static const Padan__Common__V1__ImportProgress *
import_wait (struct uuid import)
{
    Padan__Batching__V1__GetImport question = PADAN__BATCHING__V1__GET_IMPORT__INIT;
    char id[UUID_TEXT];
    uuid_format (import, id);
    WAIT_UNTIL (office_sql (&office, "select state from batching.import where id = '%s'", id)[0] == 'd' ||
                    office_sql (&office, "select state from batching.import where id = '%s'", id)[0] == 'f',
                90000);
    return office_ask (&office, &office.operator, import, &question, &padan__common__v1__import_progress__descriptor);
}

static const Padan__Batching__V1__ImportProblems *
problems_of (struct uuid import)
{
    Padan__Batching__V1__ListImportProblems question = PADAN__BATCHING__V1__LIST_IMPORT_PROBLEMS__INIT;
    return office_ask (&office, &office.operator, import, &question, &padan__batching__v1__import_problems__descriptor);
}

static struct bytes reply; /* as the stand-in of BPJS wrote it */

static void
bpjs_answers_the_file (void **state)
{
    const Padan__Batching__V1__BatchView *view = batch_get (&office, batch);
    const char *dir = fleet_dir (office.fleet), *name = view->number;
    char path[256];
    file_put (dir, name, ".csv", content_of (view->file_sha256));
    file_put (dir, name, ".manifest.json", content_of (view->manifest_sha256));
    snprintf (path, sizeof path, "%s/%s.csv", dir, name);
    child_run ((const char *const[]){ "python3", "deploy/demo/bpjs.py", "--refuse", "0.1", "--seed", "7", path, NULL },
               60000);
    reply = file_get (dir, name, ".balasan.csv");
    reply.data = arena_copy (office.arena, reply.data, reply.size);
}

static void
only_a_sent_batch_is_answered (void **state)
{
    Padan__Batching__V1__MarkSent command = PADAN__BATCHING__V1__MARK_SENT__INIT;
    const void *answer;
    command.channel = (char *)"file";
    assert_int_equal (replies_start (uuid_new (clock_now ()), reply), PADAN__OUTCOME__OUTCOME_CONFLICT);
    assert_string_equal (office.code, "batching.batch_state");
    assert_int_equal (office_tell (&office, "batching", &office.operator, batch, 1, &command,
                                   &padan__batching__v1__batch_reply__descriptor, &answer),
                      PADAN__OUTCOME__OUTCOME_STALE);
    assert_int_equal (office_tell (&office, "batching", &office.operator, batch, 2, &command,
                                   &padan__batching__v1__batch_reply__descriptor, &answer),
                      PADAN__OUTCOME__OUTCOME_OK);
    assert_string_equal (((const Padan__Batching__V1__BatchReply *)answer)->state, "sent");
}

/* Until it was sent the office was waited for; from now on BPJS, within the 30 days its procedure gives. */
static void
every_application_waits_for_bpjs (void **state)
{
    const Padan__Batching__V1__BatchView *view = batch_get (&office, batch);
    assert_string_equal (view->next_role, "bpjs");
    assert_true (view->due_at > clock_now () + 29 * 86400 * (int64_t)CLOCK_SECOND);
    WAIT_UNTIL (office_count (&office, "select count (*) from batching.log where type like '%ApplicationForwarded'") ==
                    FAMILIES,
                60000);
    assert_int_equal (office_count (&office, "select count (*) from batching.waiting w join batching.batch b on b.id = "
                                             "w.batch_id where w.due_at = b.sent_at + interval '30 days'"),
                      FAMILIES);
}

static void
replies_survive_a_kill (void **state)
{
    struct uuid import = uuid_new (clock_now ());
    assert_int_equal (replies_start (import, reply), PADAN__OUTCOME__OUTCOME_OK);
    WAIT_UNTIL (office_count (&office, "select coalesce (max (rows), 0) from batching.import") > 100, 30000);
    fleet_kill (office.fleet, "batching", 0);
    assert_in_range (office_count (&office, "select rows from batching.import"), 101, PEOPLE - 1);
    fleet_start (office.fleet, "batching", 0);
    const Padan__Common__V1__ImportProgress *progress = import_wait (import);
    assert_string_equal (progress->state, "done");
    assert_int_equal (progress->rows, PEOPLE);
    assert_int_equal (progress->changed, PEOPLE);
    assert_int_equal (progress->refused, 0);
    assert_int_equal (problems_of (import)->n_problems, 0);
    const Padan__Batching__V1__BatchView *view = batch_get (&office, batch);
    assert_string_equal (view->state, "answered");
    assert_string_equal (view->next_role, "kabid");
    assert_true (view->due_at > clock_now ());
    assert_int_equal (view->accepted + view->refused, PEOPLE);
    assert_in_range (view->refused, 60, 200);
    assert_int_equal (office_count (&office, "select count (*) from batching.waiting where state = 'finished'"),
                      FAMILIES);
    assert_int_equal (office_count (&office,
                                    "select count (*) from batching.claim c join batching.person p on c.holder "
                                    "= p.application_id"),
                      0); /* every open place is free again */
}

/* From 9, each application's versions go on without a gap, whatever was killed. */
static void
versions_have_no_gap (void **state)
{
    assert_int_equal (office_count (&office, "select count (*) from (select subject, min (version) a, max (version) b, "
                                             "count (*) n from batching.log where subject in (select id from "
                                             "batching.waiting) group by subject) x where a <> 10 or b <> 9 + n"),
                      0);
    assert_int_equal (office_count (&office, "select count (*) from batching.waiting w where version <> (select max "
                                             "(version) from batching.log l where l.subject = w.id)"),
                      0);
    assert_int_equal (office_count (&office, "select count (*) from batching.parked"), 0);
}

static Padan__Outcome
reconcile (const struct fleet_person *person, uint32_t accepted, uint32_t refused, uint8_t *archive)
{
    Padan__Batching__V1__Reconcile command = PADAN__BATCHING__V1__RECONCILE__INIT;
    const void *answer;
    command.accepted = accepted;
    command.refused = refused;
    command.archive_sha256 = (ProtobufCBinaryData){ STORE_DIGEST, archive };
    return office_tell (&office, "batching", person, batch, 0, &command, &padan__batching__v1__batch_reply__descriptor,
                        &answer);
}

static void
the_kabid_reconciles (void **state)
{
    const Padan__Batching__V1__BatchView *view = batch_get (&office, batch);
    uint8_t archive[STORE_DIGEST];
    struct err err;
    assert_int_equal (store_put (office.store, "berita acara", 12, archive, &err), RC_OK);
    assert_int_equal (reconcile (&office.operator, view->accepted, view->refused, archive),
                      PADAN__OUTCOME__OUTCOME_FORBIDDEN);
    assert_int_equal (reconcile (&office.kabid, view->accepted + 1, view->refused, archive),
                      PADAN__OUTCOME__OUTCOME_UNPROCESSABLE);
    assert_string_equal (office.code, "batching.not_balanced");
    archive[0] ^= 1;
    reconcile (&office.kabid, view->accepted, view->refused, archive);
    assert_string_equal (office.code, "batching.archive_missing");
    archive[0] ^= 1;
    assert_int_equal (reconcile (&office.kabid, view->accepted, view->refused, archive), PADAN__OUTCOME__OUTCOME_OK);
    view = batch_get (&office, batch);
    assert_string_equal (view->state, "reconciled");
    assert_string_equal (view->next_role, "");
    assert_int_equal (view->due_at, 0);
    assert_memory_equal (view->archive_sha256.data, archive, STORE_DIGEST);
}

static void
a_second_import_changes_nothing (void **state)
{
    struct uuid import = uuid_new (clock_now ());
    long events = office_count (&office, "select position from batching.log_head");
    assert_int_equal (replies_start (import, reply), PADAN__OUTCOME__OUTCOME_OK);
    const Padan__Common__V1__ImportProgress *progress = import_wait (import);
    assert_int_equal (progress->unchanged, PEOPLE);
    assert_int_equal (progress->changed, 0);
    assert_int_equal (office_count (&office, "select position from batching.log_head"), events + 1); /* its end */
}

static void
wrong_lines_change_nothing (void **state)
{
    struct uuid import = uuid_new (clock_now ());
    long events = office_count (&office, "select position from batching.log_head");
    char nik[32], card[32], *text;
    snprintf (nik, sizeof nik, "%s",
              office_sql (&office, "select nik::text from batching.person where state = 'accepted' and nik is not null "
                                   "order by nik limit 1"));
    snprintf (card, sizeof card, "%s",
              office_sql (&office, "select card_number from batching.person where nik = %s", nik));
    text = arena_printf (office.arena,
                         "no,nik,nama,status,no_kartu,alasan,tmt\n"
                         "1,%s,X,TOLAK,,Berubah pikiran,\n"                        /* 2: accepted before */
                         "2,%s,X,TERIMA,%s,,2026-12-01\n"                          /* 3: the same person again */
                         "3,1272010909850001,X,TERIMA,0001234567890,,2026-12-01\n" /* 4: not ours */
                         "4,1.27E+15,X,TERIMA,0001234567890,,\n"                   /* 5: lost digits */
                         "5,,BUKAN SIAPA SIAPA,TERIMA,0001234567890,,\n"           /* 6: nobody's line */
                         "6,%s,X,MUNGKIN,,,\n"                                     /* 7 */
                         "7,%s,X,TERIMA,12,,\n"                                    /* 8 */
                         "8,%s,X,TOLAK,,,\n",                                      /* 9 */
                         nik, nik, card, nik, nik, nik);
    assert_int_equal (replies_start (import, (struct bytes){ (uint8_t *)text, strlen (text) }),
                      PADAN__OUTCOME__OUTCOME_OK);
    const Padan__Common__V1__ImportProgress *progress = import_wait (import);
    const Padan__Batching__V1__ImportProblems *problems = problems_of (import);
    static const char *const codes[] = { "batching.reply_contradiction", "batching.reply_double",
                                         "batching.reply_unknown",       "nik.scientific",
                                         "batching.reply_unknown",       "batching.reply_status",
                                         "batching.reply_card",          "batching.reply_reason" };
    assert_int_equal (progress->refused, 8);
    assert_int_equal (problems->n_problems, 8);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal (problems->problems[i]->line, i + 2);
        assert_string_equal (problems->problems[i]->code, codes[i]);
        assert_true (strlen (problems->problems[i]->detail) > 10);
    }
    assert_int_equal (office_count (&office, "select position from batching.log_head"), events + 1);
}

static void
a_file_that_is_none_fails (void **state)
{
    struct uuid import = uuid_new (clock_now ());
    static const char text[] = "ini bukan balasan\nsama sekali\n";
    assert_int_equal (replies_start (import, (struct bytes){ (const uint8_t *)text, sizeof text - 1 }),
                      PADAN__OUTCOME__OUTCOME_OK);
    assert_string_equal (import_wait (import)->state, "failed");
    assert_string_equal (problems_of (import)->problems[0]->code, "csv.header");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_statement_prepares),      cmocka_unit_test (approved_applications_wait),
        cmocka_unit_test (only_the_office_closes),        cmocka_unit_test (a_closing_survives_a_kill),
        cmocka_unit_test (the_manifest_names_the_file),   cmocka_unit_test (bpjs_answers_the_file),
        cmocka_unit_test (only_a_sent_batch_is_answered), cmocka_unit_test (every_application_waits_for_bpjs),
        cmocka_unit_test (replies_survive_a_kill),        cmocka_unit_test (versions_have_no_gap),
        cmocka_unit_test (the_kabid_reconciles),          cmocka_unit_test (a_second_import_changes_nothing),
        cmocka_unit_test (wrong_lines_change_nothing),    cmocka_unit_test (a_file_that_is_none_fails),
    };
    return cmocka_run_group_tests_name ("services/batching", tests, open_office, close_office);
}
