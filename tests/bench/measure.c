#include "tests/bench/measure.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/test.h"

static int
double_compare (const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

double
median (const double *values, size_t n)
{
    double sorted[BENCH_ROUNDS_MAX];
    assert_in_range (n, 1, BENCH_ROUNDS_MAX);
    memcpy (sorted, values, n * sizeof *values);
    qsort (sorted, n, sizeof *sorted, double_compare);
    return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

int64_t
percentile (const int64_t *sorted, size_t n, double part)
{
    return n ? sorted[(size_t)((double)(n - 1) * part)] : 0;
}

/* Parent and times of a process in ticks: own, and of children it has waited for. */
static bool
stat_read (pid_t pid, pid_t *ret_parent, long ret_ticks[static 4])
{
    char path[64], line[1024];
    snprintf (path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen (path, "r");
    if (!file)
        return false;
    bool read = fgets (line, sizeof line, file);
    fclose (file);
    const char *after = read ? strrchr (line, ')') : NULL;
    int parent;
    if (!after || sscanf (after + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld %ld %ld", &parent,
                          &ret_ticks[0], &ret_ticks[1], &ret_ticks[2], &ret_ticks[3]) != 5)
        return false;
    *ret_parent = parent;
    return true;
}

static int64_t
ticks_time (long ticks)
{
    return (int64_t)ticks * CLOCK_SECOND / sysconf (_SC_CLK_TCK);
}

int64_t
cpu_of (pid_t pid)
{
    long ticks[4];
    pid_t parent;
    return stat_read (pid, &parent, ticks) ? ticks_time (ticks[0] + ticks[1]) : 0;
}

int64_t
cpu_of_family (pid_t pid)
{
    long ticks[4], sum = 0;
    pid_t parent;
    if (stat_read (pid, &parent, ticks))
        sum = ticks[0] + ticks[1] + ticks[2] + ticks[3];
    DIR *dir = opendir ("/proc");
    assert_non_null (dir);
    for (struct dirent *entry; (entry = readdir (dir));)
        if (stat_read ((pid_t)strtol (entry->d_name, NULL, 10), &parent, ticks) && parent == pid)
            sum += ticks[0] + ticks[1];
    closedir (dir);
    return ticks_time (sum);
}

int64_t
cpu_of_ended_children (void)
{
    struct rusage usage;
    getrusage (RUSAGE_CHILDREN, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * (int64_t)CLOCK_SECOND + usage.ru_utime.tv_usec +
           usage.ru_stime.tv_usec;
}

long
memory_of (pid_t pid, const char *field)
{
    char path[64], line[256];
    long size = 0;
    snprintf (path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    FILE *file = fopen (path, "r");
    if (!file)
        return 0;
    while (fgets (line, sizeof line, file))
        if (strncmp (line, field, strlen (field)) == 0 && line[strlen (field)] == ':')
            size = strtol (line + strlen (field) + 1, NULL, 10);
    fclose (file);
    return size;
}

double
pgbench_run (const char *conninfo, const char *script, int seconds, double *ret_ms, long *ret_done)
{
    char command[1024], line[512];
    double tps = 0;
    snprintf (command, sizeof command,
              "/usr/lib/postgresql/15/bin/pgbench -n -M prepared -c 64 -j 2 -T %d -f %s \"%s\" 2>&1", seconds, script,
              conninfo);
    FILE *pipe = popen (command, "r");
    assert_non_null (pipe);
    *ret_ms = 0;
    *ret_done = 0;
    while (fgets (line, sizeof line, pipe)) {
        sscanf (line, "tps = %lf", &tps);
        sscanf (line, "latency average = %lf", ret_ms);
        sscanf (line, "number of transactions actually processed: %ld", ret_done);
        if (strstr (line, "ERROR") || strstr (line, "error:"))
            print_error ("pgbench: %s", line);
    }
    pclose (pipe);
    assert_true (tps > 0);
    return tps;
}
