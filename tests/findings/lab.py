#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Findings on genuine logs against the truth beside them.

usage: [SMTPSCOPE=program] tests/findings/lab.py

The truth was made from the wire.  What was planted must be found: our address
on a block list, DNS failures, authentication failures, greylisting.  And what
is found must be true: the mail in each line of evidence did not simply go
through, the address listed is the one that receivers named, and nothing left
its baseline, as an hour's log has none.
"""
import csv
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SMTPSCOPE", str(TOP / "build/smtpscope"))
LAB = TOP.parent / "shared/data/lab"
LOGS = {"courier": "mail.log", "exim": "mail.log", "haraka": "haraka.log",
        "notqmail": "mail.log", "opensmtpd": "mail.log", "postfix": "mail.log",
        "postfix-maillog": "postfix-maillog.log", "sendmail": "mail.log"}
OURS = "192.0.2.25"
# scenarios of the lab, and the cause that must be found
PLANTED = ((("dns_temp", "dns_nxdomain"), ("dns",)),
           (("auth_failed", "auth_required"), ("authentication",)),
           (("greylist",), ("server_overload.greylist",)),
           (("blocklist",), ("blacklisting",)))
passed = failed = 0


def expect(holds, what):
    global passed, failed
    passed += bool(holds)
    failed += not holds
    if not holds:
        print("FAIL", what)


def find(log):
    with tempfile.TemporaryDirectory() as directory:
        db = os.path.join(directory, "lab.db")
        subprocess.run([PROGRAM, "ingest", "-q", "--tz", "UTC", "--year", "2026", "-d", db,
                        str(log)], check=False, capture_output=True)
        out = subprocess.run([PROGRAM, "findings", "-d", db, "-f", "json"], check=True,
                             capture_output=True)
    return json.loads(out.stdout)["findings"]


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def names(finding):
    return (finding["cause"], f"{finding['cause']}.{finding['detail']}")


def check_planted(folder, findings, truth):
    planted = {row["scen_cause"] for row in truth}
    for scenarios, causes in PLANTED:
        if planted & set(scenarios):
            told = [f for f in findings if f["direction"] == "outbound" and
                    set(names(f)) & set(causes)]
            expect(told, f"{folder}: {', '.join(scenarios)} is not found")
    listed = [f for f in findings if f["kind"] == "listing" and f["address"]]
    expect(any(f["address"] == OURS for f in listed), f"{folder}: {OURS} is not found listed")


def check_true(folder, finding, refused):
    what = f"{folder}: {finding['headline']}"
    expect(finding["kind"] in ("listing", "fact", "stale"), f"{what}: there is no baseline")
    expect(not finding["address"] or finding["address"] == OURS, f"{what}: not our address")
    for evidence in finding["evidence"] if finding["direction"] == "outbound" else ():
        for line in evidence["samples"]:
            # the first recipient: later ones may be quoted from replies; notqmail names none
            to = re.search(r"(?:to=|=> |== |\*\* |rcpt=|recipient )<?\*\*\*@([\w.-]+)", line)
            if to and folder != "notqmail":
                expect(to[1] in refused or to[1] not in ALL, f"{what}: {to[1]} took mail")


for folder, log in sorted(LOGS.items()):
    if not (LAB / folder / log).exists():
        continue
    truth = [row for row in read(LAB / folder / "truth.tsv") if row["direction"] == "out"]
    ALL = {row["domain"] for row in truth}
    refused = {row["domain"] for row in truth
               if row["scen_cause"] != "delivered" or row["exp_outcome"] != "delivered"}
    found = find(LAB / folder / log)
    check_planted(folder, found, truth)
    for one in found:
        check_true(folder, one, refused)
if passed + failed == 0:
    print("lab: skipped: ../shared is not there")
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
