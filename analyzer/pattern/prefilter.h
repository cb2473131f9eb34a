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

/* Terminated expressions.  The first ->n_scanned are looked for; the others can
 * be asked about behind a scan. */
struct prefilter_patterns {
    const char *const *texts;
    size_t n_scanned;
    size_t n; /* of all */
};

/**
 * prefilter_compile(patterns, samples, n_samples):
 * Compile ${patterns}.  Those of which nothing can be said are candidates for
 * every text.  The ${n_samples} ${samples} are like what will be scanned: from
 * them is learnt what is rare.  End with prefilter_free().
 */
struct prefilter *prefilter_compile(const struct prefilter_patterns *patterns,
    const struct span *samples, size_t n_samples);

/** prefilter_n_always(p): How many patterns are candidates for every text. */
size_t prefilter_n_always(const struct prefilter *p);

/** prefilter_scratch_create(p): Memory for scanning with ${p} in one thread. */
struct prefilter_scratch *prefilter_scratch_create(const struct prefilter *p);

/**
 * prefilter_scan(p, s, text, n):
 * Return the numbers, ascending, of the patterns that may match ${text}, and
 * how many there are in ${n}; valid until ${s} is used again.
 */
const uint32_t *prefilter_scan(const struct prefilter *p,
    struct prefilter_scratch *s, struct span text, size_t *n);

/** prefilter_holds(p, s, pattern): Whether ${pattern}, a candidate or one that
 * is not looked for, may match the text last scanned with ${s}, looked at more
 * closely. */
bool prefilter_holds(const struct prefilter *p,
    const struct prefilter_scratch *s, size_t pattern);

/** prefilter_scratch_free(s), prefilter_free(p): End them.  NULL does nothing.
 */
void prefilter_scratch_free(struct prefilter_scratch *s);
void prefilter_free(struct prefilter *p);

#endif
