"""deploy/up --database: a PostgreSQL that is not ours, whose administrator is no superuser."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from support.installation import ROOT, Installation

PASSWORD = "ra'ha:sia\\"
RECORDER = """#!/bin/sh
printf '%s\\n' "$*" >>{file}
exec /usr/bin/psql "$@"
"""


class Site(Installation):
    """Over the server whose socket lies in `socket`."""

    def __init__(self, socket, *options):
        super().__init__(*options)
        self.socket = socket

    def conninfo(self, role="padan_auditor"):
        return f"host={self.socket} port=5432 dbname=padan user={role} passfile={self.var}/keys/pgpass/{role}"


class Database(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = pathlib.Path(tempfile.mkdtemp(prefix="padan-server-", dir="/tmp"))
        cls.addClassCleanup(shutil.rmtree, cls.dir)
        cls.dir.chmod(0o711)
        cls.cluster("make", "site")
        cls.cluster("start")
        cls.addClassCleanup(cls.cluster, "stop", "immediate")
        cls.superuser(f"create role kepala login createdb createrole password $${PASSWORD}$$")
        cls.record_psql()
        socket = cls.dir / "pg/socket"
        cls.url = f"postgresql://kepala:ra%27ha%3Asia%5C@/postgres?host={socket}"
        cls.site = Site(socket, "--database", cls.url)
        cls.addClassCleanup(cls.site.remove)
        cls.output = cls.site.up()

    @classmethod
    def cluster(cls, verb, *words):
        """As restore.md has it: from where one stands."""
        subprocess.run([ROOT / "deploy/database/cluster", verb, "pg", *words], cwd=cls.dir, check=True,
                       stdin=subprocess.DEVNULL)

    @classmethod
    def superuser(cls, text):
        cls.cluster("psql", "--dbname", "postgres", "--command", text)

    @classmethod
    def record_psql(cls):
        """Every psql on the way writes down its arguments."""
        cls.arguments = cls.dir / "arguments"
        (cls.dir / "bin").mkdir()
        (cls.dir / "bin/psql").write_text(RECORDER.format(file=cls.arguments))
        (cls.dir / "bin/psql").chmod(0o755)
        path = os.environ["PATH"]
        os.environ["PATH"] = f"{cls.dir}/bin:{path}"
        cls.addClassCleanup(os.environ.__setitem__, "PATH", path)

    def verify(self):
        done = subprocess.run([ROOT / "deploy/padan", "--var", self.site.var, "verify"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode, done.stdout

    def test_no_cluster_of_ours(self):
        self.assertNotIn("postgres", self.site.names())
        self.assertFalse((self.site.var / "pg").exists())

    def test_the_password_is_in_no_argument_and_no_file(self):
        arguments = self.arguments.read_text()
        self.assertIn("user='kepala'", arguments)
        passfiles = set(re.findall(r"passfile='([^']*)'", arguments))
        self.assertTrue(passfiles)
        self.assertEqual([path for path in passfiles if os.path.exists(path)], [])
        seen = arguments + self.output + "".join(path.read_text() for path in (self.site.var / "etc").iterdir())
        for form in ("ha:sia", "ha%3Asia", "ha\\:sia"):
            self.assertNotIn(form, seen)

    def test_again_changes_nothing(self):
        before = {name: self.site.pid(name) for name in self.site.names()}
        self.site.up()
        self.assertEqual({name: self.site.pid(name) for name in self.site.names()}, before)

    def test_another_installation_does_not_take_it(self):
        second = Installation("--database", self.url)
        self.addCleanup(second.remove)
        with self.assertRaisesRegex(AssertionError, "has a database padan already"):
            second.up()

    def test_only_a_superuser_makes_an_auditor(self):
        self.assertIn("padan verify will refuse", self.output)
        code, said = self.verify()
        self.assertEqual(code, 1)
        self.assertIn("does not see every tenant's rows", said)
        self.superuser("alter role padan_auditor bypassrls")
        code, said = self.verify()
        self.assertEqual((code, said.splitlines()[-1].endswith(" 0 broken")), (0, True), said)

    def test_zz_down_leaves_the_server_alone(self):
        self.site.down()
        self.cluster("running")


if __name__ == "__main__":
    unittest.main()
