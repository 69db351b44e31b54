/* DraftLetter → LetterDrafted and FileDrafted for each application; reply LetterReply. The letter's list and content
 * are fixed here for good. All applications are of one track and one profile, and wait to be drafted.
 * Rows: the new letter and its content, every file listed. */
#include "services/approval/chain.h"

#include <stdio.h>

struct drafting {
    const struct approval_facts *facts;
    const struct profile_letter *kind;
    const char *track;
    int act;
};

enum rc
on_draft_letter_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const Padan__Approval__V1__DraftLetter *command = (const Padan__Approval__V1__DraftLetter *)message->data;
    keys_add (keys, &letter_table, message->tenant, message->subject);
    keys_add (keys, &letter_content_table, message->tenant, message->subject);
    for (size_t i = 0; i < command->n_application_id && i < LETTER_FILES_MAX; i++) {
        struct uuid id;
        if (!uuid_from (command->application_id[i], &id))
            return err_code (err, RC_INVALID, "common.invalid", "/application_id", "an id is not 16 bytes");
        keys_add (keys, &file_table, message->tenant, id);
    }
    return RC_OK;
}

/* One application: may it be on this letter? The first says which track and act the letter is of. */
static enum rc
file_check (const struct message *message, struct drafting *drafting, const struct file *file, size_t i,
            struct err *err)
{
    const struct profile *profile = drafting->facts->profile;
    char field[40];
    snprintf (field, sizeof field, "/application_id/%zu", i);
    if (!file)
        return err_code (err, RC_NOT_FOUND, "approval.file_unknown", field, "no such file");
    if (file_state_of (file) != FILE_WAITING)
        return err_code (err, RC_CONFLICT, "approval.file_not_waiting", field, "the file is %s", file->state);
    if (file->profile_sha256.size != PROFILE_HASH ||
        memcmp (file->profile_sha256.data, profile->hash, PROFILE_HASH) != 0 ||
        (i && strcmp (file->track, drafting->track) != 0))
        return err_code (err, RC_UNPROCESSABLE, "approval.not_same_track", field, "of another track or profile");
    int act = profile_act_find (profile, file->act);
    if (act < 0 || profile->acts[act].act != ACT_DRAFT)
        return err_code (err, RC_CONFLICT, "approval.file_not_waiting", field, "the file waits for %s", file->act);
    if (i && act != drafting->act)
        return err_code (err, RC_UNPROCESSABLE, "approval.not_same_track", field, "waits for another draft");
    drafting->track = file->track;
    drafting->act = act;
    enum rc rc = chain_allowed (message, profile, act, file, NULL, err);
    if (rc != RC_OK)
        snprintf (err->field, sizeof err->field, "%s", field);
    return rc;
}

static enum rc
list_check (struct unit *unit, const struct message *message, struct drafting *drafting, struct err *err)
{
    const Padan__Approval__V1__DraftLetter *command = (const Padan__Approval__V1__DraftLetter *)message->data;
    const struct approval_facts *facts = drafting->facts;
    for (size_t i = 0; i < command->n_application_id; i++) {
        struct uuid id;
        uuid_from (command->application_id[i], &id);
        for (size_t j = 0; j < i; j++)
            if (memcmp (command->application_id[j].data, id.bytes, sizeof id.bytes) == 0)
                return err_code (err, RC_UNPROCESSABLE, "approval.twice", "/application_id", "an application twice");
        const struct file *file = unit_peek (unit, &file_table, message->tenant, id);
        enum rc rc = file_check (message, drafting, file, i, err);
        if (rc != RC_OK)
            return rc;
        if (i >= facts->n_list || uuid_compare (facts->list[i].application_id, id) != 0 ||
            uuid_compare (facts->list[i].dossier_id, file->dossier_id) != 0)
            return err_code (err, RC_RETRY, "common.busy", "", "a file changed while the letter was written");
    }
    return RC_OK;
}

static enum rc
kind_check (const struct message *message, struct drafting *drafting, struct err *err)
{
    const Padan__Approval__V1__DraftLetter *command = (const Padan__Approval__V1__DraftLetter *)message->data;
    const struct profile *profile = drafting->facts->profile;
    int index = profile_letter_find (profile, command->letter);
    int track = profile_track_find (profile, drafting->track);
    if (index < 0 || index != profile_letter_of (profile, track))
        return err_code (err, RC_UNPROCESSABLE, "approval.letter_unknown", "/letter", "not the letter of this track");
    drafting->kind = &profile->letters[index];
    if (drafting->kind->per != SCOPE_LIST && command->n_application_id != 1)
        return err_code (err, RC_UNPROCESSABLE, "approval.one_per_letter", "/application_id",
                         "the profile wants a letter each");
    if (drafting->kind->per == SCOPE_LIST && drafting->facts->people > (uint32_t)drafting->kind->list_rows)
        return err_code (err, RC_UNPROCESSABLE, "approval.too_many_people", "/application_id", "%u people, at most %d",
                         drafting->facts->people, drafting->kind->list_rows);
    return RC_OK;
}

static void
content_make (struct unit *unit, const struct message *message, const struct approval_facts *facts)
{
    struct letter_content *row = unit_create (unit, &letter_content_table, message->tenant, message->subject);
    row->content = facts->content;
}

static struct office_letter *
letter_make (struct unit *unit, const struct message *message, const struct drafting *drafting)
{
    const struct approval_facts *facts = drafting->facts;
    const struct profile *profile = facts->profile;
    struct office_letter *letter = unit_create (unit, &letter_table, message->tenant, message->subject);
    uint8_t *hash = arena_copy (unit_arena (unit), facts->content_sha256, sizeof facts->content_sha256);
    uint8_t *profile_hash = arena_copy (unit_arena (unit), profile->hash, PROFILE_HASH);
    MUST (hash && profile_hash);
    letter->state = letter_state_word (LETTER_STATE_DRAFTED);
    letter->letter = drafting->kind->id;
    letter->track = drafting->track;
    letter->profile_sha256 = (struct bytes){ profile_hash, PROFILE_HASH };
    letter->people = (int32_t)facts->people;
    letter->content_sha256 = (struct bytes){ hash, sizeof facts->content_sha256 };
    letter->drafted_at = unit_now (unit);
    letter->number = letter->signer_title = letter->signer_name = letter->signer_rank = letter->signer_nip = "";
    letter->delivered_to = letter->receiver = letter->reason = "";
    letter_wait (unit, letter, profile,
                 chain_next (profile, profile_track_find (profile, drafting->track), drafting->act));
    letter_act_add (unit, letter, profile->acts[drafting->act].id, "draft",
                    (int32_t)chain_role (&profile->acts[drafting->act]), message);
    for (size_t i = 0; i < facts->n_list; i++)
        letter_file_add (unit, letter, facts->list[i].application_id, facts->list[i].dossier_id);
    letter->version = 1;
    return letter;
}

enum rc
on_draft_letter (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Approval__V1__DraftLetter *command = (const Padan__Approval__V1__DraftLetter *)message->data;
    struct drafting drafting = { .act = -1 };
    if (uuid_is_nil (message->subject))
        return err_code (err, RC_INVALID, "common.invalid", "", "a letter needs an id");
    if (!command->n_application_id)
        return err_code (err, RC_UNPROCESSABLE, "common.required", "/application_id", "a letter about nobody");
    if (unit_peek (unit, &letter_table, message->tenant, message->subject))
        return err_code (err, RC_CONFLICT, "common.exists", "", "the letter exists");
    const struct approval_facts *gathered = message->facts;
    if (gathered && gathered->rc == RC_OK && !gathered->profile)
        return err_code (err, RC_NOT_FOUND, "approval.file_unknown", "/application_id/0", "no such file");
    enum rc rc = facts_take (message, &drafting.facts, err);
    if (rc == RC_OK)
        rc = list_check (unit, message, &drafting, err);
    if (rc == RC_OK)
        rc = kind_check (message, &drafting, err);
    if (rc != RC_OK)
        return rc;
    struct office_letter *letter = letter_make (unit, message, &drafting);
    content_make (unit, message, drafting.facts);
    for (size_t i = 0; i < letter->n_files; i++) {
        struct file *file = unit_edit (unit, &file_table, message->tenant, letter->files[i].application_id);
        file->letter_id = letter->id;
        rc = file_step (unit, file, FILE_MOVE_DRAFT, drafting.facts->profile, drafting.act, "",
                        drafting.facts->list[i].sent, err);
        if (rc != RC_OK)
            return rc;
    }
    Padan__Approval__V1__LetterDrafted event = PADAN__APPROVAL__V1__LETTER_DRAFTED__INIT;
    event.letter_id = uuid_field (&letter->id);
    event.people = (uint32_t)letter->people;
    unit_emit (unit, letter->tenant, letter->id, letter->version, &event);
    letter_reply (unit, letter);
    return RC_OK;
}
