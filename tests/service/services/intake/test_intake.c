/* intake as a program, on a real PostgreSQL, over CURVE: from the published profile to an application with its papers.
 */
#include <pthread.h>
#include <signal.h>

#include "common/base/text.h"
#include "intake_sql.h"
#include "tests/service/services/intake/office.h"

static struct office office;

static int
open_office (void **state)
{
    office_open (&office);
    return 0;
}

static int
close_office (void **state)
{
    office_close (&office);
    return 0;
}

static const Padan__Intake__V1__ApplicationReply *
enter (struct uuid id, int number)
{
    struct family family;
    const void *reply;
    family_make (&family, number);
    office_tell (&office, &office.officer, id, 0, &family.enter, &padan__intake__v1__application_reply__descriptor,
                 &reply);
    return reply;
}

static void
without_a_profile_nothing_is_entered (void **state)
{
    assert_null (enter (uuid_new (clock_now ()), 1));
    assert_string_equal (office_code, "common.no_profile");
}

/* Exit code of `padan profile publish`, which speaks by a key of its own; option may be NULL. */
static int
padan_publish (const char *path, const char *option)
{
    char from[256], config[256], keys[256], tenant[16], line[4096];
    snprintf (from, sizeof from, "%s/intake-0.conf", fleet_dir (office.fleet));
    snprintf (config, sizeof config, "%s/padan.conf", fleet_dir (office.fleet));
    snprintf (keys, sizeof keys, "%s/keys", fleet_dir (office.fleet));
    snprintf (tenant, sizeof tenant, "%d", TENANT);
    child_run ((const char *const[]){ "padan", "keys", "--keys", keys, "intake", NULL }, 20000);
    FILE *in = fopen (from, "r"), *out = fopen (config, "w");
    assert_non_null (in);
    assert_non_null (out);
    while (fgets (line, sizeof line, in))
        if (strncmp (line, "keys ", 5) == 0 || strncmp (line, "peers ", 6) == 0)
            fputs (line, out);
    fclose (in);
    fclose (out);
    CHILD_AUTO struct child *child = child_spawn ((const char *const[]){
        "padan", "profile", "publish", "--config", config, "--tenant", tenant, path, option, NULL });
    return child_wait (child, 20000);
}

/* Of the last refusal. */
static const Padan__FieldProblem *
field_named (const char *pointer)
{
    const Padan__FieldProblem *found = NULL;
    for (size_t i = 0; !found && i < office_problem->n_fields; i++)
        if (strcmp (office_problem->fields[i]->pointer, pointer) == 0)
            found = office_problem->fields[i];
    if (!found)
        fail_msg ("no problem at %s", pointer);
    return found;
}

static void
a_profile_is_published_once (void **state)
{
    Padan__Intake__V1__PublishProfile command = PADAN__INTAKE__V1__PUBLISH_PROFILE__INIT;
    Padan__Intake__V1__GetProfile question = PADAN__INTAKE__V1__GET_PROFILE__INIT;
    struct bytes yaml = file_bytes ("deploy/profiles/pematangsiantar.yaml");
    const void *data;
    static char wrong[] = "id: uji\nversion: satu\nwarna: biru\n"; /* and nearly everything is missing */
    command.yaml = (ProtobufCBinaryData){ sizeof wrong - 1, (uint8_t *)wrong };
    assert_int_equal (office_tell (&office, &office.admin, (struct uuid){ 0 }, 0, &command, NULL, NULL),
                      PADAN__OUTCOME__OUTCOME_UNPROCESSABLE);
    assert_string_equal (office_code, "intake.profile_problem");
    assert_true (office_problem->n_fields > 2);
    assert_int_equal (atoi (office_problem->arguments[0]), office_problem->n_fields);
    assert_string_equal (field_named ("2:10 version")->code, "intake.profile_line");
    assert_non_null (strstr (field_named ("3:1 warna")->arguments[0], "warna"));
    assert_int_equal (office_tell (&office, &office.officer, (struct uuid){ 0 }, 0, &command, NULL, NULL),
                      PADAN__OUTCOME__OUTCOME_FORBIDDEN);
    command.yaml = (ProtobufCBinaryData){ yaml.size, (uint8_t *)yaml.data };
    assert_int_equal (office_tell (&office, NULL, (struct uuid){ 0 }, 0, &command, NULL, NULL),
                      PADAN__OUTCOME__OUTCOME_UNAUTHENTICATED); /* a service that is not padan */
    for (int i = 0; i < 2; i++) {
        assert_int_equal (office_tell (&office, &office.admin, (struct uuid){ 0 }, 0, &command,
                                       &padan__intake__v1__profile_reply__descriptor, &data),
                          PADAN__OUTCOME__OUTCOME_OK);
        assert_int_equal (((const Padan__Intake__V1__ProfileReply *)data)->version, 1);
    }
    /* the same again; intake looks for new keys once a second, until then padan says 75: try again */
    WAIT_UNTIL (padan_publish ("deploy/profiles/pematangsiantar.yaml", NULL) == 0, 10000);
    const Padan__Intake__V1__Profile *profile =
        office_ask (&office, &office.officer, (struct uuid){ 0 }, &question, &padan__intake__v1__profile__descriptor);
    assert_int_equal (profile->yaml.len, yaml.size);
    question.profile_sha256 = profile->profile_sha256;
    profile =
        office_ask (&office, &office.officer, (struct uuid){ 0 }, &question, &padan__intake__v1__profile__descriptor);
    assert_memory_equal (profile->yaml.data, yaml.data, yaml.size);
    assert_string_equal (office_sql (&office, "select count(*) from intake.log"), "1");
}

/* "siantar-padan v1" in the evidence of verdicts means one set of rules, whatever is published in between. */
static void
a_policy_changes_with_its_version (void **state)
{
    static const struct {
        const char *policy;
        Padan__Outcome outcome;
    } steps[] = {
        { "version: 1\n  threshold: 80", PADAN__OUTCOME__OUTCOME_UNPROCESSABLE },
        { "version: 2\n  threshold: 80", PADAN__OUTCOME__OUTCOME_OK },
        { "version: 1\n  threshold: 81", PADAN__OUTCOME__OUTCOME_UNPROCESSABLE },
        { "version: 1\n  threshold: 85", PADAN__OUTCOME__OUTCOME_OK }, /* the first again, as it was */
    };
    Padan__Intake__V1__PublishProfile command = PADAN__INTAKE__V1__PUBLISH_PROFILE__INIT;
    struct bytes yaml = file_bytes ("deploy/profiles/pematangsiantar.yaml");
    static const char first[] = "version: 1\n  threshold: 85";
    static char text[1 << 20];
    const char *at = memmem (yaml.data, yaml.size, first, strlen (first));
    assert_non_null (at);
    int before = (int)(at - (const char *)yaml.data), after = (int)yaml.size - before - (int)strlen (first);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int size = snprintf (text, sizeof text, "%.*s%s%.*s", before, (const char *)yaml.data, steps[i].policy, after,
                             at + strlen (first));
        command.yaml = (ProtobufCBinaryData){ (size_t)size, (uint8_t *)text };
        assert_int_equal (office_tell (&office, &office.admin, (struct uuid){ 0 }, 0, &command, NULL, NULL),
                          steps[i].outcome);
        if (steps[i].outcome != PADAN__OUTCOME__OUTCOME_OK) {
            assert_string_equal (office_code, "intake.profile_policy");
            assert_string_equal (office_problem->arguments[0], "siantar-padan v1");
        }
    }
}

/* What `padan profile publish --if-none` was made for: whatever the office has published itself is not replaced. */
static void
a_procedure_in_force_stays (void **state)
{
    Padan__Intake__V1__PublishProfile command = PADAN__INTAKE__V1__PUBLISH_PROFILE__INIT;
    Padan__Intake__V1__GetProfile question = PADAN__INTAKE__V1__GET_PROFILE__INIT;
    struct bytes yaml = file_bytes ("deploy/profiles/pematangsiantar.yaml");
    static char own[1 << 20];
    int size = snprintf (own, sizeof own, "%.*s# Milik kantor ini\n", (int)yaml.size, (const char *)yaml.data);
    command.yaml = (ProtobufCBinaryData){ (size_t)size, (uint8_t *)own };
    assert_int_equal (office_tell (&office, &office.admin, (struct uuid){ 0 }, 0, &command, NULL, NULL),
                      PADAN__OUTCOME__OUTCOME_OK);
    assert_int_equal (padan_publish ("deploy/profiles/pematangsiantar.yaml", "--if-none"), 0);
    const Padan__Intake__V1__Profile *profile =
        office_ask (&office, &office.officer, (struct uuid){ 0 }, &question, &padan__intake__v1__profile__descriptor);
    assert_int_equal (profile->version, 2);
    assert_int_equal (profile->yaml.len, size);
    assert_memory_equal (profile->yaml.data, own, (size_t)size);
    assert_string_equal (office_sql (&office, "select count(*) from intake.log"), "2");
}

static void
an_application_gathers_its_papers (void **state)
{
    struct uuid id = uuid_new (clock_now ());
    const Padan__Intake__V1__ApplicationReply *reply = enter (id, 2);
    assert_non_null (reply);
    assert_int_equal (reply->n_missing, 3);
    Padan__Common__V1__Paper paper = PADAN__COMMON__V1__PAPER__INIT;
    Padan__Intake__V1__AttachPaper attach = PADAN__INTAKE__V1__ATTACH_PAPER__INIT;
    uint8_t digest[STORE_DIGEST] = { 1 };
    struct err err;
    const void *data;
    attach.paper = &paper;
    paper.kind = (char *)"kk";
    paper.media_type = (char *)"application/pdf";
    paper.size = 7;
    paper.file_sha256 = (ProtobufCBinaryData){ sizeof digest, digest };
    assert_int_equal (office_tell (&office, &office.officer, id, 1, &attach, NULL, NULL),
                      PADAN__OUTCOME__OUTCOME_UNPROCESSABLE);
    assert_string_equal (office_code, "intake.paper_file");
    assert_int_equal (store_put (office.store, "nik;nik", 7, digest, &err), RC_OK); /* as a table is uploaded */
    assert_int_equal (office_tell (&office, &office.officer, id, 1, &attach, NULL, NULL),
                      PADAN__OUTCOME__OUTCOME_UNPROCESSABLE);
    assert_string_equal (office_code, "intake.paper_content");
    assert_int_equal (store_put (office.store, "\xff\xd8\xff\xe0JFI", 7, digest, &err), RC_OK); /* no PDF */
    assert_int_equal (office_tell (&office, &office.officer, id, 1, &attach, NULL, NULL),
                      PADAN__OUTCOME__OUTCOME_UNPROCESSABLE);
    assert_string_equal (office_code, "intake.paper_content");
    assert_int_equal (store_put (office.store, "%PDF-1\n", 7, digest, &err), RC_OK);
    assert_int_equal (office_tell (&office, &office.officer, id, 1, &attach,
                                   &padan__intake__v1__application_reply__descriptor, &data),
                      PADAN__OUTCOME__OUTCOME_OK);
    reply = data;
    assert_int_equal (reply->version, 2);
    assert_int_equal (reply->n_missing, 2);
    assert_int_equal (office_tell (&office, &office.officer, id, 1, &attach, NULL, NULL),
                      PADAN__OUTCOME__OUTCOME_STALE);
    assert_int_equal (office_tell (&office, &office.stranger, id, 2, &attach, NULL, NULL),
                      PADAN__OUTCOME__OUTCOME_NOT_FOUND);
}

static void
it_is_shown_to_whom_it_may (void **state)
{
    struct uuid id = uuid_new (clock_now ());
    Padan__Intake__V1__GetApplication question = PADAN__INTAKE__V1__GET_APPLICATION__INIT;
    const ProtobufCMessageDescriptor *type = &padan__intake__v1__application_view__descriptor;
    assert_non_null (enter (id, 3));
    const Padan__Intake__V1__ApplicationView *view = office_ask (&office, &office.officer, id, &question, type);
    assert_string_equal (view->dossier->members[0]->nik, "1272015203850003");
    assert_string_equal (view->dossier->members[0]->birth_date, "1985-03-12");
    assert_string_equal (view->state, "entered");
    assert_string_equal (view->act, "periksa");
    assert_string_equal (view->role, "petugas_kelurahan");
    assert_true (view->due_at > view->since_at);
    view = office_ask (&office, &office.auditor, id, &question, type);
    assert_string_equal (view->dossier->members[0]->nik, "127201******0003");
    assert_string_equal (view->dossier->kk, "127201******0003");
    assert_null (office_ask (&office, &office.stranger, id, &question, type));
    assert_string_equal (office_code, "common.not_found");
    assert_null (office_ask (&office, &office.officer, uuid_new (clock_now ()), &question, type));
    assert_null (office_ask (&office, NULL, id, &question, type)); /* the gateway without a person */
    assert_string_equal (office_code, "common.unauthenticated");
}

static void
a_person_enters_twice_at_once_only_one_wins (void **state)
{
    struct uuid first = uuid_new (clock_now ()), second = uuid_new (clock_now ());
    const Padan__Intake__V1__ApplicationReply *reply = enter (first, 4);
    assert_non_null (reply);
    assert_null (enter (second, 4));
    assert_string_equal (office_code, "intake.claimed");
    assert_string_equal (office_argument, reply->ticket);
    Padan__Intake__V1__WithdrawApplication withdraw = PADAN__INTAKE__V1__WITHDRAW_APPLICATION__INIT;
    withdraw.reason = (char *)"Salah keluarga";
    assert_int_equal (office_tell (&office, &office.officer, first, 0, &withdraw, NULL, NULL),
                      PADAN__OUTCOME__OUTCOME_OK);
    assert_non_null (enter (second, 4));
    assert_string_equal (office_sql (&office,
                                     "select (select count(*) from intake.claim_anywhere where holder is not null) = "
                                     "(select count(*) from intake.claim where application_id is not null)"),
                         "t");
}

static void
a_correction_is_stored (void **state)
{
    struct uuid id = uuid_new (clock_now ());
    struct family family;
    const void *data;
    Padan__Intake__V1__CorrectApplication correct = PADAN__INTAKE__V1__CORRECT_APPLICATION__INIT;
    assert_non_null (enter (id, 5));
    family_make (&family, 5);
    correct.track = family.enter.track;
    correct.kk = family.enter.kk;
    correct.address = &family.address;
    correct.members = family.members;
    correct.n_members = 1;
    assert_int_equal (office_tell (&office, &office.officer, id, 1, &correct,
                                   &padan__intake__v1__application_reply__descriptor, &data),
                      PADAN__OUTCOME__OUTCOME_OK);
    assert_int_equal (((const Padan__Intake__V1__ApplicationReply *)data)->version, 2);
    Padan__Intake__V1__GetApplication question = PADAN__INTAKE__V1__GET_APPLICATION__INIT;
    const Padan__Intake__V1__ApplicationView *view =
        office_ask (&office, &office.officer, id, &question, &padan__intake__v1__application_view__descriptor);
    assert_int_equal (view->dossier->n_members, 1);
}

static void
lists_are_paged (void **state)
{
    Padan__Intake__V1__ListApplications question = PADAN__INTAKE__V1__LIST_APPLICATIONS__INIT;
    const ProtobufCMessageDescriptor *type = &padan__intake__v1__applications__descriptor;
    size_t seen = 0, pages = 0;
    for (int i = 10; i < 15; i++)
        assert_non_null (enter (uuid_new (clock_now ()), i));
    question.limit = 2;
    question.state = (char *)"entered";
    for (const Padan__Intake__V1__Applications *page = NULL; !page || *page->next_cursor; pages++) {
        question.cursor = page ? page->next_cursor : (char *)"";
        page = office_ask (&office, &office.officer, (struct uuid){ 0 }, &question, type);
        assert_non_null (page);
        seen += page->n_applications;
        assert_string_equal (page->applications[0]->head_name, "SITI RUMONDANG");
        assert_true (page->applications[0]->members >= 1);
    }
    assert_int_equal (seen, atoi (office_sql (&office, "select count(*) from intake.application where state = "
                                                       "'entered'")));
    assert_int_equal (pages, (seen + 1) / 2);
    question.cursor = (char *)"";
    const Padan__Intake__V1__Applications *none =
        office_ask (&office, &office.stranger, (struct uuid){ 0 }, &question, type);
    assert_int_equal (none->n_applications, 0);
    question.cursor = (char *)"bukan-kursor";
    assert_null (office_ask (&office, &office.officer, (struct uuid){ 0 }, &question, type));
}

/* 170 kB that unpack to many times as much. They wait together, so that they would be one batch. */
enum { FLOOD = 60, FLOOD_MEMBERS = 85000, FLOOD_ARENA = 32 << 20 };

static void *
flood_send (void *ret_outcome)
{
    ARENA_AUTO struct arena *arena = arena_new (FLOOD_ARENA);
    static Padan__Common__V1__Member nobody = PADAN__COMMON__V1__MEMBER__INIT;
    Padan__Intake__V1__EnterApplication enter = PADAN__INTAKE__V1__ENTER_APPLICATION__INIT;
    struct uuid id = uuid_new (clock_now ());
    char key[UUID_TEXT];
    Padan__Reply *reply;
    struct err err;
    enter.n_members = FLOOD_MEMBERS;
    enter.members = arena_array (arena, FLOOD_MEMBERS, sizeof *enter.members);
    for (size_t i = 0; i < FLOOD_MEMBERS; i++)
        enter.members[i] = &nobody;
    if (fleet_command (office.fleet, "intake", &office.officer, TENANT, id, 0, uuid_format (id, key), &enter, CALL_MS,
                       arena, &reply, &err) == RC_OK)
        *(Padan__Outcome *)ret_outcome = reply->outcome;
    return NULL;
}

static void
what_grows_when_unpacked_is_refused (void **state)
{
    struct child *intake = fleet_child (office.fleet, "intake", 0);
    Padan__Outcome outcomes[FLOOD] = { 0 };
    pthread_t threads[FLOOD];
    child_signal (intake, SIGSTOP);
    for (int i = 0; i < FLOOD; i++)
        assert_int_equal (pthread_create (&threads[i], NULL, flood_send, &outcomes[i]), 0);
    WAIT_UNTIL (bus_caller_stats (fleet_caller (office.fleet)).open == FLOOD, CALL_MS);
    child_signal (intake, SIGCONT);
    for (int i = 0; i < FLOOD; i++)
        pthread_join (threads[i], NULL);
    assert_true (child_running (intake));
    for (int i = 0; i < FLOOD; i++)
        assert_int_equal (outcomes[i], PADAN__OUTCOME__OUTCOME_UNPROCESSABLE);
}

/* Every statement of the service is understood by the migrated schema. */
static void
statements_can_be_prepared (void **state)
{
    for (const struct sql *const *sql = intake_sql; *sql; sql++)
        scratch_sql (fleet_scratch (office.fleet),
                     "set search_path = intake; prepare uji as %s; deallocate uji; "
                     "reset search_path",
                     (*sql)->text);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (statements_can_be_prepared),
        cmocka_unit_test (without_a_profile_nothing_is_entered),
        cmocka_unit_test (a_profile_is_published_once),
        cmocka_unit_test (a_procedure_in_force_stays),
        cmocka_unit_test (an_application_gathers_its_papers),
        cmocka_unit_test (it_is_shown_to_whom_it_may),
        cmocka_unit_test (a_person_enters_twice_at_once_only_one_wins),
        cmocka_unit_test (a_correction_is_stored),
        cmocka_unit_test (lists_are_paged),
        cmocka_unit_test (what_grows_when_unpacked_is_refused),
        cmocka_unit_test (a_policy_changes_with_its_version),
    };
    return cmocka_run_group_tests (tests, open_office, close_office);
}
