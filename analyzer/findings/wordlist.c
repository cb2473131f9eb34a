/* SPDX-License-Identifier: MIT */
/*
 * Every number becomes one word: item, reply and hour, in as many bits as this
 * store's numbers need, and the count in what is left of the 64.  Sorted by
 * radix and added up, in the place where they lie, the words are the series.
 * A store of millions of rows is read like this, so a word must not become
 * two.
 */
#include "findings/wordlist.h"

#include "base/memory.h"

#include <stdlib.h>

enum {
    /* No store comes near 16 million domains or 4 million replies. */
    ITEM_BITS = 24,
    REPLY_BITS = 22,
    LEAST_COUNT_BITS = 6,
    MOST_COUNT_BITS = 30,
    FIRST_CAPACITY = 4096,
    FOLDED_FROM = 1 << 16, /* words; fewer may lie as they are */
    RADIX_BITS = 11,
    RADIX = 1 << RADIX_BITS
};

/* --- words ---------------------------------------------------------------- */

static unsigned bits_for(int64_t greatest, unsigned most)
{
    unsigned bits = 1;
    while (bits < most && greatest >> bits != 0) {
        bits++;
    }
    return bits;
}

/* The hours give way to the counts if all numbers are at their greatest. */
struct wordlist_layout wordlist_lay_out(
    int64_t item, int64_t reply, int64_t hours)
{
    unsigned item_bits = bits_for(item, ITEM_BITS);
    struct wordlist_layout l = {.reply_bits = bits_for(reply, REPLY_BITS)};
    unsigned left = 64 - LEAST_COUNT_BITS - item_bits - l.reply_bits;
    l.hour_bits =
        bits_for(hours, left < SERIES_HOUR_BITS ? left : SERIES_HOUR_BITS);
    l.key_bits = item_bits + l.reply_bits + l.hour_bits;
    l.count_bits = 64 - l.key_bits;
    if (l.count_bits > MOST_COUNT_BITS) {
        l.count_bits = MOST_COUNT_BITS;
    }
    l.most[0] = INT64_C(1) << item_bits;
    l.most[1] = INT64_C(1) << l.reply_bits;
    l.most[2] = INT64_C(1) << l.hour_bits;
    return l;
}

/* Attributions take away: counts lie around the middle of what fits. */
static int64_t middle(const struct wordlist_layout *l)
{
    return INT64_C(1) << (l->count_bits - 1);
}

static uint64_t key_of(const struct wordlist_layout *l, uint64_t word)
{
    return word >> l->count_bits;
}

static int64_t count_of(const struct wordlist_layout *l, uint64_t word)
{
    uint64_t mask = (UINT64_C(1) << l->count_bits) - 1;
    return (int64_t)(word & mask) - middle(l);
}

static void grow(struct wordlist *w)
{
    w->cap = w->cap != 0 ? 2 * w->cap : FIRST_CAPACITY;
    w->words = memory_grow(w->words, w->cap, sizeof *w->words);
}

/* A count that does not fit in one word becomes several. */
static void put(struct wordlist *w, uint64_t key, int64_t n)
{
    const struct wordlist_layout *l = &w->layout;
    int64_t most = middle(l) - 1;
    while (n != 0) {
        int64_t part = n > most ? most : n < -most ? -most : n;
        if (w->n == w->cap) {
            grow(w);
        }
        w->words[w->n++] = key << l->count_bits | (uint64_t)(part + most + 1);
        n -= part;
    }
}

/* --- ordering ------------------------------------------------------------- */

static void sort_pass(
    const uint64_t *from, uint64_t *to, size_t n, unsigned shift)
{
    size_t at[RADIX] = {0};
    for (size_t i = 0; i < n; i++) {
        at[from[i] >> shift & (RADIX - 1)]++;
    }
    size_t sum = 0;
    for (size_t i = 0; i < RADIX; i++) {
        size_t count = at[i];
        at[i] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++) {
        to[at[from[i] >> shift & (RADIX - 1)]++] = from[i];
    }
}

/* The bits in which the words differ. */
static uint64_t find_difference(const struct wordlist *w)
{
    uint64_t difference = 0;
    for (size_t i = 1; i < w->n; i++) {
        difference |= w->words[i] ^ w->words[0];
    }
    return difference;
}

/* Each pass keeps the order of equals, so what came in order of time is sorted
 * by item and reply alone. */
static void sort(struct wordlist *w)
{
    const struct wordlist_layout *l = &w->layout;
    unsigned end = l->count_bits + l->key_bits;
    uint64_t difference = find_difference(w);
    if (w->other_cap < w->n) {
        free(w->other);
        w->other_cap = w->cap;
        w->other = memory_alloc(w->other_cap * sizeof *w->other);
    }
    for (unsigned bit = l->count_bits + (w->in_time ? l->hour_bits : 0);
         bit < end; bit += RADIX_BITS) {
        if ((difference >> bit & (RADIX - 1)) != 0) {
            sort_pass(w->words, w->other, w->n, bit);
            uint64_t *sorted = w->other;
            size_t cap = w->other_cap;
            w->other = w->words;
            w->other_cap = w->cap;
            w->words = sorted;
            w->cap = cap;
        }
    }
}

/* The sum of the words of one key from ${i} on, which goes behind them. */
static int64_t sum_up(const struct wordlist *w, size_t *i)
{
    const struct wordlist_layout *l = &w->layout;
    uint64_t key = key_of(l, w->words[*i]);
    int64_t sum = 0;
    for (; *i < w->n && key_of(l, w->words[*i]) == key; (*i)++) {
        sum += count_of(l, w->words[*i]);
    }
    return sum;
}

/* Make room: words of the same key become one.  There are never more words
 * than before, so those that are written do not reach those to be read. */
static void fold(struct wordlist *w)
{
    sort(w);
    struct wordlist folded = *w;
    folded.n = 0;
    for (size_t i = 0; i < w->n;) {
        uint64_t key = key_of(&w->layout, w->words[i]);
        put(&folded, key, sum_up(w, &i));
    }
    w->n = folded.n;
}

static void make_room(struct wordlist *w)
{
    if (w->n > FOLDED_FROM && !w->sparse) {
        fold(w);
        w->sparse = w->n > w->cap / 4 * 3;
    }
    if (w->n > w->cap / 2 || w->cap == 0) {
        grow(w);
    }
}

/* --- collecting ----------------------------------------------------------- */

void wordlist_init(
    struct wordlist *w, const struct wordlist_layout *layout, bool in_time)
{
    *w = (struct wordlist){.layout = *layout, .in_time = in_time};
}

static inline bool fits(const struct wordlist_layout *l, const int64_t key[3])
{
    return (uint64_t)key[0] < (uint64_t)l->most[0] &&
           (uint64_t)key[1] < (uint64_t)l->most[1] &&
           (uint64_t)key[2] < (uint64_t)l->most[2];
}

void wordlist_add(struct wordlist *w, const int64_t key[3], int64_t n)
{
    const struct wordlist_layout *l = &w->layout;
    if (!fits(l, key)) {
        return;
    }
    if (w->n == w->cap) {
        make_room(w);
    }
    uint64_t packed = (uint64_t)key[0] << (l->reply_bits + l->hour_bits) |
                      (uint64_t)key[1] << l->hour_bits | (uint64_t)key[2];
    int64_t most = middle(l) - 1;
    if (n >= -most && n <= most) {
        w->words[w->n] = packed << l->count_bits | (uint64_t)(n + most + 1);
        w->n += n != 0;
    } else {
        /* no more than a point can hold, nor more words than that takes */
        put(w, packed,
            n > INT32_MAX   ? INT32_MAX
            : n < INT32_MIN ? INT32_MIN
                            : n);
    }
}

void wordlist_reset(struct wordlist *w)
{
    free(w->words);
    free(w->other);
    *w = (struct wordlist){.layout = w->layout};
}

/* --- series --------------------------------------------------------------- */

void wordlist_give(struct wordlist *w, struct series_list *list)
{
    const struct wordlist_layout *l = &w->layout;
    uint64_t last = UINT64_MAX;
    sort(w);
    for (size_t i = 0; i < w->n;) {
        uint64_t key = key_of(l, w->words[i]);
        int64_t sum = sum_up(w, &i);
        if (sum == 0) {
            continue;
        }
        if (key >> l->hour_bits != last) {
            last = key >> l->hour_bits;
            series_begin(list, (uint32_t)(last >> l->reply_bits),
                (uint32_t)last & ((1U << l->reply_bits) - 1));
        }
        series_append(list, (uint32_t)key & ((1U << l->hour_bits) - 1), sum);
    }
    w->n = 0;
}
