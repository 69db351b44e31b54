/* The functions behind the rows of main.c's tables; each is explained at the head of its file. */
#pragma once

#include "services/accounts/accounts.h"

keys_fn keys_add_tenant, keys_add_person, keys_person, keys_sign_in, keys_sign_out, keys_create_key, keys_revoke_key,
    keys_session, keys_change_password;
gather_fn gather_add_person, gather_change_password, gather_sign_in, gather_sign_out, gather_revoke_key;
decide_fn on_add_tenant, on_add_person, on_change_grants, on_disable_person, on_change_password, on_sign_in,
    on_sign_out, on_create_key, on_revoke_key, on_touch_session;
query_fn query_authenticate, query_list_people, query_list_keys, query_list_tenants;

/* What their gathers find; decisions take nothing else from outside. */
struct add_person_facts {
    const char *password; /* hashed */
};
struct sign_in_facts {
    struct uuid login_id, throttle_id;
    int64_t home;
    struct uuid person_id; /* nil: nobody has this login */
    const char *password;  /* the hash it was checked against */
    bool checked, good;    /* not checked: the login had to wait */
    int64_t lifetime;      /* µs a session lasts at most */
};
struct change_password_facts {
    struct uuid throttle_id;
    const char *known;    /* the hash the old one was checked against; NULL: nobody */
    const char *password; /* the new one, hashed; NULL: not made */
    bool checked, good;   /* the old one, of people who change their own */
    bool done;            /* it is not, but the new one is the password already */
};
struct owner_facts {
    struct uuid person_id; /* whose session or key it is; nil: there is none */
};
