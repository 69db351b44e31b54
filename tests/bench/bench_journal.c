/* How long the journal takes for an event when it has a backlog: applications of four people, five events each, in
 * intake's log; time from the journal's start until all have their numbers. Build preset release with -DPADAN_TESTS=ON;
 * run with PADAN_TEST_DATABASE set. */
#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include "common/base/clock.h"
#include "common/base/store.h"
#include "common/db/db.h"
#include "common/engine/ledger.h"
#include "intake.pb-c.h"
#include "tests/support/fleet.h"
#include "tests/support/test.h"

enum { TENANT = 1272, APPLICATIONS = 20000, EVENTS = 5, MEMBERS = 4, AT_ONCE = 500, WAIT_MS = 600000 };

struct log_entry {
    int64_t position;
    int32_t partition;
    int64_t tenant;
    struct uuid subject;
    int64_t version;
    const char *type;
    struct uuid id;
    struct bytes hash, envelope;
};
static const struct db_column columns[] = {
    DB_COLUMN (DB_INT8, log_entry, position),  DB_COLUMN (DB_INT4, log_entry, partition),
    DB_COLUMN (DB_INT8, log_entry, tenant),    DB_COLUMN (DB_UUID, log_entry, subject),
    DB_COLUMN (DB_INT8, log_entry, version),   DB_COLUMN (DB_TEXT, log_entry, type),
    DB_COLUMN (DB_UUID, log_entry, id),        DB_COLUMN (DB_BYTES, log_entry, hash),
    DB_COLUMN (DB_BYTES, log_entry, envelope),
};
static const struct sql copy = { "bench.copy", "copy intake.log (position, partition, tenant, subject, version, type, "
                                               "id, hash, envelope) from stdin (format binary)" };

static struct bytes
packed (struct arena *arena, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size (message);
    uint8_t *data = arena_alloc (arena, size + 1);
    assert_non_null (data);
    protobuf_c_message_pack (message, data);
    return (struct bytes){ data, size };
}

static struct bytes
event_make (struct arena *arena, int number, int version, const char **ret_type)
{
    Padan__Common__V1__Address address = PADAN__COMMON__V1__ADDRESS__INIT;
    Padan__Common__V1__Dossier dossier = PADAN__COMMON__V1__DOSSIER__INIT;
    Padan__Common__V1__Member members[MEMBERS], *list[MEMBERS];
    Padan__Common__V1__Paper paper = PADAN__COMMON__V1__PAPER__INIT;
    Padan__Intake__V1__ApplicationEntered entered = PADAN__INTAKE__V1__APPLICATION_ENTERED__INIT;
    Padan__Intake__V1__ApplicationSent sent = PADAN__INTAKE__V1__APPLICATION_SENT__INIT;
    Padan__Intake__V1__PaperAttached attached = PADAN__INTAKE__V1__PAPER_ATTACHED__INIT;
    address.village = (char *)"12.72.01.1003";
    dossier.ticket = arena_printf (arena, "1272-%05d-F5HQ4", number);
    dossier.kk = arena_printf (arena, "127201010115%04d", number % 9999 + 1);
    dossier.track = (char *)"baru";
    dossier.address = &address;
    dossier.members = list;
    dossier.n_members = MEMBERS;
    for (int i = 0; i < MEMBERS; i++) {
        padan__common__v1__member__init (&members[i]);
        members[i].name = arena_printf (arena, "NAMA%d MARGA%d", number % 997, i);
        members[i].nik = arena_printf (arena, "12720152%02d85%04d", i + 1, number % 9999 + 1);
        list[i] = &members[i];
    }
    entered.dossier = sent.dossier = &dossier;
    paper.kind = (char *)"kk";
    attached.paper = &paper;
    const ProtobufCMessage *event = version == 1 ? &entered.base : version == EVENTS ? &sent.base : &attached.base;
    *ret_type = event->descriptor->name;
    return packed (arena, event);
}

static void
entry_make (struct arena *arena, struct log_entry *entry, int number, int version, int64_t position)
{
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    uint8_t digest[crypto_hash_sha256_BYTES];
    entry->position = position;
    entry->tenant = TENANT;
    entry->subject = uuid_of (&number, sizeof number);
    entry->partition = (int32_t)partition_of (entry->subject);
    entry->version = version;
    entry->id = uuid_new (clock_now ());
    struct bytes data = event_make (arena, number, version, &entry->type);
    envelope.id = uuid_field (&entry->id);
    envelope.type = (char *)entry->type;
    envelope.tenant = TENANT;
    envelope.subject = uuid_field (&entry->subject);
    envelope.version = version;
    envelope.time = clock_now ();
    envelope.data = (ProtobufCBinaryData){ data.size, (uint8_t *)data.data };
    entry->envelope = packed (arena, &envelope.base);
    crypto_hash_sha256 (digest, entry->envelope.data, entry->envelope.size);
    entry->hash = (struct bytes){ arena_copy (arena, digest, ENTRY_HASH_SIZE), ENTRY_HASH_SIZE };
}

static void
log_fill (struct fleet *fleet)
{
    DB_AUTO struct db *db = db_new (scratch_admin (fleet_scratch (fleet)), "bench");
    int64_t position = 0;
    struct err err;
    for (int first = 0; first < APPLICATIONS; first += AT_ONCE) {
        ARENA_AUTO struct arena *arena = arena_new (256 << 20);
        struct log_entry *entries = arena_array (arena, (size_t)AT_ONCE * EVENTS, sizeof *entries);
        const void **rows = arena_array (arena, (size_t)AT_ONCE * EVENTS, sizeof *rows);
        size_t n = 0;
        for (int version = 1; version <= EVENTS; version++)
            for (int number = first; number < first + AT_ONCE; number++, n++) {
                entry_make (arena, &entries[n], number, version, ++position);
                rows[n] = &entries[n];
            }
        if (db_copy (db, &copy, columns, sizeof columns / sizeof *columns, rows, n, &err) != RC_OK)
            fail_msg ("%s", err.text);
    }
    scratch_sql (fleet_scratch (fleet), "update intake.log_head set position = %lld; select 1", (long long)position);
}

static void
backlog (void **state)
{
    FLEET_AUTO struct fleet *fleet =
        fleet_new (NULL, (const char *const[]){ "intake", "journal", NULL }, "", "gateway");
    char line[256];
    struct store *store;
    struct err err;
    snprintf (line, sizeof line, "%s/store", fleet_dir (fleet));
    assert_int_equal (store_open (line, clock_now (), &store, &err), RC_OK);
    store_destroy (&store);
    snprintf (line, sizeof line, "store = %s/store", fleet_dir (fleet));
    fleet_set (fleet, "intake", line);
    log_fill (fleet);
    fleet_start (fleet, "intake", 0);
    int64_t start = clock_monotonic (), deadline = wait_deadline (WAIT_MS);
    fleet_start (fleet, "journal", 0);
    while (atol (scratch_sql (fleet_scratch (fleet), "select coalesce (max (number), 0) from journal.head")) <
           (long)APPLICATIONS * EVENTS)
        if (!wait_pause (deadline))
            fail_msg ("%s", child_output (fleet_child (fleet, "journal", 0)));
    double spent = (double)(clock_monotonic () - start);
    printf ("%d events, %.1f us an event, %.0f events a second\n", APPLICATIONS * EVENTS,
            spent / ((double)APPLICATIONS * EVENTS), (double)APPLICATIONS * EVENTS * 1e6 / spent);
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (backlog) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
