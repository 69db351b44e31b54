/* A synthetic city, damaged as real exports are: registries loaded, proposals imported, everybody judged; the verdict
 * on each person is what the city's key says must come out. */
#include <jansson.h>
#include <stdlib.h>

#include "common/db/db.h"
#include "services/validation/registry_store.h"
#include "tests/service/services/validation/bureau.h"
#include "validation_sql.h"

enum { CITY_MS = 120000, FILE_MAX = 16 << 20 };

static struct bureau bureau;
static char city[200];

static int
open_bureau (void **state)
{
    char command[512];
    snprintf (city, sizeof city, "/tmp/padan-city-XXXXXX");
    assert_non_null (mkdtemp (city));
    snprintf (command, sizeof command, "exec /usr/bin/python3 deploy/demo/synthetic.py --out %s --people 600 --seed 11",
              city);
    child_run ((const char *const[]){ "/bin/sh", "-c", command, NULL }, 120000);
    snprintf (command, sizeof command, "%s/penduduk.jsonl", city);
    bureau_open_with (&bureau, command);
    return 0;
}

static int
close_bureau (void **state)
{
    bureau_close (&bureau);
    child_run ((const char *const[]){ "rm", "-rf", city, NULL }, 20000);
    return 0;
}

static char *
file_read (const char *name)
{
    static char *content;
    char path[256];
    content = content ? content : malloc (FILE_MAX);
    assert_non_null (content);
    snprintf (path, sizeof path, "%s/%s", city, name);
    FILE *file = fopen (path, "r");
    assert_non_null (file);
    size_t size = fread (content, 1, FILE_MAX - 1, file);
    content[size] = '\0';
    fclose (file);
    return content;
}

static bool
is_done (struct uuid import)
{
    return strcmp (bureau_progress (&bureau, import)->state, "done") == 0;
}

static void
registries_are_loaded (void **state)
{
    uint8_t digest[STORE_DIGEST];
    struct err err;
    Padan__Validation__V1__LoadRegistry command = PADAN__VALIDATION__V1__LOAD_REGISTRY__INIT;
    char *content = file_read ("dtsen_keluarga.csv");
    uint8_t family[STORE_DIGEST];
    assert_int_equal (store_put (bureau.office.store, content, strlen (content), family, &err), RC_OK);
    command.family_sha256 = (ProtobufCBinaryData){ sizeof family, family };
    command.family_size = (int64_t)strlen (content);
    content = file_read ("dtsen_individu.csv");
    assert_int_equal (store_put (bureau.office.store, content, strlen (content), digest, &err), RC_OK);
    command.registry = (char *)"poverty";
    command.period = (char *)"2026-11";
    command.file_sha256 = (ProtobufCBinaryData){ sizeof digest, digest };
    command.size = (int64_t)strlen (content);
    struct uuid poverty = uuid_new (clock_now ());
    assert_int_equal (bureau_tell (&bureau, &bureau.office.admin, poverty, &command), PADAN__OUTCOME__OUTCOME_OK);
    struct uuid members = bureau_load (&bureau, "membership", "2026-11", file_read ("peserta.csv"));
    WAIT_UNTIL (is_done (poverty), CITY_MS);
    WAIT_UNTIL (is_done (members), CITY_MS);
    assert_int_equal (bureau_progress (&bureau, poverty)->refused, 0);
    assert_int_equal (bureau_progress (&bureau, members)->refused, 0);
    assert_true (atoi (bureau_sql (&bureau, "select count (*) from validation.poverty_family")) > 100);
}

static void
proposals_are_imported_and_judged (void **state)
{
    Padan__Intake__V1__StartImport command = PADAN__INTAKE__V1__START_IMPORT__INIT;
    uint8_t digest[STORE_DIGEST];
    struct err err;
    char *content = file_read ("usulan.csv");
    assert_int_equal (store_put (bureau.office.store, content, strlen (content), digest, &err), RC_OK);
    command.kind = (char *)"proposals";
    command.period = (char *)"2026-11";
    command.source = (char *)"uji";
    command.file_sha256 = (ProtobufCBinaryData){ sizeof digest, digest };
    command.size = (int64_t)strlen (content);
    assert_int_equal (office_tell (&bureau.office, &bureau.office.integrator, uuid_new (clock_now ()), 0, &command,
                                   &padan__intake__v1__import_reply__descriptor, NULL),
                      PADAN__OUTCOME__OUTCOME_OK);
    WAIT_UNTIL (atoi (bureau_sql (&bureau, "select count (*) from intake.log where type like '%ImportFinished'")) == 1,
                CITY_MS);
    WAIT_UNTIL (
        atoi (bureau_sql (&bureau, "select count (*) from intake.application a left join validation.application "
                                   "v on v.id = a.id and v.judged_version = a.version where v.id is null")) == 0,
        CITY_MS);
    assert_string_equal (bureau_sql (&bureau, "select count (*) from validation.due where kind = 'check'"), "0");
}

/* The key's word for why → what must have been found. */
static const struct {
    const char *why, *check, *outcome;
} findings[] = {
    { "padan", "dukcapil", "padan" },
    { "padan", "dukcapil", "padan_dengan_catatan" }, /* where the row was damaged: the address is only noted */
    { "padan_dengan_catatan", "dukcapil", "padan_dengan_catatan" },
    { "meninggal", "dukcapil", "meninggal" },
    { "ganda", "dukcapil", "ganda" },
    { "nonaktif", "dukcapil", "nonaktif" },
    { "tidak_ditemukan", "dukcapil", "tidak_ditemukan" },
    { "tidak_padan", "dukcapil", "tidak_padan" },
    { "peserta_pbi_aktif", "membership", "national_active" },
    { "peserta_pemda_aktif", "membership", "local_active" },
    { "peserta_mandiri_jalur_baru", "membership", "mandiri_active" },
    { "peserta_mandiri_jalur_baru", "membership", "mandiri_inactive" },
    { "pengalihan_bukan_mandiri", "membership", "none" },
};

static const Padan__Common__V1__MemberVerdict *
verdict_read (const char *nik)
{
    char sql[256];
    static uint8_t packed[16 << 10];
    snprintf (sql, sizeof sql, "select encode (reasons, 'hex') from validation.member where nik = %s", nik);
    const char *hex = bureau_sql (&bureau, sql);
    size_t size = strlen (hex) / 2;
    assert_true (size <= sizeof packed && hex_decode (hex, 2 * size, packed, size));
    arena_reset (bureau.office.arena);
    const Padan__Common__V1__MemberVerdict *verdict =
        padan__common__v1__member_verdict__unpack (arena_protobuf (bureau.office.arena), size, packed);
    assert_non_null (verdict);
    return verdict;
}

/* Is this what was found, and, of somebody held, what holds them? */
static bool
is_found (const Padan__Common__V1__MemberVerdict *verdict, const char *why, bool holds)
{
    for (size_t f = 0; f < sizeof findings / sizeof *findings; f++)
        for (size_t i = 0; strcmp (findings[f].why, why) == 0 && i < verdict->n_reasons; i++) {
            const Padan__Common__V1__Reason *reason = verdict->reasons[i];
            if (strcmp (reason->check, findings[f].check) == 0 && strcmp (reason->outcome, findings[f].outcome) == 0 &&
                (!holds || reason->verdict == verdict->verdict))
                return true;
        }
    return false;
}

/* What the verdict on a person may be, by the key's word. */
static bool
is_expected (const char *wanted, int verdict)
{
    bool held =
        verdict == PADAN__COMMON__V1__VERDICT__VERDICT_BLOCK || verdict == PADAN__COMMON__V1__VERDICT__VERDICT_RETURN;
    if (strcmp (wanted, "lolos") == 0)
        return verdict == PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR ||
               verdict == PADAN__COMMON__V1__VERDICT__VERDICT_WARNING;
    if (strcmp (wanted, "tinjau") == 0)
        return verdict == PADAN__COMMON__V1__VERDICT__VERDICT_RETURN ||
               verdict == PADAN__COMMON__V1__VERDICT__VERDICT_SITE_CHECK;
    return held;
}

static void
each_person_is_judged_as_the_key_says (void **state)
{
    int compared = 0, wrong = 0;
    char *saved = NULL, *text = file_read ("kunci.jsonl");
    for (char *line = strtok_r (text, "\n", &saved); line; line = strtok_r (NULL, "\n", &saved)) {
        json_t *key = json_loads (line, 0, NULL);
        const char *wanted = json_string_value (json_object_get (key, "hasil"));
        const char *nik = json_string_value (json_object_get (key, "nik"));
        if (nik && *nik && (!strcmp (wanted, "lolos") || !strcmp (wanted, "tertahan") || !strcmp (wanted, "tinjau"))) {
            const Padan__Common__V1__MemberVerdict *verdict = verdict_read (nik);
            const char *why = json_string_value (json_object_get (key, "alasan"));
            compared++;
            if (!is_expected (wanted, (int)verdict->verdict) ||
                !is_found (verdict, why, strcmp (wanted, "lolos") != 0)) {
                print_message ("row %lld: %s (%s) wanted, verdict %d\n",
                               (long long)json_integer_value (json_object_get (key, "baris")), wanted, why,
                               (int)verdict->verdict);
                wrong++;
            }
        }
        json_decref (key);
    }
    assert_true (compared > 400);
    assert_int_equal (wrong, 0);
}

static void
newborns_are_not_held_by_their_mothers (void **state)
{
    assert_true (atoi (bureau_sql (&bureau, "select count (*) from validation.member where nik is null and mother_nik "
                                            "is not null and verdict in (1, 2)")) > 0);
    assert_string_equal (bureau_sql (&bureau, "select count (*) from validation.member where nik is null and "
                                              "mother_nik is not null and verdict not in (1, 2)"),
                         "0"); /* clear or warning: no mother of this city is unknown to Dukcapil */
}

/* A verdict relies on a snapshot: until it commits nobody may switch it, and other verdicts may rely on it too. */
static void
registry_is_held_for_share_while_a_verdict_commits (void **state)
{
    DB_AUTO struct db *db = db_new (scratch_login (fleet_scratch (bureau.office.fleet), "validation"), "test");
    struct err err;
    char id[UUID_TEXT];
    uuid_format (registry_id ("poverty"), id);
    char *text = arena_printf (bureau.office.arena,
                               "set search_path = validation; set padan.tenants = '{%d}'; begin; prepare p as %s; "
                               "execute p ('{%d}', '{%s}')",
                               TENANT, sql_registry_hold.text, TENANT, id);
    if (db_script (db, text, &err) != RC_OK)
        fail_msg ("%s", err.text);
    assert_string_equal (bureau_sql (&bureau, "select count (*) from (select from validation.registry where name = "
                                              "'poverty' for no key update skip locked) r"),
                         "0");
    assert_string_equal (bureau_sql (&bureau, "select count (*) from (select from validation.registry where name = "
                                              "'poverty' for share skip locked) r"),
                         "1");
    assert_int_equal (db_script (db, "rollback", &err), RC_OK);
}

static void
every_statement_prepares (void **state)
{
    DB_AUTO struct db *db = db_new (scratch_login (fleet_scratch (bureau.office.fleet), "validation"), "test");
    struct err err;
    for (const struct sql *const *sql = validation_sql; *sql; sql++) {
        char *text = arena_printf (bureau.office.arena, "set search_path = validation; prepare p as %s; deallocate p",
                                   (*sql)->text);
        if (db_script (db, text, &err) != RC_OK)
            fail_msg ("%s: %s", (*sql)->name, err.text);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_statement_prepares),
        cmocka_unit_test (registries_are_loaded),
        cmocka_unit_test (registry_is_held_for_share_while_a_verdict_commits),
        cmocka_unit_test (proposals_are_imported_and_judged),
        cmocka_unit_test (each_person_is_judged_as_the_key_says),
        cmocka_unit_test (newborns_are_not_held_by_their_mothers),
    };
    return cmocka_run_group_tests (tests, open_bureau, close_bureau);
}
