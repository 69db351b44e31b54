#include "common/base/config.h"

#include <stdlib.h>
#include <string.h>
#include "common/base/arena.h"
#include "common/base/config_value.h"
#include "common/base/text.h"

struct setting {
    const struct config_row *row;
    uint8_t *target; /* the destination itself */
    char *value;     /* as given; NULL: the row's fallback */
    int line;        /* of the file being read; 0 when it is not in it */
};

struct config {
    struct arena *arena;
    struct setting settings[CONFIG_ROWS];
    size_t count;
};

static struct setting *
setting_find (struct config *self, const char *name)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp (self->settings[i].row->name, name) == 0)
            return &self->settings[i];
    return NULL;
}

struct config *
config_new (const struct config_table *tables, size_t count)
{
    struct config *self = calloc (1, sizeof *self);
    if (!self || !(self->arena = arena_new (8 * 1024 * 1024))) { /* 256 rows with secrets of a few KiB fit well */
        free (self);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        for (const struct config_row *row = tables[i].rows; row->name; row++) {
            MUST (self->count < CONFIG_ROWS && !setting_find (self, row->name));
            self->settings[self->count++] =
                (struct setting){ .row = row, .target = (uint8_t *)tables[i].target + row->offset };
        }
    return self;
}

void
config_destroy (struct config **config)
{
    if (!*config)
        return;
    arena_destroy (&(*config)->arena);
    free (*config);
    *config = NULL;
}

static const char *
nearest_name (const struct config *self, const char *name)
{
    const char *nearest = NULL;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < self->count; i++) {
        size_t distance = text_distance (name, self->settings[i].row->name);
        if (distance < least) {
            least = distance;
            nearest = self->settings[i].row->name;
        }
    }
    return nearest;
}

static char *
trimmed (char *text)
{
    text += strspn (text, " \t");
    size_t size = strlen (text);
    while (size && strchr (" \t\r", text[size - 1]))
        text[--size] = '\0';
    return text;
}

/* One `key = value`, taken apart in place. where: "FILE:LINE" or "--set". line 0: a value may replace an earlier one.
 */
static enum rc
assign (struct config *self, char *assignment, const char *where, int line, struct err *err)
{
    char *equals = strchr (assignment, '=');
    if (!equals)
        return err_code (err, RC_INVALID, "config.syntax", where, "%s: expected key = value", where);
    *equals = '\0';
    const char *name = trimmed (assignment);
    struct setting *setting = setting_find (self, name);
    if (!setting) {
        const char *nearest = nearest_name (self, name);
        return err_code (err, RC_INVALID, "config.unknown_key", where, "%s: unknown key %.60s%s%s%s", where, name,
                         nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
    }
    if (line && setting->line)
        return err_code (err, RC_INVALID, "config.duplicate_key", where, "%s: %s was given in line %d", where, name,
                         setting->line);
    const char *value = trimmed (equals + 1);
    enum rc rc = config_value_check (setting->row, value, where, err);
    if (rc != RC_OK)
        return rc;
    setting->value = arena_string (self->arena, value);
    setting->line = line;
    return setting->value ? RC_OK : err_set (err, RC_INTERNAL, "no memory for configuration");
}

enum rc
config_read (struct config *self, const char *path, struct err *err)
{
    struct bytes text;
    enum rc rc = config_file_read (self->arena, path, false, &text, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < self->count; i++)
        self->settings[i].line = 0;
    int number = 0;
    for (char *line = (char *)text.data, *next; line; line = next) {
        next = strchr (line, '\n');
        if (next)
            *next++ = '\0';
        number++;
        char *content = trimmed (line);
        if (!*content || *content == '#' || *content == ';')
            continue;
        char *where = arena_printf (self->arena, "%s:%d", path, number);
        if (!where)
            return err_set (err, RC_INTERNAL, "no memory for configuration");
        if (*content == '[')
            return err_code (err, RC_INVALID, "config.syntax", where, "%s: sections are not used", where);
        rc = assign (self, content, where, number, err);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

enum rc
config_set (struct config *self, const char *assignment, struct err *err)
{
    char *copy = arena_string (self->arena, assignment);
    if (!copy)
        return err_set (err, RC_INTERNAL, "no memory for configuration");
    return assign (self, copy, "--set", 0, err);
}

enum rc
config_finish (struct config *self, struct err *err)
{
    for (size_t i = 0; i < self->count; i++) {
        struct setting *setting = &self->settings[i];
        const char *value = setting->value ? setting->value : setting->row->fallback;
        if (!value)
            return err_code (err, RC_INVALID, "config.missing", setting->row->name, "%s must be given: %s",
                             setting->row->name, setting->row->help);
        enum rc rc = config_value_store (self->arena, setting->row, value, setting->target, err);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

/* Takes argv[at] and what belongs to it, `count` strings, out of argv. */
static void
argv_drop (int *argc, char **argv, int at, int count)
{
    for (int i = at; i + count <= *argc; i++)
        argv[i] = argv[i + count]; /* argv[argc] is NULL and moves too */
    *argc -= count;
}

/* Takes every `option VALUE` out of argv and hands each VALUE to `use`. */
static enum rc
argv_take (struct config *self, int *argc, char **argv, const char *option,
           enum rc (*use) (struct config *, const char *, struct err *), struct err *err)
{
    for (int i = 1; i < *argc;) {
        if (strcmp (argv[i], option) != 0) {
            i++;
            continue;
        }
        if (i + 1 == *argc)
            return err_code (err, RC_INVALID, "config.syntax", option, "%s needs a value", option);
        const char *value = argv[i + 1];
        argv_drop (argc, argv, i, 2);
        enum rc rc = use (self, value, err);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

static bool
argv_take_flag (int *argc, char **argv, const char *option)
{
    for (int i = 1; i < *argc; i++)
        if (strcmp (argv[i], option) == 0) {
            argv_drop (argc, argv, i, 1);
            return true;
        }
    return false;
}

enum rc
config_load (struct config *self, int *argc, char **argv, bool *ret_print, bool *ret_help, struct err *err)
{
    *ret_help = argv_take_flag (argc, argv, "--help");
    *ret_print = argv_take_flag (argc, argv, "--print-config");
    if (*ret_help)
        return RC_OK;
    enum rc rc = argv_take (self, argc, argv, "--config", config_read, err);
    if (rc == RC_OK)
        rc = argv_take (self, argc, argv, "--set", config_set, err);
    return rc == RC_OK ? config_finish (self, err) : rc;
}

void
config_print (const struct config *self, FILE *out)
{
    for (size_t i = 0; i < self->count; i++) {
        const struct config_row *row = self->settings[i].row;
        const char *value = self->settings[i].value ? self->settings[i].value : row->fallback;
        if (!value)
            fprintf (out, "# %s is required\n", row->name);
        else if (row->masked && *value)
            fprintf (out, "# %s = ********\n", row->name);
        else
            fprintf (out, "%s = %s\n", row->name, value);
    }
}

void
config_help (const struct config *self, FILE *out)
{
    fprintf (out, "--config FILE      read `key = value` lines\n"
                  "--set key=value    override one\n"
                  "--print-config     print what is in force, secrets masked\n\n");
    for (size_t i = 0; i < self->count; i++) {
        const struct config_row *row = self->settings[i].row;
        fprintf (out, "%-26s %s (%s", row->name, row->help, config_type_name (row->type));
        if (!row->fallback)
            fprintf (out, ", required)\n");
        else
            fprintf (out, ", %s)\n", *row->fallback ? row->fallback : "empty");
    }
}
