#include "tests/support/fleet.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "common/base/clock.h"
#include "tests/service/http/client.h"
#include "tests/support/test.h"

enum { SERVICES_MAX = 10, INSTANCES_MAX = 4, LINES_MAX = 2048, START_MS = 60000 /* a loaded machine */ };

struct member {
    char name[32], program[64], lines[LINES_MAX];
    bool played; /* by the test */
    int ports[INSTANCES_MAX], pages[INSTANCES_MAX];
    struct child *children[INSTANCES_MAX];
};

struct fleet {
    char dir[128], keys[160], client[32];
    struct scratch *scratch;
    struct member members[SERVICES_MAX];
    size_t n;
    struct sign_secret secret;
    struct bus_peers *peers;
    struct bus_caller *caller;
};

static struct member *
member_of (struct fleet *fleet, const char *service)
{
    for (size_t i = 0; i < fleet->n; i++)
        if (strcmp (fleet->members[i].name, service) == 0)
            return &fleet->members[i];
    fail_msg ("no service %s in this fleet", service);
    return NULL;
}

static void
keys_make (struct fleet *fleet)
{
    struct err err;
    snprintf (fleet->keys, sizeof fleet->keys, "%s/keys", fleet->dir);
    mkdir (fleet->keys, 0700);
    for (size_t i = 0; i < fleet->n; i++)
        assert_int_equal (keys_generate (fleet->keys, fleet->members[i].name, &err), RC_OK);
    assert_int_equal (keys_generate (fleet->keys, fleet->client, &err), RC_OK);
    assert_int_equal (keys_sign_generate (fleet->keys, "accounts", &err), RC_OK);
    assert_int_equal (keys_sign_generate (fleet->keys, "journal", &err), RC_OK);
    assert_int_equal (keys_sign_load (fleet->keys, "accounts", &fleet->secret, &err), RC_OK);
}

/* "a=tcp://127.0.0.1:1|tcp://127.0.0.1:2, b=…" */
static void
peers_line (const struct fleet *fleet, char *out, size_t size)
{
    size_t used = (size_t)snprintf (out, size, "peers = ");
    for (size_t i = 0; i < fleet->n; i++) {
        used += (size_t)snprintf (out + used, size - used, "%s%s=", i ? ", " : "", fleet->members[i].name);
        for (int k = 0; k < INSTANCES_MAX; k++)
            used += (size_t)snprintf (out + used, size - used, "%stcp://127.0.0.1:%d", k ? "|" : "",
                                      fleet->members[i].ports[k]);
    }
    assert_true (used < size);
}

static void
config_write (struct fleet *fleet, struct member *member, int instance, char *path, size_t size)
{
    char peers[2048];
    peers_line (fleet, peers, sizeof peers);
    snprintf (path, size, "%s/%s-%d.conf", fleet->dir, member->name, instance);
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    fprintf (file,
             "instance = %d\nlisten = tcp://127.0.0.1:%d\npage = 127.0.0.1:%d\nkeys = %s\n"
             "database = %s\ndatabase_reader = %s\ndatabase_owner = %s\n%s\n%s",
             instance, member->ports[instance], member->pages[instance], fleet->keys,
             scratch_login (fleet->scratch, member->name), scratch_reader (fleet->scratch, member->name),
             scratch_owner (fleet->scratch, member->name), peers, member->lines);
    fclose (file);
    chmod (path, 0600);
}

static void
migrate (struct fleet *fleet, struct member *member)
{
    char path[256];
    config_write (fleet, member, 0, path, sizeof path);
    child_run ((const char *const[]){ member->program, "--config", path, "--migrate", NULL }, 60000);
}

static void
caller_open (struct fleet *fleet)
{
    static char endpoints[SERVICES_MAX][INSTANCES_MAX * 32];
    struct bus_route routes[SERVICES_MAX];
    struct bus_cert cert;
    struct err err;
    for (size_t i = 0; i < fleet->n; i++) {
        size_t used = 0;
        for (int k = 0; k < INSTANCES_MAX; k++)
            used += (size_t)snprintf (endpoints[i] + used, sizeof endpoints[i] - used, "%stcp://127.0.0.1:%d",
                                      k ? "," : "", fleet->members[i].ports[k]);
        routes[i] = (struct bus_route){ fleet->members[i].name, endpoints[i] };
    }
    assert_int_equal (keys_load (fleet->keys, fleet->client, &cert, &err), RC_OK);
    fleet->peers = bus_peers_new (fleet->keys, &err);
    assert_non_null (fleet->peers);
    fleet->caller = bus_caller_new (&cert, fleet->peers, routes, (unsigned)fleet->n, &err);
    assert_non_null (fleet->caller);
}

struct fleet *
fleet_new (const char *admin, const char *const services[], const char *program_prefix, const char *client)
{
    struct fleet *fleet = calloc (1, sizeof *fleet);
    assert_non_null (fleet);
    assert_true (sodium_init () >= 0);
    snprintf (fleet->dir, sizeof fleet->dir, "/tmp/padan-fleet-XXXXXX");
    assert_non_null (mkdtemp (fleet->dir));
    snprintf (fleet->client, sizeof fleet->client, "%s", client);
    const char *stored[SERVICES_MAX + 1] = { NULL };
    size_t n_stored = 0;
    for (; services[fleet->n]; fleet->n++) {
        assert_true (fleet->n < SERVICES_MAX);
        struct member *member = &fleet->members[fleet->n];
        member->played = services[fleet->n][0] == '+';
        snprintf (member->name, sizeof member->name, "%s", services[fleet->n] + member->played);
        snprintf (member->program, sizeof member->program, "%s%s", program_prefix, services[fleet->n] + member->played);
        if (!member->played)
            stored[n_stored++] = services[fleet->n];
        for (int k = 0; k < INSTANCES_MAX; k++) {
            member->ports[k] = port_free ();
            member->pages[k] = port_free ();
        }
    }
    fleet->scratch = scratch_new (admin, stored);
    keys_make (fleet);
    for (size_t i = 0; i < fleet->n; i++)
        if (!fleet->members[i].played)
            migrate (fleet, &fleet->members[i]);
    caller_open (fleet);
    return fleet;
}

void
fleet_destroy (struct fleet **fleet)
{
    if (!*fleet)
        return;
    struct fleet *self = *fleet;
    for (size_t i = 0; i < self->n; i++)
        for (int k = 0; k < INSTANCES_MAX; k++)
            if (self->members[i].children[k])
                child_signal (self->members[i].children[k], SIGTERM); /* all at once: they drain side by side */
    for (size_t i = 0; i < self->n; i++)
        for (int k = 0; k < INSTANCES_MAX; k++)
            child_end (&self->members[i].children[k]);
    if (self->caller)
        bus_caller_destroy (&self->caller);
    bus_peers_destroy (&self->peers);
    scratch_destroy (&self->scratch);
    child_run ((const char *const[]){ "rm", "-rf", self->dir, NULL }, 20000);
    free (self);
    *fleet = NULL;
}

struct scratch *
fleet_scratch (struct fleet *fleet)
{
    return fleet->scratch;
}

const char *
fleet_dir (struct fleet *fleet)
{
    return fleet->dir;
}

void
fleet_set (struct fleet *fleet, const char *service, const char *line)
{
    struct member *member = member_of (fleet, service);
    size_t used = strlen (member->lines);
    assert_true (used + strlen (line) + 2 < sizeof member->lines);
    snprintf (member->lines + used, sizeof member->lines - used, "%s\n", line);
}

bool
fleet_page_ready (int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((uint16_t)port) };
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char answer[64] = "";
    static const char question[] = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    if (connect (fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        write (fd, question, sizeof question - 1) == (ssize_t)sizeof question - 1) {
        ssize_t got = read (fd, answer, sizeof answer - 1);
        answer[got > 0 ? got : 0] = '\0';
    }
    close (fd);
    return strncmp (answer, "HTTP/1.1 200", 12) == 0;
}

void
fleet_start (struct fleet *fleet, const char *service, int instance)
{
    struct member *member = member_of (fleet, service);
    char path[256];
    assert_in_range (instance, 0, INSTANCES_MAX - 1);
    assert_null (member->children[instance]);
    config_write (fleet, member, instance, path, sizeof path);
    struct child *child = child_spawn ((const char *const[]){ member->program, "--config", path, NULL });
    member->children[instance] = child;
    int64_t deadline = wait_deadline (START_MS);
    while (!fleet_page_ready (member->pages[instance]))
        if (!child_running (child) || !wait_pause (deadline))
            fail_msg ("%s did not become ready:\n%s", service, child_output (child));
}

void
fleet_start_all (struct fleet *fleet)
{
    for (size_t i = 0; i < fleet->n; i++)
        if (!fleet->members[i].played)
            fleet_start (fleet, fleet->members[i].name, 0);
}

struct child *
fleet_child (struct fleet *fleet, const char *service, int instance)
{
    return member_of (fleet, service)->children[instance];
}

void
fleet_kill (struct fleet *fleet, const char *service, int instance)
{
    struct child **child = &member_of (fleet, service)->children[instance];
    assert_non_null (*child);
    child_kill (*child);
    child_destroy (child);
}

int
fleet_stop (struct fleet *fleet, const char *service, int instance)
{
    struct child **child = &member_of (fleet, service)->children[instance];
    assert_non_null (*child);
    child_signal (*child, SIGTERM);
    int code = child_wait (*child, 30000);
    child_destroy (child);
    return code;
}

double
fleet_figure (struct fleet *fleet, const char *service, int instance, const char *series)
{
    struct answer *page = client_ask ((uint16_t)fleet_page (fleet, service, instance),
                                      "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_int_equal (page->status, 200);
    size_t size = strlen (series);
    for (const char *line = page->body; line && *line; line = strchr (line, '\n'), line += line != NULL)
        if (strncmp (line, series, size) == 0 && line[size] == ' ')
            return strtod (line + size, NULL);
    return 0;
}

int
fleet_page (struct fleet *fleet, const char *service, int instance)
{
    return member_of (fleet, service)->pages[instance];
}

void
fleet_endpoint (struct fleet *fleet, const char *service, char *ret, size_t size)
{
    snprintf (ret, size, "tcp://127.0.0.1:%d", member_of (fleet, service)->ports[0]);
}

const char *
fleet_keys (struct fleet *fleet)
{
    return fleet->keys;
}

struct bus_peers *
fleet_peers (struct fleet *fleet)
{
    return fleet->peers;
}

struct bus_caller *
fleet_caller (struct fleet *fleet)
{
    return fleet->caller;
}

static void
envelope_fill (struct fleet *fleet, Padan__Envelope *envelope, const struct fleet_person *person, int64_t tenant,
               const ProtobufCMessage *message, struct arena *arena)
{
    struct uuid *id = arena_alloc (arena, sizeof *id);
    assert_non_null (id);
    *id = uuid_new (clock_now ());
    envelope->id = uuid_field (id);
    envelope->type = (char *)message->descriptor->name;
    envelope->tenant = tenant;
    envelope->time = clock_now ();
    envelope->data.len = protobuf_c_message_get_packed_size (message);
    envelope->data.data = arena_alloc (arena, envelope->data.len + 1);
    protobuf_c_message_pack (message, envelope->data.data);
    if (!person)
        return;
    Padan__Principal principal = PADAN__PRINCIPAL__INIT;
    Padan__Grant grant = person->grant, *grants[] = { &grant };
    struct err err;
    principal.person_id = uuid_field (&person->id);
    principal.session_id = uuid_field (&person->id);
    principal.name = (char *)"Petugas Uji";
    principal.grants = grants;
    principal.n_grants = 1;
    principal.issued_at = clock_now ();
    principal.expires_at = principal.issued_at + 60 * (int64_t)CLOCK_SECOND;
    Padan__SignedPrincipal *statement = arena_alloc (arena, sizeof *statement);
    padan__signed_principal__init (statement);
    assert_int_equal (principal_sign (&fleet->secret, &principal, arena, statement, &err), RC_OK);
    envelope->principal = statement;
}

/* Busy means that nothing was sent, as right after a restart: tried again until the time is up. */
static enum rc
call_insist (struct fleet *fleet, const char *service, const Padan__Request *request, int timeout_ms,
             struct arena *arena, Padan__Reply **ret_reply, struct err *err)
{
    int64_t deadline = wait_deadline (timeout_ms);
    enum rc rc;
    do
        rc = bus_call (fleet->caller, service, request, timeout_ms, arena, ret_reply, err);
    while (rc == RC_BUSY && wait_pause (deadline));
    return rc;
}

enum rc
fleet_command (struct fleet *fleet, const char *service, const struct fleet_person *person, int64_t tenant,
               struct uuid subject, int64_t version, const char *key, const void *message, int timeout_ms,
               struct arena *arena, Padan__Reply **ret_reply, struct err *err)
{
    Padan__Request request = PADAN__REQUEST__INIT;
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    envelope_fill (fleet, &envelope, person, tenant, message, arena);
    envelope.subject = uuid_field (&subject);
    envelope.version = version;
    envelope.key = (char *)key;
    request.command = &envelope;
    return call_insist (fleet, service, &request, timeout_ms, arena, ret_reply, err);
}

enum rc
fleet_query (struct fleet *fleet, const char *service, const struct fleet_person *person, int64_t tenant,
             struct uuid subject, const void *message, int timeout_ms, struct arena *arena, Padan__Reply **ret_reply,
             struct err *err)
{
    Padan__Request request = PADAN__REQUEST__INIT;
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    envelope_fill (fleet, &envelope, person, tenant, message, arena);
    if (!uuid_is_nil (subject))
        envelope.subject = uuid_field (&subject);
    request.query = &envelope;
    return call_insist (fleet, service, &request, timeout_ms, arena, ret_reply, err);
}
