#include "common/base/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "common/base/clock.h"
#include "common/base/uuid.h"
#include "sample.pb-c.h"

typedef Padan__Sample__Sample Sample;

static struct err err;

static void
writes (const Sample *sample, const char *expected)
{
    TEXT_AUTO struct text_buffer out = TEXT_BUFFER (100000);
    assert_int_equal (json_from_message (&sample->base, &out, &err), RC_OK);
    assert_string_equal (out.data, expected);
}

static void
corrupt (const Sample *sample, const char *field)
{
    TEXT_AUTO struct text_buffer out = TEXT_BUFFER (100000);
    assert_int_equal (json_from_message (&sample->base, &out, &err), RC_CORRUPT);
    assert_string_equal (err.field, field);
}

#define DEFAULTS                                                                                                       \
    "\"small\":0,\"small_s\":0,\"small_f\":0,\"big\":0,\"big_s\":0,\"big_f\":0,\"count\":0,\"count_f\":0,\"size\":0,"  \
    "\"size_f\":0,\"ratio\":0,\"share\":0"
#define NO_ARRAYS "\"leaves\":[],\"numbers\":[],\"flags\":[],\"colours\":[],\"seen_at\":[],\"shares\":[]"

static void
what_is_not_set_is_left_out (void **state)
{
    Sample s = PADAN__SAMPLE__SAMPLE__INIT;
    writes (&s, "{\"child_ids\":[],\"word\":\"ok\",\"name\":\"\",\"flag\":false," DEFAULTS "," NO_ARRAYS
                ",\"branches\":[]}");
}

static void
every_convention_is_written (void **state)
{
    Sample s = PADAN__SAMPLE__SAMPLE__INIT;
    struct uuid id;
    uint8_t digest[32] = { 0xab }, blob[] = { 0, 1, 2, 0xff };
    char name[] = "\"\\/\b\f\n\r\t\x01\x7f \xc3\xa9", date[] = "1990-01-31";
    uuid_parse ("01890a5d-ac96-774b-bcce-b302099a8057", &id);
    ProtobufCBinaryData ids[] = { uuid_field (&id), uuid_field (&id) };
    int64_t times[] = { 1, CLOCK_SECOND };
    Padan__Sample__Colour colours[] = { 2, 0 };
    Padan__Sample__Leaf leaf = PADAN__SAMPLE__LEAF__INIT, *leaves[] = { &leaf, &leaf };
    s.id = uuid_field (&id);
    s.child_ids = ids;
    s.n_child_ids = 2;
    s.content_sha256 = (ProtobufCBinaryData){ 32, digest };
    s.blob = (ProtobufCBinaryData){ 4, blob };
    s.entered_at = 1795309323000004;
    s.birth_date = date;
    s.colour = 1;
    s.word = 7;
    s.name = name;
    s.seen_at = times;
    s.n_seen_at = 2;
    s.colours = colours;
    s.n_colours = 2;
    s.leaves = leaves;
    s.n_leaves = 2;
    s.choice_case = PADAN__SAMPLE__SAMPLE__CHOICE_AMOUNT;
    s.amount = INT64_MIN;
    s.size = UINT64_MAX;
    s.share = 0.1;
    writes (
        &s,
        "{\"id\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"child_ids\":[\"01890a5d-ac96-774b-bcce-b302099a8057\","
        "\"01890a5d-ac96-774b-bcce-b302099a8057\"],\"content_sha256\":"
        "\"ab0000000000000000000000000000000000000000000000"
        "0000000000000000\",\"blob\":\"AAEC/w==\",\"entered_at\":\"2026-11-22T01:02:03.000004Z\",\"birth_date\":"
        "\"1990-01-31\",\"colour\":\"red\",\"word\":\"stop\",\"name\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f \xc3\xa9\","
        "\"flag\":false,\"small\":0,\"small_s\":0,\"small_f\":0,\"big\":0,\"big_s\":0,\"big_f\":0,\"count\":0,\"count_"
        "f\":0,"
        "\"size\":18446744073709551615,\"size_f\":0,\"ratio\":0,\"share\":0.1,"
        "\"leaves\":[{\"name\":\"\",\"number\":0,\"words\":[]},{\"name\":\"\",\"number\":0,\"words\":[]}],\"numbers\":["
        "],"
        "\"flags\":[],\"colours\":[\"dark_blue\",null],\"seen_at\":[\"1970-01-01T00:00:00.000001Z\","
        "\"1970-01-01T00:00:01.000000Z\"],\"shares\":[],\"amount\":-9223372036854775808,\"branches\":[]}");
}

static void
what_json_cannot_say_is_corrupt (void **state)
{
    uint8_t bytes[32] = { 0 };
    char bad[] = "a\xff", day[] = "2023-02-29";
    Sample s = PADAN__SAMPLE__SAMPLE__INIT;
    s.name = bad;
    corrupt (&s, "name");
    s = (Sample)PADAN__SAMPLE__SAMPLE__INIT;
    s.id = (ProtobufCBinaryData){ 15, bytes };
    corrupt (&s, "id");
    s = (Sample)PADAN__SAMPLE__SAMPLE__INIT;
    s.content_sha256 = (ProtobufCBinaryData){ 31, bytes };
    corrupt (&s, "content_sha256");
    s = (Sample)PADAN__SAMPLE__SAMPLE__INIT;
    s.birth_date = day;
    corrupt (&s, "birth_date");
    s = (Sample)PADAN__SAMPLE__SAMPLE__INIT;
    s.entered_at = INT64_MAX;
    corrupt (&s, "entered_at");
    s = (Sample)PADAN__SAMPLE__SAMPLE__INIT;
    s.colour = (Padan__Sample__Colour)99;
    corrupt (&s, "colour");
    s = (Sample)PADAN__SAMPLE__SAMPLE__INIT;
    s.share = NAN;
    corrupt (&s, "share");
    s.share = 0;
    s.ratio = INFINITY;
    corrupt (&s, "ratio");
}

/* Every limit below the whole fails, without a byte too many; the whole fits exactly. */
static void
buffer_limit_holds (void **state)
{
    Sample s = PADAN__SAMPLE__SAMPLE__INIT;
    uint8_t blob[50] = { 7 };
    TEXT_AUTO struct text_buffer whole = TEXT_BUFFER (100000);
    s.blob = (ProtobufCBinaryData){ 50, blob };
    assert_int_equal (json_from_message (&s.base, &whole, &err), RC_OK);
    for (size_t limit = 0; limit < whole.size; limit++) {
        TEXT_AUTO struct text_buffer out = TEXT_BUFFER (limit);
        assert_int_equal (json_from_message (&s.base, &out, &err), RC_INTERNAL);
        assert_true (out.size <= limit);
    }
    TEXT_AUTO struct text_buffer out = TEXT_BUFFER (whole.size);
    assert_int_equal (json_from_message (&s.base, &out, &err), RC_OK);
    assert_string_equal (out.data, whole.data);
}

static void
reals_come_back_exactly (void **state)
{
    static const double reals[] = {
        0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -123456.789, 1e22, 4503599627370497.5
    };
    ARENA_AUTO struct arena *arena = arena_new (1000000);
    struct json_problems problems;
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
        Sample s = PADAN__SAMPLE__SAMPLE__INIT;
        ProtobufCMessage *back;
        TEXT_AUTO struct text_buffer out = TEXT_BUFFER (100000);
        s.share = reals[i];
        s.ratio = 0.1f;
        assert_int_equal (json_from_message (&s.base, &out, &err), RC_OK);
        assert_int_equal (json_to_message (out.data, out.size, s.base.descriptor, arena, &back, &problems, &err),
                          RC_OK);
        assert_true (((Sample *)back)->share == reals[i]);
        assert_true (((Sample *)back)->ratio == 0.1f);
    }
}

static void
strings_outside_messages_are_mended (void **state)
{
    TEXT_AUTO struct text_buffer out = TEXT_BUFFER (1000);
    assert_true (json_add_string (&out, "a\0\"\xff\xc3\xa9", 6));
    assert_string_equal (out.data, "\"a\xef\xbf\xbd\\\"\xef\xbf\xbd\xc3\xa9\"");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (what_is_not_set_is_left_out),     cmocka_unit_test (every_convention_is_written),
        cmocka_unit_test (what_json_cannot_say_is_corrupt), cmocka_unit_test (buffer_limit_holds),
        cmocka_unit_test (reals_come_back_exactly),         cmocka_unit_test (strings_outside_messages_are_mended),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
