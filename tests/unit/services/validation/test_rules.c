#include "common/domain/nik.h"
#include "tests/unit/services/validation/facts.h"

static struct person person;

static struct finding
find (rule_fn *rule)
{
    struct finding finding = { .kind = FOUND, .outcome = "" };
    rule (&person.facts, &finding);
    return finding;
}

#define assert_outcome(RULE, OUTCOME)                                                                                  \
    do {                                                                                                               \
        struct finding finding_ = find (RULE);                                                                         \
        assert_int_equal (finding_.kind, FOUND);                                                                       \
        assert_string_equal (finding_.outcome, OUTCOME);                                                               \
    } while (0)
#define assert_evidence(RULE, PART) assert_non_null (strstr (find (RULE).evidence, PART))

static int
setup (void **state)
{
    static struct dukcapil_policy policy = { .name = "siantar-padan", .version = 4 };
    person_make (&person, NULL);
    person.facts.policy = &policy;
    return 0;
}

static void
nik_is_judged_by_its_structure (void **state)
{
    assert_outcome (rule_nik, "valid");
    person.member.sex = 1;
    assert_outcome (rule_nik, "odd");
    assert_evidence (rule_nik, "jenis kelamin");
    person.member.nik = 0;
    person.member.nik_reason = NIK_SCIENTIFIC;
    assert_outcome (rule_nik, "invalid");
    assert_evidence (rule_nik, "nik.scientific");
    person.member.nik_reason = NIK_EMPTY;
    assert_outcome (rule_nik, "missing");
}

static void
newborn_is_judged_under_the_mother (void **state)
{
    static const struct membership mother = { "PEKERJA MANDIRI", "MANDIRI", "AKTIF" };
    person.member.nik = 0;
    person.member.nik_reason = NIK_EMPTY;
    person.member.mother_nik = 1272014101900001;
    person.facts.under_mother = true;
    assert_true (facts_is_newborn (&person.facts));
    assert_outcome (rule_nik, "missing");
    assert_evidence (rule_nik, "NIK ibu");
    assert_true (facts_conditions (&person.facts) >> CONDITION_NEWBORN & 1);
    assert_outcome (rule_dukcapil, "padan");
    person.answer.result = DUKCAPIL_DEAD;
    assert_outcome (rule_dukcapil, "padan_dengan_catatan");
    person.answer.result = DUKCAPIL_NOT_FOUND;
    assert_outcome (rule_dukcapil, "perlu_konfirmasi");
    person.facts.memberships = &mother;
    person.facts.n_memberships = 1;
    assert_outcome (rule_membership, "none");
}

static void
kk_is_judged_by_its_structure (void **state)
{
    assert_outcome (rule_kk, "valid");
    person.application.kk = 0;
    person.application.kk_reason = NIK_MASKED;
    assert_outcome (rule_kk, "invalid");
    assert_evidence (rule_kk, "nik.masked");
}

static void
dukcapil_names_policy_and_fields (void **state)
{
    person.answer.result = DUKCAPIL_MISMATCH;
    person.answer.field_count = 2;
    person.answer.fields[0] = (struct dukcapil_field){ "NAMA_LGKP", DUKCAPIL_DIFFERENT, 59, true };
    person.answer.fields[1] = (struct dukcapil_field){ "TGL_LHR", DUKCAPIL_SAME, -1, false };
    assert_outcome (rule_dukcapil, "tidak_padan");
    assert_evidence (rule_dukcapil, "siantar-padan v4");
    assert_evidence (rule_dukcapil, "NAMA_LGKP beda 59");
    assert_null (strstr (find (rule_dukcapil).evidence, "TGL_LHR"));
}

static void
dukcapil_that_does_not_answer_waits (void **state)
{
    person.facts.dukcapil = NULL;
    person.facts.dukcapil_why = "timeout";
    assert_int_equal (find (rule_dukcapil).kind, UNANSWERED);
    assert_evidence (rule_dukcapil, "timeout");
    person.facts.dukcapil_asked = false;
    assert_int_equal (find (rule_dukcapil).kind, NOTHING);
}

static void
poverty_goes_by_person_then_family (void **state)
{
    assert_outcome (rule_poverty, "by_nik");
    assert_evidence (rule_poverty, "2026-09 v3; desil 2");
    person.facts.poverty_by_nik = false;
    person.facts.poverty_by_kk = true;
    person.facts.poverty_decile = 0;
    assert_outcome (rule_poverty, "by_kk");
    assert_evidence (rule_poverty, "belum diperingkat");
    person.facts.poverty_by_kk = false;
    assert_outcome (rule_poverty, "not_found");
    person.facts.poverty_version = 0;
    assert_int_equal (find (rule_poverty).kind, NOT_LOADED);
}

static void
membership_is_segment_payer_and_status (void **state)
{
    static const struct {
        struct membership row;
        const char *outcome;
    } cases[] = {
        { { "PEKERJA MANDIRI", "MANDIRI", "AKTIF" }, "mandiri_active" },
        { { "PEKERJA MANDIRI", "MANDIRI", "NON AKTIF KARENA PREMI" }, "mandiri_inactive" },
        { { "PBI JAMINAN KESEHATAN", "APBN", "AKTIF" }, "national_active" },
        { { "PBI (APBN)", "", "0" }, "national_active" },
        { { "PBI JAMINAN KESEHATAN", "APBN", "NON AKTIF" }, "national_inactive" },
        { { "PBPU DAN BP PEMERINTAH DAERAH", "APBD KOTA PEMATANGSIANTAR", "AKTIF" }, "local_active" },
        { { "PBPU DAN BP PEMERINTAH DAERAH", "APBD PROVINSI SUMATERA UTARA", "AKTIF" }, "province_active" },
        { { "PBI (APBD)", "", "9" }, "local_inactive" },
        { { "PBPU", "", "15" }, "mandiri_inactive" },
        { { "PEGAWAI SWASTA", "", "AKTIF" }, "worker_active" },
        { { "PNS DAERAH", "", "Penangguhan Peserta" }, "worker_inactive" },
        { { "PBI JAMINAN KESEHATAN", "APBN", "MENINGGAL DUNIA" }, "dead" },
        { { "SEGMEN BARU", "", "AKTIF" }, "other" },
        { { "PEKERJA MANDIRI", "", "STATUS 77" }, "other" },
    };
    assert_outcome (rule_membership, "none");
    person.facts.n_memberships = 1;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        person.facts.memberships = &cases[i].row;
        assert_outcome (rule_membership, cases[i].outcome);
    }
    person.facts.membership_version = 0;
    assert_int_equal (find (rule_membership).kind, NOT_LOADED);
}

/* What is shown of a long cell ends with a whole character, or nobody could read the verdict. */
static void
evidence_cuts_no_character (void **state)
{
    char payer[601] = "";
    const struct membership rows[2] = { { "PEKERJA MANDIRI", payer, "AKTIF" }, { "PEKERJA MANDIRI", payer, "AKTIF" } };
    person.facts.memberships = rows;
    person.facts.n_memberships = 2;
    for (size_t before = 0; before < 3; before++) {
        memset (payer, 'a', before);
        for (size_t i = before; i + 3 < sizeof payer; i += 3)
            memcpy (payer + i, "\u20ac", 4);
        struct finding finding = find (rule_membership);
        assert_true (utf8_valid (finding.evidence, strlen (finding.evidence)));
        assert_non_null (strstr (finding.evidence, "; AKTIF; kartu lebih dari satu"));
    }
}

static void
active_membership_counts_before_inactive (void **state)
{
    static const struct membership rows[] = {
        { "PEKERJA MANDIRI", "MANDIRI", "NON AKTIF KARENA PREMI" },
        { "PBI JAMINAN KESEHATAN", "APBN", "NON AKTIF" },
        { "PBPU DAN BP PEMERINTAH DAERAH", "APBD KOTA", "AKTIF" },
    };
    person.facts.memberships = rows;
    person.facts.n_memberships = 3;
    assert_outcome (rule_membership, "local_active");
    assert_evidence (rule_membership, "lebih dari satu");
}

static void
double_says_where_only_of_this_office (void **state)
{
    assert_outcome (rule_double, "none");
    person.facts.holding = HELD_BY_US;
    assert_outcome (rule_double, "none");
    person.facts.holding = HELD_HERE;
    assert_outcome (rule_double, "same_office");
    person.facts.holding = HELD_ELSEWHERE;
    assert_outcome (rule_double, "elsewhere");
    assert_string_equal (find (rule_double).evidence, "");
    person.member.claim = (struct uuid){ 0 };
    assert_int_equal (find (rule_double).kind, NOTHING);
}

static void
age_and_words_become_conditions (void **state)
{
    person.member.conditions = "pregnant nonsense ill";
    profile_conditions set = facts_conditions (&person.facts);
    assert_true (set >> CONDITION_ADULT & 1);
    assert_true (set >> CONDITION_PREGNANT & 1);
    assert_true (set >> CONDITION_ILL & 1);
    assert_true (set >> CONDITION_REGISTERED & 1);
    assert_false (set >> CONDITION_CHILD & 1);
    date_parse ("2009-11-24", 10, &person.member.birth_date); /* 17 tomorrow */
    assert_true (facts_conditions (&person.facts) >> CONDITION_CHILD & 1);
    date_parse ("2009-11-23", 10, &person.member.birth_date);
    assert_true (facts_conditions (&person.facts) >> CONDITION_ADULT & 1);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup (nik_is_judged_by_its_structure, setup),
        cmocka_unit_test_setup (newborn_is_judged_under_the_mother, setup),
        cmocka_unit_test_setup (kk_is_judged_by_its_structure, setup),
        cmocka_unit_test_setup (dukcapil_names_policy_and_fields, setup),
        cmocka_unit_test_setup (dukcapil_that_does_not_answer_waits, setup),
        cmocka_unit_test_setup (poverty_goes_by_person_then_family, setup),
        cmocka_unit_test_setup (membership_is_segment_payer_and_status, setup),
        cmocka_unit_test_setup (evidence_cuts_no_character, setup),
        cmocka_unit_test_setup (active_membership_counts_before_inactive, setup),
        cmocka_unit_test_setup (double_says_where_only_of_this_office, setup),
        cmocka_unit_test_setup (age_and_words_become_conditions, setup),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
