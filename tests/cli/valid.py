#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hold standard input against a JSON Schema of schema/json, and what the
schema cannot say against the columns.

usage: smtpscope ... -f json | tests/cli/valid.py [--lines] NAME

--lines: a document a line.  Prints how many documents were valid, or what is
wrong with the first that is not.
"""
import json
import os
import sys

import jsonschema

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
# What a cell may be, by the kind of its column.
KINDS = {
    "text": str, "line": str, "url": str, "time": str, "code": (int, str),
    "count": int, "bytes": int, "change": int, "share": (int, float),
    "seconds": (int, float), "percent": (int, float), "points": (int, float)}


def check_report(report):
    """Each row has the columns, in order, and each cell is of its kind."""
    names = [column["name"] for column in report["columns"]]
    for row in report["rows"]:
        if list(row) != names:
            return f"{report['report']}: a row is not as its columns"
        for column in report["columns"]:
            cell = row[column["name"]]
            if cell is not None and not isinstance(cell, KINDS[column["kind"]]):
                return f"{report['report']}: {column['name']}: {cell!r}"
    return None


def main():
    name = sys.argv[-1]
    with open(f"{TOP}/schema/json/{name}.schema.json", encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    text = sys.stdin.buffer.read().decode("utf-8")
    documents = [json.loads(part) for part in
                 (text.splitlines() if "--lines" in sys.argv else [text])]
    for document in documents:
        error = jsonschema.exceptions.best_match(
            validator.iter_errors(document))
        wrong = error and f"{error.json_path}: {error.message}"
        if not wrong and name == "report":
            wrong = next(filter(None, map(check_report, document.get(
                "reports", [document]))), None)
        if wrong:
            print(wrong)
            sys.exit(1)
    print(f"{len(documents)} valid")
    sys.exit(0 if documents else 1)


if __name__ == "__main__":
    main()
