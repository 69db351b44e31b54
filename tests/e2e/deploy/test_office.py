"""deploy/up --empty: an office that stays what its first run and its own people made it, however often it is run."""

import unittest

from support.api import Api
from support.installation import ROOT, Installation

PROFILE = ROOT / "deploy/profiles/pematangsiantar.yaml"


class RealOffice(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = Installation()
        cls.addClassCleanup(cls.site.remove)
        cls.site.up()
        cls.site.options.remove("--empty")  # every later run forgets it

    def admin(self):
        api = Api(self.site.url)
        self.addCleanup(api.close)
        api.sign_in("admin", (self.site.var / "keys/admin.password").read_text().strip())
        return api

    def test_nobody_is_invented(self):
        output = self.site.up()
        self.assertNotIn("demonstration", output)
        self.assertNotIn("demo-dukcapil", self.site.names())
        self.assertFalse((self.site.var / "demo").exists())
        self.assertFalse((self.site.var / "site/validation.conf").exists())
        self.assertEqual(self.site.sql("select login from accounts.person"), [["admin"]])

    def test_a_demonstration_is_refused(self):
        self.site.options += ["--people", "10"]
        self.addCleanup(self.site.options.__delitem__, slice(-2, None))
        with self.assertRaisesRegex(AssertionError, "is a real office"):
            self.site.up()

    def test_its_procedure_stays_in_force(self):
        admin = self.admin()
        own = PROFILE.read_bytes() + b"# Milik kantor ini\n"
        published = admin.post("/v1/profiles", own, headers={"Content-Type": "application/yaml"})
        self.site.up()
        self.assertEqual(self.admin().get("/v1/profiles/current")["profile_sha256"], published["profile_sha256"])

    def test_keys_of_another_installation_are_not_made_for_its_database(self):
        claim = self.site.var / "keys/claim"
        kept = claim.read_bytes()
        self.addCleanup(claim.write_bytes, kept)
        claim.write_bytes(b"")
        with self.assertRaisesRegex(AssertionError, "is not of it: see deploy/restore.md"):
            self.site.up()
        self.assertEqual(claim.read_bytes(), b"")


if __name__ == "__main__":
    unittest.main()
