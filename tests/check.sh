#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# All quick tests, from the top of the tree.
set -u
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/stages.bash
. tests/stages.bash

step make --no-print-directory -j2 all WERROR=-Werror
stage make --no-print-directory -j2 unit WERROR=-Werror
stage tests/lint/run.sh
stage tests/fixtures/run.sh
stage tests/cli/run.py
stage tests/replies/run.py
stage tests/containers.sh
stage tests/conversions.py
stage tests/docs/run.py
stage tests/reliability/privileges.py
stage tests/reliability/privacy.py
stage tests/reliability/kill.py --moments 8
stage tests/reliability/partition.py --cases 8
stages_sum
