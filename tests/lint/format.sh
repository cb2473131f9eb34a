#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# .clang-format settles how C looks: make format applies it.
set -u
. tests/lint/files.bash

list_files '*.c' '*.h' | xargs -r clang-format --dry-run -Werror 2>&1 |
    grep 'error:'
((PIPESTATUS[1] == 0))
