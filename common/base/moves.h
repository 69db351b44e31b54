/* The legal moves of a thing as data: what decides which act leads from which state to which is also what is drawn. */
#pragma once

#include "common/base/text.h"

struct moves {
    const char *name;          /* of the thing: "card" */
    const char *const *states; /* their words; "": there is no such thing yet */
    const char *const *acts;
    int n_states, n_acts;
    const int *to; /* state × act → state + 1, 0: not legal */
};

/* The page of a service: a Mermaid drawing of each table, NULL at the end. Every move is in it, so that a change of a
 * table is a change of the page. */
void moves_page (const char *service, const struct moves *const *tables, struct text_buffer *out);
