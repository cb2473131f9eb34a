/* SPDX-License-Identifier: MIT */
/* store/timeline.h - the order of sources, and of the rows in them. */
#ifndef STORE_TIMELINE_H
#define STORE_TIMELINE_H

#include "store/store.h"

/*
 * Rows of one source are ordered by their sequence.  Between sources their
 * times decide; but stamps often have whole seconds, and a log that was cut
 * into files within a second has its order in the files.  So the sources of a
 * host are laid one behind the other by the span of time that they cover, and
 * only those that really overlap are mixed by the time of each row.
 */
struct timeline;

/* Where a source stands among those of a host. */
struct timeline_place {
    int64_t group; /* sources of one group overlap; groups follow each other */
    bool alone;    /* the only one of its group */
    int64_t rank;  /* order of sources by content, not by arrival */
};

/** timeline_load(s): From the table hour_digest; NULL on failure.  Ends with
 * timeline_free(). */
struct timeline *timeline_load(struct store *s);

/** timeline_place(t, host, source): Their place; a source without events of
 * that host is in group 0. */
struct timeline_place timeline_place(
    const struct timeline *t, int64_t host, int64_t source);

/** timeline_stream(t, source): The log stream that ${source} is or, if it
 * counts held lines, whose lines they are. */
int64_t timeline_stream(const struct timeline *t, int64_t source);

/* Microseconds. */
struct timeline_span {
    int64_t first;
    int64_t last;
};

/** timeline_span(t, host, source, span): The time that the log stream covers
 * of ${host}, its held lines included; false: none. */
bool timeline_span(const struct timeline *t, int64_t host, int64_t source,
    struct timeline_span *span);

/** timeline_precedes(a, b): Is ${a} over when ${b} begins, give or take what
 * lines are out of order by? */
bool timeline_precedes(
    const struct timeline_span *a, const struct timeline_span *b);

/** timeline_rank(t, source): Its rank alone. */
int64_t timeline_rank(const struct timeline *t, int64_t source);

/** timeline_free(t): End ${t}.  NULL does nothing. */
void timeline_free(struct timeline *t);

#endif
