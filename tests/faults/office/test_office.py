"""An office plays whole cases, from import to card, while its services are killed at random and PostgreSQL is stopped
immediate. Nothing accepted is lost or done twice: padan verify reads the tables, the journal and the client's record."""

import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import threading
import time
import unittest
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import yaml

from support.installation import ROOT, Installation
from support.wait import wait_until

sys.path.insert(0, str(ROOT / "deploy/demo"))
import run as demo  # noqa: E402  (the demonstration's office is the client)
from client import Client  # noqa: E402

PEOPLE = 250
SEED = int(os.environ.get("PADAN_SEED", "0")) or int(time.time())
KILLED = ["accounts", "intake", "validation-1", "validation-2", "approval", "batching", "distribution", "journal", "gateway"]
KILLS_LEAST, CRASHES_MOST = 12, 40
VILLAGE = "12.72.08.1001"


class Record:
    """What the client was told of each of its commands."""

    def __init__(self, openapi):
        self.routes, self.lines, self.repeats, self.lock = [], {}, 0, threading.Lock()
        for path, operations in openapi["paths"].items():
            pattern = re.compile("^" + re.sub(r"\{[^}]*\}", "[^/]+", path) + "$")
            for method, operation in operations.items():
                if operation.get("x-service") == "accounts":
                    continue  # their bodies hold passwords: accounts keeps no replies, ids make repeats harmless
                if "x-message" in operation and method != "get":
                    self.routes.append((method.upper(), pattern, operation["x-service"], operation["x-message"]))

    def route(self, method, path):
        path = urllib.parse.urlsplit(path).path
        for wanted, pattern, service, message in self.routes:
            if wanted == method and pattern.match(path):
                return service, message
        return None

    def write(self, file, tenant):
        for (service, person, message, key), outcome in self.lines.items():
            file.write(f"{service}\t{tenant}\t{person}\t{message}\t{key}\t{outcome}\n")


def recording(record):
    class Recorded(Client):
        def sign_in(self, login, password):
            super().sign_in(login, password)
            self.person = self.call("GET", "/v1/session")["person_id"]
            return self

        def exchange(self, method, path, body, headers):
            route = record.route(method, path)
            key = route and (route[0], self.person, route[1], headers["Idempotency-Key"]) if hasattr(self, "person") else None
            if key:
                with record.lock:
                    record.repeats += key in record.lines
                    record.lines.setdefault(key, "unknown")
            status, received, answer = super().exchange(method, path, body, headers)
            if key and status not in (408, 429, 500, 502, 503, 504):
                with record.lock:
                    record.lines[key] = "ok" if 200 <= status < 300 else "refused"
            return status, received, answer

    return Recorded


class Faults(threading.Thread):
    """Kills at random until told to stop; every fifth time PostgreSQL itself."""

    def __init__(self, site):
        super().__init__(daemon=True)
        self.site, self.random, self.done = site, random.Random(SEED), threading.Event()
        self.kills, self.crashes, self.failure = 0, 0, None

    def run(self):
        try:
            while not self.done.wait(self.random.uniform(0.2, 1.2)):
                self.strike()
        except BaseException as failure:  # seen by the test
            self.failure = failure

    def strike(self):
        name = "postgres" if (self.kills + self.crashes) % 5 == 4 else self.random.choice(KILLED)
        try:
            before = self.site.crash_postgres() if name == "postgres" else self.site.kill(name)
        except ProcessLookupError:
            return  # still down from an earlier blow
        if name == "postgres":
            self.crashes += 1
        else:
            self.kills += 1
        if self.random.random() < 0.7:  # otherwise the next one comes while this one is down
            self.site.wait_ready(name, unlike=before)


class Office(unittest.TestCase):
    def setUp(self):
        self.families = count()
        self.site = Installation()
        (self.site.var / "site").mkdir(parents=True)
        (self.site.var / "keys").mkdir()
        shift = int(self.site.options[self.site.options.index("--shift") + 1])
        self.dukcapil_port = 5690 + shift
        (self.site.var / "keys/dukcapil").write_text("demo-saja\n")
        (self.site.var / "keys/dukcapil").chmod(0o600)
        (self.site.var / "site/validation.conf").write_text(
            f"dukcapil_url = http://127.0.0.1:{self.dukcapil_port}\ndukcapil_office = 12-72/demo\n"
            f"dukcapil_user = demo\ndukcapil_password = {self.site.var}/keys/dukcapil\ndukcapil_address = 127.0.0.1\n")
        if os.geteuid() == 0:
            for path in (self.site.var, *self.site.var.rglob("*")):
                shutil.chown(path, "padan", "padan")
        self.site.up()
        self.addCleanup(self.site.remove)

    def unknown_commits(self):
        return sum(path.read_text(errors="replace").count('"commit.unknown"')
                   for path in (self.site.var / "log").glob("*/*") if path.is_file())

    def verify(self, record_file):
        done = subprocess.run([self.site.var / "bin/padan", "verify", "--database", self.site.conninfo(),
                               "--record", record_file], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        return done.returncode == 0 and "0 broken" in done.stdout, done.stdout

    def test_nothing_is_lost_or_done_twice(self):
        data = self.site.dir / "data"
        subprocess.run([demo.PYTHON, ROOT / "deploy/demo/synthetic.py", "--out", data, "--people", str(PEOPLE),
                        "--seed", str(SEED % 1000)], check=True, stdout=subprocess.DEVNULL)
        standin = subprocess.Popen([demo.PYTHON, ROOT / "deploy/demo/dukcapil.py", "--population", data / "penduduk.jsonl",
                                    "--port", str(self.dukcapil_port)], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(standin.wait)
        self.addCleanup(standin.kill)
        openapi = yaml.safe_load((ROOT / "services/gateway/openapi.yaml").read_text())
        record = Record(openapi)
        office = demo.Office(self.site.url, self.site.var, recording(record))
        shutil.copytree(data, office.dir / "data")
        office.staff(demo.VILLAGES)
        faults = Faults(self.site)
        faults.start()
        demo.play(office, office.dir / "data")
        while not self.enough(record, faults) and faults.crashes < CRASHES_MOST and not faults.failure:
            self.load(office)
        faults.done.set()
        faults.join()
        if faults.failure:
            raise faults.failure
        for name in self.site.names():
            self.site.wait_ready(name)
        record_file = self.site.dir / "record"
        logins = {person["login"] for person in office.admin.all("/v1/people", "people")}
        self.assertLessEqual(set(office.people), logins)
        with open(record_file, "w", encoding="utf-8") as file:
            record.write(file, office.tenant)
        said = [""]

        def good():
            passed, said[0] = self.verify(record_file)
            return passed

        try:
            wait_until(good, 90, "padan verify passes")
        except AssertionError:
            self.fail(said[0])
        print(f"seed {SEED}: {len(record.lines)} commands, {record.repeats} repeats, {faults.kills} kills, "
              f"{faults.crashes} crashes of PostgreSQL, {self.unknown_commits()} unknown commits")
        self.assertGreater(faults.kills, 0)
        self.assertGreater(faults.crashes, 0)
        self.assertGreater(record.repeats, 0)
        self.assertGreater(self.unknown_commits(), 0)

    def enough(self, record, faults):
        return record.repeats and self.unknown_commits() and faults.kills >= KILLS_LEAST

    def load(self, office):
        """Families entered by eight officers at once: commits for a crash to meet."""

        def enter(officer):
            for _ in range(40):
                number = next(self.families)
                day, serial = 1 + number // 9000 % 28, 1 + number % 9000
                officer.post("/v1/applications", {
                    "track": "baru", "kk": f"127208{day:02d}0120{serial:04d}",
                    "address": {"street": "Jl. Uji 1", "rt": "001", "rw": "001", "village": VILLAGE},
                    "members": [{"nik": f"127208{day:02d}0190{serial:04d}", "name": "ORANG UJI", "relation": "head",
                                 "birth_place": "SIANTAR", "birth_date": f"1990-01-{day:02d}", "sex": "male",
                                 "marital": "single"}]})

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(enter, [office.officers[VILLAGE]] * 8))


if __name__ == "__main__":
    unittest.main()
