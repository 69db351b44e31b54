#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/domain/csv.h"

static const struct csv_column columns[] = {
    { "nik", { "nik_kitas_kitap" }, CSV_FILLED, CSV_NIK },
    { "nama", { "nama_lengkap" }, CSV_FILLED, CSV_NAME },
    { "alamat", { NULL }, CSV_OPTIONAL, CSV_TEXT },
};
static const struct csv_schema schema = { "test", DATE_DMY, columns, 3 };

/* What came, as text: one line a row, "number@line nik|nama|alamat" or the reason. */
struct seen {
    char text[16384];
    size_t used, rows;
    struct {
        int64_t offset, end, line, end_line, number;
    } places[256];
};

static void
seen_add (struct seen *seen, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    seen->used += (size_t)vsnprintf (seen->text + seen->used, sizeof seen->text - seen->used, format, arguments);
    va_end (arguments);
}

static enum rc
on_row (void *context, const struct csv_row *row, struct err *err)
{
    struct seen *seen = context;
    if (seen->rows < 256) {
        seen->places[seen->rows].offset = row->offset;
        seen->places[seen->rows].end = row->end;
        seen->places[seen->rows].line = row->line;
        seen->places[seen->rows].end_line = row->end_line;
        seen->places[seen->rows++].number = row->number;
    }
    seen_add (seen, "%lld@%lld ", (long long)row->number, (long long)row->line);
    if (row->total)
        seen_add (seen, "total\n");
    else if (row->reason)
        seen_add (seen, "%s%s%s\n", csv_reason_code (row->reason), *row->column ? " " : "", row->column);
    else
        seen_add (seen, "%s|%s|%s\n", row->cells[0], row->cells[1], row->cells[2]);
    (void)err;
    return RC_OK;
}

static void
on_unknown (void *context, const char *header)
{
    seen_add (context, "unknown %s\n", header);
}

static enum rc
read_pieces (const char *data, size_t size, size_t piece, struct seen *seen, struct err *err)
{
    struct csv_reader *reader = csv_reader_new (&schema, 1000, on_row, on_unknown, seen);
    *seen = (struct seen){ 0 };
    *err = (struct err){ 0 };
    enum rc rc = RC_OK;
    for (size_t at = 0; at < size && rc == RC_OK; at += piece)
        rc = csv_push (reader, data + at, size - at < piece ? size - at : piece, err);
    if (rc == RC_OK)
        rc = csv_finish (reader, err);
    csv_reader_destroy (&reader);
    return rc;
}

/* Whole, by bytes and by sevens: the same rows. */
static void
expect_bytes (const char *data, size_t size, const char *expected)
{
    static const size_t pieces[] = { 1 << 20, 1, 7 };
    static struct seen seen;
    struct err err;
    for (size_t i = 0; i < 3; i++) {
        enum rc rc = read_pieces (data, size, pieces[i], &seen, &err);
        if (rc != RC_OK)
            fail_msg ("%s: %s", err.code, err.text);
        assert_string_equal (seen.text, expected);
    }
}

static void
expect (const char *data, const char *expected)
{
    expect_bytes (data, strlen (data), expected);
}

static void
expect_refusal (const char *data, size_t size, const char *code)
{
    static struct seen seen;
    struct err err;
    assert_int_equal (read_pieces (data, size, size, &seen, &err), RC_INVALID);
    assert_string_equal (err.code, code);
}

static void
test_delimiters (void **state)
{
    (void)state;
    expect ("nik,nama,alamat\n1,A,x\n", "1@2 1|A|x\n");
    expect ("nik;nama;alamat\n1;A;x, y\n", "1@2 1|A|x, y\n");
    expect ("nik|nama|alamat\n1|A|x\n", "1@2 1|A|x\n");
    expect ("nik\tnama\talamat\n1\tA\tx\n", "1@2 1|A|x\n");
    expect ("nama;nik\r\nA;1\r\nB;2", "1@2 1|A|\n2@3 2|B|\n");
    expect ("nik;nama\rA1;B\r2;C\r", "1@2 A1|B|\n2@3 2|C|\n");
}

static void
test_headers (void **state)
{
    (void)state;
    expect ("\xef\xbb\xbfNIK ,\"Nama\xc2\xa0\nLengkap\",Umur\n1,A,5\n", "unknown Umur\n1@3 1|A|\n");
    expect ("LAPORAN USULAN,,\n,,\nPERIODE,2026,\nNo,NIK/KITAS/KITAP,NAMA LENGKAP\n1,2,3\n1,77,BUDI\n",
            "unknown No\n1@6 77|BUDI|\n");
    expect ("nik,DATA DIRI,\n,nama,alamat\n1,A,x\n", "1@3 1|A|x\n"); /* two merged rows */
    expect ("nik,nama", "");
    expect ("nik,nama\n", "");
}

static void
test_header_refusals (void **state)
{
    (void)state;
    expect_refusal ("nama,alamat\nA,x\n", 16, "csv.header");
    expect_refusal ("", 0, "csv.header");
    expect_refusal ("hello\nworld\n", 12, "csv.header");
    expect_refusal ("\xff\xfen\0i\0k\0", 8, "csv.utf16");
    expect_refusal ("n\0i\0k\0,\0n\0a\0m\0a\0", 16, "csv.utf16");
    expect_refusal ("PK\3\4 and so on", 14, "csv.binary");
}

static void
test_cells (void **state)
{
    (void)state;
    expect ("nik,nama,alamat\n1,\"A \"\"B\"\" C\",\"x\ny\"\n2,D,\n", "1@2 1|A \"B\" C|x y\n2@4 2|D|\n");
    expect ("nik,nama,alamat\n1,JOS\xc9,x\n2,JOS\xc3\x89,y\n", "1@2 1|JOS\xc3\x89|x\n2@3 2|JOS\xc3\x89|y\n");
    expect ("nik,nama,alamat\n1,=A,JL \"MAWAR\" 5\n", "1@2 1|=A|JL \"MAWAR\" 5\n");
    expect_bytes ("nik,nama\n1,A\0B\n", 15, "1@2 1|A B|\n");
}

static void
test_broken_rows_do_not_stop (void **state)
{
    (void)state;
    expect ("nik,nama\n1,A\n2\n3,C,x\n4,D,,\n\n,\n5,E\n",
            "1@2 1|A|\n2@3 csv.width\n3@4 csv.width\n4@5 4|D|\n5@8 5|E|\n");
    expect ("nik,nama\n1,\"A\n2,B\n3,C\n", "1@2 csv.quote\n2@3 2|B|\n3@4 3|C|\n");
}

static void
test_open_quote_costs_one_line (void **state)
{
    (void)state;
    static char data[8192], expected[8192];
    size_t size = (size_t)sprintf (data, "nik,nama\n0,\"open\n"), out = (size_t)sprintf (expected, "1@2 csv.quote\n");
    for (int i = 1; i < 60; i++) {
        size += (size_t)sprintf (data + size, "%d,N\n", i);
        out += (size_t)sprintf (expected + out, "%d@%d %d|N|\n", i + 1, i + 2, i);
    }
    expect (data, expected);
}

static void
test_long_cells_and_rows (void **state)
{
    (void)state;
    static struct seen seen;
    struct err err;
    size_t size = 0, most = 400000;
    char *data = malloc (most);
    size += (size_t)sprintf (data, "nik,nama\n1,");
    memset (data + size, 'x', CSV_CELL + 1);
    size += CSV_CELL + 1;
    size += (size_t)sprintf (data + size, "\n2,B\n3,");
    memset (data + size, 'x', 200000);
    size += 200000;
    size += (size_t)sprintf (data + size, "\n4,D\n5,\"");
    memset (data + size, 'y', 100000);
    size += 100000;
    static const size_t pieces[] = { 1 << 20, 1000, 32768 };
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal (read_pieces (data, size, pieces[i], &seen, &err), RC_OK);
        assert_string_equal (seen.text,
                             "1@2 csv.cell_long nama\n2@3 2|B|\n3@4 csv.row_long\n4@5 4|D|\n5@6 csv.row_long\n");
        for (size_t j = 1; j < seen.rows; j++)
            assert_true (seen.places[j].offset == seen.places[j - 1].end);
        assert_true (seen.places[4].end == (int64_t)size);
    }
    free (data);
}

static void
test_totals (void **state)
{
    (void)state;
    expect ("nik,nama,alamat\n1272010101900001,JUMLAH,x\nTOTAL,,2\n,Jumlah : 5,\n3,JUMLAHTI,\n",
            "1@2 1272010101900001|JUMLAH|x\n2@3 total\n3@4 total\n4@5 3|JUMLAHTI|\n");
}

static void
test_row_cap (void **state)
{
    (void)state;
    static struct seen seen;
    static char data[16384];
    struct err err;
    size_t size = (size_t)sprintf (data, "nik,nama\n");
    for (int i = 0; i < 1001; i++)
        size += (size_t)sprintf (data + size, "%d,N\n", i);
    assert_int_equal (read_pieces (data, size, size, &seen, &err), RC_UNPROCESSABLE);
    assert_string_equal (err.code, "csv.rows");
}

/* From any row's end the rest reads as it did in one go. */
static void
test_every_row_can_be_resumed (void **state)
{
    (void)state;
    static const char data[] =
        "\xef\xbb\xbf"
        "judul\r\nnik;nama;alamat\r\n1;A;x\r\n2;\"B\r\nb\";y\r\n\r\n3\r\n4;\"D\r\n5;E;z\r\n6;F;\r\n";
    size_t size = sizeof data - 1;
    static struct seen whole, rest;
    struct err err = { 0 };
    char stored[CSV_LAYOUT];
    struct csv_reader *reader = csv_reader_new (&schema, 1000, on_row, NULL, &whole);
    assert_null (csv_reader_layout (reader));
    assert_int_equal (csv_push (reader, data, size, &err), RC_OK);
    assert_int_equal (csv_finish (reader, &err), RC_OK);
    csv_layout_format (csv_reader_layout (reader), &schema, stored);
    csv_reader_destroy (&reader);
    assert_int_equal (whole.rows, 6);
    for (size_t i = 0; i < whole.rows; i++) {
        struct csv_layout layout;
        assert_true (csv_layout_parse (stored, &schema, &layout));
        rest = (struct seen){ 0 };
        reader = csv_reader_new (&schema, 1000, on_row, NULL, &rest);
        csv_resume (reader, &layout, whole.places[i].end, whole.places[i].end_line, whole.places[i].number + 1);
        assert_int_equal (csv_push (reader, data + whole.places[i].end, size - (size_t)whole.places[i].end, &err),
                          RC_OK);
        assert_int_equal (csv_finish (reader, &err), RC_OK);
        csv_reader_destroy (&reader);
        assert_string_equal (rest.text, whole.text + strlen (whole.text) - strlen (rest.text));
        for (size_t j = 0; j < rest.rows; j++)
            assert_memory_equal (&rest.places[j], &whole.places[i + 1 + j], sizeof rest.places[j]);
    }
}

static void
test_layout_text_is_checked (void **state)
{
    (void)state;
    struct csv_layout layout;
    assert_true (csv_layout_parse ("59:3:0:1:-1", &schema, &layout));
    static const char *const wrong[] = { "",           "59",         "59:3:0:1",     "59:3:0:1:3",  "59:3:0:1:-2",
                                         "65:3:0:1:2", "59:0:0:0:0", "59:3:0:1:2:0", "59:999:0:1:2" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false (csv_layout_parse (wrong[i], &schema, &layout));
}

static enum rc
on_row_stop (void *context, const struct csv_row *row, struct err *err)
{
    (void)context;
    return row->number == 2 ? err_set (err, RC_RETRY, "stop") : RC_OK;
}

static void
test_callback_stops (void **state)
{
    (void)state;
    struct err err;
    struct csv_reader *reader = csv_reader_new (&schema, 1000, on_row_stop, NULL, NULL);
    enum rc rc = csv_push (reader, "nik,nama\n1,A\n2,B\n3,C\n", 21, &err);
    if (rc == RC_OK)
        rc = csv_finish (reader, &err);
    assert_int_equal (rc, RC_RETRY);
    csv_reader_destroy (&reader);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_delimiters),
        cmocka_unit_test (test_headers),
        cmocka_unit_test (test_header_refusals),
        cmocka_unit_test (test_cells),
        cmocka_unit_test (test_broken_rows_do_not_stop),
        cmocka_unit_test (test_open_quote_costs_one_line),
        cmocka_unit_test (test_long_cells_and_rows),
        cmocka_unit_test (test_totals),
        cmocka_unit_test (test_row_cap),
        cmocka_unit_test (test_every_row_can_be_resumed),
        cmocka_unit_test (test_layout_text_is_checked),
        cmocka_unit_test (test_callback_stops),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
