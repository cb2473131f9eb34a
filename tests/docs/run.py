#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run what the documents show: commands, SQL and files, against samples/.

usage: [SMTPSCOPE=program] tests/docs/run.py

Each document has a scratch folder that looks like the top of the tree.
```LANGUAGE NAME: the block becomes the file NAME there.
```sh: each line is run; it must end with status 0 and print something,
except to a file.  Lines that begin with make are left to those who run the
targets.
```text: what the command before it must have printed.
```sql: must be valid, and give a row, on the database the commands made.
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


DOCUMENTS = ("README.md", "docs/ADDING-AN-MTA.md")


def blocks(text):
    """Yield (language, file name, title, body) of each fenced block."""
    title = ""
    for part in re.split(r"(?m)^(```\w*[^\n]*\n.*?^```$)", text, flags=re.S | re.M):
        fence = re.match(r"```(\w*) ?([^\n]*)\n(.*?)^```$", part, flags=re.S | re.M)
        if fence:
            yield fence.group(1), fence.group(2), title, fence.group(3)
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
    """Return how many commands ran, what went wrong, and what the last one printed."""
    faults, n, out = [], 0, ""
    for line in body.splitlines():
        line = line.strip()
        if not line or line.startswith(("#", "make", "sudo")):
            continue
        n += 1
        run = subprocess.run(["bash", "-c", "set -o pipefail; " + line], cwd=folder, capture_output=True,
                             text=True, errors="replace", stdin=subprocess.DEVNULL, timeout=60)
        out = run.stdout
        if run.returncode != 0 or (not (out + run.stderr).strip() and "-o " not in line):
            faults.append(f"{line}\n  status {run.returncode}: {run.stderr[:300]}")
    return n, faults, out


def run_sql(title, body, folder):
    database = sqlite3.connect(f"file:{folder}/mail.db?mode=ro", uri=True)
    try:
        rows = database.execute(body).fetchall()
    except sqlite3.Error as error:
        return [f"{title}: {error}"]
    finally:
        database.close()
    if not rows and not any(t in title for t in MAY_BE_EMPTY):
        return [f"{title}: no row"]
    return []


def run_document(name):
    """Return how much of the document was tried, and what went wrong."""
    folder, n, faults, said = scratch(), 0, [], ""
    for language, file, title, body in blocks((TOP / name).read_text(encoding="utf-8")):
        if file:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(body, encoding="utf-8")
        elif language == "sh":
            ran, wrong, said = run_commands(body, folder)
            n, faults = n + ran, faults + wrong
        elif language == "sql":
            n, faults = n + 1, faults + run_sql(title, body, folder)
        elif language == "text":
            n += 1
            if said != body:
                faults.append(f"{title}: printed\n{said}not\n{body}")
    shutil.rmtree(folder)
    return n, [f"{name}: {fault}" for fault in faults]


def main():
    passed, failed = 0, 0
    for name in DOCUMENTS:
        n, faults = run_document(name)
        passed, failed = passed + n - len(faults), failed + len(faults)
        for fault in faults:
            print("FAIL", fault)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
