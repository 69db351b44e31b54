/* Rows of proposals as offices write them: which reading counts, and what is told of it. */
#include <stdio.h>

#include "common/base/text.h"
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

/* ------------------------------------------------------------ any cell, names */

/* A good row of every column, of which a test changes some cells. */
struct cells {
    const char *text[USULAN_END];
};

static struct cells
cells_good (void)
{
    return (struct cells){ {
        [USULAN_PERIOD] = "2026-11",
        [USULAN_SOURCE_ID] = "SS-1",
        [USULAN_KK] = "1272010101150004",
        [USULAN_NIK] = "1272010304900001",
        [USULAN_MOTHER_NIK] = "",
        [USULAN_NAME] = "BUDI",
        [USULAN_RELATION] = "3",
        [USULAN_BIRTH_PLACE] = "Medan",
        [USULAN_BIRTH_DATE] = "03/04/1990",
        [USULAN_SEX] = "L",
        [USULAN_MARITAL] = "1",
        [USULAN_ADDRESS] = "Jl. A",
        [USULAN_RT] = "1",
        [USULAN_RW] = "2",
        [USULAN_VILLAGE] = "12.72.01.1003",
        [USULAN_VILLAGE_NAME] = "Bah Kapul",
        [USULAN_TRACK] = "baru",
        [USULAN_PHONE] = "081",
        [USULAN_CONDITIONS] = "",
    } };
}

static struct cells
with (struct cells cells, int column, const char *text)
{
    cells.text[column] = text;
    return cells;
}

struct scoped {
    struct reading reading;
    struct proposal_scope scope;
};

static enum rc
on_scoped_row (void *context, const struct csv_row *row, struct err *err)
{
    struct scoped *scoped = context;
    struct reading *reading = &scoped->reading;
    reading->taken = proposal_read (&scoped->scope, row, arena, &reading->row, reading->problems, &reading->n);
    return RC_OK;
}

static struct reading
read_cells (struct cells cells, struct proposal_scope scope)
{
    struct scoped scoped = { .scope = scope };
    struct err err;
    TEXT_AUTO struct text_buffer text = TEXT_BUFFER (8192);
    for (int i = 0; i < USULAN_END; i++)
        text_printf (&text, "%s%s", i ? "," : "", csv_usulan.columns[i].name);
    for (int i = 0; i < USULAN_END; i++)
        text_printf (&text, "%s%s", i ? "," : "\n", cells.text[i]);
    struct csv_reader *reader = csv_reader_new (&csv_usulan, 1, on_scoped_row, NULL, &scoped);
    assert_int_equal (csv_push (reader, text.data, text.size, &err), RC_OK);
    assert_int_equal (csv_finish (reader, &err), RC_OK);
    csv_reader_destroy (&reader);
    return scoped.reading;
}

static struct proposal_scope
scope_usual (void)
{
    return (struct proposal_scope){ HARNESS_TENANT, "uji", "2026-11", siantar (), TODAY };
}

static struct reading
read_good (int column, const char *text)
{
    return read_cells (with (cells_good (), column, text), scope_usual ());
}

static const char long_text[] = /* 201 bytes */
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789A";

static void
every_refusal_names_its_column (void **state)
{
    static const struct {
        int column;
        const char *text, *code;
    } cases[] = {
        { USULAN_PERIOD, "2026-10", "import.period" },
        { USULAN_KK, "127201010115000", "nik.length" },
        { USULAN_KK, "", "csv.empty" },
        { USULAN_NIK, "127201030490000", "nik.length" },
        { USULAN_NIK, "", "intake.nik_missing" },
        { USULAN_NAME, "", "csv.empty" },
        { USULAN_NAME, long_text, "common.too_long" },
        { USULAN_RELATION, "sepupu jauh", "relation.unknown" },
        { USULAN_BIRTH_PLACE, long_text, "common.too_long" },
        { USULAN_BIRTH_DATE, "31/02/1990", "date.calendar" },
        { USULAN_BIRTH_DATE, "24/11/2026", "intake.birth_date" },
        { USULAN_BIRTH_DATE, "03/04/1890", "intake.birth_date" },
        { USULAN_SEX, "X", "sex.unknown" },
        { USULAN_ADDRESS, "", "csv.empty" },
        { USULAN_ADDRESS, long_text, "common.too_long" },
        { USULAN_RT, "RT", "rt.format" },
        { USULAN_RW, "RW", "rt.format" },
        { USULAN_VILLAGE, "12.08.01.1003", "intake.village" },
        { USULAN_VILLAGE_NAME, long_text, "common.too_long" },
        { USULAN_TRACK, "lain", "intake.track" },
        { USULAN_TRACK, "", "csv.empty" },
        { USULAN_PHONE, "081234567890123456789", "common.too_long" },
        { USULAN_CONDITIONS, "sehat", "intake.condition" },
    };
    (void)state;
    assert_true (read_cells (cells_good (), scope_usual ()).taken);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading = read_good (cases[i].column, cases[i].text);
        const char *column = csv_usulan.columns[cases[i].column].name;
        if (reading.taken || strcmp (told (&reading), cases[i].code) != 0 ||
            strcmp (reading.problems[0].column, column) != 0)
            fail_msg ("%s of %s: %s", cases[i].text, column, told (&reading));
        assert_true (strlen (proposal_text (cases[i].code)) > 10);
    }
}

static void
a_newborn_has_a_mother_and_is_at_most_a_year_old (void **state)
{
    struct cells cells = with (with (cells_good (), USULAN_NIK, ""), USULAN_MOTHER_NIK, MOTHER_NIK);
    (void)state;
    struct reading reading = read_cells (with (cells, USULAN_BIRTH_DATE, "2025-11-23"), scope_usual ());
    assert_true (reading.taken);
    assert_string_equal (reading.row.member->mother_nik, MOTHER_NIK);
    reading = read_cells (with (cells, USULAN_BIRTH_DATE, "2025-11-22"), scope_usual ());
    assert_string_equal (told (&reading), "intake.newborn_old");
    reading = read_cells (with (with (cells, USULAN_BIRTH_DATE, "2026-11-01"), USULAN_MOTHER_NIK, "127201520385000"),
                          scope_usual ());
    assert_string_equal (told (&reading), "nik.length");
    assert_string_equal (reading.problems[0].column, "nik_ibu");
}

/* She is whom a child may have been known by before; of somebody with a NIK she is no part of the content. */
static void
the_mother_of_whoever_has_a_number_is_only_kept_aside (void **state)
{
    struct reading without = read_good (USULAN_MOTHER_NIK, ""), named = read_good (USULAN_MOTHER_NIK, MOTHER_NIK),
                   wrong = read_good (USULAN_MOTHER_NIK, "12");
    (void)state;
    assert_string_equal (named.row.mother_nik, MOTHER_NIK);
    assert_string_equal (named.row.member->mother_nik, "");
    assert_memory_equal (named.row.content_id.data, without.row.content_id.data, sizeof (struct uuid));
    assert_true (wrong.taken);
    assert_string_equal (wrong.row.mother_nik, "");
}

static void
a_spouse_is_what_their_sex_says (void **state)
{
    static const struct {
        const char *relation, *sex;
        Padan__Common__V1__Relation read;
    } cases[] = {
        { "1", "L", PADAN__COMMON__V1__RELATION__RELATION_HEAD },
        { "2", "L", PADAN__COMMON__V1__RELATION__RELATION_HUSBAND },
        { "2", "P", PADAN__COMMON__V1__RELATION__RELATION_WIFE },
        { "Istri/Suami", "P", PADAN__COMMON__V1__RELATION__RELATION_WIFE },
        { "3", "L", PADAN__COMMON__V1__RELATION__RELATION_CHILD },
        { "4", "L", PADAN__COMMON__V1__RELATION__RELATION_CHILD_IN_LAW },
        { "5", "L", PADAN__COMMON__V1__RELATION__RELATION_GRANDCHILD },
        { "6", "L", PADAN__COMMON__V1__RELATION__RELATION_PARENT },
        { "7", "L", PADAN__COMMON__V1__RELATION__RELATION_OTHER_FAMILY },
        { "8", "L", PADAN__COMMON__V1__RELATION__RELATION_HELPER },
        { "9", "L", PADAN__COMMON__V1__RELATION__RELATION_OTHER },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cells cells = with (cells_good (), USULAN_RELATION, cases[i].relation);
        struct reading reading = read_cells (with (cells, USULAN_SEX, cases[i].sex), scope_usual ());
        if (!reading.taken || reading.row.member->relation != cases[i].read)
            fail_msg ("%s %s: %d", cases[i].relation, cases[i].sex, reading.row.member->relation);
    }
}

static void
conditions_are_words_of_the_procedure (void **state)
{
    const char *one = words_word (&words_conditions, CONDITION_NEWBORN);
    char two[64];
    (void)state;
    snprintf (two, sizeof two, "%s; %s", one, words_word (&words_conditions, CONDITION_ADULT));
    struct reading reading = read_good (USULAN_CONDITIONS, two);
    assert_int_equal (reading.row.member->n_conditions, 2);
    assert_string_equal (reading.row.member->conditions[0], one);
}

/* More help nobody: the row is refused all the same. */
static void
no_more_is_told_of_a_row_than_there_is_room_for (void **state)
{
    struct cells cells = { .text = { [USULAN_PERIOD] = "2026-10" } };
    (void)state;
    for (int i = 1; i < USULAN_END; i++)
        cells.text[i] = "-1 bukan";
    struct reading reading = read_cells (cells, scope_usual ());
    assert_false (reading.taken);
    assert_int_equal (reading.n, PROPOSAL_PROBLEMS);
}

static bool
same (ProtobufCBinaryData a, ProtobufCBinaryData b)
{
    return memcmp (a.data, b.data, sizeof (struct uuid)) == 0;
}

static void
a_row_is_named_by_its_person (void **state)
{
    struct reading good = read_cells (cells_good (), scope_usual ());
    struct cells other = with (with (cells_good (), USULAN_KK, "1272010101150005"), USULAN_NAME, "BUDIMAN");
    (void)state;
    assert_true (same (good.row.row_id, read_cells (other, scope_usual ()).row.row_id));
    assert_false (same (good.row.row_id, read_good (USULAN_NIK, "1272010304900002").row.row_id));
    struct cells born = with (with (with (cells_good (), USULAN_NIK, ""), USULAN_MOTHER_NIK, MOTHER_NIK),
                              USULAN_BIRTH_DATE, "2026-11-01");
    struct reading child = read_cells (born, scope_usual ());
    assert_true (same (child.row.row_id, read_cells (with (born, USULAN_PHONE, "0"), scope_usual ()).row.row_id));
    static const struct {
        int column;
        const char *text;
    } names[] = { { USULAN_MOTHER_NIK, "1272015203850009" },
                  { USULAN_NAME, "B" },
                  { USULAN_BIRTH_DATE, "2026-11-02" } };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_false (same (child.row.row_id,
                            read_cells (with (born, names[i].column, names[i].text), scope_usual ()).row.row_id));
}

static void
an_application_is_named_by_card_and_track (void **state)
{
    struct reading good = read_cells (cells_good (), scope_usual ());
    struct cells other = with (with (cells_good (), USULAN_NIK, "1272010304900002"), USULAN_ADDRESS, "Jl. B");
    (void)state;
    assert_true (same (good.row.application_id, read_cells (other, scope_usual ()).row.application_id));
    assert_false (same (good.row.application_id, read_good (USULAN_KK, "1272010101150005").row.application_id));
    assert_false (same (good.row.application_id, read_good (USULAN_TRACK, "pengalihan").row.application_id));
}

/* Another source, period or office speaks of others, whatever it calls them. */
static void
names_are_of_a_source_and_a_period (void **state)
{
    struct reading good = read_cells (cells_good (), scope_usual ());
    struct proposal_scope scopes[] = { scope_usual (), scope_usual (), scope_usual (), scope_usual () };
    struct cells cells = with (cells_good (), USULAN_PERIOD, "");
    (void)state;
    scopes[0].source = "uj";
    scopes[1].period = "2026-12";
    scopes[2].tenant = 1273;
    scopes[3].source = "uji2026-1"; /* joined with the period it reads the same */
    scopes[3].period = "1";
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
        struct reading other = read_cells (cells, scopes[i]);
        assert_false (same (good.row.row_id, other.row.row_id));
        assert_false (same (good.row.application_id, other.row.application_id));
    }
}

/* A spreadsheet that adds an apostrophe, or drops a zero, has changed nothing. */
static void
the_content_is_what_was_read (void **state)
{
    static const struct {
        int column;
        const char *text;
        bool same;
    } cases[] = {
        { USULAN_NIK, "'1272010304900001", true },
        { USULAN_KK, "1272010101150004.0", true },
        { USULAN_SEX, "LAKI-LAKI", true },
        { USULAN_RELATION, "Anak", true },
        { USULAN_RT, "001", true },
        { USULAN_BIRTH_DATE, "1990-04-03 00:00:00", true },
        { USULAN_MARITAL, "1.0", true },
        { USULAN_SOURCE_ID, "SS-2", true },
        { USULAN_NAME, "BUDIMAN", false },
        { USULAN_KK, "1272010101150005", false },
        { USULAN_RELATION, "1", false },
        { USULAN_BIRTH_PLACE, "Binjai", false },
        { USULAN_BIRTH_DATE, "04/04/1990", false },
        { USULAN_SEX, "P", false },
        { USULAN_MARITAL, "2", false },
        { USULAN_ADDRESS, "Jl. B", false },
        { USULAN_RT, "2", false },
        { USULAN_RW, "3", false },
        { USULAN_VILLAGE, "12.72.01.1004", false },
        { USULAN_VILLAGE_NAME, "Bah Sorma", false },
        { USULAN_TRACK, "pengalihan", false },
        { USULAN_PHONE, "082", false },
        { USULAN_CONDITIONS, "newborn", false },
    };
    struct reading good = read_cells (cells_good (), scope_usual ());
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading = read_good (cases[i].column, cases[i].text);
        if (!reading.taken || same (good.row.content_id, reading.row.content_id) != cases[i].same)
            fail_msg ("%s of %s %s", cases[i].text, csv_usulan.columns[cases[i].column].name,
                      reading.n ? reading.problems[0].code : "");
    }
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
        cmocka_unit_test (every_refusal_names_its_column),
        cmocka_unit_test (a_newborn_has_a_mother_and_is_at_most_a_year_old),
        cmocka_unit_test (the_mother_of_whoever_has_a_number_is_only_kept_aside),
        cmocka_unit_test (a_spouse_is_what_their_sex_says),
        cmocka_unit_test (conditions_are_words_of_the_procedure),
        cmocka_unit_test (no_more_is_told_of_a_row_than_there_is_room_for),
        cmocka_unit_test (a_row_is_named_by_its_person),
        cmocka_unit_test (an_application_is_named_by_card_and_track),
        cmocka_unit_test (names_are_of_a_source_and_a_period),
        cmocka_unit_test (the_content_is_what_was_read),
    };
    return cmocka_run_group_tests (tests, start, end);
}
