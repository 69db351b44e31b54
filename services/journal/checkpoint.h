/* A checkpoint says where a tenant's history stood and is signed with a key of the journal's own. Kept outside the
 * database it proves later that what came before was not replaced. The journal signs, `padan audit verify` checks. */
#pragma once

#include "common/base/arena.h"
#include "common/bus/keys.h"
#include "journal.pb-c.h"

#define CHECKPOINT_SIGNER "journal" /* whose signing key it is */

/* Sets the signature, in the arena. It covers everything else. */
void checkpoint_sign (const struct sign_secret *secret, Padan__Journal__V1__Checkpoint *checkpoint,
                      struct arena *arena);
/* Was it signed with one of these? */
bool checkpoint_holds (const struct sign_public *keys, const Padan__Journal__V1__Checkpoint *checkpoint,
                       struct arena *arena);
