/* ListRegistries: the newest snapshots of each registry, the current one marked. */
#include "services/validation/validation.h"
#include "validation_sql.h"

enum rc
query_list_registries (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                       struct err *err)
{
    struct arena *arena = query_arena (query);
    struct db_call call = { .sql = &sql_registry_list, .params = db_params (arena) };
    db_param_int8 (call.params, message->tenant);
    enum rc rc = query_run (query, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    size_t n = db_count (call.result);
    Padan__Validation__V1__Registries *reply = arena_alloc (arena, sizeof *reply);
    Padan__Validation__V1__RegistryView *views = arena_array (arena, n + 1, sizeof *views);
    MUST (reply && views);
    padan__validation__v1__registries__init (reply);
    reply->registries = arena_array (arena, n + 1, sizeof *reply->registries);
    MUST (reply->registries);
    for (size_t i = 0; i < n; i++) {
        padan__validation__v1__registry_view__init (&views[i]);
        views[i].registry = arena_string (arena, db_text (call.result, i, 0));
        views[i].version = db_int8 (call.result, i, 1);
        views[i].period = arena_string (arena, db_text (call.result, i, 2));
        views[i].rows = db_int8 (call.result, i, 3);
        views[i].switched_at = db_time (call.result, i, 4);
        views[i].current = db_bool (call.result, i, 5);
        reply->registries[i] = &views[i];
    }
    reply->n_registries = n;
    db_calls_clear (&call, 1);
    *ret_reply = &reply->base;
    return RC_OK;
}
