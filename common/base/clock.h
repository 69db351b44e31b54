/* Time at the edge. Pure code never reads a clock: it is given `now`. */
#pragma once

#include <stdint.h>

enum { CLOCK_SECOND = 1000000 }; /* all our instants and spans are microseconds */

int64_t clock_now (void); /* UTC microseconds since 1970 */
int64_t
clock_monotonic (void); /* microseconds since an unspecified start, for measuring spans and deadlines in one process */
