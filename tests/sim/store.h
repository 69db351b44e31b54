/* The inside of ledger_sim: what is committed, who holds which lock. */
#pragma once

#include "tests/sim/ledger_sim.h"

enum { STORE_CHILDREN = 4 };

struct stored_row {
    const struct table *table;
    int64_t tenant;
    struct uuid id;
    void *data;
    void *children[STORE_CHILDREN];
    size_t n_children[STORE_CHILDREN];
};
struct stored_position {
    const char *log;
    int64_t position[ENGINE_PARTITIONS], last_position[ENGINE_PARTITIONS];
    uint8_t last_hash[ENGINE_PARTITIONS][ENTRY_HASH_SIZE];
};
struct stored_command {
    struct command_key key;
    struct stored_reply reply;
};
struct stored_parked {
    struct parked_row row;
    bool gone;
};
struct stored_due {
    struct due_row row;
    int32_t attempts;
    bool for_person;
    struct uuid token;
    int64_t lease_until;
    bool gone;
};
struct stored_entry {
    struct log_row row;
    int64_t position;
};

/* A growing array in the store's arena. */
#define LIST(TYPE)                                                                                                     \
    struct {                                                                                                           \
        TYPE *items;                                                                                                   \
        size_t n, room;                                                                                                \
    }
#define LIST_ADD(STORE, LIST_)                                                                                         \
    ((LIST_)->items = list_grow ((STORE)->arena, (LIST_)->items, (LIST_)->n, &(LIST_)->room, sizeof *(LIST_)->items),  \
     &(LIST_)->items[(LIST_)->n++])
void *list_grow (struct arena *arena, void *items, size_t n, size_t *room, size_t size);

struct lock {
    uint64_t key;
    struct session *holder;
};
struct ledger_sim {
    const struct service *service;
    struct ledger_hooks hooks;
    unsigned mutations;
    struct arena *arena;
    struct uuid epoch;
    int64_t time; /* without hooks */
    int64_t head;
    LIST (struct stored_row) rows;
    LIST (struct stored_position) positions;
    LIST (struct stored_command) commands;
    LIST (struct stored_parked) parked;
    LIST (struct stored_due) due;
    LIST (struct stored_entry) log;
    LIST (struct lock) locks;
};
struct session {
    struct ledger_sim *ledger;
    void *self;
    bool open, cut;
    uint64_t waits_for;          /* 0: for nothing */
    const struct row *inserting; /* … or until this row exists: who inserts waits for the other's insert only */
    struct ledger_read read;
    bool *parked_won, *due_won;
    bool position_taken; /* MUTATION_POSITION_EARLY */
};

/* Locks of a transaction by name; names are hashes, and different spaces never meet. */
enum lock_space { LOCK_POSITION = 1, LOCK_PARKED, LOCK_DUE, LOCK_DUE_KEY, LOCK_ROW, LOCK_COMMAND, LOCK_HEAD };
uint64_t lock_name (enum lock_space space, const char *text, int64_t number, struct uuid id);
enum rc lock_take (struct session *session, uint64_t key, struct err *err);
void locks_release (struct session *session);

struct stored_row *store_row (const struct ledger_sim *store, const struct table *table, int64_t tenant,
                              struct uuid id);
struct stored_position *store_positions (struct ledger_sim *store, const char *log);
struct stored_command *store_command (const struct ledger_sim *store, const struct command_key *key);
struct stored_parked *store_parked (const struct ledger_sim *store, const char *log, int64_t position);
struct stored_due *store_due (const struct ledger_sim *store, struct uuid id);
struct stored_due *store_due_named (const struct ledger_sim *store, const struct due_row *row);
uint64_t command_lock (const struct command_key *key);
uint64_t row_lock (const struct table *table, int64_t tenant, struct uuid id);
uint64_t due_key_lock (const struct due_row *row);

/* Deep copies by columns only. */
void *copy_by_columns (struct arena *arena, const struct db_column *columns, size_t n_columns, size_t row_size,
                       const void *const *rows, size_t n);
struct bytes copy_bytes (struct arena *arena, struct bytes bytes);

int64_t store_now (const struct ledger_sim *store);
void session_pause (struct session *session, enum boundary at);
void session_note (struct session *session, const char *what);
enum rc session_broken (struct session *session, struct err *err); /* RC_RETRY when cut */
void session_end (struct session *session);
enum rc session_commit (void *self, const struct ledger_write *write, struct ledger_receipt *ret_receipt,
                        struct err *err);
