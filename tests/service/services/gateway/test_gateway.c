/* The real program between a client that speaks HTTP byte by byte and services that the test plays: what becomes of a
 * request, what becomes of an answer, who is let in. */
#include "tests/service/services/gateway/played.h"

#include <dirent.h>
#include <signal.h>

#include <sodium.h>

#include "intake.pb-c.h"
#include "journal.pb-c.h"
#include "tests/support/test.h"

enum { TENANT = 1272, PATIENCE_MS = 10000 };

static struct {
    struct bus_peers *peers;
    struct sign_secret sign;
    struct played accounts, intake, journal;
    struct child *gateway;
    char config[128];
    uint16_t port, page;
    /* the person behind the token */
    uint8_t secret[TOKEN_SECRET], hash[TOKEN_HASH];
    char token[TOKEN_TEXT];
    struct uuid person, session;
    atomic_int home;        /* the tenant the person belongs to */
    atomic_bool gone;       /* accounts knows the token no more */
    atomic_int tenants;     /* in how many the person has a role */
    uint8_t paper[32];      /* the digest of the only paper of any application */
    atomic_bool mute;       /* accounts does not say whose a token is */
    atomic_int role;        /* this one */
    atomic_bool complete;   /* what an application's view shows beside its version */
    atomic_int lifetime;    /* seconds of a principal */
    atomic_int used, heard; /* how often accounts was told of use, and of mere listening */
    atomic_bool hold;       /* the journal keeps its answer back */
} t;

/* ------------------------------------------------------------ the services played */

static bool
authenticate (Padan__Reply *reply, struct arena *arena)
{
    Padan__Accounts__V1__Authenticated who = PADAN__ACCOUNTS__V1__AUTHENTICATED__INIT;
    Padan__Principal principal = PADAN__PRINCIPAL__INIT;
    Padan__SignedPrincipal statement;
    Padan__Grant grants[2] = { PADAN__GRANT__INIT, PADAN__GRANT__INIT }, *list[2] = { &grants[0], &grants[1] };
    struct err err;
    grants[0].tenant = TENANT;
    grants[1].tenant = TENANT + 1;
    grants[0].role = grants[1].role = (Padan__Role)atomic_load (&t.role);
    grants[0].place = (char *)"12.72.01.1003";
    principal.person_id = who.person_id = uuid_field (&t.person);
    principal.session_id = who.session_id = uuid_field (&t.session);
    principal.name = who.name = (char *)"Siti";
    principal.grants = who.grants = list;
    principal.n_grants = who.n_grants = (size_t)atomic_load (&t.tenants);
    principal.issued_at = clock_now ();
    principal.expires_at = principal.issued_at + atomic_load (&t.lifetime) * (int64_t)CLOCK_SECOND;
    who.expires_at = principal.expires_at;
    who.tenant = atomic_load (&t.home);
    assert_int_equal (principal_sign (&t.sign, &principal, arena, &statement, &err), RC_OK);
    who.principal = &statement;
    reply_data (reply, &who.base, arena);
    return true;
}

static bool
accounts_answer (struct played *played, const Padan__Envelope *envelope, bool command, Padan__Reply *reply,
                 struct arena *arena)
{
    if (strcmp (envelope->type, "padan.accounts.v1.Authenticate") == 0) {
        if (atomic_load (&t.mute))
            return false;
        Padan__Accounts__V1__Authenticate *question =
            padan__accounts__v1__authenticate__unpack (arena_protobuf (arena), envelope->data.len, envelope->data.data);
        atomic_fetch_add (question->listening ? &t.heard : &t.used, 1);
        if (!atomic_load (&t.gone) && memcmp (question->token_sha256.data, t.hash, TOKEN_HASH) == 0)
            return authenticate (reply, arena);
        reply_refuse (reply, PADAN__OUTCOME__OUTCOME_UNAUTHENTICATED, "accounts.session", NULL, arena);
        return true;
    }
    if (strcmp (envelope->type, "padan.accounts.v1.SignIn") == 0) {
        Padan__Accounts__V1__SignIn *sign_in =
            padan__accounts__v1__sign_in__unpack (arena_protobuf (arena), envelope->data.len, envelope->data.data);
        Padan__Accounts__V1__SessionReply session = PADAN__ACCOUNTS__V1__SESSION_REPLY__INIT;
        if (strcmp (sign_in->password, "terlalu sering") == 0) {
            reply_refuse (reply, PADAN__OUTCOME__OUTCOME_BUSY, "accounts.throttled", NULL, arena);
            reply->problem->retry_after = 240;
            return true;
        }
        if (strcmp (sign_in->password, "benar") != 0) {
            reply_refuse (reply, PADAN__OUTCOME__OUTCOME_UNAUTHENTICATED, "accounts.credentials", NULL, arena);
            return true;
        }
        memcpy (t.hash, sign_in->token_sha256.data, TOKEN_HASH);
        session.session_id = envelope->subject;
        session.person_id = uuid_field (&t.person);
        session.name = (char *)"Siti";
        reply_data (reply, &session.base, arena);
        return true;
    }
    return true;
}

static bool
intake_answer (struct played *played, const Padan__Envelope *envelope, bool command, Padan__Reply *reply,
               struct arena *arena)
{
    Padan__Position *position = arena_alloc (arena, sizeof *position);
    padan__position__init (position);
    position->log = (char *)"intake";
    position->position = 41;
    if (command) {
        Padan__Intake__V1__ApplicationReply answer = PADAN__INTAKE__V1__APPLICATION_REPLY__INIT;
        answer.application_id = envelope->subject;
        answer.version = envelope->version + 1;
        answer.ticket = (char *)"ABC-123";
        answer.state = (char *)"entered";
        if (strcmp (envelope->key, "refuse") == 0) {
            reply_refuse (reply, PADAN__OUTCOME__OUTCOME_UNPROCESSABLE, "common.required", "/members/0/nik", arena);
            return true;
        }
        if (strcmp (envelope->key, "silence") == 0)
            return false;
        reply->position = position;
        reply_data (reply, &answer.base, arena);
        return true;
    }
    if (strcmp (envelope->type, "padan.intake.v1.GetImport") == 0) {
        reply_refuse (reply, PADAN__OUTCOME__OUTCOME_NOT_FOUND, "common.not_found", NULL, arena);
        return true;
    }
    if (strcmp (envelope->type, "padan.intake.v1.GetApplication") == 0) {
        Padan__Intake__V1__ApplicationView view = PADAN__INTAKE__V1__APPLICATION_VIEW__INIT;
        Padan__Common__V1__Dossier dossier = PADAN__COMMON__V1__DOSSIER__INIT;
        Padan__Common__V1__Paper paper = PADAN__COMMON__V1__PAPER__INIT, *papers[] = { &paper };
        paper.file_sha256 = (ProtobufCBinaryData){ sizeof t.paper, t.paper };
        paper.media_type = (char *)"application/pdf";
        dossier.n_papers = 1;
        dossier.papers = papers;
        view.dossier = &dossier;
        view.version = 5;
        view.state = (char *)"entered";
        char *missing = (char *)"surat_miskin";
        view.missing = &missing;
        view.n_missing = !atomic_load (&t.complete);
        reply_data (reply, &view.base, arena);
        return true;
    }
    Padan__Intake__V1__Applications list = PADAN__INTAKE__V1__APPLICATIONS__INIT;
    reply_data (reply, &list.base, arena);
    return true;
}

/* Three events in all; one more while answers are kept back. */
static bool
journal_answer (struct played *played, const Padan__Envelope *envelope, bool command, Padan__Reply *reply,
                struct arena *arena)
{
    if (strcmp (envelope->type, "padan.journal.v1.ListEvents") != 0)
        return true;
    Padan__Journal__V1__ListEvents *question =
        padan__journal__v1__list_events__unpack (arena_protobuf (arena), envelope->data.len, envelope->data.data);
    bool held = atomic_load (&t.hold);
    for (int64_t deadline = wait_deadline (3 * PATIENCE_MS); atomic_load (&t.hold) && wait_pause (deadline);)
        ;
    Padan__Journal__V1__Events page = PADAN__JOURNAL__V1__EVENTS__INIT;
    Padan__Journal__V1__PublicEvent events[4], *list[4];
    page.events = list;
    page.head = 3 + held;
    for (int64_t number = question->after + 1; number <= page.head; number++) {
        Padan__Journal__V1__PublicEvent *event = list[page.n_events] = &events[page.n_events];
        page.n_events++;
        padan__journal__v1__public_event__init (event);
        event->number = number;
        event->type = (char *)"padan.intake.v1.ApplicationEntered";
        event->at = 1795309323000004;
    }
    reply_data (reply, &page.base, arena);
    return true;
}

/* ------------------------------------------------------------ set-up */

static uint16_t
page_status (void)
{
    return (uint16_t)client_ask (t.page, "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")->status;
}

static bool
port_open (uint16_t port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool open = connect (fd, (struct sockaddr *)&address, sizeof address) == 0;
    close (fd);
    return open;
}

static int
set_up (void **state)
{
    struct err err;
    assert_true (sodium_init () >= 0);
    keys_dir_make ();
    cert_of ("gateway");
    cert_of ("accounts");
    cert_of ("intake");
    cert_of ("journal");
    assert_int_equal (keys_sign_generate (keys_dir, "accounts", &err), RC_OK);
    assert_int_equal (keys_sign_load (keys_dir, "accounts", &t.sign, &err), RC_OK);
    t.peers = peers_of_dir ();
    t.person = uuid_new (clock_now ());
    t.session = uuid_new (clock_now ());
    atomic_store (&t.tenants, 1);
    atomic_store (&t.lifetime, 60);
    atomic_store (&t.role, PADAN__ROLE__ROLE_OPERATOR);
    randombytes_buf (t.secret, sizeof t.secret);
    token_hash (t.secret, t.hash);
    token_write (TOKEN_SESSION, t.secret, t.token);
    played_start (&t.accounts, "accounts", t.peers, accounts_answer);
    played_start (&t.intake, "intake", t.peers, intake_answer);
    played_start (&t.journal, "journal", t.peers, journal_answer);
    t.port = (uint16_t)port_free ();
    t.page = (uint16_t)port_free ();
    snprintf (t.config, sizeof t.config, "%s/gateway.conf", keys_dir);
    FILE *file = fopen (t.config, "w");
    fprintf (file,
             "listen = 127.0.0.1:%u\npage = 127.0.0.1:%u\nkeys = %s\nstore = %s/store\nrequest_time = "
             "2s\nsign_in_failures = 5\n"
             "scan_limit = 1MiB\nfile_limit = 16MiB\nuploads = 40MiB\nsearches = 50\nstreams_of_person = "
             "3\ncalls_of_person = 4\npeers = accounts=%s, intake=%s, journal=%s, "
             "validation=tcp://127.0.0.1:%d\n",
             t.port, t.page, keys_dir, keys_dir, bus_server_endpoint (t.accounts.server),
             bus_server_endpoint (t.intake.server), bus_server_endpoint (t.journal.server), port_free ());
    fclose (file);
    cert_of ("validation"); /* known, and not running */
    t.gateway = child_spawn ((const char *const[]){ "gateway", "--config", t.config, NULL });
    int64_t deadline = wait_deadline (PATIENCE_MS);
    while (!port_open (t.page) || page_status () != 200)
        if (!child_running (t.gateway) || !wait_pause (deadline))
            fail_msg ("the gateway did not become ready:\n%s", child_output (t.gateway));
    return 0;
}

static int
tear_down (void **state)
{
    child_signal (t.gateway, SIGTERM);
    int code = child_wait (t.gateway, 30000);
    if (code)
        print_error ("%s", child_output (t.gateway));
    child_end (&t.gateway);
    played_stop (&t.accounts);
    played_stop (&t.intake);
    played_stop (&t.journal);
    bus_peers_destroy (&t.peers);
    keys_dir_remove ();
    return code;
}

/* One request; headers: further lines, each with its end. */
static struct answer *
ask (const char *method, const char *path, const char *headers, const char *body)
{
    static char text[8192];
    snprintf (text, sizeof text,
              "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s%sContent-Length: %zu\r\n\r\n%s", method,
              path, t.token, headers, *body ? "Content-Type: application/json\r\n" : "", strlen (body), body);
    return client_ask (t.port, text);
}

#define KEY(key) "Idempotency-Key: " key "\r\n"
#define ZEROS    "0000000000000000000000000000000000000000000000000000000000000000"

static bool
head_says (const struct answer *answer, const char *line)
{
    return strcasestr (answer->head, line) != NULL;
}

static bool
body_says (const struct answer *answer, const char *text)
{
    return answer->body && strstr (answer->body, text);
}

/* The ETag of an answer, with its quotes, of that many bytes. */
enum { ETAG_SIZE = 2 + 2 + 32 };
static const char *
etag_of (const struct answer *answer)
{
    const char *at = strcasestr (answer->head, "\r\nETag: ");
    assert_non_null (at);
    return at + strlen ("\r\nETag: ");
}

/* ------------------------------------------------------------ commands and queries */

static void
a_command_reaches_its_owner (void **state)
{
    struct answer *answer =
        ask ("POST", "/v1/applications",
             KEY ("01927a3e-0000-7000-8000-000000000001") "traceparent: "
                                                          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n",
             "{\"track\":\"baru\",\"kk\":\"1272010101010001\",\"members\":[{\"nik\":"
             "\"1272010101010001\",\"name\":\"SITI\",\"sex\":\"female\"}]}");
    assert_int_equal (answer->status, 201);
    assert_true (head_says (answer, "\r\nETag: \"1\"\r\n"));
    assert_true (head_says (answer, "\r\nPadan-Position: intake:41\r\n"));
    assert_true (head_says (answer, "\r\nLocation: /v1/applications/01927a3e-0000-7"));
    assert_true (head_says (answer, "\r\nCache-Control: no-store\r\n"));
    assert_true (head_says (answer, "\r\nContent-Security-Policy: default-src 'none'"));
    assert_true (body_says (answer, "\"ticket\":\"ABC-123\""));
    const Padan__Envelope *envelope = t.intake.last;
    assert_true (t.intake.last_command);
    assert_string_equal (envelope->type, "padan.intake.v1.EnterApplication");
    assert_int_equal (envelope->tenant, TENANT);
    assert_string_equal (envelope->key, "01927a3e-0000-7000-8000-000000000001");
    assert_string_equal (envelope->traceparent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    assert_int_equal (envelope->subject.len, 16);
    assert_true (envelope->deadline > clock_now () - 2 * CLOCK_SECOND);
    assert_non_null (envelope->principal);
    Padan__Intake__V1__EnterApplication *data =
        padan__intake__v1__enter_application__unpack (NULL, envelope->data.len, envelope->data.data);
    assert_string_equal (data->members[0]->name, "SITI");
    padan__intake__v1__enter_application__free_unpacked (data, NULL);
}

static void
a_repeat_makes_the_same_thing (void **state)
{
    struct uuid first, second;
    ask ("POST", "/v1/applications", KEY ("abc"), "{\"kk\":\"1\"}");
    uuid_from (t.intake.last->subject, &first);
    ask ("POST", "/v1/applications", KEY ("abc"), "{\"kk\":\"1\"}");
    uuid_from (t.intake.last->subject, &second);
    assert_int_equal (uuid_compare (first, second), 0);
    ask ("POST", "/v1/applications", KEY ("abd"), "{\"kk\":\"1\"}");
    uuid_from (t.intake.last->subject, &second);
    assert_int_not_equal (uuid_compare (first, second), 0);
    char text[UUID_TEXT];
    ask ("POST", "/v1/applications", KEY ("abe") "Padan-Id: 0192aaaa-0000-7000-8000-00000000000f\r\n", "{}");
    uuid_from (t.intake.last->subject, &second);
    assert_string_equal (uuid_format (second, text), "0192aaaa-0000-7000-8000-00000000000f");
}

static void
a_change_needs_a_key_and_a_body (void **state)
{
    int before = atomic_load (&t.intake.asked);
    struct answer *answer = ask ("POST", "/v1/applications", "", "{}");
    assert_int_equal (answer->status, 400);
    assert_true (body_says (answer, "\"code\":\"gateway.key_missing\""));
    assert_true (head_says (answer, "application/problem+json"));
    assert_int_equal (ask ("POST", "/v1/applications", "Idempotency-Key: a b\r\n", "{}")->status, 400);
    assert_true (body_says (ask ("POST", "/v1/applications", KEY ("k"), ""), "gateway.body_missing"));
    answer = ask ("POST", "/v1/applications", KEY ("k"), "{\"members\":[{\"nik\":7,\"nama\":\"x\"}]}");
    assert_int_equal (answer->status, 400);
    assert_true (body_says (answer, "\"pointer\":\"/members/0/nik\""));
    assert_true (body_says (answer, "\"pointer\":\"/members/0/nama\""));
    assert_true (body_says (answer, "Mungkin maksudnya \\\"name\\\""));
    assert_true (body_says (answer, "\"code\":\"json.wrong_type\",\"detail\":\"Isian ini harus berupa teks"));
    answer =
        ask ("POST", "/v1/applications", KEY ("k"), "{\"members\":[{\"birth_date\":\"1-2-1990\"}],\"xyzzyxyzzy\":1}");
    assert_true (body_says (answer, "\"code\":\"json.bad_value\",\"detail\":\"Tanggal ini tidak sah"));
    assert_false (body_says (answer, "\\\"\\\"")); /* no near name to suggest */
    answer = ask ("POST", "/v1/people", KEY ("k") "Accept-Language: en\r\n", "{\"grants\":[{\"role\":\"lurah\"}]}");
    assert_true (body_says (answer, "must be one of: kelurahan, operator, "));
    assert_int_equal (atomic_load (&t.intake.asked), before);
}

static void
a_version_goes_both_ways (void **state)
{
    static const char path[] = "/v1/applications/0192aaaa-0000-7000-8000-00000000000f";
    struct answer *answer = ask ("GET", path, "", "");
    assert_int_equal (answer->status, 200);
    assert_true (head_says (answer, "\r\nETag: \"5-"));
    char match[128];
    snprintf (match, sizeof match, KEY ("p0") "If-Match: %.*s\r\n", ETAG_SIZE, etag_of (answer));
    assert_int_equal (ask ("PUT", path, match, "{\"kk\":\"1\"}")->status, 200);
    assert_int_equal (t.intake.last->version, 5);
    answer = ask ("PUT", path, KEY ("p1") "If-Match: \"5\"\r\n", "{\"kk\":\"1\"}");
    assert_int_equal (answer->status, 200);
    assert_int_equal (t.intake.last->version, 5);
    assert_true (head_says (answer, "\r\nETag: \"6\"\r\n"));
    assert_int_equal (ask ("PUT", path, KEY ("p2"), "{\"kk\":\"1\"}")->status, 428);
    assert_int_equal (ask ("PUT", path, KEY ("p3") "If-Match: 5\r\n", "{\"kk\":\"1\"}")->status, 400);
    assert_int_equal (
        ask ("POST", "/v1/applications/0192aaaa-0000-7000-8000-00000000000f/send", KEY ("p4"), "")->status, 200);
    assert_int_equal (t.intake.last->version, 0);
}

/* Verdicts, and what they ask for, change without a new version: who polls must see them. */
static void
not_modified_means_exactly_the_same (void **state)
{
    static const char path[] = "/v1/applications/0192aaaa-0000-7000-8000-00000000000f";
    char known[128];
    struct answer *answer = ask ("GET", path, "", "");
    snprintf (known, sizeof known, "If-None-Match: %.*s\r\n", ETAG_SIZE, etag_of (answer));
    answer = ask ("GET", path, known, "");
    assert_int_equal (answer->status, 304);
    assert_int_equal (answer->body_size, 0);
    assert_true (head_says (answer, "\r\nETag: \"5-"));
    assert_int_equal (ask ("GET", path, "If-None-Match: \"5\"\r\n", "")->status, 200);
    atomic_store (&t.complete, true);
    answer = ask ("GET", path, known, "");
    assert_int_equal (answer->status, 200);
    assert_false (body_says (answer, "surat_miskin"));
    atomic_store (&t.complete, false);
    assert_int_equal (ask ("GET", path, known, "")->status, 304);
}

static void
a_refusal_is_told_in_words (void **state)
{
    struct answer *answer = ask ("POST", "/v1/applications", KEY ("refuse"), "{\"kk\":\"1\"}");
    assert_int_equal (answer->status, 422);
    assert_true (body_says (answer, "\"code\":\"common.required\""));
    assert_true (body_says (answer, "\"pointer\":\"/members/0/nik\""));
    assert_true (body_says (answer, "wajib diisi"));
    answer = ask ("POST", "/v1/applications", KEY ("refuse") "Accept-Language: en\r\n", "{\"kk\":\"1\"}");
    assert_true (body_says (answer, "must be filled in"));
}

static void
silence_is_told_apart_from_absence (void **state)
{
    struct answer *answer = ask ("POST", "/v1/applications", KEY ("silence"), "{\"kk\":\"1\"}");
    assert_int_equal (answer->status, 504);
    assert_true (body_says (answer, "gateway.outcome_unknown"));
    answer = ask ("GET", "/v1/registries", "", ""); /* validation is not running */
    assert_int_equal (answer->status, 503);
    assert_true (head_says (answer, "\r\nRetry-After: "));
    assert_true (body_says (answer, "gateway.service_away"));
    assert_int_equal (ask ("GET", "/v1/inbox", "", "")->status, 503); /* approval is not even listed */
    /* intake says no, validation cannot be asked: "not found" would be a guess */
    assert_int_equal (ask ("GET", "/v1/imports/0192aaaa-0000-7000-8000-00000000000f", "", "")->status, 503);
}

static void
parameters_become_fields (void **state)
{
    struct answer *answer =
        ask ("GET", "/v1/applications?state=entered&limit=20&cursor=abc", "Padan-After: intake:41\r\n", "");
    assert_int_equal (answer->status, 200);
    assert_int_equal (t.intake.last->after->position, 41);
    Padan__Intake__V1__ListApplications *list =
        padan__intake__v1__list_applications__unpack (NULL, t.intake.last->data.len, t.intake.last->data.data);
    assert_string_equal (list->state, "entered");
    assert_string_equal (list->cursor, "abc");
    assert_int_equal (list->limit, 20);
    padan__intake__v1__list_applications__free_unpacked (list, NULL);
    assert_int_equal (ask ("GET", "/v1/applications?limit=x", "", "")->status, 400);
    assert_int_equal (ask ("GET", "/v1/applications?limit=-1", "", "")->status, 400);
    assert_int_equal (ask ("GET", "/v1/applications?nik=1272010101010001", "", "")->status, 400);
    assert_int_equal (ask ("GET", "/v1/applications", "Padan-After: nonsense\r\n", "")->status, 400);
    assert_int_equal (ask ("GET", "/v1/applications/7", "", "")->status, 404);
}

/* ------------------------------------------------------------ who is let in */

static void
nobody_is_let_in_without_a_token (void **state)
{
    struct answer *answer = client_ask (t.port, "GET /v1/applications HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal (answer->status, 401);
    assert_true (head_says (answer, "\r\nWWW-Authenticate: Bearer\r\n"));
    answer = client_ask (t.port, "GET /v1/applications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sesi_x\r\n\r\n");
    assert_int_equal (answer->status, 401);
    assert_true (body_says (answer, "gateway.token_malformed"));
    uint8_t secret[TOKEN_SECRET] = { 9 };
    char stranger[TOKEN_TEXT], text[256];
    snprintf (text, sizeof text, "GET /v1/applications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n",
              token_write (TOKEN_KEY, secret, stranger));
    assert_int_equal (client_ask (t.port, text)->status, 401);
    assert_int_equal (client_ask (t.port, "GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n")->status, 200);
}

static void
a_token_is_asked_for_once (void **state)
{
    ask ("GET", "/v1/applications", "", "");
    int before = atomic_load (&t.accounts.asked);
    for (int i = 0; i < 5; i++)
        assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
    assert_int_equal (atomic_load (&t.accounts.asked), before);
}

static void
revoked_within_a_second (const ProtobufCMessage *event, struct uuid subject)
{
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
    atomic_store (&t.gone, true);
    int64_t start = clock_monotonic ();
    played_event (&t.accounts, event, subject);
    while (ask ("GET", "/v1/applications", "", "")->status == 200)
        assert_true (clock_monotonic () - start < CLOCK_SECOND);
    atomic_store (&t.gone, false);
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
}

static void
what_accounts_revokes_is_gone (void **state)
{
    Padan__Accounts__V1__SessionEnded ended = PADAN__ACCOUNTS__V1__SESSION_ENDED__INIT;
    Padan__Accounts__V1__PersonDisabled disabled = PADAN__ACCOUNTS__V1__PERSON_DISABLED__INIT;
    Padan__Accounts__V1__GrantsChanged changed = PADAN__ACCOUNTS__V1__GRANTS_CHANGED__INIT;
    ended.person_id = uuid_field (&t.person);
    ended.session_id = uuid_field (&t.session);
    revoked_within_a_second (&ended.base, t.person);
    ended.session_id.len = 0; /* all of the person's */
    revoked_within_a_second (&ended.base, t.person);
    revoked_within_a_second (&disabled.base, t.person);
    revoked_within_a_second (&changed.base, t.person);
    /* another session of the same person ends: ours lives on without a question */
    struct uuid other = uuid_new (clock_now ());
    int before = atomic_load (&t.accounts.asked);
    ended.session_id = uuid_field (&other);
    played_event (&t.accounts, &ended.base, t.person);
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
    assert_int_equal (atomic_load (&t.accounts.asked), before);
}

/* While the log is not to be trusted every request asks anew, and readiness says so. */
static void
a_log_that_jumps_back_empties_the_memory (void **state)
{
    pthread_mutex_lock (&t.accounts.lock);
    t.accounts.rewound = true;
    pthread_mutex_unlock (&t.accounts.lock);
    WAIT_UNTIL (page_status () == 503, PATIENCE_MS);
    int before = atomic_load (&t.accounts.asked);
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
    assert_int_equal (atomic_load (&t.accounts.asked), before + 2);
    pthread_mutex_lock (&t.accounts.lock);
    t.accounts.rewound = false;
    pthread_mutex_unlock (&t.accounts.lock);
    WAIT_UNTIL (page_status () == 200, PATIENCE_MS);
}

static void
forget (void)
{
    Padan__Accounts__V1__GrantsChanged changed = PADAN__ACCOUNTS__V1__GRANTS_CHANGED__INIT;
    int before = atomic_load (&t.accounts.asked);
    played_event (&t.accounts, &changed.base, t.person);
    int64_t deadline = wait_deadline (PATIENCE_MS);
    while (atomic_load (&t.accounts.asked) == before && wait_pause (deadline))
        ask ("GET", "/v1/applications", "", "");
}

static void
the_tenant_is_chosen (void **state)
{
    assert_int_equal (ask ("GET", "/v1/applications", "Padan-Tenant: 1272\r\n", "")->status, 200);
    assert_int_equal (ask ("GET", "/v1/applications", "Padan-Tenant: 1273\r\n", "")->status, 404);
    assert_int_equal (ask ("GET", "/v1/applications?tenant=1273", "", "")->status, 404);
    atomic_store (&t.tenants, 2);
    forget ();
    struct answer *answer = ask ("GET", "/v1/applications", "", "");
    assert_int_equal (answer->status, 400);
    assert_true (body_says (answer, "gateway.tenant_needed"));
    assert_int_equal (ask ("GET", "/v1/applications", "Padan-Tenant: 1273\r\n", "")->status, 200);
    assert_int_equal (t.intake.last->tenant, TENANT + 1);
    atomic_store (&t.home, TENANT + 1); /* where one belongs need not be named */
    forget ();
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
    assert_int_equal (t.intake.last->tenant, TENANT + 1);
    atomic_store (&t.home, 0);
    atomic_store (&t.tenants, 0);
    forget ();
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 403);
    assert_int_equal (ask ("GET", "/v1/session", "", "")->status, 200);
    atomic_store (&t.tenants, 1);
    forget ();
}

static void
signing_in_gives_a_token_or_a_cookie (void **state)
{
    uint8_t kept[TOKEN_HASH];
    memcpy (kept, t.hash, sizeof kept);
    struct answer *answer = ask ("POST", "/v1/session", "", "{\"login\":\"siti\",\"password\":\"salah\"}");
    assert_int_equal (answer->status, 401);
    assert_true (body_says (answer, "accounts.credentials"));
    answer = ask ("POST", "/v1/session", "", "{\"login\":\"siti\",\"password\":\"terlalu sering\"}");
    assert_int_equal (answer->status, 429);
    assert_true (head_says (answer, "\r\nRetry-After: 240\r\n"));
    answer = ask ("POST", "/v1/session", "", "{\"login\":\"siti\",\"password\":\"benar\"}");
    assert_int_equal (answer->status, 201);
    assert_null (t.accounts.last->principal);
    const char *token = strstr (answer->body, "\"token\":\"sesi_");
    assert_non_null (token);
    char text[512], given[TOKEN_TEXT];
    snprintf (given, sizeof given, "%.*s", (int)strcspn (token + 9, "\""), token + 9);
    snprintf (text, sizeof text, "GET /v1/session HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", given);
    assert_int_equal (client_ask (t.port, text)->status, 200);

    static const char in[] = "{\"login\":\"siti\",\"password\":\"benar\",\"cookie\":true}";
    assert_int_equal (ask ("POST", "/v1/session", "", in)->status, 403); /* says no page of ours */
    answer = ask ("POST", "/v1/session", "Sec-Fetch-Site: same-origin\r\n", in);
    assert_int_equal (answer->status, 201);
    assert_true (head_says (answer, "; Path=/; Secure; HttpOnly; SameSite=Strict"));
    assert_false (body_says (answer, "sesi_"));
    char *cookie = strcasestr (answer->head, "Set-Cookie: ") + 12;
    char line[256];
    snprintf (line, sizeof line, "%.*s", (int)strcspn (cookie, ";"), cookie);
    snprintf (text, sizeof text, "GET /v1/session HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n", line);
    assert_int_equal (client_ask (t.port, text)->status, 200);
    /* another site's form bears the cookie and does nothing */
    static const char *const sites[] = { "Sec-Fetch-Site: cross-site\r\n", "Origin: https://evil.example\r\n", "" };
    for (size_t i = 0; i < 3; i++) {
        snprintf (
            text, sizeof text,
            "POST /v1/applications/0192aaaa-0000-7000-8000-00000000000f/send HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n"
            "%sIdempotency-Key: c\r\nContent-Length: 0\r\n\r\n",
            line, sites[i]);
        answer = client_ask (t.port, text);
        assert_int_equal (answer->status, 403);
        assert_true (body_says (answer, "gateway.cross_site"));
    }
    snprintf (text, sizeof text,
              "POST /v1/applications/0192aaaa-0000-7000-8000-00000000000f/send HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n"
              "Origin: http://x\r\nIdempotency-Key: c\r\nContent-Length: 0\r\n\r\n",
              line);
    assert_int_equal (client_ask (t.port, text)->status, 200);
    memcpy (t.hash, kept, sizeof kept);
}

static void
guessing_from_one_address_has_to_wait (void **state)
{
    static const char wrong[] = "{\"login\":\"siti\",\"password\":\"salah\"}";
    struct answer *answer;
    int tries = 0;
    do {
        answer = ask ("POST", "/v1/session", "", wrong);
        assert_true (answer->status == 401 || answer->status == 429);
        assert_true (++tries <= 6);
    } while (answer->status == 401);
    assert_true (body_says (answer, "gateway.too_many_sign_ins"));
    assert_true (head_says (answer, "\r\nRetry-After: "));
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
}

/* ------------------------------------------------------------ files */

static struct answer *
put (const char *token, const void *data, size_t size)
{
    char head[512];
    int fd = client_open (t.port);
    snprintf (head, sizeof head,
              "POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %zu\r\n\r\n", token,
              size);
    client_say (fd, head);
    client_send (fd, data, size);
    struct answer *answer = client_read (fd, PATIENCE_MS);
    close (fd);
    return answer;
}

static void
a_file_is_stored_by_its_content (void **state)
{
    static uint8_t data[600 * 1024];
    uint8_t digest[32];
    char hex[65];
    randombytes_buf (data, sizeof data);
    memcpy (data, "%PDF-1.7\n", 9);
    crypto_hash_sha256 (digest, data, sizeof data);
    sodium_bin2hex (hex, sizeof hex, digest, sizeof digest);
    struct answer *answer = put (t.token, data, sizeof data);
    assert_int_equal (answer->status, 201);
    assert_true (body_says (answer, hex));
    assert_true (body_says (answer, "\"size\":614400"));
    assert_true (body_says (answer, "\"media_type\":\"application/pdf\""));
    char path[256];
    snprintf (path, sizeof path, "%s/store/%.2s/%.2s/%s", keys_dir, hex, hex + 2, hex);
    assert_int_equal (access (path, R_OK), 0);
    /* an import names it */
    char body[256];
    snprintf (body, sizeof body,
              "{\"kind\":\"proposals\",\"period\":\"2026-11\",\"source\":\"x\",\"file_sha256\":\"%s\"}", hex);
    answer = ask ("POST", "/v1/imports", KEY ("i1"), body);
    assert_int_equal (answer->status, 201);
    assert_true (head_says (answer, "\r\nLocation: /v1/imports/"));
    Padan__Intake__V1__StartImport *start =
        padan__intake__v1__start_import__unpack (NULL, t.intake.last->data.len, t.intake.last->data.data);
    assert_int_equal (start->size, sizeof data);
    padan__intake__v1__start_import__free_unpacked (start, NULL);
    hex[0] = hex[0] == 'a' ? 'b' : 'a';
    snprintf (body, sizeof body, "{\"kind\":\"poverty\",\"period\":\"2026-11\",\"file_sha256\":\"%s\"}", hex);
    answer = ask ("POST", "/v1/imports", KEY ("i2"), body);
    assert_int_equal (answer->status, 422);
    assert_true (body_says (answer, "gateway.file_unknown"));
    assert_true (body_says (ask ("POST", "/v1/imports", KEY ("i3"), "{\"kind\":\"x\"}"), "gateway.import_kind"));
}

static void
an_import_names_what_its_kind_needs (void **state)
{
    static const struct {
        const char *said, *missing;
    } cases[] = {
        { "\"kind\":\"proposals\",\"period\":\"2026-11\",\"source\":\"x\"", "\"/file_sha256\"" },
        { "\"kind\":\"proposals\",\"source\":\"x\",\"file_sha256\":\"" ZEROS "\"", "\"/period\"" },
        { "\"kind\":\"proposals\",\"period\":\"2026-11\",\"file_sha256\":\"" ZEROS "\"", "\"/source\"" },
        { "\"kind\":\"poverty\",\"file_sha256\":\"" ZEROS "\"", "\"/period\"" },
        { "\"kind\":\"membership\",\"file_sha256\":\"" ZEROS "\"", "\"/period\"" },
        { "\"kind\":\"replies\",\"file_sha256\":\"" ZEROS "\"", "\"/batch_id\"" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char body[256], head[64];
        snprintf (body, sizeof body, "{%s}", cases[i].said);
        snprintf (head, sizeof head, "Idempotency-Key: need-%zu\r\n", i);
        struct answer *answer = ask ("POST", "/v1/imports", head, body);
        assert_int_equal (answer->status, 422);
        assert_true (body_says (answer, "gateway.import_incomplete"));
        if (!body_says (answer, cases[i].missing))
            fail_msg ("%s: %s is not named", cases[i].said, cases[i].missing);
    }
}

/* What shows whole NIK and KK is noted with who saw it, once it is really served. */
static void
a_served_scan_is_logged (void **state)
{
    static const char scan[] = "%PDF-1.7\n% KK\n";
    char hex[65], id[UUID_TEXT], path[256], person[UUID_TEXT];
    crypto_hash_sha256 (t.paper, (const uint8_t *)scan, sizeof scan - 1);
    sodium_bin2hex (hex, sizeof hex, t.paper, sizeof t.paper);
    snprintf (path, sizeof path, "/v1/applications/%s/papers/%s", uuid_format (uuid_new (clock_now ()), id), hex);
    assert_int_equal (ask ("GET", path, "", "")->status, 500); /* not in the store */
    assert_null (strstr (child_output (t.gateway), "nik.shown"));
    assert_int_equal (put (t.token, scan, sizeof scan - 1)->status, 201);
    assert_int_equal (ask ("GET", path, "", "")->status, 200);
    const char *line = strstr (child_output (t.gateway), "nik.shown");
    assert_non_null (line);
    assert_non_null (strstr (line, uuid_format (t.person, person)));
    assert_non_null (strstr (line, id));
}

/* The reason is told, however much of the file was still to come. */
static void
a_file_nobody_may_send_is_refused (void **state)
{
    static uint8_t data[12 * 1024 * 1024];
    uint8_t secret[TOKEN_SECRET] = { 4 };
    char stranger[TOKEN_TEXT];
    memset (data, 'a', sizeof data);
    assert_int_equal (put (t.token, "MZ\x90\0\3\0\0\0", 8)->status, 415);
    assert_int_equal (put (t.token, "", 0)->status, 422);
    assert_int_equal (put (token_write (TOKEN_KEY, secret, stranger), "nik\n1\n", 6)->status, 401);
    assert_int_equal (put (stranger, data, sizeof data)->status, 401);
    assert_int_equal (put (t.token, "nik\n1\n", 6)->status, 201);
    memcpy (data, "%PDF-", 5); /* larger than a scan may be, not than an import */
    assert_int_equal (put (t.token, data, sizeof data)->status, 413);
    memset (data, 'a', 5);
    assert_int_equal (put (t.token, data, sizeof data)->status, 201);
}

static size_t
files_begun (void)
{
    char path[256];
    snprintf (path, sizeof path, "%s/store/tmp", keys_dir);
    DIR *dir = opendir (path);
    assert_non_null (dir);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir (dir));)
        count += entry->d_name[0] != '.';
    closedir (dir);
    return count;
}

/* What has a handler of its own here is held to the table's roles too. */
static void
a_role_without_the_route_is_refused (void **state)
{
    static uint8_t data[1000];
    memset (data, 'a', sizeof data);
    atomic_store (&t.role, PADAN__ROLE__ROLE_KELURAHAN);
    forget ();
    assert_int_equal (ask ("POST", "/v1/keys", KEY ("r1"), "{\"tak\":1}")->status, 403);
    assert_int_equal (ask ("POST", "/v1/imports", KEY ("r2"), "{\"kind\":\"x\"}")->status, 403);
    assert_int_equal (ask ("GET", "/v1/events", "Accept: text/event-stream\r\n", "")->status, 403);
    atomic_store (&t.role, PADAN__ROLE__ROLE_AUDITOR);
    forget ();
    assert_int_equal (ask ("GET", "/v1/events", "", "")->status, 200);
    struct answer *answer = put (t.token, data, sizeof data);
    assert_int_equal (answer->status, 403);
    assert_true (body_says (answer, "common.forbidden"));
    assert_int_equal (files_begun (), 0);
    atomic_store (&t.role, PADAN__ROLE__ROLE_OPERATOR);
    forget ();
    assert_int_equal (put (t.token, data, sizeof data)->status, 201);
}

/* A token that nobody was given has the right shape: it must cost no file, however many send one. */
static void
nothing_is_opened_for_who_is_not_known (void **state)
{
    uint8_t secret[TOKEN_SECRET] = { 5 };
    char stranger[TOKEN_TEXT], head[512];
    int before = atomic_load (&t.accounts.asked);
    atomic_store (&t.mute, true);
    int fd = client_open (t.port);
    snprintf (head, sizeof head,
              "POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 1000\r\n\r\nnik\n",
              token_write (TOKEN_KEY, secret, stranger));
    client_say (fd, head);
    WAIT_UNTIL (atomic_load (&t.accounts.asked) > before, PATIENCE_MS);
    assert_int_equal (files_begun (), 0);
    close (fd);
    atomic_store (&t.mute, false);
}

/* ------------------------------------------------------------ events */

static void
events_are_a_page_or_a_stream (void **state)
{
    struct answer *answer = ask ("GET", "/v1/events?after=1&limit=10", "", "");
    assert_int_equal (answer->status, 200);
    assert_true (body_says (answer, "\"number\":2"));
    assert_true (body_says (answer, "\"at\":\"2026-11-22T01:02:03.000004Z\""));
    assert_false (body_says (answer, "\"number\":1,"));

    char text[512];
    int fd = client_open (t.port);
    snprintf (text, sizeof text,
              "GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nAccept: text/event-stream\r\n"
              "Last-Event-ID: 1\r\n\r\n",
              t.token);
    client_say (fd, text);
    answer = client_read (fd, PATIENCE_MS);
    assert_int_equal (answer->status, 200);
    assert_true (head_says (answer, "text/event-stream"));
    while (!strstr (answer->text, "id: 3\n"))
        assert_true (client_more (fd, answer, PATIENCE_MS));
    assert_null (strstr (answer->text, "id: 1\n"));
    assert_non_null (strstr (answer->text, "id: 2\n"));
    close (fd);
}

static int
events_begin (const char *accept)
{
    char text[512];
    int fd = client_open (t.port);
    snprintf (
        text, sizeof text,
        "GET /v1/events?after=3&wait_ms=9000 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nAccept: %s\r\n\r\n",
        t.token, accept);
    client_say (fd, text);
    return fd;
}

/* Who loses the right is cut off though the journal has just been asked, and a page that was waited for is not shown.
 */
static void
who_loses_the_right_hears_nothing_more (void **state)
{
    Padan__Accounts__V1__PersonDisabled disabled = PADAN__ACCOUNTS__V1__PERSON_DISABLED__INIT;
    int before = atomic_load (&t.journal.asked);
    atomic_store (&t.hold, true);
    int page = events_begin ("application/json");
    WAIT_UNTIL (atomic_load (&t.journal.asked) > before, PATIENCE_MS);
    int stream = events_begin ("text/event-stream");
    struct answer *answer = client_read (stream, PATIENCE_MS);
    assert_int_equal (answer->status, 200);
    atomic_store (&t.gone, true);
    played_event (&t.accounts, &disabled.base, t.person);
    while (client_more (stream, answer, PATIENCE_MS))
        ;
    assert_true (answer->closed);
    close (stream);
    atomic_store (&t.hold, false);
    answer = client_read (page, PATIENCE_MS);
    assert_int_equal (answer->status, 401);
    assert_false (body_says (answer, "\"number\""));
    close (page);
    atomic_store (&t.gone, false);
}

/* An open stream asks accounts ever again who its reader is: that must not keep an idle session alive. */
static void
listening_is_no_use_of_a_session (void **state)
{
    atomic_store (&t.lifetime, 20); /* renewed with every question */
    forget ();
    int used = atomic_load (&t.used), heard = atomic_load (&t.heard);
    int stream = events_begin ("text/event-stream");
    assert_int_equal (client_read (stream, PATIENCE_MS)->status, 200);
    WAIT_UNTIL (atomic_load (&t.heard) > heard, PATIENCE_MS);
    assert_true (atomic_load (&t.used) <= used + 1); /* opening it is one */
    /* what the stream has just renewed is used all the same */
    atomic_store (&t.lifetime, 60);
    heard = atomic_load (&t.heard);
    WAIT_UNTIL (atomic_load (&t.heard) > heard, PATIENCE_MS);
    used = atomic_load (&t.used);
    WAIT_UNTIL (ask ("GET", "/v1/session", "", "")->status == 200 && atomic_load (&t.used) > used, PATIENCE_MS);
    close (stream);
}

/* ------------------------------------------------------------ how much one person may have */

static bool
stream_begin (int *ret_fd)
{
    *ret_fd = events_begin ("text/event-stream");
    if (client_read (*ret_fd, PATIENCE_MS)->status == 200)
        return true;
    close (*ret_fd);
    return false;
}

static void
readers_are_shared (void **state)
{
    int streams[3];
    for (size_t i = 0; i < 3; i++)
        WAIT_UNTIL (stream_begin (&streams[i]), PATIENCE_MS); /* those of other tests have yet to be missed */
    struct answer *answer = ask ("GET", "/v1/events?after=3", "Accept: text/event-stream\r\n", "");
    assert_int_equal (answer->status, 429);
    assert_true (body_says (answer, "gateway.readers_many"));
    assert_true (head_says (answer, "\r\nRetry-After: "));
    assert_int_equal (ask ("GET", "/v1/events?after=0&wait_ms=1000", "", "")->status,
                      429); /* it waits as a stream does */
    assert_int_equal (ask ("GET", "/v1/events?after=0", "", "")->status, 200);
    for (size_t i = 0; i < 3; i++)
        close (streams[i]);
    WAIT_UNTIL (ask ("GET", "/v1/events?after=0&wait_ms=1000", "", "")->status == 200, PATIENCE_MS);
}

/* A page waits as long as it was asked to and a little more, not the route's whole minute. */
static void
a_silent_journal_is_told (void **state)
{
    atomic_store (&t.hold, true);
    int status = ask ("GET", "/v1/events?after=0&wait_ms=100", "", "")->status;
    atomic_store (&t.hold, false);
    assert_int_equal (status, 504);
    WAIT_UNTIL (ask ("GET", "/v1/events?after=0", "", "")->status == 200, PATIENCE_MS);
}

static void
open_questions_are_shared (void **state)
{
    char text[512];
    int silent[4], before = atomic_load (&t.intake.asked);
    snprintf (text, sizeof text,
              "POST /v1/applications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n" KEY (
                  "silence") "Content-Type: "
                             "application/json\r\nContent-Length: 2\r\n\r\n{}",
              t.token);
    for (size_t i = 0; i < 4; i++) {
        silent[i] = client_open (t.port);
        client_say (silent[i], text);
    }
    WAIT_UNTIL (atomic_load (&t.intake.asked) == before + 4, PATIENCE_MS);
    struct answer *answer = ask ("GET", "/v1/applications", "", "");
    assert_int_equal (answer->status, 429);
    assert_true (body_says (answer, "gateway.too_many_open"));
    assert_int_equal (ask ("GET", "/v1/session", "", "")->status, 200); /* asks nobody */
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal (client_read (silent[i], PATIENCE_MS)->status, 504);
        close (silent[i]);
    }
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
}

static void
numbers_are_not_looked_up_without_end (void **state)
{
    struct answer *answer;
    int searches = 0;
    do {
        answer = ask ("POST", "/v1/search", "", "{\"text\":\"1272010101010001\"}");
        assert_true (answer->status == 200 || answer->status == 429);
        assert_true (++searches <= 7); /* a tenth of an hour's, and one */
    } while (answer->status == 200);
    assert_true (searches > 3);
    assert_true (body_says (answer, "gateway.too_many_searches"));
    assert_true (head_says (answer, "\r\nRetry-After: "));
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
}

static void
the_disk_is_not_filled_by_one (void **state)
{
    static uint8_t data[12 * 1024 * 1024];
    struct answer *answer;
    memset (data, 'b', sizeof data);
    int files = 0;
    do {
        answer = put (t.token, data, sizeof data);
        assert_true (answer->status == 201 || answer->status == 429);
        assert_true (++files <= 4);
    } while (answer->status == 201);
    assert_true (body_says (answer, "gateway.too_much_uploaded"));
    assert_true (head_says (answer, "\r\nRetry-After: "));
}

/* ------------------------------------------------------------ what is left behind */

static void
the_log_holds_no_personal_data (void **state)
{
    ask ("POST", "/v1/search", "", "{\"text\":\"1272010101010001\"}");
    ask ("GET", "/v1/applications/1272010101010001", "", "");
    assert_true (child_said (t.gateway, "\"route\":\"POST /v1/applications\""));
    assert_false (child_said (t.gateway, "1272010101010001"));
    assert_false (child_said (t.gateway, "SITI"));
    assert_false (child_said (t.gateway, "sesi_"));
    struct answer *answer = client_ask (t.page, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_true (body_says (answer, "padan_http_requests_total{route=\"POST /v1/applications\"}"));
    assert_true (body_says (answer, "padan_refusals_total{code=\"gateway.key_missing\"} 1\n"));
    assert_true (body_says (answer, "padan_refusals_total{code=\"common.required\"} 2\n")); /* a service's own */
    assert_true (body_says (answer, "padan_queue_depth{queue=\"uploads\"} 0\n"));
    assert_true (body_says (answer, "padan_queue_depth{queue=\"calls\"} "));
    assert_true (body_says (answer, "padan_calls_total{how=\"expired\"} "));
    assert_false (body_says (answer, "padan_calls_total{how=\"answered\"} 0\n"));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_command_reaches_its_owner),
        cmocka_unit_test (a_repeat_makes_the_same_thing),
        cmocka_unit_test (a_change_needs_a_key_and_a_body),
        cmocka_unit_test (a_version_goes_both_ways),
        cmocka_unit_test (not_modified_means_exactly_the_same),
        cmocka_unit_test (a_refusal_is_told_in_words),
        cmocka_unit_test (silence_is_told_apart_from_absence),
        cmocka_unit_test (parameters_become_fields),
        cmocka_unit_test (nobody_is_let_in_without_a_token),
        cmocka_unit_test (a_token_is_asked_for_once),
        cmocka_unit_test (what_accounts_revokes_is_gone),
        cmocka_unit_test (a_log_that_jumps_back_empties_the_memory),
        cmocka_unit_test (the_tenant_is_chosen),
        cmocka_unit_test (signing_in_gives_a_token_or_a_cookie),
        cmocka_unit_test (guessing_from_one_address_has_to_wait),
        cmocka_unit_test (a_file_is_stored_by_its_content),
        cmocka_unit_test (a_served_scan_is_logged),
        cmocka_unit_test (an_import_names_what_its_kind_needs),
        cmocka_unit_test (a_file_nobody_may_send_is_refused),
        cmocka_unit_test (nothing_is_opened_for_who_is_not_known),
        cmocka_unit_test (a_role_without_the_route_is_refused),
        cmocka_unit_test (events_are_a_page_or_a_stream),
        cmocka_unit_test (who_loses_the_right_hears_nothing_more),
        cmocka_unit_test (listening_is_no_use_of_a_session),
        cmocka_unit_test (readers_are_shared),
        cmocka_unit_test (a_silent_journal_is_told),
        cmocka_unit_test (open_questions_are_shared),
        cmocka_unit_test (numbers_are_not_looked_up_without_end),
        cmocka_unit_test (the_disk_is_not_filled_by_one),
        cmocka_unit_test (the_log_holds_no_personal_data),
    };
    return cmocka_run_group_tests (tests, set_up, tear_down);
}
