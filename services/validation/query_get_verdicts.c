/* GetVerdicts: what was last judged of each person of an application. Subject: the application. */
#include "common/bus/message.h"
#include "services/validation/validation.h"
#include "validation_sql.h"

enum {
    EVERYBODY = 1 << PADAN__ROLE__ROLE_KELURAHAN | 1 << PADAN__ROLE__ROLE_OPERATOR | 1 << PADAN__ROLE__ROLE_KABID |
                1 << PADAN__ROLE__ROLE_SEKDIS | 1 << PADAN__ROLE__ROLE_KADIS | 1 << PADAN__ROLE__ROLE_ADMIN |
                1 << PADAN__ROLE__ROLE_AUDITOR | 1 << PADAN__ROLE__ROLE_INTEGRATOR,
};

static enum rc
verdicts_take (struct query *query, const struct db_result *rows, Padan__Validation__V1__Verdicts *reply,
               struct err *err)
{
    struct arena *arena = query_arena (query);
    size_t n = db_count (rows);
    reply->verdicts = arena_array (arena, n + 1, sizeof *reply->verdicts);
    MUST (reply->verdicts);
    for (size_t i = 0; i < n; i++) {
        struct bytes packed = db_bytes (rows, i, 0);
        ProtobufCMessage *verdict;
        enum rc rc = message_unpack (&padan__common__v1__member_verdict__descriptor, arena, packed.data, packed.size,
                                     &verdict, err);
        if (rc != RC_OK)
            return err_set (err, RC_CORRUPT, "a stored verdict does not unpack");
        reply->verdicts[reply->n_verdicts++] = (Padan__Common__V1__MemberVerdict *)verdict;
    }
    return RC_OK;
}

enum rc
query_get_verdicts (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                    struct err *err)
{
    struct arena *arena = query_arena (query);
    struct db_call calls[] = { { .sql = &sql_verdict_application, .params = db_params (arena) },
                               { .sql = &sql_verdict_members, .params = db_params (arena) } };
    for (size_t i = 0; i < 2; i++) {
        db_param_int8 (calls[i].params, message->tenant);
        db_param_uuid (calls[i].params, message->subject);
    }
    enum rc rc = query_run (query, calls, 2, err);
    if (rc != RC_OK)
        return rc;
    Padan__Validation__V1__Verdicts *reply = arena_alloc (arena, sizeof *reply);
    MUST (reply);
    padan__validation__v1__verdicts__init (reply);
    const struct db_result *row = calls[0].result;
    if (db_count (row) == 0 || !message_allowed (message, EVERYBODY, db_text (row, 0, 2))) {
        rc = err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such application");
    } else {
        reply->application_id = uuid_field (&message->subject);
        reply->input_version = db_int8 (row, 0, 0);
        reply->given_at = db_null (row, 0, 1) ? 0 : db_time (row, 0, 1);
        rc = verdicts_take (query, calls[1].result, reply, err);
    }
    db_calls_clear (calls, 2);
    *ret_reply = &reply->base;
    return rc;
}
