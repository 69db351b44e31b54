#include "common/bus/envelope.h"

#include <string.h>
#include "common/bus/principal.h"
#include "tests/support/test.h"

static uint8_t sixteen[16] = { 1 };
static char long_text[512];

static Padan__Envelope
good_envelope (void)
{
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    envelope.id = (ProtobufCBinaryData){ 16, sixteen };
    envelope.type = (char *)"padan.intake.v1.Send";
    envelope.tenant = 1272;
    return envelope;
}

static void
assert_refused (const Padan__Envelope *envelope, const char *field)
{
    struct err err;
    assert_int_equal (envelope_check (envelope, &err), RC_INVALID);
    assert_string_equal (err.code, "bus.malformed");
    assert_string_equal (err.field, field);
}

static void
each_field_is_checked (void **state)
{
    struct err err;
    Padan__Position position = PADAN__POSITION__INIT;
    Padan__SignedPrincipal principal = PADAN__SIGNED_PRINCIPAL__INIT;
    memset (long_text, 'a', sizeof long_text - 1);
    Padan__Envelope good = good_envelope ();
    good.subject = good.cause = good.id;
    good.principal = &principal;
    good.after = &position;
    assert_int_equal (envelope_check (&good, &err), RC_OK);
#define REFUSED(field, value)                                                                                          \
    do {                                                                                                               \
        Padan__Envelope bad = good;                                                                                    \
        bad.field = value;                                                                                             \
        assert_refused (&bad, #field);                                                                                 \
    } while (0)
    REFUSED (id, ((ProtobufCBinaryData){ 0, NULL }));
    REFUSED (id, ((ProtobufCBinaryData){ 15, sixteen }));
    REFUSED (type, (char *)"");
    REFUSED (type, (char *)"padan.intake v1");
    REFUSED (type, long_text);
    REFUSED (tenant, -1);
    REFUSED (subject, ((ProtobufCBinaryData){ 1, sixteen }));
    REFUSED (version, -1);
    REFUSED (cause, ((ProtobufCBinaryData){ 17, sixteen }));
    REFUSED (time, INT64_MIN);
    REFUSED (deadline, -1);
    REFUSED (traceparent, long_text);
    REFUSED (key, long_text);
    principal.signature = (ProtobufCBinaryData){ 16, sixteen };
    assert_refused (&good, "principal");
    principal.signature.len = 0;
    principal.statement.len = PRINCIPAL_STATEMENT_MAX + 1;
    assert_refused (&good, "principal");
    principal.statement.len = 0;
    position.position = -1;
    assert_refused (&good, "after");
}

static void
request_asks_exactly_one_thing (void **state)
{
    struct err err;
    Padan__Envelope envelope = good_envelope ();
    Padan__LogRead read = PADAN__LOG_READ__INIT;
    Padan__LogFrom from = PADAN__LOG_FROM__INIT, *froms[LOG_FROM_MAX + 1];
    Padan__Request request = PADAN__REQUEST__INIT;
    for (unsigned i = 0; i <= LOG_FROM_MAX; i++)
        froms[i] = &from;
    read.from = froms;
    read.n_from = LOG_FROM_MAX;
    assert_int_equal (request_check (&request, &err), RC_INVALID);
    request.command = &envelope;
    assert_int_equal (request_check (&request, &err), RC_OK);
    request.log_read = &read;
    assert_int_equal (request_check (&request, &err), RC_INVALID);
    request.command = NULL;
    assert_int_equal (request_check (&request, &err), RC_OK);
    request.query = &envelope;
    assert_int_equal (request_check (&request, &err), RC_INVALID);
    request.log_read = NULL;
    assert_int_equal (request_check (&request, &err), RC_OK);
    request.query = NULL;
    request.log_read = &read;
    read.n_from = LOG_FROM_MAX + 1;
    assert_int_equal (request_check (&request, &err), RC_INVALID);
    read.n_from = 0;
    assert_int_equal (request_check (&request, &err), RC_INVALID);
    read.n_from = 1;
    from.position = -1;
    assert_int_equal (request_check (&request, &err), RC_INVALID);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (each_field_is_checked),
        cmocka_unit_test (request_asks_exactly_one_thing),
    };
    return cmocka_run_group_tests_name ("bus envelope", tests, NULL, NULL);
}
