/* What the toys' handlers use outside transactions. Compiled into each program, so that it stands before the engine's.
 */
#include "tests/sim/sim.h"

__attribute__ ((weak)) struct arena *
gather_arena (struct gather *gather)
{
    return gather->arena;
}
