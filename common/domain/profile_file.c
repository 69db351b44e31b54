/* The one place of this layer that reads files: a profile and the year files beside it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/domain/profile.h"

static void
file_close (FILE **file)
{
    if (*file)
        fclose (*file);
}

static enum rc
file_read (const char *path, struct arena *arena, struct bytes *ret, struct err *err)
{
    __attribute__ ((cleanup (file_close))) FILE *file = fopen (path, "re");
    if (!file)
        return err_code (err, errno == ENOENT ? RC_NOT_FOUND : RC_INTERNAL, "profile.file", "", "%s: %s", path,
                         strerror (errno));
    uint8_t *data = arena_alloc (arena, PROFILE_BYTES + 1);
    if (!data)
        return err_set (err, RC_INTERNAL, "no memory for %s", path);
    size_t size = fread (data, 1, PROFILE_BYTES + 1, file);
    if (ferror (file))
        return err_set (err, RC_INTERNAL, "%s: cannot be read", path);
    if (size > PROFILE_BYTES)
        return err_code (err, RC_UNPROCESSABLE, "profile.size", "1:1", "%s: more than %d bytes", path, PROFILE_BYTES);
    *ret = (struct bytes){ data, size };
    return RC_OK;
}

enum rc
profile_read (const char *path, struct arena *arena, struct profile **ret_profile,
              struct profile_problems *ret_problems, struct bytes *ret_bytes, struct err *err)
{
    struct bytes bytes;
    struct profile *profile;
    *ret_problems = (struct profile_problems){ 0 };
    enum rc rc = file_read (path, arena, &bytes, err);
    if (rc == RC_OK)
        rc = profile_parse (bytes, arena, &profile, ret_problems, err);
    if (rc != RC_OK)
        return rc;
    const char *slash = strrchr (path, '/');
    int folder = slash ? (int)(slash - path + 1) : 0;
    for (size_t i = 0; i < profile->calendar_year_count; i++) {
        struct bytes year;
        const char *name = arena_printf (arena, "%.*scalendar/%d.yaml", folder, path, profile->calendar_years[i]);
        if (!name)
            return err_set (err, RC_INTERNAL, "no memory for %s", path);
        if ((rc = file_read (name, arena, &year, err)) != RC_OK ||
            (rc = calendar_add_year (&profile->calendar, arena, year, err)) != RC_OK)
            return rc;
    }
    *ret_profile = profile;
    if (ret_bytes)
        *ret_bytes = bytes;
    return RC_OK;
}
