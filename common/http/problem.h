/* Refusals as RFC 9457 application/problem+json, in the reader's language. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/base/err.h"
#include "common/http/request.h"

/* One row per code, "intake.paper_missing". Texts say what is wrong, where, and how to mend it; {0} to {3} stand for
 * the arguments. */
struct http_problem_row {
    const char *code;
    int status;
    const char *id; /* Bahasa Indonesia */
    const char *en;
};

/* The rows of this layer ("http.…") and one per enum rc ("rc.…") for errors without a row of their own. */
extern const struct http_problem_row http_problem_rows[];
extern const size_t http_problem_row_count;

struct http_catalogue;

/* Borrows rows; adds those of this layer. RC_INVALID names a row that is double, empty in one language, uses other
 * arguments in one language than in the other, or has no 4xx/5xx status. Immutable: any thread may read. */
enum rc http_catalogue_new (const struct http_problem_row *rows, size_t count, struct http_catalogue **ret_catalogue,
                            struct err *err);
void http_catalogue_destroy (struct http_catalogue **catalogue);
const struct http_problem_row *http_catalogue_find (const struct http_catalogue *catalogue, const char *code);

enum http_language { HTTP_INDONESIAN, HTTP_ENGLISH };
/* By Accept-Language and its q-values; Bahasa Indonesia when it is absent, malformed or names neither. */
enum http_language http_language_of (const char *accept_language);
const char *http_language_tag (enum http_language language); /* "id", "en" */

enum { HTTP_ARGUMENTS_MAX = 4 };

/* A field at fault. */
struct http_problem_error {
    const char *pointer; /* JSON pointer into the body, or a parameter's name */
    const char *code;    /* of the catalogue; one without a row is shown with `detail` only */
    const char *row;     /* whose text says it more exactly; NULL, or not of the catalogue: the code's */
    const char *detail;  /* NULL: the row's text */
    const char *arguments[HTTP_ARGUMENTS_MAX];
};

struct http_problem {
    const char *code; /* of the catalogue; one without a row takes the text and status of `rc` */
    enum rc rc;       /* RC_OK: only the row decides */
    int status;       /* 0: the row's */
    const char *arguments[HTTP_ARGUMENTS_MAX];
    const struct http_problem_error *errors;
    size_t error_count;
    const char *members;  /* further members as JSON text, `"holder":"approval"`; NULL none */
    unsigned retry_after; /* seconds; 0: 2 for 503 and 429, else none */
};

int http_status_of (enum rc rc);

/* The JSON text, malloc'ed; instance may be NULL; ret_status as it must be sent. NULL without memory. */
char *http_problem_text (const struct http_catalogue *catalogue, const struct http_problem *problem,
                         enum http_language language, const char *instance, int *ret_status);

/* Answers the request (as http_respond) in its language. */
void http_respond_problem (struct http_request *request, const struct http_problem *problem);
/* From an error: its code and field, or the text of its rc; err->text is for operators and is not sent. */
void http_respond_err (struct http_request *request, const struct err *err);

/* text as a JSON string with its quotes; what is not UTF-8 becomes U+FFFD. Returns the bytes it needs without NUL, of
 * which at most capacity - 1 are written, so that NULL, 0 measures. */
size_t http_json_string (char *out, size_t capacity, const char *text);
