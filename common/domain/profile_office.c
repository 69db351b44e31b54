/* Office, procedure, letterhead, officials, payers, papers and working time of a profile. */
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/domain/profile_decode.h"

static void
decode_procedure (struct decoder *decoder, struct fields *root)
{
    struct fields fields = fields_open (decoder, field_map (root, "procedure", REQUIRED));
    decoder->profile->procedure = (struct profile_procedure){
        .name = field_text (&fields, "name", REQUIRED),
        .number = field_text (&fields, "number", OPTIONAL),
        .approved_by = field_text (&fields, "approved_by", OPTIONAL),
        .warning = field_text (&fields, "warning", OPTIONAL),
        .made = field_date (&fields, "made"),
        .revised = field_date (&fields, "revised"),
        .approved = field_date (&fields, "approved"),
        .legal_basis = field_texts (&fields, "legal_basis"),
        .qualified = field_texts (&fields, "qualified"),
        .related = field_texts (&fields, "related"),
        .equipment = field_texts (&fields, "equipment"),
        .records = field_texts (&fields, "records"),
    };
    fields_close (&fields);
}

static void
decode_letterhead (struct decoder *decoder, struct fields *root)
{
    struct fields fields = fields_open (decoder, field_map (root, "letterhead", REQUIRED));
    struct profile_letterhead *head = &decoder->profile->letterhead;
    *head = (struct profile_letterhead){
        .government = field_text (&fields, "government", REQUIRED),
        .names = field_texts (&fields, "names"),
        .address = field_text (&fields, "address", OPTIONAL),
        .phone = field_text (&fields, "phone", OPTIONAL),
        .email = field_text (&fields, "email", OPTIONAL),
        .website = field_text (&fields, "website", OPTIONAL),
        .postal_code = field_text (&fields, "postal_code", OPTIONAL),
    };
    if (fields.node && (head->names.count < 1 || head->names.count > 3))
        problem_add (decoder, fields.node, false, "'names' has 1 to 3 lines (Permendagri 1/2023)");
    fields_close (&fields);
}

static void
decode_officials (struct decoder *decoder, struct fields *root)
{
    struct profile *profile = decoder->profile;
    size_t count;
    struct tree_node *node = field_list (root, "officials", REQUIRED, &count);
    profile->officials = decode_alloc (decoder, count, sizeof *profile->officials);
    for (; profile->officials && node; node = node->next) {
        struct fields fields = fields_open (decoder, node);
        struct profile_official *official = &profile->officials[profile->official_count++];
        *official = (struct profile_official){
            .role = (enum role)field_word (&fields, "role", &words_roles, REQUIRED, ROLE_KADIS),
            .title = field_text (&fields, "title", REQUIRED),
            .name = field_text (&fields, "name", OPTIONAL),
            .rank = field_text (&fields, "rank", OPTIONAL),
            .nip = field_text (&fields, "nip", OPTIONAL),
            .acting = field_text (&fields, "acting", OPTIONAL),
            .from = field_date (&fields, "from"),
            .until = field_date (&fields, "until"),
        };
        static const char *const acting[] = { "", "Plt.", "Plh.", "Pj.", "Pjs." };
        bool known = false;
        for (size_t i = 0; i < sizeof acting / sizeof *acting; i++)
            known = known || !strcmp (acting[i], official->acting);
        if (!known)
            problem_add (decoder, node, false, "'acting' is one of Plt. Plh. Pj. Pjs.");
        if (*official->nip && (strlen (official->nip) != 18 || official->nip[strspn (official->nip, "0123456789")]))
            problem_add (decoder, node, false, "'nip' has 18 digits, in quotes");
        fields_close (&fields);
    }
}

static void
decode_payers (struct decoder *decoder, struct fields *root)
{
    struct profile *profile = decoder->profile;
    size_t count;
    struct tree_node *node = field_list (root, "payers", REQUIRED, &count);
    profile->payers = decode_alloc (decoder, count, sizeof *profile->payers);
    for (; profile->payers && node; node = node->next) {
        struct fields fields = fields_open (decoder, node);
        struct profile_payer payer = {
            .id = field_id (&fields),
            .name = field_text (&fields, "name", REQUIRED),
            .segment = field_text (&fields, "segment", REQUIRED),
            .level = (enum payer_level)field_word (&fields, "level", &words_levels, REQUIRED, LEVEL_LOCAL),
        };
        if (*payer.id && profile_payer_find (profile, payer.id) >= 0)
            problem_add (decoder, node, false, "a second payer '%s'", payer.id);
        profile->payers[profile->payer_count++] = payer;
        fields_close (&fields);
    }
}

void
decode_office (struct decoder *decoder, struct fields *root)
{
    struct profile *profile = decoder->profile;
    profile->id = field_id (root);
    profile->version = field_int (root, "version", REQUIRED, 1, 1000000, 1);
    struct fields fields = fields_open (decoder, field_map (root, "office", REQUIRED));
    profile->office = (struct profile_office){
        .code = field_text (&fields, "code", REQUIRED),
        .tenant = field_text (&fields, "tenant", REQUIRED),
        .name = field_text (&fields, "name", REQUIRED),
        .place = field_text (&fields, "place", REQUIRED),
        .bpjs = field_text (&fields, "bpjs", OPTIONAL),
        .complaints = field_text (&fields, "complaints", OPTIONAL),
    };
    const char *code = profile->office.code;
    if (*code && (strlen (code) != 5 || strspn (code, "0123456789") != 2 || code[2] != '.' ||
                  strspn (code + 3, "0123456789") != 2))
        problem_add (decoder, fields.node, false, "'code' is a Kemendagri code of a kabupaten or kota: \"12.72\"");
    fields_close (&fields);
    decode_procedure (decoder, root);
    decode_letterhead (decoder, root);
    decode_officials (decoder, root);
    decode_payers (decoder, root);
}

void
decode_papers (struct decoder *decoder, struct fields *root)
{
    struct profile *profile = decoder->profile;
    size_t count;
    struct tree_node *node = field_list (root, "papers", REQUIRED, &count);
    profile->papers = decode_alloc (decoder, count, sizeof *profile->papers);
    for (; profile->papers && node; node = node->next) {
        struct fields fields = fields_open (decoder, node);
        struct profile_paper paper = {
            .id = field_id (&fields),
            .name = field_text (&fields, "name", REQUIRED),
            .per = (enum scope)field_word (&fields, "per", &words_scopes, REQUIRED, SCOPE_FAMILY),
            .signed_by = field_texts (&fields, "signed_by"),
            .materai = field_bool (&fields, "materai", false),
            .paid_up = field_bool (&fields, "paid_up", false),
            .original = field_bool (&fields, "original", false),
            .photos = field_texts (&fields, "photos"),
            .valid_days = field_int (&fields, "valid_days", OPTIONAL, 1, 36500, 0),
            .evidence = field_word_set (&fields, "evidence", &words_conditions),
        };
        if (paper.per == SCOPE_LIST)
            problem_add (decoder, node, false, "a paper is per person or per family");
        if (*paper.id && profile_paper_find (profile, paper.id) >= 0)
            problem_add (decoder, node, false, "a second paper '%s'", paper.id);
        profile->papers[profile->paper_count++] = paper;
        fields_close (&fields);
    }
}

static void
decode_week (struct decoder *decoder, struct tree_node *node, struct calendar_week *week)
{
    static const char *const days[7] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };
    struct fields fields = fields_open (decoder, node);
    bool open = false;
    for (int i = 0; i < 7; i++) {
        const char *text = field_text (&fields, days[i], OPTIONAL);
        if (!calendar_hours_parse (text, week->periods[i], &week->counts[i]))
            problem_add (decoder, tree_find (node, days[i]), false,
                         "expected hours like 07.30-12.00 13.00-16.00, in order, at most %d", CALENDAR_PERIODS);
        open = open || week->counts[i];
    }
    if (fields.node && !open)
        problem_add (decoder, node, false, "no day has opening hours");
    fields_close (&fields);
}

static void
decode_span (struct decoder *decoder, struct tree_node *node)
{
    struct calendar *calendar = &decoder->profile->calendar;
    struct fields fields = fields_open (decoder, node);
    struct calendar_span span = { .from = field_date (&fields, "from"), .until = field_date (&fields, "until") };
    decode_week (decoder, field_map (&fields, "hours", REQUIRED), &span.week);
    if (span.from == DATE_NONE || span.until == DATE_NONE || span.until < span.from)
        problem_add (decoder, node, false, "'from' and 'until' are two dates in order");
    else if (calendar->span_count < CALENDAR_SPANS)
        calendar->spans[calendar->span_count++] = span;
    else
        problem_add (decoder, node, false, "more than %d spans of other hours", CALENDAR_SPANS);
    fields_close (&fields);
}

void
decode_calendar (struct decoder *decoder, struct fields *root)
{
    struct profile *profile = decoder->profile;
    struct fields fields = fields_open (decoder, field_map (root, "calendar", REQUIRED));
    const char *zone = field_text (&fields, "zone", REQUIRED);
    if (*zone && !calendar_zone (zone, &profile->calendar.offset))
        problem_add (decoder, tree_find (fields.node, "zone"), false, "unknown zone '%.40s': WIB, WITA or WIT", zone);
    struct tree_node *hours = field_map (&fields, "hours", REQUIRED);
    if (hours)
        decode_week (decoder, hours, &profile->calendar.week);
    size_t count;
    for (struct tree_node *n = field_list (&fields, "other_hours", OPTIONAL, &count); n; n = n->next)
        decode_span (decoder, n);
    struct tree_node *node = field_list (&fields, "years", REQUIRED, &count);
    int *years = decode_alloc (decoder, count, sizeof *years);
    for (; years && node; node = node->next) {
        int year = node->kind == TREE_TEXT && strlen (node->text) == 4 ? (int)strtol (node->text, NULL, 10) : 0;
        if (year < 2000 || year > 2200)
            problem_add (decoder, node, false, "expected a year");
        else
            years[profile->calendar_year_count++] = year;
    }
    profile->calendar_years = years;
    for (node = field_list (&fields, "local_days", OPTIONAL, &count); node; node = node->next) {
        int32_t day;
        if (node->kind != TREE_TEXT || !date_parse (node->text, strlen (node->text), &day))
            problem_add (decoder, node, false, "expected a date, YYYY-MM-DD");
        else if (calendar_add_holiday (&profile->calendar, decoder->arena, day, NULL) != RC_OK)
            decoder->failed = true;
    }
    fields_close (&fields);
}
