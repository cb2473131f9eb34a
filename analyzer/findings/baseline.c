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
 *
 * Every place that has enough failures gets a baseline for each of its days,
 * so this is most of what findings take.  Loops go over whole days, without a
 * look at single hours; counts are whole numbers, whose sums are exact in any
 * order.
 */
#include "findings/baseline.h"

#include <math.h>
#include <string.h>

enum { SPAN_DAY = 2 };

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

/* --- days ----------------------------------------------------------------- */

static size_t weekday_of(const struct baseline_data *data, size_t hour)
{
    return (data->weekday + hour / BASELINE_DAY_HOURS) % BASELINE_WEEK_DAYS;
}

/* Of the least rate first. */
static bool is_before(
    const struct baseline_day *x, const struct baseline_day *y)
{
    double left = x->failed * y->tried;
    double right = y->failed * x->tried;
    return left < right || (left <= right && x->begin < y->begin);
}

/* Add the day to the sums of the window, or with -1 take it away. */
static void add_sums(struct baseline_window *w,
    const struct baseline_data *data, const struct baseline_day *day,
    double sign)
{
    const double *failed = data->learnt_failed + day->begin;
    const double *tried = data->learnt_tried + day->begin;
    size_t weekday = weekday_of(data, day->begin);
    for (size_t h = 0; h < BASELINE_DAY_HOURS; h++) {
        w->hour_failed[h] += sign * failed[h];
        w->hour_tried[h] += sign * tried[h];
    }
    w->day_failed[weekday] += sign * day->failed;
    w->day_tried[weekday] += sign * day->tried;
}

static void add_day(
    struct baseline_window *w, const struct baseline_data *data, size_t begin)
{
    size_t end = begin + BASELINE_DAY_HOURS;
    struct baseline_day day = {
        data->failed_before[end] - data->failed_before[begin],
        data->tried_before[end] - data->tried_before[begin], begin};
    if (day.tried <= 0 || w->n == BASELINE_MOST_DAYS) {
        return;
    }
    size_t at = w->n++;
    while (at > 0 && is_before(&day, &w->days[at - 1])) {
        w->days[at] = w->days[at - 1];
        at--;
    }
    w->days[at] = day;
    add_sums(w, data, &day, 1);
}

static void drop_day(
    struct baseline_window *w, const struct baseline_data *data, size_t begin)
{
    size_t at = 0;
    while (at < w->n && w->days[at].begin != begin) {
        at++;
    }
    if (at < w->n) {
        add_sums(w, data, &w->days[at], -1);
        w->n--;
        memmove(&w->days[at], &w->days[at + 1], (w->n - at) * sizeof *w->days);
    }
}

void baseline_slide(struct baseline_window *w, const struct baseline_data *data,
    size_t from, size_t to)
{
    if (from < w->from || to < w->to || from >= w->to ||
        to - from > (size_t)BASELINE_MOST_DAYS * BASELINE_DAY_HOURS) {
        *w = (struct baseline_window){.from = from, .to = from};
    }
    for (; w->from < from; w->from += BASELINE_DAY_HOURS) {
        drop_day(w, data, w->from);
    }
    for (; w->to + BASELINE_DAY_HOURS <= to; w->to += BASELINE_DAY_HOURS) {
        add_day(w, data, w->to);
    }
}

void baseline_add_up(
    const double *counts, size_t hours, size_t from, double *before)
{
    for (size_t h = from; h < hours; h++) {
        before[h + 1] = before[h] + counts[h];
    }
}

/* --- fitting -------------------------------------------------------------- */

static double rate_of(const struct baseline_day *days, size_t n)
{
    double failed = RATE_PRIOR;
    double tried = 0;
    for (size_t i = 0; i < n; i++) {
        failed += days[i].failed;
        tried += days[i].tried;
    }
    return tried > 0 ? failed / tried : 0;
}

/* Whether so much failed on the day that it is none to learn from. */
static bool is_outlier(const struct baseline_day *day, double rate)
{
    double mean = rate * day->tried;
    double variance = 1 + mean + USUAL_DISPERSION * mean * mean;
    return day->failed - mean > OUTLYING * sqrt(variance);
}

/* Take the outliers out of ${w}. */
static void drop_outliers(
    struct baseline_window *w, const struct baseline_data *data)
{
    size_t n = w->n;
    double rate = rate_of(w->days, n - (size_t)ceil(TRIMMED * (double)n));
    w->n = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_outlier(&w->days[i], rate)) {
            add_sums(w, data, &w->days[i], -1);
        } else {
            w->days[w->n++] = w->days[i];
        }
    }
}

size_t baseline_weekday(int64_t time)
{
    enum { DAY = 86400, THURSDAY = 4 }; /* 1970-01-01 */
    int64_t days = time / DAY - (time % DAY < 0);
    int64_t weekday = (days + THURSDAY) % BASELINE_WEEK_DAYS;
    return (size_t)(weekday < 0 ? weekday + BASELINE_WEEK_DAYS : weekday);
}

double baseline_mean(
    const struct baseline *b, const struct baseline_data *data, size_t hour)
{
    return b->rate * data->tried[hour] * b->by_hour[hour % BASELINE_DAY_HOURS] *
           b->by_day[weekday_of(data, hour)];
}

void baseline_means(const struct baseline *b, const struct baseline_data *data,
    size_t from, size_t to, double *means)
{
    while (from < to) {
        size_t in_day = from % BASELINE_DAY_HOURS;
        size_t n = BASELINE_DAY_HOURS - in_day;
        const double *tried = data->tried + from;
        double by_day = b->by_day[weekday_of(data, from)];
        n = n < to - from ? n : to - from;
        for (size_t i = 0; i < n; i++) {
            means[i] = b->rate * tried[i] * b->by_hour[in_day + i] * by_day;
        }
        from += n;
        means += n;
    }
}

static double factor(double failed, double mean)
{
    return (failed + PATTERN_PRIOR) / (mean + PATTERN_PRIOR);
}

static void fit_pattern(struct baseline *b, const struct baseline_window *w)
{
    for (size_t i = 0; i < BASELINE_DAY_HOURS; i++) {
        b->by_hour[i] = factor(w->hour_failed[i], b->rate * w->hour_tried[i]);
    }
    for (size_t i = 0; i < BASELINE_WEEK_DAYS; i++) {
        b->by_day[i] = factor(w->day_failed[i], b->rate * w->day_tried[i]);
    }
}

/* ${failed}, ${means}: of the hours of ${n} days, behind each other. */
static double fit_dispersion(
    const double *failed, const double *means, size_t n, size_t span)
{
    double beyond = 0;
    double squares = 0;
    for (size_t i = 0; i < n * BASELINE_DAY_HOURS; i += spans[span]) {
        double sum = 0;
        double mean = 0;
        for (size_t h = i; h < i + spans[span]; h++) {
            sum += failed[h];
            mean += means[h];
        }
        beyond += (sum - mean) * (sum - mean) - mean;
        squares += mean * mean;
    }
    double estimate = (beyond + DISPERSION_PRIOR * usual[span]) /
                      (squares + DISPERSION_PRIOR);
    return estimate > LEAST_DISPERSION ? estimate : LEAST_DISPERSION;
}

void baseline_disperse(struct baseline *b, const struct baseline_data *data)
{
    double means[BASELINE_MOST_DAYS * BASELINE_DAY_HOURS];
    double failed[BASELINE_MOST_DAYS * BASELINE_DAY_HOURS];
    struct baseline_data learnt = *data;
    learnt.tried = data->learnt_tried;
    for (size_t i = 0; i < b->n_days; i++) {
        size_t at = i * BASELINE_DAY_HOURS;
        size_t begin = b->days[i];
        baseline_means(
            b, &learnt, begin, begin + BASELINE_DAY_HOURS, means + at);
        memcpy(failed + at, data->learnt_failed + begin,
            BASELINE_DAY_HOURS * sizeof *failed);
    }
    for (size_t i = 0; i < BASELINE_SPANS; i++) {
        b->dispersion[i] = fit_dispersion(failed, means, b->n_days, i);
    }
}

bool baseline_fit(struct baseline *b, const struct baseline_data *data,
    const struct baseline_window *w)
{
    if (w->n < BASELINE_LEAST_DAYS) {
        return false;
    }
    struct baseline_window kept = *w;
    drop_outliers(&kept, data);
    b->rate = rate_of(kept.days, kept.n);
    b->weight = RATE_PRIOR;
    b->n_days = kept.n;
    for (size_t i = 0; i < kept.n; i++) {
        b->weight += kept.days[i].failed;
        b->days[i] = kept.days[i].begin;
    }
    fit_pattern(b, &kept);
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
