# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Stages of a test run, for scripts to source: each prints a line "N passed,
# N failed" of its own (or is Criterion's), and stages_sum adds them up.

stages_passed=0
stages_failed=0

# What a log says of itself as "passed failed".
stages_read() {
    sed -n -E \
        -e 's/^([0-9]+) passed, ([0-9]+) failed.*$/\1 \2/p' \
        -e 's/^\[====\] Synthesis: Tested: [0-9]+ \| Passing: ([0-9]+) \| Failing: ([0-9]+) \| Crashing: ([0-9]+).*$/\1 \2+\3/p' \
        "$1" | tail -n 1
}

# stage COMMAND...: run it; show all of it, add up what it says.
stage() {
    local log status sum
    log=$(mktemp)
    printf '== %s\n' "$*"
    "$@" </dev/null 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    sum=$(stages_read "$log")
    rm -f "$log"
    if [ -z "$sum" ]; then
        printf '%s: says no sum (status %d)\n' "$1" "$status"
        sum='0 1'
    elif ((status != 0 && ${sum#* } == 0)); then
        printf '%s: ended with status %d\n' "$1" "$status"
        sum="${sum% *} 1"
    fi
    stages_passed=$((stages_passed + ${sum% *}))
    stages_failed=$((stages_failed + ${sum#* }))
}

# step COMMAND...: run what is no test but must succeed; quiet if it does.
step() {
    local log
    log=$(mktemp)
    if ! "$@" </dev/null >"$log" 2>&1; then
        cat "$log"
        printf 'FAIL %s\n' "$*"
        stages_failed=$((stages_failed + 1))
    else
        stages_passed=$((stages_passed + 1))
    fi
    rm -f "$log"
}

# The closing line; fails if a test did, or if none ran.
stages_sum() {
    printf '%d passed, %d failed\n' "$stages_passed" "$stages_failed"
    ((stages_failed == 0 && stages_passed > 0))
}
