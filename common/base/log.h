/* One JSON line to stderr per event of note:
 *
 *     log_event (LOG_WARNING, "import.row_refused", LOG_STR ("code", code), LOG_INT ("line", line), LOG_UUID ("import",
 * id));
 *
 * Levels are those of syslog.h (LOG_DEBUG, LOG_INFO, LOG_NOTICE, LOG_WARNING, LOG_ERR, LOG_CRIT). `event` and the names
 * of fields are literals, dotted or snake_case. Every line bears time (UTC), level, service, instance and event, is
 * escaped so that no value can forge a line or a field, and leaves by a single write of at most LOG_LINE bytes, so that
 * lines of threads and processes on one pipe never mix. Thread-safe; may be called with locks held, but blocks when
 * stderr is a full pipe.
 *
 * Personal data is not logged. No field prints a NIK or KK but LOG_MASKED; against slips, LOG_STR and LOG_INT mask any
 * number of 16 digits or more as LOG_MASKED would. Instants go through LOG_TIME, never LOG_INT. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <syslog.h>
#include "common/base/err.h"
#include "common/base/uuid.h"

enum { LOG_LINE = 4096 }; /* PIPE_BUF: larger writes to a pipe may be torn. Fields that do not fit are left out. */

enum log_type {
    LOG_TYPE_END,
    LOG_TYPE_STR,
    LOG_TYPE_INT,
    LOG_TYPE_REAL,
    LOG_TYPE_BOOL,
    LOG_TYPE_UUID,
    LOG_TYPE_TIME,
    LOG_TYPE_MASKED,
    LOG_TYPE_SHA256
};

struct log_field {
    enum log_type type;
    const char *name;
    union {
        const char *text;
        int64_t integer;
        double real;
        bool boolean;
        struct uuid uuid;
        const uint8_t *digest;
    };
};

static inline struct log_field
log_uuid (const char *name, struct uuid uuid)
{
    struct log_field field = { .type = LOG_TYPE_UUID, .name = name };
    field.uuid = uuid;
    return field;
}

#define LOG_FIELD(type_, name_, member, value) ((struct log_field){ LOG_TYPE_##type_, (name_), { .member = (value) } })
#define LOG_STR(name, value)                   LOG_FIELD (STR, name, text, value) /* NULL prints null */
#define LOG_INT(name, value)                   LOG_FIELD (INT, name, integer, value)
#define LOG_REAL(name, value)                  LOG_FIELD (REAL, name, real, value) /* three decimals */
#define LOG_BOOL(name, value)                  LOG_FIELD (BOOL, name, boolean, value)
#define LOG_UUID(name, value)                  log_uuid ((name), (value))             /* struct uuid; nil prints null */
#define LOG_TIME(name, value)                  LOG_FIELD (TIME, name, integer, value) /* UTC microseconds; 0 prints null */
#define LOG_MASKED(name, value)                LOG_FIELD (MASKED, name, text, value) /* all but the last 4 characters become * */
#define LOG_SHA256(name, value)                LOG_FIELD (SHA256, name, digest, value) /* 32 bytes; NULL prints null */
#define LOG_END                                LOG_FIELD (END, NULL, text, NULL)       /* may be left out */
/* The three fields of an error: rc, code (when it has one), text. */
#define LOG_ERR_FIELDS(err)                                                                                            \
    LOG_STR ("rc", rc_name ((err)->rc)), LOG_STR ("code", (err)->code[0] ? (err)->code : NULL),                        \
        LOG_STR ("text", (err)->text)

#ifdef PADAN_CPPCHECK /* which gives a file up at __VA_OPT__ */
#define log_event(level, event, ...) log_write ((level), (event), (const struct log_field[]){ LOG_END, ##__VA_ARGS__ })
#else
#define log_event(level, event, ...)                                                                                   \
    log_write ((level), (event), (const struct log_field[]){ __VA_ARGS__ __VA_OPT__ (, ) LOG_END })
#endif

/* Once, before threads start. Names are copied. least: events of lesser weight than this level are not written. */
void log_open (const char *service, const char *instance, int least);
void log_level (int least);
bool log_level_parse (const char *name, int *ret_level); /* "debug" "info" "notice" "warning" "error" "critical" */
/* For tests: lines go to this descriptor instead of 2. */
void log_to (int descriptor);
void log_write (int level, const char *event, const struct log_field *fields);
/* Lines that could not be written, for a metric. */
uint64_t log_lost (void);
