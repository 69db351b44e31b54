/* Rows and messages that tests of accounts' decisions start from. */
#pragma once

#include "tests/support/test.h"

#include <string.h>

#include "services/accounts/messages.h"
#include "services/accounts/person_store.h"
#include "services/accounts/session_store.h"
#include "services/accounts/tenant_store.h"
#include "services/accounts/throttle.h"
#include "tests/support/harness.h"

/* Person with one letter's id, in HARNESS_TENANT. */
static inline struct person *
person_row (struct harness *harness, char name, const char *grants)
{
    struct person *person = harness_row (harness, &person_table, harness_id (name));
    person->version = 4;
    person->revision = 2;
    person->state = "active";
    person->login = "petugas";
    person->name = "Petugas";
    person->password = "hash";
    person->grants = grants;
    person->sessions_from = person->added_at = HARNESS_NOW - CLOCK_SECOND;
    return person;
}

static inline void
tenant_row (struct harness *harness)
{
    struct tenant *tenant = harness_row (harness, &tenant_table, tenant_id (HARNESS_TENANT));
    tenant->version = 1;
    tenant->code = "12.72";
    tenant->name = "Kota Pematangsiantar";
    tenant->zone = "Asia/Jakarta";
}

/* The next command comes from a service instead of a person. */
static inline struct message *
from_service (struct message *message, const char *service)
{
    message->principal = NULL;
    message->service = service;
    return message;
}

static inline Padan__Grant
grant (int64_t tenant, Padan__Role role, const char *place)
{
    Padan__Grant grant = PADAN__GRANT__INIT;
    grant.tenant = tenant;
    grant.role = role;
    grant.place = (char *)place;
    return grant;
}
