/* What messages need to know before their transaction: profiles, lists of letters, what was sent. */
#include <sodium.h>

#include "approval_sql.h"
#include "common/base/text.h"
#include "services/approval/chain.h"
#include "services/approval/letter_read.h"
#include "services/approval/letter_text.h"

enum { SEQUENCE_WIDEST = 999999 }; /* more letters of a class than an office writes in a year */

static struct approval_facts *
facts_new (struct gather *gather, struct message *message)
{
    return message->facts = approval_memory (gather_arena (gather), 1, sizeof (struct approval_facts));
}

/* A refusal stays with its message; what may be otherwise in a moment runs the batch again. */
static enum rc
facts_refuse (struct approval_facts *facts, enum rc rc, const struct err *err, struct err *ret_err)
{
    if (rc == RC_OK)
        return RC_OK;
    if (rc == RC_RETRY || rc == RC_UNKNOWN || rc == RC_BUSY) {
        *ret_err = *err;
        return RC_RETRY;
    }
    facts->rc = rc;
    facts->err = *err;
    facts->profile = NULL;
    return RC_OK;
}

typedef enum rc one_fn (struct gather *gather, const struct message *message, struct approval_facts *facts,
                        struct err *err);

static enum rc
gather_each (struct gather *gather, struct message *const *messages, size_t n, one_fn *one, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct approval_facts *facts = facts_new (gather, messages[i]);
        struct err own = { 0 };
        enum rc rc = facts_refuse (facts, one (gather, messages[i], facts, &own), &own, err);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

static enum rc
read_one (struct gather *gather, int64_t tenant, const struct sql *sql, struct db_params *params,
          struct db_result **ret_result, struct err *err)
{
    struct db_call call = { .sql = sql, .params = params };
    enum rc rc = gather_read (gather, tenant, &call, 1, err);
    *ret_result = call.result;
    return rc;
}

static void
result_clear (struct db_result **result)
{
    struct db_call call = { .result = *result };
    if (*result)
        db_calls_clear (&call, 1);
    *result = NULL;
}
#define RESULT_AUTO __attribute__ ((cleanup (result_clear)))

static struct db_params *
row_params (struct gather *gather, int64_t tenant, struct uuid id)
{
    struct db_params *params = db_params (gather_arena (gather));
    db_param_int8 (params, tenant);
    db_param_uuid (params, id);
    return params;
}

static enum rc
profile_of (struct gather *gather, int64_t tenant, struct bytes hash, const struct profile **ret, struct err *err)
{
    if (hash.size != PROFILE_HASH)
        return err_set (err, RC_CORRUPT, "the hash of a profile has %zu bytes", hash.size);
    return profiles_get (gather, tenant, hash.data, ret, err);
}

static struct bytes
bytes_copy (struct arena *arena, struct bytes bytes)
{
    void *copy = bytes.data ? arena_copy (arena, bytes.data, bytes.size) : NULL;
    MUST (copy || !bytes.data);
    return (struct bytes){ copy, bytes.size };
}

/* Columns application_id, dossier_id, sent. */
static void
list_take (struct gather *gather, const struct db_result *rows, struct listed **ret_list, size_t *ret_n)
{
    size_t n = db_count (rows);
    struct listed *list = approval_memory (gather_arena (gather), n, sizeof *list);
    for (size_t i = 0; i < n; i++) {
        list[i].application_id = db_uuid (rows, i, 0);
        list[i].dossier_id = db_uuid (rows, i, 1);
        if (!db_null (rows, i, 2))
            list[i].sent = bytes_copy (gather_arena (gather), db_bytes (rows, i, 2));
    }
    *ret_list = list;
    *ret_n = n;
}

enum rc
facts_list (struct gather *gather, int64_t tenant, struct uuid letter_id, bool sent, struct listed **ret_list,
            size_t *ret_n, struct err *err)
{
    RESULT_AUTO struct db_result *rows = NULL;
    struct db_params *params = row_params (gather, tenant, letter_id);
    db_param_bool (params, sent);
    enum rc rc = read_one (gather, tenant, &sql_facts_list, params, &rows, err);
    if (rc == RC_OK)
        list_take (gather, rows, ret_list, ret_n);
    return rc;
}

static enum rc
file_gather (struct gather *gather, const struct message *message, struct approval_facts *facts, struct err *err)
{
    RESULT_AUTO struct db_result *rows = NULL;
    enum rc rc = read_one (gather, message->tenant, &sql_facts_file,
                           row_params (gather, message->tenant, message->subject), &rows, err);
    if (rc != RC_OK || !db_count (rows))
        return rc;
    facts->dossier_id = db_uuid (rows, 0, 1);
    facts->letter_id = db_null (rows, 0, 2) ? ((struct uuid){ 0 }) : db_uuid (rows, 0, 2);
    facts->sent = bytes_copy (gather_arena (gather), db_bytes (rows, 0, 3));
    if (!uuid_is_nil (facts->letter_id))
        rc = facts_list (gather, message->tenant, facts->letter_id, false, &facts->list, &facts->n_list, err);
    return rc == RC_OK ? profile_of (gather, message->tenant, db_bytes (rows, 0, 0), &facts->profile, err) : rc;
}

enum rc
gather_file (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    return gather_each (gather, messages, n, file_gather, err);
}

enum rc
facts_content (struct gather *gather, int64_t tenant, struct uuid letter_id, struct bytes *ret_content, struct err *err)
{
    RESULT_AUTO struct db_result *rows = NULL;
    enum rc rc = read_one (gather, tenant, &sql_letter_content_get, row_params (gather, tenant, letter_id), &rows, err);
    if (rc == RC_OK && db_count (rows))
        *ret_content = bytes_copy (gather_arena (gather), db_bytes (rows, 0, 0));
    return rc;
}

static enum rc
content_gather (struct gather *gather, const struct message *message, struct approval_facts *facts, const char *kind,
                struct err *err)
{
    int index = profile_letter_find (facts->profile, kind);
    if (index < 0)
        return err_set (err, RC_CORRUPT, "its profile has no letter %s", kind);
    facts->kind = &facts->profile->letters[index];
    enum rc rc = facts_content (gather, message->tenant, message->subject, &facts->content, err);
    if (rc == RC_OK)
        crypto_hash_sha256 (facts->content_sha256, facts->content.data, facts->content.size);
    return rc;
}

static enum rc
letter_gather (struct gather *gather, const struct message *message, bool sent, struct approval_facts *facts,
               struct err *err)
{
    RESULT_AUTO struct db_result *rows = NULL;
    enum rc rc = read_one (gather, message->tenant, &sql_facts_letter,
                           row_params (gather, message->tenant, message->subject), &rows, err);
    if (rc != RC_OK || !db_count (rows))
        return rc;
    facts->letter_id = message->subject;
    rc = facts_list (gather, message->tenant, message->subject, sent, &facts->list, &facts->n_list, err);
    if (rc == RC_OK)
        rc = profile_of (gather, message->tenant, db_bytes (rows, 0, 0), &facts->profile, err);
    if (rc == RC_OK && sent)
        rc = content_gather (gather, message, facts, db_text (rows, 0, 1), err);
    return rc;
}

static enum rc
bare_gather (struct gather *gather, const struct message *message, struct approval_facts *facts, struct err *err)
{
    return letter_gather (gather, message, false, facts, err);
}

static enum rc
full_gather (struct gather *gather, const struct message *message, struct approval_facts *facts, struct err *err)
{
    return letter_gather (gather, message, true, facts, err);
}

/* A number once taken stands: the letter must be printable with it and with whoever is in office. */
static enum rc
signed_check (struct gather *gather, const struct message *message, const struct approval_facts *facts, struct err *err)
{
    const struct office_letter *known;
    char number[LETTER_NUMBER_MAX];
    enum rc rc = letter_read (gather, message->tenant, message->subject, &known, err);
    if (rc == RC_OK)
        rc = profile_number (facts->kind, SEQUENCE_WIDEST, facts->day, number, sizeof number, err);
    if (rc != RC_OK)
        return rc;
    struct office_letter row = *known;
    row.signed_at = gather_now (gather);
    row.number = number;
    row.signer_title = official_title (facts->official, gather_arena (gather));
    row.signer_name = facts->official->name;
    row.signer_rank = facts->official->rank;
    row.signer_nip = facts->official->nip;
    return letter_text_fits (facts->profile, profile_letter_find (facts->profile, known->letter), facts->content, &row,
                             row.signed_at, false, gather_arena (gather), err);
}

/* Procedures outlive officials: who signs is who the one in force names, whatever the letter was drafted under. */
static enum rc
sign_gather (struct gather *gather, const struct message *message, struct approval_facts *facts, struct err *err)
{
    const struct profile *in_force;
    int year, month, date;
    enum rc rc = letter_gather (gather, message, true, facts, err);
    if (rc != RC_OK || !facts->profile)
        return rc;
    rc = profiles_get (gather, message->tenant, NULL, &in_force, err);
    if (rc != RC_OK)
        return rc;
    facts->day = calendar_day (&facts->profile->calendar, gather_now (gather));
    facts->official = profile_official_on (in_force, facts->kind->signer, facts->day);
    date_split (facts->day, &year, &month, &date);
    facts->number_id = letter_number_id (facts->kind->class_code, facts->kind->unit, year);
    return facts->official && facts->content.size ? signed_check (gather, message, facts, err) : RC_OK;
}

enum rc
gather_letter (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    return gather_each (gather, messages, n, bare_gather, err);
}

enum rc
gather_letter_sent (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    return gather_each (gather, messages, n, full_gather, err);
}

enum rc
gather_sign (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    return gather_each (gather, messages, n, sign_gather, err);
}

static enum rc
sent_gather (struct gather *gather, const struct message *message, struct approval_facts *facts, struct err *err)
{
    const Padan__Intake__V1__ApplicationSent *sent = (const Padan__Intake__V1__ApplicationSent *)message->data;
    if (!sent->dossier)
        return err_set (err, RC_CORRUPT, "an application was sent without its dossier");
    ProtobufCBinaryData hash = sent->dossier->profile_sha256;
    return profile_of (gather, message->tenant, (struct bytes){ hash.data, hash.len }, &facts->profile, err);
}

enum rc
gather_sent (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    return gather_each (gather, messages, n, sent_gather, err);
}

/* The letter those files would make. Which may be on it is decided under lock. */
static enum rc
draft_gather (struct gather *gather, const struct message *message, struct approval_facts *facts, struct err *err)
{
    const Padan__Approval__V1__DraftLetter *command = (const Padan__Approval__V1__DraftLetter *)message->data;
    RESULT_AUTO struct db_result *rows = NULL;
    struct arena *arena = gather_arena (gather);
    struct uuid *ids = approval_memory (arena, command->n_application_id, sizeof *ids);
    if (command->n_application_id > LETTER_FILES_MAX)
        return err_code (err, RC_UNPROCESSABLE, "common.too_many", "/application_id", "more than %d", LETTER_FILES_MAX);
    for (size_t i = 0; i < command->n_application_id; i++)
        if (!uuid_from (command->application_id[i], &ids[i]))
            return err_code (err, RC_INVALID, "common.invalid", "/application_id", "an id is not 16 bytes");
    struct db_params *params = db_params (arena);
    db_param_int8 (params, message->tenant);
    db_param_uuid_array (params, ids, command->n_application_id);
    enum rc rc = read_one (gather, message->tenant, &sql_facts_draft, params, &rows, err);
    if (rc != RC_OK || !db_count (rows))
        return rc;
    list_take (gather, rows, &facts->list, &facts->n_list);
    rc = profile_of (gather, message->tenant, db_bytes (rows, 0, 3), &facts->profile, err);
    if (rc != RC_OK)
        return rc;
    int index = profile_letter_find (facts->profile, command->letter);
    if (index < 0)
        return err_code (err, RC_UNPROCESSABLE, "approval.letter_unknown", "/letter", "the profile has no such letter");
    rc = letter_text_draft (facts, index, arena, err);
    if (rc != RC_OK)
        return rc;
    struct office_letter row = { .content_sha256 = { facts->content_sha256, sizeof facts->content_sha256 } };
    return letter_text_fits (facts->profile, index, facts->content, &row, gather_now (gather), true, arena, err);
}

enum rc
gather_draft (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    return gather_each (gather, messages, n, draft_gather, err);
}

/* ------------------------------------------------------------ rows */

static void
keys_list (struct keys *keys, const struct message *message, struct uuid letter_id)
{
    const struct approval_facts *facts = message->facts;
    if (uuid_is_nil (letter_id))
        return;
    keys_add (keys, &letter_table, message->tenant, letter_id);
    for (size_t i = 0; facts && i < facts->n_list; i++)
        keys_add (keys, &file_table, message->tenant, facts->list[i].application_id);
}

enum rc
keys_file (struct keys *keys, const struct message *message, struct err *err)
{
    const struct approval_facts *facts = message->facts;
    keys_add (keys, &file_table, message->tenant, message->subject);
    keys_list (keys, message, facts ? facts->letter_id : (struct uuid){ 0 });
    return RC_OK;
}

enum rc
keys_letter (struct keys *keys, const struct message *message, struct err *err)
{
    keys_list (keys, message, message->subject);
    return RC_OK;
}

enum rc
keys_sign (struct keys *keys, const struct message *message, struct err *err)
{
    const struct approval_facts *facts = message->facts;
    keys_list (keys, message, message->subject);
    if (facts && !uuid_is_nil (facts->number_id))
        keys_add (keys, &letter_number_table, message->tenant, facts->number_id);
    return RC_OK;
}
