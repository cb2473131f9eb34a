#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Make a large store without a log, to measure reports on.

usage: [SMTPSCOPE=program] tests/bench/bigstore.py DATABASE [ROWS [DAYS]]

DATABASE must not exist.  ROWS (default 5,000,000) is the number of rows of
the table failure, DAYS (default 90) the days they lie in; traffic,
sender_traffic and latency grow in proportion.  The same arguments give the
same store: everything is drawn from one seeded generator.

What is imitated: three hosts, one log file a host and day; more mail by day
than by night; a few hundred replies that carry most failures before a tail of
thousands; 30,000 recipient domains of which a dozen take most of the mail,
each answering in a few ways of its own; inbound refusals of 20,000 senders'
domains, each for a few reasons; ten providers.  Last, the program itself reads an empty log, so that
it derives what it derives after every ingest.
"""
import bisect
import itertools
import os
import pathlib
import random
import sqlite3
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SMTPSCOPE", str(TOP / "build/smtpscope"))
DAY, HOUR = 86400, 3600
BEGIN = 1761955200  # 2025-11-01
N_HOSTS = 3
N_WORLD, N_OURS, N_REPLIES = 30000, 40, 3000
HEADS = ("gmail", "outlook", "yahoo", "hotmail", "icloud", "gmx", "web", "aol",
         "t-online", "proton", "orange", "libero")
PROVIDERS = ("", "Google", "Microsoft", "Yahoo", "Apple", "GMX", "Proofpoint",
             "Mimecast", "Barracuda", "Proton")
# cause, detail, reply code, enhanced code, weight
CAUSES = (
    ("bad_address", "unknown_user", 550, "5.1.1", 30),
    ("mailbox", "full", 452, "4.2.2", 8), ("mailbox", "disabled", 550, "5.2.1", 4),
    ("policy", "rate_limit", 421, "4.7.0", 14), ("spam", "content", 550, "5.7.1", 9),
    ("reputation", "ip", 421, "4.7.0", 9), ("blacklisting", "dnsbl", 554, "5.7.1", 5),
    ("authentication", "dmarc", 550, "5.7.26", 5), ("greylisting", "greylisted", 451, "4.7.1", 12),
    ("dns", "lookup_failure", 0, "4.4.3", 6), ("dns", "no_such_domain", 0, "5.4.4", 4),
    ("connection", "timeout", 0, "4.4.1", 8), ("connection", "refused", 0, "4.4.1", 4),
    ("tls", "handshake", 0, "4.7.5", 2), ("unknown", "unknown", 550, "5.0.0", 2))
BY_HOUR = (2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 11, 10, 11, 11, 10, 9, 8, 6, 5, 5, 4, 3, 3)


class Draw:
    """Indexes drawn by weight."""

    def __init__(self, weights):
        self.sums = list(itertools.accumulate(weights))
        self.total = self.sums[-1]

    def one(self, chance):
        return bisect.bisect(self.sums, chance() * self.total)


def zipf(n, power):
    return [1.0 / (i + 1) ** power for i in range(n)]


class World:
    """What exists: ids of domains begin at 1, ours come last."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        chance = self.random.random
        self.domains = [f"{HEADS[i]}.example" if i < len(HEADS) else f"domain{i}.example"
                        for i in range(N_WORLD)]
        self.ours = [f"brand{i}.corp.example" for i in range(N_OURS)]
        self.provider = [1 + (1 + i if i < 9 else int(chance() * len(PROVIDERS)))
                         for i in range(N_WORLD)]
        causes = Draw([c[4] for c in CAUSES])
        self.replies = [CAUSES[i if i < len(CAUSES) else causes.one(chance)]
                        for i in range(N_REPLIES)]
        self.n_out = N_REPLIES * 4 // 5  # the rest is inbound
        common = Draw(zipf(self.n_out, 1.1))
        self.answers = []  # of each domain: replies, most frequent first
        for i in range(N_WORLD):
            n = 120 if i < len(HEADS) else 12 if i < 1000 else 3
            self.answers.append([1 + common.one(chance) for _ in range(n)])
        self.to = Draw(zipf(N_WORLD, 1.1))
        self.sender = Draw(zipf(20000, 1.0))
        self.brand = Draw(zipf(N_OURS, 1.0))
        refusal = Draw(zipf(N_REPLIES - self.n_out, 1.2))
        self.refused = [[(1 + N_WORLD + self.brand.one(chance), 1 + self.n_out + refusal.one(chance))
                         for _ in range(200 if i < 20 else 4)] for i in range(20000)]


def fill_names(db, w):
    db.executemany("INSERT INTO host VALUES (?, ?)",
                   [(1 + i, f"mx{1 + i}.corp.example") for i in range(N_HOSTS)])
    db.executemany("INSERT INTO provider VALUES (?, ?)",
                   [(1 + i, name) for i, name in enumerate(PROVIDERS)])
    db.executemany("INSERT INTO domain VALUES (?, ?)",
                   [(1 + i, name) for i, name in enumerate(w.domains + w.ours + ["?"])])
    rows = []
    for i, (cause, detail, code, status, _) in enumerate(w.replies):
        inbound = i >= w.n_out
        rows.append((1 + i, "inbound" if inbound else "outbound", "rcpt" if code else "connect",
                     code, status if code else "", status, f"{detail} number {i}: try <addr>",
                     cause, detail, f"rule.{detail}", ""))
    db.executemany("INSERT INTO reply VALUES (?,?,?,?,?,?,?,?,?,?,?)", rows)


def failures(w, n):
    """n different failures of one hour and host, in order of the key."""
    chance, found = w.random.random, {}
    while len(found) < n:
        if chance() < 0.7:
            to = w.to.one(chance)
            answers = w.answers[to]
            reply = answers[int(chance() ** 3 * len(answers))]
            key = ("outbound", 1 + N_WORLD + w.brand.one(chance), 1 + to, w.provider[to], reply)
        else:
            sender = w.sender.one(chance)
            ways = w.refused[sender]
            to, reply = ways[int(chance() ** 2 * len(ways))]
            key = ("inbound", 1 + sender, to, 1, reply)
        found[key] = found.get(key, 0) + 1
    return sorted(found.items())


def fill_hour(db, w, place, n):
    """place: source, hour, host."""
    source, hour, host = place
    chance = w.random.random
    failed = failures(w, n)
    traffic, senders = {}, {}
    for (direction, sender, to, provider, reply), attempts in failed:
        soft = w.replies[reply - 1][3].startswith("4")
        kind = 4 if direction == "inbound" else 1 if soft else 2
        for table, key in ((traffic, (direction, to, provider)), (senders, (direction, sender))):
            table.setdefault(key, [0] * 6)[kind] += attempts
    for _ in range(n):
        to = w.to.one(chance)
        traffic.setdefault(("outbound", 1 + to, w.provider[to]), [0] * 6)[0] += 7
        senders.setdefault(("outbound", 1 + N_WORLD + w.brand.one(chance)), [0] * 6)[0] += 7
    for _ in range(n // 3):
        senders.setdefault(("inbound", 1 + w.sender.one(chance)), [0] * 6)[5] += 3
        traffic.setdefault(("inbound", 1 + N_WORLD + w.brand.one(chance), 1), [0] * 6)[5] += 3
    db.executemany("INSERT INTO failure VALUES (?,?,?,?,?,?,?,?,?,0,0)",
                   [(source, hour, k[0], host, *k[1:], a) for k, a in failed])
    db.executemany("INSERT INTO traffic (source, hour, direction, host, domain, provider,"
                   " delivered, deferred, bounced, expired, rejected, accepted)"
                   " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                   [(source, hour, k[0], host, *k[1:], *v) for k, v in sorted(traffic.items())])
    db.executemany("INSERT INTO sender_traffic VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                   [(source, hour, k[0], host, k[1], *v) for k, v in sorted(senders.items())])
    db.executemany("INSERT INTO latency VALUES (?,?,?,?,?,?)",
                   [(source, hour, host, 1 + p, b, 1 + int(chance() * 90))
                    for p in range(len(PROVIDERS)) for b in range(12, 30, 2)])
    db.execute("INSERT INTO listing VALUES (?,?,?,'zen.spamhaus.org',?,?,?,?)",
               (source, hour, host, f"192.0.2.{host}", 1 + n // 100, hour + 60, hour + 3000))
    db.execute("INSERT INTO hour_digest VALUES (?,?,?,?,?,?,?,0)",
               (source, host, hour, n * 5, w.random.getrandbits(60), hour * 1000000,
                (hour + 3599) * 1000000))
    return {k[4] for k, _ in failed}


def fill_source(db, w, day, host, rows):
    source = 1 + day * N_HOSTS + host - 1
    begin = BEGIN + day * DAY
    mark = w.random.randbytes(16)
    db.execute("INSERT INTO source (id, head_len, head_hash, heads, consumed, content_hash, marks,"
               " last_stamp, container, name) VALUES (?,4096,?,?,?,?,?,?,'gzip',?)",
               (source, mark, mark, rows * 900, mark, mark, (begin + DAY - 1) * 1000000,
                f"/var/log/archive/mx{host}/mail.log.{day:03}.gz"))
    replies = set()
    for hour in range(24):
        share = BY_HOUR[hour] / sum(BY_HOUR)
        replies |= fill_hour(db, w, (source, begin + hour * HOUR, host), max(1, round(rows * share)))
    for reply in sorted(replies):
        db.execute("INSERT INTO reply_seen VALUES (?,?,?,?)",
                   (source, reply, begin + reply % HOUR, begin + DAY - 1 - reply % HOUR))
        db.execute("INSERT INTO sample VALUES (?,?,?,?,?)",
                   (source, reply, w.random.getrandbits(60), begin + reply % HOUR,
                    f"mx{host} postfix/smtp[7]: 4AB: to=<***@x.example>, reply {reply}"))
    db.executemany("INSERT INTO line_count VALUES (?,'postfix',?,?,?)",
                   [(source, "qmgr", "ignored", rows * 4), (source, "smtp", "event", rows * 5)])


def main():
    if len(sys.argv) not in (2, 3, 4) or os.path.exists(sys.argv[1]):
        sys.exit(__doc__)
    path = sys.argv[1]
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 5000000
    days = int(sys.argv[3]) if len(sys.argv) > 3 else 90
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        ingest = [PROGRAM, "ingest", "-q", "-d", path, log.name]
        subprocess.run(ingest, check=True)
        db = sqlite3.connect(path, isolation_level=None)
        db.execute("PRAGMA synchronous = OFF")
        world = World(1)
        db.execute("BEGIN")
        fill_names(db, world)
        for day in range(days):
            for host in range(1, N_HOSTS + 1):
                fill_source(db, world, day, host, rows // days // N_HOSTS)
        db.execute("INSERT OR REPLACE INTO meta VALUES ('unresolved', '1')")
        db.execute("COMMIT")
        db.close()
        subprocess.run(ingest, check=True)


if __name__ == "__main__":
    main()
