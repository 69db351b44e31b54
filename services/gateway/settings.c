#include <string.h>

#include "common/base/clock.h"
#include "services/gateway/gateway.h"

enum { MEBIBYTE = 1 << 20 };

const struct config_row gateway_rows[] = {
    CONFIG_ROW (struct gateway_settings, instance, CONFIG_TEXT, "1", "name of this instance among its siblings"),
    CONFIG_ROW (struct gateway_settings, listen, CONFIG_TEXT, "127.0.0.1:8080", "address and port of HTTP"),
    CONFIG_ROW (struct gateway_settings, page, CONFIG_TEXT, "127.0.0.1:0", "address and port of /metrics and /readyz"),
    CONFIG_ROW (struct gateway_settings, keys, CONFIG_TEXT, NULL, "directory of CURVE keys"),
    CONFIG_ROW (struct gateway_settings, store, CONFIG_TEXT, NULL, "directory of the content store"),
    CONFIG_ROW (struct gateway_settings, origin, CONFIG_TEXT, "",
                "https://… browsers see us at; empty: what the Host header says"),
    CONFIG_ROW (struct gateway_settings, peers, CONFIG_LIST, "", "service=endpoint, instances separated by |"),
    CONFIG_ROW (struct gateway_settings, threads, CONFIG_INT, "2", "threads that move HTTP's bytes", .min = 2,
                .max = 64),
    CONFIG_ROW (struct gateway_settings, workers, CONFIG_INT, "2", "threads that make uploads durable", .min = 1,
                .max = 16),
    CONFIG_ROW (struct gateway_settings, connections, CONFIG_INT, "4096", "open at once; more wait", .min = 16,
                .max = 65536),
    CONFIG_ROW (struct gateway_settings, connections_of_ip, CONFIG_INT, "0",
                "of these from one address; 0: no limit, for a proxy is one address", .max = 65536),
    CONFIG_ROW (struct gateway_settings, streams, CONFIG_INT, "512", "readers of the event stream", .min = 1,
                .max = 900), /* each has one call to the journal open, of BUS_CALLS_OF_SERVICE */
    CONFIG_ROW (struct gateway_settings, streams_of_tenant, CONFIG_INT, "128", "of these for one jurisdiction",
                .min = 1, .max = 900),
    CONFIG_ROW (struct gateway_settings, streams_of_person, CONFIG_INT, "32", "of these for one person or program",
                .min = 1, .max = 900),
    CONFIG_ROW (struct gateway_settings, calls_of_tenant, CONFIG_INT, "512",
                "requests of one jurisdiction that services work on at once", .min = 1, .max = 4096),
    CONFIG_ROW (struct gateway_settings, calls_of_person, CONFIG_INT, "256", "of these for one person or program",
                .min = 1, .max = 4096),
    CONFIG_ROW (struct gateway_settings, searches, CONFIG_INT, "600",
                "an hour by one person, a tenth of them at once; 0: no limit", .max = 1000000),
    CONFIG_ROW (struct gateway_settings, uploads, CONFIG_SIZE, "16GiB",
                "an hour from one person or program; 0: no limit"),
    CONFIG_ROW (struct gateway_settings, sign_in_failures, CONFIG_INT, "30",
                "failed sign-ins a minute from one address; 0: no limit", .max = 1000000),
    CONFIG_ROW (struct gateway_settings, proxies, CONFIG_LIST, "",
                "addresses of proxies of ours, whose X-Forwarded-For is believed"),
    CONFIG_ROW (struct gateway_settings, file_limit, CONFIG_SIZE, "1GiB", "largest upload", .min = MEBIBYTE),
    CONFIG_ROW (struct gateway_settings, scan_limit, CONFIG_SIZE, "20MiB", "largest PDF, JPEG or PNG", .min = MEBIBYTE),
    CONFIG_ROW (struct gateway_settings, request_time, CONFIG_SPAN, "15s", "for a service to answer",
                .min = CLOCK_SECOND, .max = 60 * (int64_t)CLOCK_SECOND),
    CONFIG_ROW (struct gateway_settings, drain, CONFIG_SPAN, "20s", "longest wait for open requests at the end",
                .max = 300 * (int64_t)CLOCK_SECOND),
    CONFIG_ROW (struct gateway_settings, access_log, CONFIG_BOOL, "yes", "one line a request"),
    { 0 },
};

bool
gateway_endpoints (const struct gateway_settings *settings, const char *service, char *ret_text, size_t room)
{
    size_t size = strlen (service);
    for (size_t i = 0; i < settings->peers.count; i++) {
        const char *peer = settings->peers.items[i];
        if (strncmp (peer, service, size) != 0 || peer[size] != '=')
            continue;
        if ((size_t)snprintf (ret_text, room, "%s", peer + size + 1) >= room)
            return false;
        for (char *c = ret_text; *c; c++)
            if (*c == '|')
                *c = ',';
        return true;
    }
    return false;
}
