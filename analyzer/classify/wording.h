/* SPDX-License-Identifier: MIT */
/* classify/wording.h - the words of a template, and how near two are. */
#ifndef CLASSIFY_WORDING_H
#define CLASSIFY_WORDING_H

#include "base/memory.h"

struct wording_word {
    struct span text;
    uint64_t hash; /* of the word in lower case */
    bool varies;   /* a placeholder or a number: different in each reply */
};

/* A template as words.  All memory is the arena's that it was read with; the
 * words borrow from the text. */
struct wording {
    struct span text;
    struct wording_word *words;
    size_t n_words;
    uint64_t
        *bag; /* hashes of the words that do not vary, each once, ascending */
    size_t n_bag;
};

/** wording_read(a, text, w): Take ${text}, which must outlive ${w}, apart. */
void wording_read(struct arena *a, struct span text, struct wording *w);

/*
 * How much each word tells: the logarithm of how few texts of a collection
 * hold it (inverse document frequency).
 */
struct wording_weights;

/** wording_weights_create(list, n): The weights of the words of the ${n}
 * wordings ${list}.  wording_weights_free() ends them. */
struct wording_weights *wording_weights_create(
    const struct wording *list, size_t n);

/** wording_weights_free(weights): End ${weights}.  NULL does nothing. */
void wording_weights_free(struct wording_weights *weights);

/** wording_weight(weights, hash): How much the word ${hash} tells; more than
 * any other if no text of the collection holds it. */
double wording_weight(const struct wording_weights *weights, uint64_t hash);

/** wording_similarity(weights, a, b): 0 (no word in common) to 1 (the same
 * words): the cosine of both, by the weights of their words. */
double wording_similarity(const struct wording_weights *weights,
    const struct wording *a, const struct wording *b);

#endif
