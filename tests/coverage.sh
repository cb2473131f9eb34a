#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Run the tests in a build that counts what they execute, and sum it up.
#
# usage: tests/coverage.sh [--sum]
#
# --sum only sums up what earlier runs have left.  Writes build/coverage.txt,
# a line for each file and, behind it, its lines that no test reached.  Fails
# if fewer than 90 of 100 lines or 80 of 100 branches were (what a fault is
# needed for, such as a full disk, tests/reliability proves in other builds).
set -u
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.." || exit 1
program=build/coverage/smtpscope

if ! command -v gcovr >/dev/null; then
    echo 'coverage: skipped: there is no gcovr'
    echo '0 passed, 0 failed'
    exit 0
fi
if [ "${1-}" != --sum ]; then
    find build/coverage -name '*.gcda' -delete 2>/dev/null
    make --no-print-directory -s -j2 $program build/coverage/unit-tests \
        MODE=coverage || exit 1
    build/coverage/unit-tests >/dev/null 2>&1
    for test in tests/fixtures/run.sh tests/cli/run.py tests/containers.sh \
        tests/conversions.py tests/reliability/privacy.py; do
        SMTPSCOPE=$program "$test" | tail -n 1
    done
fi
mkdir -p build
(cd build && gcovr --gcov-ignore-parse-errors --root .. \
    --object-directory coverage --filter ../analyzer/ \
    --exclude-throw-branches --exclude-unreachable-branches \
    --txt "coverage.txt" --print-summary >coverage.sum 2>coverage.err) ||
    tail -n 3 build/coverage.err
grep -E '^(lines|branches)' build/coverage.sum

# reached WHAT LEAST: 0 if so many of a hundred were.
reached() {
    awk -v what="$1:" -v least="$2" \
        '$1 == what { ok = $2 + 0 >= least } END { exit !ok }' \
        build/coverage.sum
}

passed=0
failed=0
for goal in 'lines 90' 'branches 80'; do
    # shellcheck disable=SC2086 # two words
    if reached $goal; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAIL %s: fewer than %s %%\n' "${goal% *}" "${goal#* }"
    fi
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
