#include "common/http/problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/http/internal.h"

struct http_catalogue {
    const struct http_problem_row **slots; /* open addressing by code */
    size_t mask;
};

static size_t
code_hash (const char *code)
{
    size_t hash = 14695981039346656037u;
    for (; *code; code++)
        hash = (hash ^ (unsigned char)*code) * 1099511628211u;
    return hash ^ hash >> 29;
}

static const struct http_problem_row **
catalogue_slot (const struct http_catalogue *self, const char *code)
{
    size_t at = code_hash (code) & self->mask;
    while (self->slots[at] && strcmp (self->slots[at]->code, code))
        at = (at + 1) & self->mask;
    return &self->slots[at];
}

/* Bit n for every {n}; -1 for a brace that is no argument. */
static int
arguments_used (const char *text)
{
    int used = 0;
    for (; (text = strpbrk (text, "{}")); text += 3) {
        if (text[0] != '{' || text[1] < '0' || text[1] >= '0' + HTTP_ARGUMENTS_MAX || text[2] != '}')
            return -1;
        used |= 1 << (text[1] - '0');
    }
    return used;
}

static enum rc
catalogue_add (struct http_catalogue *self, const struct http_problem_row *row, struct err *err)
{
    if (!row->code || !*row->code || !row->id || !*row->id || !row->en || !*row->en)
        return err_set (err, RC_INVALID, "problem %s needs a code and both texts", row->code ? row->code : "?");
    int used = arguments_used (row->id);
    if (used < 0 || used != arguments_used (row->en))
        return err_set (err, RC_INVALID, "problem %s: arguments differ between its texts", row->code);
    if (row->status < 400 || row->status > 599)
        return err_set (err, RC_INVALID, "problem %s: status %d", row->code, row->status);
    const struct http_problem_row **slot = catalogue_slot (self, row->code);
    if (*slot)
        return err_set (err, RC_INVALID, "problem %s is there twice", row->code);
    *slot = row;
    return RC_OK;
}

enum rc
http_catalogue_new (const struct http_problem_row *rows, size_t count, struct http_catalogue **ret_catalogue,
                    struct err *err)
{
    size_t size = 64;
    while (size < 2 * (count + http_problem_row_count))
        size *= 2;
    struct http_catalogue *self = calloc (1, sizeof *self);
    if (self)
        *self = (struct http_catalogue){ calloc (size, sizeof *self->slots), size - 1 };
    if (!self || !self->slots) {
        free (self);
        return err_set (err, RC_INTERNAL, "no memory for problems");
    }
    enum rc rc = RC_OK;
    for (size_t i = 0; i < http_problem_row_count && !rc; i++)
        rc = catalogue_add (self, &http_problem_rows[i], err);
    for (size_t i = 0; i < count && !rc; i++)
        rc = catalogue_add (self, &rows[i], err);
    if (rc) {
        http_catalogue_destroy (&self);
        return rc;
    }
    *ret_catalogue = self;
    return RC_OK;
}

void
http_catalogue_destroy (struct http_catalogue **catalogue)
{
    if (!*catalogue)
        return;
    free ((*catalogue)->slots);
    free (*catalogue);
    *catalogue = NULL;
}

const struct http_problem_row *
http_catalogue_find (const struct http_catalogue *self, const char *code)
{
    return code ? *catalogue_slot (self, code) : NULL;
}

static const struct {
    int status;
    const char *code;
} rc_rows[RC_END] = {
    [RC_OK] = { 500, "rc.internal" },
    [RC_INVALID] = { 400, "rc.invalid" },
    [RC_UNAUTHENTICATED] = { 401, "rc.unauthenticated" },
    [RC_FORBIDDEN] = { 403, "rc.forbidden" },
    [RC_NOT_FOUND] = { 404, "rc.not_found" },
    [RC_CONFLICT] = { 409, "rc.conflict" },
    [RC_STALE] = { 412, "rc.stale" },
    [RC_UNPROCESSABLE] = { 422, "rc.unprocessable" },
    [RC_KEY_REUSED] = { 422, "rc.key_reused" },
    [RC_BUSY] = { 503, "rc.busy" },
    [RC_EXPIRED] = { 504, "rc.expired" },
    [RC_RETRY] = { 500, "rc.internal" },
    [RC_LOST] = { 500, "rc.internal" },
    [RC_UNKNOWN] = { 500, "rc.internal" },
    [RC_CORRUPT] = { 500, "rc.internal" },
    [RC_INTERNAL] = { 500, "rc.internal" },
};

int
http_status_of (enum rc rc)
{
    return rc == RC_OK ? 200 : (unsigned)rc < RC_END ? rc_rows[rc].status : 500;
}

static const struct {
    int status;
    const char *id, *en;
} titles[] = {
    { 400, "Permintaan tidak sah", "Bad request" },
    { 401, "Belum masuk", "Not signed in" },
    { 403, "Tidak berwenang", "Not allowed" },
    { 404, "Tidak ditemukan", "Not found" },
    { 405, "Metode tidak berlaku", "Method not allowed" },
    { 409, "Tidak sesuai keadaan", "Conflict" },
    { 412, "Data sudah berubah", "Changed meanwhile" },
    { 413, "Terlalu besar", "Too large" },
    { 414, "Alamat terlalu panjang", "Address too long" },
    { 415, "Jenis isi tidak diterima", "Unsupported media type" },
    { 422, "Isian perlu diperbaiki", "Fields need mending" },
    { 428, "Syarat belum disertakan", "Precondition required" },
    { 429, "Terlalu sering", "Too many requests" },
    { 431, "Header terlalu besar", "Headers too large" },
    { 503, "Layanan sibuk", "Service busy" },
    { 504, "Batas waktu terlewati", "Out of time" },
};

static const char *
title_of (int status, enum http_language language)
{
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (titles[i].status == status)
            return language == HTTP_ENGLISH ? titles[i].en : titles[i].id;
    if (status < 500)
        return language == HTTP_ENGLISH ? "Refused" : "Permintaan ditolak";
    return language == HTTP_ENGLISH ? "Internal failure" : "Gangguan sistem";
}

static const char *
row_text (const struct http_problem_row *row, enum http_language language)
{
    return language == HTTP_ENGLISH ? row->en : row->id;
}

static void
put_string (FILE *out, const char *text)
{
    size_t size = http_json_string (NULL, 0, text);
    char *quoted = malloc (size + 1);
    if (!quoted)
        return;
    http_json_string (quoted, size + 1, text);
    fwrite (quoted, 1, size, out);
    free (quoted);
}

static void
put_member (FILE *out, const char *name, const char *text)
{
    if (text) {
        fprintf (out, ",\"%s\":", name);
        put_string (out, text);
    }
}

/* The row's text with its arguments in place, malloc'ed. */
static char *
text_fill (const char *text, const char *const *arguments)
{
    char *filled = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&filled, &size);
    if (!out)
        return NULL;
    for (const char *brace; (brace = strchr (text, '{')); text = brace + 3) {
        const char *argument = arguments[brace[1] - '0'];
        fprintf (out, "%.*s%s", (int)(brace - text), text, argument ? argument : "");
    }
    fputs (text, out);
    if (fclose (out)) {
        free (filled);
        return NULL;
    }
    return filled;
}

static void
put_errors (FILE *out, const struct http_catalogue *catalogue, const struct http_problem *problem,
            enum http_language language)
{
    fputs (",\"errors\":[", out);
    for (size_t i = 0; i < problem->error_count; i++) {
        const struct http_problem_error *error = &problem->errors[i];
        const struct http_problem_row *exact = http_catalogue_find (catalogue, error->row);
        const struct http_problem_row *row = exact ? exact : http_catalogue_find (catalogue, error->code);
        char *filled = !error->detail && row ? text_fill (row_text (row, language), error->arguments) : NULL;
        fputs (i ? ",{\"pointer\":" : "{\"pointer\":", out);
        put_string (out, error->pointer ? error->pointer : "");
        put_member (out, "code", error->code);
        put_member (out, "detail", error->detail ? error->detail : filled);
        fputc ('}', out);
        free (filled);
    }
    fputc (']', out);
}

const struct http_problem_row *
http_problem_row_of (const struct http_catalogue *catalogue, const struct http_problem *problem)
{
    const struct http_problem_row *row = http_catalogue_find (catalogue, problem->code);
    enum rc rc = problem->rc && (unsigned)problem->rc < RC_END ? problem->rc : RC_INTERNAL;
    return row ? row : http_catalogue_find (catalogue, rc_rows[rc].code);
}

char *
http_problem_write (const struct http_catalogue *catalogue, const struct http_problem *problem, const char *base,
                    enum http_language language, const char *instance, int *ret_status)
{
    const struct http_problem_row *row = http_problem_row_of (catalogue, problem);
    const char *code = problem->code;
    int status = problem->status ? problem->status : row->status;
    char *filled = text_fill (row_text (row, language), problem->arguments), *text = NULL;
    size_t size = 0;
    FILE *out = filled ? open_memstream (&text, &size) : NULL;
    if (!out) {
        free (filled);
        return NULL;
    }
    if (!code || !*code)
        code = row->code;
    fputs ("{\"type\":", out);
    char type[192];
    snprintf (type, sizeof type, "%s%s", base, code);
    put_string (out, type);
    put_member (out, "title", title_of (status, language));
    fprintf (out, ",\"status\":%d", status);
    put_member (out, "detail", filled);
    put_member (out, "instance", instance);
    put_member (out, "code", code);
    if (problem->error_count)
        put_errors (out, catalogue, problem, language);
    if (problem->members && *problem->members)
        fprintf (out, ",%s", problem->members);
    fputc ('}', out);
    free (filled);
    if (fclose (out)) {
        free (text);
        return NULL;
    }
    *ret_status = status;
    return text;
}

char *
http_problem_text (const struct http_catalogue *catalogue, const struct http_problem *problem,
                   enum http_language language, const char *instance, int *ret_status)
{
    return http_problem_write (catalogue, problem, HTTP_PROBLEM_BASE, language, instance, ret_status);
}
