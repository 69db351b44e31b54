/* A follower's questions, by the test as the owner of the log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "common/base/clock.h"
#include "common/bus/server.h"
#include "common/engine/ledger.h"
#include "tests/support/fleet.h"
#include "tests/support/test.h"
#include "toy.pb-c.h"

enum { TENANT = 1272, SOON_MS = 4000, PATIENCE_MS = 20000, OWNER_ARENA = 8 << 20 };

static struct bus_server *
owner_new (struct fleet *fleet)
{
    static struct bus_cert cert;
    struct err err;
    char endpoint[64];
    fleet_endpoint (fleet, "till", endpoint, sizeof endpoint);
    assert_int_equal (keys_load (fleet_keys (fleet), "till", &cert, &err), RC_OK);
    struct bus_server *owner = bus_server_new (&cert, fleet_peers (fleet), endpoint, &err);
    assert_non_null (owner);
    return owner;
}

static struct bus_request
question_take (struct bus_server *owner, struct arena *arena, int patience_ms)
{
    struct bus_request request;
    struct err err;
    WAIT_UNTIL (bus_server_receive (owner, arena, &request, &err) == RC_OK, patience_ms);
    assert_non_null (request.message->log_read);
    return request;
}

/* The log's only entry: an account was opened. */
static void
answer_send (struct bus_server *owner, const struct bus_request *request, struct arena *arena)
{
    struct uuid account = { { 1 } }, id = uuid_new (clock_now ()), epoch = { { 2 } };
    uint8_t data[128], digest[crypto_hash_sha256_BYTES];
    Padan__Reply reply = PADAN__REPLY__INIT;
    Padan__LogAnswer answer = PADAN__LOG_ANSWER__INIT;
    Padan__LogEntry entry = PADAN__LOG_ENTRY__INIT, *entries[] = { &entry };
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    Toy__AccountOpened opened = TOY__ACCOUNT_OPENED__INIT;
    opened.holder = (char *)"Pemegang Uji";
    envelope.id = uuid_field (&id);
    envelope.type = (char *)opened.base.descriptor->name;
    envelope.tenant = TENANT;
    envelope.subject = uuid_field (&account);
    envelope.version = 1;
    envelope.time = clock_now ();
    envelope.data = (ProtobufCBinaryData){ toy__account_opened__pack (&opened, data), data };
    entry.position = 1;
    entry.partition = partition_of (account);
    entry.envelope.data = arena_alloc (arena, padan__envelope__get_packed_size (&envelope));
    entry.envelope.len = padan__envelope__pack (&envelope, entry.envelope.data);
    crypto_hash_sha256 (digest, entry.envelope.data, entry.envelope.len);
    entry.hash = (ProtobufCBinaryData){ ENTRY_HASH_SIZE, digest };
    answer.epoch = uuid_field (&epoch);
    answer.upto = answer.head = 1;
    answer.entries = entries;
    answer.n_entries = 1;
    reply.number = request->message->number;
    reply.log_answer = &answer;
    assert_int_equal (bus_server_reply (owner, &request->peer, &reply), RC_OK);
}

static void
a_lost_question_is_asked_again_and_a_late_answer_taken (void **state)
{
    ARENA_AUTO struct arena *arena = arena_new (OWNER_ARENA);
    FLEET_AUTO struct fleet *fleet =
        fleet_new (NULL, (const char *const[]){ "mirror", "+till", NULL }, "toy-", "tester");
    struct bus_server *owner = owner_new (fleet);
    fleet_start (fleet, "mirror", 0);
    struct bus_request first = question_take (owner, arena, PATIENCE_MS);
    struct bus_request second = question_take (owner, arena, SOON_MS); /* the first came to nobody */
    assert_true (second.message->number > first.message->number);
    answer_send (owner, &first, arena); /* it was only slow */
    WAIT_UNTIL (strcmp (scratch_sql (fleet_scratch (fleet), "select count (*) from mirror.copy"), "1") == 0,
                PATIENCE_MS);
    bus_server_destroy (&owner);
}

/* The list was cut after 511 bytes. The last of many instances is the only one that lives. */
static void
every_instance_of_a_long_list_is_asked (void **state)
{
    ARENA_AUTO struct arena *arena = arena_new (OWNER_ARENA);
    FLEET_AUTO struct fleet *fleet =
        fleet_new (NULL, (const char *const[]){ "mirror", "+till", NULL }, "toy-", "tester");
    struct bus_server *owner = owner_new (fleet);
    char peers[2048] = "peers=till=", endpoint[64], config[256];
    for (int i = 1; i < BUS_ENDPOINTS_MAX; i++)
        snprintf (peers + strlen (peers), sizeof peers - strlen (peers), "tcp://127.0.0.127:%030d|", 1000 + i);
    fleet_endpoint (fleet, "till", endpoint, sizeof endpoint);
    strcat (peers, endpoint);
    assert_true (strlen (peers) > 512);
    snprintf (config, sizeof config, "%s/mirror-0.conf", fleet_dir (fleet));
    CHILD_AUTO struct child *mirror =
        child_spawn ((const char *const[]){ "toy-mirror", "--config", config, "--set", peers, NULL });
    question_take (owner, arena, PATIENCE_MS);
    assert_true (child_running (mirror));
    bus_server_destroy (&owner);
}

static bool
says (struct fleet *fleet, const char *event)
{
    return strstr (child_output (fleet_child (fleet, "mirror", 0)), event);
}

/* The lag that the page of mirror shows. */
static int
lag_of (struct fleet *fleet)
{
    char command[160], text[32] = "-1";
    snprintf (command, sizeof command,
              "curl -s -m 5 http://127.0.0.1:%d/metrics | sed -n 's/^padan_lag_entries{log=\"till\"} //p'",
              fleet_page (fleet, "mirror", 0));
    FILE *out = popen (command, "r");
    assert_non_null (out);
    if (!fgets (text, sizeof text, out))
        text[0] = '\0';
    pclose (out);
    return atoi (text);
}

/* Neither the entry's rows nor its parking can be written; then its parking can, but not its being taken again. */
static void
what_cannot_be_written_is_told_with_its_lag (void **state)
{
    ARENA_AUTO struct arena *arena = arena_new (OWNER_ARENA);
    FLEET_AUTO struct fleet *fleet =
        fleet_new (NULL, (const char *const[]){ "mirror", "+till", NULL }, "toy-", "tester");
    struct scratch *scratch = fleet_scratch (fleet);
    struct bus_server *owner = owner_new (fleet);
    scratch_sql (scratch, "alter table mirror.copy add constraint full_of check (false)");
    scratch_sql (scratch, "alter table mirror.parked add constraint full_of check (false)");
    fleet_start (fleet, "mirror", 0);
    struct bus_request question = question_take (owner, arena, PATIENCE_MS);
    answer_send (owner, &question, arena);
    WAIT_UNTIL (says (fleet, "\"source\":\"till\""), PATIENCE_MS);
    assert_int_equal (lag_of (fleet), 1);
    scratch_sql (scratch, "create function mirror.keep () returns trigger language plpgsql as $$ begin "
                          "raise 'kept'; end $$");
    scratch_sql (scratch, "grant execute on function mirror.keep () to public");
    scratch_sql (scratch, "create trigger keep before delete on mirror.parked for each row execute function "
                          "mirror.keep ()");
    scratch_sql (scratch, "alter table mirror.parked drop constraint full_of");
    int64_t deadline = wait_deadline (PATIENCE_MS);
    while (!says (fleet, "\"source\":\"parked\"")) { /* whatever is asked meanwhile */
        struct bus_request again;
        struct err err;
        if (bus_server_receive (owner, arena, &again, &err) == RC_OK)
            answer_send (owner, &again, arena);
        else if (!wait_pause (deadline))
            fail_msg ("%s", child_output (fleet_child (fleet, "mirror", 0)));
    }
    bus_server_destroy (&owner);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_lost_question_is_asked_again_and_a_late_answer_taken),
        cmocka_unit_test (every_instance_of_a_long_list_is_asked),
        cmocka_unit_test (what_cannot_be_written_is_told_with_its_lag),
    };
    return cmocka_run_group_tests_name ("engine/follow", tests, NULL, NULL);
}
