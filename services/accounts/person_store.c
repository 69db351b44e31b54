#include "services/accounts/person_store.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "accounts_sql.h"

static const struct db_column person_columns[] = {
    DB_COLUMN (DB_INT8, person, tenant),   DB_COLUMN (DB_UUID, person, id),
    DB_COLUMN (DB_INT8, person, version),  DB_COLUMN (DB_INT8, person, revision),
    DB_COLUMN (DB_TEXT, person, state),    DB_COLUMN (DB_TEXT, person, login),
    DB_COLUMN (DB_TEXT, person, name),     DB_COLUMN (DB_TEXT, person, password),
    DB_COLUMN (DB_TEXT, person, grants),   DB_COLUMN (DB_TIME, person, sessions_from),
    DB_COLUMN (DB_TIME, person, added_at), DB_COLUMN (DB_TIME, person, disabled_at),
};
const struct table person_table = {
    .name = "person",
    .row_size = sizeof (struct person),
    .columns = person_columns,
    .n_columns = sizeof person_columns / sizeof *person_columns,
    .load = &sql_person_load,
    .insert = &sql_person_insert,
    .update = &sql_person_update,
};

static const struct db_column login_columns[] = {
    DB_COLUMN (DB_INT8, login, tenant),
    DB_COLUMN (DB_UUID, login, id),
    DB_COLUMN (DB_INT8, login, home),
    DB_COLUMN (DB_UUID, login, person_id),
};
const struct table login_table = {
    .name = "login",
    .row_size = sizeof (struct login),
    .columns = login_columns,
    .n_columns = sizeof login_columns / sizeof *login_columns,
    .load = &sql_login_load,
    .insert = &sql_login_insert,
};

bool
login_normalise (const char *text, char ret_login[static LOGIN_TEXT])
{
    size_t length = strlen (text);
    if (length < LOGIN_MIN || length > LOGIN_MAX)
        return false;
    for (size_t i = 0; i <= length; i++) {
        ret_login[i] = (char)tolower ((unsigned char)text[i]);
        if (i < length && !strchr ("abcdefghijklmnopqrstuvwxyz0123456789._-@", ret_login[i]))
            return false;
    }
    return true;
}

struct uuid
login_id (const char *login)
{
    char name[LOGIN_TEXT + 8];
    int length = snprintf (name, sizeof name, "login:%s", login);
    return uuid_of (name, (size_t)length);
}

enum rc
person_act (struct unit *unit, int64_t tenant, struct uuid id, enum person_act act, struct person **ret_person,
            struct err *err)
{
    const struct person *known = unit_peek (unit, &person_table, tenant, id);
    enum person_state state = known ? person_state_of (known->state) : PERSON_NONE;
    enum rc rc = person_move (state, act, &state, err);
    if (rc != RC_OK)
        return rc;
    struct person *person =
        known ? unit_edit (unit, &person_table, tenant, id) : unit_create (unit, &person_table, tenant, id);
    person->state = person_state_name (state);
    *ret_person = person;
    return RC_OK;
}

void
person_emit (struct unit *unit, struct person *person, const void *event)
{
    unit_emit (unit, person->tenant, person->id, ++person->version, event);
}
