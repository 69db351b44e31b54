/* Our programs running together on a scratch database: keys, configurations, instances started and killed by pid, and
 * a client that talks to them over the bus as a service of its own. */
#pragma once

#include <stdbool.h>

#include "common/bus/call.h"
#include "common/bus/principal.h"
#include "tests/support/child.h"
#include "tests/support/scratch.h"

struct fleet;

/* services: NULL-terminated names of those with a database here (their schemas are migrated by their programs). One
 * written "+name" is played by the test (feed.h): it has a key and endpoints, but no program and no database.
 * program_prefix: "" for our services, "toy-" for programs named toy-<service>. The client's key is `client`'s. */
struct fleet *fleet_new (const char *admin, const char *const services[], const char *program_prefix,
                         const char *client);
/* Ends every program that was not killed with SIGTERM; fails the test unless each drains and exits with 0. */
void fleet_destroy (struct fleet **fleet);
#define FLEET_AUTO __attribute__ ((cleanup (fleet_destroy)))

struct scratch *fleet_scratch (struct fleet *fleet);
const char *fleet_dir (struct fleet *fleet); /* temporary directory: keys/, store/, <instance>.conf */
/* A line added to the configuration of every instance of the service started from now on. */
void fleet_set (struct fleet *fleet, const char *service, const char *line);

/* Starts an instance (0 … 3) and waits until it answers /readyz. Every instance's endpoint is known to all from the
 * beginning, so that instances may come and go. */
void fleet_start (struct fleet *fleet, const char *service, int instance);
void fleet_start_all (struct fleet *fleet);
struct child *fleet_child (struct fleet *fleet, const char *service, int instance); /* NULL when not running */
void fleet_kill (struct fleet *fleet, const char *service, int instance);           /* SIGKILL */
/* SIGTERM; returns its exit code. */
int fleet_stop (struct fleet *fleet, const char *service, int instance);
int fleet_page (struct fleet *fleet, const char *service, int instance); /* port of its loopback page */
/* A series on its /metrics, as `padan_lag_entries{log="till"}`; 0 when it is not there. */
double fleet_figure (struct fleet *fleet, const char *service, int instance, const char *series);
bool fleet_page_ready (int port); /* whether /readyz there says so */

/* For those the test plays itself: the endpoint of instance 0, the directory of keys, the allow-list. */
void fleet_endpoint (struct fleet *fleet, const char *service, char *ret, size_t size);
const char *fleet_keys (struct fleet *fleet);
struct bus_peers *fleet_peers (struct fleet *fleet);

/* Talking to them. The principal is signed with the accounts key of the fleet. */
struct bus_caller *fleet_caller (struct fleet *fleet);
struct fleet_person {
    struct uuid id;
    Padan__Grant grant; /* tenant, role, place */
};
/* A command or query; person NULL: the client speaks as a service. The reply is in the arena. */
enum rc fleet_command (struct fleet *fleet, const char *service, const struct fleet_person *person, int64_t tenant,
                       struct uuid subject, int64_t version, const char *key, const void *message, int timeout_ms,
                       struct arena *arena, Padan__Reply **ret_reply, struct err *err);
enum rc fleet_query (struct fleet *fleet, const char *service, const struct fleet_person *person, int64_t tenant,
                     struct uuid subject, const void *message, int timeout_ms, struct arena *arena,
                     Padan__Reply **ret_reply, struct err *err);
