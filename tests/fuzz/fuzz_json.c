/* Any text as the JSON of any message type: the first line names it, or chooses one by its bytes. What is taken must be
 * JSON to another reader too, a message that packs, and come back the same through JSON; what is refused must say where
 * and why. */
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "common/base/json.h"
#include "common/bus/message.h"
#include "fuzz_messages.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum { ARENA = 4 << 20, AGAIN = 1 << 20 };

static struct arena *arena;

static void
problems_check (const struct json_problems *problems, const struct err *err, enum rc rc)
{
    MUST (rc == RC_INVALID && problems->count > 0 && problems->count <= JSON_PROBLEMS);
    MUST (err->rc == rc && strcmp (err->code, problems->items[0].code) == 0);
    for (size_t i = 0; i < problems->count; i++) {
        const struct json_problem *problem = &problems->items[i];
        MUST (problem->pointer && strncmp (problem->code, "json.", 5) == 0);
        MUST (utf8_valid (problem->pointer, strlen (problem->pointer)));
        for (size_t k = 0; k < problem->argument_count; k++)
            MUST (problem->arguments[k] && utf8_valid (problem->arguments[k], strlen (problem->arguments[k])));
    }
}

/* Ours is the stricter of the two. Numbers that jansson cannot hold as one of its own are left out. */
static void
jansson_agrees (const char *text, size_t size)
{
    json_error_t error;
    json_t *value = json_loadb (text, size, JSON_REJECT_DUPLICATES, &error);
    MUST (value || json_error_code (&error) == json_error_numeric_overflow);
    json_decref (value);
}

static void
comes_back (const ProtobufCMessage *message)
{
    static uint8_t once[AGAIN], twice[AGAIN];
    struct err err;
    struct json_problems problems = { .count = 0 };
    ProtobufCMessage *again = NULL;
    TEXT_AUTO struct text_buffer text = TEXT_BUFFER (AGAIN);
    size_t packed = protobuf_c_message_get_packed_size (message);
    MUST (protobuf_c_message_check (message));
    if (packed > AGAIN)
        return;
    MUST (protobuf_c_message_pack (message, once) == packed);
    MUST (message_unpack (message->descriptor, arena, once, packed, &again, &err) != RC_INVALID);
    enum rc rc = json_from_message (message, &text, &err);
    if (rc != RC_OK) {
        MUST (text.failed);
        return;
    }
    rc = json_to_message (text.data, text.size, message->descriptor, arena, &again, &problems, &err);
    if (rc != RC_OK) {
        MUST (strcmp (problems.items[0].code, "json.too_large") == 0);
        return;
    }
    MUST (protobuf_c_message_get_packed_size (again) == packed);
    MUST (protobuf_c_message_pack (again, twice) == packed && memcmp (once, twice, packed) == 0);
}

static const ProtobufCMessageDescriptor *
type_choose (const char *name, size_t size)
{
    uint32_t hash = 2166136261;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (uint8_t)name[i]) * 16777619;
    for (size_t i = 0; i < FUZZ_MESSAGES; i++)
        if (strlen (fuzz_messages[i]->name) == size && memcmp (fuzz_messages[i]->name, name, size) == 0)
            return fuzz_messages[i];
    return fuzz_messages[hash % FUZZ_MESSAGES];
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    struct err err = { 0 };
    struct json_problems problems = { .count = 0 };
    ProtobufCMessage *message = NULL;
    if (!arena)
        arena = arena_new (ARENA);
    MUST (arena);
    const uint8_t *line = memchr (data, '\n', size);
    if (!line)
        return 0;
    arena_reset (arena);
    const ProtobufCMessageDescriptor *type = type_choose ((const char *)data, (size_t)(line - data));
    size -= (size_t)(line + 1 - data);
    char *text = malloc (size ? size : 1); /* at its own size, so that a byte too far is seen */
    MUST (text);
    memcpy (text, line + 1, size);
    enum rc rc = json_to_message (text, size, type, arena, &message, &problems, &err);
    if (rc == RC_OK) {
        MUST (message && message->descriptor == type && problems.count == 0);
        jansson_agrees (text, size);
        comes_back (message);
    } else {
        MUST (!message);
        problems_check (&problems, &err, rc);
    }
    free (text);
    return 0;
}
