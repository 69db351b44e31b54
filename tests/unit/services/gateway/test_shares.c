#include "services/gateway/shares.h"
#include "tests/support/test.h"

enum { HERE = 1272, THERE = 1273 };

static const struct uuid siti = { { 1 } }, budi = { { 2 } }, ani = { { 3 } };

static void
a_person_and_a_tenant_have_their_share (void **state)
{
    struct shares *shares = shares_new ((struct share_limits){ .all = 5, .tenant = 3, .person = 2 });
    struct share held[6] = { 0 }, more = { 0 };
    assert_int_equal (share_take (shares, HERE, siti, &held[0]), SHARE_TAKEN);
    assert_int_equal (share_take (shares, HERE, siti, &held[1]), SHARE_TAKEN);
    assert_int_equal (share_take (shares, HERE, siti, &more), SHARE_MUCH);
    assert_int_equal (share_take (shares, HERE, budi, &held[2]), SHARE_TAKEN);
    assert_int_equal (share_take (shares, HERE, ani, &more), SHARE_MUCH);       /* the tenant has three */
    assert_int_equal (share_take (shares, THERE, siti, &held[3]), SHARE_TAKEN); /* and others their own */
    assert_int_equal (share_take (shares, THERE, budi, &held[4]), SHARE_TAKEN);
    assert_int_equal (share_take (shares, THERE, ani, &more), SHARE_FULL);
    assert_null (more.of);
    share_give (&held[2]);
    assert_int_equal (share_take (shares, HERE, siti, &more), SHARE_MUCH);
    assert_int_equal (share_take (shares, HERE, ani, &held[5]), SHARE_TAKEN);
    for (size_t i = 0; i < 6; i++)
        share_give (&held[i]);
    share_give (&held[0]); /* nothing is held any more */
    assert_int_equal (share_take (shares, HERE, siti, &held[0]), SHARE_TAKEN);
    share_give (&held[0]);
    shares_destroy (&shares);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_person_and_a_tenant_have_their_share),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
