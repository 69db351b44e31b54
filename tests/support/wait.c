#include "tests/support/wait.h"

#include <poll.h>
#include <stddef.h>

#include "common/base/clock.h"

enum { PAUSE_MS = 5 }; /* short beside what is waited for, long beside a look at a table */

int64_t
wait_deadline (int timeout_ms)
{
    return clock_monotonic () + (int64_t)timeout_ms * 1000;
}

bool
wait_pause (int64_t deadline)
{
    if (clock_monotonic () >= deadline)
        return false;
    poll (NULL, 0, PAUSE_MS);
    return true;
}

bool
wait_until (bool (*condition) (void *), void *data, int timeout_ms)
{
    int64_t deadline = wait_deadline (timeout_ms);
    while (!condition (data)) {
        if (!wait_pause (deadline))
            return false;
    }
    return true;
}
