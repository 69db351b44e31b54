/* What waited past its deadline is not worked on when its turn comes: nobody hears the answer. One thread is kept busy
 * by a lock of ours; what comes behind it waits in the queue until its sender has gone. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts.pb-c.h"
#include "common/base/clock.h"
#include "tests/support/fleet.h"
#include "tests/support/test.h"
#include "toy.pb-c.h"

enum { TENANT = 1272, LONG_MS = 20000, SHORT_MS = 300 };

static struct calls {
    atomic_int answered, expired;
} calls;

static void
call_ended (void *context, enum rc rc, struct bus_reply **reply)
{
    atomic_fetch_add (rc == RC_OK ? &calls.answered : &calls.expired, 1);
}

static void
call (struct fleet *fleet, const char *service, bool is_command, const void *data, int patience_ms)
{
    const ProtobufCMessage *message = data;
    Padan__Request request = PADAN__REQUEST__INIT;
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    struct uuid id = uuid_new (clock_now ());
    char key[UUID_TEXT];
    uint8_t packed[256];
    struct err err;
    envelope.id = envelope.subject = uuid_field (&id);
    envelope.type = (char *)message->descriptor->name;
    envelope.tenant = is_command ? TENANT : 0;
    envelope.time = clock_now ();
    envelope.data = (ProtobufCBinaryData){ protobuf_c_message_pack (message, packed), packed };
    if (is_command)
        envelope.key = (char *)uuid_format (id, key);
    *(is_command ? &request.command : &request.query) = &envelope;
    WAIT_UNTIL (bus_call_async (fleet_caller (fleet), service, &request, patience_ms, call_ended, NULL, &err) == RC_OK,
                LONG_MS);
}

/* Of requests refused for coming too late: only of those that were taken up, since its other refusals have no code. */
static int
refused_late (struct fleet *fleet, const char *service)
{
    char command[160], text[32] = "0";
    snprintf (
        command, sizeof command,
        "curl -s -m 5 http://127.0.0.1:%d/metrics | sed -n 's/^padan_refusals_total{code=\"common.expired\"} //p'",
        fleet_page (fleet, service, 0));
    FILE *out = popen (command, "r");
    assert_non_null (out);
    if (!fgets (text, sizeof text, out))
        text[0] = '0';
    pclose (out);
    return atoi (text);
}

static bool
one_waits_for_the_lock (struct fleet *fleet)
{
    return strcmp (scratch_sql (fleet_scratch (fleet),
                                "select count (*) from pg_locks where not granted and database = "
                                "(select oid from pg_database where datname = "
                                "current_database ())"),
                   "1") == 0;
}

/* One call holds the only thread, the next waits behind it until its sender has gone, the last comes after it. */
static void
late_is_refused (struct fleet *fleet, const char *service, const char *table, bool is_command, const void *data)
{
    calls.answered = calls.expired = 0;
    fleet_start (fleet, service, 0);
    scratch_sql (fleet_scratch (fleet), "begin; lock table %s.%s", service, table);
    call (fleet, service, is_command, data, LONG_MS);
    WAIT_UNTIL (one_waits_for_the_lock (fleet), LONG_MS);
    call (fleet, service, is_command, data, SHORT_MS);
    WAIT_UNTIL (calls.expired == 1, LONG_MS);
    assert_int_equal (refused_late (fleet, service), 0);
    scratch_sql (fleet_scratch (fleet), "commit");
    call (fleet, service, is_command, data, LONG_MS);
    WAIT_UNTIL (calls.answered == 2, LONG_MS);
    assert_int_equal (refused_late (fleet, service), 1);
}

static void
a_command_whose_sender_has_gone_is_not_gathered (void **state)
{
    FLEET_AUTO struct fleet *fleet = fleet_new (NULL, (const char *const[]){ "till", NULL }, "toy-", "tester");
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    open.holder = (char *)"Pemegang Uji";
    fleet_set (fleet, "till", "writers = 1");
    late_is_refused (fleet, "till", "account", true, &open);
    assert_string_equal (scratch_sql (fleet_scratch (fleet), "select count (*) from till.account"), "2");
}

static void
a_question_whose_asker_has_gone_is_not_answered (void **state)
{
    FLEET_AUTO struct fleet *fleet = fleet_new (NULL, (const char *const[]){ "accounts", NULL }, "", "gateway");
    Padan__Accounts__V1__Authenticate authenticate = PADAN__ACCOUNTS__V1__AUTHENTICATE__INIT;
    uint8_t hash[32] = { 1 };
    authenticate.token_sha256 = (ProtobufCBinaryData){ sizeof hash, hash };
    fleet_set (fleet, "accounts", "readers = 1");
    late_is_refused (fleet, "accounts", "session", false, &authenticate);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_command_whose_sender_has_gone_is_not_gathered),
        cmocka_unit_test (a_question_whose_asker_has_gone_is_not_answered),
    };
    return cmocka_run_group_tests_name ("engine/deadline", tests, NULL, NULL);
}
