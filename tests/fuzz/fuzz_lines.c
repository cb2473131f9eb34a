/* SPDX-License-Identifier: MIT */
/* Any bytes as a log file, compressed or not, taken apart into lines. */
#define _GNU_SOURCE /* memfd_create */
#include "input/lines.h"

#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* A few bytes may be a very long log; more of it proves nothing. */
enum { ENOUGH = 64 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void read_all(struct decoder *d)
{
    struct identity *identity = identity_create();
    struct lines *lines = lines_create(d, identity);
    struct span line;
    uint64_t last = 0;
    while (lines_offset(lines) < ENOUGH && lines_next(lines, &line)) {
        check(line.len <= LIMIT_LINE_LEN);
        check(memchr(line.len > 0 ? line.ptr : "", '\n', line.len) == NULL);
        check(lines_offset(lines) > last);
        last = lines_offset(lines);
    }
    lines_settle(lines);
    check(identity_offset(identity) == lines_offset(lines));
    check(lines_offset(lines) <= decoder_offset(d));
    lines_free(lines);
    identity_free(identity);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char path[64];
    int fd = memfd_create("log", 0);
    check(fd >= 0 && write(fd, data, len) == (ssize_t)len);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    struct decoder *d = decoder_open(path);
    if (d != NULL) {
        read_all(d);
    }
    decoder_close(d);
    close(fd);
    return 0;
}
