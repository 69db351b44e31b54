#include "services/intake/import_store.h"
#include "tests/unit/services/intake/fixture.h"

struct starting {
    Padan__Intake__V1__StartImport command;
    struct intake_facts facts;
};

static void
starting_make (struct starting *starting)
{
    static uint8_t digest[32] = { 1 };
    padan__intake__v1__start_import__init (&starting->command);
    starting->command.kind = (char *)"proposals";
    starting->command.period = (char *)"2026-11";
    starting->command.source = (char *)"SIKS-NG";
    starting->command.file_sha256 = (ProtobufCBinaryData){ sizeof digest, digest };
    starting->command.size = 1000;
    starting->facts = (struct intake_facts){ .profile = siantar (), .file_stored = true };
}

static enum rc
start (struct harness *harness, struct starting *starting)
{
    harness_command (harness, harness_id ('i'), &starting->command)->facts = &starting->facts;
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, "");
    return harness_run (harness, on_start_import, on_start_import_keys);
}

static void
it_becomes_due_work (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct starting starting;
    starting_make (&starting);
    assert_rc (start (harness, &starting), RC_OK);
    assert_int_equal (harness_events (harness), 0);
    assert_int_equal (harness_due_of (harness, "import")->input_version, 0);
    const struct import *row = harness_find (harness, &import_table, harness_id ('i'));
    assert_string_equal (row->state, "queued");
    assert_int_equal (row->line, 1);
    assert_memory_equal (row->profile_sha256.data, siantar ()->hash, PROFILE_HASH);
    struct uuid person = harness_id ('p');
    assert_memory_equal (&row->started_by, &person, sizeof person);
    const Padan__Intake__V1__ImportReply *reply = harness_reply (harness, &padan__intake__v1__import_reply__descriptor);
    assert_memory_equal (reply->import_id.data, &row->id, sizeof row->id);
    assert_refused (start (harness, &starting), RC_CONFLICT, "common.exists", NULL);
}

static void
wrong_fields_are_named (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct starting starting;
    char long_one[300];
    memset (long_one, 'x', sizeof long_one - 1);
    long_one[sizeof long_one - 1] = '\0';
#define WRONG(CHANGE, CODE, FIELD)                                                                                     \
    do {                                                                                                               \
        starting_make (&starting);                                                                                     \
        CHANGE;                                                                                                        \
        assert_refused (start (harness, &starting), RC_UNPROCESSABLE, CODE, FIELD);                                    \
    } while (0)
    WRONG (starting.command.kind = (char *)"poverty", "intake.import_kind", "/kind");
    WRONG (starting.command.period = (char *)"2026-13", "intake.import_period", "/period");
    WRONG (starting.command.period = (char *)"11/2026", "intake.import_period", "/period");
    WRONG (starting.command.period = (char *)"2027-01", "intake.import_period_ahead", "/period");
    WRONG (starting.command.source = (char *)"", "common.required", "/source");
    WRONG (starting.command.source = long_one, "common.too_long", "/source");
    WRONG (starting.facts.file_stored = false, "intake.import_file", "/file_sha256");
    assert_null (harness_find (harness, &import_table, harness_id ('i')));
}

/* A correction of what was pushed before is for that month; next month's may come early. */
static void
past_and_next_month_are_taken (void **state)
{
    static const char *const periods[] = { "2024-01", "2026-10", "2026-12" };
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
        struct starting starting;
        starting_make (&starting);
        starting.command.period = (char *)periods[i];
        assert_rc (start (harness, &starting), RC_OK);
    }
}

static void
it_takes_the_whole_tenant_and_an_id (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct starting starting;
    starting_make (&starting);
    harness_command (harness, harness_id ('i'), &starting.command)->facts = &starting.facts;
    harness_grant (harness, PADAN__ROLE__ROLE_INTEGRATOR, VILLAGE);
    assert_refused (harness_run (harness, on_start_import, on_start_import_keys), RC_FORBIDDEN, "common.forbidden",
                    NULL);
    harness_grant (harness, PADAN__ROLE__ROLE_INTEGRATOR, "");
    harness->message.subject = (struct uuid){ 0 };
    assert_refused (harness_run (harness, on_start_import, on_start_import_keys), RC_INVALID, "common.required", NULL);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (it_becomes_due_work),
        cmocka_unit_test (wrong_fields_are_named),
        cmocka_unit_test (past_and_next_month_are_taken),
        cmocka_unit_test (it_takes_the_whole_tenant_and_an_id),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
