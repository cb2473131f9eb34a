/* SPDX-License-Identifier: MIT */
/*
 * The rate is failures by attempts, so that growth, quiet nights and weekends
 * do not look like incidents.  It is taken from days: those with the highest
 * rates are set aside, those that do not fit the rest are dropped, the others
 * are added up.  What the hour of the day and the day of the week change
 * beyond the amount of mail is a factor each, drawn towards 1 where counts are
 * small.  Dispersion is measured on counts over 1, 6 and 24 hours, since
 * failures come in bursts, and drawn towards what mail logs usually show.
 *
 * All these are shrunk estimates: a domain with three failures a month gets no
 * pattern, and a rate whose uncertainty widens its distribution.
 */
#include "findings/baseline.h"

#include <math.h>
#include <stdlib.h>

enum { MAX_DAYS = 64, SPAN_DAY = 2 };

/* A day whose count lies further above the others than this many standard
 * deviations is an earlier incident. */
#define OUTLYING 4.0
#define USUAL_DISPERSION 0.25

/* Share of days that are set aside before the others are judged. */
#define TRIMMED 0.15

/* Failures that a pattern must show before it counts half. */
#define PATTERN_PRIOR 15.0

/* Nothing is known better than this: it stands for holidays, campaigns and
 * whatever else no pattern holds. */
#define LEAST_DISPERSION 0.02

/* What mail logs usually show, and how many squared failures it weighs. */
static const double usual[BASELINE_SPANS] = {0.25, 0.2, 0.12};
static const size_t spans[BASELINE_SPANS] = {1, 6, 24};
#define DISPERSION_PRIOR 4.0

/* A half failure more than there was: nothing is impossible. */
#define RATE_PRIOR 0.5

struct day {
    double failed;
    double tried;
    size_t begin;
};

/* The days of a baseline, with what is left of them. */
struct days {
    struct day list[MAX_DAYS];
    size_t n;
    bool dropped[MAX_DAYS];
};

static void add_day(
    struct days *d, const struct baseline_data *data, size_t begin, size_t to)
{
    struct day day = {0, 0, begin};
    for (size_t h = begin; h < to && h < begin + BASELINE_DAY_HOURS; h++) {
        if (!data->excluded[h]) {
            day.failed += data->failed[h];
            day.tried += data->tried[h];
        }
    }
    if (day.tried > 0 && d->n < MAX_DAYS) {
        d->list[d->n++] = day;
    }
}

static int compare_rates(const void *a, const void *b)
{
    const struct day *x = a;
    const struct day *y = b;
    double left = x->failed * y->tried;
    double right = y->failed * x->tried;
    if (left < right || left > right) {
        return left < right ? -1 : 1;
    }
    return x->begin < y->begin ? -1 : x->begin > y->begin;
}

static double rate_of(const struct days *d, size_t n)
{
    double failed = RATE_PRIOR;
    double tried = 0;
    for (size_t i = 0; i < n; i++) {
        if (!d->dropped[i]) {
            failed += d->list[i].failed;
            tried += d->list[i].tried;
        }
    }
    return tried > 0 ? failed / tried : 0;
}

static void drop_outliers(struct days *d)
{
    qsort(d->list, d->n, sizeof d->list[0], compare_rates);
    size_t kept = d->n - (size_t)ceil(TRIMMED * (double)d->n);
    double rate = rate_of(d, kept);
    for (size_t i = 0; i < d->n; i++) {
        double mean = rate * d->list[i].tried;
        double variance = 1 + mean + USUAL_DISPERSION * mean * mean;
        d->dropped[i] = d->list[i].failed - mean > OUTLYING * sqrt(variance);
    }
}

size_t baseline_weekday(int64_t time)
{
    enum { DAY = 86400, THURSDAY = 4 }; /* 1970-01-01 */
    int64_t days = time / DAY - (time % DAY < 0);
    int64_t weekday = (days + THURSDAY) % BASELINE_WEEK_DAYS;
    return (size_t)(weekday < 0 ? weekday + BASELINE_WEEK_DAYS : weekday);
}

static size_t weekday_of(const struct baseline_data *data, size_t hour)
{
    return (data->weekday + hour / BASELINE_DAY_HOURS) % BASELINE_WEEK_DAYS;
}

double baseline_mean(
    const struct baseline *b, const struct baseline_data *data, size_t hour)
{
    return b->rate * data->tried[hour] * b->by_hour[hour % BASELINE_DAY_HOURS] *
           b->by_day[weekday_of(data, hour)];
}

static void fit_pattern(
    struct baseline *b, const struct baseline_data *data, const struct days *d)
{
    double failed[BASELINE_DAY_HOURS + BASELINE_WEEK_DAYS] = {0};
    double mean[BASELINE_DAY_HOURS + BASELINE_WEEK_DAYS] = {0};
    for (size_t i = 0; i < d->n; i++) {
        size_t begin = d->list[i].begin;
        for (size_t h = begin; !d->dropped[i] && h < begin + BASELINE_DAY_HOURS;
             h++) {
            if (!data->excluded[h]) {
                size_t hour = h % BASELINE_DAY_HOURS;
                size_t day = BASELINE_DAY_HOURS + weekday_of(data, h);
                failed[hour] += data->failed[h];
                failed[day] += data->failed[h];
                mean[hour] += b->rate * data->tried[h];
                mean[day] += b->rate * data->tried[h];
            }
        }
    }
    for (size_t i = 0; i < BASELINE_DAY_HOURS; i++) {
        b->by_hour[i] = (failed[i] + PATTERN_PRIOR) / (mean[i] + PATTERN_PRIOR);
    }
    for (size_t i = 0; i < BASELINE_WEEK_DAYS; i++) {
        size_t at = BASELINE_DAY_HOURS + i;
        b->by_day[i] =
            (failed[at] + PATTERN_PRIOR) / (mean[at] + PATTERN_PRIOR);
    }
}

/* ${means}: of the hours of each day, behind each other. */
static double fit_dispersion(const struct baseline_data *data,
    const struct days *d, size_t span, const double *means)
{
    double beyond = 0;
    double squares = 0;
    for (size_t i = 0; i < d->n * BASELINE_DAY_HOURS; i += spans[span]) {
        double failed = 0;
        double mean = 0;
        size_t day = i / BASELINE_DAY_HOURS;
        size_t begin = d->list[day].begin + i % BASELINE_DAY_HOURS;
        for (size_t h = 0; !d->dropped[day] && h < spans[span]; h++) {
            if (!data->excluded[begin + h]) {
                failed += data->failed[begin + h];
                mean += means[i + h];
            }
        }
        beyond += (failed - mean) * (failed - mean) - mean;
        squares += mean * mean;
    }
    double estimate = (beyond + DISPERSION_PRIOR * usual[span]) /
                      (squares + DISPERSION_PRIOR);
    return estimate > LEAST_DISPERSION ? estimate : LEAST_DISPERSION;
}

/* The means once for all spans. */
static void fit_dispersions(
    struct baseline *b, const struct baseline_data *data, const struct days *d)
{
    double means[MAX_DAYS * BASELINE_DAY_HOURS];
    for (size_t i = 0; i < d->n * BASELINE_DAY_HOURS; i++) {
        const struct day *day = &d->list[i / BASELINE_DAY_HOURS];
        means[i] = baseline_mean(b, data, day->begin + i % BASELINE_DAY_HOURS);
    }
    for (size_t i = 0; i < BASELINE_SPANS; i++) {
        b->dispersion[i] = fit_dispersion(data, d, i, means);
    }
}

bool baseline_fit(struct baseline *b, const struct baseline_data *data,
    size_t from, size_t to)
{
    struct days d = {.n = 0};
    for (size_t h = from; h + BASELINE_DAY_HOURS <= to;
         h += BASELINE_DAY_HOURS) {
        add_day(&d, data, h, to);
    }
    if (d.n < BASELINE_LEAST_DAYS) {
        return false;
    }
    drop_outliers(&d);
    b->rate = rate_of(&d, d.n);
    b->weight = RATE_PRIOR;
    for (size_t i = 0; i < d.n; i++) {
        b->weight += d.dropped[i] ? 0 : d.list[i].failed;
    }
    fit_pattern(b, data, &d);
    fit_dispersions(b, data, &d);
    return true;
}

double baseline_dispersion(const struct baseline *b, size_t hours)
{
    size_t span = SPAN_DAY;
    while (span > 0 && hours < spans[span] / 2) {
        span--;
    }
    return b->dispersion[span] + 1 / b->weight;
}
