/* What approval and batching say of an application that intake no longer holds, once each and in their order. */
#include "approval.pb-c.h"
#include "batching.pb-c.h"
#include "tests/unit/services/intake/fixture.h"

struct news {
    Padan__Approval__V1__ApplicationReturned returned;
    Padan__Approval__V1__ApplicationRejected rejected;
    Padan__Approval__V1__ApplicationApproved approved;
    Padan__Batching__V1__ApplicationFinished finished;
};

static void
news_make (struct news *news)
{
    padan__approval__v1__application_returned__init (&news->returned);
    padan__approval__v1__application_rejected__init (&news->rejected);
    padan__approval__v1__application_approved__init (&news->approved);
    padan__batching__v1__application_finished__init (&news->finished);
    news->returned.reason = (char *)"Foto KK tidak terbaca";
    news->rejected.reason = (char *)"Bukan warga kota";
}

static enum rc
hear (struct harness *harness, struct family *family, int64_t version, const void *event, decide_fn *decide)
{
    harness_entry (harness, "approval", harness_id ('a'), version, event)->facts =
        family_row (harness, 'a') ? family_facts (harness, family, 'a') : NULL;
    return harness_run (harness, decide, family_row (harness, 'a') ? keys_application : NULL);
}

static void
sent (struct harness *harness, struct family *family)
{
    Padan__Intake__V1__SendApplication command = PADAN__INTAKE__V1__SEND_APPLICATION__INIT;
    family_make (family);
    family_ready (harness, family, 'a');
    assert_rc (family_judge (harness, family, 'a', CLEAR), RC_OK);
    assert_rc (family_command (harness, family, 'a', &command, on_send_application, keys_application), RC_OK);
}

static void
rejected_its_people_are_free (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    struct news news;
    news_make (&news);
    sent (harness, &family);
    assert_rc (hear (harness, &family, 8, &news.rejected, on_application_rejected), RC_OK);
    assert_int_equal (harness_events (harness), 0);
    const struct application *row = family_row (harness, 'a');
    assert_string_equal (row->state, "rejected");
    assert_string_equal (row->held_by, "");
    assert_string_equal (row->ended_reason, "Bukan warga kota");
    assert_int_equal (row->version, 8);
    assert_true (uuid_is_nil (claim_of (harness, 1272011201800001)->application_id));
    assert_rc (family_enter (harness, &family, 'b'), RC_OK);
    /* a repeat must not free them from the new one */
    assert_rc (hear (harness, &family, 8, &news.rejected, on_application_rejected), RC_OK);
    assert_memory_equal (&claim_of (harness, 1272011201800001)->application_id, &family_row (harness, 'b')->id, 16);
}

static void
a_claim_that_is_not_locked_is_not_freed (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    struct news news;
    news_make (&news);
    sent (harness, &family);
    (void)family_facts (harness, &family, 'a');
    family.facts.n_niks = 1;
    harness_entry (harness, "approval", harness_id ('a'), 8, &news.rejected)->facts = &family.facts;
    assert_rc (harness_run (harness, on_application_rejected, keys_application), RC_RETRY);
    harness_entry (harness, "batching", harness_id ('a'), 8, &news.finished)->facts = &family.facts;
    assert_rc (harness_run (harness, on_application_finished, keys_application), RC_RETRY);
    harness_entry (harness, "approval", harness_id ('a'), 8, &news.returned);
    assert_rc (harness_run (harness, on_application_returned, NULL), RC_RETRY);
    assert_string_equal (family_row (harness, 'a')->state, "sent");
}

/* News that cannot be: it is parked, for a person to see. */
static void
news_of_what_is_not_theirs_is_parked (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    struct news news;
    news_make (&news);
    family_make (&family);
    const struct {
        const void *event;
        decide_fn *decide;
    } all[] = { { &news.returned, on_application_returned },
                { &news.rejected, on_application_rejected },
                { &news.approved, on_application_approved },
                { &news.finished, on_application_finished } };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        assert_rc (hear (harness, &family, 2, all[i].event, all[i].decide), RC_NOT_FOUND);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_rc (hear (harness, &family, 2, all[i].event, all[i].decide), RC_CONFLICT);
        assert_rc (hear (harness, &family, 1, all[i].event, all[i].decide), RC_OK); /* not above ours: a repeat */
    }
    assert_string_equal (family_row (harness, 'a')->state, "entered");
}

/* The logs of approval and batching are two: whatever is read after the end changes nothing. */
static void
after_the_end_nothing_changes (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    struct news news;
    news_make (&news);
    sent (harness, &family);
    assert_rc (hear (harness, &family, 20, &news.finished, on_application_finished), RC_OK);
    assert_rc (hear (harness, &family, 21, &news.returned, on_application_returned), RC_OK);
    assert_rc (hear (harness, &family, 22, &news.rejected, on_application_rejected), RC_OK);
    assert_rc (hear (harness, &family, 23, &news.approved, on_application_approved), RC_OK);
    assert_string_equal (family_row (harness, 'a')->state, "finished");
    assert_int_equal (family_row (harness, 'a')->version, 20);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (rejected_its_people_are_free),
        cmocka_unit_test (a_claim_that_is_not_locked_is_not_freed),
        cmocka_unit_test (news_of_what_is_not_theirs_is_parked),
        cmocka_unit_test (after_the_end_nothing_changes),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
