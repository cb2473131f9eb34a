#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A log of three years whose stamps have none, larger than one step: each
line ends up in its year, read at once, read on after a part of it was taken
in as if it were all, packed into a tar, and as events.

usage: [SMTPSCOPE=program] tests/years.py"""
import collections
import datetime
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.abspath(
    os.environ.get("SMTPSCOPE", os.path.join(TOP, "build/smtpscope")))
LAST = datetime.datetime(2023, 11, 20, 12, 0, 0,
                         tzinfo=datetime.timezone.utc)
YEARS = {2021: 120000, 2022: 3000, 2023: 2000}
UTC = ["--tz", "UTC"]
results = collections.Counter()


def write_log(path):
    """Lines of many domains, most of them in the first year, so that a step
    is written before the first new year shows."""
    n = 0
    with open(path, "w", encoding="ascii") as out:
        for year, count in YEARS.items():
            begin = datetime.datetime(year, 1, 2)
            step = datetime.timedelta(days=320) / count
            for i in range(count):
                stamp = (begin + i * step).strftime("%b %d %H:%M:%S")
                n += 1
                out.write(
                    f"{stamp} mx1 postfix/smtp[{n % 30000}]: {n:010X}: "
                    f"to=<u@d{n}.example>, relay=mx.d{n}.example[192.0.2.1]"
                    ":25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent "
                    "(250 2.0.0 Ok)\n")


def settle(path):
    os.utime(path, (LAST.timestamp(), LAST.timestamp()))


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True,
                          text=True, check=False)


def ingest(database, *paths):
    done = run("ingest", "-q", *UTC, "-d", database, *paths)
    return done.returncode == 0 and done.stderr == ""


def by_year(database):
    with sqlite3.connect(database) as db:
        return {int(year): n for year, n in db.execute(
            "SELECT strftime('%Y', hour, 'unixepoch'), sum(delivered)"
            " FROM traffic GROUP BY 1")}


def expect(name, good, detail=""):
    results[bool(good)] += 1
    if not good:
        print(f"FAIL {name} {detail}")


def expect_years(name, database):
    expect(name, by_year(database) == YEARS, by_year(database))
    with sqlite3.connect(database) as db:
        expect(f"{name}: nothing refers to what was dropped",
               db.execute("PRAGMA foreign_key_check").fetchall() == [])
        sources = db.execute("SELECT count(*) FROM source").fetchone()[0]
        hints = db.execute("SELECT count(*) FROM source_path").fetchone()[0]
    expect(f"{name}: one source", (sources, hints) == (1, 1),
           f"{sources} sources, {hints} hints")


def read_at_once(log):
    expect("ingest", ingest("once.db", log))
    expect_years("at once", "once.db")


def read_on(log):
    """As a run leaves it that was killed before the years showed."""
    with open(log, encoding="ascii") as lines:
        part = [next(lines) for _ in range(YEARS[2021])]
    with open("grown.log", "w", encoding="ascii") as out:
        out.writelines(part)
    settle("grown.log")
    expect("ingest of a part", ingest("grown.db", "grown.log"))
    expect("a part seems late", by_year("grown.db") == {2023: YEARS[2021]})
    with open(log, encoding="ascii") as whole, \
            open("grown.log", "w", encoding="ascii") as out:
        out.write(whole.read())
    settle("grown.log")
    expect("ingest of the rest", ingest("grown.db", "grown.log"))
    expect_years("read on", "grown.db")


def read_packed(log):
    with tarfile.open("log.tar.gz", "w:gz") as tar:
        tar.add(log)
    expect("ingest of a tar", ingest("tar.db", "log.tar.gz"))
    expect("in a tar", by_year("tar.db") == YEARS, by_year("tar.db"))


def read_stream(log):
    with open(log, "rb") as lines:
        done = subprocess.run(
            [PROGRAM, "ingest", "-q", *UTC, "-d", "stream.db"] + ["-"],
            stdin=lines, capture_output=True, text=True, check=False)
    expect("a stream cannot be read again",
           done.returncode == 1 and "save it to a file" in done.stderr,
           done.stderr)
    expect("so nothing of it stays", by_year("stream.db") == {})


def read_events(path):
    out = run("events", *UTC, path).stdout.splitlines()[1:]
    years = dict(collections.Counter(int(line[:4]) for line in out))
    expect(f"events of {path}", years == YEARS, years)


def resolve_after_kill(log):
    """The derived tables are made even if nothing else is new."""
    paths = [os.path.join(TOP, "samples", name)
             for name in os.listdir(os.path.join(TOP, "samples"))]
    with open(paths[0], "rb") as f, open("copy.log", "wb") as out:
        out.write(f.read()[1000:])
    ingest("killed.db", "copy.log", *paths)
    tables = ("duplicate_hour", "attribution")

    def derived(db):
        return [db.execute(f"SELECT * FROM {t} ORDER BY 1, 2, 3, 4, 5")
                .fetchall() for t in tables]
    with sqlite3.connect("killed.db") as db:
        before = derived(db)
        for table in tables:
            db.execute(f"DELETE FROM {table}")
        db.execute("INSERT INTO meta VALUES ('unresolved', '1')")
    ingest("killed.db", "copy.log", *paths)
    with sqlite3.connect("killed.db") as db:
        expect("derived after a kill", derived(db) == before and before[0])


def main():
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        write_log("mail.log")
        settle("mail.log")
        for check in (read_at_once, read_on, read_packed, read_stream,
                      resolve_after_kill):
            check("mail.log")
        read_events("mail.log")
        read_events("log.tar.gz")
        os.chdir(TOP)
    print(f"{results[True]} passed, {results[False]} failed")
    return 1 if results[False] else 0


sys.exit(main())
