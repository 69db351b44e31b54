/* padan verify over all services: what spans them, broken one row at a time and named. */
#include <stdio.h>
#include <string.h>

#include "tests/support/fleet.h"
#include "tests/support/test.h"

static struct fleet *fleet;

#define SQL(...) scratch_sql (fleet_scratch (fleet), __VA_ARGS__)

#define A1   "'00000000-0000-7000-8000-00000000000a'" /* the application */
#define L1   "'00000000-0000-7000-8000-00000000000b'" /* its letter */
#define N1   "'00000000-0000-7000-8000-00000000000c'" /* the letter's number row */
#define B1   "'00000000-0000-7000-8000-00000000000d'" /* its batch */
#define M1   "'00000000-0000-7000-8000-00000000000e'" /* its members */
#define M2   "'00000000-0000-7000-8000-0000000000e2'"
#define K1   "'00000000-0000-7000-8000-0000000000c1'" /* their cards */
#define K2   "'00000000-0000-7000-8000-0000000000c2'"
#define P1   "'00000000-0000-7000-8000-0000000000f1'" /* who entered it */
#define P2   "'00000000-0000-7000-8000-0000000000f2'" /* who signed it */
#define HASH "decode (repeat ('ab', 32), 'hex')"

/* Rows of one application at its end, as the services would have written them; journal and logs that no check here
 * needs stay empty. */
static const char rows[] =
    "truncate intake.log, approval.log, batching.log, distribution.log, intake.follow, approval.follow, "
    "batching.follow, "
    "validation.follow, validation.application, validation.claim, "
    "distribution.follow, journal.follow, approval.parked, batching.parked, intake.application, intake.member, "
    "intake.claim, approval.file, "
    "approval.letter, approval.letter_act, approval.letter_file, approval.letter_number, batching.waiting, "
    "batching.person, batching.batch, distribution.card, journal.event, journal.story, journal.head, journal.total;"
    "update intake.log_floor set position = 0;"
    "create or replace function pg_temp.entry (service text, at bigint, version bigint, type text, about uuid "
    "default " A1 ") returns void "
    "language "
    "plpgsql as $$ begin execute format ('insert into %I.log (position, partition, tenant, subject, version, type, id, "
    "hash, envelope) values ($1, 0, 1272, $4, $2, $3, gen_random_uuid (), substring (sha256 (''x''::bytea) for 16), "
    "''x'')', service) using at, version, type, about; execute format ('update %I.log_head set position = $1', "
    "service) using at; end $$;"
    "select pg_temp.entry ('intake', 1, 1, 'padan.intake.v1.ApplicationEntered'), "
    "pg_temp.entry ('intake', 2, 2, 'padan.intake.v1.ApplicationSent'), "
    "pg_temp.entry ('approval', 1, 3, 'padan.approval.v1.FileReceived'), "
    "pg_temp.entry ('approval', 2, 4, 'padan.approval.v1.ApplicationApproved'), "
    "pg_temp.entry ('batching', 1, 5, 'padan.batching.v1.ApplicationQueued'), "
    "pg_temp.entry ('batching', 2, 6, 'padan.batching.v1.MemberAccepted'), "
    "pg_temp.entry ('batching', 3, 7, 'padan.batching.v1.ApplicationFinished'), "
    "pg_temp.entry ('distribution', 1, 1, 'padan.distribution.v1.CardExpected', " K1 "), "
    "pg_temp.entry ('distribution', 2, 1, 'padan.distribution.v1.CardExpected', " K2 ");"
    "insert into validation.application (tenant, id, version, state, source, track, kk_reason, profile, street, "
    "judged_version, waits, poverty_version, membership_version, village) values (1272, " A1
    ", 1, 'open', 'counter', 'baru', 0, " HASH ", '', 1, 0, 0, 0, '');"
    "insert into approval.follow (log, partition, position) values ('intake', 0, 2);"
    "insert into batching.follow (log, partition, position) values ('approval', 0, 2);"
    "insert into distribution.follow (log, partition, position) values ('batching', 0, 3);"
    "insert into intake.application values (1272, " A1 ", 2, 'sent', 't', 'baru', 1, '', '', '', '', '', '', " HASH
    ", " P1 ", now (), 'counter', '', 'approval', '', '', 1, 1, '', now ());"
    "insert into intake.member (tenant, application_id, ordinal, member_id, nik, name, relation, birth_place, "
    "birth_date, sex, marital, phone, conditions, facts, removed, excluded, verdict) values (1272, " A1 ", 0, " M1
    ", 1272010101010001, '', 1, '', '1990-01-01', 1, 1, '', 0, 0, false, false, 1);"
    "insert into intake.claim values (1272, gen_random_uuid (), " A1 ", 't', now ());"
    "insert into approval.file values (1272, " A1 ", 4, 'approved', 't', 'baru', '', 1, " HASH ", " A1 ", " L1
    ", '', 0, now (), null, " P1 ", " P1 ", '');"
    "insert into approval.letter values (1272, " L1 ", 4, 'delivered', 'rekomendasi', 'baru', " HASH
    ", 1, '', 0, now (), null, " HASH ", now () - interval '1 hour', '1/X', " N1
    ", 1, now (), '', '', '', '', null, 0, '', '', null, '');"
    "insert into approval.letter_file values (1272, " L1 ", 0, " A1 ", " A1 ");"
    "insert into approval.letter_act values (1272, " L1
    ", 0, 'paraf_kabid', 'paraf', 3, gen_random_uuid (), '', now (), " HASH "), (1272, " L1
    ", 1, 'tanda_tangan', 'sign', 5, " P2 ", '', now (), " HASH ");"
    "insert into approval.letter_number values (1272, " N1 ", 'X', 'U', 2026, 1);"
    "insert into batching.waiting (tenant, id, version, state, track, ticket, transfer, priority, people, accepted, "
    "refused, "
    "since, due_at, due_day, batch_id, letter_number, profile_sha256, dossier) values (1272, " A1
    ", 7, 'finished', 'baru', "
    "'t', false, 0, 1, 1, 0, now (), now (), current_date, " B1 ", '', " HASH ", '');"
    "insert into batching.person (tenant, application_id, ordinal, member_id, nik, state, line, card_number, reason) "
    "values "
    "(1272, " A1 ", 0, " M1 ", 1272010101010001, 'accepted', 1, '0001234567890', ''), "
    "(1272, " A1 ", 1, " M2 ", 1272010101010002, 'accepted', 2, '0001234567891', '');"
    "insert into batching.batch (tenant, id, version, track, number, state, reason, started_at, applications, people, "
    "accepted, refused, file_size, channel, receipt) values (1272, " B1
    ", 1, 'baru', 'B-1', 'answered', '', now (), 1, 2, 2, "
    "0, 0, '', '');"
    "insert into distribution.card (tenant, id, version, state, application_id, member_id, name, card_number, village, "
    "fetched, couriers, profile_sha256, receiver, relation, reason, expected_at, since, due_at) "
    "select 1272, k, 1, 'expected', " A1 ", m, '', '', '', false, 0, " HASH ", '', '', '', now (), now (), now () "
    "from (values (" K1 "::uuid, " M1 "::uuid), (" K2 ", " M2 ")) c (k, m); select 1";

static int
verify (char *out, size_t size)
{
    const char *argv[] = { "padan", "verify", "--database", scratch_auditor (fleet_scratch (fleet)), NULL };
    CHILD_AUTO struct child *child = child_spawn (argv);
    int code = child_wait (child, 60000);
    snprintf (out, size, "%s", child_output (child));
    return code;
}

static void
test_good (void **state)
{
    char out[8192];
    (void)state;
    SQL ("%s", rows);
    if (verify (out, sizeof out) != 0)
        fail_msg ("%s", out);
}

static void
test_broken (void **state)
{
    static const struct {
        const char *sql, *named;
    } cases[] = {
        { "update approval.log set version = 9 where position = 1", "BROKEN story.version" },
        { "update batching.log set version = 4 where position = 1", "BROKEN story.version" },
        { "delete from approval.file", "BROKEN story.approval" },
        { "delete from batching.waiting", "BROKEN story.batching" },
        { "delete from intake.application", "BROKEN state.row" },
        { "update intake.application set version = 1", "its newest event is 2" },
        { "update intake.application set version = 9", "at version 9, which no event gave it" },
        { "insert into intake.follow (log, partition, position) values ('approval', 0, 2)", "BROKEN story.back" },
        { "insert into validation.follow (log, partition, position) values ('intake', 0, 2); "
          "delete from validation.application",
          "BROKEN story.back" },
        { "update validation.application set judged_version = 0", "BROKEN validation.judged" },
        { "insert into validation.claim values (0, gen_random_uuid (), 1272, " A1 "); "
          "update validation.application set state = 'ended'",
          "BROKEN validation.judged" },
        { "delete from intake.claim", "BROKEN intake.claim" },
        { "update intake.claim set application_id = gen_random_uuid ()", "BROKEN intake.claim" },
        { "update intake.member set removed = true", "BROKEN intake.claim" },
        { "update intake.application set state = 'withdrawn', held_by = ''", "BROKEN intake.claim" },
        { "update intake.application set held_by = ''", "BROKEN story.waits" },
        { "update intake.application set state = 'returned', held_by = 'intake'", "is returned without a deadline" },
        { "update approval.file set state = 'waiting'", "BROKEN story.waits" },
        { "update approval.file set state = 'waiting', act = 'terima', role = 2", "or without a deadline" },
        { "update approval.file set state = 'waiting', act = 'terima', due_at = now ()", "waits in nobody's inbox" },
        { "update approval.file set state = 'drafted', act = 'paraf', letter_id = " A1,
          "waits with a letter there is not" },
        { "update approval.letter set state = 'drafted', due_at = now ()", "waits in nobody's inbox" },
        { "delete from approval.letter_act where kind = 'sign'", "has a number and no signature" },
        { "update approval.letter_act set person_id = " P1 " where kind = 'paraf'", "on what they entered" },
        { "update approval.letter_number set last = 2", "BROKEN letter.number" },
        { "update approval.letter_act set content_sha256 = 'x' where kind = 'paraf'", "BROKEN letter.paraf" },
        { "update approval.letter_act set person_id = " P1 " where kind = 'sign'", "BROKEN letter.paraf" },
        { "update batching.batch set people = 3", "BROKEN batch.person" },
        { "insert into batching.person (tenant, application_id, ordinal, member_id, nik, state, line, card_number, "
          "reason) "
          "select 1272, gen_random_uuid (), 0, gen_random_uuid (), 1272010101010003, 'waiting', 0, '', '' from "
          "generate_series (1, 2)",
          "BROKEN batch.person" },
        { "insert into distribution.card select tenant, gen_random_uuid (), version, state, application_id, member_id, "
          "name, "
          "card_number, village, fetched, couriers, profile_sha256, courier_id, receiver, relation, proof_sha256, "
          "reason, "
          "expected_at, since, due_at from distribution.card where id = " K1,
          "BROKEN card.person" },
        { "delete from distribution.card where id = " K1, "BROKEN card.person" },
        { "delete from distribution.card", "was made, and is not there" },
        { "update distribution.card set due_at = null", "is expected without a deadline" },
        { "update distribution.card set state = 'failed'", "is failed without a reason" },
        { "update batching.person set card_number = '0001234567890'", "belongs to 2 people" },
        { "update batching.person set state = 'refused'", "BROKEN card.person" },
        { "update approval.follow set position = 3", "BROKEN follow.position" },
        { "update intake.log_floor set position = 3", "BROKEN follow.position" },    /* approval has read 2 */
        { "update intake.log_floor set position = 1", "BROKEN intake.log.gapless" }, /* and it is still there */
        { "update approval.follow set last_position = 2", "the entry read at 2 is another now" },
        { "update approval.follow set epoch = gen_random_uuid ()", "BROKEN follow.position" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[8192];
        SQL ("%s", rows);
        SQL ("%s; select 1", cases[i].sql);
        assert_int_equal (verify (out, sizeof out), 1);
        if (!strstr (out, cases[i].named))
            fail_msg ("%s is not named after %s:\n%s", cases[i].named, cases[i].sql, out);
    }
}

static void
test_policy (void **state)
{
    char out[8192];
    (void)state;
    SQL ("%s", rows);
    SQL ("alter table intake.member disable row level security; select 1");
    assert_int_equal (verify (out, sizeof out), 1);
    assert_non_null (strstr (out, "BROKEN intake.tenant.policy"));
    SQL ("alter table intake.member enable row level security; create policy open on intake.member using (true); "
         "select 1");
    assert_int_equal (verify (out, sizeof out), 1);
    assert_non_null (strstr (out, "policy open of table member does not look at the tenant"));
    SQL ("drop policy open on intake.member; select 1");
    assert_int_equal (verify (out, sizeof out), 0);
}

static int
setup (void **state)
{
    (void)state;
    fleet = fleet_new (NULL,
                       (const char *const[]){ "accounts", "intake", "validation", "approval", "batching",
                                              "distribution", "journal", NULL },
                       "", "tester");
    return 0;
}

static int
teardown (void **state)
{
    (void)state;
    fleet_destroy (&fleet);
    return 0;
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_good),
        cmocka_unit_test (test_broken),
        cmocka_unit_test (test_policy),
    };
    return cmocka_run_group_tests (tests, setup, teardown);
}
