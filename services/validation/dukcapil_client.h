/* Dukcapil's web service: POST JSON, match-only, a few questions at a time over kept connections. Everything an
 * office's agreement with Dukcapil fixes is configuration. Neither credentials nor a whole NIK are ever logged. */
#pragma once

#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/domain/dukcapil.h"

struct dukcapil_settings {
    char *url;       /* "https://10.1.2.3:8000": /dukcapil/get_json/<office>/<method> is added; "": not connected */
    char *office;    /* INSTANSI, with its region where the service wants one: "33-74/IDINSOS_3374" */
    char *method;    /* "CALL_VERIFY_BY_ELEMEN" */
    char *keys;      /* upper, lower, mixed: how fields of the question are written */
    char *authority; /* file of certificates that vouch for the service; "" the system's */
    char *user, *password, *address; /* USER_ID, PASSWORD, IP_USER */
    int64_t timeout;                 /* µs, of one question */
    int64_t parallel;                /* questions on their way at once, all workers of this process together */
};

enum {
    DUKCAPIL_PARALLEL_MAX = 32,
    DUKCAPIL_TIMEOUT_MAX = 60,   /* seconds; with those in which questions leave, less than a check's lease */
    DUKCAPIL_ANSWER = 256 << 10, /* bytes; real ones have under 4 KB */
};

struct dukcapil_question {
    const struct dukcapil_pair *fields; /* name and sent */
    size_t n_fields;
    int threshold;
    /* out */
    enum dukcapil_class class;   /* VERDICT: pairs are content[0] */
    struct dukcapil_pair *pairs; /* names and values in the arena, `sent` as asked */
    size_t n_pairs;
    const char *why; /* of WAIT and SETUP: "timeout", "http 502", "kode 05", "belum giliran" */
};

struct dukcapil_client;

/* RC_INVALID: settings that cannot be. Thread-safe once made. */
enum rc dukcapil_client_new (const struct dukcapil_settings *settings, struct dukcapil_client **ret_client,
                             struct err *err);
void dukcapil_client_destroy (struct dukcapil_client **client);

/* Asks all, in their order, and waits for them. Questions that are not sent because the service is known to be away are
 * WAIT, or SETUP when it refused us; those whose turn did not come before `until` (clock_monotonic) are WAIT. Returns
 * at the latest one question's timeout after it. */
void dukcapil_client_ask (struct dukcapil_client *client, struct dukcapil_question *questions, size_t n, int64_t until,
                          struct arena *arena);

/* µs from now until asking again makes sense. */
int64_t dukcapil_client_pause (struct dukcapil_client *client);
/* Refused as we are set up: somebody must look. detail: why, "kode 03". */
bool dukcapil_client_refused (struct dukcapil_client *client, char *ret_detail, size_t size);
/* Prometheus counters of the client; once per process. */
void dukcapil_metrics_register (void);
