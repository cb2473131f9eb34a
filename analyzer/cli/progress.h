/* SPDX-License-Identifier: MIT */
/* cli/progress.h - one line on a terminal that says how far the work is. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdio.h>

#include "base/span.h"

struct progress;

/** progress_create(out): Progress on ${out}; silent unless that is a terminal
 * and messages are not turned off.  progress_free() ends it. */
struct progress *progress_create(FILE *out);

/**
 * progress_show(p, done, total, lines):
 * ${done} of ${total} bytes (0: unknown) of the files have been read and
 * ${lines} lines found in them.  Draws at most five times a second.  Called
 * by one thread at a time.
 */
void progress_show(
    struct progress *p, uint64_t done, uint64_t total, uint64_t lines);

/** progress_clear(p): Take the line away, before something else is said. */
void progress_clear(struct progress *p);

/** progress_seconds(p): Time since ${p} was created. */
double progress_seconds(const struct progress *p);

/** progress_free(p): Clear and end ${p}.  NULL does nothing. */
void progress_free(struct progress *p);

enum { PROGRESS_SIZE_LEN = 24 };

/** progress_size(bytes, out): Write ${bytes} for people ("90.1 MiB") to
 * ${out} (PROGRESS_SIZE_LEN bytes); returns ${out}. */
const char *progress_size(uint64_t bytes, char *out);

#endif
