"""The sign-ins of the demonstration's people: many are added at once, and the next run must find all of them."""

import json
import os
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.path.insert(0, os.path.abspath(os.path.join(os.path.dirname(__file__), "../../../../deploy/demo")))
import run  # noqa: E402


class Nobody:
    """A client whose every request is answered."""

    def __init__(self, url):
        self.url = url

    def sign_in(self, login, password):
        return self

    def get(self, path):
        return {"grants": [{"tenant": 1272}]}

    def post(self, path, body=None, **options):
        return {}


class SignIns(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="padan-run-")
        self.addCleanup(folder.cleanup)
        self.var = pathlib.Path(folder.name)
        (self.var / "keys").mkdir()
        (self.var / "keys/admin.password").write_text("rahasia\n")
        self.office = run.Office("http://127.0.0.1", self.var, Nobody)
        self.kept = self.var / "demo/sign-ins.json"

    def test_all_are_kept_however_many_are_added_at_once(self):
        self.addCleanup(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(1e-6)
        self.office.staff(run.VILLAGES)
        passwords = json.loads(self.kept.read_text())
        self.assertEqual(set(passwords), set(self.office.people))
        self.assertGreater(len(passwords), len(run.VILLAGES))
        self.assertEqual(run.Office("http://127.0.0.1", self.var, Nobody).passwords, passwords)

    def test_the_file_is_whole_while_another_is_added(self):
        write, seen = pathlib.Path.write_text, []

        def half_written(path, text):
            write(path, text[:len(text) // 2])
            seen.append(json.loads(self.kept.read_text()))
            write(path, text)

        self.office.person("kabid", "Kepala Bidang", "kabid")
        with mock.patch.object(pathlib.Path, "write_text", half_written):
            self.office.person("kadis", "Kepala Dinas", "kadis")
        self.assertEqual([list(one) for one in seen], [["kabid"]])
        self.assertEqual(list(json.loads(self.kept.read_text())), ["kabid", "kadis"])
        self.assertEqual(self.kept.stat().st_mode & 0o777, 0o600)


if __name__ == "__main__":
    unittest.main()
