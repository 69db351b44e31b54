#include "tests/support/harness.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/test.h"

enum { HARNESS_ARENA = 64 << 20, GRANTS_MAX = 16 };

static uint64_t
random_next (void *self)
{
    struct harness *harness = self;
    return harness->random += 0x9e3779b97f4a7c15u; /* any sequence will do; ids pass through a hash */
}

struct harness *
harness_new (const struct service *service)
{
    struct harness *harness = calloc (1, sizeof *harness);
    assert_non_null (harness);
    harness->service = service;
    harness->arena = arena_new (HARNESS_ARENA);
    harness->rows = row_map_new (harness->arena);
    assert_non_null (harness->rows);
    harness->unit = (struct unit){
        .arena = harness->arena,
        .rows = harness->rows,
        .now = HARNESS_NOW,
        .random = random_next,
        .random_self = harness,
    };
    return harness;
}

void
harness_destroy (struct harness **harness)
{
    if (!*harness)
        return;
    row_map_destroy (&(*harness)->rows);
    arena_destroy (&(*harness)->arena);
    free (*harness);
    *harness = NULL;
}

struct uuid
harness_id (char name)
{
    return uuid_of (&name, 1);
}

void
harness_pass (struct harness *harness, int64_t microseconds)
{
    harness->unit.now += microseconds;
}

void *
harness_row (struct harness *harness, const struct table *table, struct uuid id)
{
    struct row *row = row_map_want (harness->rows, table, HARNESS_TENANT, id);
    int64_t tenant = HARNESS_TENANT;
    assert_non_null (row);
    assert_null (row->data);
    char *data = arena_alloc (harness->arena, table->row_size);
    memcpy (data + table->columns[0].offset, &tenant, sizeof tenant);
    memcpy (data + table->columns[1].offset, &id, sizeof id);
    row_loaded (row, data);
    for (size_t i = 0; i < table->n_children; i++)
        row_children_loaded (row, i, NULL, 0, harness->arena);
    return data;
}

void *
harness_child (struct harness *harness, const struct table *table, void *row, size_t child)
{
    return unit_child_add (&harness->unit, table, row, &table->children[child]);
}

const void *
harness_find (struct harness *harness, const struct table *table, struct uuid id)
{
    struct row *row = row_map_find (harness->rows, table, HARNESS_TENANT, id);
    return row ? row->data : NULL;
}

static const ProtobufCMessage *
unpacked (struct harness *harness, const ProtobufCMessageDescriptor *type, struct bytes bytes)
{
    ProtobufCMessage *message =
        protobuf_c_message_unpack (type, arena_protobuf (harness->arena), bytes.size, bytes.data);
    if (!message)
        fail_msg ("no %s", type->name);
    return message;
}

static const ProtobufCMessage *
travelled (struct harness *harness, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size (message);
    uint8_t *data = arena_alloc (harness->arena, size + 1);
    assert_non_null (data);
    protobuf_c_message_pack (message, data);
    return unpacked (harness, message->descriptor, (struct bytes){ data, size });
}

static struct message *
message_fill (struct harness *harness, enum message_source source, struct uuid subject, const void *data)
{
    const ProtobufCMessage *message = data;
    harness->message = (struct message){
        .source = source,
        .id = unit_id (&harness->unit),
        .type = message->descriptor->name,
        .tenant = HARNESS_TENANT,
        .subject = subject,
        .time = harness->unit.now,
        .data = travelled (harness, message),
    };
    return &harness->message;
}

struct message *
harness_command (struct harness *harness, struct uuid subject, const void *data)
{
    struct message *message = message_fill (harness, MESSAGE_COMMAND, subject, data);
    struct uuid person = harness_id ('p');
    Padan__Principal *principal = arena_alloc (harness->arena, sizeof *principal);
    assert_non_null (principal);
    padan__principal__init (principal);
    principal->person_id.data = arena_copy (harness->arena, &person, sizeof person);
    principal->person_id.len = sizeof person;
    principal->name = arena_string (harness->arena, "Petugas");
    principal->grants = arena_array (harness->arena, GRANTS_MAX, sizeof *principal->grants);
    message->principal = principal;
    message->service = "gateway";
    return message;
}

void
harness_grant (struct harness *harness, Padan__Role role, const char *place)
{
    Padan__Principal *principal = (Padan__Principal *)harness->message.principal;
    Padan__Grant *grant = arena_alloc (harness->arena, sizeof *grant);
    assert_non_null (grant);
    assert_true (principal->n_grants < GRANTS_MAX);
    padan__grant__init (grant);
    grant->tenant = HARNESS_TENANT;
    grant->role = role;
    grant->place = arena_string (harness->arena, place);
    principal->grants[principal->n_grants++] = grant;
}

struct message *
harness_entry (struct harness *harness, const char *log, struct uuid subject, int64_t version, const void *data)
{
    struct message *message = message_fill (harness, MESSAGE_ENTRY, subject, data);
    message->version = version;
    message->log = log;
    message->service = log;
    message->position = 1;
    return message;
}

struct message *
harness_due (struct harness *harness, struct uuid subject, int64_t input_version, const void *data)
{
    struct message *message = message_fill (harness, MESSAGE_DUE, subject, data);
    message->version = input_version;
    return message;
}

enum rc
harness_run (struct harness *harness, decide_fn *decide, keys_fn *keys)
{
    struct unit *unit = &harness->unit;
    const struct message *message = &harness->message;
    struct keys names = { harness->rows };
    harness->n_log = unit->n_log;
    harness->n_due = unit->n_due = 0; /* stored: a cancellation in this run must not reach what others scheduled */
    harness->n_cancel = unit->n_cancel;
    harness->err = (struct err){ 0 };
    enum rc rc = RC_OK;
    if (keys)
        rc = keys (&names, message, &harness->err);
    else
        keys_add (&names, harness->service->tables[0], message->tenant, message->subject);
    if (rc != RC_OK)
        return rc;
    unit_start (unit, message);
    rc = decide (unit, message, &harness->err);
    unit_end (unit, rc == RC_OK);
    return rc;
}

const void *
harness_reply (struct harness *harness, const ProtobufCMessageDescriptor *type)
{
    if (!harness->unit.reply.data)
        fail_msg ("no reply");
    return unpacked (harness, type, harness->unit.reply);
}

size_t
harness_events (const struct harness *harness)
{
    return harness->unit.n_log - harness->n_log;
}

const void *
harness_event (struct harness *harness, size_t index, const ProtobufCMessageDescriptor *type)
{
    if (index >= harness_events (harness))
        fail_msg ("no event %zu: there are %zu", index, harness_events (harness));
    const struct log_row *row = &harness->unit.log[harness->n_log + index];
    assert_string_equal (row->type, type->name);
    const Padan__Envelope *envelope = (const void *)unpacked (harness, &padan__envelope__descriptor, row->envelope);
    return unpacked (harness, type, (struct bytes){ envelope->data.data, envelope->data.len });
}

const Padan__Principal *
harness_event_actor (struct harness *harness, size_t index)
{
    assert_true (index < harness_events (harness));
    const struct log_row *row = &harness->unit.log[harness->n_log + index];
    const Padan__Envelope *envelope = (const void *)unpacked (harness, &padan__envelope__descriptor, row->envelope);
    if (!envelope->principal)
        return NULL;
    ProtobufCBinaryData statement = envelope->principal->statement;
    return (const void *)unpacked (harness, &padan__principal__descriptor,
                                   (struct bytes){ statement.data, statement.len });
}

int64_t
harness_event_version (const struct harness *harness, size_t index)
{
    assert_true (index < harness_events (harness));
    return harness->unit.log[harness->n_log + index].version;
}

size_t
harness_dues (const struct harness *harness)
{
    return harness->unit.n_due - harness->n_due;
}

const struct due_row *
harness_due_of (const struct harness *harness, const char *kind)
{
    for (size_t i = harness->unit.n_due; i-- > harness->n_due;)
        if (strcmp (harness->unit.due[i].kind, kind) == 0)
            return &harness->unit.due[i];
    return NULL;
}

bool
harness_cancelled (const struct harness *harness, const char *kind)
{
    for (size_t i = harness->n_cancel; i < harness->unit.n_cancel; i++)
        if (strcmp (harness->unit.cancel[i].kind, kind) == 0)
            return true;
    return false;
}

void
harness_rc (enum rc rc, enum rc expected, const struct err *err, const char *file, int line)
{
    if (rc == expected)
        return;
    print_error ("%s instead of %s: %s %s %s\n", rc_name (rc), rc_name (expected), err->code, err->field, err->text);
    _fail (file, line);
}

void
harness_code (const struct err *err, const char *code, const char *field, const char *file, int line)
{
    if (strcmp (err->code, code) == 0 && (!field || strcmp (err->field, field) == 0))
        return;
    print_error ("%s %s (%s) instead of %s %s\n", err->code, err->field, err->text, code, field ? field : "");
    _fail (file, line);
}
