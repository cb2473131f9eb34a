#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How well the findings find what was injected, and how often they cry wolf.

usage: [SMTPSCOPE=program] tests/findings/simulate.py [--seeds N] [--first N]
                                                      [--check] [--verbose]

For each seed, 60 days of traffic (traffic.py) are made twice: with incidents
of each kind and size in the last 32 days, and quiet.  An incident begins with
its first failure: where no mail is, none can fail.  Printed are recall by
kind and size, precision, false findings a week, and how far the beginnings
found lie from the injected ones.  --check ends with status 1 if a promise of
docs/FINDINGS.md is broken.
"""
import argparse
import collections
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import traffic  # noqa: E402
from traffic import BEGIN, DAY, HOUR, Incident, KINDS, Traffic  # noqa: E402

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SMTPSCOPE", str(TOP / "build/smtpscope"))
DAYS, JUDGED = 60, 32
ALARMS = {"shift", "listing", "correlated", "recovered"}

# name, cause and detail, place, item
SORTS = (
    ("provider block", "blacklisting.reputation", "provider", "Google"),
    ("provider block", "blacklisting.reputation", "provider", "Yahoo"),
    ("throttling", "server_overload.rate_limit", "provider", "Microsoft"),
    ("domain down", "network.connect", "recipient_domain", "company3.example"),
    ("domain down", "network.connect", "recipient_domain", "small40.example"),
    ("sender without SPF", "authentication.spf", "sender_domain", "shop.example"),
    ("hacked account", "bad_address.unknown_user", "sender_domain", "brand1.example"),
    ("host without TLS", "authentication.tls", "host", "mx2.corp.example"),
    ("resolver", "dns.lookup_failure", "everything", ""),
    ("egress", "network.connect", "everything", ""),
    ("smart host", "authentication.smtp_auth", "everything", ""),
    ("disk", "server_overload.resources", "everything", ""),
    ("listing", "blacklisting.dnsbl", "everything", ""),
    ("spam run", "spam_filter.content", "sender_domain", "news.example"),
)
SIZES = (15, 30, 60, 120, 300, 1000)


def kind_number(name):
    return next(i for i, k in enumerate(KINDS)
                if k[0] == "outbound" and f"{k[1]}.{k[2]}" == name)


def plan(mail):
    """Incidents of different causes, so that none hides another."""
    chance = mail.chance
    incidents, used = [], set()
    for sort in chance.sample(SORTS, len(SORTS)):
        if sort[1] in used or len(incidents) == 8:
            continue
        used.add(sort[1])
        begin = (DAYS - JUDGED + 1) * 24 + chance.randrange((JUDGED - 4) * 24)
        hours = chance.choice((2, 4, 6, 12, 24, 48))
        incidents.append(Incident(sort[0], kind_number(sort[1]), sort[2], sort[3], begin, hours,
                                  chance.choice(SIZES)))
    return incidents


def seconds(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def find(mail, directory):
    path = pathlib.Path(directory) / "sim.db"
    empty = pathlib.Path(directory) / "empty.log"
    empty.write_bytes(b"")
    subprocess.run([PROGRAM, "ingest", "-q", "-d", str(path), str(empty)], check=True)
    mail.write(path)
    since = datetime.datetime.fromtimestamp(BEGIN + (DAYS - JUDGED) * DAY, datetime.timezone.utc)
    out = subprocess.run([PROGRAM, "findings", "-d", str(path), "-f", "json", "--since",
                          since.strftime("%Y-%m-%dT%H:%M:%SZ")], check=True, capture_output=True)
    path.unlink()
    return json.loads(out.stdout)["findings"]


def is_alarm(finding):
    return (finding["kind"] in ALARMS or
            finding["kind"] in ("new", "stale") and finding["severity"] != "info")


def times(finding):
    begin = seconds(finding["since"])
    end = seconds(finding["until"]) if finding["until"] else BEGIN + DAYS * DAY
    return begin, end


def fits(finding, incident):
    """The same cause, at a time that overlaps."""
    begin = BEGIN + incident.begin * HOUR
    since, until = times(finding)
    what = KINDS[incident.kind]
    return (finding["direction"] == what[0] and finding["cause"] == what[1] and
            finding["detail"] == what[2] and since < begin + (incident.hours + 6) * HOUR and
            until > begin - 6 * HOUR)


def best(findings, incident):
    """What tells of the incident: rather of its own place than of another."""
    fitting = [f for f in findings if is_alarm(f) and fits(f, incident)]
    own = [f for f in fitting if f["scope"] == incident.place and
           (f["name"] or "") == incident.item]
    return (own or fitting or [None])[0]


def ratio(incident):
    return (incident.injected + incident.usual) / max(incident.usual, 0.1)


class Score:
    def __init__(self):
        self.found = collections.defaultdict(lambda: [0, 0])
        self.onsets = collections.defaultdict(list)
        self.true = self.false = self.quiet_false = self.quiet_runs = 0

    def take(self, incidents, findings, verbose):
        for incident in incidents:
            finding = best(findings, incident)
            size = "3x, 50+" if incident.injected >= 50 and ratio(incident) >= 3 else \
                "3x, 25-49" if incident.injected >= 25 and ratio(incident) >= 3 else "smaller"
            for key in (("size", size), ("kind", incident.name) if size == "3x, 50+" else None):
                if key:
                    self.found[key][0] += finding is not None
                    self.found[key][1] += 1
            if verbose and finding is None and size == "3x, 50+":
                print(f"missed: {incident.name} {incident.item} {KINDS[incident.kind][2]}"
                      f" {incident.injected} in {incident.hours} h, usual {incident.usual:.1f}")
            if finding is not None:
                late = (seconds(finding["since"]) - BEGIN) // HOUR - incident.first
                rate = incident.injected / incident.hours
                if verbose and abs(late) > 1:
                    print(f"{late:+} h: {incident.name}, {incident.injected} in {incident.hours} h"
                          f" from {incident.begin % 24} h")
                self.onsets["10+ an hour" if rate >= 10 else "3-10 an hour" if rate >= 3
                            else "slower"].append(late)
        for finding in filter(is_alarm, findings):
            true = any(fits(finding, i) for i in incidents)
            self.true += true
            self.false += not true
            if not true and verbose:
                print("false:", finding["kind"], finding["headline"], finding["since"],
                      finding["until"])

    def take_quiet(self, findings, verbose):
        self.quiet_runs += 1
        for finding in filter(is_alarm, findings):
            self.quiet_false += finding["root"] is None
            if verbose:
                print("quiet:", finding["kind"], finding["headline"], finding["since"])

    def show(self):
        for key in sorted(self.found):
            found, total = self.found[key]
            print(f"recall by {key[0]:5} {key[1]:20} {found:4} of {total:4}  {found / total:.3f}")
        print(f"precision {self.true / max(1, self.true + self.false):.3f}"
              f" ({self.false} false of {self.true + self.false})")
        print(f"false findings a week of quiet traffic {self.a_week():.2f}")
        for key, late in sorted(self.onsets.items()):
            print(f"beginning within an hour, {key:13} {self.within(key):.3f} of {len(late)}")

    def within(self, key):
        late = self.onsets[key]
        return sum(abs(x) <= 1 for x in late) / max(1, len(late))

    def a_week(self):
        return self.quiet_false / max(1, self.quiet_runs) / (JUDGED / 7)

    def recall(self):
        found, total = self.found["size", "3x, 50+"]
        return found / max(1, total)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    score = Score()
    for seed in range(options.first, options.first + options.seeds):
        with tempfile.TemporaryDirectory() as directory:
            mail = Traffic(seed, DAYS)
            incidents = plan(mail)
            mail.run()
            score.take_quiet(find(mail, directory), options.verbose)
            for incident in incidents:
                mail.inject(incident)
            score.take(incidents, find(mail, directory), options.verbose)
    score.show()
    promises = (("recall of 3x, 50+ at least 0.95", score.recall() >= 0.95),
                ("at most one false finding a quiet week", score.a_week() <= 1),
                ("beginnings within an hour", score.within("10+ an hour") >= 0.95))
    broken = [what for what, kept in promises if not kept]
    for what in broken if options.check else ():
        print("broken:", what)
    print(f"{len(promises) - len(broken)} passed, {len(broken)} failed")
    return int(options.check and bool(broken))


if __name__ == "__main__":
    sys.exit(main())
