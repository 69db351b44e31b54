/* What officers say of a family, field by field. The commonest refusals are in test_on_enter_application.c too, as they
 * reach the officer. */
#include "common/base/text.h"
#include "services/intake/content.h"
#include "tests/unit/services/intake/fixture.h"

static enum rc
check (struct harness *harness, const struct family *family, struct content_read *ret)
{
    struct content content = { family->enter.track, family->enter.kk, family->enter.address, family->enter.members,
                               family->enter.n_members };
    *ret = (struct content_read){ 0 };
    harness->err = (struct err){ 0 };
    return content_check (&content, siantar (), TODAY, harness->arena, ret, &harness->err);
}

static void
every_wrong_field_is_named (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    struct content_read read;
    struct uuid one = harness_id ('m');
    const ProtobufCBinaryData short_id = { 3, (uint8_t *)"abc" };
    char long_one[300], *odd[] = { (char *)"kaya" };
    memset (long_one, 'x', sizeof long_one - 1);
    long_one[sizeof long_one - 1] = '\0';
#define WRONG(CHANGE, CODE, FIELD)                                                                                     \
    do {                                                                                                               \
        family_make (&family);                                                                                         \
        family.people[3].mother_nik = (char *)MOTHER_NIK;                                                              \
        CHANGE;                                                                                                        \
        assert_refused (check (harness, &family, &read), RC_UNPROCESSABLE, CODE, FIELD);                               \
    } while (0)
    WRONG (family.enter.track = (char *)"", "intake.track", "/track");
    WRONG (family.enter.kk = (char *)"1272010101150000", "nik.serial", "/kk");
    WRONG (family.enter.address = NULL, "common.required", "/address/street");
    WRONG (family.address.street = long_one, "common.too_long", "/address/street");
    WRONG (family.address.rt = long_one, "common.too_long", "/address/rt");
    WRONG (family.address.rw = long_one, "common.too_long", "/address/rw");
    WRONG (family.address.village = (char *)"", "common.required", "/address/village");
    WRONG (family.address.village = (char *)"12.72.1.1003", "intake.village", "/address/village");
    WRONG (family.address.village_name = long_one, "common.too_long", "/address/village_name");
    WRONG (family.address.postal_code = long_one, "common.too_long", "/address/postal_code");
    WRONG (family.enter.n_members = MEMBERS_MAX + 1, "intake.members", "/members");
    WRONG (family.people[1].member_id = short_id, "intake.member_unknown", "/members/1/member_id");
    WRONG (family.people[0].member_id = family.people[2].member_id = uuid_field (&one), "intake.member_unknown",
           "/members/2/member_id");
    WRONG (family.people[2].name = long_one, "common.too_long", "/members/2/name");
    WRONG (family.people[2].birth_place = long_one, "common.too_long", "/members/2/birth_place");
    WRONG (family.people[2].phone = long_one, "common.too_long", "/members/2/phone");
    WRONG (family.people[2].birth_date = (char *)"1895-01-01", "intake.birth_date", "/members/2/birth_date");
    WRONG (family.people[2].relation = 99, "intake.relation", "/members/2/relation");
    WRONG (family.people[2].sex = 7, "intake.sex", "/members/2/sex");
    WRONG (family.people[2].marital = 9, "intake.marital", "/members/2/marital");
    WRONG (family.people[2].conditions = odd;
           family.people[2].n_conditions = 1, "intake.condition", "/members/2/conditions");
    WRONG (family.people[2].nik = (char *)"";
           family.people[2].mother_nik = (char *)MOTHER_NIK, "intake.newborn_old", "/members/2/nik");
    WRONG (family.enter.n_members = 4;
           family.people[3].mother_nik = (char *)"", "intake.nik_missing", "/members/3/nik");
    WRONG (family.enter.n_members = 4;
           family.people[3].mother_nik = (char *)"127201", "nik.length", "/members/3/mother_nik");
}

static void
what_is_read_is_cleaned (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    struct content_read read;
    char *known[] = { (char *)"pregnant", (char *)"ill" };
    family_make (&family);
    family.address.street = (char *)"  Jalan\tMelati 4\n";
    family.people[1].name = (char *)" SITI RUMONDANG ";
    family.people[1].conditions = known;
    family.people[1].n_conditions = 2;
    family.people[3].mother_nik = (char *)MOTHER_NIK;
    family.enter.n_members = 4;
    assert_rc (check (harness, &family, &read), RC_OK);
    assert_string_equal (read.street, "Jalan Melati 4");
    assert_string_equal (read.members[1].name, "SITI RUMONDANG");
    assert_int_equal (read.members[1].conditions, 1 << CONDITION_PREGNANT | 1 << CONDITION_ILL);
    assert_int_equal (read.members[3].nik, 0);
    assert_int_equal (read.members[3].mother_nik, 1272015203850002);
    assert_true (read.members[3].conditions & 1 << CONDITION_NEWBORN);
}

/* A correction that changes any one field is a change. */
static void
every_field_counts (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    struct content_read read;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    struct application row = *family_row (harness, 'a');
    char *ill[] = { (char *)"ill" };
    assert_rc (check (harness, &family, &read), RC_OK);
    assert_true (content_same (&read, &row));
    assert_true (member_same (&read.members[2], &row.members[2]));
#define DIFFERS(CHANGE, WHOLE)                                                                                         \
    do {                                                                                                               \
        family_make (&family);                                                                                         \
        CHANGE;                                                                                                        \
        assert_rc (check (harness, &family, &read), RC_OK);                                                            \
        assert_int_equal (!content_same (&read, &row), WHOLE);                                                         \
        assert_int_equal (!member_same (&read.members[2], &row.members[2]), !(WHOLE));                                 \
    } while (0)
    DIFFERS (family.enter.track = (char *)"pengalihan", true);
    DIFFERS (family.enter.kk = (char *)"1272010101150005", true);
    DIFFERS (family.address.street = (char *)"Jalan Mawar 1", true);
    DIFFERS (family.address.rt = (char *)"001", true);
    DIFFERS (family.address.rw = (char *)"002", true);
    DIFFERS (family.address.village = (char *)"12.72.01.1004", true);
    DIFFERS (family.address.village_name = (char *)"Bah Kapul", true);
    DIFFERS (family.address.postal_code = (char *)"21142", true);
    DIFFERS (family.people[2].nik = (char *)"1272014505120009", false);
    DIFFERS (family.people[2].name = (char *)"ROSA", false);
    DIFFERS (family.people[2].relation = PADAN__COMMON__V1__RELATION__RELATION_OTHER, false);
    DIFFERS (family.people[2].birth_place = (char *)"MEDAN", false);
    DIFFERS (family.people[2].birth_date = (char *)"2012-05-06", false);
    DIFFERS (family.people[2].sex = PADAN__COMMON__V1__SEX__SEX_MALE, false);
    DIFFERS (family.people[2].marital = PADAN__COMMON__V1__MARITAL__MARITAL_MARRIED, false);
    DIFFERS (family.people[2].phone = (char *)"0812", false);
    DIFFERS (family.people[2].conditions = ill; family.people[2].n_conditions = 1, false);
}

static void
ages_are_whole_years (void **state)
{
    int32_t birth = date_of (2009, 11, 23);
    assert_int_equal (age_on (birth, date_of (2026, 11, 22)), 16);
    assert_int_equal (age_on (birth, date_of (2026, 11, 23)), 17);
    assert_int_equal (age_on (date_of (2008, 2, 29), date_of (2026, 2, 28)), 17);
    assert_int_equal (age_on (birth, birth), 0);
}

static void
a_village_is_in_its_office (void **state)
{
    assert_true (village_is_in ("12.72.01.1003", "12.72"));
    assert_false (village_is_in ("12.71.01.1003", "12.72"));
    assert_false (village_is_in ("12.72.01.100", "12.72"));
    assert_false (village_is_in ("12.72.01.10033", "12.72"));
    assert_false (village_is_in ("12.72.01.1003", "12.7"));
    assert_false (village_is_in ("12.72.0a.1003", "12.72"));
}

/* A newborn has no number that would tell one from two. */
static void
a_newborn_is_named_once (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    struct content_read read;
    family_make (&family);
    family.enter.n_members = 4;
    family.people[3].mother_nik = (char *)MOTHER_NIK;
    family.people[2] = family.people[3];
    family.people[2].name = (char *)"Bayi Rosa";
    assert_refused (check (harness, &family, &read), RC_UNPROCESSABLE, "intake.newborn_double", "/members/3/name");
    family.people[2].sex = PADAN__COMMON__V1__SEX__SEX_FEMALE;
    assert_rc (check (harness, &family, &read), RC_OK);
    family.people[2].sex = family.people[3].sex;
    family.people[2].name = (char *)"BAYI ROSA 2";
    assert_rc (check (harness, &family, &read), RC_OK);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_newborn_is_named_once), cmocka_unit_test (every_wrong_field_is_named),
        cmocka_unit_test (what_is_read_is_cleaned), cmocka_unit_test (every_field_counts),
        cmocka_unit_test (ages_are_whole_years),    cmocka_unit_test (a_village_is_in_its_office),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
