#include "services/journal/journal.h"

void
places_param (struct db_params *params, const struct message *message, struct arena *arena)
{
    const Padan__Principal *asker = message->principal;
    size_t n = 0;
    const char **places = arena_array (arena, asker->n_grants + 1, sizeof *places);
    MUST (places);
    for (size_t i = 0; i < asker->n_grants; i++) {
        const Padan__Grant *grant = asker->grants[i];
        if (grant->tenant == message->tenant && (JOURNAL_READERS >> grant->role & 1))
            places[n++] = grant->place;
    }
    db_param_text_array (params, places, n);
}

char *
text_copy (const struct db_result *rows, size_t row, size_t column, struct arena *arena)
{
    char *text = arena_string (arena, db_null (rows, row, column) ? "" : db_text (rows, row, column));
    MUST (text);
    return text;
}
