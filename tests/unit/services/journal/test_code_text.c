/* Stories are read by officers: no code of ours stands in them. */
#include "services/journal/journal.h"
#include "services/journal/journal_types.h"
#include "tests/support/test.h"

static void
codes_are_said_in_indonesian (void **state)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 16);
    assert_string_equal (code_text ("block", arena), "tertahan");
    assert_string_equal (code_text ("sktm", arena), "SKTM");
    assert_string_equal (code_text ("paraf_kabid", arena), "paraf kabid");
    assert_string_equal (code_text ("pengalihan", arena), "pengalihan");
}

static void
every_verdict_has_a_word (void **state)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 16);
    const ProtobufCEnumDescriptor *verdicts = &padan__common__v1__verdict__descriptor;
    for (unsigned i = 0; i < verdicts->n_values; i++) {
        char code[64];
        const char *name = verdicts->values[i].name + strlen ("VERDICT_");
        if (verdicts->values[i].value == 0)
            continue;
        size_t size = 0;
        for (; size < sizeof code - 1 && name[size]; size++)
            code[size] = (char)(name[size] == '_' ? '_' : name[size] + 'a' - 'A');
        code[size] = 0;
        assert_string_not_equal (code_text (code, arena), code);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (codes_are_said_in_indonesian),
        cmocka_unit_test (every_verdict_has_a_word),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
