#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# One static analyser, at zero.
set -u
. tests/lint/files.bash

mapfile -t files < <(list_files 'analyzer/*.c')
options=(
    --std=c11 --quiet --inline-suppr --error-exitcode=1 -j 2
    "--enable=warning,performance,portability"
    "--template={file}:{line}: {message} [{id}]"
    -Ianalyzer -D_POSIX_C_SOURCE=200809L -D__linux__ -D__x86_64__
    '-DSMTPSCOPE_VERSION="0"' # what the Makefile defines
    # System headers are not looked for: they are not what is analysed.
    --suppress=missingIncludeSystem
)
cppcheck "${options[@]}" "${files[@]}"
