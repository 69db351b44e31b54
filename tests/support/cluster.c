#include "tests/support/cluster.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/support/test.h"

enum { CLUSTER_TIMEOUT_MS = 120000 }; /* a loaded machine's initdb */

struct cluster {
    struct cluster *next; /* in the list of those still there when the program ends */
    char dir[64];
    char admin[192];
};

static void
cluster_do (struct cluster *cluster, const char *verb, const char *argument)
{
    const char *argv[] = { (PADAN_SOURCE_DIR "/deploy/database/cluster"), verb, cluster->dir, argument, NULL };
    child_run (argv, CLUSTER_TIMEOUT_MS);
}

static struct cluster *running;

/* A test that fails leaves by longjmp, past every cleanup: its clusters are stopped when the program ends. */
static void
clusters_end (void)
{
    char command[512];
    for (struct cluster *cluster = running; cluster; cluster = cluster->next) {
        snprintf (command, sizeof command, "'%s' stop '%s' immediate && rm -rf -- '%s'",
                  PADAN_SOURCE_DIR "/deploy/database/cluster", cluster->dir, cluster->dir);
        if (system (command) != 0)
            fprintf (stderr, "could not stop the cluster in %s\n", cluster->dir);
    }
}

struct cluster *
cluster_new (void)
{
    struct cluster *cluster = calloc (1, sizeof *cluster);
    assert_non_null (cluster);
    if (!running)
        atexit (clusters_end);
    cluster->next = running;
    running = cluster;
    snprintf (cluster->dir, sizeof cluster->dir, "/tmp/padan-cluster.XXXXXX");
    assert_non_null (mkdtemp (cluster->dir));
    cluster_do (cluster, "make", "test");
    snprintf (cluster->admin, sizeof cluster->admin, "host=%s/socket port=5432 user=postgres dbname=postgres",
              cluster->dir);
    cluster_do (cluster, "start", NULL);
    return cluster;
}

void
cluster_destroy (struct cluster **cluster)
{
    if (!*cluster)
        return;
    cluster_do (*cluster, "stop", "immediate");
    const char *argv[] = { "rm", "-rf", "--", (*cluster)->dir, NULL };
    child_run (argv, CLUSTER_TIMEOUT_MS);
    for (struct cluster **link = &running; *link; link = &(*link)->next)
        if (*link == *cluster) {
            *link = (*cluster)->next;
            break;
        }
    free (*cluster);
    *cluster = NULL;
}

const char *
cluster_admin (const struct cluster *cluster)
{
    return cluster->admin;
}

void
cluster_start (struct cluster *cluster)
{
    cluster_do (cluster, "start", NULL);
}

void
cluster_stop (struct cluster *cluster)
{
    cluster_do (cluster, "stop", "fast");
}

void
cluster_crash (struct cluster *cluster)
{
    cluster_do (cluster, "stop", "immediate");
}
