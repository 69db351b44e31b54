/* What decisions need to know before their transaction: the profile, the people an application names, a paper's file.
 * Rows read here may change until the transaction has its locks, so decisions look again. */
#include <string.h>

#include "common/base/scan.h"
#include "intake_sql.h"
#include "services/intake/claim_store.h"
#include "services/intake/intake.h"

static struct intake_facts *
facts_new (struct gather *gather, struct message *message)
{
    struct intake_facts *facts = arena_alloc (gather_arena (gather), sizeof *facts);
    MUST (facts); /* a batch is 8 MB at most, the arena holds 256 */
    message->facts = facts;
    return facts;
}

enum rc
gather_current_profile (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    const struct profile *profile = NULL;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || messages[i]->tenant != messages[i - 1]->tenant)
            profile = NULL;
        enum rc rc = profile ? RC_OK : profiles_get (gather, messages[i]->tenant, NULL, &profile, err);
        if (rc == RC_NOT_FOUND)
            gather_refuse (gather, messages[i], err);
        else if (rc != RC_OK)
            return rc;
        else
            facts_new (gather, messages[i])->profile = profile;
    }
    return RC_OK;
}

/* The rows of one application, from row `first` on. */
static enum rc
facts_fill (struct gather *gather, struct message *message, const struct db_result *rows, size_t first, struct err *err)
{
    struct intake_facts *facts = facts_new (gather, message);
    size_t n = db_count (rows);
    facts->niks = arena_array (gather_arena (gather), MEMBER_ROWS_MAX, sizeof *facts->niks);
    MUST (facts->niks);
    for (size_t i = first; i < n && uuid_compare (db_uuid (rows, i, 0), message->subject) == 0; i++)
        if (!db_null (rows, i, 2) && facts->n_niks < MEMBER_ROWS_MAX)
            facts->niks[facts->n_niks++] = db_int8 (rows, i, 2);
    struct bytes hash = db_bytes (rows, first, 1);
    if (hash.size != PROFILE_HASH)
        return err_set (err, RC_CORRUPT, "an application without a profile's hash");
    return profiles_get (gather, message->tenant, hash.data, &facts->profile, err);
}

static enum rc
gather_tenant (struct gather *gather, int64_t tenant, struct message *const *messages, size_t n, struct err *err)
{
    struct arena *arena = gather_arena (gather);
    struct uuid *ids = arena_array (arena, n, sizeof *ids);
    MUST (ids);
    size_t n_ids = 0;
    for (size_t i = 0; i < n; i++)
        if (messages[i]->tenant == tenant)
            ids[n_ids++] = messages[i]->subject;
    struct db_call call = { .sql = &sql_application_people, .params = db_params (arena) };
    db_param_int8 (call.params, tenant);
    db_param_uuid_array (call.params, ids, n_ids);
    enum rc rc = gather_read (gather, tenant, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        size_t first = 0, rows = db_count (call.result);
        while (first < rows && uuid_compare (db_uuid (call.result, first, 0), messages[i]->subject) != 0)
            first++;
        if (messages[i]->tenant == tenant && first < rows)
            rc = facts_fill (gather, messages[i], call.result, first, err);
    }
    db_calls_clear (&call, 1);
    return rc;
}

enum rc
gather_application (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        bool done = false;
        for (size_t j = 0; j < i && !done; j++)
            done = messages[j]->tenant == messages[i]->tenant;
        messages[i]->facts = done ? messages[i]->facts : NULL;
        if (!done)
            rc = gather_tenant (gather, messages[i]->tenant, messages, n, err);
    }
    return rc;
}

static void
file_look (const Padan__Intake__V1__AttachPaper *command, struct intake_facts *facts)
{
    const Padan__Common__V1__Paper *paper = command->paper;
    uint8_t head[SCAN_HEAD];
    size_t got;
    if (!paper || paper->file_sha256.len != STORE_DIGEST ||
        store_head (intake_store, paper->file_sha256.data, paper->size, head, sizeof head, &got, NULL) != RC_OK)
        return;
    const struct scan *scan = scan_of_bytes (head, got);
    facts->file_stored = true;
    facts->file_fits = scan && strcmp (scan->media_type, paper->media_type) == 0;
}

enum rc
gather_paper (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    enum rc rc = gather_application (gather, messages, n, err);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct intake_facts *facts = messages[i]->facts;
        if (facts)
            file_look ((const Padan__Intake__V1__AttachPaper *)messages[i]->data, facts);
    }
    return rc;
}

enum rc
keys_application (struct keys *keys, const struct message *message, struct err *err)
{
    const struct intake_facts *facts = message->facts;
    keys_add (keys, &application_table, message->tenant, message->subject);
    for (size_t i = 0; facts && i < facts->n_niks; i++)
        claim_keys (keys, message->tenant, facts->niks[i]);
    return RC_OK;
}

enum rc
facts_take (const struct message *message, const struct application *application, const struct intake_facts **ret_facts,
            struct err *err)
{
    const struct intake_facts *facts = message->facts;
    if (!facts)
        return err_set (err, RC_RETRY, "the application appeared meanwhile");
    for (size_t i = 0; application && i < application->n_members; i++) {
        const struct member *member = &application->members[i];
        bool known = member->removed || !member->nik;
        for (size_t j = 0; j < facts->n_niks && !known; j++)
            known = facts->niks[j] == member->nik;
        if (!known)
            return err_set (err, RC_RETRY, "the application changed meanwhile");
    }
    *ret_facts = facts;
    return RC_OK;
}

void
claims_release (struct unit *unit, const struct application *application, bool all)
{
    for (size_t i = 0; i < application->n_members; i++) {
        const struct member *member = &application->members[i];
        if (!member->removed && (all || !member_goes_on (member)))
            claim_release (unit, application->tenant, member->nik, application->id);
    }
}
