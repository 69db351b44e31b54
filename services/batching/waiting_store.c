#include "services/batching/waiting_store.h"

#include <string.h>

#include "batching_sql.h"
#include "common/base/text.h"
#include "services/batching/claim_store.h"

static const struct db_column waiting_columns[] = {
    DB_COLUMN (DB_INT8, waiting, tenant),
    DB_COLUMN (DB_UUID, waiting, id),
    DB_COLUMN (DB_INT8, waiting, version),
    DB_COLUMN (DB_TEXT, waiting, state),
    DB_COLUMN (DB_TEXT, waiting, track),
    DB_COLUMN (DB_TEXT, waiting, ticket),
    DB_COLUMN (DB_BOOL, waiting, transfer),
    DB_COLUMN (DB_INT4, waiting, priority),
    { "people", DB_INT4, offsetof (struct waiting, n_people) },
    DB_COLUMN (DB_INT4, waiting, accepted),
    DB_COLUMN (DB_INT4, waiting, refused),
    DB_COLUMN (DB_TIME, waiting, since),
    DB_COLUMN (DB_TIME, waiting, due_at),
    DB_COLUMN (DB_DATE, waiting, due_day),
    DB_COLUMN (DB_UUID, waiting, batch_id),
    DB_COLUMN (DB_TEXT, waiting, letter_number),
    DB_COLUMN (DB_BYTES, waiting, profile_sha256),
    DB_COLUMN (DB_BYTES, waiting, dossier),
};
static const struct db_column person_columns[] = {
    DB_COLUMN (DB_INT8, person, tenant),      DB_COLUMN (DB_UUID, person, application_id),
    DB_COLUMN (DB_INT4, person, ordinal),     DB_COLUMN (DB_UUID, person, member_id),
    DB_COLUMN (DB_INT8_NULL, person, nik),    DB_COLUMN (DB_TEXT, person, state),
    DB_COLUMN (DB_INT4, person, line),        DB_COLUMN (DB_TEXT, person, card_number),
    DB_COLUMN (DB_DATE, person, active_date), DB_COLUMN (DB_TEXT, person, reason),
    DB_COLUMN (DB_TIME, person, decided_at),
};
static const struct child_table waiting_children[] = { {
    .name = "person",
    .row_size = sizeof (struct person),
    .columns = person_columns,
    .n_columns = sizeof person_columns / sizeof *person_columns,
    .load = &sql_person_load,
    .save = &sql_person_save,
    .rows_offset = offsetof (struct waiting, people),
    .count_offset = offsetof (struct waiting, count),
} };
const struct table waiting_table = {
    .name = "waiting",
    .row_size = sizeof (struct waiting),
    .columns = waiting_columns,
    .n_columns = sizeof waiting_columns / sizeof *waiting_columns,
    .load = &sql_waiting_load,
    .insert = &sql_waiting_insert,
    .update = &sql_waiting_update,
    .children = waiting_children,
    .n_children = 1,
};

struct person *
waiting_person_add (struct unit *unit, struct waiting *waiting)
{
    struct person *person = unit_child_add (unit, &waiting_table, waiting, &waiting_children[0]);
    person->state = person_state_word (PERSON_WAITING);
    person->card_number = person->reason = "";
    person->active_date = DATE_NONE;
    waiting->n_people++;
    return person;
}

struct person *
waiting_person_find (struct waiting *waiting, struct uuid member_id)
{
    for (size_t i = 0; i < waiting->count; i++)
        if (uuid_compare (waiting->people[i].member_id, member_id) == 0)
            return &waiting->people[i];
    return NULL;
}

Padan__Common__V1__Dossier *
waiting_dossier (const struct waiting *waiting, struct arena *arena)
{
    Padan__Common__V1__Dossier *dossier =
        padan__common__v1__dossier__unpack (arena_protobuf (arena), waiting->dossier.size, waiting->dossier.data);
    MUST (dossier); /* we packed it; the arena is far larger than a dossier */
    return dossier;
}

void
waiting_emit (struct unit *unit, struct waiting *waiting, const void *event)
{
    unit_emit (unit, waiting->tenant, waiting->id, ++waiting->version, event);
}

void
waiting_emit_queued (struct unit *unit, struct waiting *waiting)
{
    Padan__Batching__V1__ApplicationQueued event = PADAN__BATCHING__V1__APPLICATION_QUEUED__INIT;
    event.track = (char *)waiting->track;
    event.people = (uint32_t)(waiting->n_people - waiting->refused);
    event.due_at = waiting->due_at;
    waiting_emit (unit, waiting, &event);
}

static void
person_go (struct unit *unit, struct waiting *waiting, struct person *person, enum person_act act)
{
    int to = person_move (person_state_of (person->state), act);
    MUST (to >= 0);
    person->state = person_state_word ((enum person_state)to);
    person->decided_at = unit_now (unit);
    if (person->nik && act != PERSON_ACT_DOUBLE) /* a double's place is the other application's */
        claim_release (unit, waiting->tenant, claim_of_nik (person->nik), waiting->id);
}

static void
finish_if_complete (struct unit *unit, struct waiting *waiting)
{
    Padan__Batching__V1__ApplicationFinished event = PADAN__BATCHING__V1__APPLICATION_FINISHED__INIT;
    if (waiting->accepted + waiting->refused < waiting->n_people)
        return;
    waiting->state = "finished";
    event.accepted = (uint32_t)waiting->accepted;
    event.refused = (uint32_t)waiting->refused;
    waiting_emit (unit, waiting, &event);
}

void
waiting_accept (struct unit *unit, struct waiting *waiting, struct person *person, const struct outcome *outcome)
{
    Padan__Batching__V1__MemberAccepted event = PADAN__BATCHING__V1__MEMBER_ACCEPTED__INIT;
    char date[DATE_TEXT] = "";
    person_go (unit, waiting, person, PERSON_ACT_ACCEPT);
    person->card_number = outcome->card_number;
    person->active_date = outcome->active_date;
    waiting->accepted++;
    if (outcome->active_date != DATE_NONE)
        date_format (outcome->active_date, date);
    event.member_id = uuid_field (&person->member_id);
    event.batch_id = uuid_field (&outcome->batch_id);
    event.card_number = (char *)outcome->card_number;
    event.active_date = date;
    event.transfer = waiting->transfer;
    event.dossier = waiting_dossier (waiting, unit_arena (unit));
    waiting_emit (unit, waiting, &event);
    finish_if_complete (unit, waiting);
}

void
waiting_refuse (struct unit *unit, struct waiting *waiting, struct person *person, const struct outcome *outcome)
{
    Padan__Batching__V1__MemberRefused event = PADAN__BATCHING__V1__MEMBER_REFUSED__INIT;
    person_go (unit, waiting, person, uuid_is_nil (outcome->batch_id) ? PERSON_ACT_DOUBLE : PERSON_ACT_REFUSE);
    person->reason = outcome->reason;
    waiting->refused++;
    event.member_id = uuid_field (&person->member_id);
    if (!uuid_is_nil (outcome->batch_id))
        event.batch_id = uuid_field (&outcome->batch_id);
    event.reason = (char *)outcome->reason;
    waiting_emit (unit, waiting, &event);
    finish_if_complete (unit, waiting);
}
