#include "services/gateway/shares.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/base/err.h"

enum { HOLDER_KEY = sizeof (int64_t) + sizeof (struct uuid) };

struct holder {
    UT_hash_handle hh;
    uint8_t key[HOLDER_KEY]; /* tenant, person; a nil person: of the tenant */
    size_t count;
};

struct shares {
    struct share_limits limits;
    pthread_mutex_t lock;
    struct holder *holders; /* lock: who holds any */
    size_t count;           /* lock */
};

struct shares *
shares_new (struct share_limits limits)
{
    struct shares *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    self->limits = limits;
    pthread_mutex_init (&self->lock, NULL);
    return self;
}

void
shares_destroy (struct shares **shares)
{
    struct shares *self = *shares;
    if (!self)
        return;
    MUST (!self->holders);
    pthread_mutex_destroy (&self->lock);
    free (self);
    *shares = NULL;
}

static void
key_write (int64_t tenant, struct uuid person, uint8_t ret_key[static HOLDER_KEY])
{
    memcpy (ret_key, &tenant, sizeof tenant);
    memcpy (ret_key + sizeof tenant, person.bytes, sizeof person.bytes);
}

static struct holder *
holder_find (struct shares *self, int64_t tenant, struct uuid person)
{
    uint8_t key[HOLDER_KEY];
    struct holder *holder;
    key_write (tenant, person, key);
    HASH_FIND (hh, self->holders, key, sizeof key, holder);
    return holder;
}

/* Counts one more; false without memory. */
static bool
holder_add (struct shares *self, int64_t tenant, struct uuid person)
{
    struct holder *holder = holder_find (self, tenant, person);
    if (!holder) {
        holder = calloc (1, sizeof *holder);
        if (!holder)
            return false;
        key_write (tenant, person, holder->key);
        HASH_ADD (hh, self->holders, key, sizeof holder->key, holder);
    }
    holder->count++;
    return true;
}

static void
holder_remove (struct shares *self, int64_t tenant, struct uuid person)
{
    struct holder *holder = holder_find (self, tenant, person);
    MUST (holder);
    if (--holder->count)
        return;
    HASH_DEL (self->holders, holder);
    free (holder);
}

static bool
holder_has (struct shares *self, int64_t tenant, struct uuid person, size_t most)
{
    const struct holder *holder = holder_find (self, tenant, person);
    return holder && holder->count >= most;
}

enum share_result
share_take (struct shares *self, int64_t tenant, struct uuid person, struct share *ret_share)
{
    const struct uuid nobody = { 0 };
    enum share_result result = SHARE_TAKEN;
    pthread_mutex_lock (&self->lock);
    if (holder_has (self, tenant, person, self->limits.person) ||
        holder_has (self, tenant, nobody, self->limits.tenant)) {
        result = SHARE_MUCH;
    } else if (self->count >= self->limits.all || !holder_add (self, tenant, nobody)) {
        result = SHARE_FULL;
    } else if (!holder_add (self, tenant, person)) {
        holder_remove (self, tenant, nobody);
        result = SHARE_FULL;
    } else {
        self->count++;
        *ret_share = (struct share){ self, tenant, person };
    }
    pthread_mutex_unlock (&self->lock);
    return result;
}

void
share_give (struct share *share)
{
    struct shares *self = share->of;
    if (!self)
        return;
    pthread_mutex_lock (&self->lock);
    self->count--;
    holder_remove (self, share->tenant, share->person);
    holder_remove (self, share->tenant, (struct uuid){ 0 });
    pthread_mutex_unlock (&self->lock);
    share->of = NULL;
}
