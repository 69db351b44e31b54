/* Search: applications by ticket (a mistyped one is refused: its check symbol tells it from one nobody has), by the 16
 * digits of a NIK or KK, or by parts of a name (each word a prefix); without a text all of a state or place. Newest
 * first, by keyset cursor; NIK masked; only the asker's places. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/domain/name.h"
#include "common/domain/nik.h"
#include "common/domain/ticket.h"
#include "common/engine/cursor.h"
#include "journal_sql.h"
#include "services/journal/journal.h"

enum { TEXT_MAX = 200, WORD_MIN = 2, WORDS_MAX = 6, NIK_DIGITS = 16 };

struct wanted {
    char key[TEXT_MAX + 1]; /* of a ticket; "" none */
    int64_t number;         /* NIK or KK; 0 none */
    const char *words[WORDS_MAX], *ends[WORDS_MAX];
    size_t n_words;
};

/* Words of at least two letters, the longest first: it finds the fewest. */
static void
words_read (struct wanted *wanted, const char *text, struct arena *arena)
{
    char *normal = arena_alloc (arena, NAME_SIZE);
    MUST (normal);
    name_normalise (text, normal, NAME_SIZE);
    for (char *word; (word = strsep (&normal, " "));) {
        if (strlen (word) < WORD_MIN || wanted->n_words == WORDS_MAX)
            continue;
        size_t at = wanted->n_words++;
        for (; at && strlen (wanted->words[at - 1]) < strlen (word); at--)
            wanted->words[at] = wanted->words[at - 1];
        wanted->words[at] = word;
    }
    for (size_t i = 0; i < wanted->n_words; i++) {
        wanted->ends[i] = arena_printf (arena, "%s~", wanted->words[i]); /* '~' follows every letter of a normal form */
        MUST (wanted->ends[i]);
    }
}

static enum rc
wanted_read (const char *text, struct arena *arena, struct wanted *ret, struct err *err)
{
    size_t digits = 0, letters = 0, n = 0;
    char ticket[TICKET_TEXT];
    if (strlen (text) > TEXT_MAX)
        return err_code (err, RC_UNPROCESSABLE, "common.too_long", "/text", "at most %d bytes", TEXT_MAX);
    for (const char *c = text; *c; c++) {
        digits += isdigit ((unsigned char)*c) != 0;
        letters += isalpha ((unsigned char)*c) != 0;
        if (isalnum ((unsigned char)*c))
            ret->key[n++] = (char)toupper ((unsigned char)*c);
    }
    if (digits == NIK_DIGITS && !letters) {
        ret->number = strtoll (ret->key, NULL, 10);
        ret->key[0] = '\0';
    } else if (!digits) {
        ret->key[0] = '\0';
        words_read (ret, text, arena);
        if (*text && !ret->n_words)
            return err_code (err, RC_UNPROCESSABLE, "journal.search_short", "/text", "no word of two letters");
    } else if (!ticket_read (ret->key, ticket)) {
        return err_code (err, RC_UNPROCESSABLE, "journal.search_mistyped", "/text", "no ticket, and not 16 digits");
    }
    return RC_OK;
}

/* The question is a body, so its cursor is a field of it. */
static enum rc
place_read (const char *text, struct cursor *ret, struct err *err)
{
    return cursor_read (text, ret, err) == RC_OK
               ? RC_OK
               : err_code (err, RC_INVALID, "common.cursor_malformed", "/cursor", "not a cursor of ours");
}

static Padan__Journal__V1__FoundLine *
line_read (const struct db_result *rows, size_t row, struct arena *arena)
{
    Padan__Journal__V1__FoundLine *line = arena_alloc (arena, sizeof *line);
    struct uuid *id = arena_alloc (arena, sizeof *id);
    char *nik = arena_alloc (arena, NIK_TEXT);
    MUST (line && id && nik);
    padan__journal__v1__found_line__init (line);
    *id = db_uuid (rows, row, 0);
    line->application_id = uuid_field (id);
    line->ticket = text_copy (rows, row, 1, arena);
    line->state = text_copy (rows, row, 2, arena);
    line->holder = text_copy (rows, row, 3, arena);
    line->village = text_copy (rows, row, 4, arena);
    line->changed_at = db_time (rows, row, 5);
    line->name = text_copy (rows, row, 6, arena);
    if (!db_null (rows, row, 7))
        line->nik = (char *)nik_mask (db_int8 (rows, row, 7), nik);
    return line;
}

static Padan__Journal__V1__Found *
page_make (const struct db_result *rows, size_t limit, struct arena *arena)
{
    size_t n = db_count (rows) < limit ? db_count (rows) : limit;
    Padan__Journal__V1__Found *page = arena_alloc (arena, sizeof *page);
    MUST (page);
    padan__journal__v1__found__init (page);
    page->lines = arena_array (arena, n + 1, sizeof *page->lines);
    MUST (page->lines);
    for (size_t i = 0; i < n; i++)
        page->lines[page->n_lines++] = line_read (rows, i, arena);
    if (db_count (rows) <= limit)
        return page;
    page->next_cursor = cursor_text ((struct cursor){ .id = db_uuid (rows, n - 1, 0) }, arena);
    return page;
}

enum rc
query_search (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply, struct err *err)
{
    const Padan__Journal__V1__Search *question = (const void *)message->data;
    struct arena *arena = query_arena (query);
    struct wanted wanted = { 0 };
    struct cursor after;
    size_t limit = list_limit (question->limit);
    enum rc rc = wanted_read (question->text, arena, &wanted, err);
    if (rc == RC_OK)
        rc = place_read (question->cursor, &after, err);
    if (rc != RC_OK)
        return rc;
    const struct sql *sql = wanted.number    ? &sql_search_number
                            : wanted.n_words ? &sql_search_name
                            : *wanted.key    ? &sql_search_ticket
                                             : &sql_search_all;
    struct db_call call = { .sql = sql, .params = db_params (arena) };
    db_param_int8 (call.params, message->tenant);
    db_param_text (call.params, question->state);
    places_param (call.params, message, arena);
    db_param_text (call.params, question->place);
    db_param_uuid (call.params, after.id);
    db_param_int8 (call.params, (int64_t)limit + 1);
    if (wanted.number) {
        db_param_int8 (call.params, wanted.number);
    } else if (wanted.n_words) {
        db_param_text_array (call.params, wanted.words, wanted.n_words);
        db_param_text_array (call.params, wanted.ends, wanted.n_words);
    } else if (*wanted.key) {
        db_param_text (call.params, wanted.key);
    }
    rc = query_run (query, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    *ret_reply = &page_make (call.result, limit, arena)->base;
    db_calls_clear (&call, 1);
    return RC_OK;
}
