"""What became of everybody in the export, asked of the services themselves, beside what the export's key expects."""

import collections
import json
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor

import damage

HELD = ("block", "return", "site_check", "waiting")  # the strongest first
# The key's word for why a person is held → the finding that holds them.
FINDINGS = {
    "meninggal": "dukcapil.meninggal", "nonaktif": "dukcapil.nonaktif", "tidak_ditemukan": "dukcapil.tidak_ditemukan",
    "tidak_padan": "dukcapil.tidak_padan", "ganda": "dukcapil.ganda", "peserta_pbi_aktif": "membership.national_active",
    "peserta_pemda_aktif": "membership.local_active", "peserta_mandiri_jalur_baru": "membership.mandiri_active",
    "pengalihan_bukan_mandiri": "membership.none"}
CARDS = (("delivered", "card delivered"), ("failed", "card came back, to be brought again"), ("handed", "card with a TKSK"),
         ("received", "card at the office"), ("expected", "card expected from BPJS"))
TEXT = 78  # columns before the counts
JOURNAL_SECONDS = 60  # until the journal has told everything, too


def finding_that_holds(verdict):
    """(check.outcome, the profile's words), or None when the person goes on."""
    for word in HELD:
        for reason in verdict["reasons"]:
            if verdict["verdict"] == word == reason["verdict"]:
                return f"{reason['check']}.{reason['outcome']}", reason["message"]
    return None


def people_held(office, workers):
    """(code, words) → people whom validation held back, at the counter or when their family was sent."""
    held, people = collections.Counter(), 0
    with ThreadPoolExecutor(workers) as pool:
        for view in pool.map(lambda one: office.operator.get(f"/v1/applications/{one}"), sorted(office.own)):
            findings = [finding_that_holds(verdict) for verdict in view["verdicts"]]
            held.update(finding for finding in findings if finding)
            people += len(findings)
    return held, people


def reasons_of_bpjs(office, batches):
    return collections.Counter(reply["alasan"] for batch in batches for reply, own in office.replies(batch)
                               if own and reply["status"] == "TOLAK")


def numbers_read(data):
    """NIKs and KKs of everybody in the export."""
    with open(data / "kunci.jsonl", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["hasil"] != "total"]
    return {number for row in rows for number in (row["nik"], row["no_kk"]) if number}


def key_read(data):
    """(outcome, reason) → people, in the words of the table."""
    expected, refused = collections.Counter(), collections.Counter()
    with open(data / "kunci.jsonl", encoding="utf-8") as file:
        for row in map(json.loads, file):
            answer = row.get("balasan") or ""
            if row["hasil"] == "lolos":
                expected["accepted" if answer == "TERIMA" else "refused"] += 1
            elif row["hasil"] in ("tertahan", "tinjau"):
                expected[FINDINGS.get(row["alasan"], row["alasan"])] += 1
            elif row["hasil"] in ("baris_salah", "duplikat"):
                expected[row["alasan"]] += 1
            if answer.startswith("TOLAK: "):
                refused[answer[len("TOLAK: "):]] += 1
    return expected, refused


class Table:
    """Lines of text, a count, and what the key says; a count that differs is marked."""

    def __init__(self):
        self.differ = 0

    def head(self, text, *columns):
        print(f"\n     {text:<{TEXT}}" + "".join(f"{column:>9}" for column in columns))

    def line(self, text, count, key=None, depth=1):
        mark = ""
        if key is not None and key != count:
            self.differ += 1
            mark = "  <-- differs"
        text = "  " * depth + textwrap.shorten(text, TEXT - 2 * depth, placeholder=" …")
        print(f"     {text:<{TEXT}}{count:>9}" + ("" if key is None else f"{key:>9}") + mark)


def rows_refused(office, address):
    """Rows by code, its words in Bahasa Indonesia by code, and how many warnings there are of each code."""
    counts, words, warnings = collections.Counter(), {}, collections.Counter()
    for problem in office.integrator.all(f"{address}/problems", "problems"):
        (warnings if problem.get("warning") else counts)[problem["code"]] += 1
        words.setdefault(problem["code"], problem["detail"])
    return counts, words, warnings


def warnings_expected(data):
    """How often each warning should come, by the key."""
    with open(data / "kunci.jsonl", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["hasil"] != "baris_salah"]
    return collections.Counter(code for row in rows for kind, (code, _) in damage.WARNED.items() if kind in row["kerusakan"])


def owners_count(office):
    """What batching and distribution count, of everybody on the installation."""
    batches = list(office.operator.all("/v1/batches", "batches"))
    cards = collections.Counter(card["state"] for card in office.operator.all("/v1/cards", "cards"))
    return {**{("member", name): sum(batch[name] for batch in batches) for name in ("accepted", "refused")},
            **{("card", state): cards[state] for state in ("delivered", "failed")}}


def journal_differs(office):
    """(what, state) → (its owner's count, the journal's), where the journal, which follows everybody, does not come to
    count the same."""
    until = time.monotonic() + JOURNAL_SECONDS
    while True:
        wanted = owners_count(office)
        totals = collections.Counter({(t["what"], t["code"]): t["count"]
                                      for t in office.operator.get("/v1/totals").get("totals", [])})
        wrong = {key: (count, totals[key]) for key, count in wanted.items() if totals[key] != count}
        if not wrong or time.monotonic() > until:
            return wrong
        time.sleep(0.2)


def print_table(office, data, address, workers):
    """Of the office's own people; address: of the import of proposals. Returns how many counts differ from the key or
    the journal."""
    table, (key, key_refused) = Table(), key_read(data)
    rows, words, warnings = rows_refused(office, address)
    doubles = rows.pop("import.double", 0)
    progress = office.integrator.get(address)
    held, people = people_held(office, workers)
    batches = office.own_batches()
    answers = [office.own_answers(batch) for batch in batches]
    accepted, refused = (sum(answer[at] for answer in answers) for at in (0, 1))
    cards = collections.Counter(card["state"] for card in office.own_cards())

    table.head("People of the export, by outcome and reason", "people", "key")
    table.line("accepted by BPJS", accepted, key["accepted"])
    for state, text in CARDS:
        if cards[state]:
            table.line(text, cards[state], depth=2)
    table.line("membership transferred, no new card", accepted - sum(cards.values()), depth=2)
    table.line("refused by BPJS", refused, key["refused"])
    for reason, count in reasons_of_bpjs(office, batches).most_common():
        table.line(reason, count, key_refused[reason], depth=2)
    table.line("held back by a check; the rest of their family goes on", sum(held.values()),
               sum(key[code] for code in FINDINGS.values()))
    for (code, message), count in held.most_common():
        table.line(f"{code}: {message}", count, key[code], depth=2)
    table.line("not entered, their row cannot be read", sum(rows.values()), sum(key[code] for code in rows))
    for code, count in rows.most_common():
        table.line(f"{code}: {words[code]}", count, key[code], depth=2)
    waiting = people - accepted - refused - sum(held.values())
    if waiting:
        table.line("still on their way", waiting)
    table.line("all", people + sum(rows.values()), json.loads((data / "manifest.json").read_text())["people"])

    table.head("Rows of the export", "rows", "key")
    table.line("the first about a person", progress["created"] + sum(rows.values()))
    table.line("the same once more, nothing done", progress["unchanged"], key["sama"])
    table.line("once more with other content, refused (import.double)", doubles, key["isi_berbeda"])
    warned = warnings_expected(data)
    for code, count in sorted((warned | warnings).items()):
        table.line(f"taken with a warning, {code}: {words.get(code, '')}", warnings[code], warned[code])

    table.head("Letters", "people")
    for letter in sorted(office.own_letters(), key=lambda one: one.get("signed_at") or "z"):
        print(f"       {letter['number'] or '(no number yet)':<34} {letter['track']:<12} {letter['state']:<29}{letter['people']:>9}")
    table.head("Batches", "people", "accepted", "refused")
    for batch in sorted(batches, key=lambda one: one["number"]):
        state = batch["state"] + (", copy archived" if batch["archive_sha256"] else "")
        print(f"       {batch['number']:<34} {batch['track']:<12} {state:<29}"
              f"{batch['people']:>9}{batch['accepted']:>9}{batch['refused']:>9}")

    wrong = journal_differs(office)
    for (what, state), (owner, journal) in wrong.items():
        print(f"     the journal counts {journal} {what} {state}, its owner {owner}")
    differ = table.differ + len(wrong)
    print(f"\n     {'Every count is what the key and the journal say.' if not differ else f'{differ} counts differ.'}")
    return differ
