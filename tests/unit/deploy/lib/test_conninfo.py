"""What deploy/up --database takes, and that its password leaves it."""

import pathlib
import subprocess
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[4] / "deploy/lib/conninfo.py"


def read(text):
    done = subprocess.run([SCRIPT], input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else done.stderr


class Conninfo(unittest.TestCase):
    def test_urls(self):
        for url, *lines in (
            ("postgresql://db.example", "host='db.example'"),
            ("postgres://admin@[::1]:5433/postgres", "user='admin' dbname='postgres' host='::1' port='5433'"),
            ("postgresql://admin:r%40ha%3Asia@a:1,b/db?sslmode=require",
             "user='admin' dbname='db' host='a,b' port='1,' sslmode='require'", "*:*:*:*:r@ha\\:sia"),
            ("postgresql:///db?host=%2Fvar%2Frun&user=admin&password=p%5C", "user='admin' dbname='db' host='/var/run'",
             "*:*:*:*:p\\\\"),
        ):
            self.assertEqual(read(url), lines, url)

    def test_words(self):
        for text, *lines in (
            ("host=/tmp user=admin", "host='/tmp' user='admin'"),
            ("host = a password='satu \\'dua' dbname=db", "host='a' dbname='db'", "*:*:*:*:satu 'dua"),
            ("user=it\\'s\\\\", "user='it\\'s\\\\'"),
        ):
            self.assertEqual(read(text), lines, text)

    def test_neither(self):
        for text in ("postgres", "host=a rahasia", "postgresql://a:b:c:d/x", "mysql://rahasia@a"):
            self.assertRegex(read(text), "^not a ")
            self.assertNotIn("rahasia", read(text))


if __name__ == "__main__":
    unittest.main()
