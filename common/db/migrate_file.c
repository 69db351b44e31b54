#include "common/db/migrate_file.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sodium.h>

enum { FILES_MAX = 9999 }; /* four digits a directory */

static enum rc
file_read (const char *path, struct arena *arena, struct migration *file, struct err *err)
{
    FILE *stream = fopen (path, "rbe");
    if (!stream)
        return err_set (err, RC_INTERNAL, "%s: %s", path, strerror (errno));
    struct stat stat = { 0 };
    bool failed = fstat (fileno (stream), &stat) != 0;
    size_t size = stat.st_size > MIGRATION_SIZE_MAX ? MIGRATION_SIZE_MAX + 1 : (size_t)stat.st_size;
    char *text = arena_alloc (arena, size + 1);
    failed |= text && fread (text, 1, size, stream) != size;
    fclose (stream);
    uint8_t *sha256 = arena_alloc (arena, MIGRATION_SHA256);
    if (!text || !sha256 || failed)
        return err_set (err, RC_INTERNAL, "%s: cannot be read", path);
    if (size > MIGRATION_SIZE_MAX || memchr (text, 0, size))
        return err_set (err, RC_INVALID, "%s: not text of at most %d bytes", path, MIGRATION_SIZE_MAX);
    crypto_hash_sha256 (sha256, (const unsigned char *)text, size);
    file->sha256 = (struct bytes){ sha256, MIGRATION_SHA256 };
    file->text = text;
    return RC_OK;
}

static int
entry_filter (const struct dirent *entry)
{
    size_t length = strlen (entry->d_name);
    return length > 4 && strcmp (entry->d_name + length - 4, ".sql") == 0;
}

static int
entry_order (const struct dirent **a, const struct dirent **b)
{
    return strcmp ((*a)->d_name, (*b)->d_name); /* not alphasort: that follows the locale */
}

/* NNNN_what.sql with the next number. */
static enum rc
name_check (const char *dir, const char *name, size_t number, struct err *err)
{
    char digits[16];
    snprintf (digits, sizeof digits, "%04zu_", number);
    size_t length = strspn (name + (strncmp (name, digits, 5) == 0 ? 5 : 0), "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (strncmp (name, digits, 5) != 0)
        return err_code (err, RC_INVALID, "migrate.number", name, "%s/%s: expected %04zu_….sql here", dir, name,
                         number);
    if (length == 0 || strcmp (name + 5 + length, ".sql") != 0)
        return err_code (err, RC_INVALID, "migrate.name", name, "%s/%s: only a-z, 0-9 and _ in names", dir, name);
    return RC_OK;
}

static enum rc
dir_read (const char *dir, struct dirent **entries, size_t n, int part, struct arena *arena, struct migration *files,
          struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        enum rc rc = name_check (dir, entries[i]->d_name, i + 1, err);
        if (rc)
            return rc;
        const char *path = arena_printf (arena, "%s/%s", dir, entries[i]->d_name);
        files[i].part = part;
        files[i].name = arena_string (arena, entries[i]->d_name);
        if (!path || !files[i].name)
            return err_set (err, RC_INTERNAL, "%s: no memory", dir);
        rc = file_read (path, arena, &files[i], err);
        if (rc)
            return rc;
    }
    return RC_OK;
}

enum rc
migration_read (const char *const *dirs, struct arena *arena, struct migration **ret_files, size_t *ret_n,
                struct err *err)
{
    struct migration *files = NULL;
    size_t total = 0;
    for (int part = 0; dirs[part]; part++) {
        struct dirent **entries = NULL;
        int n = scandir (dirs[part], &entries, entry_filter, entry_order);
        if (n < 0)
            return err_set (err, RC_NOT_FOUND, "%s: %s", dirs[part], strerror (errno));
        enum rc rc = n > FILES_MAX ? err_set (err, RC_INVALID, "%s: too many files", dirs[part]) : RC_OK;
        struct migration *more = rc ? NULL : arena_array (arena, total + (size_t)n, sizeof *more);
        if (!rc && !more)
            rc = err_set (err, RC_INTERNAL, "%s: no memory", dirs[part]);
        if (!rc && total)
            memcpy (more, files, total * sizeof *more);
        if (!rc)
            rc = dir_read (dirs[part], entries, (size_t)n, part, arena, more + total, err);
        for (int i = 0; i < n; i++)
            free (entries[i]);
        free (entries);
        if (rc)
            return rc;
        files = more;
        total += (size_t)n;
    }
    *ret_files = files;
    *ret_n = total;
    return RC_OK;
}

static void
identifier_write (FILE *out, const char *name)
{
    fputc ('"', out);
    for (; *name; name++) {
        if (*name == '"')
            fputc ('"', out);
        fputc (*name, out);
    }
    fputc ('"', out);
}

/* The placeholder at `text`, which begins with its colon: its length, 0 for none. */
static size_t
placeholder_at (const char *text, const char *name)
{
    size_t length = strlen (name);
    if (strncmp (text + 1, name, length) != 0)
        return 0;
    unsigned char next = (unsigned char)text[1 + length];
    return isalnum (next) || next == '_' ? 0 : 1 + length;
}

enum rc
migration_render (const char *text, const char *schema, const char *login, const char *reader, struct arena *arena,
                  const char **ret_text, struct err *err)
{
    const struct {
        const char *name, *value;
    } placeholders[] = { { "schema", schema }, { "login", login }, { "reader", reader } };
    char *rendered = NULL;
    size_t size = 0;
    enum rc rc = RC_OK;
    FILE *out = open_memstream (&rendered, &size);
    if (!out)
        return err_set (err, RC_INTERNAL, "no memory for a migration");
    for (const char *at = text; *at && !rc;) {
        size_t length = 0;
        bool cast = at > text && at[-1] == ':'; /* x::schema is a type */
        for (size_t i = 0; i < 3 && *at == ':' && !cast && !length; i++) {
            length = placeholder_at (at, placeholders[i].name);
            if (length && placeholders[i].value)
                identifier_write (out, placeholders[i].value);
            else if (length)
                rc = err_set (err, RC_INVALID, ":%s is not known here", placeholders[i].name);
        }
        if (!length)
            fputc (*at, out);
        at += length ? length : 1;
    }
    if (fclose (out) != 0 && !rc)
        rc = err_set (err, RC_INTERNAL, "no memory for a migration");
    if (!rc) {
        *ret_text = arena_copy (arena, rendered, size + 1);
        if (!*ret_text)
            rc = err_set (err, RC_INTERNAL, "no memory for a migration");
    }
    free (rendered);
    return rc;
}
