"""README's first command as it is, with fewer people: the demonstration, again, the tools of an operator, and the end."""

import hashlib
import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

from support.api import Api
from support.installation import ROOT, Installation
from support.wait import wait_until

sys.path.insert(0, str(ROOT / "deploy/demo"))
import client  # noqa: E402
import run  # noqa: E402

STRANGERS = """no_kk,nik,nama,hubungan,tempat_lahir,tanggal_lahir,jenis_kelamin,status_kawin,alamat,rt,rw,kode_kelurahan,jalur
1272010101019801,1272014506909801,TAMU SATU,1,SIANTAR,1990-06-05,P,BELUM KAWIN,Jl. Tamu 1,001,002,12.72.01.1003,baru
1272010101019802,1272014506909802,TAMU DUA,1,SIANTAR,1990-06-05,P,BELUM KAWIN,Jl. Tamu 2,001,002,12.72.01.1003,baru
"""
LISTS = {"applications": "application_id", "letters": "letter_id", "batches": "batch_id", "cards": "card_id"}


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

    def sign_in(self, login):
        passwords = json.loads((self.site.var / "demo/sign-ins.json").read_text())
        api = Api(self.site.url)
        self.addCleanup(api.close)
        api.sign_in(login, passwords[login])
        return api

    def push_strangers(self):
        """Through the demonstration's own sign-in, from another source; returns their lines once they are judged."""
        program, operator = self.sign_in("siks"), self.sign_in("operator")
        started = program.post("/v1/imports", {"kind": "proposals", "period": "2026-11", "source": "tamu",
                                               "file_sha256": program.upload(STRANGERS.encode())})
        where = f"/v1/imports/{started['import_id']}"
        wait_until(lambda: program.get(where)["state"] == "done", 60, "the import")
        self.assertEqual(program.get(where)["created"], 2)

        def judged():
            lines = [line for line in operator.get("/v1/applications?state=entered&limit=200")["applications"]
                     if line["head_name"].startswith("TAMU ")]
            return len(lines) == 2 and all(line["judged"] for line in lines) and lines

        return wait_until(judged, 60, "verdicts on the strangers")

    def things(self):
        """(id, state, version) of everything on the installation, by kind; one page holds all there are of each."""
        operator = self.sign_in("operator")
        return {kind: {(line[name], line["state"], line["version"]) for line in operator.get(f"/v1/{kind}?limit=200")[kind]}
                for kind, name in LISTS.items()}

    def test_again_leaves_the_people_of_others_alone(self):
        strangers = self.push_strangers()
        counts, things = self.counts(), self.things()
        self.assertLessEqual({(line["application_id"], "entered", line["version"]) for line in strangers},
                             things["applications"])
        self.__class__.output = self.site.up()
        self.assertIn("up: http://", self.output)
        self.assertEqual(self.counts(), counts)
        self.assertEqual(self.things(), things)

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
        self.answers, self.keys, self.pauses = list(answers), set(), []

    def exchange(self, method, path, body, headers):
        self.keys.add(headers["Idempotency-Key"])
        return self.answers.pop(0)

    def pause(self, seconds):
        self.pauses.append(seconds)


class Repeats(unittest.TestCase):
    def exchange(self, *answers):
        hurried = Hurried(*answers)
        status, _, _ = hurried.raw("POST", "/v1/search", b"{}")
        self.assertEqual(len(hurried.keys), 1)
        return status, hurried.pauses

    def test_a_quota_is_waited_for_as_long_as_it_says(self):
        self.assertEqual(self.exchange((429, {"retry-after": "7"}, b""), (200, {}, b"{}")), (200, [7.0]))

    def test_a_quota_past_all_patience_is_told(self):
        self.assertEqual(self.exchange((429, {"retry-after": "900"}, b"")), (429, []))

    def test_a_quota_without_its_time_is_told(self):
        self.assertEqual(self.exchange((429, {}, b"")), (429, []))

    def test_a_service_that_is_away_is_asked_again_soon(self):
        self.assertEqual(self.exchange((503, {"retry-after": "30"}, b""), (504, {}, b""), (200, {}, b"{}")), (200, [2.0, 1.0]))


class Together(unittest.TestCase):
    """A batch takes everybody who waits on its track: whom somebody else had there is not of the export."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="padan-together-")
        self.addCleanup(folder.cleanup)
        var = pathlib.Path(folder.name)
        (var / "keys").mkdir()
        (var / "keys/admin.password").write_text("rahasia")
        office = mock.MagicMock()
        office.return_value.sign_in.return_value.get.return_value = {"grants": [{"tenant": 1272}]}
        self.office = run.Office("http://127.0.0.1", var, office)
        self.office.numbers = {"1272010101100001", "1272010101550001"}
        self.office.operator = self
        self.batch = {"batch_id": "b", "number": "BARU/2026/0001", "state": "answered", "accepted": 2, "refused": 1}
        self.file = (b"No,No KK,NIK/KITAS/KITAP,Nama Lengkap,HUBKEL\n1,1272010101100001,1272010101550001,KITA,1\n"
                     b"2,1272010101100001,,BAYI KITA,4\n3,1272010101019801,1272014506909801,TAMU,1\n")
        self.folder = var / "demo/batches"
        self.folder.mkdir()

    def download(self, path):
        return self.file

    def test_our_people_are_told_from_others(self):
        self.assertEqual(self.office.people_in(self.batch), 2)
        self.assertEqual(self.office.people_in({**self.batch, "state": "closed"}), 0)

    def test_answers_about_others_are_not_counted(self):
        self.assertEqual(self.office.own_answers(self.batch), (2, 1))  # answered by others, and about ours alone
        (self.folder / "BARU-2026-0001.csv").write_bytes(self.file)
        (self.folder / "BARU-2026-0001.manifest.json").write_text(
            json.dumps({"sha256": hashlib.sha256(self.file).hexdigest(), "rows": 3}))
        (self.folder / "BARU-2026-0001.balasan.csv").write_text("nik,status\n1,TERIMA\n,TOLAK\n3,TERIMA\n")
        self.assertEqual(self.office.own_answers(self.batch), (1, 1))
        self.assertEqual(self.office.branch_counts(self.batch), (2, 1))


if __name__ == "__main__":
    unittest.main()
