#include "common/domain/profile.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/domain/profile_decode.h"

static enum rc
decode_all (struct decoder *decoder, struct tree_node *tree)
{
    struct fields root = fields_open (decoder, tree);
    decode_office (decoder, &root);
    decode_calendar (decoder, &root);
    decode_papers (decoder, &root);
    decode_tracks (decoder, &root);
    decode_dukcapil (decoder, &root);
    decode_checks (decoder, &root);
    decode_letters (decoder, &root);
    decode_acts (decoder, &root);
    decode_sending (decoder, &root);
    fields_close (&root);
    return decoder->failed ? RC_INTERNAL : decoder->problems->count ? RC_UNPROCESSABLE : RC_OK;
}

/* A problem that is not in a value: not YAML at all, or too large. */
static enum rc
problem_whole (struct profile_problems *problems, struct arena *arena, const struct err *cause, struct err *err)
{
    struct profile_problem *problem = &problems->items[problems->count++];
    *problem = (struct profile_problem){ .line = 1, .column = 1, .path = "" };
    char *colon;
    int line = (int)strtol (cause->field, &colon, 10);
    if (*colon == ':') {
        problem->line = line;
        problem->column = (int)strtol (colon + 1, NULL, 10);
    }
    const char *text = arena_string (arena, cause->text);
    problem->text = text ? text : "no memory";
    if (err)
        *err = *cause;
    return cause->rc;
}

static enum rc
parse (struct bytes yaml, bool published, struct arena *arena, struct profile **ret_profile,
       struct profile_problems *ret_problems, struct err *err)
{
    struct err cause = { 0 };
    *ret_problems = (struct profile_problems){ 0 };
    if (yaml.size > PROFILE_BYTES) {
        err_code (&cause, RC_UNPROCESSABLE, "profile.size", "1:1", "more than %d bytes", PROFILE_BYTES);
        return problem_whole (ret_problems, arena, &cause, err);
    }
    struct tree_node *tree;
    if (tree_parse (yaml, arena, &tree, &cause) != RC_OK)
        return problem_whole (ret_problems, arena, &cause, err);
    struct decoder decoder = { .arena = arena, .problems = ret_problems, .published = published };
    if (!(decoder.profile = arena_alloc (arena, sizeof *decoder.profile)))
        return err_set (err, RC_INTERNAL, "no memory for a profile");
    enum rc rc = decode_all (&decoder, tree);
    if (rc == RC_INTERNAL)
        return err_set (err, rc, "no memory for a profile");
    if (rc != RC_OK) {
        const struct profile_problem *first = &ret_problems->items[0];
        char field[96];
        snprintf (field, sizeof field, "%d:%d %s", first->line, first->column, first->path);
        return err_code (err, rc, "profile.invalid", field, "%s", first->text);
    }
    crypto_hash_sha256 (decoder.profile->hash, yaml.data, yaml.size);
    *ret_profile = decoder.profile;
    return RC_OK;
}

enum rc
profile_parse (struct bytes yaml, struct arena *arena, struct profile **ret_profile,
               struct profile_problems *ret_problems, struct err *err)
{
    return parse (yaml, false, arena, ret_profile, ret_problems, err);
}

enum rc
profile_parse_published (struct bytes yaml, struct arena *arena, struct profile **ret_profile, struct err *err)
{
    struct profile_problems problems;
    return parse (yaml, true, arena, ret_profile, &problems, err);
}

#define FIND(name, list)                                                                                               \
    int profile_##name##_find (const struct profile *profile, const char *id)                                          \
    {                                                                                                                  \
        for (size_t i = 0; i < profile->name##_count; i++)                                                             \
            if (!strcmp (profile->list[i].id, id))                                                                     \
                return (int)i;                                                                                         \
        return -1;                                                                                                     \
    }
FIND (track, tracks)
FIND (payer, payers)
FIND (paper, papers)
FIND (act, acts)
FIND (letter, letters)

int
profile_act_next (const struct profile *profile, int track, int after)
{
    for (int i = after + 1; i < (int)profile->act_count; i++)
        if (profile->acts[i].tracks >> track & 1)
            return i;
    return -1;
}

int
profile_counter_act (const struct profile *profile, int track, enum act kind)
{
    for (; track >= 0 && kind <= ACT_SEND; kind++)
        for (int i = profile_act_next (profile, track, -1); i >= 0; i = profile_act_next (profile, track, i))
            if (profile->acts[i].act == kind)
                return i;
    return -1;
}

/* Working minutes from `since`; PROFILE_STANDARD_DAYS for none. */
static int64_t
standard_due (const struct profile *profile, int minutes, int64_t since)
{
    int64_t due = minutes ? calendar_add_minutes (&profile->calendar, since, minutes)
                          : calendar_add_days (&profile->calendar, since, PROFILE_STANDARD_DAYS);
    return due == INT64_MAX ? since : due; /* no working time at all */
}

int64_t
profile_counter_due (const struct profile *profile, int track, enum act first, enum act last, int64_t since)
{
    int minutes = 0;
    for (int i = track < 0 ? -1 : profile_act_next (profile, track, -1); i >= 0;
         i = profile_act_next (profile, track, i))
        if (profile->acts[i].act >= first && profile->acts[i].act <= last)
            minutes += profile->acts[i].standard_minutes;
    return standard_due (profile, minutes, since);
}

int
profile_office_act (const struct profile *profile, int track)
{
    int act = track < 0 ? -1 : profile_act_next (profile, track, -1);
    while (act >= 0 && profile->acts[act].act <= ACT_SEND)
        act = profile_act_next (profile, track, act);
    return act;
}

int64_t
profile_act_due (const struct profile *profile, int act, int64_t since)
{
    return standard_due (profile, profile->acts[act].standard_minutes, since);
}

int
profile_letter_of (const struct profile *profile, int track)
{
    for (size_t i = 0; i < profile->letter_count; i++)
        if (profile->letters[i].tracks >> track & 1)
            return (int)i;
    return -1;
}

static int64_t
months_later (const struct calendar *calendar, int64_t from, int months)
{
    int year, month, day;
    date_split (calendar_day (calendar, from), &year, &month, &day);
    year += (month - 1 + months) / 12;
    month = (month - 1 + months) % 12 + 1;
    while (!date_valid (year, month, day))
        day--;
    return calendar_midnight (calendar, date_of (year, month, day));
}

int64_t
profile_due (const struct profile *profile, int track, enum stage from, enum stage until, int64_t at)
{
    const struct calendar *calendar = &profile->calendar;
    const struct profile_track *rules = &profile->tracks[track];
    for (size_t i = 0; i < rules->expectation_count; i++) {
        const struct profile_expectation *expected = &rules->expectations[i];
        if (expected->from != from || expected->until < until)
            continue;
        switch (expected->unit) {
        case UNIT_WORKING_MINUTES:
            return calendar_add_minutes (calendar, at, expected->at_most);
        case UNIT_WORKING_DAYS:
            return calendar_add_days (calendar, at, expected->at_most);
        case UNIT_MONTHS:
            return months_later (calendar, at, expected->at_most);
        case UNIT_DAYS:
        case UNIT_END:
            return at + expected->at_most * 24 * 3600 * (int64_t)CLOCK_SECOND;
        }
    }
    return calendar_add_days (calendar, at, 0);
}

const struct profile_official *
profile_official_on (const struct profile *profile, enum role role, int32_t day)
{
    const struct profile_official *found = NULL;
    for (size_t i = 0; i < profile->official_count; i++) {
        const struct profile_official *official = &profile->officials[i];
        if (official->role != role || (official->from != DATE_NONE && day < official->from) ||
            (official->until != DATE_NONE && day > official->until))
            continue;
        if (!found || (*official->acting && !*found->acting))
            found = official;
    }
    return found;
}

const struct profile_rule *
profile_rule_for (const struct profile *profile, enum check kind, int outcome, int track, profile_conditions facts)
{
    for (size_t i = 0; i < profile->check_count; i++) {
        const struct profile_check *check = &profile->checks[i];
        if (check->check != kind || !(check->tracks >> track & 1))
            continue;
        for (size_t j = 0; j < check->rule_count; j++) {
            const struct profile_rule *rule = &check->rules[j];
            if (rule->outcomes >> outcome & 1 && rule->tracks >> track & 1 && (!rule->when || rule->when & facts))
                return rule;
        }
    }
    return NULL;
}

static bool
need_is_met (const struct profile_need *need, const int *held, size_t held_count)
{
    for (size_t i = 0; i < need->count; i++)
        for (size_t j = 0; j < held_count; j++)
            if (need->any_of[i] == held[j])
                return true;
    return false;
}

size_t
profile_missing (const struct profile *profile, int track, enum scope per, profile_conditions facts, const int *held,
                 size_t held_count, int *ret_needs, size_t room)
{
    size_t missing = 0;
    for (size_t i = 0; i < profile->tracks[track].need_count; i++) {
        const struct profile_need *need = &profile->tracks[track].needs[i];
        if (need->optional || profile->papers[need->any_of[0]].per != per || (need->when && !(need->when & facts)) ||
            need_is_met (need, held, held_count))
            continue;
        if (missing < room)
            ret_needs[missing] = (int)i;
        missing++;
    }
    return missing;
}

const char *
profile_need_text (const struct profile *profile, const struct profile_need *need, struct arena *arena)
{
    const char *text = profile->papers[need->any_of[0]].name;
    for (size_t i = 1; i < need->count && text; i++)
        text = arena_printf (arena, "%s atau %s", text, profile->papers[need->any_of[i]].name);
    return text ? text : "";
}

size_t
profile_priority (const struct profile *profile, profile_conditions facts)
{
    size_t at = 0;
    while (at < profile->priority_count && !(facts >> profile->priority[at] & 1))
        at++;
    return at;
}

enum rc
profile_number (const struct profile_letter *letter, int64_t sequence, int32_t day, char *ret, size_t size,
                struct err *err)
{
    static const char *const roman[] = { "", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII" };
    int year, month, of_month;
    date_split (day, &year, &month, &of_month);
    char counted[24], of_year[12], of_year_month[12];
    snprintf (counted, sizeof counted, "%lld", (long long)sequence);
    snprintf (of_year, sizeof of_year, "%04d", year);
    snprintf (of_year_month, sizeof of_year_month, "%02d", month);
    const struct {
        const char *name, *value;
    } values[] = { { "{class}", letter->class_code }, { "{sequence}", counted },
                   { "{unit}", letter->unit },        { "{year}", of_year },
                   { "{month}", of_year_month },      { "{month_roman}", roman[month] } };
    size_t length = 0;
    for (const char *at = letter->number; *at;) {
        const char *value = NULL;
        size_t taken = 1;
        for (size_t i = 0; !value && i < sizeof values / sizeof *values; i++)
            if (!strncmp (at, values[i].name, strlen (values[i].name))) {
                value = values[i].value;
                taken = strlen (values[i].name);
            }
        size_t bytes = value ? strlen (value) : 1;
        if (length + bytes + 1 > size)
            return err_set (err, RC_UNPROCESSABLE, "the letter's number is longer than %zu bytes", size - 1);
        memcpy (ret + length, value ? value : at, bytes);
        length += bytes;
        at += taken;
    }
    ret[length] = 0;
    return RC_OK;
}
