/* intake and validation as programs, and a stand-in for Dukcapil with a population of the test's own. */
#pragma once

#include "common/base/text.h"
#include "tests/service/services/intake/office.h"
#include "validation.pb-c.h"

struct bureau {
    struct office office;
    struct child *dukcapil;
    int port; /* of the stand-in */
};

/* Nobody of these exists. Women: day + 40. */
#define HEAD_NIK   "1272010103800001"
#define WIFE_NIK   "1272014203850002"
#define CHILD_NIK  "1272010405120003"
#define FAMILY_KK  "1272010101150001"
#define LONELY_NIK "1272015506700009"
#define LONELY_KK  "1272010101150009"

static inline void
population_write (const char *path)
{
    static const struct {
        const char *nik, *kk, *name, *birth, *sex, *code;
    } people[] = {
        { HEAD_NIK, FAMILY_KK, "PARLINGGOM SIHOMBARU", "01-03-1980", "Laki-Laki", ",\"RESPONSE_CODE\":\"11\"" },
        { WIFE_NIK, FAMILY_KK, "ROTUA NAIBAHORA", "02-03-1985", "Perempuan", "" },
        { CHILD_NIK, FAMILY_KK, "TOGAR SIHOMBARU", "04-05-2012", "Laki-Laki", "" },
        { LONELY_NIK, LONELY_KK, "TIOLINDA SARAGITUA", "15-06-1970", "Perempuan", "" },
    };
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    for (size_t i = 0; i < sizeof people / sizeof *people; i++)
        fprintf (file,
                 "{\"NIK\":\"%s\",\"NO_KK\":\"%s\",\"NAMA_LGKP\":\"%s\",\"TGL_LHR\":\"%s\",\"JENIS_KLMIN\":\"%s\","
                 "\"ALAMAT\":\"JALAN MELATI 4\"%s}\n",
                 people[i].nik, people[i].kk, people[i].name, people[i].birth, people[i].sex, people[i].code);
    for (int i = 1; i <= 60; i++) /* for tests that want many */
        fprintf (file,
                 "{\"NIK\":\"127202410190%04d\",\"NO_KK\":\"127202010120%04d\",\"NAMA_LGKP\":\"ASMARINI KE %d\","
                 "\"TGL_LHR\":\"01-01-1990\",\"JENIS_KLMIN\":\"Perempuan\",\"ALAMAT\":\"JALAN MELATI 4\"}\n",
                 i, i, i);
    fclose (file);
}

static inline int
number_in (const char *path)
{
    FILE *file = fopen (path, "r");
    int number = 0;
    if (file && fscanf (file, "%d", &number) != 1)
        number = 0;
    if (file)
        fclose (file);
    return number;
}

/* population: a file of synthetic.py; NULL: the people above. */
static inline void
dukcapil_start (struct bureau *bureau, const char *population)
{
    char own[256], port[256];
    snprintf (own, sizeof own, "%s/penduduk.jsonl", fleet_dir (bureau->office.fleet));
    snprintf (port, sizeof port, "%s/port", fleet_dir (bureau->office.fleet));
    if (!population) {
        population_write (own);
        population = own;
    }
    bureau->dukcapil =
        child_spawn ((const char *const[]){ "/usr/bin/python3", "deploy/demo/dukcapil.py", "--population", population,
                                            "--port", "0", "--port-file", port, NULL });
    WAIT_UNTIL (number_in (port) > 0, 20000);
    bureau->port = number_in (port);
}

/* "kind=500&rate=1" from now on. */
static inline void
dukcapil_fault (struct bureau *bureau, const char *query)
{
    char script[256];
    snprintf (script, sizeof script,
              "import urllib.request as u; u.urlopen('http://127.0.0.1:%d/_fault?%s', timeout=10).read()", bureau->port,
              query);
    child_run ((const char *const[]){ "/usr/bin/python3", "-c", script, NULL }, 20000);
}

static inline void
secret_write (struct bureau *bureau, const char *name, const char *content)
{
    char path[256];
    snprintf (path, sizeof path, "%s/%s", fleet_dir (bureau->office.fleet), name);
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    fputs (content, file);
    fclose (file);
    child_run ((const char *const[]){ "chmod", "600", path, NULL }, 5000);
}

static inline void
bureau_set (struct bureau *bureau, const char *service, const char *format, ...)
{
    char line[512];
    va_list list;
    va_start (list, format);
    vsnprintf (line, sizeof line, format, list);
    va_end (list);
    fleet_set (bureau->office.fleet, service, line);
}

static inline void
bureau_open_with (struct bureau *bureau, const char *population)
{
    static const char *const services[] = { "intake", "validation", NULL };
    struct office *office = &bureau->office;
    struct err err;
    memset (bureau, 0, sizeof *bureau);
    office->fleet = fleet_new (NULL, services, "", "gateway");
    office->arena = arena_new (OFFICE_ARENA);
    const char *dir = fleet_dir (office->fleet);
    char path[256];
    snprintf (path, sizeof path, "%s/store", dir);
    assert_int_equal (store_open (path, clock_now (), &office->store, &err), RC_OK);
    dukcapil_start (bureau, population);
    secret_write (bureau, "claim", "rahasia uji");
    secret_write (bureau, "password", "demo-saja\n");
    bureau_set (bureau, "intake", "store = %s/store", dir);
    bureau_set (bureau, "intake", "claim_key = %s/claim", dir);
    bureau_set (bureau, "validation", "store = %s/store", dir);
    bureau_set (bureau, "validation", "dukcapil_url = http://127.0.0.1:%d", bureau->port);
    bureau_set (bureau, "validation",
                "dukcapil_office = 12-72/dinsos\ndukcapil_user = demo\ndukcapil_address = 127.0.0.1");
    bureau_set (bureau, "validation", "dukcapil_password = %s/password\ndukcapil_timeout = 1s", dir);
    office->officer = person_make (PADAN__ROLE__ROLE_KELURAHAN, "12.72.01.1003");
    office->stranger = person_make (PADAN__ROLE__ROLE_KELURAHAN, "12.72.02.1001");
    office->admin = person_make (PADAN__ROLE__ROLE_ADMIN, "");
    office->auditor = person_make (PADAN__ROLE__ROLE_AUDITOR, "");
    office->integrator = person_make (PADAN__ROLE__ROLE_INTEGRATOR, "");
    fleet_start (office->fleet, "intake", 0);
    fleet_start (office->fleet, "validation", 0);
    office_publish (office);
}

static inline void
bureau_open (struct bureau *bureau)
{
    bureau_open_with (bureau, NULL);
}

static inline void
bureau_close (struct bureau *bureau)
{
    child_destroy (&bureau->dukcapil);
    office_close (&bureau->office);
}

struct someone {
    const char *nik, *name, *birth_date;
    Padan__Common__V1__Sex sex;
    Padan__Common__V1__Relation relation;
};

/* Enters people of one KK at the counter; the application's id. */
static inline struct uuid
bureau_enter (struct bureau *bureau, const char *kk, const struct someone *people, size_t n)
{
    Padan__Common__V1__Address address = PADAN__COMMON__V1__ADDRESS__INIT;
    Padan__Common__V1__Member members[8], *list[8];
    Padan__Intake__V1__EnterApplication command = PADAN__INTAKE__V1__ENTER_APPLICATION__INIT;
    struct uuid id = uuid_new (clock_now ());
    address.street = (char *)"Jalan Melati 4";
    address.village = (char *)"12.72.01.1003";
    assert_true (n <= 8);
    for (size_t i = 0; i < n; i++) {
        padan__common__v1__member__init (&members[i]);
        members[i].nik = (char *)people[i].nik;
        members[i].name = (char *)people[i].name;
        members[i].birth_date = (char *)people[i].birth_date;
        members[i].sex = people[i].sex;
        members[i].relation = people[i].relation;
        list[i] = &members[i];
    }
    command.track = (char *)"baru";
    command.kk = (char *)kk;
    command.address = &address;
    command.members = list;
    command.n_members = n;
    if (office_tell (&bureau->office, &bureau->office.officer, id, 0, &command,
                     &padan__intake__v1__application_reply__descriptor, NULL) != PADAN__OUTCOME__OUTCOME_OK)
        fail_msg ("not entered: %s", office_code);
    return id;
}

/* A query to validation; NULL when refused. The answer lives until the next one. */
static inline const void *
bureau_ask (struct bureau *bureau, const struct fleet_person *person, struct uuid subject, const void *question,
            const ProtobufCMessageDescriptor *type)
{
    Padan__Reply *reply;
    struct err err = { 0 };
    arena_reset (bureau->office.arena);
    enum rc rc = fleet_query (bureau->office.fleet, "validation", person, TENANT, subject, question, CALL_MS,
                              bureau->office.arena, &reply, &err);
    if (rc != RC_OK)
        fail_msg ("%s %s: %s", rc_name (rc), err.text,
                  child_output (fleet_child (bureau->office.fleet, "validation", 0)));
    snprintf (office_code, sizeof office_code, "%s", reply->problem ? reply->problem->code : "");
    if (reply->outcome != PADAN__OUTCOME__OUTCOME_OK)
        return NULL;
    return protobuf_c_message_unpack (type, arena_protobuf (bureau->office.arena), reply->data.len, reply->data.data);
}

static inline const Padan__Validation__V1__Verdicts *
bureau_verdicts (struct bureau *bureau, struct uuid id)
{
    Padan__Validation__V1__GetVerdicts question = PADAN__VALIDATION__V1__GET_VERDICTS__INIT;
    return bureau_ask (bureau, &bureau->office.admin, id, &question, &padan__validation__v1__verdicts__descriptor);
}

static inline Padan__Outcome
bureau_tell (struct bureau *bureau, const struct fleet_person *person, struct uuid subject, const void *command)
{
    Padan__Reply *reply;
    struct err err = { 0 };
    char key[32];
    snprintf (key, sizeof key, "uji-%u", bureau->office.keys++);
    enum rc rc = fleet_command (bureau->office.fleet, "validation", person, TENANT, subject, 0, key, command, CALL_MS,
                                bureau->office.arena, &reply, &err);
    if (rc != RC_OK)
        fail_msg ("%s %s", rc_name (rc), err.text);
    snprintf (office_code, sizeof office_code, "%s", reply->problem ? reply->problem->code : "");
    return reply->outcome;
}

static inline const char *
bureau_sql (struct bureau *bureau, const char *text)
{
    return office_sql (&bureau->office, text);
}

/* Puts content into the store and has it loaded; the import's id. */
static inline struct uuid
bureau_load (struct bureau *bureau, const char *registry, const char *period, const char *content)
{
    Padan__Validation__V1__LoadRegistry command = PADAN__VALIDATION__V1__LOAD_REGISTRY__INIT;
    uint8_t digest[STORE_DIGEST];
    struct err err;
    struct uuid id = uuid_new (clock_now ());
    assert_int_equal (store_put (bureau->office.store, content, strlen (content), digest, &err), RC_OK);
    command.registry = (char *)registry;
    command.period = (char *)period;
    command.source = (char *)"uji";
    command.file_sha256 = (ProtobufCBinaryData){ sizeof digest, digest };
    command.size = (int64_t)strlen (content);
    if (bureau_tell (bureau, &bureau->office.admin, id, &command) != PADAN__OUTCOME__OUTCOME_OK)
        fail_msg ("not loaded: %s", office_code);
    return id;
}

static inline const Padan__Common__V1__ImportProgress *
bureau_progress (struct bureau *bureau, struct uuid id)
{
    Padan__Validation__V1__GetImport question = PADAN__VALIDATION__V1__GET_IMPORT__INIT;
    return bureau_ask (bureau, &bureau->office.admin, id, &question, &padan__common__v1__import_progress__descriptor);
}
