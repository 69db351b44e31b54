/* What the benchmarks share: pgbench as a floor, CPU and memory of processes, medians. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { BENCH_ROUNDS_MAX = 64 };

double median (const double *values, size_t n); /* n up to BENCH_ROUNDS_MAX */
/* The value below which `part` of the n sorted values lie. */
int64_t percentile (const int64_t *sorted, size_t n, double part);

/* CPU used so far by a process and its threads, µs; with those of its children, the ended ones too. */
int64_t cpu_of (pid_t pid);
int64_t cpu_of_family (pid_t pid);
int64_t cpu_of_ended_children (void); /* of this process */
/* Field of /proc/<pid>/smaps_rollup in kB: "Rss", "Pss", "Private_Dirty". */
long memory_of (pid_t pid, const char *field);

/* Transactions a second of one script: -M prepared -c 64 -j 2. ret_ms: average latency; ret_done: transactions. */
double pgbench_run (const char *conninfo, const char *script, int seconds, double *ret_ms, long *ret_done);
