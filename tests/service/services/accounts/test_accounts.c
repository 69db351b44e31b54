/* accounts as others see it: the real program, real keys, a scratch database. */
#include "tests/service/services/accounts/office.h"

#include <stdatomic.h>

#include "common/bus/principal.h"

static void
test_sign_in_and_authenticate (void **state)
{
    struct token token;
    (void)state;
    const Padan__Accounts__V1__Authenticated *who = enter ("Admin", ADMIN_PASSWORD, &token);
    assert_int_equal (who->tenant, TENANT);
    assert_int_equal (who->n_grants, 1);
    assert_int_equal (who->grants[0]->role, PADAN__ROLE__ROLE_ADMIN);
    assert_memory_equal (who->session_id.data, token.session.bytes, 16);
    Padan__Principal *principal = padan__principal__unpack (
        arena_protobuf (office.arena), who->principal->statement.len, who->principal->statement.data);
    assert_non_null (principal);
    assert_memory_equal (principal->person_id.data, who->person_id.data, 16);
    assert_true (principal->expires_at - principal->issued_at <= 60 * (int64_t)CLOCK_SECOND);
    assert_true (principal->expires_at <= who->expires_at);
    struct token stranger = token_fresh ();
    assert_string_equal (code_of (authenticate (&stranger)), "accounts.session");
    /* the same command again opens nothing new, and another person cannot take the session over */
    assert_string_equal (code_of (sign_in_with (&token, "admin", ADMIN_PASSWORD)), "");
    struct token same = { .session = token.session };
    assert_string_equal (code_of (sign_in_with (&same, "admin", ADMIN_PASSWORD)), "accounts.session_taken");
}

static void
test_wrong_and_unknown_look_alike (void **state)
{
    struct token token = token_fresh ();
    (void)state;
    Padan__Reply *wrong = sign_in_with (&token, "admin", "bukan-kata-sandinya");
    Padan__Reply *unknown = sign_in_with (&token, "siapa", "bukan-kata-sandinya");
    Padan__Reply *no_login = sign_in_with (&token, "!", "bukan-kata-sandinya");
    assert_string_equal (code_of (wrong), "accounts.credentials");
    assert_string_equal (code_of (unknown), "accounts.credentials");
    assert_string_equal (code_of (no_login), "accounts.credentials");
    assert_int_equal (wrong->outcome, PADAN__OUTCOME__OUTCOME_UNAUTHENTICATED);
    assert_int_equal (unknown->outcome, wrong->outcome);
    assert_string_equal (code_of (authenticate (&token)), "accounts.session");
}

static void
test_guessing_is_throttled_for_known_and_unknown (void **state)
{
    static const char *const logins[] = { "admin2", "tidak-ada" };
    struct token token = token_fresh ();
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        for (int guess = 0; guess < 5; guess++)
            assert_string_equal (code_of (sign_in_with (&token, logins[i], "tebakan-tebakan")), "accounts.credentials");
        Padan__Reply *reply = sign_in_with (&token, logins[i], ADMIN_PASSWORD);
        assert_string_equal (code_of (reply), "accounts.throttled"); /* even the right one, unchecked */
        assert_int_equal (reply->outcome, PADAN__OUTCOME__OUTCOME_BUSY);
        assert_in_range (reply->problem->retry_after, 1, 15);
    }
    struct token other = token_fresh ();
    assert_string_equal (code_of (sign_in_with (&other, "admin", ADMIN_PASSWORD)), "");
    scratch_sql (fleet_scratch (office.fleet), "update accounts.throttle set last_at = last_at - interval '20 s' "
                                               "returning 1"); /* as if the wait were over */
    assert_string_equal (code_of (sign_in_with (&other, "tidak-ada", "x")), "accounts.credentials");
    other = token_fresh ();
    assert_string_equal (code_of (sign_in_with (&other, "admin2", ADMIN_PASSWORD)), "");
}

enum { GUESSES = 60 };

static struct {
    atomic_int ended, wrong, waiting, good;
} guesses;

static void
guess_ended (void *context, enum rc rc, struct bus_reply **answer)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    struct err err;
    Padan__Reply *reply;
    (void)context;
    if (rc == RC_OK && bus_reply_unpack (*answer, arena, &reply, &err) == RC_OK) {
        guesses.wrong += strcmp (code_of (reply), "accounts.credentials") == 0;
        guesses.waiting += reply->outcome == PADAN__OUTCOME__OUTCOME_BUSY;
        guesses.good += reply->outcome == PADAN__OUTCOME__OUTCOME_OK;
    }
    guesses.ended++;
}

static void
test_many_guesses_at_once_are_no_more_than_one_after_the_other (void **state)
{
    (void)state;
    for (int i = 0; i < GUESSES; i++) {
        struct token token = token_fresh ();
        Padan__Request request = PADAN__REQUEST__INIT;
        Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
        Padan__Accounts__V1__SignIn sign_in = PADAN__ACCOUNTS__V1__SIGN_IN__INIT;
        uint8_t data[512];
        char key[UUID_TEXT];
        sign_in.login = (char *)"ditebak-beramai-ramai";
        sign_in.password = (char *)"tebakan-tebakan";
        sign_in.token_sha256 = (ProtobufCBinaryData){ 32, token.hash };
        envelope.id = envelope.subject = uuid_field (&token.session);
        envelope.type = (char *)sign_in.base.descriptor->name;
        envelope.key = (char *)uuid_format (token.session, key);
        envelope.data = (ProtobufCBinaryData){ padan__accounts__v1__sign_in__pack (&sign_in, data), data };
        request.command = &envelope;
        assert_int_equal (bus_call_async (fleet_caller (office.fleet), "accounts", &request, PATIENCE_MS, guess_ended,
                                          NULL, &office.err),
                          RC_OK);
    }
    WAIT_UNTIL (guesses.ended == GUESSES, 2 * PATIENCE_MS);
    assert_int_equal (guesses.wrong, 5);
    assert_int_equal (guesses.waiting, GUESSES - 5);
    assert_int_equal (guesses.good, 0);
}

static void
test_signing_out_ends_the_session (void **state)
{
    struct token token, kept;
    Padan__Accounts__V1__SignOut out = PADAN__ACCOUNTS__V1__SIGN_OUT__INIT;
    (void)state;
    enter ("admin", ADMIN_PASSWORD, &kept);
    const Padan__Accounts__V1__Authenticated *who = enter ("admin", ADMIN_PASSWORD, &token);
    assert_string_equal (code_of (call (true, who->principal, 0, kept.session, 0, &out)), "common.not_found");
    assert_string_equal (code_of (call (true, who->principal, 0, token.session, 0, &out)), "");
    assert_string_equal (code_of (call (true, who->principal, 0, token.session, 0, &out)), "");
    assert_string_equal (code_of (authenticate (&token)), "accounts.session");
    assert_string_equal (code_of (authenticate (&kept)), "");
    const char *ended = scratch_sql (fleet_scratch (office.fleet),
                                     "select count(*) from accounts.log where type like '%%.SessionEnded' "
                                     "and subject = (select person_id from accounts.login l join accounts.person p "
                                     "on p.id = l.person_id where p.login = 'admin')");
    assert_string_equal (ended, "1");
}

static void
test_people_come_change_and_go (void **state)
{
    struct token token;
    struct uuid clerk = id_fresh ();
    Padan__Accounts__V1__ChangeGrants change = PADAN__ACCOUNTS__V1__CHANGE_GRANTS__INIT;
    Padan__Accounts__V1__DisablePerson disable = PADAN__ACCOUNTS__V1__DISABLE_PERSON__INIT;
    Padan__Grant *grant = grant_of (TENANT, PADAN__ROLE__ROLE_KELURAHAN, "12.72.01.1003");
    (void)state;
    const Padan__SignedPrincipal *admin = enter ("admin", ADMIN_PASSWORD, NULL)->principal;
    assert_string_equal (code_of (add_person (admin, TENANT, clerk, "lurah", "pendek", grant)),
                         "accounts.password_short");
    assert_string_equal (code_of (add_person (admin, TENANT, clerk, "lurah", PASSWORD, grant)), "");
    assert_string_equal (code_of (add_person (admin, TENANT, clerk, "lurah", PASSWORD, grant)), ""); /* a repeat */
    assert_string_equal (code_of (add_person (admin, TENANT, id_fresh (), "LURAH", PASSWORD, grant)),
                         "accounts.login_taken");
    const Padan__Accounts__V1__Authenticated *who = enter ("lurah", PASSWORD, &token);
    assert_string_equal (who->grants[0]->place, "12.72.01.1003");
    /* a clerk manages nobody, an administrator not himself */
    assert_string_equal (code_of (add_person (who->principal, TENANT, id_fresh (), "teman", PASSWORD, grant)),
                         "common.forbidden");
    Padan__Grant *op = grant_of (TENANT, PADAN__ROLE__ROLE_OPERATOR, "");
    change.grants = &op;
    change.n_grants = 1;
    const Padan__Accounts__V1__Authenticated *self = enter ("admin", ADMIN_PASSWORD, NULL);
    struct uuid own;
    uuid_from (self->person_id, &own);
    assert_string_equal (code_of (call (true, admin, TENANT, own, 0, &change)), "accounts.own_grants");
    assert_string_equal (code_of (call (true, admin, TENANT, clerk, 7, &change)), "common.stale");
    assert_string_equal (code_of (call (true, admin, TENANT, clerk, 1, &change)), "");
    assert_int_equal (authenticated (&token)->grants[0]->role, PADAN__ROLE__ROLE_OPERATOR);
    assert_string_equal (code_of (call (true, admin, TENANT, clerk, 2, &disable)), "");
    assert_string_equal (code_of (authenticate (&token)), "accounts.session");
    struct token again = token_fresh ();
    assert_string_equal (code_of (sign_in_with (&again, "lurah", PASSWORD)), "accounts.credentials");
    const char *versions = scratch_sql (fleet_scratch (office.fleet),
                                        "select string_agg (version || ' ' || split_part (type, '.', 4), ',' order by "
                                        "version) from accounts.log where subject = "
                                        "(select id from accounts.person where login = 'lurah')");
    assert_string_equal (versions, "1 PersonAdded,2 SessionStarted,3 GrantsChanged,4 PersonDisabled");
}

static void
test_other_tenants_are_not_there (void **state)
{
    struct uuid clerk = id_fresh ();
    Padan__Accounts__V1__ChangeGrants change = PADAN__ACCOUNTS__V1__CHANGE_GRANTS__INIT;
    Padan__Accounts__V1__DisablePerson disable = PADAN__ACCOUNTS__V1__DISABLE_PERSON__INIT;
    Padan__Accounts__V1__ChangePassword password = PADAN__ACCOUNTS__V1__CHANGE_PASSWORD__INIT;
    Padan__Accounts__V1__ListPeople list = PADAN__ACCOUNTS__V1__LIST_PEOPLE__INIT;
    Padan__Accounts__V1__ListTenants tenants = PADAN__ACCOUNTS__V1__LIST_TENANTS__INIT;
    (void)state;
    const Padan__SignedPrincipal *admin = enter ("admin", ADMIN_PASSWORD, NULL)->principal;
    const Padan__SignedPrincipal *foreign = enter ("admin2", ADMIN_PASSWORD, NULL)->principal;
    Padan__Grant *here = grant_of (TENANT, PADAN__ROLE__ROLE_OPERATOR, "");
    assert_string_equal (code_of (add_person (admin, TENANT, clerk, "operator", PASSWORD, here)), "");
    password.new_password = (char *)CLERK_PASSWORD;
    /* with a role of his own tenant, on an id of another: not found; in the other tenant: no role */
    assert_string_equal (code_of (call (true, foreign, OTHER, clerk, 0, &change)), "common.not_found");
    assert_string_equal (code_of (call (true, foreign, OTHER, clerk, 0, &disable)), "common.not_found");
    assert_string_equal (code_of (call (true, foreign, OTHER, clerk, 0, &password)), "common.not_found");
    assert_string_equal (code_of (call (true, foreign, TENANT, clerk, 0, &disable)), "common.forbidden");
    assert_string_equal (code_of (call (true, foreign, TENANT, clerk, 0, &password)), "common.forbidden");
    assert_string_equal (code_of (call (false, foreign, TENANT, (struct uuid){ 0 }, 0, &list)), "common.forbidden");
    Padan__Grant *there = grant_of (OTHER, PADAN__ROLE__ROLE_ADMIN, "");
    assert_string_equal (code_of (add_person (admin, TENANT, id_fresh (), "melompat", PASSWORD, there)),
                         "accounts.grant_foreign");
    list.limit = 1;
    const Padan__Accounts__V1__People *people =
        data_of (call (false, foreign, OTHER, (struct uuid){ 0 }, 0, &list), &padan__accounts__v1__people__descriptor);
    assert_int_equal (people->n_people, 1);
    assert_string_equal (people->people[0]->login, "admin2");
    assert_string_equal (people->next_cursor, "");
    const Padan__Accounts__V1__Tenants *seen = data_of (call (false, foreign, OTHER, (struct uuid){ 0 }, 0, &tenants),
                                                        &padan__accounts__v1__tenants__descriptor);
    assert_int_equal (seen->n_tenants, 1);
    assert_string_equal (seen->tenants[0]->code, "12.73");
    list.limit = 2;
    people =
        data_of (call (false, admin, TENANT, (struct uuid){ 0 }, 0, &list), &padan__accounts__v1__people__descriptor);
    assert_int_equal (people->n_people, 2);
    list.cursor = people->next_cursor;
    assert_string_not_equal (list.cursor, "");
    people =
        data_of (call (false, admin, TENANT, (struct uuid){ 0 }, 0, &list), &padan__accounts__v1__people__descriptor);
    assert_true (people->n_people >= 1);
    assert_string_equal (people->people[people->n_people - 1]->login, "operator");
}

static void
test_a_forged_principal_is_nobody (void **state)
{
    Padan__Accounts__V1__DisablePerson disable = PADAN__ACCOUNTS__V1__DISABLE_PERSON__INIT;
    (void)state;
    const Padan__Accounts__V1__Authenticated *who = enter ("admin", ADMIN_PASSWORD, NULL);
    Padan__SignedPrincipal forged = *who->principal;
    Padan__Principal *claim =
        padan__principal__unpack (arena_protobuf (office.arena), forged.statement.len, forged.statement.data);
    claim->grants[0]->tenant = OTHER;
    uint8_t statement[4096], secret[crypto_sign_SECRETKEYBYTES], public[crypto_sign_PUBLICKEYBYTES], signature[64];
    forged.statement = (ProtobufCBinaryData){ padan__principal__pack (claim, statement), statement };
    assert_int_equal (call (true, &forged, OTHER, id_fresh (), 0, &disable)->outcome,
                      PADAN__OUTCOME__OUTCOME_UNAUTHENTICATED);
    crypto_sign_keypair (public, secret);
    crypto_sign_detached (signature, NULL, statement, forged.statement.len, secret);
    forged.signature = (ProtobufCBinaryData){ sizeof signature, signature };
    assert_int_equal (call (true, &forged, OTHER, id_fresh (), 0, &disable)->outcome,
                      PADAN__OUTCOME__OUTCOME_UNAUTHENTICATED);
    /* and the gateway without one may manage nobody, nor ask who there is */
    Padan__Accounts__V1__AddTenant tenant = PADAN__ACCOUNTS__V1__ADD_TENANT__INIT;
    Padan__Accounts__V1__ListPeople list = PADAN__ACCOUNTS__V1__LIST_PEOPLE__INIT;
    Padan__Grant *grant = grant_of (TENANT, PADAN__ROLE__ROLE_ADMIN, "");
    tenant.tenant = 9;
    assert_string_equal (code_of (call (true, NULL, 9, (struct uuid){ 0 }, 0, &tenant)), "common.unauthenticated");
    assert_string_equal (code_of (add_person (NULL, TENANT, id_fresh (), "pencuri", PASSWORD, grant)),
                         "common.unauthenticated");
    assert_string_equal (code_of (call (true, NULL, TENANT, id_fresh (), 0, &disable)), "common.unauthenticated");
    assert_string_equal (code_of (call (false, NULL, TENANT, (struct uuid){ 0 }, 0, &list)), "common.unauthenticated");
}

static void
test_changing_a_password_ends_every_session (void **state)
{
    struct token old, older;
    struct uuid clerk = id_fresh ();
    char text[UUID_TEXT];
    Padan__Accounts__V1__ChangePassword change = PADAN__ACCOUNTS__V1__CHANGE_PASSWORD__INIT;
    (void)state;
    const Padan__SignedPrincipal *admin = enter ("admin", ADMIN_PASSWORD, NULL)->principal;
    Padan__Grant *grant = grant_of (TENANT, PADAN__ROLE__ROLE_TKSK, "12.72.01");
    assert_string_equal (code_of (add_person (admin, TENANT, clerk, "tksk", PASSWORD, grant)), "");
    enter ("tksk", PASSWORD, &older);
    const Padan__SignedPrincipal *who = enter ("tksk", PASSWORD, &old)->principal;
    change.old_password = (char *)"salah-salah-salah";
    change.new_password = (char *)CLERK_PASSWORD;
    assert_string_equal (code_of (call (true, who, 0, clerk, 0, &change)), "accounts.old_password");
    change.old_password = (char *)PASSWORD;
    change.new_password = (char *)"tksk-tksk-12";
    assert_string_equal (code_of (call (true, who, 0, clerk, 0, &change)), "accounts.password_login");
    change.new_password = (char *)CLERK_PASSWORD;
    assert_string_equal (code_of (call (true, who, 0, clerk, 0, &change)), "");
    assert_string_equal (code_of (call (true, who, 0, clerk, 0, &change)), ""); /* its answer was lost */
    assert_string_equal (scratch_sql (fleet_scratch (office.fleet),
                                      "select revision || ' ' || (select count (*) from accounts.log where type like "
                                      "'%%.SessionEnded' and subject = p.id) from accounts.person p where id = '%s'",
                                      uuid_format (clerk, text)),
                         "2 1");
    change.new_password = (char *)"bukan-yang-sekarang-1";
    assert_string_equal (code_of (call (true, who, 0, clerk, 0, &change)), "accounts.old_password");
    assert_string_equal (code_of (authenticate (&old)), "accounts.session");
    assert_string_equal (code_of (authenticate (&older)), "accounts.session");
    struct token token = token_fresh ();
    assert_string_equal (code_of (sign_in_with (&token, "tksk", PASSWORD)), "accounts.credentials");
    assert_string_equal (code_of (sign_in_with (&token, "tksk", CLERK_PASSWORD)), "");
    change.old_password = (char *)"";
    change.new_password = (char *)PASSWORD;
    assert_string_equal (code_of (call (true, admin, TENANT, clerk, 0, &change)), ""); /* set by an administrator */
    enter ("tksk", PASSWORD, NULL);
}

static void
test_keys_open_for_machines_only_until_revoked (void **state)
{
    struct uuid machine = id_fresh (), clerk = id_fresh (), key = id_fresh ();
    struct token secret = token_fresh ();
    Padan__Accounts__V1__CreateKey create = PADAN__ACCOUNTS__V1__CREATE_KEY__INIT;
    Padan__Accounts__V1__RevokeKey revoke = PADAN__ACCOUNTS__V1__REVOKE_KEY__INIT;
    Padan__Grant *push = grant_of (TENANT, PADAN__ROLE__ROLE_INTEGRATOR, "");
    Padan__Grant *sign = grant_of (TENANT, PADAN__ROLE__ROLE_KADIS, ""), *both[] = { push, sign };
    (void)state;
    const Padan__SignedPrincipal *admin = enter ("admin", ADMIN_PASSWORD, NULL)->principal;
    assert_string_equal (code_of (add_person (admin, TENANT, clerk, "kadis", PASSWORD, sign)), "");
    assert_string_equal (code_of (add_person (admin, TENANT, machine, "siks", PASSWORD, push)), "");
    create.name = (char *)"SIKS-NG";
    create.secret_sha256 = (ProtobufCBinaryData){ 32, secret.hash };
    create.person_id = uuid_field (&clerk);
    assert_string_equal (code_of (call (true, admin, TENANT, key, 0, &create)), "accounts.key_not_machine");
    create.person_id = uuid_field (&machine);
    create.expires_at = clock_now () + 4000 * 24 * 3600 * (int64_t)CLOCK_SECOND;
    assert_string_equal (code_of (call (true, admin, TENANT, key, 0, &create)), "accounts.key_expiry");
    create.expires_at = 0;
    assert_string_equal (code_of (call (true, admin, TENANT, key, 0, &create)), "");
    Padan__Accounts__V1__ChangeGrants change = PADAN__ACCOUNTS__V1__CHANGE_GRANTS__INIT;
    change.grants = both;
    change.n_grants = 2;
    assert_string_equal (code_of (call (true, admin, TENANT, machine, 0, &change)), "");
    const Padan__Accounts__V1__Authenticated *who = authenticated (&secret);
    assert_int_equal (who->n_grants, 1); /* the key signs no letters, whatever its person may do */
    assert_int_equal (who->grants[0]->role, PADAN__ROLE__ROLE_INTEGRATOR);
    assert_memory_equal (who->session_id.data, key.bytes, 16);
    /* made for one role of two; none that the machine is given later, and none that is taken from it */
    struct uuid narrow = id_fresh ();
    struct token narrow_secret = token_fresh ();
    Padan__Role roles[] = { PADAN__ROLE__ROLE_AUDITOR };
    both[1] = grant_of (TENANT, PADAN__ROLE__ROLE_AUDITOR, "");
    create.roles = roles;
    create.n_roles = 1;
    create.secret_sha256 = (ProtobufCBinaryData){ 32, narrow_secret.hash };
    assert_string_equal (code_of (call (true, admin, TENANT, narrow, 0, &create)), "accounts.key_role");
    assert_string_equal (code_of (call (true, admin, TENANT, machine, 0, &change)), "");
    assert_string_equal (code_of (call (true, admin, TENANT, narrow, 0, &create)), "");
    who = authenticated (&secret);
    assert_int_equal (who->n_grants, 1);
    assert_int_equal (who->grants[0]->role, PADAN__ROLE__ROLE_INTEGRATOR);
    who = authenticated (&narrow_secret);
    assert_int_equal (who->n_grants, 1);
    assert_int_equal (who->grants[0]->role, PADAN__ROLE__ROLE_AUDITOR);
    change.n_grants = 1;
    assert_string_equal (code_of (call (true, admin, TENANT, machine, 0, &change)), "");
    assert_int_equal (authenticated (&narrow_secret)->n_grants, 0);
    /* whoever has lost an id finds it in the list, a page at a time */
    Padan__Accounts__V1__ListKeys list = PADAN__ACCOUNTS__V1__LIST_KEYS__INIT;
    const Padan__Accounts__V1__Keys *page;
    size_t seen = 0;
    list.limit = 1;
    do {
        page =
            data_of (call (false, admin, TENANT, (struct uuid){ 0 }, 0, &list), &padan__accounts__v1__keys__descriptor);
        assert_int_equal (page->n_keys, 1);
        assert_string_equal (page->keys[0]->name, "SIKS-NG");
        assert_memory_equal (page->keys[0]->person_id.data, machine.bytes, 16);
        assert_int_equal (page->keys[0]->n_grants, 1);
        assert_int_equal (page->keys[0]->revoked_at, 0);
        list.cursor = page->next_cursor;
        seen++;
    } while (page->next_cursor[0]);
    assert_int_equal (seen, 2);
    const Padan__SignedPrincipal *foreign = enter ("admin2", ADMIN_PASSWORD, NULL)->principal;
    assert_string_equal (code_of (call (true, foreign, OTHER, key, 0, &revoke)), "common.not_found");
    assert_string_equal (code_of (call (true, admin, TENANT, key, 0, &revoke)), "");
    assert_string_equal (code_of (call (true, admin, TENANT, key, 0, &revoke)), "");
    assert_string_equal (code_of (authenticate (&secret)), "accounts.session");
    list = (Padan__Accounts__V1__ListKeys)PADAN__ACCOUNTS__V1__LIST_KEYS__INIT;
    page = data_of (call (false, admin, TENANT, (struct uuid){ 0 }, 0, &list), &padan__accounts__v1__keys__descriptor);
    assert_int_equal (page->n_keys, 2);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal (page->keys[i]->revoked_at != 0, memcmp (page->keys[i]->key_id.data, key.bytes, 16) == 0);
    page = data_of (call (false, foreign, OTHER, (struct uuid){ 0 }, 0, &list), &padan__accounts__v1__keys__descriptor);
    assert_int_equal (page->n_keys, 0);
    list.cursor = (char *)"bukan-penanda";
    assert_string_equal (code_of (call (false, admin, TENANT, (struct uuid){ 0 }, 0, &list)),
                         "common.cursor_malformed");
}

static void
test_sessions_end_by_themselves (void **state)
{
    struct token token;
    char id[UUID_TEXT];
    (void)state;
    enter ("admin", ADMIN_PASSWORD, &token);
    uuid_format (token.session, id);
    struct scratch *scratch = fleet_scratch (office.fleet);
    /* unused for a sixth of the limit: a stream that stands open does not prolong it, using it does */
    scratch_sql (scratch, "update accounts.session set seen_at = now () - interval '10 s' where id = '%s' returning 1",
                 id);
    const Padan__Accounts__V1__Authenticated *listener =
        data_of (authenticate_as (&token, true), &padan__accounts__v1__authenticated__descriptor);
    assert_true (listener->expires_at <= clock_now () + 50 * (int64_t)CLOCK_SECOND);
    assert_string_equal (code_of (authenticate (&token)), "");
    WAIT_UNTIL (strcmp (scratch_sql (scratch,
                                     "select now () - seen_at < interval '8 s' from accounts.session "
                                     "where id = '%s'",
                                     id),
                        "t") == 0,
                10000);
    scratch_sql (scratch, "update accounts.session set seen_at = now () - interval '61 s' where id = '%s' returning 1",
                 id);
    assert_string_equal (code_of (authenticate (&token)), "accounts.session");
    scratch_sql (scratch,
                 "update accounts.session set seen_at = now (), expires_at = now () - interval '1 s' "
                 "where id = '%s' returning 1",
                 id);
    assert_string_equal (code_of (authenticate (&token)), "accounts.session");
}

static void
test_padan_repeats_harmlessly_and_is_refused_what_is_wrong (void **state)
{
    (void)state;
    tenant_add (0, "1272", "12.72", "Kota Pematangsiantar");
    CHILD_AUTO struct child *other =
        child_spawn ((const char *const[]){ "padan", "tenant", "add", "--config", office.config, "--tenant", "1272",
                                            "--code", "12.72", "--name", "Kota Lain", NULL });
    assert_int_equal (child_wait (other, 20000), 1);
    assert_true (child_said (other, "accounts.tenant_exists"));
    tenant_add (1, "1274", "kota", "Kota Lain");
    person_add (0, "admin", "1272:admin", "kata-sandi-lain-lagi");
    struct token token = token_fresh ();
    assert_string_equal (code_of (sign_in_with (&token, "admin", ADMIN_PASSWORD)), ""); /* not changed by the repeat */
    person_add (1, "baru", "1272:admin", "pendek");
    person_add (1, "baru", "9999:admin", PASSWORD);
    person_add (2, "baru", "1272:raja", PASSWORD);
}

static void
test_secrets_are_kept_nowhere (void **state)
{
    static const char *const secrets[] = { PASSWORD, ADMIN_PASSWORD, CLERK_PASSWORD };
    struct scratch *scratch = fleet_scratch (office.fleet);
    (void)state;
    enter ("admin", ADMIN_PASSWORD, NULL);
    for (size_t i = 0; i < 3; i++) {
        if (child_said (fleet_child (office.fleet, "accounts", 0), secrets[i]))
            fail_msg ("a password was logged");
        assert_string_equal (
            scratch_sql (scratch,
                         "select count(*) from accounts.command where position ('%s'::bytea in reply) > "
                         "0 or key like '%%%s%%'",
                         secrets[i], secrets[i]),
            "0");
        assert_string_equal (
            scratch_sql (scratch, "select count(*) from accounts.log where position ('%s'::bytea in envelope) > 0",
                         secrets[i]),
            "0");
    }
    assert_string_equal (scratch_sql (scratch, "select count(*) from accounts.command where route ~ "
                                               "'(SignIn|AddPerson|ChangePassword|SignOut|TouchSession)$'"),
                         "0");
    assert_string_equal (scratch_sql (scratch,
                                      "select bool_and (password like '$argon2id$v=19$m=19456,t=2,p=1$%%')::text "
                                      "from accounts.person"),
                         "true");
}

static void
test_a_stopped_service_finishes_and_comes_back (void **state)
{
    struct token token;
    (void)state;
    enter ("admin", ADMIN_PASSWORD, &token);
    assert_int_equal (fleet_stop (office.fleet, "accounts", 0), 0);
    fleet_start (office.fleet, "accounts", 0);
    assert_string_equal (code_of (authenticate (&token)), "");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_sign_in_and_authenticate),
        cmocka_unit_test (test_wrong_and_unknown_look_alike),
        cmocka_unit_test (test_guessing_is_throttled_for_known_and_unknown),
        cmocka_unit_test (test_many_guesses_at_once_are_no_more_than_one_after_the_other),
        cmocka_unit_test (test_signing_out_ends_the_session),
        cmocka_unit_test (test_people_come_change_and_go),
        cmocka_unit_test (test_other_tenants_are_not_there),
        cmocka_unit_test (test_a_forged_principal_is_nobody),
        cmocka_unit_test (test_changing_a_password_ends_every_session),
        cmocka_unit_test (test_keys_open_for_machines_only_until_revoked),
        cmocka_unit_test (test_sessions_end_by_themselves),
        cmocka_unit_test (test_padan_repeats_harmlessly_and_is_refused_what_is_wrong),
        cmocka_unit_test (test_secrets_are_kept_nowhere),
        cmocka_unit_test (test_a_stopped_service_finishes_and_comes_back),
    };
    return cmocka_run_group_tests (tests, office_open, office_close);
}
