/* SPDX-License-Identifier: MIT */
/* pattern/prefilter.h - which of many patterns may match, in one pass. */
#ifndef PATTERN_PREFILTER_H
#define PATTERN_PREFILTER_H

#include "base/span.h"

/*
 * What a set of regular expressions needs of a text (pattern/literals.h), to
 * be looked for all at once.  It may name a pattern that does not
 * match, but never misses one that does, so whoever asks confirms each
 * candidate with the expression itself.  Patterns are caseless.  Never changed
 * once made: threads may share it, each with a scratch of its own.
 */
struct prefilter;
struct prefilter_scratch;

/** prefilter_words(n): How many 64-bit words a set of ${n} candidates takes. */
static inline size_t prefilter_words(size_t n)
{
    return (n + 63) / 64;
}

/**
 * prefilter_compile(patterns, n, samples, n_samples):
 * Compile the ${n} terminated ${patterns}.  Those of which nothing can be said
 * are candidates for every text.  The ${n_samples} ${samples} are like what
 * will be scanned: from them is learnt what is rare.
 * End with prefilter_free().
 */
struct prefilter *prefilter_compile(const char *const *patterns, size_t n,
    const struct span *samples, size_t n_samples);

/** prefilter_n_always(p): How many patterns are candidates for every text. */
size_t prefilter_n_always(const struct prefilter *p);

/** prefilter_scratch_create(): Memory for scanning in one thread. */
struct prefilter_scratch *prefilter_scratch_create(void);

/**
 * prefilter_scan(p, s, text, candidates):
 * Fill ${candidates} (prefilter_words() words): bit i tells whether pattern i
 * may match ${text}.
 */
void prefilter_scan(const struct prefilter *p, struct prefilter_scratch *s,
    struct span text, uint64_t *candidates);

/** prefilter_holds(p, s, pattern): Whether ${pattern}, a candidate, may match
 * the text last scanned with ${s}, looked at more closely; asked only of those
 * that would be tried next. */
bool prefilter_holds(const struct prefilter *p,
    const struct prefilter_scratch *s, size_t pattern);

/** prefilter_scratch_free(s), prefilter_free(p): End them.  NULL does nothing.
 */
void prefilter_scratch_free(struct prefilter_scratch *s);
void prefilter_free(struct prefilter *p);

#endif
