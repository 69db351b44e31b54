/* Registries as snapshots: loaded in chunks, killed and taken up again, switched at once; verdicts follow. */
#include "tests/service/services/validation/bureau.h"

enum { LOADED_MS = 60000, MANY = 120000 };

static struct bureau bureau;

static int
open_bureau (void **state)
{
    bureau_open (&bureau);
    return 0;
}

static int
close_bureau (void **state)
{
    bureau_close (&bureau);
    return 0;
}

static bool
is_state (struct uuid import, const char *state)
{
    const Padan__Common__V1__ImportProgress *progress = bureau_progress (&bureau, import);
    return progress && strcmp (progress->state, state) == 0;
}

static bool
finding_is (struct uuid id, const char *check, const char *outcome, const char *evidence)
{
    const Padan__Validation__V1__Verdicts *verdicts = bureau_verdicts (&bureau, id);
    for (size_t i = 0; verdicts && verdicts->n_verdicts && i < verdicts->verdicts[0]->n_reasons; i++) {
        const Padan__Common__V1__Reason *reason = verdicts->verdicts[0]->reasons[i];
        if (strcmp (reason->check, check) == 0)
            return strcmp (reason->outcome, outcome) == 0 && strstr (reason->evidence, evidence);
    }
    return false;
}

static struct uuid
enter_lonely (void)
{
    static const struct someone lonely = { LONELY_NIK, "TIOLINDA SARAGITUA", "1970-06-15",
                                           PADAN__COMMON__V1__SEX__SEX_FEMALE,
                                           PADAN__COMMON__V1__RELATION__RELATION_HEAD };
    return bureau_enter (&bureau, LONELY_KK, &lonely, 1);
}

static struct uuid lonely_id;

#define PERSONS "nomor_induk_kependudukan|nomor_kartu_keluarga|nama|desil_nasional\n"

/* Problems of an import on its first page. */
static size_t
problems_of (struct uuid import)
{
    Padan__Validation__V1__ListImportProblems question = PADAN__VALIDATION__V1__LIST_IMPORT_PROBLEMS__INIT;
    const Padan__Validation__V1__ImportProblems *page = bureau_ask (
        &bureau, &bureau.office.admin, import, &question, &padan__validation__v1__import_problems__descriptor);
    return page->n_problems;
}

static void
verdict_is_made_again_after_a_registry_switched (void **state)
{
    lonely_id = enter_lonely ();
    WAIT_UNTIL (finding_is (lonely_id, "registry", "not_loaded", ""), LOADED_MS);
    struct uuid first = bureau_load (&bureau, "poverty", "2026-09",
                                     PERSONS "1272010103800001|" LONELY_KK "|A|3\n"
                                             "bukan angka|" LONELY_KK "|B|3\n");
    WAIT_UNTIL (is_state (first, "done"), LOADED_MS);
    const Padan__Common__V1__ImportProgress *progress = bureau_progress (&bureau, first);
    assert_int_equal (progress->rows, 2);
    assert_int_equal (progress->created, 1);
    assert_int_equal (progress->refused, 1);
    WAIT_UNTIL (finding_is (lonely_id, "registry", "by_kk", "2026-09 v1; desil 3"), LOADED_MS);
    struct uuid again = bureau_load (&bureau, "poverty", "2026-09", /* the same bytes under another key */
                                     PERSONS "1272010103800001|" LONELY_KK "|A|3\n"
                                             "bukan angka|" LONELY_KK "|B|3\n");
    WAIT_UNTIL (is_state (again, "done"), LOADED_MS);
    progress = bureau_progress (&bureau, again);
    assert_int_equal (progress->created, 0);
    assert_int_equal (progress->unchanged, 1);
    assert_int_equal (progress->refused, 1);
    assert_int_equal (problems_of (again), 1);
    assert_string_equal (bureau_sql (&bureau, "select current_version from validation.registry where name = 'poverty'"),
                         "1");
    struct uuid second = bureau_load (&bureau, "poverty", "2026-11", PERSONS LONELY_NIK "|" LONELY_KK "|A|7\n");
    WAIT_UNTIL (is_state (second, "done"), LOADED_MS);
    WAIT_UNTIL (finding_is (lonely_id, "registry", "by_nik", "2026-11 v3; desil 7"), LOADED_MS);
    WAIT_UNTIL (atoi (bureau_sql (&bureau, "select count (*) from validation.poverty_person")) == 1, LOADED_MS);
    WAIT_UNTIL (atoi (bureau_sql (&bureau, "select count (*) from validation.poverty_family")) == 1, LOADED_MS);
    struct uuid members = bureau_load (&bureau, "membership", "2026-08",
                                       "no_kartu,nik,nama,segmen,pembayar,status\n"
                                       "0001234567890," LONELY_NIK ",T,PBI JAMINAN KESEHATAN,APBN,AKTIF\n");
    WAIT_UNTIL (is_state (members, "done"), LOADED_MS);
    WAIT_UNTIL (finding_is (lonely_id, "membership", "national_active", "v1"), LOADED_MS);
    assert_int_equal (bureau_verdicts (&bureau, lonely_id)->verdicts[0]->verdict,
                      PADAN__COMMON__V1__VERDICT__VERDICT_BLOCK);
}

static void
bad_rows_are_told_page_by_page (void **state)
{
    struct text_buffer text = TEXT_BUFFER (1 << 20);
    text_printf (&text, "no_kartu,nik,nama,segmen,pembayar,status\n");
    for (int i = 0; i < 5; i++)
        text_printf (&text, "0001234567890,12,T,PBI,APBN,AKTIF\n");
    struct uuid id = bureau_load (&bureau, "membership", "2026-09", text.data);
    text_clear (&text);
    WAIT_UNTIL (is_state (id, "failed"), LOADED_MS); /* nothing to judge by: the snapshot before stays */
    assert_string_equal (
        bureau_sql (&bureau, "select current_version from validation.registry where name = 'membership'"), "1");
    Padan__Validation__V1__ListImportProblems question = PADAN__VALIDATION__V1__LIST_IMPORT_PROBLEMS__INIT;
    char cursor[64] = "";
    int pages = 0, line = 2;
    do {
        question.cursor = cursor;
        question.limit = 2;
        const Padan__Validation__V1__ImportProblems *page = bureau_ask (
            &bureau, &bureau.office.admin, id, &question, &padan__validation__v1__import_problems__descriptor);
        for (size_t i = 0; i < page->n_problems; i++, line++) {
            if (line == 7) {
                assert_string_equal (page->problems[i]->code, "csv.no_rows");
                continue;
            }
            assert_int_equal (page->problems[i]->line, line);
            assert_string_equal (page->problems[i]->column, "nik");
            assert_string_equal (page->problems[i]->code, "nik.length");
        }
        snprintf (cursor, sizeof cursor, "%s", page->next_cursor);
        pages++;
    } while (cursor[0]);
    assert_int_equal (pages, 3);
    assert_int_equal (line, 8);
    question.cursor = (char *)"???";
    assert_null (
        bureau_ask (&bureau, &bureau.office.admin, id, &question, &padan__validation__v1__import_problems__descriptor));
    assert_string_equal (office_code, "common.cursor_malformed");
}

static void
killed_load_goes_on_from_the_last_chunk (void **state)
{
    enum { LINE = 80 };
    char *content = malloc ((size_t)MANY * LINE + 200), *out = content;
    assert_non_null (content);
    out += sprintf (out, "no_kartu,nik,nama,segmen,pembayar,status\n");
    for (int i = 0; i < MANY; i++)
        out += sprintf (out, "%013d,127202%02d0190%04d,T,PBI,APBN,AKTIF\n", i, 1 + i / 9000, 1 + i % 9000);
    struct uuid id = bureau_load (&bureau, "membership", "2026-10", content);
    free (content);
    WAIT_UNTIL (atoi (bureau_sql (&bureau, "select coalesce (max (chunk), 0) from validation.import where state = "
                                           "'running' and period = '2026-10'")) >= 3,
                LOADED_MS);
    fleet_kill (bureau.office.fleet, "validation", 0);
    int64_t committed = atoll (bureau_sql (&bureau, "select rows from validation.import where period = '2026-10'"));
    assert_int_equal (atoll (bureau_sql (&bureau, "select count (*) from validation.membership where version = 3")),
                      committed);
    assert_true (committed > 0 && committed < MANY);
    fleet_start (bureau.office.fleet, "validation", 0);
    WAIT_UNTIL (is_state (id, "done"), LOADED_MS);
    const Padan__Common__V1__ImportProgress *progress = bureau_progress (&bureau, id);
    assert_int_equal (progress->rows, MANY);
    assert_int_equal (progress->created, MANY);
    assert_int_equal (progress->bytes, progress->size);
    assert_string_equal (bureau_sql (&bureau, "select count (*) from validation.membership where version = 3"),
                         "120000");
    /* nobody is a member any more: the verdict follows */
    WAIT_UNTIL (finding_is (lonely_id, "membership", "none", "2026-10 v3"), LOADED_MS);
}

static void
snapshots_are_listed_with_the_current_one (void **state)
{
    Padan__Validation__V1__ListRegistries question = PADAN__VALIDATION__V1__LIST_REGISTRIES__INIT;
    const Padan__Validation__V1__Registries *list = bureau_ask (
        &bureau, &bureau.office.officer, (struct uuid){ 0 }, &question, &padan__validation__v1__registries__descriptor);
    assert_int_equal (list->n_registries, 4);
    assert_string_equal (list->registries[0]->registry, "membership");
    assert_int_equal (list->registries[0]->version, 3);
    assert_true (list->registries[0]->current);
    assert_false (list->registries[1]->current);
    assert_string_equal (list->registries[2]->registry, "poverty");
    assert_true (list->registries[2]->current);
}

static void
kelurahan_may_not_load (void **state)
{
    Padan__Validation__V1__LoadRegistry command = PADAN__VALIDATION__V1__LOAD_REGISTRY__INIT;
    uint8_t digest[STORE_DIGEST] = { 0 };
    command.registry = (char *)"poverty";
    command.period = (char *)"2026-10";
    command.file_sha256 = (ProtobufCBinaryData){ sizeof digest, digest };
    command.size = 1;
    assert_int_equal (bureau_tell (&bureau, &bureau.office.officer, uuid_new (clock_now ()), &command),
                      PADAN__OUTCOME__OUTCOME_FORBIDDEN);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (verdict_is_made_again_after_a_registry_switched),
        cmocka_unit_test (bad_rows_are_told_page_by_page),
        cmocka_unit_test (killed_load_goes_on_from_the_last_chunk),
        cmocka_unit_test (snapshots_are_listed_with_the_current_one),
        cmocka_unit_test (kelurahan_may_not_load),
    };
    return cmocka_run_group_tests (tests, open_bureau, close_bureau);
}
