#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Archives cut short or changed in one byte, and the whole one afterwards.

usage: [SMTPSCOPE=program] tests/reliability/damage.py [options] [NAME...]

  --edge N    each of the first and last N bytes (default 24)
  --every N   and every N-th between (default 97)

With NAMEs, only these containers.  Each of these bytes of a small archive is
where it is cut, and where it is changed.

Cut: what decoded is kept, the damage is named with its place in the log, the
status is 1, and with the whole archive the database is as if there had been no
damage.  Changed: it is noticed wherever the container has a checksum, and the
same holds, whichever of the two comes first or if their databases are merged,
even if wrong lines were counted in between.  Only if already the log's first bytes came out wrong, or nonsense
behind its last, nothing says what it was: such lines stay.

Prints what fails and, last, "N passed, N failed".
"""
import argparse
import bz2
import csv
import gzip
import io
import lzma
import os
import pathlib
import sqlite3
import subprocess
import sys
import tarfile
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str((TOP / os.environ.get("SMTPSCOPE", "build/smtpscope")).resolve())
TEXT = 24    # so many bytes may pass for a text
HEADER = 16  # so many that may say what the container is, or name the file


class CaseFailed(Exception):
    """Says how."""


def check(holds, what):
    if not holds:
        raise CaseFailed(what)


def pipe(*command):
    return lambda data: subprocess.run(
        command, input=data, stdout=subprocess.PIPE, check=True).stdout


def tar(data):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, part in (("a.log", data[:len(data) // 2]),
                           ("b.log", data[len(data) // 2:])):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(part), 1780000000
            archive.addfile(entry, io.BytesIO(part))
    return out.getvalue()


PACKERS = {
    "gzip": lambda d: gzip.compress(d, mtime=1780000000),
    "zstd": pipe("zstd", "-qc"), "xz": lzma.compress, "bzip2": bz2.compress,
    "lz4": pipe("lz4", "-qc"), "tar": tar,
    "tar.gz": lambda d: gzip.compress(tar(d), mtime=1780000000)}


def run(*args):
    return subprocess.run(
        [PROGRAM, *map(str, args)], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
        check=False)


def ingest(database, path):
    done = run("ingest", "--tz", "UTC", "--year", "2026", "-d", database, path)
    said = done.stderr.decode("utf-8", "replace")
    check(done.returncode in (0, 1), f"status {done.returncode}: {said}")
    return done.returncode, said


def dump(database):
    done = run("dump", "-d", database)
    check(done.returncode == 0, done.stderr.decode())
    return done.stdout


def damaged_in(database):
    """What the report says is wrong with which logs."""
    done = run("report", "-d", database, "-f", "csv", "sources")
    rows = csv.DictReader(io.StringIO(done.stdout.decode("utf-8", "replace")))
    return {row["name"]: row["damage"] for row in rows if row["damage"]}


class Container:
    """A small archive, and what a database holds of it."""

    def __init__(self, name, log, folder):
        self.name, self.whole = name, PACKERS[name](log)
        place = pathlib.Path(folder) / name
        place.mkdir()
        status, said = self.take_in(place, self.whole)
        check(status == 0, said)
        self.database = place / "x.db"
        self.want = dump(self.database)

    @staticmethod
    def take_in(place, data, name="a"):
        (place / name).write_bytes(data)
        return ingest(place / "x.db", place / name)

    def places(self, edge, every):
        n = len(self.whole)
        return sorted({*range(min(edge, n)), *range(0, n, every),
                       *range(max(0, n - edge), n)})

    def cut(self, place, at):
        status, said = self.take_in(place, self.whole[:at])
        told = "at byte" in said or "unexpected end" in said \
            or "corrupt" in said
        # tar's last blocks are padding; the first bytes alone are a text
        silent = at < TEXT or (self.name == "tar" and
                               at > len(self.whole) - 10240)
        check(told or silent, f"not told: {said}")
        check(status == 1 or silent, "status 0")
        self.take_in(place, self.whole, "b")
        if at >= TEXT:
            check(dump(place / "x.db") == self.want, "another dump")
            check(damaged_in(place / "x.db") == {}, "marked")

    def change(self, place, at):
        data = bytearray(self.whole)
        data[at] ^= 0x10
        status, said = self.take_in(place, bytes(data))
        if status == 0:
            check(self.name == "tar" or at < HEADER, f"not told: {said}")
            return "unseen"
        check("corrupt" in said or "mismatch" in said or
              "unexpected" in said or "skipped" in said, said)
        nothing = "kept 0 new lines" in said
        merged = self.merge(place) if at % 4 == 0 else self.want
        _, said = self.take_in(place, self.whole, "b")
        after = dump(place / "x.db")
        if after != self.want:
            return self.stays(place, said)
        marked = damaged_in(place / "x.db")
        if marked and "1 unchanged" in said:
            return "more"
        check(nothing or marked == {}, f"marked: {marked}")
        check(merged == self.want, "merged: another dump")
        self.take_in(place, bytes(data), "c")
        check(dump(place / "x.db") == self.want, "the damaged one again: "
              "another dump")
        return "mended"

    def merge(self, place):
        """A dump of what was read of the damaged archive and of the whole."""
        done = run("merge", "-d", place / "m.db", place / "x.db",
                   self.database)
        check(done.returncode == 0, done.stderr.decode())
        return dump(place / "m.db")

    @staticmethod
    def stays(place, said):
        """Something wrong is left beside the whole log: why?"""
        if "1 unchanged" in said:
            return "more"
        with sqlite3.connect(place / "x.db") as database:
            alike = database.execute(
                "SELECT count(*) FROM source AS o JOIN source AS n"
                " ON substr(o.heads, 1, 8) = substr(n.heads, 1, 8)"
                " WHERE o.damaged_at IS NOT NULL AND o.heads <> ''"
                " AND n.damaged_at IS NULL").fetchone()[0]
        check(alike == 0, "wrong lines stay")
        return "unlike"


def small_log():
    lines = (TOP / "samples" / "mail.log-20261101").read_bytes()
    return b"".join(lines.splitlines(True)[:400])


def try_all(names, steps, folder):
    """How many cases passed and failed."""
    log, passed, failed = small_log(), 0, 0
    for name in names:
        container, seen = Container(name, log, folder), {}
        for at in container.places(*steps):
            for way in (container.cut, container.change):
                with tempfile.TemporaryDirectory() as place:
                    try:
                        how = way(pathlib.Path(place), at)
                        seen[how or "cut"] = seen.get(how or "cut", 0) + 1
                        passed += 1
                    except CaseFailed as why:
                        failed += 1
                        print(f"FAIL {name}: {way.__name__} at {at} of "
                              f"{len(container.whole)}: {why}")
        print(f"{name}: {seen}", flush=True)
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--edge", type=int, default=24)
    parser.add_argument("--every", type=int, default=97)
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        passed, failed = try_all(
            args.names or PACKERS, (args.edge, args.every), folder)
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
