"""The synthetic city: the same for the same seed, consistent across its files, damaged as its key says."""
import collections
import csv
import datetime
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

DEMO = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../../../deploy/demo"))
sys.path.insert(0, DEMO)
import damage  # noqa: E402
import dukcapil  # noqa: E402
import people  # noqa: E402
import synthetic  # noqa: E402


def generate(folder, *options):
    return synthetic.generate(synthetic.read_arguments(["--out", folder, *options]))


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def read_key(folder):
    return [json.loads(line) for line in read(folder, "kunci.jsonl").splitlines()]


def read_rows(folder):
    text = read(folder, "usulan.csv").decode("utf-8-sig", "surrogateescape")
    return list(csv.reader(io.StringIO(text, newline="")))


class Synthetic(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="padan-synthetic-")
        cls.folder = os.path.join(cls.temporary.name, "a")
        cls.manifest = generate(cls.folder)
        cls.key, cls.rows = read_key(cls.folder), read_rows(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_same_seed_same_bytes(self):
        again = generate(os.path.join(self.temporary.name, "b"))
        self.assertEqual(again, self.manifest)
        other = generate(os.path.join(self.temporary.name, "c"), "--seed", "2")
        self.assertNotEqual(other["files"]["usulan.csv"], self.manifest["files"]["usulan.csv"])

    def test_manifest_describes_the_files(self):
        for name, facts in self.manifest["files"].items():
            data = read(self.folder, name)
            self.assertEqual(hashlib.sha256(data).hexdigest(), facts["sha256"], name)
        self.assertEqual(self.manifest["files"]["usulan.csv"]["rows"], len(self.rows) - 1)
        outcomes = collections.Counter(entry["hasil"] for entry in self.key)
        self.assertEqual(outcomes, {name: sum(reasons.values()) for name, reasons in self.manifest["outcomes"].items()})
        self.assertEqual(sum(count for name, count in outcomes.items() if name not in ("duplikat", "total")), 2000)

    def test_numbers_are_unique_and_well_formed(self):
        population = people.Population(3)
        niks, kks = set(), set()
        for index in range(20000):
            family = population.family(index)
            kks.add(family.kk)
            for person in family.people:
                if person.newborn:
                    continue
                self.assertNotIn(person.nik, niks)
                niks.add(person.nik)
                day = int(person.nik[6:8])
                self.assertEqual(day > 40, person.sex == "P")
                written = datetime.datetime.strptime("%02d%s" % (day % 40, person.nik[8:12]), "%d%m%y").date()
                self.assertEqual((written.day, written.month, written.year % 100),
                                 (person.birth.day, person.birth.month, person.birth.year % 100))
        self.assertEqual(len(kks), 20000)
        self.assertEqual(len({people.card_number(nik) for nik in niks}), len(niks))

    def test_last_numbers_are_still_well_formed(self):
        for person in people.Population(1).family(people.FAMILIES_MAX - 1).people:
            self.assertRegex(person.nik or "0" * 16, r"^\d{16}$")

    def test_rows_are_what_the_key_says(self):
        for cells, entry in zip(self.rows[1:], self.key):
            bad = [kind for kind in entry["kerusakan"] if kind in damage.REFUSED]
            if entry["hasil"] == "total":
                self.assertEqual(cells[0], "JUMLAH")
                continue
            self.assertEqual(cells[1], entry["sumber_id"])
            self.assertEqual(bool(bad), entry["hasil"] == "baris_salah")
            self.assertEqual(len(cells) == len(damage.HEADER), "kolom_kurang" not in bad)
            if not bad:
                self.assertEqual(re.sub(r"\.0$|\D", "", cells[3]), entry["nik"])
                self.assertEqual(re.sub(r"\.0$|\D", "", cells[2]), entry["no_kk"])
            elif bad == ["nik_ilmiah"]:
                self.assertRegex(cells[3], r"^1[.,]\d{5}E\+15$")

    def test_all_kinds_of_damage_and_stories_occur(self):
        manifest = generate(os.path.join(self.temporary.name, "d"), "--people", "6000", "--files", "usulan,kunci")
        kinds = {"apostrof", "desimal", "spasi", "formula", "baris_baru", "kode_tanpa_titik"}
        kinds |= set(damage.REFUSED) | set(damage.WARNED)
        self.assertEqual(set(manifest["damage"]), kinds)
        stories = {entry.get("cerita") for entry in read_key(os.path.join(self.temporary.name, "d"))}
        self.assertTrue(set(people.STORIES) | {"bayi", "biasa"} <= stories)
        data = read(os.path.join(self.temporary.name, "d"), "usulan.csv")
        with self.assertRaises(UnicodeDecodeError):
            data.decode()
        self.assertTrue(data.startswith(b"\xef\xbb\xbf"))

    def test_registries_agree_with_the_key(self):
        population = {}
        for line in read(self.folder, "penduduk.jsonl").splitlines():
            record = json.loads(line)
            population[record["NIK"]] = record
        members = {row["nik"]: row for row in csv.DictReader(io.StringIO(read(self.folder, "peserta.csv").decode()))}
        persons = {row["nomor_induk_kependudukan"]: row for row in
                   csv.DictReader(io.StringIO(read(self.folder, "dtsen_individu.csv").decode()), delimiter="|")}
        codes = {"meninggal": "11", "ganda": "12", "nonaktif": "14"}
        for entry in self.key:
            if not entry.get("nik"):
                continue
            record = population.get(entry["nik"])
            self.assertEqual(record is None, entry["cerita"] == "tidak_ditemukan")
            if record:
                self.assertEqual(record.get("RESPONSE_CODE"), codes.get(entry["cerita"]))
                if entry["cerita"] in ("biasa", "lahir_beda", "sudah_pbi"):
                    self.assertEqual(record["NAMA_LGKP"], entry["nama"])
            member = members.get(entry["nik"])
            self.assertEqual([member["segmen"], member["pembayar"], member["status"]] if member else None, entry["bpjs"])
            person = persons.get(entry["nik"])
            self.assertEqual(int(person["desil_nasional"]) if person else None, entry["desil"])

    def test_dukcapil_stand_in_agrees_with_the_key(self):
        population = dukcapil.Population(os.path.join(self.folder, "penduduk.jsonl"))
        for entry in self.key:
            record = population.find(entry["nik"]) if entry.get("nik") else None
            if record and entry["alasan"] in ("padan", "padan_dengan_catatan", "tidak_padan"):
                birth = next(p.birth for p in people.Population(1).family((int(entry["sumber_id"][3:]) - 1)
                             // people.SLOTS).people if p.nik == entry["nik"])
                asked = {"NIK": entry["nik"], "NAMA_LGKP": entry["nama"], "TGL_LHR": birth.strftime("%d-%m-%Y")}
                answer = dukcapil.match(record, asked, 90)
                same = answer["NAMA_LGKP"].startswith("Sesuai") and answer["TGL_LHR"] == "Sesuai"
                self.assertEqual(same, entry["alasan"] != "tidak_padan", (entry, answer))
                self.assertEqual(answer["NAMA_LGKP"] != "Sesuai (100)" and same, entry["alasan"] == "padan_dengan_catatan")

    def test_a_later_export_changes_only_what_it_says(self):
        folder = os.path.join(self.temporary.name, "e")
        generate(folder, "--change", "0.01", "--shuffle", "5")
        later = read_key(folder)
        self.assertEqual(len(later), len(self.key))
        changed = {entry["sumber_id"] for entry in later if "diubah" in entry["kerusakan"]}
        self.assertTrue(5 <= len(changed) <= 40)
        rows = collections.Counter(tuple(cells) for cells in self.rows)
        new = collections.Counter(tuple(cells) for cells in read_rows(folder)) - rows
        self.assertLessEqual({cells[1] for cells in new if cells[0] != "JUMLAH"}, changed)
        self.assertNotEqual([cells[1] for cells in read_rows(folder)[1:20]], [cells[1] for cells in self.rows[1:20]])

    def test_clean_means_clean(self):
        folder = os.path.join(self.temporary.name, "f")
        manifest = generate(folder, "--clean", "--people", "300")
        self.assertEqual(manifest["damage"], {})
        self.assertEqual(read_rows(folder)[0], damage.HEADER)
        self.assertEqual(len(read_rows(folder)), 301)

    def test_scale_takes_constant_memory(self):
        def peak(rows):
            code = ("import resource, synthetic; synthetic.generate(synthetic.read_arguments(['--out', %r, '--scale', '%d'"
                    "])); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)")
            folder = os.path.join(self.temporary.name, "scale%d" % rows)
            return int(subprocess.check_output([sys.executable, "-c", code % (folder, rows)], cwd=DEMO, text=True))
        self.assertLess(peak(12000), peak(1000) * 1.15)


if __name__ == "__main__":
    unittest.main()
