#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Show what smtpscope does, on the logs of samples/.
set -eu

program=build/smtpscope
database=build/demo.db
page=smtpscope-report.html

rm -f "$database" "$database-wal" "$database-shm"
"$program" ingest -d "$database" --tz UTC samples/
printf '\n'
"$program" report -d "$database"
"$program" report -d "$database" -f html -o "$page"
printf '\nThe same as a web page: file://%s/%s\n' "$PWD" "$page"
