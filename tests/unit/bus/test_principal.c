#include "common/bus/principal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/base/clock.h"
#include "tests/support/test.h"

static const int64_t now = INT64_C (1764000000) * CLOCK_SECOND;

struct world {
    char dir[64];
    struct bus_peers *peers;
    struct principal_verifier *verifier;
    struct sign_secret secret;
    struct arena *arena;
};

static int
setup (void **state)
{
    static struct world world;
    struct err err;
    snprintf (world.dir, sizeof world.dir, "/tmp/padan-bus-XXXXXX");
    assert_non_null (mkdtemp (world.dir));
    assert_int_equal (keys_sign_generate (world.dir, "accounts", &err), RC_OK);
    assert_int_equal (keys_sign_load (world.dir, "accounts", &world.secret, &err), RC_OK);
    world.peers = bus_peers_new (world.dir, &err);
    assert_non_null (world.peers);
    world.verifier = principal_verifier_new (world.peers);
    world.arena = arena_new (1 << 20);
    *state = &world;
    return 0;
}

static int
teardown (void **state)
{
    struct world *world = *state;
    char command[128];
    principal_verifier_destroy (&world->verifier);
    bus_peers_destroy (&world->peers);
    arena_destroy (&world->arena);
    snprintf (command, sizeof command, "rm -rf %s", world->dir);
    return system (command);
}

static Padan__Principal *
officer (void)
{
    static Padan__Principal principal;
    static Padan__Grant grants[2];
    static Padan__Grant *list[2] = { &grants[0], &grants[1] };
    static uint8_t id[16] = { 7 };
    padan__principal__init (&principal);
    padan__grant__init (&grants[0]);
    padan__grant__init (&grants[1]);
    grants[0].tenant = 1272;
    grants[0].role = PADAN__ROLE__ROLE_KELURAHAN;
    grants[0].place = (char *)"12.72.01";
    grants[1].tenant = 1272;
    grants[1].role = PADAN__ROLE__ROLE_AUDITOR;
    principal.person_id = principal.session_id = (ProtobufCBinaryData){ 16, id };
    principal.grants = list;
    principal.n_grants = 2;
    principal.issued_at = now;
    principal.expires_at = now + 60 * (int64_t)CLOCK_SECOND;
    principal.name = (char *)"Dra. Siti Aminah, M.Si.";
    return &principal;
}

static Padan__SignedPrincipal
sign (struct world *world, const Padan__Principal *principal)
{
    Padan__SignedPrincipal statement;
    struct err err;
    assert_int_equal (principal_sign (&world->secret, principal, world->arena, &statement, &err), RC_OK);
    return statement;
}

static void
assert_refused (struct world *world, const Padan__SignedPrincipal *statement, int64_t at, const char *code)
{
    struct err err;
    Padan__Principal *principal = NULL;
    assert_int_equal (principal_verify (world->verifier, statement, at, world->arena, &principal, &err),
                      RC_UNAUTHENTICATED);
    assert_string_equal (err.code, code);
    assert_null (principal);
}

static void
assert_accepted (struct world *world, const Padan__SignedPrincipal *statement, int64_t at)
{
    struct err err;
    Padan__Principal *principal = NULL;
    assert_int_equal (principal_verify (world->verifier, statement, at, world->arena, &principal, &err), RC_OK);
    assert_string_equal (principal->name, "Dra. Siti Aminah, M.Si.");
    assert_int_equal (principal->n_grants, 2);
    assert_string_equal (principal->grants[0]->place, "12.72.01");
}

static void
signed_statement_is_accepted_while_it_lasts (void **state)
{
    struct world *world = *state;
    Padan__SignedPrincipal statement = sign (world, officer ());
    assert_accepted (world, &statement, now);
    assert_accepted (world, &statement, now + 60 * (int64_t)CLOCK_SECOND - 1); /* remembered */
    assert_refused (world, &statement, now + 60 * (int64_t)CLOCK_SECOND, "principal.expired");
    assert_accepted (world, &statement, now - 5 * (int64_t)CLOCK_SECOND);
    assert_refused (world, &statement, now - 5 * (int64_t)CLOCK_SECOND - 1, "principal.expired");
}

static void
changed_statement_is_refused (void **state)
{
    struct world *world = *state;
    Padan__SignedPrincipal statement = sign (world, officer ());
    assert_accepted (world, &statement, now);
    for (size_t i = 0; i < statement.statement.len; i++) {
        statement.statement.data[i] ^= 1;
        assert_refused (world, &statement, now, "principal.signature");
        statement.statement.data[i] ^= 1;
    }
    for (size_t i = 0; i < statement.signature.len; i++) {
        statement.signature.data[i] ^= 1;
        assert_refused (world, &statement, now, "principal.signature");
        statement.signature.data[i] ^= 1;
    }
    statement.statement.len--;
    assert_refused (world, &statement, now, "principal.signature");
    statement.statement.len++;
    statement.signature.len--;
    assert_refused (world, &statement, now, "principal.signature");
    assert_refused (world, NULL, now, "principal.missing");
    Padan__SignedPrincipal empty = PADAN__SIGNED_PRINCIPAL__INIT;
    assert_refused (world, &empty, now, "principal.missing");
}

static void
another_signer_is_refused (void **state)
{
    struct world *world = *state;
    struct sign_secret other = world->secret;
    struct err err;
    char dir[64] = "/tmp/padan-bus-XXXXXX", command[128];
    assert_non_null (mkdtemp (dir));
    assert_int_equal (keys_sign_generate (dir, "accounts", &err), RC_OK);
    assert_int_equal (keys_sign_load (dir, "accounts", &other, &err), RC_OK);
    snprintf (command, sizeof command, "rm -rf %s", dir);
    assert_int_equal (system (command), 0);
    Padan__SignedPrincipal statement;
    assert_int_equal (principal_sign (&other, officer (), world->arena, &statement, &err), RC_OK);
    assert_refused (world, &statement, now, "principal.signature");
}

/* What was verified with a key does not outlive the key; two keys are good during a change. */
static void
change_of_key_is_followed (void **state)
{
    struct world *world = *state;
    struct err err;
    struct sign_secret changed;
    char command[512];
    Padan__SignedPrincipal before = sign (world, officer ());
    assert_accepted (world, &before, now);
    snprintf (command, sizeof command, "cd %s && rm accounts.sign && mv public/accounts.sign public/accounts.sign.next",
              world->dir);
    assert_int_equal (system (command), 0);
    assert_int_equal (keys_sign_generate (world->dir, "accounts", &err), RC_OK);
    assert_int_equal (keys_sign_load (world->dir, "accounts", &changed, &err), RC_OK);
    assert_true (bus_peers_refresh (world->peers));
    Padan__SignedPrincipal after;
    assert_int_equal (principal_sign (&changed, officer (), world->arena, &after, &err), RC_OK);
    assert_accepted (world, &before, now);
    assert_accepted (world, &after, now);
    snprintf (command, sizeof command, "rm %s/public/accounts.sign.next", world->dir);
    assert_int_equal (system (command), 0);
    assert_true (bus_peers_refresh (world->peers));
    assert_refused (world, &before, now, "principal.signature");
    assert_accepted (world, &after, now);
}

static void
assert_not_signed (struct world *world, const Padan__Principal *principal)
{
    Padan__SignedPrincipal statement;
    struct err err;
    assert_int_equal (principal_sign (&world->secret, principal, world->arena, &statement, &err), RC_INVALID);
}

static void
unfit_principals_are_not_signed (void **state)
{
    struct world *world = *state;
    char text[PRINCIPAL_NAME_MAX + 2];
    memset (text, '1', sizeof text - 1);
    text[sizeof text - 1] = '\0';
#define NOT_SIGNED(change)                                                                                             \
    do {                                                                                                               \
        Padan__Principal *bad = officer ();                                                                            \
        change;                                                                                                        \
        assert_not_signed (world, bad);                                                                                \
    } while (0)
    NOT_SIGNED (bad->person_id.len = 0);
    NOT_SIGNED (bad->session_id.len = 3);
    NOT_SIGNED (bad->name = text);
    NOT_SIGNED (bad->name = (char *)"\xc3\x28");
    NOT_SIGNED (bad->grants[0]->place = text);
    NOT_SIGNED (bad->grants[0]->role = PADAN__ROLE__ROLE_NONE);
    NOT_SIGNED (bad->grants[0]->tenant = -1);
    NOT_SIGNED (bad->expires_at = bad->issued_at);
    NOT_SIGNED (bad->expires_at = INT64_MIN);
    NOT_SIGNED (bad->expires_at = bad->issued_at + (PRINCIPAL_LIFETIME_MAX + 1) * (int64_t)CLOCK_SECOND);
}

static void
role_counts_only_in_its_tenant_and_place (void **state)
{
    const Padan__Principal *principal = officer ();
    const Padan__Role kelurahan = PADAN__ROLE__ROLE_KELURAHAN, auditor = PADAN__ROLE__ROLE_AUDITOR;
    assert_true (principal_has_role (principal, 1272, kelurahan, "12.72.01"));
    assert_true (principal_has_role (principal, 1272, kelurahan, "12.72.01.1003"));
    assert_true (principal_has_role (principal, 1272, kelurahan, NULL));
    assert_false (principal_has_role (principal, 1272, kelurahan, "12.72.011"));
    assert_false (principal_has_role (principal, 1272, kelurahan, "12.72.02"));
    assert_false (principal_has_role (principal, 1272, kelurahan, "12.72"));
    assert_false (principal_has_role (principal, 1272, kelurahan, ""));
    assert_false (principal_has_role (principal, 1273, kelurahan, "12.72.01"));
    assert_false (principal_has_role (principal, 1273, kelurahan, NULL));
    assert_true (principal_has_role (principal, 1272, auditor, ""));
    assert_true (principal_has_role (principal, 1272, auditor, "12.72.02.1001"));
    assert_false (principal_has_role (principal, 1273, auditor, ""));
    assert_false (principal_has_role (principal, 1272, PADAN__ROLE__ROLE_KADIS, ""));
}

int
main (void)
{
#define CASE(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE (signed_statement_is_accepted_while_it_lasts),
        CASE (changed_statement_is_refused),
        CASE (another_signer_is_refused),
        CASE (change_of_key_is_followed),
        CASE (unfit_principals_are_not_signed),
        cmocka_unit_test (role_counts_only_in_its_tenant_and_place),
    };
    return cmocka_run_group_tests_name ("bus principal", tests, NULL, NULL);
}
