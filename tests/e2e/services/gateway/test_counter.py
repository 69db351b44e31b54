"""The counter over HTTP, with the real accounts and intake: sign-in, entry, papers, versions, keys, revocation, and a
gateway and an accounts that die in between."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import uuid

from support.api import Api
from support.installation import Installation
from support.wait import wait_until

VILLAGE, ELSEWHERE = "12.72.01.1003", "12.72.02.1001"
PASSWORD = "kuda-laut-biru-7"


def family(number):
    """A family of one: the same number is the same person."""
    return {"track": "baru", "kk": f"127201010101{number:04d}",
            "address": {"street": "Jl. Merdeka 1", "rt": "001", "rw": "002", "village": VILLAGE},
            "members": [{"nik": f"127201450690{number:04d}", "name": "SITI AMINAH", "relation": "head",
                         "birth_place": "SIANTAR", "birth_date": "1990-06-05", "sex": "female",
                         "marital": "married"}]}


class Counter(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="padan-counter-", dir="/tmp"))
        cls.addClassCleanup(shutil.rmtree, folder)
        (folder / "services").write_text("accounts 5510 5610 1\nintake 5520 5620 1\ngateway - 5680 1\n")
        cls.site = Installation(services=folder / "services")
        cls.addClassCleanup(cls.site.remove)
        cls.site.up()
        cls.addClassCleanup(lambda: [api.close() for api in (cls.admin, cls.officer, cls.operator)])
        cls.admin_password = (cls.site.var / "keys/admin.password").read_text().strip()
        cls.admin = Api(cls.site.url)
        cls.admin.sign_in("admin", cls.admin_password)
        cls.officer = cls.person("lurah", "kelurahan", VILLAGE)
        cls.operator = cls.person("operator", "operator", "")
        cls.number = 0

    @classmethod
    def person(cls, login, role, place):
        cls.admin.post("/v1/people", {"login": login, "name": "Orang Uji", "password": PASSWORD,
                                      "grants": [{"tenant": 1272, "role": role, "place": place}]}, 201)
        api = Api(cls.site.url)
        api.me = api.sign_in(login, PASSWORD)
        return api

    def enter(self, api=None):
        type(self).number += 1
        return (api or self.officer).post("/v1/applications", family(self.number), 201)

    def problem(self, reply, status, code):
        self.assertEqual((reply.status, reply.json().get("code")), (status, code), reply)

    def test_what_was_entered_is_in_the_next_list(self):
        body, key = family(9001), str(uuid.uuid4())
        first = self.officer.expect("POST", "/v1/applications", 201, body=body, key=key)
        again = self.officer.expect("POST", "/v1/applications", 201, body=body, key=key)
        self.assertEqual(first.json(), again.json())
        other = self.officer.request("POST", "/v1/applications", family(9002), key=key)
        self.problem(other, 422, "common.key_reused")
        page = self.officer.get("/v1/applications?limit=1", headers={"Padan-After": first.headers["padan-position"]})
        self.assertEqual(page["applications"][0]["application_id"], first.json()["application_id"])
        self.assertNotIn("127201450690", str(page))
        self.problem(self.officer.request("POST", "/v1/applications", family(9001)), 409, "intake.claimed")
        view = self.officer.expect("GET", first.headers["location"])
        self.assertTrue(view.headers["etag"].startswith('"1-'), view.headers["etag"])
        self.assertEqual(view.json()["dossier"]["members"][0]["birth_date"], "1990-06-05")

    def test_a_change_names_what_it_saw(self):
        made = self.enter()
        path, body = f"/v1/applications/{made['application_id']}", family(self.number)
        self.problem(self.officer.request("PUT", path, body), 428, "gateway.if_match_missing")
        body["address"]["street"] = "Jl. Sutomo 2"
        changed = self.officer.expect("PUT", path, 200, body=body, headers={"If-Match": '"1"'})
        self.assertEqual(changed.headers["etag"], '"2"')
        self.problem(self.officer.request("PUT", path, body, headers={"If-Match": '"1"'}), 412, "common.stale")

    def test_a_paper_goes_up_and_comes_back(self):
        made = self.enter()
        path = f"/v1/applications/{made['application_id']}"
        content = b"%PDF-1.4\n" + uuid.uuid4().bytes * 4000
        stored = self.officer.post("/v1/files", content, 201)
        self.assertEqual((stored["size"], stored["media_type"]), (len(content), "application/pdf"))
        paper = {"kind": "kk", "file_sha256": stored["file_sha256"], "media_type": stored["media_type"],
                 "size": stored["size"]}
        after = self.officer.post(f"{path}/papers", {"paper": paper})
        self.assertNotIn("kk", after["missing"])
        back = self.officer.expect("GET", f"{path}/papers/{stored['file_sha256']}")
        self.assertEqual(back.body, content)
        self.assertEqual(back.headers["content-type"], "application/pdf")
        self.assertIn("attachment", back.headers["content-disposition"])
        self.assertEqual(self.officer.request("GET", f"{path}/papers/{'0' * 64}").status, 404)
        stranger = self.person("lurah-lain", "kelurahan", ELSEWHERE)
        self.assertEqual(stranger.request("GET", f"{path}/papers/{stored['file_sha256']}").status, 404)
        self.assertEqual(stranger.request("GET", path).status, 404)

    def test_who_loses_the_right_is_out_within_a_second(self):
        def out(api):
            return api.request("GET", "/v1/applications").status == 401

        leaver = self.person("keluar", "kelurahan", VILLAGE)
        self.assertFalse(out(leaver))
        person = f"/v1/people/{leaver.me['person_id']}"
        second = Api(self.site.url)
        second.sign_in("keluar", PASSWORD)
        self.assertFalse(out(second))
        self.assertEqual(second.request("DELETE", "/v1/session").status, 204)
        self.assertTrue(out(second))
        self.assertFalse(out(leaver))
        self.admin.expect("PUT", f"{person}/grants", body={"grants": [{"tenant": 1272, "role": "auditor"}]},
                          headers={"If-Match": '"1"'})
        start = time.monotonic()
        wait_until(lambda: leaver.get("/v1/session")["grants"][0]["role"] == "auditor", 5)
        self.admin.post(f"{person}/disable", {"reason": "pindah tugas"})
        wait_until(lambda: out(leaver), 5)
        self.assertLess(time.monotonic() - start, 3)
        self.assertEqual(Api(self.site.url).request("POST", "/v1/session",
                                                    {"login": "keluar", "password": PASSWORD}).status, 401)

    def test_two_administrators_do_not_overwrite_each_other(self):
        """Grants are replaced whole: who has not seen the other's change would undo it."""
        clerk = self.person("dua-admin", "kelurahan", VILLAGE).me["person_id"]
        path, grant = f"/v1/people/{clerk}/grants", {"tenant": 1272, "role": "operator"}
        seen = next(p for p in self.admin.get("/v1/people?limit=200")["people"] if p["person_id"] == clerk)
        both = {"grants": [*seen["grants"], grant]}
        self.problem(self.admin.request("PUT", path, both), 428, "gateway.if_match_missing")
        version = {"If-Match": f'"{seen["version"]}"'}
        changed = self.admin.expect("PUT", path, 200, body=both, headers=version)
        self.problem(self.admin.request("PUT", path, {"grants": [grant]}, version), 412, "common.stale")
        self.admin.expect("PUT", path, 200, body={"grants": [grant]}, headers={"If-Match": changed.headers["etag"]})

    def test_a_key_is_shown_once_works_and_is_revoked(self):
        machine = self.person("siks", "integrator", "")
        body, key = {"person_id": machine.me["person_id"], "name": "SIKS-NG"}, str(uuid.uuid4())
        made = self.admin.post("/v1/keys", body, 201, key=key)
        self.assertEqual(self.admin.post("/v1/keys", body, 201, key=key), made)
        program = Api(self.site.url, token=made["key"])
        self.assertEqual(program.get("/v1/session")["grants"][0]["role"], "integrator")
        wrong = made["key"][:-1] + ("A" if made["key"][-1] != "A" else "B")
        self.problem(Api(self.site.url, token=wrong).request("GET", "/v1/session"), 401, "gateway.token_malformed")
        self.admin.post(f"/v1/keys/{made['key_id']}/revoke", {"reason": "bocor"})
        wait_until(lambda: program.request("GET", "/v1/session").status == 401, 5)

    def test_another_tenant_is_not_there(self):
        made = self.enter()
        subprocess.run([self.site.var / "bin/padan", "tenant", "add", "--config", self.site.var / "etc/padan.conf",
                        "--tenant", "1273", "--code", "12.73", "--name", "Kota Sibolga", "--zone", "Asia/Jakarta"],
                       check=True, stdout=subprocess.DEVNULL)
        secret = self.site.dir / "password"
        secret.write_text(PASSWORD)
        subprocess.run([self.site.var / "bin/padan", "person", "add", "--config", self.site.var / "etc/padan.conf",
                        "--tenant", "1273", "--login", "sibolga", "--name", "Orang Sibolga", "--grant", "1273:operator",
                        "--password-file", secret], check=True, stdout=subprocess.DEVNULL)
        other = Api(self.site.url)
        other.sign_in("sibolga", PASSWORD)
        path = f"/v1/applications/{made['application_id']}"
        self.problem(other.request("GET", path), 404, "common.not_found")
        self.problem(other.request("GET", path, headers={"Padan-Tenant": "1272"}), 404, "common.not_found")
        self.problem(other.request("POST", path + "/withdraw", {"reason": "x"}), 404, "common.not_found")
        self.assertEqual(other.get("/v1/applications")["applications"], [])

    def test_an_import_is_named_followed_and_its_bad_rows_shown(self):
        city = self.site.dir / "kota"
        subprocess.run([sys.executable, "deploy/demo/synthetic.py", "--files", "usulan", "--people", "400", "--out", city], check=True,
                       stdout=subprocess.DEVNULL)
        data = (city / "usulan.csv").read_bytes()
        body = {"kind": "proposals", "period": "2026-11", "source": "uji", "file_sha256": self.operator.upload(data)}
        key = str(uuid.uuid4())
        started = self.operator.expect("POST", "/v1/imports", 201, body=body, key=key)
        self.assertEqual(self.operator.post("/v1/imports", body, 201, key=key), started.json())
        path = started.headers["location"]
        wait_until(lambda: self.operator.get(path)["state"] == "done", 60)
        progress = self.operator.get(path)
        self.assertEqual((progress["rows"], progress["size"]), (progress["rows"], len(data)))
        self.assertGreater(progress["created"], 100)
        found, cursor = [], ""
        while True:
            page = self.operator.get(f"{path}/problems?limit=2&cursor={cursor}")
            found, cursor = found + page["problems"], page["next_cursor"]
            if not cursor:
                break
        self.assertEqual(sum(not problem["warning"] for problem in found), progress["refused"])
        self.assertGreater(len(found), 2)
        self.assertEqual(self.officer.request("GET", path).status, 503)  # not intake's to show; the others are away

    def test_a_killed_gateway_forgets_nothing(self):
        body, key = family(9100), str(uuid.uuid4())
        made = self.officer.post("/v1/applications", body, 201, key=key)
        pid = self.site.kill("gateway")
        for api in (self.admin, self.officer, self.operator):
            api.close()
        self.site.wait_ready("gateway", unlike=pid)
        self.assertEqual(self.officer.post("/v1/applications", body, 201, key=key), made)

    def test_accounts_may_be_away_for_a_moment(self):
        self.enter()
        pid = self.site.kill("accounts")
        self.enter()  # known, and intake is there
        self.site.wait_ready("accounts", unlike=pid)
        wait_until(lambda: Api(self.site.url).sign_in("lurah", PASSWORD), 20)
        self.enter()

    def test_refusals_in_both_languages(self):
        reply = Api(self.site.url).request("GET", "/v1/applications")
        self.problem(reply, 401, "common.unauthenticated")
        self.assertIn("masuk", reply.json()["detail"])
        english = Api(self.site.url, language="en").request("GET", "/v1/applications")
        self.assertIn("sign in", english.json()["detail"])
        self.assertEqual(english.headers["content-language"], "en")
        away = self.operator.request("GET", "/v1/inbox")
        self.problem(away, 503, "gateway.service_away")
        self.assertIn("retry-after", away.headers)


if __name__ == "__main__":
    unittest.main()
