#include "services/approval/letter_text.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/text.h"
#include "services/approval/chain.h"

static const char *const months[] = { "Januari", "Februari", "Maret",     "April",   "Mei",      "Juni",
                                      "Juli",    "Agustus",  "September", "Oktober", "November", "Desember" };

static char *
joined (struct arena *arena, const char *format, const char *a, const char *b)
{
    size_t size = strlen (format) + strlen (a) + strlen (b) + 1;
    char *text = approval_memory (arena, size, 1);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf (text, size, format, a, b);
#pragma GCC diagnostic pop
    return text;
}

static struct letter_texts
texts_of (struct profile_texts texts)
{
    return (struct letter_texts){ texts.items, texts.count };
}

static struct letter_texts
texts_new (struct arena *arena, const char *const *texts, size_t n)
{
    const char **items = approval_memory (arena, n, sizeof *items);
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (texts[i] && *texts[i])
            items[count++] = texts[i];
    return (struct letter_texts){ items, count };
}

static const char *
address_text (const Padan__Common__V1__Address *address, struct arena *arena)
{
    if (!address)
        return "";
    const char *text = address->street;
    if (*address->rt || *address->rw)
        text = joined (arena, "%s RT %s", text, *address->rt ? address->rt : "-");
    if (*address->rw)
        text = joined (arena, "%s RW %s", text, address->rw);
    const char *village = *address->village_name ? address->village_name : address->village;
    return joined (arena, *text ? "%s, %s" : "%s%s", text, village);
}

static struct letter_row
person_row (const Padan__Common__V1__Member *member, const Padan__Common__V1__Dossier *dossier, const char *address,
            const char *track, struct arena *arena)
{
    bool newborn = !*member->nik && *member->mother_nik;
    return (struct letter_row){
        .name = member->name,
        .nik = newborn ? member->mother_nik : member->nik,
        .kk = dossier->kk,
        .address = address,
        .note = newborn ? joined (arena, "%s; %s", track, "bayi, dengan NIK ibu") : track,
    };
}

/* The dossiers, and how many people are in them. */
static enum rc
dossiers_unpack (const struct listed *list, size_t n, struct arena *arena, Padan__Common__V1__Dossier ***ret_dossiers,
                 size_t *ret_people, struct err *err)
{
    Padan__Common__V1__Dossier **dossiers = approval_memory (arena, n, sizeof *dossiers);
    *ret_people = 0;
    for (size_t i = 0; i < n; i++) {
        Padan__Intake__V1__ApplicationSent *sent =
            padan__intake__v1__application_sent__unpack (arena_protobuf (arena), list[i].sent.size, list[i].sent.data);
        if (!sent || !sent->dossier)
            return err_set (err, RC_CORRUPT, "a stored dossier does not unpack");
        dossiers[i] = sent->dossier;
        *ret_people += dossiers[i]->n_members;
    }
    if (!*ret_people)
        return err_code (err, RC_UNPROCESSABLE, "approval.nobody_left", "/application_id", "a letter about nobody");
    if (*ret_people > LETTER_ROWS_MAX)
        return err_code (err, RC_UNPROCESSABLE, "approval.too_many_people", "/application_id", "%zu people",
                         *ret_people);
    *ret_dossiers = dossiers;
    return RC_OK;
}

enum rc
letter_text_content (const struct profile *profile, int letter_index, const struct listed *list, size_t n,
                     struct arena *arena, struct letter *ret_letter, uint32_t *ret_people, struct err *err)
{
    const struct profile_letterhead *head = &profile->letterhead;
    const struct profile_letter *kind = &profile->letters[letter_index];
    Padan__Common__V1__Dossier **dossiers = NULL;
    size_t people = 0, row = 0;
    enum rc rc = dossiers_unpack (list, n, arena, &dossiers, &people, err);
    if (rc != RC_OK)
        return rc;
    struct letter_row *rows = approval_memory (arena, people, sizeof *rows);
    for (size_t i = 0; i < n; i++) {
        int track = profile_track_find (profile, dossiers[i]->track);
        const char *address = address_text (dossiers[i]->address, arena);
        for (size_t j = 0; j < dossiers[i]->n_members; j++)
            rows[row++] = person_row (dossiers[i]->members[j], dossiers[i], address,
                                      track < 0 ? "" : profile->tracks[track].name, arena);
    }
    bool cover = kind->kind == LETTER_COVER;
    const char *address[] = { head->address, *head->phone ? joined (arena, "%s%s", "Telepon ", head->phone) : "",
                              *head->email ? joined (arena, "%s%s", "Pos-el ", head->email) : "", head->website,
                              *head->postal_code ? joined (arena, "%s%s", "Kode Pos ", head->postal_code) : "" };
    const char *addressee[] = { profile->office.bpjs,
                                *profile->office.place ? joined (arena, "%s%s", "di ", profile->office.place) : "" };
    *ret_letter = (struct letter){
        .government = head->government,
        .dinas = texts_of (head->names),
        .address = texts_new (arena, address, sizeof address / sizeof *address),
        .title = kind->title,
        .sifat = kind->sifat,
        .lampiran = kind->lampiran,
        .hal = kind->subject,
        .addressee = texts_new (arena, addressee, cover ? 2 : 0),
        .opening = texts_new (arena, &kind->opening, 1),
        .rows = rows,
        .row_count = people,
        .closing = texts_new (arena, &kind->closing, 1),
        .tembusan = texts_of (kind->copies),
    };
    *ret_people = (uint32_t)people;
    return RC_OK;
}

enum rc
letter_text_draft (struct approval_facts *facts, int letter_index, struct arena *arena, struct err *err)
{
    struct letter letter;
    enum rc rc = letter_text_content (facts->profile, letter_index, facts->list, facts->n_list, arena, &letter,
                                      &facts->people, err);
    if (rc != RC_OK)
        return rc;
    facts->content = letter_content_pack (&letter, arena);
    MUST (facts->content.data); /* smaller than the dossiers it was made from */
    letter_hash (&letter, facts->content_sha256);
    return RC_OK;
}

/* "dr. Siti Aminah, M.Kes" → "SA": the words before the titles that follow, but not those with a full stop. */
static const char *
initials_of (const char *name, struct arena *arena)
{
    char *initials = approval_memory (arena, 16, 1);
    size_t n = 0;
    for (const char *word = name; *word && *word != ',' && n < 12;) {
        size_t length = strcspn (word, " ,");
        size_t letter = length ? utf8_length (word, length) : 0;
        if (letter && !memchr (word, '.', length) && n + letter < 12) {
            memcpy (initials + n, word, letter);
            n += letter;
        }
        word += length;
        word += strspn (word, " ");
    }
    return n ? initials : "ada";
}

static const char *
time_text (const struct profile *profile, int64_t at, struct arena *arena)
{
    int32_t day = calendar_day (&profile->calendar, at);
    int year, month, date;
    date_split (day, &year, &month, &date);
    int64_t minute = (at - calendar_midnight (&profile->calendar, day)) / (60 * 1000000LL);
    char *text =
        arena_printf (arena, "%02d-%02d-%04d %02d.%02d", date, month, year, (int)(minute / 60), (int)(minute % 60));
    MUST (text);
    return text;
}

static const char *
title_of (const struct profile *profile, enum role role, int32_t day)
{
    const struct profile_official *official = profile_official_on (profile, role, day);
    return official ? official->title : words_text (&words_roles, (int)role);
}

static bool
is_paraf (const struct letter_act *act)
{
    return strcmp (act->kind, "paraf") == 0 && !act->voided_at;
}

static void
parafs_fill (const struct profile *profile, const struct profile_letter *kind, const struct office_letter *row,
             int32_t day, struct arena *arena, struct letter *letter)
{
    struct letter_paraf *parafs = approval_memory (arena, kind->paraf_count, sizeof *parafs);
    size_t given = 0;
    for (size_t i = 0; i < kind->paraf_count && i < LETTER_PARAF_MAX; i++) {
        parafs[i].jabatan = title_of (profile, kind->paraf[i], day);
        while (given < row->n_acts && !is_paraf (&row->acts[given]))
            given++;
        if (given == row->n_acts)
            continue;
        parafs[i].initials = initials_of (row->acts[given].name, arena);
        parafs[i].time = time_text (profile, row->acts[given].at, arena);
        given++;
    }
    letter->parafs = parafs;
    letter->paraf_count = kind->paraf_count < LETTER_PARAF_MAX ? kind->paraf_count : LETTER_PARAF_MAX;
}

void
letter_text_finish (const struct profile *profile, int letter_index, const struct office_letter *row, int64_t now,
                    struct arena *arena, struct letter *letter)
{
    const struct profile_letter *kind = &profile->letters[letter_index];
    bool is_signed = row->signed_at != 0;
    int64_t at = is_signed ? row->signed_at : now;
    int32_t day = calendar_day (&profile->calendar, at);
    int year, month, date;
    char code[11], *place_date;
    date_split (day, &year, &month, &date);
    place_date = arena_printf (arena, "%s, %d %s %d", profile->office.place, date, months[month - 1], year);
    hex_encode (row->content_sha256.data, 5, code);
    for (char *c = code; *c; c++)
        *c = (char)(*c >= 'a' ? *c - 'a' + 'A' : *c);
    letter->place_date = place_date;
    letter->date = at;
    letter->number = is_signed ? row->number : NULL;
    letter->verification = arena_printf (arena, "%.5s-%.5s", code, code + 5);
    MUST (place_date && letter->verification);
    letter->signer = (struct letter_signer){ row->signer_title, row->signer_name, row->signer_rank, row->signer_nip };
    if (!is_signed)
        letter->signer = (struct letter_signer){ title_of (profile, kind->signer, day), "", "", "" };
    parafs_fill (profile, kind, row, day, arena, letter);
}

const char *
official_title (const struct profile_official *official, struct arena *arena)
{
    char *title = arena_printf (arena, "%s%s%s", official->acting, *official->acting ? " " : "", official->title);
    MUST (title);
    return title;
}

/* A part of a letter as an officer would call it. */
static const char *
part_text (const char *field, struct arena *arena)
{
    static const struct {
        const char *field, *text;
    } parts[] = {
        { "/head", "judul, kepala, atau tanda tangan" },
        { "/dinas", "nama dinas" },
        { "/address", "alamat kop" },
        { "/addressee", "alamat tujuan" },
        { "/opening", "pembuka" },
        { "/closing", "penutup" },
        { "/tembusan", "tembusan" },
        { "/parafs", "paraf" },
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp (parts[i].field, field) == 0)
            return parts[i].text;
    if (strncmp (field, "/rows/", 6) != 0)
        return "susunan halaman";
    const char *row = arena_printf (arena, "daftar nomor %ld", strtol (field + 6, NULL, 10) + 1);
    MUST (row);
    return row;
}

enum rc
letter_text_fits (const struct profile *profile, int letter_index, struct bytes content,
                  const struct office_letter *row, int64_t now, bool whole, struct arena *arena, struct err *err)
{
    struct letter letter;
    enum rc rc = letter_content_unpack (content, arena, &letter, err);
    if (rc != RC_OK)
        return rc;
    letter_text_finish (profile, letter_index, row, now, arena, &letter);
    if (!whole && letter.row_count > 1) {
        letter.rows += letter.row_count - 1;
        letter.row_count = 1;
    }
    struct err cause = { 0 };
    rc = letter_fits (&letter, &cause);
    if (rc != RC_UNPROCESSABLE)
        return rc == RC_OK ? rc : err_set (err, rc, "%s", cause.text);
    err_code (err, rc, "approval.unprintable", "", "%s: %s", cause.field, cause.text);
    return err_argument (err, part_text (cause.field, arena));
}
