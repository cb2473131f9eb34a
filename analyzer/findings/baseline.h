/* SPDX-License-Identifier: MIT */
/* findings/baseline.h - how often something usually fails. */
#ifndef FINDINGS_BASELINE_H
#define FINDINGS_BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BASELINE_DAY_HOURS = 24, BASELINE_WEEK_DAYS = 7, BASELINE_SPANS = 3 };

/*
 * One row of numbers over time: what failed in one way, beside everything
 * that was tried.  Hour 0 is the first of a day of the site.
 */
struct baseline_data {
    const double *failed;
    const double *tried; /* at least as many as failed */
    /* what there is to learn from: the same, but 0 in the hours of earlier
     * incidents */
    const double *learnt_failed;
    const double *learnt_tried;
    const double *failed_before; /* their sums before each hour, and all: */
    const double *tried_before;  /* baseline_add_up() */
    size_t hours;
    size_t weekday; /* of hour 0: 0 to 6 */
};

enum { BASELINE_LEAST_DAYS = 5, BASELINE_MOST_DAYS = 64 };

/* What is usual: the mean of an hour is rate * tried * pattern. */
struct baseline {
    double rate;
    double by_hour[BASELINE_DAY_HOURS]; /* of the day */
    double by_day[BASELINE_WEEK_DAYS];  /* of the week */
    double dispersion[BASELINE_SPANS];  /* of counts over 1, 6, 24 hours */
    double weight; /* failures that the rate was learnt from */
    size_t days[BASELINE_MOST_DAYS]; /* hours at which those begin that it was
                                      * learnt from */
    size_t n_days;
};

/** baseline_add_up(counts, hours, from, before): Store in ${before}[h] the sum
 * of the counts before hour h, for ${from} < h <= ${hours}; before[${from}] is
 * there. */
void baseline_add_up(
    const double *counts, size_t hours, size_t from, double *before);

/* One day of counts. */
struct baseline_day {
    double failed;
    double tried;
    size_t begin; /* hour */
};

/* The days before another one, which are mostly those before the next. */
struct baseline_window {
    size_t from; /* hours [from, to), full days */
    size_t to;
    struct baseline_day days[BASELINE_MOST_DAYS]; /* least rate first */
    size_t n;
    /* sums of these days by hour of the day and by day of the week */
    double hour_failed[BASELINE_DAY_HOURS];
    double hour_tried[BASELINE_DAY_HOURS];
    double day_failed[BASELINE_WEEK_DAYS];
    double day_tried[BASELINE_WEEK_DAYS];
};

/** baseline_slide(w, data, from, to): Let ${w} hold the days with mail in the
 * hours [${from}, ${to}) of ${data}.  It must be zeroed at first, and whenever
 * ${data} changed. */
void baseline_slide(struct baseline_window *w, const struct baseline_data *data,
    size_t from, size_t to);

/**
 * baseline_fit(b, data, w):
 * Learn ${b}, all but the dispersion, from the days ${w} of ${data}; incidents
 * among them count little.  False if fewer than BASELINE_LEAST_DAYS had mail.
 */
bool baseline_fit(struct baseline *b, const struct baseline_data *data,
    const struct baseline_window *w);

/** baseline_weekday(time): The day of the week (Sunday is 0) of ${time}, local
 * seconds since 1970. */
size_t baseline_weekday(int64_t time);

/** baseline_disperse(b, data): Learn the dispersion of the fitted ${b} from the
 * same days.  As much work as the rest, and only needed where counts are not
 * as expected. */
void baseline_disperse(struct baseline *b, const struct baseline_data *data);

/** baseline_mean(b, data, hour): Failures expected in that hour. */
double baseline_mean(
    const struct baseline *b, const struct baseline_data *data, size_t hour);

/** baseline_means(b, data, from, to, means): The same for the hours [${from},
 * ${to}), stored in ${means}. */
void baseline_means(const struct baseline *b, const struct baseline_data *data,
    size_t from, size_t to, double *means);

/** baseline_dispersion(b, hours): The dispersion of counts over so many
 * hours, for nbinom_tail(), after baseline_disperse(). */
double baseline_dispersion(const struct baseline *b, size_t hours);

#endif
