/* journal as a program behind a real intake, over CURVE, on a real PostgreSQL: what an office did comes out as a
 * gap-free stream, a story, totals and a search; kill -9 and a second instance change nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/store.h"
#include "common/base/text.h"
#include "intake.pb-c.h"
#include "journal.pb-c.h"
#include "services/journal/event.h"
#include "tests/support/fleet.h"
#include "tests/support/test.h"

enum { TENANT = 1272, CALL_MS = 20000, ARENA_BYTES = 64 << 20, FAMILIES = 12, SEEN_MS = 20000 };

static struct fleet *fleet;

#define SQL(...) scratch_sql (fleet_scratch (fleet), __VA_ARGS__)

static struct arena *arena;
static struct fleet_person officer, operator, stranger, admin, elsewhere;
static struct uuid families[FAMILIES + 1]; /* the last one comes late */
static unsigned key_number;

static struct fleet_person
person_make (Padan__Role role, const char *place, int64_t tenant)
{
    struct fleet_person person = { .id = uuid_new (clock_now ()), .grant = PADAN__GRANT__INIT };
    person.grant.tenant = tenant;
    person.grant.role = role;
    person.grant.place = (char *)place;
    return person;
}

static void
tell (const struct fleet_person *person, struct uuid subject, int64_t version, const void *command)
{
    Padan__Reply *reply;
    struct err err = { 0 };
    char key[32];
    snprintf (key, sizeof key, "uji-%u", key_number++);
    if (fleet_command (fleet, "intake", person, TENANT, subject, version, key, command, CALL_MS, arena, &reply, &err) !=
            RC_OK ||
        reply->outcome != PADAN__OUTCOME__OUTCOME_OK)
        fail_msg ("%s %s\n%s", err.text, reply && reply->problem ? reply->problem->code : "",
                  child_output (fleet_child (fleet, "intake", 0)));
}

static const void *
ask_tenant (const struct fleet_person *person, int64_t tenant, struct uuid subject, const void *question,
            const ProtobufCMessageDescriptor *type, Padan__Outcome expected)
{
    Padan__Reply *reply;
    struct err err = { 0 };
    if (fleet_query (fleet, "journal", person, tenant, subject, question, CALL_MS, arena, &reply, &err) != RC_OK)
        fail_msg ("%s\n%s", err.text, child_output (fleet_child (fleet, "journal", 0)));
    if (reply->outcome != expected)
        fail_msg ("outcome %d %s\n%s", (int)reply->outcome, reply->problem ? reply->problem->code : "",
                  child_output (fleet_child (fleet, "journal", 0)));
    if (expected != PADAN__OUTCOME__OUTCOME_OK)
        return NULL;
    return protobuf_c_message_unpack (type, arena_protobuf (arena), reply->data.len, reply->data.data);
}

static const void *
ask (const struct fleet_person *person, struct uuid subject, const void *question,
     const ProtobufCMessageDescriptor *type)
{
    return ask_tenant (person, TENANT, subject, question, type, PADAN__OUTCOME__OUTCOME_OK);
}

static void
family_enter (int number)
{
    Padan__Common__V1__Address address = PADAN__COMMON__V1__ADDRESS__INIT;
    Padan__Common__V1__Member mother = PADAN__COMMON__V1__MEMBER__INIT, *members[] = { &mother };
    Padan__Intake__V1__EnterApplication enter = PADAN__INTAKE__V1__ENTER_APPLICATION__INIT;
    char nik[24], kk[24], name[64];
    snprintf (nik, sizeof nik, "127201520385%04d", number + 1);
    snprintf (kk, sizeof kk, "127201010115%04d", number + 1);
    snprintf (name, sizeof name, "SITI %s", number % 2 ? "RUMONDANG" : "MARLINA");
    address.street = (char *)"Jalan Melati 4";
    address.village = (char *)"12.72.01.1003";
    mother.nik = nik;
    mother.name = name;
    mother.relation = PADAN__COMMON__V1__RELATION__RELATION_HEAD;
    mother.birth_date = (char *)"1985-03-12";
    mother.sex = PADAN__COMMON__V1__SEX__SEX_FEMALE;
    enter.track = (char *)"baru";
    enter.kk = kk;
    enter.address = &address;
    enter.members = members;
    enter.n_members = 1;
    families[number] = uuid_new (clock_now ());
    tell (&officer, families[number], 0, &enter);
}

static int64_t
head_number (void)
{
    return atoll (scratch_sql (fleet_scratch (fleet),
                               "select coalesce (max (number), 0) from journal.head where tenant "
                               "= %d",
                               TENANT));
}

static void
head_wait (int64_t number)
{
    int64_t deadline = wait_deadline (SEEN_MS);
    while (head_number () < number)
        if (!wait_pause (deadline))
            fail_msg ("the journal stands at %lld, not %lld\n%s", (long long)head_number (), (long long)number,
                      child_output (fleet_child (fleet, "journal", 0)));
}

static void
profile_publish (void)
{
    Padan__Intake__V1__PublishProfile command = PADAN__INTAKE__V1__PUBLISH_PROFILE__INIT;
    char *text = arena_alloc (arena, 256 << 10);
    FILE *file = fopen ("deploy/profiles/pematangsiantar.yaml", "r");
    assert_non_null (file);
    command.yaml = (ProtobufCBinaryData){ fread (text, 1, 256 << 10, file), (uint8_t *)text };
    fclose (file);
    tell (&admin, (struct uuid){ 0 }, 0, &command);
}

static int
setup (void **state)
{
    static const char *const services[] = { "intake", "journal", NULL };
    char line[256];
    struct store *store;
    struct err err;
    fleet = fleet_new (NULL, services, "", "gateway");
    arena = arena_new (ARENA_BYTES);
    snprintf (line, sizeof line, "%s/store", fleet_dir (fleet));
    assert_int_equal (store_open (line, clock_now (), &store, &err), RC_OK);
    store_destroy (&store);
    snprintf (line, sizeof line, "store = %s/store", fleet_dir (fleet));
    fleet_set (fleet, "intake", line);
    snprintf (line, sizeof line, "checkpoints = %s/checkpoints", fleet_dir (fleet));
    fleet_set (fleet, "journal", line);
    officer = person_make (PADAN__ROLE__ROLE_KELURAHAN, "12.72.01.1003", TENANT);
    stranger = person_make (PADAN__ROLE__ROLE_KELURAHAN, "12.72.02.1001", TENANT);
    operator= person_make (PADAN__ROLE__ROLE_OPERATOR, "", TENANT);
    admin = person_make (PADAN__ROLE__ROLE_ADMIN, "", TENANT);
    elsewhere = person_make (PADAN__ROLE__ROLE_OPERATOR, "", TENANT + 1);
    fleet_start_all (fleet);
    profile_publish ();
    for (int i = 0; i < FAMILIES; i++)
        family_enter (i);
    head_wait (FAMILIES + 1);
    return 0;
}

static int
teardown (void **state)
{
    arena_destroy (&arena);
    fleet_destroy (&fleet);
    return 0;
}

static void
the_stream_has_no_gaps (void **state)
{
    Padan__Journal__V1__ListEvents question = PADAN__JOURNAL__V1__LIST_EVENTS__INIT;
    int64_t number = 0;
    question.limit = 5;
    for (;;) {
        const Padan__Journal__V1__Events *page =
            ask (&operator, (struct uuid){ 0 }, &question, &padan__journal__v1__events__descriptor);
        if (!page->n_events)
            break;
        assert_true (page->n_events <= 5);
        for (size_t i = 0; i < page->n_events; i++) {
            assert_int_equal (page->events[i]->number, ++number);
            assert_int_equal (page->events[i]->chain_sha256.len, 32);
        }
        assert_int_equal (page->head, FAMILIES + 1);
        question.after = number;
    }
    assert_int_equal (number, FAMILIES + 1);
    question.after = 1;
    question.limit = 1;
    const Padan__Journal__V1__Events *page =
        ask (&operator, (struct uuid){ 0 }, &question, &padan__journal__v1__events__descriptor);
    assert_string_equal (page->events[0]->type, "padan.intake.v1.ApplicationEntered");
    assert_string_equal (page->events[0]->state, "entered");
    assert_string_equal (page->events[0]->place, "12.72.01.1003");
    assert_string_equal (page->events[0]->actor_role, "kelurahan");
    ask_tenant (&officer, TENANT, (struct uuid){ 0 }, &question, NULL, PADAN__OUTCOME__OUTCOME_FORBIDDEN);
    ask_tenant (NULL, TENANT, (struct uuid){ 0 }, &question, NULL, PADAN__OUTCOME__OUTCOME_UNAUTHENTICATED);
    page = ask_tenant (&elsewhere, TENANT + 1, (struct uuid){ 0 }, &question, &padan__journal__v1__events__descriptor,
                       PADAN__OUTCOME__OUTCOME_OK);
    assert_int_equal (page->n_events, 0);
}

static void
a_question_waits_for_news (void **state)
{
    Padan__Journal__V1__ListEvents question = PADAN__JOURNAL__V1__LIST_EVENTS__INIT;
    Padan__Intake__V1__WithdrawApplication withdraw = PADAN__INTAKE__V1__WITHDRAW_APPLICATION__INIT;
    question.after = head_number ();
    question.wait_ms = 300;
    int64_t before = clock_monotonic ();
    const Padan__Journal__V1__Events *page =
        ask (&operator, (struct uuid){ 0 }, &question, &padan__journal__v1__events__descriptor);
    assert_int_equal (page->n_events, 0);
    assert_true (clock_monotonic () - before >= 250000); /* it was kept back */
    withdraw.reason = (char *)"atas permintaan warga";
    tell (&officer, families[0], 1, &withdraw);
    question.wait_ms = 9000;
    page = ask (&operator, (struct uuid){ 0 }, &question, &padan__journal__v1__events__descriptor);
    assert_int_equal (page->n_events, 1); /* and not until the end of the wait, or the call would have failed */
    assert_string_equal (page->events[0]->state, "withdrawn");
    assert_string_equal (page->events[0]->code, "");
}

static void
a_story_says_where_it_is (void **state)
{
    Padan__Journal__V1__GetStory question = PADAN__JOURNAL__V1__GET_STORY__INIT;
    const Padan__Journal__V1__Story *story =
        ask (&officer, families[1], &question, &padan__journal__v1__story__descriptor);
    assert_string_equal (story->state, "entered");
    assert_string_equal (story->holder, "intake");
    assert_true (strlen (story->ticket) > 8);
    assert_int_equal (story->n_lines, 1);
    assert_string_equal (story->lines[0]->text, "Permohonan dicatat, jalur baru.");
    assert_true (strlen (story->lines[0]->actor) > 0);
    story = ask (&operator, families[0], &question, &padan__journal__v1__story__descriptor);
    assert_int_equal (story->n_lines, 2);
    assert_string_equal (story->lines[1]->text, "Permohonan dibatalkan: atas permintaan warga.");
    ask_tenant (&stranger, TENANT, families[1], &question, NULL, PADAN__OUTCOME__OUTCOME_NOT_FOUND);
    ask_tenant (&elsewhere, TENANT + 1, families[1], &question, NULL, PADAN__OUTCOME__OUTCOME_NOT_FOUND);
}

static size_t
found (const struct fleet_person *person, const char *text, const char *state)
{
    Padan__Journal__V1__Search question = PADAN__JOURNAL__V1__SEARCH__INIT;
    question.text = (char *)text;
    question.state = (char *)state;
    question.limit = 100;
    const Padan__Journal__V1__Found *page =
        ask (person, (struct uuid){ 0 }, &question, &padan__journal__v1__found__descriptor);
    for (size_t i = 0; i < page->n_lines; i++)
        assert_non_null (strchr (page->lines[i]->nik, '*'));
    return page->n_lines;
}

static void
search_finds_by_ticket_number_and_name (void **state)
{
    Padan__Journal__V1__GetStory question = PADAN__JOURNAL__V1__GET_STORY__INIT;
    const Padan__Journal__V1__Story *story =
        ask (&operator, families[1], &question, &padan__journal__v1__story__descriptor);
    assert_int_equal (found (&operator, story->ticket, ""), 1);
    assert_int_equal (found (&operator, "1272015203850002", ""), 1);
    assert_int_equal (found (&operator, "1272010101150002", ""), 1); /* its KK */
    assert_int_equal (found (&operator, "1272015203859999", ""), 0);
    assert_int_equal (found (&operator, "1272 34679 acdeg", ""), 0); /* well typed, and nobody's */
    assert_int_equal (found (&operator, "siti", ""), FAMILIES);
    assert_int_equal (found (&operator, "rumon siti", ""), FAMILIES / 2);
    assert_int_equal (found (&operator, "marlina rumondang", ""), 0);
    assert_int_equal (found (&operator, "", ""), FAMILIES);
    assert_int_equal (found (&operator, "siti", "withdrawn"), 1);
    assert_int_equal (found (&officer, "siti", ""), FAMILIES);
    assert_int_equal (found (&stranger, "siti", ""), 0);
    assert_int_equal (found (&stranger, "1272015203850002", ""), 0);
    Padan__Journal__V1__Search page_question = PADAN__JOURNAL__V1__SEARCH__INIT;
    page_question.limit = 5;
    size_t n = 0;
    for (;;) {
        const Padan__Journal__V1__Found *page =
            ask (&operator, (struct uuid){ 0 }, &page_question, &padan__journal__v1__found__descriptor);
        n += page->n_lines;
        if (!*page->next_cursor)
            break;
        page_question.cursor = page->next_cursor;
    }
    assert_int_equal (n, FAMILIES);
    page_question.cursor = (char *)"";
    page_question.text = (char *)"1272-34679-ACDEF"; /* its last symbol should be another */
    ask_tenant (&operator, TENANT, (struct uuid){ 0 }, &page_question, NULL, PADAN__OUTCOME__OUTCOME_UNPROCESSABLE);
    page_question.text = (char *)"127201520385000"; /* a NIK short of a digit */
    ask_tenant (&operator, TENANT, (struct uuid){ 0 }, &page_question, NULL, PADAN__OUTCOME__OUTCOME_UNPROCESSABLE);
    page_question.text = (char *)"x";
    ask_tenant (&operator, TENANT, (struct uuid){ 0 }, &page_question, NULL, PADAN__OUTCOME__OUTCOME_UNPROCESSABLE);
}

static void
totals_count_what_is_where (void **state)
{
    Padan__Journal__V1__GetTotals question = PADAN__JOURNAL__V1__GET_TOTALS__INIT;
    const Padan__Journal__V1__Totals *totals =
        ask (&operator, (struct uuid){ 0 }, &question, &padan__journal__v1__totals__descriptor);
    size_t seen = 0;
    for (size_t i = 0; i < totals->n_totals; i++) {
        const Padan__Journal__V1__Total *total = totals->totals[i];
        if (strcmp (total->what, "application") == 0 && strcmp (total->code, "entered") == 0)
            seen += total->count == FAMILIES - 1;
        if (strcmp (total->what, "member") == 0 && strcmp (total->code, "withdrawn") == 0)
            seen += total->count == 1;
    }
    assert_int_equal (seen, 2);
    assert_int_equal (totals->head, head_number ());
}

/* Killed while it reads, and two at once. */
static void
nothing_is_lost_or_twice_when_it_dies (void **state)
{
    Padan__Intake__V1__WithdrawApplication withdraw = PADAN__INTAKE__V1__WITHDRAW_APPLICATION__INIT;
    int64_t before = head_number ();
    withdraw.reason = (char *)"pindah";
    fleet_start (fleet, "journal", 1);
    for (int i = 1; i < FAMILIES; i++) {
        tell (&officer, families[i], 1, &withdraw);
        if (i % 4 == 0) {
            fleet_kill (fleet, "journal", i / 4 % 2);
            fleet_start (fleet, "journal", i / 4 % 2);
        }
    }
    head_wait (before + FAMILIES - 1);
    const char *same = scratch_sql (fleet_scratch (fleet),
                                    "select count(*) = l.n and count(distinct event_id) = l.n and max (number) = l.n "
                                    "from journal.event, (select count(*) n from intake.log) l group by l.n");
    assert_string_equal (same, "t");
    assert_string_equal (scratch_sql (fleet_scratch (fleet), "select count(*) from journal.parked"), "0");
    assert_int_equal (fleet_stop (fleet, "journal", 1), 0);
}

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

/* Every statement is one the migrated schema takes, and the reader's index is used under row-level security. */
static void
the_name_index_is_used_under_row_level_security (void **state)
{
    struct scratch *scratch = fleet_scratch (fleet);
    scratch_sql (scratch, "insert into journal.person_word select 1272, 'KATA' || n, gen_random_uuid (), 1 from "
                          "generate_series (1, 20000) n; analyze journal.person_word; select 1");
    const char *plan = scratch_sql (
        scratch,
        "create function journal.plan () returns text language plpgsql security invoker as $$ declare line text; "
        "plan text := ''; begin for line in execute 'explain select application_id from journal.person_word "
        "where tenant = 1272 and word >= ''SITI'' and word < ''SITI~''' loop plan := plan || line || chr (10); "
        "end loop; return plan; end $$; grant execute on function journal.plan () to padan_journal_reader; "
        "set role padan_journal_reader; set padan.tenants = '{1272}'; select journal.plan ()");
    if (!strstr (plan, "Index Cond") || !strstr (plan, "word"))
        fail_msg ("%s", plan);
    if (!strstr (strstr (plan, "Index Cond"), "SITI"))
        fail_msg ("%s", plan);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (the_stream_has_no_gaps),
        cmocka_unit_test (a_question_waits_for_news),
        cmocka_unit_test (a_story_says_where_it_is),
        cmocka_unit_test (search_finds_by_ticket_number_and_name),
        cmocka_unit_test (totals_count_what_is_where),
        cmocka_unit_test (nothing_is_lost_or_twice_when_it_dies),
        cmocka_unit_test (the_chain_holds),
        cmocka_unit_test (what_lies_beside_the_chain_is_held_against_the_log),
        cmocka_unit_test (the_history_is_signed),
        cmocka_unit_test (what_was_signed_cannot_be_replaced),
        cmocka_unit_test (broken_rows_are_named),
        cmocka_unit_test (a_person_is_erased_and_the_chain_holds),
        cmocka_unit_test (nobody_is_erased_from_what_is_under_way),
        cmocka_unit_test (the_rest_of_history_cannot_be_changed),
        cmocka_unit_test (the_name_index_is_used_under_row_level_security),
    };
    return cmocka_run_group_tests (tests, setup, teardown);
}
