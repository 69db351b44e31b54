#include "services/validation/dukcapil_message.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/json.h"
#include "common/base/text.h"

enum { BODY_MAX = 16 << 10, NAME_MAX_BYTES = 64 };

static void
member_add (struct text_buffer *out, const char *name, const char *value, bool lower)
{
    char key[NAME_MAX_BYTES];
    size_t i = 0;
    for (; name[i] && i + 1 < sizeof key; i++)
        key[i] = (char)(lower ? tolower ((unsigned char)name[i]) : name[i]);
    key[i] = '\0';
    text_add_char (out, out->size ? ',' : '{');
    json_add_string (out, key, i);
    text_add_char (out, ':');
    json_add_string (out, value, strlen (value));
}

enum rc
dukcapil_message_write (const struct dukcapil_settings *settings, const struct dukcapil_question *question,
                        struct arena *arena, struct bytes *ret_body, struct err *err)
{
    TEXT_AUTO struct text_buffer out = TEXT_BUFFER (BODY_MAX);
    bool lower = strcmp (settings->keys, "lower") == 0, mixed = strcmp (settings->keys, "mixed") == 0;
    char threshold[12];
    for (size_t i = 0; i < question->n_fields; i++)
        member_add (&out, question->fields[i].name, question->fields[i].sent, lower);
    snprintf (threshold, sizeof threshold, "%d", question->threshold);
    member_add (&out, "TRESHOLD", threshold, lower); /* so misspelt by the service */
    member_add (&out, "USER_ID", settings->user, lower || mixed);
    member_add (&out, "PASSWORD", settings->password ? settings->password : "", lower || mixed);
    member_add (&out, "IP_USER", settings->address, lower);
    text_add_char (&out, '}');
    void *body = out.failed ? NULL : arena_copy (arena, out.data, out.size);
    if (!body)
        return err_set (err, RC_INTERNAL, "no memory for a question");
    *ret_body = (struct bytes){ body, out.size };
    return RC_OK;
}

static const char *
sent_as (const struct dukcapil_question *question, const char *name)
{
    for (size_t i = 0; i < question->n_fields; i++)
        if (strcasecmp (question->fields[i].name, name) == 0)
            return question->fields[i].sent;
    return NULL;
}

static char *
value_text (struct arena *arena, const json_t *value)
{
    if (json_is_string (value))
        return arena_string (arena, json_string_value (value));
    if (json_is_integer (value))
        return arena_printf (arena, "%lld", (long long)json_integer_value (value));
    return NULL;
}

static void
content_take (const json_t *content, struct dukcapil_question *question, struct arena *arena)
{
    const char *name;
    json_t *value;
    question->pairs = arena_array (arena, DUKCAPIL_PAIRS, sizeof *question->pairs);
    json_object_foreach ((json_t *)content, name, value)
    {
        char *text = value_text (arena, value), *key = arena_string (arena, name);
        if (text && key && question->pairs && question->n_pairs < DUKCAPIL_PAIRS)
            question->pairs[question->n_pairs++] =
                (struct dukcapil_pair){ .name = key, .value = text, .sent = sent_as (question, name) };
    }
}

bool
dukcapil_message_read (struct bytes body, struct dukcapil_question *question, struct arena *arena, int64_t *ret_quota)
{
    json_t *root = json_loadb ((const char *)body.data, body.size, JSON_REJECT_DUPLICATES, NULL);
    const json_t *content = json_array_get (json_object_get (root, "content"), 0);
    const json_t *quota = json_object_get (root, "quotaLimiter");
    *ret_quota = json_is_integer (quota) ? json_integer_value (quota) : -1;
    question->n_pairs = 0;
    bool good = json_is_object (content);
    if (good)
        content_take (content, question, arena);
    json_decref (root);
    return good;
}
