/* SPDX-License-Identifier: MIT */
#include "aggregate/samples.h"

#include <criterion/criterion.h>

static const int64_t hashes[] = {50, -3, 7, 7, 90, INT64_MIN, 8, -3, 1};

static void expect_best(struct samples *s)
{
    static const int64_t want[] = {INT64_MIN, -3, 1};
    size_t n = 0;
    const struct sample *got = samples_get(s, 4, &n);
    cr_assert_eq(n, 3);
    for (size_t i = 0; i < n; i++) {
        cr_assert_eq(got[i].hash, want[i], "place %zu", i);
        cr_assert_eq(got[i].time, want[i] / 2, "place %zu", i);
    }
}

Test(samples, smallest_hashes_are_kept_in_any_order)
{
    struct samples *s = samples_create(NULL);
    size_t n_hashes = sizeof(hashes) / sizeof(hashes[0]);
    for (size_t shift = 0; shift < n_hashes; shift++) {
        for (size_t i = 0; i < n_hashes; i++) {
            int64_t hash = hashes[(i + shift) % n_hashes];
            samples_add(s, 4,
                (struct sample){hash, hash / 2, SPAN_LITERAL("line")}, NULL);
        }
        expect_best(s);
        samples_reset(s);
    }
    size_t n = 9;
    samples_get(s, 4, &n);
    cr_assert_eq(n, 0);
    samples_free(s);
    samples_free(NULL);
}

Test(samples, replies_are_apart)
{
    struct samples *s = samples_create(NULL);
    samples_add(s, 0, (struct sample){1, 1, SPAN_LITERAL("a")}, NULL);
    samples_add(s, 900, (struct sample){2, 2, SPAN_LITERAL("b")}, NULL);
    size_t n = 0;
    cr_assert_eq(samples_get(s, 900, &n)->hash, 2);
    cr_assert_eq(n, 1);
    samples_get(s, 899, &n);
    cr_assert_eq(n, 0);
    cr_assert(samples_bytes(s) > 0);
    samples_free(s);
}
