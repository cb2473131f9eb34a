/* SPDX-License-Identifier: MIT */
#include "aggregate/fact_log.h"

#include "base/memory.h"

#include <stdlib.h>

enum {
    /* The table goes to the list when it has so many facts ... */
    MOST_RECENT = 4096,
    /* ... or with the end of an hour, if it has as many as this: lines about
       the full hour may go back and forth. */
    ENOUGH_FOR_AN_HOUR = 1024,
    FIRST_CAP = 4096
};

void fact_log_init(struct fact_log *l)
{
    *l = (struct fact_log){.n = 0};
    hashtable_init(&l->recent, sizeof(struct fact), sizeof(int64_t));
}

void fact_log_add(struct fact_log *l, const struct fact *fact, int64_t n)
{
    bool new_hour = fact->hour != l->hour;
    if (l->recent.n >= MOST_RECENT ||
        (new_hour && l->recent.n >= ENOUGH_FOR_AN_HOUR)) {
        fact_log_settle(l);
    }
    l->hour = fact->hour;
    *(int64_t *)hashtable_add(&l->recent, fact) += n;
}

static void make_room(struct fact_log *l, uint32_t n)
{
    if (l->n + n <= l->cap) {
        return;
    }
    uint32_t cap = l->cap > 0 ? l->cap + l->cap / 2 : FIRST_CAP;
    l->cap = cap > l->n + n ? cap : l->n + n;
    l->facts = memory_grow(l->facts, l->cap, sizeof(*l->facts));
}

void fact_log_settle(struct fact_log *l)
{
    make_room(l, l->recent.n);
    for (uint32_t i = 0; i < l->recent.n; i++) {
        const struct fact *fact = hashtable_key(&l->recent, i);
        const int64_t *n = hashtable_value(&l->recent, i);
        l->facts[l->n++] = (struct counted_fact){*fact, *n};
    }
    hashtable_reset(&l->recent);
}

bool fact_log_is_empty(const struct fact_log *l)
{
    return l->n == 0 && l->recent.n == 0;
}

size_t fact_log_bytes(const struct fact_log *l)
{
    return hashtable_bytes(&l->recent) + (size_t)l->n * sizeof(*l->facts);
}

void fact_log_reset(struct fact_log *l)
{
    hashtable_reset(&l->recent);
    l->n = 0;
}

void fact_log_free(struct fact_log *l)
{
    hashtable_free(&l->recent);
    free(l->facts);
    l->facts = NULL;
    l->n = 0;
    l->cap = 0;
}
