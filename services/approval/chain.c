#include "services/approval/chain.h"

int
chain_next (const struct profile *profile, int track, int after)
{
    int act = profile_act_next (profile, track, after);
    while (act >= 0 && file_move_of (profile->acts[act].act) < 0)
        act = profile_act_next (profile, track, act);
    return act;
}

int
chain_find (const struct profile *profile, int track, enum act kind)
{
    int act = chain_next (profile, track, -1);
    while (act >= 0 && profile->acts[act].act != kind)
        act = chain_next (profile, track, act);
    return act;
}

/* The move that takes a file back to an act, -1: nobody goes back to that. */
static int
move_back_to (enum act act)
{
    switch (file_move_of (act)) {
    case FILE_MOVE_CLEAR:
        return FILE_MOVE_RECALL;
    case FILE_MOVE_PASS:
    case FILE_MOVE_DRAFT:
        return FILE_MOVE_BACK;
    default:
        return act >= ACT_ENTER && act <= ACT_SEND ? FILE_MOVE_SEND_BACK : -1;
    }
}

enum rc
chain_back (const struct profile *profile, int track, int waits, const char *to_act, struct way_back *ret_way,
            struct err *err)
{
    int act = profile_act_next (profile, track, -1);
    while (act >= 0 && act != waits && strcmp (profile->acts[act].id, to_act) != 0)
        act = profile_act_next (profile, track, act);
    int move = act < 0 || act == waits ? -1 : move_back_to (profile->acts[act].act);
    if (move < 0)
        return err_code (err, RC_UNPROCESSABLE, "approval.not_earlier", "/to_act", "it does not come before");
    ret_way->move = (enum file_move)move;
    ret_way->act = act;
    return RC_OK;
}

int64_t
chain_due (const struct profile *profile, int act, int64_t since)
{
    return act < 0 ? 0 : profile_act_due (profile, act, since);
}

Padan__Role
chain_role (const struct profile_act *act)
{
    return profiles_role (act->role);
}

enum rc
facts_take (const struct message *message, const struct approval_facts **ret_facts, struct err *err)
{
    const struct approval_facts *facts = message->facts;
    if (facts && facts->rc != RC_OK) {
        *err = facts->err;
        return facts->rc;
    }
    if (!facts || !facts->profile) /* made by an earlier message of this very batch */
        return err_code (err, RC_RETRY, "common.busy", "", "what it needs was not there when it was gathered");
    *ret_facts = facts;
    return RC_OK;
}

/* Who did an earlier act on the file as it stands now: what was voided does not count. */
static struct uuid
who_did (const struct profile_act *act, const struct file *file, const struct office_letter *letter)
{
    switch (act->act) {
    case ACT_APPLY:
    case ACT_ENTER:
        return file->entered_by;
    case ACT_CHECK:
    case ACT_VERIFY:
    case ACT_SEND:
        return file->sent_by;
    default:
        break;
    }
    for (size_t i = letter ? letter->n_acts : 0; i > 0; i--)
        if (!letter->acts[i - 1].voided_at && strcmp (letter->acts[i - 1].act, act->id) == 0)
            return letter->acts[i - 1].person_id;
    for (size_t i = file->n_acts; i > 0; i--)
        if (strcmp (file->acts[i - 1].act, act->id) == 0)
            return file->acts[i - 1].person_id;
    return (struct uuid){ 0 };
}

static bool
is_same (struct uuid person, struct uuid other)
{
    return !uuid_is_nil (other) && uuid_compare (person, other) == 0;
}

static bool
decides (enum act act)
{
    return act == ACT_APPROVE || act == ACT_PARAF || act == ACT_SIGN;
}

static enum rc
refuse_same (const struct profile_act *act, const char *other, struct err *err)
{
    err_code (err, RC_FORBIDDEN, "approval.same_person", "", "%s by the person of another act", act->id);
    return err_argument (err, other);
}

enum rc
chain_allowed (const struct message *message, const struct profile *profile, int act, const struct file *file,
               const struct office_letter *letter, struct err *err)
{
    const struct profile_act *row = &profile->acts[act];
    Padan__Role role = chain_role (row);
    if (!role || !message_allowed (message, 1u << role, file->village)) {
        err_code (err, RC_FORBIDDEN, "approval.not_your_act", "", "%s waits for %s", row->id,
                  words_word (&words_roles, (int)row->role));
        return err_argument (err, words_text (&words_roles, (int)row->role));
    }
    struct uuid person = message_person (message);
    if (decides (row->act) && is_same (person, file->entered_by))
        return refuse_same (row, words_text (&words_acts, ACT_ENTER), err);
    for (int i = 0; i < act; i++)
        if ((row->different_from >> i & 1) && is_same (person, who_did (&profile->acts[i], file, letter)))
            return refuse_same (row, profile->acts[i].name, err);
    return RC_OK;
}

enum rc
text_given (const char *text, size_t limit, const char *field, struct err *err)
{
    if (!text[strspn (text, " \t\r\n")])
        return err_code (err, RC_UNPROCESSABLE, "common.required", field, "it is empty");
    if (strlen (text) > limit)
        return err_code (err, RC_UNPROCESSABLE, "common.too_long", field, "more than %zu bytes", limit);
    return RC_OK;
}

enum rc
version_given (const struct message *message, struct err *err)
{
    if (message->version)
        return RC_OK;
    return err_code (err, RC_UNPROCESSABLE, "approval.version_required", "", "it must name the version that was read");
}
