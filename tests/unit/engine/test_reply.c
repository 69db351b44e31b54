/* A refusal as it travels: its code, and every field that is wrong. */
#include "common/engine/batch.h"
#include "tests/support/test.h"

static const Padan__Reply *
told (struct arena *arena, const struct err *err)
{
    struct bytes bytes = reply_refusal (arena, err);
    const Padan__Reply *reply = padan__reply__unpack (arena_protobuf (arena), bytes.size, bytes.data);
    assert_non_null (reply);
    return reply;
}

static void
a_refusal_names_its_field (void **state)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    struct err err;
    err_code (&err, RC_UNPROCESSABLE, "uji.satu", "/a/0", "never told");
    err_argument (&err, "1272-7K3M2-F5HQ4");
    const Padan__Reply *reply = told (arena, &err);
    assert_int_equal (reply->outcome, PADAN__OUTCOME__OUTCOME_UNPROCESSABLE);
    assert_string_equal (reply->problem->code, "uji.satu");
    assert_string_equal (reply->problem->arguments[0], "1272-7K3M2-F5HQ4");
    assert_int_equal (reply->problem->n_fields, 1);
    assert_string_equal (reply->problem->fields[0]->pointer, "/a/0");
    assert_string_equal (reply->problem->fields[0]->arguments[0], "1272-7K3M2-F5HQ4");
}

static void
all_that_is_wrong_is_named (void **state)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    struct err_field fields[100];
    struct err err;
    for (size_t i = 0; i < 100; i++)
        fields[i] = (struct err_field){ .code = "uji.isi", .field = arena_printf (arena, "/a/%zu", i) };
    fields[99].argument = "Fotokopi KTP";
    err_code (&err, RC_CONFLICT, "uji.banyak", "", "never told");
    assert_int_equal (err_fields (&err, fields, 100), RC_CONFLICT);
    const Padan__Reply *reply = told (arena, &err);
    assert_int_equal (reply->problem->n_arguments, 0);
    assert_int_equal (reply->problem->n_fields, 100);
    assert_int_equal (reply->problem->fields[0]->n_arguments, 0);
    assert_string_equal (reply->problem->fields[99]->pointer, "/a/99");
    assert_string_equal (reply->problem->fields[99]->code, "uji.isi");
    assert_string_equal (reply->problem->fields[99]->arguments[0], "Fotokopi KTP");
    err_code (&err, RC_CONFLICT, "uji.lain", "", "another error in the same place");
    assert_int_equal (told (arena, &err)->problem->n_fields, 0);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_refusal_names_its_field),
        cmocka_unit_test (all_that_is_wrong_is_named),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
