#include "services/intake/completeness.h"

#include <stdio.h>
#include <strings.h>

#include "common/base/scan.h"
#include "common/base/store.h"
#include "common/base/text.h"
#include "common/domain/clean.h"
#include "services/intake/content.h"

enum {
    LACKS_MAX = PROFILE_ITEMS * (MEMBERS_MAX + 1), /* every need of everybody and of the family */
    MISSING_TEXT = 512 * 1024,                     /* the same, each with an id and some alternatives */
};

static bool
paper_is_valid (const struct profile_paper *kind, const struct paper *paper, int32_t today)
{
    if (paper->replaced || strcmp (paper->kind, kind->id) != 0)
        return false;
    return !kind->valid_days || (paper->paper_date != DATE_NONE && today - paper->paper_date <= kind->valid_days);
}

/* Of one person, nil: of the family; photo "": the paper is not one of several photos. */
static bool
paper_is_held (const struct application *application, const struct profile_paper *kind, const char *photo,
               struct uuid member_id, int32_t today)
{
    for (size_t i = 0; i < application->n_papers; i++) {
        const struct paper *paper = &application->papers[i];
        if (uuid_compare (paper->member_id, member_id) == 0 && strcmp (paper->photo, photo) == 0 &&
            paper_is_valid (kind, paper, today))
            return true;
    }
    return false;
}

/* All its photos, where it is made of some. */
static bool
kind_is_held (const struct application *application, const struct profile_paper *kind, struct uuid member_id,
              int32_t today)
{
    for (size_t i = 0; i < kind->photos.count; i++)
        if (!paper_is_held (application, kind, kind->photos.items[i], member_id, today))
            return false;
    return kind->photos.count || paper_is_held (application, kind, "", member_id, today);
}

profile_conditions
member_conditions (const struct member *member, int32_t today)
{
    profile_conditions all = (profile_conditions)(member->conditions | member->facts | member->evidence);
    return all | 1u << (age_on (member->birth_date, today) >= ADULT_YEARS ? CONDITION_ADULT : CONDITION_CHILD);
}

/* Papers of one person (nil: of the family) that count today, as indices into profile->papers. */
static size_t
held_collect (const struct application *application, const struct profile *profile, struct uuid member_id,
              int32_t today, int held[static PROFILE_ITEMS])
{
    size_t n = 0;
    for (size_t i = 0; application->n_papers && i < profile->paper_count; i++)
        if (kind_is_held (application, &profile->papers[i], member_id, today))
            held[n++] = (int)i;
    return n;
}

/* A need that nothing meets yet; member NULL: of the family. */
struct lack {
    const struct profile_need *need;
    const struct member *member;
};
struct lacks {
    const struct application *application;
    const struct profile *profile;
    int track;
    int32_t today;
    struct lack items[LACKS_MAX];
    size_t count;
};

static void
lacks_add (struct lacks *lacks, const struct member *member, profile_conditions conditions)
{
    static const struct uuid family;
    int held[PROFILE_ITEMS], needs[PROFILE_ITEMS];
    size_t n_held =
        held_collect (lacks->application, lacks->profile, member ? member->member_id : family, lacks->today, held);
    size_t n = profile_missing (lacks->profile, lacks->track, member ? SCOPE_PERSON : SCOPE_FAMILY, conditions, held,
                                n_held, needs, PROFILE_ITEMS);
    for (size_t i = 0; i < n && i < PROFILE_ITEMS; i++)
        lacks->items[lacks->count++] = (struct lack){ &lacks->profile->tracks[lacks->track].needs[needs[i]], member };
}

/* What the family lacks, then each of its members who go on. */
static void
lacks_find (const struct application *application, const struct profile *profile, int32_t today, struct lacks *lacks)
{
    lacks->application = application;
    lacks->profile = profile;
    lacks->track = profile_track_find (profile, application->track);
    lacks->today = today;
    lacks->count = 0;
    profile_conditions family = 0;
    if (lacks->track < 0)
        return;
    for (size_t i = 0; i < application->n_members; i++)
        if (member_goes_on (&application->members[i]))
            family |= member_conditions (&application->members[i], today);
    lacks_add (lacks, NULL, family);
    for (size_t i = 0; i < application->n_members; i++) {
        const struct member *member = &application->members[i];
        if (member_goes_on (member))
            lacks_add (lacks, member, member_conditions (member, today));
    }
}

static const char *
missing_text (const struct application *application, const struct profile *profile, int32_t today, struct arena *arena)
{
    struct lacks lacks;
    TEXT_AUTO struct text_buffer text = TEXT_BUFFER (MISSING_TEXT);
    lacks_find (application, profile, today, &lacks);
    for (size_t i = 0; i < lacks.count; i++) {
        const struct lack *lack = &lacks.items[i];
        char id[UUID_TEXT];
        for (size_t k = 0; k < lack->need->count; k++)
            text_printf (&text, "%s%s", k ? "|" : i ? "," : "", profile->papers[lack->need->any_of[k]].id);
        if (lack->member)
            text_printf (&text, ":%s", uuid_format (lack->member->member_id, id));
    }
    const char *copy = arena_string (arena, text.data ? text.data : "");
    MUST (copy);
    return copy;
}

static int64_t
evidence_of (const struct application *application, const struct profile *profile, struct uuid member_id, int32_t today)
{
    int held[PROFILE_ITEMS];
    size_t n = held_collect (application, profile, member_id, today, held);
    int64_t evidence = 0;
    for (size_t i = 0; i < n; i++)
        evidence |= profile->papers[held[i]].evidence;
    return evidence;
}

void
completeness_update (struct application *application, const struct profile *profile, int32_t today, struct arena *arena)
{
    static const struct uuid family;
    int64_t common = evidence_of (application, profile, family, today);
    for (size_t i = 0; i < application->n_members; i++)
        application->members[i].evidence =
            common | evidence_of (application, profile, application->members[i].member_id, today);
    application->missing = missing_text (application, profile, today, arena);
}

/* In the profile's words; of photos, those that are not there. */
static const char *
lack_text (const struct lacks *lacks, const struct lack *lack, struct arena *arena)
{
    static const struct uuid family;
    const struct profile_paper *kind = &lacks->profile->papers[lack->need->any_of[0]];
    const char *text = profile_need_text (lacks->profile, lack->need, arena), *between = ": ";
    for (size_t i = 0; lack->need->count == 1 && i < kind->photos.count; i++)
        if (!paper_is_held (lacks->application, kind, kind->photos.items[i],
                            lack->member ? lack->member->member_id : family, lacks->today)) {
            text = arena_printf (arena, "%s%s%s", text, between, kind->photos.items[i]);
            MUST (text);
            between = ", ";
        }
    return text;
}

/* Where the application's view shows it. */
static const char *
lack_pointer (const struct lacks *lacks, const struct lack *lack, struct arena *arena)
{
    size_t index = 0;
    if (!lack->member)
        return "/dossier/papers";
    for (const struct member *member = lacks->application->members; member < lack->member; member++)
        index += !member->removed;
    const char *pointer = arena_printf (arena, "/dossier/members/%zu", index);
    MUST (pointer);
    return pointer;
}

enum rc
completeness_check (const struct application *application, const struct profile *profile, int32_t today,
                    struct arena *arena, struct err *err)
{
    struct lacks lacks;
    char count[24];
    lacks_find (application, profile, today, &lacks);
    if (!lacks.count)
        return RC_OK;
    struct err_field *fields = arena_array (arena, lacks.count, sizeof *fields);
    MUST (fields);
    for (size_t i = 0; i < lacks.count; i++) {
        const struct lack *lack = &lacks.items[i];
        fields[i] = (struct err_field){ .code = lack->member ? "intake.need_of_person" : "intake.need_of_family",
                                        .field = lack_pointer (&lacks, lack, arena),
                                        .argument = lack_text (&lacks, lack, arena) };
    }
    snprintf (count, sizeof count, "%zu", lacks.count);
    err_code (err, RC_CONFLICT, "intake.paper_missing", "", "%s papers are missing", count);
    err_argument (err, count);
    return err_fields (err, fields, lacks.count);
}

/* ------------------------------------------------------------ one paper */

static enum rc
wrong (struct err *err, const char *code, const char *field)
{
    return err_code (err, RC_UNPROCESSABLE, code, field, "%s at %s", code, field);
}

/* "Lurah" is met by "lurah" and by "Lurah Bah Kapul": offices write the place behind the title. */
static bool
signer_fits (const struct profile_texts *wanted, const char *signed_by)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (strncasecmp (signed_by, wanted->items[i], strlen (wanted->items[i])) == 0)
            return true;
    return !wanted->count;
}

static enum rc
paper_date_check (const Padan__Common__V1__Paper *given, const struct profile_paper *kind, int32_t today,
                  struct paper *ret, struct err *err)
{
    ret->paper_date = DATE_NONE;
    if (!*given->paper_date)
        return kind->valid_days ? wrong (err, "intake.paper_date_missing", "/paper/paper_date") : RC_OK;
    if (!date_parse (given->paper_date, strlen (given->paper_date), &ret->paper_date) || ret->paper_date > today)
        return wrong (err, "intake.paper_date", "/paper/paper_date");
    if (kind->valid_days && today - ret->paper_date > kind->valid_days)
        return wrong (err, "intake.paper_old", "/paper/paper_date");
    return RC_OK;
}

static enum rc
paper_bears (const struct profile_paper *kind, const struct paper *paper, struct err *err)
{
    if (!signer_fits (&kind->signed_by, paper->signed_by)) {
        wrong (err, "intake.paper_signed_by", "/paper/signed_by");
        return err_argument (err, kind->signed_by.items[0]);
    }
    if (kind->materai && !paper->materai)
        return wrong (err, "intake.paper_materai", "/paper/materai");
    if (kind->original && !paper->original)
        return wrong (err, "intake.paper_original", "/paper/original");
    if (kind->paid_up && !paper->paid_up)
        return wrong (err, "intake.paper_paid_up", "/paper/paid_up");
    return RC_OK;
}

/* Which of the kind's photos it is, in the profile's words. */
static enum rc
photo_take (const Padan__Common__V1__Paper *given, const struct profile_paper *kind, struct arena *arena,
            struct paper *ret, struct err *err)
{
    const char *list = "";
    ret->photo = "";
    if (!kind->photos.count)
        return *given->photo ? wrong (err, "common.invalid", "/paper/photo") : RC_OK;
    for (size_t i = 0; i < kind->photos.count; i++) {
        if (strcasecmp (given->photo, kind->photos.items[i]) == 0) {
            ret->photo = kind->photos.items[i];
            return RC_OK;
        }
        list = arena_printf (arena, "%s%s%s", list, i ? ", " : "", kind->photos.items[i]);
        MUST (list);
    }
    wrong (err, "intake.paper_photo", "/paper/photo");
    return err_argument (err, list);
}

static enum rc
paper_belongs (const Padan__Common__V1__Paper *given, const struct profile_paper *kind,
               const struct application *application, struct paper *ret, struct err *err)
{
    if (kind->per == SCOPE_FAMILY)
        return given->member_id.len ? wrong (err, "intake.paper_of_family", "/paper/member_id") : RC_OK;
    if (!uuid_from (given->member_id, &ret->member_id) || !application_member_find (application, ret->member_id))
        return wrong (err, "intake.paper_of_person", "/paper/member_id");
    return RC_OK;
}

static enum rc
text_take (const char *value, const char *field, struct arena *arena, const char **ret, struct err *err)
{
    char *text = arena_string (arena, value);
    MUST (text);
    if (clean_text (text) > CONTENT_TEXT)
        return wrong (err, "common.too_long", field);
    *ret = text;
    return RC_OK;
}

enum rc
paper_check (const Padan__Common__V1__Paper *given, const struct application *application,
             const struct profile *profile, int32_t today, struct arena *arena, struct paper *ret, struct err *err)
{
    int kind = profile_paper_find (profile, given->kind);
    if (kind < 0)
        return wrong (err, "intake.paper_kind", "/paper/kind");
    if (given->file_sha256.len != STORE_DIGEST || given->size <= 0)
        return wrong (err, "intake.paper_file", "/paper/file_sha256");
    if (!scan_of_type (given->media_type))
        return wrong (err, "intake.paper_media", "/paper/media_type");
    enum rc rc = text_take (given->number, "/paper/number", arena, &ret->number, err);
    if (rc == RC_OK)
        rc = text_take (given->signed_by, "/paper/signed_by", arena, &ret->signed_by, err);
    if (rc == RC_OK)
        rc = text_take (given->materai_serial, "/paper/materai_serial", arena, &ret->materai_serial, err);
    ret->materai = given->materai;
    ret->original = given->original;
    ret->paid_up = given->paid_up;
    if (rc == RC_OK)
        rc = paper_belongs (given, &profile->papers[kind], application, ret, err);
    if (rc == RC_OK)
        rc = paper_date_check (given, &profile->papers[kind], today, ret, err);
    if (rc == RC_OK)
        rc = paper_bears (&profile->papers[kind], ret, err);
    if (rc == RC_OK)
        rc = photo_take (given, &profile->papers[kind], arena, ret, err);
    if (rc != RC_OK)
        return rc;
    ret->kind = profile->papers[kind].id;
    ret->media_type = arena_string (arena, given->media_type);
    ret->size = given->size;
    ret->file_sha256 =
        (struct bytes){ arena_copy (arena, given->file_sha256.data, given->file_sha256.len), given->file_sha256.len };
    MUST (ret->media_type && ret->file_sha256.data);
    return RC_OK;
}
