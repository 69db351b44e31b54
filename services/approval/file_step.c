/* What becomes of one file: the one place that writes its state. */
#include "services/approval/chain.h"

enum rc
file_look (struct unit *unit, const struct message *message, const struct file **ret_file, struct err *err)
{
    const struct file *file = unit_peek (unit, &file_table, message->tenant, message->subject);
    if (!file)
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such file");
    const char *holder = file_holder (file);
    if (!*holder)
        return err_code (err, RC_CONFLICT, "approval.ended", "", "the file is %s", file->state);
    if (strcmp (holder, "approval") != 0) {
        err_code (err, RC_CONFLICT, "common.held_elsewhere", "", "%s holds it", holder);
        return err_argument (err, holder);
    }
    enum rc rc = unit_expect (message, file->version, err);
    if (rc == RC_OK)
        *ret_file = file;
    return rc;
}

enum rc
file_facts (const struct message *message, const struct file *file, const struct approval_facts **ret_facts,
            struct err *err)
{
    const struct approval_facts *facts;
    enum rc rc = facts_take (message, &facts, err);
    if (rc != RC_OK)
        return rc;
    if (uuid_compare (facts->dossier_id, file->dossier_id) != 0 ||
        uuid_compare (facts->letter_id, file->letter_id) != 0)
        return err_code (err, RC_RETRY, "common.busy", "", "the file moved while its letter was looked up");
    *ret_facts = facts;
    return RC_OK;
}

void
file_go (struct unit *unit, struct file *file, enum file_move move, const struct profile *profile, int act)
{
    int to = file_move (file_state_of (file), move);
    MUST (to >= 0); /* whoever calls has looked */
    file->state = file_state_word ((enum file_state)to);
    file->version++;
    file->since = unit_now (unit);
    file->act = act < 0 ? "" : profile->acts[act].id;
    file->due_at = chain_due (profile, act, file->since);
    int by = act < 0 ? -1 : file_move_of (profile->acts[act].act);
    bool with_letter = by == FILE_MOVE_CLEAR || by == FILE_MOVE_SIGN || by == FILE_MOVE_DELIVER;
    file->role = act < 0 || with_letter ? 0 : (int32_t)chain_role (&profile->acts[act]);
}

/* For whom a file waits, as events say it. */
static const char *
next_role (const struct file *file, const struct profile *profile)
{
    int act = profile_act_find (profile, file->act);
    return act < 0 ? "" : words_word (&words_roles, (int)profile->acts[act].role);
}

void
file_say_done (struct unit *unit, const struct file *file, const struct profile *profile, int done)
{
    const struct profile_act *act = &profile->acts[done];
    const char *stage = act->stage < 0 ? "" : words_word (&words_stages, act->stage);
    Padan__Approval__V1__FileReceived received = PADAN__APPROVAL__V1__FILE_RECEIVED__INIT;
    Padan__Approval__V1__FileDrafted drafted = PADAN__APPROVAL__V1__FILE_DRAFTED__INIT;
    Padan__Approval__V1__FileMoved moved = PADAN__APPROVAL__V1__FILE_MOVED__INIT;
#define FILL(event)                                                                                                    \
    (event).act = (char *)act->id, (event).stage = (char *)stage, (event).next_act = (char *)file->act,                \
    (event).next_role = (char *)next_role (file, profile), (event).due_at = file->due_at
    ProtobufCBinaryData letter_id =
        uuid_is_nil (file->letter_id) ? ((ProtobufCBinaryData){ 0 }) : uuid_field (&file->letter_id);
    if (act->act == ACT_RECEIVE) {
        FILL (received);
        unit_emit (unit, file->tenant, file->id, file->version, &received);
    } else if (act->act == ACT_DRAFT) {
        FILL (drafted);
        drafted.letter_id = letter_id;
        unit_emit (unit, file->tenant, file->id, file->version, &drafted);
    } else {
        FILL (moved);
        moved.letter_id = letter_id;
        unit_emit (unit, file->tenant, file->id, file->version, &moved);
    }
#undef FILL
}

/* The last act is done: batching holds it from here. */
static enum rc
file_finish (struct unit *unit, struct file *file, const struct profile *profile, const char *letter_number,
             struct bytes sent, struct err *err)
{
    Padan__Intake__V1__ApplicationSent *content =
        padan__intake__v1__application_sent__unpack (arena_protobuf (unit_arena (unit)), sent.size, sent.data);
    if (!content || !content->dossier)
        return err_set (err, RC_CORRUPT, "a stored dossier does not unpack");
    file_go (unit, file, FILE_MOVE_FINISH, profile, -1);
    Padan__Approval__V1__ApplicationApproved event = PADAN__APPROVAL__V1__APPLICATION_APPROVED__INIT;
    event.dossier = content->dossier;
    event.n_verdicts = content->n_verdicts;
    event.verdicts = content->verdicts;
    event.letter_number = (char *)letter_number;
    if (!uuid_is_nil (file->letter_id))
        event.letter_id = uuid_field (&file->letter_id);
    unit_emit (unit, file->tenant, file->id, file->version, &event);
    return RC_OK;
}

enum rc
file_step (struct unit *unit, struct file *file, enum file_move move, const struct profile *profile, int act,
           const char *letter_number, struct bytes sent, struct err *err)
{
    int track = profile_track_find (profile, file->track);
    int next = chain_next (profile, track, act);
    if (next < 0)
        return file_finish (unit, file, profile, letter_number, sent, err);
    file_go (unit, file, move, profile, next);
    file_say_done (unit, file, profile, act);
    return RC_OK;
}

void
file_leave (struct unit *unit, struct file *file, const struct profile *profile, const struct way_back *way)
{
    bool here = way->move != FILE_MOVE_SEND_BACK && way->move != FILE_MOVE_REJECT;
    file_go (unit, file, way->move, profile, here ? way->act : -1);
    if (way->move != FILE_MOVE_RECALL)
        file->letter_id = (struct uuid){ 0 };
    file->reason = way->reason;
    Padan__Approval__V1__FileReturned back = PADAN__APPROVAL__V1__FILE_RETURNED__INIT;
    Padan__Approval__V1__ApplicationReturned returned = PADAN__APPROVAL__V1__APPLICATION_RETURNED__INIT;
    Padan__Approval__V1__ApplicationRejected rejected = PADAN__APPROVAL__V1__APPLICATION_REJECTED__INIT;
    const void *event = &back;
    if (way->move == FILE_MOVE_SEND_BACK)
        event = &returned;
    else if (way->move == FILE_MOVE_REJECT)
        event = &rejected;
    back.reason = returned.reason = rejected.reason = (char *)way->reason;
    back.next_act = (char *)file->act;
    back.next_role = (char *)next_role (file, profile);
    back.due_at = file->due_at;
    if (!uuid_is_nil (file->letter_id))
        back.letter_id = uuid_field (&file->letter_id);
    int track = profile_track_find (profile, file->track);
    int counter = !here && way->act >= 0 ? way->act : profile_counter_act (profile, track, ACT_ENTER);
    enum act first = counter < 0 ? ACT_ENTER : profile->acts[counter].act;
    returned.next_act = (char *)(counter < 0 ? "" : profile->acts[counter].id);
    returned.next_role = (char *)(counter < 0 ? "" : words_word (&words_roles, (int)profile->acts[counter].role));
    returned.due_at = profile_counter_due (profile, track, first, ACT_SEND, file->since);
    unit_emit (unit, file->tenant, file->id, file->version, event);
}

void
file_reply (struct unit *unit, const struct file *file)
{
    Padan__Approval__V1__FileReply reply = PADAN__APPROVAL__V1__FILE_REPLY__INIT;
    reply.application_id = uuid_field (&file->id);
    reply.version = file->version;
    reply.act = (char *)file->act;
    reply.state = (char *)file->state;
    unit_reply (unit, &reply);
}
