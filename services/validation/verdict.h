/* From findings to a verdict: what each finding means is the profile's, and a person's verdict is the strongest of
 * them. Every person has their own: a dead father never holds the child. */
#pragma once

#include "common.pb-c.h"
#include "services/validation/rules.h"

/* Judges one person by every check of the profile that concerns the track. *ret_waiting: a registry did not answer.
 * The result lives in the arena. RC_CORRUPT: the profile has no such track. */
enum rc verdict_judge (const struct profile *profile, const struct facts *facts, struct arena *arena,
                       Padan__Common__V1__MemberVerdict **ret_verdict, bool *ret_waiting, struct err *err);

/* The stronger of two. */
Padan__Common__V1__Verdict verdict_fold (Padan__Common__V1__Verdict a, Padan__Common__V1__Verdict b);
