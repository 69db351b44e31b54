#include "services/intake/content.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

#include "common/base/text.h"
#include "common/domain/clean.h"
#include "common/domain/nik.h"

enum { POINTER = 64 };

static enum rc
wrong (struct err *err, const char *code, const char *field)
{
    return err_code (err, RC_UNPROCESSABLE, code, field, "%s at %s", code, field);
}

/* Trimmed, control characters gone. */
static enum rc
text_take (const char *value, size_t limit, bool required, const char *field, struct arena *arena, const char **ret,
           struct err *err)
{
    char *text = arena_string (arena, value ? value : "");
    MUST (text);
    size_t size = clean_text (text);
    if (required && !size)
        return wrong (err, "common.required", field);
    if (size > limit)
        return wrong (err, "common.too_long", field);
    *ret = text;
    return RC_OK;
}

int
age_on (int32_t birth, int32_t day)
{
    int birth_year, birth_month, birth_day, year, month, month_day;
    date_split (birth, &birth_year, &birth_month, &birth_day);
    date_split (day, &year, &month, &month_day);
    return year - birth_year - (month < birth_month || (month == birth_month && month_day < birth_day));
}

bool
village_is_in (const char *village, const char *office)
{
    static const char shape[] = "dd.dd.dd.dddd";
    for (size_t i = 0; i < sizeof shape; i++)
        if (shape[i] == 'd' ? !isdigit ((unsigned char)village[i]) : village[i] != shape[i])
            return false;
    size_t length = strlen (office);
    return strncmp (village, office, length) == 0 && village[length] == '.';
}

static enum rc
nik_take (const char *text, bool is_kk, const char *field, int64_t *ret, struct err *err)
{
    struct nik nik = is_kk ? kk_parse (text) : nik_parse (text);
    if (nik.reason != NIK_OK)
        return wrong (err, nik_reason_code (nik.reason), field);
    *ret = nik.number;
    return RC_OK;
}

static enum rc
address_check (const struct content *content, const struct profile *profile, struct arena *arena,
               struct content_read *ret, struct err *err)
{
    static const Padan__Common__V1__Address none = PADAN__COMMON__V1__ADDRESS__INIT;
    const Padan__Common__V1__Address *address = content->address ? content->address : &none;
    enum rc rc = text_take (address->street, CONTENT_TEXT, true, "/address/street", arena, &ret->street, err);
    if (rc == RC_OK)
        rc = text_take (address->rt, CONTENT_SHORT, false, "/address/rt", arena, &ret->rt, err);
    if (rc == RC_OK)
        rc = text_take (address->rw, CONTENT_SHORT, false, "/address/rw", arena, &ret->rw, err);
    if (rc == RC_OK)
        rc = text_take (address->village, CONTENT_SHORT, true, "/address/village", arena, &ret->village, err);
    if (rc == RC_OK && !village_is_in (ret->village, profile->office.code))
        rc = wrong (err, "intake.village", "/address/village");
    if (rc == RC_OK)
        rc = text_take (address->village_name, CONTENT_TEXT, false, "/address/village_name", arena, &ret->village_name,
                        err);
    if (rc == RC_OK)
        rc = text_take (address->postal_code, CONTENT_SHORT, false, "/address/postal_code", arena, &ret->postal_code,
                        err);
    return rc;
}

struct pointer {
    char text[POINTER];
};

static struct pointer
member_pointer (size_t index, const char *field)
{
    struct pointer pointer;
    snprintf (pointer.text, sizeof pointer.text, "/members/%zu%s%s", index, *field ? "/" : "", field);
    return pointer;
}
#define AT(field) member_pointer (index, field).text

static enum rc
birth_check (const Padan__Common__V1__Member *given, size_t index, int32_t today, struct member *member,
             struct err *err)
{
    if (!date_parse (given->birth_date, strlen (given->birth_date), &member->birth_date))
        return wrong (err, "intake.birth_date", AT ("birth_date"));
    if (member->birth_date > today || age_on (member->birth_date, today) > OLDEST_YEARS)
        return wrong (err, "intake.birth_date", AT ("birth_date"));
    return RC_OK;
}

/* A person has a NIK, or is newborn and has a mother with one. */
static enum rc
number_check (const Padan__Common__V1__Member *given, size_t index, int32_t today, struct member *member,
              struct err *err)
{
    if (*given->nik)
        return nik_take (given->nik, false, AT ("nik"), &member->nik, err);
    if (!*given->mother_nik)
        return wrong (err, "intake.nik_missing", AT ("nik"));
    if (today - member->birth_date > NEWBORN_DAYS)
        return wrong (err, "intake.newborn_old", AT ("nik"));
    member->conditions |= 1 << CONDITION_NEWBORN;
    return nik_take (given->mother_nik, false, AT ("mother_nik"), &member->mother_nik, err);
}

static enum rc
words_check (const Padan__Common__V1__Member *given, size_t index, struct member *member, struct err *err)
{
    if (given->relation <= PADAN__COMMON__V1__RELATION__RELATION_UNKNOWN ||
        given->relation > PADAN__COMMON__V1__RELATION__RELATION_OTHER)
        return wrong (err, "intake.relation", AT ("relation"));
    if (given->sex != PADAN__COMMON__V1__SEX__SEX_MALE && given->sex != PADAN__COMMON__V1__SEX__SEX_FEMALE)
        return wrong (err, "intake.sex", AT ("sex"));
    if (given->marital < PADAN__COMMON__V1__MARITAL__MARITAL_UNKNOWN ||
        given->marital > PADAN__COMMON__V1__MARITAL__MARITAL_WIDOWED)
        return wrong (err, "intake.marital", AT ("marital"));
    for (size_t i = 0; i < given->n_conditions; i++) {
        int condition;
        if (!words_find (&words_conditions, given->conditions[i], &condition))
            return wrong (err, "intake.condition", AT ("conditions"));
        member->conditions |= (int64_t)1 << condition;
    }
    member->relation = (int32_t)given->relation;
    member->sex = (int32_t)given->sex;
    member->marital = (int32_t)given->marital;
    return RC_OK;
}

static enum rc
member_check (const Padan__Common__V1__Member *given, size_t index, int32_t today, struct arena *arena,
              struct member *member, struct err *err)
{
    if (given->member_id.len && !uuid_from (given->member_id, &member->member_id))
        return wrong (err, "intake.member_unknown", AT ("member_id"));
    enum rc rc = text_take (given->name, CONTENT_TEXT, true, AT ("name"), arena, &member->name, err);
    if (rc == RC_OK)
        rc = text_take (given->birth_place, CONTENT_TEXT, false, AT ("birth_place"), arena, &member->birth_place, err);
    if (rc == RC_OK)
        rc = text_take (given->phone, CONTENT_SHORT, false, AT ("phone"), arena, &member->phone, err);
    if (rc == RC_OK)
        rc = birth_check (given, index, today, member, err);
    if (rc == RC_OK)
        rc = number_check (given, index, today, member, err);
    if (rc == RC_OK)
        rc = words_check (given, index, member, err);
    return rc;
}

/* Two of whom nothing says that they are two: twins have names, or sexes, of their own. */
static bool
newborns_are_one (const struct member *a, const struct member *b)
{
    return !a->nik && !b->nik && a->mother_nik == b->mother_nik && a->birth_date == b->birth_date && a->sex == b->sex &&
           strcasecmp (a->name, b->name) == 0;
}

/* Nobody twice, and at most one head. */
static enum rc
together_check (const struct member *members, size_t n, struct err *err)
{
    bool head = false;
    for (size_t index = 0; index < n; index++) {
        if (members[index].relation == PADAN__COMMON__V1__RELATION__RELATION_HEAD) {
            if (head)
                return wrong (err, "intake.two_heads", AT ("relation"));
            head = true;
        }
        for (size_t j = 0; j < index; j++) {
            if (members[index].nik && members[index].nik == members[j].nik)
                return wrong (err, "intake.nik_double", AT ("nik"));
            if (newborns_are_one (&members[index], &members[j]))
                return wrong (err, "intake.newborn_double", AT ("name"));
            if (!uuid_is_nil (members[index].member_id) &&
                uuid_compare (members[index].member_id, members[j].member_id) == 0)
                return wrong (err, "intake.member_unknown", AT ("member_id"));
        }
    }
    return RC_OK;
}

enum rc
content_check (const struct content *content, const struct profile *profile, int32_t today, struct arena *arena,
               struct content_read *ret, struct err *err)
{
    if (profile_track_find (profile, content->track) < 0)
        return wrong (err, "intake.track", "/track");
    ret->track = arena_string (arena, content->track);
    MUST (ret->track);
    enum rc rc = nik_take (content->kk, true, "/kk", &ret->kk, err);
    if (rc == RC_OK)
        rc = address_check (content, profile, arena, ret, err);
    if (rc != RC_OK)
        return rc;
    if (!content->n_members || content->n_members > MEMBERS_MAX)
        return wrong (err, "intake.members", "/members");
    ret->members = arena_array (arena, content->n_members, sizeof *ret->members);
    MUST (ret->members);
    ret->n_members = content->n_members;
    for (size_t i = 0; rc == RC_OK && i < content->n_members; i++)
        rc = member_check (content->members[i], i, today, arena, &ret->members[i], err);
    return rc == RC_OK ? together_check (ret->members, ret->n_members, err) : rc;
}

/* ------------------------------------------------------------ into rows */

void
content_apply (const struct content_read *read, struct application *application)
{
    application->track = read->track;
    application->kk = read->kk;
    application->street = read->street;
    application->rt = read->rt;
    application->rw = read->rw;
    application->village = read->village;
    application->village_name = read->village_name;
    application->postal_code = read->postal_code;
}

bool
content_same (const struct content_read *read, const struct application *application)
{
    return strcmp (read->track, application->track) == 0 && read->kk == application->kk &&
           strcmp (read->street, application->street) == 0 && strcmp (read->rt, application->rt) == 0 &&
           strcmp (read->rw, application->rw) == 0 && strcmp (read->village, application->village) == 0 &&
           strcmp (read->village_name, application->village_name) == 0 &&
           strcmp (read->postal_code, application->postal_code) == 0;
}

void
member_apply (const struct member *read, struct member *member)
{
    if (!uuid_is_nil (read->member_id))
        member->member_id = read->member_id;
    member->nik = read->nik;
    member->mother_nik = read->mother_nik;
    member->name = read->name;
    member->relation = read->relation;
    member->birth_place = read->birth_place;
    member->birth_date = read->birth_date;
    member->sex = read->sex;
    member->marital = read->marital;
    member->phone = read->phone;
    member->conditions = read->conditions;
}

bool
member_same (const struct member *read, const struct member *member)
{
    return read->nik == member->nik && read->mother_nik == member->mother_nik &&
           strcmp (read->name, member->name) == 0 && read->relation == member->relation &&
           strcmp (read->birth_place, member->birth_place) == 0 && read->birth_date == member->birth_date &&
           read->sex == member->sex && read->marital == member->marital && strcmp (read->phone, member->phone) == 0 &&
           read->conditions == member->conditions;
}
