#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hold the reports' totals against the truth, to the last count.

usage: [SMTPSCOPE=program] tests/totals.py

1. A generated log, whose generator says what it wrote
   (tests/bench/generate --truth): `report overview`.
2. The laboratory's logs in ../shared/data/lab/postfix, in each of their time
   stamp variants, with what its peers saw on the wire beside them: `report
   domains` and `report codes`.  Skipped with a message where that folder is
   absent.

Prints what differs and, last, "N passed, N failed".
"""
import collections
import csv
import io
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[1]
PROGRAM = str((TOP / os.environ.get("SMTPSCOPE", "build/smtpscope")).resolve())
LAB = TOP.parent / "shared" / "data" / "lab" / "postfix"
csv.field_size_limit(1 << 24)


class Score:
    def __init__(self):
        self.passed = self.failed = 0

    def equal(self, what, want, got):
        if want == got:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAIL {what}: want {want}, got {got}")


def run(*command, stdout=None):
    result = subprocess.run(command, cwd=TOP, stdout=stdout or subprocess.PIPE,
                            stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)}: status {result.returncode}: {result.stderr.decode()[:500]}")
    return result


def report(database, name, *options):
    out = run(PROGRAM, "report", "-d", database, "-f", "csv", *options, name).stdout
    return list(csv.DictReader(io.StringIO(out.decode("utf-8"), newline="")))


def ingest(folder, name, log, *options):
    database = os.path.join(folder, name + ".db")
    run(PROGRAM, "ingest", "-q", "--tz", "UTC", *options, "-d", database, str(log))
    return database


def generated(score, folder):
    binary, log = os.path.join(folder, "generate"), os.path.join(folder, "generated.log")
    sources = sorted(str(p) for p in (TOP / "tests" / "bench").glob("gen*.c"))
    run("cc", "-std=c11", "-O2", "-D_POSIX_C_SOURCE=200809L", "-o", binary, *sources, "-lm")
    with open(log, "wb") as out:
        truth = run(binary, "--lines", "300000", "--start", "2026-06-01", "--truth", stdout=out).stderr.decode()
    want = {k: int(v) for k, v in (l.split() for l in truth.splitlines() if len(l.split()) == 2)}
    with open(log, encoding="utf-8") as f:
        lines = f.readlines()
    # The generator counts strangers' mail only; these are mail too.
    accepted = sum(": client=" in l and "[127.0.0.1]" not in l for l in lines)
    logins = sum("authentication failed" in l and "/smtpd[" in l for l in lines)
    limits = sum("limit exceeded" in l and "/smtpd[" in l for l in lines)
    rows = {r["direction"]: r for r in report(ingest(folder, "generated", log, "--year", "2026"), "overview")}
    for direction, column, number in (
            ("outbound", "delivered", want["outbound_delivered"] + want["local_delivered"]),
            ("outbound", "deferred", want["outbound_deferred"]),
            ("outbound", "bounced", want["outbound_bounced"] + want["local_bounced"]),
            ("outbound", "suspended", want["outbound_suspended"]),
            ("outbound", "hops", want["filter_hops"]),
            ("inbound", "accepted", accepted),
            ("inbound", "rejected", want["inbound_rejected_5xx"] + logins),
            ("inbound", "deferred", want["inbound_rejected_4xx"] + limits)):
        score.equal(f"generated: {direction} {column}", number, int(rows[direction][column]))


# Answers on the wire that Postfix's log does not tie to a recipient's domain,
# and why.
NOT_LOGGED = {
    "mx2-421.example": "the try at a host that was not the last choice names no recipient",
    "mx2-450.example": "the same",
    "mx2-554.example": "the same",
    "mx2-550after.example": "the same",
    "helo-dunno.test": "an EHLO that is refused is followed by HELO in the same session",
    "helo-ehlo.test": "the same",
    "ok-heloonly.test": "the same",
    "tls-454.example": "TLS was optional: mail went on without it",
    "ok-quiterr.test": "the answer to QUIT",
    "odd-3xx.test": "a 3xx answer where a 2xx is due: no refusal on the wire",
    "odd-mixcodes.test": "the lines of the reply have different codes",
    "odd-tab.test": "no reply code by the book: a tab follows it",
}
# Address probes are answered too, but are no mail.
PROBED = {"ex-nouser.test": 4, "pf-nouser.test": 4}


def in_log(text):
    """Final dispositions by domain of the recipients that the truth leaves out (local mail)."""
    counts = collections.defaultdict(collections.Counter)
    waiting = collections.defaultdict(dict)
    for line in text.splitlines():
        m = re.search(r"([0-9a-f]{10,}): to=<(.*?)>,.*? status=(sent|bounced|deferred) ", line)
        if m:
            queue_id, recipient, status = m.groups()
            waiting[queue_id][recipient] = status
            if status != "deferred":
                counts[recipient][{"sent": "delivered"}.get(status, status)] += 1
        m = re.search(r"([0-9a-f]{10,}): from=<.*>, status=expired", line)
        for recipient, status in waiting.pop(m.group(1), {}).items() if m else ():
            counts[recipient]["expired"] += status == "deferred"
    return counts


def lab_domains(log_text):
    """What became of each domain's recipients; domains for which servers differ."""
    domains, unsure, told = collections.defaultdict(collections.Counter), set(), set()
    with open(LAB / "truth.tsv", encoding="utf-8", newline="") as f:
        for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            recipient = r["recipient"].lower()
            if r["direction"] != "out" or r["accepted"] != "1" or recipient not in log_text:
                continue
            told.add(recipient)
            if r["exp_outcome"] in ("delivered", "bounced", "expired"):
                domains[r["domain"].lower()][r["exp_outcome"]] += 1
            else:
                unsure.add(r["domain"].lower())
    for recipient, counts in in_log(log_text).items():
        if recipient not in told:
            domains[recipient.rpartition("@")[2]].update(counts)
    return domains, unsure


def lab_codes():
    """How often each refusal was answered on the wire, by domain and reply code."""
    codes = collections.Counter()
    with open(LAB / "scenario-counts.tsv", encoding="utf-8", newline="") as f:
        for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            if r["answer"][:1] in ("4", "5"):
                codes[r["domain"].lower(), r["answer"][:3]] += int(r["count"])
    for domain, n in PROBED.items():
        codes[domain, "550"] -= n
    return codes


def lab(score, folder):
    if not LAB.is_dir():
        print("totals: ../shared/data/lab/postfix is absent: skipped")
        return
    for name in ("mail.log", "mail.iso.log", "mail.5424.log"):
        log_text = (LAB / name).read_text(encoding="utf-8", errors="replace").lower()
        domains, unsure = lab_domains(log_text)
        database = ingest(folder, name, LAB / name, "--year", "2026")
        got = {r["domain"]: r for r in report(database, "domains", "--direction", "outbound")}
        columns = ("delivered", "bounced", "expired")
        for domain in sorted(set(domains) - unsure):
            score.equal(f"{name}: {domain}", [domains[domain][k] for k in columns],
                        [int(got[domain][k]) for k in columns] if domain in got else None)
        wire = lab_codes()
        for domain in sorted({d for d, _ in wire} - set(NOT_LOGGED)):
            said = collections.Counter()
            for r in report(database, "codes", "--direction", "outbound", "--domain", domain):
                if r["reply_code"][:1] in ("4", "5"):
                    said[r["reply_code"]] += int(r["attempts"])
            score.equal(f"{name}: codes of {domain}",
                        {c: n for (d, c), n in sorted(wire.items()) if d == domain and n}, dict(sorted(said.items())))


def main():
    score = Score()
    with tempfile.TemporaryDirectory(prefix="smtpscope-totals-") as folder:
        generated(score, folder)
        lab(score, folder)
    print(f"{score.passed} passed, {score.failed} failed")
    sys.exit(1 if score.failed or not score.passed else 0)


if __name__ == "__main__":
    main()
