#include "services/gateway/pace.h"

#include <string.h>

#include "common/base/clock.h"

/* Ids are made from a hash or at random: their end is as good as a hash. */
static size_t
slot_of (struct uuid person)
{
    uint32_t end;
    memcpy (&end, person.bytes + sizeof person.bytes - sizeof end, sizeof end);
    return end % PACE_SLOTS;
}

/* Microseconds in which so much flows in. */
static int64_t
time_of (const struct pace *self, int64_t amount)
{
    return (int64_t)((double)amount / (double)self->hourly * 3600 * CLOCK_SECOND);
}

int64_t
pace_take (struct pace *self, struct uuid person, int64_t amount, int64_t now)
{
    if (!self->hourly)
        return 0;
    pthread_mutex_lock (&self->lock);
    int64_t *full_at = &self->full_at[slot_of (person)];
    int64_t after = (*full_at > now ? *full_at : now) + time_of (self, amount);
    int64_t wait = after - now - time_of (self, self->burst);
    if (wait <= 0)
        *full_at = after;
    pthread_mutex_unlock (&self->lock);
    return wait > 0 ? wait : 0;
}
