#!/usr/bin/python3
"""Plays an office through the HTTP API: a synthetic export of 2,000 people from import to card.

Everything goes the way people and programs would go: files are uploaded, kelurahan officers attach papers and send,
the operator drafts letters, Kabid and Sekdis put their paraf, the Kadis signs, batches are closed and handed to the
stand-in of BPJS, its replies are imported, cards are brought by TKSK. Running it again goes on where things stand."""

import argparse
import collections
import json
import pathlib
import secrets
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from client import Client, Refused
from paper import paper

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"
WORKERS = 8  # requests under way at once
PATIENCE = 600  # seconds for any one stage
VILLAGES = {f"12.72.0{district}.100{number}" for district in range(1, 9) for number in range(1, 8)}


def say(text):
    print(f"     {text}", flush=True)


def wait(what, look, patience=PATIENCE):
    """look() → (done, progress text). Says how it goes, every few seconds."""
    until, said, last = time.monotonic() + patience, 0.0, ""
    while True:
        done, progress = look()
        if done:
            say(f"{what}: {progress}")
            return
        if time.monotonic() > until:
            sys.exit(f"{what}: not done within {patience} s ({progress})")
        if progress != last and time.monotonic() - said > 3:
            say(f"{what}: {progress}")
            said, last = time.monotonic(), progress
        time.sleep(0.2)


class Office:
    def __init__(self, url, var, client=Client):
        self.url, self.var, self.client = url, var, client
        self.dir = var / "demo"
        self.dir.mkdir(exist_ok=True)
        self.passwords_file = self.dir / "sign-ins.json"
        self.passwords = json.loads(self.passwords_file.read_text()) if self.passwords_file.exists() else {}
        self.admin = client(url).sign_in("admin", (var / "keys" / "admin.password").read_text().strip())
        self.tenant = self.admin.get("/v1/session")["grants"][0]["tenant"]
        self.people = {}

    # ---- who works here

    def person(self, login, name, role, place=""):
        """A signed-in person; added at the first run."""
        if login not in self.passwords:
            self.passwords[login] = secrets.token_urlsafe(15)
            self.passwords_file.touch(mode=0o600)
            self.passwords_file.write_text(json.dumps(self.passwords, indent=1))
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
            counts = ", ".join(f"{state.get(k, 0)} {k}" for k in ("rows", "created", "changed", "unchanged", "refused"))
            if state.get("state") == "failed":
                sys.exit(f"import {kind} failed: {counts}")
            return state.get("state") == "done", counts

        wait(f"import {kind}", look)
        return address

    # ---- the counter

    def applications(self, state):
        return list(self.operator.all("/v1/applications", "applications", state=state))

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
        say("sent with papers: " + ", ".join(f"{n} {what}" for what, n in outcomes.most_common()))
        return outcomes

    # ---- Dinas Sosial

    def inbox(self, client, act):
        return list(client.all("/v1/inbox", "lines", act=act))

    def bulk(self, client, path, body, key):
        """Many at once; the results, each of its own."""
        bulk = client.post(path, body, key=key)["bulk_id"]
        address = f"{path}/{bulk}/results"
        wait(f"  {body['act']}", lambda: (not client.get(address, limit=1).get("waiting", 0),
                                         f"{len(body['targets'])} targets"))
        results = collections.Counter(r.get("outcome") or "ok" for r in client.all(address, "results"))
        return results

    def bulk_targets(self, lines, field, name):
        return [{name: line[field], "version": line["version"]} for line in lines]

    def letters(self):
        self.sent_arrive()
        lines = self.inbox(self.operator, "terima")
        for start in range(0, len(lines), 500):
            part = lines[start:start + 500]
            self.bulk(self.operator, "/v1/bulks",
                      {"act": "receive", "targets": self.bulk_targets(part, "application_id", "target_id")},
                      f"demo-receive-{part[0]['application_id']}-{len(part)}")
        drafted = 0
        for track, lines in self.by_track(self.inbox(self.operator, "konsep")).items():
            for start in range(0, len(lines), 100):
                part = lines[start:start + 100]
                self.operator.post("/v1/letters", {"letter": "rekomendasi",
                                                   "application_id": [line["application_id"] for line in part]},
                                   key=f"demo-letter-{part[0]['application_id']}")
                drafted += 1
        say(f"letters drafted: {drafted}")
        for client, act, verb in ((self.kabid, "paraf_kabid", "clear"), (self.sekdis, "paraf_sekdis", "clear"),
                                  (self.kadis, "tanda_tangan", "sign"), (self.operator, "sampaikan", "deliver")):
            self.act_on_letters(client, act, verb)

    def sent_arrive(self):
        """Until everything that was sent stands in the operator's inbox, or went further."""
        sent = len(self.applications("sent"))
        wait("arrived at Dinas Sosial", lambda: (len(self.inbox(self.operator, "terima")) >= sent or self.moved_on(),
                                                 f"{sent} sent"))

    def moved_on(self):
        return any(self.operator.all("/v1/letters", "letters"))

    @staticmethod
    def by_track(lines):
        tracks = collections.defaultdict(list)
        for line in lines:
            tracks[line["track"]].append(line)
        return tracks

    def act_on_letters(self, client, act, verb):
        done = set()
        while True:
            letters = sorted({line["letter_id"] for line in self.inbox(client, act)} - done)
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
        say(f"{act}: {len(done)} letters")

    # ---- BPJS

    def batches(self):
        for track in ("pengalihan", "baru"):
            def waiting():
                people = self.operator.get("/v1/waiting", track=track, limit=1).get("people", 0)
                signed = len(self.inbox(self.operator, "sampaikan"))
                return signed == 0, f"{people} people wait for a batch"
            wait(f"waiting list {track}", waiting)
            if self.operator.get("/v1/waiting", track=track, limit=1).get("people", 0):
                self.operator.post("/v1/batches", {"track": track, "reason": "Demonstrasi: batch ditutup lebih awal"})
        closed = lambda: list(self.operator.all("/v1/batches", "batches"))
        wait("batch files", lambda: (all(b["state"] not in ("open", "closing", "closed") for b in closed()),
                                     f"{sum(b['state'] not in ('open', 'closing', 'closed') for b in closed())} written"))
        for batch in closed():
            if batch["state"] not in ("answered",):
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

    # ---- cards

    def cards(self):
        def some(state):
            return list(self.operator.all("/v1/cards", "cards", state=state))

        expected = len(some("expected"))
        wait("cards expected", lambda: (True, f"{expected}"))
        for start, lines in self.slices(some("expected"), 500):
            self.bulk(self.operator, "/v1/cards/bulks",
                      {"act": "receive", "targets": self.bulk_targets(lines, "card_id", "card_id")}, f"demo-card-{start}")
        received = collections.defaultdict(list)
        for card in some("received"):
            received[card["village"].rsplit(".", 1)[0]].append(card)
        for district, lines in received.items():
            courier = self.couriers[district].get("/v1/session")["person_id"]
            self.bulk(self.operator, "/v1/cards/bulks",
                      {"act": "hand", "courier_id": courier, "targets": self.bulk_targets(lines, "card_id", "card_id")},
                      f"demo-hand-{district}-{lines[0]['card_id']}")
        with ThreadPoolExecutor(WORKERS) as pool:
            outcomes = collections.Counter(pool.map(self.bring, enumerate(some("handed"))))
        say("cards brought by TKSK: " + ", ".join(f"{n} {what}" for what, n in outcomes.most_common()))

    @staticmethod
    def slices(lines, size):
        for start in range(0, len(lines), size):
            yield lines[start]["card_id"], lines[start:start + size]

    def bring(self, numbered):
        number, card = numbered
        courier = self.couriers[card["village"].rsplit(".", 1)[0]]
        address = f"/v1/cards/{card['card_id']}"
        if number % 50 == 49:
            courier.post(f"{address}/fail", {"reason": "Penerima tidak ditemukan"}, key=f"demo-fail-{card['card_id']}")
            return "failed"
        courier.post(f"{address}/deliver", {"receiver": card["name"], "relation": "yang bersangkutan"},
                     key=f"demo-deliver-{card['card_id']}")
        return "delivered"


def standin_start(office, data, port):
    """The stand-in of Dukcapil; it stays up with the system, and deploy/down stops it by its pid."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            return
    with open(office.var / "log" / "demo-dukcapil.log", "ab") as log:
        child = subprocess.Popen([PYTHON, HERE / "dukcapil.py", "--population", data / "penduduk.jsonl", "--port", str(port)],
                                 stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    (office.var / "run" / "demo-dukcapil.pid").write_text(str(child.pid))


def table(office, outcomes, seconds):
    totals = office.operator.get("/v1/totals").get("totals", [])
    print("\n     People, letters, batches and cards as the journal counts them")
    for row in totals:
        print(f"       {row['what']:<14} {row.get('code', ''):<34} {row['count']:>7}")
    print("     Applications held at the counter, by reason")
    for what, count in outcomes.most_common():
        if what != "sent":
            print(f"       {what:<49} {count:>7}")
    print(f"     Letters and batch files: {office.var}/store; as handed to BPJS: {office.dir}/batches")
    print(f"     Sign-ins (login and password): {office.passwords_file}")
    print(f"     The demonstration took {seconds:.0f} s.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--var", required=True, type=pathlib.Path)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--dukcapil-port", type=int, default=5690)
    arguments = parser.parse_args()
    start = time.monotonic()
    office = Office(arguments.url, arguments.var.resolve())
    data = office.dir / "data"
    if not (data / "manifest.json").exists():
        subprocess.run([PYTHON, HERE / "synthetic.py", "--out", data, "--people", str(arguments.people)], check=True,
                       stdout=subprocess.DEVNULL)
    standin_start(office, data, arguments.dukcapil_port)
    office.staff(VILLAGES)
    say(f"{len(office.people)} people signed in")
    outcomes = play(office, data)
    table(office, outcomes, time.monotonic() - start)


def play(office, data):
    """From the registries to the cards; why applications stayed at the counter."""
    family = office.integrator.upload((data / "dtsen_keluarga.csv").read_bytes(), "text/csv")
    office.import_file(office.integrator, "poverty", data / "dtsen_individu.csv", family_sha256=family)
    office.import_file(office.integrator, "membership", data / "peserta.csv")
    problems = office.import_file(office.integrator, "proposals", data / "usulan.csv")
    refused = collections.Counter(p["code"] for p in office.integrator.all(f"{problems}/problems", "problems"))
    say("rows refused: " + ", ".join(f"{n} {code}" for code, n in refused.most_common()))
    outcomes = office.counter()
    office.letters()
    office.batches()
    office.cards()
    return outcomes


if __name__ == "__main__":
    main()
