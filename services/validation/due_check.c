/* Due "check": an application's people are judged outside any transaction; the verdict is kept and told (Judged) if the
 * application is still as it was judged. Touches the application and its members, the claims on its people, Dukcapil's
 * kept answers; holds the current versions of the registries it relied on. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "services/validation/answer_store.h"
#include "services/validation/check.h"
#include "services/validation/claim_store.h"
#include "services/validation/registry_store.h"
#include "services/validation/verdict.h"

typedef Padan__Validation__V1__CheckResult result_t;

enum { WAIT_FIRST_S = 5, WAIT_LAST_S = 300, WAIT_DOUBLINGS = 6 };

void
check_later (struct unit *unit, const struct application *row, int32_t priority, int64_t at)
{
    Padan__Validation__V1__CheckDue payload = PADAN__VALIDATION__V1__CHECK_DUE__INIT;
    payload.priority = priority;
    unit_due (unit, &(struct due){
                        .kind = "check",
                        .tenant = row->tenant,
                        .subject = row->id,
                        .input_version = row->version,
                        .priority = priority,
                        .due_at = at,
                        .payload = &payload,
                    });
}

/* ---------------------------------------------------------------- work */

/* A person who is free, or held by this application already, is held for it when the verdict commits. */
static void
claims_want (struct checking *check, const struct check_case *one, result_t *result)
{
    result->claim_id = arena_array (check->arena, one->n_people + 1, sizeof *result->claim_id);
    MUST (result->claim_id);
    for (size_t i = 0; i < one->n_people; i++) {
        const struct facts *facts = &one->people[i].facts;
        if (!uuid_is_nil (facts->member->claim) && facts->holding == HELD_BY_NOBODY)
            result->claim_id[result->n_claim_id++] = uuid_field (&facts->member->claim);
    }
}

static void
answers_keep (struct checking *check, const struct check_case *one, result_t *result)
{
    result->answers = arena_array (check->arena, one->n_people + 1, sizeof *result->answers);
    MUST (result->answers);
    for (size_t i = 0; i < one->n_people; i++) {
        const struct check_person *person = &one->people[i];
        const struct dukcapil_answer *answer = person->facts.dukcapil;
        if (!answer || person->was_kept || person->same ||
            (answer->result != DUKCAPIL_PADAN && answer->result != DUKCAPIL_NOTED))
            continue;
        Padan__Validation__V1__KeptAnswer *kept = arena_alloc (check->arena, sizeof *kept);
        MUST (kept);
        padan__validation__v1__kept_answer__init (kept);
        struct bytes pairs = answer_pack (person->question.pairs, person->question.n_pairs, check->arena);
        kept->answer_id = uuid_field (&person->question_id);
        kept->pairs = (ProtobufCBinaryData){ .len = pairs.size, .data = (uint8_t *)pairs.data };
        kept->valid_until_at = check->now + settings.dukcapil_keep;
        result->answers[result->n_answers++] = kept;
    }
}

/* Doubled by each time it waited, with a random part, and not before Dukcapil is asked again at all. */
static int64_t
again_at (struct checking *check, const struct application *row)
{
    int doublings = row->waits < WAIT_DOUBLINGS ? row->waits : WAIT_DOUBLINGS;
    int64_t span = (int64_t)WAIT_FIRST_S << doublings;
    if (span > WAIT_LAST_S)
        span = WAIT_LAST_S;
    int64_t pause = dukcapil_client_pause (dukcapil);
    span = span * CLOCK_SECOND;
    span = span / 2 + randombytes_uniform ((uint32_t)(span / 2) + 1);
    return check->now + (pause > span ? pause + randombytes_uniform (2 * CLOCK_SECOND) : span);
}

static void
case_judge (struct checking *check, struct check_case *one)
{
    struct due_item *item = one->item;
    const Padan__Validation__V1__CheckDue *payload = (const void *)item->payload;
    result_t *result = arena_alloc (check->arena, sizeof *result);
    MUST (result);
    padan__validation__v1__check_result__init (result);
    result->verdicts = arena_array (check->arena, one->n_people + 1, sizeof *result->verdicts);
    MUST (result->verdicts);
    for (size_t i = 0; i < one->n_people && item->rc == RC_OK; i++) {
        bool waiting = false;
        item->rc = verdict_judge (one->profile, &one->people[i].facts, check->arena, &result->verdicts[i], &waiting,
                                  &item->err);
        result->n_verdicts = i + 1;
        result->waiting = result->waiting || waiting;
    }
    if (item->rc != RC_OK)
        return;
    result->poverty_version = check->poverty_version;
    result->membership_version = check->membership_version;
    result->priority = payload->priority;
    if (result->waiting)
        result->again_at = again_at (check, one->application);
    claims_want (check, one, result);
    answers_keep (check, one, result);
    item->result = &result->base;
}

static void
tenant_fail (struct checking *check, enum rc rc, const struct err *err)
{
    for (size_t i = 0; i < check->n; i++)
        if (check->cases[i].item->rc == RC_OK) {
            check->cases[i].item->rc = rc;
            check->cases[i].item->err = *err;
        }
}

static void
tenant_judge (struct checking *check)
{
    struct err err = { 0 };
    enum rc rc = check_read_applications (check, &err);
    if (rc == RC_OK) {
        check_questions (check);
        rc = check_read_registries (check, &err);
    }
    if (rc != RC_OK) {
        tenant_fail (check, rc, &err);
        return;
    }
    check_ask (check);
    for (size_t i = 0; i < check->n; i++)
        if (check->cases[i].application && check->cases[i].item->rc == RC_OK)
            case_judge (check, &check->cases[i]);
}

/* Who is served first when not everybody's turn comes. */
static int
case_compare (const void *a, const void *b)
{
    const struct due_item *left = ((const struct check_case *)a)->item, *right = ((const struct check_case *)b)->item;
    const Padan__Validation__V1__CheckDue *first = (const void *)left->payload, *second = (const void *)right->payload;
    if (first->priority != second->priority)
        return first->priority < second->priority ? -1 : 1;
    return left < right ? -1 : left > right;
}

void
check_work (struct gather *gather, struct due_item *items, size_t n)
{
    struct arena *arena = gather_arena (gather);
    const int64_t ask_until = clock_monotonic () + CHECK_ASKING * CLOCK_SECOND;
    bool *seen = arena_array (arena, n + 1, sizeof *seen);
    MUST (seen);
    for (size_t i = 0; i < n; i++) {
        if (seen[i] || items[i].rc != RC_OK)
            continue;
        struct checking check = { .gather = gather,
                                  .arena = arena,
                                  .tenant = items[i].tenant,
                                  .now = gather_now (gather),
                                  .ask_until = ask_until };
        check.cases = arena_array (arena, n, sizeof *check.cases);
        MUST (check.cases);
        for (size_t k = i; k < n; k++) {
            if (seen[k] || items[k].tenant != items[i].tenant || items[k].rc != RC_OK)
                continue;
            seen[k] = true;
            check.cases[check.n++].item = &items[k];
        }
        qsort (check.cases, check.n, sizeof *check.cases, case_compare);
        tenant_judge (&check);
    }
}

/* ---------------------------------------------------------------- decide */

static struct uuid
id_of (ProtobufCBinaryData data)
{
    struct uuid id = { 0 };
    uuid_from (data, &id);
    return id;
}

enum rc
check_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const result_t *result = (const void *)message->data;
    keys_add (keys, &application_table, message->tenant, message->subject);
    keys_add (keys, &registry_held_table, message->tenant, registry_id ("poverty"));
    keys_add (keys, &registry_held_table, message->tenant, registry_id ("membership"));
    for (size_t i = 0; i < result->n_claim_id; i++)
        keys_add (keys, &claim_table, CLAIM_TENANT, id_of (result->claim_id[i]));
    for (size_t i = 0; i < result->n_answers; i++)
        keys_add (keys, &answer_table, message->tenant, id_of (result->answers[i]->answer_id));
    return RC_OK;
}

static int64_t
current_version (struct unit *unit, int64_t tenant, const char *name)
{
    const struct registry *row = unit_peek (unit, &registry_held_table, tenant, registry_id (name));
    return row ? row->current_version : 0;
}

/* Takes the people; false when somebody else was quicker with one of them. */
static bool
claims_take (struct unit *unit, const struct application *row, const result_t *result)
{
    for (size_t i = 0; i < result->n_claim_id; i++) {
        struct uuid id = id_of (result->claim_id[i]);
        const struct claim *known = unit_peek (unit, &claim_table, CLAIM_TENANT, id);
        if (known && known->holder &&
            (known->holder != row->tenant || uuid_compare (known->application_id, row->id) != 0))
            return false;
    }
    for (size_t i = 0; i < result->n_claim_id; i++) {
        struct uuid id = id_of (result->claim_id[i]);
        bool exists = unit_peek (unit, &claim_table, CLAIM_TENANT, id) != NULL;
        struct claim *claim = exists ? unit_edit (unit, &claim_table, CLAIM_TENANT, id)
                                     : unit_create (unit, &claim_table, CLAIM_TENANT, id);
        claim->holder = row->tenant;
        claim->application_id = row->id;
    }
    return true;
}

static void
answers_store (struct unit *unit, int64_t tenant, const result_t *result)
{
    for (size_t i = 0; i < result->n_answers; i++) {
        const Padan__Validation__V1__KeptAnswer *kept = result->answers[i];
        struct uuid id = id_of (kept->answer_id);
        bool exists = unit_peek (unit, &answer_table, tenant, id) != NULL;
        struct answer *answer =
            exists ? unit_edit (unit, &answer_table, tenant, id) : unit_create (unit, &answer_table, tenant, id);
        void *pairs = arena_copy (unit_arena (unit), kept->pairs.data, kept->pairs.len);
        MUST (pairs);
        answer->pairs = (struct bytes){ pairs, kept->pairs.len };
        answer->valid_until = kept->valid_until_at;
    }
}

/* Writes the verdicts into the members; true when one of them says something else than before. */
static bool
verdicts_store (struct unit *unit, struct application *row, const result_t *result)
{
    bool changed = false;
    for (size_t i = 0; i < result->n_verdicts; i++) {
        const Padan__Common__V1__MemberVerdict *verdict = result->verdicts[i];
        struct uuid member_id = id_of (verdict->member_id);
        size_t size = protobuf_c_message_get_packed_size (&verdict->base);
        uint8_t *packed = arena_alloc (unit_arena (unit), size + 1);
        MUST (packed);
        protobuf_c_message_pack (&verdict->base, packed);
        for (size_t k = 0; k < row->n_members; k++) {
            struct member *member = &row->members[k];
            if (uuid_compare (member->member_id, member_id) != 0 ||
                (member->reasons.size == size && memcmp (member->reasons.data, packed, size) == 0))
                continue;
            changed = true;
            member->verdict = (int32_t)verdict->verdict;
            member->reasons = (struct bytes){ packed, size };
        }
    }
    return changed;
}

enum rc
check_decide (struct unit *unit, const struct message *message, struct err *err)
{
    const result_t *result = (const void *)message->data;
    const struct application *known = unit_peek (unit, &application_table, message->tenant, message->subject);
    if (!known || known->version != message->version || strcmp (known->state, "open") != 0)
        return RC_OK; /* a verdict on what is no longer so; what is so now has a check of its own */
    if (current_version (unit, message->tenant, "poverty") != result->poverty_version ||
        current_version (unit, message->tenant, "membership") != result->membership_version ||
        !claims_take (unit, known, result)) {
        check_later (unit, known, result->priority, 0); /* the world changed while it was judged */
        return RC_OK;
    }
    struct application *row = unit_edit (unit, &application_table, message->tenant, message->subject);
    answers_store (unit, row->tenant, result);
    bool changed = verdicts_store (unit, row, result) || row->judged_version != row->version;
    row->judged_version = row->version;
    row->judged_at = unit_now (unit);
    row->poverty_version = result->poverty_version;
    row->membership_version = result->membership_version;
    row->waits = result->waiting ? row->waits + 1 : 0;
    if (result->waiting)
        check_later (unit, row, result->priority, result->again_at);
    if (!changed)
        return RC_OK;
    Padan__Validation__V1__Judged event = PADAN__VALIDATION__V1__JUDGED__INIT;
    event.application_id = uuid_field (&message->subject);
    event.verdicts = result->verdicts;
    event.n_verdicts = result->n_verdicts;
    unit_emit (unit, row->tenant, row->id, row->version, &event);
    return RC_OK;
}
