#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write standard input to standard output as compress(1) does (".Z"): LZW
with codes of 9 to 16 bits, of which a width's come in groups of eight.
compress itself is seldom installed."""
import sys

MOST_BITS = 16
CLEAR = 256


def compress(data):
    out = bytearray([0x1F, 0x9D, 0x80 | MOST_BITS])
    table = {bytes([i]): i for i in range(256)}
    following, bits = CLEAR + 1, 9
    waiting, n_waiting, n_codes = 0, 0, 0

    def emit(code):
        nonlocal waiting, n_waiting, n_codes
        waiting |= code << n_waiting
        n_waiting += bits
        n_codes += 1
        while n_waiting >= 8:
            out.append(waiting & 255)
            waiting >>= 8
            n_waiting -= 8

    word = b""
    for byte in data:
        longer = word + bytes([byte])
        if longer in table:
            word = longer
            continue
        emit(table[word])
        if following < 1 << MOST_BITS:
            table[longer] = following
            following += 1
            if following > 1 << bits and bits < MOST_BITS:
                while n_codes % 8:
                    emit(0)
                n_codes = 0
                bits += 1
        word = longer[-1:]
    if word:
        emit(table[word])
    if n_waiting:
        out.append(waiting & 255)
    return bytes(out)


sys.stdout.buffer.write(compress(sys.stdin.buffer.read()))
