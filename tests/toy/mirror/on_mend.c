/* Mend → Mended: faulty events up to a version may pass when they are tried again. */
#include "tests/toy/mirror/mirror.h"

enum rc
on_mend (struct unit *unit, const struct message *message, struct err *err)
{
    const Toy__Mend *command = (const Toy__Mend *)message->data;
    struct copy *copy = copy_edit (unit, message->tenant, message->subject);
    if (command->version > copy->mended)
        copy->mended = command->version;
    Toy__Mended event = TOY__MENDED__INIT;
    event.version = copy->mended;
    copy_emit (unit, copy, &event);
    return RC_OK;
}
