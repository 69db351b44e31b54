#include "common/domain/village.h"

#include <ctype.h>
#include <string.h>

bool
village_read (const char *text, char ret[static VILLAGE_TEXT])
{
    static const char shape[] = "dd.dd.dd.dddd";
    char code[VILLAGE_TEXT];
    text += strspn (text, " '");
    bool dotted = strlen (text) > 2 && text[2] == '.';
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        if (shape[i] == '.' && !dotted) {
            code[i] = '.';
            continue;
        }
        if (shape[i] == 'd' ? !isdigit ((unsigned char)*text) : *text != '.')
            return false;
        code[i] = *text++;
    }
    code[sizeof shape - 1] = '\0';
    if (!dotted && strcmp (text, ".0") == 0)
        text += 2;
    if (text[strspn (text, " ")] || (!dotted && (code[9] < '1' || code[9] > '3')))
        return false;
    memcpy (ret, code, sizeof code);
    return true;
}
