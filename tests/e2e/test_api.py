"""The OpenAPI file against the installation that serves it, in both directions, and what it promises of every route:
strict bodies, idempotency keys, versions, problems in two languages, paging, content types, headers. Then what each
service tells its operator."""

import concurrent.futures
import gzip
import json
import re
import time
import unittest
import uuid

from support.api import Api
from support.contract import ABSENT
from support.offices import Office, Site, fill
from support.wait import wait_until

ROWS = 500
HEADERS = {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "strict-transport-security": "max-age=31536000",
}

# /metrics: the names on every page of a service with a database, on the gateway's, and what one service has besides.
SERVICE = """padan_refusals_total padan_messages_total padan_batch_messages padan_batch_seconds padan_commit_seconds
    padan_commits_unknown_total padan_races_lost_total padan_queue_depth padan_queue_oldest_seconds padan_log_entries
    padan_lag_entries padan_lag_seconds""".split()
GATEWAY = """padan_http_requests_total padan_http_answers_total padan_http_seconds padan_refusals_total padan_queue_depth
    padan_calls_total padan_lag_entries padan_lag_seconds padan_sessions padan_sessions_found_total
    padan_sessions_revoked_total padan_event_readers""".split()
OWN = {
    "validation": """padan_dukcapil_questions_total padan_dukcapil_seconds padan_dukcapil_quota_left
        padan_dukcapil_stopped""".split()
}
QUEUES = [f'padan_queue_depth{{queue="{name}"}}' for name in
          ("commands", "reads", "due", "due_later", "due_failed", "parked", "parked_for_people")]
QUEUES += [f'padan_queue_oldest_seconds{{queue="{name}"}}' for name in ("commands", "reads", "due", "parked")]
FOLLOWED = {
    "accounts": (), "intake": ("validation", "approval", "batching"), "validation": ("intake", "approval", "batching"),
    "approval": ("intake",), "batching": ("approval",), "distribution": ("batching", "accounts"),
    "journal": ("accounts", "intake", "validation", "approval", "batching", "distribution"), "gateway": ("accounts",),
}


class Conformance(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.site = Site()
        cls.addClassCleanup(cls.site.remove)
        cls.site.up()
        cls.contract = cls.site.contract()
        cls.office = Office(cls.site, 1273, "12.73", "Kota Sibolga").open()
        cls.addClassCleanup(cls.office.close)
        cls.absent = fill(cls.office)

    def api(self, operation):
        """Somebody who has the route; a session of its own where the route ends it."""
        return self.office.people[
            next(
                (r for r in ("operator", "admin", "kadis", "kabid") if operation.allows(r)),
                (operation.roles or ["admin"])[0],
            )
        ]

    def running(self, operation):
        return operation.owner in ("gateway", "imports") or operation.owner in self.site.running

    def send(self, operation, body="sample", headers=None, path=None, key=None):
        api = self.api(operation)
        if operation.id == "delete_v1_session":
            api = Api(self.site.url)
            self.addCleanup(api.close)
            api.sign_in(self.office.logins["bpjs"], self.office.password(self.office.logins["bpjs"]))
        body = operation.body() if body == "sample" else body
        return api.request(
            operation.method, path or operation.address(), body, {**operation.headers(), **(headers or {})}, key=key
        )

    def problem(self, reply, status, code=None):
        """A refusal as RFC 9457 and we want it; returns it."""
        self.assertEqual(reply.status, status, reply)
        self.assertEqual(reply.headers["content-type"], "application/problem+json", reply)
        told = reply.json()
        self.assertEqual(told["status"], status)
        for name in ("type", "title", "detail", "instance", "code"):
            self.assertTrue(told[name], f"{name} of {told}")
        self.assertTrue(told["type"].endswith(told["code"]), told)
        self.assertEqual(self.contract.undocumented({"$ref": "#/components/schemas/Problem"}, told), [])
        if code:
            self.assertEqual(told["code"], code, told)
        return told

    # ---- routes

    def test_every_documented_route_is_there(self):
        wrong = []
        for operation in self.contract.operations:
            if not self.running(operation):
                continue
            reply = self.send(operation)
            code = reply.json().get("code", "") if reply.status >= 400 else ""
            if reply.status in (405, 406, 415, 501) or reply.status >= 500 or code.startswith("http."):
                wrong.append(f"{operation!r}: {reply!r}")
            elif reply.status < 300 and reply.status not in operation.answers:
                wrong.append(f"{operation!r} answers {reply.status}, documented is {operation.answers}")
            elif reply.status >= 400:
                self.problem(reply, reply.status)
        self.assertEqual(wrong, [])

    def test_no_other_route_is_there(self):
        api, paths = self.office.people["operator"], {operation.address() for operation in self.contract.operations}
        for path in paths:
            methods = {o.method for o in self.contract.operations if o.matches(path)}
            for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - methods:
                reply = api.request(method, path, b"" if method != "GET" else None)
                self.problem(reply, 405, "http.method_refused")
                self.assertEqual(set(reply.headers["allow"].replace(" ", "").split(",")) - {"HEAD", "OPTIONS"}, methods)
            for other in (path + "/", path + "/lain"):
                if not any(o.matches(other) for o in self.contract.operations):
                    self.problem(api.request("GET", other), 404, "http.not_found")
        for path in ("/", "/v1", "/v2/applications", "/metrics", "/healthz", "/v1/Applications", "//v1/applications"):
            reply = api.request("GET", path)
            self.assertIn(reply.status, (400, 404), path)

    def test_answers_are_as_documented(self):
        wrong, seen = [], 0
        for operation in self.contract.operations:
            ids = self.office.of(operation)
            if operation.method != "GET" or not self.running(operation) or not all(ids.get(n) for n in operation.names):
                continue
            reply = self.send(operation, path=operation.address(ids))
            if self.contract.no_such_file(operation, reply):
                continue
            media = reply.headers.get("content-type", "").split(";")[0]
            self.assertEqual(reply.status, operation.answers[0], f"{operation!r} {reply!r}")
            self.assertIn(media, operation.produces, operation)
            wrong += [f"{operation!r} {what}" for what in self.contract.differences(operation, reply)]
            etag = reply.headers.get("etag")
            self.assertEqual("If-None-Match" in operation.reads, etag is not None, operation)
            if etag:
                same = self.send(operation, path=operation.address(ids), headers={"If-None-Match": f'"1", {etag}'})
                self.assertEqual((same.status, same.body, same.headers["etag"]), (304, b"", etag), operation)
                self.assertIn(304, operation.answers, operation)
            seen += 1
        self.assertEqual(wrong, [])
        self.assertGreater(seen, 12)

    def test_headers_are_read_where_documented(self):
        """Each with a value that is refused where it is read, and passed over where it is not."""
        refusals = {
            "If-Match": ("x", "gateway.if_match_malformed"),
            "Padan-After": ("x", "gateway.position_malformed"),
            "Padan-Id": ("x", "gateway.id_malformed"),
            "Padan-Tenant": ("x", "common.not_found"),
        }
        read, wrong = {name: 0 for name in refusals}, []
        for operation in self.contract.operations:
            if not self.running(operation):
                continue
            for name, (value, code) in refusals.items():
                reply = self.send(operation, path=operation.address(self.office.of(operation)), headers={name: value})
                refused = reply.status >= 400 and reply.json()["code"] == code
                read[name] += refused
                if refused != (name in operation.reads):
                    wrong.append(f"{operation!r} {name}: {reply!r}")
        self.assertEqual(wrong, [])
        self.assertTrue(all(read.values()), read)

    # ---- bodies

    def test_unknown_double_and_mistyped_fields_are_named(self):
        for operation in self.contract.operations:
            if (
                operation.media != "application/json"
                or not self.running(operation)
                or operation.id == "post_v1_session"
            ):
                continue
            body = operation.body()
            told = self.problem(self.send(operation, {**body, "tak_dikenal": 1}), 400, "gateway.body_malformed")
            self.assertIn("/tak_dikenal", [error["pointer"] for error in told["errors"]], operation)
            for name, value in body.items():
                text = json.dumps(body)[:-1] + f', "{name}": {json.dumps(value)}}}'
                told = self.problem(self.send(operation, text.encode(), {"Content-Type": "application/json"}), 400)
                self.assertIn(f"/{name}", [error["pointer"] for error in told["errors"]], operation)
                for other in (
                    [[]] if not isinstance(value, list) else {"a": 1},
                    1.5 if not isinstance(value, str) else {},
                ):
                    told = self.problem(self.send(operation, {**body, name: other}), 400, "gateway.body_malformed")
                    self.assertTrue(told["errors"][0]["pointer"].startswith(f"/{name}"), told)
                    self.assertTrue(told["errors"][0]["detail"], told)
                if isinstance(value, dict):
                    told = self.problem(self.send(operation, {**body, name: {**value, "x": 1}}), 400)
                    self.assertIn(f"/{name}/x", [error["pointer"] for error in told["errors"]], operation)
                if isinstance(value, list) and isinstance(value[0], dict):
                    told = self.problem(self.send(operation, {**body, name: [value[0], {**value[0], "x": 1}]}), 400)
                    self.assertIn(f"/{name}/1/x", [error["pointer"] for error in told["errors"]], operation)
            for text in (
                b"",
                b"{",
                b"[]",
                b"null",
                b"1",
                b'{"a":1} {}',
                b"\xef\xbb\xbf{}",
                b'{"\xff":1}',
                b'{"a":NaN}',
            ):
                if not body and not text:
                    continue
                self.problem(self.send(operation, text, {"Content-Type": "application/json"}), 400)

    def test_content_types(self):
        for operation in self.contract.operations:
            if operation.media != "application/json" or operation.id == "post_v1_session":
                continue
            body = json.dumps(operation.body()).encode()
            if body == b"{}":
                continue
            for media in ("text/plain", "application/xml", "application/jsonx", "application/json; charset=latin1"):
                self.problem(self.send(operation, body, {"Content-Type": media}), 415, "http.media_type")
        entered, path = json.dumps(self.office.family()).encode(), "/v1/applications"
        officer = self.office.people["kelurahan"]
        made = officer.request("POST", path, entered, {"Content-Type": "application/json; charset=UTF-8"})
        self.assertEqual(made.status, 201, made)
        packed = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        self.problem(officer.request("POST", path, gzip.compress(entered), packed), 415, "http.content_coding")
        self.problem(
            officer.request("GET", path, b"{}", {"Content-Type": "application/json"}), 400, "http.body_unexpected"
        )
        for data, status in (
            (b"MZ\x90\x00" + bytes(100), 415),
            (b"GIF89a" + bytes(20), 415),
            (b"\x7fELF" + bytes(99), 415),
            (b"", 422),
            (b"nik;nama\n1;2\n", 201),
            (b"%PDF-1.4\n%%EOF\n", 201),
        ):
            reply = officer.request("POST", "/v1/files", data, {"Content-Type": "application/pdf"})
            self.assertEqual(reply.status, status, f"{data!r} {reply!r}")

    def test_limits_of_bodies_and_addresses(self):
        officer = self.office.people["kelurahan"]
        for path, limit in (("/v1/keys", 64 << 10), ("/v1/applications", 256 << 10)):
            body = b'{"track":"' + b"x" * (limit + 1) + b'"}'
            api = self.office.people["admin"] if path == "/v1/keys" else officer
            reply = api.request("POST", path, body, {"Content-Type": "application/json"})
            self.problem(reply, 413, "http.body_too_large")
        self.problem(officer.request("GET", "/v1/applications?tak=1"), 400, "http.query_unknown")
        self.problem(officer.request("GET", "/v1/applications?limit=1&limit=2"), 400, "http.query_double")
        self.problem(officer.request("GET", "/v1/applications/" + "a" * 3000), 414, "http.target_too_long")
        for limit in ("-1", "x", "1.5", "99999999999", "%31%00"):
            self.problem(officer.request("GET", f"/v1/applications?limit={limit}"), 400)
        for word in ("bukan-uuid", "%2e%2e", ABSENT[:-1], "0" * 32):
            self.assertIn(officer.request("GET", f"/v1/applications/{word}").status, (400, 404), word)
        family = self.office.family()
        family["members"] *= 31
        self.problem(officer.request("POST", "/v1/applications", family), 422)

    # ---- keys

    def test_a_change_needs_a_key(self):
        for operation in self.contract.operations:
            if not operation.keyed:
                continue
            api = self.api(operation)
            kept, api.headers = api.headers, {**api.headers}
            try:
                for key in (None, "", "dua kata", "x" * 201, "kunci\x7f"):
                    reply = self.without_key(api, operation, key)
                    self.assertEqual(reply.status, 400, f"{operation!r} {key!r} {reply!r}")
                    self.assertIn(
                        self.problem(reply, 400)["code"],
                        ("gateway.key_missing", "gateway.key_malformed", "http.header_malformed"),
                    )
            finally:
                api.headers = kept

    @staticmethod
    def without_key(api, operation, key):
        """As Api.request, which always sends one."""
        headers = {**api.headers, **operation.headers()}
        body = operation.body()
        if not isinstance(body, bytes):
            body, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        if key is not None:
            headers["Idempotency-Key"] = key
        return api.exchange(operation.method, operation.address(), body, headers)

    def test_the_same_key_is_the_same_answer(self):
        officer, body, key = self.office.people["kelurahan"], self.office.family(), str(uuid.uuid4())
        first = officer.expect("POST", "/v1/applications", 201, body=body, key=key)
        for _ in range(3):
            again = officer.expect("POST", "/v1/applications", 201, body=body, key=key)
            self.assertEqual(
                (again.body, again.headers["etag"], again.headers["location"]),
                (first.body, first.headers["etag"], first.headers["location"]),
            )
        self.problem(
            officer.request("POST", "/v1/applications", self.office.family(), key=key), 422, "common.key_reused"
        )
        other = officer.request("POST", f"{first.headers['location']}/withdraw", {"reason": "uji"}, key=key)
        self.assertEqual(other.status, 200, other)  # keys are per route
        again = officer.request("POST", f"{first.headers['location']}/withdraw", {"reason": "uji"}, key=key)
        self.assertEqual((again.status, again.body), (200, other.body))
        refused = officer.request("POST", f"{first.headers['location']}/withdraw", {"reason": "lagi"}, key="tetap")
        same = officer.request("POST", f"{first.headers['location']}/withdraw", {"reason": "lagi"}, key="tetap")
        self.assertEqual((refused.status, same.status, refused.json()["code"]), (409, 409, same.json()["code"]))

    def test_many_at_once_with_one_key_are_one(self):
        body, key = self.office.family(), str(uuid.uuid4())
        token = self.office.people["kelurahan"].headers["Authorization"].split()[1]

        def send(_):
            api = Api(self.site.url, token=token)
            try:
                return wait_until(
                    lambda: (lambda r: r if r.status != 503 else None)(
                        api.request("POST", "/v1/applications", body, key=key)
                    ),
                    20,
                )
            finally:
                api.close()

        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            replies = list(pool.map(send, range(24)))
        self.assertEqual({(reply.status, reply.body) for reply in replies}, {(201, replies[0].body)})

    # ---- versions

    def test_versions(self):
        officer, body = self.office.people["kelurahan"], self.office.family()
        made = officer.expect("POST", "/v1/applications", 201, body=body)
        path = made.headers["location"]
        self.problem(officer.request("PUT", path, body), 428, "gateway.if_match_missing")
        for match in ("1", '"x"', 'W/"1"', '"0"', '"1", "2"', '""', '"99999999999999999999"'):
            self.problem(officer.request("PUT", path, body, {"If-Match": match}), 400, "gateway.if_match_malformed")
        self.problem(officer.request("PUT", path, body, {"If-Match": '"7"'}), 412, "common.stale")
        body["address"]["street"] = "Jalan Lain"
        changed = officer.expect("PUT", path, 200, body=body, headers={"If-Match": made.headers["etag"]})
        self.assertNotEqual(changed.headers["etag"], made.headers["etag"])
        self.problem(officer.request("PUT", path, body, {"If-Match": made.headers["etag"]}), 412, "common.stale")
        view = officer.expect("GET", path, 200)
        self.assertEqual(view.headers["etag"].split("-")[0] + '"', changed.headers["etag"])
        same = officer.request("GET", path, headers={"If-None-Match": view.headers["etag"]})
        self.assertEqual((same.status, same.body), (304, b""))
        self.assertEqual(same.headers["etag"], view.headers["etag"])
        for other in (made.headers["etag"], changed.headers["etag"]):  # of changes: what they answer is another body
            self.assertEqual(officer.request("GET", path, headers={"If-None-Match": other}).status, 200)
        self.problem(officer.request("PUT", path, body, {"If-Match": '"1-' + view.headers["etag"][3:]}), 412)
        any_version = officer.request("POST", f"{path}/withdraw", {"reason": "uji"}, {"If-Match": "*"})
        self.assertEqual(any_version.status, 200, any_version)

    # ---- words

    def test_problems_speak_the_readers_language(self):
        def told(language):
            api = Api(self.site.url, language=language)
            try:
                return api.request("GET", "/v1/applications")
            finally:
                api.close()

        indonesian, english = told(None), told("en")
        self.assertIn("masuk", self.problem(indonesian, 401)["detail"])
        self.assertIn("sign in", self.problem(english, 401)["detail"])
        for language, same in (
            ("id", indonesian),
            ("id-ID,id;q=0.9,en;q=0.8", indonesian),
            ("fr", indonesian),
            ("", indonesian),
            ("en-GB, id;q=0.5", english),
            ("id;q=0.1, en;q=0.9", english),
            ("de, en;q=0.4", english),
            ("*", indonesian),
            ("q=;;,,", indonesian),
        ):
            reply = told(language)
            self.assertEqual(reply.json()["detail"], same.json()["detail"], language)
            self.assertEqual(reply.headers["content-language"], same.headers["content-language"], language)
            self.assertIn("accept-language", reply.headers["vary"].lower())

    # ---- lists

    def pages(self, api, path, field, limit, **headers):
        cursor, joint = "", "&" if "?" in path else "?"
        while True:
            page = api.get(f"{path}{joint}limit={limit}" + (f"&cursor={cursor}" if cursor else ""), headers=headers)
            self.assertLessEqual(len(page[field]), limit)
            yield page[field]
            cursor = page.get("next_cursor", "")
            if not cursor:
                return

    def test_pages_have_no_gaps_and_no_repeats(self):
        token = self.office.people["operator"].headers["Authorization"].split()[1]
        place = f"{self.office.code}.03.1001"
        families = [self.office.family(village=place) for _ in range(ROWS + 20)]

        def enter(part):
            api = Api(self.site.url, token=token)
            try:
                return [api.post("/v1/applications", family, 201)["application_id"] for family in part]
            finally:
                api.close()

        with concurrent.futures.ThreadPoolExecutor(10) as pool:
            made = {i for ids in pool.map(enter, [families[n:ROWS:10] for n in range(10)]) for i in ids}
        self.assertEqual(len(made), ROWS)
        operator, path = self.office.people["operator"], f"/v1/applications?place={place}"
        for limit in (37, 200):
            lines, new = [], families[ROWS : ROWS + 10] if limit == 37 else families[ROWS + 10 :]
            for number, page in enumerate(self.pages(operator, path, "applications", limit)):
                lines += page
                if number == 1:  # what comes meanwhile must not shift the pages behind it
                    enter(new)
            seen = [line["application_id"] for line in lines]
            self.assertEqual(len(seen), len(set(seen)), "a row twice")
            self.assertEqual(made - set(seen), set(), "rows left out")
            self.assertEqual(
                [line["entered_at"] for line in lines], sorted((l["entered_at"] for l in lines), reverse=True)
            )
        self.assertEqual(len(operator.get(f"{path}&limit=1000")["applications"]), 200)
        self.assertEqual(len(operator.get(path)["applications"]), 50)
        for cursor in ("x", "AAAA", "%22", "A" * 500):
            self.problem(operator.request("GET", f"{path}&cursor={cursor}"), 400, "common.cursor_malformed")

    def test_every_list_can_be_read_line_by_line(self):
        walked = 0
        for operation in self.contract.operations:
            field, ids = operation.list_field(), self.office.of(operation)
            if (
                not field
                or operation.method != "GET"
                or not self.running(operation)
                or not all(ids.get(name) for name in operation.names)
            ):
                continue
            api, path = self.api(operation), operation.address(ids)
            whole = [json.dumps(line) for page in self.pages(api, path, field, 200) for line in page]
            if len(whole) > 60:
                continue
            single = [json.dumps(line) for page in self.pages(api, path, field, 1) for line in page]
            self.assertEqual(single, whole, operation)
            walked += len(whole) > 1
            reply = api.request("GET", f"{path}?cursor=bukan-penanda")
            self.assertEqual(reply.status, 400, f"{operation!r} {reply!r}")
        self.assertGreater(walked, 0)

    def test_events_are_numbered_without_gaps(self):
        if "journal" not in self.site.running:
            self.skipTest("no journal yet")
        auditor, numbers = self.office.people["auditor"], []
        while True:
            page = auditor.get(f"/v1/events?after={numbers[-1] if numbers else 0}&limit=7")
            if not page["events"]:
                break
            self.assertLessEqual(len(page["events"]), 7)
            numbers += [event["number"] for event in page["events"]]
            if len(numbers) > 300:
                break
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        self.assertGreater(len(numbers), 5)
        start = time.monotonic()
        head = auditor.get("/v1/totals")["head"]
        self.assertEqual(auditor.get(f"/v1/events?after={head + 1000000}&wait_ms=300")["events"], [])
        self.assertLess(time.monotonic() - start, 5)

    # ---- headers

    def test_every_answer_is_careful_with_browsers(self):
        operator = self.office.people["operator"]
        stranger = Api(self.site.url)
        self.addCleanup(stranger.close)
        for api, path in (
            (operator, "/v1/applications"),
            (operator, "/v1/inbox"),
            (operator, "/lain"),
            (stranger, "/v1/people"),
            (operator, f"/v1/applications/{ABSENT}"),
            (operator, "/v1/applications/%00"),
            (operator, f"/v1/applications/{self.office.ids['application_id']}/papers/{self.office.ids['file_sha256']}"),
        ):
            reply = api.request("GET", path)
            for name, value in HEADERS.items():
                self.assertEqual(reply.headers.get(name), value, f"{name} of {path}: {reply!r}")
            self.assertTrue(reply.headers["x-request-id"])
            self.assertNotIn("server", reply.headers)
            self.assertNotIn("access-control-allow-origin", reply.headers)
        paper = reply
        self.assertTrue(paper.headers["content-disposition"].startswith("attachment;"), paper.headers)

    def test_a_cookie_is_only_for_our_own_pages(self):
        login, site = self.office.logins["auditor"], {"Sec-Fetch-Site": "same-origin"}
        browser = Api(self.site.url)
        self.addCleanup(browser.close)
        body = {"login": login, "password": self.office.password(login), "cookie": True}
        self.problem(
            browser.request("POST", "/v1/session", body, {"Sec-Fetch-Site": "cross-site"}), 403, "gateway.cross_site"
        )
        self.problem(
            browser.request("POST", "/v1/session", body, {"Origin": "https://lain.example"}), 403, "gateway.cross_site"
        )
        signed = browser.expect("POST", "/v1/session", 201, body=body, headers=site)
        self.assertFalse(signed.json().get("token"))
        cookie = signed.headers["set-cookie"]
        for word in ("__Host-padan=", "Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
            self.assertIn(word, cookie)
        self.assertNotIn("Domain", cookie)
        browser.headers["Cookie"] = "lain=1; " + cookie.split(";")[0]
        self.assertEqual(browser.get("/v1/session")["grants"][0]["role"], "auditor")
        for headers in (
            {},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "http://127.0.0.1.lain.example"},
            {"Origin": "null"},
        ):
            self.problem(browser.request("POST", "/v1/search", {"text": "siti"}, headers), 403, "gateway.cross_site")
        ended = browser.request("DELETE", "/v1/session", headers=site)
        self.assertEqual(ended.status, 204, ended)
        self.assertIn("Max-Age=0", ended.headers["set-cookie"])
        self.problem(browser.request("GET", "/v1/session"), 401)

    # ---- what each service tells its operator

    def page(self, name):
        """Its /metrics: the names that are declared, and series → value."""
        told = (self.site.var / "etc" / f"{name}.conf").read_text()
        address = re.search(r"^page *= *(\S+)$", told, re.MULTILINE)[1]
        api = Api(f"http://{address}")
        self.addCleanup(api.close)
        lines = api.expect("GET", "/metrics", 200).body.decode().splitlines()
        names = [line.split()[2] for line in lines if line.startswith("# TYPE ")]
        return names, dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))

    def test_every_page_shows_the_figures_of_its_service(self):
        for name in self.site.running:
            with self.subTest(name):
                names, series = self.page(name)
                needed = [f'padan_lag_{what}{{log="{log}"}}' for log in FOLLOWED[name] for what in ("entries", "seconds")]
                if name == "gateway":
                    self.assertCountEqual(names, GATEWAY)
                    needed += ['padan_queue_depth{queue="calls"}', 'padan_queue_depth{queue="uploads"}']
                else:
                    self.assertCountEqual(names, SERVICE + OWN.get(name, []))
                    needed += [*QUEUES, "padan_log_entries", "padan_commit_seconds_count"]
                    self.assertTrue([s for s in series if s.startswith("padan_batch_messages_count{source=")], series)
                self.assertEqual([s for s in needed if s not in series], [])

    def test_refusals_are_counted_by_reason(self):
        api = self.office.people["operator"]
        reply = api.request("GET", f"/v1/applications/{ABSENT}")
        told, code = self.problem(reply, 404)["code"], 'padan_refusals_total{code="%s"}'
        for name in ("gateway", "intake"):
            before = float(self.page(name)[1][code % told])
            self.problem(api.request("GET", f"/v1/applications/{ABSENT}"), 404)
            self.assertGreater(float(self.page(name)[1][code % told]), before, name)


if __name__ == "__main__":
    unittest.main()
