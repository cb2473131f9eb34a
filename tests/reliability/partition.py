#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prove that neither order nor partition of logs matters.

usage: [SMTPSCOPE=program] tests/reliability/partition.py [options]

  --cases N      how many random cases (default 12)
  --seed S       the first seed (default 1); case i uses seed S + i
  --logs REGEX   take lines of logs with such names only
  --lines N      take all of a generated log of N lines in each case
  --keep DIR     leave the files of failing cases there

A case takes a random stretch of one log: of the laboratory's in
../shared/data/lab where that folder exists, of tests/fixtures, or generated
(tests/bench/generate).  It cuts the stretch at random line ends, compresses
or archives the pieces at random, gives some twice, lets some grow and renames
some between runs, shuffles them, reads them with a random number of workers
into one database or into several that are merged in random order (some
twice).  `dump` must then be, byte for byte, that of the stretch read as one
plain file in one run.  In some cases both are pruned at the same moments at
last, must be the same then, too (but for the samples and the first times of
replies, of which prune drops a part), and stay so when the files are given
again.

What a log does not say cannot come back.  Stamps without a year get --year.
Pieces that begin alike are states of one log to anybody, and the order of
pieces that lie within the same seconds is nowhere written: such cuts are made
again.  A CSV log's header is repeated in each piece, as rotation does, and
left out of the counts of lines that are compared.

Prints each failing case with the command that repeats it and, last, "N
passed, N failed".
"""
import argparse
import bz2
import collections
import gzip
import io
import json
import lzma
import os
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str((TOP / os.environ.get("SMTPSCOPE", "build/smtpscope")).resolve())
LAB = TOP.parent / "shared" / "data" / "lab"
SAMPLE = TOP / "samples" / "mail.log-20261101"
FIXTURES = TOP / "tests" / "fixtures"
SHORTEST = 9  # seconds that a piece covers: more than four times what neighbours may overlap by
COMMON = ("-q", "--tz", "UTC", "--year", "2026")


# Of these each file is read by itself, so they are cut where nothing of this kind is open: messages of Exim's that
# syslog wrote in pieces or twice, lines of it without a stamp, and records of several lines.
STAMPED = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
EXIM_IN_SYSLOG = re.compile(rb".{15} (\S+ exim\[\d+\]): (?:\[(\d+)[/\\]\d+\] )?(.*)")
# Records of several lines: where a file that is at rest ends amid one, it is
# counted as it is, so it must not be one that grows.
RECORDS = re.compile(r"docker|journal")
RECORD_END = re.compile(rb'^$|\\n", "stream"')


class CaseFailed(Exception):
    pass


def run(*command, ok=(0,), stdin=None):
    result = subprocess.run(command, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, check=False)
    if result.returncode not in ok:
        raise CaseFailed(f"{' '.join(command)}: status {result.returncode}: "
                         f"{result.stderr.decode(errors='replace')[:800]}")
    return result


def ingest(database, files, workers):
    run(PROGRAM, "ingest", *COMMON, "-j", str(workers), "-d", database, *files)


def dump(database, log):
    rows = run(PROGRAM, "dump", "-d", database).stdout.splitlines(keepends=True)
    return [r for r in rows if not (log.header and r.startswith(b"line_count\t") and b"\tevent\t" not in r)]


# ---- logs

Log = collections.namedtuple("Log", "name lines header")


STAMP = re.compile(rb"\d\d:\d\d:\d\d|@[0-9a-f]{16}|\b1\d{9}\b|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


def seconds(lines):
    """How many different seconds lines are stamped with."""
    return len({m[0] for m in map(STAMP.search, lines) if m})


def read_log(name, data):
    lines = data.splitlines(keepends=True)
    header = []
    while lines and lines[0].lstrip(b"\xef\xbb\xbf").startswith((b"#", b"type,", b"date-time,")):
        header.append(lines.pop(0))
    return Log(name, lines, header)


def generated(folder, n_lines):
    binary = os.path.join(folder, "generate")
    sources = sorted(str(p) for p in (TOP / "tests" / "bench").glob("gen*.c"))
    run("cc", "-std=c11", "-O1", "-D_POSIX_C_SOURCE=200809L", "-o", binary, *sources, "-lm")
    return run(binary, "--lines", str(n_lines), "--start", "2026-06-01").stdout


def samples():
    return SAMPLE.read_bytes().splitlines()[:4000]


def docker():
    """The samples as docker's json-file driver keeps them, some lines in parts."""
    out = []
    for i, line in enumerate(samples()):
        text, at = line.decode("ascii") + "\n", 10 + i % 50
        for part in (text[:at], text[at:]) if i % 3 == 0 else (text,):
            out.append(json.dumps({"log": part, "stream": "stdout", "time": "2026-11-01T00:00:00Z"}) + "\n")
    return "".join(out).encode()


def journal():
    """The samples as `journalctl -o export` gives them."""
    out = []
    for i, line in enumerate(samples()):
        host, tag, message = line[16:].split(b" ", 2)
        name, _, pid = tag.rstrip(b"]:").partition(b"[")
        out.append(b"__CURSOR=%d\n__REALTIME_TIMESTAMP=%d\n_HOSTNAME=%s\nSYSLOG_IDENTIFIER=%s\nSYSLOG_PID=%s\n"
                   b"MESSAGE=%s\n\n" % (i, 1793000000000000 + i * 400000, host, name, pid or b"1", message))
    return b"".join(out)


def is_log(path):
    return path.is_file() and path.suffix not in (".tsv", ".events", ".md", ".sh")


def find_logs(folder, only, n_lines):
    """Each log there is, read when its turn comes: {name: function}.  With
    ${n_lines} there is but a generated one, that long."""
    if n_lines:
        return {"generated": lambda: generated(folder, n_lines)}
    logs = {"generated": lambda: generated(folder, 60000), "docker": docker, "journal": journal}
    for top in (LAB, FIXTURES):
        for path in sorted(top.rglob("*")) if top.is_dir() else ():
            if is_log(path) and path.stat().st_size > 2000:
                logs[str(path.relative_to(top.parent))] = path.read_bytes
    return {n: f for n, f in logs.items() if re.search(only, n)}


class Shelf:
    """Logs by name, read once."""

    def __init__(self, folder, only, n_lines):
        self.whole = n_lines > 0
        self.readers = find_logs(folder, only, n_lines)
        self.names = sorted(self.readers)
        self.logs = {}

    def get(self, name):
        if name not in self.logs:
            self.logs[name] = read_log(name, self.readers[name]())
        return self.logs[name]


# ---- pieces

def open_messages(lines):
    """Where a message of Exim's in syslog is open: the numbers of the lines before which no cut may be."""
    inside, last = set(), {}
    for i, line in enumerate(lines):
        match = EXIM_IN_SYSLOG.match(line)
        if match is None:
            continue
        process, part, text = match.groups()
        begun, before, first = last.get(process, (i, i, None))
        if part not in (None, b"1"):
            inside.update(range(before + 1, i + 1))
            last[process] = begun, i, first
        elif text == first:  # a twin, behind which the next is none
            inside.update(range(begun + 1, i + 1))
            last[process] = i, i, None
        else:
            last[process] = i, i, text
    return inside


def places(log, lines):
    """Where ${lines} of ${log} may be cut."""
    if RECORDS.search(log):
        return [i for i in range(1, len(lines)) if RECORD_END.search(lines[i - 1])]
    if "exim" not in log:
        return range(1, len(lines))
    if lines and EXIM_IN_SYSLOG.match(lines[0]):
        inside = open_messages(lines)
        return [i for i in range(1, len(lines)) if i not in inside]
    return [i for i in range(1, len(lines)) if STAMPED.match(lines[i])]


def cut(rng, log, lines):
    """Pieces of ${lines} of ${log}, none of which begins another, or lasts no time."""
    where = places(log, lines)
    most = min(rng.choice((2, 2, 3, 4, 6, 9, 14)), len(where) // 3)
    for attempt in range(60):
        n = max(min(2, most), most - attempt // 5, 1)
        ends = sorted(rng.sample(where, n - 1)) + [len(lines)]
        begins = [0] + ends[:-1]
        pieces = [b"".join(lines[a:b]) for a, b in zip(begins, ends)]
        clash = any(p is not q and p.startswith(q) for p in pieces for q in pieces)
        if not clash and min(seconds(lines[b:e]) for b, e in zip(begins, ends)) >= SHORTEST:
            return pieces
    return [b"".join(lines)]


def external(tool, *options):
    def pack(data, _rng):
        result = subprocess.run((tool, *options), input=data, stdout=subprocess.PIPE, check=True)
        return result.stdout
    return pack


def tar(data, rng, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        info = tarfile.TarInfo(f"var/log/{rng.randrange(1000)}.log")
        info.size = len(data)
        info.mtime = 1795000000
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def members(data, _rng):
    """gzip in two members, as after `cat a.gz b.gz`."""
    at = len(data) // 2
    return gzip.compress(data[:at], mtime=0) + gzip.compress(data[at:], mtime=0)


PACKERS = {
    "": lambda data, _rng: data,
    ".gz": lambda data, _rng: gzip.compress(data, mtime=0),
    ".members.gz": members,
    ".xz": lambda data, _rng: lzma.compress(data, preset=0),
    ".bz2": lambda data, _rng: bz2.compress(data),
    ".tar": tar,
    ".tar.gz": lambda data, rng: gzip.compress(tar(data, rng), mtime=0),
}
for _tool, _ending, _options in (("zstd", ".zst", ("-q", "-1")), ("lz4", ".lz4", ("-q", "-1"))):
    if shutil.which(_tool):
        PACKERS[_ending] = external(_tool, *_options)


class Case:
    """One case, in a folder of its own."""

    def __init__(self, seed, shelf, folder):
        self.rng = random.Random(seed)
        self.folder = folder
        self.n_files = 0
        self.n_databases = 0
        self.log = shelf.get(self.rng.choice(shelf.names))
        length = len(self.log.lines)
        if not shelf.whole:
            length = min(length, self.rng.choice((300, 600, 1200, 2500, 5000, 8000)))
        self.start = self.rng.randrange(len(self.log.lines) - length + 1)
        self.lines = self.log.lines[self.start:self.start + length]
        while RECORDS.search(self.log.name) and not RECORD_END.search(self.lines[-1]):
            self.lines.pop()
        if self.lines and not self.lines[-1].endswith(b"\n"):
            self.lines[-1] += b"\n"
        header = b"".join(self.log.header)
        self.whole = header + b"".join(self.lines)
        self.pieces = [header + p for p in cut(self.rng, self.log.name, self.lines)]
        self.files = []
        self.prune_hours = None
        self.said = [f"{self.log.name} lines {self.start}+{length}, {len(self.pieces)} pieces"]

    def path(self, ending):
        self.n_files += 1
        names = ("mail.log", "mail.log.1", "maillog", "syslog", "x")
        return os.path.join(self.folder, f"{self.n_files:03d}-{self.rng.choice(names)}{ending}")

    def write(self, data):
        ending = self.rng.choice(sorted(PACKERS))
        path = self.path(ending)
        with open(path, "wb") as out:
            out.write(PACKERS[ending](data, self.rng))
        return path

    def database(self):
        self.n_databases += 1
        return os.path.join(self.folder, f"{self.n_databases}.db")

    def half(self, piece):
        """The piece as it was some lines earlier."""
        lines = piece.splitlines(keepends=True)
        n_header = len(self.log.header)
        if len(lines) - n_header < 4:
            return piece
        return b"".join(lines[:self.rng.randrange(n_header + 2, len(lines))])

    def rounds(self, pieces):
        """What each run reads: lists of paths."""
        runs = [[] for _ in range(self.rng.choice((1, 1, 2, 3)))]
        for piece in pieces:
            at = self.rng.randrange(len(runs))
            how = self.rng.choice(("once", "once", "twice", "grown", "renamed"))
            if how == "renamed" and RECORDS.search(self.log.name):
                how = "grown"
            if how == "grown" and at + 1 < len(runs):
                path = self.path("")
                runs[at].append(lambda p=path, d=self.half(piece): put(p, d))
                runs[self.rng.randrange(at + 1, len(runs))].append(lambda p=path, d=piece: put(p, d))
                continue
            runs[at].append(lambda d=piece: self.write(d))
            if how == "twice":
                runs[self.rng.randrange(len(runs))].append(lambda d=piece: self.write(d))
            elif how == "renamed":
                runs[self.rng.randrange(len(runs))].append(lambda d=self.half(piece): self.write(d))
        return runs

    def fill(self, database, pieces):
        for run_of in self.rounds(pieces):
            self.rng.shuffle(run_of)
            files = [make() for make in run_of]
            self.files += files
            workers = self.rng.choice((1, 2, 4))
            if files:
                ingest(database, files, workers)
            self.said.append(f"-j {workers}: {len(files)} files")
        return database

    def merged(self):
        n = self.rng.choice((2, 2, 3))
        shares = [[] for _ in range(n)]
        for piece in self.pieces:
            for at in {self.rng.randrange(n), self.rng.randrange(n)}:
                shares[at].append(piece)
        parts = [self.fill(self.database(), share) for share in shares if share]
        parts += self.rng.sample(parts, self.rng.randrange(2))
        self.rng.shuffle(parts)
        target = self.database()
        for group in ([p] for p in parts) if self.rng.random() < 0.5 else (parts,):
            run(PROGRAM, "merge", "-d", target, *group)
        self.said.append(f"merged {len(parts)}")
        return target

    def limits(self, database):
        """When to prune: amid the log, so that some hours are dropped and some rolled up."""
        with sqlite3.connect(database) as made:
            hours = [h for (h,) in made.execute("SELECT DISTINCT hour FROM hour_digest ORDER BY 1")]
        made.close()
        moments = sorted(self.rng.choice(hours) + self.rng.choice((0, 30)) * 3600 for _ in range(2) if hours)
        return [max(0, int(time.time() - m) // 3600) for m in moments or (0, 0)]

    def pruned(self, database, files):
        """The dump after hours amid the log were dropped and rolled up."""
        if self.prune_hours is None:
            self.prune_hours = self.limits(database)
            self.said.append(f"pruned: {self.prune_hours}")
        drop, roll = self.prune_hours
        run(PROGRAM, "prune", "-q", "-d", database, "--keep-hours", f"{roll}h", "--keep", f"{drop}h")
        once = dump(database, self.log)
        ingest(database, files, 1)
        again = dump(database, self.log)
        if again != once:
            raise CaseFailed("after prune, the same files again: " + difference(once, again))
        return sorted(filter(None, map(kept_by_prune, once)))

    def check(self):
        plain = os.path.join(self.folder, "whole")
        put(plain, self.whole)
        reference = self.database()
        ingest(reference, [plain], 1)
        want = dump(reference, self.log)
        order = list(self.pieces)
        self.rng.shuffle(order)
        database = self.merged() if self.rng.random() < 0.4 else self.fill(self.database(), order)
        got = dump(database, self.log)
        if got == want and self.rng.random() < 0.3:
            want, got = self.pruned(reference, [plain]), self.pruned(database, self.files)
        problems = run(PROGRAM, "check", "-d", database, ok=(0, 1, 4)).stdout.decode(errors="replace")
        if got != want:
            raise CaseFailed(difference(want, got))
        if "to mend" in problems:
            raise CaseFailed(problems)


def kept_by_prune(row):
    """What of a row must be the same when old hours are gone: a source keeps few samples of a reply, and of the
    time before only that it was seen then."""
    columns = row.split(b"\t")
    if columns[0] == b"sample":
        return b""
    return b"\t".join(columns[:-2] + columns[-1:]) if columns[0] == b"reply" else row


def put(path, data):
    with open(path, "wb") as out:
        out.write(data)
    return path


def difference(want, got):
    a, b = set(want), set(got)
    rows = [b"- " + r for r in sorted(a - b)[:6]] + [b"+ " + r for r in sorted(b - a)[:6]]
    return "dumps differ (- one file, + pieces):\n" + "\n".join(
        "    " + r.decode(errors="replace").rstrip()[:240] for r in rows)


def try_case(seed, shelf, keep):
    with tempfile.TemporaryDirectory(prefix="smtpscope-partition-") as folder:
        case = Case(seed, shelf, folder)
        try:
            case.check()
            return True
        except CaseFailed as problem:
            print(f"FAIL seed {seed}: {'; '.join(case.said)}\n  {problem}\n"
                  f"  again: tests/reliability/partition.py --cases 1 --seed {seed}", flush=True)
            if keep:
                shutil.copytree(folder, os.path.join(keep, str(seed)), dirs_exist_ok=True)
            return False


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--cases", type=int, default=12)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--logs", default="")
    options.add_argument("--lines", type=int, default=0)
    options.add_argument("--keep")
    options = options.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="smtpscope-partition-") as folder:
        shelf = Shelf(folder, options.logs, options.lines)
        print(f"partition: {len(shelf.names)} logs, seeds {options.seed} to {options.seed + options.cases - 1}",
              flush=True)
        for seed in range(options.seed, options.seed + options.cases):
            failed += not try_case(seed, shelf, options.keep)
    print(f"{options.cases - failed} passed, {failed} failed")
    sys.exit(1 if failed or not options.cases else 0)


if __name__ == "__main__":
    main()
