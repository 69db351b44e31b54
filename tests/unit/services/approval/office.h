/* Kota Pematangsiantar's office in memory: files and letters through the real decisions, facts as gathering finds them.
 */
#pragma once

#include <stdio.h>
#include <sodium.h>
#include <stdlib.h>

#include "common/base/text.h"
#include "services/approval/bulk_acts.h"
#include "services/approval/chain.h"
#include "services/approval/letter_text.h"
#include "tests/support/harness.h"
#include "tests/support/test.h"

#define OFFICE_VILLAGE "12.72.01.1003"

struct office {
    struct harness *harness;
    struct arena *arena;
    struct profile *profile;
    struct bytes yaml;
};

/* Who acts in tests: a letter is a person. */
enum { PERSON_ENTERS = 'e', PERSON_OPERATOR = 'o', PERSON_KABID = 'b', PERSON_SEKDIS = 's', PERSON_KADIS = 'k' };

static inline struct office *
office_new (void)
{
    struct office *office = calloc (1, sizeof *office);
    struct profile_problems problems = { .count = 0 };
    struct err err;
    office->harness = harness_new (&approval_service);
    office->arena = arena_new (64 << 20);
    if (profile_read ("deploy/profiles/pematangsiantar.yaml", office->arena, &office->profile, &problems, &office->yaml,
                      &err) != RC_OK)
        fail_msg ("%s", err.text);
    for (size_t i = 0; i < office->profile->official_count; i++)
        office->profile->officials[i].name = "Pejabat Uji, S.Sos";
    return office;
}

static inline void
office_destroy (struct office **office)
{
    harness_destroy (&(*office)->harness);
    arena_destroy (&(*office)->arena);
    free (*office);
    *office = NULL;
}
#define OFFICE_AUTO __attribute__ ((cleanup (office_destroy)))

static inline struct uuid
office_id (const char *kind, int n)
{
    char name[40];
    return uuid_of (name, (size_t)snprintf (name, sizeof name, "%s %d", kind, n));
}

static inline struct uuid
office_file (int n)
{
    return office_id ("file", n);
}
static inline struct uuid
office_letter_id (int n)
{
    return office_id ("letter", n);
}

static inline const struct file *
file_row (struct office *office, int n)
{
    return harness_find (office->harness, &file_table, office_file (n));
}

static inline const struct office_letter *
letter_row_of (struct office *office, int n)
{
    return harness_find (office->harness, &letter_table, office_letter_id (n));
}

static inline struct approval_facts *
facts_of_office (struct office *office)
{
    struct approval_facts *facts = approval_memory (office->arena, 1, sizeof *facts);
    facts->profile = office->profile;
    return facts;
}

static inline struct bytes
sent_of (struct office *office, struct uuid dossier_id)
{
    const struct dossier *dossier = harness_find (office->harness, &dossier_table, dossier_id);
    assert_non_null (dossier);
    return dossier->sent;
}

static inline void
facts_draft (struct office *office, struct approval_facts *facts, const char *kind)
{
    int index = profile_letter_find (office->profile, kind);
    if (index >= 0 && facts->n_list)
        facts->rc = letter_text_draft (facts, index, office->arena, &facts->err);
}

static inline void
facts_kept (struct office *office, struct approval_facts *facts, const struct office_letter *letter)
{
    int index = profile_letter_find (office->profile, letter->letter), year, month, date;
    const struct letter_content *content = harness_find (office->harness, &letter_content_table, letter->id);
    assert_non_null (content);
    facts->content = content->content;
    crypto_hash_sha256 (facts->content_sha256, facts->content.data, facts->content.size);
    facts->kind = &office->profile->letters[index];
    facts->day = calendar_day (&office->profile->calendar, unit_now (&office->harness->unit));
    facts->official = profile_official_on (office->profile, facts->kind->signer, facts->day);
    date_split (facts->day, &year, &month, &date);
    facts->number_id = letter_number_id (facts->kind->class_code, facts->kind->unit, year);
}

static inline void
facts_letter (struct office *office, struct approval_facts *facts, const struct office_letter *letter)
{
    facts->letter_id = letter->id;
    facts->n_list = letter->n_files;
    facts->list = approval_memory (office->arena, letter->n_files, sizeof *facts->list);
    for (size_t i = 0; i < letter->n_files; i++) {
        facts->list[i].application_id = letter->files[i].application_id;
        facts->list[i].dossier_id = letter->files[i].dossier_id;
        facts->list[i].sent = sent_of (office, letter->files[i].dossier_id);
    }
}

/* As the gather functions would: by the subject, or by the list of a DraftLetter. */
static inline struct approval_facts *
office_facts (struct office *office, const struct message *message)
{
    struct approval_facts *facts = facts_of_office (office);
    const struct office_letter *letter = harness_find (office->harness, &letter_table, message->subject);
    const struct file *file = harness_find (office->harness, &file_table, message->subject);
    if (message->data->descriptor == &padan__approval__v1__draft_letter__descriptor) {
        const Padan__Approval__V1__DraftLetter *draft = (const Padan__Approval__V1__DraftLetter *)message->data;
        facts->list = approval_memory (office->arena, draft->n_application_id, sizeof *facts->list);
        for (size_t i = 0; i < draft->n_application_id; i++) {
            struct uuid id;
            assert_true (uuid_from (draft->application_id[i], &id));
            const struct file *listed = harness_find (office->harness, &file_table, id);
            if (listed)
                facts->list[facts->n_list++] =
                    (struct listed){ id, listed->dossier_id, sent_of (office, listed->dossier_id) };
        }
        facts->profile = facts->n_list ? office->profile : NULL;
        facts_draft (office, facts, draft->letter);
    } else if (letter) {
        facts_letter (office, facts, letter);
        facts_kept (office, facts, letter);
    } else if (file) {
        facts->dossier_id = file->dossier_id;
        facts->sent = sent_of (office, file->dossier_id);
        if (!uuid_is_nil (file->letter_id))
            facts_letter (office, facts, harness_find (office->harness, &letter_table, file->letter_id));
        facts->letter_id = file->letter_id;
    } else {
        facts->profile = NULL;
    }
    return facts;
}

static inline Padan__Principal *
office_person (struct office *office, char name)
{
    Padan__Principal *principal = approval_memory (office->arena, 1, sizeof *principal);
    struct uuid id = harness_id (name);
    padan__principal__init (principal);
    principal->person_id = (ProtobufCBinaryData){ sizeof id, arena_copy (office->arena, &id, sizeof id) };
    principal->name = (char *)"Siti Aminah, S.Sos";
    return principal;
}

/* intake sends application n, of `people`, at that version. */
static inline enum rc
office_send (struct office *office, int n, int64_t version, const char *track, int people, char entered_by)
{
    Padan__Intake__V1__ApplicationSent sent = PADAN__INTAKE__V1__APPLICATION_SENT__INIT;
    Padan__Common__V1__Dossier dossier = PADAN__COMMON__V1__DOSSIER__INIT;
    Padan__Common__V1__Address address = PADAN__COMMON__V1__ADDRESS__INIT;
    Padan__Common__V1__Member members[8], *pointers[8];
    struct uuid id = office_file (n), person = harness_id (entered_by), member_ids[8];
    char niks[8][20], names[8][40], kk[20], ticket[20];
    assert_in_range (people, 0, 8);
    for (int i = 0; i < people; i++) {
        padan__common__v1__member__init (&members[i]);
        snprintf (niks[i], sizeof niks[i], "12720145109%02d%03d", n % 100, (i + 1) % 1000);
        snprintf (names[i], sizeof names[i], "Warga %d-%d", n, i);
        member_ids[i] = office_id (names[i], i);
        members[i].member_id = uuid_field (&member_ids[i]);
        members[i].nik = niks[i];
        members[i].name = names[i];
        pointers[i] = &members[i];
    }
    snprintf (kk, sizeof kk, "127201050510%04d", n % 10000);
    snprintf (ticket, sizeof ticket, "1272-%05d", n);
    address.street = (char *)"Jl. Melati No. 5";
    address.village = (char *)OFFICE_VILLAGE;
    address.village_name = (char *)"Bane";
    dossier.application_id = uuid_field (&id);
    dossier.ticket = ticket;
    dossier.track = (char *)track;
    dossier.kk = kk;
    dossier.address = &address;
    dossier.n_members = (size_t)people;
    dossier.members = pointers;
    dossier.profile_sha256 = (ProtobufCBinaryData){ PROFILE_HASH, office->profile->hash };
    dossier.entered_by_id = uuid_field (&person);
    sent.dossier = &dossier;
    struct message *message = harness_entry (office->harness, "intake", id, version, &sent);
    message->principal = office_person (office, entered_by);
    message->facts = facts_of_office (office);
    return harness_run (office->harness, on_application_sent, on_application_sent_keys);
}

/* A person of that role, for the whole tenant, gives a command. */
static inline enum rc
office_command (struct office *office, char person, Padan__Role role, struct uuid subject, int64_t version,
                const void *data, decide_fn *decide, keys_fn *keys)
{
    struct message *message = harness_command (office->harness, subject, data);
    struct uuid id = harness_id (person);
    Padan__Principal *principal = (Padan__Principal *)message->principal;
    principal->person_id.data = arena_copy (office->harness->arena, &id, sizeof id);
    message->version = version;
    harness_grant (office->harness, role, "");
    message->facts = office_facts (office, message);
    return harness_run (office->harness, decide, keys);
}

static inline enum rc
office_receive (struct office *office, char person, int n)
{
    Padan__Approval__V1__ReceiveFile command = PADAN__APPROVAL__V1__RECEIVE_FILE__INIT;
    return office_command (office, person, PADAN__ROLE__ROLE_OPERATOR, office_file (n), 0, &command, on_receive_file,
                           keys_file);
}

/* Letter `letter` about files first … first + n - 1. */
static inline enum rc
office_draft (struct office *office, char person, int letter, int first, int n)
{
    Padan__Approval__V1__DraftLetter command = PADAN__APPROVAL__V1__DRAFT_LETTER__INIT;
    struct uuid *ids = approval_memory (office->arena, (size_t)n, sizeof *ids);
    command.letter = (char *)"rekomendasi";
    command.application_id = approval_memory (office->arena, (size_t)n, sizeof *command.application_id);
    for (int i = 0; i < n; i++) {
        ids[i] = office_file (first + i);
        command.application_id[command.n_application_id++] = uuid_field (&ids[i]);
    }
    return office_command (office, person, PADAN__ROLE__ROLE_OPERATOR, office_letter_id (letter), 0, &command,
                           on_draft_letter, on_draft_letter_keys);
}

static inline enum rc
office_clear (struct office *office, char person, Padan__Role role, int letter, int64_t version)
{
    Padan__Approval__V1__ClearLetter command = PADAN__APPROVAL__V1__CLEAR_LETTER__INIT;
    return office_command (office, person, role, office_letter_id (letter), version, &command, on_clear_letter,
                           keys_letter);
}

static inline enum rc
office_sign (struct office *office, char person, int letter, int64_t version)
{
    Padan__Approval__V1__SignLetter command = PADAN__APPROVAL__V1__SIGN_LETTER__INIT;
    return office_command (office, person, PADAN__ROLE__ROLE_KADIS, office_letter_id (letter), version, &command,
                           on_sign_letter, keys_sign);
}

static inline enum rc
office_seal (struct office *office, int letter)
{
    Padan__Approval__V1__SealDone done = PADAN__APPROVAL__V1__SEAL_DONE__INIT;
    uint8_t hash[32] = { 7 };
    done.pdf_sha256 = (ProtobufCBinaryData){ sizeof hash, hash };
    done.size = 1000;
    harness_due (office->harness, office_letter_id (letter), 4, &done);
    return harness_run (office->harness, on_letter_sealed, on_letter_sealed_keys);
}

static inline enum rc
office_deliver (struct office *office, char person, int letter, const char *receiver)
{
    Padan__Approval__V1__DeliverLetter command = PADAN__APPROVAL__V1__DELIVER_LETTER__INIT;
    command.receiver = (char *)receiver;
    return office_command (office, person, PADAN__ROLE__ROLE_OPERATOR, office_letter_id (letter), 0, &command,
                           on_deliver_letter, keys_letter);
}

static inline enum rc
office_return_letter (struct office *office, char person, Padan__Role role, int letter, const char *to_act)
{
    Padan__Approval__V1__ReturnLetter command = PADAN__APPROVAL__V1__RETURN_LETTER__INIT;
    command.reason = (char *)"Nama salah ketik.";
    command.to_act = (char *)to_act;
    return office_command (office, person, role, office_letter_id (letter), 0, &command, on_return_letter, keys_letter);
}

static inline enum rc
office_void_letter (struct office *office, char person, Padan__Role role, int letter)
{
    Padan__Approval__V1__VoidLetter command = PADAN__APPROVAL__V1__VOID_LETTER__INIT;
    command.reason = (char *)"Ditolak di loket BPJS.";
    return office_command (office, person, role, office_letter_id (letter), 0, &command, on_void_letter, keys_letter);
}

static inline enum rc
office_return_file (struct office *office, char person, Padan__Role role, int n, const char *to_act)
{
    Padan__Approval__V1__ReturnFile command = PADAN__APPROVAL__V1__RETURN_FILE__INIT;
    command.to_act = (char *)to_act;
    command.reason = (char *)"SKTM tidak terbaca.";
    return office_command (office, person, role, office_file (n), 0, &command, on_return_file, keys_file);
}

static inline enum rc
office_reject_file (struct office *office, char person, Padan__Role role, int n)
{
    Padan__Approval__V1__RejectFile command = PADAN__APPROVAL__V1__REJECT_FILE__INIT;
    command.reason = (char *)"Tidak memenuhi syarat.";
    return office_command (office, person, role, office_file (n), 0, &command, on_reject_file, keys_file);
}

/* n applications of the track, received and waiting to be drafted. */
static inline void
office_fill (struct office *office, int first, int n, const char *track)
{
    struct harness *harness = office->harness;
    for (int i = first; i < first + n; i++) {
        assert_rc (office_send (office, i, 5, track, 2, PERSON_ENTERS), RC_OK);
        assert_rc (office_receive (office, PERSON_OPERATOR, i), RC_OK);
    }
}
