#include "common/domain/ticket.h"

#include <ctype.h>
#include <stdio.h>

enum { BODY = 9, OFFICE = 4, SYMBOLS = 23 }; /* a prime, so that weights 1 … 9 tell any two symbols apart */
static const char alphabet[SYMBOLS + 1] = "34679ACDEFGHJKMNPRTVWXY";

static char
check_symbol (const int values[static BODY])
{
    int sum = 0;
    for (int i = 0; i < BODY; i++)
        sum += (i + 1) * values[i];
    return alphabet[sum % SYMBOLS];
}

static void
ticket_write (const char *office, const int values[static BODY], char *ret)
{
    char body[BODY + 1];
    for (int i = 0; i < BODY; i++)
        body[i] = alphabet[values[i]];
    body[BODY] = '\0';
    snprintf (ret, TICKET_TEXT, "%.*s-%.5s-%s%c", OFFICE, office, body, body + 5, check_symbol (values));
}

const char *
ticket_make (const char *office, struct uuid application_id, char buffer[static TICKET_TEXT])
{
    char digits[OFFICE + 1] = "0000";
    for (int i = 0; *office && i < OFFICE; office++)
        if (isdigit ((unsigned char)*office))
            digits[i++] = *office;
    struct uuid mixed = uuid_of (&application_id, sizeof application_id); /* ids of one day begin alike */
    uint64_t number;
    int values[BODY];
    memcpy (&number, mixed.bytes + 8, sizeof number);
    for (int i = 0; i < BODY; i++, number /= SYMBOLS)
        values[i] = (int)(number % SYMBOLS);
    ticket_write (digits, values, buffer);
    return buffer;
}

bool
ticket_read (const char *text, char ret[static TICKET_TEXT])
{
    char symbols[OFFICE + BODY + 1];
    int n = 0, values[BODY];
    for (; *text; text++) {
        if (*text == '-' || *text == ' ')
            continue;
        if (n == OFFICE + BODY + 1)
            return false;
        symbols[n++] = (char)toupper ((unsigned char)*text);
    }
    if (n != OFFICE + BODY + 1)
        return false;
    for (int i = 0; i < BODY; i++) {
        const char *at = strchr (alphabet, symbols[OFFICE + i]);
        if (!at)
            return false;
        values[i] = (int)(at - alphabet);
    }
    for (int i = 0; i < OFFICE; i++)
        if (!isdigit ((unsigned char)symbols[i]))
            return false;
    if (check_symbol (values) != symbols[OFFICE + BODY])
        return false;
    ticket_write (symbols, values, ret);
    return true;
}
