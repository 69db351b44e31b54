/* What the parts of the gateway share: its settings, the bus, the store, who is known. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/config.h"
#include "common/base/store.h"
#include "common/bus/call.h"
#include "common/bus/keys.h"
#include "common/bus/peers.h"
#include "common/http/server.h"

struct sessions;
struct worker;
struct events;
struct shares;
struct pace;
struct watch;

struct gateway_settings {
    char *instance, *listen, *page, *keys, *store, *origin;
    struct config_list peers, proxies;
    int64_t threads, connections, connections_of_ip, workers, sign_in_failures;
    int64_t streams, streams_of_tenant, streams_of_person, calls_of_tenant, calls_of_person, searches, uploads;
    int64_t file_limit, scan_limit;
    int64_t request_time, drain;
    bool access_log;
};

struct gateway {
    struct gateway_settings settings;
    struct bus_cert cert;
    struct bus_peers *peers;
    struct bus_caller *caller;
    struct store *store;
    struct sessions *sessions;
    struct worker *worker;
    struct events *events;
    struct watch *watch;
    struct shares *calls, *readers; /* open questions; those that wait for events */
    struct pace *searches, *uploads;
    char *openapi; /* the text served at /openapi.yaml */
    size_t openapi_size;
};

extern const struct config_row gateway_rows[]; /* of struct gateway_settings */

/* The endpoints of one service in settings.peers, comma separated, into a buffer; false when it is not listed. */
bool gateway_endpoints (const struct gateway_settings *settings, const char *service, char *ret_text, size_t room);
