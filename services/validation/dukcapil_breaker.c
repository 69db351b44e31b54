#include "services/validation/dukcapil_breaker.h"

bool
breaker_allows (struct breaker *breaker, int64_t now)
{
    if (!breaker->closed_until)
        return true;
    if (breaker->probing || now < breaker->closed_until)
        return false;
    breaker->probing = true;
    return true;
}

static int64_t
pause_ms (const struct breaker *breaker, enum breaker_event event)
{
    if (event == BREAKER_QUOTA)
        return BREAKER_QUOTA_MS;
    if (event == BREAKER_SETUP)
        return BREAKER_SETUP_MS;
    int64_t pause = BREAKER_FIRST_MS;
    for (unsigned i = BREAKER_FAILURES; i < breaker->failures && pause < BREAKER_LAST_MS; i++)
        pause *= 2;
    return pause < BREAKER_LAST_MS ? pause : BREAKER_LAST_MS;
}

bool
breaker_record (struct breaker *breaker, enum breaker_event event, int64_t now, unsigned draw)
{
    bool was_open = breaker->closed_until != 0, was_setup = breaker->setup;
    breaker->probing = false;
    if (event == BREAKER_GOOD) {
        *breaker = (struct breaker){ 0 };
        return was_open || was_setup;
    }
    breaker->failures++;
    breaker->setup = event == BREAKER_SETUP;
    if (event == BREAKER_FAILED && breaker->failures < BREAKER_FAILURES && !was_open)
        return was_setup;
    if (event == BREAKER_FAILED && breaker->failures < BREAKER_FAILURES)
        breaker->failures = BREAKER_FAILURES; /* it was open for another reason: wait as for a failure */
    int64_t pause = pause_ms (breaker, event) * 1000;
    breaker->closed_until = now + pause / 2 + pause / 2 * (int64_t)draw / 1000;
    return !was_open || was_setup != breaker->setup;
}
