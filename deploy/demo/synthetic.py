#!/usr/bin/env python3
"""Makes the files of a synthetic city, consistent with each other and the same for the same seed. Nobody in them exists.

  usulan.csv          proposals as kelurahan export them, damaged as real exports are
  dtsen_keluarga.csv  poverty registry, families   (DTSEN: pipe-delimited)
  dtsen_individu.csv  poverty registry, persons, with the family's decile joined in
  peserta.csv         BPJS Kesehatan members: card, segment, payer, status
  penduduk.jsonl      population for the stand-in of Dukcapil (dukcapil.py)
  bpjs_tolak.csv      persons the stand-in of BPJS must refuse, and its words (bpjs.py --force)
  kunci.jsonl         for each row of usulan.csv: who it is, what was done to it, what should come out and why
  manifest.json       counts by outcome and reason, rows and SHA-256 of every file

Outcomes: lolos (may go on), tertahan (validation holds the person back), tinjau (a person must look), baris_salah (the
row cannot be read: alasan is the reader's code), duplikat (repeats an earlier row), total (a sum, no person).
"""
import argparse
import collections
import hashlib
import json
import os
import random
import sys

import damage
import people

FILES = ("usulan", "dtsen", "peserta", "penduduk", "kunci")
REASONS = ("Adanya tindaklanjut rekonsiliasi data", "Berkas persyaratan belum lengkap", "NIK tidak padan Dukcapil")
SHUFFLE_MAX = 500_000  # rows held at once
RECENT = 300           # rows a duplicate may be of
WIDTH = len(damage.HEADER)
MARITAL = {1: "BELUM KAWIN", 2: "KAWIN", 4: "CERAI HIDUP", 5: "CERAI MATI"}
SIAK = {1: "KEPALA KELUARGA", 2: "ISTRI", 3: "ANAK", 6: "ORANG TUA"}


class Output:
    """A file that counts its rows and hashes itself; written under a temporary name until complete."""

    def __init__(self, folder, name):
        self.name, self.path = name, os.path.join(folder, name)
        self.file = open(self.path + ".tmp", "wb")
        self.hash, self.rows = hashlib.sha256(), 0

    def put(self, data, rows=1):
        data = data.encode() if isinstance(data, str) else data
        self.file.write(data)
        self.hash.update(data)
        self.rows += rows

    def close(self):
        self.file.close()
        os.replace(self.path + ".tmp", self.path)
        return {"rows": self.rows, "bytes": os.path.getsize(self.path), "sha256": self.hash.hexdigest()}


class Nothing:
    """Where a file goes that was not asked for."""

    def put(self, data, rows=1):
        pass


def clean_cells(person, period):
    family = person.family
    return [period, "SS-%08d" % (person.index + 1), family.kk, person.nik, person.mother_nik if person.newborn else "",
            person.written_name.title() if person.index % 3 == 0 else person.written_name, str(person.relation),
            person.place, person.birth.isoformat(), person.sex, str(person.marital), family.address, "%03d" % family.rt,
            "%03d" % family.rw, family.village_code, family.village, family.track, family.phone]


def encode_row(cells, latin1):
    """One row in a file that is UTF-8 but for the rows somebody pasted from an old program."""
    return damage.csv_line(cells).encode("latin-1" if latin1 else "utf-8", "replace")


class Proposals:
    """usulan.csv, kunci.jsonl and bpjs_tolak.csv, row by row."""

    def __init__(self, args, usulan, key, refused):
        self.args, self.usulan, self.key, self.refused = args, usulan, key, refused
        self.rng = random.Random()
        self.recent = collections.deque(maxlen=RECENT)
        self.counts = collections.Counter()
        self.damages = collections.Counter()
        self.held = [] if args.shuffle else None
        self.rows = 0
        usulan.put(damage.header_lines("clean" if args.clean else args.header, "USULAN PESERTA SIANTAR SEHAT"), 0)

    def add(self, person):
        rng = self.rng
        rng.seed(self.args.seed * 1_000_003 + person.index)
        cells, done = clean_cells(person, self.args.period), []
        if not self.args.clean:
            done = damage.damage_row(cells, person.birth, rng)
        if self.args.change and random.Random(person.index).random() < self.args.change:
            cells[WIDTH - 1 if len(cells) == WIDTH else 11] = "08990000%04d" % (person.index % 10**4)
            done.append("diubah")
        latin1 = "\u00c9" in person.written_name.upper()
        outcome, reason = people.expected(person)
        for kind in done:
            if kind in damage.REFUSED:
                outcome, reason = "baris_salah", damage.REFUSED[kind][0]
        row = encode_row(cells, latin1)
        key = {"sumber_id": cells[1], "nik": person.nik, "no_kk": person.family.kk, "nama": person.written_name,
               "jalur": person.family.track, "cerita": person.story, "kerusakan": done, "desil": person.family.desil,
               "bpjs": list(person.member) if person.member else None, "hasil": outcome, "alasan": reason,
               "balasan": self.reply(person, outcome, rng)}
        self.put(row, key)
        if not self.args.clean:
            self.repeat(row, cells, key, latin1, rng)

    def reply(self, person, outcome, rng):
        """What BPJS will answer, should the person be sent."""
        if outcome != "lolos" or person.newborn or rng.random() >= 0.02:
            return "TERIMA" if outcome == "lolos" else None
        reason = rng.choice(REASONS)
        self.refused.put("%s,%s\r\n" % (person.nik, reason))
        return "TOLAK: " + reason

    def repeat(self, row, cells, key, latin1, rng):
        draw = rng.random()
        if key["hasil"] != "baris_salah" and key["nik"]:
            self.recent.append((row, cells, key, latin1))
        if draw < 0.015 and self.recent:
            row, cells, key, latin1 = rng.choice(self.recent)
            self.put(row, {**key, "hasil": "duplikat", "alasan": "sama", "balasan": None})
        elif draw < 0.018 and self.recent:
            row, cells, key, latin1 = rng.choice(self.recent)
            cells = cells[:-1] + ["089900000000"]
            self.put(encode_row(cells, latin1), {**key, "hasil": "duplikat", "alasan": "isi_berbeda", "balasan": None})

    def put(self, row, key):
        self.counts[key["hasil"], key["alasan"]] += 1
        self.damages.update(key["kerusakan"])
        if self.held is not None:
            self.held.append((row, key))
        else:
            self.write(row, key)

    def write(self, row, key):
        self.rows += 1
        self.usulan.put(row)
        self.key.put(json.dumps({"baris": self.rows, **key}, ensure_ascii=False) + "\n")

    def finish(self):
        if self.held is not None:
            random.Random(self.args.shuffle).shuffle(self.held)
            for row, key in self.held:
                self.write(row, key)
        if not self.args.clean:
            self.counts["total", "jumlah"] += 1
            self.write(damage.csv_line(["JUMLAH", str(self.rows)] + [""] * (WIDTH - 2)).encode(),
                       {"kerusakan": [], "hasil": "total", "alasan": "jumlah"})


class Registries:
    """dtsen_*.csv and peserta.csv."""

    def __init__(self, families, persons, members):
        self.families, self.persons, self.members = families, persons, members
        families.put("kode_provinsi|provinsi|kode_kabupaten_kota|kabupaten_kota|kode_kecamatan|kecamatan|"
                     "kode_kelurahan_desa|kelurahan_desa|alamat|nomor_kartu_keluarga|jumlah_anggota_keluarga|"
                     "nama_kepala_keluarga|desil_nasional|pbi_nas|pbi_pemda\n", 0)
        persons.put("nomor_induk_kependudukan|nomor_kartu_keluarga|nama|tanggal_lahir|umur|jenis_kelamin|"
                    "status_hubungan_keluarga|pbi_nas|pbi_pemda|status_kawin|kode_kelurahan_desa_ktp|desil_nasional\n", 0)
        members.put("no_kartu,nik,no_kk,nama,tanggal_lahir,jenis_kelamin,segmen,pembayar,status,kelas\r\n", 0)

    def add_family(self, family, today):
        for person in family.people:
            if person.member:
                segment, payer, status = person.member
                self.members.put("%s,%s,%s,%s,%s,%s,%s,%s,%s,3\r\n" % (
                    people.card_number(person.nik), person.nik, family.kk, person.registry_name,
                    person.birth.strftime("%d/%m/%Y"), person.sex, segment, payer, status))
        if family.desil is None:
            return
        kecamatan, village = family.village_code[6:8], family.village_code[9:]
        code = "1272" + "0" + kecamatan + village[1:]  # ten digits as BPS writes them: 2 + 2 + 3 + 3
        flags = [[int(bool(p.member and p.member[1] == payer and p.member[2] == "AKTIF")) for p in family.people]
                 for payer in (people.APBN[1], people.PEMDA[1])]
        if family.index % 50 != 7:  # persons whose family has no row are a known quirk of the deliveries
            self.families.put("12|SUMATERA UTARA|1272|KOTA PEMATANGSIANTAR|%s|%s|%s|%s|%s|%s|%d|%s|%s|%d|%d\n" % (
                code[:7], family.kecamatan, code, family.village.upper(), family.address.upper(), family.kk,
                len(family.people), family.people[0].registry_name, family.desil, max(flags[0]), max(flags[1])))
        for i, person in enumerate(family.people):
            if not person.newborn:
                self.persons.put("%s|%s|%s|%s|%d|%d|%d|%d|%d|%d|%s|%s\n" % (
                    person.nik, family.kk, person.registry_name, person.birth.isoformat(),
                    today.year - person.birth.year, 1 if person.sex == "L" else 2, person.relation, flags[0][i],
                    flags[1][i], person.marital, code, family.desil))


def population_line(person):
    """One record as Dukcapil's web service gives it; RESPONSE_CODE where it answers with a code instead."""
    family = person.family
    codes = {"meninggal": "11", "ganda": "12", "nonaktif": "14"}
    record = {"NIK": person.nik, "NO_KK": family.kk, "NAMA_LGKP": person.registry_name, "TMPT_LHR": person.place,
              "TGL_LHR": person.registry_birth.strftime("%d-%m-%Y"),
              "JENIS_KLMIN": "Laki-Laki" if person.sex == "L" else "Perempuan", "STATUS_KAWIN": MARITAL[person.marital],
              "STAT_HBKEL": "SUAMI" if person.relation == 2 and person.sex == "L" else SIAK[person.relation],
              "JENIS_PKRJN": person.job, "NAMA_LGKP_IBU": person.mother, "ALAMAT": family.address.upper(),
              "NO_RT": "%03d" % family.rt, "NO_RW": "%03d" % family.rw, "NO_PROP": "12", "PROP_NAME": "SUMATERA UTARA",
              "NO_KAB": "72", "KAB_NAME": "KOTA PEMATANGSIANTAR", "NO_KEC": family.village_code[6:8].lstrip("0"),
              "KEC_NAME": family.kecamatan, "NO_KEL": family.village_code[9:], "KEL_NAME": family.village.upper()}
    if person.story in codes:
        record["RESPONSE_CODE"] = codes[person.story]
    return json.dumps(record, separators=(",", ":")) + "\n"


def generate(args):
    os.makedirs(args.out, exist_ok=True)
    wanted = set(args.files.split(","))
    names = {"usulan": ["usulan.csv"], "dtsen": ["dtsen_keluarga.csv", "dtsen_individu.csv"],
             "peserta": ["peserta.csv"], "penduduk": ["penduduk.jsonl"], "kunci": ["kunci.jsonl", "bpjs_tolak.csv"]}
    outputs = {name: Output(args.out, name) if part in wanted else Nothing() for part in FILES for name in names[part]}
    population = people.Population(args.seed)
    outputs["bpjs_tolak.csv"].put("nik,alasan\r\n", 0)
    proposals = Proposals(args, outputs["usulan.csv"], outputs["kunci.jsonl"], outputs["bpjs_tolak.csv"])
    registries = Registries(outputs["dtsen_keluarga.csv"], outputs["dtsen_individu.csv"], outputs["peserta.csv"])
    made = index = families = 0
    while made < args.people + args.background:
        family = population.family(index)
        index += 1
        room = args.people - made if made < args.people else args.people + args.background - made
        family.people = family.people[:room]
        families += 1
        for person in family.people:
            if made < args.people:
                proposals.add(person)
            made += 1
            if not person.newborn and person.story != "tidak_ditemukan":
                outputs["penduduk.jsonl"].put(population_line(person))
        registries.add_family(family, population.today)
        if args.progress and index % 20000 == 0:
            print("%d persons" % made, file=sys.stderr)
    proposals.finish()
    manifest = {"seed": args.seed, "period": args.period, "people": args.people, "background": args.background,
                "families": families, "outcomes": {}, "damage": dict(sorted(proposals.damages.items())),
                "files": {name: output.close() for name, output in outputs.items() if isinstance(output, Output)}}
    for (outcome, reason), count in sorted(proposals.counts.items()):
        manifest["outcomes"].setdefault(outcome, {})[reason] = count
    path = os.path.join(args.out, "manifest.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=1)
        file.write("\n")
    return manifest


def read_arguments(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, help="folder to write into, made if missing")
    parser.add_argument("--people", type=int, default=2000, help="persons in the proposals (default %(default)s)")
    parser.add_argument("--background", type=int, help="more persons, known to the registries only (default: half as many)")
    parser.add_argument("--scale", type=int, metavar="N", help="for benches: N persons, no background, no shuffling; "
                        "constant memory up to %d million" % (people.PEOPLE_MAX // 10**6))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--period", default="2026-11")
    parser.add_argument("--files", default=",".join(FILES), help="only these of: %(default)s")
    parser.add_argument("--header", choices=("clean", "damaged", "titled"), default="damaged",
                        help="how broken the header of usulan.csv is (default %(default)s)")
    parser.add_argument("--clean", action="store_true", help="proposals without any damage, duplicates or total row")
    parser.add_argument("--change", type=float, default=0, metavar="RATE", help="the same export later: this part of the "
                        "rows has a changed telephone number")
    parser.add_argument("--shuffle", type=int, metavar="SEED", help="rows in another order")
    parser.add_argument("--progress", action="store_true")
    args = parser.parse_args(arguments)
    if args.scale is not None:
        args.people, args.background, args.shuffle = args.scale, 0, None
    args.background = args.people // 2 if args.background is None else args.background
    if not 0 <= args.people + args.background <= people.PEOPLE_MAX:
        parser.error("numbers of one city serve %d persons" % people.PEOPLE_MAX)
    if args.shuffle is not None and args.people > SHUFFLE_MAX:
        parser.error("--shuffle holds all rows: at most %d people" % SHUFFLE_MAX)
    if set(args.files.split(",")) - set(FILES):
        parser.error("--files takes: " + ",".join(FILES))
    return args


if __name__ == "__main__":
    result = generate(read_arguments())
    json.dump({key: result[key] for key in ("people", "families", "outcomes")}, sys.stdout, indent=1)
    print()
