/* journal between two logs, on a real PostgreSQL: an event that waits for one of another log survives kill -9 and takes
 * its turn; a second event for a version is parked for a person and stops nobody else; tenants count by themselves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "approval.pb-c.h"
#include "common/base/clock.h"
#include "common/base/store.h"
#include "common/base/text.h"
#include "common/engine/ledger.h"
#include "intake.pb-c.h"
#include "journal.pb-c.h"
#include "services/journal/event.h"
#include "tests/support/fleet.h"
#include "tests/support/test.h"

enum { TENANT = 1272, SEEN_MS = 30000, ENVELOPE_MOST = 2000 };

static struct fleet *fleet;

#define SQL(...) scratch_sql (fleet_scratch (fleet), __VA_ARGS__)

/* Appends to a service's log as the service would. */
static void
log_append (const char *log, int64_t tenant, struct uuid subject, int64_t version, const ProtobufCMessage *event)
{
    uint8_t data[ENVELOPE_MOST], packed[ENVELOPE_MOST], digest[crypto_hash_sha256_BYTES];
    char hex[2 * ENVELOPE_MOST + 1], hash[2 * ENTRY_HASH_SIZE + 1], id_text[UUID_TEXT], subject_text[UUID_TEXT];
    struct uuid id = uuid_new (clock_now ());
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    envelope.id = uuid_field (&id);
    envelope.type = (char *)event->descriptor->name;
    envelope.tenant = tenant;
    envelope.subject = uuid_field (&subject);
    envelope.version = version;
    envelope.time = clock_now ();
    envelope.data = (ProtobufCBinaryData){ protobuf_c_message_pack (event, data), data };
    size_t size = padan__envelope__pack (&envelope, packed);
    crypto_hash_sha256 (digest, packed, size);
    SQL ("with head as (update %s.log_head set position = position + 1 returning position) insert into %s.log select "
         "position, %u, %lld, '%s', %lld, '%s', '%s', '\\x%s', '\\x%s' from head; select 1",
         log, log, partition_of (subject), (long long)tenant, uuid_format (subject, subject_text), (long long)version,
         envelope.type, uuid_format (id, id_text), hex_encode (digest, ENTRY_HASH_SIZE, hash),
         hex_encode (packed, size, hex));
}

static void
say_intake (int64_t tenant, struct uuid subject, int64_t version)
{
    Padan__Intake__V1__ApplicationEntered entered = PADAN__INTAKE__V1__APPLICATION_ENTERED__INIT;
    Padan__Intake__V1__PaperAttached attached = PADAN__INTAKE__V1__PAPER_ATTACHED__INIT;
    log_append ("intake", tenant, subject, version, version == 1 ? &entered.base : &attached.base);
}

static void
say_approval (int64_t tenant, struct uuid subject, int64_t version)
{
    Padan__Approval__V1__FileReceived received = PADAN__APPROVAL__V1__FILE_RECEIVED__INIT;
    received.act = (char *)"terima";
    log_append ("approval", tenant, subject, version, &received.base);
}

/* Until the statement says `expected`. */
static void
wait_sql (const char *expected, const char *text)
{
    int64_t deadline = wait_deadline (SEEN_MS);
    for (;;) {
        const char *is = SQL ("%s", text);
        if (strcmp (is, expected) == 0)
            return;
        if (!wait_pause (deadline))
            fail_msg ("%s: %s, not %s\n%s", text, is, expected, child_output (fleet_child (fleet, "journal", 0)));
    }
}

static const char *
text (struct uuid id)
{
    static char buffer[UUID_TEXT];
    return uuid_format (id, buffer);
}

static void
an_event_waits_for_another_log (void **state)
{
    struct uuid id = uuid_new (clock_now ());
    char order[256];
    say_approval (TENANT, id, 4);
    say_approval (TENANT, id, 3);
    wait_sql ("2", "select count(*) from journal.held where version > 0");
    assert_string_equal (SQL ("select count(*) from journal.event"), "0");
    fleet_kill (fleet, "journal", 0);
    say_intake (TENANT, id, 1);
    fleet_start (fleet, "journal", 0);
    wait_sql ("1", "select count(*) from journal.event");
    say_intake (TENANT, id, 2);
    wait_sql ("4", "select count(*) from journal.event");
    snprintf (order, sizeof order, "%s",
              SQL ("select string_agg (version || split_part (type, '.', 2), ' ' order by number) from journal.event"));
    assert_string_equal (order, "1intake 2intake 3approval 4approval");
    assert_string_equal (SQL ("select count(*) from journal.held where version > 0 or envelope is not null"), "0");
    assert_string_equal (SQL ("select count(*) from journal.parked"), "0");
    assert_string_equal (SQL ("select state || version from journal.story where id = '%s'", text (id)), "received4");
}

static void
a_conflict_stops_nobody_else (void **state)
{
    struct uuid id = uuid_new (clock_now ()), other = uuid_new (clock_now ());
    SQL ("truncate journal.event, journal.story, journal.head, journal.total, journal.held; select 1");
    say_intake (TENANT, id, 1);
    wait_sql ("1", "select count(*) from journal.event");
    say_approval (TENANT, id, 1);
    say_approval (TENANT, id, 2);
    wait_sql ("2", "select count(*) from journal.parked");
    assert_string_equal (SQL ("select reason ~ 'another event made version 1' from journal.parked order by position "
                              "limit 1"),
                         "t");
    say_intake (TENANT, other, 1);
    say_approval (TENANT, other, 2);
    wait_sql ("3", "select count(*) from journal.event");
    assert_string_equal (SQL ("select count(*) from journal.event where story = '%s'", text (id)), "1");
    SQL ("delete from journal.parked; select 1");
}

/* Numbers and chains of their own, in one batch. */
static void
tenants_count_by_themselves (void **state)
{
    struct uuid id = uuid_new (clock_now ());
    SQL ("truncate journal.event, journal.story, journal.head, journal.total, journal.held; select 1");
    fleet_kill (fleet, "journal", 0);
    for (int i = 0; i < 30; i++) {
        struct uuid subject = uuid_of (&i, sizeof i);
        say_intake (TENANT + i % 3, subject, 1);
        say_approval (TENANT + i % 3, subject, 2);
        say_intake (TENANT + i % 3, id, i / 3 + 1); /* the same id in three tenants */
    }
    fleet_start (fleet, "journal", 0);
    wait_sql ("90", "select count(*) from journal.event");
    assert_string_equal (SQL ("select string_agg (n || ' ' || tenant, ', ' order by tenant) from (select tenant, count "
                              "(*) || ' ' || max (number) n from journal.event group by tenant) t"),
                         "30 30 1272, 30 30 1273, 30 30 1274");
    const char *argv[] = { "padan", "audit", "verify", "--database", scratch_auditor (fleet_scratch (fleet)), NULL };
    CHILD_AUTO struct child *child = child_spawn (argv);
    if (child_wait (child, 60000) != 0)
        fail_msg ("%s", child_output (child));
}

/* Drafted, cleared, signed with its number, sealed, delivered, returned: the story of an application that was on it. */
static void
a_letter_is_told_with_its_application (void **state)
{
    struct uuid id = uuid_new (clock_now ()), letter = uuid_new (clock_now ()), other = uuid_new (clock_now ());
    Padan__Approval__V1__FileDrafted file = PADAN__APPROVAL__V1__FILE_DRAFTED__INIT;
    Padan__Approval__V1__LetterDrafted drafted = PADAN__APPROVAL__V1__LETTER_DRAFTED__INIT;
    Padan__Approval__V1__LetterCleared cleared = PADAN__APPROVAL__V1__LETTER_CLEARED__INIT;
    Padan__Approval__V1__LetterReturned returned = PADAN__APPROVAL__V1__LETTER_RETURNED__INIT;
    Padan__Approval__V1__LetterSigned sign = PADAN__APPROVAL__V1__LETTER_SIGNED__INIT;
    Padan__Approval__V1__LetterSealed sealed = PADAN__APPROVAL__V1__LETTER_SEALED__INIT;
    Padan__Approval__V1__LetterDelivered delivered = PADAN__APPROVAL__V1__LETTER_DELIVERED__INIT;
    static const char *const texts[] = {
        "Permohonan dicatat, jalur ….",
        "Konsep surat dibuat (…).",
        "Konsep surat untuk 30 orang dibuat.",
        "Surat diparaf (kabid).",
        "Surat dikembalikan ke penyusunan, semua paraf batal: salah kop.",
        "Surat ditandatangani dengan nomor 400.9.14/7/2026.",
        "Surat akhir dibuat sebagai PDF.",
        "Surat diserahkan kepada BPJS Kesehatan.",
    };
    ARENA_AUTO struct arena *arena = arena_new (8 << 20);
    struct fleet_person kadis = { .id = uuid_new (clock_now ()), .grant = PADAN__GRANT__INIT };
    kadis.grant.tenant = TENANT;
    kadis.grant.role = PADAN__ROLE__ROLE_KADIS;
    SQL ("truncate journal.event, journal.story, journal.head, journal.total, journal.held; select 1");
    file.letter_id = drafted.letter_id = uuid_field (&letter);
    drafted.people = 30;
    cleared.role = (char *)"kabid";
    returned.reason = (char *)"salah kop";
    sign.number = (char *)"400.9.14/7/2026";
    delivered.to = (char *)"BPJS Kesehatan";
    say_intake (TENANT, id, 1);
    log_append ("approval", TENANT, id, 2, &file.base);
    wait_sql ("2", "select count(*) from journal.event");
    const ProtobufCMessage *acts[] = { &drafted.base, &cleared.base, &returned.base,
                                       &sign.base,    &sealed.base,  &delivered.base };
    for (int i = 0; i < 6; i++)
        log_append ("approval", TENANT, letter, i + 1, acts[i]);
    log_append ("approval", TENANT, other, 1, &drafted.base); /* a letter it is not on */
    wait_sql ("9", "select count(*) from journal.event");
    Padan__Journal__V1__GetStory question = PADAN__JOURNAL__V1__GET_STORY__INIT;
    Padan__Reply *reply;
    struct err err = { 0 };
    assert_int_equal (fleet_query (fleet, "journal", &kadis, TENANT, id, &question, SEEN_MS, arena, &reply, &err),
                      RC_OK);
    assert_int_equal (reply->outcome, PADAN__OUTCOME__OUTCOME_OK);
    const Padan__Journal__V1__Story *story =
        padan__journal__v1__story__unpack (arena_protobuf (arena), reply->data.len, reply->data.data);
    assert_int_equal (story->n_lines, sizeof texts / sizeof *texts);
    for (size_t i = 0; i < story->n_lines; i++)
        assert_string_equal (story->lines[i]->text, texts[i]);
    assert_string_equal (story->lines[2]->subject_kind, "letter");
}

static int
setup (void **state)
{
    char line[256];
    struct store *store;
    struct err err;
    fleet = fleet_new (NULL, (const char *const[]){ "intake", "approval", "journal", NULL }, "", "gateway");
    snprintf (line, sizeof line, "%s/store", fleet_dir (fleet));
    assert_int_equal (store_open (line, clock_now (), &store, &err), RC_OK);
    store_destroy (&store);
    snprintf (line, sizeof line, "store = %s/store", fleet_dir (fleet));
    fleet_set (fleet, "intake", line);
    fleet_set (fleet, "approval", line);
    fleet_start_all (fleet);
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
        cmocka_unit_test (an_event_waits_for_another_log),
        cmocka_unit_test (a_conflict_stops_nobody_else),
        cmocka_unit_test (tenants_count_by_themselves),
        cmocka_unit_test (a_letter_is_told_with_its_application),
    };
    return cmocka_run_group_tests (tests, setup, teardown);
}
