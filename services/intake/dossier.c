/* Rows as messages: what other services and officers get to see of an application. */
#include "common/base/text.h"
#include "common/domain/nik.h"
#include "common/domain/profile_words.h"
#include "services/intake/application_store.h"

static void *
memory (struct arena *arena, size_t count, size_t size)
{
    void *bytes = arena_array (arena, count + 1, size);
    MUST (bytes); /* a dossier is a few KB, arenas hold MB */
    return bytes;
}

static char *
number_text (int64_t number, struct arena *arena)
{
    char *text = memory (arena, NIK_TEXT, 1);
    if (number)
        nik_format (number, text);
    return text;
}

static char *
date_text (int32_t date, struct arena *arena)
{
    char *text = memory (arena, DATE_TEXT, 1);
    if (date != DATE_NONE)
        date_format (date, text);
    return text;
}

static ProtobufCBinaryData
id_field (const struct uuid *id)
{
    return uuid_is_nil (*id) ? ((ProtobufCBinaryData){ 0 }) : uuid_field (id);
}

static Padan__Common__V1__Member *
member_message (const struct member *member, struct arena *arena)
{
    Padan__Common__V1__Member *message = memory (arena, 1, sizeof *message);
    padan__common__v1__member__init (message);
    message->member_id = id_field (&member->member_id);
    message->nik = number_text (member->nik, arena);
    message->mother_nik = number_text (member->mother_nik, arena);
    message->name = (char *)member->name;
    message->relation = (Padan__Common__V1__Relation)member->relation;
    message->birth_place = (char *)member->birth_place;
    message->birth_date = date_text (member->birth_date, arena);
    message->sex = (Padan__Common__V1__Sex)member->sex;
    message->marital = (Padan__Common__V1__Marital)member->marital;
    message->phone = (char *)member->phone;
    message->conditions = memory (arena, CONDITION_END, sizeof *message->conditions);
    for (int i = 0; i < CONDITION_END; i++)
        if ((member->conditions | member->evidence) >> i & 1)
            message->conditions[message->n_conditions++] = (char *)words_word (&words_conditions, i);
    return message;
}

Padan__Common__V1__Paper *
paper_message (const struct paper *paper, struct arena *arena)
{
    Padan__Common__V1__Paper *message = memory (arena, 1, sizeof *message);
    padan__common__v1__paper__init (message);
    message->kind = (char *)paper->kind;
    message->file_sha256 = (ProtobufCBinaryData){ paper->file_sha256.size, (uint8_t *)paper->file_sha256.data };
    message->media_type = (char *)paper->media_type;
    message->size = paper->size;
    message->member_id = id_field (&paper->member_id);
    message->number = (char *)paper->number;
    message->paper_date = date_text (paper->paper_date, arena);
    message->signed_by = (char *)paper->signed_by;
    message->materai = paper->materai;
    message->materai_serial = (char *)paper->materai_serial;
    message->original = paper->original;
    message->paid_up = paper->paid_up;
    message->photo = (char *)paper->photo;
    return message;
}

static Padan__Common__V1__Address *
address_message (const struct application *application, struct arena *arena)
{
    Padan__Common__V1__Address *message = memory (arena, 1, sizeof *message);
    padan__common__v1__address__init (message);
    message->street = (char *)application->street;
    message->rt = (char *)application->rt;
    message->rw = (char *)application->rw;
    message->village = (char *)application->village;
    message->village_name = (char *)application->village_name;
    message->postal_code = (char *)application->postal_code;
    return message;
}

static bool
member_is_in (const struct member *member, bool all)
{
    return all ? !member->removed : member_goes_on (member);
}

/* The family's, and those of its people who are in it: nobody else's KTP is anybody's business. */
static bool
paper_is_in (const struct application *application, const struct paper *paper, bool all)
{
    if (paper->replaced || uuid_is_nil (paper->member_id))
        return !paper->replaced;
    const struct member *member = application_member_find (application, paper->member_id);
    return member && member_is_in (member, all);
}

Padan__Common__V1__Dossier *
application_dossier (const struct application *application, bool all, struct arena *arena)
{
    Padan__Common__V1__Dossier *dossier = memory (arena, 1, sizeof *dossier);
    padan__common__v1__dossier__init (dossier);
    dossier->application_id = id_field (&application->id);
    dossier->ticket = (char *)application->ticket;
    dossier->track = (char *)application->track;
    dossier->kk = number_text (application->kk, arena);
    dossier->address = address_message (application, arena);
    dossier->profile_sha256 =
        (ProtobufCBinaryData){ application->profile_sha256.size, (uint8_t *)application->profile_sha256.data };
    dossier->entered_by_id = id_field (&application->entered_by);
    dossier->entered_at = application->entered_at;
    dossier->payer = (char *)application->payer;
    dossier->members = memory (arena, application->n_members, sizeof *dossier->members);
    for (size_t i = 0; i < application->n_members; i++)
        if (member_is_in (&application->members[i], all))
            dossier->members[dossier->n_members++] = member_message (&application->members[i], arena);
    dossier->papers = memory (arena, application->n_papers, sizeof *dossier->papers);
    for (size_t i = 0; i < application->n_papers; i++)
        if (paper_is_in (application, &application->papers[i], all))
            dossier->papers[dossier->n_papers++] = paper_message (&application->papers[i], arena);
    return dossier;
}

Padan__Common__V1__MemberVerdict **
application_verdicts (const struct application *application, struct arena *arena, size_t *ret_n)
{
    Padan__Common__V1__MemberVerdict **verdicts = memory (arena, application->n_members, sizeof *verdicts);
    size_t n = 0;
    for (size_t i = 0; i < application->n_members; i++) {
        const struct member *member = &application->members[i];
        if (member->removed || !member->reasons.data)
            continue;
        verdicts[n] = padan__common__v1__member_verdict__unpack (arena_protobuf (arena), member->reasons.size,
                                                                 member->reasons.data);
        n += verdicts[n] != NULL;
    }
    *ret_n = n;
    return verdicts;
}

char **
missing_list (const char *missing, struct arena *arena, size_t *ret_n)
{
    size_t n = 0, room = 2;
    for (const char *c = missing; *c; c++)
        room += *c == ',';
    char **list = memory (arena, room, sizeof *list), *copy = arena_string (arena, missing), *rest;
    for (char *item = strtok_r (copy, ",", &rest); item; item = strtok_r (NULL, ",", &rest))
        list[n++] = item;
    *ret_n = n;
    return list;
}

void
application_reply (struct unit *unit, const struct application *application)
{
    Padan__Intake__V1__ApplicationReply reply = PADAN__INTAKE__V1__APPLICATION_REPLY__INIT;
    reply.application_id = uuid_field (&application->id);
    reply.version = application->version;
    reply.ticket = (char *)application->ticket;
    reply.state = (char *)application->state;
    reply.missing = missing_list (application->missing, unit_arena (unit), &reply.n_missing);
    reply.held_by = (char *)(strcmp (application->held_by, "intake") == 0 ? "" : application->held_by);
    unit_reply (unit, &reply);
}
