#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Scores `smtpscope classify` against the labelled replies beside this file.

usage: [SMTPSCOPE=build/smtpscope] tests/replies/run.py [-v]

Each *.tsv has the columns cause, detail, reply and source.  The labels were
given from the text and from what its author publishes about it, before the
classifier saw it; so a disagreement may be the label's fault, and the floors
(FLOORS) leave room for those that docs/COVERAGE.md argues.  -v lists all
disagreements.
"""
import collections
import csv
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
PROGRAM = os.environ.get("SMTPSCOPE", str(TOP / "build/smtpscope"))
# at least in percent: causes right, their macro-F1, details right, answered
FLOORS = (99.0, 99.0, 98.5, 99.5)


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t",
                                   quoting=csv.QUOTE_NONE))


def classify(texts):
    """Returns one row for each of the replies, in their order."""
    run = subprocess.run([PROGRAM, "classify", "-f", "tsv"],
                         input="\n".join(texts) + "\n", text=True,
                         stdout=subprocess.PIPE, encoding="utf-8", check=True)
    rows = run.stdout.rstrip("\n").split("\n")
    header = rows[0].split("\t")
    answers = [dict(zip(header, row.split("\t"))) for row in rows[1:]]
    assert len(answers) == len(texts), "not one answer for each reply"
    return answers


def macro_f1(pairs):
    """Mean F1 of the causes that occur among the labels."""
    wanted = collections.Counter(want for want, _ in pairs)
    given = collections.Counter(got for _, got in pairs)
    right = collections.Counter(want for want, got in pairs if want == got)
    return sum(2 * right[name] / (count + given[name])
               for name, count in wanted.items()) / len(wanted)


def score(name, rows, answers):
    """Prints the line of one file, returns its four numbers."""
    pairs = [(row["cause"], got["cause"]) for row, got in zip(rows, answers)]
    cause = sum(want == got for want, got in pairs)
    detail = sum(row["cause"] == got["cause"] and
                 row["detail"] == got["detail"]
                 for row, got in zip(rows, answers))
    known = sum(got != "unknown" for _, got in pairs)
    numbers = tuple(100 * share for share in (
        cause / len(rows), macro_f1(pairs), detail / len(rows),
        known / len(rows)))
    print("%-14s %4d  cause %6.2f  macro-F1 %6.2f  detail %6.2f"
          "  answered %6.2f" % ((name, len(rows)) + numbers))
    return numbers


def disagreements(rows, answers):
    for row, got in zip(rows, answers):
        if (row["cause"], row["detail"]) != (got["cause"], got["detail"]):
            mark = "  " if row["cause"] == got["cause"] else "**"
            print("%s %s.%s, not %s.%s by %s: %s" % (
                mark, row["cause"], row["detail"], got["cause"],
                got["detail"], got["rule"], row["reply"]))


def main():
    rows, verbose = [], "-v" in sys.argv[1:]
    for path in sorted(HERE.glob("*.tsv")):
        some = read(path)
        answers = classify([row["reply"] for row in some])
        score(path.stem, some, answers)
        if verbose:
            disagreements(some, answers)
        rows += some
    numbers = score("all", rows, classify([row["reply"] for row in rows]))
    failed = sum(number < floor for number, floor in zip(numbers, FLOORS))
    print("%d passed, %d failed" % (len(FLOORS) - failed, failed))
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
