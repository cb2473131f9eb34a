/* SPDX-License-Identifier: MIT */
/* findings/series.h - how often each reply came, hour by hour, everywhere. */
#ifndef FINDINGS_SERIES_H
#define FINDINGS_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Along what the same failures are counted. */
enum series_dimension {
    SERIES_EVERYTHING = 0,
    SERIES_PROVIDER,
    SERIES_RECIPIENT, /* domain */
    SERIES_SENDER,    /* domain */
    SERIES_HOST,
    SERIES_DIMENSIONS
};

/* In place of a reply: everything that was tried, failed or not; by the
 * sender's domain only outbound. */
enum { SERIES_TRIED_OUTBOUND = 0, SERIES_TRIED_INBOUND = 1, SERIES_REPLY = 2 };

/* Hours since series_set.since have at most so many bits. */
enum { SERIES_HOUR_BITS = 18 };

/* One row of numbers over time. */
struct series {
    uint32_t item;  /* number of the provider, domain, host; 0: everything */
    uint32_t reply; /* SERIES_TRIED_…, or the reply's number + SERIES_REPLY */
    const uint32_t *words; /* its points, for series_next() */
    size_t n;              /* words */
};

struct series_point {
    size_t hour; /* since series_set.since */
    int32_t n;   /* attempts, not 0 */
};

/* All series of one dimension, in order of item and reply. */
struct series_list {
    struct series *series;
    size_t n;
    size_t cap;
    uint32_t *words;
    size_t n_words;
    size_t words_cap;
};

struct series_set {
    int64_t since; /* begin of hour 0 */
    size_t hours;
    struct series_list lists[SERIES_DIMENSIONS];
};

/** series_find(list, item, reply): One of them, or NULL. */
const struct series *series_find(
    const struct series_list *list, uint32_t item, uint32_t reply);

/** series_of(list, item, n): The first of all series of ${item}; store how
 * many there are in ${n}; NULL if there is none. */
const struct series *series_of(
    const struct series_list *list, uint32_t item, size_t *n);

/** series_next(s, at, point): Store the point that begins at word ${at} (0 at
 * first) in ${point} and go behind it; false if there is none.  Points are in
 * order of time. */
bool series_next(const struct series *s, size_t *at, struct series_point *p);

/** series_first(s), series_last(s): The hour of the first and of the last
 * point. */
size_t series_first(const struct series *s);
size_t series_last(const struct series *s);

/** series_sum(s, from, to): Attempts in the hours [${from}, ${to}). */
int64_t series_sum(const struct series *s, size_t from, size_t to);

/** series_spread(s, sign, out): Add the points, times ${sign}, to ${out}, one
 * number an hour. */
void series_spread(const struct series *s, double sign, double *out);

/** series_free(set): End ${set}.  NULL does nothing. */
void series_free(struct series_set *set);

/* For whoever makes a list: in order of item, reply and hour; at the end comes
 * series_finish(), before which ->words of the series are not set. */

/** series_begin(list, item, reply): Begin one more series. */
void series_begin(struct series_list *list, uint32_t item, uint32_t reply);

/** series_append(list, hour, n): Add a point to the last series. */
void series_append(struct series_list *list, uint32_t hour, int64_t n);

/** series_finish(list): The list is complete. */
void series_finish(struct series_list *list);

#endif
