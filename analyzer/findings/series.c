/* SPDX-License-Identifier: MIT */
/*
 * A point is one word of 32 bits: the hour, and the count around the middle of
 * the bits that are left.  Where these do not suffice they are 0, and the
 * count is the next word.  A store of millions of rows has as many points, and
 * almost all counts are small: this is most of the memory of a nightly run.
 */
#include "findings/series.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_CAPACITY = 1024,
    COUNT_BITS = 32 - SERIES_HOUR_BITS,
    MIDDLE = 1 << (COUNT_BITS - 1),
    COUNT = (1 << COUNT_BITS) - 1
};

/* --- making --------------------------------------------------------------- */

void series_begin(struct series_list *list, uint32_t item, uint32_t reply)
{
    if (list->n == list->cap) {
        list->cap = list->cap != 0 ? 2 * list->cap : FIRST_CAPACITY;
        list->series =
            memory_grow(list->series, list->cap, sizeof *list->series);
    }
    list->series[list->n++] = (struct series){item, reply, NULL, 0};
}

static void grow(struct series_list *list)
{
    list->words_cap =
        list->words_cap != 0 ? 2 * list->words_cap : FIRST_CAPACITY;
    list->words =
        memory_grow(list->words, list->words_cap, sizeof *list->words);
}

static inline void put(struct series_list *list, uint32_t word)
{
    if (list->n_words == list->words_cap) {
        grow(list);
    }
    list->words[list->n_words++] = word;
    list->series[list->n - 1].n++;
}

static int32_t clamp(int64_t n)
{
    return n > INT32_MAX ? INT32_MAX : n < INT32_MIN ? INT32_MIN : (int32_t)n;
}

void series_append(struct series_list *list, uint32_t hour, int64_t n)
{
    bool fits = n > -MIDDLE && n < MIDDLE;
    put(list, hour << COUNT_BITS | (fits ? (uint32_t)(n + MIDDLE) : 0));
    if (!fits) {
        put(list, (uint32_t)clamp(n));
    }
}

void series_finish(struct series_list *list)
{
    size_t at = 0;
    for (size_t i = 0; i < list->n; i++) {
        list->series[i].words = list->words + at;
        at += list->series[i].n;
    }
}

void series_free(struct series_set *set)
{
    for (size_t i = 0; set != NULL && i < SERIES_DIMENSIONS; i++) {
        free(set->lists[i].words);
        free(set->lists[i].series);
    }
    free(set);
}

/* --- reading -------------------------------------------------------------- */

/* The place of the first series that is not before (item, reply). */
static size_t lower_bound(
    const struct series_list *list, uint32_t item, uint32_t reply)
{
    size_t low = 0;
    size_t high = list->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct series *s = &list->series[middle];
        if (s->item < item || (s->item == item && s->reply < reply)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct series *series_find(
    const struct series_list *list, uint32_t item, uint32_t reply)
{
    size_t at = lower_bound(list, item, reply);
    return at < list->n && list->series[at].item == item &&
                   list->series[at].reply == reply
               ? &list->series[at]
               : NULL;
}

const struct series *series_of(
    const struct series_list *list, uint32_t item, size_t *n)
{
    size_t from = lower_bound(list, item, 0);
    size_t to = from;
    while (to < list->n && list->series[to].item == item) {
        to++;
    }
    *n = to - from;
    return *n > 0 ? list->series + from : NULL;
}

/* The count of the point at ${at}, which goes behind it. */
static inline int32_t take(const struct series *s, size_t *at)
{
    uint32_t count = s->words[(*at)++] & COUNT;
    return count != 0 ? (int32_t)count - MIDDLE : (int32_t)s->words[(*at)++];
}

static inline size_t hour_at(const struct series *s, size_t at)
{
    return s->words[at] >> COUNT_BITS;
}

bool series_next(const struct series *s, size_t *at, struct series_point *p)
{
    if (*at >= s->n) {
        return false;
    }
    p->hour = hour_at(s, *at);
    p->n = take(s, at);
    return true;
}

size_t series_first(const struct series *s)
{
    return hour_at(s, 0);
}

size_t series_last(const struct series *s)
{
    struct series_point p = {0, 0};
    for (size_t at = 0; series_next(s, &at, &p);) {
    }
    return p.hour;
}

int64_t series_sum(const struct series *s, size_t from, size_t to)
{
    int64_t sum = 0;
    for (size_t i = 0; i < s->n && hour_at(s, i) < to;) {
        bool counts = hour_at(s, i) >= from;
        int32_t n = take(s, &i);
        sum += counts ? n : 0;
    }
    return sum;
}

void series_spread(const struct series *s, double sign, double *out)
{
    for (size_t i = 0; i < s->n;) {
        size_t hour = hour_at(s, i);
        out[hour] += sign * take(s, &i);
    }
}
