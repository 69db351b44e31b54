"""Debian's setting that no system cluster is made holds while packages are installed, and not a moment longer."""

import pathlib
import subprocess
import tempfile
import unittest

LIB = pathlib.Path(__file__).resolve().parents[4] / "deploy/lib"


class WithoutSystemCluster(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="padan-packages-")
        self.addCleanup(folder.cleanup)
        self.setting = pathlib.Path(folder.name) / "createcluster.d/padan-install.conf"

    def run_within(self, *command):
        script = (f'. {LIB}/say.sh; . {LIB}/packages.sh; no_system_cluster={self.setting}; '
                  'without_system_cluster "$@"')
        return subprocess.run(["bash", "-euo", "pipefail", "-c", script, "bash", *command], stdout=subprocess.PIPE,
                              text=True, check=False)

    def test_it_holds_meanwhile(self):
        done = self.run_within("cat", self.setting)
        self.assertEqual((done.returncode, done.stdout), (0, "create_main_cluster = false\n"))
        self.assertFalse(self.setting.exists())

    def test_it_is_gone_after_a_failure(self):
        self.assertEqual(self.run_within("bash", "-c", "exit 3").returncode, 3)
        self.assertFalse(self.setting.exists())

    def test_it_is_gone_when_the_installation_is_stopped(self):
        for signal in ("HUP", "INT", "TERM"):
            done = self.run_within("bash", "-c", f"test -f {self.setting} && kill -{signal} $PPID")
            self.assertNotEqual(done.returncode, 0, signal)
            self.assertFalse(self.setting.exists(), signal)


if __name__ == "__main__":
    unittest.main()
