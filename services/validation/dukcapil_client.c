#include "services/validation/dukcapil_client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "services/validation/dukcapil_breaker.h"
#include "services/validation/dukcapil_message.h"

enum {
    URL_BYTES = 512,
    WHY_BYTES = 64,
    STARVED_MS = 20,
    CONNECTIONS = 64,
    IDLE_MULTIS = 16, /* more workers than a process has; what does not fit is closed */
};

struct dukcapil_client {
    struct dukcapil_settings settings;
    char url[URL_BYTES];
    struct curl_slist *headers;
    CURLSH *share; /* names and TLS sessions outlive one round of questions */
    pthread_mutex_t locks[CURL_LOCK_DATA_LAST];
    atomic_int on_their_way;
    pthread_mutex_t mutex;
    CURLM *idle[IDLE_MULTIS]; /* with their open connections, under mutex; each is one worker's while it asks */
    size_t n_idle;
    struct breaker breaker; /* under mutex */
    char why[WHY_BYTES];    /* of the last failure, under mutex */
};

/* One question on its way. */
struct transfer {
    CURL *easy;
    struct dukcapil_question *question;
    struct bytes body;
    char *answer;
    size_t size;
    char why[WHY_BYTES];
};

static struct metric asked = METRIC_COUNTER_BY ("padan_dukcapil_questions_total", "Questions, by what came.", "class");
static struct metric took = METRIC_HISTOGRAM ("padan_dukcapil_seconds", "Time of an answer.", METRIC_TIMES);
static struct metric quota_left = METRIC_GAUGE ("padan_dukcapil_quota_left", "quotaLimiter of the last answer.");
static struct metric stopped =
    METRIC_GAUGE ("padan_dukcapil_stopped", "1: not asked for a while; 2: refused, somebody must look.");
static struct metric *const metrics[] = { &asked, &took, &quota_left, &stopped, NULL };

void
dukcapil_metrics_register (void)
{
    metrics_register (metrics);
}

/* ---------------------------------------------------------------- making */

static void
share_lock (CURL *easy, curl_lock_data data, curl_lock_access access, void *self)
{
    pthread_mutex_lock (&((struct dukcapil_client *)self)->locks[data]);
}

static void
share_unlock (CURL *easy, curl_lock_data data, void *self)
{
    pthread_mutex_unlock (&((struct dukcapil_client *)self)->locks[data]);
}

static enum rc
settings_check (const struct dukcapil_settings *settings, struct err *err)
{
    if (!settings->url[0])
        return RC_OK;
    if (strncmp (settings->url, "http://", 7) != 0 && strncmp (settings->url, "https://", 8) != 0)
        return err_set (err, RC_INVALID, "dukcapil_url: http:// or https://");
    if (!settings->office[0] || !settings->method[0])
        return err_set (err, RC_INVALID, "dukcapil_office and dukcapil_method must be given with dukcapil_url");
    if (strcmp (settings->keys, "upper") != 0 && strcmp (settings->keys, "lower") != 0 &&
        strcmp (settings->keys, "mixed") != 0)
        return err_set (err, RC_INVALID, "dukcapil_keys: upper, lower or mixed");
    return RC_OK;
}

enum rc
dukcapil_client_new (const struct dukcapil_settings *settings, struct dukcapil_client **ret_client, struct err *err)
{
    enum rc rc = settings_check (settings, err);
    if (rc != RC_OK)
        return rc;
    struct dukcapil_client *self = calloc (1, sizeof *self);
    MUST (self);
    MUST (curl_global_init (CURL_GLOBAL_DEFAULT) == CURLE_OK);
    self->settings = *settings;
    int length = snprintf (self->url, sizeof self->url, "%s/dukcapil/get_json/%s/%s", settings->url, settings->office,
                           settings->method);
    self->headers = curl_slist_append (curl_slist_append (NULL, "Content-Type: application/json"), "Expect:");
    self->share = curl_share_init ();
    MUST (self->headers && self->share);
    pthread_mutex_init (&self->mutex, NULL);
    for (size_t i = 0; i < CURL_LOCK_DATA_LAST; i++)
        pthread_mutex_init (&self->locks[i], NULL);
    curl_share_setopt (self->share, CURLSHOPT_LOCKFUNC, share_lock);
    curl_share_setopt (self->share, CURLSHOPT_UNLOCKFUNC, share_unlock);
    curl_share_setopt (self->share, CURLSHOPT_USERDATA, self);
    curl_share_setopt (self->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    curl_share_setopt (self->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    if (length >= URL_BYTES) {
        dukcapil_client_destroy (&self);
        return err_set (err, RC_INVALID, "dukcapil_url: too long");
    }
    *ret_client = self;
    return RC_OK;
}

void
dukcapil_client_destroy (struct dukcapil_client **client)
{
    if (!*client)
        return;
    while ((*client)->n_idle)
        curl_multi_cleanup ((*client)->idle[--(*client)->n_idle]);
    curl_share_cleanup ((*client)->share);
    curl_slist_free_all ((*client)->headers);
    free (*client);
    *client = NULL;
}

/* ---------------------------------------------------------------- the breaker */

static bool
client_allows (struct dukcapil_client *self)
{
    pthread_mutex_lock (&self->mutex);
    bool allowed = breaker_allows (&self->breaker, clock_monotonic ());
    pthread_mutex_unlock (&self->mutex);
    return allowed;
}

static const char *
nik_of (const struct dukcapil_question *question)
{
    for (size_t i = 0; i < question->n_fields; i++)
        if (strcmp (question->fields[i].name, "NIK") == 0)
            return question->fields[i].sent;
    return NULL;
}

static void
client_record (struct dukcapil_client *self, enum breaker_event event, const struct transfer *transfer)
{
    pthread_mutex_lock (&self->mutex);
    bool changed = breaker_record (&self->breaker, event, clock_monotonic (), randombytes_uniform (1000));
    bool setup = self->breaker.setup, open = self->breaker.closed_until != 0;
    if (event != BREAKER_GOOD)
        memcpy (self->why, transfer->why, sizeof self->why);
    pthread_mutex_unlock (&self->mutex);
    metric_set (&stopped, NULL, setup ? 2 : open);
    if (!changed)
        return;
    if (event == BREAKER_GOOD)
        log_event (LOG_NOTICE, "dukcapil.back");
    else
        log_event (setup ? LOG_CRIT : LOG_WARNING, setup ? "dukcapil.refused" : "dukcapil.away",
                   LOG_STR ("why", transfer->why), LOG_MASKED ("nik", nik_of (transfer->question)));
}

int64_t
dukcapil_client_pause (struct dukcapil_client *self)
{
    pthread_mutex_lock (&self->mutex);
    int64_t until = self->breaker.closed_until;
    pthread_mutex_unlock (&self->mutex);
    int64_t left = until ? until - clock_monotonic () : 0;
    return left > 0 ? left : 0;
}

bool
dukcapil_client_refused (struct dukcapil_client *self, char *ret_detail, size_t size)
{
    pthread_mutex_lock (&self->mutex);
    bool setup = self->breaker.setup;
    snprintf (ret_detail, size, "%s", self->why);
    pthread_mutex_unlock (&self->mutex);
    return setup;
}

/* ---------------------------------------------------------------- one question */

static size_t
answer_take (char *data, size_t size, size_t n, void *context)
{
    struct transfer *transfer = context;
    size_t bytes = size * n;
    if (transfer->size + bytes > DUKCAPIL_ANSWER)
        return 0;
    char *bigger = realloc (transfer->answer, transfer->size + bytes + 1);
    if (!bigger)
        return 0;
    memcpy (bigger + transfer->size, data, bytes);
    transfer->answer = bigger;
    transfer->size += bytes;
    return bytes;
}

static bool
transfer_start (struct dukcapil_client *self, CURLM *multi, struct transfer *transfer)
{
    const struct dukcapil_settings *settings = &self->settings;
    CURL *easy = curl_easy_init ();
    if (!easy)
        return false;
    curl_easy_setopt (easy, CURLOPT_URL, self->url);
    curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt (easy, CURLOPT_PROXY, ""); /* a private address: no environment variable may send it elsewhere */
    curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt (easy, CURLOPT_SHARE, self->share);
    curl_easy_setopt (easy, CURLOPT_HTTPHEADER, self->headers);
    curl_easy_setopt (easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->body.size);
    curl_easy_setopt (easy, CURLOPT_POSTFIELDS, transfer->body.data);
    curl_easy_setopt (easy, CURLOPT_TIMEOUT_MS, (long)(settings->timeout / 1000));
    curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, answer_take);
    curl_easy_setopt (easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt (easy, CURLOPT_PRIVATE, transfer);
    if (settings->authority[0])
        curl_easy_setopt (easy, CURLOPT_CAINFO, settings->authority);
    transfer->easy = easy;
    if (curl_multi_add_handle (multi, easy) == CURLM_OK)
        return true;
    curl_easy_cleanup (easy);
    return false;
}

/* A code of content[0] that speaks of us or of the service, not of the person. */
static enum breaker_event
codes_event (const struct dukcapil_question *question, struct transfer *transfer, enum dukcapil_class *ret_class)
{
    static const struct dukcapil_policy no_policy;
    struct dukcapil_answer answer;
    dukcapil_judge (&no_policy, question->pairs, question->n_pairs, &answer);
    *ret_class = answer.class;
    snprintf (transfer->why, sizeof transfer->why, "kode %s", answer.code);
    return answer.class == DUKCAPIL_SETUP  ? BREAKER_SETUP
           : answer.class == DUKCAPIL_WAIT ? BREAKER_QUOTA
                                           : BREAKER_GOOD;
}

static enum breaker_event
transfer_judge (struct transfer *transfer, CURLcode code, long status, struct arena *arena)
{
    struct dukcapil_question *question = transfer->question;
    int64_t quota = -1;
    if (code != CURLE_OK) {
        bool certificate = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
        snprintf (transfer->why, sizeof transfer->why, "%s",
                  code == CURLE_OPERATION_TIMEDOUT ? "timeout" : curl_easy_strerror (code));
        question->class = certificate ? DUKCAPIL_SETUP : DUKCAPIL_WAIT;
        return certificate ? BREAKER_SETUP : BREAKER_FAILED;
    }
    if (status != 200) {
        snprintf (transfer->why, sizeof transfer->why, "http %ld", status);
        question->class = dukcapil_http_class (status);
        return question->class == DUKCAPIL_SETUP ? BREAKER_SETUP : BREAKER_FAILED;
    }
    struct bytes body = { (const uint8_t *)transfer->answer, transfer->size };
    if (!body.data || !dukcapil_message_read (body, question, arena, &quota)) {
        snprintf (transfer->why, sizeof transfer->why, "jawaban tidak terbaca");
        question->class = DUKCAPIL_WAIT;
        return BREAKER_FAILED;
    }
    if (quota >= 0)
        metric_set (&quota_left, NULL, quota);
    return codes_event (question, transfer, &question->class);
}

static void
transfer_end (struct dukcapil_client *self, CURLM *multi, struct transfer *transfer, CURLcode code, struct arena *arena)
{
    static const char *const classes[] = { "verdict", "wait", "setup" };
    long status = 0;
    curl_off_t time = 0;
    curl_easy_getinfo (transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo (transfer->easy, CURLINFO_TOTAL_TIME_T, &time);
    metric_observe (&took, NULL, time);
    enum breaker_event event = transfer_judge (transfer, code, status, arena);
    metric_add (&asked, classes[transfer->question->class], 1);
    client_record (self, event, transfer);
    if (event != BREAKER_GOOD)
        transfer->question->why = arena_string (arena, transfer->why);
    curl_multi_remove_handle (multi, transfer->easy);
    curl_easy_cleanup (transfer->easy);
    sodium_memzero ((void *)transfer->body.data, transfer->body.size); /* the password was in it */
    free (transfer->answer);
    transfer->easy = NULL;
    self->on_their_way--;
}

/* ---------------------------------------------------------------- many */

static CURLM *
multi_take (struct dukcapil_client *self)
{
    pthread_mutex_lock (&self->mutex);
    CURLM *multi = self->n_idle ? self->idle[--self->n_idle] : NULL;
    pthread_mutex_unlock (&self->mutex);
    if (multi)
        return multi;
    multi = curl_multi_init ();
    MUST (multi);
    curl_multi_setopt (multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS);
    return multi;
}

static void
multi_give (struct dukcapil_client *self, CURLM *multi)
{
    pthread_mutex_lock (&self->mutex);
    bool kept = self->n_idle < IDLE_MULTIS;
    if (kept)
        self->idle[self->n_idle++] = multi;
    pthread_mutex_unlock (&self->mutex);
    if (!kept)
        curl_multi_cleanup (multi);
}

/* Takes one of the places all workers share; false when there is none. */
static bool
place_take (struct dukcapil_client *self)
{
    int taken = self->on_their_way;
    while (taken < self->settings.parallel)
        if (atomic_compare_exchange_weak (&self->on_their_way, &taken, taken + 1))
            return true;
    return false;
}

static void
question_skip (struct dukcapil_client *self, struct dukcapil_question *question, struct arena *arena)
{
    char why[WHY_BYTES];
    question->class = dukcapil_client_refused (self, why, sizeof why) ? DUKCAPIL_SETUP : DUKCAPIL_WAIT;
    question->why = arena_string (arena, why);
}

/* Starts what there is room and time for; returns how many questions are settled or under way. */
static size_t
questions_start (struct dukcapil_client *self, CURLM *multi, struct transfer *transfers, size_t from, size_t n,
                 int64_t until, struct arena *arena, size_t *running)
{
    struct err err;
    while (from < n) {
        struct transfer *transfer = &transfers[from];
        if (clock_monotonic () >= until) {
            transfer->question->why = "belum giliran";
            from++;
            continue;
        }
        if (!place_take (self))
            break;
        if (!client_allows (self)) {
            self->on_their_way--;
            question_skip (self, transfer->question, arena);
        } else if (dukcapil_message_write (&self->settings, transfer->question, arena, &transfer->body, &err) !=
                       RC_OK ||
                   !transfer_start (self, multi, transfer)) {
            self->on_their_way--;
            snprintf (transfer->why, sizeof transfer->why, "memory");
            client_record (self, BREAKER_FAILED, transfer);
            question_skip (self, transfer->question, arena);
        } else {
            ++*running;
        }
        from++;
    }
    return from;
}

void
dukcapil_client_ask (struct dukcapil_client *self, struct dukcapil_question *questions, size_t n, int64_t until,
                     struct arena *arena)
{
    struct transfer *transfers = arena_array (arena, n ? n : 1, sizeof *transfers);
    CURLM *multi = multi_take (self);
    MUST (transfers);
    for (size_t i = 0; i < n; i++) {
        transfers[i].question = &questions[i];
        questions[i].class = DUKCAPIL_WAIT;
        questions[i].why = "belum dihubungkan";
    }
    size_t next = self->settings.url[0] ? 0 : n, running = 0;
    while (next < n || running) {
        next = questions_start (self, multi, transfers, next, n, until, arena, &running);
        int left;
        curl_multi_perform (multi, &left);
        int waiting = 0;
        for (CURLMsg *message; (message = curl_multi_info_read (multi, &waiting));) {
            struct transfer *transfer;
            if (message->msg != CURLMSG_DONE)
                continue;
            curl_easy_getinfo (message->easy_handle, CURLINFO_PRIVATE, &transfer);
            transfer_end (self, multi, transfer, message->data.result, arena);
            running--;
        }
        if (running || next < n)
            curl_multi_poll (multi, NULL, 0, next < n ? STARVED_MS : 1000, NULL);
    }
    multi_give (self, multi);
}
