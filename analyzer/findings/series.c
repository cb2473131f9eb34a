/* SPDX-License-Identifier: MIT */
/*
 * The facts are read once; each row counts along five dimensions.  Every
 * number becomes one word: item, reply and hour, in as many bits as this
 * store's numbers need, and the count in what is left of the 64.  Sorted by
 * radix and added up, in the place where they lie, the words are the series.
 * A store of millions of rows is read like this, so a word must not become
 * two: half of the memory of a nightly run is here.
 */
#include "findings/series.h"

#include "base/memory.h"
#include "findings/query.h"

#include <stdlib.h>

enum {
    HOUR = 3600,
    /* No store comes near 16 million domains or 4 million replies. */
    ITEM_BITS = 24,
    REPLY_BITS = 22,
    HOUR_BITS = 18,
    LEAST_COUNT_BITS = 6,
    MOST_COUNT_BITS = 30,
    FIRST_CAPACITY = 4096,
    FOLDED_FROM = 1 << 16, /* words; fewer may lie as they are */
    RADIX_BITS = 11,
    RADIX = 1 << RADIX_BITS
};

/* How a word is divided, from the highest bit on: item, reply, hour, count. */
struct layout {
    unsigned reply_bits;
    unsigned hour_bits;
    unsigned count_bits;
    unsigned key_bits; /* of all three */
    int64_t most[3];   /* items, replies, hours that fit */
};

struct words {
    uint64_t *list;
    size_t n;
    size_t cap;
    bool sparse; /* folding them once hardly helped */
};

struct collection {
    struct layout layout;
    struct words lists[SERIES_DIMENSIONS];
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
static struct layout lay_out(int64_t item, int64_t reply, int64_t hours)
{
    unsigned item_bits = bits_for(item, ITEM_BITS);
    struct layout l = {.reply_bits = bits_for(reply, REPLY_BITS)};
    unsigned left = 64 - LEAST_COUNT_BITS - item_bits - l.reply_bits;
    l.hour_bits = bits_for(hours, left < HOUR_BITS ? left : HOUR_BITS);
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
static int64_t middle(const struct layout *l)
{
    return INT64_C(1) << (l->count_bits - 1);
}

static uint64_t key_of(const struct layout *l, uint64_t word)
{
    return word >> l->count_bits;
}

static int64_t count_of(const struct layout *l, uint64_t word)
{
    uint64_t mask = (UINT64_C(1) << l->count_bits) - 1;
    return (int64_t)(word & mask) - middle(l);
}

static void grow(struct words *w)
{
    w->cap = w->cap != 0 ? 2 * w->cap : FIRST_CAPACITY;
    w->list = memory_grow(w->list, w->cap, sizeof *w->list);
}

/* A count that does not fit in one word becomes several. */
static void put(
    struct words *w, const struct layout *l, uint64_t key, int64_t n)
{
    int64_t most = middle(l) - 1;
    while (n != 0) {
        int64_t part = n > most ? most : n < -most ? -most : n;
        if (w->n == w->cap) {
            grow(w);
        }
        w->list[w->n++] = key << l->count_bits | (uint64_t)(part + most + 1);
        n -= part;
    }
}

/* --- ordering ------------------------------------------------------------ */

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

static void sort(struct words *w, const struct layout *l)
{
    uint64_t *other = memory_alloc((w->n + 1) * sizeof *other);
    uint64_t *list = w->list;
    for (unsigned bit = 0; bit < l->key_bits; bit += RADIX_BITS) {
        sort_pass(list, other, w->n, l->count_bits + bit);
        uint64_t *sorted = other;
        other = list;
        list = sorted;
    }
    if (list != w->list) {
        w->cap = w->n + 1;
    }
    w->list = list;
    free(other);
}

/* The sum of the words of one key from ${i} on, which goes behind them. */
static int64_t sum_up(const struct words *w, const struct layout *l, size_t *i)
{
    uint64_t key = key_of(l, w->list[*i]);
    int64_t sum = 0;
    for (; *i < w->n && key_of(l, w->list[*i]) == key; (*i)++) {
        sum += count_of(l, w->list[*i]);
    }
    return sum;
}

/* Make room: words of the same key become one.  There are never more words
 * than before, so those that are written do not reach those to be read. */
static void fold(struct words *w, const struct layout *l)
{
    sort(w, l);
    struct words folded = {w->list, 0, w->cap, false};
    for (size_t i = 0; i < w->n;) {
        uint64_t key = key_of(l, w->list[i]);
        put(&folded, l, key, sum_up(w, l, &i));
    }
    w->n = folded.n;
}

static void make_room(struct words *w, const struct layout *l)
{
    if (w->n > FOLDED_FROM && !w->sparse) {
        fold(w, l);
        w->sparse = w->n > w->cap / 4 * 3;
    }
    if (w->n > w->cap / 2 || w->cap == 0) {
        grow(w);
    }
}

/* --- collecting ---------------------------------------------------------- */

static void add(
    struct words *w, const struct layout *l, const int64_t key[3], int64_t n)
{
    for (size_t i = 0; i < 3; i++) {
        if (key[i] < 0 || key[i] >= l->most[i]) {
            return;
        }
    }
    if (w->n == w->cap) {
        make_room(w, l);
    }
    uint64_t packed = (uint64_t)key[0] << (l->reply_bits + l->hour_bits) |
                      (uint64_t)key[1] << l->hour_bits | (uint64_t)key[2];
    put(w, l, packed, n);
}

/* What is read.  Columns: hour, reply, attempts, then an item of each of the
 * dimensions named, which follow on everything. */
struct reading {
    const char *sql;
    bool everything;
    size_t n;
    enum series_dimension dimensions[SERIES_DIMENSIONS];
};

enum { N_READINGS = 3, FIRST_ITEM = 3 };

static const struct reading readings[N_READINGS] = {
    {"SELECT hour, reply + 2, attempts, provider, recipient_domain,"
     " sender_domain, host FROM counted_failure"
     " WHERE hour >= :since AND hour < :until",
        true, 4,
        {SERIES_PROVIDER, SERIES_RECIPIENT, SERIES_SENDER, SERIES_HOST}},
    {"SELECT hour, direction = 'inbound', delivered + deferred + bounced"
     " + expired + rejected + accepted, provider, domain, host"
     " FROM counted_traffic WHERE hour >= :since AND hour < :until",
        true, 3, {SERIES_PROVIDER, SERIES_RECIPIENT, SERIES_HOST}},
    {"SELECT hour, direction = 'inbound', delivered + deferred + bounced"
     " + expired + rejected + accepted, domain"
     " FROM counted_sender WHERE hour >= :since AND hour < :until",
        false, 1, {SERIES_SENDER}}};

static void take_row(struct collection *c, const struct reading *what,
    sqlite3_stmt *row, int64_t since)
{
    int64_t hour = (sqlite3_column_int64(row, 0) - since) / HOUR;
    int64_t reply = sqlite3_column_int64(row, 1);
    int64_t n = sqlite3_column_int64(row, 2);
    if (n == 0) {
        return;
    }
    if (what->everything) {
        add(&c->lists[SERIES_EVERYTHING], &c->layout,
            (int64_t[]){0, reply, hour}, n);
    }
    for (size_t i = 0; i < what->n; i++) {
        int64_t item = sqlite3_column_int64(row, FIRST_ITEM + (int)i);
        add(&c->lists[what->dimensions[i]], &c->layout,
            (int64_t[]){item, reply, hour}, n);
    }
}

static bool read_rows(struct collection *c, sqlite3 *db,
    const struct reading *what, const int64_t period[2])
{
    sqlite3_stmt *rows = query_prepare(db, what->sql);
    if (rows == NULL) {
        return false;
    }
    bool failed = false;
    query_bind(rows, ":since", period[0]);
    query_bind(rows, ":until", period[1]);
    while (query_step(rows, &failed)) {
        take_row(c, what, rows, period[0]);
    }
    sqlite3_finalize(rows);
    return !failed;
}

/* How large the numbers of this store are. */
static bool measure(struct layout *l, sqlite3 *db, int64_t hours)
{
    sqlite3_stmt *row = query_prepare(db,
        "SELECT max(coalesce((SELECT max(id) FROM domain), 0),"
        " coalesce((SELECT max(id) FROM provider), 0),"
        " coalesce((SELECT max(id) FROM host), 0)),"
        " coalesce((SELECT max(id) FROM reply), 0)");
    if (row == NULL) {
        return false;
    }
    bool failed = false;
    if (query_step(row, &failed)) {
        *l = lay_out(sqlite3_column_int64(row, 0),
            sqlite3_column_int64(row, 1) + SERIES_REPLY, hours);
    }
    sqlite3_finalize(row);
    return !failed;
}

/* --- series -------------------------------------------------------------- */

static int32_t clamp(int64_t n)
{
    return n > INT32_MAX ? INT32_MAX : n < INT32_MIN ? INT32_MIN : (int32_t)n;
}

static size_t count_series(const struct words *w, const struct layout *l)
{
    unsigned shift = l->count_bits + l->hour_bits;
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++) {
        n += i == 0 || w->list[i] >> shift != w->list[i - 1] >> shift;
    }
    return n;
}

/* A point is as large as a word and takes the place of one that was read; so
 * the words' memory becomes that of the points. */
static void make_list(
    struct series_list *list, struct words *w, const struct layout *l)
{
    _Static_assert(sizeof *list->points == sizeof *w->list, "in place");
    list->series =
        memory_alloc((count_series(w, l) + 1) * sizeof *list->series);
    list->points = (void *)w->list;
    uint64_t last = UINT64_MAX;
    size_t n = 0;
    for (size_t i = 0; i < w->n;) {
        uint64_t key = key_of(l, w->list[i]);
        int64_t sum = sum_up(w, l, &i);
        if (sum == 0) {
            continue;
        }
        if (key >> l->hour_bits != last) {
            last = key >> l->hour_bits;
            list->series[list->n++] =
                (struct series){.item = (uint32_t)(last >> l->reply_bits),
                    .reply = (uint32_t)last & ((1U << l->reply_bits) - 1),
                    .points = &list->points[n]};
        }
        uint32_t hour = (uint32_t)key & ((1U << l->hour_bits) - 1);
        list->points[n++] = (struct series_point){hour, clamp(sum)};
        list->series[list->n - 1].n++;
    }
    w->list = NULL;
}

struct series_set *series_load(sqlite3 *db, int64_t since, int64_t until)
{
    struct collection c = {.lists = {{.list = NULL}}};
    int64_t hours = (until - since) / HOUR;
    bool ok = measure(&c.layout, db, hours);
    for (size_t i = 0; ok && i < N_READINGS; i++) {
        ok = read_rows(&c, db, &readings[i], (int64_t[]){since, until});
    }
    struct series_set *set = NULL;
    if (ok) {
        set = memory_zalloc(1, sizeof *set);
        set->since = since;
        set->hours = (size_t)hours;
    }
    for (size_t i = 0; i < SERIES_DIMENSIONS; i++) {
        if (ok) {
            sort(&c.lists[i], &c.layout);
            make_list(&set->lists[i], &c.lists[i], &c.layout);
        }
        free(c.lists[i].list);
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
