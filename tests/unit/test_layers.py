"""Layers hold in what is included, too: the compiler finds every header of the tree, the linker only what is linked.

Who may use whom is what common/CMakeLists.txt and services/CMakeLists.txt link, and is not said again here."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def links():
    """part → parts it may use, itself among them: "base", …, "service_intake"."""
    direct = {"padan_proto": set()}
    for name, words in re.findall(r"^padan_layer \((\w+)\s+([^)]*)\)", (ROOT / "common/CMakeLists.txt").read_text(), re.M):
        direct["padan_" + name] = {word for word in words.split() if word.startswith("padan_")}
    text = (ROOT / "services/CMakeLists.txt").read_text()
    everybody = set(re.search(r"\(service_\$\{name\} PUBLIC\s+([^)]*)\)", text)[1].split())
    for folder in (ROOT / "services").iterdir():
        if (folder / "main.c").exists():
            direct["service_" + folder.name] = set(everybody)
    for name, other in re.findall(r"\((service_\w+) PUBLIC (service_\w+)\)", text):
        direct[name].add(other)

    def reach(part):
        return {part}.union(*(reach(other) for other in direct[part]))

    return {part: reach(part) for part in direct}


def part_of(path):
    """The part a source, or a header as it is included, belongs to; None: nobody below tests/ may have it."""
    words = path.split("/")
    if len(words) > 2 and words[0] in ("common", "services"):
        return ("padan_" if words[0] == "common" else "service_") + words[1]
    if path.endswith(".pb-c.h"):
        return "padan_proto"
    return None


def allowed(reach, source, header):
    own = part_of(source)
    if header.endswith("_sql.h"):  # statements are their owner's alone
        return own.split("_", 1)[1] == header.removesuffix("_sql.h")
    return part_of(header) in reach[own]


class Layers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.reach = links()

    def test_every_include_leads_down(self):
        wrong, seen = [], 0
        for top in ("common", "services"):
            for path in (ROOT / top).rglob("*.[ch]"):
                source = str(path.relative_to(ROOT))
                for header in INCLUDE.findall(path.read_text()):
                    seen += 1
                    if not allowed(self.reach, source, header):
                        wrong.append(f"{source} includes {header}")
        self.assertEqual(wrong, [])
        self.assertGreater(seen, 500)

    def test_what_leads_up_or_aside_is_seen(self):
        for source, header, good in (
            ("common/engine/batch.c", "common/db/db.h", True),
            ("common/db/db.c", "common/engine/batch.h", False),
            ("common/base/arena.h", "envelope.pb-c.h", False),
            ("common/bus/call.c", "envelope.pb-c.h", True),
            ("common/letter/letter.c", "common/domain/nik.h", False),
            ("common/engine/keeper.c", "services/intake/intake.h", False),
            ("services/intake/main.c", "common/profiles/profiles.h", True),
            ("services/intake/main.c", "services/approval/approval.h", False),
            ("services/intake/main.c", "approval_sql.h", False),
            ("services/intake/main.c", "tests/support/test.h", False),
            ("services/cli/audit_verify.c", "services/journal/event.h", True),
            ("services/cli/audit_verify.c", "services/accounts/accounts.h", False),
        ):
            self.assertEqual(allowed(self.reach, source, header), good, f"{source} includes {header}")


if __name__ == "__main__":
    unittest.main()
