/* To the services and back, as the service `padan`: whoever may read its key may manage the installation. */
#include <string.h>

#include "common/base/clock.h"
#include "common/bus/message.h"
#include "common/bus/routes.h"
#include "services/cli/cli.h"

enum { CALL_MS = 10000, REPLY_BYTES = 16 << 20, ROUTES_BYTES = 1 << 20 };

struct settings {
    char *keys;
    struct config_list peers;
};
static const struct config_row rows[] = {
    CONFIG_ROW (struct settings, keys, CONFIG_TEXT, NULL, "directory of CURVE keys"),
    CONFIG_ROW (struct settings, peers, CONFIG_LIST, NULL, "service=endpoint, instances separated by |"),
    { 0 },
};

static enum rc
settings_read (const char *path, struct config **ret_config, struct settings *settings, struct err *err)
{
    struct config_table table = { rows, settings };
    struct config *config = config_new (&table, 1);
    MUST (config);
    enum rc rc = config_read (config, path, err);
    if (rc == RC_OK)
        rc = config_finish (config, err);
    *ret_config = config;
    return rc;
}

enum rc
cli_link_open (const char *config, struct cli_link *ret_link, struct err *err)
{
    struct cli_link *link = ret_link;
    struct settings settings = { 0 };
    struct bus_route routes[BUS_CALL_SERVICES_MAX];
    ARENA_AUTO struct arena *arena = arena_new (ROUTES_BYTES);
    *link = (struct cli_link){ .arena = arena_new (REPLY_BYTES) };
    MUST (link->arena && arena);
    enum rc rc = settings_read (config, &link->config, &settings, err);
    if (rc == RC_OK)
        rc = keys_load (settings.keys, "padan", &link->cert, err);
    if (rc == RC_OK)
        rc = bus_routes_parse (settings.peers.items, settings.peers.count, arena, routes, err);
    if (rc != RC_OK)
        return rc;
    link->peers = bus_peers_new (settings.keys, err);
    if (!link->peers)
        return err->rc;
    link->caller = bus_caller_new (&link->cert, link->peers, routes, (unsigned)settings.peers.count, err);
    return link->caller ? RC_OK : err->rc;
}

void
cli_link_close (struct cli_link *link)
{
    if (link->caller)
        bus_caller_destroy (&link->caller);
    bus_peers_destroy (&link->peers);
    bus_cert_wipe (&link->cert);
    config_destroy (&link->config);
    arena_destroy (&link->arena);
}

static enum rc
outcome_read (const char *service, const Padan__Reply *reply, struct err *err)
{
    static const enum rc codes[] = {
        [PADAN__OUTCOME__OUTCOME_OK] = RC_OK,
        [PADAN__OUTCOME__OUTCOME_INVALID] = RC_INVALID,
        [PADAN__OUTCOME__OUTCOME_UNAUTHENTICATED] = RC_UNAUTHENTICATED,
        [PADAN__OUTCOME__OUTCOME_FORBIDDEN] = RC_FORBIDDEN,
        [PADAN__OUTCOME__OUTCOME_NOT_FOUND] = RC_NOT_FOUND,
        [PADAN__OUTCOME__OUTCOME_CONFLICT] = RC_CONFLICT,
        [PADAN__OUTCOME__OUTCOME_STALE] = RC_STALE,
        [PADAN__OUTCOME__OUTCOME_UNPROCESSABLE] = RC_UNPROCESSABLE,
        [PADAN__OUTCOME__OUTCOME_KEY_REUSED] = RC_KEY_REUSED,
        [PADAN__OUTCOME__OUTCOME_BUSY] = RC_BUSY,
        [PADAN__OUTCOME__OUTCOME_EXPIRED] = RC_EXPIRED,
        [PADAN__OUTCOME__OUTCOME_INTERNAL] = RC_INTERNAL,
    };
    if (reply->outcome == PADAN__OUTCOME__OUTCOME_OK)
        return RC_OK;
    size_t outcome = (size_t)reply->outcome;
    enum rc rc = outcome < sizeof codes / sizeof *codes ? codes[outcome] : RC_INTERNAL;
    const Padan__Problem *problem = reply->problem;
    const char *field = problem && problem->n_fields ? problem->fields[0]->pointer : "";
    return err_code (err, rc, problem ? problem->code : "", field, "%s refused: %s", service, rc_name (rc));
}

/* Fills what is not NULL, packs the message, calls, unpacks the reply. */
static enum rc
link_call (struct cli_link *link, const char *service, Padan__Envelope *envelope, bool is_command, const void *data,
           const ProtobufCMessageDescriptor *reply_type, const void **ret_reply, struct err *err)
{
    const ProtobufCMessage *message = data;
    Padan__Request request = PADAN__REQUEST__INIT;
    struct uuid id = uuid_new (clock_now ());
    envelope->id = uuid_field (&id);
    envelope->type = (char *)message->descriptor->name;
    envelope->time = clock_now ();
    envelope->data.len = protobuf_c_message_get_packed_size (message);
    envelope->data.data = arena_alloc (link->arena, envelope->data.len + 1);
    if (!envelope->data.data)
        return err_set (err, RC_INTERNAL, "no memory");
    protobuf_c_message_pack (message, envelope->data.data);
    if (is_command)
        request.command = envelope;
    else
        request.query = envelope;
    Padan__Reply *reply;
    enum rc rc = bus_call (link->caller, service, &request, CALL_MS, link->arena, &reply, err);
    if (rc == RC_OK)
        rc = outcome_read (service, reply, err);
    if (rc != RC_OK || !ret_reply)
        return rc;
    ProtobufCMessage *answer;
    rc = message_unpack (reply_type, link->arena, reply->data.data, reply->data.len, &answer, err);
    if (rc == RC_OK)
        *ret_reply = answer;
    return rc;
}

enum rc
cli_give (struct cli_link *link, const char *service, int64_t tenant, struct uuid subject, const char *key,
          const void *command, const ProtobufCMessageDescriptor *reply_type, const void **ret_reply, struct err *err)
{
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    envelope.tenant = tenant;
    if (!uuid_is_nil (subject))
        envelope.subject = uuid_field (&subject);
    envelope.key = (char *)key;
    return link_call (link, service, &envelope, true, command, reply_type, ret_reply, err);
}

enum rc
cli_ask (struct cli_link *link, const char *service, int64_t tenant, struct uuid subject, const void *question,
         const ProtobufCMessageDescriptor *reply_type, const void **ret_reply, struct err *err)
{
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    envelope.tenant = tenant;
    if (!uuid_is_nil (subject))
        envelope.subject = uuid_field (&subject);
    arena_reset (link->arena);
    return link_call (link, service, &envelope, false, question, reply_type, ret_reply, err);
}
