"""docker-compose.yml describes the processes of deploy/services.conf, neither more nor less."""

import pathlib
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]


def instances():
    """{instance: (service, page)} as deploy/lib/site.sh numbers them."""
    found = {}
    for line in (ROOT / "deploy/services.conf").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            service, _, page, count = line.split()
            for n in range(int(count)):
                name = service if count == "1" else f"{service}-{n + 1}"
                found[name] = (service, int(page) + n)
    return found


class Compose(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

    def test_the_same_processes(self):
        self.assertEqual(set(self.services), set(instances()) | {"database", "setup", "office"})

    def test_each_runs_its_program_and_asks_its_page(self):
        for name, (service, page) in instances().items():
            entry = self.services[name]
            self.assertEqual(entry["command"],
                             [f"/opt/padan/bin/{service}", "--config", f"/var/lib/padan/etc/{name}.conf"])
            self.assertIn(f"http://127.0.0.1:{page}/readyz", entry["healthcheck"]["test"])

    def test_only_the_gateway_is_reachable_and_only_from_this_machine(self):
        ports = {name: entry["ports"] for name, entry in self.services.items() if "ports" in entry}
        self.assertEqual(ports, {"gateway": ["127.0.0.1:8080:8080"]})

    def test_scripts_and_dockerfile_exist(self):
        for name in ("database", "setup", "office"):
            path = ROOT / self.services[name]["command"][0].removeprefix("/opt/padan/")
            self.assertTrue(path.stat().st_mode & 0o100, path)
        self.assertTrue((ROOT / self.services["database"]["build"]["dockerfile"]).exists())


if __name__ == "__main__":
    unittest.main()
