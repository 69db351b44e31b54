"""The stand-in for BPJS answers every row of a batch, and no batch that was changed on its way."""
import csv
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import unittest

DEMO = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../../../deploy/demo"))
sys.path.insert(0, DEMO)
import people  # noqa: E402

HEAD = "No,No KK,NIK/KITAS/KITAP,Nama Lengkap,HUBKEL,Tgl Lahir\r\n"
FORM = "DAFTAR USULAN,,,,,\r\n" + HEAD + "1,2,3,4,5,7\r\n"


class Bpjs(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="padan-bpjs-")
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name

    def batch(self, text, name="2026-11", **facts):
        path = os.path.join(self.folder, name + ".csv")
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        manifest = {"sha256": hashlib.sha256(text.encode()).hexdigest(), **facts}
        with open(os.path.join(self.folder, name + ".manifest.json"), "w", encoding="utf-8") as file:
            json.dump(manifest, file)
        return path

    def run_it(self, *arguments):
        return subprocess.run([sys.executable, os.path.join(DEMO, "bpjs.py"), "--tmt", "2026-12-01", *arguments],
                              capture_output=True, text=True, check=False)

    def reply(self, name="2026-11"):
        with open(os.path.join(self.folder, name + ".balasan.csv"), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def test_every_row_is_answered(self):
        forced = os.path.join(self.folder, "tolak.csv")
        with open(forced, "w", encoding="utf-8") as file:
            file.write("nik,alasan\n1272014101900002,Berkas persyaratan belum lengkap\n")
        kk = "1272010101100001"
        rows = [(kk, "1272014101900001", 'Rupina, "Ina"', "1"), (kk, "1272014101900002", "Dua", "3"),
                (kk, "127201410190003", "Tiga", "4"), (kk, "", "BAYI NY RUPINA", "4"), (kk, "", "Tanpa NIK", "1"),
                (kk, "1272014101900001", "Rupina", "1")]
        text = FORM + "".join('%d,%s,%s,"%s",%s,01/01/1990\r\n' % (i, a, b, c.replace('"', '""'), d)
                              for i, (a, b, c, d) in enumerate(rows, 1))
        result = self.run_it(self.batch(text, rows=6), "--refuse", "0", "--force", forced)
        self.assertEqual(result.returncode, 0, result.stderr)
        reply = self.reply()
        self.assertEqual([row["status"] for row in reply], ["TERIMA", "TOLAK", "TOLAK", "TERIMA", "TOLAK", "TOLAK"])
        self.assertEqual([row["no"] for row in reply], list("123456"))
        self.assertEqual(reply[0], {"no": "1", "nik": "1272014101900001", "nama": 'Rupina, "Ina"', "status": "TERIMA",
                                    "no_kartu": people.card_number("1272014101900001"), "alasan": "", "tmt": "2026-12-01"})
        self.assertEqual(reply[1]["alasan"], "Berkas persyaratan belum lengkap")
        self.assertEqual(reply[2]["alasan"], "NIK tidak padan Dukcapil")
        for row in reply:
            self.assertRegex(row["no_kartu"], r"^\d{13}$" if row["status"] == "TERIMA" else "^$")

    def test_chance_refusals_follow_the_seed(self):
        text = HEAD + "".join("%d,1272010101100001,12720141019%05d,Nama %d,1,01/01/1990\r\n" % (i, i, i)
                              for i in range(1, 1001))
        path = self.batch(text)
        self.run_it(path)
        first = self.reply()
        self.run_it(path)
        self.assertEqual(self.reply(), first)
        self.assertTrue(10 <= sum(row["status"] == "TOLAK" for row in first) <= 60)
        self.run_it(path, "--seed", "2")
        self.assertNotEqual(self.reply(), first)

    def test_a_changed_batch_gets_no_reply(self):
        path = self.batch(HEAD + "1,1,1272014101900001,A,1,\r\n", sha256="0" * 64)
        result = self.run_it(path)
        self.assertEqual((result.returncode, "sha256" in result.stderr), (1, True))
        self.batch(HEAD + "1,1,1272014101900001,A,1,\r\n", rows=2)
        self.assertEqual(self.run_it(path).returncode, 1)
        self.batch("a,b\r\n1,2\r\n")
        self.assertEqual(self.run_it(path).returncode, 1)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "2026-11.balasan.csv")))

    def test_a_folder_is_answered_once(self):
        for name in ("a", "b"):
            self.batch(HEAD.replace(",", ";") + "1;1;1272014101900001;A;1;\r\n", name)
        self.assertEqual(self.run_it(self.folder).stdout.count("diterima"), 2)
        self.assertEqual(self.run_it(self.folder).stdout, "")
        self.assertEqual(len(self.reply("b")), 1)


if __name__ == "__main__":
    unittest.main()
