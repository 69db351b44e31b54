/* Every event that a service declares has its row: held against proto/. */
#include <stdio.h>

#include "tests/unit/services/journal/history.h"

/* Messages between "// ---- events" and the next heading. */
static void
every_event_has_a_row (void **state)
{
    static const char *const services[] = {
        "accounts", "intake", "validation", "approval", "batching", "distribution"
    };
    size_t n = 0;
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        char path[64], line[4096], name[96], type[160];
        bool inside = false;
        snprintf (path, sizeof path, "proto/%s.proto", services[i]);
        FILE *file = fopen (path, "r");
        assert_non_null (file);
        while (fgets (line, sizeof line, file)) {
            if (strncmp (line, "// ----", 7) == 0)
                inside = strncmp (line, "// ---- events", 14) == 0;
            if (!inside || sscanf (line, "message %95[A-Za-z0-9]", name) != 1)
                continue;
            snprintf (type, sizeof type, "padan.%s.v1.%s", services[i], name);
            if (!event_type_find (type))
                fail_msg ("%s has no row in journal_types.c", type);
            n++;
        }
        fclose (file);
    }
    assert_true (n > 30);
}

static void
rows_are_complete (void **state)
{
    for (const struct event_type *type = event_types; type->type; type++) {
        assert_non_null (type->kind);
        assert_true (type->text && *type->text);
        assert_ptr_equal (event_type_find (type->type->name), type);
        assert_true (!type->holder || type->waits_for);
        assert_true (!strstr (type->text, "{0}") || type->detail);
        assert_true (!strstr (type->text, "{1}") || type->code);
        assert_true (type->people == PEOPLE_SAME || type->people == PEOPLE_ARE || type->outcome);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_event_has_a_row),
        cmocka_unit_test (rows_are_complete),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
