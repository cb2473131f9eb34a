#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Build the fuzz harnesses beside this file with clang's libFuzzer, ASan and
# UBSan, and let each look for faults for a while, starting from its corpus.
#
# usage: tests/fuzz/run.sh [SECONDS]
#
# What a harness finds is left in build/fuzz/found/.
set -u
shopt -s nullglob
cd "$(dirname "$0")/../.." || exit 1
seconds=${1:-20}
out=build/fuzz
layers='base mail input pattern parse classify aggregate store findings report
    pipeline'
passed=0
failed=0

make_args=(-s --no-print-directory BUILD="$out" MODE=asan CC=clang
    CFLAGS=-fsanitize=fuzzer-no-link)
link_flags=("-fsanitize=fuzzer,address,undefined"
    -fno-sanitize-recover=undefined)

# A missing runtime shows when the smallest harness does not link.
has_runtime() {
    command -v clang >/dev/null || return 1
    mkdir -p $out
    printf '%s\n' '#include <stddef.h>' \
        'int LLVMFuzzerTestOneInput(const unsigned char *d, size_t n);' \
        'int LLVMFuzzerTestOneInput(const unsigned char *d, size_t n)' \
        '{ (void)d; (void)n; return 0; }' |
        clang -fsanitize=fuzzer -x c -o $out/probe - 2>/dev/null
}

objects_of() {
    local file
    for file in "$@"; do
        printf '%s\n' "$out/${file%.c}.o"
    done
}

if ! has_runtime; then
    echo 'fuzz: skipped: clang has no fuzzer runtime (libclang-rt-14-dev)'
    echo '0 passed, 0 failed'
    exit 0
fi

sources=()
for layer in $layers; do
    sources+=("analyzer/$layer"/*.c)
done
mapfile -t library < <(objects_of "${sources[@]}")
library+=("$out/embedded.o")
mapfile -t harnesses < <(objects_of tests/fuzz/fuzz_*.c)
rm -f "${harnesses[@]}"
make "${make_args[@]}" -j2 "${library[@]}" "${harnesses[@]}" || exit 1
# shellcheck disable=SC2016 # make expands it
libs=$(make "${make_args[@]}" --eval='print-libs: ; @echo $(LIBS)' print-libs)

for object in "${harnesses[@]}"; do
    name=$(basename "$object" .o)
    # shellcheck disable=SC2086 # several libraries
    clang "${link_flags[@]}" -o "$out/$name" "$object" "${library[@]}" $libs ||
        exit 1
    mkdir -p "$out/found" "$out/corpus/$name"
    # A zstd frame may ask for a window of 2 GiB in one piece, of which it
    # gets what it fills; what is really taken stays under 2 GiB as always.
    if "$out/$name" -max_total_time="$seconds" -timeout=10 -close_fd_mask=3 \
        -malloc_limit_mb=2200 -rss_limit_mb=2048 \
        -artifact_prefix="$out/found/$name-" "$out/corpus/$name" \
        "tests/fuzz/corpus/${name#fuzz_}" >"$out/$name.log" 2>&1; then
        passed=$((passed + 1))
        printf 'ok   %s: %s\n' "$name" "$(grep -a DONE "$out/$name.log" | tail -n 1)"
    else
        failed=$((failed + 1))
        printf 'FAIL %s\n' "$name"
        tail -n 40 "$out/$name.log"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
