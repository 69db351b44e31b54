/* Codes of kelurahan and desa as Kemendagri gives them: "12.72.01.1003" (domain 7, 9). */
#pragma once

#include <stdbool.h>

enum { VILLAGE_TEXT = 14 }; /* 13 characters and NUL */

/* With dots or without (1272011003), as spreadsheets leave it (apostrophe, ".0"). False: not such a code. One of BPS
 * has ten digits as well (2+2+3+3), but hardly ever a 1, 2 or 3 (kelurahan, desa, desa adat) in the seventh place, so
 * that it is refused and not read as another village; which village it is, only a table could say. */
bool village_read (const char *text, char ret[static VILLAGE_TEXT]);
