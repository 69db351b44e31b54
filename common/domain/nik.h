/* NIK (person) and KK (family card) numbers: 16 digits, PPKKCC DDMMYY SSSS (domain 1).
 * Numbers are int64_t in memory and bigint in tables, always text of 16 digits wherever a person or a file sees them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/domain/date_read.h"

enum { NIK_TEXT = 17 }; /* 16 digits and NUL */

enum sex { SEX_UNKNOWN, SEX_MALE, SEX_FEMALE };

/* Why a number is not accepted. Exactly one, the first that explains the text. */
enum nik_reason {
    NIK_OK,
    NIK_EMPTY,      /* nothing, or only '-' */
    NIK_SCIENTIFIC, /* 3.20101E+15: the spreadsheet has lost digits; never to be trusted (domain 2, 3.4) */
    NIK_FLOAT,      /* ".0" behind a number above 2^53: it went through a float that cannot hold it */
    NIK_MASKED,     /* '*', 'x' or '-' in place of digits: a masked export */
    NIK_NOT_DIGITS, /* anything else that is no digit */
    NIK_LENGTH,     /* digits, not 16 of them */
    NIK_MONTH,      /* month outside 1..12 */
    NIK_DAY,        /* no such day in that month in any century (women: day + 40; a KK has no + 40) */
    NIK_SERIAL,     /* 0000; serials start at 0001 */
    NIK_REASON_END,
};

/* What was repaired or looks odd; bits of struct nik.notes. Never a reason to refuse. */
enum nik_note {
    NIK_NOTE_DECIMAL = 1,    /* ".0" dropped */
    NIK_NOTE_APOSTROPHE = 2, /* leading ' dropped */
    NIK_NOTE_SPACES = 4,     /* spaces or NBSP dropped */
    NIK_NOTE_PROVINCE =
        8,               /* unknown province prefix: codes change and Papua's are used in two ways, so only a warning */
    NIK_NOTE_BIRTH = 16, /* day, month or year differs from the stated birth date: to be resolved with Dukcapil */
    NIK_NOTE_SEX = 32,   /* sex differs from the stated one */
};

struct nik {
    int64_t number; /* 0 unless reason is NIK_OK */
    enum nik_reason reason;
    unsigned notes; /* enum nik_note */
};

struct nik nik_parse (const char *text); /* NULL is empty */
struct nik kk_parse (const char *text);  /* same, the date is that of recording: no + 40 */

/* Same rules for a number that is already one. */
enum nik_reason nik_check (int64_t number);
enum nik_reason kk_check (int64_t number);
bool nik_province_is_known (int64_t number);

/* What the number says of its bearer as first recorded. The century is not in it. */
struct nik_birth {
    int day, month, year; /* year: 0..99 */
    enum sex sex;
};
struct nik_birth nik_birth (int64_t nik);

/* NIK_NOTE_BIRTH and NIK_NOTE_SEX where they differ; DATE_NONE and SEX_UNKNOWN are not compared. The NIK keeps what
 * was first recorded, so a difference is a warning and never refuses anybody (domain 1). */
unsigned nik_compare (int64_t nik, int32_t stated, enum sex sex);

const char *nik_format (int64_t number, char buffer[static NIK_TEXT]); /* all 16 digits */
const char *nik_mask (int64_t number, char buffer[static NIK_TEXT]);   /* 127201******0001, for lists and logs */
const char *nik_reason_code (enum nik_reason reason);                  /* stable: "nik.scientific" */
const char *nik_reason_text (enum nik_reason reason);                  /* Bahasa Indonesia, for officers */
