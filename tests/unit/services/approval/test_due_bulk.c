/* Many at once: one row, a child decision for each target, and a result that a refusal does not take from the others.
 */
#include "tests/unit/services/approval/office.h"

#define EVENT(TYPE) &padan__approval__v1__##TYPE##__descriptor

enum { TARGETS = 3 };

struct request {
    Padan__Approval__V1__ActOnMany command;
    Padan__Approval__V1__Target targets[TARGETS], *pointers[TARGETS];
    struct uuid ids[TARGETS];
    struct bytes payloads[TARGETS]; /* of the due work it made */
};

static void
request_fill (struct request *request, const char *act, bool letters)
{
    padan__approval__v1__act_on_many__init (&request->command);
    for (int i = 0; i < TARGETS; i++) {
        padan__approval__v1__target__init (&request->targets[i]);
        request->ids[i] = letters ? office_letter_id (i) : office_file (i);
        request->targets[i].target_id = uuid_field (&request->ids[i]);
        request->pointers[i] = &request->targets[i];
    }
    request->command.act = (char *)act;
    request->command.n_targets = TARGETS;
    request->command.targets = request->pointers;
}

static enum rc
ask (struct office *office, char person, Padan__Role role, int bulk, struct request *request)
{
    const struct unit *unit = &office->harness->unit;
    enum rc rc = office_command (office, person, role, office_id ("bulk", bulk), 0, &request->command, on_act_on_many,
                                 on_act_on_many_keys);
    for (size_t k = 0; rc == RC_OK && k < unit->n_due; k++)
        request->payloads[unit->due[k].input_version - 1] = unit->due[k].payload;
    return rc;
}

/* The due work of target i, as the engine would claim it. */
static enum rc
target_run (struct office *office, int bulk, const struct request *request, int i)
{
    struct harness *harness = office->harness;
    struct uuid id = office_id ("bulk", bulk);
    struct bytes payload = request->payloads[i];
    struct bulk_facts *facts = NULL;
    assert_non_null (payload.data);
    Padan__Approval__V1__BulkDue *due =
        padan__approval__v1__bulk_due__unpack (arena_protobuf (office->arena), payload.size, payload.data);
    struct message *message = harness_due (harness, id, i + 1, due);
    assert_rc (bulk_facts_make (message, office->arena, &facts, &harness->err), RC_OK);
    facts->command.facts = office_facts (office, &facts->command);
    message->facts = facts;
    return harness_run (harness, on_bulk_target, on_bulk_target_keys);
}

static const struct bulk *
bulk_row (struct office *office, int bulk)
{
    return harness_find (office->harness, &bulk_table, office_id ("bulk", bulk));
}

static void
test_receive_many (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    struct request request;
    request_fill (&request, "receive", false);
    for (int i = 0; i < TARGETS; i++)
        assert_rc (office_send (office, i, 5, "baru", 1, i == 1 ? PERSON_OPERATOR : PERSON_ENTERS), RC_OK);
    request.targets[0].version = 5;
    request.targets[2].version = 4;
    assert_rc (ask (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 0, &request), RC_OK);
    assert_int_equal (harness_dues (harness), TARGETS);
    const Padan__Approval__V1__BulkReply *reply = harness_reply (harness, EVENT (bulk_reply));
    assert_int_equal (reply->targets, TARGETS);
    assert_refused (ask (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 0, &request), RC_CONFLICT,
                    "common.exists", NULL);
    for (int i = 0; i < TARGETS; i++) {
        assert_rc (target_run (office, 0, &request, i), RC_OK);
        if (i == 0) /* the history names who asked, not a service */
            assert_int_equal (harness_event_actor (harness, 0)->grants[0]->role, PADAN__ROLE__ROLE_OPERATOR);
    }
    const struct bulk *bulk = bulk_row (office, 0);
    assert_int_equal (bulk->waiting, 0);
    assert_string_equal (bulk->targets[0].outcome, "done");
    assert_int_equal (bulk->targets[0].version, 6);
    assert_string_equal (bulk->targets[1].outcome, "refused");
    assert_string_equal (bulk->targets[1].code, "approval.same_person");
    assert_string_equal (bulk->targets[2].code, "common.stale");
    assert_string_equal (file_row (office, 0)->act, "konsep");
    assert_string_equal (file_row (office, 1)->act, "terima");
    assert_rc (target_run (office, 0, &request, 0), RC_OK); /* twice */
    assert_int_equal (file_row (office, 0)->version, 6);
    assert_int_equal (bulk_row (office, 0)->waiting, 0);
}

static void
test_letters_many (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    struct request request;
    office_fill (office, 0, TARGETS, "baru");
    for (int i = 0; i < 2; i++)
        assert_rc (office_draft (office, PERSON_OPERATOR, i, i, 1), RC_OK);
    request_fill (&request, "clear", true);
    for (int i = 0; i < TARGETS; i++)
        request.targets[i].version = 1;
    request.targets[1].version = 0;
    assert_rc (ask (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 0, &request), RC_OK);
    assert_rc (target_run (office, 0, &request, 0), RC_OK);
    assert_rc (target_run (office, 0, &request, 1), RC_OK);
    assert_string_equal (bulk_row (office, 0)->targets[0].outcome, "done");
    assert_string_equal (bulk_row (office, 0)->targets[1].code, "approval.version_required");
    assert_rc (target_run (office, 0, &request, 2), RC_OK);
    assert_string_equal (bulk_row (office, 0)->targets[2].code, "common.not_found");
    assert_string_equal (letter_row_of (office, 0)->acts[1].kind, "paraf");
    assert_true (uuid_compare (letter_row_of (office, 0)->acts[1].person_id, harness_id (PERSON_KABID)) == 0);
    request_fill (&request, "return_letter", true);
    request.command.reason = (char *)"Salah ketik.";
    assert_rc (ask (office, PERSON_SEKDIS, PADAN__ROLE__ROLE_SEKDIS, 1, &request), RC_OK);
    for (int i = 0; i < TARGETS; i++)
        assert_rc (target_run (office, 1, &request, i), RC_OK);
    assert_string_equal (letter_row_of (office, 0)->reason, "Salah ketik.");
    assert_string_equal (bulk_row (office, 1)->targets[1].code, "approval.not_your_act");
}

static void
test_reject_many (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    struct request request;
    office_fill (office, 0, TARGETS, "baru");
    request_fill (&request, "reject", false);
    assert_refused (ask (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 0, &request), RC_UNPROCESSABLE,
                    "common.required", "/reason");
    request.command.reason = (char *)"Tidak memenuhi syarat.";
    assert_rc (ask (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 0, &request), RC_OK);
    for (int i = 0; i < TARGETS; i++)
        assert_rc (target_run (office, 0, &request, i), RC_OK);
    assert_string_equal (file_row (office, 2)->state, "rejected");
    assert_string_equal (file_row (office, 2)->reason, "Tidak memenuhi syarat.");
}

/* Many go back to the act that was named, and a name in the wrong field is no silent way to the sender. */
static void
test_return_many (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    struct request request;
    office_fill (office, 0, TARGETS, "baru");
    request_fill (&request, "return", false);
    request.command.reason = (char *)"SKTM tidak terbaca.";
    request.command.to = (char *)"terima";
    assert_refused (ask (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 0, &request), RC_UNPROCESSABLE,
                    "approval.not_for_act", "/to");
    request.command.to = (char *)"";
    request.command.to_act = (char *)"terima";
    assert_rc (ask (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 0, &request), RC_OK);
    for (int i = 0; i < TARGETS; i++)
        assert_rc (target_run (office, 0, &request, i), RC_OK);
    assert_string_equal (file_row (office, 2)->state, "waiting");
    assert_string_equal (file_row (office, 2)->act, "terima");
}

static void
test_refusals (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    struct request request;
    request_fill (&request, "burn", false);
    assert_refused (ask (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 0, &request), RC_UNPROCESSABLE,
                    "approval.act_unknown", "/act");
    request_fill (&request, "deliver", true);
    assert_refused (ask (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 0, &request), RC_UNPROCESSABLE,
                    "common.required", "/receiver");
    request_fill (&request, "receive", false);
    request.targets[1].target_id.len = 3;
    assert_refused (ask (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 0, &request), RC_UNPROCESSABLE,
                    "common.invalid", "/targets/1/target_id");
    request.command.n_targets = 0;
    assert_refused (ask (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 0, &request), RC_UNPROCESSABLE,
                    "common.required", "/targets");
}

/* What may be otherwise in a moment is no result: the target waits and is tried again. */
static void
test_busy_is_no_result (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    struct request request;
    request_fill (&request, "receive", false);
    for (int i = 0; i < TARGETS; i++)
        assert_rc (office_send (office, i, 5, "baru", 1, PERSON_ENTERS), RC_OK);
    assert_rc (ask (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 0, &request), RC_OK);
    struct approval_facts none = { .rc = RC_OK };
    Padan__Approval__V1__BulkDue due = PADAN__APPROVAL__V1__BULK_DUE__INIT;
    Padan__Principal *who = office_person (office, PERSON_OPERATOR);
    uint8_t packed[256];
    due.act = (char *)"receive";
    due.target = &request.targets[0];
    due.principal = (ProtobufCBinaryData){ padan__principal__pack (who, packed), packed };
    struct message *message = harness_due (harness, office_id ("bulk", 0), 1, &due);
    struct bulk_facts *facts;
    assert_rc (bulk_facts_make (message, office->arena, &facts, &harness->err), RC_OK);
    facts->command.facts = &none;
    message->facts = facts;
    assert_rc (harness_run (harness, on_bulk_target, on_bulk_target_keys), RC_RETRY);
    assert_string_equal (bulk_row (office, 0)->targets[0].outcome, "waiting");
    assert_int_equal (bulk_row (office, 0)->waiting, TARGETS);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_receive_many), cmocka_unit_test (test_letters_many),
        cmocka_unit_test (test_reject_many),  cmocka_unit_test (test_return_many),
        cmocka_unit_test (test_refusals),     cmocka_unit_test (test_busy_is_no_result),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
