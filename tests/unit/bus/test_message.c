#include "common/bus/message.h"

#include <stdlib.h>
#include <string.h>
#include "tests/support/test.h"

static enum rc
check (const char *bytes, size_t size)
{
    struct err err;
    return message_check (&padan__request__descriptor, (const uint8_t *)bytes, size, &err);
}

#define CHECK(bytes) check (bytes, sizeof bytes - 1)

static void
good_messages_pass (void **state)
{
    assert_int_equal (CHECK (""), RC_OK);
    assert_int_equal (CHECK ("\x08\x05"), RC_OK);                         /* number 5 */
    assert_int_equal (CHECK ("\x12\x06\x12\x04x.yz"), RC_OK);             /* command.type */
    assert_int_equal (CHECK ("\x12\x04\x12\x02\xc3\xa9"), RC_OK);         /* é */
    assert_int_equal (CHECK ("\x08\x05\xf8\x3f\x01"), RC_OK);             /* a field newer than we are */
    assert_int_equal (CHECK ("\x22\x06\x1a\x00\x1a\x00\x1a\x00"), RC_OK); /* repeated from */
}

static void
malformed_messages_are_refused (void **state)
{
    assert_int_equal (CHECK ("\x08"), RC_INVALID);                                             /* cut off */
    assert_int_equal (CHECK ("\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"), RC_INVALID); /* endless varint */
    assert_int_equal (CHECK ("\x12\x7f\x00"), RC_INVALID);                                     /* longer than it is */
    assert_int_equal (CHECK ("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), RC_INVALID);     /* 2^64 - 1 bytes */
    assert_int_equal (CHECK ("\x00\x00"), RC_INVALID);                                         /* field 0 */
    assert_int_equal (CHECK ("\x0b\x0c"), RC_INVALID);                                         /* a group */
    assert_int_equal (CHECK ("\x10\x01"), RC_INVALID);                                         /* command as a number */
    assert_int_equal (CHECK ("\x08\x01\x08\x02"), RC_INVALID);                                 /* number twice */
}

static void
strings_are_text (void **state)
{
    assert_int_equal (CHECK ("\x12\x04\x12\x02\xc3\x28"), RC_INVALID); /* not UTF-8 */
    assert_int_equal (CHECK ("\x12\x05\x12\x03"
                             "a\0b"),
                      RC_INVALID);                                         /* NUL would cut it */
    assert_int_equal (CHECK ("\x12\x05\x12\x03\xed\xa0\x80"), RC_INVALID); /* a surrogate */
    assert_int_equal (CHECK ("\x12\x05\x12\x03\xe2\x82"), RC_INVALID);     /* cut character, cut message */
    assert_int_equal (CHECK ("\x12\x04\x0a\x02\xff\xfe"), RC_OK);          /* bytes are not text */
}

static void
what_unpacks_is_what_was_packed (void **state)
{
    struct err err;
    struct arena *arena = arena_new (1 << 20);
    Padan__Request request = PADAN__REQUEST__INIT;
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    uint8_t bytes[256];
    envelope.type = (char *)"padan.intake.v1.Send";
    envelope.tenant = -7;
    request.number = UINT64_MAX;
    request.command = &envelope;
    size_t size = padan__request__pack (&request, bytes);
    ProtobufCMessage *message = NULL;
    assert_int_equal (message_unpack (&padan__request__descriptor, arena, bytes, size, &message, &err), RC_OK);
    Padan__Request *same = (Padan__Request *)message;
    assert_true (same->number == UINT64_MAX);
    assert_string_equal (same->command->type, "padan.intake.v1.Send");
    assert_int_equal (same->command->tenant, -7);
    assert_null (same->query);
    uint64_t number;
    assert_true (message_number (bytes, size, &number));
    assert_true (number == UINT64_MAX);
    assert_false (message_number (bytes, 0, &number));
    assert_false (message_number ((const uint8_t *)"\x12\x00", 2, &number));
    arena_destroy (&arena);
}

static void
arena_bounds_what_one_message_takes (void **state)
{
    struct err err;
    struct arena *arena = arena_new (16 << 10);
    enum { FROMS = 4000 }; /* two bytes each on the wire, 56 in memory */
    size_t size = 0;
    uint8_t *bytes = malloc (3 * FROMS + 8);
    bytes[size++] = 0x22;
    bytes[size++] = (2 * FROMS & 0x7f) | 0x80;
    bytes[size++] = (2 * FROMS) >> 7;
    for (unsigned i = 0; i < FROMS; i++, size += 2)
        memcpy (bytes + size, "\x1a\x00", 2);
    ProtobufCMessage *message = NULL;
    assert_int_equal (message_unpack (&padan__request__descriptor, arena, bytes, size, &message, &err), RC_BUSY);
    assert_null (message);
    free (bytes);
    arena_destroy (&arena);
}

static void
fields_not_known_are_a_few (void **state)
{
    static uint8_t bytes[3 * (MESSAGE_UNKNOWN_MAX + 1)];
    struct err err;
    for (size_t i = 0; i < sizeof bytes; i += 3)
        memcpy (bytes + i, "\xf8\x3f\x01", 3);
    assert_int_equal (message_check (&padan__request__descriptor, bytes, sizeof bytes - 3, &err), RC_OK);
    assert_int_equal (message_check (&padan__request__descriptor, bytes, sizeof bytes, &err), RC_INVALID);
}

/* Every message cut anywhere, and every byte of it changed, is refused or unpacks. */
static void
damage_is_never_fatal (void **state)
{
    struct err err;
    struct arena *arena = arena_new (1 << 20);
    Padan__Request request = PADAN__REQUEST__INIT;
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    Padan__Position position = PADAN__POSITION__INIT;
    uint8_t bytes[256], damaged[256];
    position.log = (char *)"intake";
    envelope.type = (char *)"padan.intake.v1.Send";
    envelope.after = &position;
    request.number = 300;
    request.query = &envelope;
    size_t size = padan__request__pack (&request, bytes);
    unsigned refused = 0;
    for (size_t at = 0; at < size; at++)
        for (unsigned value = 0; value < 256; value++) {
            ProtobufCMessage *message;
            memcpy (damaged, bytes, size);
            damaged[at] = (uint8_t)value;
            arena_reset (arena);
            refused += message_unpack (&padan__request__descriptor, arena, damaged, value ? size : at, &message,
                                       &err) != RC_OK;
        }
    assert_true (refused > size);
    arena_destroy (&arena);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (good_messages_pass),
        cmocka_unit_test (malformed_messages_are_refused),
        cmocka_unit_test (strings_are_text),
        cmocka_unit_test (what_unpacks_is_what_was_packed),
        cmocka_unit_test (arena_bounds_what_one_message_takes),
        cmocka_unit_test (fields_not_known_are_a_few),
        cmocka_unit_test (damage_is_never_fatal),
    };
    return cmocka_run_group_tests_name ("bus message", tests, NULL, NULL);
}
