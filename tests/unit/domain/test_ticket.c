#include <stdio.h>

#include "common/domain/ticket.h"
#include "tests/support/test.h"

static void
it_is_the_same_for_the_same_application (void **state)
{
    char one[TICKET_TEXT], two[TICKET_TEXT];
    struct uuid id = uuid_of ("a", 1), other = uuid_of ("b", 1);
    assert_string_equal (ticket_make ("12.72", id, one), ticket_make ("12.72", id, two));
    assert_int_equal (strlen (one), sizeof "1272-7K3M6-F4HTN" - 1);
    assert_string_not_equal (one, ticket_make ("12.72", other, two));
}

static void
it_is_read_as_people_type_it (void **state)
{
    char ticket[TICKET_TEXT], typed[TICKET_TEXT], read[TICKET_TEXT];
    ticket_make ("12.72", uuid_of ("a", 1), ticket);
    size_t n = 0;
    for (const char *c = ticket; *c; c++)
        if (*c != '-')
            typed[n++] = (char)(*c >= 'A' ? *c + 32 : *c);
    typed[n] = '\0';
    assert_true (ticket_read (typed, read));
    assert_string_equal (read, ticket);
    assert_false (ticket_read ("", read));
    assert_false (ticket_read ("1272", read));
    assert_false (ticket_read ("1272-7K3M6-F4HTN-77777777777777", read));
}

/* Every single wrong symbol and every swap of two different ones. */
static void
slips_are_noticed (void **state)
{
    static const char alphabet[] = "34679ACDEFGHJKMNPRTVWXY";
    for (int round = 0; round < 50; round++) {
        char ticket[TICKET_TEXT], read[TICKET_TEXT];
        ticket_make ("12.72", uuid_of (&round, sizeof round), ticket);
        for (size_t i = 5; i < strlen (ticket); i++) {
            char good = ticket[i];
            if (good == '-')
                continue;
            for (const char *bad = alphabet; *bad; bad++) {
                ticket[i] = *bad;
                assert_int_equal (ticket_read (ticket, read), *bad == good);
            }
            ticket[i] = good;
            for (size_t j = i + 1; j + 1 < strlen (ticket); j++) {
                if (ticket[j] == '-' || ticket[j] == good)
                    continue;
                ticket[i] = ticket[j];
                ticket[j] = good;
                assert_false (ticket_read (ticket, read));
                ticket[j] = ticket[i];
                ticket[i] = good;
            }
        }
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (it_is_the_same_for_the_same_application),
        cmocka_unit_test (it_is_read_as_people_type_it),
        cmocka_unit_test (slips_are_noticed),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
