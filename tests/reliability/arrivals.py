#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Senders across rotated files in every order of arrival, and duplicates.

usage: [SMTPSCOPE=program] tests/reliability/arrivals.py

  senders     a mail queued in the first of four files bounces in the last;
              short queue IDs come back meanwhile, one of them without that
              its first life was seen to end, and a mail expires whose
              recipients were deferred in other files.  All 24 orders, in one
              run, in a run for each file, and as databases that are merged:
              the dump is that of one file, and the senders are those that
              this test knows
  duplicates  mail.log beside syslog, which are rotated at different times; a
              copy under another name; lines that syslog counts instead of
              repeating; a database merged twice, and one that was made by a
              merge: nothing is counted twice

Prints what fails and, last, "N passed, N failed".
"""
import itertools
import os
import sqlite3
import sys
import tempfile

import kill


def ingest(database, *files):
    kill.run(kill.PROGRAM, "ingest", "-q", "--tz", "UTC", "--year", "2026", "-d", database, *files)


def merge(database, *others):
    kill.run(kill.PROGRAM, "merge", "-q", "-d", database, *others)


def put(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="ascii") as out:
        out.write(text)
    return path


# ---- senders

def queued(stamp, queue_id, sender):
    return (f"{stamp} mx postfix/smtpd[1]: {queue_id}: client=app.example[192.0.2.1]\n"
            f"{stamp} mx postfix/cleanup[4]: {queue_id}: message-id=<{queue_id}.{sender}>\n"
            f"{stamp} mx postfix/qmgr[2]: {queue_id}: from=<u@{sender}>, size=9, nrcpt=1 (queue active)\n")


def tried(stamp, queue_id, domain, status):
    dsn, said = {"deferred": ("4.2.1", "450 4.2.1 try later"), "bounced": ("5.1.1", "550 5.1.1 unknown user"),
                 "sent": ("2.0.0", "250 ok")}[status]
    text = f"{said}" if status == "sent" else f"host mx.{domain}[192.0.2.9] said: {said} (in reply to RCPT TO command)"
    return (f"{stamp} mx postfix/smtp[3]: {queue_id}: to=<r@{domain}>, relay=mx.{domain}[192.0.2.9]:25, delay=2, "
            f"delays=1/0/1/0, dsn={dsn}, status={status} ({text})\n")


def removed(stamp, queue_id):
    return f"{stamp} mx postfix/qmgr[2]: {queue_id}: removed\n"


def expired(stamp, queue_id, sender):
    return f"{stamp} mx postfix/qmgr[2]: {queue_id}: from=<u@{sender}>, status=expired, returned to sender\n"


ROTATED = [
    # A waits over all four; B ends unseen; C comes back; D expires
    queued("Jun  1 10:00:00", "A1B2C3D4", "early.example") + tried("Jun  1 10:00:05", "A1B2C3D4", "far.example", "deferred")
    + queued("Jun  1 11:00:00", "B1B2C3D4", "lost.example") + tried("Jun  1 11:00:09", "B1B2C3D4", "far.example", "deferred")
    + queued("Jun  1 12:00:00", "C1B2C3D4", "first.example") + queued("Jun  1 13:00:00", "D1B2C3D4", "slow.example")
    + tried("Jun  1 13:00:10", "D1B2C3D4", "mute.example", "deferred"),
    tried("Jun  2 10:00:05", "A1B2C3D4", "far.example", "deferred") + tried("Jun  2 10:30:00", "C1B2C3D4", "far.example", "sent")
    + removed("Jun  2 10:30:01", "C1B2C3D4") + queued("Jun  2 12:00:00", "C1B2C3D4", "second.example")
    + tried("Jun  2 13:00:10", "D1B2C3D4", "mute.example", "deferred"),
    tried("Jun  3 10:00:05", "A1B2C3D4", "far.example", "deferred") + queued("Jun  3 11:00:00", "B1B2C3D4", "again.example")
    + tried("Jun  3 11:00:05", "B1B2C3D4", "near.example", "deferred")
    + tried("Jun  3 12:00:00", "C1B2C3D4", "far.example", "bounced") + removed("Jun  3 12:00:01", "C1B2C3D4")
    + queued("Jun  3 14:00:00", "C1B2C3D4", "third.example"),
    tried("Jun  4 10:00:05", "A1B2C3D4", "far.example", "bounced") + removed("Jun  4 10:00:06", "A1B2C3D4")
    + expired("Jun  4 11:00:00", "B1B2C3D4", "again.example") + removed("Jun  4 11:00:01", "B1B2C3D4")
    + tried("Jun  4 12:00:00", "C1B2C3D4", "far.example", "bounced") + removed("Jun  4 12:00:01", "C1B2C3D4")
    + expired("Jun  4 13:00:00", "D1B2C3D4", "slow.example") + removed("Jun  4 13:00:01", "D1B2C3D4"),
]

# sender, recipient domain: deferred and bounced attempts
FAILED = {("early.example", "far.example"): 4, ("lost.example", "far.example"): 1, ("again.example", "near.example"): 1,
          ("second.example", "far.example"): 1, ("third.example", "far.example"): 1,
          ("slow.example", "mute.example"): 2}
EXPIRED = {"slow.example": 1, "again.example": 1}


def known(database):
    with sqlite3.connect(database) as made:
        failed = dict(((s, r), n) for s, r, n in made.execute(
            "SELECT s.name, r.name, sum(attempts) FROM counted_failure AS f JOIN domain AS s ON s.id = sender_domain"
            " JOIN domain AS r ON r.id = recipient_domain GROUP BY 1, 2 HAVING sum(attempts)"))
        ended = dict(made.execute("SELECT d.name, sum(expired) FROM counted_sender AS s JOIN domain AS d ON d.id ="
                                  " s.domain GROUP BY 1 HAVING sum(expired)"))
    made.close()
    return failed, ended


def senders(score, folder):
    files = [put(folder, f"{i}.log", text) for i, text in enumerate(ROTATED)]
    whole = os.path.join(folder, "whole.db")
    ingest(whole, put(folder, "whole.log", "".join(ROTATED)))
    want = kill.dump(whole)
    score(known(whole) == (FAILED, EXPIRED), f"one file: {known(whole)}")
    parts = [os.path.join(folder, f"part{i}.db") for i in range(len(files))]
    for part, path in zip(parts, files):
        ingest(part, path)
    for n, order in enumerate(itertools.permutations(range(len(files)))):
        ways = [os.path.join(folder, f"{n}-{way}.db") for way in ("run", "runs", "merged")]
        ingest(ways[0], *(files[i] for i in order))
        for i in order:
            ingest(ways[1], files[i])
            merge(ways[2], parts[i])
        for way in ways:
            score(kill.dump(way) == want and known(way) == (FAILED, EXPIRED), f"order {order}, {way}: {known(way)}")


# ---- duplicates

def counted(database):
    """What was counted of mail; how many lines there were is another matter."""
    return [row for row in kill.dump(database).splitlines()
            if not row.startswith((b"line_count\t", b"unknown_line\t"))]


def foreign(line):
    return line[:20] + "kernel: not of mail\n"


def duplicates(score, folder):
    lines = [line for sample in kill.SAMPLES[:2] for line in open(sample, encoding="ascii")][:6000]
    lines = [line.replace(line[16:].split(" ")[0], "mx", 1) for line in lines]
    mail = [put(folder, f"mail.{i}", "".join(lines[a:b])) for i, (a, b) in enumerate(((0, 2500), (2500, 6000)))]
    beside = [line for i, one in enumerate(lines) for line in ([foreign(one), one] if i % 9 == 0 else [one])]
    syslog = [put(folder, f"syslog.{i}", "".join(beside[a:b]))
              for i, (a, b) in enumerate(((0, 1700), (1700, 3900), (3900, len(beside))))]
    alone = os.path.join(folder, "alone.db")
    ingest(alone, *mail)
    want = counted(alone)
    for name, groups in (("mail.log, then syslog", (mail, syslog)), ("syslog, then mail.log", (syslog, mail)),
                         ("both at once", (mail + syslog,)), ("one by one", [[f] for f in syslog + mail])):
        database = os.path.join(folder, name.replace(" ", "") + ".db")
        for group in groups:
            ingest(database, *group)
        score(counted(database) == want, f"{name}: counted otherwise than mail.log alone")
    copies = [put(folder, f"copy.{i}", open(path, encoding="ascii").read()) for i, path in enumerate(mail)]
    ingest(alone, *copies)
    score(counted(alone) == want, "copies under other names count again")
    merged_before(score, folder, mail, want)


def merged_before(score, folder, mail, want):
    one, two, both, target = (os.path.join(folder, n + ".db") for n in ("one", "two", "both", "target"))
    ingest(one, mail[0])
    ingest(two, mail[1])
    merge(both, one, two)
    for group in ((one,), (both,), (two, both), (one, two), (both,)):
        merge(target, *group)
    score(counted(target) == want, "databases merged twice count again")


def repeated(score, folder):
    line = "Jun  1 10:00:0%d mx postfix/smtpd[1]: %sNOQUEUE: reject: RCPT from a.example[192.0.2.1]: 554 5.7.1 <r@b.example>: "\
           "Relay access denied; from=<s@c.example> to=<r@b.example> proto=SMTP helo=<a>%s\n"
    short, long = os.path.join(folder, "short.db"), os.path.join(folder, "long.db")
    ingest(short, put(folder, "short.log", line % (0, "", "") + line % (1, "message repeated 4 times: [ ", "]")))
    ingest(long, put(folder, "long.log", line % (0, "", "") + line % (1, "", "") * 4))
    rows = [[r for r in kill.dump(d).splitlines() if r.startswith((b"traffic", b"failure", b"sender"))] for d in (short, long)]
    score(rows[0] == rows[1] and rows[0], "a line repeated 4 times counts otherwise than 4 lines")
    ingest(short, put(folder, "again.log", line % (0, "", "") + line % (1, "message repeated 4 times: [ ", "]")))
    again = [r for r in kill.dump(short).splitlines() if r.startswith((b"traffic", b"failure", b"sender"))]
    score(again == rows[0], "a copy of repeated lines counts again")


def main():
    sums = [0, 0]

    def score(good, what):
        sums[0 if good else 1] += 1
        if not good:
            print(f"FAIL {what}", flush=True)

    for test in (senders, duplicates, repeated):
        with tempfile.TemporaryDirectory(prefix="smtpscope-arrivals-") as folder:
            test(score, folder)
    print(f"{sums[0]} passed, {sums[1]} failed")
    sys.exit(1 if sums[1] or not sums[0] else 0)


if __name__ == "__main__":
    main()
