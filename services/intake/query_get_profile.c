/* GetProfile: published bytes by their hash, or the tenant's current ones; other services parse them themselves. */
#include "intake_sql.h"
#include "services/intake/intake.h"
#include "services/intake/profile_store.h"

enum rc
query_get_profile (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                   struct err *err)
{
    const Padan__Intake__V1__GetProfile *question = (const void *)message->data;
    struct arena *arena = query_arena (query);
    bool by_hash = question->profile_sha256.len > 0;
    if (by_hash && question->profile_sha256.len != PROFILE_HASH)
        return err_code (err, RC_INVALID, "common.not_found", "/profile_sha256", "not a SHA-256");
    struct db_call call = { .sql = by_hash ? &sql_profile_yaml : &sql_profile_current_yaml,
                            .params = db_params (arena) };
    db_param_int8 (call.params, message->tenant);
    if (by_hash)
        db_param_uuid (call.params, profile_id (question->profile_sha256.data));
    enum rc rc = query_run (query, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    if (!db_count (call.result)) {
        db_calls_clear (&call, 1);
        return err_code (err, RC_NOT_FOUND, by_hash ? "common.not_found" : "common.no_profile", "",
                         "the tenant has no such profile");
    }
    Padan__Intake__V1__Profile *reply = arena_alloc (arena, sizeof *reply);
    struct bytes sha256 = db_bytes (call.result, 0, 0), yaml = db_bytes (call.result, 0, 1);
    MUST (reply);
    padan__intake__v1__profile__init (reply);
    reply->profile_sha256.data = arena_copy (arena, sha256.data, sha256.size);
    reply->profile_sha256.len = sha256.size;
    reply->yaml.data = arena_copy (arena, yaml.data, yaml.size);
    reply->yaml.len = yaml.size;
    MUST (reply->profile_sha256.data && reply->yaml.data);
    reply->version = db_int4 (call.result, 0, 2);
    reply->published_at = db_time (call.result, 0, 3);
    db_calls_clear (&call, 1);
    *ret_reply = &reply->base;
    return RC_OK;
}
