#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The wrapping changes nothing; a mixed log is the sum of its parts.

usage: [SMTPSCOPE=program] tests/conversions.py

1. One genuine log, written as RFC 3164, RFC 3339 and RFC 5424 lines, as
   journald's export format and JSON, and in docker's wrapping: the same dump.
2. One central log in which the lines of several MTAs, each on a host of its
   own, alternate with lines of other programs: the dump of all the parts.

Prints what differs and, last, "N passed, N failed".
"""
import datetime
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[1]
PROGRAM = str((TOP / os.environ.get("SMTPSCOPE", "build/smtpscope")).resolve())
FIXTURES = TOP / "tests" / "fixtures"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
LINE = re.compile(rb"(\w{3}) +(\d+) (\d\d):(\d\d):(\d\d) (\S+) ([^\s:\[]+)(?:\[(\d+)\])?: ?(.*)", re.S)


def read_lines(path):
    """Yield (time, host, tag, pid, message) of each line of a log of 2026."""
    for line in path.read_bytes().split(b"\n"):
        m = LINE.match(line)
        if m:
            month, day, hour, minute, second, host, tag, pid, message = m.groups()
            yield (datetime.datetime(2026, MONTHS.index(month.decode()) + 1, int(day), int(hour), int(minute),
                                     int(second), tzinfo=datetime.timezone.utc), host, tag, pid or b"1", message)


def rfc3164(t, host, tag, pid, message):
    return t.strftime("%b ").encode() + b"%2d" % t.day + t.strftime(" %H:%M:%S ").encode() + \
        host + b" " + tag + b"[" + pid + b"]: " + message + b"\n"


def rfc3339(t, host, tag, pid, message):
    return t.strftime("%Y-%m-%dT%H:%M:%S+00:00 ").encode() + host + b" " + tag + b"[" + pid + b"]: " + message + b"\n"


def rfc5424(t, host, tag, pid, message):
    return b"<22>1 " + t.strftime("%Y-%m-%dT%H:%M:%SZ ").encode() + host + b" " + tag + b" " + pid + \
        b" - - " + message + b"\n"


def export(t, host, tag, pid, message):
    micros = int(t.timestamp()) * 1000000
    if all(32 <= c < 127 for c in message):
        said = b"MESSAGE=" + message
    else:
        said = b"MESSAGE\n" + struct.pack("<Q", len(message)) + message
    return b"__CURSOR=s=1;i=%d\n__REALTIME_TIMESTAMP=%d\n_HOSTNAME=%s\nPRIORITY=6\nSYSLOG_IDENTIFIER=%s\n" \
        b"SYSLOG_PID=%s\n%s\n\n" % (micros, micros, host, tag, pid, said)


def journal_json(t, host, tag, pid, message):
    text = message.decode("utf-8", "surrogateescape")
    value = text if text.isascii() and text.isprintable() else list(message)
    return json.dumps({"__CURSOR": "s=1", "__REALTIME_TIMESTAMP": str(int(t.timestamp()) * 1000000),
                       "_HOSTNAME": host.decode(), "SYSLOG_IDENTIFIER": tag.decode(), "SYSLOG_PID": pid.decode(),
                       "MESSAGE": value}).encode() + b"\n"


def docker(t, host, tag, pid, message):
    line = rfc3164(t, host, tag, pid, message).decode("utf-8", "replace")
    return json.dumps({"log": line, "stream": "stdout",
                       "time": t.strftime("%Y-%m-%dT%H:%M:%S.000000001Z")}).encode() + b"\n"


def dump(folder, *paths):
    database = os.path.join(folder, "dump.db")
    for name in os.listdir(folder):
        if name.startswith("dump.db"):
            os.unlink(os.path.join(folder, name))
    run = subprocess.run([PROGRAM, "ingest", "-q", "--tz", "UTC", "--year", "2026", "-d", database, *map(str, paths)],
                         capture_output=True, stdin=subprocess.DEVNULL, check=False)
    if run.returncode != 0:
        sys.exit(f"ingest: status {run.returncode}: {run.stderr.decode()[:500]}")
    return subprocess.run([PROGRAM, "dump", "-d", database], capture_output=True, check=True).stdout


def differences(want, got):
    want, got = set(want.splitlines()), set(got.splitlines())
    return [b"- " + l for l in sorted(want - got)[:4]] + [b"+ " + l for l in sorted(got - want)[:4]]


def conversions(folder):
    source = FIXTURES / "postfix" / "lab-3164.log"
    dumps = {}
    for form in (rfc3164, rfc3339, rfc5424, export, journal_json, docker):
        path = pathlib.Path(folder) / form.__name__
        path.write_bytes(b"".join(form(*line) for line in read_lines(source)))
        dumps[form.__name__] = dump(folder, path)
    want = dumps.pop("rfc3164")
    for name, got in dumps.items():
        # docker's JSON holds text, so a byte that is no UTF-8 cannot survive it
        yield f"as {name}", [] if want == got else differences(want, got)


OTHERS = (
    (b"imap1", b"dovecot", b"imap-login: Login: user=<bob>, method=PLAIN, rip=203.0.113.9, TLS"),
    (b"imap1", b"dovecot", b"lmtp(bob@corp.example)<12><ab>: msgid=<x@y>: saved mail to INBOX"),
    (b"mx9", b"sshd", b"Failed password for root from 203.0.113.7 port 22 ssh2"),
    (b"mx9", b"kernel", b"IN=eth0 OUT= SRC=203.0.113.7 DST=192.0.2.1 PROTO=TCP DPT=25"),
    (b"mx9", b"rspamd", b"(normal) id: <x@y>, qid: <4AB>, ip: 203.0.113.9, from: <a@b>, (default: F (reject): [15/15])"),
)


def mixed(folder):
    parts = []
    for log in sorted(FIXTURES.glob("*/*.log")):
        lines = [(t, log.parent.name.encode(), tag, pid, message) for t, _, tag, pid, message in read_lines(log)]
        if lines and log.name != "lab-3339.log" and log.name != "lab-5424.log":
            parts.append(lines)
    # one log for each MTA: two fixtures of the same host would be one log cut in two
    parts = list({lines[0][1]: lines for lines in parts}.values())
    t = parts[0][0][0]
    parts.append([(t + datetime.timedelta(seconds=i), *OTHERS[i % len(OTHERS)][:2], b"77", OTHERS[i % len(OTHERS)][2])
                  for i in range(200)])
    paths = []
    for i, lines in enumerate(parts):
        paths.append(pathlib.Path(folder) / f"part{i}")
        paths[-1].write_bytes(b"".join(rfc3339(*line) for line in lines))
    central = pathlib.Path(folder) / "central"
    merged, at = [], [0] * len(parts)
    while any(at[i] < len(lines) for i, lines in enumerate(parts)):
        for i, lines in enumerate(parts):
            merged += lines[at[i]:at[i] + 3]
            at[i] += 3
    central.write_bytes(b"".join(rfc3339(*line) for line in merged))
    want, got = dump(folder, *paths), dump(folder, central)
    yield f"a central log of {len(parts)} hosts", [] if want == got else differences(want, got)


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="smtpscope-conversions-") as folder:
        for test in (conversions, mixed):
            for name, faults in test(folder):
                passed, failed = passed + (not faults), failed + bool(faults)
                if faults:
                    print(f"FAIL {name}")
                    for fault in faults:
                        print("  " + fault.decode("utf-8", "replace")[:300])
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
