/* What an application still lacks before it may be sent, by its profile. */
#pragma once

#include "common/domain/profile.h"
#include "services/intake/application_store.h"

/* Brings the row up to date with its papers: what they prove of its members, and what is missing. That is
 * "sktm,ktp|akta:<member id>", in the arena, '|' between papers of which one will do; "" nothing. Only for members that
 * go on. A paper past its validity on `today` counts as missing. */
void completeness_update (struct application *application, const struct profile *profile, int32_t today,
                          struct arena *arena);
/* RC_CONFLICT "intake.paper_missing" with how many as argument, and for each what is asked for, in the profile's words,
 * with a pointer into the application's view: "/dossier/members/2", "/dossier/papers". Fields live in the arena. */
enum rc completeness_check (const struct application *application, const struct profile *profile, int32_t today,
                            struct arena *arena, struct err *err);
/* Conditions that hold for one person on that day: what was entered, checks found, papers prove, and the age. */
profile_conditions member_conditions (const struct member *member, int32_t today);

/* A paper against the profile: RC_UNPROCESSABLE with code and pointer ("/paper/…"), else the row's values in *ret (no
 * tenant, ids of parents, times). */
enum rc paper_check (const Padan__Common__V1__Paper *given, const struct application *application,
                     const struct profile *profile, int32_t today, struct arena *arena, struct paper *ret,
                     struct err *err);
