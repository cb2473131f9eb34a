#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Write an assembler file that carries data files into the program, as the
# sorted table that base/embedded.h describes.
#
# usage: embed.sh NAME=FILE... >embedded.S
#
# NAME is the path the program knows the file by; FILE is where it lies now.
set -eu

sorted=$(printf '%s\n' "$@" | LC_ALL=C sort)
printf '\t.section .rodata\n'
n=0
printf '%s\n' "$sorted" | while IFS='=' read -r name file; do
    n=$((n + 1))
    printf '.Lname%d:\t.asciz "%s"\n' "$n" "$name"
    printf '.Ldata%d:\t.incbin "%s"\n.Lend%d:\t.byte 0\n' "$n" "$file" "$n"
done
printf '\t.section .data.rel.ro,"aw"\n\t.balign 8\n'
printf '\t.globl embedded_files\nembedded_files:\n'
i=0
printf '%s\n' "$sorted" | while IFS= read -r _; do
    i=$((i + 1))
    printf '\t.quad .Lname%d, .Ldata%d, .Lend%d - .Ldata%d\n' \
        "$i" "$i" "$i" "$i"
done
printf '\t.globl embedded_n_files\nembedded_n_files:\n\t.quad %d\n' "$#"
printf '\t.section .note.GNU-stack,"",%%progbits\n'
