/* An office of people for the tests of accounts: the real program on a scratch database, set up by the real `padan`. */
#pragma once

#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "accounts.pb-c.h"
#include "common/base/arena.h"
#include "common/base/clock.h"
#include "common/base/err.h"
#include "common/base/uuid.h"
#include "common/bus/message.h"
#include "tests/support/fleet.h"

enum { TENANT = 1272, OTHER = 1273, PATIENCE_MS = 10000 };
#define PASSWORD       "kuda-laut-biru-7"
#define ADMIN_PASSWORD "gajah-hijau-terbang"
#define CLERK_PASSWORD "rumput-laut-manis-9"

struct office {
    struct fleet *fleet;
    struct arena *arena;
    char config[256];
    struct err err;
};

static struct office office;

/* padan.conf: the rows of a service's configuration that `padan` needs. */
static inline void
padan_config (void)
{
    char path[256], line[4096];
    snprintf (path, sizeof path, "%s/accounts-0.conf", fleet_dir (office.fleet));
    snprintf (office.config, sizeof office.config, "%s/padan.conf", fleet_dir (office.fleet));
    FILE *from = fopen (path, "r"), *to = fopen (office.config, "w");
    assert_non_null (from);
    assert_non_null (to);
    while (fgets (line, sizeof line, from))
        if (strncmp (line, "keys ", 5) == 0 || strncmp (line, "peers ", 6) == 0)
            fputs (line, to);
    fclose (from);
    fclose (to);
}

/* Exit code of `padan …`; its output is shown when it is not the one wanted. */
static inline void
padan_run (int wanted, const char *const argv[])
{
    CHILD_AUTO struct child *child = child_spawn (argv);
    int code = child_wait (child, 20000);
    if (code != wanted)
        fail_msg ("%s %s %s: exit %d instead of %d: %s", argv[0], argv[1], argv[2], code, wanted, child_output (child));
}

static inline void
file_write (const char *name, const char *text, char path[static 256])
{
    snprintf (path, 256, "%s/%s", fleet_dir (office.fleet), name);
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    fputs (text, file);
    fclose (file);
}

static inline void
person_add (int wanted, const char *login, const char *grant, const char *password)
{
    char path[256];
    file_write ("password", password, path);
    padan_run (wanted, (const char *const[]){ "padan", "person", "add", "--config", office.config, "--login", login,
                                              "--name", "Orang Uji", "--grant", grant, "--password-file", path, NULL });
}

static inline void
tenant_add (int wanted, const char *number, const char *code, const char *name)
{
    padan_run (wanted, (const char *const[]){ "padan", "tenant", "add", "--config", office.config, "--tenant", number,
                                              "--code", code, "--name", name, NULL });
}

static inline int
office_open (void **state)
{
    char keys[256];
    (void)state;
    office.arena = arena_new (64 << 20);
    office.fleet = fleet_new (NULL, (const char *const[]){ "accounts", NULL }, "", "gateway");
    fleet_set (office.fleet, "accounts", "session_idle = 60s");
    snprintf (keys, sizeof keys, "%s/keys", fleet_dir (office.fleet));
    child_run ((const char *const[]){ "padan", "keys", "--keys", keys, "accounts", "gateway", NULL }, 20000);
    fleet_start (office.fleet, "accounts", 0);
    padan_config ();
    tenant_add (0, "1272", "12.72", "Kota Pematangsiantar");
    tenant_add (0, "1273", "12.73", "Kota Sibolga");
    person_add (0, "admin", "1272:admin", ADMIN_PASSWORD "\n");
    person_add (0, "admin2", "1273:admin", ADMIN_PASSWORD);
    return 0;
}

static inline int
office_close (void **state)
{
    (void)state;
    fleet_destroy (&office.fleet);
    arena_destroy (&office.arena);
    return 0;
}

static inline struct uuid
id_fresh (void)
{
    return uuid_new (clock_now ());
}

static inline Padan__Reply *
call (bool is_command, const Padan__SignedPrincipal *who, int64_t tenant, struct uuid subject, int64_t version,
      const void *data)
{
    const ProtobufCMessage *message = data;
    Padan__Request request = PADAN__REQUEST__INIT;
    Padan__Envelope *envelope = arena_alloc (office.arena, sizeof *envelope);
    struct uuid *ids = arena_array (office.arena, 2, sizeof *ids);
    char key[UUID_TEXT];
    Padan__Reply *reply = NULL;
    padan__envelope__init (envelope);
    ids[0] = id_fresh ();
    ids[1] = subject;
    envelope->id = uuid_field (&ids[0]);
    if (!uuid_is_nil (subject))
        envelope->subject = uuid_field (&ids[1]);
    envelope->type = (char *)message->descriptor->name;
    envelope->tenant = tenant;
    envelope->version = version;
    envelope->time = clock_now ();
    envelope->principal = (Padan__SignedPrincipal *)who;
    envelope->data.len = protobuf_c_message_get_packed_size (message);
    envelope->data.data = arena_alloc (office.arena, envelope->data.len + 1);
    protobuf_c_message_pack (message, envelope->data.data);
    if (is_command)
        envelope->key = (char *)uuid_format (ids[0], key);
    *(is_command ? &request.command : &request.query) = envelope;
    enum rc rc =
        bus_call (fleet_caller (office.fleet), "accounts", &request, PATIENCE_MS, office.arena, &reply, &office.err);
    if (rc != RC_OK)
        fail_msg ("%s: %s", envelope->type, office.err.text);
    return reply;
}

static inline const char *
code_of (const Padan__Reply *reply)
{
    return reply->outcome == PADAN__OUTCOME__OUTCOME_OK ? "" : reply->problem ? reply->problem->code : "?";
}

static inline const void *
data_of (const Padan__Reply *reply, const ProtobufCMessageDescriptor *type)
{
    ProtobufCMessage *message;
    if (reply->outcome != PADAN__OUTCOME__OUTCOME_OK)
        fail_msg ("refused: %s", code_of (reply));
    assert_int_equal (message_unpack (type, office.arena, reply->data.data, reply->data.len, &message, &office.err),
                      RC_OK);
    return message;
}

/* A token, as the gateway would make it: only its hash leaves it. */
struct token {
    struct uuid session;
    uint8_t hash[32];
};

static inline struct token
token_fresh (void)
{
    struct token token = { .session = id_fresh () };
    uint8_t secret[32];
    randombytes_buf (secret, sizeof secret);
    crypto_hash_sha256 (token.hash, secret, sizeof secret);
    return token;
}

static inline Padan__Reply *
sign_in_with (const struct token *token, const char *login, const char *password)
{
    Padan__Accounts__V1__SignIn sign_in = PADAN__ACCOUNTS__V1__SIGN_IN__INIT;
    sign_in.login = (char *)login;
    sign_in.password = (char *)password;
    sign_in.token_sha256 = (ProtobufCBinaryData){ 32, (uint8_t *)token->hash };
    sign_in.user_agent = (char *)"uji/1.0";
    return call (true, NULL, 0, token->session, 0, &sign_in);
}

static inline Padan__Reply *
authenticate_as (const struct token *token, bool listening)
{
    Padan__Accounts__V1__Authenticate question = PADAN__ACCOUNTS__V1__AUTHENTICATE__INIT;
    question.token_sha256 = (ProtobufCBinaryData){ 32, (uint8_t *)token->hash };
    question.listening = listening;
    return call (false, NULL, 0, (struct uuid){ 0 }, 0, &question);
}

static inline Padan__Reply *
authenticate (const struct token *token)
{
    return authenticate_as (token, false);
}

static inline const Padan__Accounts__V1__Authenticated *
authenticated (const struct token *token)
{
    return data_of (authenticate (token), &padan__accounts__v1__authenticated__descriptor);
}

/* Signs in and returns the principal; *ret_token may be NULL. */
static inline const Padan__Accounts__V1__Authenticated *
enter (const char *login, const char *password, struct token *ret_token)
{
    struct token token = token_fresh ();
    data_of (sign_in_with (&token, login, password), &padan__accounts__v1__session_reply__descriptor);
    if (ret_token)
        *ret_token = token;
    return authenticated (&token);
}

static inline Padan__Grant *
grant_of (int64_t tenant, Padan__Role role, const char *place)
{
    Padan__Grant *grant = arena_alloc (office.arena, sizeof *grant);
    padan__grant__init (grant);
    grant->tenant = tenant;
    grant->role = role;
    grant->place = (char *)place;
    return grant;
}

static inline Padan__Reply *
add_person (const Padan__SignedPrincipal *who, int64_t tenant, struct uuid id, const char *login, const char *password,
            Padan__Grant *grant)
{
    Padan__Accounts__V1__AddPerson add = PADAN__ACCOUNTS__V1__ADD_PERSON__INIT;
    add.login = (char *)login;
    add.name = (char *)"Petugas Kelurahan";
    add.password = (char *)password;
    add.grants = &grant;
    add.n_grants = 1;
    return call (true, who, tenant, id, 0, &add);
}
