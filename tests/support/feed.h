/* Plays a service whose log another one follows: entries a test writes, served over the bus under that service's key.
 *
 *     fleet_new (NULL, (const char *const[]){ "+approval", "batching", NULL }, "", "gateway");
 *     FEED_AUTO struct feed *approval = feed_new (fleet, "approval");
 *     feed_add (approval, 1272, application, 7, &approved);
 *
 * Nothing is stored: a feed lives as long as its test. One thread of its own serves; feed_add from the test's. */
#pragma once

#include "tests/support/fleet.h"

struct feed;

struct feed *feed_new (struct fleet *fleet, const char *service);
void feed_destroy (struct feed **feed);
#define FEED_AUTO __attribute__ ((cleanup (feed_destroy)))

/* Appends an event of the service about `subject`, at `version`; gives its position. */
int64_t feed_add (struct feed *feed, int64_t tenant, struct uuid subject, int64_t version, const void *event);

/* From now on every query of this type gets this reply. */
void feed_say (struct feed *feed, const ProtobufCMessageDescriptor *question, const void *reply);
