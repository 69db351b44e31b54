/* Which procedure is in force. Reading the file itself is profile_parse's, and gathered before. */
#include "services/intake/profile_store.h"
#include "tests/unit/services/intake/fixture.h"

/* A file that was read: its hash is all that the decision is given of it. */
struct file {
    uint8_t hash[PROFILE_HASH];
    Padan__Intake__V1__PublishProfile command;
};

static void
file_make (struct file *file, uint8_t name)
{
    static uint8_t bytes[] = "id: uji\n";
    memset (file->hash, name, sizeof file->hash);
    padan__intake__v1__publish_profile__init (&file->command);
    file->command.yaml = (ProtobufCBinaryData){ sizeof bytes - 1, bytes };
}

static enum rc
publish (struct harness *harness, struct file *file)
{
    harness_command (harness, (struct uuid){ 0 }, &file->command)->facts = file->hash;
    harness_grant (harness, PADAN__ROLE__ROLE_ADMIN, "");
    return harness_run (harness, on_publish_profile, on_publish_profile_keys);
}

static int
version_told (struct harness *harness)
{
    const Padan__Intake__V1__ProfileReply *reply =
        harness_reply (harness, &padan__intake__v1__profile_reply__descriptor);
    return reply->version;
}

static void
versions_count_on_and_bytes_stay (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct file first, second;
    file_make (&first, 1);
    file_make (&second, 2);
    assert_rc (publish (harness, &first), RC_OK);
    const Padan__Intake__V1__ProfilePublished *event =
        harness_event (harness, 0, &padan__intake__v1__profile_published__descriptor);
    assert_int_equal (event->version, 1);
    assert_memory_equal (event->profile_sha256.data, first.hash, PROFILE_HASH);
    assert_int_equal (version_told (harness), 1);
    assert_rc (publish (harness, &first), RC_OK); /* the same again */
    assert_int_equal (harness_events (harness), 0);
    assert_int_equal (version_told (harness), 1);
    assert_rc (publish (harness, &second), RC_OK);
    assert_int_equal (version_told (harness), 2);
    assert_rc (publish (harness, &first), RC_OK); /* back to the first: in force anew, its bytes as they were */
    assert_int_equal (version_told (harness), 3);
    assert_int_equal (harness_event_version (harness, 0), 3);
    const struct published_profile *row = harness_find (harness, &profile_table, profile_id (first.hash));
    assert_int_equal (row->version, 1);
    const struct current_profile *current =
        harness_find (harness, &current_profile_table, current_profile_id (HARNESS_TENANT));
    assert_memory_equal (current->sha256.data, first.hash, PROFILE_HASH);
}

static void
unless_there_is_one_changes_nothing_in_force (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct file first, second;
    file_make (&first, 1);
    file_make (&second, 2);
    first.command.if_none = second.command.if_none = true;
    assert_rc (publish (harness, &first), RC_OK);
    assert_int_equal (harness_events (harness), 1);
    assert_rc (publish (harness, &second), RC_OK);
    assert_int_equal (harness_events (harness), 0);
    const Padan__Intake__V1__ProfileReply *reply =
        harness_reply (harness, &padan__intake__v1__profile_reply__descriptor);
    assert_memory_equal (reply->profile_sha256.data, first.hash, PROFILE_HASH);
    assert_null (harness_find (harness, &profile_table, profile_id (second.hash)));
}

static void
it_takes_the_whole_tenant (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct file file;
    file_make (&file, 1);
    harness_command (harness, (struct uuid){ 0 }, &file.command)->facts = file.hash;
    harness_grant (harness, PADAN__ROLE__ROLE_ADMIN, VILLAGE);
    assert_refused (harness_run (harness, on_publish_profile, on_publish_profile_keys), RC_FORBIDDEN,
                    "common.forbidden", NULL);
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, "");
    assert_refused (harness_run (harness, on_publish_profile, on_publish_profile_keys), RC_FORBIDDEN,
                    "common.forbidden", NULL);
    harness->message.facts = NULL; /* not read */
    assert_rc (harness_run (harness, on_publish_profile, on_publish_profile_keys), RC_INTERNAL);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (versions_count_on_and_bytes_stay),
        cmocka_unit_test (unless_there_is_one_changes_nothing_in_force),
        cmocka_unit_test (it_takes_the_whole_tenant),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
