/* Due work "audit": looks at an account as it was; a result for an older version is dropped. */
#include "tests/toy/till/till.h"

void
on_audit_work (struct gather *gather, struct due_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const Toy__AuditRequest *request = (const Toy__AuditRequest *)items[i].payload;
        MUST (request->balance != TILL_FATAL_BALANCE);
        Toy__AuditResult *result = arena_alloc (gather_arena (gather), sizeof *result);
        if (!result) {
            items[i].rc = err_set (&items[i].err, RC_RETRY, "out of memory");
            continue;
        }
        toy__audit_result__init (result);
        result->good = request->balance >= 0;
        items[i].result = &result->base;
    }
}

enum rc
on_audit (struct unit *unit, const struct message *message, struct err *err)
{
    const Toy__AuditResult *result = (const Toy__AuditResult *)message->data;
    struct account *account = unit_edit (unit, &account_table, message->tenant, message->subject);
    account->audits++;
    if (account->version != message->version)
        return RC_OK;
    if (!result->good)
        return err_set (err, RC_CORRUPT, "an account below 0");
    account->version++;
    Toy__AccountAudited event = TOY__ACCOUNT_AUDITED__INIT;
    event.audited_version = message->version;
    unit_emit (unit, account->tenant, account->id, account->version, &event);
    return RC_OK;
}
