/* What goes into a batch, and for any history: nobody twice, the quota never exceeded, lines and numbers without a
 * gap. */
#include "tests/unit/services/batching/fixture.h"

static struct collected collected;

static void
the_last_chunk_gives_the_number (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    static const char *const one[] = { "1272015203850001", "1272010505120001" }, *const two[] = { "1272015203850002" };
    approve (harness, harness_id ('a'), "baru", one, 2, NULL);
    approve (harness, harness_id ('c'), "baru", two, 1, NULL);
    collected = (struct collected){ 0 };
    collected_init (&collected, "baru", "", 0);
    collected_add (&collected, harness_id ('a'));
    collected_add (&collected, harness_id ('c'));
    const struct batch_row *batch = batch_make (harness, harness_id ('b'), &collected);
    assert_string_equal (batch->state, "closed");
    assert_string_equal (batch->number, "BARU-2026-0001");
    assert_int_equal (batch->people, 3);
    assert_int_equal (batch->version, 1);
    assert_int_equal (harness_events (harness), 3);
    const Padan__Batching__V1__BatchClosed *closed =
        harness_event (harness, 2, &padan__batching__v1__batch_closed__descriptor);
    assert_int_equal (closed->people, 3);
    assert_string_equal (closed->reason, "Uji");
    assert_int_equal (closed->due_at, collected.result.send_due_at);
    const Padan__Batching__V1__ApplicationBatched *batched =
        harness_event (harness, 0, &padan__batching__v1__application_batched__descriptor);
    assert_int_equal (batched->due_at, collected.result.send_due_at);
    assert_int_equal (waiting_find (harness, harness_id ('a'))->due_at, collected.result.send_due_at);
    assert_string_equal (batch->channel, "file");
    assert_memory_equal (batch->profile_sha256.data, profile->hash, PROFILE_HASH);
    assert_non_null (harness_due_of (harness, "write"));
    assert_int_equal (waiting_find (harness, harness_id ('c'))->people[0].line, 3);
    harness_due (harness, harness_id ('b'), 2, &collected.result);
    assert_refused (harness_run (harness, on_collect, on_collect_keys), RC_CONFLICT, "batching.batch_state", NULL);
}

static void
more_goes_on_behind_the_last (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    static const char *const one[] = { "1272015203850001" };
    approve (harness, harness_id ('a'), "baru", one, 1, NULL);
    collected = (struct collected){ 0 };
    collected_init (&collected, "baru", "", 0);
    collected_add (&collected, harness_id ('a'));
    collected.result.more = true;
    const struct batch_row *batch = batch_make (harness, harness_id ('b'), &collected);
    assert_string_equal (batch->state, "closing");
    assert_string_equal (batch->number, "");
    const struct due_row *due = harness_due_of (harness, "collect");
    assert_int_equal (due->input_version, 2);
}

static void
nothing_is_no_batch (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    collected = (struct collected){ 0 };
    collected_init (&collected, "baru", "", 0);
    const struct batch_row *batch = batch_make (harness, harness_id ('b'), &collected);
    assert_string_equal (batch->state, "empty");
    assert_int_equal (harness_events (harness), 0);
    assert_null (harness_find (harness, &counter_table, counter_id ("number/baru/2026")));
}

/* Families go together: of 3, 3 and 2 people within 5 the second waits for the next closing. */
static void
families_keep_together_within_the_quota (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    static const char *const a[] = { "1272015203850001", "1272015203850002", "1272015203850003" };
    static const char *const c[] = { "1272015203850011", "1272015203850012", "1272015203850013" };
    static const char *const d[] = { "1272015203850021", "1272015203850022" };
    approve (harness, harness_id ('a'), "baru", a, 3, NULL);
    approve (harness, harness_id ('c'), "baru", c, 3, NULL);
    approve (harness, harness_id ('d'), "baru", d, 2, NULL);
    int64_t due_at = waiting_find (harness, harness_id ('c'))->due_at;
    collected = (struct collected){ 0 };
    collected_init (&collected, "baru", "quota/2026-11", 5);
    collected_add (&collected, harness_id ('a'));
    collected_add (&collected, harness_id ('c'));
    collected_add (&collected, harness_id ('d'));
    assert_int_equal (batch_make (harness, harness_id ('b'), &collected)->people, 5);
    const struct waiting *left = waiting_find (harness, harness_id ('c'));
    assert_string_equal (left->state, "waiting");
    assert_true (left->due_at > due_at);
    assert_int_equal (left->version, 11);
    assert_non_null (harness_due_of (harness, "close"));
    const struct counter *quota = harness_find (harness, &counter_table, counter_id ("quota/2026-11"));
    assert_int_equal (quota->value, 5);
}

/* ---------------------------------------------------------------- any history */

enum { SEEDS = 30, STEPS = 200, NIKS = 40, LIMIT = 12, APPLICATIONS = STEPS, BATCHES = STEPS };

struct history {
    struct harness *harness;
    uint64_t random;
    struct uuid applications[APPLICATIONS], batches[BATCHES];
    size_t n_applications, n_batches;
    int month;
};

static unsigned
chance (struct history *history, unsigned below)
{
    history->random = history->random * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(history->random >> 33) % below;
}

static struct uuid
numbered (char kind, size_t number)
{
    char name[32];
    return uuid_of (name, (size_t)snprintf (name, sizeof name, "%c%zu", kind, number));
}

static void
step_approve (struct history *history)
{
    static char niks[NIKS][20];
    const char *chosen[FIXTURE_PEOPLE];
    size_t n = 1 + chance (history, 5);
    for (size_t i = 0; i < n; i++) {
        unsigned who = chance (history, NIKS);
        snprintf (niks[who], sizeof niks[who], "127201010185%04u", who + 1);
        chosen[i] = chance (history, 10) ? niks[who] : "";
    }
    struct uuid id = numbered ('a', history->n_applications);
    history->applications[history->n_applications++] = id;
    assert_int_equal (approve (history->harness, id, "baru", chosen, n, chance (history, 4) ? NULL : "ill"), RC_OK);
}

static void
step_close (struct history *history)
{
    static char quota[32];
    struct uuid id = numbered ('b', history->n_batches);
    snprintf (quota, sizeof quota, "quota/2026-%02d", history->month);
    collected = (struct collected){ 0 };
    collected_init (&collected, "baru", quota, LIMIT);
    for (size_t i = 0; i < history->n_applications; i++) /* some that another batch took meanwhile, too */
        if (chance (history, 3))
            collected_add (&collected, history->applications[i]);
    history->batches[history->n_batches++] = id;
    batch_make (history->harness, id, &collected);
}

/* BPJS answers for some people of some batch, some of them twice. */
static void
step_reply (struct history *history)
{
    static Padan__Batching__V1__ReplyLine lines[512], *list[512];
    static struct uuid members[512];
    static char cards[512][16], niks[512][20];
    Padan__Batching__V1__RepliesResult result = PADAN__BATCHING__V1__REPLIES_RESULT__INIT;
    if (!history->n_batches)
        return;
    struct uuid batch_id = history->batches[chance (history, (unsigned)history->n_batches)];
    const struct batch_row *batch = harness_find (history->harness, &batch_table, batch_id);
    if (strcmp (batch->state, "closed") != 0 && strcmp (batch->state, "sent") != 0)
        return;
    ((struct batch_row *)batch)->state = "sent";
    for (size_t i = 0; i < history->n_applications; i++) {
        const struct waiting *waiting = waiting_find (history->harness, history->applications[i]);
        for (size_t k = 0; k < waiting->count; k++) {
            size_t n = result.n_lines;
            if (uuid_compare (waiting->batch_id, batch_id) != 0 || !chance (history, 3) || n == 512)
                continue;
            padan__batching__v1__reply_line__init (&lines[n]);
            members[n] = waiting->people[k].member_id;
            snprintf (cards[n], sizeof cards[n], "%013llu", (unsigned long long)chance (history, 30));
            if (waiting->people[k].nik)
                lines[n].nik = (char *)nik_format (waiting->people[k].nik, niks[n]);
            lines[n].line = (int64_t)n + 2;
            lines[n].application_id = uuid_field (&history->applications[i]);
            lines[n].member_id = uuid_field (&members[n]);
            lines[n].accepted = chance (history, 2) == 0;
            lines[n].card_number = lines[n].accepted ? cards[n] : (char *)"";
            lines[n].reason = lines[n].accepted ? (char *)"" : (char *)"Tidak padan";
            list[result.n_lines++] = &lines[n];
        }
    }
    struct uuid import_id = harness_id ((char)chance (history, 100));
    struct import_row *import = (struct import_row *)harness_find (history->harness, &import_table, import_id);
    if (!import)
        import = harness_row (history->harness, &import_table, import_id);
    import->batch_id = batch_id;
    import->state = import->failure = import->layout = import->source = "";
    result.batch_id = uuid_field (&batch_id);
    result.lines = list;
    result.file_end = true;
    harness_due (history->harness, import_id, import->chunks + 1, &result);
    struct harness *harness = history->harness;
    assert_rc (harness_run (harness, on_replies, on_replies_keys), RC_OK);
}

static void
assert_open_once (struct history *history)
{
    int open[NIKS + 1] = { 0 };
    for (size_t i = 0; i < history->n_applications; i++) {
        const struct waiting *waiting = waiting_find (history->harness, history->applications[i]);
        int accepted = 0, refused = 0;
        for (size_t k = 0; k < waiting->count; k++) {
            const struct person *person = &waiting->people[k];
            enum person_state state = person_state_of (person->state);
            accepted += state == PERSON_ACCEPTED;
            refused += state == PERSON_REFUSED;
            if (person->nik && (state == PERSON_WAITING || state == PERSON_BATCHED))
                assert_true (++open[person->nik % 10000] == 1);
        }
        assert_int_equal (accepted, waiting->accepted);
        assert_int_equal (refused, waiting->refused);
        assert_int_equal (strcmp (waiting->state, "finished") == 0, accepted + refused == (int)waiting->count);
    }
}

static void
assert_batches (struct history *history)
{
    int numbered_ones = 0;
    for (size_t b = 0; b < history->n_batches; b++) {
        const struct batch_row *batch = harness_find (history->harness, &batch_table, history->batches[b]);
        int people = 0, answered = 0;
        int64_t lines = 0;
        for (size_t i = 0; i < history->n_applications; i++) {
            const struct waiting *waiting = waiting_find (history->harness, history->applications[i]);
            for (size_t k = 0; k < waiting->count && uuid_compare (waiting->batch_id, batch->id) == 0; k++) {
                const struct person *person = &waiting->people[k];
                people += person->line > 0;
                lines += person->line;
                answered += person->line > 0 && person_state_of (person->state) != PERSON_BATCHED;
            }
        }
        numbered_ones += batch->number[0] != '\0';
        assert_int_equal (people, batch->people);
        assert_int_equal (lines, (int64_t)people * (people + 1) / 2);
        assert_int_equal (answered, batch->accepted + batch->refused);
        assert_int_equal (strcmp (batch->state, "answered") == 0, people && answered == people);
    }
    const struct counter *numbers = harness_find (history->harness, &counter_table, counter_id ("number/baru/2026"));
    assert_int_equal (numbered_ones, numbers ? numbers->value : 0);
}

static void
assert_quota (struct history *history)
{
    for (int month = 1; month <= history->month; month++) {
        char name[32];
        snprintf (name, sizeof name, "quota/2026-%02d", month);
        const struct counter *quota = harness_find (history->harness, &counter_table, counter_id (name));
        assert_true (!quota || quota->value <= LIMIT);
    }
}

static void
any_history_keeps_its_promises (void **state)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
        static struct history history;
        history = (struct history){ .harness = harness, .random = seed, .month = 1 };
        for (int step = 0; step < STEPS; step++) {
            switch (chance (&history, 5)) {
            case 0:
                step_close (&history);
                break;
            case 1:
                step_reply (&history);
                break;
            case 2:
                history.month += history.month < 12 && chance (&history, 4) == 0;
                break;
            default:
                if (history.n_applications < 60)
                    step_approve (&history);
                break;
            }
            harness_pass (harness, CLOCK_SECOND);
            if (step % 10 == 9) {
                assert_open_once (&history);
                assert_batches (&history);
                assert_quota (&history);
            }
        }
        assert_true (history.n_batches > 5);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (the_last_chunk_gives_the_number),
        cmocka_unit_test (more_goes_on_behind_the_last),
        cmocka_unit_test (nothing_is_no_batch),
        cmocka_unit_test (families_keep_together_within_the_quota),
        cmocka_unit_test (any_history_keeps_its_promises),
    };
    return cmocka_run_group_tests_name ("services/batching/due_collect", tests, profile_open, profile_close);
}
