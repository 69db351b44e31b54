#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/engine/runtime.h"

void
job_destroy (struct job **job)
{
    if (!*job)
        return;
    struct arena *arena = (*job)->arena; /* the job itself lives in it */
    free ((void *)(*job)->reply.data);
    *job = NULL;
    arena_destroy (&arena);
}

uint8_t *
job_reply (struct job *job, size_t size)
{
    free ((void *)job->reply.data);
    uint8_t *room = malloc (size + 1);
    MUST (room);
    job->reply = (struct bytes){ room, size };
    return room;
}

enum rc
job_in_time (const struct job *job, struct err *err)
{
    if (job->expires > clock_monotonic ())
        return RC_OK;
    return err_code (err, RC_EXPIRED, "common.expired", "", "nobody waits for it any more");
}

void
job_refuse (struct job *job, struct arena *scratch, const struct err *err)
{
    struct bytes refusal = reply_refusal (scratch, err);
    uint8_t *room = job_reply (job, refusal.size);
    memcpy (room, refusal.data, refusal.size);
    engine_count_refusal (err->code[0] ? err->code : rc_name (err->rc));
}
