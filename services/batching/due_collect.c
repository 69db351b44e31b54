/* Due work "collect": the next chunk of applications goes into a closing batch, by priority and then by time, families
 * together and within the quota → ApplicationBatched for each; those without a place are put up for the next closing
 * (ApplicationQueued again). The last chunk gives the number → BatchClosed, and puts the file up to be written.
 * Rows: batch; waiting and person of the chunk; counters of quota and numbers. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "batching_sql.h"
#include "common/base/text.h"
#include "services/batching/batch_read.h"
#include "services/batching/claim_store.h"
#include "services/batching/schedule.h"
#include "services/batching/waiting_store.h"

typedef Padan__Batching__V1__CollectResult collect_result;
typedef Padan__Batching__V1__CollectedApplication collected;

/* ---------------------------------------------------------------- looking */

static enum rc
waiting_read (struct gather *gather, const struct batch_row *batch, const Padan__Batching__V1__CollectDue *due,
              struct db_call *call, struct err *err)
{
    struct uuid after = { 0 };
    uuid_from (due->after_id, &after);
    *call = (struct db_call){ .sql = &sql_collect, .params = db_params (gather_arena (gather)) };
    db_param_int8 (call->params, batch->tenant);
    db_param_text (call->params, batch->track);
    db_param_time (call->params, batch->started_at);
    if (batch->until_day == DATE_NONE)
        db_param_text (call->params, NULL);
    else
        db_param_int4 (call->params, batch->until_day);
    db_param_int4 (call->params, due->after_priority);
    db_param_time (call->params, due->after_at);
    db_param_uuid (call->params, after);
    db_param_int8 (call->params, batching_settings.closing_chunk);
    return gather_read (gather, batch->tenant, call, 1, err);
}

static void
quota_name (const struct profile *profile, int track, int64_t at, struct arena *arena, collect_result *result)
{
    int year, month, day;
    date_split (calendar_day (&profile->calendar, at), &year, &month, &day);
    result->year = year;
    if (track < 0 || !profile->tracks[track].quota || !profile->quota.limited)
        return;
    result->quota_limit = profile->quota.people;
    result->quota = profile->quota.kind == QUOTA_FUNDED ? arena_string (arena, "quota/funded")
                                                        : arena_printf (arena, "quota/%04d-%02d", year, month);
    MUST (result->quota);
}

/* What the batch keeps of a procedure that has its track. */
static void
procedure_fill (const struct profile *profile, const struct batch_row *batch, struct arena *arena,
                collect_result *result)
{
    int track = profile_track_find (profile, batch->track);
    if (result->profile_sha256.len || track < 0)
        return;
    result->profile_sha256.data = arena_copy (arena, profile->hash, PROFILE_HASH);
    result->profile_sha256.len = PROFILE_HASH;
    result->channel = arena_string (arena, words_word (&words_channels, (int)profile->tracks[track].channel));
    result->send_due_at = schedule_send (profile, track, batch->started_at);
    MUST (result->profile_sha256.data && result->channel);
}

static enum rc
collected_fill (struct gather *gather, const struct db_result *rows, size_t i, const struct batch_row *batch,
                collect_result *result, collected *out, struct err *err)
{
    struct arena *arena = gather_arena (gather);
    const struct profile *profile;
    struct bytes hash = db_bytes (rows, i, 3);
    struct uuid id = db_uuid (rows, i, 0);
    char date[DATE_TEXT];
    enum rc rc = profiles_get (gather, batch->tenant, hash.data, &profile, err);
    if (rc != RC_OK)
        return rc;
    int track = profile_track_find (profile, batch->track);
    if (track < 0)
        return err_set (err, RC_CORRUPT, "an application waits on a track its profile does not have");
    procedure_fill (profile, batch, arena, result); /* when the current one has dropped the track */
    struct slot next = schedule_next (profile, track, gather_now (gather));
    padan__batching__v1__collected_application__init (out);
    out->application_id = uuid_field (arena_copy (arena, &id, sizeof id));
    out->priority = db_int4 (rows, i, 1);
    out->since_at = db_time (rows, i, 2);
    out->next_due_at = next.at;
    out->next_due_date = arena_string (arena, date_format (next.day, date));
    MUST (out->application_id.data && out->next_due_date);
    return RC_OK;
}

static enum rc
result_make (struct gather *gather, const struct batch_row *batch, const struct db_result *rows,
             const struct profile *current, collect_result *result, struct err *err)
{
    struct arena *arena = gather_arena (gather);
    size_t n = db_count (rows);
    collected *items = arena_array (arena, n + 1, sizeof *items);
    result->applications = arena_array (arena, n + 1, sizeof *result->applications);
    result->track = arena_string (arena, batch->track);
    MUST (items && result->applications && result->track);
    result->more = (int64_t)n == batching_settings.closing_chunk;
    quota_name (current, profile_track_find (current, batch->track), batch->started_at, arena, result);
    procedure_fill (current, batch, arena, result);
    enum rc rc = RC_OK;
    for (size_t i = 0; i < n && rc == RC_OK; i++) {
        rc = collected_fill (gather, rows, i, batch, result, &items[i], err);
        result->applications[result->n_applications++] = &items[i];
    }
    return rc;
}

static enum rc
item_work (struct gather *gather, struct due_item *item, struct err *err)
{
    struct batch_row batch;
    const struct profile *current;
    struct db_call call = { 0 };
    collect_result *result = arena_alloc (gather_arena (gather), sizeof *result);
    MUST (result);
    padan__batching__v1__collect_result__init (result);
    enum rc rc = batch_read (gather, item->tenant, item->subject, &batch, err);
    if (rc == RC_OK)
        rc = profiles_get (gather, item->tenant, NULL, &current, err);
    if (rc == RC_OK)
        rc = waiting_read (gather, &batch, (const void *)item->payload, &call, err);
    if (rc == RC_OK)
        rc = result_make (gather, &batch, call.result, current, result, err);
    db_calls_clear (&call, 1);
    item->result = &result->base;
    return rc;
}

void
on_collect_work (struct gather *gather, struct due_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (items[i].rc == RC_OK)
            items[i].rc = item_work (gather, &items[i], &items[i].err);
}

/* ---------------------------------------------------------------- deciding */

static void
number_name (const collect_result *result, char name[static COUNTER_NAME])
{
    snprintf (name, COUNTER_NAME, "number/%s/%d", result->track, result->year);
}

enum rc
on_collect_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const collect_result *result = (const void *)message->data;
    char name[COUNTER_NAME];
    struct uuid id;
    keys_add (keys, &batch_table, message->tenant, message->subject);
    for (size_t i = 0; i < result->n_applications; i++)
        if (uuid_from (result->applications[i]->application_id, &id))
            keys_add (keys, &waiting_table, message->tenant, id);
    if (result->quota[0])
        keys_add (keys, &counter_table, message->tenant, counter_id (result->quota));
    number_name (result, name);
    keys_add (keys, &counter_table, message->tenant, counter_id (name));
    return RC_OK;
}

static void
waiting_put_off (struct unit *unit, struct waiting *waiting, const collected *item)
{
    struct slot slot = { .at = item->next_due_at };
    if (!date_parse (item->next_due_date, strlen (item->next_due_date), &slot.day) || slot.day <= waiting->due_day)
        return; /* its own day is still to come */
    waiting->due_day = slot.day;
    waiting->due_at = slot.at;
    schedule_close (unit, waiting->tenant, waiting->track, slot, waiting->id);
    waiting_emit_queued (unit, waiting);
}

static void
waiting_batch (struct unit *unit, struct batch_row *batch, struct waiting *waiting)
{
    Padan__Batching__V1__ApplicationBatched event = PADAN__BATCHING__V1__APPLICATION_BATCHED__INIT;
    int32_t before = batch->people;
    for (size_t i = 0; i < waiting->count; i++) {
        struct person *person = &waiting->people[i];
        int to = person_move (person_state_of (person->state), PERSON_ACT_BATCH);
        if (to < 0)
            continue;
        person->state = person_state_word ((enum person_state)to);
        person->line = ++batch->people;
    }
    batch->applications++;
    waiting->state = "batched";
    waiting->batch_id = batch->id;
    waiting->due_at = batch->due_at;
    event.batch_id = uuid_field (&batch->id);
    event.people = (uint32_t)(batch->people - before);
    event.due_at = waiting->due_at;
    waiting_emit (unit, waiting, &event);
}

static void
application_collect (struct unit *unit, struct batch_row *batch, const collect_result *result, const collected *item)
{
    struct uuid id;
    if (!uuid_from (item->application_id, &id))
        return;
    const struct waiting *known = unit_peek (unit, &waiting_table, batch->tenant, id);
    if (!known || strcmp (known->state, "waiting") != 0)
        return; /* another batch of the track was faster */
    struct waiting *waiting = unit_edit (unit, &waiting_table, batch->tenant, id);
    int32_t people = waiting->n_people - waiting->refused;
    if (result->quota[0]) {
        if (counter_value (unit, batch->tenant, result->quota) + people > result->quota_limit) {
            waiting_put_off (unit, waiting, item);
            return;
        }
        counter_add (unit, batch->tenant, result->quota, people);
    }
    waiting_batch (unit, batch, waiting);
}

static void
batch_finish (struct unit *unit, struct batch_row *batch, const collect_result *result)
{
    static const Padan__Batching__V1__WriteDue write = PADAN__BATCHING__V1__WRITE_DUE__INIT;
    Padan__Batching__V1__BatchClosed event = PADAN__BATCHING__V1__BATCH_CLOSED__INIT;
    char name[COUNTER_NAME];
    if (!batch->people) {
        batch_go (batch, BATCH_ACT_GIVE_UP);
        return;
    }
    number_name (result, name);
    char *number = arena_printf (unit_arena (unit), "%s-%d-%04d", batch->track, result->year,
                                 counter_add (unit, batch->tenant, name, 1));
    MUST (number);
    for (char *c = number; *c; c++)
        *c = (char)toupper ((unsigned char)*c);
    batch_go (batch, BATCH_ACT_CLOSE);
    batch->number = number;
    batch->closed_at = unit_now (unit);
    event.number = number;
    event.track = (char *)batch->track;
    event.people = (uint32_t)batch->people;
    event.reason = (char *)batch->reason;
    event.due_at = batch->due_at;
    batch_emit (unit, batch, &event);
    unit_due (unit, &(struct due){ .kind = "write", .tenant = batch->tenant, .subject = batch->id, .payload = &write });
}

/* From the first chunk with an application on, it goes by one procedure. */
static void
batch_bind (struct batch_row *batch, const collect_result *result)
{
    if (batch->profile_sha256.size || !result->profile_sha256.len)
        return;
    batch->profile_sha256 = (struct bytes){ result->profile_sha256.data, result->profile_sha256.len };
    batch->channel = result->channel;
    batch->due_at = result->send_due_at;
}

enum rc
on_collect (struct unit *unit, const struct message *message, struct err *err)
{
    const collect_result *result = (const void *)message->data;
    struct batch_row *batch;
    enum rc rc = batch_act (unit, message->tenant, message->subject, BATCH_ACT_COLLECT, &batch, err);
    if (rc != RC_OK)
        return rc;
    batch_bind (batch, result);
    for (size_t i = 0; i < result->n_applications; i++)
        application_collect (unit, batch, result, result->applications[i]);
    if (!result->more) {
        batch_finish (unit, batch, result);
        return RC_OK;
    }
    const collected *last = result->applications[result->n_applications - 1];
    Padan__Batching__V1__CollectDue after = PADAN__BATCHING__V1__COLLECT_DUE__INIT;
    after.after_priority = last->priority;
    after.after_at = last->since_at;
    after.after_id = last->application_id;
    batch_collect_later (unit, batch, message->version + 1, &after);
    return RC_OK;
}
