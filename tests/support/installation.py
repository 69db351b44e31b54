"""A whole installation in a temporary directory, made by deploy/up and stopped by deploy/down."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile

from support.wait import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
SPAN = 200  # ports from the first to the last row of services.conf, instances included
FIRST = 5510  # lowest port there


def ports_free(base):
    """Whether the whole span above base can be bound now."""
    for port in range(base, base + SPAN):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def ports_choose():
    """A base below the range the kernel hands out by itself, apart for concurrent runs."""
    start = 10000 + (os.getpid() * SPAN) % 20000
    for base in [*range(start, 30000, SPAN), *range(10000, start, SPAN)]:
        if ports_free(base):
            return base
    raise AssertionError("no free ports")


class Installation:
    """with Installation () as site: ...   Programs come from $PADAN_BIN unless programs= names another folder."""

    def __init__(self, *options, programs=None, services=None, empty=True):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="padan-site-", dir="/tmp"))
        self.dir.chmod(0o711)  # the user padan must pass
        self.var = self.dir / "var"
        base = ports_choose()
        self.port = base + SPAN - 1
        self.options = ["--no-install", "--var", str(self.var), "--port", str(self.port), "--shift", str(base - FIRST)]
        self.options += ["--programs", str(programs or os.environ["PADAN_BIN"])]
        if services:
            self.options += ["--services", str(services)]
        if empty:
            self.options.append("--empty")
        self.options += options
        self.url = f"http://127.0.0.1:{self.port}"

    def up(self):
        """Raises with the whole output when it fails."""
        done = subprocess.run([ROOT / "deploy/up", *self.options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=600, check=False)
        if done.returncode:
            raise AssertionError(f"deploy/up failed:\n{done.stdout}")
        return done.stdout

    def down(self):
        done = subprocess.run([ROOT / "deploy/down", "--var", str(self.var)], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False)
        if done.returncode:
            raise AssertionError(f"deploy/down failed:\n{done.stdout}")
        return done.stdout

    def __enter__(self):
        try:
            self.up()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_):
        self.remove()

    def remove(self):
        self.down()
        shutil.rmtree(self.dir)

    def state(self, name):
        """(up, ready, pid) of a supervised process; pid is -1 while it is down."""
        words = subprocess.run(["s6-svstat", "-o", "up,ready,pid", self.var / "run/scan" / name],
                               stdout=subprocess.PIPE, text=True, check=True).stdout.split()
        return words[0] == "true", words[1] == "true", int(words[2])

    def pid(self, name):
        return self.state(name)[2]

    def names(self):
        return sorted(path.name for path in (self.var / "run/scan").iterdir() if not path.name.startswith("."))

    def kill(self, name, number=signal.SIGKILL):
        """Sends the signal and returns the pid that got it; ProcessLookupError while there is none."""
        pid = self.pid(name)
        if pid <= 0:
            raise ProcessLookupError(f"{name} is down")  # to the system, -1 is every process of the machine
        os.kill(pid, number)
        return pid

    def crash_postgres(self):
        """An immediate stop, as of a machine that lost its power; the supervisor starts it again and it recovers."""
        return self.kill("postgres", signal.SIGQUIT)

    def wait_ready(self, name, unlike=None, timeout=60.0):
        """Waits until it is ready, as another process than the pid `unlike`; returns its pid."""

        def ready():
            up, is_ready, pid = self.state(name)
            return up and is_ready and pid != unlike and pid

        return wait_until(ready, timeout, f"{name} ready")

    def log(self, name):
        return (self.var / "log" / name / "current").read_text(errors="replace")

    def conninfo(self, role="padan_auditor"):
        return (f"host={self.var}/pg/socket port=5432 dbname=padan user={role} "
                f"passfile={self.var}/keys/pgpass/{role}")

    def sql(self, text, role="padan_auditor"):
        """Rows as lists of strings; as that role, with its password. AssertionError with psql's words on failure."""
        done = subprocess.run(["psql", "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", self.conninfo(role),
                               "-c", text], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise AssertionError(done.stderr)
        return [line.split("\t") for line in done.stdout.splitlines()]
