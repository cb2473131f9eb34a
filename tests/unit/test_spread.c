/* SPDX-License-Identifier: MIT */
#include "base/spread.h"

#include <criterion/criterion.h>
#include <stdatomic.h>

enum { MOST = 1000 };

struct seen {
    atomic_int times[MOST];
};

static void see(void *context, size_t i)
{
    struct seen *s = context;
    atomic_fetch_add(&s->times[i], 1);
}

Test(spread, each_piece_once)
{
    static const size_t sizes[] = {0, 1, 2, 3, 4, 5, 64, MOST};
    for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
        struct seen s = {.times = {0}};
        spread_over(sizes[k], see, &s);
        for (size_t i = 0; i < MOST; i++) {
            cr_expect_eq(atomic_load(&s.times[i]), i < sizes[k],
                "piece %zu of %zu", i, sizes[k]);
        }
    }
}
