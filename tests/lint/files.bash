# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# For the checks beside this file, which run at the top of the tree.

# list_files PATTERN...: the project's own files that match the git pathspecs,
# committed or not yet, one a line.
list_files() {
    local file
    git ls-files -co --exclude-standard -- "$@" | sort -u |
        while IFS= read -r file; do
            case $file in
            */node_modules/*) ;;
            *) [ ! -f "$file" ] || printf '%s\n' "$file" ;;
            esac
        done
}

# refuse REGEX WHAT FILE...: fail with WHAT at each line that matches.
refuse() {
    local regex=$1 what=$2 found
    shift 2
    (($# > 0)) || return 0
    found=$(grep -nHIE "$regex" "$@")
    [ -z "$found" ] && return 0
    printf '%s\n' "$found" | awk -v what="$what" '{
        split($0, part, ":")
        text = substr($0, length(part[1]) + length(part[2]) + 3)
        gsub(/^[ \t]+/, "", text)
        printf "%s:%s: %s: %s\n", part[1], part[2], what, text
    }'
    return 1
}
