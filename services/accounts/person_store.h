/* People, and whose a login is. */
#pragma once

#include "services/accounts/accounts.h"
#include "services/accounts/person_moves.h"

enum { LOGIN_MIN = 3, LOGIN_MAX = 64, LOGIN_TEXT = LOGIN_MAX + 1 };

struct person {
    int64_t tenant;
    struct uuid id;
    int64_t version;  /* of the log: counts every event */
    int64_t revision; /* what administrators change; the version others see */
    const char *state, *login, *name, *password, *grants;
    int64_t sessions_from;
    int64_t added_at, disabled_at;
};
struct login {
    int64_t tenant; /* 0 */
    struct uuid id;
    int64_t home;
    struct uuid person_id;
};
extern const struct table person_table, login_table;

/* Lower case, LOGIN_MIN to LOGIN_MAX letters, digits and . _ - @; false otherwise. */
bool login_normalise (const char *text, char ret_login[static LOGIN_TEXT]);
struct uuid login_id (const char *login); /* of a normalised one */

/* The person with this act's legal move made, to be changed further; RC_NOT_FOUND, RC_CONFLICT. */
enum rc person_act (struct unit *unit, int64_t tenant, struct uuid id, enum person_act act, struct person **ret_person,
                    struct err *err);
/* Appends an event of the person at its next version. */
void person_emit (struct unit *unit, struct person *person, const void *event);
