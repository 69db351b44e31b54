#include "common/domain/csv_value.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/domain/clean.h"

enum { KEY = 48 };

static bool
key_is (const char *key, const char *list) /* list: keys between single spaces, one at each end too */
{
    char needle[KEY + 2];
    size_t size = strlen (key);
    needle[0] = ' ';
    memcpy (needle + 1, key, size);
    memcpy (needle + 1 + size, " ", 2);
    return size && strstr (list, needle);
}

/* SIAK: STAT_HBKEL; DTSEN: status_hubungan_keluarga; PISA: BPJS (domain 1, 3.3, 4.1). Names are in clean_key form. */
static const struct {
    enum relation_coding coding;
    int code;
    enum relation relation;
    const char *names;
} relations[] = {
    { RELATION_SIAK, 1, RELATION_HEAD, " kepala_keluarga kk kepala " },
    { RELATION_SIAK, 2, RELATION_HUSBAND, " suami " },
    { RELATION_SIAK, 3, RELATION_WIFE, " istri isteri " },
    { RELATION_SIAK, 4, RELATION_CHILD, " anak anak_kandung anak_tiri anak_angkat " },
    { RELATION_SIAK, 5, RELATION_CHILD_IN_LAW, " menantu " },
    { RELATION_SIAK, 6, RELATION_GRANDCHILD, " cucu " },
    { RELATION_SIAK, 7, RELATION_PARENT, " orangtua orang_tua " },
    { RELATION_SIAK, 8, RELATION_PARENT_IN_LAW, " mertua " },
    { RELATION_SIAK, 9, RELATION_RELATIVE, " famili_lain famili " },
    { RELATION_SIAK, 10, RELATION_SERVANT, " pembantu pembantu_rumah_tangga " },
    { RELATION_SIAK, 11, RELATION_OTHER, " lainnya lain_lain " },
    { RELATION_DTSEN, 1, RELATION_HEAD, " kepala_keluarga " },
    { RELATION_DTSEN, 2, RELATION_SPOUSE, " istri_suami suami_istri istri suami " },
    { RELATION_DTSEN, 3, RELATION_CHILD, " anak " },
    { RELATION_DTSEN, 4, RELATION_CHILD_IN_LAW, " menantu " },
    { RELATION_DTSEN, 5, RELATION_GRANDCHILD, " cucu " },
    { RELATION_DTSEN, 6, RELATION_ELDER, " orang_tua_mertua orangtua_mertua orang_tua mertua " },
    { RELATION_DTSEN, 7, RELATION_RELATIVE, " famili_lain " },
    { RELATION_DTSEN, 8, RELATION_SERVANT, " pembantu pembantu_rumah_tangga " },
    { RELATION_DTSEN, 9, RELATION_OTHER, " lainnya " },
    { RELATION_PISA, 1, RELATION_HEAD, " p peserta kepala_keluarga " },
    { RELATION_PISA, 2, RELATION_HUSBAND, " s suami " },
    { RELATION_PISA, 3, RELATION_WIFE, " i istri isteri " },
    { RELATION_PISA, 4, RELATION_CHILD, " a anak " },
    { RELATION_PISA, 5, RELATION_ADDITIONAL, " t tambahan " },
};
enum { RELATIONS = sizeof relations / sizeof *relations };

static bool
digits_read (const char *text, int64_t *ret) /* digits, perhaps ".0": numbers that went through a spreadsheet */
{
    char *end;
    if (!isdigit ((unsigned char)*text))
        return false;
    errno = 0;
    *ret = strtoll (text, &end, 10);
    if (*end == '.' && end[1] == '0')
        end += 1 + strspn (end + 1, "0");
    return !errno && !*end;
}

enum relation
relation_read (enum relation_coding coding, const char *text)
{
    char key[KEY];
    int64_t code;
    clean_key (text, key, sizeof key);
    bool number = digits_read (text + strspn (text, " '"), &code);
    for (int i = 0; i < RELATIONS; i++)
        if (relations[i].coding == coding && (number ? relations[i].code == code : key_is (key, relations[i].names)))
            return relations[i].relation;
    return RELATION_UNKNOWN;
}

int
relation_code (enum relation_coding coding, enum relation relation)
{
    for (int i = 0; i < RELATIONS; i++)
        if (relations[i].coding == coding && relations[i].relation == relation)
            return relations[i].code;
    return 0;
}

const char *
relation_name (enum relation relation)
{
    static const char *const names[RELATION_END] = {
        "tidak_diketahui",
        "kepala_keluarga",
        "suami",
        "istri",
        "suami_istri",
        "anak",
        "menantu",
        "cucu",
        "orang_tua",
        "mertua",
        "orang_tua_mertua",
        "famili_lain",
        "pembantu",
        "tambahan",
        "lainnya",
    };
    return names[(unsigned)relation < RELATION_END ? relation : RELATION_UNKNOWN];
}

enum sex
sex_read (const char *text)
{
    char key[KEY];
    int64_t code;
    if (digits_read (text, &code))
        return code == 1 ? SEX_MALE : code == 2 ? SEX_FEMALE : SEX_UNKNOWN;
    clean_key (text, key, sizeof key);
    if (key_is (key, " l lk laki laki2 laki_2 laki_laki lakilaki pria "))
        return SEX_MALE;
    if (key_is (key, " p pr pm perempuan wanita w "))
        return SEX_FEMALE;
    return SEX_UNKNOWN;
}

enum marital
marital_read (const char *text)
{
    static const struct {
        enum marital marital;
        int code;
        const char *names;
    } words[] = {
        { MARITAL_SINGLE, 1, " belum belum_kawin belum_menikah belum_nikah tidak_kawin lajang bk " },
        { MARITAL_MARRIED, 2, " kawin menikah nikah kawin_tercatat k " },
        { MARITAL_UNRECORDED, 3, " kawin_belum_tercatat kawin_tidak_tercatat nikah_siri kawin_siri " },
        { MARITAL_DIVORCED, 4, " cerai_hidup ch " },
        { MARITAL_WIDOWED, 5, " cerai_mati cm " },
    };
    char key[KEY];
    int64_t code;
    clean_key (text, key, sizeof key);
    bool number = digits_read (text + strspn (text, " '"), &code);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (number ? words[i].code == code : key_is (key, words[i].names))
            return words[i].marital;
    return MARITAL_UNKNOWN;
}

/* 1 YA TRUE Y ADA / 0 TIDAK FALSE T N; "YA (JULI 2026)" counts by its first word. */
static bool
bool_read (const char *text, int64_t *ret)
{
    char key[KEY];
    clean_key (text, key, sizeof key);
    key[strcspn (key, "_")] = 0;
    if (key_is (key, " 1 ya yes y true ada v "))
        *ret = 1;
    else if (key_is (key, " 0 tidak no n t false tdk "))
        *ret = 0;
    else
        return false;
    return true;
}

static bool
decile_read (const char *text, int64_t *ret)
{
    char key[KEY];
    clean_key (text, key, sizeof key);
    if (key_is (key, " belum_diperingkat belum_ada_desil tidak_ditemukan tidak_ada ")) {
        *ret = 0;
        return true;
    }
    const char *number = strncmp (key, "desil_", 6) ? text : key + 6;
    return digits_read (number, ret) && *ret >= 0 && *ret <= 10;
}

/* 1, 001, "RT 001", 1.0; 0 says there is none. */
static bool
rt_read (const char *text, int64_t *ret)
{
    if ((text[0] == 'R' || text[0] == 'r') && strchr ("TtWw", text[1]) && text[1])
        text += 2 + strspn (text + 2, " .:");
    text += strspn (text, "'");
    return digits_read (text, ret) && *ret <= 999;
}

static const char *
number_value (const char *cell, enum csv_kind kind, struct csv_value *ret)
{
    struct nik nik = kind == CSV_NIK ? nik_parse (cell) : kk_parse (cell);
    ret->number = nik.number;
    ret->present = nik.reason != NIK_EMPTY;
    return nik.reason == NIK_OK || nik.reason == NIK_EMPTY ? NULL : nik_reason_code (nik.reason);
}

static const char *
date_value (const char *cell, enum date_order order, struct csv_value *ret)
{
    enum date_reason reason = date_read (cell, order, &ret->date, &ret->doubt);
    ret->present = reason != DATE_EMPTY;
    return reason == DATE_OK || reason == DATE_EMPTY ? NULL : date_reason_code (reason);
}

static const char *
relation_value (const char *cell, enum relation_coding coding, struct csv_value *ret)
{
    ret->number = relation_read (coding, cell);
    return ret->number == RELATION_UNKNOWN ? "relation.unknown" : NULL;
}

/* 13 digits; a spreadsheet drops the zeros they begin with. */
static const char *
card_value (const char *cell, struct csv_value *ret)
{
    cell += strspn (cell, "'");
    ret->text = cell;
    return strlen (cell) == 13 && !cell[strspn (cell, "0123456789")] ? NULL : "card.format";
}

const char *
csv_value_read (const char *cell, enum csv_kind kind, enum date_order order, struct csv_value *ret)
{
    *ret = (struct csv_value){ .date = DATE_NONE, .doubt.other = DATE_NONE, .text = cell };
    bool dash = !cell[strspn (cell, "- ")];
    if (!*cell || (dash && kind != CSV_TEXT))
        return NULL;
    ret->present = true;
    switch (kind) {
    case CSV_TEXT:
        return NULL;
    case CSV_NAME:
        for (const char *c = cell; *c; c++)
            if (isalpha ((unsigned char)*c) || (unsigned char)*c >= 0x80)
                return NULL;
        return "name.letters";
    case CSV_NIK:
    case CSV_KK:
        return number_value (cell, kind, ret);
    case CSV_DATE:
        return date_value (cell, order, ret);
    case CSV_SEX:
        return (ret->number = sex_read (cell)) == SEX_UNKNOWN ? "sex.unknown" : NULL;
    case CSV_RT:
        return rt_read (cell, &ret->number) ? NULL : "rt.format";
    case CSV_RELATION_SIAK:
        return relation_value (cell, RELATION_SIAK, ret);
    case CSV_RELATION_DTSEN:
        return relation_value (cell, RELATION_DTSEN, ret);
    case CSV_RELATION_PISA:
        return relation_value (cell, RELATION_PISA, ret);
    case CSV_MARITAL:
        return (ret->number = marital_read (cell)) == MARITAL_UNKNOWN ? "marital.unknown" : NULL;
    case CSV_BOOL:
        return bool_read (cell, &ret->number) ? NULL : "bool.unknown";
    case CSV_INTEGER:
        return digits_read (cell, &ret->number) ? NULL : "integer.format";
    case CSV_DECILE:
        return decile_read (cell, &ret->number) ? NULL : "decile.unknown";
    case CSV_CARD:
        return card_value (cell, ret);
    }
    return NULL;
}

const char *
csv_row_value (const struct csv_schema *schema, const struct csv_row *row, size_t column, struct csv_value *ret)
{
    const struct csv_column *what = &schema->columns[column];
    const char *code = csv_value_read (row->cells[column], what->kind, schema->dates, ret);
    return !code && what->need == CSV_FILLED && !ret->present ? "csv.empty" : code;
}

const char *
csv_value_text (const char *code)
{
    static const struct {
        const char *code, *text;
    } texts[] = {
        { "csv.empty", "Wajib diisi." },
        { "name.letters", "Nama tidak memuat huruf." },
        { "date.format", "Tanggal tidak dapat dibaca." },
        { "date.calendar", "Tanggal tidak ada dalam kalender." },
        { "date.century", "Tahun harus empat angka." },
        { "sex.unknown", "Jenis kelamin tidak dikenal." },
        { "rt.format", "RT/RW harus angka." },
        { "relation.unknown", "Hubungan keluarga tidak dikenal dalam kode berkas ini." },
        { "marital.unknown", "Status kawin tidak dikenal; dianggap tidak diisi." },
        { "date.swapped", "Tanggal dibaca dengan bulan di depan, karena hanya begitu cocok." },
        { "date.ambiguous", "Tanggal dan bulan dapat tertukar; dibaca dengan tanggal di depan." },
        { "bool.unknown", "Isi harus ya atau tidak." },
        { "integer.format", "Harus bilangan bulat." },
        { "decile.unknown", "Desil harus 1 sampai 10." },
        { "card.format", "Nomor kartu BPJS harus 13 angka." },
        { "csv.header", "Baris judul kolom tidak ditemukan atau belum lengkap." },
        { "csv.other_kind", "Berkas ini bukan data jenis yang dipilih: paling sedikit satu kolom cirinya harus ada. "
                            "(This is not the chosen kind of data: at least one column that marks it must be there.)" },
        { "csv.utf16", "Berkas tersimpan sebagai UTF-16. Simpan ulang sebagai CSV UTF-8." },
        { "csv.binary", "Berkas ini buku kerja atau dokumen, bukan CSV. Simpan ulang sebagai CSV UTF-8." },
        { "csv.no_rows", "Tidak satu baris pun dari berkas ini dapat dipakai." },
        { "csv.columns", "Kolom berkas ini terlalu banyak." },
        { "csv.rows", "Baris berkas ini terlalu banyak. Bagi menjadi beberapa berkas." },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!strcmp (texts[i].code, code))
            return texts[i].text;
    for (unsigned i = 0; i < NIK_REASON_END; i++)
        if (!strcmp (nik_reason_code ((enum nik_reason)i), code))
            return nik_reason_text ((enum nik_reason)i);
    for (unsigned i = 0; i <= CSV_BAD_ROW; i++)
        if (!strcmp (csv_reason_code ((enum csv_reason)i), code))
            return csv_reason_text ((enum csv_reason)i);
    return "Isi tidak dapat dibaca.";
}

const char *
csv_file_text (const struct err *err, char buffer[static CSV_FILE_TEXT])
{
    snprintf (buffer, CSV_FILE_TEXT, "%s%s%s%s", csv_value_text (err->code), err->argument[0] ? " Yang kurang: " : "",
              err->argument, err->argument[0] ? "." : "");
    return buffer;
}
