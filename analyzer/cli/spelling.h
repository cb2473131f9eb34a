/* SPDX-License-Identifier: MIT */
/* cli/spelling.h - which known word somebody probably meant. */
#ifndef CLI_SPELLING_H
#define CLI_SPELLING_H

#include "base/span.h"

struct spelling {
    struct span typed;
    const char *best; /* the nearest so far that is near enough, or NULL */
    size_t distance;
};

/** spelling_init(s, typed): Look for words near ${typed}. */
void spelling_init(struct spelling *s, struct span typed);

/** spelling_offer(s, word): Consider the static ${word}. */
void spelling_offer(struct spelling *s, const char *word);

#endif
