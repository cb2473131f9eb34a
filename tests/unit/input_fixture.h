/* SPDX-License-Identifier: MIT */
/* tests/unit/input_fixture.h - files to read, made in a directory of their
 * own. */
#ifndef TESTS_UNIT_INPUT_FIXTURE_H
#define TESTS_UNIT_INPUT_FIXTURE_H

#include "base/buffer.h"

/* For buffers that hold whole files. */
#define INPUT_FIXTURE_LIMIT ((size_t)1 << 30)

enum { INPUT_FIXTURE_PATH_LEN = 4096 };

struct input_fixture {
    char dir[128];
    char path[INPUT_FIXTURE_PATH_LEN]; /* what the last call named */
};

/* Which header fields a gzip member gets (RFC 1952, 2.3). */
struct input_fixture_gzip {
    int level;
    bool all_fields; /* FEXTRA, FNAME, FCOMMENT and FHCRC */
    uint32_t mtime;
};

/** input_fixture_open(fx): Make the directory. */
void input_fixture_open(struct input_fixture *fx);

/** input_fixture_path(fx, name): The path of ${name} in it, until the next
 * call. */
const char *input_fixture_path(struct input_fixture *fx, const char *name);

/** input_fixture_write(fx, name, bytes): Write a file; return its path. */
const char *input_fixture_write(
    struct input_fixture *fx, const char *name, struct span bytes);

/** input_fixture_close(fx): Remove the directory and all in it. */
void input_fixture_close(struct input_fixture *fx);

/** input_fixture_gzip(out, bytes, how): Append one gzip member. */
void input_fixture_gzip(
    struct buffer *out, struct span bytes, struct input_fixture_gzip how);

/** input_fixture_random(state): The next number of a fixed sequence. */
uint32_t input_fixture_random(uint64_t *state);

/** input_fixture_log(out, len): Append about ${len} bytes of log lines. */
void input_fixture_log(struct buffer *out, size_t len);

/** input_fixture_noise(out, len): Append bytes that do not compress. */
void input_fixture_noise(struct buffer *out, size_t len);

#endif
