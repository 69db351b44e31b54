#include "common/base/clock.h"
#include "tests/toy/till/till.h"
#include "till_sql.h"

static const struct db_column account_columns[] = {
    DB_COLUMN (DB_INT8, account, tenant),     DB_COLUMN (DB_UUID, account, id),
    DB_COLUMN (DB_TEXT, account, holder),     DB_COLUMN (DB_INT8, account, balance),
    DB_COLUMN (DB_INT8, account, version),    DB_COLUMN (DB_BOOL, account, closed),
    DB_COLUMN (DB_INT4, account, statements), DB_COLUMN (DB_INT8, account, audits),
};
static const struct db_column posting_columns[] = {
    DB_COLUMN (DB_INT8, posting, tenant),  DB_COLUMN (DB_UUID, posting, account_id),
    DB_COLUMN (DB_INT4, posting, ordinal), DB_COLUMN (DB_INT8, posting, change),
    DB_COLUMN (DB_INT8, posting, balance), DB_COLUMN (DB_INT8, posting, version),
};
static const struct child_table account_children[] = { {
    .name = "posting",
    .row_size = sizeof (struct posting),
    .columns = posting_columns,
    .n_columns = sizeof posting_columns / sizeof *posting_columns,
    .load = &sql_posting_load,
    .save = &sql_posting_save,
    .rows_offset = offsetof (struct account, postings),
    .count_offset = offsetof (struct account, n_postings),
} };
const struct table account_table = {
    .name = "account",
    .row_size = sizeof (struct account),
    .columns = account_columns,
    .n_columns = sizeof account_columns / sizeof *account_columns,
    .load = &sql_account_load,
    .insert = &sql_account_insert,
    .update = &sql_account_update,
    .children = account_children,
    .n_children = 1,
};

enum rc
account_edit (struct unit *unit, const struct message *message, struct account **ret_account, struct err *err)
{
    const struct account *account = unit_peek (unit, &account_table, message->tenant, message->subject);
    if (!account)
        return err_code (err, RC_NOT_FOUND, "till.no_account", "", "no such account");
    if (account->closed)
        return err_code (err, RC_CONFLICT, "till.closed", "", "the account is closed");
    enum rc rc = unit_expect (message, account->version, err);
    if (rc == RC_OK)
        *ret_account = unit_edit (unit, &account_table, message->tenant, message->subject);
    return rc;
}

void
account_post (struct unit *unit, struct account *account, Toy__BalanceChanged *event)
{
    struct posting *posting = unit_child_add (unit, &account_table, account, &account_children[0]);
    account->version++;
    account->balance += event->change;
    posting->change = event->change;
    posting->balance = account->balance;
    posting->version = account->version;
    event->balance = account->balance;
    unit_emit (unit, account->tenant, account->id, account->version, event);
}

void
account_reply (struct unit *unit, const struct account *account)
{
    Toy__AccountState reply = TOY__ACCOUNT_STATE__INIT;
    reply.version = account->version;
    reply.balance = account->balance;
    unit_reply (unit, &reply);
}

void
account_audit (struct unit *unit, const struct account *account)
{
    Toy__AuditRequest request = TOY__AUDIT_REQUEST__INIT;
    request.balance = account->balance;
    unit_due (unit, &(struct due){
                        .kind = "audit",
                        .tenant = account->tenant,
                        .subject = account->id,
                        .input_version = account->version,
                        .payload = &request,
                    });
}

void
account_statement (struct unit *unit, const struct account *account)
{
    Toy__StatementDue payload = TOY__STATEMENT_DUE__INIT;
    if (account->statements >= TILL_STATEMENTS)
        return;
    unit_due (unit, &(struct due){
                        .kind = "statement",
                        .tenant = account->tenant,
                        .subject = account->id,
                        .due_at = unit_now (unit) + TILL_STATEMENT_SECONDS * (int64_t)CLOCK_SECOND,
                        .payload = &payload,
                    });
}
