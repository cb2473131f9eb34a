/* SPDX-License-Identifier: MIT */
/* pipeline/crew.h - workers without a file of their own help the others. */
#ifndef PIPELINE_CREW_H
#define PIPELINE_CREW_H

#include "pipeline/batch.h"
#include "store/sources.h"

#include <stdbool.h>

/*
 * A worker that has a file may hire one that has none: it then reads, and the
 * helper counts what was read.  Between them goes a belt of a few parcels,
 * each filled by the one and emptied by the other, so that neither waits long
 * and nothing can grow.  A helper has spare time, which it uses for whatever
 * else the reading worker gives it to do.
 */
struct crew;
struct belt;

/* What is handed over at a time. */
struct parcel {
    struct batch *batch;
    bool write; /* a step is to be written behind it: */
    bool whole; /* the log is done */
    struct source_state
        state; /* how far the reading is; marks and memory are copies */
};

/** crew_create(n): For a run of ${n} workers.  Ends with crew_free(). */
struct crew *crew_create(size_t n);

/** crew_serve(c): The calling worker has no more files: help others until no
 * worker has any. */
void crew_serve(struct crew *c);

/** crew_absent(c, n): ${n} of the workers could not be started. */
void crew_absent(struct crew *c, size_t n);

/* What a helper does, each called with the context. */
struct belt_work {
    void (*take)(void *context, struct parcel *p); /* for each parcel */
    bool (*spare)(void *context); /* while there is none; false: nothing was to
                                     be done */
    void *context;
};

/**
 * crew_hire(c, work):
 * A belt to a helper that does ${work}; NULL if nobody is free.  The caller
 * ends it with belt_close().
 */
struct belt *crew_hire(struct crew *c, const struct belt_work *work);

/** belt_nudge(b): There may be something to be done in spare time again. */
void belt_nudge(struct belt *b);

/** belt_parcel(b): The parcel to fill next; the caller's until belt_give(). */
struct parcel *belt_parcel(struct belt *b);

/** belt_give(b): Hand the parcel over; waits while all others are full. */
void belt_give(struct belt *b);

/** belt_close(b): Wait until the helper has taken all parcels; it is free
 * again then.  NULL does nothing. */
void belt_close(struct belt *b);

/** crew_free(c): After all workers have come to an end; NULL does nothing. */
void crew_free(struct crew *c);

#endif
