#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
set -u
. tests/lint/files.bash

mapfile -t files < <(list_files '*.sh' '*.bash' .ci/run)
shellcheck -x -f gcc "${files[@]}"
