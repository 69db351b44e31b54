#include "services/batching/batch_file.h"

#include <stdio.h>
#include <string.h>

#include "common/base/json.h"
#include "common/domain/clean.h"

static const struct batch_column columns_34[] = {
    { "No", FIELD_LINE, NULL },
    { "No KK", FIELD_KK, NULL },
    { "NIK/KITAS/KITAP", FIELD_NIK, NULL },
    { "Nama Lengkap", FIELD_NAME, NULL },
    { "HUBKEL", FIELD_RELATION, NULL },
    { "Tempat Lahir", FIELD_BIRTH_PLACE, NULL },
    { "Tgl Lahir", FIELD_BIRTH_DATE, NULL },
    { "Jenis Kelamin", FIELD_SEX, NULL },
    { "Status Kawin", FIELD_MARITAL, NULL },
    { "Alamat", FIELD_STREET, NULL },
    { "RT", FIELD_RT, NULL },
    { "RW", FIELD_RW, NULL },
    { "Kode Pos", FIELD_POSTAL_CODE, NULL },
    { "Kode Kecamatan", FIELD_KECAMATAN_CODE, NULL },
    { "Nama Kecamatan", FIELD_EMPTY, NULL },
    { "Kode Desa", FIELD_VILLAGE_CODE, NULL },
    { "Nama Desa", FIELD_VILLAGE_NAME, NULL },
    { "Kode Faskes Tk.I", FIELD_EMPTY, NULL }, /* BPJS gives the nearest when none is named */
    { "Nama Faskes Tk.I", FIELD_EMPTY, NULL },
    { "Kode Faskes Dokter Gigi", FIELD_EMPTY, NULL },
    { "Nama Faskes Dokter Gigi", FIELD_EMPTY, NULL },
    { "Nomor Telepon", FIELD_PHONE, NULL },
    { "Email", FIELD_EMPTY, NULL },
    { "NIP/NPP", FIELD_EMPTY, NULL },
    { "Jabatan", FIELD_EMPTY, NULL },
    { "Status", FIELD_EMPTY, NULL },
    { "Kelas Rawat", FIELD_FIXED, "3" },
    { "TMT Kerja", FIELD_EMPTY, NULL },
    { "Gaji", FIELD_EMPTY, NULL },
    { "Kewarganegaraan", FIELD_FIXED, "1" },
    { "No Polis", FIELD_EMPTY, NULL },
    { "Nama Asuransi", FIELD_EMPTY, NULL },
    { "NPWP", FIELD_EMPTY, NULL },
    { "No Passport", FIELD_EMPTY, NULL },
};
#define RELATION(name) PADAN__COMMON__V1__RELATION__RELATION_##name
const struct batch_form batch_form_34 = {
    .version = "bpjs-34-kolom/1",
    .delimiter = ',',
    .date_order = 'd',
    .relations = {
        [RELATION (UNKNOWN)] = "5",
        [RELATION (HEAD)] = "1",
        [RELATION (HUSBAND)] = "2",
        [RELATION (WIFE)] = "3",
        [RELATION (CHILD)] = "4",
        [RELATION (CHILD_IN_LAW)] = "5",
        [RELATION (GRANDCHILD)] = "5",
        [RELATION (PARENT)] = "5",
        [RELATION (PARENT_IN_LAW)] = "5",
        [RELATION (OTHER_FAMILY)] = "5",
        [RELATION (HELPER)] = "5",
        [RELATION (OTHER)] = "5",
    },
    .sexes = { "", "1", "2" },
    .maritals = { "", "1", "2", "3", "4" }, /* BK K CH CM */
    .columns = columns_34,
    .n_columns = sizeof columns_34 / sizeof *columns_34,
};
#undef RELATION

static const char *
coded (const char *const *codes, size_t count, int value)
{
    return value >= 0 && (size_t)value < count && codes[value] ? codes[value] : "";
}

static const char *
date_text (const struct batch_form *form, const char *iso, char *out, size_t size)
{
    int32_t date;
    int year, month, day;
    if (!date_parse (iso, strlen (iso), &date))
        return "";
    date_split (date, &year, &month, &day);
    bool american = form->date_order == 'm';
    snprintf (out, size, "%02d/%02d/%04d", american ? month : day, american ? day : month, year);
    return out;
}

/* "12.72.01.1003" → "12.72.01" */
static const char *
kecamatan_of (const char *village, char *out, size_t size)
{
    const char *last = strrchr (village, '.');
    snprintf (out, size, "%.*s", last ? (int)(last - village) : 0, village);
    return out;
}

struct row_parts {
    const struct batch_form *form;
    int32_t line;
    const Padan__Common__V1__Dossier *dossier;
    const Padan__Common__V1__Address *address;
    const Padan__Common__V1__Member *member;
};

static const char *
field_text (const struct row_parts *row, const struct batch_column *column, char *scratch, size_t size)
{
    const struct batch_form *form = row->form;
    const Padan__Common__V1__Member *member = row->member;
    switch (column->field) {
    case FIELD_FIXED:
        return column->fixed;
    case FIELD_LINE:
        snprintf (scratch, size, "%d", row->line);
        return scratch;
    case FIELD_KK:
        return row->dossier->kk;
    case FIELD_NIK:
        return member->nik;
    case FIELD_NAME:
        return member->name;
    case FIELD_RELATION:
        return coded (form->relations, sizeof form->relations / sizeof *form->relations, (int)member->relation);
    case FIELD_BIRTH_PLACE:
        return member->birth_place;
    case FIELD_BIRTH_DATE:
        return date_text (form, member->birth_date, scratch, size);
    case FIELD_SEX:
        return coded (form->sexes, sizeof form->sexes / sizeof *form->sexes, (int)member->sex);
    case FIELD_MARITAL:
        return coded (form->maritals, sizeof form->maritals / sizeof *form->maritals, (int)member->marital);
    case FIELD_STREET:
        return row->address->street;
    case FIELD_RT:
        return row->address->rt;
    case FIELD_RW:
        return row->address->rw;
    case FIELD_POSTAL_CODE:
        return row->address->postal_code;
    case FIELD_KECAMATAN_CODE:
        return kecamatan_of (row->address->village, scratch, size);
    case FIELD_VILLAGE_CODE:
        return row->address->village;
    case FIELD_VILLAGE_NAME:
        return row->address->village_name;
    case FIELD_PHONE:
        return member->phone;
    case FIELD_EMPTY:
    case FIELD_END:
        break;
    }
    return "";
}

static void
cell_add (const struct batch_form *form, const char *text, struct text_buffer *out)
{
    size_t room = 2 * strlen (text) + 4; /* all quotes, doubled, in quotes, apostrophe first */
    char *at = text_reserve (out, room);
    if (at)
        out->size += clean_csv_cell (text, form->delimiter, at, room);
}

void
batch_file_titles (const struct batch_form *form, struct text_buffer *out)
{
    for (size_t i = 0; i < form->n_columns; i++) {
        if (i)
            text_add_char (out, form->delimiter);
        cell_add (form, form->columns[i].title, out);
    }
    text_add_string (out, "\r\n");
}

void
batch_file_row (const struct batch_form *form, int32_t line, const Padan__Common__V1__Dossier *dossier,
                const Padan__Common__V1__Member *member, struct text_buffer *out)
{
    static const Padan__Common__V1__Address nowhere = PADAN__COMMON__V1__ADDRESS__INIT;
    struct row_parts row = { form, line, dossier, dossier->address ? dossier->address : &nowhere, member };
    char scratch[64];
    for (size_t i = 0; i < form->n_columns; i++) {
        if (i)
            text_add_char (out, form->delimiter);
        cell_add (form, field_text (&row, &form->columns[i], scratch, sizeof scratch), out);
    }
    text_add_string (out, "\r\n");
}

void
batch_newborn_add (int32_t line, const char *mother_nik, struct text_buffer *out)
{
    text_printf (out, "%s\n    { \"line\": %d, \"mother_nik\": ", out->size ? "," : "", line);
    json_add_string (out, mother_nik, strlen (mother_nik));
    text_add_string (out, " }");
}

static void
member_add (struct text_buffer *out, const char *name, const char *value)
{
    text_printf (out, ",\n  \"%s\": ", name);
    json_add_string (out, value, strlen (value));
}

void
batch_manifest_write (const struct batch_manifest *manifest, struct text_buffer *out)
{
    char hash[2 * STORE_DIGEST + 1], id[UUID_TEXT], at[INSTANT_TEXT];
    text_add_string (out, "{\n  \"batch\": ");
    json_add_string (out, manifest->batch->number, strlen (manifest->batch->number));
    member_add (out, "batch_id", uuid_format (manifest->batch->id, id));
    member_add (out, "track", manifest->batch->track);
    member_add (out, "tenant", manifest->tenant_code);
    member_add (out, "closed_at", instant_format (manifest->batch->closed_at, at));
    member_add (out, "form", manifest->form);
    text_printf (out, ",\n  \"rows\": %d,\n  \"size\": %llu", manifest->rows, (unsigned long long)manifest->size);
    member_add (out, "sha256", hex_encode (manifest->sha256, STORE_DIGEST, hash));
    if (manifest->newborns->size)
        text_printf (out, ",\n  \"newborns\": [%s\n  ]", manifest->newborns->data);
    text_add_string (out, "\n}\n");
}
