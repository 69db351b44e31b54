"""deploy/up and deploy/down with three toy services: rights, supervision, harmless repetition, nothing left behind."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from support.installation import Installation
from support.wait import wait_until

TOY = pathlib.Path(__file__).parent / "toy/toy"


def clusters():
    """What Debian's tools know of system clusters."""
    return subprocess.run(["pg_lsclusters", "-h"], stdout=subprocess.PIPE, check=True).stdout


class Up(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.before = clusters()
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="padan-toys-", dir="/tmp"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        (cls.folder / "bin").mkdir()
        for name in ("alpha", "beta", "front"):
            shutil.copy(TOY, cls.folder / "bin" / name)
        (cls.folder / "services").write_text("alpha 5510 5520 1\nbeta 5530 5540 2\nfront - 5550 1\n")
        cls.site = Installation(programs=cls.folder / "bin", services=cls.folder / "services")
        cls.addClassCleanup(cls.site.remove)
        cls.output = cls.site.up()

    def pids(self):
        return {name: self.site.pid(name) for name in self.site.names()}

    def test_everything_is_ready_as_an_ordinary_user(self):
        self.assertEqual(self.site.names(), ["alpha", "beta-1", "beta-2", "front", "postgres"])
        for name in self.site.names():
            self.assertEqual(self.site.state(name)[:2], (True, True), name)
            self.assertNotEqual(os.stat(f"/proc/{self.site.pid(name)}").st_uid, 0, name)

    def test_each_role_with_its_password_and_no_other(self):
        self.site.sql("insert into mark values (1)", "padan_alpha")
        self.assertTrue(self.site.sql("select * from alpha.mark"))
        with self.assertRaisesRegex(AssertionError, "permission denied for schema alpha"):
            self.site.sql("select * from alpha.mark", "padan_beta")
        path = self.site.var / "keys/pgpass/padan_alpha"
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        wrong = self.site.conninfo("padan_alpha").replace("pgpass/padan_alpha", "pgpass/padan_beta")
        done = subprocess.run(["psql", "-wX", "-d", wrong, "-c", "select 1"], capture_output=True, text=True, check=False)
        self.assertIn("no password supplied", done.stderr)

    def test_secrets_are_in_no_argument_and_no_log(self):
        secrets = [p.read_text().strip().rsplit(":", 1)[1] for p in (self.site.var / "keys/pgpass").iterdir()]
        self.assertGreater(len(secrets), 6)
        seen = self.output + "".join(self.site.log(name) for name in self.site.names())
        seen += "".join(p.read_text() for p in (self.site.var / "etc").iterdir())
        for name, pid in self.pids().items():
            seen += pathlib.Path(f"/proc/{pid}/cmdline").read_text() + pathlib.Path(f"/proc/{pid}/environ").read_text()
        for secret in secrets:
            self.assertNotIn(secret, seen)

    def test_root_writes_where_nobody_else_can(self):
        """Whoever may write into a folder can put a link where root will write."""
        for name in ("", "bin", "etc", "log", "run", "share", "site"):
            folder = (self.site.var / name).stat()
            self.assertEqual(folder.st_uid, os.geteuid(), name)
            self.assertFalse(folder.st_mode & 0o022, name)

    def test_what_comes_from_the_user_is_not_run_by_an_administrator(self):
        path = self.site.var / "keys/pgpass/padan_alpha"
        kept = path.read_text()
        self.addCleanup(path.write_text, kept)
        path.write_text(kept.rstrip() + "'; create role intruder; --\n")
        with self.assertRaisesRegex(AssertionError, f"not a password deploy/up made: {path}"):
            self.site.up()
        self.assertEqual(self.site.sql("select from pg_roles where rolname = 'intruder'"), [])

    def test_killed_process_comes_back(self):
        pid = self.site.kill("beta-1")
        self.site.wait_ready("beta-1", unlike=pid)
        self.assertIn('"event":"process_ended","exit":256,"signal":9', self.site.log("beta-1"))

    def test_crashed_postgres_recovers(self):
        self.site.sql("insert into mark values (77)", "padan_alpha")
        pid = self.site.crash_postgres()
        self.site.wait_ready("postgres", unlike=pid)
        self.assertEqual(self.site.sql("select count(*) from alpha.mark where n = 77"), [["1"]])

    def test_restarts_slow_down(self):
        broken = self.site.var / "store/broken"
        broken.touch()
        self.addCleanup(self.site.wait_ready, "front")
        self.addCleanup(broken.unlink)
        self.site.kill("front")
        wait_until(lambda: '"deaths":3' in self.site.log("front"), 30, "third death")
        self.assertNotIn('"deaths":7', self.site.log("front"))

    def test_what_died_once_in_the_last_minute_comes_back_at_once(self):
        stamp = "printf '@4%015x00000000 %s\\n'"
        now = "$(($(date +%s) + 37))"  # TAI
        tools = self.folder / "tools"
        tools.mkdir()
        lines = {
            "s6-svstat": "echo true",
            "s6-svdt": f"{stamp} $(({now} - 300)) 'signal SIGKILL'; {stamp} {now} 'exitcode 0'; "
                       f"{stamp} {now} 'signal SIGKILL'",
        }
        for name, line in lines.items():
            (tools / name).write_text(f"#!/bin/sh\n{line}\n")
            (tools / name).chmod(0o755)
        folder = self.site.var / "run/scan/beta-1"
        said = subprocess.run([folder / "finish", "256", "9"], cwd=folder, env={"PATH": f"{tools}:/usr/bin:/bin"},
                              stdout=subprocess.PIPE, text=True, check=True).stdout
        self.assertEqual(said, '{"event":"process_ended","exit":256,"signal":9,"deaths":1}\n')

    def test_again_changes_nothing_and_a_changed_program_restarts(self):
        before = self.pids()
        self.site.up()
        self.assertEqual(self.pids(), before)
        program = self.folder / "bin/alpha"
        program.write_text(program.read_text() + "# changed\n")
        self.site.up()
        after = self.pids()
        self.assertNotEqual(after.pop("alpha"), before.pop("alpha"))
        self.assertEqual(after, before)

    def test_zz_down_drains_and_leaves_nothing(self):
        pids = self.pids()
        self.site.down()
        for name, pid in pids.items():
            self.assertFalse(running(pid), name)
        self.assertIn('"event": "drained"', self.site.log("alpha"))
        self.assertIn("database system is shut down", self.site.log("postgres"))
        self.assertEqual(clusters(), self.before)
        self.assertIn("nothing runs", self.site.down())


def running(pid):
    try:
        return "Z" not in pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    unittest.main()
