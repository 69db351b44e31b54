"""The demonstration names the officials that a procedure leaves open, and nobody else."""

import os
import pathlib
import sys
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[4]
sys.path.insert(0, os.path.join(ROOT, "deploy/demo"))
from officials import OFFICIALS, filled  # noqa: E402

SHIPPED = (ROOT / "deploy/profiles/pematangsiantar.yaml").read_text()


class TestOfficials(unittest.TestCase):
    def test_every_open_place_is_filled(self):
        before, after = yaml.safe_load(SHIPPED), yaml.safe_load(filled(SHIPPED))
        self.assertFalse(any("name" in official for official in before["officials"]))
        for official in after["officials"]:
            self.assertEqual((official["name"], official["rank"], official["nip"]), OFFICIALS[official["role"]])
            self.assertRegex(official["nip"], r"^[0-9]{18}$")
        self.assertIn("Jalan", after["letterhead"]["address"])
        for section in before:
            if section not in ("officials", "letterhead"):
                self.assertEqual(before[section], after[section])

    def test_what_an_office_filled_in_stays(self):
        once = filled(SHIPPED)
        self.assertEqual(filled(once), once)
        self.assertNotEqual(once, SHIPPED)


if __name__ == "__main__":
    unittest.main()
