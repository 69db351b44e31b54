#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <sodium.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/domain/profile.h"

#define SHIPPED "deploy/profiles/pematangsiantar.yaml"

static struct arena *arena;
static struct profile *shipped;
static struct bytes shipped_bytes;

static int
setup (void **state)
{
    (void)state;
    struct profile_problems problems;
    struct err err = { 0 };
    arena = arena_new (64 << 20);
    if (profile_read (SHIPPED, arena, &shipped, &problems, &shipped_bytes, &err) == RC_OK)
        return 0;
    for (size_t i = 0; i < problems.count; i++)
        print_error ("%d:%d %s: %s\n", problems.items[i].line, problems.items[i].column, problems.items[i].path,
                     problems.items[i].text);
    print_error ("%s %s\n", err.field, err.text);
    return -1;
}

static int
teardown (void **state)
{
    (void)state;
    arena_destroy (&arena);
    return 0;
}

/* The shipped profile with the first `from` made `to`, parsed; the problems it has. */
static struct profile_problems
problems_with (const char *from, const char *to)
{
    struct profile_problems problems;
    struct profile *profile;
    struct err err = { 0 };
    const char *text = arena_printf (arena, "%.*s", (int)shipped_bytes.size, (const char *)shipped_bytes.data);
    const char *at = strstr (text, from);
    if (!at)
        fail_msg ("the shipped profile has no '%s'", from);
    text = arena_printf (arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen (from));
    struct bytes bytes = { (const uint8_t *)text, strlen (text) };
    enum rc rc = profile_parse (bytes, arena, &profile, &problems, &err);
    assert_int_equal (rc, problems.count ? RC_UNPROCESSABLE : RC_OK);
    return problems;
}

static void
test_shipped_profile (void **state)
{
    (void)state;
    assert_string_equal (shipped->id, "pematangsiantar");
    assert_int_equal (shipped->track_count, 2);
    assert_int_equal (shipped->act_count, 13);
    assert_int_equal (shipped->tracks[0].schedule, SCHEDULE_MONTHLY);
    assert_int_equal (shipped->tracks[1].schedule, SCHEDULE_WORKING_DAY);
    assert_int_equal (shipped->calendar.offset, 420);
    assert_int_equal (shipped->letters[0].paraf_count, 2);
    assert_int_equal (shipped->letters[0].paraf[1], ROLE_SEKDIS);
    assert_false (shipped->quota.limited);
    int minutes = 0; /* the scan: 10 + 5 + 15 + 5 + 5 + 15 + 10 + 5 + 5 */
    for (size_t i = 0; i < shipped->act_count; i++)
        minutes += shipped->acts[i].standard_minutes;
    assert_int_equal (minutes, 75);
    uint8_t hash[PROFILE_HASH];
    crypto_hash_sha256 (hash, shipped_bytes.data, shipped_bytes.size);
    assert_memory_equal (hash, shipped->hash, PROFILE_HASH);
    int card = profile_act_find (shipped, "antar");
    assert_int_equal (
        profile_act_next (shipped, profile_track_find (shipped, "pengalihan"), profile_act_find (shipped, "terbit")),
        -1);
    assert_int_equal (
        profile_act_next (shipped, profile_track_find (shipped, "baru"), profile_act_find (shipped, "terbit")), card);
}

static void
test_bytes_are_the_identity (void **state)
{
    (void)state;
    struct profile *again;
    struct profile_problems problems;
    uint8_t *bytes = arena_alloc (arena, shipped_bytes.size + 1);
    memcpy (bytes, shipped_bytes.data, shipped_bytes.size);
    bytes[shipped_bytes.size] = '\n';
    assert_int_equal (profile_parse (shipped_bytes, arena, &again, &problems, NULL), RC_OK);
    assert_memory_equal (again->hash, shipped->hash, PROFILE_HASH);
    assert_int_equal (profile_parse ((struct bytes){ bytes, shipped_bytes.size + 1 }, arena, &again, &problems, NULL),
                      RC_OK);
    assert_memory_not_equal (again->hash, shipped->hash, PROFILE_HASH);
}

static void
test_errors_name_line_and_path (void **state)
{
    (void)state;
    struct profile_problems problems = problems_with ("act: paraf, role: kabid,", "act: paraf, role: kabidd,");
    assert_string_equal (problems.items[0].path, "acts[6].role");
    assert_string_equal (problems.items[0].text, "unknown role 'kabidd', did you mean 'kabid'?");
    int line = 1;
    const char *text = (const char *)shipped_bytes.data, *at = strstr (text, "act: paraf, role: kabid,");
    for (const char *c = text; c < at; c++)
        line += *c == '\n';
    assert_int_equal (problems.items[0].line, line);
    const char *start = at;
    while (start > text && start[-1] != '\n')
        start--;
    assert_int_equal (problems.items[0].column, at - start + 1 + (int)strlen ("act: paraf, role: "));
}

static void
test_each_mistake_is_found (void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *path, *text;
    } cases[] = {
        { "version: 1", "version: 0", "version", "expected a whole number from 1 to 1000000" },
        { "version: 1", "version: \"1\"", "version", "expected a whole number from 1 to 1000000" },
        { "  tenant: Kota", "  tennant: Kota", "office", "'tenant' is missing" },
        { "distribution: {", "fee: 1000\ndistribution: {", "fee", "unknown key 'fee'" },
        { "code: \"12.72\"", "code: \"1272\"", "office",
          "'code' is a Kemendagri code of a kabupaten or kota: \"12.72\"" },
        { "zone: WIB", "zone: WIBB", "calendar.zone", "unknown zone 'WIBB': WIB, WITA or WIT" },
        { "monday: 07.30-12.00", "monday: 12.00-07.30", "calendar.hours.monday",
          "expected hours like 07.30-12.00 13.00-16.00, in order, at most 4" },
        { "{paper: kk}", "{paper: kkk}", "tracks[0].needs[1].paper", "unknown paper 'kkk', did you mean 'kk'?" },
        { "schedule: monthly, day: 20,", "schedule: monthly,", "tracks[0].send",
          "'day' belongs to schedule monthly, and to no other" },
        { "payer: kota # open", "payer: kita # open", "tracks[0].payer", "unknown payer 'kita', did you mean 'kota'?" },
        { "{on: [meninggal]", "{on: [ganda]", "checks[2]", "outcome 'meninggal' of track 'baru' has no rule" },
        { "{on: [nonaktif]", "{on: [non_aktif]", "checks[2].rules[4].on[0]",
          "unknown outcome 'non_aktif', did you mean 'nonaktif'?" },
        { "minimum: 90, confirm: 70", "confirm: 70", "dukcapil.fields[2]",
          "need score takes 'minimum' and may take a lower 'confirm'; others neither" },
        { "{field: TMPT_LHR", "{field: JENIS_PKRJN", "dukcapil.fields[5]",
          "'JENIS_PKRJN' cannot be asked; 'field' is one of NIK NO_KK NAMA_LGKP TMPT_LHR TGL_LHR JENIS_KLMIN "
          "STATUS_KAWIN ALAMAT" },
        { "paraf: [kabid, sekdis]", "paraf: [sekdis, kabid]", "acts",
          "letter 'rekomendasi' of track 'baru' is not drafted, cleared (1 of 2 paraf in order) and signed by its "
          "signer" },
        { "{sequence}", "{urut}", "letters[0].number",
          "unknown placeholder at '{urut}/{unit}/{year}': {class} {sequence} {unit} {year} {month} {month_roman}" },
        { "different_from: [input]", "different_from: [antar]", "acts[4].different_from[0]",
          "unknown earlier act 'antar'" },
        { "stage: approved", "stage: applied", "acts", "act 'tanda_tangan' goes back to stage 'applied'" },
        { "{id: kk,", "{id: sktm,", "papers[2]", "a second paper 'sktm'" },
        { "materai: true", "materai: yes", "papers[1].materai", "expected true or false" },
        { "kind: recommendation", "kind: cover", "letters[0]", "a cover letter has a 'subject', and no 'title'" },
        { "title: SURAT", "subject: SURAT", "letters[0]",
          "it has a 'title'; 'subject', 'sifat', 'lampiran' are a cover letter's" },
        { "kind: recommendation", "kind: recommendation\n    sifat: Biasa", "letters[0]",
          "it has a 'title'; 'subject', 'sifat', 'lampiran' are a cover letter's" },
        { "role: kadis, title", "role: camat, title", "letters[0]", "no official has the role of the signer, 'kadis'" },
        { "from: sent, until: active", "from: approved, until: active", "tracks[0]",
          "'expect' does not say when what was sent is to be active" },
        { "from: active, until: card", "from: sent, until: card", "tracks[0]",
          "'expect' does not say when the active are to have their card" },
        { "output: Arsip salinan}", "output: Arsip salinan, pauses: true}", "acts[10].pauses", "unknown key 'pauses'" },
        { "couriers: [tksk]", "couriers: []", "distribution", "cards brought home need 'couriers'" },
        { "local_days: []", "local_days: [2026-02-30]", "calendar.local_days[0]", "expected a date, YYYY-MM-DD" },
        { "id: pematangsiantar", "id: Pematang", "id", "an id is at most 40 of a-z, 0-9 and _: 'Pematang'" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct profile_problems problems = problems_with (cases[i].from, cases[i].to);
        bool found = false;
        for (size_t j = 0; j < problems.count; j++)
            found = found || (!strcmp (problems.items[j].path, cases[i].path) &&
                              !strcmp (problems.items[j].text, cases[i].text));
        if (!found)
            fail_msg ("%s: %zu problems, first %s: %s", cases[i].to, problems.count,
                      problems.count ? problems.items[0].path : "-", problems.count ? problems.items[0].text : "-");
        assert_true (problems.items[0].line > 0 && problems.items[0].column > 0);
    }
}

/* A procedure stays in force for its applications when the vocabulary changes; only a new one must follow. */
static void
test_what_was_published_is_still_read (void **state)
{
    (void)state;
    struct profile *profile;
    struct err err = { 0 };
    const char *text = arena_printf (arena, "%.*s", (int)shipped_bytes.size, (const char *)shipped_bytes.data);
    char *card = strstr (text, "      - {from: active, until: card");
    memset (card, ' ', strcspn (card, "\n"));
    memcpy (strstr (text, "kind: recommendation"), "kind: cover         ", 20); /* with a title, and no subject */
    text =
        arena_printf (arena, "%s\nquota: {kind: flow, people: 500, carry_over: true, families_together: true}\n", text);
    struct bytes bytes = { (const uint8_t *)text, strlen (text) };
    struct profile_problems problems;
    assert_int_equal (profile_parse (bytes, arena, &profile, &problems, &err), RC_UNPROCESSABLE);
    assert_int_equal (problems.count, 4);
    assert_int_equal (profile_parse_published (bytes, arena, &profile, &err), RC_OK);
    assert_int_equal (profile->quota.people, 500);
    text = "office: x";
    assert_int_equal (profile_parse_published ((struct bytes){ (const uint8_t *)text, 9 }, arena, &profile, &err),
                      RC_UNPROCESSABLE);
}

static int64_t
local (int year, int month, int day, int hour, int minute)
{
    return calendar_midnight (&shipped->calendar, date_of (year, month, day)) +
           (hour * 60 + minute) * 60 * (int64_t)CLOCK_SECOND;
}

static void
test_when_bpjs_is_late (void **state)
{
    (void)state;
    static const struct {
        enum time_unit unit;
        int at_most, year, month, day, hour, minute;
    } cases[] = {
        { UNIT_DAYS, 90, 2027, 2, 18, 15, 0 },
        { UNIT_WORKING_DAYS, 2, 2026, 11, 24, 16, 0 },
        { UNIT_WORKING_MINUTES, 95, 2026, 11, 23, 7, 35 }, /* Friday has 90 left */
        { UNIT_MONTHS, 3, 2027, 2, 20, 0, 0 },
    };
    int64_t now = local (2026, 11, 20, 15, 0);
    struct profile profile = *shipped;
    struct profile_track track = shipped->tracks[0];
    struct profile_expectation expected = { STAGE_SENT, STAGE_CARD, UNIT_DAYS, 0, 0 };
    profile.tracks = &track;
    track.expectations = &expected;
    track.expectation_count = 1;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expected.unit = cases[i].unit;
        expected.at_most = cases[i].at_most;
        assert_int_equal (profile_due (&profile, 0, STAGE_SENT, STAGE_ACTIVE, now),
                          local (cases[i].year, cases[i].month, cases[i].day, cases[i].hour, cases[i].minute));
    }
    /* Nothing is expected from there on, or not that far: the end of the day. */
    assert_int_equal (profile_due (&profile, 0, STAGE_ACTIVE, STAGE_CARD, now), local (2026, 11, 20, 16, 30));
    assert_int_equal (profile_due (&profile, 0, STAGE_SENT, STAGE_ENDED, now), local (2026, 11, 20, 16, 30));
}

static void
test_yaml_that_is_refused (void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *text;
    } cases[] = {
        { "", "the file is empty" },
        { "a: 1\na: 2\n", "key 'a' stands here twice" },
        { "a: &x 1\nb: *x\n", "anchors and tags are not allowed" },
        { "a: !!int 1\n", "anchors and tags are not allowed" },
        { "a: 1\n---\nb: 2\n", "a second document" },
        { "- a\n", "expected keys and values" },
        { "a: [[[[[[[[[[1]]]]]]]]]]\n", "deeper than 8 levels" },
        { "? [a]\n: b\n", "a key must be text" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct profile *profile;
        struct profile_problems problems;
        struct err err = { 0 };
        struct bytes bytes = { (const uint8_t *)cases[i].yaml, strlen (cases[i].yaml) };
        assert_int_equal (profile_parse (bytes, arena, &profile, &problems, &err), RC_UNPROCESSABLE);
        assert_int_equal (problems.count, 1);
        assert_string_equal (problems.items[0].text, cases[i].text);
    }
    struct profile_problems problems = problems_with ("version: 1", "version: 1\nid2: [");
    assert_int_equal (problems.count, 1);
    assert_true (problems.items[0].line > 5);
}

static void
test_missing_papers (void **state)
{
    (void)state;
    int baru = profile_track_find (shipped, "baru"), pengalihan = profile_track_find (shipped, "pengalihan");
    int sktm = profile_paper_find (shipped, "sktm"), kk = profile_paper_find (shipped, "kk");
    int ktp = profile_paper_find (shipped, "ktp"), needs[8];
    profile_conditions adult = 1 << CONDITION_ADULT;
    assert_int_equal (profile_missing (shipped, baru, SCOPE_FAMILY, 0, NULL, 0, needs, 8), 2);
    assert_int_equal (profile_missing (shipped, baru, SCOPE_FAMILY, 0, &sktm, 1, needs, 8), 1);
    assert_string_equal (profile_need_text (shipped, &shipped->tracks[baru].needs[needs[0]], arena), "Fotokopi KK");
    int both[] = { kk, sktm };
    assert_int_equal (profile_missing (shipped, baru, SCOPE_FAMILY, 0, both, 2, needs, 8), 0);
    assert_int_equal (profile_missing (shipped, pengalihan, SCOPE_FAMILY, 0, both, 2, needs, 8), 1);
    assert_true (shipped->papers[shipped->tracks[pengalihan].needs[needs[0]].any_of[0]].materai);
    assert_int_equal (profile_missing (shipped, baru, SCOPE_PERSON, adult, NULL, 0, needs, 8), 1);
    assert_int_equal (profile_missing (shipped, baru, SCOPE_PERSON, adult, &ktp, 1, needs, 8), 0);
    assert_int_equal (profile_missing (shipped, baru, SCOPE_PERSON, 1 << CONDITION_CHILD, NULL, 0, needs, 8), 0);
    assert_int_equal (profile_missing (shipped, pengalihan, SCOPE_FAMILY, 0, NULL, 0, needs, 1), 3); /* room for one */
}

/* 2026-11-23 is a Monday; the office opens 07.30 WIB. */
static void
test_counter_standards (void **state)
{
    (void)state;
    int baru = profile_track_find (shipped, "baru");
    const int64_t minute = 60000000,
                  open = calendar_midnight (&shipped->calendar, date_of (2026, 11, 23)) + 450 * minute;
    int64_t night = open - 120 * minute;
    assert_int_equal (profile_counter_act (shipped, baru, ACT_CHECK), profile_act_find (shipped, "periksa"));
    assert_int_equal (profile_counter_act (shipped, -1, ACT_CHECK), -1);
    assert_int_equal (profile_counter_due (shipped, baru, ACT_CHECK, ACT_CHECK, night), open + 5 * minute);
    assert_int_equal (profile_counter_due (shipped, baru, ACT_CHECK, ACT_SEND, night), open + 25 * minute);
    assert_int_equal (profile_counter_due (shipped, baru, ACT_ENTER, ACT_SEND, night), open + 35 * minute);
    int received = profile_office_act (shipped, baru);
    assert_int_equal (received, profile_act_find (shipped, "terima"));
    assert_int_equal (profile_office_act (shipped, -1), -1);
    assert_int_equal (profile_act_due (shipped, received, night), open + 5 * minute);
    struct profile bare = *shipped; /* a procedure without minutes, and without a check of its own */
    bare.acts = arena_copy (arena, shipped->acts, shipped->act_count * sizeof *shipped->acts);
    for (size_t i = 0; i < bare.act_count; i++)
        bare.acts[i].standard_minutes = 0;
    bare.acts[profile_act_find (shipped, "periksa")].act = ACT_SORT;
    assert_int_equal (profile_counter_act (&bare, baru, ACT_CHECK), profile_act_find (shipped, "verifikasi"));
    assert_int_equal (profile_counter_due (&bare, baru, ACT_CHECK, ACT_SEND, night), /* Tuesday at 16.00 */
                      open + (24 * 60 + 510) * minute);
    assert_int_equal (profile_act_due (&bare, received, night), open + (24 * 60 + 510) * minute);
}

static void
test_consequences (void **state)
{
    (void)state;
    int baru = profile_track_find (shipped, "baru"), pengalihan = profile_track_find (shipped, "pengalihan");
    int mandiri = check_outcome (CHECK_MEMBERSHIP, "mandiri_active"), none = check_outcome (CHECK_MEMBERSHIP, "none");
    assert_int_equal (profile_rule_for (shipped, CHECK_MEMBERSHIP, mandiri, pengalihan, 0)->then, CONSEQUENCE_PASS);
    assert_int_equal (profile_rule_for (shipped, CHECK_MEMBERSHIP, mandiri, baru, 0)->then, CONSEQUENCE_RETURN);
    assert_int_equal (profile_rule_for (shipped, CHECK_MEMBERSHIP, none, baru, 0)->then, CONSEQUENCE_PASS);
    assert_int_equal (profile_rule_for (shipped, CHECK_MEMBERSHIP, none, pengalihan, 0)->then, CONSEQUENCE_BLOCK);
    int missing = check_outcome (CHECK_NIK, "missing");
    assert_int_equal (profile_rule_for (shipped, CHECK_NIK, missing, baru, 0)->then, CONSEQUENCE_BLOCK);
    assert_int_equal (profile_rule_for (shipped, CHECK_NIK, missing, baru, 1 << CONDITION_NEWBORN)->then,
                      CONSEQUENCE_WARN);
    /* Every outcome of every check has its rule on every track, whatever the facts. */
    for (int check = 0; check < CHECK_END; check++) {
        size_t count;
        check_outcomes ((enum check)check, &count);
        for (size_t outcome = 0; outcome < count; outcome++)
            for (size_t track = 0; track < shipped->track_count; track++)
                assert_non_null (profile_rule_for (shipped, (enum check)check, (int)outcome, (int)track, 0));
    }
    assert_int_equal (check_outcome (CHECK_NIK, "padan"), -1);
}

static void
test_dukcapil_outcomes_are_its_results (void **state)
{
    (void)state;
    size_t count;
    const char *const *outcomes = check_outcomes (CHECK_DUKCAPIL, &count);
    assert_int_equal (count, DUKCAPIL_RESULT_END - 1);
    for (size_t i = 0; i < count; i++)
        assert_string_equal (outcomes[i], dukcapil_result_name ((enum dukcapil_result) (i + 1)));
}

static void
test_officials (void **state)
{
    (void)state;
    struct profile_official officials[] = {
        { .role = ROLE_KADIS, .name = "A", .acting = "", .from = DATE_NONE, .until = 99 },
        { .role = ROLE_KADIS, .name = "B", .acting = "Plt.", .from = 50, .until = 60 },
        { .role = ROLE_KADIS, .name = "C", .acting = "", .from = 110, .until = DATE_NONE },
    };
    struct profile profile = { .officials = officials, .official_count = 3 };
    assert_string_equal (profile_official_on (&profile, ROLE_KADIS, 49)->name, "A");
    assert_string_equal (profile_official_on (&profile, ROLE_KADIS, 50)->name, "B");
    assert_string_equal (profile_official_on (&profile, ROLE_KADIS, 99)->name, "A");
    assert_null (profile_official_on (&profile, ROLE_KADIS, 100));
    assert_string_equal (profile_official_on (&profile, ROLE_KADIS, 110)->name, "C");
    assert_null (profile_official_on (&profile, ROLE_KABID, 110));
}

static void
test_letter_numbers (void **state)
{
    (void)state;
    char number[64];
    struct err err = { 0 };
    assert_int_equal (profile_number (&shipped->letters[0], 17, date_of (2026, 11, 23), number, sizeof number, &err),
                      RC_OK);
    assert_string_equal (number, "400.9.14/17/DINSOS-P3A/2026");
    struct profile_letter letter = { .number = "{sequence}.{month_roman}/{month}", .class_code = "", .unit = "" };
    assert_int_equal (profile_number (&letter, 3, date_of (2026, 9, 1), number, sizeof number, &err), RC_OK);
    assert_string_equal (number, "3.IX/09");
    assert_int_equal (profile_number (&letter, 3, date_of (2026, 9, 1), number, 5, &err), RC_UNPROCESSABLE);
}

static void
test_priority (void **state)
{
    (void)state;
    assert_int_equal (profile_priority (shipped, 1 << CONDITION_EMERGENCY | 1 << CONDITION_POOR), 0);
    assert_int_equal (profile_priority (shipped, 1 << CONDITION_POOR), 4);
    assert_int_equal (profile_priority (shipped, 0), shipped->priority_count);
}

static void
test_drawing (void **state)
{
    (void)state;
    const char *drawing = profile_draw (shipped, arena);
    assert_non_null (drawing);
    assert_non_null (strstr (drawing, "Siantar Sehat"));
    assert_non_null (strstr (drawing, "paraf Kepala Bidang → paraf Sekretaris Dinas → ditandatangani Kepala Dinas"));
    assert_non_null (strstr (drawing, "bulanan tanggal 20, lewat berkas data"));
    assert_non_null (strstr (drawing, "tidak dipungut biaya"));
    assert_non_null (strstr (drawing, "Belum diisi: nama Kepala Bidang Sosial, Sekretaris Dinas, KEPALA DINAS"));
    const char *head = strstr (drawing, "Pelaksana"), *start = head; /* columns line up */
    while (start[-1] != '\n')
        start--;
    const char *row = strstr (drawing, "\n1   ");
    assert_non_null (row);
    assert_memory_equal (row + 1 + (head - start), "Petugas Kelurahan", 17);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_shipped_profile),
        cmocka_unit_test (test_bytes_are_the_identity),
        cmocka_unit_test (test_errors_name_line_and_path),
        cmocka_unit_test (test_each_mistake_is_found),
        cmocka_unit_test (test_what_was_published_is_still_read),
        cmocka_unit_test (test_when_bpjs_is_late),
        cmocka_unit_test (test_yaml_that_is_refused),
        cmocka_unit_test (test_missing_papers),
        cmocka_unit_test (test_counter_standards),
        cmocka_unit_test (test_consequences),
        cmocka_unit_test (test_dukcapil_outcomes_are_its_results),
        cmocka_unit_test (test_officials),
        cmocka_unit_test (test_letter_numbers),
        cmocka_unit_test (test_priority),
        cmocka_unit_test (test_drawing),
    };
    return cmocka_run_group_tests (tests, setup, teardown);
}
