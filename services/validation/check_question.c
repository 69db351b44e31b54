/* What Dukcapil is asked about each person: the fields the office's policy looks at, as the service writes them. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/base/text.h"
#include "common/domain/date_read.h"
#include "common/domain/nik.h"
#include "services/validation/answer_store.h"
#include "services/validation/check.h"

/* NULL: we do not know it. Text lives in the arena. */
typedef const char *field_fn (struct checking *check, const struct application *application,
                              const struct member *member);

static const char *
field_kk (struct checking *check, const struct application *application, const struct member *member)
{
    char text[NIK_TEXT];
    return application->kk ? arena_string (check->arena, nik_format (application->kk, text)) : NULL;
}

static const char *
field_name (struct checking *check, const struct application *application, const struct member *member)
{
    return member->name;
}

static const char *
field_birth_place (struct checking *check, const struct application *application, const struct member *member)
{
    return member->birth_place;
}

static const char *
field_birth_date (struct checking *check, const struct application *application, const struct member *member)
{
    int year, month, day;
    if (member->birth_date == DATE_NONE)
        return NULL;
    date_split (member->birth_date, &year, &month, &day);
    return arena_printf (check->arena, "%02d-%02d-%04d", day, month, year);
}

static const char *
field_sex (struct checking *check, const struct application *application, const struct member *member)
{
    return member->sex == SEX_MALE ? "Laki-Laki" : member->sex == SEX_FEMALE ? "Perempuan" : NULL;
}

static const char *
field_marital (struct checking *check, const struct application *application, const struct member *member)
{
    static const char *const words[] = { NULL, "BELUM KAWIN", "KAWIN", "CERAI HIDUP", "CERAI MATI" };
    return member->marital > 0 && member->marital <= 4 ? words[member->marital] : NULL;
}

static const char *
field_street (struct checking *check, const struct application *application, const struct member *member)
{
    return application->street;
}

/* All but the NIK, which is asked of everybody. */
static field_fn *const values[DUKCAPIL_ASKED_END] = {
    [DUKCAPIL_ASKED_NO_KK] = field_kk,
    [DUKCAPIL_ASKED_NAMA_LGKP] = field_name,
    [DUKCAPIL_ASKED_TMPT_LHR] = field_birth_place,
    [DUKCAPIL_ASKED_TGL_LHR] = field_birth_date,
    [DUKCAPIL_ASKED_JENIS_KLMIN] = field_sex,
    [DUKCAPIL_ASKED_STATUS_KAWIN] = field_marital,
    [DUKCAPIL_ASKED_ALAMAT] = field_street,
};

static bool
policy_names (const struct dukcapil_policy *policy, const char *field)
{
    for (size_t i = 0; i < policy->rule_count; i++)
        if (strcasecmp (policy->rules[i].field, field) == 0)
            return true;
    return false;
}

/* Under a mother's NIK, who is not in the application, only NIK and KK can be asked. */
static void
question_fill (struct checking *check, const struct check_case *one, struct check_person *person)
{
    const struct member *about = person->facts.under_mother ? person->mother : person->facts.member;
    const struct dukcapil_policy *policy = &one->profile->dukcapil;
    struct dukcapil_pair *fields = arena_array (check->arena, DUKCAPIL_PAIRS, sizeof *fields);
    char text[NIK_TEXT];
    MUST (fields);
    size_t n = 0;
    fields[n++] = (struct dukcapil_pair){ .name = dukcapil_asked[DUKCAPIL_ASKED_NIK],
                                          .sent = arena_string (check->arena, nik_format (person->facts.nik, text)) };
    for (size_t i = 0; i < DUKCAPIL_ASKED_END; i++) {
        bool family = values[i] == field_kk;
        if (!values[i] || !policy_names (policy, dukcapil_asked[i]) || (!about && !family))
            continue;
        const char *value = values[i](check, one->application, about);
        if (value && *value)
            fields[n++] = (struct dukcapil_pair){ .name = dukcapil_asked[i], .sent = value };
    }
    person->question = (struct dukcapil_question){
        .fields = fields,
        .n_fields = n,
        .threshold = policy->threshold,
        .class = DUKCAPIL_WAIT,
    };
    person->question_id = answer_id (fields, n, policy->threshold);
}

void
check_questions (struct checking *check)
{
    for (size_t i = 0; i < check->n; i++) {
        struct check_case *one = &check->cases[i];
        int track = one->profile ? profile_track_find (one->profile, one->application->track) : -1;
        bool wanted = false;
        for (size_t k = 0; track >= 0 && k < one->profile->check_count; k++)
            wanted = wanted ||
                     (one->profile->checks[k].check == CHECK_DUKCAPIL && (one->profile->checks[k].tracks >> track & 1));
        for (size_t k = 0; k < one->n_people && wanted; k++)
            if (one->people[k].facts.nik)
                question_fill (check, one, &one->people[k]);
    }
}

/* People who ask the same ask once: a newborn and its mother, a family entered twice. */
static size_t
questions_collect (struct checking *check, struct check_person **asking)
{
    size_t n = 0;
    for (size_t i = 0; i < check->n; i++)
        for (size_t k = 0; k < check->cases[i].n_people; k++) {
            struct check_person *person = &check->cases[i].people[k];
            if (!person->question.n_fields || person->was_kept)
                continue;
            for (size_t j = 0; j < n && !person->same; j++)
                if (uuid_compare (asking[j]->question_id, person->question_id) == 0)
                    person->same = asking[j];
            if (!person->same)
                asking[n++] = person;
        }
    return n;
}

static void
answer_judge (struct checking *check, struct check_person *person)
{
    struct facts *facts = &person->facts;
    const struct dukcapil_question *question = person->same ? &person->same->question : &person->question;
    facts->dukcapil_asked = person->question.n_fields > 0;
    facts->dukcapil_why = question->why;
    if (!facts->dukcapil_asked || question->class != DUKCAPIL_VERDICT)
        return;
    struct dukcapil_answer *answer = arena_alloc (check->arena, sizeof *answer);
    MUST (answer);
    dukcapil_judge (facts->policy, question->pairs, question->n_pairs, answer);
    if (answer->class == DUKCAPIL_VERDICT)
        facts->dukcapil = answer;
}

void
check_ask (struct checking *check)
{
    size_t people = 0;
    for (size_t i = 0; i < check->n; i++)
        people += check->cases[i].n_people;
    struct check_person **asking = arena_array (check->arena, people + 1, sizeof *asking);
    MUST (asking);
    size_t n = questions_collect (check, asking);
    struct dukcapil_question *questions = arena_array (check->arena, n + 1, sizeof *questions);
    MUST (questions);
    for (size_t i = 0; i < n; i++)
        questions[i] = asking[i]->question;
    dukcapil_client_ask (dukcapil, questions, n, check->ask_until, check->arena);
    for (size_t i = 0; i < n; i++)
        asking[i]->question = questions[i];
    for (size_t i = 0; i < check->n; i++)
        for (size_t k = 0; k < check->cases[i].n_people; k++)
            answer_judge (check, &check->cases[i].people[k]);
}
