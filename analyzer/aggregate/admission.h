/* SPDX-License-Identifier: MIT */
/* aggregate/admission.h - how many distinct texts a source may bring. */
#ifndef AGGREGATE_ADMISSION_H
#define AGGREGATE_ADMISSION_H

#include "base/span.h"

/*
 * A set of hashes that takes no more than its limit: what is in it goes on
 * being let in, what comes later is not.  It outlives the steps of a source,
 * at eight to sixteen bytes a text, when the texts themselves do not.
 */
struct admission {
    uint64_t *slots; /* 0 is free */
    size_t n_slots;
    size_t n;
    size_t limit;
};

/** admission_init(a, limit): An empty set of at most ${limit} texts. */
void admission_init(struct admission *a, size_t limit);

/** admission_allows(a, text): True if ${text} is one of the first texts that
 * were asked for, as many as the limit. */
bool admission_allows(struct admission *a, struct span text);

/** admission_reset(a): Begin anew and give the memory back. */
void admission_reset(struct admission *a);

#endif
