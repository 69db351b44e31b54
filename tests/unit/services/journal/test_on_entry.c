/* Entries of six logs in whatever order they come: one history per tenant, its subjects in the order of their versions.
 */
#include "tests/unit/services/journal/history.h"

static struct uuid
id_of (char subject, int number)
{
    char name[2] = { subject, (char)number };
    return uuid_of (name, sizeof name);
}

static void
dossier_fill (Padan__Common__V1__Dossier *dossier, Padan__Common__V1__Address *address,
              Padan__Common__V1__Member members[2], Padan__Common__V1__Member *list[2])
{
    padan__common__v1__dossier__init (dossier);
    padan__common__v1__address__init (address);
    address->village = (char *)"12.72.01.1003";
    dossier->ticket = (char *)"1272-7K3M2-F5HQ4";
    dossier->track = (char *)"baru";
    dossier->kk = (char *)"1272010101150001";
    dossier->address = address;
    for (int i = 0; i < 2; i++) {
        padan__common__v1__member__init (&members[i]);
        members[i].name = (char *)(i ? "TOGAR" : "SITI RUMONDANG");
        members[i].nik = (char *)(i ? "1272010505120001" : "1272015203850001");
        list[i] = &members[i];
    }
    members[0].relation = PADAN__COMMON__V1__RELATION__RELATION_HEAD;
    dossier->members = list;
    dossier->n_members = 2;
}

static enum rc
say_entered (struct harness *harness, struct uuid subject)
{
    Padan__Common__V1__Dossier dossier;
    Padan__Common__V1__Address address;
    Padan__Common__V1__Member members[2], *list[2];
    Padan__Intake__V1__ApplicationEntered event = PADAN__INTAKE__V1__APPLICATION_ENTERED__INIT;
    dossier_fill (&dossier, &address, members, list);
    event.dossier = &dossier;
    return history_say (harness, "intake", id_of ((char)subject.bytes[0], 1), subject, 1, &event);
}

static enum rc
say_judged (struct harness *harness, struct uuid subject, int64_t version, int number)
{
    Padan__Validation__V1__Judged event = PADAN__VALIDATION__V1__JUDGED__INIT;
    Padan__Common__V1__MemberVerdict verdicts[2], *list[2] = { &verdicts[0], &verdicts[1] };
    padan__common__v1__member_verdict__init (&verdicts[0]);
    padan__common__v1__member_verdict__init (&verdicts[1]);
    verdicts[0].verdict = PADAN__COMMON__V1__VERDICT__VERDICT_BLOCK;
    verdicts[1].verdict = PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR;
    event.verdicts = list;
    event.n_verdicts = 2;
    event.application_id = uuid_field (&subject);
    return history_say (harness, "validation", id_of ((char)subject.bytes[0], number), subject, version, &event);
}

static enum rc
say_sent (struct harness *harness, struct uuid subject, int64_t version, int number)
{
    Padan__Common__V1__Dossier dossier;
    Padan__Common__V1__Address address;
    Padan__Common__V1__Member members[2], *list[2];
    Padan__Intake__V1__ApplicationSent event = PADAN__INTAKE__V1__APPLICATION_SENT__INIT;
    dossier_fill (&dossier, &address, members, list);
    dossier.n_members = 1;
    event.dossier = &dossier;
    return history_say (harness, "intake", id_of ((char)subject.bytes[0], number), subject, version, &event);
}

static enum rc
say_received (struct harness *harness, struct uuid subject, int64_t version, int number)
{
    Padan__Approval__V1__FileReceived event = PADAN__APPROVAL__V1__FILE_RECEIVED__INIT;
    event.act = (char *)"terima";
    return history_say (harness, "approval", id_of ((char)subject.bytes[0], number), subject, version, &event);
}

static void
one_after_the_other (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
    struct uuid id = harness_id ('a');
    size_t n;
    assert_rc (say_entered (harness, id), RC_OK);
    assert_rc (say_judged (harness, id, 1, 20), RC_OK);
    assert_rc (say_sent (harness, id, 2, 2), RC_OK);
    assert_rc (say_received (harness, id, 3, 3), RC_OK);
    const struct event_row **events = history (harness, &n);
    const struct story *story = harness_find (harness, &story_table, id);
    assert_int_equal (n, 4);
    assert_string_equal (events[0]->state, "entered");
    assert_string_equal (events[0]->place, "12.72.01.1003");
    assert_string_equal (events[0]->code, "baru");
    assert_string_equal (events[1]->code, "block");
    assert_string_equal (events[1]->state, "entered");
    assert_int_equal (events[1]->version, 1);
    assert_string_equal (events[3]->state, "received");
    assert_int_equal (story->version, 3);
    assert_string_equal (story->holder, "approval");
    assert_string_equal (story->ticket_key, "12727K3M2F5HQ4");
    assert_int_equal (history_total (harness, "application", "received"), 1);
    assert_int_equal (history_total (harness, "application", "entered"), 0);
    assert_int_equal (history_total (harness, "member", "open"), 1);
    assert_int_equal (history_total (harness, "member", "excluded"), 1);
    assert_int_equal (story->n_people_added, 2);
    assert_int_equal (story->people_added[0].nik, 1272015203850001);
    assert_true (story->people_added[0].head);
    assert_int_equal (story->n_words_added, 3);
}

/* approval's log is read before intake's, validation's before both. */
static void
later_ones_wait_for_the_missing_one (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
    struct uuid id = harness_id ('a');
    size_t n;
    assert_rc (say_judged (harness, id, 2, 20), RC_OK);
    assert_rc (say_received (harness, id, 3, 3), RC_OK);
    assert_rc (say_received (harness, id, 3, 3), RC_OK); /* a repeat while it waits */
    history (harness, &n);
    assert_int_equal (n, 0);
    assert_int_equal (history_held (harness_find (harness, &story_table, id)), 2);
    assert_rc (say_entered (harness, id), RC_OK);
    history (harness, &n);
    assert_int_equal (n, 1);
    assert_rc (say_sent (harness, id, 2, 2), RC_OK);
    const struct event_row **events = history (harness, &n);
    assert_int_equal (n, 4);
    assert_string_equal (events[1]->type, "padan.intake.v1.ApplicationSent");
    assert_int_equal (history_held (harness_find (harness, &story_table, id)), 0);
    assert_int_equal (((const struct story *)harness_find (harness, &story_table, id))->version, 3);
}

/* What an event says that waits somewhere, the story says: for what, of whom, until when. */
static void
what_waits_has_a_deadline (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
    struct uuid id = harness_id ('a');
    Padan__Intake__V1__ApplicationEntered entered = PADAN__INTAKE__V1__APPLICATION_ENTERED__INIT;
    Padan__Intake__V1__ApplicationSent sent = PADAN__INTAKE__V1__APPLICATION_SENT__INIT;
    Padan__Approval__V1__FileReceived received = PADAN__APPROVAL__V1__FILE_RECEIVED__INIT;
    Padan__Approval__V1__FileReturned back = PADAN__APPROVAL__V1__FILE_RETURNED__INIT;
    Padan__Approval__V1__ApplicationReturned returned = PADAN__APPROVAL__V1__APPLICATION_RETURNED__INIT;
    Padan__Batching__V1__ApplicationQueued queued = PADAN__BATCHING__V1__APPLICATION_QUEUED__INIT;
    Padan__Batching__V1__ApplicationBatched batched = PADAN__BATCHING__V1__APPLICATION_BATCHED__INIT;
    Padan__Batching__V1__ApplicationForwarded forwarded = PADAN__BATCHING__V1__APPLICATION_FORWARDED__INIT;
    entered.due_at = sent.due_at = received.due_at = back.due_at = returned.due_at = HARNESS_NOW + 5;
    queued.due_at = batched.due_at = forwarded.due_at = HARNESS_NOW + 7;
    sent.next_act = (char *)"terima";
    sent.next_role = (char *)"operator";
    const struct {
        const char *log;
        const void *event;
        int64_t due_at;
        const char *waits_for;
    } cases[] = {
        { "intake", &entered, entered.due_at, "kelengkapan berkas dan pemeriksaan data" },
        { "intake", &sent, sent.due_at, "terima (operator)" },
        { "approval", &received, received.due_at, "langkah berikutnya di dinas" },
        { "approval", &back, back.due_at, "langkah yang diulang di dinas" },
        { "approval", &returned, returned.due_at, "perbaikan oleh kelurahan" },
        { "batching", &queued, queued.due_at, "jadwal pengiriman ke BPJS Kesehatan" },
        { "batching", &batched, batched.due_at, "penyerahan berkas ke BPJS Kesehatan" },
        { "batching", &forwarded, forwarded.due_at, "jawaban BPJS Kesehatan" },
    };
    for (int i = 0; i < (int)(sizeof cases / sizeof *cases); i++) {
        assert_rc (history_say (harness, cases[i].log, id_of ('a', i + 1), id, i + 1, cases[i].event), RC_OK);
        const struct story *story = harness_find (harness, &story_table, id);
        assert_int_equal (story->due_at, cases[i].due_at);
        assert_string_equal (story->waits_for, cases[i].waits_for);
    }
    Padan__Batching__V1__ApplicationFinished finished = PADAN__BATCHING__V1__APPLICATION_FINISHED__INIT;
    assert_rc (history_say (harness, "batching", id_of ('a', 90), id, 9, &finished), RC_OK);
    assert_int_equal (((const struct story *)harness_find (harness, &story_table, id))->due_at, 0);
}

/* A letter is a subject of its own: what says that an application is on it brings its events into the story. */
static void
letters_belong_to_the_story (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
    struct uuid id = harness_id ('a'), first = harness_id ('l'), second = harness_id ('m');
    Padan__Approval__V1__FileDrafted drafted = PADAN__APPROVAL__V1__FILE_DRAFTED__INIT;
    Padan__Approval__V1__FileMoved moved = PADAN__APPROVAL__V1__FILE_MOVED__INIT;
    Padan__Approval__V1__LetterDrafted letter = PADAN__APPROVAL__V1__LETTER_DRAFTED__INIT;
    drafted.letter_id = moved.letter_id = letter.letter_id = uuid_field (&first);
    assert_rc (say_entered (harness, id), RC_OK);
    assert_rc (history_say (harness, "approval", id_of ('l', 1), first, 1, &letter), RC_OK);
    assert_rc (history_say (harness, "approval", id_of ('a', 2), id, 2, &drafted), RC_OK);
    assert_rc (history_say (harness, "approval", id_of ('a', 3), id, 3, &moved), RC_OK);
    drafted.letter_id = uuid_field (&second);
    assert_rc (history_say (harness, "approval", id_of ('a', 4), id, 4, &drafted), RC_OK);
    const struct story *story = harness_find (harness, &story_table, id);
    assert_int_equal (story->n_letters_added, 2);
    assert_int_equal (uuid_compare (story->letters_added[0].letter_id, first), 0);
    assert_int_equal (uuid_compare (story->letters_added[1].letter_id, second), 0);
    assert_int_equal (((const struct story *)harness_find (harness, &story_table, first))->n_letters_added, 0);
}

static void
a_repeat_changes_nothing (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
    struct uuid id = harness_id ('a');
    size_t n;
    assert_rc (say_entered (harness, id), RC_OK);
    assert_rc (say_sent (harness, id, 2, 2), RC_OK);
    assert_rc (say_judged (harness, id, 2, 20), RC_OK);
    assert_rc (say_entered (harness, id), RC_OK);
    assert_rc (say_sent (harness, id, 2, 2), RC_OK);
    assert_rc (say_judged (harness, id, 2, 20), RC_OK);
    history (harness, &n);
    assert_int_equal (n, 3);
}

static void
a_second_event_for_a_version_is_refused (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
    struct uuid id = harness_id ('a');
    size_t n;
    assert_rc (say_entered (harness, id), RC_OK);
    assert_rc (say_sent (harness, id, 2, 2), RC_OK);
    assert_refused (say_received (harness, id, 2, 9), RC_CONFLICT, "journal.version_conflict", NULL);
    assert_rc (say_received (harness, id, 4, 4), RC_OK); /* waits for 3 */
    assert_refused (say_received (harness, id, 4, 5), RC_CONFLICT, "journal.version_conflict", NULL);
    assert_refused (say_received (harness, id, 0, 6), RC_CONFLICT, "journal.version_conflict", NULL);
    history (harness, &n);
    assert_int_equal (n, 2);
    assert_int_equal (history_held (harness_find (harness, &story_table, id)), 1);
}

static void
too_many_that_wait_are_refused (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
    struct uuid id = harness_id ('a');
    size_t n;
    for (int i = 0; i < STORY_HELD; i++)
        assert_rc (say_received (harness, id, STORY_HELD + 1 - i, STORY_HELD + 1 - i), RC_OK);
    assert_rc (say_received (harness, id, 100, 100), RC_BUSY);
    assert_rc (say_entered (harness, id), RC_OK);
    history (harness, &n);
    assert_int_equal (n, STORY_HELD + 1);
}

static void
ids_are_known_for_a_while (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
    struct uuid id = harness_id ('a');
    size_t n;
    assert_rc (say_entered (harness, id), RC_OK);
    for (int i = 2; i <= STORY_IDS + 1; i++)
        assert_rc (say_received (harness, id, i, i), RC_OK);
    assert_rc (say_received (harness, id, 2, 2), RC_OK);
    assert_rc (say_entered (harness, id), RC_CONFLICT); /* longer ago than is remembered: a person must look */
    history (harness, &n);
    assert_int_equal (n, STORY_IDS + 1);
}

static void
a_card_lies_where_its_application_does (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
    struct uuid id = harness_id ('a'), card = harness_id ('c');
    Padan__Distribution__V1__CardExpected expected = PADAN__DISTRIBUTION__V1__CARD_EXPECTED__INIT;
    Padan__Distribution__V1__CardReceived received = PADAN__DISTRIBUTION__V1__CARD_RECEIVED__INIT;
    size_t n;
    expected.application_id = received.application_id = uuid_field (&id);
    assert_rc (say_entered (harness, id), RC_OK);
    assert_rc (history_say (harness, "distribution", id_of ('c', 2), card, 2, &received), RC_OK);
    assert_rc (history_say (harness, "distribution", id_of ('c', 1), card, 1, &expected), RC_OK);
    const struct event_row **events = history (harness, &n);
    assert_int_equal (n, 3);
    assert_string_equal (events[1]->place, "12.72.01.1003");
    assert_string_equal (events[2]->place, "12.72.01.1003");
    assert_string_equal (events[2]->kind, "card");
    assert_memory_equal (&events[2]->application_id, &id, sizeof id);
    assert_int_equal (history_total (harness, "card", "received"), 1);
}

static void
people_are_counted_once_with_their_outcome (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
    struct uuid id = harness_id ('a'), other = harness_id ('b');
    Padan__Batching__V1__MemberAccepted accepted = PADAN__BATCHING__V1__MEMBER_ACCEPTED__INIT;
    Padan__Intake__V1__ApplicationWithdrawn withdrawn = PADAN__INTAKE__V1__APPLICATION_WITHDRAWN__INIT;
    size_t n;
    assert_rc (say_entered (harness, id), RC_OK);
    assert_rc (say_entered (harness, other), RC_OK);
    assert_rc (say_sent (harness, id, 2, 2), RC_OK);
    assert_rc (history_say (harness, "batching", id_of ('a', 3), id, 3, &accepted), RC_OK);
    assert_rc (history_say (harness, "intake", id_of ('b', 3), other, 2, &withdrawn), RC_OK);
    history (harness, &n);
    assert_int_equal (history_total (harness, "member", "accepted"), 1);
    assert_int_equal (history_total (harness, "member", "excluded"), 1);
    assert_int_equal (history_total (harness, "member", "withdrawn"), 2);
    assert_int_equal (history_total (harness, "member", "open"), 0);
}

/* An import never leaves its log: versions that count chunks leave no hole. */
/* Papers move it on at the counter: the story says for which act, of whom, until when. */
static void
what_waits_at_the_counter_is_told (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
    struct uuid subject = id_of ('k', 0);
    Padan__Common__V1__Paper paper = PADAN__COMMON__V1__PAPER__INIT;
    Padan__Intake__V1__PaperAttached event = PADAN__INTAKE__V1__PAPER_ATTACHED__INIT;
    assert_rc (say_entered (harness, subject), RC_OK);
    const struct story *story = harness_find (harness, &story_table, subject);
    assert_int_equal (story->due_at, 0);
    event.paper = &paper;
    event.next_act = (char *)"verifikasi";
    event.next_role = (char *)"petugas_kelurahan";
    event.due_at = HARNESS_NOW + CLOCK_SECOND;
    assert_rc (history_say (harness, "intake", id_of ('k', 2), subject, 2, &event), RC_OK);
    story = harness_find (harness, &story_table, subject);
    assert_string_equal (story->state, "entered");
    assert_string_equal (story->holder, "intake");
    assert_string_equal (story->waits_for, "verifikasi (petugas_kelurahan)");
    assert_int_equal (story->due_at, HARNESS_NOW + CLOCK_SECOND);
}

static void
an_import_waits_for_nothing (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
    Padan__Intake__V1__ImportFinished finished = PADAN__INTAKE__V1__IMPORT_FINISHED__INIT;
    Padan__Common__V1__ImportProgress progress = PADAN__COMMON__V1__IMPORT_PROGRESS__INIT;
    size_t n;
    finished.progress = &progress;
    progress.state = (char *)"done";
    progress.rows = 2000;
    assert_rc (history_say (harness, "intake", id_of ('i', 1), harness_id ('i'), 21, &finished), RC_OK);
    const struct event_row **events = history (harness, &n);
    assert_int_equal (n, 1);
    assert_string_equal (events[0]->code, "done");
    assert_string_equal (events[0]->detail, "2000");
}

/* ------------------------------------------------------------ any interleaving */

enum { LOGS = 4, SUBJECTS = 8, VERSIONS = 12, ROUNDS = 400 };

struct planned {
    int subject;
    int64_t version;
    bool judged;
};

static uint64_t
next (uint64_t *seed)
{
    *seed += 0x9e3779b97f4a7c15u;
    uint64_t mixed = (*seed ^ (*seed >> 30)) * 0xbf58476d1ce4e5b9u;
    return mixed ^ (mixed >> 27);
}

static void
interleave (uint64_t seed)
{
    HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
    struct planned logs[LOGS][2 * SUBJECTS * VERSIONS];
    size_t sizes[LOGS] = { 0 }, reads[LOGS] = { 0 }, left = 0, n;
    for (int64_t version = 1; version <= VERSIONS; version++)
        for (int subject = 0; subject < SUBJECTS; subject++) {
            size_t log = version == 1 ? 0 : next (&seed) % (LOGS - 1);
            logs[log][sizes[log]++] = (struct planned){ subject, version, false };
            if (next (&seed) % 2)
                logs[LOGS - 1][sizes[LOGS - 1]++] = (struct planned){ subject, version, true };
        }
    for (size_t i = 0; i < LOGS; i++)
        left += sizes[i];
    size_t all = left;
    while (left) {
        size_t log = next (&seed) % LOGS;
        if (reads[log] == sizes[log])
            continue;
        const struct planned *planned = &logs[log][reads[log]];
        struct uuid subject = harness_id ((char)('a' + planned->subject));
        int number = (int)planned->version + (planned->judged ? 100 : 0);
        if (planned->judged)
            assert_rc (say_judged (harness, subject, planned->version, number), RC_OK);
        else if (planned->version == 1)
            assert_rc (say_entered (harness, subject), RC_OK);
        else
            assert_rc (say_received (harness, subject, planned->version, number), RC_OK);
        bool again = reads[log] && next (&seed) % 8 == 0; /* the same answer read twice */
        reads[log]++, left--;
        if (again && !planned->judged && planned->version > 1)
            assert_rc (say_received (harness, subject, planned->version, number), RC_OK);
    }
    const struct event_row **events = history (harness, &n);
    int64_t versions[SUBJECTS] = { 0 };
    assert_int_equal (n, all);
    for (size_t i = 0; i < n; i++)
        for (int subject = 0; subject < SUBJECTS; subject++) {
            struct uuid id = harness_id ((char)('a' + subject));
            if (uuid_compare (events[i]->story, id) != 0)
                continue;
            if (strcmp (events[i]->type, "padan.validation.v1.Judged") == 0)
                assert_true (events[i]->version <= versions[subject]);
            else
                assert_int_equal (events[i]->version, ++versions[subject]);
        }
    for (int subject = 0; subject < SUBJECTS; subject++) {
        assert_int_equal (versions[subject], VERSIONS);
        assert_int_equal (history_held (harness_find (harness, &story_table, harness_id ((char)('a' + subject)))), 0);
    }
    assert_int_equal (history_total (harness, "application", "received"), SUBJECTS);
    assert_int_equal (history_total (harness, "application", "entered"), 0);
}

static void
any_interleaving_gives_every_subject_its_order (void **state)
{
    for (uint64_t seed = 1; seed <= ROUNDS; seed++)
        interleave (seed);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (one_after_the_other),
        cmocka_unit_test (later_ones_wait_for_the_missing_one),
        cmocka_unit_test (what_waits_has_a_deadline),
        cmocka_unit_test (letters_belong_to_the_story),
        cmocka_unit_test (a_repeat_changes_nothing),
        cmocka_unit_test (a_second_event_for_a_version_is_refused),
        cmocka_unit_test (too_many_that_wait_are_refused),
        cmocka_unit_test (ids_are_known_for_a_while),
        cmocka_unit_test (a_card_lies_where_its_application_does),
        cmocka_unit_test (people_are_counted_once_with_their_outcome),
        cmocka_unit_test (what_waits_at_the_counter_is_told),
        cmocka_unit_test (an_import_waits_for_nothing),
        cmocka_unit_test (any_interleaving_gives_every_subject_its_order),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
