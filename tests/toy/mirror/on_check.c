/* Due work "check" → CheckPassed, or CheckDropped when the copy has moved on since. */
#include "tests/toy/mirror/mirror.h"

void
on_check_work (struct gather *gather, struct due_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const Toy__CheckRequest *request = (const Toy__CheckRequest *)items[i].payload;
        Toy__CheckResult *result = arena_alloc (gather_arena (gather), sizeof *result);
        if (!result) {
            items[i].rc = err_set (&items[i].err, RC_RETRY, "out of memory");
            continue;
        }
        toy__check_result__init (result);
        result->good = request->balance >= 0;
        items[i].result = &result->base;
    }
}

enum rc
on_check (struct unit *unit, const struct message *message, struct err *err)
{
    const Toy__CheckResult *result = (const Toy__CheckResult *)message->data;
    if (!result->good)
        return err_set (err, RC_CORRUPT, "a copy below 0");
    struct copy *copy = unit_edit (unit, &copy_table, message->tenant, message->subject);
    Toy__CheckPassed passed = TOY__CHECK_PASSED__INIT;
    Toy__CheckDropped dropped = TOY__CHECK_DROPPED__INIT;
    passed.checked_version = dropped.checked_version = message->version;
    if (copy->version == message->version)
        copy_emit (unit, copy, &passed);
    else
        copy_emit (unit, copy, &dropped);
    return RC_OK;
}
