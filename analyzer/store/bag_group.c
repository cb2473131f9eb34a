/* SPDX-License-Identifier: MIT */
/*
 * What GROUP BY over bag_each() would do, without a row of SQL for each entry:
 * a report over months adds up some 100,000 entries, and shows a few of them.
 * Entries are found by a table of hashes and sorted once, at the end.
 */
#include "store/bag_group.h"

#include "base/memory.h"
#include "store/bag_value.h"

#include <stdlib.h>

enum { ANY = -1, LEAST_SLOTS = 1024, NONE = 0 };

/* Entries of one sum, in order of arrival. */
struct group {
    struct bag bag;
    uint32_t *slots; /* number of an entry + 1, or NONE */
    size_t n_slots;  /* a power of two, more than twice the entries */
};

/* --- grouping ------------------------------------------------------------- */

static size_t hash(const int64_t *keys, size_t n)
{
    uint64_t h = 0;
    for (size_t i = 0; i < n; i++) {
        h = (h ^ (uint64_t)keys[i]) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 32;
    }
    return (size_t)h;
}

/* The slot of the entry with these keys, or the empty one where it belongs. */
static uint32_t *find(const struct group *g, const int64_t *keys)
{
    size_t n_keys = g->bag.shape.n_keys;
    size_t i = hash(keys, n_keys) & (g->n_slots - 1);
    while (g->slots[i] != NONE &&
           memcmp(g->bag.entries + (g->slots[i] - 1) * g->bag.stride, keys,
               n_keys * sizeof *keys) != 0) {
        i = (i + 1) & (g->n_slots - 1);
    }
    return &g->slots[i];
}

static void grow(struct group *g)
{
    struct bag *b = &g->bag;
    free(g->slots);
    g->n_slots = g->n_slots != 0 ? 2 * g->n_slots : LEAST_SLOTS;
    g->slots = memory_zalloc(g->n_slots, sizeof *g->slots);
    b->cap = g->n_slots / 2;
    b->entries = memory_grow(b->entries, b->cap * b->stride, sizeof(int64_t));
    for (size_t i = 0; i < b->n; i++) {
        *find(g, b->entries + i * b->stride) = (uint32_t)i + 1;
    }
}

static void group_add(struct group *g, const int64_t *keys, int64_t sum)
{
    struct bag *b = &g->bag;
    size_t n_keys = b->shape.n_keys;
    if (b->n == b->cap) {
        grow(g);
    }
    uint32_t *slot = find(g, keys);
    if (*slot == NONE) {
        int64_t *entry = b->entries + b->n++ * b->stride;
        memcpy(entry, keys, n_keys * sizeof *keys);
        entry[n_keys] = sum;
        *slot = (uint32_t)b->n;
    } else {
        int64_t *total = b->entries + (*slot - 1) * b->stride + n_keys;
        *total = (int64_t)((uint64_t)*total + (uint64_t)sum);
    }
}

static void group_init(struct group *g, int n_keys)
{
    *g = (struct group){.slots = NULL};
    bag_init(&g->bag, (struct bag_shape){(uint8_t)n_keys, 1, false});
}

static void group_give(sqlite3_context *context, struct group *g)
{
    free(g->slots);
    bag_value_give(context, &g->bag);
}

/* --- functions ------------------------------------------------------------ */

static void gather(sqlite3_context *context, int n, sqlite3_value **values)
{
    struct bag_cursor c;
    struct group *g = sqlite3_aggregate_context(context, sizeof *g);
    int64_t keys[BAG_MOST_KEYS] = {0};
    size_t from[BAG_MOST_KEYS] = {0};
    int n_keys = n - 2; /* without the value */
    if (g == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (n_keys < 1 || n_keys >= BAG_MOST_KEYS) {
        bag_value_refuse(context, "bag_gather: too few or too many keys");
        return;
    }
    if (!bag_value_open(context, values[0], &c)) {
        return;
    }
    for (int i = 0; i < n_keys; i++) {
        int64_t key = sqlite3_value_int64(values[i + 2]);
        if (!bag_value_is_key(context, &c, key)) {
            return;
        }
        from[i] = (size_t)key - 1;
    }
    if (g->bag.stride == 0) {
        group_init(g, n_keys + 1);
    }
    keys[n_keys] = sqlite3_value_int64(values[1]);
    while (bag_next(&c)) {
        for (int i = 0; i < n_keys; i++) {
            keys[i] = c.values[from[i]];
        }
        if (bag_counts(&c, 1)) {
            group_add(g, keys, c.values[c.shape.n_keys]);
        }
    }
    bag_value_check(context, &c);
}

static void give_gathered(sqlite3_context *context)
{
    struct group *g = sqlite3_aggregate_context(context, 0);
    if (g != NULL && g->bag.stride != 0) {
        group_give(context, g);
    }
}

/* In between it is a group by key and value, with the totals. */
static void rank(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    struct bag_cursor c;
    struct group *g = sqlite3_aggregate_context(context, sizeof *g);
    int64_t i = sqlite3_value_int64(values[1]);
    int64_t value = sqlite3_value_int64(values[2]);
    if (g == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (!bag_value_open(context, values[0], &c) ||
        !bag_value_is_key(context, &c, i)) {
        return;
    }
    if (g->bag.stride == 0) {
        group_init(g, 2);
    }
    while (bag_next(&c)) {
        if (bag_counts(&c, 1)) {
            group_add(g, (const int64_t[]){c.values[i - 1], value},
                c.values[c.shape.n_keys]);
        }
    }
    bag_value_check(context, &c);
}

static void give_top(sqlite3_context *context)
{
    struct group *g = sqlite3_aggregate_context(context, 0);
    if (g == NULL || g->bag.stride == 0) {
        return;
    }
    struct bag *b = &g->bag;
    struct bag top;
    bag_init(&top, (struct bag_shape){1, 1, false});
    bag_sort(b);
    for (size_t i = 0; i < b->n;) {
        const int64_t *best = b->entries + i * b->stride;
        const int64_t *at = best;
        for (; i < b->n && at[0] == best[0]; at += b->stride, i++) {
            best = at[2] > best[2] ? at : best;
        }
        bag_add(&top, best);
    }
    free(g->slots);
    bag_free(b);
    bag_value_give(context, &top);
}

/* The place of ${key} among the ${n} sorted pairs of key and value; NULL if it
 * is not there. */
static const int64_t *look_up(const int64_t *pairs, size_t n, int64_t key)
{
    size_t low = 0;
    size_t high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pairs[2 * middle] < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < n && pairs[2 * low] == key ? &pairs[2 * low + 1] : NULL;
}

/* The entries of a map, sorted. */
static bool read_map(
    sqlite3_context *context, sqlite3_value *value, struct bag *map)
{
    struct bag_cursor c;
    bag_init(map, (struct bag_shape){1, 1, false});
    if (!bag_value_open(context, value, &c)) {
        return false;
    }
    if (c.shape.n_keys != 1 || c.shape.n_sums != 1 || c.shape.has_span) {
        bag_value_refuse(context, "bag_map: not a map");
        return false;
    }
    while (bag_next(&c)) {
        bag_add(map, c.values);
    }
    bag_sort(map);
    bag_value_check(context, &c);
    return !c.damaged;
}

static void map_keys(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    struct bag_cursor c;
    struct bag map;
    struct group g;
    int64_t i = sqlite3_value_int64(values[1]);
    if (!read_map(context, values[2], &map) ||
        !bag_value_open(context, values[0], &c) ||
        !bag_value_is_key(context, &c, i)) {
        bag_free(&map);
        return;
    }
    group_init(&g, c.shape.n_keys);
    while (bag_next(&c)) {
        const int64_t *to = look_up(map.entries, map.n, c.values[i - 1]);
        if (to != NULL && bag_counts(&c, 1)) {
            int64_t keys[BAG_MOST_KEYS];
            memcpy(keys, c.values, sizeof keys);
            keys[i - 1] = *to;
            group_add(&g, keys, c.values[c.shape.n_keys]);
        }
    }
    bag_free(&map);
    group_give(context, &g);
    bag_value_check(context, &c);
}

/* The entries whose key is a first key in the other bag, whose entries are in
 * order of these. */
static void among(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    struct bag_cursor c;
    struct bag_cursor others;
    struct bag ids;
    struct bag b;
    int64_t i = sqlite3_value_int64(values[1]);
    if (!bag_value_open(context, values[0], &c) ||
        !bag_value_is_key(context, &c, i) ||
        !bag_value_open(context, values[2], &others)) {
        return;
    }
    bag_init(&b, c.shape);
    bag_init(&ids, (struct bag_shape){1, 1, false});
    while (bag_next(&others)) {
        bag_add(&ids, (const int64_t[]){others.values[0], 0});
    }
    bag_sort(&ids);
    while (bag_next(&c)) {
        if (look_up(ids.entries, ids.n, c.values[i - 1]) != NULL) {
            bag_add(&b, c.values);
        }
    }
    bag_free(&ids);
    bag_value_give(context, &b);
    bag_value_check(context, &c);
    bag_value_check(context, &others);
}

static int compare_down(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;
    return *x > *y ? -1 : *x < *y;
}

/* What entries are ranked by: some of their sums. */
struct measure {
    size_t sums[BAG_MOST_SUMS];
    size_t n;
};

static bool read_measure(sqlite3_context *context, struct measure *m,
    const struct bag_cursor *c, int n, sqlite3_value **values)
{
    *m = (struct measure){{0}, 1};
    for (int i = 0; i < n; i++) {
        int64_t j = sqlite3_value_int64(values[i]);
        if (j < 1 || j > c->shape.n_sums || i >= BAG_MOST_SUMS) {
            bag_value_refuse(context, "bag_most: no such sum in the bag");
            return false;
        }
        m->sums[i] = (size_t)j - 1;
        m->n = (size_t)i + 1;
    }
    return true;
}

static int64_t measure(const struct measure *m, const struct bag_cursor *c)
{
    uint64_t total = 0; /* which may wrap: a bag may hold any numbers */
    for (size_t i = 0; i < m->n; i++) {
        total += (uint64_t)c->values[c->shape.n_keys + m->sums[i]];
    }
    return (int64_t)total;
}

/* The ${n}-th largest measure; INT64_MIN if there are fewer. */
static int64_t find_least(
    struct bag_cursor *c, const struct measure *m, int64_t n)
{
    int64_t *list = NULL;
    size_t len = 0;
    size_t cap = 0;
    while (bag_next(c)) {
        if (len == cap) {
            cap = cap != 0 ? 2 * cap : LEAST_SLOTS;
            list = memory_grow(list, cap, sizeof *list);
        }
        list[len++] = measure(m, c);
    }
    int64_t least = INT64_MIN;
    if (n > 0 && (uint64_t)n <= len) {
        qsort(list, len, sizeof *list, compare_down);
        least = list[n - 1];
    }
    free(list);
    return least;
}

static void most(sqlite3_context *context, int n, sqlite3_value **values)
{
    struct bag_cursor c;
    struct bag b;
    struct measure m;
    if (n < 2 || sqlite3_value_type(values[1]) == SQLITE_NULL) {
        sqlite3_result_value(context, values[0]);
        return;
    }
    if (!bag_value_open(context, values[0], &c) ||
        !read_measure(context, &m, &c, n - 2, values + 2)) {
        return;
    }
    bag_init(&b, c.shape);
    int64_t least = find_least(&c, &m, sqlite3_value_int64(values[1]));
    if (!c.damaged && bag_value_open(context, values[0], &c)) {
        while (bag_next(&c)) {
            if (measure(&m, &c) >= least) {
                bag_add(&b, c.values);
            }
        }
    }
    bag_value_give(context, &b);
    bag_value_check(context, &c);
}

static void size(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    struct bag_cursor c;
    int counts = sqlite3_value_int(values[1]);
    int64_t entries = 0;
    if (bag_value_open(context, values[0], &c)) {
        while (bag_next(&c)) {
            entries += bag_counts(&c, counts);
        }
        sqlite3_result_int64(context, entries);
        bag_value_check(context, &c);
    }
}

int bag_group_register(sqlite3 *db)
{
    const struct {
        const char *name;
        int n;
        void (*call)(sqlite3_context *, int, sqlite3_value **);
        void (*step)(sqlite3_context *, int, sqlite3_value **);
        void (*end)(sqlite3_context *);
    } functions[] = {
        {"bag_gather", ANY, NULL, gather, give_gathered},
        {"bag_top", 3, NULL, rank, give_top},
        {"bag_map", 3, map_keys, NULL, NULL},
        {"bag_among", 3, among, NULL, NULL},
        {"bag_most", ANY, most, NULL, NULL},
        {"bag_size", 2, size, NULL, NULL},
    };
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    int code = SQLITE_OK;
    for (size_t i = 0;
         code == SQLITE_OK && i < sizeof(functions) / sizeof(functions[0]);
         i++) {
        code = sqlite3_create_function(db, functions[i].name, functions[i].n,
            flags, NULL, functions[i].call, functions[i].step,
            functions[i].end);
    }
    return code;
}
