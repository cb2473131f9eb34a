/* SPDX-License-Identifier: MIT */
/* tests/unit/input_packers.h - the containers, written by their own
 * libraries. */
#ifndef TESTS_UNIT_INPUT_PACKERS_H
#define TESTS_UNIT_INPUT_PACKERS_H

#include "base/buffer.h"

struct input_packer {
    const char *name;
    const char *container;
    /* Append one stream that holds ${in}. */
    void (*pack)(struct buffer *out, struct span in);
};

/* The first packs nothing.  Damage is tried without the last: its window of
 * 256 MiB takes sanitizers their time and says nothing new. */
enum { N_PACKERS = 10, N_DAMAGED = N_PACKERS - 1 };
extern const struct input_packer input_packers[N_PACKERS];

/** input_packers_zstd(out, in, window_log, finish): Append a zstd frame with
 * a window of 2^${window_log} bytes (0: as it comes), which lacks its end
 * unless ${finish}. */
void input_packers_zstd(
    struct buffer *out, struct span in, int window_log, bool finish);

#endif
