#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Let every call that can fail fail, one after the other.

usage: [SMTPSCOPE=program] tests/reliability/faults.py [options]

  --most N      at most N calls of each kind (default 60): all of them if there
                are no more, else a sample that holds the first and the last
  --seed S      what the sample is drawn by (default 1)
  --work NAME   only: ingest, merge, prune, report
  --kind KIND   only: read, write, sync, rename, open, mmap, thread, memory

tests/reliability/faults.c does it.  One of the logs is cut amid sessions, so
that lines are held.  Each work is done once undisturbed and
then, from the same state, once for each call, error and duration.  It must end
by itself with an exit status that it documents, and name the reason unless
nothing came of it.  A report must be the old one or the new one, whole, and no
other file may be left; a database must be sound, and done again, undisturbed,
the work must give what it gave before.  A build with sanitizers must not have
anything to say; its memory is not the C library's, and never fails.

Prints each failing case with what repeats it and, last, "N passed, N failed".
"""
import argparse
import concurrent.futures
import errno
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import kill

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str((TOP / os.environ.get("SMTPSCOPE", "build/smtpscope")).resolve())
SHIM = TOP / "build/release/tests/reliability/faults.so"
SECONDS = 60

# Error numbers and whether they stay; 0 is half a call, or none.
ERRORS = {
    "read": ((errno.EIO, False), (errno.EIO, True), (errno.EINTR, False),
             (0, False), (0, True)),
    "write": ((errno.ENOSPC, True), (errno.EIO, False), (errno.EINTR, False),
              (0, False)),
    "sync": ((errno.EIO, False), (errno.EIO, True)),
    "rename": ((errno.EIO, False), (errno.ENOSPC, False)),
    "open": ((errno.EMFILE, False), (errno.EMFILE, True),
             (errno.ENOSPC, False)),
    "mmap": ((errno.ENOMEM, False), (errno.ENOMEM, True)),
    "thread": ((errno.EAGAIN, False), (errno.EAGAIN, True)),
    "memory": ((0, False), (0, True)),
}


class CaseFailed(Exception):
    """Says how."""


def run(*command, **environment):
    try:
        return subprocess.run(
            [PROGRAM, *map(str, command)], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
            env={**os.environ, "TZ": "UTC", **environment}, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise CaseFailed("it hangs") from None


def must(*command):
    done = run(*command)
    if done.returncode != 0:
        raise CaseFailed(f"{command[0]} afterwards: status {done.returncode}\n"
                         f"{done.stderr.decode()}")
    return done.stdout


class Work:
    """Something to disturb; ${start} holds what it begins with."""

    def __init__(self, name, start, args, dumped=True):
        self.name, self.start, self.args = name, start, args
        self.dumped = dumped
        with tempfile.TemporaryDirectory() as folder:
            place = self.prepare(folder)
            done = run(*self.command(place))
            if done.returncode != 0:
                raise SystemExit(done.stderr.decode())
            self.want = self.result(place)

    def prepare(self, folder):
        place = pathlib.Path(folder) / "work"
        shutil.copytree(self.start, place)
        return place

    def command(self, place):
        return [a.replace("@", f"{place}/") for a in self.args]

    def result(self, place):
        if self.dumped:
            return must("dump", "-d", place / "x.db")
        return (place / "report").read_bytes()

    def count(self, kind):
        with tempfile.TemporaryDirectory() as folder:
            place = self.prepare(folder)
            out = pathlib.Path(folder) / "count"
            out.write_text("0")
            run(*self.command(place), LD_PRELOAD=str(SHIM), FAULT_KIND=kind,
                FAULT_COUNT=str(out))
            return int(out.read_text())

    def disturb(self, case):
        kind, at, error, stays = case
        environment = {"LD_PRELOAD": str(SHIM), "FAULT_KIND": kind,
                       "FAULT_AT": str(at), "FAULT_ERROR": str(error)}
        if stays:
            environment["FAULT_STAYS"] = "1"
        with tempfile.TemporaryDirectory() as folder:
            place = self.prepare(folder)
            done = run(*self.command(place), **environment)
            self.judge_end(done, case)
            if self.dumped:
                self.judge_database(place)
            else:
                self.judge_report(place, done)

    def judge_end(self, done, case):
        said = done.stderr.decode("utf-8", "replace")
        if done.returncode not in (0, 1, 3, 4) or "Sanitizer" in said:
            raise CaseFailed(f"status {done.returncode}\n{said}")
        # nobody can be told where telling fails
        mute = case[0] == "write" and (case[3] or case[2] == errno.EIO)
        if done.returncode != 0 and not mute and "smtpscope: " not in said:
            raise CaseFailed(f"status {done.returncode} without a reason")

    def judge_database(self, place):
        if (place / "x.db").exists() and (place / "x.db").stat().st_size > 0:
            must("check", "-d", place / "x.db")
        must(*self.command(place))
        if self.result(place) != self.want:
            raise CaseFailed("done again, it gives something else")

    def judge_report(self, place, done):
        got = (place / "report").read_bytes()
        old = (self.start / "report").read_bytes()
        if got not in (old, self.want):
            raise CaseFailed(f"the report is neither old nor new: {got[:80]}")
        if done.returncode == 0 and got != self.want:
            raise CaseFailed("status 0, but the report is the old one")
        names = {p.name for p in place.iterdir()} - {"x.db-shm", "x.db-wal"}
        if names != {"report", "x.db"}:
            raise CaseFailed(f"left behind: {sorted(names)}")


def make_works(folder):
    """The four works, with what they start from."""
    samples = sorted((TOP / "samples").glob("mail.log-*"))
    lines = [s.read_bytes().splitlines(True) for s in samples]
    starts = {n: folder / n for n in ("ingest", "merge", "prune", "report")}
    for start in starts.values():
        start.mkdir()
    for name in ("ingest", "merge", "prune", "report"):
        (starts[name] / "a.log").write_bytes(b"".join(lines[0][:300]))
    packed = subprocess.run(["gzip", "-c"], input=b"".join(lines[1][:300]),
                            stdout=subprocess.PIPE, check=True).stdout
    before, after = kill.cut_sessions(folder, 2)
    for name in ("ingest", "prune"):
        shutil.copy(before, starts[name] / "before.log")
        shutil.copy(after, starts[name] / "after.log")
    (starts["ingest"] / "b.gz").write_bytes(packed)
    (folder / "other.log").write_bytes(b"".join(lines[2][:300]))
    must("ingest", "-q", "-d", starts["merge"] / "y.db", folder / "other.log",
         before)
    shutil.copy(after, starts["merge"] / "after.log")
    for name in ("merge", "prune", "report"):
        logs = list(starts[name].glob("*.log"))
        must("ingest", "-q", "-d", starts[name] / "x.db", *logs)
        for log in logs:
            log.unlink()
    (starts["report"] / "report").write_bytes(b"the old one\n" * 100)
    return [
        Work("ingest", starts["ingest"],
             ["ingest", "-j", "2", "-d", "@x.db", "@a.log", "@b.gz",
              "@after.log", "@before.log"]),
        Work("merge", starts["merge"], ["merge", "-d", "@x.db", "@y.db"]),
        Work("prune", starts["prune"],
             ["prune", "--keep-hours", "1h", "--keep", "36500d", "-d",
              "@x.db"]),
        Work("report", starts["report"],
             ["report", "-d", "@x.db", "-f", "json", "-o", "@report",
              "causes", "codes", "domains"], dumped=False)]


def choose(n, most, draw):
    if n <= most:
        return list(range(1, n + 1))
    return sorted({1, n, *draw.sample(range(1, n + 1), most - 2)})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--most", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work")
    parser.add_argument("--kind")
    args = parser.parse_args()
    subprocess.run(["make", "-s", "--no-print-directory",
                    str(SHIM.relative_to(TOP))], cwd=TOP, check=True)
    passed, failed = 0, 0
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        for work in make_works(pathlib.Path(folder)):
            if args.work not in (None, work.name):
                continue
            for kind, errors in ERRORS.items():
                if args.kind not in (None, kind):
                    continue
                n = work.count(kind)
                chosen = choose(n, args.most, random.Random(args.seed))
                cases = [(kind, at, *error) for error in errors
                         for at in chosen]
                jobs = {pool.submit(work.disturb, c): c for c in cases}
                bad = 0
                for job, case in jobs.items():
                    try:
                        job.result()
                        passed += 1
                    except CaseFailed as why:
                        bad += 1
                        print(f"FAIL {work.name}: FAULT_KIND={case[0]} "
                              f"FAULT_AT={case[1]} FAULT_ERROR={case[2]}"
                              f"{' FAULT_STAYS=1' if case[3] else ''}: {why}")
                failed += bad
                print(f"{work.name}: {kind}: {len(chosen)} of {n} calls, "
                      f"{len(cases)} cases, {bad} failed", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
