#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run what the README shows: its commands and its SQL, against samples/.

usage: [SMTPSCOPE=program] tests/docs/run.py

Command blocks (```sh) run line by line in a scratch folder that looks like
the top of the tree; lines that begin with make are left to those who run
the targets.  Each must end with status 0 and print something, except to a
file.  SQL blocks (```sql) run against the database that the commands made;
each must be valid and give at least one row.
"""
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
# Questions whose right answer on the samples may be "none".
MAY_BE_EMPTY = {"What was not understood"}


def blocks(text):
    """Yield (language, title, body) of each fenced block."""
    title = ""
    for part in re.split(r"(?m)^(```\w*\n.*?^```$)", text, flags=re.S | re.M):
        fence = re.match(r"```(\w*)\n(.*?)^```$", part, flags=re.S | re.M)
        if fence:
            yield fence.group(1), title, fence.group(2)
        elif part.strip():
            title = part.strip().splitlines()[-1]


def scratch():
    """A folder with the program and the samples, as at the top."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="smtpscope-docs-"))
    program = pathlib.Path(os.environ.get("SMTPSCOPE", "build/smtpscope"))
    (folder / "build").mkdir()
    (folder / "build" / "smtpscope").symlink_to((TOP / program).resolve())
    (folder / "samples").symlink_to(TOP / "samples")
    return folder


def run_commands(body, folder):
    faults, n = [], 0
    for line in body.splitlines():
        line = line.strip()
        if not line or line.startswith(("#", "make", "sudo")):
            continue
        n += 1
        run = subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True,
                             text=True, errors="replace", stdin=subprocess.DEVNULL, timeout=60)
        said = run.stdout + run.stderr
        if run.returncode != 0 or (not said.strip() and "-o " not in line):
            faults.append(f"README: {line}\n  status {run.returncode}: {run.stderr[:300]}")
    return n, faults


def run_sql(title, body, folder):
    database = sqlite3.connect(f"file:{folder}/mail.db?mode=ro", uri=True)
    try:
        rows = database.execute(body).fetchall()
    except sqlite3.Error as error:
        return [f"README: {title}: {error}"]
    finally:
        database.close()
    if not rows and not any(t in title for t in MAY_BE_EMPTY):
        return [f"README: {title}: no row"]
    return []


def main():
    folder = scratch()
    passed, faults = 0, []
    for language, title, body in blocks((TOP / "README.md").read_text(encoding="utf-8")):
        if language == "sh":
            n, wrong = run_commands(body, folder)
        elif language == "sql":
            n, wrong = 1, run_sql(title, body, folder)
        else:
            continue
        passed += n - len(wrong)
        faults += wrong
    shutil.rmtree(folder)
    for fault in faults:
        print("FAIL", fault)
    print(f"{passed} passed, {len(faults)} failed")
    sys.exit(1 if faults or not passed else 0)


if __name__ == "__main__":
    main()
