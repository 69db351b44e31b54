#include "services/batching/schedule.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/text.h"

static int64_t
end_of (const struct calendar *calendar, int32_t day)
{
    return calendar_add_days (calendar, calendar_midnight (calendar, day), 0);
}

struct slot
schedule_next (const struct profile *profile, int track, int64_t now)
{
    const struct calendar *calendar = &profile->calendar;
    const struct profile_track *rules = &profile->tracks[track];
    int32_t day = calendar_day (calendar, now);
    switch (rules->schedule) {
    case SCHEDULE_WORKING_DAY:
        if (!calendar_is_working_day (calendar, day) || end_of (calendar, day) <= now)
            day = calendar_next_working_day (calendar, day);
        return (struct slot){ day, end_of (calendar, day) };
    case SCHEDULE_MONTHLY: {
        int32_t cutoff = calendar_cutoff (calendar, day, rules->day);
        if (end_of (calendar, cutoff) <= now)
            cutoff = calendar_cutoff (calendar, cutoff + 1, rules->day);
        return (struct slot){ cutoff, end_of (calendar, cutoff) };
    }
    case SCHEDULE_AT_ONCE:
    case SCHEDULE_END:
        break;
    }
    return (struct slot){ day, now };
}

int64_t
schedule_standard (const struct profile *profile, int minutes, int64_t now)
{
    return minutes ? calendar_add_minutes (&profile->calendar, now, minutes)
                   : calendar_add_days (&profile->calendar, now, 1);
}

int64_t
schedule_send (const struct profile *profile, int track, int64_t now)
{
    int act = profile_act_next (profile, track, -1);
    while (act >= 0 && profile->acts[act].stage != STAGE_SENT)
        act = profile_act_next (profile, track, act);
    return schedule_standard (profile, act < 0 ? 0 : profile->acts[act].standard_minutes, now);
}

int
schedule_reconcile (const struct profile *profile, int track)
{
    int act = profile_act_next (profile, track, -1);
    while (act >= 0 && profile->acts[act].act != ACT_RECONCILE)
        act = profile_act_next (profile, track, act);
    return act;
}

void
schedule_close (struct unit *unit, int64_t tenant, const char *track, struct slot slot, struct uuid application)
{
    Padan__Batching__V1__CloseDue payload = PADAN__BATCHING__V1__CLOSE_DUE__INIT;
    char date[DATE_TEXT], id[UUID_TEXT] = "", name[256];
    if (slot.at - unit_now (unit) < CLOSING_MARGIN * (int64_t)CLOCK_SECOND)
        uuid_format (application, id);
    snprintf (name, sizeof name, "close/%s/%s/%s", track, date_format (slot.day, date), id);
    payload.track = (char *)track;
    payload.day_date = date;
    unit_due (unit, &(struct due){
                        .kind = "close",
                        .tenant = tenant,
                        .subject = uuid_of (name, strlen (name)),
                        .due_at = slot.at,
                        .payload = &payload,
                    });
}
