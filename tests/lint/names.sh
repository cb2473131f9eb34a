#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# No two modules of analyzer/ share a name, and a module exports only names
# that begin with its own (tally.c: tally_*).
set -u
. tests/lint/files.bash

# Modules whose subject is several small vocabularies, and their prefixes.
also() {
    case $1 in
    mail/event) echo direction disposition stage ;;
    mail/reply) echo status smtp_reply ;;
    mail/address) echo domain ;;
    parse/zone) echo civil ;;
    base/memory) echo arena ;;
    pipeline/crew) echo belt ;;
    esac
    # inflater_zlib.c is one of the implementations of inflater.h.
    if [ ! -f "analyzer/$1.h" ] && [ -f "analyzer/${1%_*}.h" ]; then
        basename "${1%_*}"
    fi
}

duplicates=$(list_files 'analyzer/*.c' 'analyzer/*.h' |
    sed 's/\.[ch]$//' | sort -u |
    awk -F/ '{
        if ($NF in seen) {
            printf "%s.c:1: shares its name with %s\n", $0, seen[$NF]
            bad = 1
        }
        seen[$NF] = $0
    }')
[ -z "$duplicates" ] || printf '%s\n' "$duplicates"
status=$((${#duplicates} > 0))

# ctags takes "static const struct { ... } name" for exported, so the line on
# which a declaration begins is looked at too.
exported() {
    local name line
    ctags -x --language-force=C --kinds-C=fv --extras=-F \
        --_xformat='%N %n' "$1" |
        while read -r name line; do
            awk -v line="$line" '
                NR <= line && /^[a-z]/ { start = $0 }
                END { exit start ~ /^static/ }' "$1" &&
                printf '%s %s\n' "$name" "$line"
        done
}

for file in $(list_files 'analyzer/*.c'); do
    module=${file#analyzer/}
    module=${module%.c}
    prefixes="$(basename "$module") $(also "$module")"
    while read -r name line; do
        fits=no
        for prefix in $prefixes; do
            case $name in
            "$prefix" | "$prefix"_*) fits=yes ;;
            esac
        done
        [ "$name" != main ] || fits=yes
        if [ "$fits" = no ]; then
            printf '%s:%s: exports %s, which does not begin with %s_\n' \
                "$file" "$line" "$name" "$(basename "$module")"
            status=1
        fi
    done < <(exported "$file")
done
exit "$status"
