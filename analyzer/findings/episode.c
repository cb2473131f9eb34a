/* SPDX-License-Identifier: MIT */
/*
 * Each day is tested against the days before it.  A scan over windows of one
 * hour to three days that end within the day finds the window that is least
 * likely; its probability, times the number of windows that are about
 * independent, is the day's.  If that is small the episode's beginning and end
 * are looked for: the stretch around the window whose sum of log-likelihood
 * ratios, failing so much more often against as often as usual, is greatest
 * (the maximum likelihood estimate of a change point, as in CUSUM).  Its hours
 * do not count for later baselines.
 */
#include "findings/episode.h"

#include "findings/nbinom.h"

#include <math.h>
#include <stdint.h>

static const size_t windows[] = {1, 2, 3, 6, 12, 24, 48, 72};

enum { N_WINDOWS = sizeof windows / sizeof windows[0], LONGEST = 72 };

/* 24 ends times 8 lengths overlap so much that simulated quiet days need a
 * factor of about this. */
#define WINDOWS_A_DAY 60.0

/* A day below this is shown by an episode; whether that is reported, the
 * false discovery rate over all series decides. */
#define CANDIDATE 1e-3

/* Logarithms of likelihood ratios: what ends a search to one side, and what
 * says that an episode is over. */
#define FAR_BELOW 10.0

/* What the hours beyond a quiet one must gain to belong to the episode: a
 * single failure some hours before is an accident. */
#define BRIDGE 3.0

#define OVER 3.0

/* How far differences of sums may be off, of the sum. */
#define SLACK 1e-9

#define LEAST_RATIO 1.5
#define GREATEST_RATIO 200.0

struct window {
    size_t from;
    size_t to;
    double failed;
    double mean;
    double p;
};

/* What the scan of a day needs. */
struct scan {
    const struct episode_search *search;
    struct baseline baseline;
    struct baseline_window window;
    size_t begin; /* of the day */
    /* expected in the hours from first on, as far as windows reach */
    double mean[LONGEST + BASELINE_DAY_HOURS];
    size_t first;
};

/* Windows lie wholly within episodes or wholly outside, so that yesterday's
 * incident is not found again today. */
static bool extend(const struct scan *s, struct window *w, size_t length)
{
    const struct baseline_data *data = &s->search->data;
    const bool *excluded = s->search->excluded;
    while (w->to - w->from < length) {
        if (w->from == 0 || excluded[w->from - 1] != excluded[w->to - 1]) {
            return false;
        }
        w->from--;
        w->failed += data->failed[w->from];
        w->mean += s->mean[w->from - s->first];
    }
    return true;
}

/* Whether any window that ends by ${end} could hold enough. */
static bool is_worth_a_look(const struct scan *s, size_t end)
{
    const double *before = s->search->failed_before;
    return before[end] - before[s->first] >= s->search->least_excess;
}

/* Whether the window of ${failed} and ${mean} is worth to be judged; with
 * ${slack} also if it nearly is. */
static bool is_excessive(
    const struct scan *s, double failed, double mean, double slack)
{
    return failed - mean >= s->search->least_excess - slack &&
           failed >= s->search->least_ratio * mean - slack;
}

/* Whether there may be such a window that ends in the day: the same sums,
 * taken as differences, which are a little off.  Most days end here. */
static bool may_exceed(const struct scan *s, size_t end)
{
    const double *failed = s->search->failed_before;
    double mean[LONGEST + BASELINE_DAY_HOURS + 1] = {0};
    baseline_add_up(s->mean, end - s->first, 0, mean);
    double slack = SLACK * (1 + mean[end - s->first]);
    for (size_t to = s->begin + 1; to <= end; to++) {
        size_t least = to > LONGEST ? to - LONGEST : 0;
        size_t n = failed[to] - failed[least] >= s->search->least_excess - slack
                       ? N_WINDOWS
                       : 0;
        for (size_t i = 0; i < n && windows[i] <= to; i++) {
            size_t from = to - windows[i];
            if (is_excessive(s, failed[to] - failed[from],
                    mean[to - s->first] - mean[from - s->first], slack)) {
                return true;
            }
        }
    }
    return false;
}

/* The least likely window that ends in the day. */
static struct window scan_day(const struct scan *s, size_t end)
{
    struct window best = {.p = 1};
    for (size_t to = s->begin + 1; to <= end; to++) {
        struct window w = {.from = to, .to = to};
        for (size_t i = 0; i < N_WINDOWS && extend(s, &w, windows[i]); i++) {
            if (!is_excessive(s, w.failed, w.mean, 0)) {
                continue;
            }
            w.p = nbinom_tail(w.failed, w.mean,
                baseline_dispersion(&s->baseline, windows[i]));
            if (w.p < best.p) {
                best = w;
            }
        }
    }
    return best;
}

static double gain(const struct scan *s, size_t hour, double ratio)
{
    return nbinom_gain(s->search->data.failed[hour],
        baseline_mean(&s->baseline, &s->search->data, hour), ratio,
        s->baseline.dispersion[0]);
}

/* The end of the best stretch from ${from} on. */
static size_t stretch_right(
    const struct scan *s, size_t from, double ratio, bool *open)
{
    double sum = 0;
    double best = 0;
    size_t end = from;
    for (size_t h = from; h < s->search->data.hours; h++) {
        sum += gain(s, h, ratio);
        if (sum >= best) {
            best = sum;
            end = h + 1;
        } else if (sum < best - FAR_BELOW) {
            break;
        }
    }
    *open = sum > best - OVER;
    return end;
}

/* The beginning of the best stretch that ends before ${to}. */
static size_t stretch_left(
    const struct scan *s, size_t to, size_t limit, double ratio)
{
    double sum = 0;
    double best = 0;
    size_t begin = to;
    for (size_t h = to; h > limit; h--) {
        sum += gain(s, h - 1, ratio);
        if (sum > best + (begin > h ? BRIDGE : 0)) {
            best = sum;
            begin = h - 1;
        } else if (sum < best - FAR_BELOW) {
            break;
        }
    }
    return begin;
}

static double ratio_of(double failed, double mean)
{
    double ratio = mean > 0 ? failed / mean : GREATEST_RATIO;
    return fmin(fmax(ratio, LEAST_RATIO), GREATEST_RATIO);
}

static void measure(const struct scan *s, struct episode *e)
{
    const struct baseline_data *data = &s->search->data;
    e->failed = 0;
    e->expected = 0;
    e->tried = 0;
    for (size_t h = e->from; h < e->to; h++) {
        e->failed += data->failed[h];
        e->expected += baseline_mean(&s->baseline, data, h);
        e->tried += data->tried[h];
    }
}

/* The hour of the window that speaks most for an episode. */
static size_t summit(const struct scan *s, const struct window *w, double ratio)
{
    size_t best = w->from;
    double most = -INFINITY;
    for (size_t h = w->from; h < w->to; h++) {
        double value = gain(s, h, ratio);
        if (value > most) {
            most = value;
            best = h;
        }
    }
    return best;
}

/* Twice, as the window may be much shorter than the episode. */
static struct episode delimit(
    const struct scan *s, const struct window *w, size_t limit)
{
    struct episode e = {.p = w->p};
    double ratio = ratio_of(w->failed, w->mean);
    size_t top = summit(s, w, ratio);
    for (int pass = 0; pass < 2; pass++) {
        e.to = stretch_right(s, top, ratio, &e.open);
        e.from = stretch_left(s, top + 1, limit, ratio);
        measure(s, &e);
        ratio = ratio_of(e.failed, e.expected);
    }
    return e;
}

static void add_up_learnt(struct episode_search *search, size_t from)
{
    baseline_add_up(search->learnt_failed, search->data.hours, from,
        search->learnt_failed_before);
    baseline_add_up(search->learnt_tried, search->data.hours, from,
        search->learnt_tried_before);
}

static void keep(struct episode_search *search, const struct episode *e)
{
    for (size_t h = e->from; h < e->to; h++) {
        search->excluded[h] = true;
        search->learnt_failed[h] = 0;
        search->learnt_tried[h] = 0;
    }
    add_up_learnt(search, e->from);
    search->episodes[search->n++] = *e;
}

/* The episode that holds ${hour}, or SIZE_MAX. */
static size_t episode_at(const struct episode_search *search, size_t hour)
{
    for (size_t i = search->n; i > 0; i--) {
        const struct episode *e = &search->episodes[i - 1];
        if (hour >= e->from && hour < e->to) {
            return i - 1;
        }
    }
    return SIZE_MAX;
}

static void take_day(struct scan *s, struct episode_search *search)
{
    size_t begin = s->begin;
    struct episode_day *day = &search->days[begin / BASELINE_DAY_HOURS];
    size_t hours = search->baseline_hours;
    size_t from = begin > hours ? begin - hours : 0;
    s->first = begin > LONGEST ? begin - LONGEST : 0;
    size_t end = begin + BASELINE_DAY_HOURS;
    end = end < search->data.hours ? end : search->data.hours;
    if (!is_worth_a_look(s, end)) {
        return;
    }
    baseline_slide(&s->window, &search->data, from, begin);
    if (!baseline_fit(&s->baseline, &search->data, &s->window)) {
        return;
    }
    baseline_means(&s->baseline, &search->data, s->first, end, s->mean);
    if (!may_exceed(s, end)) {
        return;
    }
    baseline_disperse(&s->baseline, &search->data);
    struct window w = scan_day(s, end);
    day->p = fmin(1, w.p * WINDOWS_A_DAY);
    if (day->p >= CANDIDATE) {
        return;
    }
    day->episode = episode_at(search, w.to - 1);
    if (day->episode == SIZE_MAX) {
        size_t limit = begin > LONGEST ? begin - LONGEST : 0;
        if (search->n > 0 && search->episodes[search->n - 1].to > limit) {
            limit = search->episodes[search->n - 1].to;
        }
        struct episode e = delimit(s, &w, limit);
        if (e.to <= e.from) {
            return;
        }
        day->episode = search->n;
        keep(search, &e);
        s->window = (struct baseline_window){.n = 0};
    }
    struct episode *e = &search->episodes[day->episode];
    e->p = fmin(e->p, day->p);
}

void episode_find(struct episode_search *search)
{
    struct scan s = {.search = search};
    struct baseline_data *data = &search->data;
    search->n = 0;
    for (size_t h = 0; h < data->hours; h++) {
        search->excluded[h] = false;
        search->learnt_failed[h] = data->failed[h];
        search->learnt_tried[h] = data->tried[h];
    }
    data->learnt_failed = search->learnt_failed;
    data->learnt_tried = search->learnt_tried;
    data->failed_before = search->learnt_failed_before;
    data->tried_before = search->learnt_tried_before;
    search->failed_before[0] = 0;
    search->learnt_failed_before[0] = 0;
    search->learnt_tried_before[0] = 0;
    baseline_add_up(data->failed, data->hours, 0, search->failed_before);
    add_up_learnt(search, 0);
    for (size_t h = 0; h < search->data.hours; h += BASELINE_DAY_HOURS) {
        search->days[h / BASELINE_DAY_HOURS] =
            (struct episode_day){1, SIZE_MAX};
        s.begin = h;
        take_day(&s, search);
    }
}
