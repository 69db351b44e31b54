/* A whole world from one number: two instances each of till and mirror, their storage, the network between them, a
 * client that keeps its own record, and what goes wrong. The same seed gives the same run. */
#pragma once

#include "tests/sim/ledger_sim.h"
#include "tests/sim/task.h"
#include "toy.pb-c.h"

enum {
    SERVICES = 2,
    INSTANCES_EACH = 2,
    INSTANCES = SERVICES * INSTANCES_EACH,
    WORKERS_MAX = 5,
    MAIL_MAX = 64, /* an instance's inbox; what does not fit is lost, its sender repeats */
    ORDERS_MAX = 96,
    ATTEMPTS_MAX = 64,
    ACCOUNTS = 5,
    TENANT = 1272,
};
enum which_service { TILL, MIRROR };

/* What can happen. Every kind must have happened in a run of many seeds. */
#define HAPPENINGS(X)                                                                                                  \
    X (CRASH, "crash")                                                                                                 \
    X (CRASH_IN_TRANSACTION, "crash in a transaction")                                                                 \
    X (CRASH_COMMITTED, "crash after COMMIT")                                                                          \
    X (FREEZE, "freeze")                                                                                               \
    X (FREEZE_IN_TRANSACTION, "freeze in a transaction")                                                               \
    X (IDLE_CUT, "frozen transaction cut")                                                                             \
    X (STORAGE_STOP, "storage stopped") X (RETRY, "storage asks to try again") X (INTERNAL, "row cannot be written")   \
        X (UNKNOWN_DONE, "unknown COMMIT, done") X (UNKNOWN_UNDONE, "unknown COMMIT, not done")                        \
            X (LOCK_WAIT, "lock wait") X (CONFLICT, "conflict") X (POSITION_LOST, "position lost")                     \
                X (STORED_REPLY, "stored reply") X (PARKED, "parked") X (PARKED_BEHIND, "parked behind")               \
                    X (PARKED_LOST, "parked lost") X (LEASE_LOST, "lease lost") X (LEASE_EXPIRED, "lease expired")     \
                        X (DUE_FAILED, "due failed") X (DUE_KEPT, "due kept") X (DUE_CANCELLED, "due cancelled")       \
                            X (WORK_LATER, "work asks to be run later") X (SLOW_WORK, "work longer than its lease")    \
                                X (GAVE_UP, "batch given up") X (DROP_COMMAND, "command dropped")                      \
                                    X (REPEAT_COMMAND, "command repeated") X (DROP_REPLY, "reply dropped")             \
                                        X (REPEAT_REPLY, "reply repeated") X (DROP_LOG, "log answer dropped")          \
                                            X (REPEAT_LOG, "log answer repeated") X (REORDER, "packets reordered")     \
                                                X (RESENT, "client sends again")                                       \
                                                    X (KEY_REUSED, "key with another body")                            \
                                                        X (EXPIRED, "deadline passed") X (REFUSED, "refused")          \
                                                            X (ACCEPTED, "accepted")                                   \
                                                                X (CHECK_DROPPED, "stale verdict dropped")
#define HAPPENING_NAME(NAME, TEXT) HAPPENED_##NAME,
enum happening { HAPPENINGS (HAPPENING_NAME) HAPPENING_KINDS };
#undef HAPPENING_NAME
extern const char *const happening_names[HAPPENING_KINDS];

enum packet_kind { PACKET_COMMAND, PACKET_REPLY, PACKET_LOG_READ, PACKET_LOG_ANSWER };
struct packet {
    enum packet_kind kind;
    int to, from; /* instance; -1: the client */
    int64_t deliver_at;
    uint64_t serial;     /* in the order of sending */
    uint64_t number;     /* of the request it is or answers */
    struct bytes bytes;  /* command: packed Envelope; reply: packed Reply */
    int64_t *positions;  /* log read */
    uint64_t partitions; /* log read and answer: which were asked */
    struct log_entry *entries;
    size_t n_entries;
    int64_t upto;
};

enum worker_kind { WORKER_COMMANDS, WORKER_FOLLOW, WORKER_PARKED, WORKER_DUE };
struct worker {
    struct instance *instance;
    enum worker_kind kind;
    const struct due_kind *due;
    struct task *task;
    struct session *session;
    struct batch_doubt doubt;
    int64_t wake_at;
    bool (*ready) (void *); /* instead of wake_at */
    void *ready_argument;
};
struct instance {
    struct sim *sim;
    enum which_service service;
    int number;
    bool down, dying;
    int64_t up_at, frozen_at, frozen_until;
    struct worker workers[WORKERS_MAX];
    size_t n_workers;
    struct packet *inbox[MAIL_MAX]; /* commands */
    size_t n_inbox;
    struct packet *answers[MAIL_MAX];
    size_t n_answers;
    uint64_t questions;
};

enum order_type { ORDER_OPEN, ORDER_DEPOSIT, ORDER_WITHDRAW, ORDER_TRANSFER, ORDER_CLOSE, ORDER_MEND };
/* One intention of the client with all it knows of it. */
struct order {
    enum order_type type;
    int account, other;
    int64_t amount, seen_version, mend_version;
    bool faulty;
    char key[24];
    struct uuid attempts[ATTEMPTS_MAX];
    bool another_body[ATTEMPTS_MAX]; /* this attempt bears another body under the same key */
    size_t n_attempts;
    int64_t next_at; /* when it is sent (again); 0: not any more */
    bool next_other; /* … with another body */
    bool answered, accepted;
    struct bytes reply; /* the first final one */
    int64_t version, balance;
};

struct sim {
    uint64_t seed, random;
    int64_t now, last_event;
    unsigned steps, mutations;
    bool trace, faults;
    char failure[400];
    unsigned happened[HAPPENING_KINDS];
    struct arena *arena;
    struct ledger_sim *ledgers[SERVICES];
    struct instance instances[INSTANCES];
    struct packet **packets;
    size_t n_packets, packets_room;
    uint64_t serial, delivered[(INSTANCES + 1) * (INSTANCES + 1)];
    struct instance *crash_wanted; /* by a boundary, done by the scheduler */
    struct uuid accounts[ACCOUNTS];
    struct order orders[ORDERS_MAX];
    size_t n_orders;
    int opened;
    unsigned to_make; /* orders the client has not thought of yet */
    int64_t next_order_at, next_person_at;
};

extern const struct service *const sim_services[SERVICES];

/* Runs the world of this seed to its end and checks it. Returns false with *ret_failure filled (400 bytes). */
bool sim_run (uint64_t seed, unsigned mutations, bool trace, unsigned happened[HAPPENING_KINDS], char *ret_failure);

uint64_t sim_random (struct sim *sim);
bool sim_chance (struct sim *sim, unsigned one_in); /* only while faults happen */
int64_t sim_between (struct sim *sim, int64_t from, int64_t to);
void sim_happened (struct sim *sim, enum happening what);
void sim_fail (struct sim *sim, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
void sim_trace (struct sim *sim, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
void *sim_memory (struct sim *sim, size_t count, size_t size);

/* network.c */
void packet_send (struct sim *sim, const struct packet *packet);
void packet_deliver (struct sim *sim, size_t i);

/* What handlers may use outside transactions. */
struct gather {
    struct arena *arena;
};

/* worker.c */
void instance_start (struct instance *instance);
void instance_crash (struct instance *instance);
bool worker_can_run (const struct worker *worker);
void worker_pause (void *worker, enum boundary at);
void worker_wait (void *worker, bool (*ready) (void *), void *argument);

/* client.c */
void client_start (struct sim *sim);
void client_act (struct sim *sim);
int64_t client_next (const struct sim *sim); /* when it acts next; INT64_MAX never */
void client_receive (struct sim *sim, const struct packet *packet);
bool client_is_done (const struct sim *sim);

/* check.c */
void sim_check (struct sim *sim);
