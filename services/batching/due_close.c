/* Timer "close": the day of a track has come → a batch that begins to collect what is due. Its id is the timer's row.
 * Rows: batch. */
#include <string.h>

#include "common/base/text.h"
#include "services/batching/batch_store.h"

enum rc
on_close_keys (struct keys *keys, const struct message *message, struct err *err)
{
    keys_add (keys, &batch_table, message->tenant, message->id);
    return RC_OK;
}

enum rc
on_close (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Batching__V1__CloseDue *due = (const void *)message->data;
    struct batch_start start = { .track = due->track, .reason = "" };
    if (!date_parse (due->day_date, strlen (due->day_date), &start.until_day))
        return err_set (err, RC_CORRUPT, "a timer without its day");
    batch_begin (unit, message->tenant, message->id, &start);
    return RC_OK;
}
