/* SPDX-License-Identifier: MIT */
/*
 * A cell is one way to fail in one place (a provider, a domain, a host, a block
 * list that the replies name, …).
 * All cells are tested day by day (findings/episode.h); as there are many
 * thousands, the days' probabilities are judged together, by Benjamini and
 * Hochberg's rule for each day, so that of all cells found at most a twentieth
 * is an accident.  Judging each day by itself keeps tonight's answer about
 * yesterday what it was.
 *
 * Most cells have fewer failures than would be reported at all: they are
 * counted as tests, but not looked at.
 */
#include "findings/shift.h"

#include "findings/episode.h"
#include "findings/sentence.h"

#include <math.h>
#include <stdlib.h>

enum { HOUR = 3600, DAY = 86400, N_BEFORE = 3 };

/* A cell with its days and episodes. */
struct cell {
    enum series_dimension dimension;
    uint32_t item;
    uint32_t kind;
    uint32_t zone; /* of a block list; 0: any or none */
    struct episode_day *days;
    struct episode *episodes;
    size_t n_episodes;
};

struct shift {
    struct search *search;
    const struct series_set *set;
    const struct kinds *kinds;
    size_t n_days;
    size_t first_day; /* first that is asked for */
    double *tried[2]; /* scratch, one number an hour: outbound, inbound */
    double *all;
    double *failed;
    double *learnt_failed;
    double *learnt_tried;
    double *before[N_BEFORE]; /* one more than hours */
    bool *excluded;
    double *by_day; /* scratch, one number a day */
    struct episode *episodes;
    bool *seen;     /* scratch, by kind and zone */
    size_t n_tests; /* cells in all */
    struct cell *cells;
    size_t n;
    size_t cap;
    double *threshold; /* by day: what p is small enough */
};

/* --- looking at one item -------------------------------------------------- */

/* Whether as much fails within some 24 hours asked for as would be told. */
static bool is_candidate(const struct shift *x)
{
    double sum = 0;
    size_t from = x->first_day * BASELINE_DAY_HOURS;
    for (size_t h = from; h < x->set->hours; h++) {
        sum += x->failed[h];
        if (h >= from + BASELINE_DAY_HOURS) {
            sum -= x->failed[h - BASELINE_DAY_HOURS];
        }
        if (sum >= x->search->settings->min_excess) {
            return true;
        }
    }
    return false;
}

static struct cell *add_cell(struct shift *x)
{
    if (x->n == x->cap) {
        x->cap = x->cap != 0 ? 2 * x->cap : 64;
        x->cells = memory_grow(x->cells, x->cap, sizeof *x->cells);
    }
    return &x->cells[x->n++];
}

static void examine(struct shift *x, const struct cell *which)
{
    const struct findings_settings *settings = x->search->settings;
    const double *tried = x->tried[x->kinds->list[which->kind].inbound];
    for (size_t h = 0; h < x->set->hours; h++) {
        x->all[h] = tried[h] > x->failed[h] ? tried[h] : x->failed[h];
    }
    struct episode_day *days = memory_alloc(x->n_days * sizeof *days);
    struct episode_search search = {
        .data = {.failed = x->failed,
            .tried = x->all,
            .hours = x->set->hours,
            .weekday = baseline_weekday(x->set->since + settings->zone_offset)},
        .excluded = x->excluded,
        .learnt_failed = x->learnt_failed,
        .learnt_tried = x->learnt_tried,
        .learnt_failed_before = x->before[0],
        .learnt_tried_before = x->before[1],
        .failed_before = x->before[2],
        .baseline_hours = (size_t)settings->baseline_days * BASELINE_DAY_HOURS,
        .least_excess = settings->min_excess,
        .least_ratio = settings->min_ratio,
        .episodes = x->episodes,
        .days = days};
    episode_find(&search);
    if (search.n == 0) {
        free(days);
        return;
    }
    struct cell *cell = add_cell(x);
    *cell = *which;
    cell->days = days;
    cell->n_episodes = search.n;
    cell->episodes = memory_alloc(search.n * sizeof *cell->episodes);
    memcpy(cell->episodes, search.episodes, search.n * sizeof *cell->episodes);
}

static bool belongs(
    const struct shift *x, const struct cell *which, const struct series *one)
{
    const struct kinds_reply *reply = kinds_reply(x->kinds, one);
    return reply != NULL && reply->kind == which->kind &&
           (which->zone == 0 || reply->zone == which->zone);
}

/* Add up the series of one cell among the ${n} of its item. */
static void spread_failed(struct shift *x, const struct cell *which,
    const struct series *series, size_t n)
{
    memset(x->failed, 0, x->set->hours * sizeof *x->failed);
    for (size_t i = 0; i < n; i++) {
        if (belongs(x, which, &series[i])) {
            series_spread(&series[i], 1, x->failed);
        }
    }
    /* attributions move counts between senders and may leave less than 0 */
    for (size_t h = 0; h < x->set->hours; h++) {
        x->failed[h] = x->failed[h] > 0 ? x->failed[h] : 0;
    }
}

static void spread_tried(struct shift *x, const struct series *series, size_t n)
{
    for (size_t i = 0; i < 2; i++) {
        memset(x->tried[i], 0, x->set->hours * sizeof *x->tried[i]);
    }
    for (size_t i = 0; i < n && series[i].reply < SERIES_REPLY; i++) {
        series_spread(&series[i], 1, x->tried[series[i].reply]);
    }
}

/* Whether as much fails within two days asked for as would be told of one: a
 * first look that goes over the attempts there are and not over hours. */
static bool may_be_candidate(struct shift *x, const struct cell *which,
    const struct series *series, size_t n)
{
    memset(x->by_day, 0, x->n_days * sizeof *x->by_day);
    for (size_t i = 0; i < n; i++) {
        struct series_point p;
        for (size_t at = 0; belongs(x, which, &series[i]) &&
                            series_next(&series[i], &at, &p);) {
            x->by_day[p.hour / BASELINE_DAY_HOURS] += p.n > 0 ? p.n : 0;
        }
    }
    double before = 0;
    for (size_t d = x->first_day; d < x->n_days; d++) {
        if (before + x->by_day[d] >= x->search->settings->min_excess) {
            return true;
        }
        before = x->by_day[d];
    }
    return false;
}

/* Strangers' domains that send us mail come and go. */
static bool is_tested(enum series_dimension dimension, const struct kind *kind)
{
    return strcmp(kind->cause, "ok") != 0 &&
           !(kind->inbound &&
               (dimension == SERIES_SENDER || dimension == SERIES_PROVIDER));
}

static void look_at_cell(struct shift *x, const struct cell *which,
    const struct series *series, size_t n)
{
    x->n_tests++;
    if (!may_be_candidate(x, which, series, n)) {
        return;
    }
    spread_failed(x, which, series, n);
    if (is_candidate(x)) {
        spread_tried(x, series, n);
        examine(x, which);
    }
}

static void look_at_item(struct shift *x, enum series_dimension dimension,
    const struct series *series, size_t n)
{
    memset(x->seen, 0, x->kinds->n * sizeof *x->seen);
    for (size_t i = 0; i < n; i++) {
        const struct kinds_reply *reply = kinds_reply(x->kinds, &series[i]);
        if (reply != NULL && !x->seen[reply->kind]) {
            x->seen[reply->kind] = true;
            struct cell which = {.dimension = dimension,
                .item = series->item,
                .kind = reply->kind};
            if (is_tested(dimension, &x->kinds->list[reply->kind])) {
                look_at_cell(x, &which, series, n);
            }
        }
    }
}

/* A list is known by the replies that name it, wherever they come from. */
static void look_at_zones(struct shift *x)
{
    size_t n = 0;
    uint32_t n_zones = x->kinds->n_zones;
    const struct series *series =
        series_of(&x->set->lists[SERIES_EVERYTHING], 0, &n);
    memset(x->seen, 0, x->kinds->n * n_zones * sizeof *x->seen);
    for (size_t i = 0; i < n; i++) {
        const struct kinds_reply *reply = kinds_reply(x->kinds, &series[i]);
        if (reply == NULL || reply->zone == 0 ||
            x->seen[reply->kind * n_zones + reply->zone]) {
            continue;
        }
        x->seen[reply->kind * n_zones + reply->zone] = true;
        struct cell which = {.dimension = SERIES_EVERYTHING,
            .kind = reply->kind,
            .zone = reply->zone};
        if (is_tested(SERIES_EVERYTHING, &x->kinds->list[reply->kind])) {
            look_at_cell(x, &which, series, n);
        }
    }
}

static void look_at_all(struct shift *x)
{
    for (int d = 0; d < SERIES_DIMENSIONS; d++) {
        const struct series_list *list = &x->set->lists[d];
        for (size_t i = 0; i < list->n;) {
            size_t n = 0;
            const struct series *first =
                series_of(list, list->series[i].item, &n);
            look_at_item(x, (enum series_dimension)d, first, n);
            i += n;
        }
    }
    look_at_zones(x);
}

/* --- false discoveries ---------------------------------------------------- */

static int compare_p(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Benjamini and Hochberg: the greatest of the sorted p that is at most rate *
 * rank / tests. */
static double threshold_of(double *p, size_t n, double n_tests, double rate)
{
    qsort(p, n, sizeof *p, compare_p);
    for (size_t i = n; i > 0; i--) {
        if (p[i - 1] <= rate * (double)i / n_tests) {
            return p[i - 1];
        }
    }
    return -1;
}

static void judge_days(struct shift *x)
{
    double *p = memory_alloc((x->n + 1) * sizeof *p);
    for (size_t d = x->first_day; d < x->n_days; d++) {
        for (size_t i = 0; i < x->n; i++) {
            p[i] = x->cells[i].days[d].p;
        }
        x->threshold[d] = threshold_of(
            p, x->n, (double)x->n_tests, x->search->settings->false_discovery);
    }
    free(p);
}

/* --- telling -------------------------------------------------------------- */

static int64_t time_of(const struct shift *x, size_t hour)
{
    return x->set->since + (int64_t)hour * HOUR;
}

/* Whether episode ${at} of ${c} was judged true on one of its days. */
static bool is_true(const struct shift *x, const struct cell *c, size_t at)
{
    for (size_t d = x->first_day; d < x->n_days; d++) {
        if (c->days[d].episode == at && c->days[d].p <= x->threshold[d]) {
            return true;
        }
    }
    return false;
}

static enum finding_scope scope_of(const struct cell *c)
{
    static const enum finding_scope scopes[SERIES_DIMENSIONS] = {
        SCOPE_EVERYTHING, SCOPE_PROVIDER, SCOPE_RECIPIENT_DOMAIN,
        SCOPE_SENDER_DOMAIN, SCOPE_HOST};
    return c->zone != 0 ? SCOPE_DNSBL : scopes[c->dimension];
}

static void tell(struct shift *x, const struct cell *c, const char *name,
    const struct episode *e)
{
    struct search *s = x->search;
    const struct kind *kind = &x->kinds->list[c->kind];
    struct finding *f = search_add(s);
    s->places[s->n - 1] = (struct search_place){
        true, (int)c->dimension, c->item, c->kind, c->zone};
    f->kind = FINDING_SHIFT;
    f->scope = scope_of(c);
    f->name = name;
    f->dnsbl = x->kinds->zones[c->zone];
    f->direction = kind->direction;
    f->cause = kind->cause;
    f->detail = kind->detail;
    f->since = time_of(x, e->from);
    f->until = e->open ? 0 : time_of(x, e->to);
    f->last_seen = time_of(x, e->to) - 1;
    if (f->last_seen >= s->end) {
        f->last_seen = s->end - 1;
    }
    f->observed = e->failed;
    f->expected = e->expected;
    f->excess = e->failed - e->expected;
    f->tried = e->tried;
    f->confidence = 1 - fmin(e->p * (double)x->n_tests, 1);
    f->headline = sentence_shift(s, f);
}

/* The latest true episode is the finding, others are told beside it. */
static void tell_cell(struct shift *x, const struct cell *c)
{
    const char *name = c->zone != 0
                           ? x->kinds->zones[c->zone]
                           : kinds_name(x->search, c->dimension, c->item);
    bool found = false;
    if (c->dimension != SERIES_EVERYTHING &&
        (name[0] == '\0' || strcmp(name, "?") == 0)) {
        return;
    }
    for (size_t i = c->n_episodes; i > 0; i--) {
        const struct episode *e = &c->episodes[i - 1];
        if (e->to <= x->first_day * BASELINE_DAY_HOURS ||
            !is_true(x, c, i - 1)) {
            continue;
        }
        if (!found) {
            tell(x, c, name, e);
            found = true;
        } else {
            struct search *s = x->search;
            search_note(s, &s->items[s->n - 1],
                sentence_earlier(s, time_of(x, e->from), time_of(x, e->to),
                    e->failed, e->expected));
        }
    }
}

/* --- all ------------------------------------------------------------------ */

static void begin(struct shift *x)
{
    size_t n = x->set->hours + 1;
    x->n_days = (x->set->hours + BASELINE_DAY_HOURS - 1) / BASELINE_DAY_HOURS;
    int64_t since = x->search->since - x->set->since;
    x->first_day = since > 0 ? (size_t)(since / DAY) : 0;
    for (size_t i = 0; i < 2; i++) {
        x->tried[i] = memory_zalloc(n, sizeof *x->tried[i]);
    }
    x->all = memory_zalloc(n, sizeof *x->all);
    x->failed = memory_zalloc(n, sizeof *x->failed);
    x->learnt_failed = memory_zalloc(n, sizeof *x->learnt_failed);
    x->learnt_tried = memory_zalloc(n, sizeof *x->learnt_tried);
    x->excluded = memory_zalloc(n, sizeof *x->excluded);
    for (size_t i = 0; i < N_BEFORE; i++) {
        x->before[i] = memory_zalloc(n, sizeof *x->before[i]);
    }
    x->by_day = memory_zalloc(x->n_days + 1, sizeof *x->by_day);
    x->episodes = memory_zalloc(x->n_days + 1, sizeof *x->episodes);
    x->seen =
        memory_zalloc(x->kinds->n * x->kinds->n_zones + 1, sizeof *x->seen);
    x->threshold = memory_zalloc(x->n_days + 1, sizeof *x->threshold);
}

static void end(struct shift *x)
{
    for (size_t i = 0; i < x->n; i++) {
        free(x->cells[i].days);
        free(x->cells[i].episodes);
    }
    free(x->cells);
    free(x->threshold);
    free(x->seen);
    for (size_t i = 0; i < N_BEFORE; i++) {
        free(x->before[i]);
    }
    free(x->by_day);
    free(x->episodes);
    free(x->excluded);
    free(x->failed);
    free(x->learnt_failed);
    free(x->learnt_tried);
    free(x->all);
    free(x->tried[0]);
    free(x->tried[1]);
}

void shift_find(
    struct search *s, const struct series_set *set, const struct kinds *kinds)
{
    struct shift x = {.search = s, .set = set, .kinds = kinds};
    begin(&x);
    look_at_all(&x);
    judge_days(&x);
    for (size_t i = 0; i < x.n; i++) {
        tell_cell(&x, &x.cells[i]);
    }
    end(&x);
}
