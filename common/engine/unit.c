#include "common/engine/unit.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* A row as it was before the message being decided. */
struct undo {
    void *data; /* copy of the struct; NULL: the row did not exist */
    void **children;
    bool is_new, is_changed;
};

/* Memory of a batch is bounded by the size of its messages and rows; past the arena's limit we end, and begin again
 * from what is committed. */
static void *
unit_memory (struct unit *unit, size_t count, size_t size)
{
    void *memory = arena_array (unit->arena, count, size);
    MUST (memory);
    return memory;
}

static void *
grow (struct unit *unit, void *array, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return array;
    *room = *room ? 2 * *room : 64;
    void *bigger = unit_memory (unit, *room, size);
    if (n)
        memcpy (bigger, array, n * size);
    return bigger;
}

int64_t
unit_now (const struct unit *unit)
{
    return unit->now;
}

struct arena *
unit_arena (struct unit *unit)
{
    return unit->arena;
}

struct uuid
unit_id (struct unit *unit)
{
    if (!unit->random)
        return uuid_new (unit->now);
    uint64_t random[2] = { unit->random (unit->random_self), unit->random (unit->random_self) };
    struct uuid id = uuid_of (random, sizeof random);
    for (int i = 0; i < 6; i++)
        id.bytes[i] = (uint8_t)((uint64_t)unit->now / 1000 >> (40 - 8 * i));
    return id;
}

static struct row *
row_named (struct unit *unit, const struct table *table, int64_t tenant, struct uuid id)
{
    struct row *row = row_map_find (unit->rows, table, tenant, id);
    MUST (row); /* its keys function must have named it, or it would not be locked */
    return row;
}

static void *
children_of (const struct row *row, size_t child)
{
    return *(void **)((char *)row->data + row->table->children[child].rows_offset);
}

static size_t
count_of (const struct row *row, size_t child)
{
    return *(size_t *)((char *)row->data + row->table->children[child].count_offset);
}

static void
row_touch (struct unit *unit, struct row *row)
{
    if (row->undo)
        return;
    const struct table *table = row->table;
    struct undo *undo = unit_memory (unit, 1, sizeof *undo);
    undo->is_new = row->is_new;
    undo->is_changed = row->is_changed;
    if (row->data) {
        undo->data = arena_copy (unit->arena, row->data, table->row_size);
        undo->children = unit_memory (unit, table->n_children + 1, sizeof *undo->children);
        MUST (undo->data);
        for (size_t i = 0; i < table->n_children; i++) {
            undo->children[i] =
                arena_copy (unit->arena, children_of (row, i), count_of (row, i) * table->children[i].row_size);
            MUST (undo->children[i]);
        }
    }
    row->undo = undo;
    row->next_touched = unit->touched;
    unit->touched = row;
}

static void
row_undo (struct row *row)
{
    const struct table *table = row->table;
    row->is_new = row->undo->is_new;
    row->is_changed = row->undo->is_changed;
    if (!row->undo->data) {
        row->data = NULL;
        return;
    }
    memcpy (row->data, row->undo->data, table->row_size);
    for (size_t i = 0; i < table->n_children; i++)
        *(void **)((char *)row->data + table->children[i].rows_offset) = row->undo->children[i];
}

const void *
unit_peek (struct unit *unit, const struct table *table, int64_t tenant, struct uuid id)
{
    return row_named (unit, table, tenant, id)->data;
}

void *
unit_edit (struct unit *unit, const struct table *table, int64_t tenant, struct uuid id)
{
    struct row *row = row_named (unit, table, tenant, id);
    MUST (row->data);
    MUST (table->update || row->is_new);
    row_touch (unit, row);
    row->is_changed = true;
    return row->data;
}

void *
unit_create (struct unit *unit, const struct table *table, int64_t tenant, struct uuid id)
{
    struct row *row = row_named (unit, table, tenant, id);
    MUST (!row->data);
    row_touch (unit, row);
    row->data = unit_memory (unit, 1, table->row_size);
    row->is_new = true;
    memcpy ((char *)row->data + table->columns[0].offset, &tenant, sizeof tenant);
    memcpy ((char *)row->data + table->columns[1].offset, &id, sizeof id);
    return row->data;
}

void *
unit_child_add (struct unit *unit, const struct table *table, void *data, const struct child_table *child)
{
    void **rows = (void **)((char *)data + child->rows_offset);
    size_t *count = (size_t *)((char *)data + child->count_offset);
    char *bigger = unit_memory (unit, *count + 1, child->row_size);
    if (*count)
        memcpy (bigger, *rows, *count * child->row_size);
    char *added = bigger + *count * child->row_size;
    int32_t ordinal = (int32_t)*count;
    memcpy (added + child->columns[0].offset, (char *)data + table->columns[0].offset, sizeof (int64_t));
    memcpy (added + child->columns[1].offset, (char *)data + table->columns[1].offset, sizeof (struct uuid));
    memcpy (added + child->columns[2].offset, &ordinal, sizeof ordinal);
    *rows = bigger;
    ++*count;
    return added;
}

/* An event is packed at once, so that what the decision changes afterwards cannot reach it. */
static struct bytes
packed (struct unit *unit, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size (message);
    uint8_t *data = unit_memory (unit, 1, size ? size : 1);
    protobuf_c_message_pack (message, data);
    return (struct bytes){ data, size };
}

struct bytes
unit_actor (struct unit *unit, int64_t tenant)
{
    const Padan__Principal *actor = unit->actor;
    Padan__Principal who = PADAN__PRINCIPAL__INIT;
    if (!actor)
        return (struct bytes){ NULL, 0 };
    who.person_id = actor->person_id;
    who.name = actor->name;
    who.grants = unit_memory (unit, actor->n_grants + 1, sizeof *who.grants);
    for (size_t i = 0; i < actor->n_grants; i++)
        if (actor->grants[i]->tenant == tenant)
            who.grants[who.n_grants++] = actor->grants[i];
    return packed (unit, &who.base);
}

void
unit_act_as (struct unit *unit, const Padan__Principal *who)
{
    unit->actor = who;
}

void
unit_emit (struct unit *unit, int64_t tenant, struct uuid subject, int64_t version, const void *event)
{
    const ProtobufCMessage *message = event;
    struct uuid id = unit_id (unit);
    ProtobufCBinaryData cause = uuid_field (&unit->message->id);
    struct bytes data = packed (unit, message);
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    envelope.id = uuid_field (&id);
    envelope.type = (char *)message->descriptor->name;
    envelope.tenant = tenant;
    envelope.subject = uuid_field (&subject);
    envelope.version = version;
    envelope.cause = cause;
    envelope.time = unit->now;
    envelope.data = (ProtobufCBinaryData){ .len = data.size, .data = (uint8_t *)data.data };
    Padan__SignedPrincipal actor = PADAN__SIGNED_PRINCIPAL__INIT;
    if (unit->actor) { /* who acted travels unsigned inside our own log */
        struct bytes statement = unit_actor (unit, tenant);
        actor.statement = (ProtobufCBinaryData){ .len = statement.size, .data = (uint8_t *)statement.data };
        envelope.principal = &actor;
    }
    struct bytes bytes = packed (unit, &envelope.base);
    unit->too_large = unit->too_large || bytes.size > EVENT_MAX;
    uint8_t digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256 (digest, bytes.data, bytes.size);
    unit->log = grow (unit, unit->log, unit->n_log, &unit->log_room, sizeof *unit->log);
    unit->log[unit->n_log++] = (struct log_row){
        .partition = (int32_t)partition_of (subject),
        .tenant = tenant,
        .subject = subject,
        .version = version,
        .type = message->descriptor->name,
        .id = id,
        .hash = { arena_copy (unit->arena, digest, ENTRY_HASH_SIZE), ENTRY_HASH_SIZE },
        .envelope = bytes,
    };
}

void
unit_reply (struct unit *unit, const void *reply)
{
    unit->reply = packed (unit, reply);
}

void
unit_refuse (struct unit *unit, const struct err *err)
{
    MUST (err->rc != RC_OK);
    unit->refusal = *err;
}

void
unit_due (struct unit *unit, const struct due *due)
{
    unit->due = grow (unit, unit->due, unit->n_due, &unit->due_room, sizeof *unit->due);
    unit->due[unit->n_due++] = (struct due_row){
        .id = unit_id (unit),
        .tenant = due->tenant,
        .kind = due->kind,
        .subject = due->subject,
        .input_version = due->input_version,
        .priority = due->priority,
        .due_at = due->due_at ? due->due_at : unit->now,
        .payload = due->payload ? packed (unit, due->payload) : (struct bytes){ (const uint8_t *)"", 0 },
    };
}

/* What this batch scheduled before is forgotten; the ledger cancels only what it had already. */
static void
due_forget (struct unit *unit, const char *kind, int64_t tenant, struct uuid subject)
{
    struct due_row *kept = unit_memory (unit, unit->n_due + 1, sizeof *kept);
    size_t n = 0;
    for (size_t i = 0; i < unit->n_due; i++) {
        const struct due_row *row = &unit->due[i];
        if (row->tenant != tenant || uuid_compare (row->subject, subject) != 0 || strcmp (row->kind, kind) != 0)
            kept[n++] = *row;
    }
    if (n == unit->n_due)
        return;
    unit->due_room = unit->n_due + 1;
    unit->due = kept;
    unit->n_due = n;
}

void
unit_due_cancel (struct unit *unit, const char *kind, int64_t tenant, struct uuid subject)
{
    due_forget (unit, kind, tenant, subject);
    unit->cancel = grow (unit, unit->cancel, unit->n_cancel, &unit->cancel_room, sizeof *unit->cancel);
    unit->cancel[unit->n_cancel++] = (struct due_cancel){ .kind = kind, .tenant = tenant, .subject = subject };
}

void
unit_start (struct unit *unit, const struct message *message)
{
    unit->message = message;
    unit->actor = message->principal;
    unit->touched = NULL;
    unit->reply = (struct bytes){ NULL, 0 };
    unit->refusal = (struct err){ 0 };
    unit->too_large = false;
    unit->mark_log = unit->n_log;
    unit->mark_due = unit->n_due;
    unit->mark_due_rows = unit->due;
    unit->mark_due_room = unit->due_room;
    unit->mark_cancel = unit->n_cancel;
}

void
unit_end (struct unit *unit, bool accepted)
{
    for (struct row *row = unit->touched, *next; row; row = next) {
        next = row->next_touched;
        if (!accepted)
            row_undo (row);
        row->undo = NULL;
        row->next_touched = NULL;
    }
    unit->touched = NULL;
    if (!accepted) {
        unit->n_log = unit->mark_log;
        unit->due = unit->mark_due_rows;
        unit->n_due = unit->mark_due;
        unit->due_room = unit->mark_due_room;
        unit->n_cancel = unit->mark_cancel;
        unit->reply = (struct bytes){ NULL, 0 };
    }
}

enum rc
unit_expect (const struct message *message, int64_t version, struct err *err)
{
    if (message->version == 0 || message->version == version)
        return RC_OK;
    return err_code (err, RC_STALE, "common.stale", "", "saw version %lld, it is %lld", (long long)message->version,
                     (long long)version);
}

unsigned
partition_of (struct uuid subject)
{
    uint8_t digest[8];
    static const uint8_t key[crypto_shorthash_KEYBYTES]; /* zeros: every service and every release must agree */
    crypto_shorthash (digest, subject.bytes, sizeof subject.bytes, key);
    return digest[0] % ENGINE_PARTITIONS;
}
