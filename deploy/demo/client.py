"""The HTTP API as the demonstration's people use it: one signed-in person, repeats under the same key."""

import http.client
import json
import threading
import time
import urllib.parse
import uuid

AWAY_SECONDS = 2.0  # the longest pause while a service is away: most are back within it


class Refused(Exception):
    def __init__(self, method, path, status, body):
        self.status = status
        try:
            self.problem = json.loads(body)
        except ValueError:
            self.problem = {}
        detail = self.problem.get("detail") or self.problem.get("title") or body[:200]
        super().__init__(f"{method} {path}: {status} {detail}")

    @property
    def code(self):
        return self.problem.get("code", "")


def pause_before_repeat(status, headers):
    """Seconds, or None when the answer is final. A service may be back sooner than it said; a quota never is."""
    after = headers.get("retry-after")
    if status in (503, 504):
        return min(float(after or 1), AWAY_SECONDS)
    return float(after) if status == 429 and after else None


class Client:
    """Thread-safe: each thread keeps a connection of its own."""

    def __init__(self, url, token=None):
        parts = urllib.parse.urlsplit(url)
        self.host, self.port = parts.hostname, parts.port or 80
        self.token = token
        self.local = threading.local()

    def sign_in(self, login, password):
        self.token = self.call("POST", "/v1/session", {"login": login, "password": password})["token"]
        return self

    def pause(self, seconds):
        time.sleep(seconds)

    def exchange(self, method, path, body, headers):
        connection = getattr(self.local, "connection", None)
        if connection is None:
            connection = self.local.connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, dict((k.lower(), v) for k, v in answer.getheaders()), answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            self.local.connection = None
            raise

    def raw(self, method, path, body=None, key=None, match=None, media="application/json", patience=60):
        """status, headers, bytes. Repeats under the same key while the answer is lost, 503 or 504, and after a 429 once
        the time that it names is over; not when that is past our patience."""
        headers = {"Accept": "application/json", "Content-Type": media}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if method != "GET":
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
        if match is not None:
            headers["If-Match"] = f'"{match}"'
        until = time.monotonic() + patience
        while True:
            try:
                status, received, answer = self.exchange(method, path, body, headers)
                pause = pause_before_repeat(status, received)
                if pause is None or time.monotonic() + pause > until:
                    return status, received, answer
            except (OSError, http.client.HTTPException):
                if time.monotonic() > until:
                    raise
                pause = 0.2
            self.pause(pause)

    def call(self, method, path, body=None, **options):
        """The JSON of a 2xx answer; Refused otherwise."""
        data = None if body is None else json.dumps(body).encode()
        status, _, answer = self.raw(method, path, data, **options)
        if not 200 <= status < 300:
            raise Refused(method, path, status, answer)
        return json.loads(answer) if answer else {}

    def get(self, path, **query):
        if query:
            path += "?" + urllib.parse.urlencode(query)
        return self.call("GET", path)

    def post(self, path, body=None, **options):
        return self.call("POST", path, body or {}, **options)

    def all(self, path, field, **query):
        """Every item of a list, page by page."""
        cursor = ""
        while True:
            page = self.get(path, **query, limit=200, **({"cursor": cursor} if cursor else {}))
            yield from page.get(field, [])
            cursor = page.get("next_cursor", "")
            if not cursor:
                return

    def upload(self, data, media):
        status, _, answer = self.raw("POST", "/v1/files", data, media=media)
        if not 200 <= status < 300:
            raise Refused("POST", "/v1/files", status, answer)
        return json.loads(answer)["file_sha256"]

    def download(self, path):
        status, _, answer = self.raw("GET", path)
        if status != 200:
            raise Refused("GET", path, status, answer)
        return answer
