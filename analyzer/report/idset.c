/* SPDX-License-Identifier: MIT */
/*
 * A bit for each id, in pages made when an id falls into them: ids of names
 * are given in order from 1 on, so a set of a million takes 128 KiB at most.
 * Ids that are no such number (a store that somebody filled by hand) are
 * refused rather than miscounted.
 */
#include "report/idset.h"

#include "base/diag.h"

#include <stdint.h>
#include <string.h>

enum { PAGE_BITS = 1 << 15, PAGE_WORDS = PAGE_BITS / 64 };

/* Ids above this are no ids of names. */
static const int64_t LARGEST = INT64_C(1) << 32;

/* Zeroed by SQLite. */
struct set {
    uint64_t **pages;
    size_t n_pages;
    int64_t n; /* ids in the set */
};

static uint64_t *page_of(struct set *set, size_t i)
{
    if (i >= set->n_pages) {
        size_t n = i + 1 > 2 * set->n_pages ? i + 1 : 2 * set->n_pages;
        uint64_t **pages = sqlite3_realloc64(set->pages, n * sizeof *pages);
        if (pages == NULL) {
            return NULL;
        }
        memset(pages + set->n_pages, 0, (n - set->n_pages) * sizeof *pages);
        set->pages = pages;
        set->n_pages = n;
    }
    if (set->pages[i] == NULL) {
        set->pages[i] = sqlite3_malloc64(PAGE_WORDS * sizeof(uint64_t));
        if (set->pages[i] != NULL) {
            memset(set->pages[i], 0, PAGE_WORDS * sizeof(uint64_t));
        }
    }
    return set->pages[i];
}

static void step(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    struct set *set = sqlite3_aggregate_context(context, sizeof *set);
    int64_t id = sqlite3_value_int64(values[0]);
    if (id < 0 || id >= LARGEST) {
        sqlite3_result_error(context, "count_ids: not an id", -1);
        return;
    }
    uint64_t *page =
        set != NULL ? page_of(set, (size_t)(id / PAGE_BITS)) : NULL;
    if (page == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    uint64_t *word = &page[id % PAGE_BITS / 64];
    uint64_t bit = UINT64_C(1) << (id % 64);
    set->n += (*word & bit) == 0;
    *word |= bit;
}

static void finish(sqlite3_context *context)
{
    struct set *set = sqlite3_aggregate_context(context, 0);
    if (set == NULL) {
        sqlite3_result_int64(context, 0);
        return;
    }
    sqlite3_result_int64(context, set->n);
    for (size_t i = 0; i < set->n_pages; i++) {
        sqlite3_free(set->pages[i]);
    }
    sqlite3_free(set->pages);
}

bool idset_register(sqlite3 *db)
{
    if (sqlite3_create_function(db, "count_ids", 1,
            SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, NULL, step,
            finish) != SQLITE_OK) {
        diag_error("count_ids: %s", sqlite3_errmsg(db));
        return false;
    }
    return true;
}
