/* The history proves itself: chain, signatures, what lies beside it, and what may be erased. */
#include "tests/service/services/journal/office.h"

static int
audit (char *out, size_t size)
{
    const char *argv[] = { "padan", "audit", "verify", "--database", scratch_auditor (fleet_scratch (fleet)), NULL };
    CHILD_AUTO struct child *child = child_spawn (argv);
    int code = child_wait (child, 60000);
    snprintf (out, size, "%s", child_output (child));
    return code;
}

/* As the auditor sees it: what the program wrote is what padan computes. */
static void
the_chain_holds (void **state)
{
    char out[4096];
    if (audit (out, sizeof out) != 0)
        fail_msg ("%s", out);
    const char *invariants[] = { "padan", "verify", "--database", scratch_auditor (fleet_scratch (fleet)), NULL };
    CHILD_AUTO struct child *verify = child_spawn (invariants);
    if (child_wait (verify, 60000) != 0)
        fail_msg ("%s", child_output (verify));
}

/* No chain covers them: the log does. */
static void
what_lies_beside_the_chain_is_held_against_the_log (void **state)
{
    static const struct {
        const char *sql, *named;
    } cases[] = {
        { "update journal.event set detail = 'karena kaya' where number = (select max (number) from journal.event)",
          "its words are not those of the log" },
        { "update journal.event set detail = 'apa saja' where number = 2", "its words are not those of the log" },
        { "update journal.event set actor = 'Orang Lain' where number = 3", "by the log somebody else acted" },
        { "update journal.event set salt = substring (sha256 ('x') for 16) where number = 4",
          "its hash is not that of what the log says" },
        { "update journal.event set salt = 'garam' where number = 4", "its hash is not that of what the log says" },
        { "update intake.log set envelope = (select envelope from intake.log where position = 3) where position = 4",
          "the log says something else" },
        { "update intake.log set envelope = 'x' where position = 5", "its entry of the log cannot be read" },
    };
    char out[4096];
    SQL ("create table event_kept as select * from journal.event; create table log_kept as select * from intake.log; "
         "select 1");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SQL ("%s; select 1", cases[i].sql);
        assert_int_equal (audit (out, sizeof out), 1);
        if (!strstr (out, cases[i].named) || !strstr (out, "BROKEN tenant 1272, event "))
            fail_msg ("%s is not named:\n%s", cases[i].named, out);
        SQL ("truncate journal.event, intake.log; insert into journal.event select * from event_kept; insert into "
             "intake.log select * from log_kept; select 1");
    }
    SQL ("update journal.event set salt = null, detail = null where number = 2; update journal.event set actor = null "
         "where number = 3; select 1");
    if (audit (out, sizeof out) != 0 || !strstr (out, "log intake: "))
        fail_msg ("what was erased is no error:\n%s", out);
    SQL ("delete from intake.log where position <= 5; update journal.event set detail = 'x' where number = 2; select "
         "1");
    if (audit (out, sizeof out) != 0)
        fail_msg ("what the log no longer has is no error:\n%s", out);
    SQL ("truncate journal.event, intake.log; insert into journal.event select * from event_kept; insert into "
         "intake.log select * from log_kept; drop table event_kept, log_kept; select 1");
}

static int
audit_signed (char *out, size_t size)
{
    char file[256];
    snprintf (file, sizeof file, "%s/checkpoints", fleet_dir (fleet));
    const char *argv[] = { "padan",
                           "audit",
                           "verify",
                           "--database",
                           scratch_auditor (fleet_scratch (fleet)),
                           "--keys",
                           fleet_keys (fleet),
                           "--checkpoints",
                           file,
                           NULL };
    CHILD_AUTO struct child *child = child_spawn (argv);
    int code = child_wait (child, 60000);
    snprintf (out, size, "%s", child_output (child));
    return code;
}

static void
checkpoints_wait (const char *n)
{
    int64_t deadline = wait_deadline (SEEN_MS);
    SQL ("update journal.due set due_at = now () where kind = 'checkpoint'; select 1");
    while (strcmp (SQL ("select count (*) from journal.checkpoint"), n) != 0)
        if (!wait_pause (deadline))
            fail_msg ("no checkpoint\n%s", child_output (fleet_child (fleet, "journal", 0)));
}

/* An hour after it grew a history is signed, once, in the table and in the file; then again when it has grown. */
static void
the_history_is_signed (void **state)
{
    char out[4096], file[256], line[512] = "", more[512];
    checkpoints_wait ("1");
    assert_string_equal (SQL ("select c.number = h.number and c.chain = h.chain and h.signed = h.number from "
                              "journal.checkpoint c, journal.head h where c.tenant = 1272 and h.tenant = 1272"),
                         "t");
    assert_string_equal (SQL ("select count (*) from journal.due"), "0");
    snprintf (file, sizeof file, "%s/checkpoints", fleet_dir (fleet));
    FILE *kept = fopen (file, "r");
    assert_non_null (kept);
    assert_non_null (fgets (line, sizeof line, kept));
    assert_null (fgets (more, sizeof more, kept));
    fclose (kept);
    assert_non_null (strstr (line, "\"tenant\":1272,\"number\":"));
    assert_non_null (strstr (child_output (fleet_child (fleet, "journal", 0)), "\"event\":\"journal.checkpoint\""));
    if (audit_signed (out, sizeof out) != 0 || !strstr (out, "journal.checkpoint: 1 checkpoints hold") ||
        !strstr (out, "/checkpoints: 1 checkpoints hold"))
        fail_msg ("%s", out);
    int64_t before = head_number ();
    family_enter (FAMILIES);
    head_wait (before + 1);
    assert_string_equal (SQL ("select due_at > now () + interval '50 minutes' from journal.due"), "t");
    checkpoints_wait ("2");
    if (audit_signed (out, sizeof out) != 0 || !strstr (out, "/checkpoints: 2 checkpoints hold"))
        fail_msg ("%s", out);
}

/* The second event gets another code, and everything behind it, the head included, is computed again. No log tells:
 * codes are the program's words. */
static void
chain_forge (void)
{
    static const struct sql all = { "test.events",
                                    "select tenant, story, 0 as ordinal, number, event_id, type, kind, version, "
                                    "application_id, state, place, code, role, at, personal_hash, chain, salt, detail, "
                                    "actor from journal.event where tenant = 1272 order by number" };
    ARENA_AUTO struct arena *memory = arena_new (8 << 20);
    DB_AUTO struct db *db = db_new_reader (scratch_admin (fleet_scratch (fleet)), "test");
    struct db_call call = { .sql = &all };
    struct err err = { 0 };
    uint8_t chain[CHAIN_SIZE];
    char hex[2 * CHAIN_SIZE + 1];
    void *rows;
    size_t n;
    SQL ("update journal.event set code = 'palsu' where number = 2; select 1");
    assert_int_equal (db_run (db, &call, 1, &err), RC_OK);
    assert_int_equal (
        db_rows (call.result, event_columns, EVENT_COLUMNS, sizeof (struct event_row), memory, &rows, &n, &err), RC_OK);
    db_calls_clear (&call, 1);
    chain_start (TENANT, chain);
    for (size_t i = 0; i < n; i++) {
        chain_next ((const struct event_row *)rows + i, chain, memory, chain);
        SQL ("update journal.event set chain = '\\x%s' where number = %zu; select 1",
             hex_encode (chain, CHAIN_SIZE, hex), i + 1);
    }
    SQL ("update journal.head set chain = '\\x%s'; select 1", hex);
}

/* The owner of the tables replaces the end of a history, its chain and its head with it, and signs nothing. */
static void
what_was_signed_cannot_be_replaced (void **state)
{
    static const struct {
        const char *sql, *named;
    } cases[] = {
        { "truncate journal.checkpoint", "the history up to it was replaced" },
        { "select 1", "in journal.checkpoint: the history up to it was replaced" },
        { "update journal.checkpoint set chain = (select chain from journal.event e where e.number = "
          "checkpoint.number)",
          "in journal.checkpoint: the journal did not sign it" },
        { "delete from journal.event where number >= (select min (number) from journal.checkpoint); update "
          "journal.head set (number, chain) = (select number, chain from journal.event order by number desc limit 1)",
          "the history ends before it" },
    };
    char out[4096];
    SQL ("create table event_kept as select * from journal.event; create table head_kept as select * from "
         "journal.head; create table checkpoint_kept as select * from journal.checkpoint; select 1");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        chain_forge ();
        SQL ("%s; select 1", cases[i].sql);
        if (audit (out, sizeof out) == 0) /* the chain alone cannot tell */
            assert_int_equal (audit_signed (out, sizeof out), 1);
        else
            fail_msg ("the forgery is a bad one:\n%s", out);
        if (!strstr (out, cases[i].named))
            fail_msg ("%s is not named:\n%s", cases[i].named, out);
        SQL ("truncate journal.event, journal.head, journal.checkpoint; insert into journal.event select * from "
             "event_kept; insert into journal.head select * from head_kept; insert into journal.checkpoint select * "
             "from checkpoint_kept; select 1");
    }
    if (audit_signed (out, sizeof out) != 0)
        fail_msg ("%s", out);
    SQL ("drop table event_kept, head_kept, checkpoint_kept; select 1");
}

/* Each breaks one row, and is named by what it breaks. */
static void
broken_rows_are_named (void **state)
{
    static const struct {
        const char *sql, *back, *named;
    } cases[] = {
        { "update journal.event set number = 999 where number = 3",
          "update journal.event set number = 3 where number = "
          "999",
          "journal.number" },
        { "update journal.story set version = version + 1 where kind = 'application'",
          "update journal.story set version = version - 1 where kind = 'application'", "journal.version" },
        { "insert into journal.held (tenant, story, ordinal, version, event_id, log, envelope, held_at) values (1272, "
          "gen_random_uuid (), 0, 3, gen_random_uuid (), 'intake', '', now () - interval '2 hours')",
          "delete from journal.held", "journal.held" },
        { "update journal.total set count = count + 1 where what = 'application' and code = 'withdrawn'",
          "update journal.total set count = count - 1 where what = 'application' and code = 'withdrawn'",
          "journal.total" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scratch_sql (fleet_scratch (fleet), "%s; select 1", cases[i].sql);
        const char *argv[] = { "padan", "verify", "--database", scratch_auditor (fleet_scratch (fleet)), NULL };
        CHILD_AUTO struct child *child = child_spawn (argv);
        assert_int_equal (child_wait (child, 60000), 1);
        if (!strstr (child_output (child), cases[i].named))
            fail_msg ("%s is not named:\n%s", cases[i].named, child_output (child));
        scratch_sql (fleet_scratch (fleet), "%s; select 1", cases[i].back);
    }
}

static int
erase (const char *nik, char *out, size_t size)
{
    char path[256];
    snprintf (path, sizeof path, "%s/nik", fleet_dir (fleet));
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    fprintf (file, "%s\n", nik);
    fclose (file);
    const char *argv[] = { "padan",    "erase", "--database", scratch_login (fleet_scratch (fleet), "journal"),
                           "--tenant", "1272",  "--nik-file", path,
                           NULL };
    CHILD_AUTO struct child *child = child_spawn (argv);
    int code = child_wait (child, 60000);
    snprintf (out, size, "%s", child_output (child));
    assert_null (strstr (out, nik));
    return code;
}

/* The person is found by nothing any more, a relative of the same name still is; the history proves itself. */
static void
a_person_is_erased_and_the_chain_holds (void **state)
{
    Padan__Journal__V1__GetStory question = PADAN__JOURNAL__V1__GET_STORY__INIT;
    char out[4096], id[UUID_TEXT];
    uuid_format (families[1], id);
    SQL ("insert into journal.person (tenant, application_id, slot, version, name, normal, nik, kk, head) select "
         "tenant, application_id, 1, version, 'SITI AISYAH', 'SITI AISYAH', 1272014107120001, kk, false from "
         "journal.person where application_id = '%s'; insert into journal.person_word select tenant, 'AISYAH', "
         "application_id, version from journal.person where application_id = '%s' and slot = 1; select 1",
         id, id);
    assert_int_equal (found (&operator, "rumondang", ""), FAMILIES / 2);
    assert_int_equal (erase ("1272015203850002", out, sizeof out), 0);
    assert_non_null (strstr (out, "1 applications of that person, the words of 2 events erased"));
    assert_int_equal (found (&operator, "rumondang", ""), FAMILIES / 2 - 1);
    assert_int_equal (found (&operator, "1272015203850002", ""), 0);
    assert_int_equal (found (&operator, "siti aisyah", ""), 1);
    const Padan__Journal__V1__Story *story =
        ask (&operator, families[1], &question, &padan__journal__v1__story__descriptor);
    assert_string_equal (story->lines[1]->text, "Permohonan dibatalkan: ….");
    if (audit_signed (out, sizeof out) != 0)
        fail_msg ("%s", out);
    assert_int_equal (erase ("1272015203850002", out, sizeof out), 0); /* again */
    assert_non_null (strstr (out, "0 applications"));
}

/* Its next event would bring them back. */
static void
nobody_is_erased_from_what_is_under_way (void **state)
{
    char out[4096];
    assert_int_equal (erase ("1272015203850013", out, sizeof out), 1); /* of the late family */
    assert_non_null (strstr (out, "is under way"));
    assert_int_equal (found (&operator, "1272015203850013", ""), 1);
    assert_int_equal (erase ("12720152038500", out, sizeof out), 1);
}

/* The login may take what is personal out of history, and nothing else. */
static void
the_rest_of_history_cannot_be_changed (void **state)
{
    static const struct {
        const char *sql, *state;
    } cases[] = {
        { "update journal.event set salt = null, detail = null where false", "" },
        { "update journal.event set code = 'x' where false", "42501" },
        { "update journal.event set personal_hash = '' where false", "42501" },
        { "update journal.event set actor = 'x' where false", "42501" },
        { "delete from journal.event where false", "42501" },
        { "update journal.checkpoint set number = 1 where false", "42501" },
        { "delete from journal.checkpoint where false", "42501" },
    };
    struct scratch *scratch = fleet_scratch (fleet);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal (scratch_try (scratch, scratch_login (scratch, "journal"), cases[i].sql), cases[i].state);
}

/* Every family came and went; one more comes late, in the tests. */
static int
history_make (void **state)
{
    Padan__Intake__V1__WithdrawApplication withdraw = PADAN__INTAKE__V1__WITHDRAW_APPLICATION__INIT;
    withdraw.reason = (char *)"pindah";
    setup (state);
    for (int i = 0; i < FAMILIES; i++)
        tell (&officer, families[i], 1, &withdraw);
    head_wait (2 * FAMILIES + 1);
    return 0;
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (the_chain_holds),
        cmocka_unit_test (what_lies_beside_the_chain_is_held_against_the_log),
        cmocka_unit_test (the_history_is_signed),
        cmocka_unit_test (what_was_signed_cannot_be_replaced),
        cmocka_unit_test (broken_rows_are_named),
        cmocka_unit_test (a_person_is_erased_and_the_chain_holds),
        cmocka_unit_test (nobody_is_erased_from_what_is_under_way),
        cmocka_unit_test (the_rest_of_history_cannot_be_changed),
    };
    return cmocka_run_group_tests (tests, history_make, teardown);
}
