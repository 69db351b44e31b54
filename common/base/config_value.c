#include "common/base/config_value.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "common/base/clock.h"
#include "common/base/text.h"

struct unit {
    const char *name;
    int64_t factor;
};

static const struct unit no_units[] = { { "", 1 }, { 0 } };
static const struct unit span_units[] = {
    { "us", 1 },
    { "ms", 1000 },
    { "s", CLOCK_SECOND },
    { "m", (int64_t)60 * CLOCK_SECOND },
    { "h", (int64_t)3600 * CLOCK_SECOND },
    { "d", (int64_t)86400 * CLOCK_SECOND },
    { 0 },
};
static const struct unit size_units[] = {
    { "", 1 }, { "B", 1 }, { "KiB", 1024 }, { "MiB", 1024 * 1024 }, { "GiB", 1024 * 1024 * 1024 }, { 0 },
};

static const struct {
    const char *name;
    const struct unit *units; /* of the numeric ones */
    const char *expected;
} types[] = {
    [CONFIG_TEXT] = { "text", NULL, "text" },
    [CONFIG_INT] = { "number", no_units, "a whole number" },
    [CONFIG_BOOL] = { "yes/no", NULL, "yes or no" },
    [CONFIG_SPAN] = { "time", span_units, "a time with its unit, as 250ms 5s 10m 2h 7d" },
    [CONFIG_SIZE] = { "size", size_units, "a size, as 512 64KiB 16MiB 2GiB" },
    [CONFIG_LIST] = { "list", NULL, "values separated by commas" },
    [CONFIG_SECRET] = { "secret file", NULL, "the name of a file" },
};

const char *
config_type_name (enum config_type type)
{
    return types[type].name;
}

static bool
number_parse (const char *text, const struct unit *units, int64_t *ret_number)
{
    bool negative = *text == '-';
    int64_t number = 0;
    text += negative;
    size_t digits = strspn (text, "0123456789");
    for (size_t i = 0; i < digits; i++)
        if (__builtin_mul_overflow (number, 10, &number) || __builtin_add_overflow (number, text[i] - '0', &number))
            return false;
    const char *unit = text + digits;
    if (!digits)
        return false;
    if (!*unit && !number) { /* nothing is nothing in every unit */
        *ret_number = 0;
        return true;
    }
    for (; units->name; units++)
        if (strcmp (units->name, unit) == 0) {
            if (__builtin_mul_overflow (number, units->factor, &number))
                return false;
            *ret_number = negative ? -number : number;
            return true;
        }
    return false;
}

static bool
bool_parse (const char *text, bool *ret_value)
{
    static const char *const names[] = { "no", "yes", "false", "true", "off", "on" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp (text, names[i]) == 0) {
            *ret_value = i % 2;
            return true;
        }
    return false;
}

enum rc
config_value_check (const struct config_row *row, const char *value, const char *where, struct err *err)
{
    const struct unit *units = types[row->type].units;
    int64_t number;
    bool flag;
    if ((units && !number_parse (value, units, &number)) || (row->type == CONFIG_BOOL && !bool_parse (value, &flag)) ||
        !utf8_valid (value, strlen (value)))
        return err_code (err, RC_INVALID, "config.bad_value", where, "%s: %s must be %s", where, row->name,
                         types[row->type].expected);
    if (units && (number < row->min || (row->max && number > row->max)))
        return err_code (err, RC_INVALID, "config.out_of_range", where,
                         "%s: %s must be between %" PRId64 " and %" PRId64 "%s", where, row->name, row->min,
                         row->max ? row->max : INT64_MAX, row->type == CONFIG_SPAN ? " microseconds" : "");
    return RC_OK;
}

static enum rc
list_store (struct arena *arena, const char *value, struct config_list *ret_list)
{
    size_t most = 1;
    for (const char *at = value; *at; at++)
        most += *at == ',';
    struct config_list list = { 0, arena_array (arena, most, sizeof *list.items) };
    char *copy = arena_string (arena, value), *rest = copy;
    if (!list.items || !copy)
        return RC_INTERNAL;
    for (char *item; (item = strsep (&rest, ","));) {
        item += strspn (item, " \t");
        size_t size = strlen (item);
        while (size && strchr (" \t", item[size - 1]))
            item[--size] = '\0';
        if (size)
            list.items[list.count++] = item;
    }
    *ret_list = list;
    return RC_OK;
}

static enum rc
secret_store (struct arena *arena, const char *path, char **ret_secret, struct err *err)
{
    struct bytes content;
    if (!*path) {
        *ret_secret = NULL;
        return RC_OK;
    }
    enum rc rc = config_file_read (arena, path, true, &content, err);
    if (rc != RC_OK)
        return rc;
    char *text = (char *)content.data;
    if (content.size && text[content.size - 1] == '\n')
        text[content.size - 1] = '\0';
    if (!*text)
        return err_code (err, RC_INVALID, "config.secret", path, "%s is empty", path);
    *ret_secret = text;
    return RC_OK;
}

enum rc
config_value_store (struct arena *arena, const struct config_row *row, const char *value, void *target, struct err *err)
{
    enum rc rc = config_value_check (row, value, row->name, err); /* the fallback was not seen before */
    if (rc != RC_OK)
        return rc;
    switch (row->type) {
    case CONFIG_TEXT:
        *(char **)target = arena_string (arena, value);
        rc = *(char **)target ? RC_OK : RC_INTERNAL;
        break;
    case CONFIG_INT:
    case CONFIG_SPAN:
    case CONFIG_SIZE:
        MUST (number_parse (value, types[row->type].units, target));
        break;
    case CONFIG_BOOL:
        MUST (bool_parse (value, target));
        break;
    case CONFIG_LIST:
        rc = list_store (arena, value, target);
        break;
    case CONFIG_SECRET:
        return secret_store (arena, value, target, err);
    }
    return rc == RC_OK ? RC_OK : err_set (err, rc, "no memory for configuration");
}

static enum rc
descriptor_read (int file, struct arena *arena, const char *path, struct bytes *ret_text, struct err *err)
{
    uint8_t text[CONFIG_FILE + 1]; /* so that the arena keeps only what was read */
    size_t size = 0;
    ssize_t got = 1;
    while (size <= CONFIG_FILE && (got = read (file, text + size, CONFIG_FILE + 1 - size)) != 0) {
        if (got < 0 && errno != EINTR)
            return err_code (err, RC_INVALID, "config.file", path, "%s: %s", path, strerror (errno));
        size += got > 0 ? (size_t)got : 0;
    }
    if (size > CONFIG_FILE)
        return err_code (err, RC_INVALID, "config.file", path, "%s is larger than %d bytes", path, CONFIG_FILE);
    if (memchr (text, 0, size))
        return err_code (err, RC_INVALID, "config.file", path, "%s holds a NUL", path);
    uint8_t *copy = arena_alloc (arena, size + 1);
    if (!copy)
        return err_set (err, RC_INTERNAL, "no memory for configuration");
    memcpy (copy, text, size);
    *ret_text = (struct bytes){ copy, size };
    return RC_OK;
}

enum rc
config_file_read (struct arena *arena, const char *path, bool secret, struct bytes *ret_text, struct err *err)
{
    struct stat status;
    int file = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (file < 0 || fstat (file, &status) < 0) {
        err_code (err, RC_INVALID, "config.file", path, "%s: %s", path, strerror (errno));
        if (file >= 0)
            close (file);
        return RC_INVALID;
    }
    enum rc rc = RC_OK;
    if (secret && (status.st_mode & 07))
        rc = err_code (err, RC_INVALID, "config.secret", path, "%s may be read by others: chmod o= it", path);
    else
        rc = descriptor_read (file, arena, path, ret_text, err);
    close (file);
    return rc;
}
