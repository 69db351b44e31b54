/* ListPeople: the people of a tenant by login, a page at a time. For its administrators and auditors. */
#include "services/accounts/messages.h"

#include <string.h>

#include "accounts_sql.h"
#include "common/base/text.h"
#include "common/engine/cursor.h"
#include "services/accounts/grants_rules.h"
#include "services/accounts/person_store.h"

enum { ID, LOGIN, NAME, GRANTS, STATE, REVISION }; /* columns of people.sql */

static enum rc
login_read (const char *cursor, char ret_login[static LOGIN_TEXT], struct err *err)
{
    size_t size = 0;
    ret_login[0] = '\0';
    if (!cursor[0])
        return RC_OK;
    if (!base64url_decode (cursor, strlen (cursor), ret_login, LOGIN_MAX, &size))
        return err_code (err, RC_INVALID, "common.cursor_malformed", "cursor", "not a cursor of ours");
    ret_login[size] = '\0';
    if (!utf8_valid (ret_login, size))
        return err_code (err, RC_INVALID, "common.cursor_malformed", "cursor", "not a cursor of ours");
    return RC_OK;
}

static Padan__Accounts__V1__PersonView *
view_make (struct arena *arena, const struct db_result *result, size_t row)
{
    Padan__Accounts__V1__PersonView *view = arena_alloc (arena, sizeof *view);
    struct uuid id = db_uuid (result, row, ID), *kept = arena_copy (arena, &id, sizeof id);
    MUST (view && kept);
    struct grants grants = grants_of (db_text (result, row, GRANTS), arena);
    padan__accounts__v1__person_view__init (view);
    view->person_id = uuid_field (kept);
    view->login = arena_string (arena, db_text (result, row, LOGIN));
    view->name = arena_string (arena, db_text (result, row, NAME));
    view->grants = grants.items;
    view->n_grants = grants.count;
    view->disabled = person_state_of (db_text (result, row, STATE)) == PERSON_DISABLED;
    view->version = db_int8 (result, row, REVISION);
    MUST (view->login && view->name);
    return view;
}

enum rc
query_list_people (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                   struct err *err)
{
    const Padan__Accounts__V1__ListPeople *question = (const void *)message->data;
    struct arena *arena = query_arena (query);
    char login[LOGIN_TEXT], next[BASE64URL_SIZE (LOGIN_TEXT)];
    enum rc rc = login_read (question->cursor, login, err);
    if (rc != RC_OK)
        return rc;
    size_t limit = list_limit (question->limit);
    struct db_call call = { .sql = &sql_people, .params = db_params (arena) };
    db_param_int8 (call.params, message->tenant);
    db_param_text (call.params, login);
    db_param_int8 (call.params, (int64_t)limit + 1);
    rc = query_run (query, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    Padan__Accounts__V1__People *people = arena_alloc (arena, sizeof *people);
    size_t n = db_count (call.result);
    MUST (people);
    padan__accounts__v1__people__init (people);
    people->people = arena_array (arena, n + 1, sizeof *people->people);
    MUST (people->people);
    for (size_t i = 0; i < n && i < limit; i++)
        people->people[people->n_people++] = view_make (arena, call.result, i);
    if (n > limit) {
        const char *last = people->people[limit - 1]->login;
        people->next_cursor = arena_string (arena, base64url_encode (last, strlen (last), next, sizeof next));
    }
    db_calls_clear (&call, 1);
    *ret_reply = &people->base;
    return RC_OK;
}
