#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# One log in every container: the events are the same, cut short they are the
# first of them, and the database counts everything once.
#
# usage: [SMTPSCOPE=program] tests/containers.sh
set -u
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.." || exit 1
program=$(realpath "${SMTPSCOPE:-build/smtpscope}")
packer=$PWD/tests/compress.py
samples=$PWD/samples
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
passed=0
failed=0

# result NAME STATUS: count it; STATUS 0 is a success.
result() {
    if (($2 == 0)); then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAIL %s\n' "$1"
        head -n 5 err
    fi
}

events() {
    "$program" events --tz UTC --year 2026 "$@" 2>err
}

# same NAME FILE: all events, nothing to complain of.
same() {
    events "$2" >out
    local status=$?
    ((status == 0)) && [ ! -s err ] && cmp out want >/dev/null
    result "$1" $?
}

# prefix NAME FILE STATUS: the first events, and that the rest is missing.
prefix() {
    events "$2" >out
    local status=$? lines
    lines=$(wc -l <out)
    ((status == $3 && lines > 100)) &&
        cmp out <(head -n "$lines" want) >/dev/null &&
        { (($3 == 0)) || grep -q "$2.*: unexpected end of file" err; }
    result "$1" $?
}

ingest() {
    local database=$1
    shift
    "$program" ingest --tz UTC --year 2026 -d "$database" "$@" 2>err
}

# equal NAME DATABASE DUMP: what DATABASE holds, and that it is sound.
equal() {
    "$program" check -q -d "$2" 2>err && "$program" dump -d "$2" >out &&
        [ -s out ] && cmp out "$3" >/dev/null
    result "$1" $?
}

# ---- the containers ----

mkdir whole cut parts
cp -p "$samples/mail.log-20261108" log
events log >want
split -n l/3 log part.

pack() {
    case $1 in
    gz) gzip -nc "$2" ;;
    zst) zstd -qc "$2" ;;
    xz) xz -c "$2" ;;
    bz2) bzip2 -1c "$2" ;;
    lz4) lz4 -qcB4 "$2" ;;
    Z) "$packer" <"$2" ;;
    esac
}
kinds='gz zst xz bz2 lz4 Z'

cp log whole/log
for kind in $kinds; do
    pack "$kind" log >"whole/log.$kind"
done
for format in v7 ustar pax gnu; do
    tar --format="$format" -cf "whole/$format.tar" log
done
for kind in $kinds; do
    pack "$kind" whole/gnu.tar >"whole/tar.$kind"
done
for kind in $kinds; do
    tar -cf "whole/member.$kind.tar" -C whole "log.$kind"
done
tar -cf - -C whole tar.gz | gzip -n >whole/nested.tar.gz

for path in whole/*; do
    same "${path#whole/}" "$path"
    short=cut/${path#whole/}
    head -c $(($(wc -c <"$path") * 3 / 5)) "$path" >"$short"
    case $path in
    whole/log) rm "$short" ;; # cut off at a line's end it is just shorter
    whole/log.Z) prefix "$path, cut off" "$short" 0 ;; # it does not show
    *) prefix "$path, cut off" "$short" 1 ;;
    esac
done

# ---- several in one ----

for kind in gz zst xz bz2 lz4; do
    for part in part.a?; do
        pack "$kind" "$part"
    done >"parts/log.$kind"
    same "$kind, three streams" "parts/log.$kind"
done
for part in part.a?; do
    tar -cf "parts/$part.tar" "$part"
    gzip -nk "$part"
done
cat parts/*.tar >parts/concatenated.tar
same 'tars behind each other' parts/concatenated.tar
for path in parts/part*.tar; do
    gzip -nc "$path"
done >parts/concatenated.tar.gz
same 'compressed tars behind each other' parts/concatenated.tar.gz
tar -cf parts/members.tar part.a?.gz
same 'a tar of .gz members' parts/members.tar
mkdir -p tree/var/log
cp parts/members.tar tree/var/log/
same 'a tar in a directory' tree

events - >out < <(cat parts/members.tar) && cmp out want >/dev/null
result 'a tar through a pipe' $?
events - <whole/tar.gz >out && cmp out want >/dev/null
result 'a compressed tar on standard input' $?

# ---- what is no log, and what is broken ----

mkdir odd
cp log odd/log
ln -s log odd/symbolic
ln odd/log odd/hard
mkfifo odd/pipe
mkdir odd/empty
tar -cf odd.tar odd/log odd/symbolic odd/hard odd/pipe odd/empty
same 'links, a pipe and a directory in a tar' odd.tar

{ truncate -s 1M holes && cat log >>holes; } && tar -Scf holes.tar holes log
events holes.tar >out
(($? == 1)) && cmp out want >/dev/null && grep -q 'holes.tar!holes: .*skipped' err
result 'a file with holes is skipped' $?

cp log deep.tar.0
for i in 1 2 3 4; do
    tar -cf "deep.tar.$i" "deep.tar.$((i - 1))"
done
same 'three tars in each other' deep.tar.3
events deep.tar.4 >out
(($? == 1)) && grep -q 'deep.tar.4!.*nested too deeply' err
result 'four tars in each other' $?

printf -v hostile '../\033[31m\n%%s<b>'
cp log hostile.0
tar -cf hostile.tar --transform "s,.*,$hostile," hostile.0
head -c 100000 hostile.tar >hostile
events hostile >out
(($? == 1)) && grep -q 'unexpected end' err && ! grep -q $'\033' err &&
    (($(wc -l <err) == 1))
result 'a hostile name of a member' $?

cp whole/ustar.tar bad.tar
printf 'x' | dd of=bad.tar bs=1 seek=10 conv=notrunc 2>/dev/null
events bad.tar >out
(($? == 1)) && grep -q 'bad.tar: corrupt data' err
result 'a damaged first header' $?

tar -cf twice.tar --format=ustar part.aa log
at=$((($(wc -c <part.aa) + 511) / 512 * 512 + 512))
printf 'x' | dd of=twice.tar bs=1 seek=$((at + 10)) conv=notrunc 2>/dev/null
cat twice.tar whole/ustar.tar >damaged.tar
events damaged.tar >out
(($? == 1)) && grep -q 'damaged.tar: corrupt data' err &&
    events part.aa log >both && cmp out both >/dev/null
result 'behind a damaged header' $?

# ---- the database ----

ingest plain.db log && "$program" dump -d plain.db >plain.dump
result 'ingest of the plain log' $?

ingest whole.db whole && grep -q ': 1 new, ' err
result 'all whole ones are one source' $?
equal 'all whole ones count once' whole.db plain.dump
files=$(find whole -type f | wc -l)
ingest whole.db whole && grep -q "^smtpscope: $files files: $files unchanged" err
result 'a second time: nothing new' $?
hints=$(sqlite3 whole.db 'SELECT count(*) FROM source_path')
((files == hints))
result 'each file has its hint' $?

ingest cut.db cut
(($? == 1)) && grep -q ', .* damaged' err
result 'ingest of what was cut off' $?
ingest cut.db cut
(($? == 1)) && grep -q ': [0-9]* unchanged, [0-9]* damaged' err
result 'a second time: still damaged' $?
ingest cut.db log
equal 'then of the whole log' cut.db plain.dump
ingest whole.db cut
(($? == 1))
result 'what was cut off, after the whole' $?
equal 'changes nothing' whole.db plain.dump
ingest mixed.db -j 2 cut whole
(($? == 1))
result 'all at once' $?
equal 'all at once count once' mixed.db plain.dump

ingest parts.db part.a? && "$program" dump -d parts.db >parts.dump &&
    ingest members.db parts/members.tar
result 'ingest of parts' $?
equal 'the members of a tar are sources of their own' members.db parts.dump
ingest members.db part.aa part.ab
equal 'nothing twice' members.db parts.dump
ingest pipe.db - < <(cat parts/members.tar)
equal 'a tar through a pipe' pipe.db parts.dump

# Begins like a known log, and goes on differently: has to be read twice.
{ head -n 500 log; tail -n +1000 log; } >other
tar -czf other.tar.gz part.ab other
ingest expected.db log part.ab && ingest expected.db other &&
    "$program" dump -d expected.db >other.dump &&
    ingest other.db log && ingest other.db other.tar.gz
result 'a member that begins like a known log' $?
equal 'is another' other.db other.dump
ingest stream.db log
ingest stream.db - <other.tar.gz
(($? == 1)) && grep -q '^smtpscope: -!other: .*save it to a file' err
result 'it cannot be told in a stream' $?

printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
