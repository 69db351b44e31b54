#include "common/bus/grants.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/bus/principal.h"

static const char prefix[] = "ROLE_";

const char *
role_text (Padan__Role role, struct arena *arena)
{
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value (&padan__role__descriptor, (int)role);
    char *text = arena_string (arena, value && role ? value->name + sizeof prefix - 1 : "");
    for (char *c = text; c && *c; c++)
        *c = (char)tolower ((unsigned char)*c);
    return text;
}

static Padan__Role
role_parse (const char *text, size_t length)
{
    char name[64];
    if (length == 0 || length + sizeof prefix > sizeof name)
        return PADAN__ROLE__ROLE_NONE;
    memcpy (name, prefix, sizeof prefix - 1);
    for (size_t i = 0; i < length; i++)
        name[sizeof prefix - 1 + i] = (char)toupper ((unsigned char)text[i]);
    name[sizeof prefix - 1 + length] = '\0';
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value_by_name (&padan__role__descriptor, name);
    return value ? (Padan__Role)value->value : PADAN__ROLE__ROLE_NONE;
}

static bool
role_grantable (Padan__Role role)
{
    return role != PADAN__ROLE__ROLE_NONE && role != PADAN__ROLE__ROLE_SERVICE &&
           protobuf_c_enum_descriptor_get_value (&padan__role__descriptor, (int)role);
}

/* Digits in groups between single dots: "12.72.01.1003". "" is the whole tenant. */
static bool
place_valid (const char *place)
{
    size_t length = strlen (place);
    if (length == 0)
        return true;
    if (length > PRINCIPAL_PLACE_MAX || strspn (place, "0123456789.") != length || strstr (place, ".."))
        return false;
    return place[0] != '.' && place[length - 1] != '.';
}

enum rc
grants_check (Padan__Grant *const *items, size_t count, struct err *err)
{
    char field[64];
    if (count > PRINCIPAL_GRANTS_MAX)
        return err_code (err, RC_UNPROCESSABLE, "accounts.grants_many", "/grants", "%zu grants", count);
    for (size_t i = 0; i < count; i++) {
        const Padan__Grant *grant = items[i];
        const char *part = grant->tenant <= 0              ? "tenant"
                           : !role_grantable (grant->role) ? "role"
                           : !place_valid (grant->place)   ? "place"
                                                           : NULL;
        if (!part)
            continue;
        snprintf (field, sizeof field, "/grants/%zu/%s", i, part);
        return err_code (err, RC_UNPROCESSABLE, "accounts.grant_invalid", field, "no such %s", part);
    }
    return RC_OK;
}

enum rc
grant_parse (const char *text, struct arena *arena, Padan__Grant **ret_grant, struct err *err)
{
    char *end = NULL;
    errno = 0;
    long long tenant = isdigit ((unsigned char)text[0]) ? strtoll (text, &end, 10) : 0;
    if (!end || *end != ':' || errno)
        return err_set (err, RC_INVALID, "a grant is tenant:role[:place]");
    const char *role = end + 1, *colon = strchr (role, ':');
    size_t length = colon ? (size_t)(colon - role) : strlen (role);
    Padan__Grant *grant = arena_alloc (arena, sizeof *grant);
    char *place = arena_string (arena, colon ? colon + 1 : "");
    if (!grant || !place)
        return err_set (err, RC_BUSY, "the arena is full");
    padan__grant__init (grant);
    grant->tenant = tenant;
    grant->role = role_parse (role, length);
    grant->place = place;
    if (grants_check (&grant, 1, err) != RC_OK)
        return err_set (err, RC_INVALID, "a grant is tenant:role[:place]; its %s is wrong",
                        strrchr (err->field, '/') + 1);
    *ret_grant = grant;
    return RC_OK;
}

enum rc
grants_parse (const char *text, struct arena *arena, struct grants *ret_grants, struct err *err)
{
    struct grants grants = { .items = arena_array (arena, PRINCIPAL_GRANTS_MAX, sizeof *grants.items) };
    char *copy = arena_string (arena, text), *rest = NULL;
    if (!copy || !grants.items)
        return err_set (err, RC_BUSY, "the arena is full");
    for (char *word = strtok_r (copy, " ", &rest); word; word = strtok_r (NULL, " ", &rest)) {
        if (grants.count == PRINCIPAL_GRANTS_MAX)
            return err_set (err, RC_INVALID, "more than %d grants", PRINCIPAL_GRANTS_MAX);
        enum rc rc = grant_parse (word, arena, &grants.items[grants.count++], err);
        if (rc != RC_OK)
            return rc;
    }
    *ret_grants = grants;
    return RC_OK;
}

static int
grant_compare (const void *a, const void *b)
{
    const Padan__Grant *x = *(Padan__Grant *const *)a, *y = *(Padan__Grant *const *)b;
    if (x->tenant != y->tenant)
        return x->tenant < y->tenant ? -1 : 1;
    if (x->role != y->role)
        return x->role < y->role ? -1 : 1;
    return strcmp (x->place, y->place);
}

const char *
grants_text (Padan__Grant *const *items, size_t count, struct arena *arena)
{
    TEXT_AUTO struct text_buffer text = TEXT_BUFFER (GRANTS_TEXT_MAX);
    Padan__Grant **sorted = arena_copy (arena, items, count * sizeof *items);
    if (count == 0)
        return arena_string (arena, "");
    if (!sorted)
        return NULL;
    qsort (sorted, count, sizeof *sorted, grant_compare);
    for (size_t i = 0; i < count; i++) {
        if (i && grant_compare (&sorted[i], &sorted[i - 1]) == 0)
            continue;
        const char *role = role_text (sorted[i]->role, arena);
        if (!role)
            return NULL;
        text_printf (&text, "%s%lld:%s%s%s", i ? " " : "", (long long)sorted[i]->tenant, role,
                     sorted[i]->place[0] ? ":" : "", sorted[i]->place);
    }
    return text.failed ? NULL : arena_string (arena, text.data);
}
