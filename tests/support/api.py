"""A client of the HTTP API: JSON in and out, an idempotency key on every change, the same key when it repeats."""

import base64
import hashlib
import http.client
import json
import os
import urllib.parse
import uuid


def forged(kind):
    """A token of the right shape and checksum that nobody was given."""
    secret = os.urandom(32)
    total = hashlib.blake2b(kind.encode() + secret, digest_size=32).digest()[:4]
    return kind + base64.urlsafe_b64encode(secret + total).decode().rstrip("=")


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers  # names in lower case
        self.body = body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


class Refused(AssertionError):
    """An answer other than the one expected."""

    def __init__(self, method, path, reply):
        super().__init__(f"{method} {path}: {reply!r}")
        self.reply = reply


class Api:
    """One person's or program's view: base URL and credentials. Not thread-safe: one connection, kept alive."""

    def __init__(self, url, token=None, language=None, timeout=30.0):
        parts = urllib.parse.urlsplit(url)
        self.host, self.port, self.timeout = parts.hostname, parts.port or 80, timeout
        self.headers = {"Accept": "application/json"}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"
        if language:
            self.headers["Accept-Language"] = language
        self.connection = None

    def sign_in(self, login, password):
        """From here on as this person; returns what the answer says of them."""
        session = self.post("/v1/session", {"login": login, "password": password})
        self.headers["Authorization"] = f"Bearer {session['token']}"
        return session

    def upload(self, data):
        """The SHA-256 of the stored bytes."""
        return self.post("/v1/files", data)["file_sha256"]

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def request(self, method, path, body=None, headers=None, key=None):
        """One exchange, whatever the status. body: bytes as they are, anything else as JSON.

        Raises OSError or http.client.HTTPException when no whole answer came; then nothing is known of the effect."""
        sent = dict(self.headers)
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        if method in ("POST", "PUT", "PATCH", "DELETE"):
            sent["Idempotency-Key"] = key or str(uuid.uuid4())
        sent.update(headers or {})
        return self.exchange(method, path, body, sent)

    def exchange(self, method, path, body, sent):
        """The same with exactly these headers; body: bytes or None."""
        try:
            if not self.connection:
                self.connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
            self.connection.request(method, path, body, sent)
            answer = self.connection.getresponse()
            reply = Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if reply.headers.get("connection", "").lower() == "close":
            self.close()
        return reply

    def expect(self, method, path, *statuses, **arguments):
        """The same, and Refused unless the status is one of those given (default: any 2xx)."""
        reply = self.request(method, path, **arguments)
        good = reply.status in statuses if statuses else 200 <= reply.status < 300
        if not good:
            raise Refused(method, path, reply)
        return reply

    def get(self, path, *statuses, **arguments):
        return self.expect("GET", path, *statuses, **arguments).json()

    def post(self, path, body=None, *statuses, **arguments):
        reply = self.expect("POST", path, *statuses, body=body, **arguments)
        return reply.json() if reply.body else None
