#include "tests/support/senders.h"

#include <stdio.h>
#include <string.h>

#include "accounts.pb-c.h"
#include "common/engine/batch.h"
#include "tests/support/test.h"

enum { TENANT = 1272, TABLE_BYTES = 16384, TRY_ARENA = 1 << 16 };

static const char *const programs[] = { "accounts", "approval", "batching",   "distribution", "gateway",
                                        "intake",   "journal",  "validation", "padan",        "tester" };

static enum rc
command_try (const struct service *service, const ProtobufCMessageDescriptor *type, const char *program)
{
    ARENA_AUTO struct arena *arena = arena_new (TRY_ARENA);
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    struct uuid id = { { 1 } };
    struct item item;
    struct err err;
    envelope.id = envelope.subject = uuid_field (&id);
    envelope.type = (char *)type->name;
    envelope.tenant = TENANT;
    envelope.key = (char *)"key";
    return item_command (service, arena, &envelope, NULL, program, &item, &err);
}

static enum rc
query_try (const struct query_handler *query, const char *program, int64_t tenant)
{
    struct message message = { .type = query->type->name, .tenant = tenant, .service = program };
    struct err err;
    return query_authorise (query, &message, &err);
}

static void
roles_print (FILE *out, unsigned roles)
{
    for (size_t i = 0; i < padan__role__descriptor.n_values; i++)
        if (roles >> padan__role__descriptor.values[i].value & 1)
            fprintf (out, " %s", padan__role__descriptor.values[i].name + strlen ("ROLE_"));
    fputc ('\n', out);
}

/* A stolen gateway is nobody: alone it may only ask who somebody is. */
static void
admitted (FILE *out, const char *type, const char *program, enum rc rc, bool anyone)
{
    if (rc != RC_OK)
        assert_int_equal (rc, RC_UNAUTHENTICATED);
    else if (!anyone)
        fprintf (out, " %s", program);
    if (rc == RC_OK && !anyone && strcmp (program, "gateway") == 0)
        assert_string_equal (type, padan__accounts__v1__authenticate__descriptor.name);
}

static void
table_print (FILE *out, const struct service *service)
{
    size_t n = sizeof programs / sizeof *programs;
    for (const struct command *row = service->commands; row && row->type; row++) {
        fprintf (out, "command %s:%s", row->type->short_name, row->anyone ? " anyone" : "");
        for (size_t i = 0; i < n; i++)
            admitted (out, row->type->name, programs[i], command_try (service, row->type, programs[i]), row->anyone);
        roles_print (out, row->roles);
    }
    for (const struct query_handler *row = service->queries; row && row->type; row++) {
        fprintf (out, "query %s:", row->type->short_name);
        for (size_t i = 0; i < n; i++) {
            admitted (out, row->type->name, programs[i], query_try (row, programs[i], TENANT), false);
            if (!row->everywhere) /* tenant 0 is the scope of all rows */
                assert_int_not_equal (query_try (row, programs[i], 0), RC_OK);
        }
        roles_print (out, row->roles);
    }
}

void
senders_are_those_of (const struct service *service, const char *golden)
{
    static char table[TABLE_BYTES], expected[TABLE_BYTES];
    FILE *out = fmemopen (table, sizeof table, "w"), *file = fopen (golden, "r");
    assert_non_null (out);
    assert_non_null (file);
    table_print (out, service);
    fclose (out);
    expected[fread (expected, 1, sizeof expected - 1, file)] = '\0';
    fclose (file);
    assert_string_equal (table, expected);
}
