/* Decisions under test, without a database: rows in memory, a message, the real unit of work, and what came of it.
 *
 *     HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
 *     struct application *row = harness_row (harness, &application_table, id);
 *     row->state = "entered";
 *     struct message *message = harness_command (harness, id, &send.base);
 *     harness_grant (harness, PADAN__ROLE__ROLE_KELURAHAN, "12.72.01.1003");
 *     assert_rc (harness_run (harness, on_send_application, NULL), RC_OK);
 *     const Padan__Intake__V1__ApplicationSent *sent = harness_event (harness, 0, &…application_sent__descriptor);
 *
 * Decisions accumulate on the same rows, as in a batch; a refusal leaves nothing behind, which is checked by the unit
 * itself. Everything lives as long as the harness. Time stands still at HARNESS_NOW until harness_pass. */
#pragma once

#include "common/base/clock.h"
#include "common/engine/unit.h"

enum { HARNESS_TENANT = 1272 };
#define HARNESS_NOW ((int64_t)1795392000 * CLOCK_SECOND) /* 2026-11-23 00:00 UTC, a Monday 07.00 WIB */

struct harness {
    const struct service *service;
    struct arena *arena;
    struct row_map *rows;
    struct unit unit;
    struct message message; /* the next one: change what a test wants otherwise */
    struct err err;         /* of the last run */
    uint64_t random;
    size_t n_log, n_due, n_cancel; /* when the last run began */
};

struct harness *harness_new (const struct service *service);
void harness_destroy (struct harness **harness);
#define HARNESS_AUTO __attribute__ ((cleanup (harness_destroy)))

/* A fresh id; ids made from the same letter are the same: harness_id ('a'). */
struct uuid harness_id (char name);
void harness_pass (struct harness *harness, int64_t microseconds);

/* A zeroed row of tenant HARNESS_TENANT as storage would have loaded it, to be filled in. */
void *harness_row (struct harness *harness, const struct table *table, struct uuid id);
/* Appends a child to such a row, or to one a decision made. */
void *harness_child (struct harness *harness, const struct table *table, void *row, size_t child);
/* The row as it is now, NULL none. */
const void *harness_find (struct harness *harness, const struct table *table, struct uuid id);

/* The next message. It has no facts until the test sets message->facts. `data` is packed and unpacked on the way, as a
 * real one is. A command comes from person 'p' without any grant; of a service: set principal to NULL. */
struct message *harness_command (struct harness *harness, struct uuid subject, const void *data);
void harness_grant (struct harness *harness, Padan__Role role, const char *place);
struct message *harness_entry (struct harness *harness, const char *log, struct uuid subject, int64_t version,
                               const void *data);
struct message *harness_due (struct harness *harness, struct uuid subject, int64_t input_version, const void *data);

/* Names the rows (keys NULL: the subject in the service's first table) and decides. harness->err says why not. */
enum rc harness_run (struct harness *harness, decide_fn *decide, keys_fn *keys);

/* What the last run did. Unpacked; the test fails when there is none or it is of another type. */
const void *harness_reply (struct harness *harness, const ProtobufCMessageDescriptor *type);
size_t harness_events (const struct harness *harness);
const void *harness_event (struct harness *harness, size_t index, const ProtobufCMessageDescriptor *type);
/* Whom the event says acted; NULL a service. */
const Padan__Principal *harness_event_actor (struct harness *harness, size_t index);
int64_t harness_event_version (const struct harness *harness, size_t index);
size_t harness_dues (const struct harness *harness);
/* The last due row of that kind; NULL none. */
const struct due_row *harness_due_of (const struct harness *harness, const char *kind);
bool harness_cancelled (const struct harness *harness, const char *kind);

/* Fails with the names of both and the text of the refusal. */
#define assert_rc(RUN, EXPECTED) harness_rc ((RUN), (EXPECTED), &harness->err, __FILE__, __LINE__)
/* A refusal with this code (and field, NULL any). */
#define assert_refused(RUN, EXPECTED, CODE, FIELD)                                                                     \
    do {                                                                                                               \
        assert_rc ((RUN), (EXPECTED));                                                                                 \
        harness_code (&harness->err, (CODE), (FIELD), __FILE__, __LINE__);                                             \
    } while (0)
void harness_rc (enum rc rc, enum rc expected, const struct err *err, const char *file, int line);
void harness_code (const struct err *err, const char *code, const char *field, const char *file, int line);
