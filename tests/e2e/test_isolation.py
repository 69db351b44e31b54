"""Route × role × foreign id, generated from the OpenAPI file of a running installation: what belongs to another kota is
not found, whoever asks; the same requests of the owner's people are answered, so that this can fail."""

import time
import unittest

from support.api import Api, forged
from support.contract import ABSENT
from support.offices import MARK, ROLES, Office, Site, fill, services_present
from support.wait import wait_until

IMPORTERS = ("intake", "validation", "batching")


def later(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


class Isolation(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.site = Site()
        cls.addClassCleanup(cls.site.remove)
        cls.site.up()
        cls.contract = cls.site.contract()
        cls.ours = Office(cls.site, 1274, "12.74", "Kota Tebing Tinggi").open()
        cls.theirs = Office(cls.site, 1273, "12.73", "Kota Sibolga", mark=MARK).open()
        cls.addClassCleanup(lambda: [office.close() for office in (cls.ours, cls.theirs)])
        cls.absent = fill(cls.theirs)
        fill(cls.ours)
        print(
            f"running: {', '.join(cls.site.running)}; not made for want of their service: "
            f"{', '.join(cls.absent) or 'none'}",
            flush=True,
        )

    # ---- what every answer to a stranger must be

    def served(self, operation):
        owners = IMPORTERS if operation.owner == "imports" else (operation.owner,)
        return all(owner == "gateway" or owner in self.site.running for owner in owners)

    def quiet(self, reply, what):
        """Nothing of theirs in an answer: no mark, number, name, password, nor an id that was not asked for."""
        text = reply.body.decode("latin-1") + str(reply.headers)
        self.assertNotIn(MARK, text, what)
        for secret in self.theirs.secrets:
            self.assertNotIn(secret, text, what)

    def send(self, api, operation, ids, headers=None):
        return api.request(
            operation.method,
            operation.address(ids),
            self.body(operation, ids),
            {**operation.headers(), **(headers or {})},
        )

    def body(self, operation, ids):
        """One that the owner would take, so that nothing but whose it is can refuse it."""
        if operation.id == "put_v1_applications_application_id":
            return self.ours.family(number=8000)
        if operation.id == "post_v1_applications_application_id_papers":
            return {
                "paper": {
                    "kind": "kk",
                    "file_sha256": self.ours.ids["file_sha256"],
                    "media_type": "application/pdf",
                    "size": 100,
                }
            }
        if operation.id == "put_v1_people_person_id_grants":
            return {"grants": [{"tenant": self.ours.tenant, "role": "auditor"}]}
        if operation.id == "post_v1_people_person_id_password":
            return {"new_password": "sandi-baru-sekali-9"}
        return operation.body(ids)

    def with_ids(self, method=None):
        return [o for o in self.contract.operations if o.names and (method is None or o.method == method)]

    # ---- tests

    def test_every_kind_of_a_running_service_was_made(self):
        possible = {name for names in self.absent.values() for name in names}
        missing = {
            f"{operation!r} {name}"
            for operation in self.with_ids()
            if self.served(operation)
            for name in operation.names
            if not self.theirs.of(operation).get(name) and name not in possible
        }
        self.assertEqual(missing, set(), "ids that a running service has and nobody made")
        self.assertEqual([row[0] for row in services_present()], self.site.running)

    def test_what_is_theirs_is_not_found_by_any_role_on_any_route(self):
        tried, found = 0, []
        for operation in self.with_ids():
            for role in (*ROLES, "kelurahan2"):
                reply = self.send(self.ours.people[role], operation, self.theirs.of(operation))
                tried += 1
                self.quiet(reply, f"{role} {operation!r}")
                name = role.rstrip("2")
                allowed = {404} if operation.allows(name) else {403, 404}
                if not self.served(operation):
                    allowed = allowed | {503}
                if reply.status not in allowed:
                    found.append(f"{role} {operation!r}: {reply!r}")
        self.assertEqual(found, [])
        self.assertGreater(tried, 300)

    def test_a_role_without_the_route_does_nothing(self):
        """Of every route without an id, what is sent being fine; those with ids are tried on things that are there."""
        wait_until(lambda: self.picture(self.ours) == self.picture(self.ours), 20, "our things to stand still")
        tried, found, before = 0, [], self.picture(self.ours)
        for operation in self.contract.operations:
            if operation.names or not operation.roles or not self.served(operation):
                continue
            for role in ROLES:
                if operation.allows(role):
                    continue
                reply = self.send(self.ours.people[role], operation, self.ours.of(operation))
                tried += 1
                if (reply.status, reply.json().get("code")) != (403, "common.forbidden"):
                    found.append(f"{role} {operation!r}: {reply!r}")
        self.assertEqual(found, [])
        self.assertGreater(tried, 80)
        self.assertEqual(self.picture(self.ours), before)

    def test_naming_their_tenant_opens_nothing(self):
        found = []
        for operation in self.contract.operations:
            if operation.open or not any(p["name"] == "Padan-Tenant" for p in operation.parameters):
                continue
            for role in ("admin", "operator", "auditor"):
                for headers, query in (
                    ({"Padan-Tenant": str(self.theirs.tenant)}, ""),
                    ({}, f"?tenant={self.theirs.tenant}"),
                ):
                    body = operation.body(self.theirs.of(operation))
                    reply = self.ours.people[role].request(
                        operation.method,
                        operation.address(self.theirs.of(operation)) + query,
                        body,
                        {**operation.headers(), **headers},
                    )
                    self.quiet(reply, f"{role} {operation!r}")
                    if (reply.status, reply.json().get("code")) != (404, "common.not_found"):
                        found.append(f"{role} {operation!r} {headers} {query}: {reply!r}")
        self.assertEqual(found, [])

    def test_nobody_without_a_session_gets_anything(self):
        stranger, found = Api(self.site.url), []
        self.addCleanup(stranger.close)
        for operation in self.contract.operations:
            if operation.open:
                continue
            for token in (
                None,
                "Bearer " + forged("sesi_"),
                "Bearer " + forged("padan_"),
                "Bearer sesi_x",
                "Basic YTpi",
            ):
                reply = self.send(
                    stranger, operation, self.theirs.of(operation), {"Authorization": token} if token else None
                )
                self.quiet(reply, operation)
                if reply.status != 401:
                    found.append(f"{operation!r} {token and token[:12]}: {reply!r}")
        self.assertEqual(found, [])

    def test_their_ids_in_our_bodies_change_and_show_nothing(self):
        """References: a letter over their application, a key for their person, replies to their batch, bulks."""
        wait_until(lambda: self.picture(self.theirs) == self.picture(self.theirs), 20, "their things to stand still")
        before, found = self.picture(self.theirs), []
        for operation in self.contract.operations:
            if operation.schema.get("type") != "object" or operation.open or not self.served(operation):
                continue
            ids = {
                **self.theirs.of(operation),
                "target_id": self.theirs.ids.get("application_id"),
                "courier_id": self.theirs.persons["tksk"],
                "member_id": self.theirs.ids.get("member_id", ABSENT),
            }
            if not self.refers(operation.body(ids), ids):
                continue
            for role in ROLES:
                if not operation.allows(role):
                    continue
                body = operation.body(ids)
                self.sensible(operation, body)
                reply = self.ours.people[role].request(
                    operation.method, operation.address(self.ours.of(operation)), body, operation.headers()
                )
                self.quiet(reply, f"{role} {operation!r}")
                if reply.status == 202:
                    found += self.bulk_done(self.ours.people[role], reply)
                elif not 400 <= reply.status < 500:
                    found.append(f"{role} {operation!r} {body}: {reply!r}")
        self.assertEqual(found, [])
        self.assertEqual(self.picture(self.theirs), before)

    @staticmethod
    def refers(body, ids):
        return any(value and str(value) in str(body) for name, value in ids.items() if not name.startswith("file"))

    def sensible(self, operation, body):
        """Words where a word decides whether the id is looked at; files are known by content, not by whose they are."""
        if "act" in body:
            body["act"] = "receive"
        if operation.id == "post_v1_letters":
            body["letter"] = "rekomendasi"
        if operation.id == "post_v1_imports":
            body.update(kind="replies", file_sha256=self.ours.ids["file_sha256"], family_sha256="")
        if operation.id == "post_v1_keys":
            body["expires_at"] = later(600)

    def bulk_done(self, api, reply):
        where = reply.headers["location"]
        page = wait_until(lambda: (lambda p: p if not p.get("waiting") else None)(api.get(where)), 20, "the bulk")
        self.assertTrue(page["results"])
        return [f"{where}: {result}" for result in page["results"] if result.get("outcome") in ("ok", "done", "")]

    def test_a_taken_id_is_another_thing_here(self):
        """Ids are the sender's choice: one that exists elsewhere is free here, and touches nothing there."""
        taken = self.theirs.enter(settled=True)
        path, body = f"/v1/applications/{taken}", self.ours.family()
        before = self.theirs.people["kelurahan"].get(path)
        made = self.ours.people["kelurahan"].request("POST", "/v1/applications", body, {"Padan-Id": taken})
        self.quiet(made, "a taken id")
        self.assertEqual(made.status, 201, made)
        self.assertEqual(self.ours.people["kelurahan"].get(path)["dossier"]["kk"], body["kk"])
        self.assertEqual(self.theirs.people["kelurahan"].get(path), before)
        self.ours.people["kelurahan"].post(f"{path}/withdraw", {"reason": "uji"})
        self.assertEqual(self.theirs.people["kelurahan"].get(path), before)

    def test_a_person_of_theirs_cannot_be_claimed_with_their_id(self):
        """The same application id here must not count as the one that holds the person there."""
        number = self.theirs.number + 1
        held = self.theirs.enter(number=number)
        self.theirs.number = number
        body = self.ours.family()
        body["members"][0]["nik"] = self.theirs.family(number=number)["members"][0]["nik"]
        for headers in ({}, {"Padan-Id": held}):
            reply = self.ours.people["kelurahan"].request("POST", "/v1/applications", body, headers)
            self.assertEqual((reply.status, reply.json()["code"]), (409, "intake.claimed_elsewhere"), reply)
            self.assertNotIn(held, reply.body.decode() if not headers else "")
            self.assertNotIn(MARK, reply.body.decode())
            self.assertNotIn("1273-", reply.body.decode())

    def test_a_person_of_theirs_has_no_twin(self):
        """An administrator may choose ids; sessions and revocations know people by theirs alone."""
        for person in (self.theirs.persons["auditor"], self.ours.persons["auditor"]):
            reply = self.ours.people["admin"].request(
                "POST",
                "/v1/people",
                {
                    "login": "kembaran",
                    "name": "Kembaran",
                    "password": "sandi-kembaran-baru-1",
                    "grants": [{"tenant": self.ours.tenant, "role": "auditor"}],
                },
                {"Padan-Id": person},
            )
            self.quiet(reply, "a twin")
            self.assertEqual(reply.status, 409, reply)
        login = self.theirs.logins["auditor"]
        still = Api(self.site.url)
        self.addCleanup(still.close)
        self.assertEqual(still.sign_in(login, self.theirs.password(login))["person_id"], self.theirs.persons["auditor"])

    def test_an_administrator_grants_nothing_elsewhere(self):
        admin, grant = self.ours.people["admin"], {"tenant": self.theirs.tenant, "role": "admin"}
        reply = admin.request(
            "POST",
            "/v1/people",
            {"login": "penyusup", "name": "Penyusup", "password": "sandi-penyusup-77", "grants": [grant]},
        )
        self.assertIn(reply.status, (403, 404, 422), reply)
        for path in (self.ours.persons["kabid"], self.theirs.persons["kabid"]):
            reply = admin.request("PUT", f"/v1/people/{path}/grants", {"grants": [grant]}, {"If-Match": '"1"'})
            self.assertIn(reply.status, (403, 404, 422), reply)
        reply = self.ours.people["kabid"].request(
            "GET", "/v1/people", headers={"Padan-Tenant": str(self.theirs.tenant)}
        )
        self.assertEqual(reply.status, 404, reply)

    def test_a_role_in_one_kota_is_none_in_another(self):
        """Somebody who is an auditor of theirs and an operator of ours is no operator there."""
        admin = self.ours.people["admin"]
        login, password = "dua-kota", self.ours.password("dua-kota")
        file = self.site.dir / "both"
        file.write_text(password)
        self.site.padan(
            "person",
            "add",
            "--tenant",
            str(self.ours.tenant),
            "--login",
            login,
            "--name",
            "Orang Dua Kota",
            "--grant",
            f"{self.ours.tenant}:operator",
            "--grant",
            f"{self.theirs.tenant}:auditor",
            "--password-file",
            file,
        )
        both = Api(self.site.url)
        self.addCleanup(both.close)
        both.sign_in(login, password)
        here, there = {"Padan-Tenant": str(self.ours.tenant)}, {"Padan-Tenant": str(self.theirs.tenant)}
        path = f"/v1/applications/{self.theirs.ids['application_id']}"
        self.assertEqual(both.request("GET", path).status, 404)  # nobody named: one's own kota
        self.assertEqual(both.request("GET", path, headers={"Padan-Tenant": f"{self.theirs.tenant}x"}).status, 404)
        self.assertEqual(both.request("GET", path, headers=there).status, 200)
        self.assertEqual(both.request("GET", path, headers=here).status, 404)
        self.assertEqual(both.request("POST", f"{path}/withdraw", {"reason": "uji"}, there).status, 403)
        self.assertEqual(both.request("GET", "/v1/people", headers=there).status, 200)
        self.assertEqual(both.request("GET", "/v1/people", headers=here).status, 403)
        self.assertNotIn(MARK, admin.expect("GET", "/v1/people?limit=200").body.decode())

    def test_another_village_is_not_found(self):
        """A kelurahan officer's place is part of whose it is."""
        found, routes = [], 0
        for operation in self.with_ids():
            if (
                "application_id" not in operation.names
                or not operation.allows("kelurahan")
                or not self.served(operation)
            ):
                continue
            routes += 1
            reply = self.send(self.ours.people["kelurahan2"], operation, self.ours.of(operation))
            if reply.status != 404:
                found.append(f"{operation!r}: {reply!r}")
        self.assertEqual(found, [])
        self.assertGreaterEqual(routes, 6)
        other = self.ours.family(village=self.ours.villages[1])
        reply = self.ours.people["kelurahan"].request("POST", "/v1/applications", other)
        self.assertEqual((reply.status, reply.json()["code"]), (403, "intake.place"), reply)
        for village, key in zip(self.ours.villages, ("kelurahan", "kelurahan2")):
            page = self.ours.people[key].get("/v1/applications?limit=200")["applications"]
            self.assertEqual({line["village"] for line in page} - {village}, set())
            query = f"?place={self.ours.villages[0]}&limit=200"
            if key == "kelurahan2":
                self.assertEqual(self.ours.people[key].get(f"/v1/applications{query}")["applications"], [])

    def test_lists_show_only_ones_own(self):
        shown, found = {}, []
        for operation in self.contract.operations:
            if operation.names or operation.method != "GET" or operation.open or not self.served(operation):
                continue
            for role in ROLES:
                reply = self.ours.people[role].request("GET", operation.path + self.least_query(operation))
                self.quiet(reply, f"{role} {operation!r}")
                for name, value in {**self.theirs.ids, **self.theirs.of(operation)}.items():
                    if value in reply.body.decode("latin-1"):
                        found.append(f"{role} {operation!r} shows their {name}")
                if operation.allows(role) and reply.status == 200:
                    shown.setdefault(operation.id, set()).update(
                        v
                        for v in (*self.ours.ids.values(), *self.ours.persons.values())
                        if v in reply.body.decode("latin-1")
                    )
                elif operation.allows(role) or reply.status != 403:
                    found.append(f"{role} {operation!r}: {reply!r}")
        self.assertEqual(found, [])
        for operation in ("get_v1_people", "get_v1_applications", "get_v1_session"):
            self.assertTrue(shown[operation], f"{operation} shows nothing of our own: this test would see no leak")

    @staticmethod
    def least_query(operation):
        if operation.stream:
            return "?after=0&limit=200"
        return "?limit=200" if "limit" in operation.queries else ""

    def test_the_same_key_elsewhere_is_another_request(self):
        key, body = "kunci-yang-sama", self.theirs.family()
        first = self.theirs.people["kelurahan"].post("/v1/applications", body, 201, key=key)
        mine = self.ours.people["kelurahan"].request("POST", "/v1/applications", self.ours.family(), key=key)
        self.assertEqual(mine.status, 201, mine)
        self.assertNotEqual(mine.json()["application_id"], first["application_id"])
        colleague = self.ours.people["operator"].request("POST", "/v1/applications", self.ours.family(), key=key)
        self.assertEqual(colleague.status, 201, colleague)
        self.assertNotEqual(colleague.json()["application_id"], mine.json()["application_id"])

    def test_revoked_is_out_within_a_second(self):
        def out(api):
            return api.request("GET", "/v1/applications").status == 401

        admin = self.ours.people["admin"]
        for name, act in (
            ("keluar", lambda api, me: api.request("DELETE", "/v1/session")),
            ("pecat", lambda api, me: admin.post(f"/v1/people/{me}/disable", {"reason": "uji"})),
            ("ganti", lambda api, me: admin.post(f"/v1/people/{me}/password", {"new_password": "sandi-ganti-baru-3"})),
        ):
            leaver = self.ours.person(name, "kelurahan", self.ours.villages[0])
            watcher = Api(self.site.url, token=leaver.headers["Authorization"].split()[1])
            self.addCleanup(watcher.close)
            self.assertFalse(out(watcher), name)
            act(leaver, self.ours.persons[name])
            start = time.monotonic()
            wait_until(lambda: out(watcher), 5, f"{name} is out")  # noqa: B023 - waited for in this turn
            self.assertLess(time.monotonic() - start, 1.5, name)

    def test_keys_end_by_time_and_by_hand(self):
        admin, machine = self.ours.people["admin"], self.ours.persons["integrator"]
        short = admin.post("/v1/keys", {"person_id": machine, "name": "Sebentar", "expires_at": later(3)}, 201)
        program = Api(self.site.url, token=short["key"])
        self.addCleanup(program.close)
        self.assertEqual(program.request("GET", "/v1/session").status, 200)
        wait_until(lambda: program.request("GET", "/v1/session").status == 401, 10, "the key to expire")
        lasting = admin.post("/v1/keys", {"person_id": machine, "name": "Terlanjur", "roles": ["integrator"]}, 201)
        leaked = Api(self.site.url, token=lasting["key"])
        self.addCleanup(leaked.close)
        self.assertEqual(leaked.get("/v1/session")["grants"][0]["role"], "integrator")
        lost = next(k for k in admin.get("/v1/keys?limit=200")["keys"] if k["name"] == "Terlanjur")
        self.assertEqual(self.theirs.people["admin"].request("POST", f"/v1/keys/{lost['key_id']}/revoke", {}).status, 404)
        self.assertEqual(leaked.request("GET", "/v1/session").status, 200)
        admin.post(f"/v1/keys/{lost['key_id']}/revoke", {"reason": "bocor"})
        wait_until(lambda: leaked.request("GET", "/v1/session").status == 401, 5, "the key to be revoked")
        for changed in (short["key"][:-2] + "AA", short["key"].replace("padan_", "sesi_"), short["key"] + "A"):
            reply = program.request("GET", "/v1/session", headers={"Authorization": f"Bearer {changed}"})
            self.assertEqual(reply.status, 401, reply)

    # ---- last: the owners, so that all of the above could have failed

    def picture(self, office):
        """Everything the office's own people see of its things, each with its version."""
        auditor, seen = office.people["auditor"], {}
        for operation in self.with_ids("GET"):
            if (
                self.served(operation)
                and operation.allows("auditor")
                and all(office.of(operation).get(n) for n in operation.names)
            ):
                reply = auditor.request("GET", operation.address(office.of(operation)))
                seen[operation.id] = reply.body if reply.status == 200 else reply.json()["code"]
        people = office.people["admin"].get("/v1/people?limit=200")["people"]
        seen["people"] = [(p["login"], p["version"], str(p["grants"]), p.get("disabled")) for p in people]
        return seen

    def test_zz_the_owners_people_are_answered(self):
        """Reading first, then changing: never "not found" nor "not allowed" for who has the route, and nothing for
        others."""
        found, answered, refused = [], 0, 0
        for operation in sorted(self.with_ids(), key=lambda o: (o.method != "GET", o.path.endswith("withdraw"))):
            ids = {**self.theirs.of(operation), "person_id": self.theirs.persons["tksk2"]}
            if not self.served(operation) or not all(ids.get(name) for name in operation.names):
                continue
            for role in sorted(ROLES, key=operation.allows):
                if operation.id == "post_v1_people_person_id_password" and role != "admin":
                    continue  # one's own only; others are the administrator's
                if operation.owner == "imports" and role == "bpjs":
                    continue  # sees imports of its replies; this one is of proposals
                if operation.owner == "distribution" and role == "kelurahan":
                    continue  # sees the cards they carry; the TKSK carries this one
                reply = self.theirs.people[role].request(
                    operation.method, operation.address(ids), self.owners_body(operation), operation.headers()
                )
                if 200 <= reply.status < 300:
                    answered += 1
                    found += [f"{operation!r} {what}" for what in self.contract.differences(operation, reply)]
                refused += reply.status in (403, 404)
                code = reply.json().get("code", "") if reply.status >= 400 else ""
                wrong = code.startswith("common.") and reply.status in (401, 403, 404)  # others: by the procedure
                wrong = wrong or (operation.method == "GET" and reply.status != 200)
                wrong = wrong and not self.contract.no_such_file(operation, reply)
                if wrong if operation.allows(role) else reply.status not in (403, 404):
                    found.append(f"{role} {operation!r}: {reply!r}")
        self.assertEqual(found, [])
        self.assertGreater(answered, 20)
        self.assertGreater(refused, 20)

    def owners_body(self, operation):
        if operation.id == "put_v1_people_person_id_grants":
            return {"grants": [{"tenant": self.theirs.tenant, "role": "auditor"}]}
        if operation.id == "post_v1_people_person_id_password":
            return {"new_password": "sandi-baru-sekali-9"}
        if operation.id == "put_v1_applications_application_id":
            return self.theirs.family(number=1)
        return operation.body(self.theirs.of(operation))


if __name__ == "__main__":
    unittest.main()
