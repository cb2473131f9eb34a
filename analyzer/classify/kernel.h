/* SPDX-License-Identifier: MIT */
/* classify/kernel.h - the words that several templates share, in order. */
#ifndef CLASSIFY_KERNEL_H
#define CLASSIFY_KERNEL_H

#include "classify/wording.h"

/*
 * A family's first wording, and which of its words all others have in the same
 * order.  Borrows from the wording; its memory is the arena's.
 */
struct kernel {
    const struct wording *leader;
    bool *kept;   /* by word: all have it */
    bool *joined; /* by word: and the next one, with the same between them */
};

/* Words of the leader that follow each other in every member. */
struct kernel_run {
    size_t first;
    size_t n_words;
    double weight; /* sum of the words' weights */
};

enum { KERNEL_MAX_RUNS = 16 };

/** kernel_init(k, a, leader): All words of ${leader}. */
void kernel_init(
    struct kernel *k, struct arena *a, const struct wording *leader);

/**
 * kernel_narrow(k, member):
 * Keep what ${member} has too.  Return false, and change nothing, if that
 * would leave too little to tell the family by.
 */
bool kernel_narrow(struct kernel *k, const struct wording *member);

/**
 * kernel_runs(k, weights, runs):
 * Store in ${runs} (KERNEL_MAX_RUNS) the runs of words that do not vary, in
 * the leader's order, each cut down to the words that tell most, and return
 * how many there are.
 */
size_t kernel_runs(const struct kernel *k,
    const struct wording_weights *weights, struct kernel_run *runs);

/** kernel_text(k, run): The leader's text from the first to the last word of
 * ${run}. */
struct span kernel_text(const struct kernel *k, const struct kernel_run *run);

#endif
