/* SPDX-License-Identifier: MIT */
#include "findings/episode.h"
#include "findings/nbinom.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

/* --- nbinom: values by summing the probabilities (R: pnbinom) --------------
 */

static const struct {
    const char *name;
    double count;
    double mean;
    double alpha;
    double tail;
} tails[] = {
    {"nothing is certain", 0, 5, 0.2, 1},
    {"one of a half", 1, 0.5, 1, 1.0 / 3},
    {"geometric", 3, 1, 1, 0.125},
    {"nothing can come of nothing", 1, 0, 0.2, 0},
    {"far tail", 20, 1, 1, 9.5367431640625e-7},
    {"size two", 2, 2, 0.5, 0.5},
};

Test(nbinom, tails)
{
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        double p = nbinom_tail(tails[i].count, tails[i].mean, tails[i].alpha);
        cr_expect(fabs(p - tails[i].tail) <= 1e-9 * tails[i].tail + 1e-15,
            "%s: %.12g", tails[i].name, p);
    }
}

Test(nbinom, gain_favours_what_came)
{
    cr_expect_gt(nbinom_gain(30, 10, 3, 0.1), 0);
    cr_expect_lt(nbinom_gain(10, 10, 3, 0.1), 0);
}

/* --- episodes ---------------------------------------------------------------
 */

enum { DAYS = 30, HOURS = DAYS * 24 };

struct mail {
    double failed[HOURS];
    double tried[HOURS];
    bool excluded[HOURS];
    double learnt_failed[HOURS];
    double learnt_tried[HOURS];
    double before[3][HOURS + 1];
    struct episode episodes[DAYS + 1];
    struct episode_day days[DAYS];
    struct episode_search search;
};

/* 40 attempts an hour by day, 4 by night; of 50, one fails. */
static struct mail *ordinary(void)
{
    struct mail *m = calloc(1, sizeof *m);
    for (size_t h = 0; h < HOURS; h++) {
        m->tried[h] = h % 24 >= 8 && h % 24 < 20 ? 40 : 4;
        m->failed[h] = m->tried[h] > 4 ? (double)(h * 7 % 5 < 4) : 0;
    }
    m->search = (struct episode_search){.data = {.failed = m->failed,
                                            .tried = m->tried,
                                            .hours = HOURS,
                                            .weekday = 1},
        .excluded = m->excluded,
        .learnt_failed = m->learnt_failed,
        .learnt_tried = m->learnt_tried,
        .learnt_failed_before = m->before[0],
        .learnt_tried_before = m->before[1],
        .failed_before = m->before[2],
        .baseline_hours = 28 * 24,
        .least_excess = 10,
        .least_ratio = 1.5,
        .episodes = m->episodes,
        .days = m->days};
    return m;
}

static void add_failures(struct mail *m, size_t from, size_t hours, double each)
{
    for (size_t h = from; h < from + hours && h < HOURS; h++) {
        m->failed[h] += each;
        m->tried[h] += each;
    }
}

Test(episode, ordinary_days_say_nothing)
{
    struct mail *m = ordinary();
    episode_find(&m->search);
    cr_expect_eq(m->search.n, 0);
    free(m);
}

Test(episode, growth_says_nothing)
{
    struct mail *m = ordinary();
    for (size_t h = 25 * 24; h < HOURS; h++) {
        m->failed[h] *= 5;
        m->tried[h] *= 5;
    }
    episode_find(&m->search);
    cr_expect_eq(m->search.n, 0);
    free(m);
}

static const struct {
    const char *name;
    size_t from;
    size_t hours;
    double each;
    bool open;
} incidents[] = {
    {"an hour", 26 * 24 + 10, 1, 20, false},
    {"an afternoon", 26 * 24 + 13, 5, 10, false},
    {"over midnight", 26 * 24 + 18, 12, 10, false},
    {"two days", 25 * 24 + 9, 48, 10, false},
    {"goes on", 28 * 24 + 10, 38, 10, true},
};

Test(episode, incidents_are_found)
{
    for (size_t i = 0; i < sizeof incidents / sizeof incidents[0]; i++) {
        struct mail *m = ordinary();
        add_failures(
            m, incidents[i].from, incidents[i].hours, incidents[i].each);
        episode_find(&m->search);
        const struct episode *e = &m->episodes[0];
        cr_assert_eq(m->search.n, 1, "%s: %zu", incidents[i].name, m->search.n);
        cr_expect_eq(
            e->from, incidents[i].from, "%s: %zu", incidents[i].name, e->from);
        cr_expect_eq(e->to, incidents[i].from + incidents[i].hours, "%s: %zu",
            incidents[i].name, e->to);
        cr_expect_eq(e->open, incidents[i].open, "%s", incidents[i].name);
        cr_expect_lt(e->p, 1e-4, "%s: %g", incidents[i].name, e->p);
        free(m);
    }
}

Test(episode, small_numbers_say_nothing)
{
    struct mail *m = ordinary();
    for (size_t h = 0; h < HOURS; h++) {
        m->tried[h] = h % 24 == 9;
        m->failed[h] = 0;
    }
    add_failures(m, 27 * 24 + 9, 3, 2);
    episode_find(&m->search);
    cr_expect_eq(m->search.n, 0);
    free(m);
}

Test(episode, an_earlier_incident_does_not_hide_a_later_one)
{
    struct mail *m = ordinary();
    add_failures(m, 12 * 24 + 8, 30, 60);
    add_failures(m, 27 * 24 + 9, 4, 15);
    episode_find(&m->search);
    cr_assert_eq(m->search.n, 2);
    cr_expect_eq(m->episodes[1].from, 27 * 24 + 9);
    cr_expect_lt(m->episodes[1].expected, 10);
    free(m);
}
