#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run the command-line tests: the rows of every *.rows file beside this one
and the examples of the man pages.

usage: [SMTPSCOPE=program] tests/cli/run.py [--program FILE] [WORD...]

With WORDs, only rows whose "file: name" holds one of them.  A row is a
paragraph of "key: value" lines:

  name:      what is tested
  run:       a bash command, in an empty directory, with smtpscope in PATH
  in:        a line of standard input (escapes of Python's bytes; repeatable)
  in-raw:    the same without a newline at its end
  status:    the exit status (0 if not given)
  out, err:  a regular expression that must be found there (repeatable)
  no-out, no-err:  one that must not
  line:      a line that standard output must hold, exactly
  lines:     how many lines standard output must have
  needs:     a command that must exist, else the row is skipped

A row without "err" must leave standard error empty.  Lines that begin with
"#" are comments.  $TOP is the top of the tree; $NOBODY before a command
runs it without the rights of root.
"""
import argparse
import concurrent.futures
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
SECONDS = 60
ONCE = {"name", "run", "status", "lines", "needs"}
# In a build that measures coverage gcov complains where $NOBODY may not write.
GCOV = re.compile(r"^profiling:.*\n", re.M)
MANY = {"in", "in-raw", "out", "err", "no-out", "no-err", "line"}


def unescape(text):
    return text.encode("latin-1", "backslashreplace").decode(
        "unicode_escape").encode("latin-1")


def read_rows(path):
    """The rows of one file, as dicts: a string or a list for each key."""
    row, rows = {}, []
    with open(path, encoding="utf-8") as f:
        for number, text in enumerate(f, 1):
            text = text.rstrip("\n")
            if text.startswith("#"):
                continue
            if not text.strip():
                if row:
                    rows.append(row)
                row = {}
                continue
            key, colon, value = text.partition(":")
            value = value[1:] if value.startswith(" ") else value
            if not colon or key not in ONCE | MANY:
                sys.exit(f"{path}:{number}: unknown key \"{key}\"")
            if key in MANY:
                row.setdefault("input" if key.startswith("in") else key,
                               []).append((key, value))
            else:
                row[key] = value
    if row:
        rows.append(row)
    for r in rows:
        if "name" not in r or "run" not in r:
            sys.exit(f"{path}: a row has no name or no run: {r}")
        r["file"] = os.path.basename(path)
    return rows


def example_rows():
    """One row for each man page: all its commands, in order."""
    sources = sorted(glob.glob(os.path.join(TOP, "docs/man/*.roff")))
    for path in sources:
        with open(path, encoding="utf-8") as f:
            text = f.read()
        blocks = re.findall(r"^\.EX\n(.*?)^\.EE$", text, re.S | re.M)
        commands = "".join(blocks).replace("\\e", "\\").replace("\\-", "-")
        if commands:
            yield {"file": "examples", "name": os.path.relpath(path, TOP),
                   "run": prepared(commands), "err": []}


def prepared(commands):
    """Let commands find a small archive where they look for /var/log, and a
    database that was made from it."""
    commands = commands.replace("/var/log/", "logs/")
    return ("set -eo pipefail\n"
            'mkdir logs; cp "$TOP"/samples/* logs/\n'
            "smtpscope ingest -q --tz UTC logs/\n" + commands)


class Runner:
    """Runs rows in empty directories below ${place}; threads may share it."""

    def __init__(self, program, place):
        self.place = place
        os.chmod(place, 0o755)
        bin_dir = os.path.join(place, "bin")
        os.mkdir(bin_dir)
        shutil.copy(program, os.path.join(bin_dir, "smtpscope"))
        nobody = ""
        if os.geteuid() == 0:
            nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups"
        self.environment = {
            "PATH": bin_dir + ":" + os.environ["PATH"], "TOP": TOP,
            "LC_ALL": "C.UTF-8", "TZ": "UTC", "COLUMNS": "80",
            "TERM": "xterm", "HOME": place, "NOBODY": nobody}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def run(self, row):
        """What went wrong, as a list of texts; None: skipped."""
        if "needs" in row and shutil.which(row["needs"]) is None:
            return None
        work = tempfile.mkdtemp(dir=self.place)
        os.chmod(work, 0o777)
        given = b"".join(unescape(v) + (b"\n" if k == "in" else b"")
                         for k, v in row.get("input", []))
        with subprocess.Popen(
                ["bash", "-c", row["run"]], cwd=work, env=self.environment,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, start_new_session=True) as job:
            try:
                out, err = job.communicate(given, timeout=SECONDS)
                problems = list(compare(row, job.returncode, out, err))
            except subprocess.TimeoutExpired:
                problems = [f"did not end within {SECONDS} s"]
                os.killpg(job.pid, signal.SIGKILL)
        shutil.rmtree(work, ignore_errors=True)
        return problems


def shortened(text):
    return text if len(text) < 1500 else text[:1500] + "..."


def compare(row, status, out, err):
    """What is not as the row says."""
    out = out.decode("utf-8", "surrogateescape")
    err = GCOV.sub("", err.decode("utf-8", "surrogateescape"))
    said = (f"\nstdout:\n{shortened(out)}\nstderr:\n{shortened(err)}").encode(
        "utf-8", "backslashreplace").decode()
    if status != int(row.get("status", 0)):
        yield f"status {status}, not {row.get('status', 0)}" + said
    for key, where in (("out", out), ("err", err)):
        for _, regex in row.get(key, []):
            if not re.search(regex, where, re.M):
                yield f"{key}: not found: {regex}" + said
        for _, regex in row.get("no-" + key, []):
            if re.search(regex, where, re.M):
                yield f"no-{key}: found: {regex}" + said
    for _, line in row.get("line", []):
        if line.replace("\\t", "\t") not in out.split("\n"):
            yield f"line: not found: {line}" + said
    if "lines" in row and out.count("\n") != int(row["lines"]):
        yield f"{out.count(chr(10))} lines, not {row['lines']}" + said
    if "err" not in row and err:
        yield "standard error is not empty" + said


def main():
    # A job in the background ignores interrupts, and so would what it starts.
    for number in (signal.SIGINT, signal.SIGQUIT):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--program", default=os.environ.get(
        "SMTPSCOPE", os.path.join(TOP, "build", "smtpscope")))
    parser.add_argument("words", nargs="*")
    args = parser.parse_args()
    rows = []
    for path in sorted(glob.glob(os.path.join(HERE, "*.rows"))):
        rows += read_rows(path)
    rows += example_rows()
    rows = [r for r in rows if not args.words or any(
        w in f"{r['file']}: {r['name']}" for w in args.words)]
    passed, failed, skipped = 0, 0, 0
    with tempfile.TemporaryDirectory() as place, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runner = Runner(os.path.abspath(args.program), place)
        for row, problems in zip(rows, pool.map(runner.run, rows)):
            if problems is None:
                skipped += 1
            elif problems:
                failed += 1
                print(f"FAIL {row['file']}: {row['name']}\n  {row['run']}")
                for problem in problems:
                    print("  " + problem.replace("\n", "\n  "))
            else:
                passed += 1
    if skipped:
        print(f"{skipped} skipped: a command they need is missing")
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
