/* What a service is to the engine: tables of rows, messages and pure functions. main.c of a service is such a table
 * and one call of service_main. */
#pragma once

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/moves.h"
#include "common/base/uuid.h"
#include "common/db/db.h"
#include "envelope.pb-c.h"

struct config_row;
struct http_page_reasons;
struct unit;
struct gather;
struct query;

/* One message as a decision sees it. Everything is borrowed from the batch's arena. */
enum message_source {
    MESSAGE_COMMAND, /* from a person or a service, answered */
    MESSAGE_ENTRY,   /* from a followed log */
    MESSAGE_DUE,     /* from our own due rows: a timer, or the result of work */
};
struct message {
    enum message_source source;
    struct uuid id;
    const char *type; /* full protobuf name of data */
    int64_t tenant;
    struct uuid subject;
    int64_t version; /* command: the version its sender saw, 0 none; entry: the subject's version after it;
                        due: the input version it was scheduled for */
    struct uuid cause;
    int64_t time;                      /* when its sender made it, UTC µs */
    const Padan__Principal *principal; /* commands of people; NULL: a service */
    const char *service;               /* which service sent it: its CURVE key proved it */
    const ProtobufCMessage *data;      /* of the handler's type */
    const char *log;                   /* entry: whose log */
    int64_t position;                  /* entry: where in it */
    void *facts;                       /* what gather found for it; NULL none */
};

/* ---------------------------------------------------------------- rows */

/* A child row belongs to one row of a table and is loaded and saved with it: a member of an application.
 * columns[0] is the tenant, columns[1] the parent's id, columns[2] the ordinal (integer, from 0, no gaps). */
struct child_table {
    const char *name;
    size_t row_size;
    const struct db_column *columns;
    size_t n_columns;
    const struct sql *load;   /* ($1 bigint[] tenants, $2 uuid[] parents) ordered by tenant, parent, ordinal */
    const struct sql *save;   /* one array per column: insert, or update on conflict */
    const struct sql *insert; /* the same for children of new parents, where none can be in the way; NULL: save */
    size_t rows_offset, count_offset; /* in the parent: `struct x *rows`, `size_t n_rows` */
};

/* A table of aggregates. columns[0] is the tenant (bigint), columns[1] the id (uuid). Tables are locked in the order
 * of the service's list, rows in the order of (tenant, id): one lock order for the whole service. */
struct table {
    const char *name;
    size_t row_size;
    const struct db_column *columns;
    size_t n_columns;
    const struct sql *load;   /* ($1 bigint[] tenants, $2 uuid[] ids) … order by tenant, id for update */
    const struct sql *insert; /* one array per column; a row that exists violates the key */
    const struct sql *update; /* one array per column; NULL: rows are never changed */
    const struct child_table *children;
    size_t n_children;
};

/* Rows a message may touch, named before the transaction so that all are locked in order. */
struct keys;
void keys_add (struct keys *keys, const struct table *table, int64_t tenant, struct uuid id);
/* One that is hardly ever there, because the message makes it: it is taken to be absent and not looked for, which costs
 * as much as writing it. If it does exist, writing it fails, and the batch runs again on what is there. */
void keys_add_new (struct keys *keys, const struct table *table, int64_t tenant, struct uuid id);

/* ---------------------------------------------------------------- decisions */

/* Pure: no I/O, clock or random. RC_OK keeps what it did to the unit; anything else undoes it and is the refusal
 * (commands) or the reason it is parked (entries) or tried again (due work). RC_RETRY of those two asks for later: it
 * is no failure, and is not counted. */
typedef enum rc decide_fn (struct unit *unit, const struct message *message, struct err *err);
typedef enum rc keys_fn (struct keys *keys, const struct message *message, struct err *err);
/* Outside any transaction, for all messages of one handler in the batch: fills message->facts. May query and call.
 * A message it cannot serve: gather_refuse. After a failure it is called again for fewer and fewer messages, and those
 * it fails on alone are refused, or run later when it returns RC_RETRY because another service is away; without the
 * database, and for the entries of a log, RC_RETRY runs the whole batch again later. A secret command whose sender
 * cannot know the tenant (signing in) gets message->tenant here: its transaction sees that tenant's rows. */
typedef enum rc gather_fn (struct gather *gather, struct message *const *messages, size_t n, struct err *err);

int64_t unit_now (const struct unit *unit);   /* UTC µs, by the database's clock, one instant a batch */
struct uuid unit_id (struct unit *unit);      /* a fresh UUIDv7 */
struct arena *unit_arena (struct unit *unit); /* lives as long as the batch */
/* The row, or NULL when there is none. The key must have been named. */
const void *unit_peek (struct unit *unit, const struct table *table, int64_t tenant, struct uuid id);
void *unit_edit (struct unit *unit, const struct table *table, int64_t tenant, struct uuid id);   /* must exist */
void *unit_create (struct unit *unit, const struct table *table, int64_t tenant, struct uuid id); /* must not exist */
/* Appends a zeroed child (tenant, parent and ordinal set) to a row got by unit_edit or unit_create. */
void *unit_child_add (struct unit *unit, const struct table *table, void *row, const struct child_table *child);
/* Appends an event to our log: what became of `subject`, now at `version`. */
void unit_emit (struct unit *unit, int64_t tenant, struct uuid subject, int64_t version, const void *event);
/* Who acts, packed for the payload of work that goes on later: id, name, roles in this tenant. Empty: a service. */
struct bytes unit_actor (struct unit *unit, int64_t tenant);
/* That later work: events of this message name who asked for it. Borrowed until the decision ends. */
void unit_act_as (struct unit *unit, const Padan__Principal *who);
void unit_reply (struct unit *unit, const void *reply); /* packed at once */
/* What the command did is kept, and this is its answer: a wrong password is counted, and refused. */
void unit_refuse (struct unit *unit, const struct err *err);
/* Work or a timer for later; a row with the same (kind, tenant, subject, input_version) already waiting is kept. */
struct due {
    const char *kind;
    int64_t tenant;
    struct uuid subject;
    int64_t input_version;
    int32_t priority;    /* 0 first */
    int64_t due_at;      /* 0: now */
    const void *payload; /* message of the kind's type */
};
void unit_due (struct unit *unit, const struct due *due);
void unit_due_cancel (struct unit *unit, const char *kind, int64_t tenant, struct uuid subject);
/* RC_STALE unless the command saw this version (or named none). */
enum rc unit_expect (const struct message *message, int64_t version, struct err *err);
/* Does the sender hold one of the roles (bits 1 << PADAN__ROLE__X) in the message's tenant at this place? */
bool message_allowed (const struct message *message, unsigned roles, const char *place);

/* ---------------------------------------------------------------- the tables of a service */

enum lane {
    LANE_PERSON, /* an officer waits for it */
    LANE_BULK,   /* an import or a machine: served with what is left */
};

/* Which of our programs may send a message without a person, by the name their CURVE key proves. */
#define SERVICES(...)                                                                                                  \
    (const char *const[])                                                                                              \
    {                                                                                                                  \
        __VA_ARGS__, NULL                                                                                              \
    }

struct command {
    const ProtobufCMessageDescriptor *type;
    const ProtobufCMessageDescriptor *reply; /* NULL: an empty reply */
    decide_fn *decide;
    unsigned roles;              /* bits 1 << PADAN__ROLE__X: who may send it; 0 with no services: nobody */
    const char *const *services; /* SERVICES ("padan"): those that may send it for nobody; NULL: none */
    bool anyone;                 /* no principal needed, and no role: its decision says who may (signing in) */
    keys_fn *keys;               /* NULL: the subject, in the first table */
    gather_fn *gather;           /* NULL: nothing to gather */
    enum lane lane;
    bool secret; /* its body holds a password: neither a hash of it nor the reply is kept, so the command must be
                    harmless when repeated by itself (ids made by the sender) */
};

struct entry {
    const ProtobufCMessageDescriptor *type;
    decide_fn *decide;
    keys_fn *keys; /* NULL: the subject, in the first table */
    gather_fn *gather;
};
struct follow {
    const char *log;             /* the service whose log we follow */
    const struct entry *entries; /* NULL-typed at the end; types not listed are passed over */
    /* Takes every other type (the journal): its type is NULL and message->data is the Padan__Envelope itself. */
    const struct entry *any;
};

/* One claimed row of due work, and the place for its result. */
struct due_item {
    struct uuid id;
    int64_t tenant;
    struct uuid subject;
    int64_t input_version;
    int32_t attempt; /* from 1; a lease that ran out was one */
    const ProtobufCMessage *payload;
    const ProtobufCMessage *result; /* set by work; NULL with rc RC_OK: nothing to decide, row is done */
    enum rc rc;                     /* set by work: RC_RETRY tries again later, others count as failures */
    struct err err;
};
typedef void work_fn (struct gather *gather, struct due_item *items, size_t n);
struct due_kind {
    const char *name;
    const ProtobufCMessageDescriptor *payload;
    const ProtobufCMessageDescriptor *result; /* what decide gets; NULL: the payload itself (a timer) */
    work_fn *work;                            /* NULL: a timer */
    decide_fn *decide;
    keys_fn *keys;
    gather_fn *gather;      /* before the decision, as for commands; NULL none */
    unsigned batch;         /* rows claimed at once */
    unsigned lease_seconds; /* longer than the work ever takes; saves double work, is never what keeps us safe */
    unsigned attempts;      /* then it waits for a person */
};

/* Answers on a reader thread inside a read-only transaction bound to the asker's tenant. */
typedef enum rc query_fn (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                          struct err *err);
struct query_handler {
    const ProtobufCMessageDescriptor *type;
    const ProtobufCMessageDescriptor *reply;
    query_fn *answer;
    unsigned roles; /* these two as a command's */
    const char *const *services;
    bool everywhere; /* asked with tenant 0, every tenant's rows, because whose it is must be found (a token) */
};

struct service {
    const char *name;                  /* also its schema and its log */
    const struct table *const *tables; /* NULL at the end; in lock order */
    const char *const *followers;      /* who may read the log, by the name their key proves; NULL at the end */
    const struct command *commands;    /* these lists end with a NULL type */
    const struct follow *follows;
    const struct due_kind *due_kinds;
    const struct query_handler *queries;
    const struct moves *const *moves;                          /* NULL at the end, or NULL: drawn in moves.md */
    const char *migrations;                                    /* directory below the source or data root */
    const struct config_row *config;                           /* the service's own rows; NULL none */
    void *settings;                                            /* where they go */
    enum rc (*start) (struct gather *gather, struct err *err); /* once, before anything is served; NULL none */
    void (*ready) (struct http_page_reasons *reasons); /* adds to /readyz what only the service knows; NULL nothing */
};

int service_main (const struct service *service, int argc, char **argv);

/* ---------------------------------------------------------------- outside the transaction */

/* The calling thread's reader connection, other services, arena: for gather, work and start. */
struct arena *gather_arena (struct gather *gather);
int64_t gather_now (struct gather *gather);
const struct service *gather_service (struct gather *gather);
const char *gather_data (struct gather *gather); /* root of the data files: configuration row `data` */
/* Runs read statements as the reader role, bound to this tenant (0: all, for the engine's own rows). */
enum rc gather_read (struct gather *gather, int64_t tenant, struct db_call *calls, size_t n, struct err *err);
/* Asks another service; message is of the query's type, the reply is unpacked into the arena. */
enum rc gather_ask (struct gather *gather, const char *service, int64_t tenant, const void *question,
                    const ProtobufCMessageDescriptor *reply, const void **ret_reply, struct err *err);
/* Gives another service a command under `key`: repeat it with the same key and it is done once. */
enum rc gather_command (struct gather *gather, const char *service, int64_t tenant, struct uuid subject,
                        int64_t version, const char *key, const void *command, const ProtobufCMessageDescriptor *reply,
                        const void **ret_reply, struct err *err);
/* Gives a command that may be lost, and does not wait for its answer: a sign of life. */
void gather_tell (struct gather *gather, const char *service, int64_t tenant, struct uuid subject, const void *command);
/* The directory of keys, for the service that signs. */
const char *gather_keys (struct gather *gather);
/* The message is refused before its transaction. */
void gather_refuse (struct gather *gather, struct message *message, const struct err *err);

struct arena *query_arena (struct query *query);
int64_t query_now (struct query *query);
enum rc query_run (struct query *query, struct db_call *calls, size_t n, struct err *err);
struct gather *query_gather (struct query *query);
/* Nothing to tell yet: the answer is kept back and the question asked again after commits here (twice a second for
 * those of other instances), until one does not say this or the time is over; then the newest answer leaves. */
void query_wait (struct query *query, unsigned milliseconds);
