/* Programs a test starts: by argument vector, output caught in a file, ended by pid, never outliving the test. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct child;

/* argv: NULL-terminated; argv[0] without a slash is looked up in $PADAN_BIN first, then in $PATH. stdin is empty,
 * stdout and stderr go to one file. The child gets SIGKILL when the test dies. Fails the test when it cannot start. */
struct child *child_spawn (const char *const argv[]);
/* Kills it with SIGKILL when it still runs, reaps it, removes its output. */
void child_destroy (struct child **child);
#define CHILD_AUTO __attribute__ ((cleanup (child_destroy)))

pid_t child_pid (const struct child *child);
bool child_running (struct child *child);
void child_signal (struct child *child, int signal); /* SIGTERM, SIGSTOP, SIGCONT, … */
void child_kill (struct child *child);               /* SIGKILL and reaped when it returns */
/* Waits for its end. Exit code, or 128 + the signal that ended it; fails the test after timeout_ms. */
int child_wait (struct child *child, int timeout_ms);

/* Ends it with SIGTERM and destroys it. Fails the test unless it then exits with 0 in time: leaks found at exit, and
 * what a sanitizer stopped unseen, are failures. */
void child_end (struct child **child);

/* Everything it wrote so far; owned by the child, valid until the next call. */
const char *child_output (struct child *child);
bool child_said (struct child *child, const char *text);

/* Runs to the end and fails the test unless it exits with 0; shows the output then. */
void child_run (const char *const argv[], int timeout_ms);

/* A TCP port on 127.0.0.1 that was free a moment ago. */
int port_free (void);
