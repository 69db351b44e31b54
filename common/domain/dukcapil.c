#include "common/domain/dukcapil.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/domain/name.h"

static const struct {
    const char *name, *text;
} results[DUKCAPIL_RESULT_END] = {
    [DUKCAPIL_NONE] = { "belum", "belum ada jawaban" },
    [DUKCAPIL_PADAN] = { "padan", "padan" },
    [DUKCAPIL_NOTED] = { "padan_dengan_catatan", "padan dengan catatan" },
    [DUKCAPIL_CONFIRM] = { "perlu_konfirmasi", "perlu konfirmasi" },
    [DUKCAPIL_MISMATCH] = { "tidak_padan", "tidak padan" },
    [DUKCAPIL_DEAD] = { "meninggal", "meninggal dunia" },
    [DUKCAPIL_DOUBLE] = { "ganda", "data ganda" },
    [DUKCAPIL_INACTIVE] = { "nonaktif", "status nonaktif, hubungi Dinas Dukcapil" },
    [DUKCAPIL_NOT_FOUND] = { "tidak_ditemukan", "tidak ditemukan di Dukcapil" },
};

#define DUKCAPIL_X(name) #name,
const char *const dukcapil_asked[DUKCAPIL_ASKED_END] = { DUKCAPIL_ASKED (DUKCAPIL_X) };
#undef DUKCAPIL_X

bool
dukcapil_policy_equal (const struct dukcapil_policy *a, const struct dukcapil_policy *b)
{
    if (a->threshold != b->threshold || a->rule_count != b->rule_count)
        return false;
    for (size_t i = 0; i < a->rule_count; i++) {
        const struct dukcapil_rule *left = &a->rules[i], *right = &b->rules[i];
        if (strcmp (left->field, right->field) != 0 || left->need != right->need || left->minimum != right->minimum ||
            left->confirm != right->confirm || left->optional != right->optional)
            return false;
    }
    return true;
}

const char *
dukcapil_result_name (enum dukcapil_result result)
{
    return results[(unsigned)result < DUKCAPIL_RESULT_END ? result : DUKCAPIL_NONE].name;
}

const char *
dukcapil_result_text (enum dukcapil_result result)
{
    return results[(unsigned)result < DUKCAPIL_RESULT_END ? result : DUKCAPIL_NONE].text;
}

bool
dukcapil_result_find (const char *name, enum dukcapil_result *ret)
{
    for (unsigned i = DUKCAPIL_PADAN; i < DUKCAPIL_RESULT_END; i++)
        if (!strcmp (name, results[i].name)) {
            *ret = (enum dukcapil_result)i;
            return true;
        }
    return false;
}

enum dukcapil_class
dukcapil_http_class (long status)
{
    if (status == 429 || status == 408)
        return DUKCAPIL_WAIT;
    return status >= 400 && status < 500 ? DUKCAPIL_SETUP : DUKCAPIL_WAIT;
}

bool
dukcapil_match_parse (const char *value, bool *ret_same, int *ret_score)
{
    bool same = true;
    value += strspn (value, " ");
    if (!strncasecmp (value, "tidak", 5) && value[5] == ' ') {
        same = false;
        value += 5 + strspn (value + 5, " ");
    }
    if (strncasecmp (value, "sesuai", 6))
        return false;
    value += 6 + strspn (value + 6, " ");
    int score = -1;
    if (*value == '(') {
        char *end;
        long number = strtol (value + 1, &end, 10);
        if (end == value + 1 || number < 0 || number > 100 || *(end += strspn (end, " %")) != ')')
            return false;
        score = (int)number;
        value = end + 1;
    }
    if (value[strspn (value, " ")])
        return false;
    *ret_same = same;
    *ret_score = score;
    return true;
}

static const char *
pair_value (const struct dukcapil_pair *pairs, size_t count, const char *name, const char **ret_sent)
{
    for (size_t i = 0; i < count; i++)
        if (!strcasecmp (pairs[i].name, name)) {
            *ret_sent = pairs[i].sent;
            return pairs[i].value ? pairs[i].value : "";
        }
    return NULL;
}

/* Letters and digits are the same, whatever the case and what is between them. */
static bool
echo_same (const char *a, const char *b)
{
    for (;; a++, b++) {
        while (*a && !isalnum ((unsigned char)*a))
            a++;
        while (*b && !isalnum ((unsigned char)*b))
            b++;
        if (!*a || !*b)
            return *a == *b;
        if (toupper ((unsigned char)*a) != toupper ((unsigned char)*b))
            return false;
    }
}

static void
field_judge (const struct dukcapil_rule *rule, const char *value, const char *sent, struct dukcapil_field *field)
{
    bool same;
    *field = (struct dukcapil_field){ .field = rule->field, .match = DUKCAPIL_UNANSWERED, .score = -1 };
    if (!value || !value[strspn (value, " ")])
        return;
    if (!dukcapil_match_parse (value, &same, &field->score)) {
        if (!sent || !*sent) /* a value we never asked about says nothing */
            return;
        same = echo_same (value, sent);
        if (!same && !strncasecmp (rule->field, "NAMA_LGKP", 9))
            field->score = name_compare (value, sent);
        field->score = same ? 100 : field->score;
    }
    int score = field->score >= 0 ? field->score : same ? 100 : 0;
    if (same && score == 100)
        field->match = DUKCAPIL_SAME;
    else if (rule->need == DUKCAPIL_SCORE && score >= rule->minimum)
        field->match = DUKCAPIL_NEAR;
    else
        field->match = DUKCAPIL_DIFFERENT;
}

/* How far one field takes the whole down. */
static enum dukcapil_result
field_result (const struct dukcapil_rule *rule, const struct dukcapil_field *field)
{
    int score = field->score >= 0 ? field->score : 0;
    switch (field->match) {
    case DUKCAPIL_SAME:
        return DUKCAPIL_PADAN;
    case DUKCAPIL_NEAR:
        return DUKCAPIL_NOTED;
    case DUKCAPIL_UNANSWERED:
        return rule->optional ? DUKCAPIL_PADAN : rule->need == DUKCAPIL_WARN ? DUKCAPIL_NOTED : DUKCAPIL_CONFIRM;
    case DUKCAPIL_DIFFERENT:
        break;
    }
    if (rule->need == DUKCAPIL_WARN)
        return DUKCAPIL_NOTED;
    if (rule->need == DUKCAPIL_SCORE && rule->confirm > 0 && score >= rule->confirm)
        return DUKCAPIL_CONFIRM;
    return DUKCAPIL_MISMATCH;
}

/* RESPONSE_CODE, with one or two digits, and what it means (domain 2). 01 and none: the fields decide. */
static const struct {
    int code;
    enum dukcapil_class class;
    enum dukcapil_result result;
} codes[] = {
    { 3, DUKCAPIL_SETUP, DUKCAPIL_NONE },         { 4, DUKCAPIL_SETUP, DUKCAPIL_NONE },
    { 5, DUKCAPIL_WAIT, DUKCAPIL_NONE },          { 6, DUKCAPIL_WAIT, DUKCAPIL_NONE },
    { 7, DUKCAPIL_SETUP, DUKCAPIL_NONE },         { 8, DUKCAPIL_VERDICT, DUKCAPIL_NOT_FOUND },
    { 9, DUKCAPIL_SETUP, DUKCAPIL_NONE },         { 10, DUKCAPIL_SETUP, DUKCAPIL_NONE },
    { 11, DUKCAPIL_VERDICT, DUKCAPIL_DEAD },      { 12, DUKCAPIL_VERDICT, DUKCAPIL_DOUBLE },
    { 13, DUKCAPIL_VERDICT, DUKCAPIL_NOT_FOUND }, { 14, DUKCAPIL_VERDICT, DUKCAPIL_INACTIVE },
    { 15, DUKCAPIL_VERDICT, DUKCAPIL_NOT_FOUND }, { 16, DUKCAPIL_SETUP, DUKCAPIL_NONE },
    { 17, DUKCAPIL_SETUP, DUKCAPIL_NONE },
};

/* True when the code decides everything. */
static bool
code_judge (const char *text, struct dukcapil_answer *ret)
{
    text += strspn (text, " ");
    size_t digits = strspn (text, "0123456789");
    if (!*text)
        return false;
    int code = digits && digits <= 2 && !text[digits + strspn (text + digits, " ")] ? (int)strtol (text, NULL, 10) : -1;
    if (code == 1) {
        memcpy (ret->code, "01", 3);
        return false;
    }
    ret->class = DUKCAPIL_VERDICT;
    ret->result = DUKCAPIL_CONFIRM;
    memcpy (ret->code, "?", 2);
    if (code < 0)
        return true;
    ret->code[0] = (char)('0' + code / 10);
    ret->code[1] = (char)('0' + code % 10);
    ret->code[2] = 0;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].code == code) {
            ret->class = codes[i].class;
            ret->result = codes[i].result;
        }
    return true;
}

void
dukcapil_judge (const struct dukcapil_policy *policy, const struct dukcapil_pair *pairs, size_t count,
                struct dukcapil_answer *ret)
{
    const char *sent = NULL, *code = pair_value (pairs, count, "RESPONSE_CODE", &sent);
    *ret = (struct dukcapil_answer){ .class = DUKCAPIL_VERDICT, .result = DUKCAPIL_PADAN };
    if (code && code_judge (code, ret))
        return;
    enum dukcapil_result fields[DUKCAPIL_RULES] = { 0 };
    size_t answered = 0;
    for (size_t i = 0; i < policy->rule_count && i < DUKCAPIL_RULES; i++) {
        const struct dukcapil_rule *rule = &policy->rules[i];
        sent = NULL;
        const char *value = pair_value (pairs, count, rule->field, &sent);
        field_judge (rule, value, sent, &ret->fields[i]);
        fields[i] = field_result (rule, &ret->fields[i]);
        answered += ret->fields[i].match != DUKCAPIL_UNANSWERED;
        if (fields[i] > ret->result) /* PADAN < NOTED < CONFIRM < MISMATCH */
            ret->result = fields[i];
        ret->field_count = i + 1;
    }
    if (!answered && ret->result < DUKCAPIL_CONFIRM) /* a policy of optional fields and an empty answer prove nothing */
        ret->result = DUKCAPIL_CONFIRM;
    for (size_t i = 0; i < ret->field_count; i++)
        ret->fields[i].decided = ret->result != DUKCAPIL_PADAN && fields[i] == ret->result;
}
