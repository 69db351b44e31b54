"""What deploy/up builds: the packages of its rows run and build must be enough, as on a machine that never ran tests."""

import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]


class Release(unittest.TestCase):
    def test_needs_nothing_of_the_tests(self):
        with tempfile.TemporaryDirectory(prefix="padan-release-", dir="/tmp") as folder:
            subprocess.run(["cmake", "--preset", "release", "-B", folder], cwd=ROOT, check=True, stdout=subprocess.PIPE)
            found = (pathlib.Path(folder) / "CMakeCache.txt").read_text()
            targets = subprocess.run(["ninja", "-C", folder, "-t", "targets", "all"], check=True, stdout=subprocess.PIPE, text=True)
        self.assertIn("PADAN_HARDEN:UNINITIALIZED=ON", found)
        self.assertNotIn("cmocka", found)
        self.assertNotIn("test_", targets.stdout)


if __name__ == "__main__":
    unittest.main()
