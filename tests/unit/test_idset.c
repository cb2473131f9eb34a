/* SPDX-License-Identifier: MIT */
#include "store/idset.h"

#include <criterion/criterion.h>

Test(idset, counts_each_id_once)
{
    static const struct {
        const char *name;
        int64_t ids[6];
        size_t n;
        int64_t want;
    } rows[] = {
        {"none", {0}, 0, 0},
        {"one", {7}, 1, 1},
        {"zero is an id", {0, 0}, 2, 1},
        {"again", {7, 7, 7}, 3, 1},
        {"bits of one word", {0, 63, 1, 63}, 4, 3},
        {"words of one page", {63, 64, 127, 128}, 4, 4},
        {"pages, backwards", {98304, 65536, 32768, 32767, 32768}, 5, 4},
        {"far apart", {1, 4294967295, 1, 4294967295}, 4, 2},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct idset set = {.pages = NULL};
        for (size_t j = 0; j < rows[i].n; j++) {
            cr_expect(idset_add(&set, rows[i].ids[j]), "%s", rows[i].name);
        }
        cr_expect_eq(
            set.n, rows[i].want, "%s: %lld", rows[i].name, (long long)set.n);
        idset_free(&set);
    }
}

Test(idset, refuses_what_is_no_id)
{
    static const int64_t no_ids[] = {-1, INT64_MIN, 4294967296, INT64_MAX};
    struct idset set = {.pages = NULL};
    for (size_t i = 0; i < sizeof(no_ids) / sizeof(no_ids[0]); i++) {
        cr_expect_not(idset_add(&set, no_ids[i]), "row %zu", i);
    }
    cr_expect_eq(set.n, 0);
    idset_free(&set);
}
