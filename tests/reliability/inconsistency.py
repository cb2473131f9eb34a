#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Make a database inconsistent in every way that `check` knows; it must say so.

usage: [SMTPSCOPE=program] tests/reliability/inconsistency.py [NAME]

Each row of CASES changes a copy of a sound database by SQL.  `check` must end
with status 4 and name what is wrong; what it says to mend it is then done, to
the letter where that is a command, and afterwards `check` must find nothing
and `dump` must be what it was.  Last come files with damaged pages.

Every check of analyzer/store/integrity.c must be named by some row: a check
that no row meets fails the test.

Prints what fails and, last, "N passed, N failed".
"""
import os
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str((TOP / os.environ.get("SMTPSCOPE", "build/smtpscope")).resolve())
SAMPLES = sorted((TOP / "samples").glob("mail.log-*"))
SESSIONS = TOP / "tests" / "fixtures" / "haraka" / "lab.log" # cut amid them
ONE = "(SELECT min(id) FROM source)"
FACTS = ("traffic", "sender_traffic", "failure", "listing", "latency")

# what it is, SQL, what `check` must say
CASES = [
    ("orphaned facts", "DELETE FROM source WHERE id = " + ONE, "a row refers to nothing: "),
    ("a host that is gone", "DELETE FROM host WHERE id = (SELECT max(host) FROM traffic)", "a row refers to nothing: "),
    ("a reply that is gone", "DELETE FROM reply WHERE id = (SELECT max(reply) FROM failure)", "a row refers to nothing: "),
    ("a half step: no facts", "; ".join(f"DELETE FROM {t} WHERE source = {ONE}" for t in FACTS + (
        "line_count", "unknown_line", "hour_digest", "reply_seen", "sample", "queue_event", "attribution",
        "duplicate_hour")), "a source of which no line was counted: "),
    ("a half step: no digests", f"DELETE FROM hour_digest WHERE source = {ONE}",
     "lines with events do not match the hours' digests: "),
    ("a half step: counted twice", f"UPDATE line_count SET lines = 2 * lines WHERE source = {ONE} AND class = 'event'",
     "lines with events do not match the hours' digests: "),
    ("a failure more", "UPDATE failure SET attempts = attempts + 1 WHERE rowid_of", "failures do not match the traffic: "),
    ("a failure less", "DELETE FROM failure WHERE rowid_of", "failures do not match the traffic: "),
    ("a delivery more", "UPDATE traffic SET delivered = delivered + 1 WHERE rowid_of",
     "senders' traffic does not match recipients': "),
    ("a sender's delivery more", "UPDATE sender_traffic SET delivered = delivered + 1 WHERE rowid_of",
     "senders' traffic does not match recipients': "),
    ("a suspension more", "UPDATE traffic SET suspended = suspended + 1 WHERE rowid_of",
     "suspended attempts do not match the traffic: "),
    ("a try at another host more", "UPDATE failure SET other_hosts = other_hosts + 1 WHERE rowid_of",
     "suspended attempts do not match the traffic: "),
    ("delivery times too many", "UPDATE latency SET deliveries = deliveries + 100000 WHERE rowid_of",
     "delivery times without deliveries: "),
    ("listings too many", "UPDATE listing SET attempts = attempts + 100000 WHERE rowid_of", "listings without failures: "),
    ("a sample too many", "INSERT INTO sample SELECT source, reply, hash + 1, time, line FROM sample WHERE source = "
     f"{ONE} UNION ALL SELECT source, reply, hash + 2, time, line FROM sample WHERE source = {ONE} UNION ALL "
     f"SELECT source, reply, hash + 3, time, line FROM sample WHERE source = {ONE}", "more samples than are kept: "),
    ("a reply never seen", "DELETE FROM reply_seen WHERE rowid_of", "a failure whose reply was never seen: "),
    ("first seen after last", "UPDATE reply_seen SET first_seen = last_seen + 1 WHERE rowid_of",
     "a reply that was last seen before it was first: "),
    ("no direction", "UPDATE traffic SET direction = 'up' WHERE rowid_of", "a direction that is none: "),
    ("another direction", f"UPDATE OR IGNORE reply SET direction = 'inbound' WHERE direction = 'outbound' AND id ="
     f" (SELECT min(reply) FROM failure WHERE source = {ONE} AND direction = 'outbound')", "a reply under another direction: "),
    ("marks cut", f"UPDATE source SET marks = substr(marks, 1, 8) WHERE id = {ONE}", "marks that do not fit what was read: "),
    ("an offset moved", f"UPDATE source SET consumed = consumed + 65536 WHERE id = {ONE}",
     "marks that do not fit what was read: "),
    ("a content hash cut", f"UPDATE source SET content_hash = x'00' WHERE id = {ONE}",
     "a head that does not fit what was read: "),
    ("a head hash cut", f"UPDATE source SET head_hash = x'00' WHERE id = {ONE}", "a head that does not fit what was read: "),
    ("heads cut", f"UPDATE source SET heads = substr(heads, 1, 8) WHERE id = {ONE}",
     "hashes of the head that do not fit its length: "),
    ("damage without a reason", f"UPDATE source SET damaged_at = 5 WHERE id = {ONE}", "damage without a place or a reason: "),
    ("one stream twice", "INSERT INTO source SELECT (SELECT max(id) + 1 FROM source), head_len, head_hash, heads, consumed, content_hash, marks,"
     " damaged_at, damage, last_stamp, container, name, bytes_skipped, overflow, looks_back, of FROM source WHERE of IS NULL LIMIT 1",
     "one log stream twice: "),
    ("held lines twice", "INSERT INTO source SELECT (SELECT max(id) + 1 FROM source), head_len, head_hash, heads, consumed,"
     " content_hash, marks, damaged_at, damage, last_stamp, container, name, bytes_skipped, overflow, looks_back, of"
     " FROM source WHERE of IS NOT NULL LIMIT 1", "held lines counted twice: "),
    ("held lines not counted", "; ".join(f"DELETE FROM {t} WHERE source IN (SELECT id FROM source WHERE of IS NOT NULL)"
     for t in FACTS + ("line_count", "unknown_line", "hour_digest", "reply_seen", "sample", "queue_event", "attribution",
                       "duplicate_hour")) + "; DELETE FROM source WHERE of IS NOT NULL", "held lines that are not counted: "),
    ("held lines of a stream", "UPDATE source SET consumed = 1 WHERE of IS NOT NULL", "held lines counted for those of another: "),
    ("a held line more", "UPDATE line_count SET lines = lines + 1 WHERE class = 'ignored' AND source IN"
     " (SELECT id FROM source WHERE of IS NOT NULL)", "more or less held lines than are counted: "),
    ("no held line", "UPDATE held_line SET repeat = 0 WHERE rowid_of", "a held line that is none: "),
    ("a kind of line", f"UPDATE line_count SET class = 'odd' WHERE source = {ONE} AND class = 'foreign'",
     "a kind of line that is none: "),
    ("unknown lines lost", f"DELETE FROM unknown_line WHERE source = {ONE}",
     "unknown lines do not match the count of lines: "),
    ("a word that is none", "UPDATE queue_event SET kind = 'odd' WHERE rowid_of", "a word on a queue ID that is none: "),
    ("an attribution more", "UPDATE attribution SET n = n + 1 WHERE disposition <> 'expired'", "an attribution that adds to nothing: "),
    ("attributions lost", "DELETE FROM attribution", "the attributions are not what the journals say: "),
    ("a journal row lost", "DELETE FROM queue_event WHERE kind = 'attempt'", "the attributions are not what the journals say: "),
    ("duplicates lost", "DELETE FROM duplicate_hour", "the hours left out are not those that are there twice: "),
    ("an hour left out", "INSERT INTO duplicate_hour SELECT source, host, hour, (SELECT max(id) FROM source WHERE id <> "
     "source), 1 FROM hour_digest WHERE (host, hour) NOT IN (SELECT host, hour FROM duplicate_hour) LIMIT 1",
     "the hours left out are not those that are there twice: "),
    ("a digest changed", "UPDATE hour_digest SET digest = digest + 1 WHERE (source, host, hour) IN "
     "(SELECT source, host, hour FROM duplicate_hour WHERE equal = 1)",
     "the hours left out are not those that are there twice: "),
    ("left out for itself", "UPDATE duplicate_hour SET kept = source WHERE rowid_of", "a source left out for itself: "),
    ("left out for each other", "INSERT OR REPLACE INTO duplicate_hour SELECT kept, host, hour, source, 1 FROM "
     "duplicate_hour WHERE equal = 1 LIMIT 1", "two sources left out for each other: "),
    ("roll-ups lost", "DELETE FROM rollup", "the roll-ups are not what the facts say: "),
    ("days of roll-ups lost", "DELETE FROM rollup_day", "the roll-ups are not what the facts say: rollup_day"),
    ("a reply's times moved", "UPDATE rollup_seen SET last_seen = last_seen + 1",
     "the roll-ups are not what the facts say: rollup_seen"),
    ("a day of roll-ups for another", "UPDATE rollup_day SET digest = digest + 1",
     "the roll-ups are not what the facts say: rollup_day"),
] + [
    (f"a roll-up changed: {n}", f"UPDATE rollup SET bag = (SELECT o.bag FROM rollup AS o WHERE o.name = '{n}' AND "
     f"o.bag <> rollup.bag) WHERE name = '{n}'", f"the roll-ups are not what the facts say: rollup {n}")
    for n in ("failure", "failed_sender", "failed_time", "recipient", "total", "sender", "latency")
] + [
    (f"negative: {t}", f"UPDATE {t} SET {c} = -5 WHERE rowid_of", f"negative counts in {t}: ")
    for t, c in (("traffic", "probes"), ("sender_traffic", "accepted"), ("failure", "suspended"), ("listing", "attempts"),
                 ("latency", "deliveries"), ("line_count", "lines"), ("unknown_line", "lines"), ("hour_digest", "events"))
] + [
    (f"half an hour: {t}", f"UPDATE {t} SET hour = hour + 1800 WHERE rowid_of", f"an hour that is none in {t}: ")
    for t in FACTS + ("hour_digest",)
] + [
    (f"an hour without events: {t}", f"UPDATE {t} SET hour = hour + 360000000 WHERE rowid_of",
     f"facts of an hour in which the source has no events in {t}: ")
    for t in FACTS
]

# Facts that were changed so that they fit each other: only what was derived
# from them tells, and to derive it anew makes the change final.
FOR_GOOD = ("a journal row lost", "a digest changed")


def run(*command, ok=(0,)):
    result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if ok is not None and result.returncode not in ok:
        sys.exit(f"{' '.join(command)}: status {result.returncode}: {result.stderr.decode(errors='replace')[:600]}")
    return result


def check(database):
    result = run(PROGRAM, "check", "-d", database, ok=None)
    return result.returncode, result.stdout.decode(errors="replace")


def dump(database):
    return run(PROGRAM, "dump", "-d", database).stdout


def ingest(database, files):
    run(PROGRAM, "ingest", "-q", "--tz", "UTC", "--year", "2026", "-d", database, *files)


def first_row(database, sql):
    """${sql} with "WHERE rowid_of" as the key of one row: tables without rowid have none to name."""
    match = re.match(r"(?:UPDATE|DELETE FROM) (\w+)", sql)
    if "rowid_of" not in sql or match is None:
        return sql
    table = match[1]
    key = [r[1] for r in database.execute(f"PRAGMA table_info({table})") if r[5]]
    columns = ", ".join(key)
    of_one = f"FROM {table}" + (" WHERE reply IN (SELECT reply FROM failure)" if table == "reply_seen" else "")
    return sql.replace("rowid_of", f"({columns}) = (SELECT {columns} {of_one} LIMIT 1)")


def inject(path, sql):
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        changes = database.total_changes
        for statement in sql.split("; "):
            database.execute(first_row(database, statement))
        if database.total_changes == changes:
            sys.exit(f"nothing to change: {sql}")
    database.close()


def mend(database, said, files):
    """Do what the lines of `check` say."""
    for line in said.splitlines():
        how = line.partition("(to mend: ")[2]
        if how.startswith("delete what"):
            with sqlite3.connect(database) as made:
                for table, _, parent, _ in made.execute("PRAGMA foreign_key_check").fetchall():
                    made.execute(f"DELETE FROM {table} WHERE source NOT IN (SELECT id FROM source)" if parent == "source"
                                 else "DELETE FROM source")
                for (table,) in made.execute("SELECT name FROM sqlite_schema WHERE sql LIKE '%REFERENCES source%' AND name <> 'source'"):
                    made.execute(f"DELETE FROM {table} WHERE source NOT IN (SELECT id FROM source)")
            made.close()
        for command in re.findall(r"sqlite3 DB (?:'([^']*)'|\"([^\"]*)\")", how):
            sql = "".join(command)
            source = re.search(r": sources? (\d+)", line)
            if source is not None:
                sql = sql.replace("= ID", "= " + source[1])
            run("sqlite3", database, sql)
    ingest(database, files)


def mended(database, files, want):
    for _ in range(4):  # one fault may hide another
        status, said = check(database)
        if status == 0:
            break
        mend(database, said, files)
    return check(database)[0] == 0 and want in (None, dump(database))


def stamp(line):
    return line[:15]


def make(folder):
    """A sound database that has rows of every kind."""
    lines = [line for sample in SAMPLES for line in open(sample, "rb")]
    odd = b"Nov  1 00:00:%02d mail postfix/smtp[1]: what no pattern claims\n"
    files = []
    for i, part in enumerate((lines[:2400], lines[2400:4800], lines[2000:5200], lines[4800:7000])):
        path = os.path.join(folder, f"{i}.log")
        begun = [stamp(part[0]) + b" mail postfix/smtp[1]: 4zZZZZzzzzZ: to=<u@d.example>, relay=none, delay=1, dsn=4.4.1,"
                 b" status=deferred (connect to d.example[192.0.2.1]:25: Connection refused)\n"] if i == 1 else []
        ended = [stamp(part[-1]) + b" mail postfix/qmgr[2]: 4zZZZZzzzzZ: from=<a@s.example>, size=9, nrcpt=1 (queue active)"
                 b"\n"] if i == 0 else []
        with open(path, "wb") as out:
            out.writelines([odd % i] + begun + part + ended)
        files.append(path)
    session = SESSIONS.read_bytes().splitlines(keepends=True)
    for i, part in enumerate((session[:180], session[180:])):
        path = os.path.join(folder, f"haraka{i}.log")
        with open(path, "wb") as out:
            out.writelines(part)
        files.append(path)
    database = os.path.join(folder, "sound.db")
    ingest(database, files[:1])
    with sqlite3.connect(database) as made:
        made.execute("INSERT INTO rollup_day VALUES (-1, 1)") # small stores have none
    made.close()
    ingest(database, files)
    with sqlite3.connect(database) as made:
        for (table,) in made.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            if made.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0:
                sys.exit(f"the database has no rows in {table}")
    made.close()
    return database, files


def all_checks():
    text = (TOP / "analyzer" / "store" / "integrity.c").read_text(encoding="utf-8")
    names = re.findall(r'^    \{"([^"]*)"', text, re.M)
    for macro, words in (("NEGATIVE", "negative counts in "), ("ODD_HOUR", "an hour that is none in "),
                         ("NO_EVENTS", "facts of an hour in which the source has no events in ")):
        names += [words + t for t in re.findall(rf'^    {macro}\("(\w+)"', text, re.M)]
    return names


def damaged_pages(folder, sound):
    """Each page in turn overwritten: nothing may crash, and what is found is said."""
    content = open(sound, "rb").read()
    n_pages, silent = len(content) // 4096, 0
    rng = random.Random(1)
    problems = []
    for page in [0] + rng.sample(range(1, n_pages), min(40, n_pages - 1)):
        path = os.path.join(folder, "pages.db")
        at = page * 4096 + (100 if page == 0 else 0)
        with open(path, "wb") as out:
            out.write(content[:at] + rng.randbytes(300) + content[at + 300:])
        status, said = check(path)
        silent += status == 0
        if status not in (0, 4) or (said and "to mend" not in said):
            problems.append(f"page {page}: status {status}: {said[:300]}")
    if silent > 4: # pages of the free list and of indices' unused space
        problems.append(f"{silent} damaged pages were not noticed")
    return problems


def main():
    only = sys.argv[1] if len(sys.argv) > 1 else None
    passed = failed = 0
    met = set()

    def score(good, what):
        nonlocal passed, failed
        passed += good
        failed += not good
        if not good:
            print(f"FAIL {what}", flush=True)

    with tempfile.TemporaryDirectory(prefix="smtpscope-check-") as folder:
        sound, files = make(folder)
        want = dump(sound)
        status, said = check(sound)
        score(status == 0, f"a sound database: {said}")
        for name, sql, expected in CASES:
            if only not in (None, name):
                continue
            path = os.path.join(folder, "case.db")
            shutil.copyfile(sound, path)
            inject(path, sql)
            status, said = check(path)
            met.update(line.partition(": ")[0] for line in said.splitlines())
            score(status == 4 and expected in said and "(to mend: " in said,
                  f"{name}: status {status}, want '{expected}', said: {said[:400]}")
            score(mended(path, files, None if name in FOR_GOOD else want), f"{name}: what `check` says does not mend it: {said[:400]}")
            for ending in ("", "-wal", "-shm"):
                if os.path.exists(path + ending):
                    os.remove(path + ending)
        if only is None:
            problems = damaged_pages(folder, sound)
            score(not problems, "; ".join(problems))
            for missing in sorted(set(all_checks()) - met - {"SQLite finds the file damaged"}):
                score(False, f"no row meets the check '{missing}'")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
