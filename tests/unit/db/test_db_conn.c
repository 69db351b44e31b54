/* What a connection asks for where its conninfo is silent. */
#include "tests/support/test.h"

#include <string.h>

#include "common/db/db_conn.h"

static const char *
option_of (const struct db *db, const char *keyword)
{
    for (size_t i = 0; db->keywords[i]; i++)
        if (strcmp (db->keywords[i], keyword) == 0)
            return db->values[i];
    return "";
}

static void
readers_and_writers_want_the_primary (void **state)
{
    DB_AUTO struct db *writer = db_new ("host=a", "test"), *keyed = db_new_keyed ("host=a", "test");
    DB_AUTO struct db *reader = db_new_reader ("host=a", "test");
    assert_string_equal (option_of (writer, "target_session_attrs"), "read-write");
    assert_string_equal (option_of (keyed, "target_session_attrs"), "read-write");
    assert_string_equal (option_of (reader, "target_session_attrs"), "primary");
}

static void
a_conninfo_has_the_last_word (void **state)
{
    DB_AUTO struct db *report = db_new_reader ("host=a target_session_attrs=any tcp_user_timeout=7", "test");
    assert_string_equal (option_of (report, "target_session_attrs"), "any");
    assert_string_equal (option_of (report, "tcp_user_timeout"), "7");
}

/* A peer that is gone without a word is noticed within four seconds: probes begin after two and are given up at three.
 */
static void
broken_links_are_noticed (void **state)
{
    DB_AUTO struct db *db = db_new ("host=a", "test");
    assert_string_equal (option_of (db, "keepalives_idle"), "2");
    assert_string_equal (option_of (db, "keepalives_interval"), "1");
    assert_string_equal (option_of (db, "tcp_user_timeout"), "3000");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (readers_and_writers_want_the_primary),
        cmocka_unit_test (a_conninfo_has_the_last_word),
        cmocka_unit_test (broken_links_are_noticed),
    };
    return cmocka_run_group_tests_name ("db/db_conn", tests, NULL, NULL);
}
