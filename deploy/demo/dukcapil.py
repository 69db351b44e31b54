#!/usr/bin/env python3
"""A stand-in for Dukcapil's web service, for demonstrations and tests: NOT the civil registry, and nobody in it exists.

  POST /dukcapil/get_json/<instansi>/<method>     {"nik","user_id","password","ip_user"} gives the record;
                                                  {"NIK","NAMA_LGKP",...,"TRESHOLD",...} gives Sesuai / Tidak Sesuai (n)
  GET  /_fault?kind=K&rate=R[&count=N][&seconds=S] from now on a part R (0..1) of the requests, at most N of them, fails:
       timeout (no answer for S seconds, then closed), slow (answered after S), 500, html (200 with an error page),
       quota (05), login (03); kind=none ends all faults
  GET  /_stats                                    requests, faults and answers so far, as JSON

The population is penduduk.jsonl of synthetic.py. The password is read from DUKCAPIL_PASSWORD (default demo-saja).
"""
import argparse
import calendar
import collections
import difflib
import json
import mmap
import os
import random
import signal
import socket
import socketserver
import sys
import threading
import unicodedata
import urllib.parse

BODY_MAX = 64 * 1024
HEADERS_MAX = 100
FUZZY = ("NAMA_LGKP", "TMPT_LHR", "ALAMAT", "NAMA_LGKP_IBU")
EXACT = ("NO_KK", "TGL_LHR", "JENIS_KLMIN", "STATUS_KAWIN", "JENIS_PKRJN", "NO_PROP", "PROP_NAME", "NO_KAB", "KAB_NAME",
         "NO_KEC", "KEC_NAME", "NO_KEL", "KEL_NAME", "NO_RT", "NO_RW")
ERRORS = {
    "03": "Login gagal", "05": "Kuota akses harian telah habis", "07": "Parameter tidak lengkap",
    "09": "User, password atau IP kosong", "11": "Data Ditemukan, Meninggal Dunia", "12": "Data Ditemukan, Data Ganda",
    "13": "Data Tidak Ditemukan, NIK tidak terdapat di database Kependudukan",
    "14": "Data Ditemukan, Status Non Aktif silahkan hubungi Dinas Dukcapil",
    "15": "Data Tidak Ditemukan, NIK tidak sesuai format Dukcapil",
}
KINDS = ("timeout", "slow", "500", "html", "quota", "login")
PAGE = b"<html><head><title>Error</title></head><body><h1>Gangguan layanan</h1></body></html>"


class Population:
    """NIK to record, read where it lies: only an index of offsets is kept."""

    def __init__(self, path):
        self.offsets = {}
        if not os.path.getsize(path):
            self.map = b""
            return
        with open(path, "rb") as file:
            self.map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        at = 0
        while at < len(self.map):
            end = self.map.find(b"\n", at)
            end = len(self.map) if end < 0 else end
            start = self.map.find(b'"NIK":', at, end)
            if start >= 0:
                digits = self.map[start + 6:min(start + 32, end)].strip(b' "').split(b'"')[0]
                self.offsets[int(digits)] = at
            at = end + 1

    def find(self, nik):
        at = self.offsets.get(int(nik))
        if at is None:
            return None
        end = self.map.find(b"\n", at)
        return json.loads(self.map[at:end if end >= 0 else len(self.map)])


class Faults:
    """What is to go wrong, by kind: [rate, how many more (None: no end), seconds]."""

    def __init__(self, seed):
        self.lock, self.rng, self.active = threading.Lock(), random.Random(seed), {}

    def set(self, kind, rate, count=None, seconds=None):
        with self.lock:
            if kind == "none":
                self.active.clear()
            elif rate <= 0:
                self.active.pop(kind, None)
            else:
                self.active[kind] = [rate, count, seconds if seconds is not None else 2 if kind == "slow" else 30]

    def draw(self):
        """(kind, seconds) for the next request; kind None for none."""
        if not self.active:
            return None, 0
        with self.lock:
            for kind, fault in self.active.items():
                if self.rng.random() < fault[0] and fault[1] != 0:
                    if fault[1] is not None:
                        fault[1] -= 1
                    return kind, fault[2]
        return None, 0


def plain(text):
    text = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode()
    return " ".join(text.upper().split())


def likeness(a, b):
    a, b = plain(a), plain(b)
    return 100 if a == b else min(99, int(100 * difflib.SequenceMatcher(None, a, b, False).ratio()))


def well_formed(nik):
    if len(nik) != 16 or not (nik.isascii() and nik.isdigit()) or nik.endswith("0000"):
        return False
    day, month = int(nik[6:8]) % 40, int(nik[8:10])
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(2000, month)[1] and int(nik[6:8]) < 72


def match(record, asked, threshold):
    """content[0] of the match-only service: each field asked about against the record."""
    answer = {"NIK": asked["NIK"]}
    for field in FUZZY:
        if asked.get(field):
            score = likeness(asked[field], record.get(field, ""))
            answer[field] = "%s (%d)" % ("Sesuai" if score >= threshold else "Tidak Sesuai", score)
    for field in EXACT:
        if asked.get(field) not in (None, ""):
            a, b = plain(asked[field]), plain(record.get(field, ""))
            if field.startswith("NO_") and field != "NO_KK":
                a, b = a.lstrip("0"), b.lstrip("0")
            answer[field] = "Sesuai" if a == b else "Tidak Sesuai"
    return answer


class Registry:
    """Questions to answers, without any transport. Safe from several threads."""

    def __init__(self, population, user, password, quota, error_key="RESPON"):
        self.population, self.user, self.password, self.error_key = population, user, password, error_key
        self.lock, self.quota, self.answers = threading.Lock(), quota, collections.Counter()

    def ask(self, body, forced=None):
        content = self._content(body, forced)
        with self.lock:
            self.answers[content.get("RESPONSE_CODE", "01")] += 1
            left = self.quota
        return {"content": [content], "lastPage": True, "numberOfElements": 1, "sort": None, "totalElements": 1,
                "firstPage": True, "number": 0, "size": 1, "quotaLimiter": left}

    def _error(self, code):
        return {"RESPONSE_CODE": code, self.error_key: ERRORS[code]}

    def _content(self, body, forced):
        upper = {str(key).upper(): value for key, value in body.items()}
        if not (upper.get("USER_ID") and upper.get("PASSWORD") and upper.get("IP_USER")):
            return self._error("09")
        if forced == "login" or (upper["USER_ID"], upper["PASSWORD"]) != (self.user, self.password):
            return self._error("03")
        nik = str(upper.get("NIK") or "")
        match_only = set(upper) - {"NIK", "USER_ID", "PASSWORD", "IP_USER", "TRANSACTIONID"}
        threshold = str(upper.get("TRESHOLD", "100"))
        if not nik or match_only and not (threshold.isascii() and threshold.isdigit() and 1 <= int(threshold) <= 100):
            return self._error("07")
        with self.lock:
            if forced == "quota" or self.quota <= 0:
                return self._error("05")
            self.quota -= 1
        if not well_formed(nik):
            return self._error("15")
        record = self.population.find(nik)
        if record is None:
            return self._error("13")
        if "RESPONSE_CODE" in record:
            return self._error(record["RESPONSE_CODE"])
        upper["NIK"] = nik
        return match(record, upper, int(threshold)) if match_only else record


class Connection(socketserver.BaseRequestHandler):
    """One keep-alive connection. Only as much HTTP as clients of this service speak; the library's parser takes most of
    the time of a request otherwise."""

    def handle(self):
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader = self.request.makefile("rb")
        try:
            while self.one():
                pass
        except (OSError, ValueError):
            pass  # the client went away, or does not speak HTTP
        finally:
            self.reader.close()

    def one(self):
        line = self.reader.readline(4096)
        if not line:
            return False
        method, target, version = line.decode("latin-1").split()
        length, keep, expect = 0, version != "HTTP/1.0", False
        for _ in range(HEADERS_MAX):
            header = self.reader.readline(8192)
            if header in (b"\r\n", b"\n", b""):
                break
            name, _, value = header.partition(b":")
            name, value = name.strip().lower(), value.strip().lower()
            if name == b"content-length":
                length = int(value)
            elif name == b"connection":
                keep = value == b"keep-alive" if value in (b"close", b"keep-alive") else keep
            elif name == b"expect":
                expect = value == b"100-continue"
        else:
            return False
        if not 0 <= length <= BODY_MAX:
            self.send(413, b"text/html", PAGE, False)
            return False
        if expect:
            self.request.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return self.answer(method, target, self.reader.read(length), keep) and keep

    def answer(self, method, target, body, keep):
        """False: close the connection."""
        server = self.server
        if target.startswith("/_"):
            return self.control(target, keep)
        if not target.startswith("/dukcapil/get_json/") or target.count("/") < 4:
            return self.send(404, b"text/html", PAGE, keep)
        if method != "POST":
            return self.send(405, b"text/html", PAGE, keep)
        server.count("requests")
        kind, seconds = server.faults.draw()
        if kind:
            server.count("fault_" + kind)
        if kind in ("timeout", "slow"):
            server.stopping.wait(seconds)
            if kind == "timeout":
                return False
        if kind in ("500", "html"):
            return self.send(500 if kind == "500" else 200, b"text/html", PAGE, keep)
        try:
            question = json.loads(body)
        except ValueError:
            question = None
        if not isinstance(question, dict):
            return self.send(400, b"text/html", PAGE, keep)
        return self.send_json(server.registry.ask(question, kind), keep)

    def control(self, target, keep):
        server, url = self.server, urllib.parse.urlsplit(target)
        if url.path == "/_stats":
            return self.send_json(server.stats(), keep)
        query = dict(urllib.parse.parse_qsl(url.query))
        try:
            if url.path != "/_fault" or query.get("kind") not in KINDS + ("none",):
                raise ValueError
            server.faults.set(query["kind"], float(query.get("rate", 1)),
                              int(query["count"]) if "count" in query else None,
                              float(query["seconds"]) if "seconds" in query else None)
        except ValueError:
            return self.send(400, b"text/html", PAGE, keep)
        return self.send_json({"faults": {kind: fault[0] for kind, fault in server.faults.active.items()}}, keep)

    def send_json(self, value, keep):
        return self.send(200, b"application/json", json.dumps(value, separators=(",", ":")).encode(), keep)

    def send(self, status, kind, body, keep):
        self.request.sendall(b"HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: %s\r\n\r\n%s" % (
            status, b"OK" if status == 200 else b"Error", kind, len(body), b"keep-alive" if keep else b"close", body))
        return keep


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, address, registry, seed=1):
        super().__init__(address, Connection)
        self.registry, self.faults, self.stopping = registry, Faults(seed), threading.Event()
        self.lock, self.counts = threading.Lock(), collections.Counter()

    def count(self, name):
        with self.lock:
            self.counts[name] += 1

    def stats(self):
        with self.lock, self.registry.lock:
            return {**self.counts, "answers": dict(self.registry.answers), "quota": self.registry.quota}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--population", required=True, help="penduduk.jsonl")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000, help="0: any free one (default %(default)s)")
    parser.add_argument("--port-file", help="the port is written here once requests are taken")
    parser.add_argument("--user", default="demo")
    parser.add_argument("--quota", type=int, default=10_000_000, help="answers until 05 (default %(default)s)")
    parser.add_argument("--error-key", choices=("RESPON", "RESPONSE", "RESPONSE_DESC"), default="RESPON")
    parser.add_argument("--seed", type=int, default=1, help="of the faults")
    parser.add_argument("--fault", action="append", default=[], metavar="KIND=RATE", help="as /_fault, from the start")
    args = parser.parse_args()
    registry = Registry(Population(args.population), args.user, os.environ.get("DUKCAPIL_PASSWORD", "demo-saja"),
                        args.quota, args.error_key)
    server = Server((args.host, args.port), registry, args.seed)
    for fault in args.fault:
        kind, _, rate = fault.partition("=")
        if kind not in KINDS:
            parser.error("--fault: one of " + ", ".join(KINDS))
        server.faults.set(kind, float(rate or 1))

    def stop(*_):
        server.stopping.set()
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if args.port_file:
        with open(args.port_file + ".tmp", "w", encoding="ascii") as file:
            file.write("%d\n" % server.server_address[1])
        os.replace(args.port_file + ".tmp", args.port_file)
    print("Dukcapil stand-in on http://%s:%d, %d persons" % (*server.server_address, len(registry.population.offsets)))
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.2)
    server.server_close()


if __name__ == "__main__":
    main()
