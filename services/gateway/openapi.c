#include "services/gateway/openapi.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common.pb-c.h"
#include "common/base/json_field.h"
#include "services/gateway/handle.h"
#include "services/gateway/imports.h"
#include "services/gateway/route.h"

enum { SCHEMAS_MAX = 256, NAME_MAX_ = 96 };

struct schemas {
    const ProtobufCMessageDescriptor *items[SCHEMAS_MAX];
    size_t count;
};

static const char head[] =
    "# Made by `gateway --print-openapi` from the route table; a test holds it to that. Do not edit.\n"
    "openapi: 3.1.0\n"
    "info:\n"
    "  title: Padan\n"
    "  version: \"1\"\n"
    "  summary: Government-paid health insurance enrolment, from the kelurahan counter to the card.\n"
    "  description: |\n"
    "    JSON is strict: an unknown, double or mistyped field is refused with its JSON pointer. A field left out and "
    "one\n"
    "    that is null are the same. Instants are UTC, ids are UUIDs, NIK and KK are strings of 16 digits.\n"
    "\n"
    "    Every change bears an `Idempotency-Key`: repeat it with the same key and it is done once, with the same "
    "answer.\n"
    "    A version is an `ETag`; send it back in `If-Match` and a change made meanwhile is refused (412).\n"
    "    An answer's `Padan-Position`, sent as `Padan-After` with a list, makes the list wait for that change.\n"
    "    Lists take `limit` and `cursor`; `next_cursor` is empty at the end.\n"
    "\n"
    "    Who has roles in one jurisdiction need not name it; others send `Padan-Tenant` (or `?tenant=`). What belongs "
    "to\n"
    "    one without a role there is not found (404). Refusals are RFC 9457 problems in Bahasa Indonesia, or in "
    "English "
    "by\n"
    "    `Accept-Language`; `code` is stable, `errors` point into the body.\n"
    "servers:\n"
    "  - url: /\n"
    "security:\n"
    "  - bearer: []\n"
    "  - cookie: []\n";

static const char parameters[] =
    "  parameters:\n"
    "    tenant:\n"
    "      name: tenant\n"
    "      in: query\n"
    "      description: Jurisdiction, for who has roles in several. The header wins.\n"
    "      schema: {type: integer, format: int64}\n"
    "    padan_tenant:\n"
    "      name: Padan-Tenant\n"
    "      in: header\n"
    "      description: Jurisdiction, for who has roles in several.\n"
    "      schema: {type: integer, format: int64}\n"
    "    idempotency_key:\n"
    "      name: Idempotency-Key\n"
    "      in: header\n"
    "      required: true\n"
    "      description: The same for every repeat of one change. A UUIDv7 for preference.\n"
    "      schema: {type: string, minLength: 1, maxLength: 200}\n"
    "    padan_id:\n"
    "      name: Padan-Id\n"
    "      in: header\n"
    "      description: The id of what is made, chosen by the client; made from the key when left out.\n"
    "      schema: {type: string, format: uuid}\n"
    "    if_match:\n"
    "      name: If-Match\n"
    "      in: header\n"
    "      description: The ETag of what was seen.\n"
    "      schema: {type: string}\n"
    "    if_match_required:\n"
    "      name: If-Match\n"
    "      in: header\n"
    "      required: true\n"
    "      description: The ETag of what was seen.\n"
    "      schema: {type: string}\n"
    "    if_none_match:\n"
    "      name: If-None-Match\n"
    "      in: header\n"
    "      description: ETags of earlier answers; exactly such an answer again is 304 without a body.\n"
    "      schema: {type: string}\n"
    "    padan_after:\n"
    "      name: Padan-After\n"
    "      in: header\n"
    "      description: The Padan-Position of an earlier answer, which this one must have seen.\n"
    "      schema: {type: string}\n"
    "    last_event_id:\n"
    "      name: Last-Event-ID\n"
    "      in: header\n"
    "      description: The number of the last event seen, with text/event-stream.\n"
    "      schema: {type: integer, format: int64}\n"
    "  headers:\n"
    "    position:\n"
    "      description: Where the change stands in its service's log.\n"
    "      schema: {type: string}\n"
    "    etag:\n"
    "      description: The version, in quotes; of an answer with a digest of its body behind a dash.\n"
    "      schema: {type: string}\n"
    "    retry_after:\n"
    "      description: Seconds to wait before the request is sent again; with 429 and 503.\n"
    "      schema: {type: integer}\n"
    "    location:\n"
    "      description: Where what was made can be read.\n"
    "      schema: {type: string}\n"
    "  securitySchemes:\n"
    "    bearer: {type: http, scheme: bearer}\n"
    "    cookie: {type: apiKey, in: cookie, name: " COOKIE_NAME "}\n"
    "  responses:\n"
    "    problem:\n"
    "      description: Why not, as RFC 9457.\n"
    "      headers:\n"
    "        Retry-After: {$ref: '#/components/headers/retry_after'}\n"
    "      content:\n"
    "        application/problem+json:\n"
    "          schema: {$ref: '#/components/schemas/Problem'}\n"
    "  schemas:\n"
    "    Problem:\n"
    "      type: object\n"
    "      required: [type, title, status, detail, code]\n"
    "      properties:\n"
    "        type: {type: string}\n"
    "        title: {type: string}\n"
    "        status: {type: integer}\n"
    "        detail: {type: string}\n"
    "        instance: {type: string}\n"
    "        code: {type: string}\n"
    "        errors:\n"
    "          type: array\n"
    "          items:\n"
    "            type: object\n"
    "            properties:\n"
    "              pointer: {type: string}\n"
    "              code: {type: string}\n"
    "              detail: {type: string}\n";

/* "padan.intake.v1.EnterApplication" → "intake.EnterApplication"; "padan.Grant" → "Grant" */
static const char *
schema_name (const ProtobufCMessageDescriptor *type, char out[static NAME_MAX_])
{
    const char *name = type->name + strlen ("padan.");
    const char *version = strstr (name, ".v1.");
    if (version)
        snprintf (out, NAME_MAX_, "%.*s%s", (int)(version - name), name, version + 3);
    else
        snprintf (out, NAME_MAX_, "%s", name);
    return out;
}

static void
schemas_add (struct schemas *schemas, const ProtobufCMessageDescriptor *type)
{
    if (!type)
        return;
    for (size_t i = 0; i < schemas->count; i++)
        if (schemas->items[i] == type)
            return;
    MUST (schemas->count < SCHEMAS_MAX);
    schemas->items[schemas->count++] = type;
    for (size_t i = 0; i < type->n_fields; i++)
        if (type->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
            schemas_add (schemas, type->fields[i].descriptor);
}

static void
write_enum (struct text_buffer *out, const ProtobufCEnumDescriptor *type)
{
    bool first = true;
    text_add_string (out, "{type: string, enum: [");
    for (size_t i = 0; i < type->n_values; i++) {
        const ProtobufCEnumValue *value = &type->values[i];
        if (json_enum_is_none (type, value))
            continue;
        text_add_string (out, first ? "" : ", ");
        for (const char *c = json_enum_name (type, value); *c; c++)
            text_add_char (out, (char)tolower ((unsigned char)*c));
        first = false;
    }
    text_add_string (out, "]}");
}

static void
write_scalar (struct text_buffer *out, const ProtobufCFieldDescriptor *field)
{
    static const char *const kinds[] = {
        [JSON_UUID] = "{type: string, format: uuid}",
        [JSON_SHA256] = "{type: string, pattern: '^[0-9a-f]{64}$'}",
        [JSON_BASE64] = "{type: string, contentEncoding: base64}",
        [JSON_TIME] = "{type: string, format: date-time}",
        [JSON_DATE] = "{type: string, format: date}",
    };
    char name[NAME_MAX_];
    enum json_kind kind = json_field_kind (field);
    if (kind != JSON_PLAIN)
        text_add_string (out, kinds[kind]);
    else if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        text_printf (out, "{$ref: '#/components/schemas/%s'}", schema_name (field->descriptor, name));
    else if (field->type == PROTOBUF_C_TYPE_ENUM)
        write_enum (out, field->descriptor);
    else if (field->type == PROTOBUF_C_TYPE_STRING)
        text_add_string (out, "{type: string}");
    else if (field->type == PROTOBUF_C_TYPE_BOOL)
        text_add_string (out, "{type: boolean}");
    else if (field->type == PROTOBUF_C_TYPE_DOUBLE || field->type == PROTOBUF_C_TYPE_FLOAT)
        text_add_string (out, "{type: number}");
    else
        text_printf (out, "{type: integer, format: int%d%s}", json_field_size (field) == 4 ? 32 : 64,
                     field->type == PROTOBUF_C_TYPE_UINT32 ? ", minimum: 0" : "");
}

static void
write_import_kind (struct text_buffer *out)
{
    text_add_string (out, "{type: string, enum: [");
    for (size_t i = 0; i < IMPORT_KINDS; i++)
        text_printf (out, "%s%s", i ? ", " : "", import_kinds[i].name);
    text_add_string (out, "]}");
}

/* What the descriptor cannot say: each kind of import needs fields of its own. */
static void
write_import_needs (struct text_buffer *out)
{
    text_add_string (out, "      required: [kind, file_sha256]\n      oneOf:\n");
    for (size_t i = 0; i < IMPORT_KINDS; i++) {
        text_printf (out, "        - {properties: {kind: {const: %s}}, required: [", import_kinds[i].name);
        for (size_t k = 0; k < IMPORT_NEEDS && import_kinds[i].needs[k]; k++)
            text_printf (out, "%s%s", k ? ", " : "", import_kinds[i].needs[k]);
        text_add_string (out, "]}\n");
    }
}

/* How far an import is: words of the services that run them, in the order they come. */
static void
write_import_state (struct text_buffer *out)
{
    text_add_string (out, "{type: string, enum: [queued, running, done, superseded, failed]}");
}

static void
write_field (struct text_buffer *out, const ProtobufCFieldDescriptor *field)
{
    bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
    text_add_string (out, repeated ? "{type: array, items: " : "");
    write_scalar (out, field);
    text_add_string (out, repeated ? "}" : "");
}

static void
write_schema (struct text_buffer *out, const ProtobufCMessageDescriptor *type)
{
    char name[NAME_MAX_];
    bool import = type == &padan__gateway__v1__new_import__descriptor;
    bool progress = type == &padan__common__v1__import_progress__descriptor;
    text_printf (out, "    %s:\n      type: object\n      additionalProperties: false\n", schema_name (type, name));
    if (type->n_fields)
        text_add_string (out, "      properties:\n");
    for (size_t i = 0; i < type->n_fields; i++) {
        text_printf (out, "        %s: ", type->fields[i].name);
        if (import && strcmp (type->fields[i].name, "kind") == 0)
            write_import_kind (out);
        else if (progress && strcmp (type->fields[i].name, "state") == 0)
            write_import_state (out);
        else
            write_field (out, &type->fields[i]);
        text_add_char (out, '\n');
    }
    if (import)
        write_import_needs (out);
}

/* ------------------------------------------------------------ operations */

static const ProtobufCMessageDescriptor *
request_type (const struct route *route)
{
    return route->targets ? route->targets[0].type : route->type;
}

static const ProtobufCMessageDescriptor *
reply_type (const struct route *route)
{
    return route->targets ? route->targets[0].reply : route->kind == ROUTE_FILE ? NULL : route->reply;
}

static void
write_path_parameters (struct text_buffer *out, const struct route *route)
{
    for (const char *at = strchr (route->path, '{'); at; at = strchr (at + 1, '{')) {
        int size = (int)strcspn (at + 1, "}");
        bool digest = size > 7 && strncmp (at + 1 + size - 7, "_sha256", 7) == 0;
        text_printf (out, "        - {name: %.*s, in: path, required: true, schema: {type: string, %s}}\n", size,
                     at + 1, digest ? "pattern: '^[0-9a-f]{64}$'" : "format: uuid");
    }
}

static void
write_reference (struct text_buffer *out, const char *name)
{
    text_printf (out, "        - {$ref: '#/components/parameters/%s'}\n", name);
}

static void
write_parameters (struct text_buffer *out, const struct bound *bound)
{
    const struct route *route = bound->route;
    const ProtobufCMessageDescriptor *type = request_type (route);
    const struct {
        unsigned header;
        const char *name;
    } references[] = {
        { HEADER_KEY, "idempotency_key" },
        { HEADER_ID, "padan_id" },
        { HEADER_IF_MATCH, route->versioned ? "if_match_required" : "if_match" },
        { HEADER_IF_NONE_MATCH, "if_none_match" },
        { HEADER_AFTER, "padan_after" },
        { HEADER_EVENT, "last_event_id" },
        { HEADER_TENANT, "padan_tenant" },
        { HEADER_TENANT, "tenant" },
    };
    if (!bound->headers)
        return; /* nor has such a route any other */
    text_add_string (out, "      parameters:\n");
    write_path_parameters (out, route);
    for (size_t i = 0; type && i < type->n_fields; i++) {
        if (!route_is_parameter (route, &type->fields[i]))
            continue;
        text_printf (out, "        - {name: %s, in: query, schema: ", type->fields[i].name);
        write_scalar (out, &type->fields[i]);
        text_add_string (out, "}\n");
    }
    for (size_t i = 0; i < sizeof references / sizeof *references; i++)
        if (bound->headers & references[i].header)
            write_reference (out, references[i].name);
}

static void
write_body (struct text_buffer *out, const struct route *route)
{
    const ProtobufCMessageDescriptor *type = request_type (route);
    char name[NAME_MAX_];
    if (!route_has_body (route))
        return;
    bool raw = route->raw_field || route->upload;
    text_printf (out, "      requestBody:\n        required: %s\n        content:\n          %s%s%s:\n",
                 raw || type->n_fields ? "true" : "false", raw ? "\"" : "",
                 route->media_type ? route->media_type : "application/json", raw ? "\"" : "");
    if (raw)
        text_add_string (out, "            schema: {type: string, contentMediaType: application/octet-stream}\n");
    else
        text_printf (out, "            schema: {$ref: '#/components/schemas/%s'}\n", schema_name (type, name));
}

static void
write_content (struct text_buffer *out, const struct route *route)
{
    const ProtobufCMessageDescriptor *type = reply_type (route);
    char name[NAME_MAX_];
    if (type) {
        text_printf (out,
                     "          content:\n            application/json:\n"
                     "              schema: {$ref: '#/components/schemas/%s'}\n",
                     schema_name (type, name));
        if (route->handler == events_handle)
            text_add_string (out, "            text/event-stream:\n              schema: {type: string}\n");
        return;
    }
    if (!route->produces)
        return;
    text_add_string (out, "          content:\n");
    for (const char *at = route->produces; *at; at += strspn (at, " ")) {
        int size = (int)strcspn (at, " ");
        bool json = strncmp (at, "application/json", (size_t)size) == 0;
        text_printf (out, "            %.*s:\n              schema: {type: %s}\n", size, at,
                     json ? "object" : "string");
        at += size;
    }
}

static void
write_responses (struct text_buffer *out, const struct bound *bound)
{
    const struct route *route = bound->route;
    bool command = route->kind == ROUTE_COMMAND;
    bool none = !reply_type (route) && !route->produces;
    text_printf (out, "      responses:\n        \"%d\":\n          description: Done.\n",
                 none            ? 204
                 : route->status ? route->status
                                 : 200);
    bool etag = bound->version && route->kind != ROUTE_FILE;
    if (command || etag || route->location)
        text_add_string (out, "          headers:\n");
    if (command)
        text_add_string (out, "            Padan-Position: {$ref: '#/components/headers/position'}\n");
    if (etag)
        text_add_string (out, "            ETag: {$ref: '#/components/headers/etag'}\n");
    if (route->location)
        text_add_string (out, "            Location: {$ref: '#/components/headers/location'}\n");
    write_content (out, route);
    if (bound->headers & HEADER_IF_NONE_MATCH)
        text_add_string (out, "        \"304\":\n          description: Exactly what If-None-Match names.\n"
                              "          headers:\n            ETag: {$ref: '#/components/headers/etag'}\n");
    text_add_string (out, "        default: {$ref: '#/components/responses/problem'}\n");
}

static void
write_roles (struct text_buffer *out, const struct route *route)
{
    bool first = true;
    if (route->open) {
        text_add_string (out, "      security: []\n");
        return;
    }
    text_add_string (out, "      x-roles: [");
    for (unsigned role = 1; route->roles >> role; role++) {
        const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value (&padan__role__descriptor, (int)role);
        if (!(route->roles >> role & 1) || !value)
            continue;
        text_add_string (out, first ? "" : ", ");
        for (const char *c = json_enum_name (&padan__role__descriptor, value); *c; c++)
            text_add_char (out, (char)tolower ((unsigned char)*c));
        first = false;
    }
    text_add_string (out, "]\n");
}

static void
write_operation (struct text_buffer *out, const struct bound *bound)
{
    const struct route *route = bound->route;
    text_add_string (out, "    ");
    for (const char *c = route->method; *c; c++)
        text_add_char (out, (char)tolower ((unsigned char)*c));
    text_add_string (out, ":\n      operationId: ");
    for (const char *c = route->method; *c; c++)
        text_add_char (out, (char)tolower ((unsigned char)*c));
    for (const char *c = route->path; *c; c++)
        if (isalnum ((unsigned char)*c) || *c == '_' || *c == '/')
            text_add_char (out, (char)(*c == '/' ? '_' : *c));
    text_add_string (out, "\n      summary: ");
    json_add_string (out, route->summary, strlen (route->summary));
    text_add_char (out, '\n');
    if (route->service || route->targets)
        text_printf (out, "      tags: [%s]\n", route->targets ? "imports" : route->service);
    if (route->service && route->type) /* what it becomes on the bus, and the route its reply is remembered under */
        text_printf (out, "      x-service: %s\n      x-message: %s\n", route->service, route->type->name);
    write_roles (out, route);
    write_parameters (out, bound);
    write_body (out, route);
    write_responses (out, bound);
}

bool
openapi_write (struct text_buffer *out)
{
    static struct gateway nobody;
    struct bound *bound = calloc (route_count, sizeof *bound);
    struct http_route *served = calloc (route_count, sizeof *served);
    struct schemas schemas = { .count = 0 };
    MUST (bound && served);
    routes_bind (&nobody, bound, served);
    text_add_string (out, head);
    text_add_string (out, "paths:\n");
    for (size_t i = 0; i < route_count; i++) {
        bool seen = false; /* operations of one path stand together */
        for (size_t k = 0; k < i && !seen; k++)
            seen = strcmp (routes[k].path, routes[i].path) == 0;
        if (seen)
            continue;
        text_printf (out, "  %s:\n", routes[i].path);
        for (size_t k = i; k < route_count; k++) {
            if (strcmp (routes[k].path, routes[i].path) != 0)
                continue;
            write_operation (out, &bound[k]);
            schemas_add (&schemas, route_has_body (&routes[k]) ? request_type (&routes[k]) : NULL);
            schemas_add (&schemas, reply_type (&routes[k]));
        }
    }
    text_add_string (out, "components:\n");
    text_add_string (out, parameters);
    for (size_t i = 0; i < schemas.count; i++)
        write_schema (out, schemas.items[i]);
    free (bound);
    free (served);
    return !out->failed;
}

void
openapi_handle (struct http_request *request)
{
    const struct gateway *gateway = bound_of (request)->gateway;
    http_respond (request, &(struct http_response){ .content_type = "application/yaml",
                                                    .body = gateway->openapi,
                                                    .body_size = gateway->openapi_size });
}
