#include "tests/bench/product.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/clock.h"
#include "intake.pb-c.h"
#include "tests/service/http/client.h"
#include "tests/support/test.h"

enum { PROFILE_MAX = 1 << 20, CALL_MS = 20000, START_MS = 20000 };
#define PASSWORD "kuda-laut-biru-7"

const char *const product_services[] = { "accounts", "intake",       "validation", "approval",
                                         "batching", "distribution", "journal",    NULL };
static const char *const storing[] = { "intake", "validation", "approval", "batching", "distribution", NULL };

static void
file_write (struct product *product, const char *name, const char *text, char path[static 256])
{
    snprintf (path, 256, "%s/%s", fleet_dir (product->fleet), name);
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    fputs (text, file);
    fclose (file);
    chmod (path, 0600);
}

/* A cluster that would lose an acknowledged commit is no floor for one that would not. */
static void
durability_check (struct product *product)
{
    static const char *const settings[] = { "fsync", "synchronous_commit", "full_page_writes", "data_checksums" };
    struct scratch *scratch = fleet_scratch (product->fleet);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        assert_string_equal (scratch_sql (scratch, "show %s", settings[i]), "on");
    product->postmaster = (pid_t)strtol (scratch_sql (scratch, "select pg_read_file ('postmaster.pid')"), NULL, 10);
}

static void
services_start (struct product *product)
{
    char path[256], line[320];
    struct fleet *fleet = product->fleet;
    file_write (product, "claim", "rahasia uji", path);
    snprintf (line, sizeof line, "claim_key = %s", path);
    fleet_set (fleet, "intake", line);
    snprintf (line, sizeof line, "store = %s/store", fleet_dir (fleet));
    for (size_t i = 0; storing[i]; i++)
        fleet_set (fleet, storing[i], line);
    fleet_start_all (fleet);
}

static void
profile_publish (struct product *product)
{
    static uint8_t yaml[PROFILE_MAX];
    FILE *file = fopen ("deploy/profiles/pematangsiantar.yaml", "r");
    assert_non_null (file);
    Padan__Intake__V1__PublishProfile command = PADAN__INTAKE__V1__PUBLISH_PROFILE__INIT;
    command.yaml = (ProtobufCBinaryData){ fread (yaml, 1, sizeof yaml, file), yaml };
    fclose (file);
    struct fleet_person admin = { .id = uuid_new (clock_now ()), .grant = PADAN__GRANT__INIT };
    admin.grant.tenant = PRODUCT_TENANT;
    admin.grant.role = PADAN__ROLE__ROLE_ADMIN;
    ARENA_AUTO struct arena *arena = arena_new (PROFILE_MAX * 4);
    Padan__Reply *reply;
    struct err err;
    assert_int_equal (fleet_command (product->fleet, "intake", &admin, PRODUCT_TENANT, (struct uuid){ 0 }, 0, "profil",
                                     &command, CALL_MS, arena, &reply, &err),
                      RC_OK);
    assert_int_equal (reply->outcome, PADAN__OUTCOME__OUTCOME_OK);
}

/* The tenant and its officer, by `padan`. */
static void
officer_add (struct product *product)
{
    char path[256], config[256], keys[256], text[1024], accounts[64], intake[64];
    fleet_endpoint (product->fleet, "accounts", accounts, sizeof accounts);
    fleet_endpoint (product->fleet, "intake", intake, sizeof intake);
    snprintf (keys, sizeof keys, "%s", fleet_keys (product->fleet));
    snprintf (text, sizeof text, "keys = %s\npeers = accounts=%s, intake=%s\n", keys, accounts, intake);
    file_write (product, "padan.conf", text, config);
    file_write (product, "password", PASSWORD, path);
    child_run ((const char *const[]){ "padan", "tenant", "add", "--config", config, "--tenant", "1272", "--code",
                                      "12.72", "--name", "Kota Pematangsiantar", NULL },
               CALL_MS);
    static const char grant[] = "1272:kelurahan:" PRODUCT_VILLAGE;
    child_run ((const char *const[]){ "padan", "person", "add", "--config", config, "--login", "lurah", "--name",
                                      "Orang Uji", "--grant", grant, "--password-file", path, NULL },
               CALL_MS);
}

static void
gateway_start (struct product *product)
{
    char text[2048], config[256], endpoint[64];
    int page = port_free ();
    product->port = port_free ();
    size_t size = (size_t)snprintf (text, sizeof text,
                                    "listen = 127.0.0.1:%d\npage = 127.0.0.1:%d\nkeys = %s\nstore = %s/store\npeers = ",
                                    product->port, page, fleet_keys (product->fleet), fleet_dir (product->fleet));
    for (size_t i = 0; product_services[i]; i++) {
        fleet_endpoint (product->fleet, product_services[i], endpoint, sizeof endpoint);
        size +=
            (size_t)snprintf (text + size, sizeof text - size, "%s%s=%s", i ? ", " : "", product_services[i], endpoint);
    }
    /* all connections are one officer's */
    snprintf (text + size, sizeof text - size, "\ncalls_of_person = 512\n");
    file_write (product, "gateway.conf", text, config);
    product->gateway = child_spawn ((const char *const[]){ "gateway", "--config", config, NULL });
    int64_t deadline = wait_deadline (START_MS);
    while (!fleet_page_ready (page))
        if (!child_running (product->gateway) || !wait_pause (deadline))
            fail_msg ("the gateway did not become ready:\n%s", child_output (product->gateway));
}

static void
officer_sign_in (struct product *product)
{
    static const char body[] = "{\"login\":\"lurah\",\"password\":\"" PASSWORD "\"}";
    char text[512];
    snprintf (text, sizeof text,
              "POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: "
              "masuk\r\nContent-Length: %zu\r\n\r\n%s",
              sizeof body - 1, body);
    struct answer *answer = client_ask ((uint16_t)product->port, text);
    const char *token = answer->body ? strstr (answer->body, "\"token\":\"") : NULL;
    if (!token)
        fail_msg ("nobody signed in: %d %s", answer->status, answer->body ? answer->body : "");
    snprintf (product->token, sizeof product->token, "%.*s", (int)strcspn (token + 9, "\""), token + 9);
}

void
product_open (struct product *product)
{
    *product = (struct product){ 0 };
    product->cluster = cluster_new ();
    product->fleet = fleet_new (cluster_admin (product->cluster), product_services, "", "gateway");
    child_run ((const char *const[]){ "padan", "keys", "--keys", fleet_keys (product->fleet), "padan", NULL }, CALL_MS);
    durability_check (product);
    services_start (product);
    profile_publish (product);
    officer_add (product);
    gateway_start (product);
    officer_sign_in (product);
}

void
product_close (struct product *product)
{
    child_end (&product->gateway);
    fleet_destroy (&product->fleet);
    cluster_destroy (&product->cluster);
}
