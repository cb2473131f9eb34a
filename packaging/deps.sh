#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Install the Debian packages that are missing.  Says nothing when all are
# there.
#
# usage: packaging/deps.sh [--list] [test] [long] [bench]
#
# Without a group: what the build needs; with groups, that and what they need.
# --list prints the packages instead.  Installs when run by root or when sudo
# asks for no password; otherwise prints the one command to run, and fails.
set -eu

build='gcc make pkg-config binutils libpcre2-dev
    libsqlite3-dev libisal-dev zlib1g-dev libzstd-dev liblzma-dev libbz2-dev
    liblz4-dev libarchive-dev libcyaml-dev libyaml-dev libjson-c-dev libxxhash-dev
    libpsl-dev libcsv-dev nettle-dev libseccomp-dev linux-libc-dev libjs-chart.js tzdata'
test='libcriterion-dev clang clang-format cppcheck shellcheck
    universal-ctags python3 python3-jsonschema sqlite3 gzip bzip2 xz-utils zstd lz4 man-db groff-base valgrind git'
long='libclang-rt-14-dev chromium nodejs npm'
bench='isal gzip ripgrep pflogsumm logwatch exim4-base lnav zstd xz-utils lz4
    bzip2 valgrind time python3'

# These may come from elsewhere than Debian, and then the command is enough.
is_command_enough() {
    case $1 in
    gcc | make | clang | clang-format | cppcheck | shellcheck | \
        python3 | sqlite3 | valgrind | git | chromium | npm) command -v "$1" ;;
    nodejs) command -v node ;;
    isal) command -v igzip ;;
    ripgrep) command -v rg ;;
    *) return 1 ;;
    esac >/dev/null
}

is_installed() {
    # shellcheck disable=SC2016 # dpkg-query expands the format, not the shell
    dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null |
        grep -qx installed
}

list=no
wanted=$build
for word in "$@"; do
    case $word in
    --list) list=yes ;;
    test) wanted="$wanted $test" ;;
    long) wanted="$wanted $test $long" ;;
    bench) wanted="$wanted $bench" ;;
    *)
        printf 'deps.sh: unknown group "%s"\n' "$word" >&2
        exit 2
        ;;
    esac
done

missing=
for package in $wanted; do
    if [ "$list" = yes ]; then
        printf '%s\n' "$package"
    elif ! is_command_enough "$package" && ! is_installed "$package"; then
        missing="$missing $package"
    fi
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    sudo=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    sudo=sudo
else
    printf 'smtpscope needs some packages; install them with:\n' >&2
    printf '  sudo apt-get install -y --no-install-recommends%s\n' \
        "$missing" >&2
    exit 1
fi
if ! command -v apt-get >/dev/null; then
    printf 'smtpscope needs what Debian calls:%s\n' "$missing" >&2
    exit 1
fi

apt() {
    # shellcheck disable=SC2086 # sudo may be nothing
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -y -q \
        -o DPkg::Lock::Timeout=300 "$@" </dev/null >&2
}

printf 'installing:%s\n' "$missing" >&2
apt update || { sleep 5 && apt update; } ||
    printf 'deps.sh: package lists could not be updated; trying as they are\n' \
        >&2
# shellcheck disable=SC2086 # a list of words
apt install --no-install-recommends $missing
