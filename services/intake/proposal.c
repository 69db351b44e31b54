#include "services/intake/proposal.h"

#include <stdlib.h>

#include <sodium.h>

#include "common/base/text.h"
#include "common/domain/csv_value.h"
#include "common/domain/village.h"
#include "services/intake/content.h"

struct reading {
    const struct proposal_scope *scope;
    const struct csv_row *row;
    struct arena *arena;
    Padan__Intake__V1__ImportRow *out;
    struct proposal_problem *problems;
    size_t n;
    bool refused;
};

static void
tell (struct reading *reading, int column, const char *code, bool warning)
{
    if (reading->n < PROPOSAL_PROBLEMS)
        reading->problems[reading->n++] =
            (struct proposal_problem){ csv_usulan.columns[column].name, code, .warning = warning };
}

static void
wrong (struct reading *reading, int column, const char *code)
{
    tell (reading, column, code, false);
    reading->refused = true;
}

static void
warn (struct reading *reading, int column, const char *code)
{
    tell (reading, column, code, true);
}

static struct csv_value
value (struct reading *reading, int column)
{
    struct csv_value read = { 0 };
    const char *code = csv_row_value (&csv_usulan, reading->row, (size_t)column, &read);
    if (code)
        wrong (reading, column, code);
    return read;
}

static char *
text (struct reading *reading, int column, size_t limit)
{
    struct csv_value read = value (reading, column);
    char *copy = arena_string (reading->arena, read.text ? read.text : "");
    MUST (copy);
    if (strlen (copy) > limit)
        wrong (reading, column, "common.too_long");
    return copy;
}

static char *
number (struct reading *reading, int column)
{
    struct csv_value read = value (reading, column);
    char *copy = arena_alloc (reading->arena, NIK_TEXT);
    MUST (copy);
    if (read.number)
        nik_format (read.number, copy);
    return copy;
}

/* "007" or "7" is "007": spreadsheets drop the zeros. */
static char *
three_digits (struct reading *reading, int column)
{
    struct csv_value read = value (reading, column);
    char *copy = read.present ? arena_printf (reading->arena, "%03lld", (long long)read.number)
                              : arena_string (reading->arena, "");
    MUST (copy);
    return copy;
}

/* By table: three codings of relations exist. */
static Padan__Common__V1__Relation
relation_of (enum relation relation, enum sex sex)
{
    static const Padan__Common__V1__Relation relations[RELATION_END] = {
        [RELATION_HEAD] = PADAN__COMMON__V1__RELATION__RELATION_HEAD,
        [RELATION_HUSBAND] = PADAN__COMMON__V1__RELATION__RELATION_HUSBAND,
        [RELATION_WIFE] = PADAN__COMMON__V1__RELATION__RELATION_WIFE,
        [RELATION_CHILD] = PADAN__COMMON__V1__RELATION__RELATION_CHILD,
        [RELATION_CHILD_IN_LAW] = PADAN__COMMON__V1__RELATION__RELATION_CHILD_IN_LAW,
        [RELATION_GRANDCHILD] = PADAN__COMMON__V1__RELATION__RELATION_GRANDCHILD,
        [RELATION_PARENT] = PADAN__COMMON__V1__RELATION__RELATION_PARENT,
        [RELATION_ELDER] = PADAN__COMMON__V1__RELATION__RELATION_PARENT,
        [RELATION_PARENT_IN_LAW] = PADAN__COMMON__V1__RELATION__RELATION_PARENT_IN_LAW,
        [RELATION_RELATIVE] = PADAN__COMMON__V1__RELATION__RELATION_OTHER_FAMILY,
        [RELATION_SERVANT] = PADAN__COMMON__V1__RELATION__RELATION_HELPER,
    };
    if (relation == RELATION_SPOUSE)
        return sex == SEX_MALE ? PADAN__COMMON__V1__RELATION__RELATION_HUSBAND
                               : PADAN__COMMON__V1__RELATION__RELATION_WIFE;
    return relations[relation] ? relations[relation] : PADAN__COMMON__V1__RELATION__RELATION_OTHER;
}

/* One that cannot be read is told, and holds nobody up: BPJS's file has the cell blank then. */
static Padan__Common__V1__Marital
marital_take (struct reading *reading)
{
    static const Padan__Common__V1__Marital maritals[] = {
        [MARITAL_UNKNOWN] = PADAN__COMMON__V1__MARITAL__MARITAL_UNKNOWN,
        [MARITAL_SINGLE] = PADAN__COMMON__V1__MARITAL__MARITAL_SINGLE,
        [MARITAL_MARRIED] = PADAN__COMMON__V1__MARITAL__MARITAL_MARRIED,
        [MARITAL_UNRECORDED] = PADAN__COMMON__V1__MARITAL__MARITAL_MARRIED,
        [MARITAL_DIVORCED] = PADAN__COMMON__V1__MARITAL__MARITAL_DIVORCED,
        [MARITAL_WIDOWED] = PADAN__COMMON__V1__MARITAL__MARITAL_WIDOWED,
    };
    struct csv_value read;
    const char *code = csv_row_value (&csv_usulan, reading->row, USULAN_MARITAL, &read);
    if (code)
        warn (reading, USULAN_MARITAL, code);
    return maritals[read.number];
}

/* Written one way, however the file has it; "" when it is none of this office's. */
static char *
village_take (struct reading *reading)
{
    struct csv_value read = value (reading, USULAN_VILLAGE);
    char *code = arena_alloc (reading->arena, VILLAGE_TEXT);
    MUST (code);
    code[0] = '\0';
    if (read.present &&
        (!village_read (read.text, code) || !village_is_in (code, reading->scope->profile->office.code)))
        wrong (reading, USULAN_VILLAGE, "intake.village");
    return code;
}

static void
address_read (struct reading *reading)
{
    Padan__Common__V1__Address *address = arena_alloc (reading->arena, sizeof *address);
    MUST (address);
    padan__common__v1__address__init (address);
    address->street = text (reading, USULAN_ADDRESS, CONTENT_TEXT);
    address->rt = three_digits (reading, USULAN_RT);
    address->rw = three_digits (reading, USULAN_RW);
    address->village = village_take (reading);
    address->village_name = text (reading, USULAN_VILLAGE_NAME, CONTENT_TEXT);
    reading->out->address = address;
}

static bool
birth_fits (int64_t nik, int32_t birth)
{
    return !(nik_compare (nik, birth, SEX_UNKNOWN) & NIK_NOTE_BIRTH);
}

/* Of two readings the one that the NIK agrees with: see proposal.h. */
static int32_t
birth_choose (struct reading *reading, const struct csv_value *read)
{
    struct nik nik = nik_parse (reading->row->cells[USULAN_NIK]);
    int32_t other = read->doubt.other, today = reading->scope->today;
    bool turned = false;
    if (other != DATE_NONE && nik.reason == NIK_OK)
        turned = !birth_fits (nik.number, read->date) && birth_fits (nik.number, other);
    else if (other != DATE_NONE && nik.reason == NIK_EMPTY && other <= today && today - other <= NEWBORN_DAYS)
        warn (reading, USULAN_BIRTH_DATE, "date.ambiguous");
    if (turned || read->doubt.swapped)
        warn (reading, USULAN_BIRTH_DATE, "date.swapped");
    return turned ? other : read->date;
}

static void
birth_read (struct reading *reading, Padan__Common__V1__Member *member, int32_t *ret_birth)
{
    struct csv_value read = value (reading, USULAN_BIRTH_DATE);
    *ret_birth = DATE_NONE;
    if (!read.present || read.date == DATE_NONE)
        return;
    read.date = birth_choose (reading, &read);
    if (read.date > reading->scope->today || age_on (read.date, reading->scope->today) > OLDEST_YEARS) {
        wrong (reading, USULAN_BIRTH_DATE, "intake.birth_date");
        return;
    }
    member->birth_date = arena_alloc (reading->arena, DATE_TEXT);
    MUST (member->birth_date);
    date_format (*ret_birth = read.date, member->birth_date);
}

/* A person has a NIK, or is newborn and has a mother with one. */
static void
numbers_read (struct reading *reading, Padan__Common__V1__Member *member, int32_t birth)
{
    size_t before = reading->n;
    member->nik = number (reading, USULAN_NIK);
    bool empty = !*member->nik && reading->n == before;
    member->mother_nik = empty ? number (reading, USULAN_MOTHER_NIK) : arena_string (reading->arena, "");
    MUST (member->mother_nik);
    if (empty && !*member->mother_nik && reading->n == before)
        wrong (reading, USULAN_NIK, "intake.nik_missing");
    else if (empty && birth != DATE_NONE && reading->scope->today - birth > NEWBORN_DAYS)
        wrong (reading, USULAN_NIK, "intake.newborn_old");
}

static void
conditions_read (struct reading *reading, Padan__Common__V1__Member *member)
{
    char *words = text (reading, USULAN_CONDITIONS, CONTENT_TEXT), *rest;
    member->conditions = arena_array (reading->arena, CONDITION_END, sizeof *member->conditions);
    MUST (member->conditions);
    for (char *word = strtok_r (words, " ,;", &rest); word; word = strtok_r (NULL, " ,;", &rest)) {
        int condition;
        if (!words_find (&words_conditions, word, &condition) || member->n_conditions == CONDITION_END)
            wrong (reading, USULAN_CONDITIONS, "intake.condition");
        else
            member->conditions[member->n_conditions++] = word;
    }
}

static void
member_read (struct reading *reading)
{
    Padan__Common__V1__Member *member = arena_alloc (reading->arena, sizeof *member);
    int32_t birth;
    MUST (member);
    padan__common__v1__member__init (member);
    member->name = text (reading, USULAN_NAME, CONTENT_TEXT);
    member->birth_place = text (reading, USULAN_BIRTH_PLACE, CONTENT_TEXT);
    member->phone = text (reading, USULAN_PHONE, CONTENT_SHORT);
    birth_read (reading, member, &birth);
    numbers_read (reading, member, birth);
    enum sex sex = (enum sex)value (reading, USULAN_SEX).number;
    member->sex = sex == SEX_MALE ? PADAN__COMMON__V1__SEX__SEX_MALE : PADAN__COMMON__V1__SEX__SEX_FEMALE;
    member->relation = relation_of ((enum relation)value (reading, USULAN_RELATION).number, sex);
    member->marital = marital_take (reading);
    conditions_read (reading, member);
    reading->out->member = member;
}

static ProtobufCBinaryData
named (struct reading *reading, crypto_generichash_state *state)
{
    struct uuid digest, *id = arena_alloc (reading->arena, sizeof *id);
    MUST (id);
    crypto_generichash_final (state, digest.bytes, sizeof digest.bytes);
    *id = uuid_of (digest.bytes, sizeof digest.bytes);
    return uuid_field (id);
}

/* Of whoever has a NIK she is only what they may have been known by before: no reason to complain. */
static char *
mother_read (struct reading *reading)
{
    struct csv_value read = { 0 };
    char *copy = arena_alloc (reading->arena, NIK_TEXT);
    MUST (copy);
    if (!csv_row_value (&csv_usulan, reading->row, USULAN_MOTHER_NIK, &read) && read.number)
        nik_format (read.number, copy);
    return copy;
}

/* Each text with its NUL, so that "a","bc" and "ab","c" differ. */
static void
name_start (crypto_generichash_state *state, const struct proposal_scope *scope, const char *what)
{
    crypto_generichash_init (state, NULL, 0, sizeof (struct uuid));
    crypto_generichash_update (state, (const uint8_t *)&scope->tenant, sizeof scope->tenant);
    crypto_generichash_update (state, (const uint8_t *)what, strlen (what) + 1);
}

static void
name_add (crypto_generichash_state *state, const char *part)
{
    crypto_generichash_update (state, (const uint8_t *)part, strlen (part) + 1);
}

/* What was read, not how it was written: a spreadsheet that adds an apostrophe has changed nothing. */
static void
content_name (crypto_generichash_state *state, const struct proposal_scope *scope,
              const Padan__Intake__V1__ImportRow *out)
{
    const Padan__Common__V1__Member *member = out->member;
    const Padan__Common__V1__Address *address = out->address;
    const char *const texts[] = {
        out->kk,       out->track,          member->nik,           member->mother_nik, member->name,
        member->phone, member->birth_place, member->birth_date,    address->street,    address->rt,
        address->rw,   address->village,    address->village_name,
    };
    const int32_t numbers[] = { (int32_t)member->relation, (int32_t)member->sex, (int32_t)member->marital };
    name_start (state, scope, "content");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        name_add (state, texts[i]);
    crypto_generichash_update (state, (const uint8_t *)numbers, sizeof numbers);
    for (size_t i = 0; i < member->n_conditions; i++)
        name_add (state, member->conditions[i]);
}

static void
names_make (struct reading *reading)
{
    const struct proposal_scope *scope = reading->scope;
    Padan__Intake__V1__ImportRow *out = reading->out;
    crypto_generichash_state state;
    name_start (&state, scope, "row");
    name_add (&state, scope->source);
    name_add (&state, scope->period);
    name_add (&state, out->member->nik);
    if (!*out->member->nik) {
        name_add (&state, out->member->mother_nik);
        name_add (&state, out->member->name);
        name_add (&state, out->member->birth_date);
    }
    out->row_id = named (reading, &state);
    name_start (&state, scope, "application");
    name_add (&state, scope->source);
    name_add (&state, scope->period);
    name_add (&state, out->kk);
    name_add (&state, out->track);
    out->application_id = named (reading, &state);
    content_name (&state, scope, out);
    out->content_id = named (reading, &state);
}

/* How a row would be read is of no use to somebody who must mend it first. */
static void
warnings_drop (struct reading *reading)
{
    size_t kept = 0;
    for (size_t i = 0; i < reading->n; i++)
        if (!reading->problems[i].warning)
            reading->problems[kept++] = reading->problems[i];
    reading->n = kept;
}

bool
proposal_read (const struct proposal_scope *scope, const struct csv_row *row, struct arena *arena,
               Padan__Intake__V1__ImportRow *ret, struct proposal_problem problems[static PROPOSAL_PROBLEMS],
               size_t *ret_n)
{
    struct reading reading = { scope, row, arena, ret, problems, 0, false };
    padan__intake__v1__import_row__init (ret);
    ret->line = row->line;
    const char *period = value (&reading, USULAN_PERIOD).text;
    if (period && *period && strcmp (period, scope->period) != 0)
        wrong (&reading, USULAN_PERIOD, "import.period");
    ret->kk = number (&reading, USULAN_KK);
    ret->track = text (&reading, USULAN_TRACK, CONTENT_SHORT);
    if (*ret->track && profile_track_find (scope->profile, ret->track) < 0)
        wrong (&reading, USULAN_TRACK, "intake.track");
    address_read (&reading);
    member_read (&reading);
    if (reading.refused)
        warnings_drop (&reading);
    else
        names_make (&reading);
    ret->mother_nik = mother_read (&reading);
    *ret_n = reading.n;
    return !reading.refused;
}

const char *
proposal_text (const char *code)
{
    static const struct {
        const char *code, *text;
    } texts[] = {
        { "common.too_long", "Isian terlalu panjang." },
        { "intake.village", "Kode kelurahan harus kode Kemendagri dalam wilayah kantor ini, misalnya 12.72.01.1003." },
        { "intake.birth_date", "Tanggal lahir di masa depan atau terlalu lama." },
        { "intake.nik_missing", "NIK kosong; bayi yang belum ber-NIK harus disertai NIK ibunya." },
        { "intake.newborn_old", "Anak berumur lebih dari satu tahun harus sudah ber-NIK." },
        { "intake.condition", "Keadaan tidak dikenal." },
        { "intake.track", "Jalur tidak ada dalam prosedur kantor ini." },
        { "intake.two_heads", "Keluarga ini sudah mempunyai kepala keluarga lain." },
        { "intake.members", "Anggota keluarga terlalu banyak untuk satu permohonan." },
        { "intake.claimed", "Orang ini sedang tercantum dalam permohonan lain." },
        { "intake.claimed_elsewhere", "Orang ini sedang diajukan di kabupaten atau kota lain." },
        { "import.period", "Periode baris berbeda dengan periode impor." },
        { "import.double", "Orang ini tercantum dua kali dengan isi yang berbeda; baris pertama yang dipakai." },
        { "import.held_elsewhere", "Sudah dikirim sehingga tidak dapat diubah." },
        { "import.ended", "Permohonannya sudah berakhir." },
        { "import.removed", "Petugas telah mengeluarkan orang ini dari permohonan." },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp (texts[i].code, code) == 0)
            return texts[i].text;
    return csv_value_text (code);
}

const char *
proposal_holder_text (const char *service)
{
    if (strcmp (service, "approval") == 0)
        return "dinas, menunggu persetujuan";
    return strcmp (service, "batching") == 0 ? "dinas, dalam pengusulan ke BPJS" : "";
}
