/* Who may send a service what: every row of its tables, tried as each of our programs without a person, against a
 * golden file, so that whoever reviews a change sees it. */
#pragma once

#include "common/engine/service.h"

/* Lines of "command|query type: programs, roles". The golden file may be made from what the failing test prints. */
void senders_are_those_of (const struct service *service, const char *golden);
