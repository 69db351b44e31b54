/* The product as bench programs use it: every service and the gateway on a cluster of its own, CURVE on, everything
 * durable, and one officer of Kota Pematangsiantar who has signed in. */
#pragma once

#include "common/base/token.h"
#include "tests/support/cluster.h"
#include "tests/support/fleet.h"

enum { PRODUCT_TENANT = 1272 };
#define PRODUCT_VILLAGE "12.72.01.1003"

struct product {
    struct cluster *cluster;
    struct fleet *fleet;
    struct child *gateway;
    int port; /* of HTTP */
    pid_t postmaster;
    char token[TOKEN_TEXT + 1];
};

extern const char *const product_services[]; /* those with a database, NULL-terminated */
void product_open (struct product *product);
void product_close (struct product *product);
#define PRODUCT_AUTO __attribute__ ((cleanup (product_close)))
