/* The procedure as text: one table of acts, then tracks, checks and letters. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/domain/profile.h"

enum { DRAWING = 128 * 1024 };

/* Columns on a terminal: characters of UTF-8, not bytes. */
static int
width_of (const char *text)
{
    int width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

static void
cell_add (struct text_buffer *out, const char *text, int width)
{
    text_add_string (out, text);
    for (int i = width_of (text); i < width + 2; i++)
        text_add_char (out, ' ');
}

static void
tracks_add (struct text_buffer *out, const struct profile *profile, profile_track_set set)
{
    const char *between = "";
    bool all = true;
    for (size_t i = 0; i < profile->track_count; i++)
        all = all && set >> i & 1;
    if (all) {
        text_add_string (out, "semua");
        return;
    }
    for (size_t i = 0; i < profile->track_count; i++)
        if (set >> i & 1) {
            text_printf (out, "%s%s", between, profile->tracks[i].id);
            between = ", ";
        }
}

enum { COLUMNS = 6 };

static void
act_cells (const struct profile *profile, size_t index, char cells[COLUMNS][PROFILE_TEXT + 1])
{
    const struct profile_act *act = &profile->acts[index];
    snprintf (cells[0], PROFILE_TEXT, "%zu", index + 1);
    snprintf (cells[1], PROFILE_TEXT, "%s", act->name);
    snprintf (cells[2], PROFILE_TEXT, "%s", words_text (&words_roles, (int)act->role));
    snprintf (cells[3], PROFILE_TEXT, "%s", words_text (&words_channels, (int)act->channel));
    snprintf (cells[4], PROFILE_TEXT, act->standard_minutes ? "%d menit" : "-", act->standard_minutes);
    snprintf (cells[5], PROFILE_TEXT, "%s%s%s", act->output, act->stage >= 0 ? " → " : "",
              act->stage >= 0 ? words_text (&words_stages, act->stage) : "");
}

static void
acts_draw (struct text_buffer *out, const struct profile *profile, char cells[COLUMNS][PROFILE_TEXT + 1])
{
    static const char *const heads[COLUMNS] = { "No", "Kegiatan", "Pelaksana", "Lewat", "Waktu", "Keluaran" };
    int widths[COLUMNS];
    for (int c = 0; c < COLUMNS; c++)
        widths[c] = width_of (heads[c]);
    for (size_t i = 0; i < profile->act_count; i++) {
        act_cells (profile, i, cells);
        for (int c = 0; c < COLUMNS; c++)
            widths[c] = width_of (cells[c]) > widths[c] ? width_of (cells[c]) : widths[c];
    }
    int total = 0;
    for (int c = 0; c < COLUMNS; c++) {
        cell_add (out, heads[c], c + 1 < COLUMNS ? widths[c] : 0);
        total += widths[c] + 2;
    }
    text_add_char (out, '\n');
    for (int i = 0; i < total - 2; i++)
        text_add_char (out, '-');
    text_add_char (out, '\n');
    for (size_t i = 0; i < profile->act_count; i++) {
        act_cells (profile, i, cells);
        for (int c = 0; c + 1 < COLUMNS; c++)
            cell_add (out, cells[c], widths[c]);
        text_add_string (out, cells[COLUMNS - 1]);
        if (profile->acts[i].tracks != UINT32_MAX) {
            text_add_string (out, " [");
            tracks_add (out, profile, profile->acts[i].tracks);
            text_add_char (out, ']');
        }
        text_add_char (out, '\n');
    }
}

/* What a paper must bear. */
static void
paper_draw (struct text_buffer *out, const struct profile_paper *paper)
{
    text_printf (out, "%s%s%s", paper->materai ? ", bermeterai" : "", paper->original ? ", asli" : "",
                 paper->paid_up ? ", iuran lunas" : "");
    for (size_t i = 0; i < paper->photos.count; i++)
        text_printf (out, "%s%s", i ? " dan " : ", foto ", paper->photos.items[i]);
}

static void
track_draw (struct text_buffer *out, const struct profile *profile, size_t index, struct arena *arena)
{
    const struct profile_track *track = &profile->tracks[index];
    text_printf (out, "\nJalur %s: %s\n", track->id, track->name);
    for (size_t i = 0; i < track->need_count; i++) {
        const struct profile_need *need = &track->needs[i];
        const struct profile_paper *paper = &profile->papers[need->any_of[0]];
        text_printf (out, "  berkas   %s, %s", profile_need_text (profile, need, arena),
                     words_text (&words_scopes, (int)paper->per));
        paper_draw (out, paper);
        text_add_string (out, need->optional ? ", bila ada" : "");
        const char *between = ", bila ";
        for (int c = 0; c < CONDITION_END; c++)
            if (need->when >> c & 1) {
                text_printf (out, "%s%s", between, words_text (&words_conditions, c));
                between = " atau ";
            }
        text_add_char (out, '\n');
    }
    text_printf (out, "  kirim    %s", words_text (&words_schedules, (int)track->schedule));
    if (track->schedule == SCHEDULE_MONTHLY)
        text_printf (out, " tanggal %d", track->day);
    text_printf (out, ", lewat %s\n", words_text (&words_channels, (int)track->channel));
    if (track->payer >= 0)
        text_printf (out, "  dibayar  %s\n", profile->payers[track->payer].name);
    for (size_t i = 0; i < track->expectation_count; i++) {
        const struct profile_expectation *item = &track->expectations[i];
        text_printf (out, "  tenggat  %s → %s: %d–%d %s\n", words_text (&words_stages, (int)item->from),
                     words_text (&words_stages, (int)item->until), item->at_least, item->at_most,
                     words_text (&words_units, (int)item->unit));
    }
}

static void
check_draw (struct text_buffer *out, const struct profile *profile, const struct profile_check *check)
{
    size_t known;
    const char *const *outcomes = check_outcomes (check->check, &known);
    text_printf (out, "\nPeriksa %s\n", words_text (&words_checks, (int)check->check));
    for (size_t i = 0; i < check->rule_count; i++) {
        const struct profile_rule *rule = &check->rules[i];
        text_add_string (out, "  ");
        cell_add (out, words_text (&words_consequences, (int)rule->then), 14);
        const char *between = "";
        for (size_t o = 0; o < known; o++)
            if (rule->outcomes >> o & 1) {
                text_printf (out, "%s%s", between, outcomes[o]);
                between = ", ";
            }
        if (rule->tracks != UINT32_MAX) {
            text_add_string (out, " [");
            tracks_add (out, profile, rule->tracks);
            text_add_char (out, ']');
        }
        if (rule->payer >= 0)
            text_printf (out, " → %s", profile->payers[rule->payer].id);
        text_add_char (out, '\n');
    }
}

static void
letter_draw (struct text_buffer *out, const struct profile *profile, const struct profile_letter *letter)
{
    text_printf (out, "\nSurat %s: %s, %s, nomor %s\n  ", letter->id, words_text (&words_letters, (int)letter->kind),
                 words_text (&words_scopes, (int)letter->per), letter->number);
    for (size_t i = 0; i < letter->paraf_count; i++)
        text_printf (out, "paraf %s → ", words_text (&words_roles, (int)letter->paraf[i]));
    text_printf (out, "ditandatangani %s; jalur ", words_text (&words_roles, (int)letter->signer));
    tracks_add (out, profile, letter->tracks);
    text_add_char (out, '\n');
}

/* What an office must still fill in before it can sign. */
static void
unnamed_draw (struct text_buffer *out, const struct profile *profile)
{
    const char *before = "\nBelum diisi: nama ";
    for (size_t i = 0; i < profile->official_count; i++) {
        if (*profile->officials[i].name)
            continue;
        text_printf (out, "%s%s", before, profile->officials[i].title);
        before = ", ";
    }
    if (*before == ',')
        text_add_string (out, "; tanpa nama penanda tangan, surat tidak dapat ditandatangani\n");
}

const char *
profile_draw (const struct profile *profile, struct arena *arena)
{
    TEXT_AUTO struct text_buffer out = TEXT_BUFFER (DRAWING);
    char (*cells)[PROFILE_TEXT + 1] = arena_array (arena, COLUMNS, sizeof *cells);
    if (!cells)
        return NULL;
    text_printf (&out, "%s\n%s\n\n", profile->procedure.name, profile->office.name);
    acts_draw (&out, profile, cells);
    for (size_t i = 0; i < profile->track_count; i++)
        track_draw (&out, profile, i, arena);
    for (size_t i = 0; i < profile->check_count; i++)
        check_draw (&out, profile, &profile->checks[i]);
    for (size_t i = 0; i < profile->letter_count; i++)
        letter_draw (&out, profile, &profile->letters[i]);
    unnamed_draw (&out, profile);
    if (profile->quota.limited)
        text_printf (&out, "\nKuota %d orang %s\n", profile->quota.people,
                     words_text (&words_quotas, (int)profile->quota.kind));
    text_printf (&out, "\nKartu %s; tidak dipungut biaya\n",
                 words_text (&words_cards, (int)profile->distribution.means));
    return out.failed ? NULL : arena_string (arena, out.data);
}
