/* SPDX-License-Identifier: MIT */
/* pattern/grams.h - which of many short texts occur in a text, in one pass. */
#ifndef PATTERN_GRAMS_H
#define PATTERN_GRAMS_H

#include "base/span.h"

enum { GRAMS_SHORTEST = 3, GRAMS_LONGEST = 8, GRAMS_GRAM_LEN = 4 };

/*
 * Texts, each with the number of a bit that is set where the text occurs.
 * Letters are caseless, and some marks are taken for each other; so what is
 * found may not be there, but nothing that is there is missed.  Built
 * once; threads may share it from then on, each with a scratch of its own.
 */
struct grams;
struct grams_scratch;

/* A text of GRAMS_SHORTEST to GRAMS_LONGEST bytes, where its rarest
 * GRAMS_GRAM_LEN of them begin (0 if it has fewer), and its bit. */
struct grams_text {
    struct span text;
    uint32_t rarest;
    uint32_t bit;
};

/* A set of bits.  Bit w of ->touched is set where word w of ->bits is not 0,
 * so that whoever reads it has to look at few words. */
struct grams_set {
    uint64_t *bits;
    uint64_t *touched;
};

/* A text that is asked for behind a scan. */
struct grams_need {
    uint64_t bytes; /* some of it, folded */
    uint64_t mask;
    uint16_t mark;   /* by which places of its rarest bytes are found */
    uint8_t gram_at; /* where these begin among the bytes */
    uint8_t before;  /* how much of the text stands before the bytes */
    uint8_t len;     /* of the whole text */
    uint8_t n_more;  /* how many of its clause follow, see grams_holds() */
};

/** grams_create(texts, n): Look for the ${n} ${texts}.  grams_free() ends it.
 */
struct grams *grams_create(const struct grams_text *texts, size_t n);

/** grams_scratch_create(): Memory for scanning in one thread. */
struct grams_scratch *grams_scratch_create(void);

/** grams_scan(g, scratch, s, set): Set the bits in ${set} of the texts that
 * occur in ${s}; others stay as they are. */
void grams_scan(const struct grams *g, struct grams_scratch *scratch,
    struct span s, const struct grams_set *set);

/** grams_need_of(text, rarest): What asks for ${text}, of 1 to 255 bytes; the
 * rarest GRAMS_GRAM_LEN of them begin at ${rarest} (0 if it has fewer). */
struct grams_need grams_need_of(struct span text, size_t rarest);

/**
 * grams_holds(scratch, needs, n):
 * The ${n} ${needs} are clauses, each of texts with a falling ->n_more: one of
 * them must be there, behind one of the clause before.  False if that is not so
 * in the text that was last scanned.  True is as uncertain as what grams_scan()
 * finds.
 */
bool grams_holds(const struct grams_scratch *scratch,
    const struct grams_need *needs, size_t n);

/** grams_scratch_free(scratch), grams_free(g): End them.  NULL does nothing. */
void grams_scratch_free(struct grams_scratch *scratch);
void grams_free(struct grams *g);

#endif
