#!/usr/bin/env python3
"""A stand-in for BPJS Kesehatan, for demonstrations and tests: takes batch files and answers row by row.

A batch is a folder entry <batch>.csv with <batch>.manifest.json, which names the file's "sha256" and may name its
"rows". The CSV has the columns of the 34-column form; No, No KK, NIK, Nama Lengkap and HUBKEL are read, by their names,
below any rows of titles. The reply, <batch>.balasan.csv, has the columns

  no, nik, nama, status (TERIMA | TOLAK), no_kartu, alasan, tmt

A person has one card number for life, made from the NIK. Refused are: NIK listed in --force, NIK of wrong shape, a
person who was already in the same batch, and by chance (--refuse, the same persons for the same --seed). A child
without NIK is accepted as a newborn. A batch that does not match its manifest gets no reply, and exit status 1.
"""
import argparse
import csv
import datetime
import glob
import hashlib
import io
import json
import os
import random
import re
import sys
import zlib

import people

REASONS = ("Adanya tindaklanjut rekonsiliasi data", "Berkas persyaratan belum lengkap", "NIK tidak padan Dukcapil")
DOUBLE = "Data ganda dalam satu berkas"
COLUMNS = ("no", "nik", "nama", "status", "no_kartu", "alasan", "tmt")
NAMES = {"no": ("no", "nomor"), "kk": ("no_kk", "nomor_kk", "nomor_kartu_keluarga"),
         "nik": ("nik", "nik_kitas_kitap", "nik_kitas"), "nama": ("nama_lengkap", "nama", "nama_peserta"),
         "hubkel": ("hubkel", "hub_kel", "pisa", "hubungan_keluarga")}
HEADER_ROWS = 16
CHILD = ("4", "A")


class BatchError(Exception):
    pass


def column_key(header):
    return re.sub(r"[^a-z0-9]+", "_", header.lower()).strip("_")


def find_columns(row):
    keys = [column_key(cell) for cell in row]
    found = {name: next((keys.index(key) for key in names if key in keys), None) for name, names in NAMES.items()}
    return found if found["nik"] is not None and found["nama"] is not None else None


def read_batch(path):
    """The rows of a batch as dicts of NAMES, checked against its manifest."""
    with open(path, "rb") as file:
        data = file.read()
    with open(path[:-len(".csv")] + ".manifest.json", encoding="utf-8") as file:
        manifest = json.load(file)
    if manifest.get("sha256") != hashlib.sha256(data).hexdigest():
        raise BatchError("isi berkas tidak sesuai sha256 dalam manifest")
    text = data.decode("utf-8-sig")
    head = text.split("\n", HEADER_ROWS)[:HEADER_ROWS]
    delimiter = max(",;|", key=lambda mark: max(line.count(mark) for line in head))
    columns, rows = None, []
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
        if columns is None:
            columns = find_columns(cells)
            if columns is None and number >= HEADER_ROWS:
                break
            continue
        row = {name: cells[at].strip() if at is not None and at < len(cells) else "" for name, at in columns.items()}
        numbers = row["nama"].isdigit()  # the form's row of column numbers
        if row["nama"] and not numbers:
            rows.append(row)
    if columns is None:
        raise BatchError("judul kolom NIK dan Nama Lengkap tidak ditemukan")
    if manifest.get("rows", len(rows)) != len(rows):
        raise BatchError("manifest menyebut %s baris, berkas berisi %d" % (manifest["rows"], len(rows)))
    return rows


def decide(row, forced, refuse, seed, seen):
    """(card number, None) or (None, reason)."""
    nik = row["nik"]
    newborn = not nik and row["hubkel"].upper() in CHILD
    who = nik or row["kk"] + row["nama"].upper()
    if who in seen:
        return None, DOUBLE
    seen.add(who)
    if nik in forced and nik:
        return None, forced[nik]
    if not newborn and not re.fullmatch(r"[0-9]{16}", nik):
        return None, REASONS[2]
    rng = random.Random("%s %s" % (seed, who))
    if rng.random() < refuse:
        return None, rng.choice(REASONS)
    return people.card_number(nik) if nik else "9%012d" % zlib.crc32(who.encode()), None


def write_reply(path, rows, forced, refuse, seed, tmt):
    counts, seen = {"TERIMA": 0, "TOLAK": 0}, set()
    with open(path + ".tmp", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for at, row in enumerate(rows, 1):
            card, reason = decide(row, forced, refuse, seed, seen)
            status = "TOLAK" if reason else "TERIMA"
            counts[status] += 1
            writer.writerow((row["no"] or at, row["nik"], row["nama"], status, card or "", reason or "",
                             "" if reason else tmt.isoformat()))
    os.replace(path + ".tmp", path)
    return counts


def read_forced(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return {row["nik"]: row["alasan"] or REASONS[0] for row in csv.DictReader(file)}


def first_of_next_month(day):
    return (day.replace(day=1) + datetime.timedelta(days=31)).replace(day=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("batch", nargs="+", help="<batch>.csv, or a folder: every batch in it without a reply yet")
    parser.add_argument("--out", help="folder of the replies (default: beside each batch)")
    parser.add_argument("--refuse", type=float, default=0.03, metavar="RATE", help="refused by chance (default %(default)s)")
    parser.add_argument("--force", metavar="FILE", help="CSV nik,alasan: these are refused for this reason")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tmt", type=datetime.date.fromisoformat, help="membership from (default: first of next month)")
    args = parser.parse_args()
    forced = read_forced(args.force) if args.force else {}
    tmt = args.tmt or first_of_next_month(datetime.date.today())
    failed = False
    for name in args.batch:
        given = os.path.isdir(name)
        manifests = glob.glob(os.path.join(glob.escape(name), "*.manifest.json"))
        paths = sorted(path[:-len(".manifest.json")] + ".csv" for path in manifests) if given else [name]
        for path in paths:
            base = os.path.basename(path)[:-len(".csv")]
            reply = os.path.join(args.out or os.path.dirname(path), base + ".balasan.csv")
            if given and os.path.exists(reply):
                continue
            try:
                counts = write_reply(reply, read_batch(path), forced, args.refuse, args.seed, tmt)
                print("%s: %d diterima, %d ditolak" % (reply, counts["TERIMA"], counts["TOLAK"]))
            except (BatchError, OSError, ValueError) as error:
                print("%s: %s" % (path, error), file=sys.stderr)
                failed = True
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
