/* SPDX-License-Identifier: MIT */
/*
 * The same baseline that shifts are judged by, of all causes together.
 */
#include "findings/band.h"

#include "findings/baseline.h"

#include <math.h>
#include <stdlib.h>

enum { HOUR = 3600, DAY = 86400 };

/* 95 % of a normal distribution lie so many deviations around the mean. */
#define DEVIATIONS 1.96
#define NO_BASELINE (-1.0)

struct band {
    const struct evidence *e;
    double *failed;
    double *tried;
    double *failed_before;
    double *tried_before;
    struct baseline_data data;
};

static double spread(struct band *b, bool inbound)
{
    double all = 0;
    size_t n = 0;
    const struct series *series =
        series_of(&b->e->set->lists[SERIES_EVERYTHING], 0, &n);
    for (size_t i = 0; i < n; i++) {
        const struct kinds_reply *r = kinds_reply(b->e->kinds, &series[i]);
        if (r != NULL && b->e->kinds->list[r->kind].inbound == inbound) {
            series_spread(&series[i], 1, b->failed);
        } else if (series[i].reply ==
                   (inbound ? SERIES_TRIED_INBOUND : SERIES_TRIED_OUTBOUND)) {
            series_spread(&series[i], 1, b->tried);
        }
    }
    for (size_t h = 0; h < b->e->set->hours; h++) {
        b->tried[h] = fmax(b->tried[h], b->failed[h]);
        all += b->tried[h];
    }
    baseline_add_up(b->failed, b->e->set->hours, 0, b->failed_before);
    baseline_add_up(b->tried, b->e->set->hours, 0, b->tried_before);
    return all;
}

static struct finding_point point_of(
    const struct band *b, const struct baseline *usual, size_t hour)
{
    struct finding_point p = {.time = b->e->set->since + (int64_t)hour * HOUR,
        .observed = b->failed[hour],
        .expected = NO_BASELINE};
    if (usual != NULL) {
        double mean = baseline_mean(usual, &b->data, hour);
        double wide = DEVIATIONS *
                      sqrt(mean + baseline_dispersion(usual, 1) * mean * mean);
        p.expected = mean;
        p.low = fmax(0, mean - wide);
        p.high = mean + wide;
    }
    return p;
}

static void fill(struct band *b, struct finding_band *out)
{
    const struct evidence *e = b->e;
    int64_t since = e->search->since - e->set->since;
    size_t from = since > 0 ? (size_t)(since / HOUR) : 0;
    struct finding_point *points =
        arena_alloc(e->search->arena, (e->set->hours + 1) * sizeof *points);
    struct baseline usual;
    struct baseline_window window = {.n = 0};
    bool known = false;
    size_t past =
        (size_t)e->search->settings->baseline_days * BASELINE_DAY_HOURS;
    for (size_t h = from; h < e->set->hours; h++) {
        size_t day = h / BASELINE_DAY_HOURS * BASELINE_DAY_HOURS;
        if (h == from || h == day) {
            baseline_slide(&window, &b->data, day > past ? day - past : 0, day);
            known = baseline_fit(&usual, &b->data, &window);
            if (known) {
                baseline_disperse(&usual, &b->data);
            }
        }
        points[out->n_points++] = point_of(b, known ? &usual : NULL, h);
    }
    out->points = points;
}

size_t band_make(const struct evidence *e, struct finding_band *bands)
{
    size_t n = 0;
    for (int inbound = 0; inbound < 2; inbound++) {
        size_t hours = e->set->hours + 1;
        struct band b = {e, memory_zalloc(hours, sizeof *b.failed),
            memory_zalloc(hours, sizeof *b.tried),
            memory_zalloc(hours, sizeof *b.failed_before),
            memory_zalloc(hours, sizeof *b.tried_before), {0}};
        b.data = (struct baseline_data){b.failed, b.tried, b.failed, b.tried,
            b.failed_before, b.tried_before, e->set->hours,
            baseline_weekday(e->set->since + e->search->settings->zone_offset)};
        if (spread(&b, inbound == 1) > 0) {
            bands[n] = (struct finding_band){
                .direction = inbound == 1 ? "inbound" : "outbound",
                .measure = "failures",
                .step = HOUR};
            fill(&b, &bands[n++]);
        }
        free(b.failed);
        free(b.tried);
        free(b.failed_before);
        free(b.tried_before);
    }
    return n;
}
