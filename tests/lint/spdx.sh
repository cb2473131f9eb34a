#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Every file that can carry a comment names the licence in its first lines.
set -u
. tests/lint/files.bash

status=0
while IFS= read -r file; do
    if ! head -n 3 "$file" | grep -q 'SPDX-License-Identifier: MIT'; then
        printf '%s:1: no SPDX-License-Identifier: MIT\n' "$file"
        status=1
    fi
done < <(list_files '*.c' '*.h' '*.sh' '*.bash' '*.py' '*.sql' '*.yaml' \
    '*.yml' '*.js' '*.mjs' '*.css' '*.html' '*.roff' Makefile .ci/run)
exit $status
