/* The whole chain of Kota Pematangsiantar, each message in its good case, each refusal, and twice. */
#include "tests/unit/services/approval/office.h"

#define EVENT(TYPE) &padan__approval__v1__##TYPE##__descriptor

static void
to_letter (struct office *office, int n)
{
    struct harness *harness = office->harness;
    office_fill (office, 0, n, "baru");
    assert_rc (office_draft (office, PERSON_OPERATOR, 0, 0, n), RC_OK);
}

static void
to_signed (struct office *office, int n)
{
    struct harness *harness = office->harness;
    to_letter (office, n);
    assert_rc (office_clear (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 0, 1), RC_OK);
    assert_rc (office_clear (office, PERSON_SEKDIS, PADAN__ROLE__ROLE_SEKDIS, 0, 2), RC_OK);
    assert_rc (office_sign (office, PERSON_KADIS, 0, 3), RC_OK);
}

static void
test_sent (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    assert_rc (office_send (office, 0, 5, "baru", 2, PERSON_ENTERS), RC_OK);
    const struct file *file = file_row (office, 0);
    assert_string_equal (file->state, "waiting");
    assert_string_equal (file->act, "terima");
    assert_int_equal (file->role, PADAN__ROLE__ROLE_OPERATOR);
    assert_int_equal (file->version, 5);
    assert_int_equal (file->people, 2);
    assert_int_equal (file->due_at - HARNESS_NOW, 35 * 60 * (int64_t)CLOCK_SECOND); /* 07.30 WIB and five minutes */
    assert_int_equal (harness_events (harness), 0);
    assert_rc (office_send (office, 0, 5, "baru", 2, PERSON_ENTERS), RC_OK); /* again: nothing */
    assert_int_equal (file_row (office, 0)->version, 5);
    assert_rc (office_send (office, 0, 6, "baru", 2, PERSON_ENTERS), RC_CONFLICT); /* intake does not hold it */
    assert_rc (office_send (office, 1, 5, "lain", 2, PERSON_ENTERS), RC_CORRUPT);
}

static void
test_receive (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    Padan__Approval__V1__ReceiveFile command = PADAN__APPROVAL__V1__RECEIVE_FILE__INIT;
    assert_refused (office_receive (office, PERSON_OPERATOR, 0), RC_NOT_FOUND, "common.not_found", NULL);
    assert_rc (office_send (office, 0, 5, "baru", 2, PERSON_ENTERS), RC_OK);
    assert_refused (office_receive (office, PERSON_ENTERS, 0), RC_FORBIDDEN, "approval.same_person", NULL);
    assert_refused (office_command (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, office_file (0), 0, &command,
                                    on_receive_file, keys_file),
                    RC_FORBIDDEN, "approval.not_your_act", NULL);
    assert_refused (office_command (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, office_file (0), 4, &command,
                                    on_receive_file, keys_file),
                    RC_STALE, "common.stale", NULL);
    assert_rc (office_receive (office, PERSON_OPERATOR, 0), RC_OK);
    const Padan__Approval__V1__FileReceived *event = harness_event (harness, 0, EVENT (file_received));
    assert_int_equal (harness_event_version (harness, 0), 6);
    assert_string_equal (event->act, "terima");
    assert_string_equal (event->next_act, "konsep");
    assert_string_equal (event->next_role, "operator");
    const Padan__Approval__V1__FileReply *reply = harness_reply (harness, EVENT (file_reply));
    assert_string_equal (reply->act, "konsep");
    assert_int_equal (reply->version, 6);
    assert_refused (office_receive (office, PERSON_OPERATOR, 0), RC_CONFLICT, "common.not_allowed_now", NULL);
}

static void
test_place (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    Padan__Approval__V1__ReceiveFile command = PADAN__APPROVAL__V1__RECEIVE_FILE__INIT;
    assert_rc (office_send (office, 0, 5, "baru", 2, PERSON_ENTERS), RC_OK);
    struct message *message = harness_command (harness, office_file (0), &command);
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, "12.72.02");
    message->facts = office_facts (office, message);
    assert_refused (harness_run (harness, on_receive_file, keys_file), RC_FORBIDDEN, "approval.not_your_act", NULL);
}

static void
test_draft (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    office_fill (office, 0, 3, "baru");
    assert_rc (office_draft (office, PERSON_OPERATOR, 0, 0, 3), RC_OK);
    const struct office_letter *letter = letter_row_of (office, 0);
    assert_string_equal (letter->state, "drafted");
    assert_string_equal (letter->act, "paraf_kabid");
    assert_int_equal (letter->role, PADAN__ROLE__ROLE_KABID);
    assert_int_equal (letter->people, 6);
    assert_int_equal (letter->n_files, 3);
    assert_int_equal (letter->version, 1);
    assert_int_equal (harness_events (harness), 4);
    const Padan__Approval__V1__FileDrafted *drafted = harness_event (harness, 0, EVENT (file_drafted));
    assert_string_equal (drafted->next_role, "kabid");
    assert_int_equal (harness_event_version (harness, 0), 7);
    const Padan__Approval__V1__LetterDrafted *event = harness_event (harness, 3, EVENT (letter_drafted));
    assert_int_equal (event->people, 6);
    assert_int_equal (file_row (office, 1)->role, 0); /* it waits with its letter */
    const Padan__Approval__V1__LetterReply *reply = harness_reply (harness, EVENT (letter_reply));
    assert_int_equal (reply->content_sha256.len, 32);
    assert_refused (office_draft (office, PERSON_OPERATOR, 0, 0, 3), RC_CONFLICT, "common.exists", NULL);
    assert_refused (office_draft (office, PERSON_OPERATOR, 1, 0, 3), RC_CONFLICT, "approval.file_not_waiting",
                    "/application_id/0");
}

static void
test_draft_refusals (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    office_fill (office, 0, 2, "baru");
    office_fill (office, 2, 1, "pengalihan");
    assert_rc (office_send (office, 3, 5, "baru", 1, PERSON_ENTERS), RC_OK);
    assert_refused (office_draft (office, PERSON_OPERATOR, 0, 0, 0), RC_UNPROCESSABLE, "common.required",
                    "/application_id");
    assert_refused (office_draft (office, PERSON_OPERATOR, 0, 1, 2), RC_UNPROCESSABLE, "approval.not_same_track",
                    "/application_id/1");
    assert_refused (office_draft (office, PERSON_OPERATOR, 0, 3, 1), RC_CONFLICT, "approval.file_not_waiting",
                    "/application_id/0");
    assert_refused (office_draft (office, PERSON_OPERATOR, 0, 9, 1), RC_NOT_FOUND, "approval.file_unknown",
                    "/application_id/0");
    office_fill (office, 20, 1, "baru");
    assert_refused (office_draft (office, PERSON_OPERATOR, 0, 20, 2), RC_NOT_FOUND, "approval.file_unknown",
                    "/application_id/1");
    office->profile->letters[0].list_rows = 3;
    assert_refused (office_draft (office, PERSON_OPERATOR, 0, 0, 2), RC_UNPROCESSABLE, "approval.too_many_people",
                    "/application_id");
    office->profile->letters[0].list_rows = 4;
    office->profile->letters[0].per = SCOPE_FAMILY;
    assert_refused (office_draft (office, PERSON_OPERATOR, 0, 0, 2), RC_UNPROCESSABLE, "approval.one_per_letter",
                    "/application_id");
    assert_rc (office_draft (office, PERSON_OPERATOR, 0, 0, 1), RC_OK);
    assert_int_equal (harness_events (harness), 2);
}

static void
test_draft_twice_listed (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    Padan__Approval__V1__DraftLetter command = PADAN__APPROVAL__V1__DRAFT_LETTER__INIT;
    struct uuid id = office_file (0);
    ProtobufCBinaryData ids[] = { uuid_field (&id), uuid_field (&id) };
    office_fill (office, 0, 1, "baru");
    command.letter = (char *)"rekomendasi";
    command.application_id = ids;
    command.n_application_id = 2;
    assert_refused (office_command (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, office_letter_id (0), 0,
                                    &command, on_draft_letter, on_draft_letter_keys),
                    RC_UNPROCESSABLE, "approval.twice", "/application_id");
    command.n_application_id = 1;
    command.letter = (char *)"lain";
    assert_refused (office_command (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, office_letter_id (0), 0,
                                    &command, on_draft_letter, on_draft_letter_keys),
                    RC_UNPROCESSABLE, "approval.letter_unknown", "/letter");
}

static void
test_paraf (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    to_letter (office, 2);
    assert_refused (office_clear (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 0, 0), RC_UNPROCESSABLE,
                    "approval.version_required", NULL);
    assert_refused (office_clear (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 1, 1), RC_NOT_FOUND,
                    "common.not_found", NULL);
    assert_refused (office_clear (office, PERSON_SEKDIS, PADAN__ROLE__ROLE_SEKDIS, 0, 1), RC_FORBIDDEN,
                    "approval.not_your_act", NULL);
    assert_refused (office_clear (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_KABID, 0, 1), RC_FORBIDDEN,
                    "approval.same_person", NULL);
    assert_refused (office_clear (office, PERSON_ENTERS, PADAN__ROLE__ROLE_KABID, 0, 1), RC_FORBIDDEN,
                    "approval.same_person", NULL);
    assert_rc (office_clear (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 0, 1), RC_OK);
    const struct office_letter *letter = letter_row_of (office, 0);
    assert_int_equal (letter->n_acts, 2);
    assert_string_equal (letter->acts[1].kind, "paraf");
    assert_memory_equal (letter->acts[1].content_sha256.data, letter->content_sha256.data, 32);
    assert_string_equal (letter->act, "paraf_sekdis");
    const Padan__Approval__V1__FileMoved *moved = harness_event (harness, 0, EVENT (file_moved));
    assert_string_equal (moved->act, "paraf_kabid");
    const Padan__Approval__V1__LetterCleared *cleared = harness_event (harness, 2, EVENT (letter_cleared));
    assert_string_equal (cleared->role, "kabid");
    /* two officers at once: the second saw what the first saw */
    assert_refused (office_clear (office, 'B', PADAN__ROLE__ROLE_KABID, 0, 1), RC_STALE, "common.stale", NULL);
    assert_refused (office_clear (office, PERSON_KABID, PADAN__ROLE__ROLE_SEKDIS, 0, 2), RC_FORBIDDEN,
                    "approval.same_person", NULL);
}

static void
test_content_changed (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    to_letter (office, 1);
    office->profile->letters[0].closing = "Sebuah rilis lain menulis lain."; /* of letters to come */
    assert_rc (office_clear (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 0, 1), RC_OK);
    struct letter_content *kept =
        (struct letter_content *)harness_find (harness, &letter_content_table, office_letter_id (0));
    uint8_t *edited = arena_copy (office->arena, kept->content.data, kept->content.size);
    edited[kept->content.size - 1] ^= 1;
    kept->content.data = edited;
    assert_refused (office_clear (office, PERSON_SEKDIS, PADAN__ROLE__ROLE_SEKDIS, 0, 2), RC_CONFLICT,
                    "approval.content_changed", NULL);
}

static void
test_sign (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    to_letter (office, 2);
    assert_refused (office_sign (office, PERSON_KADIS, 0, 1), RC_CONFLICT, "common.not_allowed_now", NULL);
    assert_rc (office_clear (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 0, 1), RC_OK);
    assert_rc (office_clear (office, PERSON_SEKDIS, PADAN__ROLE__ROLE_SEKDIS, 0, 2), RC_OK);
    assert_refused (office_sign (office, PERSON_KADIS, 0, 0), RC_UNPROCESSABLE, "approval.version_required", NULL);
    assert_refused (office_sign (office, PERSON_KABID, 0, 3), RC_FORBIDDEN, "approval.same_person", NULL);
    assert_refused (office_sign (office, PERSON_KADIS, 0, 2), RC_STALE, "common.stale", NULL);
    size_t officials = office->profile->official_count;
    office->profile->official_count = 0;
    assert_refused (office_sign (office, PERSON_KADIS, 0, 3), RC_CONFLICT, "approval.no_official", NULL);
    office->profile->official_count = officials;
    office->profile->officials[officials - 1].name = ""; /* the Kadis's: the office never filled it in */
    assert_refused (office_sign (office, PERSON_KADIS, 0, 3), RC_CONFLICT, "approval.official_unnamed", NULL);
    assert_int_equal (letter_row_of (office, 0)->sequence, 0);
    office->profile->officials[officials - 1].name = "Tiolina Rupang";
    assert_rc (office_sign (office, PERSON_KADIS, 0, 3), RC_OK);
    const struct office_letter *letter = letter_row_of (office, 0);
    assert_string_equal (letter->number, "400.9.14/1/DINSOS-P3A/2026");
    assert_int_equal (letter->sequence, 1);
    assert_string_equal (letter->state, "signed");
    assert_string_equal (letter->signer_title, "KEPALA DINAS SOSIAL P3A KOTA PEMATANGSIANTAR");
    assert_string_equal (letter->signer_name, "Tiolina Rupang");
    assert_non_null (harness_due_of (harness, "seal"));
    const Padan__Approval__V1__FileMoved *moved = harness_event (harness, 1, EVENT (file_moved));
    assert_string_equal (moved->stage, "approved");
    const Padan__Approval__V1__LetterSigned *event = harness_event (harness, 2, EVENT (letter_signed));
    assert_string_equal (event->number, letter->number);
    assert_refused (office_sign (office, PERSON_KADIS, 0, 4), RC_CONFLICT, "common.not_allowed_now", NULL);
}

static void
test_numbers (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    for (int i = 0; i < 3; i++) {
        office_fill (office, i, 1, "baru");
        assert_rc (office_draft (office, PERSON_OPERATOR, i, i, 1), RC_OK);
        assert_rc (office_clear (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, i, 1), RC_OK);
        assert_rc (office_clear (office, PERSON_SEKDIS, PADAN__ROLE__ROLE_SEKDIS, i, 2), RC_OK);
        if (i == 1)
            assert_rc (office_return_letter (office, PERSON_KADIS, PADAN__ROLE__ROLE_KADIS, i, ""), RC_OK);
        else
            assert_rc (office_sign (office, PERSON_KADIS, i, 3), RC_OK);
    }
    assert_int_equal (letter_row_of (office, 0)->sequence, 1);
    assert_int_equal (letter_row_of (office, 1)->sequence, 0);
    assert_int_equal (letter_row_of (office, 2)->sequence, 2);
}

static void
test_deliver (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    to_signed (office, 2);
    assert_refused (office_deliver (office, PERSON_OPERATOR, 0, "Budi, BPJS"), RC_CONFLICT, "approval.not_sealed",
                    NULL);
    assert_rc (office_seal (office, 0), RC_OK);
    const Padan__Approval__V1__LetterSealed *sealed = harness_event (harness, 0, EVENT (letter_sealed));
    assert_int_equal (sealed->pdf_sha256.len, 32);
    assert_rc (office_seal (office, 0), RC_OK); /* twice */
    assert_int_equal (harness_events (harness), 0);
    assert_refused (office_deliver (office, PERSON_OPERATOR, 0, " "), RC_UNPROCESSABLE, "common.required", "/receiver");
    assert_rc (office_deliver (office, PERSON_OPERATOR, 0, "Budi, BPJS"), RC_OK);
    assert_int_equal (harness_events (harness), 3);
    const Padan__Approval__V1__ApplicationApproved *event = harness_event (harness, 1, EVENT (application_approved));
    assert_int_equal (harness_event_version (harness, 1), 11);
    assert_string_equal (event->letter_number, "400.9.14/1/DINSOS-P3A/2026");
    assert_int_equal (event->dossier->n_members, 2);
    assert_string_equal (event->dossier->track, "baru");
    const Padan__Approval__V1__LetterDelivered *delivered = harness_event (harness, 2, EVENT (letter_delivered));
    assert_string_equal (delivered->to, "Kepala BPJS Kesehatan Cabang Pematangsiantar");
    assert_string_equal (file_row (office, 0)->state, "approved");
    assert_refused (office_deliver (office, PERSON_OPERATOR, 0, "Budi"), RC_CONFLICT, "common.not_allowed_now", NULL);
    assert_refused (office_return_file (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 0, ""), RC_CONFLICT,
                    "common.held_elsewhere", NULL);
}

static void
test_return_letter (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    to_letter (office, 2);
    assert_rc (office_clear (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 0, 1), RC_OK);
    assert_refused (office_return_letter (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 0, ""), RC_FORBIDDEN,
                    "approval.not_your_act", NULL);
    assert_rc (office_return_letter (office, PERSON_SEKDIS, PADAN__ROLE__ROLE_SEKDIS, 0, ""), RC_OK);
    assert_int_equal (harness_events (harness), 3);
    const Padan__Approval__V1__FileReturned *back = harness_event (harness, 0, EVENT (file_returned));
    assert_string_equal (back->next_act, "konsep");
    assert_string_equal (letter_row_of (office, 0)->state, "returned");
    assert_string_equal (file_row (office, 0)->state, "waiting");
    assert_true (uuid_is_nil (file_row (office, 0)->letter_id));
    assert_refused (office_clear (office, PERSON_SEKDIS, PADAN__ROLE__ROLE_SEKDIS, 0, 3), RC_CONFLICT,
                    "common.not_allowed_now", NULL);
    assert_rc (office_draft (office, PERSON_OPERATOR, 1, 0, 2), RC_OK);
    assert_int_equal (letter_row_of (office, 1)->n_acts, 1); /* no paraf came along */
}

static void
test_return_file (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    to_letter (office, 3);
    assert_refused (office_return_file (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 1, "paraf_sekdis"),
                    RC_UNPROCESSABLE, "approval.not_earlier", "/to_act");
    assert_refused (office_return_file (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 1, "paraf_kabid"),
                    RC_UNPROCESSABLE, "approval.not_earlier", "/to_act");
    assert_rc (office_return_file (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 1, ""), RC_OK);
    assert_int_equal (harness_events (harness), 4);
    assert_string_equal (letter_row_of (office, 0)->state, "returned");
    assert_string_equal (file_row (office, 0)->act, "konsep");
    assert_string_equal (file_row (office, 1)->state, "returned");
    const Padan__Approval__V1__ApplicationReturned *event = harness_event (harness, 3, EVENT (application_returned));
    assert_string_equal (event->reason, "SKTM tidak terbaca.");
    assert_string_equal (event->next_act, "input");
    assert_string_equal (event->next_role, "petugas_kelurahan");
    assert_int_equal (event->due_at, HARNESS_NOW + 65 * 60 * (int64_t)CLOCK_SECOND); /* 35 minutes after 07.30 */
    assert_refused (office_receive (office, PERSON_OPERATOR, 1), RC_CONFLICT, "common.held_elsewhere", NULL);
    assert_rc (office_return_file (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 0, "terima"), RC_OK);
    assert_string_equal (file_row (office, 0)->act, "terima");
    assert_rc (office_send (office, 1, 11, "baru", 1, PERSON_ENTERS), RC_OK); /* corrected and sent again */
    assert_string_equal (file_row (office, 1)->act, "terima");
    assert_int_equal (file_row (office, 1)->people, 1);
    assert_int_equal (file_row (office, 1)->version, 11);
}

/* Back to an act of the kelurahan: intake hears which. */
static void
test_return_to_sender (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    to_letter (office, 3);
    assert_rc (office_return_file (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 1, "verifikasi"), RC_OK);
    const Padan__Approval__V1__ApplicationReturned *event = harness_event (harness, 3, EVENT (application_returned));
    assert_string_equal (event->next_act, "verifikasi");
    assert_string_equal (event->next_role, "petugas_kelurahan");
    assert_int_equal (event->due_at - HARNESS_NOW, 50 * 60 * (int64_t)CLOCK_SECOND); /* 07.30, 15 and 5 minutes */
    assert_string_equal (file_row (office, 1)->state, "returned");
    assert_string_equal (file_row (office, 1)->act, "");
    assert_rc (office_draft (office, PERSON_OPERATOR, 1, 0, 1), RC_OK);
    assert_rc (office_return_letter (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 1, "input"), RC_OK);
    event = harness_event (harness, 0, EVENT (application_returned));
    assert_string_equal (event->next_act, "input");
    assert_string_equal (letter_row_of (office, 1)->state, "returned");
    assert_string_equal (file_row (office, 0)->state, "returned");
}

/* Back to a paraf: the letter stays, the parafs from there on do not. */
static void
test_return_to_paraf (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    to_letter (office, 2);
    assert_rc (office_clear (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 0, 1), RC_OK);
    assert_rc (office_clear (office, PERSON_SEKDIS, PADAN__ROLE__ROLE_SEKDIS, 0, 2), RC_OK);
    assert_refused (office_return_letter (office, PERSON_KADIS, PADAN__ROLE__ROLE_KADIS, 0, "tanda_tangan"),
                    RC_UNPROCESSABLE, "approval.not_earlier", "/to_act");
    assert_rc (office_return_letter (office, PERSON_KADIS, PADAN__ROLE__ROLE_KADIS, 0, "paraf_sekdis"), RC_OK);
    assert_int_equal (harness_events (harness), 3);
    const Padan__Approval__V1__FileReturned *back = harness_event (harness, 0, EVENT (file_returned));
    assert_string_equal (back->next_act, "paraf_sekdis");
    assert_memory_equal (back->letter_id.data, office_letter_id (0).bytes, back->letter_id.len);
    const Padan__Approval__V1__LetterRecalled *event = harness_event (harness, 2, EVENT (letter_recalled));
    assert_string_equal (event->next_role, "sekdis");
    const struct office_letter *letter = letter_row_of (office, 0);
    assert_string_equal (letter->state, "drafted");
    assert_string_equal (letter->act, "paraf_sekdis");
    assert_int_equal (letter->role, PADAN__ROLE__ROLE_SEKDIS);
    assert_int_equal (letter->acts[1].voided_at, 0);
    assert_int_equal (letter->acts[2].voided_at, HARNESS_NOW);
    assert_string_equal (file_row (office, 1)->state, "drafted");
    assert_string_equal (file_row (office, 1)->act, "paraf_sekdis");
    assert_refused (office_sign (office, PERSON_KADIS, 0, 4), RC_CONFLICT, "common.not_allowed_now", NULL);
    /* a file goes back to a paraf with its letter and all on it */
    assert_rc (office_return_file (office, PERSON_SEKDIS, PADAN__ROLE__ROLE_SEKDIS, 0, "paraf_kabid"), RC_OK);
    letter = letter_row_of (office, 0);
    assert_int_equal (letter->version, 5);
    assert_string_equal (letter->act, "paraf_kabid");
    assert_int_equal (letter->acts[1].voided_at, HARNESS_NOW);
    assert_string_equal (file_row (office, 1)->act, "paraf_kabid");
    /* the same officers go on, on what they read now */
    assert_refused (office_clear (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 0, 1), RC_STALE, "common.stale", NULL);
    assert_rc (office_clear (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 0, 5), RC_OK);
    assert_rc (office_clear (office, PERSON_SEKDIS, PADAN__ROLE__ROLE_SEKDIS, 0, 6), RC_OK);
    assert_rc (office_sign (office, PERSON_KADIS, 0, 7), RC_OK);
    assert_int_equal (letter_row_of (office, 0)->sequence, 1);
}

static void
test_reject (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    Padan__Approval__V1__RejectFile command = PADAN__APPROVAL__V1__REJECT_FILE__INIT;
    to_letter (office, 1);
    assert_refused (office_command (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, office_file (0), 0, &command,
                                    on_reject_file, keys_file),
                    RC_UNPROCESSABLE, "common.required", "/reason");
    assert_rc (office_reject_file (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 0), RC_OK);
    assert_string_equal (file_row (office, 0)->state, "rejected");
    harness_event (harness, 1, EVENT (application_rejected));
    assert_refused (office_reject_file (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 0), RC_CONFLICT,
                    "approval.ended", NULL);
}

static void
test_signed_stands (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    to_signed (office, 2);
    assert_refused (office_return_letter (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 0, ""), RC_CONFLICT,
                    "approval.signed", NULL);
    assert_refused (office_return_file (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 0, ""), RC_CONFLICT,
                    "approval.signed", NULL);
    assert_refused (office_reject_file (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 0), RC_CONFLICT,
                    "approval.signed", NULL);
}

/* BPJS refuses it at the counter: who signed takes it back, and nothing is stuck. */
static void
test_void (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    to_letter (office, 2);
    assert_refused (office_void_letter (office, PERSON_KADIS, PADAN__ROLE__ROLE_KADIS, 0), RC_CONFLICT,
                    "common.not_allowed_now", NULL);
    assert_rc (office_clear (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 0, 1), RC_OK);
    assert_rc (office_clear (office, PERSON_SEKDIS, PADAN__ROLE__ROLE_SEKDIS, 0, 2), RC_OK);
    assert_rc (office_sign (office, PERSON_KADIS, 0, 3), RC_OK);
    assert_rc (office_seal (office, 0), RC_OK);
    assert_refused (office_void_letter (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 0), RC_FORBIDDEN,
                    "approval.not_your_act", NULL);
    assert_rc (office_void_letter (office, PERSON_KADIS, PADAN__ROLE__ROLE_KADIS, 0), RC_OK);
    assert_int_equal (harness_events (harness), 3);
    const Padan__Approval__V1__FileReturned *back = harness_event (harness, 0, EVENT (file_returned));
    assert_string_equal (back->next_act, "konsep");
    const Padan__Approval__V1__LetterVoided *event = harness_event (harness, 2, EVENT (letter_voided));
    assert_string_equal (event->number, "400.9.14/1/DINSOS-P3A/2026");
    assert_string_equal (letter_row_of (office, 0)->state, "void");
    assert_int_equal (letter_row_of (office, 0)->sequence, 1);
    assert_string_equal (file_row (office, 1)->state, "waiting");
    assert_true (uuid_is_nil (file_row (office, 1)->letter_id));
    assert_refused (office_deliver (office, PERSON_OPERATOR, 0, "Budi"), RC_CONFLICT, "common.not_allowed_now", NULL);
    assert_rc (office_return_file (office, PERSON_OPERATOR, PADAN__ROLE__ROLE_OPERATOR, 1, ""), RC_OK);
    assert_rc (office_draft (office, PERSON_OPERATOR, 1, 0, 1), RC_OK);
    assert_rc (office_clear (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 1, 1), RC_OK);
    assert_rc (office_clear (office, PERSON_SEKDIS, PADAN__ROLE__ROLE_SEKDIS, 1, 2), RC_OK);
    assert_rc (office_sign (office, PERSON_KADIS, 1, 3), RC_OK);
    assert_int_equal (letter_row_of (office, 1)->sequence, 2);
    assert_rc (office_void_letter (office, PERSON_KADIS, PADAN__ROLE__ROLE_KADIS, 1),
               RC_OK); /* its PDF is being made */
    assert_rc (office_seal (office, 1), RC_OK);
    assert_string_equal (letter_row_of (office, 1)->state, "void");
}

/* Where files are archived one by one after the signature, one of them may be with batching already. */
static void
test_void_too_late (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    office->profile->acts[profile_act_find (office->profile, "sampaikan")].act = ACT_ARCHIVE;
    to_signed (office, 2);
    assert_rc (office_receive (office, PERSON_OPERATOR, 0), RC_OK);
    assert_string_equal (file_row (office, 0)->state, "approved");
    assert_refused (office_void_letter (office, PERSON_KADIS, PADAN__ROLE__ROLE_KADIS, 0), RC_CONFLICT,
                    "common.held_elsewhere", NULL);
    assert_string_equal (letter_row_of (office, 0)->state, "signed");
}

static void
names_letter (const ProtobufCBinaryData *letter_id)
{
    struct uuid id;
    assert_true (uuid_from (*letter_id, &id));
    assert_true (uuid_compare (id, office_letter_id (0)) == 0);
}

/* A letter's events name no application: it is the application's that name the letter, from the drafting on. */
static void
test_story_finds_letters (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    office_fill (office, 0, 2, "baru");
    assert_rc (office_draft (office, PERSON_OPERATOR, 0, 0, 2), RC_OK);
    for (size_t i = 0; i < 2; i++) {
        const Padan__Approval__V1__FileDrafted *drafted = harness_event (harness, i, EVENT (file_drafted));
        names_letter (&drafted->letter_id);
    }
    harness_event (harness, 2, EVENT (letter_drafted)); /* after those that name it */
    assert_rc (office_clear (office, PERSON_KABID, PADAN__ROLE__ROLE_KABID, 0, 1), RC_OK);
    const Padan__Approval__V1__FileMoved *moved = harness_event (harness, 1, EVENT (file_moved));
    names_letter (&moved->letter_id);
    assert_rc (office_clear (office, PERSON_SEKDIS, PADAN__ROLE__ROLE_SEKDIS, 0, 2), RC_OK);
    assert_rc (office_sign (office, PERSON_KADIS, 0, 3), RC_OK);
    assert_rc (office_seal (office, 0), RC_OK);
    assert_rc (office_deliver (office, PERSON_OPERATOR, 0, "Budi, BPJS"), RC_OK);
    const Padan__Approval__V1__ApplicationApproved *approved = harness_event (harness, 1, EVENT (application_approved));
    names_letter (&approved->letter_id);
}

/* A letter made by an earlier message of the same batch could not be looked up: the sender tries again. */
static void
test_not_gathered (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct harness *harness = office->harness;
    Padan__Approval__V1__ClearLetter command = PADAN__APPROVAL__V1__CLEAR_LETTER__INIT;
    to_letter (office, 1);
    struct message *message = harness_command (harness, office_letter_id (0), &command);
    harness_grant (harness, PADAN__ROLE__ROLE_KABID, "");
    message->version = 1;
    message->facts = NULL;
    assert_refused (harness_run (harness, on_clear_letter, keys_letter), RC_RETRY, "common.busy", NULL);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_sent),
        cmocka_unit_test (test_receive),
        cmocka_unit_test (test_place),
        cmocka_unit_test (test_draft),
        cmocka_unit_test (test_draft_refusals),
        cmocka_unit_test (test_draft_twice_listed),
        cmocka_unit_test (test_paraf),
        cmocka_unit_test (test_content_changed),
        cmocka_unit_test (test_sign),
        cmocka_unit_test (test_numbers),
        cmocka_unit_test (test_deliver),
        cmocka_unit_test (test_return_letter),
        cmocka_unit_test (test_return_file),
        cmocka_unit_test (test_return_to_sender),
        cmocka_unit_test (test_return_to_paraf),
        cmocka_unit_test (test_reject),
        cmocka_unit_test (test_signed_stands),
        cmocka_unit_test (test_void),
        cmocka_unit_test (test_story_finds_letters),
        cmocka_unit_test (test_void_too_late),
        cmocka_unit_test (test_not_gathered),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
