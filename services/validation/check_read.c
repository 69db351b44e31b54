/* Reading for due "check": two round trips for a whole claim, whatever it holds. */
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/domain/calendar.h"
#include "common/profiles/profiles.h"
#include "services/validation/answer_store.h"
#include "services/validation/check.h"
#include "services/validation/claim_store.h"
#include "validation_sql.h"

static void *
memory (struct checking *check, size_t n, size_t size)
{
    void *bytes = arena_array (check->arena, n ? n : 1, size);
    MUST (bytes);
    return bytes;
}

/* ---------------------------------------------------------------- applications */

static const struct member *
mother_find (const struct application *row, int64_t nik)
{
    for (size_t i = 0; i < row->n_members; i++)
        if (nik && row->members[i].nik == nik)
            return &row->members[i];
    return NULL;
}

static void
people_make (struct checking *check, struct check_case *one)
{
    const struct application *row = one->application;
    one->people = memory (check, row->n_members, sizeof *one->people);
    one->n_people = row->n_members;
    for (size_t i = 0; i < row->n_members; i++) {
        struct check_person *person = &one->people[i];
        struct facts *facts = &person->facts;
        facts->application = row;
        facts->member = &row->members[i];
        facts->today = calendar_day (&one->profile->calendar, check->now);
        facts->policy = &one->profile->dukcapil;
        facts->poverty_decile = -1;
        facts->nik = facts->member->nik;
        if (facts_is_newborn (facts)) {
            facts->under_mother = true;
            facts->nik = facts->member->mother_nik;
            person->mother = mother_find (row, facts->nik);
        }
    }
}

static enum rc
applications_join (struct checking *check, struct db_call *calls, struct err *err)
{
    void *applications, *members;
    size_t n, n_members, next = 0;
    enum rc rc = db_rows (calls[0].result, application_columns, APPLICATION_COLUMNS, sizeof (struct application),
                          check->arena, &applications, &n, err);
    if (rc == RC_OK)
        rc = db_rows (calls[1].result, member_columns, MEMBER_COLUMNS, sizeof (struct member), check->arena, &members,
                      &n_members, err);
    if (rc != RC_OK)
        return rc;
    struct member *all = members;
    for (size_t i = 0; i < n; i++) { /* both are in the order of ids */
        struct application *row = (struct application *)applications + i;
        while (next < n_members && uuid_compare (all[next].application_id, row->id) < 0)
            next++;
        row->members = all + next;
        while (next < n_members && uuid_compare (all[next].application_id, row->id) == 0) {
            next++;
            row->n_members++;
        }
        for (size_t k = 0; k < check->n; k++)
            if (uuid_compare (check->cases[k].item->subject, row->id) == 0 &&
                check->cases[k].item->input_version == row->version)
                check->cases[k].application = row;
    }
    return RC_OK;
}

enum rc
check_read_applications (struct checking *check, struct err *err)
{
    struct uuid *ids = memory (check, check->n, sizeof *ids);
    int64_t *versions = memory (check, check->n, sizeof *versions);
    for (size_t i = 0; i < check->n; i++) {
        ids[i] = check->cases[i].item->subject;
        versions[i] = check->cases[i].item->input_version;
    }
    struct db_call calls[] = { { .sql = &sql_check_applications, .params = db_params (check->arena) },
                               { .sql = &sql_check_members, .params = db_params (check->arena) } };
    db_param_int8 (calls[0].params, check->tenant);
    db_param_uuid_array (calls[0].params, ids, check->n);
    db_param_int8_array (calls[0].params, versions, check->n);
    db_param_int8 (calls[1].params, check->tenant);
    db_param_uuid_array (calls[1].params, ids, check->n);
    enum rc rc = gather_read (check->gather, check->tenant, calls, 2, err);
    if (rc == RC_OK) {
        rc = applications_join (check, calls, err);
        db_calls_clear (calls, 2);
    }
    for (size_t i = 0; rc == RC_OK && i < check->n; i++) {
        struct check_case *one = &check->cases[i];
        if (!one->application)
            continue;
        if (one->application->profile.size != PROFILE_HASH)
            one->item->rc = err_set (&one->item->err, RC_CORRUPT, "an application without its profile");
        else
            one->item->rc = profiles_get (check->gather, check->tenant, one->application->profile.data, &one->profile,
                                          &one->item->err);
        if (one->item->rc == RC_OK)
            people_make (check, one);
    }
    return rc;
}

/* ---------------------------------------------------------------- registries */

/* Sorted keys of all people, each once, so that a row found is put where it belongs by one search. */
struct lookup {
    int64_t *keys;
    struct check_person **people;
    size_t n;
};

struct keyed {
    int64_t key;
    struct check_person *person;
};

static int
keyed_compare (const void *a, const void *b)
{
    int64_t left = ((const struct keyed *)a)->key, right = ((const struct keyed *)b)->key;
    return (left > right) - (left < right);
}

static int64_t
person_nik (const struct check_person *person)
{
    return person->facts.nik;
}

static int64_t
person_kk (const struct check_person *person)
{
    return person->facts.application->kk;
}

static struct lookup
lookup_make (struct checking *check, int64_t (*key) (const struct check_person *))
{
    size_t room = 0;
    for (size_t i = 0; i < check->n; i++)
        room += check->cases[i].n_people;
    struct keyed *entries = memory (check, room, sizeof *entries);
    struct lookup lookup = { memory (check, room, sizeof (int64_t)), memory (check, room, sizeof (void *)), 0 };
    for (size_t i = 0; i < check->n; i++)
        for (size_t k = 0; k < check->cases[i].n_people; k++)
            if (key (&check->cases[i].people[k]))
                entries[lookup.n++] = (struct keyed){ key (&check->cases[i].people[k]), &check->cases[i].people[k] };
    qsort (entries, lookup.n, sizeof *entries, keyed_compare);
    for (size_t i = 0; i < lookup.n; i++) {
        lookup.keys[i] = entries[i].key;
        lookup.people[i] = entries[i].person;
    }
    return lookup;
}

/* The first place with this key; n when there is none. */
static size_t
lookup_first (const struct lookup *lookup, int64_t key)
{
    size_t low = 0, high = lookup->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (lookup->keys[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

#define LOOKUP_EACH(LOOKUP, KEY, AT)                                                                                   \
    for (size_t AT = lookup_first ((LOOKUP), (KEY)); (AT) < (LOOKUP)->n && (LOOKUP)->keys[AT] == (KEY); (AT)++)

static void
persons_take (const struct db_result *rows, const struct lookup *niks)
{
    for (size_t r = 0; r < db_count (rows); r++)
        LOOKUP_EACH (niks, db_int8 (rows, r, 0), at)
        {
            niks->people[at]->facts.poverty_by_nik = true;
            niks->people[at]->facts.poverty_decile = db_int4 (rows, r, 1);
        }
}

static void
families_take (const struct db_result *rows, const struct lookup *kks)
{
    for (size_t r = 0; r < db_count (rows); r++)
        LOOKUP_EACH (kks, db_int8 (rows, r, 0), at)
        {
            struct facts *facts = &kks->people[at]->facts;
            facts->poverty_by_kk = true;
            if (facts->poverty_decile < 0)
                facts->poverty_decile = db_int4 (rows, r, 1);
        }
}

static void
memberships_take (struct checking *check, const struct db_result *rows, const struct lookup *niks)
{
    for (size_t r = 0; r < db_count (rows); r++)
        LOOKUP_EACH (niks, db_int8 (rows, r, 0), at)
        {
            struct facts *facts = &niks->people[at]->facts;
            struct membership *bigger = memory (check, facts->n_memberships + 1, sizeof *bigger);
            if (facts->n_memberships)
                memcpy (bigger, facts->memberships, facts->n_memberships * sizeof *bigger);
            bigger[facts->n_memberships] = (struct membership){ arena_string (check->arena, db_text (rows, r, 1)),
                                                                arena_string (check->arena, db_text (rows, r, 2)),
                                                                arena_string (check->arena, db_text (rows, r, 3)) };
            facts->memberships = bigger;
            facts->n_memberships++;
        }
}

static void
claims_take (struct checking *check, const struct db_result *rows)
{
    for (size_t r = 0; r < db_count (rows); r++) {
        struct uuid id = db_uuid (rows, r, 0), holder = db_uuid (rows, r, 2);
        for (size_t i = 0; i < check->n; i++)
            for (size_t k = 0; k < check->cases[i].n_people; k++) {
                struct facts *facts = &check->cases[i].people[k].facts;
                if (uuid_compare (facts->member->claim, id) != 0)
                    continue;
                facts->holding = db_int8 (rows, r, 1) != check->tenant                ? HELD_ELSEWHERE
                                 : uuid_compare (facts->application->id, holder) == 0 ? HELD_BY_US
                                                                                      : HELD_HERE;
            }
    }
}

static void
answers_take (struct checking *check, const struct db_result *rows)
{
    for (size_t r = 0; r < db_count (rows); r++) {
        struct uuid id = db_uuid (rows, r, 0);
        struct bytes pairs = db_bytes (rows, r, 1);
        for (size_t i = 0; i < check->n; i++)
            for (size_t k = 0; k < check->cases[i].n_people; k++) {
                struct check_person *person = &check->cases[i].people[k];
                struct dukcapil_question *question = &person->question;
                if (!question->n_fields || uuid_compare (person->question_id, id) != 0 ||
                    !answer_unpack (pairs, question->fields, question->n_fields, check->arena, &question->pairs,
                                    &question->n_pairs))
                    continue;
                question->class = DUKCAPIL_VERDICT;
                person->was_kept = true;
            }
    }
}

static enum rc
versions_read (struct checking *check, struct err *err)
{
    struct db_call call = { .sql = &sql_check_registries, .params = db_params (check->arena) };
    db_param_int8 (call.params, check->tenant);
    enum rc rc = gather_read (check->gather, check->tenant, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    for (size_t r = 0; r < db_count (call.result); r++) {
        const char *period = arena_string (check->arena, db_text (call.result, r, 2));
        bool poverty = strcmp (db_text (call.result, r, 0), "poverty") == 0;
        *(poverty ? &check->poverty_version : &check->membership_version) = db_int8 (call.result, r, 1);
        *(poverty ? &check->poverty_period : &check->membership_period) = period;
    }
    db_calls_clear (&call, 1);
    return RC_OK;
}

static void
ids_collect (struct checking *check, struct uuid *claims, size_t *ret_claims, struct uuid *questions,
             size_t *ret_questions)
{
    for (size_t i = 0; i < check->n; i++)
        for (size_t k = 0; k < check->cases[i].n_people; k++) {
            struct check_person *person = &check->cases[i].people[k];
            struct facts *facts = &person->facts;
            facts->poverty_version = check->poverty_version;
            facts->poverty_period = check->poverty_period;
            facts->membership_version = check->membership_version;
            facts->membership_period = check->membership_period;
            if (!uuid_is_nil (facts->member->claim))
                claims[(*ret_claims)++] = facts->member->claim;
            if (person->question.n_fields)
                questions[(*ret_questions)++] = person->question_id;
        }
}

static struct db_call
keys_call (struct checking *check, const struct sql *sql, int64_t version, const struct lookup *lookup)
{
    struct db_call call = { .sql = sql, .params = db_params (check->arena) };
    db_param_int8 (call.params, check->tenant);
    db_param_int8 (call.params, version);
    db_param_int8_array (call.params, lookup->keys, lookup->n);
    return call;
}

enum rc
check_read_registries (struct checking *check, struct err *err)
{
    enum rc rc = versions_read (check, err);
    if (rc != RC_OK)
        return rc;
    struct lookup niks = lookup_make (check, person_nik), kks = lookup_make (check, person_kk);
    size_t people = 0, n_claims = 0, n_questions = 0;
    for (size_t i = 0; i < check->n; i++)
        people += check->cases[i].n_people;
    struct uuid *claims = memory (check, people, sizeof *claims),
                *questions = memory (check, people, sizeof *questions);
    ids_collect (check, claims, &n_claims, questions, &n_questions);
    struct db_call calls[] = {
        keys_call (check, &sql_check_persons, check->poverty_version, &niks),
        keys_call (check, &sql_check_families, check->poverty_version, &kks),
        keys_call (check, &sql_check_memberships, check->membership_version, &niks),
        { .sql = &sql_check_claims, .params = db_params (check->arena) },
        { .sql = &sql_check_answers, .params = db_params (check->arena) },
    };
    enum { CALLS = sizeof calls / sizeof *calls };
    db_param_uuid_array (calls[3].params, claims, n_claims);
    db_param_int8 (calls[4].params, check->tenant);
    db_param_uuid_array (calls[4].params, questions, n_questions);
    db_param_time (calls[4].params, check->now);
    rc = gather_read (check->gather, check->tenant, calls, CALLS, err);
    if (rc != RC_OK)
        return rc;
    persons_take (calls[0].result, &niks);
    families_take (calls[1].result, &kks);
    memberships_take (check, calls[2].result, &niks);
    claims_take (check, calls[3].result);
    answers_take (check, calls[4].result);
    db_calls_clear (calls, CALLS);
    return RC_OK;
}
