#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Text files hold no tabs in YAML, no blanks at line ends, no carriage
# returns and no paths of one machine, and end with a newline.
set -u
. tests/lint/files.bash

status=0
mapfile -t yaml < <(list_files '*.yaml' '*.yml')
mapfile -t texts < <(list_files '*.c' '*.h' '*.sh' '*.bash' '*.py' '*.sql' \
    '*.yaml' '*.yml' '*.md' '*.css' '*.js' '*.mjs' '*.roff' Makefile .ci/run)
refuse $'\t' 'tab in YAML' "${yaml[@]}" || status=1
refuse '[[:blank:]]$' 'blank at the end of a line' "${texts[@]}" || status=1
refuse $'\r$' 'carriage return' "${texts[@]}" || status=1
machine='(^|[^A-Za-z0-9._-])/(work|farm|root|home/[a-z]+)/'
refuse "$machine" 'path of one machine' "${texts[@]}" || status=1
for file in "${texts[@]}"; do
    if [ -n "$(tail -c 1 "$file")" ]; then
        printf '%s:1: does not end with a newline\n' "$file"
        status=1
    fi
done
exit $status
