/* Letters and acts of a profile. */
#include <string.h>

#include "common/domain/profile_decode.h"

/* Only known {placeholders}, and a sequence among them. */
static void
number_check (struct decoder *decoder, const struct tree_node *node, const char *number)
{
    static const char *const known[] = { "{class}", "{sequence}", "{unit}", "{year}", "{month}", "{month_roman}" };
    bool sequence = false;
    for (const char *at = strchr (number, '{'); at; at = strchr (at + 1, '{')) {
        bool found = false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            if (!strncmp (at, known[i], strlen (known[i]))) {
                found = true;
                sequence = sequence || i == 1;
            }
        if (!found)
            problem_add (decoder, node, false,
                         "unknown placeholder at '%.20s': {class} {sequence} {unit} {year} {month} {month_roman}", at);
    }
    if (!sequence)
        problem_add (decoder, node, false, "the number needs {sequence}");
}

static void
decode_paraf (struct decoder *decoder, struct fields *fields, struct profile_letter *letter)
{
    size_t count;
    struct tree_node *node = field_list (fields, "paraf", OPTIONAL, &count);
    enum role *paraf = decode_alloc (decoder, count, sizeof *paraf);
    letter->paraf = paraf;
    if (count > 3) {
        problem_add (decoder, node->parent, false, "at most three officers give paraf (Permendagri 1/2023)");
        return;
    }
    for (; paraf && node; node = node->next)
        paraf[letter->paraf_count++] = (enum role)word_of (decoder, node, &words_roles, ROLE_KABID);
}

/* A cover letter is an official letter with its head; the others bear a title (Permendagri 1/2023). */
static void
form_check (struct decoder *decoder, const struct tree_node *node, const struct profile_letter *letter)
{
    if (letter->kind == LETTER_COVER && (!*letter->subject || *letter->title))
        problem_add (decoder, node, false, "a cover letter has a 'subject', and no 'title'");
    if (letter->kind != LETTER_COVER && (!*letter->title || *letter->subject || *letter->sifat || *letter->lampiran))
        problem_add (decoder, node, false, "it has a 'title'; 'subject', 'sifat', 'lampiran' are a cover letter's");
}

static void
decode_letter (struct decoder *decoder, struct tree_node *node, struct profile_letter *letter)
{
    struct fields fields = fields_open (decoder, node);
    *letter = (struct profile_letter){
        .id = field_id (&fields),
        .kind = (enum letter_kind)field_word (&fields, "kind", &words_letters, REQUIRED, LETTER_RECOMMENDATION),
        .title = field_text (&fields, "title", OPTIONAL),
        .subject = field_text (&fields, "subject", OPTIONAL),
        .sifat = field_text (&fields, "sifat", OPTIONAL),
        .lampiran = field_text (&fields, "lampiran", OPTIONAL),
        .opening = field_text (&fields, "opening", OPTIONAL),
        .closing = field_text (&fields, "closing", OPTIONAL),
        .per = (enum scope)field_word (&fields, "per", &words_scopes, REQUIRED, SCOPE_LIST),
        .list_rows = field_int (&fields, "list_rows", OPTIONAL, 1, 10000, 0),
        .tracks = field_tracks (&fields),
        .number = field_text (&fields, "number", REQUIRED),
        .class_code = field_text (&fields, "class", REQUIRED),
        .unit = field_text (&fields, "unit", OPTIONAL),
        .signer = (enum role)field_word (&fields, "signer", &words_roles, REQUIRED, ROLE_KADIS),
        .copies = field_texts (&fields, "copies"),
    };
    decode_paraf (decoder, &fields, letter);
    if (fields.node && !decoder->published)
        form_check (decoder, node, letter);
    if (fields.node && tree_find (fields.node, "number"))
        number_check (decoder, tree_find (fields.node, "number"), letter->number);
    if (fields.node && (letter->per == SCOPE_LIST) != (letter->list_rows > 0))
        problem_add (decoder, node, false, "'list_rows' belongs to a letter per list, and to no other");
    bool held = !fields.node;
    for (size_t i = 0; i < decoder->profile->official_count; i++)
        held = held || decoder->profile->officials[i].role == letter->signer;
    if (!held)
        problem_add (decoder, node, false, "no official has the role of the signer, '%s'",
                     words_word (&words_roles, (int)letter->signer));
    fields_close (&fields);
}

void
decode_letters (struct decoder *decoder, struct fields *root)
{
    struct profile *profile = decoder->profile;
    size_t count;
    struct tree_node *node = field_list (root, "letters", OPTIONAL, &count); /* some offices send none */
    profile->letters = decode_alloc (decoder, count, sizeof *profile->letters);
    for (; profile->letters && node; node = node->next) {
        struct profile_letter letter;
        decode_letter (decoder, node, &letter);
        if (*letter.id && profile_letter_find (profile, letter.id) >= 0)
            problem_add (decoder, node, false, "a second letter '%s'", letter.id);
        for (size_t i = 0; i < profile->letter_count; i++)
            if (profile->letters[i].tracks & letter.tracks)
                problem_add (decoder, node, false, "a second letter for a track; '%s' has it already",
                             profile->letters[i].id);
        profile->letters[profile->letter_count++] = letter;
    }
}

static uint64_t
decode_different (struct decoder *decoder, struct fields *fields)
{
    struct profile *profile = decoder->profile;
    const char *const *acts =
        ids_of (decoder, profile->acts, profile->act_count, sizeof *profile->acts, offsetof (struct profile_act, id));
    size_t count;
    uint64_t set = 0;
    for (struct tree_node *node = field_list (fields, "different_from", OPTIONAL, &count); node; node = node->next) {
        int act = reference_of (decoder, node, "earlier act", acts, profile->act_count);
        set |= act < 0 ? 0 : UINT64_C (1) << act;
    }
    return set;
}

static void
decode_act (struct decoder *decoder, struct tree_node *node, struct profile_act *act)
{
    struct profile *profile = decoder->profile;
    struct fields fields = fields_open (decoder, node);
    *act = (struct profile_act){
        .id = field_id (&fields),
        .name = field_text (&fields, "name", REQUIRED),
        .act = (enum act)field_word (&fields, "act", &words_acts, REQUIRED, ACT_CHECK),
        .role = (enum role)field_word (&fields, "role", &words_roles, REQUIRED, ROLE_OPERATOR),
        .channel = (enum channel)field_word (&fields, "channel", &words_channels, REQUIRED, CHANNEL_APP),
        .output = field_text (&fields, "output", OPTIONAL),
        .standard_minutes = field_int (&fields, "minutes", OPTIONAL, 1, 1000000, 0),
        .stage = field_word (&fields, "stage", &words_stages, OPTIONAL, -1),
        .tracks = field_tracks (&fields),
        .different_from = decode_different (decoder, &fields),
        .letter = -1,
    };
    struct tree_node *letter = field_node (&fields, "letter", OPTIONAL);
    if (letter)
        act->letter = reference_of (decoder, letter, "letter",
                                    ids_of (decoder, profile->letters, profile->letter_count, sizeof *profile->letters,
                                            offsetof (struct profile_letter, id)),
                                    profile->letter_count);
    bool on_letter = act->act == ACT_DRAFT || act->act == ACT_PARAF || act->act == ACT_SIGN;
    if (fields.node && on_letter && !letter)
        problem_add (decoder, node, false, "%s needs 'letter'", words_word (&words_acts, (int)act->act));
    fields_close (&fields);
}

/* A letter's chain as the acts tell it: drafted, paraf in the letter's order, signed by its signer. */
static void
chain_check (struct decoder *decoder, const struct tree_node *root, size_t track, size_t index)
{
    const struct profile *profile = decoder->profile;
    const struct profile_letter *letter = &profile->letters[index];
    size_t paraf = 0;
    bool drafted = false, in_order = true, is_signed = false;
    for (size_t i = 0; i < profile->act_count; i++) {
        const struct profile_act *act = &profile->acts[i];
        if (act->letter != (int)index || !(act->tracks >> track & 1))
            continue;
        if (act->act == ACT_DRAFT)
            drafted = true;
        if (act->act == ACT_PARAF)
            in_order =
                in_order && drafted && !is_signed && paraf < letter->paraf_count && letter->paraf[paraf++] == act->role;
        if (act->act == ACT_SIGN) {
            in_order = in_order && drafted && !is_signed && act->role == letter->signer;
            is_signed = true;
        }
    }
    if (!in_order || paraf != letter->paraf_count || !is_signed)
        problem_add (decoder, root, false,
                     "letter '%s' of track '%s' is not drafted, cleared (%zu of %zu paraf in order) "
                     "and signed by its signer",
                     letter->id, profile->tracks[track].id, paraf, letter->paraf_count);
}

static void
order_check (struct decoder *decoder, const struct tree_node *node)
{
    const struct profile *profile = decoder->profile;
    for (size_t track = 0; track < profile->track_count; track++) {
        int stage = -1, first = profile_act_next (profile, (int)track, -1);
        if (first < 0)
            problem_add (decoder, node, false, "track '%s' has no acts", profile->tracks[track].id);
        for (int i = first; i >= 0; i = profile_act_next (profile, (int)track, i)) {
            if (profile->acts[i].stage >= 0 && profile->acts[i].stage < stage)
                problem_add (decoder, node, false, "act '%s' goes back to stage '%s'", profile->acts[i].id,
                             words_word (&words_stages, profile->acts[i].stage));
            stage = profile->acts[i].stage > stage ? profile->acts[i].stage : stage;
        }
        int letter = profile_letter_of (profile, (int)track);
        if (letter >= 0 && first >= 0)
            chain_check (decoder, node, track, (size_t)letter);
    }
}

void
decode_acts (struct decoder *decoder, struct fields *root)
{
    struct profile *profile = decoder->profile;
    size_t count;
    struct tree_node *node = field_list (root, "acts", REQUIRED, &count);
    const struct tree_node *list = node ? node->parent : NULL;
    profile->acts = decode_alloc (decoder, count, sizeof *profile->acts);
    for (; profile->acts && node; node = node->next) {
        struct profile_act act;
        decode_act (decoder, node, &act);
        if (*act.id && profile_act_find (profile, act.id) >= 0)
            problem_add (decoder, node, false, "a second act '%s'", act.id);
        profile->acts[profile->act_count++] = act;
    }
    if (list)
        order_check (decoder, list);
}
