/* SPDX-License-Identifier: MIT */
/* classify/suffixes.h - domain names by their longest known suffix. */
#ifndef CLASSIFY_SUFFIXES_H
#define CLASSIFY_SUFFIXES_H

#include "base/span.h"

/* A table of suffixes on whole labels, each with a number.  ASCII case and a
 * final dot are ignored.  Not changed after it was filled: threads may share
 * it. */
struct suffixes;

/** suffixes_create(): An empty table; ends with suffixes_free(). */
struct suffixes *suffixes_create(void);

/**
 * suffixes_add(t, suffix, value):
 * Add ${suffix} ("mail.ru") with ${value}.  Return false, changing nothing,
 * if it is there already.  ${suffix} must outlive the table.
 */
bool suffixes_add(struct suffixes *t, struct span suffix, uint32_t value);

/**
 * suffixes_find(t, name, value):
 * Return the length of the longest suffix of ${name} in ${t}, and its number
 * in ${value} (NULL: not wanted); 0 if there is none.
 */
size_t suffixes_find(
    const struct suffixes *t, struct span name, uint32_t *value);

/** suffixes_free(t): End ${t}.  NULL does nothing. */
void suffixes_free(struct suffixes *t);

#endif
