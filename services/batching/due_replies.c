/* Due work "replies": the next chunk of a file of replies → MemberAccepted or MemberRefused for whom it speaks of,
 * ApplicationFinished and BatchAnswered with the last, ReconciliationDue where the procedure has that act,
 * ImportFinished at the end of the file. A line that says what is
 * known already changes nothing; one that is wrong, double or contradicts is kept as a problem for a person.
 * Rows: import, batch; per line waiting and person, claims, reply_row, import_problem. */
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "services/batching/batch_read.h"
#include "services/batching/claim_store.h"
#include "services/batching/reply_file.h"
#include "services/batching/schedule.h"
#include "services/batching/waiting_store.h"

typedef Padan__Batching__V1__ReplyLine reply_message;
typedef Padan__Batching__V1__RepliesResult replies_result;

/* Who reconciles the batch, and by when if it is answered now. */
static enum rc
reconciliation_find (struct gather *gather, int64_t tenant, struct uuid batch_id, replies_result *result,
                     struct err *err)
{
    struct arena *arena = gather_arena (gather);
    struct batch_row batch;
    const struct profile *profile;
    int track;
    enum rc rc = batch_read (gather, tenant, batch_id, &batch, err);
    if (rc == RC_OK)
        rc = batch_profile (gather, &batch, &profile, &track, err);
    int act = rc != RC_OK || track < 0 ? -1 : schedule_reconcile (profile, track);
    if (act < 0)
        return rc;
    result->reconcile_act = arena_string (arena, profile->acts[act].id);
    result->reconciler = arena_string (arena, words_word (&words_roles, (int)profile->acts[act].role));
    result->reconcile_due_at = schedule_standard (profile, profile->acts[act].standard_minutes, gather_now (gather));
    MUST (result->reconcile_act && result->reconciler);
    return RC_OK;
}

static enum rc
item_work (struct gather *gather, struct due_item *item, struct err *err)
{
    struct import_row import;
    struct uuid *batch_id = arena_alloc (gather_arena (gather), sizeof *batch_id);
    replies_result *result = arena_alloc (gather_arena (gather), sizeof *result);
    MUST (batch_id && result);
    padan__batching__v1__replies_result__init (result);
    enum rc rc = import_read (gather, item->tenant, item->subject, &import, err);
    if (rc == RC_OK)
        rc = reply_file_read (gather, &import, (size_t)batching_settings.replies_chunk, result, err);
    if (rc == RC_OK)
        rc = reconciliation_find (gather, item->tenant, import.batch_id, result, err);
    if (rc != RC_OK)
        return rc;
    *batch_id = import.batch_id;
    result->batch_id = uuid_field (batch_id);
    item->result = &result->base;
    return RC_OK;
}

void
on_replies_work (struct gather *gather, struct due_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (items[i].rc == RC_OK)
            items[i].rc = item_work (gather, &items[i], &items[i].err);
}

enum rc
on_replies_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const replies_result *result = (const void *)message->data;
    struct uuid batch, application, member;
    if (!uuid_from (result->batch_id, &batch))
        return err_set (err, RC_CORRUPT, "a chunk of replies without its batch");
    keys_add (keys, &batch_table, message->tenant, batch);
    keys_add (keys, &import_table, message->tenant, message->subject);
    for (size_t i = 0; i < result->n_lines; i++) {
        const reply_message *line = result->lines[i];
        keys_add (keys, &import_problem_table, message->tenant, problem_line_id (message->subject, line->line));
        if (line->problem[0] || !uuid_from (line->application_id, &application) ||
            !uuid_from (line->member_id, &member))
            continue;
        keys_add (keys, &waiting_table, message->tenant, application);
        keys_add (keys, &reply_row_table, message->tenant, reply_line_id (message->subject, member));
        if (line->nik[0])
            keys_add (keys, &claim_table, message->tenant, claim_of_nik (strtoll (line->nik, NULL, 10)));
        if (line->card_number[0])
            keys_add (keys, &claim_table, message->tenant, claim_of_card (line->card_number));
    }
    return RC_OK;
}

static void
problem_add (struct unit *unit, struct import_row *import, const reply_message *line, const char *column,
             const char *code)
{
    struct uuid id = problem_line_id (import->id, line->line);
    if (unit_peek (unit, &import_problem_table, import->tenant, id))
        return; /* two rows that begin on one line */
    struct problem_line *problem = unit_create (unit, &import_problem_table, import->tenant, id);
    problem->import_id = import->id;
    problem->line = line->line;
    problem->column_name = column;
    problem->code = code;
}

/* A card is its bearer's for life, whatever application brought it. */
static struct uuid
bearer_of (const struct person *person)
{
    return person->nik ? claim_of_nik (person->nik) : person->member_id;
}

/* What is wrong with the line for this person, NULL nothing. *ret_news: it says something new. */
static const char *
line_judge (struct unit *unit, const struct person *person, const reply_message *line, bool *ret_news)
{
    *ret_news = false;
    switch (person_state_of (person->state)) {
    case PERSON_ACCEPTED:
        return line->accepted && strcmp (person->card_number, line->card_number) == 0 ? NULL
                                                                                      : "batching.reply_contradiction";
    case PERSON_REFUSED:
        return line->accepted ? "batching.reply_contradiction" : NULL;
    case PERSON_BATCHED:
        break;
    case PERSON_WAITING:
    case PERSON_STATE_END:
        return "batching.reply_unknown";
    }
    *ret_news = true;
    if (!line->accepted)
        return NULL;
    struct uuid holder = claim_holder (unit, person->tenant, claim_of_card (line->card_number));
    return uuid_is_nil (holder) || uuid_compare (holder, bearer_of (person)) == 0 ? NULL : "batching.card_taken";
}

static void
line_apply (struct unit *unit, struct batch_row *batch, struct waiting *waiting, struct person *person,
            const reply_message *line)
{
    struct outcome outcome = {
        .batch_id = batch->id, .card_number = line->card_number, .active_date = DATE_NONE, .reason = line->reason
    };
    if (line->active_date[0])
        date_parse (line->active_date, strlen (line->active_date), &outcome.active_date);
    if (line->accepted) {
        claim_take (unit, person->tenant, claim_of_card (line->card_number), bearer_of (person));
        waiting_accept (unit, waiting, person, &outcome);
        batch->accepted++;
    } else {
        waiting_refuse (unit, waiting, person, &outcome);
        batch->refused++;
    }
}

/* The code of its problem, NULL none; counts it either way. */
static const char *
line_decide (struct unit *unit, struct import_row *import, struct batch_row *batch, const reply_message *line)
{
    struct uuid application, member;
    if (!uuid_from (line->application_id, &application) || !uuid_from (line->member_id, &member))
        return "batching.reply_unknown";
    const struct waiting *known = unit_peek (unit, &waiting_table, import->tenant, application);
    if (!known || uuid_compare (known->batch_id, batch->id) != 0)
        return "batching.reply_unknown";
    struct uuid id = reply_line_id (import->id, member);
    if (unit_peek (unit, &reply_row_table, import->tenant, id))
        return "batching.reply_double";
    struct person *person = waiting_person_find ((struct waiting *)known, member);
    bool news = false;
    const char *problem = person ? line_judge (unit, person, line, &news) : "batching.reply_unknown";
    struct reply_line *reply = unit_create (unit, &reply_row_table, import->tenant, id);
    reply->import_id = import->id;
    reply->line = line->line;
    reply->application_id = application;
    reply->member_id = member;
    reply->outcome = problem ? "problem" : !news ? "unchanged" : line->accepted ? "accepted" : "refused";
    if (problem)
        return problem;
    if (news) {
        struct waiting *waiting = unit_edit (unit, &waiting_table, import->tenant, application);
        line_apply (unit, batch, waiting, waiting_person_find (waiting, member), line);
    }
    import->changed += news;
    import->unchanged += !news;
    return NULL;
}

static void
batch_reconcile_later (struct unit *unit, struct batch_row *batch, const replies_result *result)
{
    Padan__Batching__V1__ReconciliationDue event = PADAN__BATCHING__V1__RECONCILIATION_DUE__INIT;
    batch->reconciler = result->reconciler;
    batch->due_at = result->reconcile_due_at;
    if (!result->reconciler[0])
        return;
    event.next_act = result->reconcile_act;
    event.next_role = result->reconciler;
    event.due_at = batch->due_at;
    batch_emit (unit, batch, &event);
}

static void
batch_answer_if_complete (struct unit *unit, struct batch_row *batch, const replies_result *result)
{
    Padan__Batching__V1__BatchAnswered event = PADAN__BATCHING__V1__BATCH_ANSWERED__INIT;
    if (batch->accepted + batch->refused < batch->people || batch_state_of (batch->state) != BATCH_SENT)
        return;
    batch_go (batch, BATCH_ACT_ANSWER);
    batch->answered_at = unit_now (unit);
    event.accepted = (uint32_t)batch->accepted;
    event.refused = (uint32_t)batch->refused;
    batch_emit (unit, batch, &event);
    batch_reconcile_later (unit, batch, result);
}

/* Where the next chunk begins, or the end. */
static void
import_go_on (struct unit *unit, struct import_row *import, const replies_result *result)
{
    static const Padan__Batching__V1__RepliesDue next = PADAN__BATCHING__V1__REPLIES_DUE__INIT;
    Padan__Batching__V1__ImportFinished event = PADAN__BATCHING__V1__IMPORT_FINISHED__INIT;
    import->chunks++;
    import->failure = result->failure;
    import->state = result->failure[0] ? "failed" : result->file_end ? "done" : "running";
    if (strcmp (import->state, "running") == 0) {
        import->layout = result->layout;
        import->position = result->next_offset;
        import->line = result->next_line;
        import->next_row = result->next_row;
        unit_due (unit, &(struct due){ .kind = "replies",
                                       .tenant = import->tenant,
                                       .subject = import->id,
                                       .input_version = import->chunks + 1,
                                       .payload = &next });
        return;
    }
    if (result->file_end)
        import->position = import->size;
    import->finished_at = unit_now (unit);
    Padan__Common__V1__ImportProgress progress = import_progress (import);
    event.progress = &progress;
    unit_emit (unit, import->tenant, import->id, ++import->version, &event);
}

enum rc
on_replies (struct unit *unit, const struct message *message, struct err *err)
{
    const replies_result *result = (const void *)message->data;
    struct uuid batch_id;
    struct batch_row *batch;
    const struct import_row *known = unit_peek (unit, &import_table, message->tenant, message->subject);
    if (!known || !uuid_from (result->batch_id, &batch_id))
        return err_set (err, RC_CORRUPT, "a chunk of replies without its import");
    if (message->version != known->chunks + 1)
        return RC_OK; /* decided before */
    enum rc rc = batch_act (unit, message->tenant, batch_id, BATCH_ACT_REPLY, &batch, err);
    if (rc != RC_OK)
        return rc;
    struct import_row *import = unit_edit (unit, &import_table, message->tenant, message->subject);
    for (size_t i = 0; i < result->n_lines; i++) {
        const reply_message *line = result->lines[i];
        const char *problem = line->problem[0] ? line->problem : line_decide (unit, import, batch, line);
        import->rows++;
        if (!problem)
            continue;
        import->refused++;
        problem_add (unit, import, line, line->problem[0] ? line->column : "nik", problem);
    }
    batch_answer_if_complete (unit, batch, result);
    import_go_on (unit, import, result);
    return RC_OK;
}
