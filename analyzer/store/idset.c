/* SPDX-License-Identifier: MIT */
/*
 * A bit for each id, in pages made when an id falls into them: ids of names
 * are given in order from 1 on, so a set of a million takes 128 KiB at most.
 * Ids that are no such number (a store that somebody filled by hand) are
 * refused rather than miscounted.
 */
#include "store/idset.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
    PAGE_BITS = 1 << 15,
    WORD_BITS = 64,
    PAGE_WORDS = PAGE_BITS / WORD_BITS
};

/* Ids from here on are no ids of names. */
static const int64_t LARGEST = INT64_C(1) << 32;

static uint64_t *page_of(struct idset *set, size_t i)
{
    if (i >= set->n_pages) {
        size_t n = i + 1 > 2 * set->n_pages ? i + 1 : 2 * set->n_pages;
        set->pages = memory_grow(set->pages, n, sizeof(*set->pages));
        memset(set->pages + set->n_pages, 0,
            (n - set->n_pages) * sizeof(*set->pages));
        set->n_pages = n;
    }
    if (set->pages[i] == NULL) {
        set->pages[i] = memory_zalloc(PAGE_WORDS, sizeof(uint64_t));
    }
    return set->pages[i];
}

bool idset_add(struct idset *set, int64_t id)
{
    if (id < 0 || id >= LARGEST) {
        return false;
    }
    uint64_t *page = page_of(set, (size_t)(id / PAGE_BITS));
    uint64_t *word = &page[id % PAGE_BITS / WORD_BITS];
    uint64_t bit = UINT64_C(1) << (id % WORD_BITS);
    set->n += (*word & bit) == 0;
    *word |= bit;
    return true;
}

void idset_free(struct idset *set)
{
    for (size_t i = 0; i < set->n_pages; i++) {
        free(set->pages[i]);
    }
    free(set->pages);
    *set = (struct idset){.pages = NULL};
}
