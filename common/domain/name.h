/* Names of people: normal form and likeness (domain 10). A score supports a person's decision; it never decides alone,
 * and the source spelling is never overwritten. */
#pragma once

#include <stddef.h>

enum { NAME_SIZE = 256, NAME_WORDS = 16 };

/* Upper case ASCII words: titles, punctuation and BIN/BINTI … dropped, MUH/MOH/MHD… → MUHAMMAD, ABD → ABDUL,
 * ACHMAD → AHMAD. Old spellings (DJ, TJ, OE) are kept: they are only tried as alternatives when comparing. Writes at
 * most size - 1 bytes and NUL, returns the length. */
size_t name_normalise (const char *name, char *ret, size_t size);

/* Likeness 0..100, symmetric; 100 only when the normal forms are equal. 85 and above: the same person's name may well
 * be written so; below 70: different names (BUDI SANTOSO, BUDI SETIAWAN). */
int name_compare (const char *a, const char *b);
