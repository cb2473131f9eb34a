#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Run every check of this folder (all *.sh beside this one) from the top of
# the tree; a check prints what is wrong as file:line: what, and fails.
#
# usage: tests/lint/run.sh [NAME...]
set -u
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/../.." || exit 1

passed=0
failed=0
if (($# == 0)); then
    set -- tests/lint/*.sh
fi
for check in "$@"; do
    name=$(basename "$check" .sh)
    [ "$name" != run ] || continue
    if output=$("tests/lint/$name.sh" 2>&1); then
        passed=$((passed + 1))
        [ -z "$output" ] || printf '%s\n' "$output"
    else
        failed=$((failed + 1))
        printf 'FAIL lint %s\n%s\n' "$name" "$output"
    fi
done
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0 && passed > 0))
