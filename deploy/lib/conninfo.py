#!/usr/bin/python3
"""Reads a PostgreSQL URL or conninfo from standard input, as libpq does. Prints it as a conninfo without its password;
when it has one, a second line holds it as a password file has it."""

import re
import sys
from urllib.parse import unquote

WORD = re.compile(r"\s*(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)*)")
URL = re.compile(r"postgres(?:ql)?://(?:(?P<user>[^:@/]*)(?::(?P<password>[^@/]*))?@)?(?P<hosts>[^/?]*)"
                 r"(?:/(?P<dbname>[^?]*))?(?:\?(?P<query>.*))?")
HOST = re.compile(r"(\[[^]]*\]|[^:]*)(?::(\d*))?")


def url_read(text):
    parts = URL.fullmatch(text)
    hosts = [HOST.fullmatch(host) for host in parts["hosts"].split(",")] if parts else []
    if not parts or not all(hosts):
        sys.exit("not a URL of a PostgreSQL")
    words = {name: parts[name] for name in ("user", "password", "dbname")}
    words["host"] = ",".join(host[1].strip("[]") for host in hosts)
    words["port"] = ",".join(host[2] or "" for host in hosts) if any(host[2] for host in hosts) else ""
    words.update(pair.partition("=")[::2] for pair in (parts["query"] or "").split("&"))
    return {name: unquote(value) for name, value in words.items() if value}


def words_read(text):
    words, at = {}, 0
    while found := WORD.match(text, at):
        name, value = found.groups()
        if value.startswith("'"):
            value = value[1:-1]
        words[name], at = re.sub(r"\\(.)", r"\1", value), found.end()
    if text[at:].strip():
        sys.exit("not a conninfo of a PostgreSQL")
    return words


def escape(text, characters):
    return "".join("\\" + c if c in characters else c for c in text)


def main():
    text = sys.stdin.read().strip()
    words = url_read(text) if text.startswith(("postgres://", "postgresql://")) else words_read(text)
    password = words.pop("password", "")
    print(*(f"{name}='{escape(value, chr(39) + chr(92))}'" for name, value in words.items()))
    if password:
        print("*:*:*:*:" + escape(password, ":\\"))


if __name__ == "__main__":
    main()
