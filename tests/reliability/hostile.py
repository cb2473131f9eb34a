#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Text that attacks whoever reads it, in every field of a log.

usage: [SMTPSCOPE=program] tests/reliability/hostile.py

Each attack is written where hosts, queue IDs, senders, recipients, relays and
replies stand, taken in, and looked for in what every command prints.  What a
browser makes of the page is tests/browser's part.

Prints what fails and, last, "N passed, N failed".
"""
import csv
import html.parser
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str((TOP / os.environ.get("SMTPSCOPE", "build/smtpscope")).resolve())

ATTACKS = {
    "script": b"<script>alert(1)</script>",
    "attribute": b"\" onmouseover=\"alert(1)\" x='",
    "end of script": b"</script></style></title><img src=x onerror=alert(1)>",
    "formula": b"=HYPERLINK(\"http://evil.example\")",
    "formula +": b"+1+cmd|' /C calc'!A0", "formula -": b"-2+3", "formula @":
    b"@SUM(1+1)", "formula tab": b"\t=1+1",
    "terminal": b"\x1b]0;owned\x07\x1b[2J\x1b[31m", "c1": b"\xc2\x9b31m",
    "sql": b"'); DROP TABLE reply; --", "printf": b"%s%n%x%1000000d",
    "invalid": b"\xff\xfe\x80\xc0\xaf\xed\xa0\x80", "nul": b"a\x00b",
    "bidi": "\u202egnp.exe\u2066\u200f".encode(), "long": b"A" * 100000,
    "long dots": b"a." * 20000, "ats": b"@" * 3000, "braces": b"{" * 3000,
    "quotes": b"\"\\" * 3000, "brackets": b"<(" * 3000}

LINES = [
    b"Nov  1 10:00:0%(n)d %(h)s postfix/qmgr[1]: 4AAAAAAAA%(n)d: from=<%(x)s@a.example>, size=1, nrcpt=1 (queue active)",
    b"Nov  1 10:00:0%(n)d %(h)s postfix/smtp[1]: 4AAAAAAAA%(n)d: to=<%(x)s@b.example>, relay=%(h)s[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host %(h)s[192.0.2.1] said: 550 5.7.1 %(x)s (in reply to RCPT TO command))",
    b"Nov  1 10:00:0%(n)d mx postfix/smtp[1]: 4BBBBBBBB%(n)d: to=<u@%(x)s>, relay=mx.b.example[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host mx.b.example[192.0.2.1] said: 550 5.7.1 %(x)s is listed at %(x)s (in reply to RCPT TO command))",
    b"Nov  1 10:00:0%(n)d mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from %(h)s[192.0.2.1]: 554 5.7.1 <%(x)s>: Relay access denied; from=<%(x)s> to=<%(x)s> proto=ESMTP helo=<%(x)s>",
    b"Nov  1 10:00:0%(n)d mx postfix/%(h)s[1]: %(x)s nobody knows",
    b"Nov  1 10:00:0%(n)d mx postfix/smtpd[1]: warning: %(x)s",
]


def check(holds, what):
    if not holds:
        raise AssertionError(what)


def run(*args, status=(0,), given=None):
    done = subprocess.run([PROGRAM, *args], input=given, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=60)
    check(done.returncode in status,
          f"{args[:3]}: status {done.returncode}\n{done.stderr[-500:]}")
    harmless(done.stderr, f"messages of {args[0]}")
    return done.stdout


def harmless(text, where):
    """Nothing that a terminal obeys."""
    found = re.search(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]", text)
    check(found is None, f"{where}: {found and found.group()!r}")


def is_text(text, where):
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError as why:
        raise AssertionError(f"{where}: {why}") from None
    found = re.search("[\u202a-\u202e\u2066-\u2069]", decoded)
    check(found is None, f"{where}: a bidi control")


class Page(html.parser.HTMLParser):
    """What of a page would be run."""

    def __init__(self):
        super().__init__()
        self.bad = []

    def handle_starttag(self, tag, attrs):
        for name, _ in attrs:
            if name.startswith("on"):
                self.bad.append(f"{tag} {name}")
        if tag in ("img", "iframe", "object", "embed", "form", "base"):
            self.bad.append(tag)

    def error(self, message):
        self.bad.append(message)


def look_at_csv(text):
    for row in csv.reader(io.StringIO(text.decode("utf-8"), newline="")):
        for cell in row:
            risky = re.match(r"[=+\-@\t\r]", cell) is not None
            number = re.fullmatch(r"-?[0-9.]+%?", cell) is not None
            check(not risky or number, f"CSV: a formula: {cell[:60]!r}")


def look_at_outputs(place, names):
    database = str(place / "x.db")
    for args in (("report",), ("report", *names)):
        text = run(*args, "-d", database)
        harmless(text, "text report")
        is_text(text, "text report")
    for name in names:
        text = run("report", "-d", database, "-f", "csv", name)
        harmless(text.replace(b"\r\n", b"\n"), f"CSV {name}")
        look_at_csv(text)
    json.loads(run("report", "-d", database, "-f", "json"))
    page = run("report", "-d", database, "-f", "html")
    parser = Page()
    parser.feed(page.decode("utf-8"))
    check(not parser.bad, f"HTML: {parser.bad[:3]}")
    check(b"<script>alert" not in page, "HTML: a script")
    harmless(run("dump", "-d", database), "dump")
    run("check", "-d", database)
    run("reclassify", "-q", "-d", database)


def attack(place, text):
    log = place / "x.log"
    lines = []
    for n, line in enumerate(LINES):
        word = re.sub(rb"[\s\[\]]", b"", text)[:60] or b"x"
        lines.append(line % {b"n": n, b"x": text, b"h": word} + b"\n")
    log.write_bytes(b"".join(lines))
    run("ingest", "-d", str(place / "x.db"), "--year", "2026", "--tz", "UTC",
        "--keep-addresses", str(log))
    rows = run("events", "--year", "2026", "--tz", "UTC", str(log))
    harmless(rows, "events")
    for row in run("events", "-f", "jsonl", "--year", "2026", "--tz", "UTC",
                   str(log)).splitlines():
        json.loads(row)
    harmless(run("classify", given=text.replace(b"\n", b" ") + b"\n"),
             "classify")
    names = [line.split()[0].decode() for line in
             run("report", "list").splitlines() if line.strip()]
    look_at_outputs(place, names)


def options(place):
    """SQL and format characters where the command line takes text."""
    database = str(place / "x.db")
    log = str(TOP / "samples" / "mail.log-20261101")
    run("ingest", "-q", "-d", database, log)
    want = run("dump", "-d", database)
    for text in ("' OR 1=1 --", "'; DROP TABLE reply; --", "%n%s", "\x1b[2J"):
        run("report", "-d", database, "--domain", text, "domains")
        run("report", "-d", database, text, status=(2,))
        run("report", "-d", database, "--since", text, status=(2,))
        run("explain", text, status=(0, 1, 2))
        run("ingest", "-d", database, text, status=(1,))
    check(run("dump", "-d", database) == want, "the database changed")


def slow_regexes(place):
    """A site's pack with regexes that would run for ever."""
    (place / "replies").mkdir()
    (place / "replies" / "05-slow.yaml").write_text(
        "order: 5\nrules:\n"
        "  - id: slow\n    cause: bad_address.unknown_user\n"
        "    match: '^(\\w+\\s?)*\\$'\n    examples:\n      - 'abc $'\n"
        "  - id: slower\n    cause: bad_address.unknown_user\n"
        "    match: '(x+x+)+y'\n    examples:\n      - 'xxxxy'\n",
        encoding="utf-8")
    text = (b"550 " + b"aaaa " * 100 + b"!" + b"x" * 4000 + b"\n") * 50
    out = run("classify", "--patterns", str(place), given=text)
    check(out.count(b"\n") == 51, "rows are missing")


def main():
    cases = {f"attack {name}": lambda place, text=text: attack(place, text)
             for name, text in ATTACKS.items()}
    cases["options"] = options
    cases["slow regexes"] = slow_regexes
    passed, failed = 0, 0
    for name, case in cases.items():
        with tempfile.TemporaryDirectory() as place:
            try:
                case(pathlib.Path(place))
                passed += 1
            except (AssertionError, ValueError,
                    subprocess.SubprocessError) as why:
                failed += 1
                print(f"FAIL {name}: {str(why)[:600]}")
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
