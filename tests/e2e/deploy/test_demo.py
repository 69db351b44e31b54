"""README's first command as it is, with fewer people: the demonstration, again, the tools of an operator, and the end."""

import pathlib
import re
import socket
import subprocess
import sys
import unittest
from unittest import mock

from support.installation import ROOT, Installation

sys.path.insert(0, str(ROOT / "deploy/demo"))
import client  # noqa: E402


class Demonstration(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = Installation("--people", "150", empty=False)
        cls.addClassCleanup(cls.site.remove)
        cls.output = cls.site.up()

    def padan(self, *words):
        done = subprocess.run([ROOT / "deploy/padan", "--var", self.site.var, *words], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode, done.stdout

    def counts(self):
        return re.findall(r"^ +\S.*\d$", self.output[self.output.index("People of the export"):], re.M)

    def test_every_count_is_as_the_key_says(self):
        self.assertIn("Every count is what the key and the journal say.", self.output)
        self.assertNotIn("differs", self.output)
        self.assertRegex(self.output, r"\n +all +150 +150\n")
        accepted = re.search(r"accepted by BPJS +(\d+) +(\d+)", self.output)
        self.assertGreater(int(accepted[1]), 100)

    def test_no_line_of_progress_twice(self):
        progress = self.output[:self.output.index("People of the export")].splitlines()
        self.assertEqual(len(progress), len(set(progress)))

    def test_letters_and_batches_lie_where_it_says(self):
        for name, wanted in (("Letters", "*.pdf"), ("Batches, replies", "*.balasan.csv")):
            folder = re.search(rf"{name} +(/\S+)", self.output)[1]
            self.assertTrue(list(pathlib.Path(folder).glob(wanted)), name)

    def test_every_batch_is_reconciled_and_its_copy_archived(self):
        batches = re.findall(r"^ +(?:BARU|PENGALIHAN)-\d{4}-\d{4} .*$", self.output, re.M)
        self.assertTrue(batches)
        for line in batches:
            self.assertIn("reconciled, copy archived", line)

    def test_again_is_harmless(self):
        before = {name: self.site.pid(name) for name in self.site.names()}
        counts = self.counts()
        self.__class__.output = self.site.up()
        self.assertEqual(self.counts(), counts)
        self.assertEqual({name: self.site.pid(name) for name in self.site.names()}, before)

    def test_no_real_office_begins_among_invented_people(self):
        self.site.options.append("--empty")
        self.addCleanup(self.site.options.pop)
        with self.assertRaisesRegex(AssertionError, "is a demonstration"):
            self.site.up()

    def test_an_operator_asks_whether_the_books_are_right(self):
        code, said = self.padan("verify")
        self.assertEqual((code, said.splitlines()[-1].endswith(" 0 broken")), (0, True), said)
        code, said = self.padan("audit", "verify")
        self.assertEqual((code, said.startswith("tenant 1272: ")), (0, True), said)
        code, said = self.padan("parked", "--service", "approval")
        self.assertEqual(code, 0, said)

    def test_taken_ports_are_named_before_anything_starts(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            second = Installation("--port", str(other.getsockname()[1]))
            self.addCleanup(second.remove)
            with self.assertRaisesRegex(AssertionError, f"--port and --shift: {other.getsockname()[1]}"):
                second.up()
            self.assertFalse((second.var / "pg").exists())

    def test_zz_down_stops_the_stand_in_too(self):
        self.assertIn("demo-dukcapil", self.site.names())
        pid = self.site.pid("demo-dukcapil")
        self.site.down()
        self.assertFalse(pathlib.Path(f"/proc/{pid}").exists())


class Hurried(client.Client):
    """A client whose exchanges are answered from a list."""

    def __init__(self, *answers):
        super().__init__("http://127.0.0.1")
        self.answers, self.keys = list(answers), set()

    def exchange(self, method, path, body, headers):
        self.keys.add(headers["Idempotency-Key"])
        return self.answers.pop(0)


class Repeats(unittest.TestCase):
    def exchange(self, *answers):
        hurried = Hurried(*answers)
        with mock.patch.object(client.time, "sleep") as slept:
            status, _, _ = hurried.raw("POST", "/v1/search", b"{}")
        self.assertEqual(len(hurried.keys), 1)
        return status, [call.args[0] for call in slept.call_args_list]

    def test_a_quota_is_waited_for_as_long_as_it_says(self):
        self.assertEqual(self.exchange((429, {"retry-after": "7"}, b""), (200, {}, b"{}")), (200, [7.0]))

    def test_a_quota_past_all_patience_is_told(self):
        self.assertEqual(self.exchange((429, {"retry-after": "900"}, b"")), (429, []))

    def test_a_quota_without_its_time_is_told(self):
        self.assertEqual(self.exchange((429, {}, b"")), (429, []))

    def test_a_service_that_is_away_is_asked_again_soon(self):
        self.assertEqual(self.exchange((503, {"retry-after": "30"}, b""), (504, {}, b""), (200, {}, b"{}")), (200, [2.0, 1.0]))


if __name__ == "__main__":
    unittest.main()
