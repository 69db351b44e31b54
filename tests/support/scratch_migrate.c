/* Apart from scratch.c, so that only tests that migrate link the migration code. */
#include "tests/support/scratch.h"

#include <stdio.h>

#include "common/db/migrate.h"
#include "tests/support/test.h"

void
scratch_migrate (struct scratch *scratch, const char *service, const char *const dirs[])
{
    struct err err = { 0 };
    char login[96], reader[96];
    snprintf (login, sizeof login, "padan_%s", service);
    snprintf (reader, sizeof reader, "padan_%s_reader", service);
    struct db *db DB_AUTO = db_new (scratch_owner (scratch, service), "migrate");
    if (db_migrate (db, service, login, reader, dirs, &err) != RC_OK)
        fail_msg ("migrations of %s: %s", service, err.text);
}
