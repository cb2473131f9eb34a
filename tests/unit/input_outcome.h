/* SPDX-License-Identifier: MIT */
/* tests/unit/input_outcome.h - all that a decoder makes of a file. */
#ifndef TESTS_UNIT_INPUT_OUTCOME_H
#define TESTS_UNIT_INPUT_OUTCOME_H

#include "base/buffer.h"

/* What came out of a file, and what the decoder said of it. */
struct input_outcome {
    struct buffer bytes;
    char container[16];
    char damage[64]; /* empty: none */
    char note[64];
    uint64_t offset;
    uint64_t compressed_offset;
    int64_t size;
    int64_t mtime_hint;
};

/**
 * input_outcome_decode(path, cap, o):
 * Decode ${path} in blocks of ${cap} bytes into ${o}, whose bytes the caller
 * frees.
 */
void input_outcome_decode(
    const char *path, size_t cap, struct input_outcome *o);

#endif
