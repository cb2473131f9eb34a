/* SPDX-License-Identifier: MIT */
/* pattern/literals.h - the texts without which an expression cannot match. */
#ifndef PATTERN_LITERALS_H
#define PATTERN_LITERALS_H

#include "base/memory.h"

enum { LITERALS_MAX_CLAUSES = 4, LITERALS_MAX_PARTS = 256 };

/* One of these texts (in lower case) must be there. */
struct literals_clause {
    struct span *texts;
    unsigned n_texts;
};

/* One way in which an expression may match: all its clauses must hold, and what
 * they name stands in their order, without overlap.  With no clause, nothing is
 * known. */
struct literals_way {
    struct literals_clause clauses[LITERALS_MAX_CLAUSES];
    unsigned n_clauses;
};

/**
 * literals_read(pattern, arena, ways):
 * Store in ${ways} what the caseless ${pattern} needs of a text: that the
 * clauses of at least one way hold.  Return the number of ways; 0 if nothing
 * can be said, and every text must be taken for a match.  All memory is
 * ${arena}'s.
 */
size_t literals_read(
    const char *pattern, struct arena *arena, struct literals_way **ways);

/**
 * literals_split(pattern, arena, parts):
 * Store in ${parts} the alternatives of ${pattern} (at most
 * LITERALS_MAX_PARTS), each an expression of its own: ${pattern} matches where
 * one of them does. Return how many there are; 1, the whole, if it cannot be
 * taken apart.  All memory is ${arena}'s; the parts are terminated.
 */
size_t literals_split(
    const char *pattern, struct arena *arena, const char **parts);

#endif
