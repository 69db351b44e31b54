#include "tests/support/child.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/test.h"

enum { END_MS = 60000 }; /* its own drain time, on a loaded machine, under a sanitizer */

struct child {
    pid_t pid;
    bool reaped;
    int status;   /* of waitpid, once reaped */
    int log;      /* unlinked file: nothing to remove, whatever happens to us */
    char *output; /* last answer of child_output */
};

/* Where the program is: $PADAN_BIN when it has one of that name, else what execvp finds. */
static const char *
program_find (const char *name, char *path, size_t size)
{
    const char *bin = getenv ("PADAN_BIN");
    if (bin && !strchr (name, '/')) {
        snprintf (path, size, "%s/%s", bin, name);
        if (access (path, X_OK) == 0)
            return path;
    }
    return name;
}

/* Between fork and exec: only calls that are safe there. */
static _Noreturn void
child_become (const char *program, const char *const argv[], int log, pid_t parent)
{
    prctl (PR_SET_PDEATHSIG, SIGKILL);
    if (getppid () != parent)
        _exit (127);
    int nothing = open ("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2 (nothing, STDIN_FILENO);
    dup2 (log, STDOUT_FILENO);
    dup2 (log, STDERR_FILENO);
    execvp (program, (char *const *)argv);
    dprintf (STDERR_FILENO, "cannot run %s: %m\n", program);
    _exit (127);
}

struct child *
child_spawn (const char *const argv[])
{
    struct child *child = calloc (1, sizeof *child);
    assert_non_null (child);
    FILE *file = tmpfile ();
    assert_non_null (file);
    child->log = fcntl (fileno (file), F_DUPFD_CLOEXEC, 3);
    fclose (file);
    fcntl (child->log, F_SETFL, O_APPEND | O_RDWR);
    char path[4096];
    const char *program = program_find (argv[0], path, sizeof path);
    pid_t parent = getpid ();
    child->pid = fork ();
    if (child->pid == 0)
        child_become (program, argv, child->log, parent);
    assert_true (child->pid > 0);
    return child;
}

void
child_destroy (struct child **child)
{
    if (!*child)
        return;
    child_kill (*child);
    close ((*child)->log);
    free ((*child)->output);
    free (*child);
    *child = NULL;
}

pid_t
child_pid (const struct child *child)
{
    return child->pid;
}

bool
child_running (struct child *child)
{
    if (!child->reaped && waitpid (child->pid, &child->status, WNOHANG) == child->pid)
        child->reaped = true;
    return !child->reaped;
}

void
child_signal (struct child *child, int signal)
{
    if (child_running (child))
        kill (child->pid, signal);
}

void
child_kill (struct child *child)
{
    if (!child_running (child))
        return;
    kill (child->pid, SIGKILL);
    waitpid (child->pid, &child->status, 0);
    child->reaped = true;
}

static bool
child_ended (void *data)
{
    return !child_running (data);
}

int
child_wait (struct child *child, int timeout_ms)
{
    if (!wait_until (child_ended, child, timeout_ms))
        fail_msg ("still running after %d ms; it said:\n%s", timeout_ms, child_output (child));
    return WIFEXITED (child->status) ? WEXITSTATUS (child->status) : 128 + WTERMSIG (child->status);
}

void
child_end (struct child **child)
{
    if (!*child)
        return;
    child_signal (*child, SIGTERM);
    child_signal (*child, SIGCONT); /* a test may have left it frozen */
    int code = child_wait (*child, END_MS);
    if (code || child_said (*child, "ERROR: AddressSanitizer") || child_said (*child, "runtime error:"))
        fail_msg ("ended with %d:\n%s", code, child_output (*child));
    child_destroy (child);
}

const char *
child_output (struct child *child)
{
    struct stat stat;
    assert_int_equal (fstat (child->log, &stat), 0);
    free (child->output);
    child->output = calloc (1, (size_t)stat.st_size + 1);
    assert_non_null (child->output);
    ssize_t size = pread (child->log, child->output, (size_t)stat.st_size, 0);
    assert_true (size >= 0);
    child->output[size] = '\0';
    return child->output;
}

bool
child_said (struct child *child, const char *text)
{
    return strstr (child_output (child), text) != NULL;
}

void
child_run (const char *const argv[], int timeout_ms)
{
    struct child *child CHILD_AUTO = child_spawn (argv);
    int code = child_wait (child, timeout_ms);
    if (code)
        fail_msg ("%s ended with %d:\n%s", argv[0], code, child_output (child));
}

int
port_free (void)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true (fd >= 0);
    assert_int_equal (bind (fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal (getsockname (fd, (struct sockaddr *)&address, &size), 0);
    close (fd);
    return ntohs (address.sin_port);
}
