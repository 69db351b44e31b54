#include "common/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#undef err_set /* what the analyzer is shown instead */
#undef err_code
#undef err_argument
#undef err_fields

static void
err_fill (struct err *err, enum rc rc, const char *code, const char *field, const char *format, va_list arguments)
{
    if (!err)
        return;
    err->rc = rc;
    snprintf (err->code, sizeof err->code, "%s", code ? code : "");
    snprintf (err->field, sizeof err->field, "%s", field ? field : "");
    vsnprintf (err->text, sizeof err->text, format, arguments);
    err->argument[0] = '\0';
    err->fields = NULL;
    err->n_fields = 0;
    err->retry_after = 0;
}

enum rc
err_set (struct err *err, enum rc rc, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    err_fill (err, rc, NULL, NULL, format, arguments);
    va_end (arguments);
    return rc;
}

enum rc
err_code (struct err *err, enum rc rc, const char *code, const char *field, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    err_fill (err, rc, code, field, format, arguments);
    va_end (arguments);
    return rc;
}

enum rc
err_argument (struct err *err, const char *argument)
{
    snprintf (err->argument, sizeof err->argument, "%s", argument);
    return err->rc;
}

enum rc
err_fields (struct err *err, const struct err_field *fields, size_t n_fields)
{
    err->fields = fields;
    err->n_fields = n_fields;
    return err->rc;
}

const char *
rc_name (enum rc rc)
{
    static const char *const names[RC_END] = {
        [RC_OK] = "ok",
        [RC_INVALID] = "invalid",
        [RC_UNAUTHENTICATED] = "unauthenticated",
        [RC_FORBIDDEN] = "forbidden",
        [RC_NOT_FOUND] = "not_found",
        [RC_CONFLICT] = "conflict",
        [RC_STALE] = "stale",
        [RC_UNPROCESSABLE] = "unprocessable",
        [RC_KEY_REUSED] = "key_reused",
        [RC_BUSY] = "busy",
        [RC_EXPIRED] = "expired",
        [RC_RETRY] = "retry",
        [RC_LOST] = "lost",
        [RC_UNKNOWN] = "unknown",
        [RC_CORRUPT] = "corrupt",
        [RC_INTERNAL] = "internal",
    };
    return (unsigned)rc < RC_END ? names[rc] : "?";
}

_Noreturn void
must_fail (const char *condition, const char *file, int line)
{
    fprintf (stderr, "{\"level\":\"fatal\",\"event\":\"misuse\",\"condition\":\"%s\",\"at\":\"%s:%d\"}\n", condition,
             file, line);
    abort ();
}
