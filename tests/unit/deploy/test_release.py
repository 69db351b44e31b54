"""What deploy/up builds: the packages of its rows run and build must be enough, as on a machine that never ran tests."""

import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]


def configure(folder):
    subprocess.run(["cmake", "--preset", "release", "-B", folder], cwd=ROOT, check=True, stdout=subprocess.PIPE)


def ninja(folder, tool):
    return subprocess.run(["ninja", "-C", folder, "-t", *tool], check=True, stdout=subprocess.PIPE, text=True).stdout


class Release(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="padan-release-", dir="/tmp")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        configure(self.folder)

    def test_needs_nothing_of_the_tests(self):
        found = (pathlib.Path(self.folder) / "CMakeCache.txt").read_text()
        self.assertIn("PADAN_HARDEN:UNINITIALIZED=ON", found)
        self.assertNotIn("cmocka", found)
        self.assertNotIn("test_", ninja(self.folder, ["targets", "all"]))

    def test_configured_again_nothing_is_built_again(self):
        before = ninja(self.folder, ["commands"])
        configure(self.folder)
        self.assertEqual(ninja(self.folder, ["commands"]), before)


if __name__ == "__main__":
    unittest.main()
