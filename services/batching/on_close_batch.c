/* CloseBatch → a batch that begins to collect what waits on its track; BatchClosed follows when all is in it. Before
 * the day only with a reason, and then everything goes that waits.
 * Rows: batch. */
#include "batching_sql.h"
#include "common/base/clock.h"
#include "services/batching/batch_store.h"

enum rc
on_close_batch_gather (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        const Padan__Batching__V1__CloseBatch *command = (const void *)messages[i]->data;
        struct close_facts *facts = arena_alloc (gather_arena (gather), sizeof *facts);
        const struct profile *profile;
        struct db_call call = { .sql = &sql_waiting_count, .params = db_params (gather_arena (gather)) };
        MUST (facts);
        db_param_int8 (call.params, messages[i]->tenant);
        db_param_text (call.params, command->track);
        enum rc rc = profiles_get (gather, messages[i]->tenant, NULL, &profile, err);
        if (rc == RC_OK)
            rc = gather_read (gather, messages[i]->tenant, &call, 1, err);
        if (rc == RC_RETRY)
            return rc;
        if (rc != RC_OK) {
            gather_refuse (gather, messages[i], err);
            continue;
        }
        facts->waiting = db_int8 (call.result, 0, 0);
        facts->first_day = facts->waiting ? db_int4 (call.result, 0, 1) : 0;
        facts->known_track = facts->waiting || profile_track_find (profile, command->track) >= 0;
        facts->today = calendar_day (&profile->calendar, gather_now (gather));
        db_calls_clear (&call, 1);
        messages[i]->facts = facts;
    }
    return RC_OK;
}

enum rc
on_close_batch (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Batching__V1__CloseBatch *command = (const void *)message->data;
    const struct close_facts *facts = message->facts;
    enum rc rc = office_check (message, BATCHING_CLOSERS, err);
    if (rc == RC_OK)
        rc = text_check (command->reason, "/reason", err);
    if (rc != RC_OK)
        return rc;
    if (unit_peek (unit, &batch_table, message->tenant, message->subject))
        return err_code (err, RC_CONFLICT, "common.exists", "", "there is such a batch");
    if (!facts->known_track)
        return err_code (err, RC_UNPROCESSABLE, "batching.no_track", "/track", "the profile has no such track");
    if (!facts->waiting)
        return err_code (err, RC_CONFLICT, "batching.nothing_waiting", "", "nothing waits on this track");
    if (!command->reason[0] && facts->first_day > facts->today)
        return err_code (err, RC_UNPROCESSABLE, "batching.reason_needed", "/reason", "its day has not come");
    struct batch_start start = { .track = command->track,
                                 .reason = command->reason,
                                 .until_day = command->reason[0] ? DATE_NONE : facts->today };
    if (message->principal)
        uuid_from (message->principal->person_id, &start.by);
    batch_reply (unit, batch_begin (unit, message->tenant, message->subject, &start));
    return RC_OK;
}
