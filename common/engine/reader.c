/* Readers: queries, and what followers ask of our log. */
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/bus/message.h"
#include "common/engine/runtime.h"
#include "engine_sql.h"

enum { ANSWER_MAX = BUS_REPLY_MAX - 256 }; /* its number and position come behind it */
_Static_assert(LOG_ANSWER_BYTES + EVENT_MAX + 4096 <= ANSWER_MAX, "a log's answer must hold one event more");

static enum rc
answer_keep (struct job *job, const Padan__Reply *reply, struct err *err)
{
    size_t size = padan__reply__get_packed_size (reply);
    if (size > ANSWER_MAX)
        return err_set (err, RC_INTERNAL, "an answer of %zu bytes", size);
    padan__reply__pack (reply, job_reply (job, size));
    return RC_OK;
}

/* ------------------------------------------------------------ the log */

struct log_question {
    int64_t positions[ENGINE_PARTITIONS]; /* INT64_MAX: not asked for */
    int64_t lowest, highest;
    int64_t known_positions[ENGINE_PARTITIONS];
    struct bytes known_hashes[ENGINE_PARTITIONS];
    size_t n_known;
    int64_t limit;
};

static enum rc
log_question_take (const Padan__LogRead *read, struct log_question *ret_question, struct err *err)
{
    uint64_t seen = 0;
    for (int32_t p = 0; p < ENGINE_PARTITIONS; p++)
        ret_question->positions[p] = INT64_MAX;
    ret_question->lowest = INT64_MAX;
    for (size_t i = 0; i < read->n_from; i++) {
        const Padan__LogFrom *from = read->from[i];
        if ((seen & from->partitions) || from->position < 0)
            return err_set (err, RC_INVALID, "a partition twice, or a position below zero");
        seen |= from->partitions;
        for (int32_t p = 0; p < ENGINE_PARTITIONS; p++) {
            if (!(from->partitions >> p & 1))
                continue;
            ret_question->positions[p] = from->position;
        }
        if (from->position < ret_question->lowest)
            ret_question->lowest = from->position;
        if (from->position > ret_question->highest)
            ret_question->highest = from->position;
        if (from->last_position && ret_question->n_known < ENGINE_PARTITIONS) {
            ret_question->known_positions[ret_question->n_known] = from->last_position;
            ret_question->known_hashes[ret_question->n_known++] =
                (struct bytes){ from->last_hash.data, from->last_hash.len };
        }
    }
    ret_question->limit = read->limit && read->limit < FOLLOW_LIMIT ? read->limit : FOLLOW_LIMIT;
    return seen ? RC_OK : err_set (err, RC_INVALID, "no partition asked for");
}

static enum rc
log_read_run (struct gather *gather, const struct log_question *question, struct db_call calls[static 3],
              struct err *err)
{
    calls[0] = (struct db_call){ .sql = &sql_log_known, .params = db_params (gather->arena) };
    db_param_int8_array (calls[0].params, question->known_positions, question->n_known);
    db_param_bytes_array (calls[0].params, question->known_hashes, question->n_known);
    calls[1] = (struct db_call){ .sql = &sql_log_head, .params = NULL };
    calls[2] = (struct db_call){ .sql = &sql_log_read, .params = db_params (gather->arena) };
    db_param_int8_array (calls[2].params, question->positions, ENGINE_PARTITIONS);
    db_param_int8 (calls[2].params, question->lowest);
    db_param_int8 (calls[2].params, question->limit);
    return gather_read (gather, 0, calls, 3, err);
}

static void
log_answer_fill (struct arena *arena, const struct db_result *rows, int64_t limit, int64_t head,
                 Padan__LogAnswer *answer)
{
    size_t n = db_count (rows), size = 0;
    answer->entries = arena_array (arena, n + 1, sizeof *answer->entries);
    MUST (answer->entries);
    for (size_t i = 0; i < n && size < LOG_ANSWER_BYTES; i++) {
        Padan__LogEntry *entry = arena_alloc (arena, sizeof *entry);
        MUST (entry);
        padan__log_entry__init (entry);
        struct bytes hash = db_bytes (rows, i, 2), envelope = db_bytes (rows, i, 3);
        entry->position = db_int8 (rows, i, 0);
        entry->partition = (uint32_t)db_int4 (rows, i, 1);
        entry->hash = (ProtobufCBinaryData){ .len = hash.size, .data = (uint8_t *)hash.data };
        entry->envelope = (ProtobufCBinaryData){ .len = envelope.size, .data = (uint8_t *)envelope.data };
        size += envelope.size + 64;
        answer->entries[answer->n_entries++] = entry;
    }
    int64_t last = answer->n_entries ? answer->entries[answer->n_entries - 1]->position : 0;
    bool all = answer->n_entries == n && (int64_t)n < limit;
    answer->upto = all && head > last ? head : last;
    answer->head = head > last ? head : last;
}

/* Its number among those who may follow, or -1. */
static int
follower_number (const struct service *service, const char *follower)
{
    for (int i = 0; service->followers && service->followers[i]; i++)
        if (strcmp (service->followers[i], follower) == 0)
            return i;
    return -1;
}

/* The keeper writes down what is heard here. Of two instances the slower one counts for little: the row never goes
 * back. */
static void
follower_heard (struct engine *engine, int number, const Padan__LogPlace *place)
{
    if (place && place->position >= 0)
        engine->passed[number] = 1 + place->position;
}

/* Their word counts: only those who may follow get here, and they name what they read by its hash. */
static void
log_rewound (struct engine *engine, const char *follower, int64_t read, int64_t head)
{
    if (!engine_rewound (engine))
        log_event (LOG_CRIT, "log.rewound_here", LOG_STR ("follower", follower), LOG_INT ("read", read),
                   LOG_INT ("head", head));
    engine->rewound_at = clock_monotonic ();
}

/* The head is read before the entries, so that nothing committed between the two is passed over. */
static enum rc
log_read (struct gather *gather, struct job *job, struct err *err)
{
    const Padan__LogRead *read = job->request.message->log_read;
    struct log_question question = { 0 };
    int number = follower_number (gather->engine->service, job->request.service);
    if (number < 0)
        return err_code (err, RC_FORBIDDEN, "common.forbidden", "", "%s may not follow this log", job->request.service);
    enum rc rc = log_question_take (read, &question, err);
    if (rc != RC_OK)
        return rc;
    follower_heard (gather->engine, number, read->place);
    struct db_call calls[3];
    rc = log_read_run (gather, &question, calls, err);
    if (rc != RC_OK)
        return rc;
    Padan__Reply reply = PADAN__REPLY__INIT;
    Padan__LogAnswer answer = PADAN__LOG_ANSWER__INIT;
    struct uuid epoch = db_uuid (calls[1].result, 0, 1);
    int64_t head = db_int8 (calls[1].result, 0, 0);
    answer.epoch = uuid_field (&epoch);
    answer.rewound = (read->epoch.len &&
                      (read->epoch.len != sizeof epoch || memcmp (read->epoch.data, &epoch, sizeof epoch) != 0)) ||
                     db_int8 (calls[0].result, 0, 0) != (int64_t)question.n_known;
    answer.rewound = answer.rewound || question.highest > head;
    answer.expelled = !answer.rewound && read->place && question.lowest < db_int8 (calls[1].result, 0, 2);
    answer.head = head;
    if (answer.rewound)
        log_rewound (gather->engine, job->request.service, question.highest, head);
    else if (!answer.expelled)
        log_answer_fill (gather->arena, calls[2].result, question.limit, head, &answer);
    reply.log_answer = &answer;
    bool is_news = answer.n_entries || answer.upto > question.lowest; /* so far there is nothing: that is news too */
    job->waits = !answer.rewound && !answer.expelled && !is_news;
    job->position = answer.upto;
    rc = answer_keep (job, &reply, err);
    db_calls_clear (calls, 3);
    return rc;
}

/* ------------------------------------------------------------ queries */

static const struct query_handler *
query_find (const struct service *service, const char *type)
{
    for (const struct query_handler *row = service->queries; row && row->type; row++)
        if (strcmp (row->type->name, type) == 0)
            return row;
    return NULL;
}

/* The question's patience counts from its first answer, however often it is asked again. */
static void
query_keep_back (struct job *job, unsigned wait_ms)
{
    int64_t now = clock_monotonic (), until = now + wait_ms * (int64_t)(CLOCK_SECOND / 1000);
    if (!job->patient && until < job->expires)
        job->expires = until;
    job->patient = true;
    job->waits = true;
    job->look_at = now + IDLE_LOOK_MS * (int64_t)(CLOCK_SECOND / 1000);
}

static enum rc
query_answer (struct gather *gather, struct job *job, struct err *err)
{
    const Padan__Envelope *envelope = job->request.message->query;
    const struct query_handler *handler = query_find (gather->engine->service, envelope->type);
    if (job_in_time (job, err) != RC_OK)
        return job->reply.data ? RC_OK : err->rc; /* the answer it already has will do */
    if (!handler)
        return err_set (err, RC_INVALID, "%s answers no query of this type", gather->engine->service->name);
    struct message message = {
        .type = envelope->type,
        .tenant = envelope->tenant,
        .version = envelope->version,
        .time = envelope->time,
        .principal = job->principal,
        .service = job->request.service,
    };
    if (envelope->subject.len)
        uuid_from (envelope->subject, &message.subject);
    uuid_from (envelope->id, &message.id);
    enum rc rc = query_authorise (handler, &message, err);
    if (rc != RC_OK)
        return rc;
    if (engine_too_early (gather->engine, envelope->after)) {
        job->waits = true;
        return RC_OK;
    }
    ProtobufCMessage *data;
    rc = message_unpack (handler->type, gather->arena, envelope->data.data, envelope->data.len, &data, err);
    if (rc != RC_OK)
        return rc;
    message.data = data;
    struct query query = { .gather = gather, .tenant = envelope->tenant };
    job->commits = gather->engine->commits;
    const ProtobufCMessage *answer = NULL;
    rc = handler->answer (&query, &message, &answer, err);
    if (rc != RC_OK)
        return rc;
    Padan__Reply reply = PADAN__REPLY__INIT;
    reply.type = (char *)(handler->reply ? handler->reply->name : "");
    if (answer) {
        reply.data.len = protobuf_c_message_get_packed_size (answer);
        reply.data.data = arena_alloc (gather->arena, reply.data.len + 1);
        MUST (reply.data.data);
        protobuf_c_message_pack (answer, reply.data.data);
    }
    if (query.wait_ms)
        query_keep_back (job, query.wait_ms);
    return answer_keep (job, &reply, err);
}

static void
job_read (struct gather *gather, struct job *job)
{
    struct err err = { 0 };
    job->waits = false;
    bool is_log = job->request.message->log_read != NULL;
    enum rc rc = is_log ? log_read (gather, job, &err) : query_answer (gather, job, &err);
    if (rc == RC_OK)
        return;
    if (err.rc != rc)
        err_set (&err, rc, "query failed");
    if (rc == RC_RETRY || rc == RC_UNKNOWN) { /* nothing was changed: the asker may simply ask again */
        engine_database_state (gather->engine, false, &err);
        err_set (&err, RC_BUSY, "the database is away");
    } else if (rc == RC_INTERNAL || rc == RC_CORRUPT) {
        log_event (LOG_ERR, "query.failed", LOG_STR ("type", is_log ? "log" : job->request.message->query->type),
                   LOG_ERR_FIELDS (&err));
    }
    job->waits = false;
    job_refuse (job, gather->arena, &err);
}

void *
reader_thread (void *self)
{
    struct engine *engine = self;
    struct gather *gather = gather_new (engine, "reader");
    for (;;) {
        struct job *job = queue_take (engine->reads, 1, SIZE_MAX, IDLE_LOOK_MS);
        if (!job && engine->stopping)
            break;
        if (!job)
            continue;
        arena_reset (gather->arena);
        job_read (gather, job);
        outbox_push (engine->outbox, job);
    }
    gather_destroy (&gather);
    return NULL;
}
