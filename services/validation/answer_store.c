#include "services/validation/answer_store.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/base/text.h"
#include "common/bus/message.h"
#include "validation.pb-c.h"
#include "validation_sql.h"

static const char ECHO[] = "Sesuai"; /* what is kept of a value that repeats what was sent */
enum { QUESTION_MAX = 16 << 10 };

static const struct db_column columns[] = {
    DB_COLUMN (DB_INT8, answer, tenant),
    DB_COLUMN (DB_UUID, answer, id),
    DB_COLUMN (DB_BYTES, answer, pairs),
    DB_COLUMN (DB_TIME, answer, valid_until),
};

const struct table answer_table = {
    .name = "answer",
    .row_size = sizeof (struct answer),
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .load = &sql_answer_load,
    .insert = &sql_answer_insert,
    .update = &sql_answer_update,
};

struct uuid
answer_id (const struct dukcapil_pair *fields, size_t n, int threshold)
{
    TEXT_AUTO struct text_buffer text = TEXT_BUFFER (QUESTION_MAX);
    for (size_t i = 0; i < n; i++) { /* with the NUL behind each: no two questions run together */
        text_add (&text, fields[i].name, strlen (fields[i].name) + 1);
        text_add (&text, fields[i].sent, strlen (fields[i].sent) + 1);
    }
    text_add_int (&text, threshold);
    MUST (!text.failed);
    return uuid_of (text.data, text.size);
}

struct bytes
answer_pack (const struct dukcapil_pair *pairs, size_t n, struct arena *arena)
{
    Padan__Validation__V1__AnswerPairs packed = PADAN__VALIDATION__V1__ANSWER_PAIRS__INIT;
    packed.name = arena_array (arena, n + 1, sizeof *packed.name);
    packed.value = arena_array (arena, n + 1, sizeof *packed.value);
    MUST (packed.name && packed.value);
    for (size_t i = 0; i < n; i++) {
        bool same;
        int score;
        const char *value = pairs[i].value;
        if (pairs[i].sent && strcasecmp (value, pairs[i].sent) == 0)
            value = ECHO;
        else if (!dukcapil_match_parse (value, &same, &score))
            continue;
        packed.name[packed.n_name++] = (char *)pairs[i].name;
        packed.value[packed.n_value++] = (char *)value;
    }
    size_t size = protobuf_c_message_get_packed_size (&packed.base);
    uint8_t *data = arena_alloc (arena, size + 1);
    MUST (data);
    protobuf_c_message_pack (&packed.base, data);
    return (struct bytes){ data, size };
}

bool
answer_unpack (struct bytes bytes, const struct dukcapil_pair *fields, size_t n_fields, struct arena *arena,
               struct dukcapil_pair **ret_pairs, size_t *ret_n)
{
    ProtobufCMessage *message;
    struct err err;
    if (message_unpack (&padan__validation__v1__answer_pairs__descriptor, arena, bytes.data, bytes.size, &message,
                        &err) != RC_OK)
        return false;
    const Padan__Validation__V1__AnswerPairs *packed = (const void *)message;
    struct dukcapil_pair *pairs = arena_array (arena, packed->n_name + 1, sizeof *pairs);
    if (packed->n_name != packed->n_value || !pairs)
        return false;
    for (size_t i = 0; i < packed->n_name; i++) {
        pairs[i] = (struct dukcapil_pair){ .name = packed->name[i], .value = packed->value[i] };
        for (size_t k = 0; k < n_fields; k++)
            if (strcasecmp (fields[k].name, pairs[i].name) == 0)
                pairs[i].sent = fields[k].sent;
    }
    *ret_pairs = pairs;
    *ret_n = packed->n_name;
    return true;
}
