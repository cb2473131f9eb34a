#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Several processes at one database, and databases of other versions.

usage: [SMTPSCOPE=program] tests/reliability/several.py [--long]

  readers   report, dump and check succeed at any time of an ingest and of a
            prune, and see whole steps
  writers   two ingests at once, of the same logs and of others, merges and
            prunes among them: the second waits for the first, both succeed,
            and the dump is that of one after the other
  waiting   whoever waits for a writer can be interrupted; with --long also:
            gives up after a minute with one clear line and status 4
  newer     a database of a newer schema is refused by every command with
            status 4 and stays as it is, byte for byte
  older     one of each released schema is brought up to date by whichever
            command meets it first, and holds what it held

Prints what fails and, last, "N passed, N failed".
"""
import fcntl
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import kill

PROGRAM = kill.PROGRAM
SAMPLES = kill.SAMPLES
NEWEST = max(int(p.name[:4]) for p in (kill.TOP / "schema").glob("0*.sql"))


class Score:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, good, what):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print(f"FAIL {what}", flush=True)


def start(*arguments):
    return subprocess.Popen([PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)


def run(*arguments):
    result = subprocess.run([PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, check=False)
    return result.returncode, result.stdout, result.stderr.decode(errors="replace")


def finish(process):
    out, err = process.communicate()
    return process.returncode, out, err.decode(errors="replace")


def ingest(database, *files):
    return ("ingest", "-q", "--tz", "UTC", "--year", "2026", "-d", database, *map(str, files))


def dump(database):
    return run("dump", "-d", database)[1]


def split(folder, n):
    """The samples' lines in ${n} files, and a log that was cut amid sessions before and behind these."""
    lines = [line for sample in SAMPLES for line in open(sample, "rb")]
    files = []
    for i in range(n):
        files.append(os.path.join(folder, f"{i}.log"))
        with open(files[-1], "wb") as out:
            out.writelines(lines[i * len(lines) // n:(i + 1) * len(lines) // n])
    before, after = kill.cut_sessions(folder, 2)
    return [after, *files, before]


def readers(score, folder):
    files = split(folder, 40)
    database = os.path.join(folder, "readers.db")
    run(*ingest(database, files[0]))
    for name, writer in (("ingest", ingest(database, *files)),
                         ("prune", ("prune", "-q", "-d", database, "--keep-hours", "20d", "--keep", "300d"))):
        process, n_reads = start(*writer), 0
        while process.poll() is None or n_reads == 0:
            for command in ("report", "dump", "check"):
                status, _, err = run(command, "-d", database, *(["overview"] if command == "report" else []))
                score.check(status == 0, f"{command} during {name}: status {status}: {err}")
                n_reads += 1
        status, _, err = finish(process)
        score.check(status == 0, f"{name} beside readers: status {status}: {err}")
        reference = os.path.join(folder, f"alone-{name}.db")
        run(*ingest(reference, *files))
        if name == "prune":
            run("prune", "-q", "-d", reference, "--keep-hours", "20d", "--keep", "300d")
        score.check(dump(database) == dump(reference), f"{name} beside readers: another dump")


def writers(score, folder):
    files = split(folder, 6)
    reference = os.path.join(folder, "reference.db")
    run(*ingest(reference, *files))
    score.check(kill.n_held(reference) > 0, "no line was held")
    want = dump(reference)
    part = os.path.join(folder, "part.db")
    run(*ingest(part, *files[2:]))
    for name, one, two in (("the same logs", files, files), ("other logs", files[:4], files[3:]),
                           ("a merge", files[:3], None)):
        database = os.path.join(folder, name.replace(" ", "") + ".db")
        second = ("merge", "-q", "-d", database, part) if two is None else ingest(database, *two)
        both = [start(*ingest(database, *one)), start(*second)]
        for process in both:
            status, _, err = finish(process)
            score.check(status == 0, f"two at once, {name}: status {status}: {err}")
        score.check(dump(database) == want, f"two at once, {name}: another dump")
        score.check(run("check", "-d", database)[0] == 0, f"two at once, {name}: check")


def waiting(score, folder, to_the_end):
    database = os.path.join(folder, "waiting.db")
    run(*ingest(database, SAMPLES[0]))
    with open(database, "rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        score.check(run("report", "-d", database, "overview")[0] == 0, "a report waits for a writer")
        process = start(*ingest(database, SAMPLES[1]))
        time.sleep(0.5)
        score.check(process.poll() is None, "an ingest does not wait for another writer")
        process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        status, _, err = finish(process)
        score.check(time.monotonic() - begun < 30, "whoever waits cannot be ended") # else it waits for a minute
        score.check(status in (4, 143) and "writing to it" in err, f"ended while waiting: status {status}: {err}")
        if to_the_end:
            status, _, err = run(*ingest(database, SAMPLES[1]))
            score.check(status == 4 and len(err.splitlines()) == 1 and database in err and "writing to it" in err,
                        f"waited to the end: status {status}: {err}")


def newer(score, folder):
    database = os.path.join(folder, "newer.db")
    run(*ingest(database, SAMPLES[0]))
    with sqlite3.connect(database) as made:
        made.execute(f"PRAGMA user_version = {NEWEST + 1}")
        made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    made.close()
    content = pathlib.Path(database).read_bytes()
    good = os.path.join(folder, "good.db")
    run(*ingest(good, SAMPLES[1]))
    for command in (ingest(database, SAMPLES[1]), ("report", "-d", database), ("dump", "-d", database),
                    ("check", "-d", database), ("prune", "-d", database), ("reclassify", "-d", database),
                    ("merge", "-d", database, good), ("merge", "-d", good, database)):
        status, out, err = run(*command)
        score.check(status == 4 and "newer" in err and database in err and not out,
                    f"{command[0]} of a newer database: status {status}: {err}")
        score.check(pathlib.Path(database).read_bytes() == content, f"{command[0]} changed a newer database")


def schema(database):
    with sqlite3.connect(database) as made:
        rows = made.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2").fetchall()
        version = made.execute("PRAGMA user_version").fetchone()[0]
    made.close()
    return version, [(t, n, re.sub(r"\s+", " ", s or "")) for t, n, s in rows]


def older(score, folder):
    fresh = os.path.join(folder, "fresh.db")
    run(*ingest(fresh, SAMPLES[1]))
    current = os.path.join(folder, "current.db")
    kill.make_released(current, NEWEST)
    want = dump(current)
    score.check(len(want.splitlines()) > 50, "the released rows say nothing")
    for version in range(1, NEWEST + 1):
        for command in ("report", "dump", "check", "prune", "reclassify", "ingest", "merge", "merged"):
            database = os.path.join(folder, f"{version}-{command}.db")
            kill.make_released(database, version)
            empty = os.path.join(folder, "empty.log")
            open(empty, "wb").close()
            other = os.path.join(folder, "other.db")
            if os.path.exists(other):
                os.remove(other)
            kill.make_released(other, NEWEST)
            status, _, err = run(*{
                "prune": ("prune", "-q", "-d", database, "--keep-hours", "9000d", "--keep", "9000d"),
                "reclassify": ("reclassify", "-q", "-d", database), "ingest": ingest(database, empty),
                "merge": ("merge", "-q", "-d", database, other), "merged": ("merge", "-q", "-d", other, database),
            }.get(command, (command, "-d", database)))
            score.check(status == 0, f"{command} of schema {version}: status {status}: {err}")
            score.check(dump(database) == want, f"{command} of schema {version}: another dump")
            score.check(schema(database) == schema(fresh), f"{command} of schema {version}: another schema than a new one")
            score.check(run("check", "-d", database)[0] == 0, f"{command} of schema {version}: check")


def main():
    score = Score()
    long = "--long" in sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="smtpscope-several-") as folder:
        for test in (readers, writers, newer, older):
            within = os.path.join(folder, test.__name__)
            os.mkdir(within)
            test(score, within)
            shutil.rmtree(within)
        waiting(score, folder, long)
    print(f"{score.passed} passed, {score.failed} failed")
    sys.exit(1 if score.failed or not score.passed else 0)


if __name__ == "__main__":
    main()
