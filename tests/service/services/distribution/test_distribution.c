/* distribution as a program, on a real PostgreSQL, over CURVE: cards from batching's log to the door. batching and
 * accounts are played by the test; intake gives the profile. Nobody in it exists. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts.pb-c.h"
#include "batching.pb-c.h"
#include "common/base/clock.h"
#include "common/base/store.h"
#include "common/db/db.h"
#include "distribution.pb-c.h"
#include "distribution_sql.h"
#include "intake.pb-c.h"
#include "tests/support/feed.h"
#include "tests/support/test.h"

enum { TENANT = 1272, CALL_MS = 20000, CARDS = 300, LEFT_OUT = 3 };

static struct fleet *fleet;
static struct feed *batching, *accounts;
static struct arena *arena;
static struct fleet_person operator, admin, auditor, courier, other, officer;
static uint8_t profile[32];
static struct store *store;
static uint8_t proof[STORE_DIGEST]; /* a photo in the store */
static char code[64];               /* of the last refusal */

#define sql(...)   scratch_sql (fleet_scratch (fleet), __VA_ARGS__)
#define count(...) strtol (sql (__VA_ARGS__), NULL, 10)

static struct fleet_person
person_make (Padan__Role role, const char *place)
{
    struct fleet_person person = { .id = uuid_new (clock_now ()), .grant = PADAN__GRANT__INIT };
    person.grant.tenant = TENANT;
    person.grant.role = role;
    person.grant.place = (char *)place;
    return person;
}

/* The reply, NULL when refused. */
static const void *
tell (const char *service, const struct fleet_person *person, struct uuid subject, int64_t version, const void *command,
      const ProtobufCMessageDescriptor *type)
{
    static unsigned keys;
    Padan__Reply *reply;
    struct err err = { 0 };
    char key[32];
    snprintf (key, sizeof key, "uji-%u", keys++);
    enum rc rc =
        fleet_command (fleet, service, person, TENANT, subject, version, key, command, CALL_MS, arena, &reply, &err);
    if (rc != RC_OK)
        fail_msg ("%s %s: %s", rc_name (rc), err.text, child_output (fleet_child (fleet, service, 0)));
    snprintf (code, sizeof code, "%s", reply->problem ? reply->problem->code : "");
    return reply->outcome == PADAN__OUTCOME__OUTCOME_OK
               ? protobuf_c_message_unpack (type, arena_protobuf (arena), reply->data.len, reply->data.data)
               : NULL;
}

static const void *
ask (const struct fleet_person *person, struct uuid subject, const void *question,
     const ProtobufCMessageDescriptor *type)
{
    Padan__Reply *reply;
    struct err err = { 0 };
    assert_int_equal (
        fleet_query (fleet, "distribution", person, TENANT, subject, question, CALL_MS, arena, &reply, &err), RC_OK);
    snprintf (code, sizeof code, "%s", reply->problem ? reply->problem->code : "");
    return reply->outcome == PADAN__OUTCOME__OUTCOME_OK
               ? protobuf_c_message_unpack (type, arena_protobuf (arena), reply->data.len, reply->data.data)
               : NULL;
}

static void
publish (void)
{
    static uint8_t content[1 << 20];
    Padan__Intake__V1__PublishProfile command = PADAN__INTAKE__V1__PUBLISH_PROFILE__INIT;
    FILE *file = fopen ("deploy/profiles/pematangsiantar.yaml", "r");
    assert_non_null (file);
    command.yaml = (ProtobufCBinaryData){ fread (content, 1, sizeof content, file), content };
    fclose (file);
    crypto_hash_sha256 (profile, content, command.yaml.len);
    assert_non_null (
        tell ("intake", &admin, (struct uuid){ 0 }, 0, &command, &padan__intake__v1__profile_reply__descriptor));
}

static void
person_tell (const struct fleet_person *person)
{
    Padan__Accounts__V1__PersonAdded event = PADAN__ACCOUNTS__V1__PERSON_ADDED__INIT;
    Padan__Grant grant = person->grant, *grants[] = { &grant };
    event.person_id = uuid_field (&person->id);
    event.grants = grants;
    event.n_grants = 1;
    feed_add (accounts, TENANT, person->id, 1, &event);
}

static int
open_office (void **state)
{
    static const char *const services[] = { "intake", "+batching", "+accounts", "distribution", NULL };
    char line[256];
    struct err err;
    fleet = fleet_new (NULL, services, "", "gateway");
    batching = feed_new (fleet, "batching");
    accounts = feed_new (fleet, "accounts");
    arena = arena_new (64 << 20);
    snprintf (line, sizeof line, "store = %s/store", fleet_dir (fleet));
    fleet_set (fleet, "intake", line);
    fleet_set (fleet, "distribution", line);
    snprintf (line, sizeof line, "%s/store", fleet_dir (fleet));
    assert_int_equal (store_open (line, clock_now (), &store, &err), RC_OK);
    assert_int_equal (store_put (store, "\xff\xd8\xff\xe0 foto", 9, proof, &err), RC_OK);
    operator= person_make (PADAN__ROLE__ROLE_OPERATOR, "");
    admin = person_make (PADAN__ROLE__ROLE_ADMIN, "");
    auditor = person_make (PADAN__ROLE__ROLE_AUDITOR, "");
    courier = person_make (PADAN__ROLE__ROLE_TKSK, "12.72.01");
    other = person_make (PADAN__ROLE__ROLE_TKSK, "12.72.02");
    officer = person_make (PADAN__ROLE__ROLE_KELURAHAN, "12.72.01.1003");
    fleet_start (fleet, "intake", 0);
    publish ();
    fleet_start (fleet, "distribution", 0);
    person_tell (&operator);
    person_tell (&courier);
    person_tell (&other);
    return 0;
}

static int
close_office (void **state)
{
    store_destroy (&store);
    feed_destroy (&batching);
    feed_destroy (&accounts);
    arena_destroy (&arena);
    fleet_destroy (&fleet);
    return 0;
}

static struct uuid
member_id (int number)
{
    char name[32];
    return uuid_of (name, (size_t)snprintf (name, sizeof name, "warga %d", number));
}

static struct uuid
card_id (int number)
{
    struct uuid member = member_id (number);
    return uuid_of (&member, sizeof member);
}

static void
accept (int number, bool transfer)
{
    Padan__Batching__V1__MemberAccepted event = PADAN__BATCHING__V1__MEMBER_ACCEPTED__INIT;
    Padan__Common__V1__Dossier dossier = PADAN__COMMON__V1__DOSSIER__INIT;
    Padan__Common__V1__Address address = PADAN__COMMON__V1__ADDRESS__INIT;
    Padan__Common__V1__Member member = PADAN__COMMON__V1__MEMBER__INIT, *members[] = { &member };
    struct uuid id = member_id (number), application = uuid_of (&id, 8);
    char card[16];
    snprintf (card, sizeof card, "%013d", number);
    address.village = (char *)"12.72.01.1003";
    dossier.track = (char *)"baru";
    member.member_id = uuid_field (&id);
    member.name = (char *)"SITI RUMONDANG";
    dossier.members = members;
    dossier.n_members = 1;
    dossier.address = &address;
    dossier.profile_sha256 = (ProtobufCBinaryData){ sizeof profile, profile };
    event.member_id = uuid_field (&id);
    event.card_number = card;
    event.transfer = transfer;
    event.dossier = &dossier;
    feed_add (batching, TENANT, application, 12, &event);
}

static void
every_statement_prepares (void **state)
{
    DB_AUTO struct db *db = db_new (scratch_login (fleet_scratch (fleet), "distribution"), "test");
    struct err err;
    for (const struct sql *const *statement = distribution_sql; *statement; statement++) {
        char *text =
            arena_printf (arena, "set search_path = distribution; prepare p as %s; deallocate p", (*statement)->text);
        if (db_script (db, text, &err) != RC_OK)
            fail_msg ("%s: %s", (*statement)->name, err.text);
    }
}

static void
the_accepted_get_cards_and_the_transferred_none (void **state)
{
    Padan__Distribution__V1__ListCards question = PADAN__DISTRIBUTION__V1__LIST_CARDS__INIT;
    for (int i = 0; i < CARDS; i++)
        accept (i, false);
    accept (CARDS, true);
    accept (CARDS + 1, false);
    WAIT_UNTIL (count ("select count (*) from distribution.card") == CARDS + 1, 30000);
    question.state = (char *)"expected";
    question.limit = 2;
    const Padan__Distribution__V1__Cards *page =
        ask (&operator, (struct uuid){ 0 }, &question, &padan__distribution__v1__cards__descriptor);
    assert_int_equal (page->n_cards, 2);
    assert_string_equal (page->cards[0]->name, "SITI RUMONDANG");
    assert_int_equal (strncmp (page->cards[0]->card_number, "*********", 9), 0);
    assert_int_equal (strlen (page->cards[0]->card_number), 13);
    assert_int_equal (page->cards[0]->version, 1);
    assert_true (page->cards[0]->due_at > clock_now ());
    question.cursor = page->next_cursor;
    page = ask (&operator, (struct uuid){ 0 }, &question, &padan__distribution__v1__cards__descriptor);
    assert_int_equal (page->n_cards, 2);
    question.place = (char *)"12.72.02";
    question.cursor = (char *)"";
    page = ask (&operator, (struct uuid){ 0 }, &question, &padan__distribution__v1__cards__descriptor);
    assert_int_equal (page->n_cards, 0);
    page = ask (&courier, (struct uuid){ 0 }, &question, &padan__distribution__v1__cards__descriptor);
    assert_int_equal (page->n_cards, 0); /* nothing handed yet */
    question.place = (char *)"12.72.01.1003";
    page = ask (&officer, (struct uuid){ 0 }, &question, &padan__distribution__v1__cards__descriptor);
    assert_int_equal (page->n_cards, 0); /* those of their village are no business of theirs before */
}

/* Acts on all cards but the last LEFT_OUT, and on one that does not exist. */
static struct uuid
act_on_many (const char *act, int64_t version, const struct fleet_person *to)
{
    Padan__Distribution__V1__ActOnMany command = PADAN__DISTRIBUTION__V1__ACT_ON_MANY__INIT;
    static Padan__Distribution__V1__Target targets[CARDS], *list[CARDS];
    static struct uuid ids[CARDS];
    struct uuid bulk = uuid_new (clock_now ());
    for (int i = 0; i < CARDS - LEFT_OUT + 1; i++) {
        ids[i] = i == CARDS - LEFT_OUT ? bulk : card_id (i);
        padan__distribution__v1__target__init (&targets[i]);
        targets[i].card_id = uuid_field (&ids[i]);
        targets[i].version = version;
        list[i] = &targets[i];
    }
    command.act = (char *)act;
    command.targets = list;
    command.n_targets = CARDS - LEFT_OUT + 1;
    if (to)
        command.courier_id = uuid_field (&to->id);
    const Padan__Distribution__V1__BulkReply *reply =
        tell ("distribution", &operator, bulk, 0, &command, &padan__distribution__v1__bulk_reply__descriptor);
    assert_non_null (reply);
    assert_int_equal (reply->targets, CARDS - LEFT_OUT + 1);
    return bulk;
}

static long
results (struct uuid bulk, const char *outcome)
{
    char id[UUID_TEXT];
    return count ("select count (*) from distribution.bulk_target where bulk_id = '%s' and outcome = '%s'",
                  uuid_format (bulk, id), outcome);
}

static void
many_are_received_across_a_kill (void **state)
{
    Padan__Distribution__V1__ListBulkResults question = PADAN__DISTRIBUTION__V1__LIST_BULK_RESULTS__INIT;
    struct uuid bulk = act_on_many ("receive", 1, NULL);
    fleet_kill (fleet, "distribution", 0);
    fleet_start (fleet, "distribution", 0);
    WAIT_UNTIL (results (bulk, "waiting") == 0, 90000);
    assert_int_equal (results (bulk, "done"), CARDS - LEFT_OUT);
    assert_int_equal (results (bulk, "refused"), 1);
    assert_int_equal (count ("select count (*) from distribution.card where state = 'received' and version = 2"),
                      CARDS - LEFT_OUT);
    assert_int_equal (count ("select count (*) from distribution.log where type like '%%CardReceived'"),
                      CARDS - LEFT_OUT);
    const Padan__Distribution__V1__BulkResults *page =
        ask (&operator, bulk, &question, &padan__distribution__v1__bulk_results__descriptor);
    assert_int_equal (page->waiting, 0);
    assert_int_equal (page->n_results, 50);
    assert_string_equal (page->results[0]->outcome, "done");
    assert_int_equal (page->results[0]->version, 2);
    assert_true (strlen (page->next_cursor) > 0);
}

static void
only_a_courier_of_the_place_carries (void **state)
{
    Padan__Distribution__V1__HandCard command = PADAN__DISTRIBUTION__V1__HAND_CARD__INIT;
    command.courier_id = uuid_field (&other.id);
    assert_null (
        tell ("distribution", &operator, card_id (0), 2, &command, &padan__distribution__v1__card_reply__descriptor));
    assert_string_equal (code, "distribution.no_courier");
    command.courier_id = uuid_field (&operator.id);
    assert_null (
        tell ("distribution", &operator, card_id (0), 2, &command, &padan__distribution__v1__card_reply__descriptor));
    assert_string_equal (code, "distribution.no_courier");
    command.courier_id = uuid_field (&courier.id);
    assert_null (
        tell ("distribution", &operator, card_id (0), 1, &command, &padan__distribution__v1__card_reply__descriptor));
    assert_string_equal (code, "common.stale");
    assert_null (
        tell ("distribution", &courier, card_id (0), 2, &command, &padan__distribution__v1__card_reply__descriptor));
    assert_string_equal (code, "common.forbidden");
    struct uuid bulk = act_on_many ("hand", 2, &courier);
    WAIT_UNTIL (results (bulk, "waiting") == 0, 60000);
    assert_int_equal (results (bulk, "done"), CARDS - LEFT_OUT);
}

static const Padan__Distribution__V1__CardReply *
deliver (const struct fleet_person *person, int number, const char *receiver, const char *relation)
{
    Padan__Distribution__V1__DeliverCard command = PADAN__DISTRIBUTION__V1__DELIVER_CARD__INIT;
    command.receiver = (char *)receiver;
    command.relation = (char *)relation;
    command.proof_sha256 = (ProtobufCBinaryData){ sizeof proof, proof };
    return tell ("distribution", person, card_id (number), 0, &command,
                 &padan__distribution__v1__card_reply__descriptor);
}

static void
cards_reach_the_door (void **state)
{
    uint8_t photo[STORE_DIGEST];
    struct err err;
    Padan__Distribution__V1__GetCard question = PADAN__DISTRIBUTION__V1__GET_CARD__INIT;
    proof[0] ^= 1;
    assert_null (deliver (&courier, 0, "TIUR", "ibu"));
    assert_string_equal (code, "distribution.proof_missing");
    proof[0] ^= 1;
    memcpy (photo, proof, sizeof photo);
    assert_int_equal (store_put (store, "nik;nama\n", 9, proof, &err), RC_OK);
    assert_null (deliver (&courier, 0, "TIUR", "ibu"));
    assert_string_equal (code, "distribution.proof_content");
    memcpy (proof, photo, sizeof proof);
    assert_null (deliver (&courier, 0, "", "ibu"));
    assert_string_equal (code, "common.required");
    assert_null (deliver (&other, 0, "TIUR", "ibu"));
    assert_string_equal (code, "distribution.not_courier");
    assert_string_equal (deliver (&courier, 0, "TIUR", "ibu")->state, "delivered");
    assert_string_equal (deliver (&operator, 1, "TOGAR", "yang bersangkutan")->state, "delivered");
    assert_null (deliver (&courier, 0, "TIUR", "ibu"));
    assert_string_equal (code, "distribution.card_state");
    assert_null (deliver (&operator, CARDS - 1, "TIUR", "ibu")); /* never received */
    assert_string_equal (code, "distribution.card_state");
    const Padan__Distribution__V1__CardView *view =
        ask (&courier, card_id (0), &question, &padan__distribution__v1__card_view__descriptor);
    assert_string_equal (view->receiver, "TIUR");
    assert_int_equal (view->due_at, 0);
    assert_true (view->proof_asked); /* so says the profile */
    assert_memory_equal (view->proof_sha256.data, proof, sizeof proof);
    assert_null (ask (&other, card_id (0), &question, &padan__distribution__v1__card_view__descriptor));
    assert_string_equal (code, "common.not_found");
    assert_non_null (ask (&auditor, card_id (0), &question, &padan__distribution__v1__card_view__descriptor));
}

static void
a_failed_card_goes_again (void **state)
{
    Padan__Distribution__V1__FailCard fail = PADAN__DISTRIBUTION__V1__FAIL_CARD__INIT;
    Padan__Distribution__V1__HandCard hand = PADAN__DISTRIBUTION__V1__HAND_CARD__INIT;
    assert_null (
        tell ("distribution", &courier, card_id (2), 0, &fail, &padan__distribution__v1__card_reply__descriptor));
    assert_string_equal (code, "common.required");
    fail.reason = (char *)"tidak ditemukan";
    hand.courier_id = uuid_field (&courier.id);
    const Padan__Distribution__V1__CardReply *reply =
        tell ("distribution", &courier, card_id (2), 0, &fail, &padan__distribution__v1__card_reply__descriptor);
    assert_string_equal (reply->state, "failed");
    reply = tell ("distribution", &operator, card_id (2), reply->version, &hand,
                  &padan__distribution__v1__card_reply__descriptor);
    assert_string_equal (reply->state, "handed");
    assert_string_equal (deliver (&courier, 2, "TIUR", "ibu")->state, "delivered");
    assert_int_equal (count ("select count (*) from distribution.parked"), 0);
    assert_int_equal (count ("select count (*) from distribution.card c where version <> (select count (*) from "
                             "distribution.log l where l.subject = c.id)"),
                      0);
}

static void
a_disabled_courier_carries_nothing (void **state)
{
    Padan__Accounts__V1__PersonDisabled event = PADAN__ACCOUNTS__V1__PERSON_DISABLED__INIT;
    Padan__Distribution__V1__FailCard fail = PADAN__DISTRIBUTION__V1__FAIL_CARD__INIT;
    Padan__Distribution__V1__HandCard hand = PADAN__DISTRIBUTION__V1__HAND_CARD__INIT;
    fail.reason = (char *)"pindah";
    hand.courier_id = uuid_field (&courier.id);
    event.person_id = uuid_field (&courier.id);
    assert_non_null (
        tell ("distribution", &operator, card_id (3), 0, &fail, &padan__distribution__v1__card_reply__descriptor));
    feed_add (accounts, TENANT, courier.id, 2, &event);
    WAIT_UNTIL (count ("select count (*) from distribution.courier where grants = ''") == 1, 30000);
    assert_null (
        tell ("distribution", &operator, card_id (3), 0, &hand, &padan__distribution__v1__card_reply__descriptor));
    assert_string_equal (code, "distribution.no_courier");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_statement_prepares),
        cmocka_unit_test (the_accepted_get_cards_and_the_transferred_none),
        cmocka_unit_test (many_are_received_across_a_kill),
        cmocka_unit_test (only_a_courier_of_the_place_carries),
        cmocka_unit_test (cards_reach_the_door),
        cmocka_unit_test (a_failed_card_goes_again),
        cmocka_unit_test (a_disabled_courier_carries_nothing),
    };
    return cmocka_run_group_tests_name ("services/distribution", tests, open_office, close_office);
}
