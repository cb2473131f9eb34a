#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Check that standard input is Prometheus' text format 0.0.4, strictly: HELP
and TYPE before each metric's samples, all samples of a metric together, no
sample twice, known escapes, valid UTF-8, numbers.

usage: smtpscope report -f prometheus | tests/cli/metrics.py
Prints "N metrics, N samples", or what is wrong with its line.
"""
import re
import sys

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\S+)")
HELP = re.compile(rf"# HELP ({NAME}) ((?:[^\\\n]|\\[\\n])+)")
TYPE = re.compile(rf"# TYPE ({NAME}) (counter|gauge)")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def check(text):
    """Return how many metrics and samples there are; raise ValueError."""
    helped, typed, seen, current = set(), set(), set(), None
    if text and not text.endswith("\n"):
        raise ValueError("no line feed at the end")
    for number, line in enumerate(text.split("\n")[:-1], 1):
        def fail(why, where=(number, line)):
            raise ValueError(f"{where[0]}: {why}: {where[1]}")
        if CONTROL.search(line):
            fail("control character")
        if line.startswith("# HELP"):
            match = HELP.fullmatch(line) or fail("no HELP line")
            match[1] not in helped or fail("a second HELP")
            helped.add(match[1])
            current = match[1]
        elif line.startswith("# TYPE"):
            match = TYPE.fullmatch(line) or fail("no TYPE line")
            match[1] not in typed or fail("a second TYPE")
            match[1] == current or fail("not behind its HELP")
            typed.add(match[1])
        else:
            match = SAMPLE.fullmatch(line) or fail("no sample")
            match[1] == current and current in typed or fail("not in its place")
            labels = re.findall(LABEL, match[2] or "")
            names = [label.split("=")[0] for label in labels]
            len(names) == len(set(names)) or fail("a label twice")
            key = (match[1], tuple(sorted(labels)))
            key not in seen or fail("a sample twice")
            seen.add(key)
            float(match[3])
    helped == typed or fail("HELP without TYPE")
    return len(typed), len(seen)


def main():
    try:
        text = sys.stdin.buffer.read().decode("utf-8")
        metrics, samples = check(text)
    except ValueError as error:
        print(error)
        sys.exit(1)
    print(f"{metrics} metrics, {samples} samples")
    sys.exit(0 if samples else 1)


if __name__ == "__main__":
    main()
