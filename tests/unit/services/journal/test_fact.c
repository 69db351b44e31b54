/* What the public stream shows of every event there is: fill all of an event with canaries and look for them. */
#include <stdio.h>

#include "services/journal/fact.h"
#include "tests/unit/services/journal/history.h"

enum { DEPTH_MAX = 8 };
static const char canary[] = "Kenari Rahasia 1272015203850001";
static const char field_canary[] = "1272015203850001";

/* Every string and bytes field, however deep, and one element in every list. */
static ProtobufCMessage *
canaries_fill (struct arena *arena, const ProtobufCMessageDescriptor *type, const char *text, int depth)
{
    ProtobufCMessage *message = arena_alloc (arena, type->sizeof_message);
    protobuf_c_message_init (type, message);
    for (unsigned i = 0; i < type->n_fields && depth < DEPTH_MAX; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        void *at = (char *)message + field->offset;
        bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
        if (repeated) {
            *(size_t *)(void *)((char *)message + field->quantifier_offset) = 1;
            void *list = arena_alloc (arena, 16);
            *(void **)at = list;
            at = list;
        }
        if (field->type == PROTOBUF_C_TYPE_STRING) {
            *(char **)at = arena_string (arena, text);
        } else if (field->type == PROTOBUF_C_TYPE_BYTES) {
            bool id = strstr (field->name, "_id") != NULL;
            *(ProtobufCBinaryData *)at =
                (ProtobufCBinaryData){ id ? 16 : strlen (text), (uint8_t *)arena_string (arena, text) };
        } else if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
            *(ProtobufCMessage **)at = canaries_fill (arena, field->descriptor, text, depth + 1);
        } else if (field->type == PROTOBUF_C_TYPE_ENUM) {
            *(int *)at = 1;
        }
    }
    return message;
}

static bool
holds (const char *data, size_t size, const char *text)
{
    return memmem (data, size, text, strlen (text)) != NULL;
}

static void
no_event_shows_anything_personal (void **state)
{
    static const char *const canaries[] = { canary, field_canary, "siti rumondang", "SITI", "Jl. Melati 4" };
    for (const struct event_type *type = event_types; type->type; type++)
        for (size_t i = 0; i < sizeof canaries / sizeof *canaries; i++) {
            HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
            size_t n;
            ProtobufCMessage *event = canaries_fill (harness->arena, type->type, canaries[i], 0);
            int64_t version = type->order == ORDER_AFTER ? 0 : 1; /* nothing came before it */
            assert_rc (history_say (harness, "intake", harness_id ('e'), harness_id ('s'), version, event), RC_OK);
            const struct event_row **events = history (harness, &n);
            assert_int_equal (n, 1);
            Padan__Journal__V1__PublicEvent seen;
            event_public (events[0], &seen);
            seen.application_id = (ProtobufCBinaryData){ 0 }; /* an id: here made of the canary */
            size_t size = padan__journal__v1__public_event__get_packed_size (&seen);
            uint8_t *packed = arena_alloc (harness->arena, size + 1);
            padan__journal__v1__public_event__pack (&seen, packed);
            if (holds ((const char *)packed, size, canaries[i]))
                fail_msg ("%s shows \"%s\"", type->type->name, canaries[i]);
        }
}

/* The test above must be able to fail: a code that looks like one is shown. */
static void
codes_are_shown (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
    size_t n;
    ProtobufCMessage *event =
        canaries_fill (harness->arena, &padan__approval__v1__letter_cleared__descriptor, "kabid", 0);
    assert_rc (history_say (harness, "approval", harness_id ('e'), harness_id ('s'), 1, event), RC_OK);
    assert_string_equal (history (harness, &n)[0]->code, "kabid");
    assert_true (code_is_public (""));
    assert_true (code_is_public ("mandiri_active"));
    assert_false (code_is_public ("Siti"));
    assert_false (code_is_public ("siti rumondang"));
    assert_false (code_is_public ("1272015203850001"));
    assert_true (place_is_public ("12.72.01.1003"));
    assert_false (place_is_public ("1272015203850001"));
    assert_false (place_is_public ("Melati"));
}

/* A blocked father and a child who waits for Dukcapil: the father is blocked. */
static void
the_worst_verdict_is_by_strength_and_not_by_number (void **state)
{
    static const struct {
        Padan__Common__V1__Verdict first, second;
        const char *worst;
    } pairs[] = {
        { PADAN__COMMON__V1__VERDICT__VERDICT_BLOCK, PADAN__COMMON__V1__VERDICT__VERDICT_WAITING, "block" },
        { PADAN__COMMON__V1__VERDICT__VERDICT_WAITING, PADAN__COMMON__V1__VERDICT__VERDICT_RETURN, "return" },
        { PADAN__COMMON__V1__VERDICT__VERDICT_WAITING, PADAN__COMMON__V1__VERDICT__VERDICT_SITE_CHECK, "waiting" },
        { PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR, PADAN__COMMON__V1__VERDICT__VERDICT_WARNING, "warning" },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
        Padan__Validation__V1__Judged event = PADAN__VALIDATION__V1__JUDGED__INIT;
        Padan__Common__V1__MemberVerdict members[2] = { PADAN__COMMON__V1__MEMBER_VERDICT__INIT,
                                                        PADAN__COMMON__V1__MEMBER_VERDICT__INIT };
        Padan__Common__V1__MemberVerdict *list[2] = { &members[0], &members[1] };
        size_t n;
        members[0].verdict = pairs[i].first;
        members[1].verdict = pairs[i].second;
        event.verdicts = list;
        event.n_verdicts = 2;
        assert_rc (history_say (harness, "validation", harness_id ('e'), harness_id ('s'), 0, &event),
                   RC_OK); /* 0: nothing came before it */
        assert_string_equal (history (harness, &n)[0]->code, pairs[i].worst);
    }
}

/* The salt makes the hash useless for guessing, and the chain does not need it. */
static void
the_personal_part_is_hashed_with_its_salt (void **state)
{
    uint8_t one[CHAIN_SIZE], two[CHAIN_SIZE], salt[2][SALT_SIZE] = { { 1 }, { 2 } };
    struct bytes data = { (const uint8_t *)canary, sizeof canary }, none = { NULL, 0 };
    personal_hash (salt[0], data, none, one);
    personal_hash (salt[0], data, none, two);
    assert_memory_equal (one, two, sizeof one);
    personal_hash (salt[1], data, none, two);
    assert_memory_not_equal (one, two, sizeof one);
    personal_hash (salt[0], (struct bytes){ data.data, data.size - 1 }, (struct bytes){ data.data + data.size - 1, 1 },
                   two);
    assert_memory_not_equal (one, two, sizeof one);
}

static void
an_unknown_type_is_placed_all_the_same (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
    Padan__Intake__V1__GetApplication newer = PADAN__INTAKE__V1__GET_APPLICATION__INIT; /* any type without a row */
    size_t n;
    assert_rc (history_say (harness, "intake", harness_id ('e'), harness_id ('s'), 1, &newer), RC_OK);
    const struct event_row **events = history (harness, &n);
    assert_int_equal (n, 1);
    assert_string_equal (events[0]->type, "padan.intake.v1.GetApplication");
    assert_string_equal (events[0]->kind, "intake");
    assert_string_equal (events[0]->code, "");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (no_event_shows_anything_personal),
        cmocka_unit_test (codes_are_shown),
        cmocka_unit_test (the_worst_verdict_is_by_strength_and_not_by_number),
        cmocka_unit_test (the_personal_part_is_hashed_with_its_salt),
        cmocka_unit_test (an_unknown_type_is_placed_all_the_same),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
