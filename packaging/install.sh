#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: packaging/install.sh [--remove] PREFIX
#
# Copy program, man pages, bash completion, systemd units, JSON schemas and the
# example of a configuration below PREFIX, or remove them.  With DESTDIR before
# it, PREFIX is what the units call it.
set -eu

remove=no
if [ "${1-}" = --remove ]; then
    remove=yes
    shift
fi
prefix=${1:?usage: packaging/install.sh [--remove] PREFIX}
program=build/smtpscope
man=$prefix/share/man
units=$prefix/lib/systemd/system
schemas=$prefix/share/smtpscope/schema
examples=$prefix/share/doc/smtpscope
completions=$prefix/share/bash-completion/completions

if [ "$remove" = yes ]; then
    rm -f "$prefix/bin/smtpscope" "$completions/smtpscope" \
        "$man/man1/smtpscope.1" "$man"/man1/smtpscope-*.1 \
        "$man/man5/smtpscope.yaml.5" "$units/smtpscope.service" \
        "$units/smtpscope.timer" "$examples/smtpscope.yaml" \
        "$schemas"/*.schema.json
    rmdir -p --ignore-fail-on-non-empty "$schemas" "$examples" 2>/dev/null ||
        true
    exit 0
fi

packaging/pages.sh "$program" build
install -d "$prefix/bin" "$man/man1" "$man/man5" "$completions" "$units" \
    "$schemas" "$examples"
install -m 755 "$program" "$prefix/bin/smtpscope"
install -m 644 build/man/*.1 "$man/man1"
install -m 644 build/man/*.5 "$man/man5"
install -m 644 schema/json/*.schema.json "$schemas"
install -m 644 packaging/smtpscope.yaml "$examples"
install -m 644 packaging/smtpscope.timer "$units"
sed "s,@PREFIX@,${prefix#"${DESTDIR-}"},g" packaging/smtpscope.service \
    >"$units/smtpscope.service"
chmod 644 "$units/smtpscope.service"
install -m 644 build/completions/smtpscope "$completions"
