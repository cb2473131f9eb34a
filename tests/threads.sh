#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The number of workers changes nothing: dumps of the same files, read with
# one worker and with several, are equal byte for byte.  Run with the
# ThreadSanitizer build it also shows that nothing is shared unguarded.
#
# usage: [SMTPSCOPE=program] tests/threads.sh
set -u
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.." || exit 1
program=${SMTPSCOPE:-build/smtpscope}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# Several files, one of them twice, one compressed copy, one an older copy.
cp samples/* "$work/"
split -n l/5 samples/mail.log-20261108 "$work/part."
gzip -nc samples/mail.log-20261115 >"$work/copy.gz"
head -n 2000 samples/mail.log-20261115 >"$work/older-20261115"

# compare NAME FILE...: equal dumps of the files by 1, 2 and 4 workers?
compare() {
    local dump=$work/$1 workers
    shift
    for workers in 1 2 4; do
        "$program" ingest -q -j "$workers" --tz UTC --year 2026 \
            -d "$dump.$workers.db" "$@" 2>"$work/err" ||
            { cat "$work/err"; failed=$((failed + 1)); }
        "$program" dump -d "$dump.$workers.db" >"$dump.$workers"
        if [ -s "$dump.$workers" ] && cmp "$dump.1" "$dump.$workers"; then
            passed=$((passed + 1))
        else
            printf 'FAIL dump of -j %d\n' "$workers"
            failed=$((failed + 1))
        fi
    done
}
compare many "$work"/mail* "$work"/part* "$work"/copy* "$work"/older*

# One file, which a worker reads while others count; the lines of the second
# are of many kinds, and of the third some are longer than any.
cat samples/mail.log-* >"$work/one"
cat tests/fixtures/*/*.log >"$work/all"
{
    cat samples/mail.log-20261101
    head -c 300000 /dev/zero | tr '\0' x
    echo
    cat samples/mail.log-20261108
} >"$work/long"
for file in one all long; do
    compare "$file" "$work/$file"
done
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
