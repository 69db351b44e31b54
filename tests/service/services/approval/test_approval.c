/* approval as a program: a letter from drafting to its delivery, many letters at once, and what a kill leaves. */
#include <pthread.h>
#include <sys/resource.h>

#include "approval_sql.h"
#include "common/db/db.h"
#include "tests/service/services/approval/office.h"

static void
test_statements (void **state)
{
    struct office *office = *state;
    DB_AUTO struct db *db = db_new (scratch_login (fleet_scratch (office->fleet), "approval"), "test");
    struct err err;
    for (const struct sql *const *sql = approval_sql; *sql; sql++) {
        char *text =
            arena_printf (office->arena, "set search_path = approval; prepare p as %s; deallocate p", (*sql)->text);
        if (db_script (db, text, &err) != RC_OK)
            fail_msg ("%s: %s", (*sql)->name, err.text);
    }
}

static int
clear (struct office *office, const struct fleet_person *person, int letter, int64_t version)
{
    Padan__Approval__V1__ClearLetter command = PADAN__APPROVAL__V1__CLEAR_LETTER__INIT;
    return office_tell (office, person, letter_id (letter), version, &command, TYPE (letter_reply)) != NULL;
}

struct officer {
    struct office *office;
    struct fleet_person person;
    Padan__Outcome outcome;
};

static void *
officer_clears (void *self)
{
    struct officer *officer = self;
    Padan__Approval__V1__ClearLetter command = PADAN__APPROVAL__V1__CLEAR_LETTER__INIT;
    ARENA_AUTO struct arena *arena = arena_new (4 << 20);
    officer->outcome = office_send (officer->office, &officer->person, letter_id (0), 1, &command, arena)->outcome;
    return NULL;
}

/* Two Kabid give their paraf in the same moment on the same version: one is told that it has changed. */
static void
clear_at_once (struct office *office)
{
    struct officer officers[2] = { { office, office->kabid, 0 }, { office, person_make (PADAN__ROLE__ROLE_KABID), 0 } };
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        pthread_create (&threads[i], NULL, officer_clears, &officers[i]);
    for (int i = 0; i < 2; i++)
        pthread_join (threads[i], NULL);
    int cleared = officers[1].outcome == PADAN__OUTCOME__OUTCOME_OK;
    assert_int_equal (officers[cleared].outcome, PADAN__OUTCOME__OUTCOME_OK);
    assert_int_equal (officers[!cleared].outcome, PADAN__OUTCOME__OUTCOME_STALE);
}

static void
inbox_holds (struct office *office)
{
    Padan__Approval__V1__ListInbox question = PADAN__APPROVAL__V1__LIST_INBOX__INIT;
    question.limit = 20;
    const Padan__Approval__V1__Inbox *page =
        office_ask (office, &office->operator, (struct uuid){ 0 }, &question, TYPE (inbox));
    assert_non_null (page);
    assert_int_equal (page->n_lines, 20);
    assert_string_equal (page->lines[0]->act, "konsep");
    assert_true (page->lines[0]->due_at > page->lines[0]->since_at);
    question.cursor = page->next_cursor;
    page = office_ask (office, &office->operator, (struct uuid){ 0 }, &question, TYPE (inbox));
    assert_int_equal (page->n_lines, 10);
    assert_string_equal (page->next_cursor, "");
    question.cursor = (char *)"";
    page = office_ask (office, &office->kabid, (struct uuid){ 0 }, &question, TYPE (inbox));
    assert_int_equal (page->n_lines, 0);
}

static void
sign_and_read (struct office *office)
{
    Padan__Approval__V1__SignLetter sign = PADAN__APPROVAL__V1__SIGN_LETTER__INIT;
    char title[700] = "";
    office_publish (office, KADIS, KADIS); /* in force, whatever the letter was drafted under */
    assert_null (office_tell (office, &office->kadis, letter_id (0), 3, &sign, TYPE (letter_reply)));
    assert_string_equal (office->code, "approval.official_unnamed");
    memset (title, 'W', sizeof title - 1);
    office_publish (office, KADIS, arena_printf (office->arena, "title: %s" KADIS_NAME, title));
    assert_null (office_tell (office, &office->kadis, letter_id (0), 3, &sign, TYPE (letter_reply)));
    assert_string_equal (office->code, "approval.unprintable"); /* and no number is gone */
    office_publish (office, KADIS, KADIS KADIS_NAME);
    const Padan__Approval__V1__LetterReply *reply =
        office_tell (office, &office->kadis, letter_id (0), 3, &sign, TYPE (letter_reply));
    assert_non_null (reply);
    assert_memory_equal (reply->number, "400.9.14/1/DINSOS-P3A/", 22);
    char number[64];
    snprintf (number, sizeof number, "%s", reply->number);
    WAIT_UNTIL (office_count (office, "select count (*) from approval.letter where state = 'sealed'") == 1, CALL_MS);
    const Padan__Approval__V1__LetterView *view = office_letter (office, 0);
    assert_int_equal (view->n_parafs, 2);
    assert_int_equal (view->n_application_id, 30);
    assert_memory_equal (view->parafs[1]->content_sha256.data, view->content_sha256.data, 32);
    const char *text = office_pdf (office, view->pdf_sha256);
    assert_non_null (strstr (text, number));
    assert_null (strstr (text, "DRAF"));
    assert_non_null (strstr (text, "1272014101900291"));
    assert_non_null (strstr (text, "Rupina Sihotan 00291"));
    assert_non_null (strstr (text, "KEPALA DINAS SOSIAL P3A"));
    assert_non_null (strstr (text, "Dra. Tiolina Uji, M.Si"));
    assert_non_null (strstr (text, "SURAT REKOMENDASI"));
}

static void
test_letter (void **state)
{
    struct office *office = *state;
    Padan__Approval__V1__GetLetterPreview preview = PADAN__APPROVAL__V1__GET_LETTER_PREVIEW__INIT;
    Padan__Approval__V1__DeliverLetter deliver = PADAN__APPROVAL__V1__DELIVER_LETTER__INIT;
    office_receive (office, 0, 30);
    inbox_holds (office);
    office_draft (office, 0, 0, 30);
    const Padan__Approval__V1__LetterPreview *draft =
        office_ask (office, &office->kabid, letter_id (0), &preview, TYPE (letter_preview));
    assert_non_null (draft);
    const char *text = office_pdf (office, draft->pdf_sha256);
    assert_non_null (strstr (text, "DRAF"));
    assert_non_null (strstr (text, "Rupina Sihotan 00290"));
    clear_at_once (office);
    assert_true (clear (office, &office->sekdis, 0, 2));
    sign_and_read (office);
    deliver.receiver = (char *)"Petugas BPJS";
    if (!office_tell (office, &office->operator, letter_id (0), 5, &deliver, TYPE (letter_reply)))
        fail_msg ("refused: %s", office->code);
    assert_int_equal (
        office_count (office, "select count (*) from approval.log where type like '%%ApplicationApproved'"), 30);
    /* received 5, drafted 6, two parafs, signed 9, approved 10: no version is missing */
    assert_int_equal (office_count (office, "select count (*) from (select subject from approval.log "
                                            "where type not like '%%Letter%%' group by subject "
                                            "having min (version) = 5 and max (version) = 10 and count (*) = 6) x"),
                      30);
}

struct targets {
    Padan__Approval__V1__Target rows[50], *pointers[50];
    struct uuid ids[50];
};

static void
targets_fill (struct targets *targets, int first, int64_t version)
{
    for (int i = 0; i < 50; i++) {
        padan__approval__v1__target__init (&targets->rows[i]);
        targets->ids[i] = letter_id (first + i);
        targets->rows[i].target_id = uuid_field (&targets->ids[i]);
        targets->rows[i].version = version;
        targets->pointers[i] = &targets->rows[i];
    }
}

static const Padan__Approval__V1__BulkResults *
bulk_results (struct office *office, struct uuid bulk)
{
    Padan__Approval__V1__ListBulkResults question = PADAN__APPROVAL__V1__LIST_BULK_RESULTS__INIT;
    return office_ask (office, &office->kadis, bulk, &question, TYPE (bulk_results));
}

static const Padan__Approval__V1__BulkResults *
act_on_many (struct office *office, const struct fleet_person *person, const char *act, struct targets *targets)
{
    Padan__Approval__V1__ActOnMany command = PADAN__APPROVAL__V1__ACT_ON_MANY__INIT;
    struct uuid bulk = uuid_new (clock_now ());
    command.act = (char *)act;
    command.n_targets = 50;
    command.targets = targets->pointers;
    command.receiver = (char *)(strcmp (act, "deliver") == 0 ? "Petugas BPJS" : "");
    if (!office_tell (office, person, bulk, 0, &command, TYPE (bulk_reply)))
        fail_msg ("refused: %s", office->code);
    if (strcmp (act, "deliver") == 0) { /* the work goes on where it was */
        fleet_kill (office->fleet, "approval", 0);
        fleet_start (office->fleet, "approval", 0);
    }
    char id[UUID_TEXT];
    uuid_format (bulk, id);
    WAIT_UNTIL (office_count (office, "select waiting from approval.bulk where id = '%s'", id) == 0, 60000);
    return bulk_results (office, bulk);
}

static int
done (const Padan__Approval__V1__BulkResults *results)
{
    int n = 0;
    for (size_t i = 0; i < results->n_results; i++)
        n += strcmp (results->results[i]->outcome, "done") == 0;
    return n;
}

/* Fifty letters, one of which was not read as it is: 49 are signed, with numbers without a gap. */
static void
test_many (void **state)
{
    struct office *office = *state;
    struct targets targets;
    office_receive (office, 100, 50);
    for (int i = 0; i < 50; i++)
        office_draft (office, 100 + i, 100 + i, 1);
    targets_fill (&targets, 100, 1);
    assert_int_equal (done (act_on_many (office, &office->kabid, "clear", &targets)), 50);
    targets_fill (&targets, 100, 2);
    assert_int_equal (done (act_on_many (office, &office->sekdis, "clear", &targets)), 50);
    targets_fill (&targets, 100, 3);
    targets.rows[17].version = 2;
    const Padan__Approval__V1__BulkResults *results = act_on_many (office, &office->kadis, "sign", &targets);
    assert_int_equal (done (results), 49);
    assert_string_equal (results->results[17]->outcome, "refused");
    assert_string_equal (results->results[17]->code, "common.stale");
    assert_int_equal (results->results[17]->version, 3);
    assert_int_equal (results->results[18]->version, 4);
    assert_int_equal (office_count (office, "select count (*) from approval.letter where sequence > 0"), 50);
    assert_int_equal (office_count (office, "select max (sequence) from approval.letter"), 50);
    WAIT_UNTIL (office_count (office, "select count (*) from approval.letter where state = 'signed'") == 0, 60000);
    targets_fill (&targets, 100, 5);
    results = act_on_many (office, &office->operator, "deliver", &targets);
    assert_int_equal (done (results), 49);
    assert_int_equal (office_count (office, "select count (*) from approval.file where state = 'approved'"), 79);
}

/* Newest first, page by page, each once. */
static void
test_letters (void **state)
{
    struct office *office = *state;
    Padan__Approval__V1__ListLetters question = PADAN__APPROVAL__V1__LIST_LETTERS__INIT;
    size_t seen = 0;
    int64_t newest = INT64_MAX;
    question.limit = 20;
    question.cursor = (char *)"";
    do {
        const Padan__Approval__V1__Letters *page =
            office_ask (office, &office->kadis, (struct uuid){ 0 }, &question, TYPE (letters));
        for (size_t i = 0; i < page->n_letters; i++) {
            assert_true (page->letters[i]->drafted_at <= newest);
            newest = page->letters[i]->drafted_at;
        }
        seen += page->n_letters;
        question.cursor = page->next_cursor;
    } while (*question.cursor);
    assert_int_equal (seen, office_count (office, "select count (*) from approval.letter"));
    question.state = (char *)"sealed";
    const Padan__Approval__V1__Letters *page =
        office_ask (office, &office->kadis, (struct uuid){ 0 }, &question, TYPE (letters));
    assert_int_equal (page->n_letters, 0);
}

/* A paraf that is void is kept, shown as such, and no longer printed. */
static void
test_recall (void **state)
{
    struct office *office = *state;
    Padan__Approval__V1__ReturnLetter recall = PADAN__APPROVAL__V1__RETURN_LETTER__INIT;
    office_receive (office, 270, 1);
    office_draft (office, 270, 270, 1);
    assert_true (clear (office, &office->kabid, 270, 1));
    recall.reason = (char *)"Mohon dibaca lagi.";
    recall.to_act = (char *)"paraf_kabid";
    assert_non_null (office_tell (office, &office->sekdis, letter_id (270), 2, &recall, TYPE (letter_reply)));
    assert_true (clear (office, &office->kabid, 270, 3));
    const Padan__Approval__V1__LetterView *view = office_letter (office, 270);
    assert_string_equal (view->act, "paraf_sekdis");
    assert_int_equal (view->n_parafs, 2);
    assert_true (view->parafs[0]->voided_at > 0);
    assert_int_equal (view->parafs[1]->voided_at, 0);
}

/* A letter that no page could hold is refused before anybody clears it. */
static void
test_unprintable (void **state)
{
    struct office *office = *state;
    Padan__Approval__V1__DraftLetter command = PADAN__APPROVAL__V1__DRAFT_LETTER__INIT;
    struct uuid id = file_id (250);
    ProtobufCBinaryData ids[] = { uuid_field (&id) };
    char title[700] = "";
    memset (title, 'W', sizeof title - 1);
    office_publish (office, "title: SURAT REKOMENDASI", arena_printf (office->arena, "title: %s", title));
    office_receive (office, 250, 1);
    command.letter = (char *)"rekomendasi";
    command.n_application_id = 1;
    command.application_id = ids;
    assert_null (office_tell (office, &office->operator, letter_id (250), 0, &command, TYPE (letter_reply)));
    assert_string_equal (office->code, "approval.unprintable");
    office_publish (office, KADIS, KADIS KADIS_NAME);
}

/* No room in the store is waited for, however long; it is no failure that ends with a person. */
static void
test_full_store (void **state)
{
    struct office *office = *state;
    Padan__Approval__V1__SignLetter sign = PADAN__APPROVAL__V1__SIGN_LETTER__INIT;
    pid_t pid = child_pid (fleet_child (office->fleet, "approval", 0));
    struct rlimit before, none;
    office_receive (office, 260, 1);
    office_draft (office, 260, 260, 1);
    assert_true (clear (office, &office->kabid, 260, 1));
    assert_true (clear (office, &office->sekdis, 260, 2));
    assert_int_equal (prlimit (pid, RLIMIT_NOFILE, NULL, &before), 0);
    none = (struct rlimit){ 3, before.rlim_max }; /* it can open nothing more: like a full disk to the store */
    assert_int_equal (prlimit (pid, RLIMIT_NOFILE, &none, NULL), 0);
    assert_non_null (office_tell (office, &office->kadis, letter_id (260), 3, &sign, TYPE (letter_reply)));
    WAIT_UNTIL (office_count (office, "select count (*) from approval.due where kind = 'seal' and reason <> ''") == 1,
                CALL_MS);
    assert_int_equal (office_count (office, "select max (attempts) from approval.due where kind = 'seal'"), 0);
    assert_int_equal (prlimit (pid, RLIMIT_NOFILE, &before, NULL), 0);
    WAIT_UNTIL (office_count (office, "select count (*) from approval.letter where state = 'signed'") == 0, CALL_MS);
}

/* An auditor reads everything but whole numbers of people. */
static void
test_auditor (void **state)
{
    struct office *office = *state;
    Padan__Approval__V1__GetFile question = PADAN__APPROVAL__V1__GET_FILE__INIT;
    struct fleet_person auditor = person_make (PADAN__ROLE__ROLE_AUDITOR);
    const Padan__Approval__V1__FileView *view =
        office_ask (office, &office->operator, file_id (3), &question, TYPE (file_view));
    assert_string_equal (view->dossier->members[0]->nik, "1272014101900031");
    view = office_ask (office, &auditor, file_id (3), &question, TYPE (file_view));
    assert_string_equal (view->dossier->members[0]->nik, "127201******0031");
    assert_string_equal (view->dossier->kk, "127201******0003");
    assert_string_equal (view->state, "approved");
}

static bool
is_there (struct office *office, const struct fleet_person *person, struct uuid subject, const void *question)
{
    Padan__Reply *reply;
    struct err err;
    assert_int_equal (fleet_query (office->fleet, "approval", person, TENANT, subject, question, CALL_MS, office->arena,
                                   &reply, &err),
                      RC_OK);
    if (reply->outcome != PADAN__OUTCOME__OUTCOME_OK)
        assert_int_equal (reply->outcome, PADAN__OUTCOME__OUTCOME_NOT_FOUND);
    return reply->outcome == PADAN__OUTCOME__OUTCOME_OK;
}

static size_t
letters_listed (struct office *office, const struct fleet_person *person)
{
    Padan__Approval__V1__ListLetters question = PADAN__APPROVAL__V1__LIST_LETTERS__INIT;
    const Padan__Approval__V1__Letters *page =
        office_ask (office, person, (struct uuid){ 0 }, &question, TYPE (letters));
    return page->n_letters;
}

static size_t
letters_waiting (struct office *office, const struct fleet_person *person)
{
    Padan__Approval__V1__ListInbox question = PADAN__APPROVAL__V1__LIST_INBOX__INIT;
    const Padan__Approval__V1__Inbox *page = office_ask (office, person, (struct uuid){ 0 }, &question, TYPE (inbox));
    return page->n_lines;
}

/* Who works for one kecamatan sees its applications, and letters about nobody else. */
static void
test_places (void **state)
{
    struct office *office = *state;
    Padan__Approval__V1__GetFile file = PADAN__APPROVAL__V1__GET_FILE__INIT;
    Padan__Approval__V1__GetLetter letter = PADAN__APPROVAL__V1__GET_LETTER__INIT;
    Padan__Approval__V1__GetLetterPreview preview = PADAN__APPROVAL__V1__GET_LETTER_PREVIEW__INIT;
    Padan__Approval__V1__ListBulkResults results = PADAN__APPROVAL__V1__LIST_BULK_RESULTS__INIT;
    struct fleet_person here = person_make (PADAN__ROLE__ROLE_KABID), there = person_make (PADAN__ROLE__ROLE_KABID);
    here.grant.place = (char *)"12.72.01";
    there.grant.place = (char *)"12.72.02";
    office_receive (office, 300, 2);
    office_draft (office, 300, 300, 2);
    const struct {
        struct uuid subject;
        const void *question;
    } asked[] = { { file_id (300), &file }, { letter_id (300), &letter }, { letter_id (300), &preview } };
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        assert_true (is_there (office, &here, asked[i].subject, asked[i].question));
        assert_false (is_there (office, &there, asked[i].subject, asked[i].question));
        assert_true (is_there (office, &office->kabid, asked[i].subject, asked[i].question));
    }
    assert_int_equal (letters_listed (office, &here), office_count (office, "select count (*) from approval.letter"));
    assert_int_equal (letters_listed (office, &there), 0);
    assert_int_equal (letters_waiting (office, &here), 1);
    assert_int_equal (letters_waiting (office, &there), 0);
    /* one application of elsewhere, and the letter is of both */
    office_sql (office, "update approval.file set village = '12.72.02.1001' where ticket = '1272-00301'");
    for (size_t i = 1; i < sizeof asked / sizeof *asked; i++) {
        assert_false (is_there (office, &here, asked[i].subject, asked[i].question));
        assert_false (is_there (office, &there, asked[i].subject, asked[i].question));
    }
    assert_int_equal (letters_listed (office, &there), 0);
    assert_int_equal (letters_waiting (office, &here), 0);
    here.grant.role = PADAN__ROLE__ROLE_OPERATOR;
    const char *id = office_sql (office, "select id from approval.bulk limit 1");
    struct uuid bulk;
    assert_true (uuid_parse (id, &bulk));
    assert_false (is_there (office, &here, bulk, &results)); /* somebody else's */
    assert_true (is_there (office, &office->operator, bulk, &results));
}

/* Whole numbers are not seen without a line in the log. */
static void
test_shown (void **state)
{
    struct office *office = *state;
    Padan__Approval__V1__GetFile question = PADAN__APPROVAL__V1__GET_FILE__INIT;
    struct fleet_person auditor = person_make (PADAN__ROLE__ROLE_AUDITOR),
                        officer = person_make (PADAN__ROLE__ROLE_KADIS);
    struct child *child = fleet_child (office->fleet, "approval", 0);
    char id[UUID_TEXT];
    office_ask (office, &auditor, file_id (300), &question, TYPE (file_view));
    assert_null (strstr (child_output (child), uuid_format (auditor.id, id)));
    office_ask (office, &officer, file_id (300), &question, TYPE (file_view));
    WAIT_UNTIL (strstr (child_output (child), uuid_format (officer.id, id)) != NULL, CALL_MS);
    assert_non_null (strstr (child_output (child), "nik.shown"));
}

/* What another tenant's officer asks for is not there. */
static void
test_other_tenant (void **state)
{
    struct office *office = *state;
    Padan__Approval__V1__GetFile question = PADAN__APPROVAL__V1__GET_FILE__INIT;
    struct fleet_person stranger = person_make (PADAN__ROLE__ROLE_OPERATOR);
    Padan__Reply *reply;
    struct err err;
    stranger.grant.tenant = 5107;
    assert_non_null (office_ask (office, &office->operator, file_id (0), &question, TYPE (file_view)));
    assert_int_equal (fleet_query (office->fleet, "approval", &stranger, 5107, file_id (0), &question, CALL_MS,
                                   office->arena, &reply, &err),
                      RC_OK);
    assert_int_equal (reply->outcome, PADAN__OUTCOME__OUTCOME_NOT_FOUND);
}

static int
open_once (void **state)
{
    static struct office office;
    office_open (&office);
    *state = &office;
    return 0;
}

static int
close_once (void **state)
{
    office_close (*state);
    return 0;
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_statements), cmocka_unit_test (test_letter),       cmocka_unit_test (test_many),
        cmocka_unit_test (test_letters),    cmocka_unit_test (test_recall),       cmocka_unit_test (test_unprintable),
        cmocka_unit_test (test_full_store), cmocka_unit_test (test_auditor),      cmocka_unit_test (test_places),
        cmocka_unit_test (test_shown),      cmocka_unit_test (test_other_tenant),
    };
    return cmocka_run_group_tests (tests, open_once, close_once);
}
