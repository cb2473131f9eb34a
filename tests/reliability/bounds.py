#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Logs that never end in names, in one line, or in their archive.

usage: [SMTPSCOPE=program] tests/reliability/bounds.py [options] [WORD...]

  --names N    so many distinct names of each kind (default 1000000)
  --line MIB   length of the endless line (default 4096)
  --most MIB   memory that an ingest may take (default 160)

All of it comes through pipes; nothing is that large on disk, but for what the
database holds of it.  What ends must end with status 0, in bounded memory,
having said how much it left out or counted together.

Prints what was measured, what fails and, last, "N passed, N failed".
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import zlib

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str((TOP / os.environ.get("SMTPSCOPE", "build/smtpscope")).resolve())

HEAD = "2026-11-01T10:00:00.000000+00:00 {host} postfix/smtp[1]: "
BOUNCE = ("{id}: to=<u@{domain}>, relay=mx.a.example[192.0.2.1]:25, delay=1, "
          "delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.a.example"
          "[192.0.2.1] said: 550 5.1.1 {text} (in reply to RCPT TO command))\n")
PLAIN = {"host": "mx", "id": "4AAAAAAAAA", "domain": "b.example",
         "text": "no such user"}


def letters(i):
    """A word of letters for a number: digits would be masked."""
    word = ""
    while True:
        word += "bcdfghklmn"[i % 10] + "aeiou"[i % 5]
        i //= 10
        if i == 0:
            return word


# How a line varies; how many of such names a log may bring (base/limits.h) and
# how often one more is told: a host with its line and with the event in it.
# Queue IDs are open entries, and no name of anything.
VARIANTS = {
    "domains": (lambda i: {"domain": f"d{i}.example"}, 500000, 1),
    "templates": (lambda i: {"text": f"odd {letters(i)} reply"}, 20000, 1),
    "queue IDs": (lambda i: {"id": f"4{i:09X}"}, None, 0),
    "hosts": (lambda i: {"host": f"h{i}"}, 10000, 2),
}
OTHERS = re.compile(r"(\d+) times a name was one too many")
OVERLONG = re.compile(r"(\d+) lines were too long")


def names(kind, n):
    vary = VARIANTS[kind][0]
    for first in range(0, n, 1000):
        yield "".join(
            (HEAD + BOUNCE).format(**{**PLAIN, **vary(i)})
            for i in range(first, min(n, first + 1000))).encode()


def endless_line(mib):
    yield (HEAD + BOUNCE).format(**PLAIN).encode()
    for _ in range(mib):
        yield b"a" * 1048576
    yield b"\n" + (HEAD + BOUNCE).format(**PLAIN).encode()


def packed(blocks):
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    for block in blocks:
        yield packer.compress(block)
    yield packer.flush()


def bomb(mib, depth):
    """Gzip in a tar in gzip ...: the innermost holds ${mib} MiB of one log
    line, repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    line = (HEAD + BOUNCE).format(**PLAIN).encode()
    block = line * (1048576 // len(line))
    data = b"".join(packer.compress(block) for _ in range(mib))
    data += packer.flush()
    for _ in range(depth):
        header = bytearray(512)
        header[0:5] = b"a.log"
        header[100:108] = b"0000644\0"
        header[124:136] = f"{len(data):011o}\0".encode()
        header[136:148] = b"15000000000\0"
        header[148:156] = b" " * 8
        header[156:157] = b"0"
        header[257:265] = b"ustar\x0000"
        header[148:156] = f"{sum(header):06o}\0 ".encode()
        data = bytes(header) + data + b"\0" * (-len(data) % 512 + 1024)
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        data = packer.compress(data) + packer.flush()
    yield data


def ingest(database, source):
    """Status, messages and the most memory in MiB, of an ingest of a pipe."""
    job = subprocess.Popen(
        [PROGRAM, "ingest", "--year", "2026", "-j", "1", "-d", str(database),
         "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE)
    said = []
    reader = threading.Thread(target=lambda: said.append(job.stderr.read()))
    reader.start()
    try:
        for block in source:
            job.stdin.write(block)
        job.stdin.close()
    except BrokenPipeError:
        pass
    reader.join()
    _, status, usage = os.wait4(job.pid, 0)
    job.returncode = os.waitstatus_to_exitcode(status)
    return job.returncode, said[0].decode("utf-8", "replace"), \
        usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--names", type=int, default=1000000)
    parser.add_argument("--line", type=int, default=4096)
    parser.add_argument("--most", type=int, default=160)
    parser.add_argument("words", nargs="*")
    args = parser.parse_args()
    # source, how its excess is told, how much that is
    cases = {f"{args.names} {kind}": (
        lambda kind=kind: names(kind, args.names), OTHERS,
        max(0, args.names - (limit or args.names)) * times)
             for kind, (_, limit, times) in VARIANTS.items()}
    cases[f"a line of {args.line} MiB"] = (
        lambda: endless_line(args.line), OVERLONG, 1)
    cases[f"a line of {args.line} MiB, gzip"] = (
        lambda: packed(endless_line(args.line)), OVERLONG, 1)
    cases["a bomb, 1000:1"] = (lambda: bomb(64, 0), OTHERS, 0)
    cases["a nested bomb"] = (lambda: bomb(64, 2), OTHERS, 0)
    passed, failed = 0, 0
    for name, (source, told, want) in cases.items():
        if args.words and not any(w in name for w in args.words):
            continue
        with tempfile.TemporaryDirectory() as place:
            status, said, memory = ingest(
                pathlib.Path(place) / "x.db", source())
        excess = sum(int(n) for n in told.findall(said))
        print(f"{name}: {memory:.0f} MiB, {excess} counted apart", flush=True)
        problems = [p for p in (
            f"status {status}" if status != 0 else "",
            f"{memory:.0f} MiB" if memory > args.most else "",
            f"{want} expected" if excess != want else "")
            if p]
        if problems:
            failed += 1
            print(f"FAIL {name}: {', '.join(problems)}\n{said}")
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
