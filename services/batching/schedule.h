/* When the batch of a track closes, and when BPJS should have answered: dates from the profile and its calendar. */
#pragma once

#include "services/batching/batching.h"

/* A closing: the local day, and the instant on it (the end of that day's working time). */
struct slot {
    int32_t day;
    int64_t at;
};

/* The first closing of the track after `now`; at once is now. A monthly day that is no working day is moved back to
 * the one before. */
struct slot schedule_next (const struct profile *profile, int track, int64_t now);

/* Sets the timer that closes the track on that day; one for all its applications. */
void schedule_close (struct unit *unit, int64_t tenant, const char *track, struct slot slot);
