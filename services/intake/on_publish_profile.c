/* PublishProfile → ProfilePublished, reply ProfileReply. The tenant's new applications are entered under it from now
 * on; those entered before keep theirs. Published bytes never change. The same bytes again: no event, same version; and
 * so with if_none when the tenant has a profile, whichever: the reply says which one is in force.
 * Rows: profile, profile_current. */
#include <sodium.h>
#include <stdio.h>

#include "services/intake/intake.h"
#include "services/intake/profile_store.h"
#include "intake_sql.h"

enum { POLICIES_LOOKED_AT = 200 }; /* profiles; an office publishes a few a year */

struct publishing {
    uint8_t hash[PROFILE_HASH];
};

/* Every problem with its place in the file, as `padan profile check` shows them. */
static void
problems_tell (const struct profile_problems *problems, struct gather *gather, struct message *message)
{
    struct arena *arena = gather_arena (gather);
    struct err_field *fields = arena_array (arena, problems->count + 1, sizeof *fields);
    struct err refusal;
    char count[24];
    MUST (fields);
    for (size_t i = 0; i < problems->count; i++) {
        const struct profile_problem *problem = &problems->items[i];
        fields[i] = (struct err_field){
            .code = "intake.profile_line",
            .field = arena_printf (arena, "%d:%d %s", problem->line, problem->column, problem->path),
            .argument = arena_string (arena, problem->text),
        };
        MUST (fields[i].field && fields[i].argument);
    }
    snprintf (count, sizeof count, "%zu", problems->count);
    err_code (&refusal, RC_UNPROCESSABLE, "intake.profile_problem", "", "the profile has %s problems", count);
    err_argument (&refusal, count);
    err_fields (&refusal, fields, problems->count);
    gather_refuse (gather, message, &refusal);
}

/* Evidence says "siantar-padan v1": that may not mean two sets of rules. True: one that was published says otherwise.
 */
static enum rc
policy_find_other (struct gather *gather, int64_t tenant, const struct dukcapil_policy *policy, bool *ret_other,
                   struct err *err)
{
    struct db_call call = { .sql = &sql_profile_policies, .params = db_params (gather_arena (gather)) };
    db_param_int8 (call.params, tenant);
    db_param_int8 (call.params, POLICIES_LOOKED_AT);
    enum rc rc = gather_read (gather, tenant, &call, 1, err);
    *ret_other = false;
    for (size_t i = 0; rc == RC_OK && i < db_count (call.result) && !*ret_other; i++) {
        ARENA_AUTO struct arena *arena = arena_new (PROFILES_ARENA);
        struct profile *known;
        struct profile_problems problems = { .count = 0 };
        struct err unread;
        MUST (arena);
        if (profile_parse (db_bytes (call.result, i, 0), arena, &known, &problems, &unread) == RC_OK)
            *ret_other = strcmp (known->dukcapil.name, policy->name) == 0 &&
                         known->dukcapil.version == policy->version &&
                         !dukcapil_policy_equal (&known->dukcapil, policy);
    }
    if (rc == RC_OK)
        db_calls_clear (&call, 1);
    return rc;
}

static enum rc
policy_check (struct gather *gather, struct message *message, const struct profile *profile, struct err *err)
{
    const Padan__Intake__V1__PublishProfile *command = (const void *)message->data;
    const struct dukcapil_policy *policy = &profile->dukcapil;
    bool other = false;
    if (command->if_none) /* changes nothing where something was published */
        return RC_OK;
    enum rc rc = policy_find_other (gather, message->tenant, policy, &other, err);
    if (rc != RC_OK || !other)
        return rc;
    struct err refusal;
    const char *name = arena_printf (gather_arena (gather), "%s v%d", policy->name, policy->version);
    MUST (name);
    err_code (&refusal, RC_UNPROCESSABLE, "intake.profile_policy", "", "dukcapil changed and its version did not");
    err_argument (&refusal, name);
    gather_refuse (gather, message, &refusal);
    return RC_OK;
}

/* Reading and checking takes milliseconds, so it is done before any row is locked. */
enum rc
on_publish_profile_gather (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        const Padan__Intake__V1__PublishProfile *command = (const void *)messages[i]->data;
        ARENA_AUTO struct arena *arena = arena_new (PROFILES_ARENA);
        struct publishing *publishing = arena_alloc (gather_arena (gather), sizeof *publishing);
        MUST (arena && publishing);
        struct profile *profile;
        struct profile_problems problems = { .count = 0 };
        struct bytes yaml = { command->yaml.data, command->yaml.len };
        enum rc rc = profile_parse (yaml, arena, &profile, &problems, err);
        if (rc != RC_OK && !problems.count)
            return rc;
        if (rc != RC_OK) {
            problems_tell (&problems, gather, messages[i]);
            continue;
        }
        memcpy (publishing->hash, profile->hash, PROFILE_HASH);
        messages[i]->facts = publishing;
        rc = policy_check (gather, messages[i], profile, err);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

enum rc
on_publish_profile_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const struct publishing *publishing = message->facts;
    if (!publishing)
        return err_set (err, RC_INTERNAL, "a profile that was not read");
    keys_add (keys, &profile_table, message->tenant, profile_id (publishing->hash));
    keys_add (keys, &current_profile_table, message->tenant, current_profile_id (message->tenant));
    return RC_OK;
}

static void
profile_reply (struct unit *unit, struct bytes sha256, int32_t version)
{
    Padan__Intake__V1__ProfileReply reply = PADAN__INTAKE__V1__PROFILE_REPLY__INIT;
    reply.profile_sha256 = (ProtobufCBinaryData){ sha256.size, (uint8_t *)sha256.data };
    reply.version = version;
    unit_reply (unit, &reply);
}

static void
profile_keep (struct unit *unit, const struct message *message, struct bytes sha256, int32_t version)
{
    const Padan__Intake__V1__PublishProfile *command = (const void *)message->data;
    struct published_profile *row = unit_create (unit, &profile_table, message->tenant, profile_id (sha256.data));
    row->sha256 = sha256;
    row->version = version;
    row->yaml = (struct bytes){ command->yaml.data, command->yaml.len };
    row->published_at = unit_now (unit);
    if (message->principal)
        uuid_from (message->principal->person_id, &row->published_by);
}

enum rc
on_publish_profile (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Intake__V1__PublishProfile *command = (const void *)message->data;
    const struct publishing *publishing = message->facts;
    struct bytes sha256 = { publishing->hash, PROFILE_HASH };
    struct uuid id = current_profile_id (message->tenant);
    const struct current_profile *known = unit_peek (unit, &current_profile_table, message->tenant, id);
    if (message->principal && !message_allowed (message, INTAKE_PUBLISHERS, ""))
        return err_code (err, RC_FORBIDDEN, "common.forbidden", "", "publishing takes the whole tenant, or padan");
    if (known && (command->if_none || memcmp (known->sha256.data, publishing->hash, PROFILE_HASH) == 0)) {
        profile_reply (unit, known->sha256, known->version);
        return RC_OK;
    }
    int32_t version = known ? known->version + 1 : 1;
    if (!unit_peek (unit, &profile_table, message->tenant, profile_id (publishing->hash)))
        profile_keep (unit, message, sha256, version);
    struct current_profile *current = known ? unit_edit (unit, &current_profile_table, message->tenant, id)
                                            : unit_create (unit, &current_profile_table, message->tenant, id);
    current->sha256 = sha256;
    current->version = version;
    current->since = unit_now (unit);
    Padan__Intake__V1__ProfilePublished event = PADAN__INTAKE__V1__PROFILE_PUBLISHED__INIT;
    event.profile_sha256 = (ProtobufCBinaryData){ sha256.size, (uint8_t *)sha256.data };
    event.version = version;
    unit_emit (unit, message->tenant, id, version, &event);
    profile_reply (unit, sha256, version);
    return RC_OK;
}
