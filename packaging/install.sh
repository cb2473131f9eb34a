#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: packaging/install.sh [--remove] PREFIX
#
# Copy program, man pages and bash completion below PREFIX, or remove them.
set -eu

remove=no
if [ "${1-}" = --remove ]; then
    remove=yes
    shift
fi
prefix=${1:?usage: packaging/install.sh [--remove] PREFIX}
program=build/smtpscope
man=$prefix/share/man/man1
completions=$prefix/share/bash-completion/completions

if [ "$remove" = yes ]; then
    rm -f "$prefix/bin/smtpscope" "$completions/smtpscope" \
        "$man/smtpscope.1" "$man"/smtpscope-*.1
    exit 0
fi

packaging/pages.sh "$program" build
install -d "$prefix/bin" "$man" "$completions"
install -m 755 "$program" "$prefix/bin/smtpscope"
install -m 644 build/man/*.1 "$man"
install -m 644 build/completions/smtpscope "$completions"
