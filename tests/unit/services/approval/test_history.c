/* Random histories: whatever officers try, in whatever order, the books stay right. */
#include "tests/unit/services/approval/office.h"

enum { SEEDS = 60, STEPS = 800, FILES = 10, LETTERS = 60, PEOPLE = 8 };

struct history {
    struct office *office;
    uint64_t random;
    int letters;             /* ids used so far */
    int64_t versions[FILES]; /* after the newest event, or as intake sent it */
    int64_t letter_versions[LETTERS];
    size_t seen; /* log rows looked at */
    size_t accepted, refused, signatures, approvals;
};

static unsigned
pick (struct history *history, unsigned n)
{
    history->random = history->random * UINT64_C (6364136223846793005) + UINT64_C (1442695040888963407);
    return (unsigned)(history->random >> 33) % n;
}

static char
person (struct history *history)
{
    return (char)('a' + pick (history, PEOPLE));
}

static Padan__Role
role (struct history *history)
{
    static const Padan__Role roles[] = { PADAN__ROLE__ROLE_OPERATOR, PADAN__ROLE__ROLE_KABID, PADAN__ROLE__ROLE_SEKDIS,
                                         PADAN__ROLE__ROLE_KADIS };
    return roles[pick (history, 4)];
}

static int
some_letter (struct history *history)
{
    int back = (int)pick (history, 4); /* mostly one of the newest */
    return history->letters > back ? history->letters - 1 - back : 0;
}

/* Mostly the version it has. */
static int64_t
version_seen (struct history *history, int letter)
{
    const struct office_letter *row = letter_row_of (history->office, letter);
    return row ? row->version - (pick (history, 8) == 0) : 1;
}

static enum rc
send (struct history *history)
{
    int n = (int)pick (history, FILES);
    const struct file *file = file_row (history->office, n);
    int64_t version = file ? file->version + 2 : 5;
    bool returned = !file || strcmp (file->state, "returned") == 0;
    enum rc rc = office_send (history->office, n, version, "baru", 1 + (int)pick (history, 3), person (history));
    assert_int_equal (rc, returned ? RC_OK : RC_CONFLICT);
    if (rc == RC_OK)
        history->versions[n] = version;
    return rc;
}

static enum rc
draft (struct history *history)
{
    int first = (int)pick (history, FILES - 2), n = 1 + (int)pick (history, 3);
    if (history->letters == LETTERS)
        return RC_CONFLICT;
    enum rc rc = office_draft (history->office, person (history), history->letters, first, n);
    history->letters += rc == RC_OK;
    return rc;
}

/* The paraf or signature that the letter waits for, by anybody. */
static enum rc
go_on (struct history *history)
{
    struct office *office = history->office;
    int letter = some_letter (history);
    int64_t version = version_seen (history, letter);
    const struct office_letter *row = letter_row_of (office, letter);
    bool fits = row && row->role && pick (history, 6);
    Padan__Role by = fits ? (Padan__Role)row->role : role (history);
    if (by == PADAN__ROLE__ROLE_KADIS)
        return office_sign (office, person (history), letter, version);
    if (by == PADAN__ROLE__ROLE_OPERATOR)
        return office_deliver (office, person (history), letter, "Petugas BPJS");
    return office_clear (office, person (history), by, letter, version);
}

static enum rc
step (struct history *history)
{
    static const char *const acts[] = { "", "terima", "konsep", "paraf_kabid", "verifikasi", "paraf_sekdis" };
    struct office *office = history->office;
    switch (pick (history, 16)) {
    case 0:
    case 1:
        return send (history);
    case 2:
    case 3:
    case 4:
        return office_receive (office, person (history), (int)pick (history, FILES));
    case 5:
    case 6:
        return draft (history);
    case 7:
        if (!pick (history, 4))
            return office_void_letter (office, person (history), PADAN__ROLE__ROLE_KADIS, some_letter (history));
        return history->letters ? office_seal (office, some_letter (history)) : RC_CONFLICT;
    case 8:
        return pick (history, 3) ? RC_CONFLICT
                                 : office_return_letter (office, person (history), role (history),
                                                         some_letter (history), acts[pick (history, 6)]);
    case 9:
        return office_return_file (office, person (history), role (history), (int)pick (history, FILES),
                                   acts[pick (history, 6)]);
    case 10:
        return pick (history, 4)
                   ? RC_CONFLICT
                   : office_reject_file (office, person (history), role (history), (int)pick (history, FILES));
    default:
        return go_on (history);
    }
}

static int64_t *
version_of (struct history *history, struct uuid subject)
{
    for (int i = 0; i < FILES; i++)
        if (uuid_compare (subject, office_file (i)) == 0)
            return &history->versions[i];
    for (int i = 0; i < LETTERS; i++)
        if (uuid_compare (subject, office_letter_id (i)) == 0)
            return &history->letter_versions[i];
    fail_msg ("an event about nothing known");
    return NULL;
}

/* Every event raises its subject's version by one. */
static void
check_versions (struct history *history)
{
    const struct unit *unit = &history->office->harness->unit;
    for (; history->seen < unit->n_log; history->seen++) {
        const struct log_row *row = &unit->log[history->seen];
        int64_t *version = version_of (history, row->subject);
        assert_int_equal (row->version, *version + 1);
        *version = row->version;
        history->approvals += strstr (row->type, "ApplicationApproved") != NULL;
        history->signatures += strstr (row->type, "LetterSigned") != NULL;
    }
}

static bool
is_on (const struct office_letter *letter, struct uuid file)
{
    for (size_t i = 0; letter && i < letter->n_files; i++)
        if (uuid_compare (letter->files[i].application_id, file) == 0)
            return true;
    return false;
}

static void
check_file (struct history *history, int n)
{
    const struct file *file = file_row (history->office, n);
    if (!file)
        return;
    const struct office_letter *letter = NULL;
    if (!uuid_is_nil (file->letter_id))
        letter = harness_find (history->office->harness, &letter_table, file->letter_id);
    assert_int_equal (file->version, history->versions[n]);
    assert_int_equal (!strcmp (file->state, "drafted") || !strcmp (file->state, "signed") ||
                          !strcmp (file->state, "approved"),
                      letter != NULL);
    if (!letter)
        return;
    assert_true (is_on (letter, file->id));
    if (strcmp (file->state, "drafted") == 0)
        assert_string_equal (letter->state, "drafted");
    if (strcmp (file->state, "approved") == 0)
        assert_string_equal (letter->state, "delivered");
    assert_true (strcmp (letter->state, "returned") != 0 && strcmp (letter->state, "void") != 0);
}

/* A signed letter has both parafs, on what it says, each by another person than drafted or entered it. */
static void
check_letter (struct history *history, int n)
{
    const struct office_letter *letter = letter_row_of (history->office, n);
    assert_non_null (letter);
    assert_int_equal (letter->version, history->letter_versions[n]);
    for (size_t i = 0; i < letter->n_acts; i++) {
        const struct letter_act *act = &letter->acts[i];
        assert_memory_equal (act->content_sha256.data, letter->content_sha256.data, 32);
        bool decides = !act->voided_at && (!strcmp (act->kind, "paraf") || !strcmp (act->kind, "sign"));
        for (size_t j = 0; decides && j < i; j++)
            assert_true (letter->acts[j].voided_at || uuid_compare (act->person_id, letter->acts[j].person_id) != 0);
        bool ended = !strcmp (letter->state, "returned") || !strcmp (letter->state, "void");
        for (size_t j = 0; decides && !ended && j < letter->n_files; j++) {
            const struct file *file =
                harness_find (history->office->harness, &file_table, letter->files[j].application_id);
            assert_true (uuid_compare (act->person_id, file->entered_by) != 0);
        }
    }
    if (!letter->sequence)
        return;
    static const char *const expected[] = { "konsep", "paraf_kabid", "paraf_sekdis", "tanda_tangan", "sampaikan" };
    size_t standing = 0;
    for (size_t i = 0; i < letter->n_acts; i++)
        if (!letter->acts[i].voided_at)
            assert_string_equal (letter->acts[i].act, expected[standing++]);
    assert_true (standing >= 4);
}

/* The numbers taken are 1 … n, each once. */
static void
check_numbers (struct history *history)
{
    bool taken[LETTERS + 2] = { false };
    int64_t highest = 0, n = 0;
    for (int i = 0; i < history->letters; i++) {
        int64_t sequence = letter_row_of (history->office, i)->sequence;
        if (!sequence)
            continue;
        assert_in_range (sequence, 1, LETTERS);
        assert_false (taken[sequence]);
        taken[sequence] = true;
        highest = sequence > highest ? sequence : highest;
        n++;
    }
    assert_int_equal (n, highest);
}

static void
run (struct history *history)
{
    for (int i = 0; i < STEPS; i++) {
        enum rc rc = step (history);
        assert_true (rc != RC_INTERNAL && rc != RC_CORRUPT);
        history->accepted += rc == RC_OK;
        history->refused += rc != RC_OK;
        check_versions (history);
        for (int j = 0; j < FILES; j++)
            check_file (history, j);
        for (int j = 0; j < history->letters; j++)
            check_letter (history, j);
        check_numbers (history);
    }
}

static void
test_histories (void **state)
{
    size_t signatures = 0, approvals = 0, refused = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
        OFFICE_AUTO struct office *office = office_new ();
        struct history history = { .office = office, .random = (uint64_t)seed * UINT64_C (0x9e3779b97f4a7c15) };
        run (&history);
        signatures += history.signatures;
        approvals += history.approvals;
        refused += history.refused;
    }
    print_message ("%zu signatures, %zu approvals, %zu refusals\n", signatures, approvals, refused);
    assert_true (signatures > SEEDS && approvals > SEEDS && refused > SEEDS); /* they did reach the end */
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (test_histories) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
