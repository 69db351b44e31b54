/* Rows of proposals as offices write them: which reading counts, and what is told of it. */
#include <stdio.h>

#include "services/intake/proposal.h"
#include "tests/unit/services/intake/fixture.h"

#define HEADER "no_kk,nik,nik_ibu,nama,hubungan,tanggal_lahir,jenis_kelamin,status_kawin,alamat,kode_kelurahan,jalur\n"

static struct arena *arena;

struct reading {
    Padan__Intake__V1__ImportRow row;
    struct proposal_problem problems[PROPOSAL_PROBLEMS];
    size_t n;
    bool taken;
};

static enum rc
on_row (void *context, const struct csv_row *row, struct err *err)
{
    struct reading *reading = context;
    const struct proposal_scope scope = { HARNESS_TENANT, "uji", "2026-11", siantar (), TODAY };
    reading->taken = proposal_read (&scope, row, arena, &reading->row, reading->problems, &reading->n);
    return RC_OK;
}

/* One person of one family; cells as a file has them. */
static struct reading
read_row (const char *nik, const char *birth, const char *marital, const char *village)
{
    struct reading reading = { .taken = false };
    struct err err;
    char row[512];
    snprintf (row, sizeof row, "1272010101150004,%s,%s,BUDI,3,%s,L,%s,Jl. A,%s,baru\n", nik, *nik ? "" : MOTHER_NIK,
              birth, marital, village);
    struct csv_reader *reader = csv_reader_new (&csv_usulan, 1, on_row, NULL, &reading);
    assert_int_equal (csv_push (reader, HEADER, sizeof HEADER - 1, &err), RC_OK);
    assert_int_equal (csv_push (reader, row, strlen (row), &err), RC_OK);
    assert_int_equal (csv_finish (reader, &err), RC_OK);
    csv_reader_destroy (&reader);
    return reading;
}

/* The only thing told, "" nothing. */
static const char *
told (const struct reading *reading)
{
    assert_true (reading->n <= 1);
    if (!reading->n)
        return "";
    assert_int_equal (reading->problems[0].warning, reading->taken);
    return reading->problems[0].code;
}

static void
the_number_tells_day_from_month (void **state)
{
    static const struct {
        const char *nik, *written, *read, *told;
    } cases[] = {
        { "1272010304900001", "03/04/1990", "1990-04-03", "" },
        { "1272010403900001", "03/04/1990", "1990-03-04", "date.swapped" }, /* of 4 March */
        { "1272014403900001", "03/04/1990", "1990-03-04", "date.swapped" }, /* a woman's */
        { "1272010403900001", "04/03/1990", "1990-03-04", "" },
        { "1272012512900001", "12/25/1990", "1990-12-25", "date.swapped" }, /* no other reading */
        { "1272010101900001", "03/04/1990", "1990-04-03", "" }, /* agrees with neither: validation's to say */
        { "1272010403900001", "1990-04-03", "1990-04-03", "" }, /* no doubt, whatever the number says */
        /* newborns have none: 23 November is today */
        { "", "12/11/2026", "2026-11-12", "" },               /* 11 December is still to come */
        { "", "03/11/2026", "2026-11-03", "date.ambiguous" }, /* or 11 March: both could be */
        { "", "03/03/2026", "2026-03-03", "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading = read_row (cases[i].nik, cases[i].written, "2", "12.72.01.1003");
        if (!reading.taken || strcmp (reading.row.member->birth_date, cases[i].read) != 0 ||
            strcmp (told (&reading), cases[i].told) != 0)
            fail_msg ("%s of %s: %s", cases[i].written, cases[i].nik, told (&reading));
    }
}

/* Not turned round to fit: next month it would fit as it stands, and the child would be another one. */
static void
a_birth_to_come_is_refused (void **state)
{
    (void)state;
    struct reading reading = read_row ("", "11/12/2026", "1", "12.72.01.1003");
    assert_string_equal (told (&reading), "intake.birth_date");
}

/* Reading looks at nothing but the row: that is what makes a repeated push, in another order, the same. */
static void
a_date_written_in_two_ways_is_the_same_content (void **state)
{
    (void)state;
    struct reading one = read_row ("1272010403900001", "03/04/1990", "2", "12.72.01.1003");
    struct reading other = read_row ("1272010403900001", "4 Maret 1990", "KAWIN", "1272011003.0");
    assert_memory_equal (one.row.content_id.data, other.row.content_id.data, sizeof (struct uuid));
}

static void
marital_status_is_read_or_told (void **state)
{
    (void)state;
    struct reading reading = read_row ("1272010304900001", "03/04/1990", "Kawin", "12.72.01.1003");
    assert_int_equal (reading.row.member->marital, PADAN__COMMON__V1__MARITAL__MARITAL_MARRIED);
    assert_string_equal (told (&reading), "");
    reading = read_row ("1272010304900001", "03/04/1990", "3", "12.72.01.1003");
    assert_int_equal (reading.row.member->marital, PADAN__COMMON__V1__MARITAL__MARITAL_MARRIED);
    reading = read_row ("1272010304900001", "03/04/1990", "", "12.72.01.1003");
    assert_string_equal (told (&reading), "");
    reading = read_row ("1272010304900001", "03/04/1990", "JANDA", "12.72.01.1003");
    assert_true (reading.taken);
    assert_int_equal (reading.row.member->marital, PADAN__COMMON__V1__MARITAL__MARITAL_UNKNOWN);
    assert_string_equal (told (&reading), "marital.unknown");
    assert_string_equal (reading.problems[0].column, "status_kawin");
}

static void
village_codes_are_written_one_way (void **state)
{
    (void)state;
    struct reading reading = read_row ("1272010304900001", "03/04/1990", "2", "'1272011003");
    assert_string_equal (told (&reading), "");
    assert_string_equal (reading.row.address->village, "12.72.01.1003");
    reading = read_row ("1272010304900001", "03/04/1990", "2", "1271011003"); /* another city's */
    assert_string_equal (told (&reading), "intake.village");
    reading = read_row ("1272010304900001", "03/04/1990", "2", "1272010003"); /* BPS's */
    assert_string_equal (told (&reading), "intake.village");
    reading = read_row ("1272010304900001", "03/04/1990", "2", "");
    assert_string_equal (told (&reading), "csv.empty");
}

static void
refused_rows_bear_no_warnings (void **state)
{
    (void)state;
    struct reading reading = read_row ("1272010403900001", "03/04/1990", "JANDA", "Merdeka");
    assert_false (reading.taken);
    assert_string_equal (told (&reading), "intake.village");
}

static int
start (void **state)
{
    (void)state;
    arena = arena_new (8 << 20);
    return arena ? 0 : -1;
}

static int
end (void **state)
{
    (void)state;
    arena_destroy (&arena);
    return 0;
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (the_number_tells_day_from_month),
        cmocka_unit_test (a_birth_to_come_is_refused),
        cmocka_unit_test (a_date_written_in_two_ways_is_the_same_content),
        cmocka_unit_test (marital_status_is_read_or_told),
        cmocka_unit_test (village_codes_are_written_one_way),
        cmocka_unit_test (refused_rows_bear_no_warnings),
    };
    return cmocka_run_group_tests (tests, start, end);
}
