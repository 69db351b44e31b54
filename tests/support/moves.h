/* A service's page moves.md is what its tables are: a change of a table must be seen by whoever reviews it. */
#pragma once

#include "common/engine/service.h"

/* Fails the test unless services/<name>/moves.md is up to date. */
void moves_page_is_true (const struct service *service);
