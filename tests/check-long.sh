#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The longer tests, from the top of the tree: both compilers, both inflaters,
# sanitizers, fuzz corpora, a real browser.
set -u
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/stages.bash
. tests/stages.bash

step make --no-print-directory -j2 build/release-clang/smtpscope CC=clang \
    WERROR=-Werror
step make --no-print-directory -j2 build/release-zlib/smtpscope INFLATE=zlib \
    WERROR=-Werror
stage tests/inflate.sh build/release/smtpscope build/release-zlib/smtpscope

# Leaks are looked for at the end of each unit test's own process.
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0
export UBSAN_OPTIONS=print_stacktrace=1
stage make --no-print-directory -j2 unit MODE=asan CC=clang
step make --no-print-directory -j2 build/asan-clang/smtpscope MODE=asan CC=clang
SMTPSCOPE=build/asan-clang/smtpscope stage tests/fixtures/run.sh
SMTPSCOPE=build/asan-clang/smtpscope stage tests/cli/run.py
SMTPSCOPE=build/asan-clang/smtpscope stage tests/reliability/damage.py \
    --edge 1 --every 8000 gzip tar.gz bzip2
SMTPSCOPE=build/asan-clang/smtpscope stage tests/reliability/privacy.py
SMTPSCOPE=build/asan-clang/smtpscope stage tests/reliability/partition.py \
    --cases 5 --seed 2000
SMTPSCOPE=build/asan-clang/smtpscope stage tests/reliability/kill.py --moments 2
SMTPSCOPE=build/asan-clang/smtpscope stage tests/reliability/faults.py --most 2
SMTPSCOPE=build/asan-clang/smtpscope stage tests/reliability/bounds.py \
    --names 30000 --line 64 --most 1500

step make --no-print-directory -j2 build/tsan-clang/smtpscope MODE=tsan CC=clang
SMTPSCOPE=build/tsan-clang/smtpscope stage tests/threads.sh
SMTPSCOPE=build/tsan-clang/smtpscope stage tests/reliability/partition.py \
    --cases 8 --seed 3000

stage tests/fixtures/lab.sh
stage tests/findings/lab.py
stage tests/findings/simulate.py --seeds 6 --check
stage tests/totals.py
stage tests/years.py
stage tests/reliability/faults.py --most 6
stage tests/reliability/kill.py --moments 34
stage tests/reliability/partition.py --cases 500 --seed 1000
stage tests/reliability/arrivals.py
stage tests/reliability/several.py --long
stage tests/reliability/inconsistency.py
stage tests/reliability/damage.py --edge 6 --every 3000
stage tests/reliability/hostile.py
stage tests/reliability/bounds.py --names 200000 --line 1024
stage tests/fuzz/run.sh 20
stage tests/browser/run.sh
stages_sum
