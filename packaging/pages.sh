#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: packaging/pages.sh PROGRAM DIR
#
# Write DIR/man/*.[15] and DIR/completions/smtpscope, as PROGRAM prints them.
set -eu

program=${1:?usage: packaging/pages.sh PROGRAM DIR}
target=${2:?usage: packaging/pages.sh PROGRAM DIR}

mkdir -p "$target/man" "$target/completions"
"$program" --man >"$target/man/smtpscope.1"
for command in $("$program" --commands); do
    "$program" --man "$command" >"$target/man/smtpscope-$command.1"
done
"$program" --man smtpscope.yaml >"$target/man/smtpscope.yaml.5"
"$program" --completion >"$target/completions/smtpscope"
