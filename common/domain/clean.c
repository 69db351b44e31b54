#include "common/domain/clean.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "common/base/text.h"

static size_t
utf8_put (unsigned point, char *ret)
{
    if (point < 0x80) {
        ret[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        ret[0] = (char)(0xc0 | point >> 6);
        ret[1] = (char)(0x80 | (point & 0x3f));
        return 2;
    }
    ret[0] = (char)(0xe0 | point >> 12);
    ret[1] = (char)(0x80 | (point >> 6 & 0x3f));
    ret[2] = (char)(0x80 | (point & 0x3f));
    return 3;
}

size_t
clean_latin1 (const char *text, size_t size, char *ret)
{
    /* Windows-1252 80..9F; the five codes it leaves open become U+FFFD. */
    static const uint16_t upper[32] = {
        0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
    };
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned c = (unsigned char)text[i];
        length += utf8_put (c >= 0x80 && c < 0xa0 ? upper[c - 0x80] : c, ret + length);
    }
    ret[length] = 0;
    return length;
}

/* What the character at text is for cleaning: its bytes, and whether it is dropped or stands for a space. */
enum look { LOOK_KEEP, LOOK_SPACE, LOOK_DROP };
static enum look
look_at (const unsigned char *text, size_t *ret_bytes)
{
    *ret_bytes = 1;
    if (text[0] <= ' ' || text[0] == 0x7f)
        return LOOK_SPACE;
    if (text[0] == 0xc2 && (text[1] == 0xa0 || (text[1] >= 0x80 && text[1] < 0xa0))) { /* NBSP, C1 controls */
        *ret_bytes = 2;
        return LOOK_SPACE;
    }
    if (text[0] == 0xc2 && text[1] == 0xad) { /* soft hyphen */
        *ret_bytes = 2;
        return LOOK_DROP;
    }
    if (text[0] == 0xe2 && text[1] == 0x80) {
        bool invisible = (text[2] >= 0x8b && text[2] <= 0x8f) || (text[2] >= 0xaa && text[2] <= 0xae); /* and bidi */
        if (invisible || (text[2] >= 0x80 && text[2] <= 0x8a) || text[2] == 0xaf || text[2] == 0xa8 ||
            text[2] == 0xa9) {
            *ret_bytes = 3;
            return invisible ? LOOK_DROP : LOOK_SPACE;
        }
    }
    if (text[0] == 0xef && text[1] == 0xbb && text[2] == 0xbf) {
        *ret_bytes = 3;
        return LOOK_DROP;
    }
    return LOOK_KEEP;
}

size_t
clean_text (char *text)
{
    size_t from = 0, to = 0;
    bool space = false;
    while (text[from]) {
        size_t bytes;
        enum look look = look_at ((const unsigned char *)text + from, &bytes);
        if (look == LOOK_SPACE)
            space = to > 0;
        if (look != LOOK_KEEP) {
            from += bytes;
            continue;
        }
        if (space)
            text[to++] = ' ';
        space = false;
        text[to++] = text[from++];
    }
    text[to] = 0;
    return to;
}

void
clean_key (const char *text, char *ret, size_t size)
{
    size_t length = 0;
    bool gap = false;
    for (; *text; text++) {
        if (!isalnum ((unsigned char)*text) || (unsigned char)*text >= 0x80) {
            gap = length > 0;
            continue;
        }
        if (length + gap + 2 > size)
            break;
        if (gap)
            ret[length++] = '_';
        gap = false;
        ret[length++] = (char)tolower ((unsigned char)*text);
    }
    ret[length] = 0;
}

bool
clean_is_formula (const char *text)
{
    if (!*text || !strchr ("=+-@\t\r", *text))
        return false;
    if (*text != '+' && *text != '-')
        return true;
    size_t digits = strspn (text + 1, "0123456789");
    if (!digits)
        return text[1] != 0; /* a lone '-' says "none" and runs nothing */
    text += 1 + digits;
    if (*text == '.' || *text == ',')
        text += 1 + strspn (text + 1, "0123456789");
    return *text != 0;
}

size_t
clean_csv_cell (const char *text, char delimiter, char *ret, size_t size)
{
    bool formula = clean_is_formula (text);
    bool quote = formula || strpbrk (text, "\"\r\n") || strchr (text, delimiter) || text[0] == ' ' ||
                 (text[0] && text[strlen (text) - 1] == ' ');
    size_t need = 0;
#define PUT(c)                                                                                                         \
    do {                                                                                                               \
        if (need + 1 < size)                                                                                           \
            ret[need] = (c);                                                                                           \
        need++;                                                                                                        \
    } while (0)
    if (quote)
        PUT ('"');
    if (formula)
        PUT ('\'');
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            PUT ('"');
        PUT (*c);
    }
    if (quote)
        PUT ('"');
#undef PUT
    if (size)
        ret[need < size ? need : size - 1] = 0;
    return need;
}
