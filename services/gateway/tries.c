#include "services/gateway/tries.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "common/base/clock.h"
#include "common/http/request.h"
#include "services/gateway/gateway.h"

enum {
    SLOTS = 8192,             /* addresses told apart; two in one slot share their tries */
    SPAN = 60 * CLOCK_SECOND, /* of which failures count */
};

static struct {
    int64_t since; /* monotonic; 0: unused */
    uint32_t failures;
} slots[SLOTS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint8_t key[crypto_shorthash_KEYBYTES];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
key_make (void)
{
    randombytes_buf (key, sizeof key); /* nobody can choose an address that shares another's slot */
}

static size_t
slot_of (const char *address)
{
    uint64_t hash;
    pthread_once (&once, key_make);
    crypto_shorthash ((uint8_t *)&hash, (const uint8_t *)address, strlen (address), key);
    return hash % SLOTS;
}

int64_t
tries_wait (const char *address, int64_t most, int64_t now)
{
    size_t slot = slot_of (address);
    pthread_mutex_lock (&lock);
    int64_t left = slots[slot].since ? slots[slot].since + SPAN - now : 0;
    bool waits = most && left > 0 && slots[slot].failures >= most;
    pthread_mutex_unlock (&lock);
    return waits ? left : 0;
}

void
tries_count (const char *address, int64_t now)
{
    size_t slot = slot_of (address);
    pthread_mutex_lock (&lock);
    if (!slots[slot].since || slots[slot].since + SPAN <= now) {
        slots[slot].since = now;
        slots[slot].failures = 0;
    }
    slots[slot].failures++;
    pthread_mutex_unlock (&lock);
}

/* What the proxy next to us wrote: the last entry of the last line, for some add a line of their own behind one that
 * the client made up. NULL: none. */
static const char *
forwarded_last (const struct http_request *request)
{
    for (size_t i = request->field_count; i-- > 0;)
        if (strcasecmp (request->fields[i].name, "x-forwarded-for") == 0) {
            const char *named = request->fields[i].value, *comma = strrchr (named, ',');
            return comma ? comma + 1 : named;
        }
    return NULL;
}

const char *
tries_address (const struct gateway_settings *settings, const struct http_request *request, char ret_address[static 64])
{
    const char *last = forwarded_last (request);
    bool proxy = false;
    for (size_t i = 0; i < settings->proxies.count; i++)
        proxy = proxy || strcmp (settings->proxies.items[i], request->peer) == 0;
    snprintf (ret_address, 64, "%s", request->peer);
    if (!proxy || !last)
        return ret_address;
    uint8_t parsed[16];
    char text[64];
    last += strspn (last, " \t");
    snprintf (text, sizeof text, "%.*s", (int)strcspn (last, " \t"), last);
    if (inet_pton (AF_INET, text, parsed) == 1 || inet_pton (AF_INET6, text, parsed) == 1)
        memcpy (ret_address, text, sizeof text);
    return ret_address;
}
