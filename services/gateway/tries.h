/* How often an address may fail to sign in: guessing many logins from one place. accounts counts by login. Thread-safe.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct http_request;
struct gateway_settings;

/* Microseconds until the address may try again; 0: now. now: clock_monotonic. */
int64_t tries_wait (const char *address, int64_t most, int64_t now);
/* It failed. */
void tries_count (const char *address, int64_t now);

/* Who asks: the other end, or, when that is a proxy of ours, the last address it names in X-Forwarded-For. */
const char *tries_address (const struct gateway_settings *settings, const struct http_request *request,
                           char ret_address[static 64]);
