/* A PostgreSQL cluster of the test's own, for tests that stop it; made by deploy/database/cluster. */
#pragma once

struct cluster;

/* initdb in a fresh directory under /tmp (as the system user padan when we are root), and started: about 2 s. */
struct cluster *cluster_new (void);
/* Stops it by pid and removes it. */
void cluster_destroy (struct cluster **cluster);
#define CLUSTER_AUTO __attribute__ ((cleanup (cluster_destroy)))

const char *cluster_admin (const struct cluster *cluster); /* conninfo of its superuser */
void cluster_start (struct cluster *cluster);              /* returns when it answers */
void cluster_stop (struct cluster *cluster);               /* fast: sessions are ended, then a checkpoint */
void cluster_crash (struct cluster *cluster);              /* immediate: recovery at the next start */
