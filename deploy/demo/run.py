#!/usr/bin/python3
"""Plays an office through the HTTP API: a synthetic export of 2,000 people from import to card.

Everything goes the way people and programs would go: files are uploaded, kelurahan officers attach papers and send,
the operator drafts letters, Kabid and Sekdis put their paraf, the Kadis signs, batches are closed and handed to the
stand-in of BPJS, its replies are imported, cards are brought by TKSK. Running it again goes on where things stand.

Whoever else is on the installation is somebody's own work: only applications that the export's import entered are
played, and only letters, batches and cards about them. A letter that names others too is theirs to bring on. One thing
cannot be had apart: a batch closed for somebody of the export takes everybody who waits on that track."""

import argparse
import base64
import collections
import csv
import hashlib
import json
import os
import pathlib
import re
import secrets
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import bpjs
from client import Client, Refused
from officials import filled
from paper import paper
from table import numbers_read, print_table

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"
WORKERS = 8  # requests under way at once
PATIENCE = 600  # seconds for any one stage
UNWRITTEN = ("closing", "closed")  # states of a batch without a file
VILLAGES = {f"12.72.0{district}.100{number}" for district in range(1, 9) for number in range(1, 8)}


def say(text):
    print(f"     {text}", flush=True)


def wait(what, look, patience=PATIENCE):
    """look() → (done, progress text, "" when there is nothing to say). Says how it goes, every few seconds."""
    said, last = time.monotonic(), ""
    until = said + patience
    while True:
        done, progress = look()
        if not done and time.monotonic() > until:
            sys.exit(f"{what}: not done within {patience} s ({progress})")
        if progress and progress != last and (done or time.monotonic() - said > 3):
            say(f"{what}: {progress}")
            said, last = time.monotonic(), progress
        if done:
            return
        time.sleep(0.2)


class Office:
    def __init__(self, url, var, client=Client):
        self.url, self.var, self.client = url, var, client
        self.dir = var / "demo"
        self.dir.mkdir(exist_ok=True)
        self.passwords_file = self.dir / "sign-ins.json"
        self.passwords = json.loads(self.passwords_file.read_text()) if self.passwords_file.exists() else {}
        self.passwords_lock = threading.Lock()
        self.admin = client(url).sign_in("admin", (var / "keys" / "admin.password").read_text().strip())
        self.tenant = self.admin.get("/v1/session")["grants"][0]["tenant"]
        self.people = {}
        self.numbers, self.own = set(), set()  # NIKs and KKs of the export; its applications
        self.own_letter, self.files = {}, {}  # letter_id → whether it is about them; batch_id → text of its file

    def keep(self, path, what):
        """As JSON for the next run: whole or not at all, and readable by nobody else."""
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(json.dumps(what, indent=1))
        os.replace(new, path)

    # ---- its procedure

    def procedure(self):
        """Publishes the procedure in force with officials, if it names none yet: letters are signed by somebody."""
        known = self.admin.get("/v1/profiles/current")
        yaml = base64.b64decode(known["yaml"]).decode()
        if filled(yaml) == yaml:
            return
        status, _, answer = self.admin.raw("POST", "/v1/profiles", filled(yaml).encode(), media="application/yaml",
                                           key=f"demo-profile-{known['version']}")
        if status != 200:
            raise Refused("POST", "/v1/profiles", status, answer)
        say("published the procedure with officials")

    # ---- who works here

    def person(self, login, name, role, place=""):
        """A signed-in person; added at the first run."""
        with self.passwords_lock:
            if login not in self.passwords:
                self.passwords[login] = secrets.token_urlsafe(15)
                self.keep(self.passwords_file, self.passwords)
        grant = {"tenant": self.tenant, "role": role, "place": place}
        body = {"login": login, "name": name, "password": self.passwords[login], "grants": [grant]}
        try:
            self.admin.post("/v1/people", body, key=f"demo-person-{login}")
        except Refused as refused:
            if refused.status not in (409, 422):
                raise
        self.people[login] = self.client(self.url).sign_in(login, self.passwords[login])
        return self.people[login]

    def staff(self, villages):
        self.operator = self.person("operator", "Operator Dinas Sosial", "operator")
        self.kabid = self.person("kabid", "Kepala Bidang Sosial", "kabid")
        self.sekdis = self.person("sekdis", "Sekretaris Dinas", "sekdis")
        self.kadis = self.person("kadis", "Kepala Dinas", "kadis")
        self.integrator = self.person("siks", "Program SIKS-NG", "integrator")
        districts = sorted({village.rsplit(".", 1)[0] for village in villages})
        with ThreadPoolExecutor(WORKERS) as pool:
            officers = pool.map(
                lambda v: (v, self.person("kel-" + v.replace(".", ""), "Petugas Kelurahan " + v, "kelurahan", v)),
                sorted(villages))
            self.officers = dict(officers)
            couriers = pool.map(
                lambda d: (d, self.person("tksk-" + d.replace(".", ""), "TKSK " + d, "tksk", d)), districts)
            self.couriers = dict(couriers)

    # ---- files and imports

    def import_file(self, client, kind, path, **more):
        """Uploads and imports one file; the same file again is the same import."""
        sha = client.upload(path.read_bytes(), "text/csv")
        body = {"kind": kind, "period": "2026-11", "source": "demonstrasi", "file_sha256": sha, **more}
        started = client.post("/v1/imports", body, key=f"demo-{kind}-{sha[:24]}")
        address = f"/v1/imports/{started['import_id']}"

        def look():
            state = client.get(address)
            counts = f"{state['rows']} rows" + "".join(
                f", {state[name]} {name}" for name in ("created", "changed", "unchanged", "refused") if state[name])
            if state.get("state") == "failed":
                sys.exit(f"import {kind} failed: {counts}")
            return state.get("state") == "done", counts

        wait(f"import {kind}", look)
        return address

    # ---- whom it plays

    def own_find(self, data, address):
        """Learns which applications the import at address entered. The list is kept: whoever pushes the same people
        again, elsewhere or later, has made other applications of them."""
        self.numbers = numbers_read(data)
        path = self.dir / "applications.json"
        kept = json.loads(path.read_text()) if path.exists() else {}
        if kept.get("import") != address:
            kept = {"import": address, "applications": self.own_ask()}
            self.keep(path, kept)
        self.own = set(kept["applications"])

    def own_ask(self):
        """The applications that our integrator entered for somebody of the export."""
        integrator = self.integrator.get("/v1/session")["person_id"]

        def entered(application):
            dossier = self.operator.get(f"/v1/applications/{application}")["dossier"]
            numbers = {dossier["kk"], *(member.get("nik") for member in dossier["members"])}
            return dossier["entered_by_id"] == integrator and not self.numbers.isdisjoint(numbers)

        everybody = [line["application_id"] for line in self.operator.all("/v1/applications", "applications")]
        with ThreadPoolExecutor(WORKERS) as pool:
            return [one for one, ours in zip(everybody, pool.map(entered, everybody)) if ours]

    def of_own(self, lines):
        """Those of the lines, about one application each, that are about ours."""
        return [line for line in lines if line["application_id"] in self.own]

    def is_own_letter(self, letter):
        """About ours and nobody else; who is on a letter never changes."""
        if letter not in self.own_letter:
            listed = self.operator.get(f"/v1/letters/{letter}").get("application_id", [])
            self.own_letter[letter] = bool(listed) and self.own.issuperset(listed)
        return self.own_letter[letter]

    def own_letters(self, **query):
        return [letter for letter in self.operator.all("/v1/letters", "letters", **query)
                if self.is_own_letter(letter["letter_id"])]

    def people_in(self, batch):
        """People of the export in the file of a batch; none while it is not written."""
        if batch["state"] in UNWRITTEN:
            return 0
        if batch["batch_id"] not in self.files:
            self.files[batch["batch_id"]] = self.operator.download(f"/v1/batches/{batch['batch_id']}/file").decode()
        return sum(not self.numbers.isdisjoint(re.findall(r"\b[0-9]{16}\b", line))
                   for line in self.files[batch["batch_id"]].splitlines())

    def own_batches(self):
        return [batch for batch in self.operator.all("/v1/batches", "batches") if self.people_in(batch)]

    def own_cards(self, **query):
        return self.of_own(self.operator.all("/v1/cards", "cards", **query))

    # ---- the counter

    def applications(self, state):
        return self.of_own(self.operator.all("/v1/applications", "applications", state=state))

    def attach_papers(self, line):
        officer = self.officers.get(line["village"], self.operator)
        address = f"/v1/applications/{line['application_id']}"
        view = officer.get(address)
        for missing in view.get("missing", []):
            kind, _, member = missing.partition(":")
            data = paper(kind.upper(), [f"Permohonan {line['ticket']}", f"Untuk {member or 'keluarga'}"])
            body = {"kind": kind, "file_sha256": officer.upload(data, "application/pdf"),
                    "media_type": "application/pdf", "size": len(data), "paper_date": time.strftime("%Y-%m-%d"),
                    "signed_by": "Lurah" if kind == "sktm" else "", "materai": kind == "tidak_mampu_bayar"}
            if member:
                body["member_id"] = member
            officer.post(f"{address}/papers", {"paper": body}, key=f"demo-paper-{line['application_id']}-{missing}")
        return officer

    def send(self, line):
        try:
            officer = self.attach_papers(line)
            officer.post(f"/v1/applications/{line['application_id']}/send", key=f"demo-send-{line['application_id']}")
            return "sent"
        except Refused as refused:
            return refused.code or str(refused.status)

    def counter(self):
        def judged():
            lines = self.applications("entered")
            waiting = sum(1 for line in lines if not line.get("judged"))
            return not waiting, f"{len(lines) - waiting} of {len(lines)} families judged"

        wait("verdicts", judged)
        with ThreadPoolExecutor(WORKERS) as pool:
            outcomes = collections.Counter(pool.map(self.send, self.applications("entered")))
        if outcomes["sent"]:
            say(f"applications sent with their papers: {outcomes.pop('sent')}")
        for why, count in outcomes.most_common():
            say(f"applications kept at the counter: {count}, {why}")

    # ---- Dinas Sosial

    def inbox(self, client, act):
        return list(client.all("/v1/inbox", "lines", act=act))

    def bulks(self, what, path, bodies):
        """Many at once, each with its own result. The same body is the same request, however often it is made."""
        def post(body):
            return self.operator.post(path, body, key="demo-bulk-" + hashlib.sha256(json.dumps(body).encode()).hexdigest())

        addresses = [f"{path}/{post(body)['bulk_id']}/results" for body in bodies]
        targets = sum(len(body["targets"]) for body in bodies)

        def look():
            waiting = sum(self.operator.get(address, limit=1).get("waiting", 0) for address in addresses)
            return not waiting, f"{targets - waiting} of {targets}" if targets else ""

        wait(what, look)
        refused = collections.Counter(result["code"] for address in addresses
                                      for result in self.operator.all(address, "results") if result["code"])
        for code, count in refused.most_common():
            say(f"{what}: {count} refused, {code}")

    def bulk_targets(self, lines, field, name):
        return [{name: line[field], "version": line["version"]} for line in lines]

    def letters(self):
        self.receive()
        drafted = 0
        for track, lines in self.by_track(self.of_own(self.inbox(self.operator, "konsep"))).items():
            for start in range(0, len(lines), 100):
                part = lines[start:start + 100]
                self.operator.post("/v1/letters", {"letter": "rekomendasi",
                                                   "application_id": [line["application_id"] for line in part]},
                                   key=f"demo-letter-{part[0]['application_id']}")
                drafted += 1
        if drafted:
            say(f"letters drafted: {drafted}")
        for client, act, verb in ((self.kabid, "paraf_kabid", "clear"), (self.sekdis, "paraf_sekdis", "clear"),
                                  (self.kadis, "tanda_tangan", "sign"), (self.operator, "sampaikan", "deliver")):
            self.act_on_letters(client, act, verb)
        self.keep_letters()

    def receive(self):
        """The operator takes in what arrives, until nothing is under way any more."""
        under_way = [line["application_id"] for line in self.applications("sent")]

        def look():
            under_way[:] = self.without_file(under_way)
            lines = self.of_own(self.inbox(self.operator, "terima"))
            parts = self.slices(lines, 500)
            self.bulks("received by Dinas Sosial", "/v1/bulks",
                       [{"act": "receive", "targets": self.bulk_targets(part, "application_id", "target_id")} for part in parts])
            return not lines and not under_way, ""

        wait("received by Dinas Sosial", look)

    def without_file(self, applications):
        """Those that have not come from the counter to Dinas Sosial yet."""
        def missing(application):
            try:
                self.operator.get(f"/v1/applications/{application}/file")
                return False
            except Refused as refused:
                if refused.status != 404:
                    raise
                return True

        with ThreadPoolExecutor(WORKERS) as pool:
            return [one for one, is_missing in zip(applications, pool.map(missing, applications)) if is_missing]

    def keep_letters(self):
        """The signed letters, to be opened and printed, beside the batches."""
        folder = self.dir / "letters"
        folder.mkdir(exist_ok=True)
        for letter in self.own_letters():
            path = folder / (letter["number"].replace("/", "-") + ".pdf")
            if letter["pdf_sha256"] and not path.exists():
                path.write_bytes(self.operator.download(f"/v1/letters/{letter['letter_id']}/pdf"))

    @staticmethod
    def by_track(lines):
        tracks = collections.defaultdict(list)
        for line in lines:
            tracks[line["track"]].append(line)
        return tracks

    def act_on_letters(self, client, act, verb):
        done = set()
        while True:
            letters = sorted(letter for letter in {line["letter_id"] for line in self.inbox(client, act)} - done
                             if self.is_own_letter(letter))
            if not letters:
                break
            for letter in letters:
                view = client.get(f"/v1/letters/{letter}")
                while verb == "deliver" and not view.get("pdf_sha256"):
                    time.sleep(0.2)  # the signed letter is being made into its PDF
                    view = client.get(f"/v1/letters/{letter}")
                body = {"to": "BPJS Kesehatan Cabang Pematangsiantar", "receiver": "Petugas BPJS"} if verb == "deliver" else {}
                client.post(f"/v1/letters/{letter}/{verb}", body, match=view["version"], key=f"demo-{verb}-{letter}-{view['version']}")
                done.add(letter)
        if done:
            say(f"{act}: {len(done)} letters")

    # ---- BPJS

    def batches(self):
        def written():
            batches = list(self.operator.all("/v1/batches", "batches"))
            done = sum(batch["state"] not in UNWRITTEN for batch in batches)
            return done == len(batches), f"{done} of {len(batches)} written"

        def people_waiting(track):
            return sum(line["people"] for line in self.of_own(self.operator.all("/v1/waiting", "lines", track=track)))

        for track in ("pengalihan", "baru"):
            def waiting():
                """Until everybody on a delivered letter stands on the waiting list, or went on from there."""
                approved = sum(letter["people"] for letter in self.own_letters(state="delivered") if letter["track"] == track)
                gone = sum(self.people_in(batch) for batch in self.own_batches() if batch["track"] == track)
                people = people_waiting(track)
                return people + gone >= approved, f"{people} people" if people else ""

            wait(f"waiting for a batch, {track}", waiting)
            if people_waiting(track):
                self.operator.post("/v1/batches", {"track": track, "reason": "Demonstrasi: batch ditutup lebih awal"})
        wait("batch files", written)
        for batch in self.own_batches():
            if batch["state"] in ("written", "sent"):
                self.answer(batch)

    def answer(self, batch):
        """The stand-in of BPJS reads the file as a branch would, and its reply is imported."""
        folder = self.dir / "batches"
        folder.mkdir(exist_ok=True)
        name = batch["number"].replace("/", "-")
        address = f"/v1/batches/{batch['batch_id']}"
        (folder / f"{name}.csv").write_bytes(self.operator.download(f"{address}/file"))
        (folder / f"{name}.manifest.json").write_bytes(self.operator.download(f"{address}/manifest"))
        if batch["state"] == "written":
            self.operator.post(f"{address}/sent", {"channel": "file", "receipt": f"Tanda terima {name}"},
                               key=f"demo-sent-{batch['batch_id']}")
        subprocess.run([PYTHON, HERE / "bpjs.py", folder / f"{name}.csv", "--out", folder, "--refuse", "0",
                        "--force", self.dir / "data" / "bpjs_tolak.csv"], check=True, stdout=subprocess.DEVNULL)
        self.import_file(self.operator, "replies", folder / f"{name}.balasan.csv", batch_id=batch["batch_id"])

    def reconcile(self):
        """The Kabid compares what BPJS's branch counts with ours, and keeps a copy of what both signed."""
        mine = [batch for batch in self.own_batches()
                if batch["state"] == "answered" and batch["next_role"] == "kabid" and self.replies(batch)]
        for batch in mine:
            accepted, refused = self.branch_counts(batch)
            copy = paper("BERITA ACARA REKONSILIASI", [f"Batch {batch['number']}", f"Diterima {accepted}, ditolak {refused}"])
            self.kabid.post(f"/v1/batches/{batch['batch_id']}/reconcile",
                            {"accepted": accepted, "refused": refused,
                             "archive_sha256": self.kabid.upload(copy, "application/pdf")},
                            key=f"demo-reconcile-{batch['batch_id']}")
        if mine:
            say(f"reconciled with BPJS by the Kabid, copies archived: {len(mine)} batches")

    def branch_counts(self, batch):
        """What the branch counts in its reply: (accepted, refused)."""
        counts = collections.Counter(reply["status"] for reply, _ in self.replies(batch))
        return counts["TERIMA"], counts["TOLAK"]

    def replies(self, batch):
        """Each row of the stand-in's reply, and whether it is about somebody of the export; none if others answered."""
        name = self.dir / "batches" / batch["number"].replace("/", "-")
        path = pathlib.Path(f"{name}.balasan.csv")
        if not path.exists():
            return []
        rows = bpjs.read_batch(f"{name}.csv")
        with open(path, encoding="utf-8", newline="") as file:
            return [(reply, not self.numbers.isdisjoint((row["kk"], row["nik"])))
                    for row, reply in zip(rows, csv.DictReader(file))]

    def own_answers(self, batch):
        """(accepted, refused) as batching counts them, without those whom others had in the batch."""
        others = collections.Counter(reply["status"] for reply, own in self.replies(batch) if not own)
        return batch["accepted"] - others["TERIMA"], batch["refused"] - others["TOLAK"]

    # ---- cards

    def cards(self):
        def some(state):
            return self.own_cards(state=state)

        def arrived():
            """Until there is a card for everybody accepted who needs one: a transferred member keeps theirs."""
            wanted = sum(self.own_answers(batch)[0] for batch in self.own_batches() if batch["track"] == "baru")
            there = len(self.own_cards())
            return there >= wanted, f"{there} expected from BPJS" if some("expected") else ""

        wait("cards", arrived)
        self.bulks("cards received", "/v1/cards/bulks", [
            {"act": "receive", "targets": self.bulk_targets(lines, "card_id", "card_id")}
            for lines in self.slices(some("expected"), 500)])
        received = collections.defaultdict(list)
        for card in some("received"):
            received[card["village"].rsplit(".", 1)[0]].append(card)
        self.bulks("cards handed to TKSK", "/v1/cards/bulks", [
            {"act": "hand", "courier_id": self.couriers[district].get("/v1/session")["person_id"],
             "targets": self.bulk_targets(lines, "card_id", "card_id")}
            for district, lines in received.items()])
        with ThreadPoolExecutor(WORKERS) as pool:
            outcomes = collections.Counter(pool.map(self.bring, enumerate(some("handed"))))
        if outcomes:
            say("cards brought by TKSK: " + ", ".join(f"{n} {what}" for what, n in outcomes.most_common()))

    @staticmethod
    def slices(lines, size):
        for start in range(0, len(lines), size):
            yield lines[start:start + size]

    def bring(self, numbered):
        number, card = numbered
        courier = self.couriers[card["village"].rsplit(".", 1)[0]]
        address = f"/v1/cards/{card['card_id']}"
        if number % 50 == 49:
            courier.post(f"{address}/fail", {"reason": "Penerima tidak ditemukan"}, key=f"demo-fail-{card['card_id']}")
            return "failed"
        proof = courier.upload(paper("TANDA TERIMA KARTU", [f"Kartu {card['card_number']}", f"Diterima oleh {card['name']}"]),
                               "application/pdf")
        courier.post(f"{address}/deliver", {"receiver": card["name"], "relation": "yang bersangkutan", "proof_sha256": proof},
                     key=f"demo-deliver-{card['card_id']}")
        return "delivered"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--var", required=True, type=pathlib.Path, help="the installation; its demo/data is the city")
    arguments = parser.parse_args()
    start = time.monotonic()
    office = Office(arguments.url, arguments.var.resolve())
    data = office.dir / "data"
    office.staff(VILLAGES)
    say(f"{len(office.people)} people signed in")
    proposals = play(office, data)
    differ = print_table(office, data, proposals, WORKERS)
    print(f"""
     URL                 {office.url}
     Sign-ins            {office.passwords_file} (login: password)
     Letters             {office.dir}/letters
     Batches, replies    {office.dir}/batches
     The export, its key {data}
     The demonstration took {time.monotonic() - start:.0f} s.""")
    return 1 if differ else 0


def play(office, data):
    """From the registries to the cards. Returns the address of the import of proposals."""
    office.procedure()
    family = office.integrator.upload((data / "dtsen_keluarga.csv").read_bytes(), "text/csv")
    office.import_file(office.integrator, "poverty", data / "dtsen_individu.csv", family_sha256=family)
    office.import_file(office.integrator, "membership", data / "peserta.csv")
    proposals = office.import_file(office.integrator, "proposals", data / "usulan.csv")
    office.own_find(data, proposals)
    office.counter()
    office.letters()
    office.batches()
    office.reconcile()
    office.cards()
    return proposals


if __name__ == "__main__":
    sys.exit(main())
