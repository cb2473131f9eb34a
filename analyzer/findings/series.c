/* SPDX-License-Identifier: MIT */
/*
 * The facts are read once; each row counts along five dimensions.  Every
 * number becomes a key (item, reply, hour) with a count; sorted by radix and
 * added up, the keys are the series.
 */
#include "findings/series.h"

#include "base/memory.h"
#include "findings/query.h"

#include <stdlib.h>

enum {
    HOUR = 3600,
    /* 64 bits of a key: no store comes near 16 million domains, 4 million
     * replies or 29 years. */
    ITEM_BITS = 24,
    REPLY_BITS = 22,
    HOUR_BITS = 18,
    FIRST_CAPACITY = 4096,
    RADIX_BITS = 11,
    RADIX = 1 << RADIX_BITS,
    RADIX_PASSES = 6
};

struct entry {
    uint64_t key;
    int64_t n;
};

struct entries {
    struct entry *list;
    size_t n;
    size_t cap;
};

/* --- collecting ---------------------------------------------------------- */

static void add(struct entries *e, const int64_t key[3], int64_t n)
{
    bool fits = key[0] >> ITEM_BITS == 0 && key[1] >> REPLY_BITS == 0 &&
                key[2] >> HOUR_BITS == 0;
    if (n == 0 || !fits) {
        return;
    }
    if (e->n == e->cap) {
        e->cap = e->cap != 0 ? 2 * e->cap : FIRST_CAPACITY;
        e->list = memory_grow(e->list, e->cap, sizeof *e->list);
    }
    uint64_t packed = (uint64_t)key[0] << (REPLY_BITS + HOUR_BITS) |
                      (uint64_t)key[1] << HOUR_BITS | (uint64_t)key[2];
    e->list[e->n++] = (struct entry){packed, n};
}

/* Columns: hour, reply, attempts, then the item of each dimension that the
 * row tells of, or NULL. */
static void take_row(struct entries *lists, sqlite3_stmt *row, int64_t since)
{
    int64_t hour = (sqlite3_column_int64(row, 0) - since) / HOUR;
    int64_t reply = sqlite3_column_int64(row, 1);
    int64_t n = sqlite3_column_int64(row, 2);
    for (int i = 0; i < SERIES_DIMENSIONS; i++) {
        if (sqlite3_column_type(row, 3 + i) != SQLITE_NULL) {
            int64_t item = sqlite3_column_int64(row, 3 + i);
            add(&lists[i], (int64_t[]){item, reply, hour}, n);
        }
    }
}

static bool read_rows(struct entries *lists, sqlite3 *db, const char *sql,
    const int64_t period[2])
{
    sqlite3_stmt *rows = query_prepare(db, sql);
    if (rows == NULL) {
        return false;
    }
    bool failed = false;
    query_bind(rows, ":since", period[0]);
    query_bind(rows, ":until", period[1]);
    while (query_step(rows, &failed)) {
        take_row(lists, rows, period[0]);
    }
    sqlite3_finalize(rows);
    return !failed;
}

static const char *const queries[] = {
    "SELECT hour, reply + 2, attempts, 0, provider, recipient_domain,"
    " sender_domain, host FROM counted_failure"
    " WHERE hour >= :since AND hour < :until",
    "SELECT hour, direction = 'inbound', delivered + deferred + bounced"
    " + expired + rejected + accepted, 0, provider, domain, NULL, host"
    " FROM counted_traffic WHERE hour >= :since AND hour < :until",
    "SELECT hour, direction = 'inbound', delivered + deferred + bounced"
    " + expired + rejected + accepted, NULL, NULL, NULL, domain, NULL"
    " FROM counted_sender WHERE hour >= :since AND hour < :until"};

/* --- ordering ------------------------------------------------------------ */

static void sort_pass(
    const struct entry *from, struct entry *to, size_t n, unsigned shift)
{
    size_t at[RADIX] = {0};
    for (size_t i = 0; i < n; i++) {
        at[from[i].key >> shift & (RADIX - 1)]++;
    }
    size_t sum = 0;
    for (size_t i = 0; i < RADIX; i++) {
        size_t count = at[i];
        at[i] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++) {
        to[at[from[i].key >> shift & (RADIX - 1)]++] = from[i];
    }
}

/* An even number of passes leaves the result where it was. */
static void sort(struct entries *e)
{
    struct entry *other = memory_alloc((e->n + 1) * sizeof *other);
    for (unsigned pass = 0; pass < RADIX_PASSES; pass += 2) {
        sort_pass(e->list, other, e->n, pass * RADIX_BITS);
        sort_pass(other, e->list, e->n, (pass + 1) * RADIX_BITS);
    }
    free(other);
}

/* Entries of the same key become one; what adds up to nothing goes. */
static void add_up(struct entries *e)
{
    size_t kept = 0;
    for (size_t i = 0; i < e->n;) {
        struct entry sum = e->list[i++];
        while (i < e->n && e->list[i].key == sum.key) {
            sum.n += e->list[i++].n;
        }
        if (sum.n != 0) {
            e->list[kept++] = sum;
        }
    }
    e->n = kept;
}

static int32_t clamp(int64_t n)
{
    return n > INT32_MAX ? INT32_MAX : n < INT32_MIN ? INT32_MIN : (int32_t)n;
}

static void make_list(struct series_list *list, const struct entries *e)
{
    size_t n = 0;
    for (size_t i = 0; i < e->n; i++) {
        n += i == 0 ||
             e->list[i].key >> HOUR_BITS != e->list[i - 1].key >> HOUR_BITS;
    }
    list->points = memory_alloc((e->n + 1) * sizeof *list->points);
    list->series = memory_alloc((n + 1) * sizeof *list->series);
    for (size_t i = 0; i < e->n; i++) {
        uint64_t key = e->list[i].key;
        if (i == 0 || key >> HOUR_BITS != e->list[i - 1].key >> HOUR_BITS) {
            list->series[list->n++] = (struct series){
                .item = (uint32_t)(key >> (REPLY_BITS + HOUR_BITS)),
                .reply = key >> HOUR_BITS & ((1U << REPLY_BITS) - 1),
                .points = &list->points[i]};
        }
        list->points[i] = (struct series_point){
            key & ((1U << HOUR_BITS) - 1), clamp(e->list[i].n)};
        list->series[list->n - 1].n++;
    }
}

struct series_set *series_load(sqlite3 *db, int64_t since, int64_t until)
{
    struct entries lists[SERIES_DIMENSIONS] = {{NULL, 0, 0}};
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof queries / sizeof queries[0]; i++) {
        ok = read_rows(lists, db, queries[i], (int64_t[]){since, until});
    }
    struct series_set *set = NULL;
    if (ok) {
        set = memory_zalloc(1, sizeof *set);
        set->since = since;
        set->hours = (size_t)((until - since) / HOUR);
    }
    for (size_t i = 0; i < SERIES_DIMENSIONS; i++) {
        if (ok) {
            sort(&lists[i]);
            add_up(&lists[i]);
            make_list(&set->lists[i], &lists[i]);
        }
        free(lists[i].list);
    }
    return set;
}

/* --- reading ------------------------------------------------------------- */

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
    return list->series + from;
}

int64_t series_sum(const struct series *s, size_t from, size_t to)
{
    int64_t sum = 0;
    for (size_t i = 0; i < s->n && s->points[i].hour < to; i++) {
        if (s->points[i].hour >= from) {
            sum += s->points[i].n;
        }
    }
    return sum;
}

void series_spread(const struct series *s, double sign, double *out)
{
    for (size_t i = 0; i < s->n; i++) {
        out[s->points[i].hour] += sign * s->points[i].n;
    }
}

void series_free(struct series_set *set)
{
    for (size_t i = 0; set != NULL && i < SERIES_DIMENSIONS; i++) {
        free(set->lists[i].points);
        free(set->lists[i].series);
    }
    free(set);
}
