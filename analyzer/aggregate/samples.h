/* SPDX-License-Identifier: MIT */
/* aggregate/samples.h - a few log lines of each reply, as evidence. */
#ifndef AGGREGATE_SAMPLES_H
#define AGGREGATE_SAMPLES_H

#include "aggregate/privacy.h"
#include "base/limits.h"
#include "mail/event.h"

/*
 * Of each reply the LIMIT_SAMPLES_PER_REPLY lines with the smallest hashes
 * are kept.  The choice depends on the lines alone, not on their order, so
 * samples of parts can be joined to those of the whole.
 */
struct samples;

struct sample {
    int64_t hash; /* compared as a signed number, as SQLite does */
    int64_t time; /* seconds since 1970, UTC */
    struct span line;
};

/** samples_create(privacy): ${privacy} says what becomes of addresses; it is
 * borrowed.  Ends with samples_free(). */
struct samples *samples_create(const struct privacy *privacy);

/**
 * samples_add(s, reply, sample, e):
 * Offer ${sample}, from ${e} (NULL: unknown), as evidence for the reply of
 * number ${reply} (small, dense).
 * Its line is copied, masked (see redact_line()) and cut at LIMIT_REPLY_LEN
 * if it is kept.
 */
void samples_add(struct samples *s, uint32_t reply, struct sample sample,
    const struct event *e);

/** samples_get(s, reply, n): Those of ${reply} by rising hash, their number in
 * ${n}; valid until the next change. */
const struct sample *samples_get(
    const struct samples *s, uint32_t reply, size_t *n);

/** samples_bytes(s): Memory in use, for limits. */
size_t samples_bytes(const struct samples *s);

/** samples_reset(s), samples_free(s): Forget all; end ${s} (NULL: nothing). */
void samples_reset(struct samples *s);
void samples_free(struct samples *s);

#endif
