/* What an office did comes out as a gap-free stream, a story, totals and a search; kill -9 and a second instance change
 * nothing. */
#include "tests/service/services/journal/office.h"

static void
the_stream_has_no_gaps (void **state)
{
    Padan__Journal__V1__ListEvents question = PADAN__JOURNAL__V1__LIST_EVENTS__INIT;
    int64_t number = 0;
    question.limit = 5;
    for (;;) {
        const Padan__Journal__V1__Events *page =
            ask (&operator, (struct uuid){ 0 }, &question, &padan__journal__v1__events__descriptor);
        if (!page->n_events)
            break;
        assert_true (page->n_events <= 5);
        for (size_t i = 0; i < page->n_events; i++) {
            assert_int_equal (page->events[i]->number, ++number);
            assert_int_equal (page->events[i]->chain_sha256.len, 32);
        }
        assert_int_equal (page->head, FAMILIES + 1);
        question.after = number;
    }
    assert_int_equal (number, FAMILIES + 1);
    question.after = 1;
    question.limit = 1;
    const Padan__Journal__V1__Events *page =
        ask (&operator, (struct uuid){ 0 }, &question, &padan__journal__v1__events__descriptor);
    assert_string_equal (page->events[0]->type, "padan.intake.v1.ApplicationEntered");
    assert_string_equal (page->events[0]->state, "entered");
    assert_string_equal (page->events[0]->place, "12.72.01.1003");
    assert_string_equal (page->events[0]->actor_role, "kelurahan");
    ask_tenant (&officer, TENANT, (struct uuid){ 0 }, &question, NULL, PADAN__OUTCOME__OUTCOME_FORBIDDEN);
    ask_tenant (NULL, TENANT, (struct uuid){ 0 }, &question, NULL, PADAN__OUTCOME__OUTCOME_UNAUTHENTICATED);
    page = ask_tenant (&elsewhere, TENANT + 1, (struct uuid){ 0 }, &question, &padan__journal__v1__events__descriptor,
                       PADAN__OUTCOME__OUTCOME_OK);
    assert_int_equal (page->n_events, 0);
}

static void
a_question_waits_for_news (void **state)
{
    Padan__Journal__V1__ListEvents question = PADAN__JOURNAL__V1__LIST_EVENTS__INIT;
    Padan__Intake__V1__WithdrawApplication withdraw = PADAN__INTAKE__V1__WITHDRAW_APPLICATION__INIT;
    question.after = head_number ();
    question.wait_ms = 300;
    int64_t before = clock_monotonic ();
    const Padan__Journal__V1__Events *page =
        ask (&operator, (struct uuid){ 0 }, &question, &padan__journal__v1__events__descriptor);
    assert_int_equal (page->n_events, 0);
    assert_true (clock_monotonic () - before >= 250000); /* it was kept back */
    withdraw.reason = (char *)"atas permintaan warga";
    tell (&officer, families[0], 1, &withdraw);
    question.wait_ms = 9000;
    page = ask (&operator, (struct uuid){ 0 }, &question, &padan__journal__v1__events__descriptor);
    assert_int_equal (page->n_events, 1); /* and not until the end of the wait, or the call would have failed */
    assert_string_equal (page->events[0]->state, "withdrawn");
    assert_string_equal (page->events[0]->code, "");
}

static void
a_story_says_where_it_is (void **state)
{
    Padan__Journal__V1__GetStory question = PADAN__JOURNAL__V1__GET_STORY__INIT;
    const Padan__Journal__V1__Story *story =
        ask (&officer, families[1], &question, &padan__journal__v1__story__descriptor);
    assert_string_equal (story->state, "entered");
    assert_string_equal (story->holder, "intake");
    assert_true (strlen (story->ticket) > 8);
    assert_int_equal (story->n_lines, 1);
    assert_string_equal (story->lines[0]->text, "Permohonan dicatat, jalur baru.");
    assert_true (strlen (story->lines[0]->actor) > 0);
    story = ask (&operator, families[0], &question, &padan__journal__v1__story__descriptor);
    assert_int_equal (story->n_lines, 2);
    assert_string_equal (story->lines[1]->text, "Permohonan dibatalkan: atas permintaan warga.");
    ask_tenant (&stranger, TENANT, families[1], &question, NULL, PADAN__OUTCOME__OUTCOME_NOT_FOUND);
    ask_tenant (&elsewhere, TENANT + 1, families[1], &question, NULL, PADAN__OUTCOME__OUTCOME_NOT_FOUND);
}

static void
search_finds_by_ticket_number_and_name (void **state)
{
    Padan__Journal__V1__GetStory question = PADAN__JOURNAL__V1__GET_STORY__INIT;
    const Padan__Journal__V1__Story *story =
        ask (&operator, families[1], &question, &padan__journal__v1__story__descriptor);
    assert_int_equal (found (&operator, story->ticket, ""), 1);
    assert_int_equal (found (&operator, "1272015203850002", ""), 1);
    assert_int_equal (found (&operator, "1272010101150002", ""), 1); /* its KK */
    assert_int_equal (found (&operator, "1272015203859999", ""), 0);
    assert_int_equal (found (&operator, "1272 34679 acdeg", ""), 0); /* well typed, and nobody's */
    assert_int_equal (found (&operator, "siti", ""), FAMILIES);
    assert_int_equal (found (&operator, "rumon siti", ""), FAMILIES / 2);
    assert_int_equal (found (&operator, "marlina rumondang", ""), 0);
    assert_int_equal (found (&operator, "", ""), FAMILIES);
    assert_int_equal (found (&operator, "siti", "withdrawn"), 1);
    assert_int_equal (found (&officer, "siti", ""), FAMILIES);
    assert_int_equal (found (&stranger, "siti", ""), 0);
    assert_int_equal (found (&stranger, "1272015203850002", ""), 0);
    Padan__Journal__V1__Search page_question = PADAN__JOURNAL__V1__SEARCH__INIT;
    page_question.limit = 5;
    size_t n = 0;
    for (;;) {
        const Padan__Journal__V1__Found *page =
            ask (&operator, (struct uuid){ 0 }, &page_question, &padan__journal__v1__found__descriptor);
        n += page->n_lines;
        if (!*page->next_cursor)
            break;
        page_question.cursor = page->next_cursor;
    }
    assert_int_equal (n, FAMILIES);
    page_question.cursor = (char *)"";
    page_question.text = (char *)"1272-34679-ACDEF"; /* its last symbol should be another */
    ask_tenant (&operator, TENANT, (struct uuid){ 0 }, &page_question, NULL, PADAN__OUTCOME__OUTCOME_UNPROCESSABLE);
    page_question.text = (char *)"127201520385000"; /* a NIK short of a digit */
    ask_tenant (&operator, TENANT, (struct uuid){ 0 }, &page_question, NULL, PADAN__OUTCOME__OUTCOME_UNPROCESSABLE);
    page_question.text = (char *)"x";
    ask_tenant (&operator, TENANT, (struct uuid){ 0 }, &page_question, NULL, PADAN__OUTCOME__OUTCOME_UNPROCESSABLE);
}

static void
totals_count_what_is_where (void **state)
{
    Padan__Journal__V1__GetTotals question = PADAN__JOURNAL__V1__GET_TOTALS__INIT;
    const Padan__Journal__V1__Totals *totals =
        ask (&operator, (struct uuid){ 0 }, &question, &padan__journal__v1__totals__descriptor);
    size_t seen = 0;
    for (size_t i = 0; i < totals->n_totals; i++) {
        const Padan__Journal__V1__Total *total = totals->totals[i];
        if (strcmp (total->what, "application") == 0 && strcmp (total->code, "entered") == 0)
            seen += total->count == FAMILIES - 1;
        if (strcmp (total->what, "member") == 0 && strcmp (total->code, "withdrawn") == 0)
            seen += total->count == 1;
    }
    assert_int_equal (seen, 2);
    assert_int_equal (totals->head, head_number ());
}

/* Killed while it reads, and two at once. */
static void
nothing_is_lost_or_twice_when_it_dies (void **state)
{
    Padan__Intake__V1__WithdrawApplication withdraw = PADAN__INTAKE__V1__WITHDRAW_APPLICATION__INIT;
    int64_t before = head_number ();
    withdraw.reason = (char *)"pindah";
    fleet_start (fleet, "journal", 1);
    for (int i = 1; i < FAMILIES; i++) {
        tell (&officer, families[i], 1, &withdraw);
        if (i % 4 == 0) {
            fleet_kill (fleet, "journal", i / 4 % 2);
            fleet_start (fleet, "journal", i / 4 % 2);
        }
    }
    head_wait (before + FAMILIES - 1);
    const char *same = scratch_sql (fleet_scratch (fleet),
                                    "select count(*) = l.n and count(distinct event_id) = l.n and max (number) = l.n "
                                    "from journal.event, (select count(*) n from intake.log) l group by l.n");
    assert_string_equal (same, "t");
    assert_string_equal (scratch_sql (fleet_scratch (fleet), "select count(*) from journal.parked"), "0");
    assert_int_equal (fleet_stop (fleet, "journal", 1), 0);
}

/* Every statement is one the migrated schema takes, and the reader's index is used under row-level security. */
static void
the_name_index_is_used_under_row_level_security (void **state)
{
    struct scratch *scratch = fleet_scratch (fleet);
    scratch_sql (scratch, "insert into journal.person_word select 1272, 'KATA' || n, gen_random_uuid (), 1 from "
                          "generate_series (1, 20000) n; analyze journal.person_word; select 1");
    const char *plan = scratch_sql (
        scratch,
        "create function journal.plan () returns text language plpgsql security invoker as $$ declare line text; "
        "plan text := ''; begin for line in execute 'explain select application_id from journal.person_word "
        "where tenant = 1272 and word >= ''SITI'' and word < ''SITI~''' loop plan := plan || line || chr (10); "
        "end loop; return plan; end $$; grant execute on function journal.plan () to padan_journal_reader; "
        "set role padan_journal_reader; set padan.tenants = '{1272}'; select journal.plan ()");
    if (!strstr (plan, "Index Cond") || !strstr (plan, "word"))
        fail_msg ("%s", plan);
    if (!strstr (strstr (plan, "Index Cond"), "SITI"))
        fail_msg ("%s", plan);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (the_stream_has_no_gaps),
        cmocka_unit_test (a_question_waits_for_news),
        cmocka_unit_test (a_story_says_where_it_is),
        cmocka_unit_test (search_finds_by_ticket_number_and_name),
        cmocka_unit_test (totals_count_what_is_where),
        cmocka_unit_test (nothing_is_lost_or_twice_when_it_dies),
        cmocka_unit_test (the_name_index_is_used_under_row_level_security),
    };
    return cmocka_run_group_tests (tests, setup, teardown);
}
