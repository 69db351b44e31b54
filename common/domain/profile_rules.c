/* Tracks, the Dukcapil policy, checks and their consequences, quota and priority of a profile. */
#include <string.h>

#include "common/domain/profile_decode.h"

/* {paper: sktm, when: [adult]} or {any_of: [ktp, akta]}. */
static struct profile_need
decode_need (struct decoder *decoder, struct tree_node *node, const char *const *papers)
{
    struct profile *profile = decoder->profile;
    struct fields fields = fields_open (decoder, node);
    struct tree_node *paper = field_node (&fields, "paper", OPTIONAL);
    size_t count;
    struct tree_node *list = field_list (&fields, "any_of", OPTIONAL, &count);
    struct profile_need need = {
        .when = field_word_set (&fields, "when", &words_conditions),
        .optional = field_bool (&fields, "optional", false),
    };
    int *any_of = decode_alloc (decoder, paper ? 1 : count, sizeof *any_of);
    need.any_of = any_of;
    if (fields.node && !paper == !list)
        problem_add (decoder, node, false, "give either 'paper' or 'any_of'");
    else if (paper && any_of)
        any_of[need.count++] = reference_of (decoder, paper, "paper", papers, profile->paper_count);
    else
        for (; any_of && list; list = list->next)
            any_of[need.count++] = reference_of (decoder, list, "paper", papers, profile->paper_count);
    for (size_t i = 1; i < need.count; i++)
        if (any_of[0] >= 0 && any_of[i] >= 0 && profile->papers[any_of[0]].per != profile->papers[any_of[i]].per)
            problem_add (decoder, node, false, "alternatives are all per person or all per family");
    fields_close (&fields);
    return need;
}

static void
decode_needs (struct decoder *decoder, struct fields *fields, struct profile_track *track)
{
    struct profile *profile = decoder->profile;
    const char *const *papers = ids_of (decoder, profile->papers, profile->paper_count, sizeof *profile->papers,
                                        offsetof (struct profile_paper, id));
    size_t count;
    struct tree_node *node = field_list (fields, "needs", REQUIRED, &count);
    struct profile_need *needs = decode_alloc (decoder, count, sizeof *needs);
    track->needs = needs;
    for (; needs && node; node = node->next)
        needs[track->need_count++] = decode_need (decoder, node, papers);
}

static void
decode_expectations (struct decoder *decoder, struct fields *fields, struct profile_track *track)
{
    size_t count;
    struct tree_node *node = field_list (fields, "expect", OPTIONAL, &count);
    struct profile_expectation *items = decode_alloc (decoder, count, sizeof *items);
    track->expectations = items;
    for (; items && node; node = node->next) {
        struct fields inner = fields_open (decoder, node);
        struct profile_expectation item = {
            .from = (enum stage)field_word (&inner, "from", &words_stages, REQUIRED, STAGE_APPLIED),
            .until = (enum stage)field_word (&inner, "until", &words_stages, REQUIRED, STAGE_ENDED),
            .unit = (enum time_unit)field_word (&inner, "unit", &words_units, REQUIRED, UNIT_DAYS),
            .at_least = field_int (&inner, "at_least", OPTIONAL, 0, 100000, 0),
            .at_most = field_int (&inner, "at_most", REQUIRED, 1, 100000, 1),
        };
        if (inner.node && (item.from >= item.until || item.at_least > item.at_most))
            problem_add (decoder, node, false, "'from' comes before 'until', and at_least is at most at_most");
        items[track->expectation_count++] = item;
        fields_close (&inner);
    }
}

static int
field_payer (struct fields *fields, bool required)
{
    struct decoder *decoder = fields->decoder;
    struct profile *profile = decoder->profile;
    struct tree_node *node = field_node (fields, "payer", required);
    return node ? reference_of (decoder, node, "payer",
                                ids_of (decoder, profile->payers, profile->payer_count, sizeof *profile->payers,
                                        offsetof (struct profile_payer, id)),
                                profile->payer_count)
                : -1;
}

static void
decode_track (struct decoder *decoder, struct tree_node *node, struct profile_track *track)
{
    struct fields fields = fields_open (decoder, node);
    *track = (struct profile_track){
        .id = field_id (&fields),
        .name = field_text (&fields, "name", REQUIRED),
        .purpose = (enum purpose)field_word (&fields, "purpose", &words_purposes, REQUIRED, PURPOSE_NEW),
        .payer = field_payer (&fields, OPTIONAL),
        .quota = field_bool (&fields, "quota", false),
    };
    decode_needs (decoder, &fields, track);
    decode_expectations (decoder, &fields, track);
    struct fields send = fields_open (decoder, field_map (&fields, "send", REQUIRED));
    track->schedule = (enum schedule)field_word (&send, "schedule", &words_schedules, REQUIRED, SCHEDULE_AT_ONCE);
    track->day = field_int (&send, "day", OPTIONAL, 1, 31, 0);
    track->channel = (enum channel)field_word (&send, "channel", &words_channels, REQUIRED, CHANNEL_FILE);
    if (send.node && (track->schedule == SCHEDULE_MONTHLY) != (track->day > 0))
        problem_add (decoder, send.node, false, "'day' belongs to schedule monthly, and to no other");
    fields_close (&send);
    fields_close (&fields);
}

void
decode_tracks (struct decoder *decoder, struct fields *root)
{
    struct profile *profile = decoder->profile;
    size_t count;
    struct tree_node *node = field_list (root, "tracks", REQUIRED, &count);
    if (count > PROFILE_TRACKS) {
        problem_add (decoder, node->parent, false, "more than %d tracks", PROFILE_TRACKS);
        return;
    }
    profile->tracks = decode_alloc (decoder, count, sizeof *profile->tracks);
    for (; profile->tracks && node; node = node->next) {
        struct profile_track track;
        decode_track (decoder, node, &track);
        if (*track.id && profile_track_find (profile, track.id) >= 0)
            problem_add (decoder, node, false, "a second track '%s'", track.id);
        profile->tracks[profile->track_count++] = track;
    }
}

static const char *const need_word[] = { "exact", "score", "warn" };
static const struct words words_needs = { "need", need_word, need_word, 3 };

static void
check_asked (struct decoder *decoder, const struct tree_node *node, const char *field)
{
#define DUKCAPIL_X(name) " " #name
    static const char names[] = DUKCAPIL_ASKED (DUKCAPIL_X);
#undef DUKCAPIL_X
    for (size_t i = 0; i < DUKCAPIL_ASKED_END; i++)
        if (strcmp (dukcapil_asked[i], field) == 0)
            return;
    problem_add (decoder, node, false, "'%.40s' cannot be asked; 'field' is one of%s", field, names);
}

void
decode_dukcapil (struct decoder *decoder, struct fields *root)
{
    struct dukcapil_policy *policy = &decoder->profile->dukcapil;
    struct fields fields = fields_open (decoder, field_map (root, "dukcapil", REQUIRED));
    policy->name = field_text (&fields, "name", REQUIRED);
    policy->version = field_int (&fields, "version", REQUIRED, 1, 1000000, 1);
    policy->threshold = field_int (&fields, "threshold", REQUIRED, 1, 100, 90);
    size_t count;
    struct tree_node *node = field_list (&fields, "fields", REQUIRED, &count);
    if (count > DUKCAPIL_RULES) {
        problem_add (decoder, node->parent, false, "more than %d fields", DUKCAPIL_RULES);
        node = NULL;
    }
    bool required = false;
    for (; node; node = node->next) {
        struct fields inner = fields_open (decoder, node);
        struct dukcapil_rule rule = {
            .field = field_text (&inner, "field", REQUIRED),
            .need = (enum dukcapil_need)field_word (&inner, "need", &words_needs, REQUIRED, DUKCAPIL_EXACT),
            .minimum = field_int (&inner, "minimum", OPTIONAL, 1, 100, 0),
            .confirm = field_int (&inner, "confirm", OPTIONAL, 1, 100, 0),
            .optional = field_bool (&inner, "optional", false),
        };
        bool score = rule.need == DUKCAPIL_SCORE;
        if (score != (rule.minimum > 0) || (rule.confirm && !score) || rule.confirm > rule.minimum)
            problem_add (decoder, node, false,
                         "need score takes 'minimum' and may take a lower 'confirm'; others neither");
        check_asked (decoder, node, rule.field);
        for (size_t i = 0; i < policy->rule_count; i++)
            if (!strcmp (policy->rules[i].field, rule.field))
                problem_add (decoder, node, false, "a second rule for '%.40s'", rule.field);
        required = required || (rule.need != DUKCAPIL_WARN && !rule.optional);
        policy->rules[policy->rule_count++] = rule;
        fields_close (&inner);
    }
    if (fields.node && !required)
        problem_add (decoder, fields.node, false, "no field is required: everybody would be padan");
    fields_close (&fields);
}

static uint32_t
decode_outcomes (struct decoder *decoder, struct fields *fields, enum check check)
{
    size_t count, known;
    const char *const *outcomes = check_outcomes (check, &known);
    uint32_t set = 0;
    for (struct tree_node *node = field_list (fields, "on", REQUIRED, &count); node; node = node->next) {
        int outcome = reference_of (decoder, node, "outcome", outcomes, known);
        set |= outcome < 0 ? 0 : UINT32_C (1) << outcome;
    }
    return set;
}

/* Every outcome of every track must have a rule that always holds, or a verdict would have no consequence. */
static void
check_cover (struct decoder *decoder, const struct tree_node *node, const struct profile_check *check)
{
    struct profile *profile = decoder->profile;
    size_t known;
    const char *const *outcomes = check_outcomes (check->check, &known);
    for (size_t track = 0; track < profile->track_count; track++)
        for (size_t outcome = 0; outcome < known && check->tracks >> track & 1; outcome++) {
            bool covered = false;
            for (size_t i = 0; i < check->rule_count && !covered; i++)
                covered = check->rules[i].outcomes >> outcome & 1 && check->rules[i].tracks >> track & 1 &&
                          !check->rules[i].when;
            if (!covered)
                problem_add (decoder, node, false, "outcome '%s' of track '%s' has no rule", outcomes[outcome],
                             profile->tracks[track].id);
        }
}

static void
decode_check (struct decoder *decoder, struct tree_node *node, struct profile_check *check)
{
    struct fields fields = fields_open (decoder, node);
    int kind = field_word (&fields, "check", &words_checks, REQUIRED, -1);
    check->check = kind < 0 ? CHECK_NIK : (enum check)kind;
    check->tracks = field_tracks (&fields);
    size_t count;
    struct tree_node *item = field_list (&fields, "rules", REQUIRED, &count);
    struct profile_rule *rules = decode_alloc (decoder, count, sizeof *rules);
    check->rules = rules;
    for (; rules && item && kind >= 0; item = item->next) {
        struct fields inner = fields_open (decoder, item);
        rules[check->rule_count++] = (struct profile_rule){
            .outcomes = decode_outcomes (decoder, &inner, check->check),
            .tracks = field_tracks (&inner),
            .when = field_word_set (&inner, "when", &words_conditions),
            .then = (enum consequence)field_word (&inner, "then", &words_consequences, REQUIRED, CONSEQUENCE_BLOCK),
            .payer = field_payer (&inner, OPTIONAL),
            .message = field_text (&inner, "message", OPTIONAL),
        };
        fields_close (&inner);
    }
    if (rules && kind >= 0 && check->rule_count)
        check_cover (decoder, node, check);
    fields_close (&fields);
}

void
decode_checks (struct decoder *decoder, struct fields *root)
{
    struct profile *profile = decoder->profile;
    size_t count;
    struct tree_node *node = field_list (root, "checks", REQUIRED, &count);
    profile->checks = decode_alloc (decoder, count, sizeof *profile->checks);
    for (; profile->checks && node; node = node->next) {
        struct profile_check *check = &profile->checks[profile->check_count];
        decode_check (decoder, node, check);
        for (size_t i = 0; i < profile->check_count; i++)
            if (profile->checks[i].check == check->check && (profile->checks[i].tracks & check->tracks))
                problem_add (decoder, node, false, "a second check '%s' of the same track",
                             words_word (&words_checks, (int)check->check));
        profile->check_count++;
    }
}

static bool
expects (const struct profile_track *track, enum stage from, enum stage until)
{
    for (size_t i = 0; i < track->expectation_count; i++)
        if (track->expectations[i].from == from && track->expectations[i].until >= until)
            return true;
    return false;
}

/* Whoever waits for BPJS has a deadline, which only the profile can say. */
static void
expectations_check (struct decoder *decoder, const struct fields *root)
{
    const struct profile *profile = decoder->profile;
    const struct tree_node *list = root->node ? tree_find (root->node, "tracks") : NULL;
    const struct tree_node *node = list && list->kind == TREE_LIST ? list->first : NULL;
    for (size_t i = 0; i < profile->track_count && node && !decoder->published; i++, node = node->next) {
        const struct profile_track *track = &profile->tracks[i];
        if (!expects (track, STAGE_SENT, STAGE_ACTIVE))
            problem_add (decoder, node, false, "'expect' does not say when what was sent is to be active");
        if (track->purpose != PURPOSE_TRANSFER && profile->distribution.means != CARD_NEWS &&
            !expects (track, STAGE_ACTIVE, STAGE_CARD))
            problem_add (decoder, node, false, "'expect' does not say when the active are to have their card");
    }
}

void
decode_sending (struct decoder *decoder, struct fields *root)
{
    struct profile *profile = decoder->profile;
    struct tree_node *node = field_map (root, "quota", OPTIONAL);
    if (node) {
        struct fields fields = fields_open (decoder, node);
        profile->quota = (struct profile_quota){
            .limited = true,
            .kind = (enum quota_kind)field_word (&fields, "kind", &words_quotas, REQUIRED, QUOTA_FLOW),
            .people = field_int (&fields, "people", REQUIRED, 1, 100000000, 1),
        };
        fields_close (&fields);
    }
    size_t count;
    node = field_list (root, "priority", OPTIONAL, &count);
    profile->priority = decode_alloc (decoder, count, sizeof *profile->priority);
    for (; profile->priority && node; node = node->next) {
        int condition = word_of (decoder, node, &words_conditions, -1);
        if (condition >= 0)
            profile->priority[profile->priority_count++] = (enum condition)condition;
    }
    struct fields fields = fields_open (decoder, field_map (root, "distribution", REQUIRED));
    profile->distribution = (struct profile_distribution){
        .means = (enum card_means)field_word (&fields, "means", &words_cards, REQUIRED, CARD_HOME),
        .couriers = field_word_set (&fields, "couriers", &words_roles),
        .days = field_int (&fields, "days", OPTIONAL, 1, 3650, 0),
        .proof = field_bool (&fields, "proof", false),
    };
    if (fields.node && profile->distribution.means == CARD_HOME && !profile->distribution.couriers)
        problem_add (decoder, fields.node, false, "cards brought home need 'couriers'");
    fields_close (&fields);
    expectations_check (decoder, root);
}
