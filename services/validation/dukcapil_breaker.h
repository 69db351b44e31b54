/* Whether to ask Dukcapil at all. A service that fails is asked less and less, with one question at a time to see
 * whether it is back, so that a dead one costs little; one that refuses us (login, address) is not asked until somebody
 * has looked, but for a question now and then. Pure; the caller holds a lock and gives the time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    BREAKER_FAILURES = 5,      /* in a row before it opens: single timeouts are ordinary */
    BREAKER_FIRST_MS = 2000,   /* first pause, doubled by each further failure */
    BREAKER_LAST_MS = 300000,  /* longest pause: officers see an answer within minutes of its return */
    BREAKER_QUOTA_MS = 900000, /* the day's quota or closing hours: they end by the clock, not by asking */
    BREAKER_SETUP_MS = 60000,  /* a wrong password sent more often may lock the account */
};

enum breaker_event {
    BREAKER_GOOD,
    BREAKER_FAILED, /* timeout, broken connection, 5xx, no JSON */
    BREAKER_QUOTA,  /* 05, 06 */
    BREAKER_SETUP,  /* 03, 04, 07, 09, 10, 16, 17, 4xx */
};

struct breaker {
    unsigned failures;
    int64_t closed_until; /* µs; 0: asking freely */
    bool probing;         /* one question is on its way */
    bool setup;           /* the last answer was a refusal of us */
};

/* May a question leave now? Marks it as the probe when the pause is over. */
bool breaker_allows (struct breaker *breaker, int64_t now);
/* draw: 0..999, so that instances do not come back together. True when the state changed (to be logged). */
bool breaker_record (struct breaker *breaker, enum breaker_event event, int64_t now, unsigned draw);
