#!/bin/bash
# SPDX-License-Identifier: MIT
#
# run.sh - measure smtpscope beside its peers on one generated archive.
#
# All programs run in turn, A B C A B C ..., so that whatever else the machine
# does falls on all of them; a ratio is the median of the ratios within each
# round.  Nothing here fails because something was slow.  pflogsumm is so slow
# that it runs only in the first rounds (--pflogsumm-runs).
set -euo pipefail
export LC_ALL=C

usage() {
    cat <<'USAGE'
usage: tests/bench/run.sh [--lines N] [--runs K] [--pflogsumm-runs P]
                          [--write FILE] [--generate-only]
Generate build/bench/postfix.log.gz when it is absent (4,000,000 lines;
postfix-N.log.gz for another N), time smtpscope and its peers on it in K
rounds (at least 5), and print a Markdown table.  --write replaces the block
between "<!-- bench:begin -->" and "<!-- bench:end -->" in FILE.
USAGE
}

die() {
    printf 'run.sh: %s\n' "$*" >&2
    exit 1
}

# ---- options ---------------------------------------------------------------

lines=4000000
runs=5
pflogsumm_runs=1
target=
generate_only=no

need_count() {
    case $2 in
    '' | *[!0-9]* | 0*)
        printf 'run.sh: %s needs a number above 0\n' "$1" >&2
        exit 2
        ;;
    esac
}

while [ $# -gt 0 ]; do
    case $1 in
    --lines | --runs | --pflogsumm-runs) need_count "$1" "${2-}" ;;
    esac
    case $1 in
    --lines) lines=$2 && shift 2 ;;
    --runs) runs=$2 && shift 2 ;;
    --pflogsumm-runs) pflogsumm_runs=$2 && shift 2 ;;
    --write)
        [ -n "${2-}" ] || { usage >&2 && exit 2; }
        target=$2 && shift 2
        ;;
    --generate-only) generate_only=yes && shift ;;
    --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
    esac
done
if [ "$runs" -lt 5 ]; then
    runs=5
fi

case $target in
'' | /*) ;;
*) target=$PWD/$target ;;
esac
cd "$(dirname "$0")/../.."
begin_mark='<!-- bench:begin -->'
end_mark='<!-- bench:end -->'
if [ -n "$target" ]; then
    if ! grep -qxF "$begin_mark" "$target" ||
        ! grep -qxF "$end_mark" "$target"; then
        die "$target: lacks the lines '$begin_mark' and '$end_mark'"
    fi
fi

# ---- data ------------------------------------------------------------------

bench=build/bench
program=${SMTPSCOPE:-build/smtpscope}
data=$bench/postfix-$lines.log.gz
if [ "$lines" -eq 4000000 ]; then
    data=$bench/postfix.log.gz
fi
truth=${data%.log.gz}.truth
mkdir -p "$bench"

build_generator() {
    "${CC:-cc}" -std=c11 -O2 -o "$bench/generate.new" tests/bench/gen*.c
    mv -f "$bench/generate.new" "$bench/generate"
}

# The archive appears under its name only when it is whole.
generate() {
    local pack=(gzip -6 -n)
    if command -v pigz >/dev/null; then
        pack=(pigz -6 -n)
    fi
    printf 'run.sh: generating %s (%s lines)\n' "$data" "$lines" >&2
    "$bench/generate" --lines "$lines" --truth 2>"$truth.new" |
        "${pack[@]}" >"$data.new"
    # The year of RFC 3164 stamps comes from the file's time.
    touch -t 202607010000 "$data.new"
    mv -f "$truth.new" "$truth"
    mv -f "$data.new" "$data"
}

build_generator
[ -s "$data" ] || generate
if [ "$generate_only" = yes ]; then
    exit 0
fi

# ---- measuring -------------------------------------------------------------

work=$(mktemp -d "$bench/run.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
samples=$bench/samples.tsv # kept; program, round, wall seconds, CPU seconds, RSS KiB
notes=$work/notes
: >"$samples"
: >"$notes"

meter=shell
if [ -x /usr/bin/time ] && /usr/bin/time -f '%U %S %M' true 2>/dev/null; then
    meter=gnu
elif command -v python3 >/dev/null; then
    meter=python
fi

# Each prints "wall cpu rss" of "$@" to standard output; the measured
# program's own output is thrown away.
measure_gnu() {
    local begin end status=0
    begin=$EPOCHREALTIME
    /usr/bin/time -q -o "$work/time" -f '%U %S %M' "$@" >/dev/null \
        2>"$work/err" || status=$?
    end=$EPOCHREALTIME
    awk -v b="$begin" -v e="$end" \
        '{ printf "%.4f %.4f %d\n", e - b, $1 + $2, $3 }' "$work/time"
    return "$status"
}

measure_python() {
    python3 - "$@" 2>"$work/err" <<'PYTHON'
import resource, subprocess, sys, time
def cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
before = cpu()
begin = time.perf_counter()
status = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
wall = time.perf_counter() - begin
rss = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print("%.4f %.4f %d" % (wall, cpu() - before, rss))
sys.exit(status)
PYTHON
}

measure_shell() {
    local status=0 TIMEFORMAT='%3R %3U %3S'
    { time "$@" >/dev/null 2>"$work/err"; } 2>"$work/time" || status=$?
    awk '{ printf "%.4f %.4f 0\n", $1, $2 + $3 }' "$work/time"
    return "$status"
}

# measure NAME ROUND COMMAND...: add one sample, note a failure.
measure() {
    local name=$1 round=$2 result status=0
    shift 2
    result=$("measure_$meter" "$@") || status=$?
    if [ "$status" -ne 0 ]; then
        printf '%s ended with status %s: %s\n' "$name" "$status" \
            "$(head -n 1 "$work/err")" >>"$notes"
    fi
    printf '%s\t%s\t%s\n' "$name" "$round" "${result// /$'\t'}" >>"$samples"
}

# installed NAME: can we run it?
installed() {
    case $1 in
    smtpscope) [ -x "$program" ] ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

ingest() {
    rm -f "$work"/fresh.db*
    measure 'smtpscope ingest' "$1" \
        "$program" ingest -q -d "$work/fresh.db" "$data"
    measure 'smtpscope ingest, unchanged' "$1" \
        "$program" ingest -q -d "$work/fresh.db" "$data"
}

# pflogsumm cannot read gzip; the pipe is part of its price.
summarise() {
    # shellcheck disable=SC2016
    measure 'gzip -dc | pflogsumm' "$1" \
        sh -c 'gzip -dc "$1" | pflogsumm' sh "$data"
}

run_round() {
    local round=$1
    printf 'run.sh: round %s of %s\n' "$round" "$runs" >&2
    ! installed smtpscope || ingest "$round"
    ! installed igzip || measure 'igzip -dc' "$round" igzip -dc "$data"
    ! installed gzip || measure 'gzip -dc' "$round" gzip -dc "$data"
    ! installed rg ||
        measure "rg -zc 'status='" "$round" rg -zc 'status=' "$data"
    ! installed zgrep ||
        measure "zgrep -c 'status='" "$round" zgrep -c 'status=' "$data"
    if installed pflogsumm && [ "$round" -le "$pflogsumm_runs" ]; then
        summarise "$round"
    fi
}

cat "$data" >/dev/null # into the page cache
for ((round = 1; round <= runs; round++)); do
    run_round "$round"
done

# ---- report ----------------------------------------------------------------

# Median wall, its range, CPU, RSS and ratios, one row for each program.
table() {
    awk -F '\t' '
    function median(list, n,    i, j, t) {
        for (i = 2; i <= n; i++) {
            t = list[i]
            for (j = i - 1; j > 0 && list[j] > t; j--) {
                list[j + 1] = list[j]
            }
            list[j + 1] = t
        }
        return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
    }
    function column(name, what,    i, n) {
        n = 0
        for (i = 1; i <= rounds; i++) {
            if ((name, i, what) in value) {
                list[++n] = value[name, i, what]
            }
        }
        return n
    }
    function ratio(name, what,    i, n) {
        n = 0
        for (i = 1; i <= rounds; i++) {
            if ((name, i, what) in value && value[base, i, what] > 0) {
                list[++n] = value[name, i, what] / value[base, i, what]
            }
        }
        return n > 0 ? sprintf("%.2f", median(list, n)) : "-"
    }
    {
        if (!($1 in seen)) {
            seen[$1] = 1
            order[++names] = $1
        }
        value[$1, $2, "wall"] = $3 + 0
        value[$1, $2, "cpu"] = $4 + 0
        value[$1, $2, "rss"] = $5 / 1024
        rounds = $2 > rounds ? $2 : rounds
    }
    END {
        base = "smtpscope ingest"
        print "| program | runs | wall s | wall range s | CPU s |" \
            " max RSS MiB | wall / smtpscope | CPU / smtpscope |"
        print "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
        for (k = 1; k <= names; k++) {
            name = order[k]
            n = column(name, "wall")
            wall = median(list, n)
            range = sprintf("%.2f-%.2f", list[1], list[n])
            n = column(name, "cpu")
            cpu = median(list, n)
            n = column(name, "rss")
            rss = median(list, n)
            shown = name
            gsub(/\|/, "\\|", shown)
            printf "| `%s` | %d | %.3f | %s | %.2f | %s | %s | %s |\n",
                shown, n, wall, range, cpu,
                (rss > 0 ? sprintf("%.1f", rss) : "-"),
                ratio(name, "wall"), ratio(name, "cpu")
        }
    }' "$samples"
    local peer
    for peer in smtpscope igzip gzip rg zgrep pflogsumm; do
        # shellcheck disable=SC2016
        installed "$peer" ||
            printf '| `%s` | not installed | | | | | | |\n' "$peer"
    done
}

size_of() {
    stat -c %s "$1"
}

versions() {
    local package version list=
    for package in isal gzip ripgrep pflogsumm; do
        # shellcheck disable=SC2016
        version=$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null) ||
            version='not installed'
        list="$list, $package ${version:-not installed}"
    done
    if installed smtpscope; then
        version=$("$program" --version 2>/dev/null | head -n 1) || version=
        list="$list, ${version:-smtpscope}"
    fi
    printf '%s' "${list#, }"
}

cpu_model() {
    lscpu 2>/dev/null | sed -n 's/^Model name: *//p' | head -n 1
}

report() {
    local plain
    plain=$(sed -n 's/^bytes //p' "$truth" 2>/dev/null) || plain=
    printf 'Archive: %s lines, ' "$lines"
    [ -z "$plain" ] || awk -v n="$plain" 'BEGIN { printf "%.0f MB, ", n / 1e6 }'
    awk -v n="$(size_of "$data")" 'BEGIN { printf "%.0f MB as gzip. ", n / 1e6 }'
    printf 'Medians of %s interleaved rounds (pflogsumm: %s); ' "$runs" \
        "$pflogsumm_runs"
    printf 'a ratio is the median of the ratios within each round.\n\n'
    table
    printf '\nMachine: %s, %s cores, Linux %s.\n' "$(cpu_model)" "$(nproc)" \
        "$(uname -r)"
    printf 'Versions: %s.\n' "$(versions)"
    if [ -e "$work/fresh.db" ]; then
        awk -v s="$(size_of "$work/fresh.db")" -v l="$lines" 'BEGIN {
            printf "Database: %.2f MB, %.2f MB per million lines.\n",
                s / 1e6, s / l }'
    fi
    if [ "$meter" = shell ]; then
        printf 'Memory was not measured (no GNU time, no python3).\n'
    elif [ "$meter" = python ]; then
        printf 'Memory below 14 MiB is that of the meter (no GNU time).\n'
    fi
    sort -u "$notes" | sed 's/^/Note: /'
}

# Replace the marked block of ${target}, all or nothing.
write_report() {
    local new=$target.new.$$
    cp -p "$target" "$new"
    awk -v begin="$begin_mark" -v end="$end_mark" -v body="$work/report" '
        $0 == begin {
            print
            while ((getline line < body) > 0) {
                print line
            }
            skip = 1
        }
        $0 == end { skip = 0 }
        !skip { print }' "$target" >"$new" || {
        rm -f "$new"
        die "$target: cannot write"
    }
    mv -f "$new" "$target"
}

report >"$work/report"
cat "$work/report"
if [ -n "$target" ]; then
    write_report
fi
