/* SPDX-License-Identifier: MIT */
/* pattern/grams.h - which of many short texts occur in a text, in one pass. */
#ifndef PATTERN_GRAMS_H
#define PATTERN_GRAMS_H

#include "base/span.h"

enum { GRAMS_SHORTEST = 3, GRAMS_LONGEST = 8 };

/*
 * Texts, each with the number of a bit that is set where the text occurs.
 * Letters are caseless, and most marks are taken for each other; so what is
 * found may not be there, but nothing that is there is missed.  Built
 * once; threads may share it from then on, each with a scratch of its own.
 */
struct grams;
struct grams_scratch;

enum { GRAMS_GRAM_LEN = 4 };

/* A text of GRAMS_SHORTEST to GRAMS_LONGEST bytes, where its rarest
 * GRAMS_GRAM_LEN of them begin (0 if it has fewer), and its bit. */
struct grams_text {
    struct span text;
    uint32_t rarest;
    uint32_t bit;
};

enum { GRAMS_NEED_MARKS = 3 };

/* A text that must be there, by the hashes of some GRAMS_GRAM_LEN bytes of it.
 * One of several that follow each other must be there, up to the one that is
 * the last of its clause. */
struct grams_need {
    uint16_t marks[GRAMS_NEED_MARKS];
    uint16_t last;
};

/** grams_create(texts, n): Look for the ${n} ${texts}.  grams_free() ends it.
 */
struct grams *grams_create(const struct grams_text *texts, size_t n);

/** grams_scratch_create(): Memory for scanning in one thread. */
struct grams_scratch *grams_scratch_create(void);

/** grams_scan(g, scratch, s, set): Set the bits in ${set} of the texts that
 * occur in ${s}; others stay as they are. */
void grams_scan(const struct grams *g, struct grams_scratch *scratch,
    struct span s, uint64_t *set);

/** grams_need_of(g, text, rarest): What ${text}, of at least GRAMS_GRAM_LEN
 * bytes, needs: its first and last bytes, and those from ${rarest} on. */
struct grams_need grams_need_of(
    const struct grams *g, struct span text, size_t rarest);

/** grams_holds(scratch, needs, n): False if the text that was last scanned does
 * not meet each clause of the ${n} ${needs}.  True is as uncertain as what
 * grams_scan() finds. */
bool grams_holds(const struct grams_scratch *scratch,
    const struct grams_need *needs, size_t n);

/** grams_scratch_free(scratch), grams_free(g): End them.  NULL does nothing. */
void grams_scratch_free(struct grams_scratch *scratch);
void grams_free(struct grams *g);

#endif
