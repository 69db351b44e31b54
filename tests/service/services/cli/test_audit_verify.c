/* padan audit verify: a history as the journal writes it passes; every way to tamper with one row is named at that row.
 */
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "services/journal/event.h"
#include "tests/support/fleet.h"
#include "tests/support/test.h"

enum { TENANTS = 2, EVENTS = 2500 }; /* more than a page */

static struct fleet *fleet;

#define SQL(...) scratch_sql (fleet_scratch (fleet), __VA_ARGS__)

static struct uuid
id_of (int64_t tenant, int64_t number)
{
    int64_t name[] = { tenant, number };
    return uuid_of (name, sizeof name);
}

/* Appends a row to a values list, links it to the chain. */
static void
row_write (struct text_buffer *text, int64_t tenant, int64_t number, uint8_t chain[static CHAIN_SIZE],
           struct arena *arena)
{
    uint8_t personal[CHAIN_SIZE] = { (uint8_t)number };
    char id[UUID_TEXT], hash[2 * CHAIN_SIZE + 1], link[2 * CHAIN_SIZE + 1];
    struct event_row row = {
        .tenant = tenant,
        .story = id_of (tenant, -number),
        .number = number,
        .event_id = id_of (tenant, number),
        .type = "padan.intake.v1.ApplicationEntered",
        .kind = "application",
        .version = 1,
        .application_id = id_of (tenant, -number),
        .state = "entered",
        .place = "12.72.01.1003",
        .code = "baru",
        .role = "kelurahan",
        .at = 1795392000000000 + number,
        .personal_hash = { personal, sizeof personal },
    };
    chain_next (&row, chain, arena, chain);
    text_printf (text, "%s(%lld, %lld, '%s', ", number > 1 ? ", " : "", (long long)tenant, (long long)number,
                 uuid_format (row.story, id));
    text_printf (
        text,
        "'%s', '%s', '%s', 1, '%s', '%s', '%s', '%s', '%s', timestamptz '2026-11-23 00:00+00' + %lld * interval "
        "'1 microsecond', '\\x%s', '\\x%s', 'garam', 'alasan', 'Petugas')",
        uuid_format (row.event_id, id), row.type, row.kind, uuid_format (row.application_id, (char[UUID_TEXT]){ 0 }),
        row.state, row.place, row.code, row.role, (long long)number, hex_encode (personal, CHAIN_SIZE, hash),
        hex_encode (chain, CHAIN_SIZE, link));
}

/* Once; tests restore it from there. */
static void
history_keep (void)
{
    struct err err = { 0 };
    DB_AUTO struct db *db = db_new (scratch_admin (fleet_scratch (fleet)), "test");
    for (int64_t tenant = 1271; tenant < 1271 + TENANTS; tenant++) {
        ARENA_AUTO struct arena *arena = arena_new (64 << 20);
        TEXT_AUTO struct text_buffer text = TEXT_BUFFER (8 << 20);
        uint8_t chain[CHAIN_SIZE];
        char hex[2 * CHAIN_SIZE + 1];
        text_add_string (&text,
                         "insert into journal.event (tenant, number, story, event_id, type, kind, version, "
                         "application_id, state, place, code, role, at, personal_hash, chain, salt, detail, actor) "
                         "values ");
        chain_start (tenant, chain);
        for (int64_t number = 1; number <= EVENTS; number++)
            row_write (&text, tenant, number, chain, arena);
        assert_false (text.failed);
        if (db_script (db, text.data, &err) != RC_OK)
            fail_msg ("%s", err.text);
        SQL ("insert into journal.head (tenant, id, number, chain) values (%lld, gen_random_uuid (), %d, '\\x%s'); "
             "select 1",
             (long long)tenant, EVENTS, hex_encode (chain, CHAIN_SIZE, hex));
    }
    SQL (
        "create table event_kept as select * from journal.event; create table head_kept as select * from journal.head; "
        "select 1");
}

static void
history_make (void)
{
    SQL ("truncate journal.event, journal.head; insert into journal.event select * from event_kept; "
         "insert into journal.head select * from head_kept; select 1");
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

static void
an_untouched_history_passes (void **state)
{
    char out[4096];
    history_make ();
    if (audit (out, sizeof out) != 0)
        fail_msg ("%s", out);
    assert_non_null (strstr (out, "tenant 1271: 2500 events"));
    assert_non_null (strstr (out, "tenant 1272: 2500 events"));
}

/* What officers wrote, who acted and the salt may go: the proof stays. */
static void
erasing_what_is_personal_breaks_nothing (void **state)
{
    char out[4096];
    history_make ();
    SQL ("update journal.event set salt = null, detail = null, actor = null where tenant = 1272; select 1");
    if (audit (out, sizeof out) != 0)
        fail_msg ("%s", out);
}

static void
every_tampering_is_named (void **state)
{
    static const struct {
        const char *sql, *named;
    } cases[] = {
        { "update journal.event set code = 'pengalihan' where tenant = 1272 and number = 17", "event 17 " },
        { "update journal.event set place = '12.72.01.1004' where tenant = 1272 and number = 1", "event 1 " },
        { "update journal.event set at = at + interval '1 microsecond' where tenant = 1272 and number = 2400",
          "event 2400 " },
        { "update journal.event set role = 'kadis' where tenant = 1272 and number = 3", "event 3 " },
        { "update journal.event set state = 'approved' where tenant = 1272 and number = 3", "event 3 " },
        { "update journal.event set version = 2 where tenant = 1272 and number = 3", "event 3 " },
        { "update journal.event set application_id = null where tenant = 1272 and number = 3", "event 3 " },
        { "update journal.event set event_id = gen_random_uuid () where tenant = 1272 and number = 9", "event 9 " },
        { "update journal.event set story = gen_random_uuid () where tenant = 1272 and number = 9", "event 9 " },
        { "update journal.event set type = 'padan.intake.v1.ApplicationSent' where tenant = 1272 and number = 9",
          "event 9 " },
        { "update journal.event set kind = 'card' where tenant = 1272 and number = 9", "event 9 " },
        { "update journal.event set personal_hash = sha256 ('x') where tenant = 1272 and number = 2001",
          "event 2001 " },
        { "update journal.event set chain = sha256 ('x') where tenant = 1272 and number = 2000", "event 2000 " },
        { "delete from journal.event where tenant = 1272 and number = 5", "event 5: it is missing" },
        { "delete from journal.event where tenant = 1272 and number = 2500", "event 2500: it is missing" },
        { "delete from journal.event where tenant = 1272", "event 1: it is missing" },
        { "update journal.head set chain = sha256 ('x') where tenant = 1272", "the head has another chain" },
        { "delete from journal.head where tenant = 1272", "BROKEN tenant 1272" },
        { "update journal.event e set number = -e.number where tenant = 1272 and number in (7, 8); update "
          "journal.event "
          "set number = 15 + number where tenant = 1272 and number < 0",
          "event 7 " },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[4096];
        history_make ();
        SQL ("%s; select 1", cases[i].sql);
        assert_int_equal (audit (out, sizeof out), 1);
        if (!strstr (out, cases[i].named) || !strstr (out, "BROKEN tenant 1272") || strstr (out, "BROKEN tenant 1271"))
            fail_msg ("%s is not named after %s:\n%s", cases[i].named, cases[i].sql, out);
    }
}

static int
setup (void **state)
{
    fleet = fleet_new (NULL, (const char *const[]){ "journal", NULL }, "", "tester");
    history_keep ();
    return 0;
}

static int
teardown (void **state)
{
    fleet_destroy (&fleet);
    return 0;
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (an_untouched_history_passes),
        cmocka_unit_test (erasing_what_is_personal_breaks_nothing),
        cmocka_unit_test (every_tampering_is_named),
    };
    return cmocka_run_group_tests (tests, setup, teardown);
}
