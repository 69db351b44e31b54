#include "services/batching/batch_file.h"
#include "tests/unit/services/batching/fixture.h"

static void
titles_are_those_of_the_form (void **state)
{
    TEXT_AUTO struct text_buffer out = TEXT_BUFFER (BATCH_ROW_MAX);
    batch_file_titles (&batch_form_34, &out);
    assert_int_equal (batch_form_34.n_columns, 34);
    assert_int_equal (strncmp (out.data, "No,No KK,NIK/KITAS/KITAP,Nama Lengkap,HUBKEL,Tempat Lahir,Tgl Lahir,", 66),
                      0);
    assert_non_null (strstr (out.data, "NPWP,No Passport\r\n"));
}

static void
every_relation_has_its_pisa_code (void **state)
{
    static const char *const expected[] = { "5", "1", "2", "3", "4", "5", "5", "5", "5", "5", "5", "5" };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_string_equal (batch_form_34.relations[i], expected[i]);
}

static void
a_person_is_a_line (void **state)
{
    TEXT_AUTO struct text_buffer out = TEXT_BUFFER (BATCH_ROW_MAX);
    Padan__Common__V1__Dossier dossier = PADAN__COMMON__V1__DOSSIER__INIT;
    Padan__Common__V1__Address address = PADAN__COMMON__V1__ADDRESS__INIT;
    Padan__Common__V1__Member member = PADAN__COMMON__V1__MEMBER__INIT;
    dossier.kk = (char *)"1272010101150001";
    dossier.address = &address;
    address.street = (char *)"@SUM(A1), Jalan \"Melati\"";
    address.rt = (char *)"001";
    address.rw = (char *)"002";
    address.postal_code = (char *)"21111";
    address.village = (char *)"12.72.01.1003";
    address.village_name = (char *)"Simalungun";
    member.nik = (char *)"1272015203850001";
    member.name = (char *)"SITI RUMONDANG";
    member.relation = PADAN__COMMON__V1__RELATION__RELATION_WIFE;
    member.birth_place = (char *)"Pematangsiantar";
    member.birth_date = (char *)"1985-03-12";
    member.sex = PADAN__COMMON__V1__SEX__SEX_FEMALE;
    member.marital = PADAN__COMMON__V1__MARITAL__MARITAL_MARRIED;
    batch_file_row (&batch_form_34, 7, &dossier, &member, &out);
    assert_string_equal (out.data,
                         "7,1272010101150001,1272015203850001,SITI RUMONDANG,3,Pematangsiantar,12/03/1985,2,2,"
                         "\"'@SUM(A1), Jalan \"\"Melati\"\"\",001,002,21111,12.72.01,,12.72.01.1003,Simalungun,"
                         ",,,,,,,,,3,,,1,,,,\r\n");
}

static void
what_is_unknown_stays_empty (void **state)
{
    TEXT_AUTO struct text_buffer out = TEXT_BUFFER (BATCH_ROW_MAX);
    Padan__Common__V1__Dossier dossier = PADAN__COMMON__V1__DOSSIER__INIT;
    Padan__Common__V1__Member member = PADAN__COMMON__V1__MEMBER__INIT;
    member.relation = (Padan__Common__V1__Relation)99;
    batch_file_row (&batch_form_34, 1, &dossier, &member, &out);
    assert_string_equal (out.data, "1,,,,,,,,,,,,,,,,,,,,,,,,,,3,,,1,,,,\r\n");
}

static void
the_manifest_says_what_the_file_is (void **state)
{
    TEXT_AUTO struct text_buffer out = TEXT_BUFFER (BATCH_ROW_MAX);
    struct batch_row batch = { .track = "baru", .number = "BARU-2026-0001", .closed_at = HARNESS_NOW };
    uint8_t digest[STORE_DIGEST] = { 0xab };
    struct text_buffer newborns = TEXT_BUFFER (BATCH_ROW_MAX);
    struct batch_manifest manifest = { &batch, "12.72", batch_form_34.version, digest, 812, 3, &newborns };
    batch_manifest_write (&manifest, &out);
    assert_string_equal (
        out.data, "{\n  \"batch\": \"BARU-2026-0001\",\n  \"batch_id\": \"00000000-0000-0000-0000-000000000000\","
                  "\n  \"track\": \"baru\",\n  \"tenant\": \"12.72\",\n  \"closed_at\": "
                  "\"2026-11-23T00:00:00.000000Z\",\n  \"form\": \"bpjs-34-kolom/1\",\n  \"rows\": 3,\n  "
                  "\"size\": 812,\n  \"sha256\": "
                  "\"ab00000000000000000000000000000000000000000000000000000000000000\"\n}\n");
}

static void
the_manifest_says_whose_child_has_no_nik (void **state)
{
    TEXT_AUTO struct text_buffer out = TEXT_BUFFER (BATCH_ROW_MAX), newborns = TEXT_BUFFER (BATCH_ROW_MAX);
    struct batch_row batch = { .track = "baru", .number = "BARU-2026-0001", .closed_at = HARNESS_NOW };
    uint8_t digest[STORE_DIGEST] = { 0 };
    struct batch_manifest manifest = { &batch, "12.72", batch_form_34.version, digest, 812, 3, &newborns };
    batch_newborn_add (2, "1272015203850001", &newborns);
    batch_newborn_add (9, "1272015203850002", &newborns);
    batch_manifest_write (&manifest, &out);
    assert_non_null (strstr (out.data,
                             ",\n  \"newborns\": [\n    { \"line\": 2, \"mother_nik\": \"1272015203850001\" },"
                             "\n    { \"line\": 9, \"mother_nik\": \"1272015203850002\" }\n  ]\n}\n"));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (titles_are_those_of_the_form),
        cmocka_unit_test (every_relation_has_its_pisa_code),
        cmocka_unit_test (a_person_is_a_line),
        cmocka_unit_test (what_is_unknown_stays_empty),
        cmocka_unit_test (the_manifest_says_what_the_file_is),
        cmocka_unit_test (the_manifest_says_whose_child_has_no_nik),
    };
    return cmocka_run_group_tests_name ("services/batching/batch_file", tests, NULL, NULL);
}
