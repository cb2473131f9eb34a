#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Open the HTML report in a headless Chromium and use it.
#
# usage: tests/browser/run.sh
#
# SMTPSCOPE: the program (build/smtpscope); CHROMIUM: the browser.  Missing npm
# modules are installed as package-lock.json says; a missing browser or node
# is a failure.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
smtpscope=${SMTPSCOPE:-$top/build/smtpscope}
CHROMIUM=${CHROMIUM:-$(command -v chromium || true)}
export CHROMIUM

if [ ! -e "$here/node_modules/playwright-core/package.json" ]; then
    (cd "$here" && npm ci --no-audit --no-fund --ignore-scripts >&2)
fi
for need in "$CHROMIUM" "$(command -v node || true)"; do
    if [ ! -e "$need" ]; then
        echo "browser test: chromium or node is missing (make deps installs them)" >&2
        exit 1
    fi
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# make_report NAME FLAVOUR DAYS DOMAINS: a store whose names all begin with
# FLAVOUR, and the page and the mail made from it.
make_report() {
    : >"$work/empty.log"
    "$smtpscope" ingest -q -d "$work/$1.db" "$work/empty.log"
    {
        echo "DELETE FROM source;"
        echo "CREATE TEMP TABLE size AS SELECT $3 AS days, $4 AS domains;"
        printf "CREATE TEMP TABLE flavour AS SELECT '%s' AS t;\n" "$2"
        [ -z "$2" ] ||
            echo "UPDATE flavour SET t = t || char(27, 8238, 8232);"
        cat "$here/store.sql"
    } | sqlite3 "$work/$1.db"
    for mail in '' --mail; do
        # shellcheck disable=SC2086 # nothing, or one word
        "$smtpscope" report -d "$work/$1.db" --until 2025-12-01 -f html $mail \
            -o "$work/$1${mail#-}.html"
    done
}

make_report plain '' 30 30
make_report large '' 90 400
# what ended before the period is only in the one compared with
cp "$work/plain.db" "$work/compared.db"
sqlite3 "$work/compared.db" \
    "DELETE FROM failure WHERE reply = 6 AND hour >= 1763769600"
"$smtpscope" report -d "$work/compared.db" --tz UTC --since 2025-11-22 \
    --until 2025-12-01 --compare previous -f html -o "$work/compared.html"
make_report hostile '"><img src=x onerror="pwned=1"><script>pwned=1</script></script><!--&amp;=1+1'"''"' onclick=pwned=1 ' 30 30
node "$here/report.test.mjs" "$work"
