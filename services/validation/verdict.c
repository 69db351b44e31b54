#include "services/validation/verdict.h"

#define V(name) PADAN__COMMON__V1__VERDICT__VERDICT_##name

/* Weakest first. One who must go back or cannot be proposed need not wait for a registry to be told so. */
static const Padan__Common__V1__Verdict strength[] = {
    V (NONE), V (CLEAR), V (WARNING), V (SITE_CHECK), V (WAITING), V (RETURN), V (BLOCK),
};
static const Padan__Common__V1__Verdict by_consequence[CONSEQUENCE_END] = {
    [CONSEQUENCE_PASS] = V (CLEAR),    [CONSEQUENCE_WARN] = V (WARNING),
    [CONSEQUENCE_RETURN] = V (RETURN), [CONSEQUENCE_SITE_CHECK] = V (SITE_CHECK),
    [CONSEQUENCE_BLOCK] = V (BLOCK),
};

static size_t
strength_of (Padan__Common__V1__Verdict verdict)
{
    size_t i = 0;
    while (strength[i] != verdict && i + 1 < sizeof strength / sizeof *strength)
        i++;
    return i;
}

Padan__Common__V1__Verdict
verdict_fold (Padan__Common__V1__Verdict a, Padan__Common__V1__Verdict b)
{
    return strength_of (a) >= strength_of (b) ? a : b;
}

static char *
text (struct arena *arena, const char *value)
{
    char *copy = arena_string (arena, value ? value : "");
    MUST (copy);
    return copy;
}

struct judging {
    const struct profile *profile;
    const struct facts *facts;
    int track;
    profile_conditions conditions;
    struct arena *arena;
    const char *payer;
    bool waiting;
};

/* NULL: nothing to say. */
static Padan__Common__V1__Reason *
check_judge (struct judging *judging, enum check check)
{
    struct finding finding = { .kind = FOUND, .outcome = "" };
    rules[check](judging->facts, &finding);
    if (finding.kind == NOTHING)
        return NULL;
    Padan__Common__V1__Reason *reason = arena_alloc (judging->arena, sizeof *reason);
    MUST (reason);
    padan__common__v1__reason__init (reason);
    reason->check = text (judging->arena, words_word (&words_checks, check));
    reason->evidence = text (judging->arena, finding.evidence);
    if (finding.kind == UNANSWERED) {
        judging->waiting = true;
        reason->outcome = (char *)"waiting";
        reason->verdict = V (WAITING);
        reason->message = (char *)"Belum ada jawaban; ditanyakan lagi secara otomatis.";
        return reason;
    }
    if (finding.kind == NOT_LOADED) {
        reason->outcome = (char *)"not_loaded";
        reason->verdict = V (WARNING);
        reason->message = (char *)"Berkas pembanding belum dimuat; diperiksa ulang secara otomatis setelah dimuat.";
        return reason;
    }
    const struct profile_rule *rule = profile_rule_for (judging->profile, check, check_outcome (check, finding.outcome),
                                                        judging->track, judging->conditions);
    if (!rule)
        return NULL;
    reason->outcome = text (judging->arena, finding.outcome);
    reason->verdict = by_consequence[rule->then];
    reason->message = text (judging->arena, rule->message);
    if (rule->payer >= 0 && !judging->payer)
        judging->payer = judging->profile->payers[rule->payer].id;
    return reason;
}

enum rc
verdict_judge (const struct profile *profile, const struct facts *facts, struct arena *arena,
               Padan__Common__V1__MemberVerdict **ret_verdict, bool *ret_waiting, struct err *err)
{
    struct judging judging = {
        .profile = profile,
        .facts = facts,
        .track = profile_track_find (profile, facts->application->track),
        .conditions = facts_conditions (facts),
        .arena = arena,
    };
    if (judging.track < 0)
        return err_set (err, RC_CORRUPT, "profile %s has no track %s", profile->id, facts->application->track);
    Padan__Common__V1__MemberVerdict *verdict = arena_alloc (arena, sizeof *verdict);
    MUST (verdict);
    padan__common__v1__member_verdict__init (verdict);
    verdict->member_id = uuid_field (&facts->member->member_id);
    verdict->verdict = V (CLEAR);
    verdict->reasons = arena_array (arena, profile->check_count + 1, sizeof *verdict->reasons);
    MUST (verdict->reasons);
    for (size_t i = 0; i < profile->check_count; i++) {
        if (!(profile->checks[i].tracks >> judging.track & 1))
            continue;
        Padan__Common__V1__Reason *reason = check_judge (&judging, profile->checks[i].check);
        if (!reason)
            continue;
        verdict->reasons[verdict->n_reasons++] = reason;
        verdict->verdict = verdict_fold (verdict->verdict, reason->verdict);
    }
    const int payer = profile->tracks[judging.track].payer;
    if (!judging.payer && payer >= 0) /* the track's own, when no rule chose one */
        judging.payer = profile->payers[payer].id;
    verdict->payer = text (arena, judging.payer);
    *ret_verdict = verdict;
    *ret_waiting = judging.waiting;
    return RC_OK;
}
