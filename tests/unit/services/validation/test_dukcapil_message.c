#include "services/validation/dukcapil_message.h"

#include <string.h>

#include "services/validation/answer_store.h"
#include "tests/support/test.h"

static struct arena *arena;
static const struct dukcapil_pair fields[] = { { .name = "NIK", .sent = "1272014101900001" },
                                               { .name = "NAMA_LGKP", .sent = "BUDI \"ARTI\"" } };

static const char *
written (const char *keys)
{
    struct dukcapil_settings settings = {
        .keys = (char *)keys, .user = (char *)"u", .password = (char *)"p", .address = (char *)"10.0.0.1"
    };
    struct dukcapil_question question = { .fields = fields, .n_fields = 2, .threshold = 85 };
    struct bytes body;
    struct err err;
    assert_int_equal (dukcapil_message_write (&settings, &question, arena, &body, &err), RC_OK);
    char *text = arena_alloc (arena, body.size + 1);
    memcpy (text, body.data, body.size);
    return text;
}

static void
question_is_written_in_the_case_agreed (void **state)
{
    assert_string_equal (written ("upper"),
                         "{\"NIK\":\"1272014101900001\",\"NAMA_LGKP\":\"BUDI \\\"ARTI\\\"\",\"TRESHOLD\":\"85\","
                         "\"USER_ID\":\"u\",\"PASSWORD\":\"p\",\"IP_USER\":\"10.0.0.1\"}");
    assert_non_null (strstr (written ("lower"), "\"nama_lgkp\""));
    assert_non_null (strstr (written ("lower"), "\"ip_user\""));
    assert_non_null (strstr (written ("mixed"), "\"NAMA_LGKP\""));
    assert_non_null (strstr (written ("mixed"), "\"password\""));
    assert_non_null (strstr (written ("mixed"), "\"IP_USER\""));
}

static struct dukcapil_question
read_text (const char *text, bool expected)
{
    struct dukcapil_question question = { .fields = fields, .n_fields = 2 };
    int64_t quota;
    assert_int_equal (
        dukcapil_message_read ((struct bytes){ (const uint8_t *)text, strlen (text) }, &question, arena, &quota),
        expected);
    return question;
}

static void
answer_is_read_from_its_envelope (void **state)
{
    struct dukcapil_question question = read_text (
        "{\"content\":[{\"NIK\":\"1272014101900001\",\"NAMA_LGKP\":\"Sesuai (97)\",\"X\":{}}],\"quotaLimiter\":9}",
        true);
    assert_int_equal (question.n_pairs, 2);
    assert_string_equal (question.pairs[0].sent, "1272014101900001");
    assert_string_equal (question.pairs[1].value, "Sesuai (97)");
    assert_int_equal (read_text ("{\"content\":[{\"RESPONSE_CODE\":13}]}", true).n_pairs, 1);
    read_text ("<html>Gangguan</html>", false);
    read_text ("{\"content\":[]}", false);
    read_text ("[]", false);
    read_text ("{\"content\":[{\"NIK\":\"Sesuai\",\"NIK\":\"Tidak Sesuai\"}]}", false); /* which one holds? */
}

static void
kept_answer_holds_no_personal_data (void **state)
{
    struct dukcapil_question question = read_text (
        "{\"content\":[{\"NIK\":\"1272014101900001\",\"NAMA_LGKP\":\"Sesuai (97)\",\"ALAMAT\":\"JL. MAWAR 1\"}]}",
        true);
    struct bytes packed = answer_pack (question.pairs, question.n_pairs, arena);
    assert_null (memmem (packed.data, packed.size, "1272014101900001", 16));
    assert_null (memmem (packed.data, packed.size, "MAWAR", 5));
    struct dukcapil_pair *pairs;
    size_t n;
    assert_true (answer_unpack (packed, fields, 2, arena, &pairs, &n));
    assert_int_equal (n, 2);
    assert_string_equal (pairs[0].value, "Sesuai");
    assert_string_equal (pairs[1].value, "Sesuai (97)");
}

static void
question_id_tells_every_field_apart (void **state)
{
    struct dukcapil_pair other[] = { fields[0], { .name = "NAMA_LGKP", .sent = "BUDI" } };
    assert_int_equal (uuid_compare (answer_id (fields, 2, 85), answer_id (fields, 2, 85)), 0);
    assert_int_not_equal (uuid_compare (answer_id (fields, 2, 85), answer_id (fields, 2, 90)), 0);
    assert_int_not_equal (uuid_compare (answer_id (fields, 2, 85), answer_id (fields, 1, 85)), 0);
    assert_int_not_equal (uuid_compare (answer_id (fields, 2, 85), answer_id (other, 2, 85)), 0);
}

int
main (void)
{
    arena = arena_new (16 << 20);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (question_is_written_in_the_case_agreed),
        cmocka_unit_test (answer_is_read_from_its_envelope),
        cmocka_unit_test (kept_answer_holds_no_personal_data),
        cmocka_unit_test (question_id_tells_every_field_apart),
    };
    int failed = cmocka_run_group_tests (tests, NULL, NULL);
    arena_destroy (&arena);
    return failed;
}
