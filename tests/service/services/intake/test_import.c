/* Imports of a synthetic city's proposals by the program itself: damaged rows, a re-push, a kill in the middle. */
#include "common/base/text.h"
#include "tests/service/services/intake/office.h"

static struct office office;

static int
open_office (void **state)
{
    office_open (&office);
    office_publish (&office);
    return 0;
}

static int
close_office (void **state)
{
    office_close (&office);
    return 0;
}

/* usulan.csv of a city and the key to it, in a directory of its own. */
struct city {
    char dir[160], file[200], key[200];
};

static struct city
city_make (const char *name, const char *people, const char *seed, const char *more)
{
    struct city city;
    char command[512];
    snprintf (city.dir, sizeof city.dir, "%s/%s", fleet_dir (office.fleet), name);
    snprintf (city.file, sizeof city.file, "%s/usulan.csv", city.dir);
    snprintf (city.key, sizeof city.key, "%s/kunci.jsonl", city.dir);
    snprintf (command, sizeof command,
              "exec /usr/bin/python3 deploy/demo/synthetic.py --files usulan,kunci --out %s --people %s --seed %s %s",
              city.dir, people, seed, more);
    child_run ((const char *const[]){ "/bin/sh", "-c", command, NULL }, 120000);
    return city;
}

/* Lines of the key that hold all of these texts. */
static int64_t
key_count (const struct city *city, const char *one, const char *two)
{
    char line[2048];
    int64_t n = 0;
    FILE *file = fopen (city->key, "r");
    assert_non_null (file);
    while (fgets (line, sizeof line, file))
        n += strstr (line, one) && strstr (line, two);
    fclose (file);
    return n;
}

static struct uuid
import_bytes (const char *content, size_t size, const char *source)
{
    struct uuid id = uuid_new (clock_now ());
    uint8_t digest[STORE_DIGEST];
    struct err err;
    assert_int_equal (store_put (office.store, content, size, digest, &err), RC_OK);
    Padan__Intake__V1__StartImport command = PADAN__INTAKE__V1__START_IMPORT__INIT;
    command.kind = (char *)"proposals";
    command.period = (char *)"2026-11";
    command.source = (char *)source;
    command.file_sha256 = (ProtobufCBinaryData){ sizeof digest, digest };
    command.size = (int64_t)size;
    assert_int_equal (office_tell (&office, &office.integrator, id, 0, &command, NULL, NULL),
                      PADAN__OUTCOME__OUTCOME_OK);
    return id;
}

static struct uuid
import_start (const struct city *city, const char *source)
{
    static char content[16 << 20];
    FILE *file = fopen (city->file, "r");
    size_t size = fread (content, 1, sizeof content, file);
    fclose (file);
    return import_bytes (content, size, source);
}

static const Padan__Common__V1__ImportProgress *
import_look (struct uuid id)
{
    Padan__Intake__V1__GetImport question = PADAN__INTAKE__V1__GET_IMPORT__INIT;
    const Padan__Common__V1__ImportProgress *progress =
        office_ask (&office, &office.integrator, id, &question, &padan__common__v1__import_progress__descriptor);
    assert_non_null (progress);
    return progress;
}

static const Padan__Common__V1__ImportProgress *
import_wait (struct uuid id)
{
    const Padan__Common__V1__ImportProgress *progress;
    WAIT_UNTIL ((progress = import_look (id), strcmp (progress->state, "done") == 0), 60000);
    assert_int_equal (progress->bytes, progress->size);
    return progress;
}

static int64_t
number (const char *sql)
{
    return atoll (office_sql (&office, sql));
}

/* What holds after any number of imports, whatever happened in between. */
static void
books_balance (void)
{
    assert_int_equal (number ("select count(*) from intake.import_row where same_as is null"),
                      number ("select count(*) from intake.member where not removed"));
    assert_int_equal (number ("select count(*) from intake.claim where application_id is not null"),
                      number ("select count(*) from intake.member where not removed and nik is not null"));
    assert_int_equal (number ("select count(*) from intake.application"),
                      number ("select count(*) from intake.log where type like '%.ApplicationEntered'"));
    /* versions of each subject have no gap and no double */
    assert_int_equal (
        number ("select count(*) from (select subject, count(*) n, max(version) m, count(distinct version)"
                " d from intake.log group by subject) s where n <> m or n <> d"),
        0);
    assert_int_equal (number ("select count(*) from intake.due"), 0);
}

static struct city first;

static void
damaged_rows_are_told_and_the_others_taken (void **state)
{
    first = city_make ("satu", "2000", "1", "");
    struct uuid id = import_start (&first, "siantar-sehat");
    const Padan__Common__V1__ImportProgress *progress = import_wait (id);
    int64_t bad = key_count (&first, "\"hasil\": \"baris_salah\"", ""),
            same = key_count (&first, "\"hasil\": \"duplikat\", \"alasan\": \"sama\"", ""),
            other = key_count (&first, "\"hasil\": \"duplikat\", \"alasan\": \"isi_berbeda\"", "");
    assert_int_equal (progress->created, 2000 - bad);
    assert_int_equal (progress->unchanged, same);
    assert_int_equal (progress->refused, bad + other);
    assert_int_equal (progress->changed, 0);
    assert_int_equal (progress->rows, 2000 + same + other);
    books_balance ();
    assert_true (number ("select count(*) from intake.member where nik is null and mother_nik is not null") > 5);
    /* a city's numbers bear the births of their people: each date was read in the right order */
    assert_int_equal (
        number ("select count(*) from intake.member where nik is not null and to_char (birth_date, 'DDMMYY') "
                "<> lpad ((nik / 100000000 % 100 % 40)::text, 2, '0') || substr (nik::text, 9, 4)"),
        0);
    assert_int_equal (
        number ("select count(*) from intake.application where village !~ '^12[.]72[.]0[1-8][.]1[0-9]{3}$'"), 0);

    Padan__Intake__V1__ListImportProblems question = PADAN__INTAKE__V1__LIST_IMPORT_PROBLEMS__INIT;
    const Padan__Intake__V1__ImportProblems *page = NULL;
    int64_t seen = 0, warned = 0, length = 0, line = 0;
    question.limit = 20;
    do {
        question.cursor = page ? page->next_cursor : (char *)"";
        page = office_ask (&office, &office.integrator, id, &question, &padan__intake__v1__import_problems__descriptor);
        for (size_t i = 0; i < page->n_problems; i++, seen++) {
            assert_true (page->problems[i]->line >= line);
            line = page->problems[i]->line;
            assert_true (strlen (page->problems[i]->detail) > 0);
            warned += page->problems[i]->warning;
            if (strcmp (page->problems[i]->code, "nik.length") == 0) {
                assert_string_equal (page->problems[i]->column, "nik");
                length++;
            }
        }
    } while (*page->next_cursor);
    int64_t warnings =
        key_count (&first, "\"bulan_di_depan\"", "") - key_count (&first, "\"bulan_di_depan\"", "baris_salah") +
        key_count (&first, "\"kawin_tak_jelas\"", "") - key_count (&first, "\"kawin_tak_jelas\"", "baris_salah");
    assert_true (warnings > 50);
    assert_int_equal (warned, warnings);
    assert_int_equal (seen, bad + other + warnings);
    assert_int_equal (length, key_count (&first, "\"alasan\": \"nik.length\"", ""));
    assert_int_equal (number ("select count(*) from intake.log where type like '%.ImportFinished'"), 1);
}

static void
a_push_again_touches_only_what_changed (void **state)
{
    struct city again = city_make ("lagi", "2000", "1", "--shuffle 7 --change 0.01 --header titled");
    int64_t head = number ("select position from intake.log_head");
    const Padan__Common__V1__ImportProgress *progress = import_wait (import_start (&again, "siantar-sehat"));
    int64_t bad = key_count (&again, "\"hasil\": \"baris_salah\"", ""),
            same = key_count (&again, "\"hasil\": \"duplikat\", \"alasan\": \"sama\"", ""),
            other = key_count (&again, "\"hasil\": \"duplikat\", \"alasan\": \"isi_berbeda\"", ""),
            changed = key_count (&again, "diubah", "") - key_count (&again, "diubah", "\"duplikat\"") -
                      key_count (&again, "diubah", "\"baris_salah\"");
    assert_true (changed > 5);
    assert_int_equal (progress->created, 0);
    assert_int_equal (progress->changed, changed);
    assert_int_equal (progress->refused, bad + other);
    assert_int_equal (progress->unchanged, 2000 - bad - changed + same);
    int64_t events = number ("select position from intake.log_head") - head;
    assert_in_range (events, 2, changed + 1); /* a family of two changed people is corrected once */
    books_balance ();
}

static void
the_same_file_again_changes_nothing (void **state)
{
    int64_t head = number ("select position from intake.log_head");
    struct city same = city_make ("sama", "2000", "1", "--change 0.01");
    const Padan__Common__V1__ImportProgress *progress = import_wait (import_start (&same, "siantar-sehat"));
    assert_int_equal (progress->created + progress->changed, 0);
    assert_int_equal (number ("select position from intake.log_head"), head + 1);
}

static void
killed_it_goes_on_from_the_last_committed_row (void **state)
{
    struct city large = city_make ("besar", "12000", "2", "--clean");
    struct uuid id = import_start (&large, "kota-besar");
    int kills = 0;
    for (int64_t until = 1000; until < 12000; until += 3500) {
        WAIT_UNTIL (import_look (id)->rows >= until, 60000);
        if (strcmp (import_look (id)->state, "done") == 0)
            break;
        fleet_kill (office.fleet, "intake", 0);
        kills++;
        fleet_start (office.fleet, "intake", 0);
    }
    assert_true (kills > 0);
    const Padan__Common__V1__ImportProgress *progress = import_wait (id);
    assert_int_equal (progress->rows, 12000);
    /* people of both cities share numbers: who is in an open application of the first is not entered again */
    assert_int_equal (progress->created + progress->refused, 12000);
    assert_int_equal (progress->refused, number ("select count(*) from intake.import_problem where code like "
                                                 "'intake.%' and import_id = (select id from intake.import where "
                                                 "source = 'kota-besar')"));
    books_balance ();
    assert_int_equal (
        number ("select count(*) from intake.import_row r join intake.member m on m.tenant = r.tenant and "
                "m.application_id = r.application_id and m.member_id = r.member_id"),
        number ("select count(*) from intake.import_row"));
}

#define HEADER   "no_kk,nik,nik_ibu,nama,hubungan,tanggal_lahir,jenis_kelamin,alamat,kode_kelurahan,jalur,no_telp\n"
#define KK       "1272010101170010"
#define OTHER_KK "1272010101170011"

/* A mother and her newborn of another city, of whom one field each may differ. */
static const Padan__Common__V1__ImportProgress *
import_newborn (const char *kk, const char *phone)
{
    char text[1024], birth[DATE_TEXT];
    date_format ((int32_t)(clock_now () / CLOCK_SECOND / 86400) - 30, birth);
    int size = snprintf (text, sizeof text,
                         HEADER KK ",1272016203857001,,SITI,1,1985-03-22,P,Jl. B,12.72.01.1003,baru,081\n"
                                   "%s,,1272016203857001,BAYI SITI,3,%s,P,Jl. B,12.72.01.1003,baru,%s\n",
                         kk, birth, phone);
    return import_wait (import_bytes (text, (size_t)size, "kota-bayi"));
}

#define BABY "from intake.member m join intake.application a on a.id = m.application_id where m.name = 'BAYI SITI' "

/* What an officer's client does: the whole application again, one number filled in. */
static void
officer_numbers (const char *name, const char *nik)
{
    struct uuid id;
    Padan__Intake__V1__GetApplication question = PADAN__INTAKE__V1__GET_APPLICATION__INIT;
    Padan__Intake__V1__CorrectApplication correct = PADAN__INTAKE__V1__CORRECT_APPLICATION__INIT;
    assert_true (uuid_parse (office_sql (&office, "select a.id " BABY "and not m.removed"), &id));
    const Padan__Intake__V1__ApplicationView *view =
        office_ask (&office, &office.officer, id, &question, &padan__intake__v1__application_view__descriptor);
    assert_non_null (view);
    correct.track = view->dossier->track;
    correct.kk = view->dossier->kk;
    correct.address = view->dossier->address;
    correct.members = view->dossier->members;
    correct.n_members = view->dossier->n_members;
    for (size_t i = 0; i < correct.n_members; i++) {
        if (strcmp (correct.members[i]->name, name) != 0)
            continue;
        correct.members[i]->nik = (char *)nik;
        correct.members[i]->mother_nik = (char *)"";
        correct.members[i]->n_conditions = 0;
    }
    assert_int_equal (office_tell (&office, &office.officer, id, view->version, &correct, NULL, NULL),
                      PADAN__OUTCOME__OUTCOME_OK);
}

/* The officer's number is not in the file: its claim was not locked when the person moved, and intake ended each time
 * the step was claimed again. */
static void
a_person_an_officer_numbered_may_be_pushed_again (void **state)
{
    static const char numbered[] =
        "select count(*) from intake.member where nik = 1272014211260007 and not removed and not excluded";
    assert_int_equal (import_newborn (KK, "081")->created, 2);
    officer_numbers ("BAYI SITI", "1272014211260007");
    assert_int_equal (import_newborn (KK, "099")->changed, 1);
    assert_int_equal (number (numbered), 1);
    assert_int_equal (import_newborn (OTHER_KK, "099")->changed, 1);
    assert_int_equal (number (numbered), 1);
    assert_string_equal (office_sql (&office, "select kk " BABY "and not m.removed"), OTHER_KK);
    books_balance ();
}

#define TWIN(NIK, NAME) "1272010101170020," NIK ",1272016203857005," NAME ",3,@,P,Jl. B,12.72.01.1003,baru,081\n"
#define TWINS_MOTHER    "1272010101170020,1272016203857005,,RUMONDANG,1,1985-03-22,P,Jl. B,12.72.01.1003,baru,081\n"

/* @ stands for a birth date a month ago. */
static const Padan__Common__V1__ImportProgress *
import_twins (const char *rows)
{
    char birth[DATE_TEXT];
    TEXT_AUTO struct text_buffer text = TEXT_BUFFER (4096);
    date_format ((int32_t)(clock_now () / CLOCK_SECOND / 86400) - 30, birth);
    text_printf (&text, "%s", HEADER);
    for (const char *c = rows; *c; c++)
        text_printf (&text, "%.*s", *c == '@' ? DATE_TEXT - 1 : 1, *c == '@' ? birth : c);
    return import_wait (import_bytes (text.data, text.size, "kota-kembar"));
}

/* What waits for the end of the file, and finds whom it is about in the tables: twins get their numbers, one of them in
 * another KK. */
static void
newborns_are_known_when_they_get_numbers (void **state)
{
    assert_int_equal (import_twins (TWINS_MOTHER TWIN ("", "DOLI") TWIN ("", "DUMA"))->created, 3);
    const Padan__Common__V1__ImportProgress *progress = import_twins (
        "1272010101170021,1272014211260018,1272016203857005,DUMA SARI,1,@,P,Jl. C,12.72.01.1003,baru,0\n" TWIN (
            "1272014211260019", "DOLI SARI") TWINS_MOTHER);
    assert_int_equal (progress->changed, 2);
    assert_int_equal (progress->unchanged, 1);
    assert_string_equal (office_sql (&office, "select string_agg (name || ' ' || right (nik::text, 2), ',' order by "
                                              "name) from intake.member where name like 'D% SARI' and not removed"),
                         "DOLI SARI 19,DUMA SARI 18");
    assert_int_equal (number ("select count(*) from intake.member where name in ('DOLI', 'DUMA') and not removed"), 0);
    assert_int_equal (number ("select count(*) from intake.import_later where packed is not null"), 0);
    books_balance ();
}

static void
a_file_that_is_no_proposals_fails_with_a_reason (void **state)
{
    struct city city = city_make ("lain", "10", "3", "");
    FILE *file = fopen (city.file, "w");
    fputs ("nama;alamat\nSITI;Jalan\n", file);
    fclose (file);
    struct uuid id = import_start (&city, "salah");
    WAIT_UNTIL (strcmp (import_look (id)->state, "failed") == 0, 30000);
    Padan__Intake__V1__ListImportProblems question = PADAN__INTAKE__V1__LIST_IMPORT_PROBLEMS__INIT;
    const Padan__Intake__V1__ImportProblems *page =
        office_ask (&office, &office.integrator, id, &question, &padan__intake__v1__import_problems__descriptor);
    assert_int_equal (page->n_problems, 1);
    assert_string_equal (page->problems[0]->code, "csv.header");
    assert_non_null (strstr (page->problems[0]->detail, "Yang kurang: no_kk, nik, hubungan,"));
}

static void
an_import_must_be_a_stored_file_of_proposals (void **state)
{
    Padan__Intake__V1__StartImport command = PADAN__INTAKE__V1__START_IMPORT__INIT;
    uint8_t digest[STORE_DIGEST] = { 7 };
    command.kind = (char *)"poverty";
    command.period = (char *)"2026-11";
    command.source = (char *)"siantar";
    command.file_sha256 = (ProtobufCBinaryData){ sizeof digest, digest };
    command.size = 10;
    office_tell (&office, &office.integrator, uuid_new (clock_now ()), 0, &command, NULL, NULL);
    assert_string_equal (office_code, "intake.import_kind");
    command.kind = (char *)"proposals";
    office_tell (&office, &office.integrator, uuid_new (clock_now ()), 0, &command, NULL, NULL);
    assert_string_equal (office_code, "intake.import_file");
    command.period = (char *)"November";
    office_tell (&office, &office.integrator, uuid_new (clock_now ()), 0, &command, NULL, NULL);
    assert_string_equal (office_code, "intake.import_period");
    office_tell (&office, &office.officer, uuid_new (clock_now ()), 0, &command, NULL, NULL);
    assert_string_equal (office_code, "common.forbidden");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (an_import_must_be_a_stored_file_of_proposals),
        cmocka_unit_test (damaged_rows_are_told_and_the_others_taken),
        cmocka_unit_test (a_push_again_touches_only_what_changed),
        cmocka_unit_test (the_same_file_again_changes_nothing),
        cmocka_unit_test (killed_it_goes_on_from_the_last_committed_row),
        cmocka_unit_test (a_person_an_officer_numbered_may_be_pushed_again),
        cmocka_unit_test (newborns_are_known_when_they_get_numbers),
        cmocka_unit_test (a_file_that_is_no_proposals_fails_with_a_reason),
    };
    return cmocka_run_group_tests (tests, open_office, close_office);
}
