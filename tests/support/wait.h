/* Waiting for something to become true, with a deadline; tests never sleep for a guessed time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Polls the condition every few milliseconds. False when timeout_ms passed without it. */
bool wait_until (bool (*condition) (void *), void *data, int timeout_ms);

/* One pause of the polling, shorter at the beginning; false past the deadline (clock_monotonic µs). */
bool wait_pause (int64_t deadline);
int64_t wait_deadline (int timeout_ms);

/* Fails the test, naming the expression, when it is not true within timeout_ms. */
#define WAIT_UNTIL(condition, timeout_ms)                                                                              \
    do {                                                                                                               \
        int64_t wait_deadline_ = wait_deadline (timeout_ms);                                                           \
        while (!(condition)) {                                                                                         \
            if (!wait_pause (wait_deadline_)) {                                                                        \
                fail_msg ("not within %d ms: %s", (int)(timeout_ms), #condition);                                      \
                break;                                                                                                 \
            }                                                                                                          \
        }                                                                                                              \
    } while (0)
