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

/* When what has a standard of these working minutes is late from `now` on; 0: by the end of the next working day. */
int64_t schedule_standard (const struct profile *profile, int minutes, int64_t now);
/* Until when a batch that closes now is to be handed to BPJS: by the standard of the act that reaches `sent`. */
int64_t schedule_send (const struct profile *profile, int track, int64_t now);
/* The track's act of reconciling with BPJS, -1 none. */
int schedule_reconcile (const struct profile *profile, int track);

/* Sets the timer that closes the track on that day; one for all its applications. One that comes less than
 * CLOSING_MARGIN before has a timer of its own: the common one may be firing, not seeing it, while it is written. */
void schedule_close (struct unit *unit, int64_t tenant, const char *track, struct slot slot, struct uuid application);
