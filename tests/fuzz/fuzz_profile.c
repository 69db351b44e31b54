/* Any bytes as a profile and as a calendar year: refused with a line, or a procedure that can be drawn and asked. */
#include <stdint.h>

#include "common/domain/profile.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    ARENA_AUTO struct arena *arena = arena_new (16 << 20);
    struct bytes bytes = { data, size };
    struct profile_problems problems;
    struct profile *profile;
    struct calendar calendar = { 0 };
    struct err err = { 0 };
    MUST (calendar_add_year (&calendar, arena, bytes, &err) == RC_OK || err.text[0]);
    if (profile_parse (bytes, arena, &profile, &problems, &err) != RC_OK) {
        MUST (problems.count > 0 && problems.items[0].line > 0 && *problems.items[0].text);
        profile_parse_published (bytes, arena, &profile, &err);
        return 0;
    }
    for (size_t track = 0; track < profile->track_count; track++) {
        int needs[4];
        profile_missing (profile, (int)track, SCOPE_FAMILY, UINT32_MAX, NULL, 0, needs, 4);
        MUST (profile_act_next (profile, (int)track, -1) >= 0);
    }
    profile_draw (profile, arena);
    return 0;
}
