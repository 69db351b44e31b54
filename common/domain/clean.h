/* Text as files and people write it: UTF-8, cleaned on input, made harmless on output. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Windows-1252 (the superset of latin1 that Excel writes) to UTF-8. room must be 3 × size + 1; returns the length
 * written, without the NUL it adds. */
size_t clean_latin1 (const char *text, size_t size, char *ret);

/* In place: control characters and NBSP become a space, zero-width characters and BOM vanish, runs of spaces become
 * one, ends are trimmed. Formula characters stay: they are neutralised on output, so that the source is never changed
 * silently. Returns the new length. */
size_t clean_text (char *text);

/* ASCII letters and digits in lower case, everything else as one '_' between them: "Nama\u00a0Lengkap\n" and
 * "nama_lengkap" are the same header (domain 3.4). Writes at most size - 1 bytes and NUL. */
void clean_key (const char *text, char *ret, size_t size);

/* True for a cell a spreadsheet would run as a formula: begins with = + - @ tab or CR and is not a plain number. */
bool clean_is_formula (const char *text);

/* One CSV cell for files that leave us: quoted when needed, quotes doubled, a formula prefixed with an apostrophe.
 * Returns the length it needs (without NUL) like snprintf; writes at most size - 1 bytes and NUL. */
size_t clean_csv_cell (const char *text, char delimiter, char *ret, size_t size);
