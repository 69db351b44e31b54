#include "tests/unit/letter/letters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

struct memory {
    char *data;
    size_t size;
};

static enum rc
append (void *context, const void *data, size_t size, struct err *err)
{
    struct memory *memory = context;
    char *larger = realloc (memory->data, memory->size + size + 1);
    MUST (larger);
    memcpy (larger + memory->size, data, size);
    *memory = (struct memory){ larger, memory->size + size };
    larger[memory->size] = 0;
    return RC_OK;
}

static struct memory
render (const struct letter *letter)
{
    struct memory memory = { 0 };
    struct err err = { 0 };
    if (letter_render (letter, append, &memory, &err) != RC_OK)
        fail_msg ("%s %s", err.field, err.text);
    return memory;
}

/* What poppler's pdftotext reads, pages ended by form feeds; options: more of its arguments. */
static char *
text_of (struct memory pdf, const char *options)
{
    char path[] = "/tmp/padan-letter-XXXXXX", command[128];
    int file = mkstemp (path);
    assert_true (file >= 0);
    assert_int_equal (write (file, pdf.data, pdf.size), (ssize_t)pdf.size);
    close (file);
    snprintf (command, sizeof command, "pdftotext %s %s - 2>&1", options, path);
    FILE *pipe = popen (command, "r");
    struct memory text = { 0 };
    char buffer[4096];
    for (size_t size; (size = fread (buffer, 1, sizeof buffer, pipe)) > 0;)
        append (&text, buffer, size, NULL);
    int status = pclose (pipe);
    unlink (path);
    assert_int_equal (status, 0);
    assert_non_null (text.data);
    return text.data;
}

static size_t
count_of (const char *text, const char *part)
{
    size_t count = 0;
    while ((text = strstr (text, part))) {
        count++;
        text += strlen (part);
    }
    return count;
}

static void
a_long_list_prints_every_person (void **state)
{
    static struct test_list list;
    test_list_fill (&list);
    struct letter letter = test_letter ();
    letter.rows = list.rows;
    letter.row_count = TEST_ROWS;
    struct memory pdf = render (&letter);
    char *text = text_of (pdf, "-layout");
    for (int i = 0; i < TEST_ROWS; i++) {
        assert_int_equal (count_of (text, list.rows[i].name), 1);
        assert_int_equal (count_of (text, list.rows[i].nik), 1);
    }
    size_t pages = count_of (text, "\f");
    assert_true (pages >= 5);
    char last[40];
    snprintf (last, sizeof last, "Halaman %zu dari %zu", pages, pages);
    assert_int_equal (count_of (text, last), 1);
    assert_true (count_of (text, "No KK") >= pages - 1); /* the closing may have the last page to itself */
    assert_int_equal (count_of (text, "DRAF"), 0);
    assert_true (count_of (text, "400.9.11/123/DINSOS/2026") == pages + 1);
    free (text);
    free (pdf.data);
}

static void
a_draft_says_so (void **state)
{
    struct letter letter = test_letter ();
    letter.number = NULL;
    struct memory pdf = render (&letter);
    char *text = text_of (pdf, "");
    assert_true (count_of (text, "DRAF") >= 1);
    const char *expected[] = { "PEMERINTAH KOTA PEMATANGSIANTAR",
                               "Yth. Kepala BPJS",
                               "Rekomendasi Kepesertaan",
                               "Dra. Tiolina Rupang, M.Si",
                               "NIP. 190001011990031001",
                               "Sekretaris Dinas",
                               "Kode verifikasi: K7QM-2F9T",
                               "Tembusan",
                               "2. Arsip",
                               "Pematangsiantar, 20 November 2026" };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_non_null (strstr (text, expected[i]));
    assert_int_equal (count_of (text, "\f"), 1);
    free (text);
    free (pdf.data);
}

/* Title over number, no head, place and date at the signature. */
static void
a_title_stands_over_the_number (void **state)
{
    struct letter letter = test_letter ();
    letter.title = "SURAT REKOMENDASI";
    letter.sifat = letter.lampiran = letter.hal = "TIDAK TERCETAK";
    struct memory pdf = render (&letter);
    char *text = text_of (pdf, "-layout");
    const char *title = strstr (text, "SURAT REKOMENDASI"), *number = strstr (text, "Nomor: 400.9.11/123/DINSOS/2026");
    const char *opening = strstr (text, "Berdasarkan"), *date = strstr (text, "Pematangsiantar, 20 November 2026");
    const char *signer = strstr (text, "KEPALA DINAS SOSIAL");
    assert_true (title && number && opening && date && signer);
    assert_true (title < number && number < opening && opening < date && date < signer);
    assert_null (strstr (text, "TIDAK TERCETAK"));
    assert_null (strstr (text, "Yth."));
    free (text);
    free (pdf.data);
}

static void
the_signature_never_stands_alone (void **state)
{
    static struct test_list list;
    test_list_fill (&list);
    struct letter letter = test_letter ();
    letter.rows = list.rows;
    for (int closing = 0; closing < 2; closing++) {
        for (letter.row_count = 1; letter.row_count < 60; letter.row_count++) {
            if (!closing)
                letter.closing.count = 0;
            struct memory pdf = render (&letter);
            char *text = text_of (pdf, "-layout");
            char *page = text;
            for (char *next; (next = strchr (page, '\f')) && next[1];)
                page = next + 1;
            assert_non_null (strstr (page, "KEPALA DINAS SOSIAL"));
            assert_non_null (strstr (page, "2. Arsip"));
            const char *company = closing ? "PENUTUPAKHIR" : list.rows[letter.row_count - 1].name;
            assert_non_null (strstr (page, company));
            free (text);
            free (pdf.data);
        }
        letter = test_letter ();
        letter.rows = list.rows;
    }
}

static void
equal_letters_are_equal_bytes (void **state)
{
    static struct test_list list;
    test_list_fill (&list);
    struct letter letter = test_letter (), other = test_letter ();
    letter.rows = list.rows;
    letter.row_count = 40;
    other.hal = "Hal lain di antaranya";
    struct memory first = render (&letter), between = render (&other), second = render (&letter);
    assert_int_equal (first.size, second.size);
    assert_memory_equal (first.data, second.data, first.size);
    assert_true (between.size != first.size);
    free (first.data);
    free (between.data);
    free (second.data);
}

static void
long_texts_wrap_and_stay_on_the_page (void **state)
{
    char unbroken[LETTER_TEXT_MAX + 1], wide[LETTER_TEXT_MAX + 1];
    memset (unbroken, 'x', sizeof unbroken - 1);
    memset (wide, 'W', sizeof wide - 1);
    unbroken[LETTER_TEXT_MAX] = wide[LETTER_TEXT_MAX] = 0;
    struct letter_row rows[] = { { "Ompu Rupinawati boru Sihotangsari Naganauli Parhutaonan Silindungraya Tobasana",
                                   "1272014101900001", "1272010505100001", wide,
                                   "pengalihan dari peserta mandiri kelas III" },
                                 { unbroken, "1272014101900002", "1272010505100001", "", NULL } };
    struct letter letter = test_letter ();
    letter.rows = rows;
    letter.row_count = 2;
    struct memory pdf = render (&letter);
    char *text = text_of (pdf, "");
    const char *words[] = { "Ompu", "Sihotangsari", "Parhutaonan", "Tobasana" };
    for (size_t i = 0; i < 4; i++)
        assert_non_null (strstr (text, words[i]));
    size_t counts[128] = { 0 };
    for (const char *at = text; *at; at++)
        counts[(unsigned char)*at & 127]++;
    assert_int_equal (counts['W'], LETTER_TEXT_MAX + 2); /* with Waktu, Wali; none hyphenated, cut or off the page */
    assert_true (counts['x'] >= LETTER_TEXT_MAX);
    free (text);
    free (pdf.data);
}

static void
a_long_paragraph_breaks_over_pages (void **state)
{
    char text[LETTER_PARAGRAPH_MAX + 1];
    size_t size = 0;
    for (int i = 0; size + 12 < sizeof text; i++)
        size += (size_t)snprintf (text + size, sizeof text - size, "kata%04d ", i);
    const char *items[] = { text };
    struct letter letter = test_letter ();
    letter.opening = (struct letter_texts){ items, 1 };
    struct memory pdf = render (&letter);
    char *found = text_of (pdf, "");
    assert_true (count_of (found, "\f") >= 2);
    for (int i = 0; i < 800; i++) {
        char word[16];
        snprintf (word, sizeof word, "kata%04d", i);
        assert_int_equal (count_of (found, word), 1);
    }
    free (found);
    free (pdf.data);
}

static void
unprintable_bytes_do_no_harm (void **state)
{
    struct letter_row rows[] = { { "Ana\x01\n\x1b[2J\tSari\x7f", "1272014101900001", "\xff\xfe\x80",
                                   "Jl. \xe2\x80\xaetarik", "\xc3(" },
                                 { "<b>&amp;</b> %s %n", NULL, NULL, NULL, NULL } };
    struct letter letter = test_letter ();
    letter.rows = rows;
    letter.row_count = 2;
    letter.hal = "Hal\xff\n";
    struct memory pdf = render (&letter);
    char *text = text_of (pdf, "-layout");
    for (const char *at = text; *at; at++)
        assert_true ((unsigned char)*at >= ' ' || *at == '\n' || *at == '\f');
    assert_non_null (strstr (text, "Sari"));
    assert_non_null (strstr (text, "<b>&amp;</b> %s %n"));
    assert_null (strstr (text, "\xe2\x80\xae"));
    free (text);
    free (pdf.data);
}

static enum rc
refuse (void *context, const void *data, size_t size, struct err *err)
{
    return err_set (err, RC_BUSY, "full");
}

static void
refusals_name_the_part (void **state)
{
    struct memory memory = { 0 };
    struct err err;
    char text[LETTER_TEXT_MAX + 2];
    memset (text, 'a', sizeof text - 1);
    text[sizeof text - 1] = 0;
    struct letter_row row = { text, NULL, NULL, NULL, NULL };
    struct letter letter = test_letter ();
    letter.rows = &row;
    letter.row_count = 1;
    assert_int_equal (letter_render (&letter, append, &memory, &err), RC_UNPROCESSABLE);
    assert_string_equal (err.field, "/rows/0");
    letter.row_count = LETTER_ROWS_MAX + 1;
    assert_int_equal (letter_render (&letter, append, &memory, &err), RC_UNPROCESSABLE);
    letter = test_letter ();
    letter.opening.count = letter.closing.count = 0;
    assert_int_equal (letter_render (&letter, append, &memory, &err), RC_UNPROCESSABLE);
    assert_string_equal (err.code, "letter.empty");
    assert_null (memory.data);
    letter = test_letter ();
    assert_int_equal (letter_render (&letter, refuse, NULL, &err), RC_BUSY);
}

/* Whoever takes a number for a letter must know before that it can be printed. */
static void
what_fits_is_known_before (void **state)
{
    static struct test_list list;
    char wide[LETTER_TEXT_MAX + 2];
    const char *copies[LETTER_LINES_MAX];
    struct memory memory = { 0 };
    struct err err;
    test_list_fill (&list);
    memset (wide, 'W', sizeof wide - 1);
    wide[sizeof wide - 1] = 0;
    struct letter letter = test_letter ();
    letter.rows = list.rows;
    letter.row_count = TEST_ROWS;
    assert_int_equal (letter_fits (&letter, &err), RC_OK);
    letter.title = wide;
    assert_int_equal (letter_fits (&letter, &err), RC_UNPROCESSABLE);
    assert_string_equal (err.code, "letter.too_long");
    letter.title = NULL;
    wide[LETTER_TEXT_MAX] = 0;
    for (size_t i = 0; i < LETTER_LINES_MAX; i++)
        copies[i] = wide;
    letter.tembusan = (struct letter_texts){ copies, LETTER_LINES_MAX }; /* each a good line, together over a page */
    assert_int_equal (letter_fits (&letter, &err), RC_UNPROCESSABLE);
    assert_string_equal (err.code, "letter.does_not_fit");
    assert_int_equal (letter_render (&letter, append, &memory, &err), RC_UNPROCESSABLE);
    assert_null (memory.data);
}

static void
two_hundred_letters_are_quick (void **state)
{
    static struct test_list list;
    test_list_fill (&list);
    struct letter letter = test_letter ();
    letter.rows = list.rows;
    letter.row_count = 1;
    clock_t start = clock ();
    size_t size = 0;
    for (int i = 0; i < 200; i++) {
        struct memory pdf = render (&letter);
        size = pdf.size;
        free (pdf.data);
    }
    double seconds = (double)(clock () - start) / CLOCKS_PER_SEC;
    print_message ("200 letters of %zu bytes: %.2f s CPU\n", size, seconds);
    assert_true (seconds < 20); /* an order over what it takes: only to notice a loop gone quadratic */
}

/* Fontconfig and Pango keep caches until the process ends; LeakSanitizer would call them leaks. */
const char *__lsan_default_suppressions (void);
const char *
__lsan_default_suppressions (void)
{
    return "leak:libfontconfig\nleak:libpango\n";
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_long_list_prints_every_person),
        cmocka_unit_test (a_draft_says_so),
        cmocka_unit_test (a_title_stands_over_the_number),
        cmocka_unit_test (the_signature_never_stands_alone),
        cmocka_unit_test (equal_letters_are_equal_bytes),
        cmocka_unit_test (long_texts_wrap_and_stay_on_the_page),
        cmocka_unit_test (a_long_paragraph_breaks_over_pages),
        cmocka_unit_test (unprintable_bytes_do_no_harm),
        cmocka_unit_test (refusals_name_the_part),
        cmocka_unit_test (what_fits_is_known_before),
        cmocka_unit_test (two_hundred_letters_are_quick),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
