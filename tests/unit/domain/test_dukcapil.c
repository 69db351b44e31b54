#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "common/domain/dukcapil.h"

static const struct dukcapil_policy policy = {
    .name = "test",
    .version = 1,
    .threshold = 85,
    .rule_count = 4,
    .rules = { { .field = "NIK" },
               { .field = "NAMA_LGKP", .need = DUKCAPIL_SCORE, .minimum = 90, .confirm = 70 },
               { .field = "TGL_LHR" },
               { .field = "ALAMAT", .need = DUKCAPIL_WARN, .optional = true } },
};

static enum dukcapil_result
judge (const char *nik, const char *name, const char *birth, const char *address, struct dukcapil_answer *answer)
{
    const struct dukcapil_pair pairs[] = { { "nik", nik, "1272010101900001" },
                                           { "NAMA_LGKP", name, "BUDI SANTOSO" },
                                           { "TGL_LHR", birth, "01-01-1990" },
                                           { "ALAMAT", address, NULL } };
    dukcapil_judge (&policy, pairs, 4, answer);
    assert_int_equal (answer->class, DUKCAPIL_VERDICT);
    return answer->result;
}

static void
test_fields (void **state)
{
    (void)state;
    struct dukcapil_answer answer;
    assert_int_equal (judge ("Sesuai", "Sesuai (100)", "SESUAI", NULL, &answer), DUKCAPIL_PADAN);
    assert_false (answer.fields[1].decided);
    assert_int_equal (judge ("1272010101900001", "Sesuai", "Sesuai", NULL, &answer), DUKCAPIL_PADAN);
    assert_int_equal (judge ("Sesuai", "Sesuai (93)", "Sesuai", NULL, &answer), DUKCAPIL_NOTED);
    assert_true (answer.fields[1].decided);
    assert_int_equal (answer.fields[1].score, 93);
    assert_int_equal (judge ("Sesuai", "Tidak Sesuai (75)", "Sesuai", NULL, &answer), DUKCAPIL_CONFIRM);
    assert_int_equal (judge ("Sesuai", "Tidak Sesuai (59)", "Sesuai", NULL, &answer), DUKCAPIL_MISMATCH);
    assert_int_equal (judge ("Sesuai", "Tidak Sesuai", "Sesuai", NULL, &answer), DUKCAPIL_MISMATCH);
    assert_int_equal (judge ("Sesuai", "Sesuai (100)", "Tidak Sesuai", NULL, &answer), DUKCAPIL_MISMATCH);
    assert_true (answer.fields[2].decided);
    assert_false (answer.fields[1].decided);
    assert_int_equal (judge ("Sesuai", "Sesuai (100)", "Sesuai", "Tidak Sesuai (3)", &answer), DUKCAPIL_NOTED);
    assert_int_equal (judge ("1272010101900002", "Sesuai (100)", "Sesuai", NULL, &answer), DUKCAPIL_MISMATCH);
}

static void
test_unanswered_fields_go_to_a_person (void **state)
{
    (void)state;
    struct dukcapil_answer answer;
    assert_int_equal (judge ("Sesuai", "Sesuai (100)", NULL, NULL, &answer), DUKCAPIL_CONFIRM);
    assert_int_equal (answer.fields[2].match, DUKCAPIL_UNANSWERED);
    dukcapil_judge (&policy, NULL, 0, &answer);
    assert_int_equal (answer.result, DUKCAPIL_CONFIRM);
}

static void
test_codes (void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum dukcapil_class class;
        enum dukcapil_result result;
    } cases[] = {
        { "03", DUKCAPIL_SETUP, DUKCAPIL_NONE },
        { "05", DUKCAPIL_WAIT, DUKCAPIL_NONE },
        { "5", DUKCAPIL_WAIT, DUKCAPIL_NONE },
        { "06", DUKCAPIL_WAIT, DUKCAPIL_NONE },
        { "07", DUKCAPIL_SETUP, DUKCAPIL_NONE },
        { "08", DUKCAPIL_VERDICT, DUKCAPIL_NOT_FOUND },
        { "11", DUKCAPIL_VERDICT, DUKCAPIL_DEAD },
        { "12", DUKCAPIL_VERDICT, DUKCAPIL_DOUBLE },
        { "13", DUKCAPIL_VERDICT, DUKCAPIL_NOT_FOUND },
        { "14", DUKCAPIL_VERDICT, DUKCAPIL_INACTIVE },
        { "15", DUKCAPIL_VERDICT, DUKCAPIL_NOT_FOUND },
        { "17", DUKCAPIL_SETUP, DUKCAPIL_NONE },
        { "2", DUKCAPIL_VERDICT, DUKCAPIL_CONFIRM },
        { "99", DUKCAPIL_VERDICT, DUKCAPIL_CONFIRM },
        { "<html>", DUKCAPIL_VERDICT, DUKCAPIL_CONFIRM },
        { "123", DUKCAPIL_VERDICT, DUKCAPIL_CONFIRM },
    };
    struct dukcapil_answer answer;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dukcapil_pair pair = { "RESPONSE_CODE", cases[i].code, NULL };
        dukcapil_judge (&policy, &pair, 1, &answer);
        if (answer.class != cases[i].class || answer.result != cases[i].result)
            fail_msg ("%s: %d %s", cases[i].code, answer.class, dukcapil_result_name (answer.result));
    }
    const struct dukcapil_pair found[] = { { "RESPONSE_CODE", "01", NULL },
                                           { "NIK", "Sesuai", NULL },
                                           { "NAMA_LGKP", "Sesuai", NULL },
                                           { "TGL_LHR", "Sesuai", NULL } };
    dukcapil_judge (&policy, found, 4, &answer);
    assert_int_equal (answer.result, DUKCAPIL_PADAN);
    assert_int_equal (dukcapil_http_class (0), DUKCAPIL_WAIT);
    assert_int_equal (dukcapil_http_class (502), DUKCAPIL_WAIT);
    assert_int_equal (dukcapil_http_class (404), DUKCAPIL_SETUP);
}

/* Every part of a rule counts; name and version do not. */
static void
test_policies_compared (void **state)
{
    (void)state;
    struct dukcapil_policy other = policy;
    other.name = "lain";
    other.version = policy.version + 1;
    assert_true (dukcapil_policy_equal (&policy, &other));
    other.rules[1].optional = !other.rules[1].optional;
    assert_false (dukcapil_policy_equal (&policy, &other));
    other = policy;
    other.rules[0].field = "ALAMAT";
    assert_false (dukcapil_policy_equal (&policy, &other));
    other = policy;
    other.rule_count--;
    assert_false (dukcapil_policy_equal (&policy, &other));
    other = policy;
    other.threshold++;
    assert_false (dukcapil_policy_equal (&policy, &other));
}

static void
test_match_texts (void **state)
{
    (void)state;
    bool same;
    int score;
    assert_true (dukcapil_match_parse (" tidak  SESUAI ( 59 ) ", &same, &score) && !same && score == 59);
    assert_true (dukcapil_match_parse ("Sesuai", &same, &score) && same && score == -1);
    assert_false (dukcapil_match_parse ("Sesuai (101)", &same, &score));
    assert_false (dukcapil_match_parse ("Sesuaikan", &same, &score));
    assert_false (dukcapil_match_parse ("", &same, &score));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_fields),      cmocka_unit_test (test_unanswered_fields_go_to_a_person),
        cmocka_unit_test (test_codes),       cmocka_unit_test (test_policies_compared),
        cmocka_unit_test (test_match_texts),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
