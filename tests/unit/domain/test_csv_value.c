#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "common/base/text.h"
#include "common/domain/csv_schema.h"
#include "common/domain/csv_value.h"

static void
test_three_codings (void **state)
{
    (void)state;
    assert_int_equal (relation_read (RELATION_SIAK, "3"), RELATION_WIFE);
    assert_int_equal (relation_read (RELATION_DTSEN, "3"), RELATION_CHILD);
    assert_int_equal (relation_read (RELATION_PISA, "3"), RELATION_WIFE);
    assert_int_equal (relation_read (RELATION_SIAK, "4"), RELATION_CHILD);
    assert_int_equal (relation_read (RELATION_DTSEN, "4"), RELATION_CHILD_IN_LAW);
    assert_int_equal (relation_read (RELATION_PISA, "T"), RELATION_ADDITIONAL);
    assert_int_equal (relation_read (RELATION_SIAK, "Kepala Keluarga"), RELATION_HEAD);
    assert_int_equal (relation_read (RELATION_DTSEN, "Orang Tua/Mertua"), RELATION_ELDER);
    assert_int_equal (relation_read (RELATION_PISA, "6"), RELATION_UNKNOWN);
    assert_int_equal (relation_read (RELATION_PISA, "menantu"), RELATION_UNKNOWN);
    assert_int_equal (relation_read (RELATION_SIAK, ""), RELATION_UNKNOWN);
    assert_int_equal (relation_code (RELATION_PISA, RELATION_CHILD), 4);
    assert_int_equal (relation_code (RELATION_PISA, RELATION_SERVANT), 0);
    assert_string_equal (relation_name (RELATION_OTHER), "lainnya");
    assert_string_equal (relation_name (RELATION_ELDER), "orang_tua_mertua");
}

static void
test_sex (void **state)
{
    (void)state;
    static const char *const men[] = { "L", "1", "1.0", "LAKI2", "LAKI-LAKI", "Laki - laki", "PRIA", "lk" };
    static const char *const women[] = { "P", "2", "PEREMPUAN", "Wanita", "W", "PR" };
    for (size_t i = 0; i < sizeof men / sizeof *men; i++)
        assert_int_equal (sex_read (men[i]), SEX_MALE);
    for (size_t i = 0; i < sizeof women / sizeof *women; i++)
        assert_int_equal (sex_read (women[i]), SEX_FEMALE);
    assert_int_equal (sex_read ("3"), SEX_UNKNOWN);
    assert_int_equal (sex_read ("?"), SEX_UNKNOWN);
}

static void
test_values (void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        enum csv_kind kind;
        const char *code; /* NULL fine */
        int64_t number;
    } cases[] = {
        { "1272010101900001.0", CSV_NIK, NULL, INT64_C (1272010101900001) },
        { "1.27201E+15", CSV_NIK, "nik.scientific", 0 },
        { "127201******0001", CSV_KK, "nik.masked", 0 },
        { "001", CSV_RT, NULL, 1 },
        { "RT 012", CSV_RT, NULL, 12 },
        { "R", CSV_RT, "rt.format", 0 },
        { "1.0", CSV_RT, NULL, 1 },
        { "1000", CSV_RT, "rt.format", 1000 },
        { "YA (JULI 2026)", CSV_BOOL, NULL, 1 },
        { "1", CSV_BOOL, NULL, 1 },
        { "true", CSV_BOOL, NULL, 1 },
        { "TIDAK", CSV_BOOL, NULL, 0 },
        { "mungkin", CSV_BOOL, "bool.unknown", 0 },
        { "7", CSV_DECILE, NULL, 7 },
        { "Desil 4", CSV_DECILE, NULL, 4 },
        { "BELUM ADA DESIL", CSV_DECILE, NULL, 0 },
        { "11", CSV_DECILE, "decile.unknown", 11 },
        { "L", CSV_SEX, NULL, SEX_MALE },
        { "x", CSV_SEX, "sex.unknown", 0 },
        { "12345", CSV_NAME, "name.letters", 0 },
        { "99999999999999999999", CSV_INTEGER, "integer.format", INT64_MAX },
        { "0001234567890", CSV_CARD, NULL, 0 },
        { "1234567890", CSV_CARD, "card.format", 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct csv_value value;
        const char *code = csv_value_read (cases[i].cell, cases[i].kind, DATE_DMY, &value);
        if (!code != !cases[i].code || (code && strcmp (code, cases[i].code)) || value.number != cases[i].number)
            fail_msg ("%s: %s %lld", cases[i].cell, code ? code : "fine", (long long)value.number);
        assert_true (value.present);
        if (code)
            assert_string_not_equal (csv_value_text (code), csv_value_text ("no such code"));
    }
    struct csv_value value;
    assert_null (csv_value_read ("03/04/1990", CSV_DATE, DATE_MDY, &value));
    assert_int_equal (value.date, date_of (1990, 3, 4));
    for (int kind = CSV_TEXT; kind <= CSV_CARD; kind++) {
        assert_null (csv_value_read ("", (enum csv_kind)kind, DATE_DMY, &value));
        assert_false (value.present);
    }
}

/* Column names are written as headers come out of clean_key, and none means two columns. */
static void
test_schemas (void **state)
{
    (void)state;
    static const char *const names[] = { "usulan", "dtsen", "dtsen_keluarga", "peserta", "balasan" };
    for (size_t n = 0; n < 5; n++) {
        const struct csv_schema *schema = csv_schema_find (names[n]);
        assert_non_null (schema);
        const char *seen[256];
        size_t count = 0;
        for (size_t i = 0; i < schema->count; i++) {
            seen[count++] = schema->columns[i].name;
            for (size_t j = 0; j < 8 && schema->columns[i].aliases[j]; j++)
                seen[count++] = schema->columns[i].aliases[j];
        }
        for (size_t i = 0; i < count; i++) {
            assert_int_equal (strspn (seen[i], "abcdefghijklmnopqrstuvwxyz0123456789_"), strlen (seen[i]));
            for (size_t j = 0; j < i; j++)
                assert_string_not_equal (seen[i], seen[j]);
        }
    }
    assert_null (csv_schema_find ("lain"));
}

static enum rc
on_row (void *context, const struct csv_row *row, struct err *err)
{
    (void)err;
    struct csv_value value;
    assert_int_equal (row->reason, CSV_OK);
    assert_null (csv_row_value (&csv_usulan, row, USULAN_KK, &value));
    assert_null (csv_row_value (&csv_usulan, row, USULAN_NIK, &value)); /* a newborn */
    assert_false (value.present);
    assert_string_equal (csv_row_value (&csv_usulan, row, USULAN_ADDRESS, &value), "csv.empty");
    assert_null (csv_row_value (&csv_usulan, row, USULAN_RELATION, &value));
    assert_int_equal (value.number, RELATION_CHILD);
    ++*(int *)context;
    return RC_OK;
}

static void
test_header_below_titles (void **state)
{
    (void)state;
    static const char data[] =
        "DATA USULAN CALON PENERIMA BANTUAN IURAN,,,,,,,,,\nPERIODE,,,,,,,,,\n"
        "NO,NOMOR KK,NIK/KITAS/KITAP,NAMA LENGKAP,HUBUNGAN KELUARGA,TANGGAL LAHIR,JENIS KELAMIN,ALAMAT,"
        "KODE KELURAHAN,JALUR\n1,1272010102180003,,BAYI,3,01/02/2026,L,,12.72.01.1001,baru\n";
    int rows = 0;
    struct err err;
    struct csv_reader *reader = csv_reader_new (&csv_usulan, 10, on_row, NULL, &rows);
    assert_int_equal (csv_push (reader, data, sizeof data - 1, &err), RC_OK);
    assert_int_equal (csv_finish (reader, &err), RC_OK);
    assert_int_equal (rows, 1);
    csv_reader_destroy (&reader);
}

static void
test_marital (void **state)
{
    static const struct {
        const char *text;
        enum marital marital;
    } cases[] = {
        { "1", MARITAL_SINGLE },           { "2.0", MARITAL_MARRIED },
        { "'5", MARITAL_WIDOWED },         { "BELUM KAWIN", MARITAL_SINGLE },
        { "Kawin", MARITAL_MARRIED },      { "KAWIN BELUM TERCATAT", MARITAL_UNRECORDED },
        { "3", MARITAL_UNRECORDED },       { "Cerai-Hidup", MARITAL_DIVORCED },
        { "CERAI MATI", MARITAL_WIDOWED }, { "K", MARITAL_MARRIED },
        { "6", MARITAL_UNKNOWN },          { "JANDA", MARITAL_UNKNOWN }, /* of which of the two, it does not say */
        { "0", MARITAL_UNKNOWN },          { "?", MARITAL_UNKNOWN },
    };
    struct csv_value value;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *code = csv_value_read (cases[i].text, CSV_MARITAL, DATE_DMY, &value);
        if (value.number != cases[i].marital)
            fail_msg ("%s: %d", cases[i].text, (int)value.number);
        assert_int_equal (code != NULL, cases[i].marital == MARITAL_UNKNOWN);
    }
    assert_null (csv_value_read ("", CSV_MARITAL, DATE_DMY, &value));
    assert_false (value.present);
}

static void
test_refused_files_are_explained (void **state)
{
    static const char *const codes[] = { "csv.header", "csv.other_kind", "csv.utf16",
                                         "csv.binary", "csv.columns",    "csv.rows" };
    char text[CSV_FILE_TEXT];
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct err err = { 0 };
        err_code (&err, RC_INVALID, codes[i], "", "words for people who run the system");
        assert_string_equal (csv_file_text (&err, text), csv_value_text (codes[i]));
        assert_string_not_equal (text, csv_value_text ("no.such"));
    }
    struct err err = { 0 };
    struct csv_reader *reader = csv_reader_new (&csv_usulan, 1, NULL, NULL, NULL);
    assert_int_equal (csv_push (reader, "tanggal,jumlah\n1,2\n", 19, &err), RC_OK);
    assert_int_equal (csv_finish (reader, &err), RC_INVALID);
    csv_reader_destroy (&reader);
    assert_string_equal (
        csv_file_text (&err, text),
        "Baris judul kolom tidak ditemukan atau belum lengkap. Yang kurang: no_kk, nik, nama, hubungan, "
        "tanggal_lahir, jenis_kelamin, alamat, kode_kelurahan, jalur.");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_three_codings),
        cmocka_unit_test (test_sex),
        cmocka_unit_test (test_values),
        cmocka_unit_test (test_schemas),
        cmocka_unit_test (test_header_below_titles),
        cmocka_unit_test (test_marital),
        cmocka_unit_test (test_refused_files_are_explained),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
