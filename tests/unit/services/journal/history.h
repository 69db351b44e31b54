/* A journal's rows in memory, entries of other services' logs, and the history they made. */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "approval.pb-c.h"
#include "batching.pb-c.h"
#include "common/engine/unit.h"
#include "distribution.pb-c.h"
#include "intake.pb-c.h"
#include "services/journal/journal.h"
#include "tests/support/harness.h"
#include "tests/support/test.h"
#include "validation.pb-c.h"

enum { HISTORY_MOST = 4096 };

/* One entry reaches the journal; id: the event's. harness->err says why not. */
static inline enum rc
history_say (struct harness *harness, const char *log, struct uuid id, struct uuid subject, int64_t version,
             const void *event)
{
    const ProtobufCMessage *data = event;
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    uint8_t salt[SALT_SIZE] = { 7 };
    struct fact *fact;
    envelope.id = uuid_field (&id);
    envelope.type = (char *)data->descriptor->name;
    envelope.tenant = HARNESS_TENANT;
    envelope.subject = uuid_field (&subject);
    envelope.version = version;
    envelope.time = harness->unit.now;
    envelope.data.len = protobuf_c_message_get_packed_size (data);
    envelope.data.data = arena_alloc (harness->arena, envelope.data.len + 1);
    protobuf_c_message_pack (data, envelope.data.data);
    struct message *message = harness_entry (harness, log, subject, version, &envelope);
    enum rc rc = fact_read (harness->arena, log, (const void *)message->data, salt, &fact, &harness->err);
    if (rc != RC_OK)
        return rc;
    message->facts = fact;
    return harness_run (harness, on_entry, on_entry_keys);
}

static inline int
history_compare (const void *a, const void *b)
{
    const struct event_row *left = *(struct event_row *const *)a, *right = *(struct event_row *const *)b;
    return left->number < right->number ? -1 : left->number > right->number;
}

/* Every event placed, by number; holds the numbers to 1 … n and the chain to its links. */
static inline const struct event_row **
history (struct harness *harness, size_t *ret_n)
{
    const struct event_row **list = arena_array (harness->arena, HISTORY_MOST, sizeof *list);
    size_t n_rows, n = 0;
    struct row **rows = row_map_sorted (harness->rows, &story_table, &n_rows);
    uint8_t chain[CHAIN_SIZE];
    for (size_t i = 0; i < n_rows; i++) {
        const struct story *story = rows[i]->data;
        for (size_t k = 0; story && k < story->n_events; k++) {
            assert_true (n < HISTORY_MOST);
            list[n++] = &story->events[k];
        }
    }
    qsort (list, n, sizeof *list, history_compare);
    chain_start (HARNESS_TENANT, chain);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal (list[i]->number, i + 1);
        chain_next (list[i], chain, harness->arena, chain);
        assert_memory_equal (list[i]->chain.data, chain, CHAIN_SIZE);
    }
    const struct head *head = harness_find (harness, &head_table, head_id (HARNESS_TENANT));
    assert_int_equal (head ? head->number : 0, n);
    *ret_n = n;
    return list;
}

static inline int64_t
history_total (struct harness *harness, const char *what, const char *code)
{
    const struct head *head = harness_find (harness, &head_table, head_id (HARNESS_TENANT));
    for (size_t i = 0; head && i < head->n_totals; i++)
        if (strcmp (head->totals[i].what, what) == 0 && strcmp (head->totals[i].code, code) == 0)
            return head->totals[i].count;
    return 0;
}

static inline size_t
history_held (const struct story *story)
{
    size_t n = 0;
    for (size_t i = 0; i < story->n_held; i++)
        n += story->held[i].version != 0;
    return n;
}
