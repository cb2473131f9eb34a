#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# ISA-L and zlib give the same: events of gzip files, whole, of several
# members and cut short, from a program built with each.
#
# usage: tests/inflate.sh PROGRAM-ISAL PROGRAM-ZLIB
set -u
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

gzip -nc samples/mail.log-20261108 >"$work/one.gz"
{ gzip -nc1 samples/mail.log-20261108; gzip -nc9 samples/mail.log-20261115; } \
    >"$work/two.gz"
head -c 60000 "$work/one.gz" >"$work/cut.gz"
{ cat "$work/one.gz"; head -c 5000 /dev/zero; } >"$work/zeros.gz"
{ cat "$work/one.gz"; printf 'no gzip at all'; } >"$work/garbage.gz"
: >"$work/empty.gz"

for file in "$work"/*.gz; do
    for program in "$@"; do
        "$program" events -q --tz UTC --year 2026 "$file" 2>&1
        printf 'status %d\n' $?
    done >"$work/both"
    lines=$(wc -l <"$work/both")
    if cmp <(head -n $((lines / 2)) "$work/both") \
        <(tail -n $((lines / 2)) "$work/both"); then
        passed=$((passed + 1))
    else
        printf 'FAIL %s\n' "${file##*/}"
        failed=$((failed + 1))
    fi
done
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
