/* SPDX-License-Identifier: MIT */
/* findings/episode.h - stretches of time in which more failed than usual. */
#ifndef FINDINGS_EPISODE_H
#define FINDINGS_EPISODE_H

#include "findings/baseline.h"

/* Hours [from, to) of the data. */
struct episode {
    size_t from;
    size_t to;
    bool open; /* it reaches the end of the data */
    double failed;
    double expected;
    double tried;
    double p; /* least of the days that it touches, as episode_search() says */
};

/* What one day of a series says. */
struct episode_day {
    double p;       /* that so much fails by accident: the least over all
                     * windows that end in it, times how many there are */
    size_t episode; /* number of the episode that it shows, or SIZE_MAX */
};

struct episode_search {
    struct baseline_data data; /* without what is learnt from */
    /* scratch, one an hour: hours of episodes that were found, and what there
     * is to learn from without them */
    bool *excluded;
    double *learnt_failed;
    double *learnt_tried;
    /* scratch, one more than hours: sums before each hour, of those two and of
     * all that failed */
    double *learnt_failed_before;
    double *learnt_tried_before;
    double *failed_before;
    size_t baseline_hours;
    double least_excess;      /* windows with less are not looked at */
    double least_ratio;       /* of observed to expected */
    struct episode *episodes; /* found, in order of time; room for days */
    size_t n;
    struct episode_day *days; /* one a day of the data */
};

/**
 * episode_find(search):
 * Go through the days of ${search->data}, each against the baseline before
 * it, and fill ->episodes and ->days.  A day without baseline has p = 1.
 */
void episode_find(struct episode_search *search);

#endif
