/* till keeps accounts with their postings. Owner of: balance, holder, statements. */
#pragma once

#include "common/engine/service.h"
#include "toy.pb-c.h"

enum {
    TILL_STATEMENTS = 3,        /* an account gets so many statements */
    TILL_STATEMENT_SECONDS = 2, /* one after the other */
};
/* An audit of this balance ends the program, as a defect in somebody's work would. */
#define TILL_FATAL_BALANCE INT64_C (666000666000)

struct posting {
    int64_t tenant;
    struct uuid account_id;
    int32_t ordinal;
    int64_t change, balance, version;
};
struct account {
    int64_t tenant;
    struct uuid id;
    const char *holder;
    int64_t balance, version;
    bool closed;
    int32_t statements;
    int64_t audits; /* audits that came back, stale ones included */
    struct posting *postings;
    size_t n_postings;
};

extern const struct table account_table;
extern const struct service till_service;

/* The open account to be changed, or a refusal that says why not; the version the sender saw is checked. */
enum rc account_edit (struct unit *unit, const struct message *message, struct account **ret_account, struct err *err);
/* Moves the balance, keeps a posting, emits `event` (its balance is filled in). */
void account_post (struct unit *unit, struct account *account, Toy__BalanceChanged *event);
void account_reply (struct unit *unit, const struct account *account);
/* The next statement, unless one waits or it had its last. */
void account_statement (struct unit *unit, const struct account *account);
/* An audit of the account as it is now. */
void account_audit (struct unit *unit, const struct account *account);

keys_fn open_account_keys;
decide_fn on_open_account, on_deposit, on_withdraw, on_transfer, on_close_account, on_audit, on_statement;
keys_fn on_transfer_keys;
work_fn on_audit_work;
