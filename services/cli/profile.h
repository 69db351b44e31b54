/* Reading a profile file and saying what is wrong with it. */
#pragma once

#include "common/domain/profile.h"

enum { PROFILE_ARENA = 64 << 20 };

/* Reads and checks; problems go to stderr as FILE:LINE:COLUMN: PATH: TEXT. Returns the exit code. */
int profile_open (const char *path, struct arena *arena, struct profile **ret_profile, struct bytes *ret_bytes);
