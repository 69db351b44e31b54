#include "services/journal/journal.h"

void
places_param (struct db_params *params, const struct message *message, struct arena *arena)
{
    size_t n = 0, room = message->principal ? message->principal->n_grants : 1;
    const char **places = arena_array (arena, room + 1, sizeof *places);
    MUST (places);
    if (!message->principal)
        places[n++] = "";
    for (size_t i = 0; message->principal && i < room; i++) {
        const Padan__Grant *grant = message->principal->grants[i];
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
