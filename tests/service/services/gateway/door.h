/* The real gateway between a client that speaks HTTP byte by byte and services that the test plays. */
#pragma once

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

static inline bool
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

static inline bool
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

static inline bool
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
static inline bool
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

static inline uint16_t
page_status (void)
{
    return (uint16_t)client_ask (t.page, "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")->status;
}

static inline bool
port_open (uint16_t port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool open = connect (fd, (struct sockaddr *)&address, sizeof address) == 0;
    close (fd);
    return open;
}

static inline int
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

static inline int
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
static inline struct answer *
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

static inline bool
head_says (const struct answer *answer, const char *line)
{
    return strcasestr (answer->head, line) != NULL;
}

static inline bool
body_says (const struct answer *answer, const char *text)
{
    return answer->body && strstr (answer->body, text);
}

/* The ETag of an answer, with its quotes, of that many bytes. */
enum { ETAG_SIZE = 2 + 2 + 32 };
static inline const char *
etag_of (const struct answer *answer)
{
    const char *at = strcasestr (answer->head, "\r\nETag: ");
    assert_non_null (at);
    return at + strlen ("\r\nETag: ");
}

/* ------------------------------------------------------------ commands and queries */

static inline void
forget (void)
{
    Padan__Accounts__V1__GrantsChanged changed = PADAN__ACCOUNTS__V1__GRANTS_CHANGED__INIT;
    int before = atomic_load (&t.accounts.asked);
    played_event (&t.accounts, &changed.base, t.person);
    int64_t deadline = wait_deadline (PATIENCE_MS);
    while (atomic_load (&t.accounts.asked) == before && wait_pause (deadline))
        ask ("GET", "/v1/applications", "", "");
}

static inline struct answer *
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

static inline size_t
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
