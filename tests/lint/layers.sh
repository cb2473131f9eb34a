#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# No layer includes one above it, and no file of analyzer/ includes another
# without naming its layer.  The table is the one of analyzer/README.md.
set -u
. tests/lint/files.bash

allowed() {
    case $1 in
    base) echo base ;;
    mail) echo base mail ;;
    input) echo base input ;;
    pattern) echo base pattern ;;
    parse) echo base mail pattern parse ;;
    classify) echo base mail pattern classify ;;
    aggregate) echo base mail aggregate ;;
    store) echo base mail aggregate store ;;
    findings) echo base mail store findings ;;
    report) echo base mail store findings report ;;
    pipeline)
        echo base mail input pattern parse classify aggregate store pipeline
        ;;
    cli)
        echo base mail input pattern parse classify aggregate store findings \
            report pipeline cli
        ;;
    # Programs that the build runs: no part of smtpscope itself.
    buildtool) echo base mail pattern classify buildtool ;;
    esac
}

status=0
for file in $(list_files 'analyzer/*.c' 'analyzer/*.h'); do
    layer=${file#analyzer/}
    layer=${layer%%/*}
    may=$(allowed "$layer")
    if [ -z "$may" ]; then
        printf '%s:1: "%s" is no known layer\n' "$file" "$layer"
        status=1
        continue
    fi
    awk -v file="$file" -v layer="$layer" -v may=" $may " '
        match($0, /^[ \t]*#[ \t]*include[ \t]*"[^"]*"/) {
            split($0, part, "\"")
            slash = index(part[2], "/")
            other = substr(part[2], 1, slash - 1)
            if (slash == 0) {
                printf "%s:%d: \"%s\" names no layer\n", file, NR, part[2]
                bad = 1
            } else if (index(may, " " other " ") == 0) {
                printf "%s:%d: %s may not include \"%s\"\n", file, NR, \
                    layer, part[2]
                bad = 1
            }
        }
        END { exit bad }' "$file" || status=1
done
exit $status
