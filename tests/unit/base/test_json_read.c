#include "common/base/json.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>
#include "common/base/uuid.h"
#include "sample.pb-c.h"

typedef Padan__Sample__Sample Sample;

static struct arena *arena;
static struct json_problems problems;
static struct err err;

static int
make_arena (void **state)
{
    arena = arena_new (16 * 1024 * 1024);
    return !arena;
}

static int
drop_arena (void **state)
{
    arena_destroy (&arena);
    return 0;
}

/* Reads from memory of exactly this size, so that a byte too far is seen by the sanitizer. */
static enum rc
read_bytes (const char *text, size_t size, Sample **ret_sample)
{
    char *exact = malloc (size ? size : 1);
    ProtobufCMessage *message = NULL;
    memcpy (exact, text, size);
    arena_reset (arena);
    enum rc rc = json_to_message (exact, size, &padan__sample__sample__descriptor, arena, &message, &problems, &err);
    assert_int_equal (rc == RC_OK, problems.count == 0);
    assert_true (rc == RC_OK ? message != NULL : rc == RC_INVALID && message == NULL);
    *ret_sample = (Sample *)message;
    memset (exact, '#', size); /* nothing of the message may point into the input */
    free (exact);
    return rc;
}

static Sample *
accepted (const char *text)
{
    Sample *sample;
    if (read_bytes (text, strlen (text), &sample) != RC_OK)
        fail_msg ("%s: %s %s", text, problems.items[0].code, problems.items[0].pointer);
    return sample;
}

static void
refused (const char *text, const char *code, const char *pointer, const char *argument)
{
    Sample *sample;
    assert_int_equal (read_bytes (text, strlen (text), &sample), RC_INVALID);
    const struct json_problem *problem = &problems.items[0];
    if (strcmp (problem->code, code) != 0 || strcmp (problem->pointer, pointer) != 0)
        fail_msg ("%s: %s %s", text, problem->code, problem->pointer);
    assert_string_equal (err.code, code);
    if (argument) {
        assert_true (problem->argument_count > 0);
        assert_string_equal (problem->arguments[0], argument);
    }
}

static void
every_type_is_read (void **state)
{
    Sample *s = accepted (
        " {\"id\":\"01890a5d-ac96-774b-bcce-b302099a8057\", \"child_ids\":[\"01890A5D-AC96-774B-BCCE-B302099A8058\"],\n"
        "\"content_sha256\":\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\",\"blob\":\"AAEC/w==\","
        "\"entered_at\":\"2026-11-22T01:02:03.000004Z\",\"birth_date\":\"1990-01-31\",\"colour\":\"dark_blue\","
        "\"word\":\"stop\",\"name\":\"Siti \\\"N\\u00e9\\\" "
        "\\ud83d\\ude00\\n\xe2\x80\x93\",\"flag\":true,\"small\":-2147483648,"
        "\"small_s\":2147483647,\"small_f\":-1,\"big\":-9223372036854775808,\"big_s\":9223372036854775807,\"big_f\":-0,"
        "\"count\":4294967295,\"count_f\":0,\"size\":18446744073709551615,\"size_f\":1,\"ratio\":0.5,\"share\":-1.25e-"
        "3,"
        "\"leaf\":{\"name\":\"a\",\"number\":5,\"words\":[\"x\",\"\"]},\"leaves\":[{},{\"number\":7}],"
        "\"numbers\":[1,2,3,4,5,6,7,8,9],\"flags\":[true,false],\"colours\":[\"red\"],"
        "\"seen_at\":[\"1970-01-01T00:00:01Z\"],\"shares\":[1,2.5],\"branch\":{\"leaf\":{}},\"branches\":[]}\r\n\t ");
    assert_int_equal (s->id.len, 16);
    assert_int_equal (s->id.data[15], 0x57);
    assert_int_equal (s->child_ids[0].data[15], 0x58);
    assert_int_equal (s->content_sha256.len, 32);
    assert_int_equal (s->content_sha256.data[31], 0xff);
    assert_int_equal (s->blob.len, 4);
    assert_memory_equal (s->blob.data, "\0\1\2\xff", 4);
    assert_int_equal (s->entered_at, 1795309323000004);
    assert_string_equal (s->birth_date, "1990-01-31");
    assert_int_equal (s->colour, PADAN__SAMPLE__COLOUR__COLOUR_DARK_BLUE);
    assert_int_equal (s->word, 7);
    assert_string_equal (s->name, "Siti \"N\xc3\xa9\" \xf0\x9f\x98\x80\n\xe2\x80\x93");
    assert_true (s->flag);
    assert_int_equal (s->small, INT32_MIN);
    assert_int_equal (s->small_s, INT32_MAX);
    assert_int_equal (s->small_f, -1);
    assert_true (s->big == INT64_MIN && s->big_s == INT64_MAX && s->big_f == 0);
    assert_true (s->count == UINT32_MAX && s->size == UINT64_MAX && s->size_f == 1);
    assert_true (s->ratio == 0.5f && s->share == -1.25e-3);
    assert_string_equal (s->leaf->words[0], "x");
    assert_string_equal (s->leaf->words[1], "");
    assert_int_equal (s->n_leaves, 2);
    assert_string_equal (s->leaves[0]->name, "");
    assert_int_equal (s->leaves[1]->number, 7);
    assert_int_equal (s->n_numbers, 9);
    assert_int_equal (s->numbers[8], 9);
    assert_true (s->flags[0] && !s->flags[1]);
    assert_int_equal (s->colours[0], 1);
    assert_int_equal (s->seen_at[0], 1000000);
    assert_true (s->shares[0] == 1.0 && s->shares[1] == 2.5);
    assert_int_equal (s->choice_case, PADAN__SAMPLE__SAMPLE__CHOICE_BRANCH);
    assert_non_null (s->branch->leaf);
    assert_int_equal (s->n_branches, 0);
    assert_true (protobuf_c_message_check (&s->base));
}

static void
nothing_given_is_all_defaults (void **state)
{
    Sample *s = accepted ("{}");
    assert_string_equal (s->name, "");
    assert_null (s->leaf);
    assert_int_equal (s->choice_case, 0);
    s = accepted (
        "{\"id\":null,\"name\":null,\"leaf\":null,\"leaves\":null,\"numbers\":[],\"colour\":null,\"flag\":null,"
        "\"entered_at\":null,\"text\":null,\"amount\":4}");
    assert_int_equal (s->id.len, 0);
    assert_int_equal (s->choice_case, PADAN__SAMPLE__SAMPLE__CHOICE_AMOUNT);
}

static void
syntax_is_strict (void **state)
{
    static const char *const bad[] = {
        "",
        " ",
        "{",
        "{\"",
        "{\"name",
        "{\"name\"",
        "{\"name\":",
        "{\"name\":\"",
        "{\"name\":\"x",
        "{\"name\":\"x\"",
        "{\"name\":\"x\",",
        "{\"name\":\"x\",}",
        "{,}",
        "{\"name\" \"x\"}",
        "{name:1}",
        "{'name':1}",
        "{\"name\":tru}",
        "{\"flag\":True}",
        "{\"flag\":truee}",
        "{\"small\":01}",
        "{\"small\":+1}",
        "{\"small\":-}",
        "{\"small\":1.}",
        "{\"small\":.5}",
        "{\"share\":1e}",
        "{\"share\":1e+}",
        "{\"share\":NaN}",
        "{\"share\":Infinity}",
        "{\"small\":0x10}",
        "{\"numbers\":[1,]}",
        "{\"numbers\":[,1]}",
        "{\"numbers\":[1 2]}",
        "{\"numbers\":[1}",
        "{\"numbers\":[",
        "{\"name\":\"a\tb\"}",
        "{\"name\":\"\\x\"}",
        "{\"name\":\"\\u12\"}",
        "{\"name\":\"\\u12g4\"}",
        "{\"name\":\"\\",
        "{\"name\":\"a\\",
        "{\"name\":\"\\u",
        "{/**/}",
        "\xef\xbb\xbf{}",
        "{\"name\":1 \"flag\":true}",
        "nul",
        "{\"leaf\":nul}",
        "{\"leaf\":n}",
        "{\"name\":\"\x1f\"}",
        "{\"name\":\"\\n\x01\"}",
        "-",
        "{\"numbers\":{,}}",
        "{\"zz\":[1,]}",
        "{\"zz\":{\"a\"}}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Sample *sample;
        assert_int_equal (read_bytes (bad[i], strlen (bad[i]), &sample), RC_INVALID);
        const struct json_problem *last = &problems.items[problems.count - 1];
        if (strcmp (last->code, "json.syntax") != 0)
            fail_msg ("%s: %s", bad[i], last->code);
    }
    refused ("{\"name\":\"x\" \"", "json.syntax", "/name", "12");
}

static void
trailing_data_is_refused (void **state)
{
    refused ("{}x", "json.trailing", "", "2");
    refused ("{} {}", "json.trailing", "", "3");
    Sample *sample;
    assert_int_equal (read_bytes ("{}\0", 3, &sample), RC_INVALID);
}

static void
bad_text_is_refused (void **state)
{
    refused ("{\"name\":\"\\u0000\"}", "json.bad_text", "/name", NULL);
    refused ("{\"name\":\"\\ud800\"}", "json.bad_text", "/name", NULL);
    refused ("{\"name\":\"\\ud800\\u0041\"}", "json.bad_text", "/name", NULL);
    refused ("{\"name\":\"\\udc00\"}", "json.bad_text", "/name", NULL);
    refused ("{\"name\":\"\xff\"}", "json.bad_text", "/name", "9");
    refused ("{\"name\":\"\\n\xc0\xaf\"}", "json.bad_text", "/name", NULL);
    refused ("{\"name\":\"\xed\xa0\x80\"}", "json.bad_text", "/name", NULL);
    refused ("{\"na\xffme\":1}", "json.bad_text", "", NULL);
    refused ("{\"zz\":\"\xff\"}", "json.unknown_field", "/zz", NULL);
    assert_string_equal (problems.items[1].code, "json.bad_text");
    Sample *sample;
    assert_int_equal (read_bytes ("{\"name\":\"a\0b\"}", 14, &sample), RC_INVALID);
    assert_string_equal (problems.items[0].code, "json.bad_text");
}

static void
wrong_fields_are_refused (void **state)
{
    refused ("[]", "json.wrong_type", "", "object");
    refused ("\"x\"", "json.wrong_type", "", "object");
    refused ("{\"nmae\":{\"a\":[1,{}]}}", "json.unknown_field", "/nmae", "name");
    refused ("{\"a/b~c\":1}", "json.unknown_field", "/a~1b~0c", NULL);
    refused ("{\"\":1}", "json.unknown_field", "/", NULL);
    refused ("{\"name\\u0031\":1}", "json.unknown_field", "/name1", "name");
    refused ("{\"Name\":\"\"}", "json.unknown_field", "/Name", "name");
    refused ("{\"nam\":\"\"}", "json.unknown_field", "/nam", "name");
    refused ("{\"name\":\"a\",\"name\":\"a\"}", "json.duplicate_field", "/name", NULL);
    refused ("{\"name\":null,\"\\u006eame\":\"a\"}", "json.duplicate_field", "/name", NULL);
    refused ("{\"text\":\"a\",\"amount\":1}", "json.one_of", "/amount", "text");
    refused ("{\"name\":1}", "json.wrong_type", "/name", "string");
    refused ("{\"name\":[\"x\"]}", "json.wrong_type", "/name", "string");
    refused ("{\"small\":\"1\"}", "json.wrong_type", "/small", "integer");
    refused ("{\"small\":1.0}", "json.wrong_type", "/small", "integer");
    refused ("{\"small\":1e2}", "json.wrong_type", "/small", "integer");
    refused ("{\"share\":\"1\"}", "json.wrong_type", "/share", "number");
    refused ("{\"flag\":1}", "json.wrong_type", "/flag", "boolean");
    refused ("{\"leaf\":[]}", "json.wrong_type", "/leaf", "object");
    refused ("{\"leaves\":{}}", "json.wrong_type", "/leaves", "array");
    refused ("{\"leaves\":[{},{\"words\":[\"a\",null]}]}", "json.wrong_type", "/leaves/1/words/1", "string");
    refused ("{\"colour\":1}", "json.wrong_type", "/colour", "string");
    refused ("{\"id\":1}", "json.wrong_type", "/id", "string");
    refused ("{\"entered_at\":1795309323000004}", "json.wrong_type", "/entered_at", "string");
    refused ("{\"big_f\":\"1970-01-01T00:00:01Z\"}", "json.wrong_type", "/big_f", "integer");
}

static void
values_out_of_range_are_refused (void **state)
{
    refused ("{\"small\":2147483648}", "json.out_of_range", "/small", "-2147483648");
    assert_string_equal (problems.items[0].arguments[1], "2147483647");
    refused ("{\"small\":-2147483649}", "json.out_of_range", "/small", NULL);
    refused ("{\"count\":-1}", "json.out_of_range", "/count", "0");
    refused ("{\"count\":4294967296}", "json.out_of_range", "/count", NULL);
    refused ("{\"big\":9223372036854775808}", "json.out_of_range", "/big", NULL);
    refused ("{\"big\":-9223372036854775809}", "json.out_of_range", "/big", NULL);
    refused ("{\"size\":18446744073709551616}", "json.out_of_range", "/size", NULL);
    refused ("{\"size\":-1}", "json.out_of_range", "/size", NULL);
    refused ("{\"share\":1e400}", "json.out_of_range", "/share", NULL);
    refused ("{\"ratio\":1e39}", "json.out_of_range", "/ratio", NULL);
}

static void
values_of_wrong_form_are_refused (void **state)
{
    refused ("{\"id\":\"\"}", "json.bad_value", "/id", "uuid");
    refused ("{\"id\":\"01890a5dac96774bbcceb302099a8057\"}", "json.bad_value", "/id", "uuid");
    refused ("{\"child_ids\":[\"AAEC\"]}", "json.bad_value", "/child_ids/0", "uuid");
    refused ("{\"content_sha256\":\"00\"}", "json.bad_value", "/content_sha256", "sha256");
    refused ("{\"content_sha256\":\"00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF\"}",
             "json.bad_value", "/content_sha256", "sha256");
    refused ("{\"blob\":\"AAEC/w\"}", "json.bad_value", "/blob", "base64");
    refused ("{\"blob\":\"AAEC_w==\"}", "json.bad_value", "/blob", "base64");
    refused ("{\"blob\":\"AAEC/x==\"}", "json.bad_value", "/blob", "base64"); /* stray bits */
    refused ("{\"blob\":\"AA EC\"}", "json.bad_value", "/blob", "base64");
    refused ("{\"entered_at\":\"2026-11-22 01:02:03\"}", "json.bad_value", "/entered_at", "time");
    refused ("{\"entered_at\":\"2026-11-22T01:02:03+07:00\"}", "json.bad_value", "/entered_at", "time");
    refused ("{\"birth_date\":\"2023-02-29\"}", "json.bad_value", "/birth_date", "date");
    refused ("{\"birth_date\":\"\"}", "json.bad_value", "/birth_date", "date");
    refused ("{\"colour\":\"RED\"}", "json.bad_value", "/colour", "enum");
    assert_string_equal (problems.items[0].arguments[1], "red, dark_blue");
    refused ("{\"colour\":\"none\"}", "json.bad_value", "/colour", "enum");
    refused ("{\"colour\":\"colour_red\"}", "json.bad_value", "/colour", "enum");
    refused ("{\"colour\":\"re\"}", "json.bad_value", "/colour", "enum");
    refused ("{\"colour\":\"redd\"}", "json.bad_value", "/colour", "enum");
    assert_int_equal (accepted ("{\"word\":\"ok\"}")->word, 0);
}

/* `{"zz":` or `{"branches":[` and so on, `depth` levels in all. */
static void
depth_is_bounded (void **state)
{
    char text[100000];
    for (int depth = 15; depth <= 18; depth++) {
        Sample *sample;
        int size = snprintf (text, sizeof text, "{\"zz\":%.*s%.*s}", depth - 1, "[[[[[[[[[[[[[[[[[[[[", depth - 1,
                             "]]]]]]]]]]]]]]]]]]]]");
        assert_int_equal (read_bytes (text, (size_t)size, &sample), RC_INVALID);
        assert_int_equal (problems.count, depth <= JSON_DEPTH ? 1 : 2);
        if (depth > JSON_DEPTH)
            assert_string_equal (problems.items[1].code, "json.too_deep");
    }
    memset (text, '[', sizeof text);
    Sample *sample;
    assert_int_equal (read_bytes (text, sizeof text, &sample), RC_INVALID);
    for (size_t i = 0; i + 5 <= sizeof text; i += 5)
        memcpy (text + i, "{\"a\":", 5);
    assert_int_equal (read_bytes (text, sizeof text, &sample), RC_INVALID);
    assert_string_equal (problems.items[problems.count - 1].code, "json.too_deep");
}

static void
problems_are_collected_up_to_a_bound (void **state)
{
    refused ("{\"small\":\"x\",\"leaf\":{\"number\":1.5,\"zz\":0},\"flag\":3}", "json.wrong_type", "/small", "integer");
    assert_int_equal (problems.count, 4);
    assert_string_equal (problems.items[1].pointer, "/leaf/number");
    assert_string_equal (problems.items[2].pointer, "/leaf/zz");
    assert_string_equal (problems.items[3].pointer, "/flag");
    TEXT_AUTO struct text_buffer text = TEXT_BUFFER (100000);
    text_add_string (&text, "{\"numbers\":[true");
    for (int i = 0; i < 100; i++)
        text_add_string (&text, ",true");
    text_add_string (&text, "]} x");
    Sample *sample;
    assert_int_equal (read_bytes (text.data, text.size, &sample), RC_INVALID);
    assert_int_equal (problems.count, JSON_PROBLEMS);
    assert_string_equal (problems.items[JSON_PROBLEMS - 2].pointer, "/numbers/30");
    assert_string_equal (problems.items[JSON_PROBLEMS - 1].code, "json.trailing");
}

/* Small bytes that grow in memory meet the arena's limit, at whatever place it strikes. */
static void
memory_is_bounded (void **state)
{
    TEXT_AUTO struct text_buffer text = TEXT_BUFFER (4000000);
    text_add_string (&text, "{\"name\":\"a\\nb\",\"blob\":\"AAEC\",\"nmae\":1,\"leaves\":[{}");
    for (int i = 0; i < 20000; i++)
        text_add_string (&text, ",{\"name\":\"x\"}");
    text_add_string (&text, "]}");
    for (size_t limit = 0; limit < 200000; limit = limit * 5 / 4 + 7) {
        ARENA_AUTO struct arena *small = arena_new (limit);
        ProtobufCMessage *message = NULL;
        assert_int_equal (json_to_message (text.data, text.size, &padan__sample__sample__descriptor, small, &message,
                                           &problems, &err),
                          RC_INVALID);
        assert_string_equal (problems.items[problems.count - 1].code, "json.too_large");
    }
}

/* ---- Against jansson: the same texts are taken and refused, and what is taken comes back. ---- */

static uint64_t seed = 88172645463325252;

static unsigned
chance (unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed >> 11) % n;
}

static const char *
any (const char *const *texts, size_t count)
{
    return texts[chance ((unsigned)count)];
}
#define ANY(...)                                                                                                       \
    any ((const char *const[]){ __VA_ARGS__ }, sizeof ((const char *const[]){ __VA_ARGS__ }) / sizeof (char *))

static void make_object (struct text_buffer *out, const ProtobufCMessageDescriptor *type, int depth);

static void
make_junk (struct text_buffer *out)
{
    text_add_string (out, ANY ("null", "1", "-1.5", "\"x\"", "[]", "{}", "[null]", "true", "tru", "",
                               "{\"a\":1,\"a\":2}", "[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]", "1e5", "\"\\u0000\"",
                               "\"\\ud800\"", "\"\xff\"", "00"));
}

static void
make_string (struct text_buffer *out, const ProtobufCFieldDescriptor *field)
{
    const char *name = field->name;
    size_t size = strlen (name);
    if (strcmp (name, "id") == 0 || strstr (name, "_id"))
        text_add_string (
            out, ANY ("\"01890a5d-ac96-774b-bcce-b302099a8057\"", "\"00000000-0000-0000-0000-00000000000A\"",
                      "\"01890a5d-ac96-774b-bcce-b302099a805\"", "\"01890a5d\\u002dac96-774b-bcce-b302099a8057\""));
    else if (strstr (name, "sha256"))
        text_add_string (
            out, ANY ("\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\"", "\"ab\"", "\"\""));
    else if (field->type == PROTOBUF_C_TYPE_BYTES)
        text_add_string (
            out, ANY ("\"\"", "\"AA==\"", "\"AAE=\"", "\"AAEC\"", "\"AAECAw==\"", "\"A\"", "\"AB==\"", "\"A\\/EC\""));
    else if (size > 3 && strcmp (name + size - 3, "_at") == 0)
        text_add_string (out,
                         ANY ("\"2026-11-22T01:02:03.000004Z\"", "\"1970-01-01T00:00:00Z\"", "\"2026-11-22T01:02:03\"",
                              "\"0001-01-01T00:00:00.000001Z\"", "\"2026-02-30T00:00:00Z\""));
    else if (strstr (name, "_date"))
        text_add_string (out, ANY ("\"2026-11-22\"", "\"2024-02-29\"", "\"2023-02-29\"", "\"\""));
    else if (field->type == PROTOBUF_C_TYPE_ENUM)
        text_add_string (
            out, ANY ("\"red\"", "\"dark_blue\"", "\"ok\"", "\"stop\"", "\"none\"", "\"Red\"", "\"d\\u0061rk_blue\""));
    else
        text_add_string (out, ANY ("\"\"", "\"Budi\"", "\"a\\nb\\t\\\"\\\\\\/\\b\\f\\r\"",
                                   "\"\\u00e9\\u20ac\\ud83d\\ude00\"",
                                   "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 and much more text to make it long\"",
                                   "\"\x7f\"", "\"\\u0001\"", "\"1272010101900001\""));
}

static void
make_value (struct text_buffer *out, const ProtobufCFieldDescriptor *field, int depth)
{
    if (chance (60) == 0) {
        make_junk (out);
        return;
    }
    size_t size = strlen (field->name);
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        make_object (out, field->descriptor, depth + 1);
        return;
    case PROTOBUF_C_TYPE_BOOL:
        text_add_string (out, ANY ("true", "false"));
        return;
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        text_add_string (out, ANY ("0", "-0.0", "1.5", "1e10", "-2.5E-3", "123456789", "3.4e38", "1e39"));
        return;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_ENUM:
        make_string (out, field);
        return;
    default:
        if (size > 3 && strcmp (field->name + size - 3, "_at") == 0)
            make_string (out, field);
        else
            text_add_string (out, chance (8) ? ANY ("0", "1", "42", "2147483647", "12345", "-0")
                                             : ANY ("-1", "-2147483648", "2147483648", "4294967295", "4294967296",
                                                    "9223372036854775807", "-9223372036854775808", "1.0"));
    }
}

static void
make_space (struct text_buffer *out)
{
    if (chance (6) == 0)
        text_add_string (out, ANY (" ", "\n", "\t", "\r\n", "  "));
}

static void
make_field (struct text_buffer *out, const ProtobufCFieldDescriptor *field, int depth)
{
    if (chance (40) == 0) {
        text_add_string (out, "null");
    } else if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        unsigned count = chance (4);
        text_add_char (out, '[');
        for (unsigned i = 0; i < count; i++) {
            if (i)
                text_add_char (out, ',');
            make_space (out);
            make_value (out, field, depth + 1);
            make_space (out);
        }
        text_add_char (out, ']');
    } else {
        make_value (out, field, depth);
    }
}

static void
make_object (struct text_buffer *out, const ProtobufCMessageDescriptor *type, int depth)
{
    bool first = true;
    unsigned members = chance (depth ? 3 : 7), at = chance (type->n_fields);
    text_add_char (out, '{');
    for (unsigned i = 0; i < members; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[at % type->n_fields];
        at += chance (25) ? 1 + chance (5) : 0; /* seldom the same again */
        if (!first)
            text_add_char (out, ',');
        first = false;
        make_space (out);
        text_printf (out, chance (200) ? "\"%s\"" : "\"%sx\"", field->name);
        make_space (out);
        text_add_char (out, ':');
        make_space (out);
        make_field (out, field, depth);
        make_space (out);
    }
    text_add_char (out, '}');
}

/* A byte changed, removed, doubled or the end cut off. */
static void
damage (struct text_buffer *text)
{
    static const char bytes[] = "{}[]\",:\\ue0123456789-+.truefalsn \x01\x7f\xff\xc3\xa9";
    size_t at = chance ((unsigned)text->size);
    switch (chance (4)) {
    case 0:
        text->data[at] = bytes[chance (sizeof bytes)];
        break;
    case 1:
        memmove (text->data + at, text->data + at + 1, text->size - at - 1);
        text->size--;
        break;
    case 2:
        if (text_add_char (text, ' '))
            memmove (text->data + at + 1, text->data + at, text->size - at - 1);
        break;
    default:
        text->size = at;
    }
}

static int
tree_depth (const json_t *tree)
{
    const char *name;
    json_t *child;
    size_t index;
    int most = 0, depth;
    if (json_is_object (tree))
        json_object_foreach ((json_t *)tree, name, child) most = (depth = tree_depth (child)) > most ? depth : most;
    else if (json_is_array (tree))
        json_array_foreach (tree, index, child) most = (depth = tree_depth (child)) > most ? depth : most;
    else
        return 0;
    return most + 1;
}

static bool tree_right (const json_t *tree, const ProtobufCMessageDescriptor *type);

static bool
uuid_right (const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (!strchr (dash ? "-" : "0123456789abcdefABCDEF", text[i]))
            return false;
    }
    return size == 36;
}

static bool
bytes_right (const char *text, const char *name)
{
    size_t size = strlen (text);
    if (strcmp (name, "id") == 0 || strstr (name, "_id"))
        return uuid_right (text, size);
    if (strstr (name, "sha256"))
        return size == 64 && strspn (text, "0123456789abcdef") == 64;
    size_t digits = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    if (size % 4 || strspn (text + digits, "=") != size - digits || size - digits > 2)
        return false;
    /* the last digit's bits that mean nothing must be 0: A Q g w before two signs, one of every four before one */
    return size == digits || strchr (size - digits == 2 ? "AQgw" : "AEIMQUYcgkosw048", text[digits - 1]);
}

static bool
value_right (const json_t *value, const ProtobufCFieldDescriptor *field)
{
    const char *text = json_string_value (value), *name = field->name;
    size_t length = strlen (name);
    int64_t number = json_integer_value (value), instant;
    int32_t date;
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        return tree_right (value, field->descriptor);
    case PROTOBUF_C_TYPE_BOOL:
        return json_is_boolean (value);
    case PROTOBUF_C_TYPE_FLOAT:
        return json_is_number (value) && fabs (json_number_value (value)) <= FLT_MAX;
    case PROTOBUF_C_TYPE_DOUBLE:
        return json_is_number (value);
    case PROTOBUF_C_TYPE_STRING:
        return text && (!strstr (name, "_date") || date_parse (text, strlen (text), &date));
    case PROTOBUF_C_TYPE_BYTES:
        return text && bytes_right (text, name);
    case PROTOBUF_C_TYPE_ENUM:
        return text && (strcmp (name, "word") == 0 ? !strcmp (text, "ok") || !strcmp (text, "stop")
                                                   : !strcmp (text, "red") || !strcmp (text, "dark_blue"));
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return json_is_integer (value) && number >= INT32_MIN && number <= INT32_MAX;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return json_is_integer (value) && number >= 0 && number <= UINT32_MAX;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return json_is_integer (value) && number >= 0;
    default:
        if (length > 3 && strcmp (name + length - 3, "_at") == 0)
            return text && instant_parse (text, strlen (text), &instant);
        return json_is_integer (value);
    }
}

static bool
tree_right (const json_t *tree, const ProtobufCMessageDescriptor *type)
{
    const char *name;
    json_t *value, *element;
    size_t index;
    unsigned chosen = 0;
    if (!json_is_object (tree))
        return false;
    json_object_foreach ((json_t *)tree, name, value)
    {
        const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name (type, name);
        if (!field)
            return false;
        if (json_is_null (value))
            continue;
        chosen += (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0; /* Sample has one oneof */
        if (field->label != PROTOBUF_C_LABEL_REPEATED && !value_right (value, field))
            return false;
        if (field->label == PROTOBUF_C_LABEL_REPEATED && !json_is_array (value))
            return false;
        if (field->label == PROTOBUF_C_LABEL_REPEATED)
            json_array_foreach (value, index, element) if (!value_right (element, field)) return false;
    }
    return chosen <= 1;
}

/* What we write of it is JSON, says the same where the text is the value, and reads back to the same bytes. */
static void
assert_comes_back (const Sample *sample, const json_t *tree)
{
    TEXT_AUTO struct text_buffer out = TEXT_BUFFER (1000000);
    static const char *const plain[] = { "name", "small", "big", "flag", "count", "numbers", "flags", "word", "text" };
    assert_int_equal (json_from_message (&sample->base, &out, &err), RC_OK);
    json_t *again = json_loadb (out.data, out.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null (again);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        json_t *given = json_object_get (tree, plain[i]);
        if (given && !json_is_null (given))
            assert_true (json_equal (given, json_object_get (again, plain[i])));
    }
    json_decref (again);
    ARENA_AUTO struct arena *second = arena_new (4000000);
    ProtobufCMessage *copy;
    if (json_to_message (out.data, out.size, sample->base.descriptor, second, &copy, &problems, &err) != RC_OK)
        fail_msg ("%s: %s", out.data, problems.items[0].code);
    size_t size = protobuf_c_message_get_packed_size (&sample->base);
    assert_int_equal (protobuf_c_message_get_packed_size (copy), size);
    uint8_t *first_bytes = malloc (size + 1), *second_bytes = malloc (size + 1);
    protobuf_c_message_pack (&sample->base, first_bytes);
    protobuf_c_message_pack (copy, second_bytes);
    assert_memory_equal (first_bytes, second_bytes, size);
    free (first_bytes);
    free (second_bytes);
}

static void
agrees_with_a_tree_parser (void **state)
{
    TEXT_AUTO struct text_buffer text = TEXT_BUFFER (1000000);
    int taken = 0, refusals = 0, undecided = 0;
    for (int round = 0; round < 60000; round++) {
        json_error_t error;
        Sample *sample;
        text_reset (&text);
        make_object (&text, &padan__sample__sample__descriptor, 0);
        for (unsigned n = chance (3) ? 0 : 1 + chance (2); n && text.size; n--)
            damage (&text);
        json_t *tree = json_loadb (text.data, text.size, JSON_REJECT_DUPLICATES, &error);
        if (!tree && json_error_code (&error) == json_error_numeric_overflow) {
            undecided++; /* jansson has no uint64 and refuses the whole */
            continue;
        }
        bool nul = memchr (text.data, 0, text.size); /* jansson 2.14 goes over a NUL behind a number or literal */
        bool right =
            tree && !nul && tree_depth (tree) <= JSON_DEPTH && tree_right (tree, &padan__sample__sample__descriptor);
        enum rc rc = read_bytes (text.data, text.size, &sample);
        if ((rc == RC_OK) != right)
            fail_msg ("%.*s: %s, %s", (int)text.size, text.data, rc ? problems.items[0].code : "taken", error.text);
        if (rc == RC_OK)
            assert_comes_back (sample, tree);
        *(right ? &taken : &refusals) += 1;
        json_decref (tree);
    }
    assert_true (taken > 15000 && refusals > 15000 && undecided < 3000);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_type_is_read),
        cmocka_unit_test (nothing_given_is_all_defaults),
        cmocka_unit_test (syntax_is_strict),
        cmocka_unit_test (trailing_data_is_refused),
        cmocka_unit_test (bad_text_is_refused),
        cmocka_unit_test (wrong_fields_are_refused),
        cmocka_unit_test (values_out_of_range_are_refused),
        cmocka_unit_test (values_of_wrong_form_are_refused),
        cmocka_unit_test (depth_is_bounded),
        cmocka_unit_test (problems_are_collected_up_to_a_bound),
        cmocka_unit_test (memory_is_bounded),
        cmocka_unit_test (agrees_with_a_tree_parser),
    };
    return cmocka_run_group_tests (tests, make_arena, drop_arena);
}
