/* The document in the repository is what the program prints; and, read back by a YAML parser, what the routes and the
 * messages say: neither has an operation, a parameter or a field the other lacks. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "services/gateway/openapi.h"
#include "services/gateway/route.h"
#include "tests/support/test.h"

static yaml_document_t document;

static char *
file_read (const char *path, size_t *ret_size)
{
    FILE *file = fopen (path, "r");
    if (!file)
        fail_msg ("%s is missing: build/dev/bin/gateway --print-openapi > %s", path, path);
    char *text = malloc (1 << 20);
    *ret_size = fread (text, 1, 1 << 20, file);
    fclose (file);
    return text;
}

static int
read_document (void **state)
{
    size_t size;
    char *text = file_read ("services/gateway/openapi.yaml", &size);
    yaml_parser_t parser;
    yaml_parser_initialize (&parser);
    yaml_parser_set_input_string (&parser, (const unsigned char *)text, size);
    int good = yaml_parser_load (&parser, &document);
    yaml_parser_delete (&parser);
    free (text);
    return good ? 0 : -1;
}

static int
drop_document (void **state)
{
    yaml_document_delete (&document);
    return 0;
}

/* The node below a mapping; NULL without one. */
static yaml_node_t *
below (yaml_node_t *node, const char *name)
{
    if (!node || node->type != YAML_MAPPING_NODE)
        return NULL;
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node (&document, pair->key);
        if (strcmp ((const char *)key->data.scalar.value, name) == 0)
            return yaml_document_get_node (&document, pair->value);
    }
    return NULL;
}

static size_t
pairs (const yaml_node_t *node)
{
    return node ? (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start) : 0;
}

static const char *
scalar (const yaml_node_t *node)
{
    return node && node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : "";
}

static yaml_node_t *
root (void)
{
    return yaml_document_get_root_node (&document);
}

static yaml_node_t *
operation_of (const struct route *route)
{
    char method[16] = "";
    for (size_t i = 0; route->method[i]; i++)
        method[i] = (char)tolower ((unsigned char)route->method[i]);
    yaml_node_t *operation = below (below (below (root (), "paths"), route->path), method);
    if (!operation)
        fail_msg ("%s %s is not in the document", route->method, route->path);
    return operation;
}

static void
is_what_the_program_prints (void **state)
{
    size_t size;
    char *golden = file_read ("services/gateway/openapi.yaml", &size);
    struct text_buffer text = TEXT_BUFFER (1 << 20);
    assert_true (openapi_write (&text));
    if (text.size != size || memcmp (text.data, golden, size) != 0)
        fail_msg ("routes or messages changed: build/dev/bin/gateway --print-openapi > services/gateway/openapi.yaml");
    text_clear (&text);
    free (golden);
}

static void
holds_the_routes_and_no_others (void **state)
{
    size_t operations = 0;
    yaml_node_t *paths = below (root (), "paths");
    for (yaml_node_pair_t *pair = paths->data.mapping.pairs.start; pair < paths->data.mapping.pairs.top; pair++)
        operations += pairs (yaml_document_get_node (&document, pair->value));
    assert_int_equal (operations, route_count);
    for (size_t i = 0; i < route_count; i++)
        assert_non_null (operation_of (&routes[i]));
}

static bool
has_parameter (yaml_node_t *operation, const char *name, const char *in)
{
    yaml_node_t *list = below (operation, "parameters");
    for (yaml_node_item_t *item = list ? list->data.sequence.items.start : NULL;
         list && item < list->data.sequence.items.top; item++) {
        yaml_node_t *parameter = yaml_document_get_node (&document, *item);
        if (strcmp (scalar (below (parameter, "name")), name) == 0 &&
            strcmp (scalar (below (parameter, "in")), in) == 0)
            return true;
    }
    return false;
}

static void
names_every_parameter (void **state)
{
    for (size_t i = 0; i < route_count; i++) {
        const ProtobufCMessageDescriptor *type = routes[i].targets ? routes[i].targets[0].type : routes[i].type;
        yaml_node_t *operation = operation_of (&routes[i]);
        for (size_t k = 0; type && k < type->n_fields; k++)
            assert_int_equal (has_parameter (operation, type->fields[k].name, "query"),
                              route_is_parameter (&routes[i], &type->fields[k]));
        for (const char *at = strchr (routes[i].path, '{'); at; at = strchr (at + 1, '{')) {
            char name[64];
            snprintf (name, sizeof name, "%.*s", (int)strcspn (at + 1, "}"), at + 1);
            assert_true (has_parameter (operation, name, "path"));
        }
    }
}

/* "{$ref: '#/components/schemas/x'}" → the schema. */
static yaml_node_t *
follow (yaml_node_t *schema)
{
    const char *reference = scalar (below (schema, "$ref"));
    static const char prefix[] = "#/components/schemas/";
    assert_memory_equal (reference, prefix, sizeof prefix - 1);
    return below (below (below (root (), "components"), "schemas"), reference + sizeof prefix - 1);
}

static void
schema_holds (yaml_node_t *schema, const ProtobufCMessageDescriptor *type, int depth)
{
    assert_non_null (schema);
    assert_true (depth < 8);
    yaml_node_t *properties = below (schema, "properties");
    assert_int_equal (pairs (properties), type->n_fields);
    for (size_t i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        yaml_node_t *property = below (properties, field->name);
        if (!property)
            fail_msg ("%s.%s is not in the document", type->name, field->name);
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            assert_string_equal (scalar (below (property, "type")), "array");
            property = below (property, "items");
        }
        const char *kind = scalar (below (property, "type"));
        if (field->type == PROTOBUF_C_TYPE_MESSAGE)
            schema_holds (follow (property), field->descriptor, depth + 1);
        else if (field->type == PROTOBUF_C_TYPE_BOOL)
            assert_string_equal (kind, "boolean");
        else if (field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_BYTES ||
                 field->type == PROTOBUF_C_TYPE_ENUM)
            assert_string_equal (kind, "string");
        else if (field->type == PROTOBUF_C_TYPE_SFIXED64)
            assert_string_equal (scalar (below (property, "format")), "date-time");
        else
            assert_string_equal (kind, "integer");
    }
}

static void
holds_every_field_of_the_messages (void **state)
{
    for (size_t i = 0; i < route_count; i++) {
        const struct route *route = &routes[i];
        yaml_node_t *operation = operation_of (route), *responses = below (operation, "responses");
        if (route_has_body (route) && route->type && !route->raw_field)
            schema_holds (
                follow (
                    below (below (below (below (operation, "requestBody"), "content"), "application/json"), "schema")),
                route->type, 0);
        const ProtobufCMessageDescriptor *reply = route->targets ? route->targets[0].reply : route->reply;
        if (!reply || route->kind == ROUTE_FILE)
            continue;
        char status[8];
        snprintf (status, sizeof status, "%d", route->status ? route->status : 200);
        yaml_node_t *json = below (below (below (responses, status), "content"), "application/json");
        schema_holds (follow (below (json, "schema")), reply, 0);
    }
}

/* The answers of a route with several owners are one schema. */
static void
owners_answer_alike (void **state)
{
    for (size_t i = 0; i < route_count; i++)
        for (size_t k = 1; routes[i].targets && k < ROUTE_TARGETS; k++) {
            const ProtobufCMessageDescriptor *first = routes[i].targets[0].reply, *other = routes[i].targets[k].reply;
            assert_int_equal (first->n_fields, other->n_fields);
            for (size_t f = 0; f < first->n_fields; f++)
                assert_string_equal (first->fields[f].name, other->fields[f].name);
        }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (is_what_the_program_prints),
        cmocka_unit_test (holds_the_routes_and_no_others),
        cmocka_unit_test (names_every_parameter),
        cmocka_unit_test (owners_answer_alike),
        cmocka_unit_test (holds_every_field_of_the_messages),
    };
    return cmocka_run_group_tests (tests, read_document, drop_document);
}
