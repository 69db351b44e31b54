/* Grants as one line of text: "1272:kelurahan:12.72.01.1003 1272:operator". Typed on command lines, kept in tables. */
#pragma once

#include "common/base/arena.h"
#include "common/base/err.h"
#include "envelope.pb-c.h"

enum { GRANTS_TEXT_MAX = 16384 }; /* bytes; PRINCIPAL_GRANTS_MAX of the longest */

struct grants {
    Padan__Grant **items;
    size_t count;
};

/* One grant, tenant:role[:place]. RC_INVALID unless the tenant is a positive number, the role one that people or
 * machines can have, and the place a Kemendagri code (digits and dots) or absent. */
enum rc grant_parse (const char *text, struct arena *arena, Padan__Grant **ret_grant, struct err *err);
/* Any number of them between blanks. */
enum rc grants_parse (const char *text, struct arena *arena, struct grants *ret_grants, struct err *err);
/* The same checks on what came as messages. err->field is a JSON pointer: "/grants/2/place". */
enum rc grants_check (Padan__Grant *const *items, size_t count, struct err *err);
/* Sorted, each once: equal sets of grants give equal texts. NULL past the arena's limit. */
const char *grants_text (Padan__Grant *const *items, size_t count, struct arena *arena);
/* "kelurahan"; "" for what is no role. */
const char *role_text (Padan__Role role, struct arena *arena);
