#include <string.h>

#include "accounts.pb-c.h"
#include "approval.pb-c.h"
#include "batching.pb-c.h"
#include "common/base/clock.h"
#include "distribution.pb-c.h"
#include "gateway.pb-c.h"
#include "intake.pb-c.h"
#include "journal.pb-c.h"
#include "services/gateway/ask.h"
#include "services/gateway/field.h"
#include "services/gateway/handle.h"
#include "validation.pb-c.h"

enum {
    BODY_USUAL = 64 * 1024, /* a form, a reason */
    BODY_FAMILY = 256 * 1024,
    BODY_MANY = 512 * 1024, /* ids of a thousand letters; half of what the bus carries */
    WAIT_TIME = 60 * CLOCK_SECOND,
};

#define TYPE(package, name)     &padan__##package##__v1__##name##__descriptor
#define TO(owner, name, reply_) .service = #owner, .type = TYPE (owner, name), .reply = TYPE (owner, reply_)

#define R(role)    (1U << PADAN__ROLE__ROLE_##role)
#define KELURAHAN  R (KELURAHAN)
#define OPERATOR   R (OPERATOR)
#define OFFICIALS  (R (KABID) | R (SEKDIS) | R (KADIS))
#define CLERKS     (OPERATOR | OFFICIALS)
#define ADMIN      R (ADMIN)
#define INTEGRATOR R (INTEGRATOR)
#define AUDITOR    R (AUDITOR)
#define TKSK       R (TKSK)
#define BPJS       R (BPJS)
#define READERS    (KELURAHAN | CLERKS | ADMIN | AUDITOR)
#define IMPORTERS  (OPERATOR | ADMIN | INTEGRATOR)
#define BATCH      (CLERKS | ADMIN | INTEGRATOR | BPJS | AUDITOR) /* who may see batches */
#define LISTENERS  (CLERKS | ADMIN | INTEGRATOR | AUDITOR)
#define COURIERS   (TKSK | KELURAHAN)
#define CARDS      (CLERKS | COURIERS | ADMIN | AUDITOR)

static const struct route_target import_progress[ROUTE_TARGETS] = {
    { "intake", TYPE (intake, get_import), &padan__common__v1__import_progress__descriptor },
    { "validation", TYPE (validation, get_import), &padan__common__v1__import_progress__descriptor },
    { "batching", TYPE (batching, get_import), &padan__common__v1__import_progress__descriptor },
};
static const struct route_target import_problems[ROUTE_TARGETS] = {
    { "intake", TYPE (intake, list_import_problems), TYPE (intake, import_problems) },
    { "validation", TYPE (validation, list_import_problems), TYPE (validation, import_problems) },
    { "batching", TYPE (batching, list_import_problems), TYPE (batching, import_problems) },
};

#define GET(path_, summary_, roles_, ...)                                                                              \
    {                                                                                                                  \
        .method = "GET", .path = path_, .kind = ROUTE_QUERY, .summary = summary_, .roles = roles_, __VA_ARGS__         \
    }
#define POST(path_, summary_, roles_, ...)                                                                             \
    {                                                                                                                  \
        .method = "POST", .path = path_, .kind = ROUTE_COMMAND, .summary = summary_, .roles = roles_, __VA_ARGS__      \
    }
#define PUT(path_, summary_, roles_, ...)                                                                              \
    {                                                                                                                  \
        .method = "PUT", .path = path_, .kind = ROUTE_COMMAND, .summary = summary_, .roles = roles_, __VA_ARGS__       \
    }
#define FILE_OF(path_, summary_, roles_, ...)                                                                          \
    {                                                                                                                  \
        .method = "GET", .path = path_, .kind = ROUTE_FILE, .summary = summary_, .roles = roles_, __VA_ARGS__          \
    }
#define OWN(method_, path_, summary_, roles_, ...)                                                                     \
    {                                                                                                                  \
        .method = method_, .path = path_, .kind = ROUTE_OWN, .summary = summary_, .roles = roles_, __VA_ARGS__         \
    }
#define OF(name)    .subject = #name
#define MADE        .subject = ROUTE_NEW, .status = 201
#define WITH(type_) .type = TYPE (gateway, type_)

const struct route routes[] = {
    /* ---- who am I */
    OWN ("POST", "/v1/session", "Sign in. The token goes into `Authorization: Bearer`, or into a cookie when `cookie`.",
         0, WITH (sign_in_body), .reply = TYPE (gateway, session), .handler = sign_in_handle, .status = 201,
         .open = true, .keyless = true, .tenantless = true),
    OWN ("GET", "/v1/session", "Who is signed in, with which roles where.", 0, .reply = TYPE (gateway, session),
         .handler = session_handle, .tenantless = true),
    OWN ("DELETE", "/v1/session", "Sign out.", 0, .handler = sign_out_handle, .status = 204, .keyless = true,
         .tenantless = true),
    GET ("/v1/tenants", "The asker's jurisdiction: its code, name and time zone.", 0,
         TO (accounts, list_tenants, tenants), .tenantless = true),

    /* ---- accounts */
    GET ("/v1/people", "People of the tenant with their roles and places.", ADMIN | AUDITOR,
         TO (accounts, list_people, people)),
    POST ("/v1/people", "Add a person.", ADMIN, TO (accounts, add_person, person_reply), MADE),
    PUT ("/v1/people/{person_id}/grants",
         "Replace a person's roles and places; If-Match is the version that the list shows, in quotes.", ADMIN,
         TO (accounts, change_grants, person_reply), OF (person_id), .versioned = true),
    POST ("/v1/people/{person_id}/disable", "Disable a person; every session of theirs ends.", ADMIN,
          TO (accounts, disable_person, person_reply), OF (person_id)),
    POST ("/v1/people/{person_id}/password",
          "Change a password; every session of the person ends, also the one that asks.", 0,
          TO (accounts, change_password, person_reply), OF (person_id)),
    GET ("/v1/keys", "API keys of the tenant, ended ones too: whose, for what, until when.", ADMIN | AUDITOR,
         TO (accounts, list_keys, keys)),
    OWN ("POST", "/v1/keys",
         "Make an API key for a program, good for the roles named. The key is in this answer and never shown again.",
         ADMIN, WITH (new_key), .reply = TYPE (gateway, key_made), .handler = key_make_handle, .status = 201),
    POST ("/v1/keys/{key_id}/revoke", "Revoke an API key.", ADMIN, .service = "accounts",
          .type = TYPE (accounts, revoke_key), OF (key_id)),

    /* ---- files and imports */
    OWN ("POST", "/v1/files", "Store a file: PDF, JPEG, PNG, CSV or text, XLSX or ZIP. Known by its SHA-256.",
         KELURAHAN | CLERKS | ADMIN | INTEGRATOR | TKSK | BPJS, .reply = TYPE (gateway, stored_file),
         .media_type = "*/*", .handler = upload_handle, .upload = &upload, .status = 201, .keyless = true,
         .tenantless = true, .time = WAIT_TIME),
    OWN ("POST", "/v1/imports", "Start the import of a stored file: proposals, poverty, membership or replies.",
         IMPORTERS | BPJS, WITH (new_import), .reply = TYPE (gateway, import_started), .handler = import_handle,
         .location = "/v1/imports/%s", MADE),
    GET ("/v1/imports/{import_id}", "Progress of an import.", IMPORTERS | BPJS | AUDITOR, .targets = import_progress,
         OF (import_id)),
    GET ("/v1/imports/{import_id}/problems",
         "Rows of an import that were refused, or taken with a warning: line, column, reason.",
         IMPORTERS | BPJS | AUDITOR, .targets = import_problems, OF (import_id)),

    /* ---- intake */
    POST ("/v1/applications", "Enter a family's application.", KELURAHAN | OPERATOR,
          TO (intake, enter_application, application_reply), MADE, .location = "/v1/applications/%s",
          .body_limit = BODY_FAMILY),
    GET ("/v1/applications", "Applications at the counter, newest first; NIK and KK masked.", READERS,
         TO (intake, list_applications, applications)),
    GET ("/v1/applications/{application_id}", "An application with what is missing and its verdicts.", READERS,
         TO (intake, get_application, application_view), OF (application_id)),
    PUT ("/v1/applications/{application_id}", "Correct an application: the whole content again.", KELURAHAN | OPERATOR,
         TO (intake, correct_application, application_reply), OF (application_id), .versioned = true,
         .body_limit = BODY_FAMILY),
    POST ("/v1/applications/{application_id}/papers", "Attach a stored file as a paper.", KELURAHAN | OPERATOR,
          TO (intake, attach_paper, application_reply), OF (application_id)),
    FILE_OF ("/v1/applications/{application_id}/papers/{file_sha256}", "A paper of an application at the counter.",
             READERS, TO (intake, get_application, application_view), OF (application_id), .file = intake_paper,
             .produces = "application/pdf image/jpeg image/png"),
    POST ("/v1/applications/{application_id}/send", "Send a complete application to Dinas Sosial.",
          KELURAHAN | OPERATOR, TO (intake, send_application, application_reply), OF (application_id)),
    POST ("/v1/applications/{application_id}/withdraw", "Withdraw an application.", KELURAHAN | OPERATOR,
          TO (intake, withdraw_application, application_reply), OF (application_id)),
    POST ("/v1/profiles", "Publish the tenant's procedure (YAML); applications entered from now on follow it.", ADMIN,
          TO (intake, publish_profile, profile_reply), .media_type = "application/yaml", .raw_field = "yaml",
          .body_limit = BODY_MANY),
    GET ("/v1/profiles/current", "The procedure in force.", READERS, TO (intake, get_profile, profile)),
    GET ("/v1/profiles/{profile_sha256}", "A procedure that some application was entered under.", READERS,
         TO (intake, get_profile, profile)),

    /* ---- validation */
    GET ("/v1/applications/{application_id}/verdicts", "Each person's verdict with reasons and evidence.",
         READERS | INTEGRATOR, TO (validation, get_verdicts, verdicts), OF (application_id)),
    POST ("/v1/applications/{application_id}/recheck", "Check an application again.", KELURAHAN | OPERATOR | ADMIN,
          TO (validation, recheck, recheck_reply), OF (application_id)),
    GET ("/v1/registries", "Registry snapshots that verdicts rely on.", READERS | INTEGRATOR,
         TO (validation, list_registries, registries)),

    /* ---- approval */
    GET ("/v1/inbox", "What waits for an act of the asker's roles.", CLERKS, TO (approval, list_inbox, inbox)),
    GET ("/v1/applications/{application_id}/file", "An application as Dinas Sosial holds it.", CLERKS | AUDITOR,
         TO (approval, get_file, file_view), OF (application_id)),
    FILE_OF ("/v1/applications/{application_id}/file/papers/{file_sha256}",
             "A paper of an application that Dinas Sosial holds.", CLERKS | AUDITOR, TO (approval, get_file, file_view),
             OF (application_id), .file = file_paper, .produces = "application/pdf image/jpeg image/png"),
    POST ("/v1/applications/{application_id}/receive", "Do the file's act that waits: take a sent application in.",
          CLERKS, TO (approval, receive_file, file_reply), OF (application_id)),
    POST ("/v1/applications/{application_id}/return", "Return it to any earlier act, or to its sender.", CLERKS,
          TO (approval, return_file, file_reply), OF (application_id)),
    POST ("/v1/applications/{application_id}/reject", "Reject it with a reason.", CLERKS,
          TO (approval, reject_file, file_reply), OF (application_id)),
    POST ("/v1/letters", "Draft a letter over received applications.", CLERKS,
          TO (approval, draft_letter, letter_reply), MADE, .location = "/v1/letters/%s", .body_limit = BODY_MANY),
    GET ("/v1/letters", "Letters by state.", CLERKS | AUDITOR, TO (approval, list_letters, letters)),
    GET ("/v1/letters/{letter_id}", "A letter with its parafs.", CLERKS | AUDITOR,
         TO (approval, get_letter, letter_view), OF (letter_id)),
    FILE_OF ("/v1/letters/{letter_id}/pdf", "The letter itself.", CLERKS | AUDITOR,
             TO (approval, get_letter, letter_view), OF (letter_id), .file = letter_pdf, .produces = "application/pdf"),
    FILE_OF ("/v1/letters/{letter_id}/preview", "The letter as it stands, for reading before a paraf.", CLERKS,
             TO (approval, get_letter_preview, letter_preview), OF (letter_id), .file = letter_preview,
             .produces = "application/pdf"),
    POST ("/v1/letters/{letter_id}/clear", "Paraf: covers exactly the version in If-Match.", CLERKS,
          TO (approval, clear_letter, letter_reply), OF (letter_id), .versioned = true),
    POST ("/v1/letters/{letter_id}/sign", "Sign exactly the version in If-Match; takes the number.", CLERKS,
          TO (approval, sign_letter, letter_reply), OF (letter_id), .versioned = true),
    POST ("/v1/letters/{letter_id}/deliver", "The letter was handed over.", CLERKS,
          TO (approval, deliver_letter, letter_reply), OF (letter_id)),
    POST ("/v1/letters/{letter_id}/return", "Back to drafting, or to any earlier act; voids the parafs from there on.",
          CLERKS, TO (approval, return_letter, letter_reply), OF (letter_id)),
    POST ("/v1/letters/{letter_id}/void", "Take back a signed letter that is not delivered; its number stays taken.",
          CLERKS, TO (approval, void_letter, letter_reply), OF (letter_id)),
    POST ("/v1/bulks", "One act on many files or letters, each with its own result.", CLERKS,
          TO (approval, act_on_many, bulk_reply), .subject = ROUTE_NEW, .status = 202,
          .location = "/v1/bulks/%s/results", .body_limit = BODY_MANY),
    GET ("/v1/bulks/{bulk_id}/results", "Results of a bulk so far.", CLERKS,
         TO (approval, list_bulk_results, bulk_results), OF (bulk_id)),

    /* ---- batching */
    GET ("/v1/waiting", "Approved applications that wait for a batch.", BATCH, TO (batching, list_waiting, waiting)),
    POST ("/v1/batches", "Close a batch; before its day only with a reason.", OPERATOR | R (KABID),
          TO (batching, close_batch, batch_reply), MADE, .location = "/v1/batches/%s"),
    GET ("/v1/batches", "Batches by state.", BATCH, TO (batching, list_batches, batches)),
    GET ("/v1/batches/{batch_id}", "A batch.", BATCH, TO (batching, get_batch, batch_view), OF (batch_id)),
    FILE_OF ("/v1/batches/{batch_id}/file", "The batch's lines as sent to BPJS (CSV).", OPERATOR | BPJS | AUDITOR,
             TO (batching, get_batch, batch_view), OF (batch_id), .file = batch_lines, .produces = "text/csv"),
    FILE_OF ("/v1/batches/{batch_id}/manifest", "The hashed manifest of the batch's file.", OPERATOR | BPJS | AUDITOR,
             TO (batching, get_batch, batch_view), OF (batch_id), .file = batch_manifest,
             .produces = "application/json"),
    POST ("/v1/batches/{batch_id}/sent", "The batch's file was handed to BPJS.", OPERATOR,
          TO (batching, mark_sent, batch_reply), OF (batch_id)),
    POST ("/v1/batches/{batch_id}/reconcile", "The batch was compared with BPJS's books; a copy is kept.", CLERKS,
          TO (batching, reconcile, batch_reply), OF (batch_id)),
    FILE_OF ("/v1/batches/{batch_id}/archive", "The kept copy of the batch's reconciliation.", CLERKS | AUDITOR,
             TO (batching, get_batch, batch_view), OF (batch_id), .file = batch_archive,
             .produces = "application/octet-stream"),

    /* ---- distribution */
    GET ("/v1/cards", "Cards by state, place or courier; card numbers masked.", CARDS,
         TO (distribution, list_cards, cards)),
    GET ("/v1/cards/{card_id}", "A card.", CARDS, TO (distribution, get_card, card_view), OF (card_id)),
    FILE_OF ("/v1/cards/{card_id}/proof", "What proves the delivery: a photo or a signature.", CARDS,
             TO (distribution, get_card, card_view), OF (card_id), .file = card_proof,
             .produces = "application/octet-stream"),
    POST ("/v1/cards/{card_id}/receive", "The card came from BPJS.", OPERATOR,
          TO (distribution, receive_card, card_reply), OF (card_id)),
    POST ("/v1/cards/{card_id}/hand", "The card was handed to a courier.", OPERATOR,
          TO (distribution, hand_card, card_reply), OF (card_id)),
    POST ("/v1/cards/{card_id}/deliver", "The card was delivered to a named receiver.", COURIERS | OPERATOR,
          TO (distribution, deliver_card, card_reply), OF (card_id)),
    POST ("/v1/cards/{card_id}/fail", "The card could not be delivered.", COURIERS | OPERATOR,
          TO (distribution, fail_card, card_reply), OF (card_id)),
    POST ("/v1/cards/bulks", "Receive or hand over many cards, each with its own result.", OPERATOR,
          TO (distribution, act_on_many, bulk_reply), .subject = ROUTE_NEW, .status = 202,
          .location = "/v1/cards/bulks/%s/results", .body_limit = BODY_MANY),
    GET ("/v1/cards/bulks/{bulk_id}/results", "Results of a bulk of cards so far.", OPERATOR,
         TO (distribution, list_bulk_results, bulk_results), OF (bulk_id)),

    /* ---- journal */
    GET ("/v1/applications/{application_id}/story", "The whole story of an application: who had it, when, why.",
         READERS | TKSK, TO (journal, get_story, story), OF (application_id)),
    { .method = "POST",
      .path = "/v1/search",
      .kind = ROUTE_QUERY,
      .roles = READERS | TKSK,
      .keyless = true,
      .paced = true,
      .summary = "Find applications by ticket, NIK, KK or name. A POST, so that no NIK stands in an address.",
      TO (journal, search, found) },
    GET ("/v1/totals", "Counts of what there is, by state.", LISTENERS, TO (journal, get_totals, totals)),
    OWN ("GET", "/v1/events",
         "The gap-free public history after a number; waits up to wait_ms for the next. As Server-Sent Events with "
         "`Accept: text/event-stream`.",
         LISTENERS, TO (journal, list_events, events), .handler = events_handle, .time = WAIT_TIME),

    /* ---- about this API */
    OWN ("GET", "/openapi.yaml", "This document.", 0, .handler = openapi_handle, .produces = "application/yaml",
         .open = true, .tenantless = true),
};
const size_t route_count = sizeof routes / sizeof *routes;

bool
route_has_body (const struct route *route)
{
    if (route->upload || (route->kind == ROUTE_OWN && route->type && !route->service))
        return true;
    return route->kind != ROUTE_OWN && strcmp (route->method, "GET") != 0;
}

bool
route_allows (const struct route *route, const Padan__Accounts__V1__Authenticated *who, int64_t tenant)
{
    bool allowed = !route->roles;
    for (size_t i = 0; i < who->n_grants && !allowed; i++)
        allowed = (!tenant || who->grants[i]->tenant == tenant) && (route->roles >> who->grants[i]->role & 1);
    return allowed;
}

bool
route_in_path (const struct route *route, const char *name)
{
    size_t size = strlen (name);
    for (const char *at = strchr (route->path, '{'); at; at = strchr (at + 1, '{'))
        if (strncmp (at + 1, name, size) == 0 && at[1 + size] == '}')
            return true;
    return false;
}

bool
route_is_parameter (const struct route *route, const ProtobufCFieldDescriptor *field)
{
    bool query =
        route->kind == ROUTE_QUERY || route->kind == ROUTE_FILE || (route->kind == ROUTE_OWN && route->service);
    return query && !route_has_body (route) && field_is_scalar (field) && !route_in_path (route, field->name);
}

/* The document is written from this too. */
static unsigned
headers_of (const struct bound *bound)
{
    const struct route *route = bound->route;
    bool command = route->kind == ROUTE_COMMAND, asks = route->service || route->targets;
    bool keyed = command || (route->kind == ROUTE_OWN && strcmp (route->method, "GET") != 0 && !route->keyless);
    bool made = route->subject && strcmp (route->subject, ROUTE_NEW) == 0;
    unsigned headers = route->tenantless && !asks ? 0 : HEADER_TENANT;
    headers |= keyed ? HEADER_KEY : 0;
    headers |= made || (keyed && !command) ? HEADER_ID : 0;
    headers |= command && !made ? HEADER_IF_MATCH : 0;
    headers |= route->kind == ROUTE_QUERY && bound->version ? HEADER_IF_NONE_MATCH : 0;
    headers |= !command && asks ? HEADER_AFTER : 0;
    headers |= route->handler == events_handle ? HEADER_EVENT : 0;
    return headers;
}

static void
query_names (const struct route *route, char *out, size_t room)
{
    const ProtobufCMessageDescriptor *type = route->targets ? route->targets[0].type : route->type;
    size_t used = (size_t)snprintf (out, room, route->tenantless && !route->service ? "" : "tenant");
    for (size_t i = 0; type && i < type->n_fields; i++)
        if (route_is_parameter (route, &type->fields[i]))
            used += (size_t)snprintf (out + used, room - used, " %s", type->fields[i].name);
    MUST (used < room);
}

static size_t
body_limit (const struct gateway *gateway, const struct route *route)
{
    if (route->upload)
        return (size_t)gateway->settings.file_limit;
    return route->body_limit ? route->body_limit : route_has_body (route) ? BODY_USUAL : 0;
}

void
routes_bind (struct gateway *gateway, struct bound *bound, struct http_route *ret_routes)
{
    for (size_t i = 0; i < route_count; i++) {
        const struct route *route = &routes[i];
        bound[i] = (struct bound){ .gateway = gateway, .route = route };
        const ProtobufCFieldDescriptor *version = route->reply ? field_find (route->reply, "version") : NULL;
        if (version && version->type == PROTOBUF_C_TYPE_INT64)
            bound[i].version = version;
        bound[i].headers = headers_of (&bound[i]);
        query_names (route, bound[i].query, sizeof bound[i].query);
        ret_routes[i] = (struct http_route){
            .method = route->method,
            .path = route->path,
            .handler = route->handler ? route->handler : ask_handle,
            .user = &bound[i],
            .body_limit = body_limit (gateway, route),
            .media_type = route->upload       ? NULL
                          : route->media_type ? route->media_type
                                              : "application/json",
            .query = bound[i].query,
            .upload = route->upload,
            .time = route->time,
        };
    }
}
