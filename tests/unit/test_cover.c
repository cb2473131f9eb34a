/* SPDX-License-Identifier: MIT */
#include "report/cover.h"

#include "store/rollup.h"
#include "store_fixture.h"

#include <criterion/criterion.h>

enum { DAY = 24, N_DAYS = 700, N_RANDOM = 4000 };

static int64_t begin_of(const struct cover_stretch *s)
{
    return s->level == COVER_FACTS ? s->from
                                   : s->from * timeblock_hours(s->level);
}

static int64_t end_of(const struct cover_stretch *s)
{
    return s->level == COVER_FACTS ? s->until
                                   : s->until * timeblock_hours(s->level);
}

/* The part of a stretch where something is. */
static int64_t within(int64_t hour, struct cover_hours there)
{
    return hour < there.since   ? there.since
           : hour > there.until ? there.until
                                : hour;
}

/* Behind each other, and all that is wanted and there, and nothing else. */
static void expect_covers(
    const struct cover *c, struct cover_hours wanted, struct cover_hours there)
{
    int64_t at = within(wanted.since, there);
    int64_t end = within(wanted.until, there);
    for (size_t i = 0; i < c->n; i++) {
        const struct cover_stretch *s = &c->stretches[i];
        cr_assert_lt(s->from, s->until);
        cr_assert_eq(within(begin_of(s), there), at, "%lld, %lld from %lld",
            (long long)wanted.since, (long long)wanted.until, (long long)at);
        at = within(end_of(s), there);
        /* it reaches out only where nothing is */
        cr_assert(begin_of(s) >= wanted.since || wanted.since <= there.since);
        cr_assert(end_of(s) <= wanted.until || wanted.until >= there.until);
    }
    cr_assert_eq(at, end > at && c->n == 0 ? at : end);
}

Test(cover, covers_every_period_once)
{
    uint64_t state = 1;
    for (int i = 0; i < N_RANDOM; i++) {
        int64_t first = DAY * (int64_t)store_fixture_random(&state, N_DAYS);
        struct cover_hours there = {first,
            first + DAY * (1 + (int64_t)store_fixture_random(&state, N_DAYS))};
        struct cover_hours wanted = {
            store_fixture_random(&state, 2 * N_DAYS * DAY), 0};
        wanted.until = wanted.since +
                       (int64_t)store_fixture_random(&state, 2 * N_DAYS * DAY);
        wanted.since = i % 5 == 0 ? INT64_MIN : wanted.since;
        wanted.until = i % 7 == 0 ? INT64_MAX : wanted.until;
        struct cover c;
        cover_find(&c, wanted, there, ROLLUP_DAYS, ROLLUP_TOP);
        expect_covers(&c, wanted, there);
        cover_find(&c, wanted, there, ROLLUP_HOURS, ROLLUP_HOURS);
        expect_covers(&c, wanted, there);
        cr_assert_leq(c.n, 1);
    }
}

Test(cover, takes_the_largest_blocks)
{
    static const struct {
        const char *name;
        struct cover_hours wanted;
        struct cover_hours there;
        size_t n;
        struct cover_stretch want[4];
    } rows[] = {
        {"all of it is one block, which reaches out at both ends",
            {INT64_MIN, INT64_MAX}, {100 * DAY, 190 * DAY}, 1, {{4, 0, 1}}},
        {"nothing", {10, 10}, {0, 512 * DAY}, 0, {{0}}},
        {"before all", {0, DAY}, {5 * DAY, 9 * DAY}, 0, {{0}}},
        {"behind all", {9 * DAY, INT64_MAX}, {5 * DAY, 9 * DAY}, 0, {{0}}},
        {"a day", {9 * DAY, 10 * DAY}, {0, 90 * DAY}, 1, {{1, 9, 10}}},
        {"some hours of it", {9 * DAY + 1, 10 * DAY - 1}, {0, 90 * DAY}, 1,
            {{COVER_FACTS, 9 * DAY + 1, 10 * DAY - 1}}},
        {"up and down", {6 * DAY + 23, 90 * DAY}, {0, 600 * DAY}, 4,
            {{COVER_FACTS, 6 * DAY + 23, 7 * DAY}, {1, 7, 8}, {2, 1, 11},
                {1, 88, 90}}},
        {"the end of the data is the end of a block", {80 * DAY, INT64_MAX},
            {0, 90 * DAY}, 1, {{2, 10, 12}}},
        {"before 1970", {INT64_MIN, INT64_MAX}, {-5 * DAY, -2 * DAY}, 1,
            {{4, -1, 0}}},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cover c;
        cover_find(&c, rows[i].wanted, rows[i].there, ROLLUP_DAYS, ROLLUP_TOP);
        for (size_t j = 0; j < c.n && j < rows[i].n; j++) {
            const struct cover_stretch *got = &c.stretches[j];
            const struct cover_stretch *want = &rows[i].want[j];
            cr_expect(got->level == want->level && got->from == want->from &&
                          got->until == want->until,
                "%s: %zu: level %d, %lld to %lld", rows[i].name, j, got->level,
                (long long)got->from, (long long)got->until);
        }
        cr_expect_eq(c.n, rows[i].n, "%s: %zu", rows[i].name, c.n);
    }
}
