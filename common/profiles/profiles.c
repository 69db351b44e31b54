#include "common/profiles/profiles.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "intake.pb-c.h"

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

struct kept {
    struct kept_key {
        int64_t tenant; /* a hash alone would let one office read another's */
        uint8_t hash[PROFILE_HASH];
    } key;
    struct profile *profile;
    struct arena *arena;
    int64_t used_at; /* clock_monotonic */
    UT_hash_handle hh;
    struct kept *next; /* among those at rest */
};

static struct {
    pthread_mutex_t mutex;
    struct kept *kept;
    struct kept *resting; /* dropped: somebody may still read them */
    unsigned n_resting;
    profiles_fetch_fn *fetch;
} cache = { .mutex = PTHREAD_MUTEX_INITIALIZER };

void
profiles_fetch_by (profiles_fetch_fn *fetch)
{
    cache.fetch = fetch;
}

Padan__Role
profiles_role (enum role role)
{
    static const Padan__Role roles[ROLE_END] = {
        [ROLE_KELURAHAN] = PADAN__ROLE__ROLE_KELURAHAN, [ROLE_LAYANAN] = PADAN__ROLE__ROLE_OPERATOR,
        [ROLE_OPERATOR] = PADAN__ROLE__ROLE_OPERATOR,   [ROLE_KABID] = PADAN__ROLE__ROLE_KABID,
        [ROLE_SEKDIS] = PADAN__ROLE__ROLE_SEKDIS,       [ROLE_KADIS] = PADAN__ROLE__ROLE_KADIS,
        [ROLE_TKSK] = PADAN__ROLE__ROLE_TKSK,           [ROLE_BPJS] = PADAN__ROLE__ROLE_BPJS,
    };
    return role < ROLE_END ? roles[role] : PADAN__ROLE__ROLE_NONE;
}

static void
kept_free (struct kept *kept)
{
    arena_destroy (&kept->arena);
    free (kept);
}

static struct kept_key
key_of (int64_t tenant, const uint8_t hash[PROFILE_HASH])
{
    struct kept_key key;
    memset (&key, 0, sizeof key);
    key.tenant = tenant;
    memcpy (key.hash, hash, PROFILE_HASH);
    return key;
}

static const struct profile *
cache_find (int64_t tenant, const uint8_t hash[PROFILE_HASH])
{
    struct kept_key key = key_of (tenant, hash);
    struct kept *found;
    pthread_mutex_lock (&cache.mutex);
    HASH_FIND (hh, cache.kept, &key, sizeof key, found);
    if (found)
        found->used_at = clock_monotonic ();
    pthread_mutex_unlock (&cache.mutex);
    return found ? found->profile : NULL;
}

/* With the mutex held: those at rest long enough are freed, and the least used makes room. */
static bool
cache_make_room (int64_t now)
{
    const int64_t rest = PROFILES_REST_HOURS * 3600 * (int64_t)CLOCK_SECOND;
    for (struct kept **at = &cache.resting; *at;) {
        struct kept *resting = *at;
        if (now - resting->used_at < rest) {
            at = &resting->next;
            continue;
        }
        *at = resting->next;
        cache.n_resting--;
        kept_free (resting);
    }
    if (HASH_COUNT (cache.kept) < PROFILES_KEPT)
        return true;
    if (cache.n_resting == PROFILES_KEPT)
        return false;
    struct kept *oldest = cache.kept;
    for (struct kept *kept = cache.kept; kept; kept = kept->hh.next)
        if (kept->used_at < oldest->used_at)
            oldest = kept;
    HASH_DEL (cache.kept, oldest);
    oldest->next = cache.resting;
    cache.resting = oldest;
    cache.n_resting++;
    return true;
}

/* Takes what was parsed, or gives back what another thread put there meanwhile. */
static enum rc
cache_add (int64_t tenant, struct profile *profile, struct arena **arena, const struct profile **ret, struct err *err)
{
    struct kept *kept = calloc (1, sizeof *kept), *found;
    if (!kept)
        return err_set (err, RC_INTERNAL, "no memory for a profile");
    kept->key = key_of (tenant, profile->hash);
    kept->profile = profile;
    pthread_mutex_lock (&cache.mutex);
    kept->used_at = clock_monotonic ();
    HASH_FIND (hh, cache.kept, &kept->key, sizeof kept->key, found);
    if (!found && cache_make_room (kept->used_at)) {
        HASH_ADD (hh, cache.kept, key, sizeof kept->key, kept);
        if (kept->hh.tbl)
            found = kept;
    }
    if (found == kept) {
        kept->arena = *arena;
        *arena = NULL;
    }
    if (found)
        *ret = found->profile;
    pthread_mutex_unlock (&cache.mutex);
    if (found != kept)
        free (kept);
    return found ? RC_OK : err_set (err, RC_RETRY, "too many profiles in use at once");
}

static enum rc
fetch_from_intake (struct gather *gather, int64_t tenant, const uint8_t *hash, struct bytes *ret_yaml, struct err *err)
{
    Padan__Intake__V1__GetProfile question = PADAN__INTAKE__V1__GET_PROFILE__INIT;
    const void *reply;
    if (hash)
        question.profile_sha256 = (ProtobufCBinaryData){ .len = PROFILE_HASH, .data = (uint8_t *)hash };
    enum rc rc = gather_ask (gather, "intake", tenant, &question, &padan__intake__v1__profile__descriptor, &reply, err);
    if (rc == RC_NOT_FOUND)
        return err_code (err, RC_NOT_FOUND, "common.no_profile", "", "the tenant has no such profile");
    if (rc != RC_OK)
        return rc;
    const Padan__Intake__V1__Profile *answer = reply;
    *ret_yaml = (struct bytes){ answer->yaml.data, answer->yaml.len };
    return RC_OK;
}

static void
file_close (FILE **file)
{
    if (*file)
        fclose (*file);
}

static enum rc
year_add (struct profile *profile, const char *data, int year, struct arena *arena, struct err *err)
{
    char path[512];
    snprintf (path, sizeof path, "%s/deploy/profiles/calendar/%d.yaml", data, year);
    __attribute__ ((cleanup (file_close))) FILE *file = fopen (path, "re");
    if (!file)
        return errno == ENOENT ? RC_OK : err_set (err, RC_RETRY, "%s: %s", path, strerror (errno));
    uint8_t *content = arena_alloc (arena, PROFILE_BYTES);
    if (!content)
        return err_set (err, RC_INTERNAL, "no memory for a calendar");
    size_t size = fread (content, 1, PROFILE_BYTES, file);
    if (ferror (file))
        return err_set (err, RC_RETRY, "%s: cannot be read", path);
    return calendar_add_year (&profile->calendar, arena, (struct bytes){ content, size }, err);
}

static enum rc
profile_make (struct gather *gather, struct bytes yaml, struct arena *arena, struct profile **ret, struct err *err)
{
    enum rc rc = profile_parse_published (yaml, arena, ret, err);
    if (rc != RC_OK) /* it was checked when it was published */
        return err_set (err, RC_CORRUPT, "a published profile does not parse: %s", err->field);
    for (size_t i = 0; rc == RC_OK && i < (*ret)->calendar_year_count; i++)
        rc = year_add (*ret, gather_data (gather), (*ret)->calendar_years[i], arena, err);
    return rc;
}

enum rc
profiles_get (struct gather *gather, int64_t tenant, const uint8_t hash[PROFILE_HASH],
              const struct profile **ret_profile, struct err *err)
{
    uint8_t found[crypto_hash_sha256_BYTES];
    struct bytes yaml;
    struct profile *profile;
    if (hash && (*ret_profile = cache_find (tenant, hash)))
        return RC_OK;
    enum rc rc = (cache.fetch ? cache.fetch : fetch_from_intake) (gather, tenant, hash, &yaml, err);
    if (rc != RC_OK)
        return rc;
    crypto_hash_sha256 (found, yaml.data, yaml.size);
    if (hash && memcmp (hash, found, sizeof found) != 0)
        return err_set (err, RC_CORRUPT, "a profile's bytes are not those of its hash");
    if ((*ret_profile = cache_find (tenant, found)))
        return RC_OK;
    ARENA_AUTO struct arena *arena = arena_new (PROFILES_ARENA);
    if (!arena)
        return err_set (err, RC_INTERNAL, "no memory for a profile");
    rc = profile_make (gather, yaml, arena, &profile, err);
    return rc == RC_OK ? cache_add (tenant, profile, &arena, ret_profile, err) : rc;
}
