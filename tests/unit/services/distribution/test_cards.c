/* A card through its acts: good cases and every refusal. Nobody in it exists. */
#include <stdlib.h>
#include <string.h>

#include "batching.pb-c.h"
#include "common/profiles/profiles.h"
#include "services/distribution/bulk_store.h"
#include "services/distribution/card_store.h"
#include "tests/support/harness.h"
#include "tests/support/test.h"

static const char village[] = "12.72.01.1003";
static struct profile profile;

/* Cards within 40 days, brought by TKSK. */
static int
profile_set (void **state)
{
    static const struct profile_expectation expected = { STAGE_ACTIVE, STAGE_CARD, UNIT_DAYS, 0, 40 };
    static struct profile_track track = { .id = "baru", .expectations = &expected, .expectation_count = 1 };
    memset (&profile, 0, sizeof profile);
    profile.tracks = &track;
    profile.track_count = 1;
    profile.distribution.means = CARD_HOME;
    profile.distribution.couriers = 1 << ROLE_TKSK;
    return 0;
}

static enum rc
accept (struct harness *harness, bool transfer)
{
    Padan__Batching__V1__MemberAccepted event = PADAN__BATCHING__V1__MEMBER_ACCEPTED__INIT;
    Padan__Common__V1__Dossier dossier = PADAN__COMMON__V1__DOSSIER__INIT;
    Padan__Common__V1__Address address = PADAN__COMMON__V1__ADDRESS__INIT;
    Padan__Common__V1__Member member = PADAN__COMMON__V1__MEMBER__INIT, *members[] = { &member };
    struct uuid id = harness_id ('m');
    address.village = (char *)village;
    dossier.track = (char *)"baru";
    member.member_id = uuid_field (&id);
    dossier.members = members;
    dossier.n_members = 1;
    dossier.address = &address;
    dossier.profile_sha256 = (ProtobufCBinaryData){ PROFILE_HASH, profile.hash };
    event.member_id = uuid_field (&id);
    event.card_number = (char *)"0001234567890";
    event.transfer = transfer;
    event.dossier = &dossier;
    harness_entry (harness, "batching", harness_id ('a'), 12, &event)->facts = &profile;
    return harness_run (harness, on_member_accepted, on_member_accepted_keys);
}

static struct uuid
card_id (void)
{
    return card_id_of (harness_id ('m'));
}

/* A card in that state, and a TKSK 't' of its kecamatan, as rows. */
static struct card *
card_row (struct harness *harness, const char *card_state)
{
    struct card *card = harness_row (harness, &card_table, card_id ());
    struct courier *courier = harness_row (harness, &courier_table, harness_id ('t'));
    card->state = card_state;
    card->version = 2;
    card->village = village;
    card->couriers = 1 << PADAN__ROLE__ROLE_TKSK;
    card->application_id = harness_id ('a');
    card->receiver = card->relation = card->reason = "";
    courier->grants = "1272:tksk:12.72.01";
    return card;
}

static enum rc
as (struct harness *harness, Padan__Role role, const char *place, const void *command, decide_fn *decide, keys_fn *keys)
{
    static struct receive_facts facts = { .due_at = 77 };
    harness_command (harness, card_id (), command)->facts = &facts;
    harness_grant (harness, role, place);
    return harness_run (harness, decide, keys);
}

static void
only_new_members_get_cards (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&distribution_service);
    assert_rc (accept (harness, true), RC_OK);
    profile.distribution.means = CARD_NEWS;
    assert_rc (accept (harness, false), RC_OK);
    assert_null (harness_find (harness, &card_table, card_id ()));
    profile.distribution.means = CARD_HOME;
    assert_rc (accept (harness, false), RC_OK);
    const Padan__Distribution__V1__CardExpected *expected =
        harness_event (harness, 0, &padan__distribution__v1__card_expected__descriptor);
    assert_int_equal (expected->due_at, HARNESS_NOW + 40 * 86400 * (int64_t)CLOCK_SECOND);
    assert_int_equal (harness_event_version (harness, 0), 1);
    assert_rc (accept (harness, false), RC_OK); /* seen before */
    assert_int_equal (harness_events (harness), 0);
    const struct card *card = harness_find (harness, &card_table, card_id ());
    assert_string_equal (card->state, "expected");
    assert_int_equal (card->couriers, 1 << PADAN__ROLE__ROLE_TKSK);
    assert_int_equal (card->due_at, expected->due_at);
    assert_false (card->proof_asked);
}

static void
receiving_starts_the_days (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&distribution_service);
    Padan__Distribution__V1__ReceiveCard command = PADAN__DISTRIBUTION__V1__RECEIVE_CARD__INIT;
    assert_refused (as (harness, PADAN__ROLE__ROLE_OPERATOR, "", &command, on_receive_card, NULL), RC_NOT_FOUND,
                    "common.not_found", NULL);
    struct card *card = card_row (harness, "expected");
    assert_refused (as (harness, PADAN__ROLE__ROLE_OPERATOR, "12.72.02", &command, on_receive_card, NULL), RC_FORBIDDEN,
                    "common.forbidden", NULL);
    assert_rc (as (harness, PADAN__ROLE__ROLE_OPERATOR, "", &command, on_receive_card, NULL), RC_OK);
    assert_int_equal (card->due_at, 77);
    const Padan__Distribution__V1__CardReceived *received =
        harness_event (harness, 0, &padan__distribution__v1__card_received__descriptor);
    assert_int_equal (received->due_at, 77);
    assert_refused (as (harness, PADAN__ROLE__ROLE_OPERATOR, "", &command, on_receive_card, NULL), RC_CONFLICT,
                    "distribution.card_state", NULL);
}

static enum rc
hand_to (struct harness *harness, char courier)
{
    Padan__Distribution__V1__HandCard command = PADAN__DISTRIBUTION__V1__HAND_CARD__INIT;
    struct uuid id = harness_id (courier);
    command.courier_id = uuid_field (&id);
    return as (harness, PADAN__ROLE__ROLE_OPERATOR, "", &command, on_hand_card, on_hand_card_keys);
}

static void
a_courier_covers_the_village (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&distribution_service);
    card_row (harness, "received");
    struct courier *far = harness_row (harness, &courier_table, harness_id ('f'));
    struct courier *near = harness_row (harness, &courier_table, harness_id ('k'));
    far->grants = "1272:tksk:12.72.011";
    near->grants = "1272:kelurahan:12.72.01.1003"; /* covers it, but this office's couriers are TKSK */
    assert_refused (hand_to (harness, 'f'), RC_UNPROCESSABLE, "distribution.no_courier", "/courier_id");
    assert_refused (hand_to (harness, 'k'), RC_UNPROCESSABLE, "distribution.no_courier", "/courier_id");
    assert_refused (hand_to (harness, 'x'), RC_UNPROCESSABLE, "distribution.no_courier", "/courier_id");
    assert_rc (hand_to (harness, 't'), RC_OK);
    harness_event (harness, 0, &padan__distribution__v1__card_handed__descriptor);
}

static enum rc
deliver (struct harness *harness, Padan__Role role, const char *place, const char *receiver)
{
    Padan__Distribution__V1__DeliverCard command = PADAN__DISTRIBUTION__V1__DELIVER_CARD__INIT;
    command.receiver = (char *)receiver;
    command.relation = (char *)"ibu";
    return as (harness, role, place, &command, on_deliver_card, NULL);
}

static enum rc
deliver_with (struct harness *harness, uint8_t *proof, size_t size, struct proof_facts facts)
{
    Padan__Distribution__V1__DeliverCard command = PADAN__DISTRIBUTION__V1__DELIVER_CARD__INIT;
    command.receiver = (char *)"TIUR";
    command.relation = (char *)"ibu";
    command.proof_sha256 = (ProtobufCBinaryData){ size, proof };
    harness_command (harness, card_id (), &command)->facts = &facts;
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, "");
    return harness_run (harness, on_deliver_card, NULL);
}

static void
a_delivery_is_proved_where_the_profile_asks_for_it (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&distribution_service);
    struct card *card = card_row (harness, "handed");
    uint8_t proof[STORE_DIGEST] = { 7 };
    card->proof_asked = true;
    assert_refused (deliver_with (harness, NULL, 0, (struct proof_facts){ 0 }), RC_UNPROCESSABLE,
                    "distribution.proof_needed", "/proof_sha256");
    assert_refused (deliver_with (harness, proof, sizeof proof, (struct proof_facts){ 0 }), RC_UNPROCESSABLE,
                    "distribution.proof_missing", "/proof_sha256");
    assert_refused (deliver_with (harness, proof, sizeof proof, (struct proof_facts){ .stored = true }),
                    RC_UNPROCESSABLE, "distribution.proof_content", "/proof_sha256");
    assert_rc (deliver_with (harness, proof, sizeof proof, (struct proof_facts){ true, true }), RC_OK);
    const Padan__Distribution__V1__CardDelivered *delivered =
        harness_event (harness, 0, &padan__distribution__v1__card_delivered__descriptor);
    assert_memory_equal (delivered->proof_sha256.data, proof, sizeof proof);
    assert_memory_equal (card->proof_sha256.data, proof, sizeof proof);
}

static void
only_its_courier_or_the_operator_delivers (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&distribution_service);
    struct card *card = card_row (harness, "handed");
    card->courier_id = harness_id ('t');
    assert_refused (deliver (harness, PADAN__ROLE__ROLE_TKSK, "12.72.01", "TIUR"), RC_FORBIDDEN,
                    "distribution.not_courier", NULL);
    card->courier_id = harness_id ('p'); /* the harness's person */
    assert_refused (deliver (harness, PADAN__ROLE__ROLE_TKSK, "12.72.02", "TIUR"), RC_FORBIDDEN,
                    "distribution.not_courier", NULL); /* moved to another place since */
    assert_refused (deliver (harness, PADAN__ROLE__ROLE_TKSK, "12.72.01", "  "), RC_UNPROCESSABLE, "common.required",
                    "/receiver");
    assert_rc (deliver (harness, PADAN__ROLE__ROLE_TKSK, "12.72.01", "TIUR"), RC_OK);
    assert_string_equal (card->state, "delivered");
    assert_int_equal (card->due_at, 0);
}

/* An office whose couriers are kelurahan officers: they carry, and record what became of it; others of that role not.
 */
static void
kelurahan_officers_carry_where_the_profile_says_so (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&distribution_service);
    struct card *card = card_row (harness, "handed");
    card->courier_id = harness_id ('p');
    assert_refused (deliver (harness, PADAN__ROLE__ROLE_KELURAHAN, village, "TIUR"), RC_FORBIDDEN,
                    "distribution.not_courier", NULL); /* handed to a TKSK, who is that no longer */
    card->couriers = 1 << PADAN__ROLE__ROLE_KELURAHAN;
    card->courier_id = harness_id ('k');
    assert_refused (deliver (harness, PADAN__ROLE__ROLE_KELURAHAN, village, "TIUR"), RC_FORBIDDEN,
                    "distribution.not_courier", NULL);
    card->courier_id = harness_id ('p');
    assert_rc (deliver (harness, PADAN__ROLE__ROLE_KELURAHAN, village, "TIUR"), RC_OK);
}

static void
residents_fetch_only_where_the_profile_says_so (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&distribution_service);
    struct card *card = card_row (harness, "received");
    assert_refused (deliver (harness, PADAN__ROLE__ROLE_OPERATOR, "", "TIUR"), RC_CONFLICT, "distribution.card_state",
                    NULL);
    card->fetched = true;
    assert_rc (deliver (harness, PADAN__ROLE__ROLE_OPERATOR, "", "TIUR"), RC_OK);
}

static void
a_failed_card_is_handed_again (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&distribution_service);
    Padan__Distribution__V1__FailCard command = PADAN__DISTRIBUTION__V1__FAIL_CARD__INIT;
    struct card *card = card_row (harness, "handed");
    assert_refused (as (harness, PADAN__ROLE__ROLE_OPERATOR, "", &command, on_fail_card, NULL), RC_UNPROCESSABLE,
                    "common.required", "/reason");
    command.reason = (char *)"pindah";
    assert_rc (as (harness, PADAN__ROLE__ROLE_OPERATOR, "", &command, on_fail_card, NULL), RC_OK);
    assert_string_equal (card->reason, "pindah");
    assert_true (uuid_is_nil (card->courier_id));
    assert_rc (hand_to (harness, 't'), RC_OK);
    assert_string_equal (card->state, "handed");
}

static void
one_bad_target_undoes_no_other (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&distribution_service);
    Padan__Distribution__V1__ActOnMany command = PADAN__DISTRIBUTION__V1__ACT_ON_MANY__INIT;
    Padan__Distribution__V1__Target targets[2], *list[] = { &targets[0], &targets[1] };
    struct uuid ids[] = { harness_id ('n'), card_id () };
    card_row (harness, "expected");
    for (size_t i = 0; i < 2; i++) {
        padan__distribution__v1__target__init (&targets[i]);
        targets[i].card_id = uuid_field (&ids[i]);
    }
    command.act = (char *)"receive";
    command.targets = list;
    command.n_targets = 2;
    harness_command (harness, harness_id ('b'), &command);
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, "");
    assert_rc (harness_run (harness, on_act_on_many, on_act_on_many_keys), RC_OK);
    assert_int_equal (harness_dues (harness), 2);
    struct bytes asked = harness_due_of (harness, "bulk")->payload;
    ProtobufCBinaryData asker =
        padan__distribution__v1__bulk_due__unpack (arena_protobuf (harness->arena), asked.size, asked.data)->principal;
    for (int i = 0; i < 2; i++) {
        Padan__Distribution__V1__BulkDue due = PADAN__DISTRIBUTION__V1__BULK_DUE__INIT;
        due.act = command.act;
        due.target = &targets[i];
        due.due_at = 77;
        due.principal = asker;
        harness_due (harness, harness_id ('b'), i + 1, &due);
        assert_rc (harness_run (harness, on_bulk, on_bulk_keys), RC_OK);
    }
    struct uuid person = harness_id ('p'), actor;
    assert_true (uuid_from (harness_event_actor (harness, 0)->person_id, &actor)); /* not "a service" */
    assert_int_equal (uuid_compare (actor, person), 0);
    const struct bulk *bulk = harness_find (harness, &bulk_table, harness_id ('b'));
    assert_int_equal (bulk->waiting, 0);
    assert_string_equal (bulk->targets[0].outcome, "refused");
    assert_string_equal (bulk->targets[0].code, "common.not_found");
    assert_string_equal (bulk->targets[1].outcome, "done");
    assert_int_equal (bulk->targets[1].version, 3);
    command.act = (char *)"deliver";
    harness_command (harness, harness_id ('c'), &command);
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, "");
    assert_refused (harness_run (harness, on_act_on_many, on_act_on_many_keys), RC_UNPROCESSABLE, "distribution.no_act",
                    "/act");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup (only_new_members_get_cards, profile_set),
        cmocka_unit_test (receiving_starts_the_days),
        cmocka_unit_test (a_courier_covers_the_village),
        cmocka_unit_test (only_its_courier_or_the_operator_delivers),
        cmocka_unit_test (a_delivery_is_proved_where_the_profile_asks_for_it),
        cmocka_unit_test (kelurahan_officers_carry_where_the_profile_says_so),
        cmocka_unit_test (residents_fetch_only_where_the_profile_says_so),
        cmocka_unit_test (a_failed_card_is_handed_again),
        cmocka_unit_test (one_bad_target_undoes_no_other),
    };
    return cmocka_run_group_tests_name ("services/distribution/cards", tests, NULL, NULL);
}
