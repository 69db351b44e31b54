#include "common/domain/nik.h"

#include <ctype.h>
#include <string.h>

#include "common/base/text.h"

enum { DIGITS = 16 };
static const int64_t FLOAT_EXACT = INT64_C (9007199254740992); /* 2^53 */

static int
part (int64_t number, int from, int count)
{
    int64_t scale = 1;
    for (int i = from + count; i < DIGITS; i++)
        scale *= 10;
    int64_t modulus = 1;
    for (int i = 0; i < count; i++)
        modulus *= 10;
    return (int)(number / scale % modulus);
}

bool
nik_province_is_known (int64_t number)
{
    /* Kemendagri and BPS number Papua's provinces in two ways: 91..97 are all accepted. 54 was Timor Timur. */
    static const uint8_t known[] = { 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33, 34, 35, 36, 51, 52, 53, 54,
                                     61, 62, 63, 64, 65, 71, 72, 73, 74, 75, 76, 81, 82, 91, 92, 93, 94, 95, 96, 97 };
    return memchr (known, part (number, 0, 2), sizeof known) != NULL;
}

static enum nik_reason
number_check (int64_t number, bool person)
{
    if (number < INT64_C (1000000000000000) || number > INT64_C (9999999999999999))
        return NIK_LENGTH;
    int day = part (number, 6, 2), month = part (number, 8, 2), year = part (number, 10, 2);
    if (month < 1 || month > 12)
        return NIK_MONTH;
    if (person && day > 40)
        day -= 40;
    /* 1900 was no leap year but 2000 was: a 29 February is real in one of the centuries when the year divides by 4. */
    if (day < 1 || day > date_month_days (2000 + year, month))
        return NIK_DAY;
    if (part (number, 12, 4) == 0)
        return NIK_SERIAL;
    return NIK_OK;
}

enum nik_reason
nik_check (int64_t number)
{
    return number_check (number, true);
}

enum nik_reason
kk_check (int64_t number)
{
    return number_check (number, false);
}

/* 3.20101E+15, 3,20101e15: digits, one separator, digits, E, sign, digits. */
static bool
is_scientific (const char *text)
{
    size_t digits = strspn (text, "0123456789");
    if (!digits)
        return false;
    text += digits;
    if (*text == '.' || *text == ',')
        text += 1 + strspn (text + 1, "0123456789");
    text += strspn (text, " ");
    if (*text != 'E' && *text != 'e')
        return false;
    text++;
    text += strspn (text, "+- ");
    return strspn (text, "0123456789") > 0;
}

/* Length of a space at text: 1 for ASCII, 2 for NBSP in UTF-8, 0 for none. */
static size_t
space_at (const char *text)
{
    if ((unsigned char)text[0] == 0xc2 && (unsigned char)text[1] == 0xa0)
        return 2;
    return isspace ((unsigned char)text[0]) ? 1 : 0;
}

/* Copies text without spaces and apostrophe; false if it is too long to be any writing of a number. */
static bool
squeeze (const char *text, char *ret, size_t size, unsigned *notes)
{
    size_t length = 0;
    for (size_t space; *text;) {
        if ((space = space_at (text))) {
            *notes |= NIK_NOTE_SPACES;
            text += space;
            continue;
        }
        bool curly = !strncmp (text, "\xe2\x80\x98", 3) || !strncmp (text, "\xe2\x80\x99", 3);
        if (length == 0 && (*text == '\'' || *text == '`' || curly)) {
            *notes |= NIK_NOTE_APOSTROPHE;
            text += curly ? 3 : 1;
            continue;
        }
        if (length + 1 >= size)
            return false;
        ret[length++] = *text++;
    }
    ret[length] = 0;
    return true;
}

/* Why `text`, which is not all digits, is none. */
static enum nik_reason
explain (const char *text)
{
    size_t digits = 0, masks = 0, others = 0;
    for (; *text; text++) {
        if (isdigit ((unsigned char)*text))
            digits++;
        else if (strchr ("*xX-", *text))
            masks++;
        else
            others++;
    }
    if (!digits && !others)
        return NIK_EMPTY;
    return masks && !others && digits < DIGITS ? NIK_MASKED : NIK_NOT_DIGITS;
}

static struct nik
number_parse (const char *text, bool person)
{
    struct nik nik = { 0 };
    char digits[48]; /* 16 digits, ".0…" and dashes between them fit; longer is no number */
    if (!text || !squeeze (text, digits, sizeof digits, &nik.notes)) {
        nik.reason = text ? NIK_NOT_DIGITS : NIK_EMPTY;
        return nik;
    }
    size_t count = strspn (digits, "0123456789");
    bool decimal = count && digits[count] == '.' && digits[count + 1] == '0' &&
                   digits[count + 1 + strspn (digits + count + 1, "0")] == 0;
    if (decimal) { /* only this is dropped: dropping every non-digit would make 17 digits */
        nik.notes |= NIK_NOTE_DECIMAL;
        digits[count] = 0;
    }
    if (!digits[0])
        nik.reason = NIK_EMPTY;
    else if (is_scientific (digits))
        nik.reason = NIK_SCIENTIFIC;
    else if (digits[count])
        nik.reason = explain (digits);
    else if (count != DIGITS)
        nik.reason = NIK_LENGTH;
    if (nik.reason != NIK_OK)
        return nik;
    int64_t number = 0;
    for (size_t i = 0; i < DIGITS; i++)
        number = number * 10 + (digits[i] - '0');
    nik.reason = decimal && number > FLOAT_EXACT ? NIK_FLOAT : number_check (number, person);
    if (nik.reason != NIK_OK)
        return nik;
    nik.number = number;
    if (!nik_province_is_known (number))
        nik.notes |= NIK_NOTE_PROVINCE;
    return nik;
}

struct nik
nik_parse (const char *text)
{
    return number_parse (text, true);
}

struct nik
kk_parse (const char *text)
{
    return number_parse (text, false);
}

struct nik_birth
nik_birth (int64_t nik)
{
    int day = part (nik, 6, 2);
    return (struct nik_birth){ .day = day > 40 ? day - 40 : day,
                               .month = part (nik, 8, 2),
                               .year = part (nik, 10, 2),
                               .sex = day > 40 ? SEX_FEMALE : SEX_MALE };
}

unsigned
nik_compare (int64_t nik, int32_t stated, enum sex sex)
{
    struct nik_birth birth = nik_birth (nik);
    unsigned notes = 0;
    if (stated != DATE_NONE) {
        int year, month, day;
        date_split (stated, &year, &month, &day);
        if (birth.day != day || birth.month != month || birth.year != year % 100)
            notes |= NIK_NOTE_BIRTH;
    }
    if (sex != SEX_UNKNOWN && sex != birth.sex)
        notes |= NIK_NOTE_SEX;
    return notes;
}

const char *
nik_format (int64_t number, char buffer[static NIK_TEXT])
{
    for (int i = DIGITS; i--; number /= 10)
        buffer[i] = (char)('0' + number % 10);
    buffer[DIGITS] = 0;
    return buffer;
}

const char *
nik_mask (int64_t number, char buffer[static NIK_TEXT])
{
    nik_format (number, buffer);
    memset (buffer + 6, '*', 6);
    return buffer;
}

static const struct {
    const char *code, *text;
} reasons[NIK_REASON_END] = {
    [NIK_OK] = { "nik.ok", "Benar." },
    [NIK_EMPTY] = { "nik.empty", "Nomor kosong." },
    [NIK_SCIENTIFIC] = { "nik.scientific", "Nomor rusak oleh lembar kerja (3,2E+15): angka aslinya hilang." },
    [NIK_FLOAT] = { "nik.float", "Nomor tersimpan sebagai bilangan desimal sehingga angka terakhirnya tidak dapat "
                                 "dipercaya." },
    [NIK_MASKED] = { "nik.masked", "Nomor disamarkan dengan tanda * atau -." },
    [NIK_NOT_DIGITS] = { "nik.not_digits", "Nomor memuat selain angka." },
    [NIK_LENGTH] = { "nik.length", "Nomor harus 16 angka." },
    [NIK_MONTH] = { "nik.month", "Bulan dalam nomor tidak ada." },
    [NIK_DAY] = { "nik.day", "Tanggal dalam nomor tidak ada." },
    [NIK_SERIAL] = { "nik.serial", "Nomor urut 0000 tidak pernah diterbitkan." },
};

const char *
nik_reason_code (enum nik_reason reason)
{
    return (unsigned)reason < NIK_REASON_END ? reasons[reason].code : "nik.not_digits";
}

const char *
nik_reason_text (enum nik_reason reason)
{
    return (unsigned)reason < NIK_REASON_END ? reasons[reason].text : reasons[NIK_NOT_DIGITS].text;
}
