/* SPDX-License-Identifier: MIT */
/* findings/series.h - how often each reply came, hour by hour, everywhere. */
#ifndef FINDINGS_SERIES_H
#define FINDINGS_SERIES_H

#include "base/span.h"

#include <sqlite3.h>

/* Along what the same failures are counted. */
enum series_dimension {
    SERIES_EVERYTHING = 0,
    SERIES_PROVIDER,
    SERIES_RECIPIENT, /* domain */
    SERIES_SENDER,    /* domain */
    SERIES_HOST,
    SERIES_DIMENSIONS
};

/* In place of a reply: everything that was tried, failed or not. */
enum { SERIES_TRIED_OUTBOUND = 0, SERIES_TRIED_INBOUND = 1, SERIES_REPLY = 2 };

struct series_point {
    uint32_t hour; /* since series_set.since */
    int32_t n;     /* attempts, not 0 */
};

/* One row of numbers over time. */
struct series {
    uint32_t item;  /* number of the provider, domain, host; 0: everything */
    uint32_t reply; /* SERIES_TRIED_…, or the reply's number + SERIES_REPLY */
    const struct series_point *points; /* in order of time */
    size_t n;
};

/* All series of one dimension, in order of item and reply. */
struct series_list {
    struct series *series;
    size_t n;
    struct series_point *points;
};

struct series_set {
    int64_t since; /* begin of hour 0 */
    size_t hours;
    struct series_list lists[SERIES_DIMENSIONS];
};

/** series_load(db, since, until): All of [${since}, ${until}), both full
 * hours; NULL, having reported it, if ${db} fails.  Ends with series_free(). */
struct series_set *series_load(sqlite3 *db, int64_t since, int64_t until);

/** series_find(list, item, reply): One of them, or NULL. */
const struct series *series_find(
    const struct series_list *list, uint32_t item, uint32_t reply);

/** series_of(list, item, n): The first of all series of ${item}; store how
 * many there are in ${n}. */
const struct series *series_of(
    const struct series_list *list, uint32_t item, size_t *n);

/** series_sum(s, from, to): Attempts in the hours [${from}, ${to}). */
int64_t series_sum(const struct series *s, size_t from, size_t to);

/** series_spread(s, sign, out): Add the points, times ${sign}, to ${out}, one
 * number an hour. */
void series_spread(const struct series *s, double sign, double *out);

/** series_free(set): End ${set}.  NULL does nothing. */
void series_free(struct series_set *set);

#endif
