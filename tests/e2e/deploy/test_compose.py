"""docker-compose.yml without Docker: each container is its command, as its user, in a namespace of its own, where
/opt/padan is what the image has, /var/lib/padan the volume, and the names of containers lead to this machine."""

import fcntl
import os
import pathlib
import socket
import struct
import subprocess
import sys
import unittest

import yaml

from support.api import Api
from support.installation import ROOT
from support.wait import wait_until

NAMESPACE = ["unshare", "--mount", "--net", "--pid", "--ipc", "--fork", "--mount-proc", "--kill-child", "--"]
USER = ["setpriv", "--reuid", "padan", "--regid", "padan", "--clear-groups", "--inh-caps=-all", "--"]
IMAGE, VOLUME = pathlib.Path("/opt/padan"), pathlib.Path("/var/lib/padan")
IFF_UP = 1


def namespaces_allowed():
    return os.geteuid() == 0 and subprocess.run([*NAMESPACE, "true"], check=False, capture_output=True).returncode == 0


def mount(*words):
    subprocess.run(["mount", *words], check=True)


def loopback_up():
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH14x", b"lo", IFF_UP))  # SIOCSIFFLAGS


class Stack:
    """The containers; a process each."""

    def __init__(self, services):
        self.services, self.running = services, {}
        for folder in (IMAGE.parent, VOLUME.parent):
            mount("-t", "tmpfs", "padan", folder)
        for source, target in ((ROOT / "deploy", "deploy"), (ROOT / "services", "services"),
                               (ROOT / "common/engine", "common/engine"), (os.environ["PADAN_BIN"], "bin")):
            (IMAGE / target).mkdir(parents=True)
            mount("--bind", source, IMAGE / target)
        VOLUME.mkdir()
        subprocess.run(["chown", "padan:padan", VOLUME], check=True)
        hosts = IMAGE / "hosts"
        hosts.write_text("127.0.0.1 localhost " + " ".join(services) + "\n")
        mount("--bind", hosts, "/etc/hosts")
        loopback_up()

    def start(self, name):
        self.running[name] = subprocess.Popen([*USER, *self.services[name]["command"]], cwd=IMAGE,
                                              stdin=subprocess.DEVNULL)

    def healthy(self, name):
        _, *check = self.services[name]["healthcheck"]["test"]  # CMD
        return subprocess.run([*USER, *check], cwd=IMAGE, capture_output=True, check=False).returncode == 0

    def reached(self, name, condition):
        code = self.running[name].poll()
        if condition == "service_completed_successfully":
            return code == 0
        if code is not None:
            raise AssertionError(f"{name} ended with {code}")
        return self.healthy(name)

    def up(self):
        """Starts each once what it depends on is so; a container stands below those it depends on."""
        for name, entry in self.services.items():
            for other, on in entry["depends_on"].items():
                wait_until(lambda: self.reached(other, on["condition"]), 120, f"{other} {on['condition']}")
            self.start(name)


@unittest.skipUnless(namespaces_allowed(), "needs root and namespaces")
class Compose(unittest.TestCase):
    def test_it_ends_with_an_office(self):
        done = subprocess.run([*NAMESPACE, sys.executable, __file__, "within"], check=False, timeout=600,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)


def within():
    stack = Stack(yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"])
    stack.up()
    wait_until(lambda: stack.reached("office", "service_completed_successfully"), 120, "the office")
    wait_until(lambda: stack.healthy("gateway"), 120, "the gateway")
    for name in ("setup", "office"):  # a second `docker compose up`
        stack.start(name)
        if stack.running[name].wait() != 0:
            raise AssertionError(f"{name} fails when run again")
    admin = Api("http://127.0.0.1:8080")
    admin.sign_in("admin", (VOLUME / "keys/admin.password").read_text().strip())
    if admin.get("/v1/profiles/current")["version"] != 1:
        raise AssertionError("no procedure in force")


if __name__ == "__main__":
    within() if sys.argv[1:] == ["within"] else unittest.main()
