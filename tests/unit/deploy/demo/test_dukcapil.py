"""The stand-in for Dukcapil speaks the documented wire format, and fails on demand."""
import http.client
import json
import os
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.abspath(os.path.join(os.path.dirname(__file__), "../../../../deploy/demo")))
import dukcapil  # noqa: E402

LOGIN = {"USER_ID": "demo", "PASSWORD": "rahasia", "IP_USER": "127.0.0.1"}
RECORD = {"NIK": "1272014101900001", "NO_KK": "1272010101100001", "NAMA_LGKP": "RUPINAWATI SIHOMBARU",
          "TMPT_LHR": "MEDAN", "TGL_LHR": "01-01-1990", "JENIS_KLMIN": "Perempuan", "ALAMAT": "JL. MELATI NO. 5",
          "NAMA_LGKP_IBU": "TIOLINDA", "NO_RT": "001", "NO_KEL": "1004"}
PATH = "/dukcapil/get_json/1272/IDINSOS/CALL_VERIFY_BY_ELEMEN"


class Dukcapil(unittest.TestCase):
    def setUp(self):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", delete=False) as file:
            for code, nik in ((None, RECORD["NIK"]), ("11", "1272014101900011"), ("12", "1272014101900012"),
                              ("14", "1272014101900014")):
                file.write(json.dumps({**RECORD, "NIK": nik, **({"RESPONSE_CODE": code} if code else {})}) + "\n")
        self.addCleanup(os.unlink, file.name)
        self.registry = dukcapil.Registry(dukcapil.Population(file.name), "demo", "rahasia", 100)
        self.server = dukcapil.Server(("127.0.0.1", 0), self.registry)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.addCleanup(self.server.stopping.set)
        self.client = http.client.HTTPConnection(*self.server.server_address, timeout=5)
        self.addCleanup(self.client.close)

    def get(self, path):
        self.client.request("GET", path)
        answer = self.client.getresponse()
        return answer.status, json.loads(answer.read()) if answer.status == 200 else answer.read()

    def post(self, body, path=PATH):
        self.client.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = self.client.getresponse()
        return answer.status, answer.read()

    def ask(self, **fields):
        status, body = self.post({**LOGIN, **fields})
        self.assertEqual(status, 200)
        return json.loads(body)

    def code(self, **fields):
        content = self.ask(**fields)["content"][0]
        self.assertEqual(content.get("RESPON"), dukcapil.ERRORS.get(content.get("RESPONSE_CODE")))
        return content.get("RESPONSE_CODE")

    def test_match_only(self):
        answer = self.ask(NIK=RECORD["NIK"], NAMA_LGKP="Rupinawaty Sihombaru", TGL_LHR="01-01-1990", TMPT_LHR="SIBOLGA",
                          JENIS_KLMIN="PEREMPUAN", NO_KK="1272010101100002", NO_RT="1", TRESHOLD="90")
        content = answer["content"][0]
        self.assertEqual(content["NIK"], RECORD["NIK"])
        self.assertEqual(content["NAMA_LGKP"], "Sesuai (95)")
        self.assertRegex(content["TMPT_LHR"], r"^Tidak Sesuai \(\d+\)$")
        self.assertEqual((content["TGL_LHR"], content["JENIS_KLMIN"], content["NO_RT"]), ("Sesuai",) * 3)
        self.assertEqual(content["NO_KK"], "Tidak Sesuai")
        self.assertNotIn("ALAMAT", content)
        self.assertEqual(answer["quotaLimiter"], 99)
        self.assertTrue(answer["lastPage"])
        content = self.ask(NIK=RECORD["NIK"], NAMA_LGKP="RUPINAWATY SIHOMBARU", TRESHOLD="100")["content"][0]
        self.assertEqual(content["NAMA_LGKP"], "Tidak Sesuai (95)")

    def test_full_record(self):
        status, body = self.post({"nik": RECORD["NIK"], "user_id": "demo", "password": "rahasia", "ip_user": "::1"},
                                 "/dukcapil/get_json/33-74/IDINSOS_3374/GET_NIK")
        self.assertEqual((status, json.loads(body)["content"]), (200, [RECORD]))

    def test_codes(self):
        self.assertEqual(self.code(NIK="1272014101900011", NAMA_LGKP="X", TRESHOLD="90"), "11")
        self.assertEqual(self.code(NIK="1272014101900012"), "12")
        self.assertEqual(self.code(NIK="1272014101900014"), "14")
        self.assertEqual(self.code(NIK="1272014101900099"), "13")
        for nik in ("127201410190001", "1272014113900001", "1272014101900000", "127201410190000x", "1272013202900001"):
            self.assertEqual(self.code(NIK=nik), "15")
        self.assertEqual(self.code(NIK=RECORD["NIK"], PASSWORD="salah"), "03")
        self.assertEqual(self.code(NIK=RECORD["NIK"], IP_USER=""), "09")
        self.assertEqual(self.code(), "07")
        self.assertEqual(self.code(NIK=RECORD["NIK"], NAMA_LGKP="X", TRESHOLD="101"), "07")

    def test_quota_runs_out(self):
        self.registry.quota = 1
        self.assertIsNone(self.code(NIK=RECORD["NIK"]))
        self.assertEqual(self.code(NIK=RECORD["NIK"]), "05")

    def test_faults_on_demand(self):
        for kind, expected in (("quota", "05"), ("login", "03")):
            self.assertEqual(self.get("/_fault?kind=%s&rate=1&count=1" % kind)[0], 200)
            self.assertEqual(self.code(NIK=RECORD["NIK"]), expected)
            self.assertIsNone(self.code(NIK=RECORD["NIK"]))
        for kind, expected in (("500", 500), ("html", 200)):
            self.get("/_fault?kind=%s&count=1" % kind)
            status, body = self.post({**LOGIN, "NIK": RECORD["NIK"]})
            self.assertEqual(status, expected)
            self.assertTrue(body.startswith(b"<html>"))
        self.get("/_fault?kind=slow&seconds=0.2&count=1")
        start = time.monotonic()
        self.assertIsNone(self.code(NIK=RECORD["NIK"]))
        self.assertGreaterEqual(time.monotonic() - start, 0.2)
        self.get("/_fault?kind=timeout&seconds=0.05&count=1")
        with self.assertRaises((http.client.BadStatusLine, ConnectionError)):
            self.post({**LOGIN, "NIK": RECORD["NIK"]})
        self.assertEqual(self.get("/_stats")[1]["fault_timeout"], 1)
        self.assertEqual(self.get("/_fault?kind=meteor")[0], 400)
        self.get("/_fault?kind=500&rate=1")
        self.get("/_fault?kind=none")
        self.assertIsNone(self.code(NIK=RECORD["NIK"]))

    def test_refuses_what_is_no_question(self):
        self.assertEqual(self.post([1])[0], 400)
        self.assertEqual(self.post({}, "/lain")[0], 404)
        self.assertEqual(self.get(PATH)[0], 405)

    def test_many_connections_are_served_at_once(self):
        def work():
            client = http.client.HTTPConnection(*self.server.server_address, timeout=20)
            for _ in range(50):
                client.request("POST", PATH, json.dumps({**LOGIN, "NIK": "1272014101900011"}))
                client.getresponse().read()
            client.close()
        self.registry.quota = 10**6
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.get("/_stats")[1]["answers"], {"11": 400})


if __name__ == "__main__":
    unittest.main()
