/* Letters as text: what a paraf covers, what signing adds, and how names become initials. */
#include "tests/unit/services/approval/office.h"

static struct letter
letter_of (struct office *office, struct listed *list, size_t n)
{
    struct letter letter;
    struct err err;
    uint32_t people;
    int index = profile_letter_find (office->profile, "rekomendasi");
    if (letter_text_content (office->profile, index, list, n, office->arena, &letter, &people, &err) != RC_OK)
        fail_msg ("%s", err.text);
    assert_int_equal (people, letter.row_count);
    return letter;
}

static struct bytes
sent_pack (struct office *office, Padan__Common__V1__Member **members, size_t n)
{
    Padan__Intake__V1__ApplicationSent sent = PADAN__INTAKE__V1__APPLICATION_SENT__INIT;
    Padan__Common__V1__Dossier dossier = PADAN__COMMON__V1__DOSSIER__INIT;
    Padan__Common__V1__Address address = PADAN__COMMON__V1__ADDRESS__INIT;
    address.street = (char *)"Jl. Melati No. 5";
    address.rt = (char *)"001";
    address.rw = (char *)"002";
    address.village_name = (char *)"Bane";
    dossier.track = (char *)"baru";
    dossier.kk = (char *)"1272010505100001";
    dossier.address = &address;
    dossier.members = members;
    dossier.n_members = n;
    sent.dossier = &dossier;
    size_t size = padan__intake__v1__application_sent__get_packed_size (&sent);
    uint8_t *data = approval_memory (office->arena, size, 1);
    padan__intake__v1__application_sent__pack (&sent, data);
    return (struct bytes){ data, size };
}

static void
test_rows (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    Padan__Common__V1__Member mother = PADAN__COMMON__V1__MEMBER__INIT, baby = PADAN__COMMON__V1__MEMBER__INIT;
    Padan__Common__V1__Member *members[] = { &mother, &baby };
    mother.name = (char *)"Rupina Sihotan";
    mother.nik = (char *)"1272015410190001";
    baby.name = (char *)"Bayi Rupina";
    baby.mother_nik = (char *)"1272015410190001";
    struct listed list = { .sent = sent_pack (office, members, 2) };
    struct letter letter = letter_of (office, &list, 1);
    assert_string_equal (letter.rows[0].nik, "1272015410190001");
    assert_string_equal (letter.rows[0].address, "Jl. Melati No. 5 RT 001 RW 002, Bane");
    assert_string_equal (letter.rows[0].note, "Pendaftaran baru");
    assert_string_equal (letter.rows[1].nik, "1272015410190001");
    assert_string_equal (letter.rows[1].note, "Pendaftaran baru; bayi, dengan NIK ibu");
}

/* A recommendation bears its title; a cover letter says what, how and to whom above its text. */
static void
test_form (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    Padan__Common__V1__Member person = PADAN__COMMON__V1__MEMBER__INIT, *members[] = { &person };
    person.name = (char *)"Rupina Sihotan";
    struct listed list = { .sent = sent_pack (office, members, 1) };
    struct letter letter = letter_of (office, &list, 1);
    assert_string_equal (letter.title, "SURAT REKOMENDASI KEPESERTAAN BPJS KESEHATAN JKN-KIS");
    assert_int_equal (letter.addressee.count, 0);
    struct profile_letter *kind = &office->profile->letters[0];
    kind->kind = LETTER_COVER;
    kind->title = "";
    kind->subject = "Usulan peserta";
    kind->sifat = "Segera";
    kind->lampiran = "1 (satu) daftar";
    letter = letter_of (office, &list, 1);
    assert_string_equal (letter.title, "");
    assert_string_equal (letter.hal, "Usulan peserta");
    assert_string_equal (letter.sifat, "Segera");
    assert_string_equal (letter.lampiran, "1 (satu) daftar");
    assert_string_equal (letter.addressee.items[0], "Kepala BPJS Kesehatan Cabang Pematangsiantar");
    assert_string_equal (letter.addressee.items[1], "di Pematangsiantar");
}

static void
test_refused (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    struct listed list = { .sent = sent_pack (office, NULL, 0) };
    struct letter letter;
    struct err err;
    uint32_t people;
    assert_int_equal (letter_text_content (office->profile, 0, &list, 1, office->arena, &letter, &people, &err),
                      RC_UNPROCESSABLE);
    assert_string_equal (err.code, "approval.nobody_left");
    list.sent.size = 3;
    assert_int_equal (letter_text_content (office->profile, 0, &list, 1, office->arena, &letter, &people, &err),
                      RC_CORRUPT);
}

static const char *
initials (struct office *office, const char *name)
{
    struct letter_act acts[] = { { .kind = "paraf", .name = "Void", .at = HARNESS_NOW - 1, .voided_at = HARNESS_NOW },
                                 { .kind = "paraf", .name = name, .at = HARNESS_NOW } };
    static const uint8_t hash[32] = { 0x2b, 0x17 };
    struct office_letter row = { .acts = acts, .n_acts = 2, .content_sha256 = { hash, sizeof hash } };
    struct letter letter = { 0 };
    letter_text_finish (office->profile, 0, &row, HARNESS_NOW, office->arena, &letter);
    assert_int_equal (letter.paraf_count, 2);
    assert_string_equal (letter.parafs[0].time, "23-11-2026 07.00");
    assert_null (letter.parafs[1].initials);
    assert_null (letter.number);
    assert_string_equal (letter.verification, "2B170-00000");
    assert_string_equal (letter.place_date, "Pematangsiantar, 23 November 2026");
    return letter.parafs[0].initials;
}

static void
test_finish (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    assert_string_equal (initials (office, "Siti Aminah, S.Sos"), "SA");
    assert_string_equal (initials (office, "dr. Tiolina Rupang Sari, M.Kes"), "TRS");
    assert_string_equal (initials (office, "Émile"), "É");
    assert_string_equal (initials (office, "A B C D E F G H I J K L M N O P"), "ABCDEFGHIJK");
    assert_string_equal (initials (office, "dr."), "ada");
    assert_string_equal (initials (office, ""), "ada");
}

/* Number, date, parafs and signer are no part of what a paraf covers; every word of the list is. */
static void
test_hash (void **state)
{
    OFFICE_AUTO struct office *office = office_new ();
    Padan__Common__V1__Member person = PADAN__COMMON__V1__MEMBER__INIT, *members[] = { &person };
    person.name = (char *)"Rupina Sihotan";
    person.nik = (char *)"1272015410190001";
    struct listed list = { .sent = sent_pack (office, members, 1) };
    struct letter letter = letter_of (office, &list, 1);
    uint8_t before[32], after[32];
    letter_hash (&letter, before);
    static const uint8_t hash[32];
    struct office_letter row = { .content_sha256 = { hash, sizeof hash },
                                 .signed_at = HARNESS_NOW,
                                 .number = "400.9.14/1/DINSOS-P3A/2026",
                                 .signer_title = "KEPALA",
                                 .signer_name = "Nama",
                                 .signer_rank = "",
                                 .signer_nip = "" };
    letter_text_finish (office->profile, 0, &row, 0, office->arena, &letter);
    assert_string_equal (letter.number, row.number);
    letter_hash (&letter, after);
    assert_memory_equal (before, after, sizeof before);
    person.name = (char *)"Rupina Sihotang";
    list.sent = sent_pack (office, members, 1);
    letter = letter_of (office, &list, 1);
    letter_hash (&letter, after);
    assert_memory_not_equal (before, after, sizeof before);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_rows),   cmocka_unit_test (test_form), cmocka_unit_test (test_refused),
        cmocka_unit_test (test_finish), cmocka_unit_test (test_hash),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
