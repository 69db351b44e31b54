"""An installation with the services there are, and two kota on it: people of every role, and things of every kind.

Everything that the second kota's things say of people bears a mark, so that one search finds a leak."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

from support.api import Api
from support.contract import Contract
from support.installation import ROOT, Installation
from support.wait import wait_until

sys.path.insert(0, str(ROOT / "deploy/demo"))
from officials import filled  # noqa: E402

ROLES = ("kelurahan", "operator", "kabid", "sekdis", "kadis", "tksk", "admin", "integrator", "auditor", "bpjs")
MARK = "KANARI"


def services_present():
    """Rows of services.conf whose program was built. A service of this checkout that was not built is a failure."""
    programs = pathlib.Path(os.environ["PADAN_BIN"])
    rows = [line.split() for line in (ROOT / "deploy/services.conf").read_text().splitlines()]
    rows = [row for row in rows if row and not row[0].startswith("#")]
    for name, *_ in rows:
        written = (ROOT / "services" / name / "main.c").exists()
        if written and not (programs / name).exists():
            raise AssertionError(f"{name} is in this checkout and not in {programs}")
    return [row for row in rows if (programs / row[0]).exists()]


class Site(Installation):
    """The installation. rows: only these services, each once."""

    def __init__(self, *options, only=None):
        rows = [row for row in services_present() if only is None or row[0] in only]
        super().__init__(*options)
        self.running = [row[0] for row in rows]
        path = self.dir / "services"
        path.write_text("".join(f"{name} {bus} {page} 1\n" for name, bus, page, _ in rows))
        self.options += ["--services", str(path)]

    def padan(self, *words):
        subprocess.run(
            [self.var / "bin/padan", words[0], words[1], "--config", self.var / "etc/padan.conf", *words[2:]],
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def contract(self):
        api = Api(self.url)
        try:
            return Contract(api.expect("GET", "/openapi.yaml", 200).body)
        finally:
            api.close()


def paper(text):
    return f"%PDF-1.4\n% {text}\n%%EOF\n".encode()


class Office:
    """One kota. people: role → Api; ids: name of a path's parameter → id; secrets: what nobody else may ever read."""

    def __init__(self, site, tenant, code, name, mark=""):
        self.site, self.tenant, self.code, self.name, self.mark = site, tenant, code, name, mark
        self.villages = [f"{code}.01.1001", f"{code}.02.1001"]
        self.places = {"kelurahan": self.villages[0], "tksk": f"{code}.01"}
        self.people, self.logins, self.persons, self.secrets, self.number = {}, {}, {}, set(), 0
        self.ids, self.own = {}, {}  # own: service → its ids where they differ

    def of(self, operation):
        """Ids for the path of an operation."""
        return {**self.ids, **self.own.get(operation.owner, {})}

    def close(self):
        for api in self.people.values():
            api.close()

    def secret(self, text):
        self.secrets.add(text)
        return text

    # ---- people

    def password(self, login):
        return self.secret(f"sandi-{self.tenant}-rahasia-{login[::-1]}")

    def open(self):
        """Tenant, administrator and profile, by `padan` on the machine."""
        login, name = f"{self.mark.lower()}admin{self.tenant}", f"Admin {self.mark}"
        file = self.site.dir / "secret"
        file.write_text(self.password(login))
        folder = self.site.dir / "profiles"
        shutil.copytree(ROOT / "deploy/profiles", folder, dirs_exist_ok=True)  # its calendars lie beside it
        profile = folder / f"{self.tenant}.yaml"
        profile.write_text(f"# {self.mark}\n" + self.procedure())
        self.site.padan(
            "tenant",
            "add",
            "--tenant",
            str(self.tenant),
            "--code",
            self.code,
            "--name",
            f"{self.name} {self.mark}",
            "--zone",
            "Asia/Jakarta",
        )
        self.site.padan(
            "person",
            "add",
            "--tenant",
            str(self.tenant),
            "--login",
            login,
            "--name",
            name,
            "--grant",
            f"{self.tenant}:admin",
            "--password-file",
            file,
        )
        self.site.padan("profile", "publish", "--tenant", str(self.tenant), profile)
        self.sign_in("admin", login)
        for role in ROLES:
            if role != "admin":
                self.person(role, role, self.places.get(role, ""))
        self.person("kelurahan2", "kelurahan", self.villages[1])
        self.person("tksk2", "tksk", f"{self.code}.02")
        return self

    def procedure(self):
        """Pematangsiantar's with officials and only the checks that need no registry: here everybody is clear."""
        text = filled((ROOT / "deploy/profiles/pematangsiantar.yaml").read_text()).replace('"12.72"', f'"{self.code}"')
        return re.sub(r"^  - check: (?!nik|kk).*\n(    .*\n)*", "", text, flags=re.MULTILINE)

    def sign_in(self, key, login):
        api = Api(self.site.url)
        self.people[key] = api
        self.persons[key] = api.sign_in(login, self.password(login))["person_id"]
        self.logins[key] = login
        self.secrets.add(api.headers["Authorization"].split()[1])
        return api

    def person(self, key, role, place="", grants=None):
        """A new person of this office under `key`, signed in."""
        login = f"{self.mark.lower()}{key}{self.tenant}"
        grants = grants or [{"tenant": self.tenant, "role": role, "place": place}]
        self.people["admin"].post(
            "/v1/people",
            {"login": login, "name": f"Petugas {self.mark} {key}", "password": self.password(login), "grants": grants},
            201,
        )
        return self.sign_in(key, login)

    # ---- things

    def family(self, number=None, village=None):
        """A family of one; the same number is the same person."""
        if number is None:
            self.number += 1
            number = self.number
        area = self.code.replace(".", "")
        return {
            "track": "baru",
            "kk": self.secret(f"{area}0101010{number:05d}"),
            "address": {
                "street": f"Jalan {self.mark} {number}",
                "rt": "001",
                "rw": "002",
                "village": village or self.villages[0],
            },
            "members": [
                {
                    "nik": self.secret(f"{area}01450690{number:04d}"),
                    "name": f"SITI {self.mark} AMINAH",
                    "relation": "head",
                    "birth_place": "SIANTAR",
                    "birth_date": "1990-06-05",
                    "sex": "female",
                    "marital": "married",
                }
            ],
        }

    def enter(self, settled=False, **family):
        """settled: wait until validation, if it runs, has judged it."""
        officer = self.people["kelurahan"]
        application = officer.post("/v1/applications", self.family(**family), 201)["application_id"]
        if settled and "validation" in self.site.running:
            wait_until(lambda: officer.get(f"/v1/applications/{application}")["verdicts"], 30, "verdicts")
        return application

    def attach(self, application, kind, **more):
        """A paper of a kind that the profile asks for; returns its digest."""
        officer, data = self.people["kelurahan"], paper(f"{self.mark} {kind} {application}")
        more = {
            "kind": kind,
            "file_sha256": officer.upload(data),
            "media_type": "application/pdf",
            "size": len(data),
            **more,
        }
        officer.post(f"/v1/applications/{application}/papers", {"paper": more})
        return more["file_sha256"]


# ---- kinds of things: what makes one of each in an office, and the sources that must be there for it to be possible


def make_person(office):
    return {"person_id": office.persons["kabid"]}


def make_key(office):
    made = office.people["admin"].post(
        "/v1/keys", {"person_id": office.persons["integrator"], "name": f"Program {office.mark}"}, 201
    )
    office.secret(made["key"])
    return {"key_id": made["key_id"]}


def make_profile(office):
    return {"profile_sha256": office.people["admin"].get("/v1/profiles/current")["profile_sha256"]}


def make_application(office):
    """One at the counter; the application that travels has another."""
    office.counter = office.enter(settled=True)
    return {"application_id": office.counter, "file_sha256": office.attach(office.counter, "kk")}


def make_import(office):
    nik = office.secret(f"{office.code.replace('.', '')}014506909999")
    rows = f"NIK,NO_KK,NAMA\n{nik},,{office.mark}\n"
    digest = office.people["operator"].upload(rows.encode())
    started = office.people["operator"].post(
        "/v1/imports",
        {"kind": "proposals", "period": "2026-11", "source": f"kelurahan {office.mark}", "file_sha256": digest},
        201,
    )
    return {"import_id": started["import_id"]}


def sent(office):
    """An application that went to Dinas Sosial with its papers, once its verdicts were there."""
    application, officer = office.enter(settled=True), office.people["kelurahan"]
    where = f"/v1/applications/{application}"
    for missing in officer.get(where)["missing"]:
        kind, _, member = missing.partition(":")
        office.own["approval"] = {"application_id": application}
        office.own["approval"]["file_sha256"] = office.attach(
            application,
            kind,
            paper_date=time.strftime("%Y-%m-%d"),
            signed_by="Lurah" if kind == "sktm" else "",
            **({"member_id": member} if member else {}),
        )
    officer.post(f"{where}/send", {})
    return application


def in_inbox(office, role, act, thing):
    """The line of an application, or of a letter."""

    def look():
        lines = office.people[role].get(f"/v1/inbox?act={act}&limit=200")["lines"]
        return next((line for line in lines if thing in (line.get("application_id"), line.get("letter_id"))), None)

    return wait_until(look, 30, f"{thing} before {act}")


def make_file(office):
    office.chain = sent(office)
    in_inbox(office, "operator", "terima", office.chain)
    return office.own["approval"]


def make_bulk(office):
    line = in_inbox(office, "operator", "terima", office.chain)
    targets = [{"target_id": office.chain, "version": line["version"]}]
    made = office.people["operator"].post("/v1/bulks", {"act": "receive", "targets": targets}, 202)
    office.own["approval"]["bulk_id"] = made["bulk_id"]
    return {"bulk_id": made["bulk_id"]}


def make_letter(office):
    in_inbox(office, "operator", "konsep", office.chain)
    letter = office.people["operator"].post(
        "/v1/letters", {"letter": "rekomendasi", "application_id": [office.chain]}, 201
    )["letter_id"]
    where = f"/v1/letters/{letter}"
    for role, act, verb in (
        ("kabid", "paraf_kabid", "clear"),
        ("sekdis", "paraf_sekdis", "clear"),
        ("kadis", "tanda_tangan", "sign"),
        ("operator", "sampaikan", "deliver"),
    ):
        in_inbox(office, role, act, letter)
        if verb == "deliver":
            wait_until(
                lambda: office.people["operator"].request("GET", f"{where}/pdf").status == 200, 30, "the letter's PDF"
            )
        view = office.people[role].expect("GET", where, 200)
        body = {"to": "BPJS Kesehatan", "receiver": f"Petugas {office.mark}"} if verb == "deliver" else {}
        office.people[role].post(f"{where}/{verb}", body, headers={"If-Match": view.headers["etag"]})
    return {"letter_id": letter}


def make_batch(office):
    operator = office.people["operator"]
    wait_until(lambda: operator.get("/v1/waiting?track=baru").get("people"), 30, "the waiting list")
    batch = operator.post("/v1/batches", {"track": "baru", "reason": f"Uji {office.mark}"}, 201)["batch_id"]
    wait_until(lambda: operator.get(f"/v1/batches/{batch}")["state"] == "written", 30, "the batch's file")
    return {"batch_id": batch}


def make_card(office):
    """BPJS accepts everybody of the batch, and the Kabid reconciles it."""
    operator, where = office.people["operator"], f"/v1/batches/{office.ids['batch_id']}"
    folder = office.site.dir / f"bpjs{office.tenant}"
    folder.mkdir()
    for name, part in (("batch.csv", "file"), ("batch.manifest.json", "manifest")):
        (folder / name).write_bytes(operator.expect("GET", f"{where}/{part}", 200).body)
    operator.post(f"{where}/sent", {"channel": "file", "receipt": "uji"})
    subprocess.run(
        ["/usr/bin/python3", ROOT / "deploy/demo/bpjs.py", folder / "batch.csv", "--out", folder, "--refuse", "0"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    digest = operator.upload((folder / "batch.balasan.csv").read_bytes())
    operator.post(
        "/v1/imports",
        {
            "kind": "replies",
            "period": "2026-11",
            "source": "BPJS",
            "file_sha256": digest,
            "batch_id": office.ids["batch_id"],
        },
        201,
    )
    cards = wait_until(lambda: operator.get("/v1/cards?limit=200")["cards"], 30, "a card")
    wait_until(lambda: operator.get(where)["state"] == "answered", 30, "the batch to be answered")
    counts = {name: operator.get(where)[name] for name in ("accepted", "refused")}
    kabid = office.people["kabid"]
    kabid.post(f"{where}/reconcile", {**counts, "archive_sha256": kabid.upload(paper(f"{office.mark} rekonsiliasi"))})
    return {"card_id": cards[0]["card_id"]}


def make_card_bulk(office):
    operator = office.people["operator"]
    card = operator.get(f"/v1/cards/{office.ids['card_id']}")
    targets = [{"card_id": card["card_id"], "version": card["version"]}]
    made = operator.post("/v1/cards/bulks", {"act": "receive", "targets": targets}, 202)
    office.own["distribution"] = {"bulk_id": made["bulk_id"]}
    where = f"/v1/cards/{card['card_id']}"
    wait_until(lambda: operator.get(where)["state"] == "received", 30, "the card to be received")
    operator.post(f"{where}/hand", {"courier_id": office.persons["tksk"]})
    proof = office.people["tksk"].upload(paper(f"{office.mark} tanda terima"))
    delivered = {"receiver": f"SITI {office.mark}", "relation": "self", "proof_sha256": proof}
    office.people["tksk"].post(f"{where}/deliver", delivered)
    return {"bulk_id": made["bulk_id"]}


ENTERED = ("accounts/on_create_key.c", "intake/on_enter_application.c", "intake/on_attach_paper.c")
DECIDED = (*ENTERED, "validation/main.c", "approval/main.c")
KINDS = (
    # kind, what makes it, ids, sources without which there can be none yet
    ("person", make_person, ("person_id",), ENTERED[:1]),
    ("key", make_key, ("key_id",), ENTERED[:1]),
    ("profile", make_profile, ("profile_sha256",), ENTERED),
    ("application", make_application, ("application_id", "file_sha256"), ENTERED),
    ("import", make_import, ("import_id",), ("intake/on_start_import.c",)),
    ("file", make_file, ("application_id",), DECIDED),
    ("bulk", make_bulk, ("bulk_id",), DECIDED),
    ("letter", make_letter, ("letter_id",), DECIDED),
    ("batch", make_batch, ("batch_id",), (*DECIDED, "batching/main.c")),
    ("card", make_card, ("card_id",), (*DECIDED, "batching/main.c", "distribution/main.c")),
    ("card bulk", make_card_bulk, ("bulk_id",), (*DECIDED, "batching/main.c", "distribution/main.c")),
)


def settle(office):
    """Waits until the journal tells of the last thing made, when both are there."""
    if "journal" in office.site.running and office.ids.get("card_id"):
        story = f"/v1/applications/{office.own['approval']['application_id']}/story"
        wait_until(
            lambda: "CardHanded" in office.people["auditor"].expect("GET", story, 200).body.decode(), 30, "the story"
        )


def fill(office):
    """Makes one of every kind there can be; returns the ids that nothing can have yet, by kind."""
    absent = {}
    for kind, make, names, sources in KINDS:
        if not all((ROOT / "services" / source).exists() for source in sources):
            absent[kind] = names
            continue
        made = make(office)
        office.ids = {**made, **office.ids}  # the first of a name is every owner's that has none of its own
        for name in names:
            if not made.get(name):
                raise AssertionError(f"no {name} of kind {kind}")
    settle(office)
    return absent
