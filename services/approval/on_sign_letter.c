/* SignLetter → LetterSigned and FileMoved for each application; reply LetterReply; due work "seal". The number is taken
 * in this transaction, so that numbers have no gaps; the official in office that day, whom the procedure in force
 * names, is kept with the letter. Rows: letter, every file on it, the number's row. */
#include <stdio.h>

#include "common/base/text.h"
#include "services/approval/chain.h"
#include "services/approval/letter_text.h"

static enum rc
signer_check (struct unit *unit, const struct approval_facts *facts, struct err *err)
{
    if (calendar_day (&facts->profile->calendar, unit_now (unit)) != facts->day)
        return err_code (err, RC_RETRY, "common.busy", "", "the day has just changed");
    if (!facts->official)
        return err_code (err, RC_CONFLICT, "approval.no_official", "", "nobody is in office to sign");
    if (!*facts->official->name)
        return err_code (err, RC_CONFLICT, "approval.official_unnamed", "", "the procedure does not name who signs");
    return RC_OK;
}

/* The next number of the letter's class and year, not taken yet. */
static enum rc
number_next (struct unit *unit, const struct office_letter *letter, const struct approval_facts *facts,
             int64_t *ret_sequence, char number[static LETTER_NUMBER_MAX], struct err *err)
{
    const struct letter_number *row = unit_peek (unit, &letter_number_table, letter->tenant, facts->number_id);
    *ret_sequence = row ? row->last + 1 : 1;
    return profile_number (facts->kind, *ret_sequence, facts->day, number, LETTER_NUMBER_MAX, err);
}

static void
number_take (struct unit *unit, const struct office_letter *letter, const struct approval_facts *facts,
             int64_t sequence)
{
    struct letter_number *row;
    int year, month, date;
    if (unit_peek (unit, &letter_number_table, letter->tenant, facts->number_id)) {
        row = unit_edit (unit, &letter_number_table, letter->tenant, facts->number_id);
    } else {
        row = unit_create (unit, &letter_number_table, letter->tenant, facts->number_id);
        date_split (facts->day, &year, &month, &date);
        row->class_code = facts->kind->class_code;
        row->unit = facts->kind->unit;
        row->year = year;
    }
    row->last = sequence;
}

static void
letter_sign (struct unit *unit, struct office_letter *letter, const struct approval_facts *facts, int64_t sequence,
             const char *number)
{
    const struct profile_official *official = facts->official;
    struct arena *arena = unit_arena (unit);
    letter->number = arena_string (arena, number);
    letter->number_id = facts->number_id;
    letter->sequence = sequence;
    letter->signed_at = unit_now (unit);
    letter->signer_title = official_title (official, arena);
    MUST (letter->number);
    letter->signer_name = official->name;
    letter->signer_rank = official->rank;
    letter->signer_nip = official->nip;
}

static void
letter_say_signed (struct unit *unit, const struct office_letter *letter)
{
    Padan__Approval__V1__LetterSigned event = PADAN__APPROVAL__V1__LETTER_SIGNED__INIT;
    Padan__Approval__V1__SealDue seal = PADAN__APPROVAL__V1__SEAL_DUE__INIT;
    event.number = (char *)letter->number;
    event.content_sha256 = (ProtobufCBinaryData){ letter->content_sha256.size, (uint8_t *)letter->content_sha256.data };
    unit_emit (unit, letter->tenant, letter->id, letter->version, &event);
    unit_due (unit, &(struct due){
                        .kind = "seal",
                        .tenant = letter->tenant,
                        .subject = letter->id,
                        .input_version = letter->version,
                        .payload = &seal,
                    });
    letter_reply (unit, letter);
}

enum rc
on_sign_letter (struct unit *unit, const struct message *message, struct err *err)
{
    const struct office_letter *known;
    const struct approval_facts *facts;
    char number[LETTER_NUMBER_MAX] = "";
    int64_t sequence = 0;
    int act = -1;
    enum rc rc = version_given (message, err);
    if (rc == RC_OK)
        rc = letter_look (unit, message, LETTER_MOVE_SIGN, ACT_SIGN, &known, &facts, &act, err);
    if (rc == RC_OK)
        rc = letter_content_same (known, facts, err);
    if (rc != RC_OK)
        return rc;
    rc = signer_check (unit, facts, err);
    if (rc == RC_OK)
        rc = number_next (unit, known, facts, &sequence, number, err);
    if (rc != RC_OK)
        return rc;
    const struct profile *profile = facts->profile;
    struct office_letter *letter = unit_edit (unit, &letter_table, message->tenant, message->subject);
    number_take (unit, letter, facts, sequence);
    letter_sign (unit, letter, facts, sequence, number);
    letter_act_add (unit, letter, profile->acts[act].id, "sign", (int32_t)chain_role (&profile->acts[act]), message);
    letter_go (unit, letter, LETTER_MOVE_SIGN, profile,
               chain_next (profile, profile_track_find (profile, letter->track), act));
    rc = letter_step_files (unit, letter, FILE_MOVE_SIGN, act, facts, err);
    if (rc == RC_OK)
        letter_say_signed (unit, letter);
    return rc;
}
