"""Abuse of the real gateway: smuggled requests, broken addresses, hostile JSON, slow and idle connections, too much of
everything. An honest client is served all the while, the gateway stays the same process, and no log learns a secret."""

import concurrent.futures
import json
import pathlib
import re
import resource
import select
import socket
import threading
import time
import unittest

from support.api import Api, forged
from support.contract import ABSENT
from support.offices import Office, Site
from support.wait import wait_until

PATIENCE = 5.0  # seconds that an honest request may take at worst, on a machine that does other things too
HEAD_TIME = 5.0  # seconds a client has for its headers
BODY_TIME = 10.0  # and for a body, besides what its bytes take at the least rate


class Raw:
    """A connection that sends any bytes."""

    def __init__(self, site, timeout=10.0):
        self.socket = socket.create_connection(("127.0.0.1", site.port), timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            pass  # refused already: what it said is there to be read
        return self

    def read(self, seconds=10.0, quiet=0.4):
        """What comes until the other side closes, or is quiet for so long after it said something."""
        data, until = b"", time.monotonic() + seconds
        while True:
            left = min(until - time.monotonic(), quiet if data else seconds)
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                return data
            try:
                part = self.socket.recv(65536)
            except OSError:
                return data
            if not part:
                return data
            data += part


def statuses(data):
    return [int(code) for code in re.findall(rb"HTTP/1\.1 (\d{3}) ", data)]


class Honest(threading.Thread):
    """Reads and enters without a pause until told to stop; keeps how long the slowest took and what went wrong."""

    def __init__(self, office):
        super().__init__()
        self.office, self.ending = office, threading.Event()
        self.slowest, self.done, self.wrong = 0.0, 0, []
        self.token = office.people["kelurahan"].headers["Authorization"].split()[1]

    def run(self):
        api = Api(self.office.site.url, token=self.token, timeout=20)
        while not self.ending.is_set():
            start = time.monotonic()
            try:
                reply = (
                    api.request("GET", "/v1/applications?limit=5")
                    if self.done % 5
                    else api.request("POST", "/v1/applications", self.office.family())
                )
                if reply.status not in (200, 201):
                    self.wrong.append(repr(reply))
            except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
                self.wrong.append(repr(error))
            self.slowest = max(self.slowest, time.monotonic() - start)
            self.done += 1
            self.ending.wait(0.01)
        api.close()


class Abuse(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192) if hard > 0 else 8192, hard))
        cls.addClassCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        cls.site = Site(only=("accounts", "intake", "gateway"))
        cls.addClassCleanup(cls.site.remove)
        cls.site.up()
        cls.office = Office(cls.site, 1273, "12.73", "Kota Sibolga", mark="KANARI").open()
        cls.addClassCleanup(cls.office.close)
        cls.pids = {name: cls.site.pid(name) for name in cls.site.names()}
        cls.token = cls.office.people["operator"].headers["Authorization"]

    def setUp(self):
        self.honest = Honest(self.office)
        self.honest.start()

    def tearDown(self):
        done = self.honest.done
        wait_until(lambda: self.honest.done > done + 2 or not self.honest.is_alive(), 30, "the honest client to go on")
        self.honest.ending.set()
        self.honest.join()
        self.assertEqual(self.honest.wrong, [])
        self.assertLess(self.honest.slowest, PATIENCE)
        self.assertEqual({name: self.site.pid(name) for name in self.site.names()}, self.pids, "a process died")

    def request(self, line="GET /v1/session HTTP/1.1", headers="", body=b"", host="Host: padan"):
        head = (
            f"{line}\r\n{host}\r\nAuthorization: {self.token}\r\n"
            if host
            else f"{line}\r\nAuthorization: {self.token}\r\n"
        )
        return (head + headers + "\r\n").encode("latin-1") + body

    def ask(self, data):
        with Raw(self.site) as raw:
            return raw.send(data).read()

    # ---- framing

    def test_requests_that_two_readers_could_read_differently(self):
        """Each bears a second request where another reader would see one: it must never be answered as one."""
        inner = self.request("GET /v1/people?limit=1 HTTP/1.1")
        chunk = b"0\r\n\r\n"
        post, size = "POST /v1/search HTTP/1.1\r\nContent-Type: application/json", len(inner)
        hostile = {
            "both lengths": self.request(
                post, f"Content-Length: {size + 5}\r\nTransfer-Encoding: chunked\r\n", chunk + inner
            ),
            "both, other order": self.request(
                post, f"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", chunk + inner
            ),
            "two lengths": self.request(post, f"Content-Length: 2\r\nContent-Length: {size}\r\n", inner),
            "two equal lengths": self.request(post, "Content-Length: 2\r\nContent-Length: 2\r\n", b"{}" + inner),
            "a list of lengths": self.request(post, "Content-Length: 2, 2\r\n", b"{}" + inner),
            "a signed length": self.request(post, "Content-Length: +2\r\n", b"{}" + inner),
            "a negative length": self.request(post, "Content-Length: -1\r\n", inner),
            "a hexadecimal length": self.request(post, "Content-Length: 0x2\r\n", b"{}" + inner),
            "a huge length": self.request(post, f"Content-Length: {'9' * 30}\r\n", inner),
            "an empty length": self.request(post, "Content-Length: \r\n", inner),
            "space before the colon": self.request(post, "Content-Length : 2\r\n", b"{}" + inner),
            "a folded header": self.request(post, "X-A: b\r\n Content-Length: 2\r\n", b"{}" + inner),
            "a folded coding": self.request(
                post, "Transfer-Encoding:\r\n chunked\r\nContent-Length: 2\r\n", b"{}" + inner
            ),
            "another coding": self.request(post, "Transfer-Encoding: xchunked\r\n", chunk + inner),
            "a list of codings": self.request(post, "Transfer-Encoding: gzip, chunked\r\n", chunk + inner),
            "two codings": self.request(
                post, "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", chunk + inner
            ),
            "a quoted coding": self.request(post, 'Transfer-Encoding: "chunked"\r\n', chunk + inner),
            "an old version with a coding": self.request(
                post.replace("1.1", "1.0"), "Transfer-Encoding: chunked\r\n", chunk + inner
            ),
            "a signed chunk": self.request(post, "Transfer-Encoding: chunked\r\n", b"+2\r\n{}\r\n" + chunk + inner),
            "a huge chunk": self.request(
                post, "Transfer-Encoding: chunked\r\n", b"f" * 17 + b"\r\n{}\r\n" + chunk + inner
            ),
            "two hosts": self.request(headers="Host: lain\r\n") + inner,
            "no host": self.request(host="") + inner,
            "an odd host": self.request(host="Host: padan@lain/") + inner,
            "no colon": self.request(headers="Content-Length 2\r\n") + inner,
            "a space first": self.request("GET /v1/session HTTP/1.1\r\n X: y") + inner,
            "a name with a slash": self.request(headers="X/Y: z\r\n") + inner,
            "a NUL in a value": self.request(headers="X-A: a\0b\r\n") + inner,
            "a bare LF": self.request(headers="X-A: b\nContent-Length: 2\r\n") + inner,
            "a bare LF at the end": self.request(headers="X-A: b\n") + inner,
            "two authorizations": self.request(headers="Authorization: Bearer x\r\n") + inner,
            "two keys": self.request(
                "POST /v1/bulks HTTP/1.1", "Idempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: 2\r\n", b"{}"
            )
            + inner,
            "another version": self.request("GET /v1/session HTTP/1.2") + inner,
            "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + inner,
            "no version": b"GET /v1/session\r\n\r\n" + inner,
            "a NUL in the line": b"GET /v1/session\0 HTTP/1.1\r\nHost: a\r\n\r\n" + inner,
            "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64) + b"\r\n\r\n" + inner,
        }
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = dict(zip(hostile, pool.map(self.ask, hostile.values())))
        # the library itself repeats the head of a refusal of its own before it closes
        wrong = [
            f"{name}: {data[:200]!r}"
            for name, data in answers.items()
            if len(set(statuses(data))) > 1
            or b"urn:padan" in data
            and len(statuses(data)) > 1
            or any(not 400 <= status < 600 for status in statuses(data))
            or b"people" in data
            or statuses(data) in ([500], [503])
        ]
        self.assertEqual(wrong, [])
        self.assertEqual(statuses(self.ask(self.request() + self.request())), [200, 200], "two honest ones are two")

    def test_addresses(self):
        bad = (
            "/v1/applications/%00",
            "/v1/applications%00",
            "/v1/session%00.html",
            f"/v1/applications/{ABSENT}%00x",
            "/v1/applications/%2e%2e/people",
            "/v1/applications/../people",
            "/v1/applications/%2E%2e%2fpeople",
            "/v1/./session",
            "/v1/applications/%2F",
            "/v1/applications/a%5cb",
            "/v1/applications/%ff",
            "/v1/applications/%c0%af",
            "/v1/applications/%ed%a0%80",
            "/v1/applications/%",
            "/v1/applications/%zz",
            "/v1/applications/%0d%0aX:y",
            "/v1/\xe9",
            "v1/session",
            "http://lain/v1/session",
            "*",
            "/v1/session#a",
            "/v1/applications?limit=%00",
            "/v1/applications?limit=1%0a",
            "/v1/applications?%00=1",
            "/v1/applications?limit=%ff",
            "/" + "a/" * 100,
        )
        for target in bad:
            data = self.ask(self.request(f"GET {target} HTTP/1.1", "Connection: close\r\n"))
            self.assertIn(statuses(data), ([400], [404], [414]), f"{target}: {data[:300]!r}")
            self.assertNotIn(b"\nX:y", data)
        self.assertEqual(statuses(self.ask(self.request("CONNECT lain:80 HTTP/1.1"))), [400])
        for target in (
            "/v1/applications/%252e%252e",
            "/v1/applications/%2500",
            "/v1/applications/a;b",
            "/v1/applications/'%20or%201=1--",
        ):
            self.assertEqual(
                statuses(self.ask(self.request(f"GET {target} HTTP/1.1", "Connection: close\r\n"))), [404], target
            )

    # ---- bodies

    def test_json(self):
        def post(text):
            return self.office.people["operator"].request(
                "POST", "/v1/search" if searching else "/v1/applications", text, {"Content-Type": "application/json"}
            )

        searching = False
        deep = b'{"members":' + b"[" * 100000 + b"]" * 100000 + b"}"
        members = b'{"track":"baru","members":[' + b",".join([b"{}"] * 60000) + b"]}"
        hostile = (
            b"[" * 200000,
            b'{"a":' * 40000,
            deep,
            members,
            b'{"track":"a","track":"b"}',
            b'{"track":"a","tr\\u0061ck":"b"}',
            b'{"address":{"rt":"1","rt":"2"}}',
            b'{"track":"\\u0000"}',
            b'{"track":"a\0b"}',
            b'{"track":"\\ud800"}',
            b'{"track":"\xc0\xaf"}',
            b'{"track":"\xed\xa0\x80"}',
            b'{"track":"\xff"}',
            b'{"track":1e400}',
            b'{"track":' + b"9" * 99999 + b"}",
            b'{"' + b"k" * 200000 + b'":1}',
            b'{"track":"' + b"\\u0041" * 40000 + b'"',
            b"\xef\xbb\xbf{}",
            b"{}{}",
            b'{"track":"a",}',
            b"{'track':'a'}",
            b'{"track":NaN}',
            b'{"track":tru}',
            b'{"track":"a"}\0',
            b"/**/{}",
            b'{"__proto__":{}}',
            b'""',
            b"\0" * 1000,
        )
        for text in hostile:
            reply = post(text)
            self.assertIn(reply.status, (400, 413, 422), f"{text[:60]!r} {reply!r}")
            self.assertLess(len(reply.body), 20000, text[:60])
        entries = b'{"members":[' + b",".join(b'{"tidak%d":1}' % n for n in range(5000)) + b"]}"
        reply = post(entries)
        self.assertEqual(reply.status, 400)
        self.assertLess(len(reply.json()["errors"]), 100)

    def test_words_stay_words(self):
        """What would be SQL, markup or a path elsewhere is text here."""
        for text in (
            "' or 1=1 --",
            "%",
            "_",
            "\\",
            "$1",
            "'; drop table intake.application; --",
            "../../etc/passwd",
            "<script>alert(1)</script>",
            "{0}",
            "%s%n",
            "\u202e",
            "a" * 5000,
        ):
            family = self.office.family()
            family["members"][0]["name"] = text
            reply = self.office.people["kelurahan"].request("POST", "/v1/applications", family)
            self.assertIn(reply.status, (201, 400, 422), reply)
            if reply.status == 201:
                view = self.office.people["kelurahan"].get(reply.headers["location"])
                self.assertEqual(view["dossier"]["members"][0]["name"].casefold(), text.casefold())
            for query in ("state", "place"):
                api = self.office.people["operator"]
                reply = api.request(
                    "GET", f"/v1/applications?{query}=" + "".join(f"%{b:02x}" for b in text[:200].encode())
                )
                self.assertIn(reply.status, (200, 400, 422), reply)
                if reply.status == 200:
                    self.assertEqual(reply.json()["applications"], [], f"{query}={text}")

    def test_too_much(self):
        for headers, status in (
            ("X-A: " + "a" * 40000 + "\r\n", (431, 413)),
            ("".join(f"X-{n}: a\r\n" for n in range(70)), (431,)),
            ("Cookie: " + "a=b; " * 7000 + "\r\n", (431, 413)),
        ):
            got = statuses(self.ask(self.request(headers=headers)))
            self.assertTrue(not got or got[0] in status, f"{headers[:20]} {got}")
        post = "POST /v1/applications HTTP/1.1\r\nContent-Type: application/json\r\nIdempotency-Key: a"
        said = self.ask(self.request(post, f"Content-Length: {10 << 30}\r\n"))
        self.assertEqual(statuses(said), [413])
        said = self.ask(self.request(post, f"Content-Length: {10 << 30}\r\nExpect: 100-continue\r\n"))
        self.assertEqual(statuses(said), [413])
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        said = self.ask(self.request(post, "Transfer-Encoding: chunked\r\n", chunk * 5 + b"0\r\n\r\n"))
        self.assertEqual(statuses(said), [413])
        said = self.ask(self.request(post, "Transfer-Encoding: chunked\r\n", chunk * 80))
        self.assertIn(statuses(said), ([413], []))  # cut: what it said may be lost with the rest
        scan = b"%PDF-1.4\n" + bytes(30 << 20)  # refused at 20 MiB, and told although we go on sending
        self.assertEqual(self.office.people["operator"].request("POST", "/v1/files", scan).status, 413)
        stray = [
            path for path in (self.site.var / "store").rglob("*") if path.is_file() and path.stat().st_size > 20 << 20
        ]
        self.assertEqual(stray, [])

    def test_guessing_passwords(self):
        def guess(number):
            api = Api(self.site.url)
            try:
                reply = api.request(
                    "POST", "/v1/session", {"login": f"tidakada{number % 4}", "password": "salah-besar-sekali-1"}
                )
                return reply.status, "retry-after" in reply.headers
            finally:
                api.close()

        with concurrent.futures.ThreadPoolExecutor(32) as pool:
            got = set(pool.map(guess, range(48)))
        self.assertEqual(got - {(401, False), (429, True), (503, True)}, set())
        self.assertIn((429, True), got, "twelve wrong ones for one login and no pause")

    # ---- slowness

    def test_trickles_are_cut(self):
        """A byte now and then is no silence: heads and bodies have a time of their own, whatever length they announce,
        and a token that nobody was given buys none."""
        post = "Content-Type: application/json\r\nContent-Length: {}\r\n"
        search = self.request("POST /v1/search HTTP/1.1", post.format(60000))
        upload = self.request("POST /v1/files HTTP/1.1", post.format(1 << 30))
        stranger = upload.replace(self.token.encode(), b"Bearer " + forged("padan_").encode())
        slow = [
            ("head", b"", self.request()),
            *[("head", b"", b"GET / HTTP/1.1\r\nX-A: " + b"a" * 500)] * 30,
            *[("body", head, b"x" * 1000) for head in (search, upload, stranger) for _ in range(10)],
        ]
        raws, start = [], time.monotonic()
        for kind, head, text in slow:
            raw = Raw(self.site)
            self.addCleanup(raw.socket.close)
            raw.send(head).socket.setblocking(False)
            raws.append((kind, raw.socket, iter(text)))
        ended = {}

        def all_ended():
            for kind, sock, text in raws:
                if sock in ended:
                    continue
                try:
                    sock.send(bytes([next(text)]))
                    if sock.recv(4096) == b"":
                        ended[sock] = (kind, time.monotonic() - start)
                except BlockingIOError:
                    pass
                except OSError:
                    ended[sock] = (kind, time.monotonic() - start)
            return len(ended) == len(raws)

        deadline = start + 3 * BODY_TIME
        while not all_ended() and time.monotonic() < deadline:
            select.select([], [], [], 0.2)
        self.assertEqual(len(ended), len(raws), f"what trickles lives on; cut: {list(ended.values())}")
        self.assertLess(max(seconds for kind, seconds in ended.values() if kind == "head"), HEAD_TIME + 3)

    def test_a_thousand_idle_connections(self):
        """They hold a place each and nothing else; afterwards every descriptor is back."""
        folder = pathlib.Path(f"/proc/{self.pids['gateway']}/fd")

        def open_files():
            return len(list(folder.iterdir()))

        before, idle = open_files(), []
        self.addCleanup(lambda: [sock.close() for sock in idle])
        for number in range(1000):
            idle.append(socket.create_connection(("127.0.0.1", self.site.port), 10))
            if number % 3 == 1:
                idle[-1].send(b"POST /v1/files HT")
            if number % 3 == 2:
                idle[-1].send(self.request())
        wait_until(lambda: open_files() > before + 300, 20, "the connections to be taken")
        done = self.honest.done
        wait_until(lambda: self.honest.done > done + 20, 20, "the honest client among a thousand")
        for sock in idle:
            sock.close()
        wait_until(lambda: open_files() < before + 50, 20, "descriptors to come back")

    def test_half_read_answers(self):
        """Who asks and does not read holds no thread."""
        raws = []
        self.addCleanup(lambda: [raw.socket.close() for raw in raws])
        for _ in range(60):
            raws.append(Raw(self.site))
            raws[-1].send(self.request("GET /openapi.yaml HTTP/1.1") * 20)
        done = self.honest.done
        wait_until(lambda: self.honest.done > done + 20, 20, "the honest client beside them")
        for raw in raws[::2]:
            raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # reset

    # ---- what is left behind

    def test_no_core_of_any_process(self):
        for name, pid in self.pids.items():
            limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
            self.assertRegex(limits, r"Max core file size +0 +", name)

    def test_zz_logs_know_no_secret(self):
        """After all of the above, and secrets in all the wrong places, no log and no metric bears any."""
        family = self.office.family()
        nik, kk = family["members"][0]["nik"], family["kk"]
        operator = self.office.people["operator"]
        password, token = self.office.password("tersesat"), self.token.split()[1]
        operator.request("POST", "/v1/applications", family)
        operator.request("POST", "/v1/applications", {**family, "track": "tak-ada"})
        operator.request("POST", "/v1/applications", {**family, nik: kk})
        operator.request(
            "POST", "/v1/applications", json.dumps(family).encode()[:-1], {"Content-Type": "application/json"}
        )
        for path in (
            f"/v1/applications/{nik}",
            f"/v1/applications?place={nik}",
            f"/v1/{nik}",
            f"/v1/session?token={token}",
            f"/v1/applications?password={password}",
        ):
            operator.request("GET", path)
        operator.request(
            "GET",
            "/v1/session",
            headers={"Traceparent": nik, "User-Agent": f"agen {nik}", "X-Nik": nik, "Padan-Tenant": nik},
        )
        operator.request("POST", "/v1/applications", family, headers={"Padan-Id": nik}, key=nik)
        self.ask(self.request(f"GET /{nik} HTTP/1.1", f"{nik}: {password}\r\nHost: {nik}\r\n"))
        stranger = Api(self.site.url)
        self.addCleanup(stranger.close)
        for body in (
            {"login": nik, "password": password},
            {"login": password, "password": nik},
            {"password": password, password: 1},
        ):
            stranger.request("POST", "/v1/session", body)
        texts = {
            path: path.read_text(errors="replace") for path in (self.site.var / "log").rglob("*") if path.is_file()
        }
        self.assertGreater(sum(map(len, texts.values())), 1000)
        secrets = self.office.secrets | {"KANARI", nik, kk, password, token}
        found = [
            f"{path.parent.name}: {secret[:6]}…" for path, text in texts.items() for secret in secrets if secret in text
        ]
        self.assertEqual(found, [])
        for path, text in texts.items():
            self.assertIsNone(re.search(r"(sesi|padan)_[A-Za-z0-9_-]{30}", text), path)
            self.assertIsNone(re.search(r"(?<![0-9.])(1273)[0-9]{12}(?![0-9])", text), path)


if __name__ == "__main__":
    unittest.main()
