/* A database of this program's own in the cluster of PADAN_TEST_DATABASE, dropped at the end. Fails without it. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/db/db.h"

struct scratch {
    char name[64];
    char conninfo[1024]; /* of the scratch database, keyword form */
};

/* Appended keywords win over those before them. */
static inline void
scratch_conninfo (char *out, size_t size, const char *more)
{
    const char *given = getenv ("PADAN_TEST_DATABASE");
    if (!given || !*given || strstr (given, "://"))
        fail_msg ("PADAN_TEST_DATABASE must be the keyword conninfo of a superuser of a scratch cluster");
    if (snprintf (out, size, "%s %s", given, more) >= (int)size)
        fail_msg ("PADAN_TEST_DATABASE is too long");
}

static inline void
scratch_admin (const char *before, const char *name, const char *after)
{
    char conninfo[1024], text[256];
    scratch_conninfo (conninfo, sizeof conninfo, "");
    snprintf (text, sizeof text, "%s %s %s", before, name, after);
    DB_AUTO struct db *db = db_new (conninfo, "scratch");
    struct err err = { 0 };
    if (db_script (db, text, &err))
        fail_msg ("%s: %s", text, err.text);
}

static inline void
scratch_make (struct scratch *scratch)
{
    snprintf (scratch->name, sizeof scratch->name, "padan_test_db_%d_%llx", (int)getpid (),
              (unsigned long long)clock_now ());
    scratch_admin ("create database", scratch->name, "");
    char more[96];
    snprintf (more, sizeof more, "dbname=%s", scratch->name);
    scratch_conninfo (scratch->conninfo, sizeof scratch->conninfo, more);
}

static inline void
scratch_drop (struct scratch *scratch)
{
    scratch_admin ("drop database if exists", scratch->name, "with (force)");
}
