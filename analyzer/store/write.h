/* SPDX-License-Identifier: MIT */
/* store/write.h - one step of one source into the store, whole or not. */
#ifndef STORE_WRITE_H
#define STORE_WRITE_H

#include "aggregate/held.h"
#include "aggregate/tally.h"
#include "store/name_ids.h"
#include "store/sources.h"

/*
 * What one step writes: the facts, the journal and the new state of the
 * source, in one transaction.  state->id is 0 for a new source and is set.
 * If path is not NULL, the hint that this file is wholly taken in is written
 * too (the last step of a file).
 */
struct write_step {
    struct source_state *state;
    struct tally *tally;
    const struct correlator *correlator;
    const struct held *held; /* NULL: none */
    bool held_shown;         /* see column shown */
    struct name_ids *ids;    /* kept for the next step of the same tally */
    const char *path;
    int64_t size;
    int64_t mtime; /* nanoseconds */
};

/**
 * write_step(s, step):
 * Write ${step}.  On success the caller resets the tally and calls
 * correlator_written(); on failure the database is as before, the reason is
 * reported, and false is returned.
 */
bool write_step(struct store *s, struct write_step *step);

/**
 * write_restore(s, source, c):
 * Give ${c}, which was just reset, the open queue entries of the source with
 * id ${source}, which is to be read on from where it stopped.
 */
bool write_restore(struct store *s, int64_t source, struct correlator *c);

/** write_companion(s, source, step): Write the facts of ${step} as those of
 * the held lines of ${source}, in the caller's transaction.  Of the state only
 * content_hash counts: whenever the facts change, it must. */
bool write_companion(struct store *s, int64_t source, struct write_step *step);

/** write_held(s, source, n): How many lines of ${source} are held; where
 * those that were are counted for good (store/prune.h), LIMIT_HELD_LINES: to
 * hold one more would undo that. */
bool write_held(struct store *s, int64_t source, int64_t *n);

#endif
