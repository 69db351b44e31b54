/* The ticket of an application: what is printed for the applicant and read out at the counter or over the telephone.
 * "1272-7K3M6-F4HTN": the office's code, nine symbols made from the application's id, and one that checks them. Symbols
 * are digits and letters that are not taken for each other in writing (no 0 O, 1 I L, 2 Z, 5 S, 8 B, Q U); the check
 * symbol finds every single wrong symbol and every swap of two. It names an application for people; programs use its
 * id: two of a million applications may bear the same. */
#pragma once

#include <stdbool.h>

#include "common/base/uuid.h"

enum { TICKET_TEXT = 32 };

/* office: Kemendagri code, "12.72". */
const char *ticket_make (const char *office, struct uuid application_id, char buffer[static TICKET_TEXT]);
/* As typed: any case, spaces or no hyphens. False when it was mistyped; else *ret in its proper form. */
bool ticket_read (const char *text, char ret[static TICKET_TEXT]);
