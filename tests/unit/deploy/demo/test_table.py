"""The table at the end of the demonstration: a count that is not what the key says must not pass."""
import contextlib
import io
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.abspath(os.path.join(os.path.dirname(__file__), "../../../../deploy/demo")))
import synthetic  # noqa: E402
import table  # noqa: E402


def reason(check, outcome, verdict):
    return {"check": check, "outcome": outcome, "verdict": verdict, "message": outcome.upper()}


class Table(unittest.TestCase):
    def test_key_covers_everybody(self):
        with tempfile.TemporaryDirectory(prefix="padan-table-") as folder:
            manifest = synthetic.generate(synthetic.read_arguments(["--out", folder, "--people", "600"]))
            expected, refused = table.key_read(pathlib.Path(folder))
        repeated = expected.pop("sama", 0) + expected.pop("isi_berbeda", 0)
        self.assertGreater(repeated, 0)
        self.assertEqual(sum(expected.values()), manifest["people"])
        self.assertEqual(sum(refused.values()), expected["refused"])
        unreadable = set(manifest["outcomes"]["baris_salah"])
        self.assertEqual(set(expected) - {"accepted", "refused"} - unreadable - set(table.FINDINGS.values()), set())

    def test_strongest_finding_is_why(self):
        verdict = {"verdict": "block", "reasons": [reason("nik", "missing", "warning"), reason("registry", "not_found", "return"),
                                                   reason("dukcapil", "meninggal", "block")]}
        self.assertEqual(table.finding_that_holds(verdict), ("dukcapil.meninggal", "MENINGGAL"))
        self.assertIsNone(table.finding_that_holds({"verdict": "warning", "reasons": [reason("nik", "missing", "warning")]}))

    def test_difference_is_marked(self):
        lines, out = table.Table(), io.StringIO()
        with contextlib.redirect_stdout(out):
            lines.line("equal", 3, 3)
            lines.line("nothing known", 3)
            lines.line("other " + "long " * 40, 3, 4)
        self.assertEqual(lines.differ, 1)
        self.assertEqual([line.endswith("differs") for line in out.getvalue().splitlines()], [False, False, True])
        self.assertEqual(len({line.index("3") for line in out.getvalue().splitlines()}), 1)


if __name__ == "__main__":
    unittest.main()
