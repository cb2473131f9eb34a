#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kill what changes a database, at any moment; the next run must mend it.

usage: [SMTPSCOPE=program] tests/reliability/kill.py [options]

  --moments N    how many moments for each way to end (default 12)
  --seed S       the first seed (default 1)
  --way WAY      only: calls, time, power
  --work NAME    only: ingest, threads, grow, steps, merge, reclassify, prune, migrate

Ways to end (tests/reliability/crash.c):
  calls   SIGKILL at the n-th call that changes a file of the database, before
          it, in its middle or behind it
  time    SIGKILL after a random time
  power   as calls, and what was not synced is lost, or half of it

Among the logs is one that is cut amid sessions, so that lines are held.  Each
kind of work is done once undisturbed.  Then, from the same state, it is
ended at a moment, and `check` and a report are run on what is left; done
again, `dump` must be that of the undisturbed run, byte for byte, and `check`
must find nothing.

Prints each failing moment with the command that repeats it and, last, "N
passed, N failed".
"""
import argparse
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str((TOP / os.environ.get("SMTPSCOPE", "build/smtpscope")).resolve())
SAMPLES = sorted((TOP / "samples").glob("mail.log-*"))
SESSIONS = TOP / "tests" / "fixtures" / "haraka" / "lab-syslog.log"
WAYS = ("calls", "time", "power")


class MomentFailed(Exception):
    pass


def run(*command, ok=(0,), **environment):
    result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env={**os.environ, **environment}, check=False)
    if ok is not None and result.returncode not in ok:
        raise MomentFailed(f"{' '.join(command)}: status {result.returncode}: "
                           f"{result.stderr.decode(errors='replace')[:600]}")
    return result


def dump(database):
    return run(PROGRAM, "dump", "-d", database).stdout


def ingest_command(files, *options):
    return [PROGRAM, "ingest", "-q", "--tz", "UTC", "--year", "2026", "-d", "DB", *options, *files]


def cut_sessions(folder, n_files):
    """Files of consecutive lines of Haraka's, from when the samples are."""
    text = SESSIONS.read_bytes().replace(b"Nov 23", b"Oct 26").replace(b"2026-11-23T", b"2026-10-26T")
    lines = text.splitlines(keepends=True)
    files = []
    for i in range(n_files):
        files.append(os.path.join(folder, f"sessions{i}.log"))
        with open(files[-1], "wb") as out:
            out.writelines(lines[len(lines) * i // n_files:len(lines) * (i + 1) // n_files])
    return files


def n_held(database):
    with sqlite3.connect(database) as made:
        n = made.execute("SELECT count(*) FROM held_line").fetchone()[0]
    made.close()
    return n


# ---- kinds of work

class Work:
    """A state of a database to begin with, and the command that is ended."""

    def __init__(self, name, folder):
        self.folder = os.path.join(folder, name)
        os.mkdir(self.folder)
        self.before = os.path.join(self.folder, "before.db")
        self.environment = {}
        self.command = getattr(self, name)()
        run("sqlite3", self.before, "PRAGMA wal_checkpoint(TRUNCATE)") if os.path.exists(self.before) else None
        self.want, self.n_calls, self.seconds = self.undisturbed()

    def logs(self, n_files, n_lines):
        """Files of consecutive lines of the samples."""
        lines = [line for sample in SAMPLES for line in open(sample, "rb")]
        files = []
        for i in range(n_files):
            path = os.path.join(self.folder, f"{i}.log")
            with open(path, "wb") as out:
                out.writelines(lines[i * n_lines:(i + 1) * n_lines])
            files.append(path)
        return files

    def put(self, database, files, *options):
        run(*(database if part == "DB" else part for part in ingest_command(files, *options)))

    def ingest(self):
        return ingest_command(self.logs(5, 600) + cut_sessions(self.folder, 3), "-j", "1")

    def threads(self):
        return ingest_command(self.logs(8, 400) + cut_sessions(self.folder, 3), "-j", "4")

    def grow(self):
        files = self.logs(3, 600) + cut_sessions(self.folder, 2)
        whole = [open(f, "rb").read() for f in files]
        for path, content in zip(files, whole):
            with open(path, "wb") as out:
                out.writelines(content.splitlines(keepends=True)[:120])
        self.put(self.before, files)
        for path, content in zip(files, whole):
            with open(path, "wb") as out:
                out.write(content)
        return ingest_command(files, "-j", "1")

    def steps(self):
        """A source that is written in several transactions."""
        path = os.path.join(self.folder, "long.log")
        with open(path, "wb") as out:
            for i in range(60000):
                out.write(b"2026-06-01T%02d:%02d:%02d+00:00 mx postfix/smtp[9]: 4%09XzZZZZZ: to=<u@d%d.example>, "
                          b"relay=none, delay=1, delays=0/0/1/0, dsn=4.4.1, status=deferred (connect to "
                          b"x%d[192.0.2.1]:25: Connection refused)\n"
                          % (i // 3600 % 24, i // 60 % 60, i % 60, i, i % 30000, i % 7))
        return ingest_command([path], "-j", "1")

    def merge(self):
        files, sessions = self.logs(6, 500), cut_sessions(self.folder, 3)
        parts = [os.path.join(self.folder, f"part{i}.sqlite") for i in range(2)]
        self.put(self.before, files[:3] + sessions[1:2])
        self.put(parts[0], files[2:5] + sessions[2:])
        self.put(parts[1], files[4:] + sessions[:1])
        return [PROGRAM, "merge", "-q", "-d", "DB", *parts]

    def reclassify(self):
        self.put(self.before, self.logs(3, 700) + cut_sessions(self.folder, 3))
        with sqlite3.connect(self.before) as database:
            database.execute("UPDATE reply SET cause = 'unclassified', detail = 'other', rule = 'none'")
        return [PROGRAM, "reclassify", "-q", "-d", "DB"]

    def prune(self):
        files = self.logs(6, 900) + cut_sessions(self.folder, 3)
        self.put(self.before, files[:5] + files[6:])
        with sqlite3.connect(self.before) as database:
            last = database.execute("SELECT max(hour) FROM traffic").fetchone()[0]
            first = database.execute("SELECT min(hour) FROM traffic").fetchone()[0]
            database.execute("INSERT INTO rollup_day VALUES (-1, 1)")  # else a small store has no roll-ups
        self.put(self.before, files)
        hours = int(time.time() - last) // 3600 + 24
        days = int(time.time() - first) // 86400
        return [PROGRAM, "prune", "-q", "-d", "DB", "--keep-hours", f"{hours}h", "--keep", f"{days}d"]

    def migrate(self):
        """From the first released schema, by the command that meets it first."""
        make_released(self.before, 1)
        return [PROGRAM, "report", "-d", "DB", "overview"]

    # ---- runs

    def start(self, name):
        """A copy of the state to begin with; its path."""
        folder = tempfile.mkdtemp(prefix=name, dir=self.folder)
        database = os.path.join(folder, "x.db")
        if os.path.exists(self.before):
            shutil.copyfile(self.before, database)
        return folder, database

    def on(self, database):
        return [database if part == "DB" else part for part in self.command]

    def undisturbed(self):
        folder, database = self.start("whole")
        count = os.path.join(folder, "count")
        begun = time.monotonic()
        run(*self.on(database), LD_PRELOAD=self.shim(), CRASH_FILES="x.db", CRASH_COUNT=count)
        seconds = time.monotonic() - begun
        want = dump(database)
        with open(count, encoding="ascii") as f:
            n_calls = int(f.read())
        name = os.path.basename(self.folder)
        if name not in ("steps", "migrate") and n_held(self.before if name == "prune" else database) == 0:
            sys.exit(f"{self.folder}: no line was held")
        shutil.rmtree(folder)
        if not want or n_calls < 3:
            sys.exit(f"{self.folder}: nothing was done, so nothing can be ended")
        return want, n_calls, seconds

    def shim(self):
        return os.path.join(os.path.dirname(self.folder), "crash.so")

    def end_by_call(self, database, rng, mode):
        run(*self.on(database), ok=(-signal.SIGKILL, 128 + signal.SIGKILL), LD_PRELOAD=self.shim(), CRASH_FILES="x.db",
            CRASH_MODE=mode, CRASH_AT=str(rng.randrange(1, self.n_calls * 9 // 10)), CRASH_SEED=str(rng.getrandbits(32)))

    def end_by_time(self, database, rng):
        with subprocess.Popen(self.on(database), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:
            time.sleep(rng.random() * self.seconds)
            process.send_signal(signal.SIGKILL)

    def try_moment(self, way, seed):
        rng = random.Random(seed)
        folder, database = self.start("moment")
        try:
            if way == "time":
                self.end_by_time(database, rng)
            else:
                self.end_by_call(database, rng, "power" if way == "power" else "kill")
            if os.path.exists(database) and os.path.getsize(database) > 0:
                look_at(database)
            run(*self.on(database))
            look_at(database) if self.command[1] == "report" else clean(database)
            if dump(database) != self.want:
                raise MomentFailed("the dump differs from that of an undisturbed run")
        finally:
            shutil.rmtree(folder)


def look_at(database):
    """What the end left is sound as it is, and can be read."""
    run(PROGRAM, "check", "-d", database)
    run(PROGRAM, "report", "-d", database, "overview")


def clean(database):
    said = run(PROGRAM, "check", "-d", database).stderr.decode(errors="replace")
    if "not settled" in said:
        raise MomentFailed("the run left the derived tables behind")


def make_released(database, version):
    """A database as release ${version} of the schema left it: tests/reliability/released.sql has the rows."""
    parts = [path.read_text(encoding="utf-8") for path in sorted((TOP / "schema").glob("0*.sql"))[:version]]
    parts.append((TOP / "tests" / "reliability" / "released.sql").read_text(encoding="utf-8"))
    parts.append(f"PRAGMA application_id = {0x736d7470}; PRAGMA user_version = {version};")
    with sqlite3.connect(database) as made:
        made.executescript("BEGIN;\n" + "\n".join(parts) + "COMMIT;")
    made.close()


def build_shim(folder):
    subprocess.run(("cc", "-std=c11", "-O1", "-shared", "-fPIC", "-o", os.path.join(folder, "crash.so"),
                    str(TOP / "tests" / "reliability" / "crash.c"), "-ldl"), check=True)


KINDS = ("ingest", "threads", "grow", "steps", "merge", "reclassify", "prune", "migrate")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--moments", type=int, default=12)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--way", choices=WAYS)
    options.add_argument("--work", choices=KINDS)
    options = options.parse_args()
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="smtpscope-kill-") as folder:
        build_shim(folder)
        kinds = [Work(k, folder) for k in KINDS if options.work in (None, k)]
        for way in WAYS if options.way is None else (options.way,):
            for i in range(options.moments):
                seed, work = options.seed + i, kinds[i % len(kinds)]
                try:
                    work.try_moment(way, seed)
                    passed += 1
                except MomentFailed as problem:
                    failed += 1
                    name = os.path.basename(work.folder)
                    print(f"FAIL {way} {name} seed {seed}: {problem}\n  again: tests/reliability/kill.py --moments 1 "
                          f"--seed {seed} --way {way} --work {name}", flush=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
