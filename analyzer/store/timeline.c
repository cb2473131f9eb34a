/* SPDX-License-Identifier: MIT */
#include "store/timeline.h"

#include "aggregate/hashtable.h"
#include "base/memory.h"

#include <stdlib.h>

/* Writers stamp their lines before they hand them to syslog, so that lines
 * of neighbouring files may be out of order by this much. */
static const int64_t TOLERANCE = 2000000; /* microseconds */

struct place_key {
    int64_t host;
    int64_t source;
};

struct timeline {
    struct hashtable ranks;   /* source to rank + 1 */
    struct hashtable streams; /* what counts held lines to whose they are */
    struct hashtable places;  /* place_key to timeline_place */
    struct hashtable covers;  /* place_key to cover */
};

/* The time that a source covers of a host. */
struct cover {
    struct place_key key;
    int64_t first;
    int64_t last;
    int64_t rank;
};

static bool load_ranks(struct store *s, struct timeline *t)
{
    sqlite3_stmt *q = store_prepare(s,
        "SELECT id FROM source WHERE of IS NULL"
        " ORDER BY substr(heads, 1, 8), content_hash, consumed");
    if (q == NULL) {
        return false;
    }
    int64_t rank = 0;
    int code = SQLITE_DONE;
    while ((code = store_step(s, q)) == SQLITE_ROW) {
        int64_t source = sqlite3_column_int64(q, 0);
        *(int64_t *)hashtable_add(&t->ranks, &source) = ++rank;
    }
    sqlite3_finalize(q);
    return code == SQLITE_DONE;
}

static bool load_streams(struct store *s, struct timeline *t)
{
    sqlite3_stmt *q =
        store_prepare(s, "SELECT id, of FROM source WHERE of IS NOT NULL");
    if (q == NULL) {
        return false;
    }
    int code = SQLITE_DONE;
    while ((code = store_step(s, q)) == SQLITE_ROW) {
        int64_t source = sqlite3_column_int64(q, 0);
        *(int64_t *)hashtable_add(&t->streams, &source) =
            sqlite3_column_int64(q, 1);
    }
    sqlite3_finalize(q);
    return code == SQLITE_DONE;
}

int64_t timeline_stream(const struct timeline *t, int64_t source)
{
    const int64_t *stream = hashtable_find(&t->streams, &source);
    return stream != NULL ? *stream : source;
}

int64_t timeline_rank(const struct timeline *t, int64_t source)
{
    source = timeline_stream(t, source);
    const int64_t *rank = hashtable_find(&t->ranks, &source);
    return rank != NULL ? *rank : 0;
}

static int64_t middle(const struct cover *c)
{
    return c->first / 2 + c->last / 2;
}

static int by_time(const void *a, const void *b)
{
    const struct cover *x = a;
    const struct cover *y = b;
    if (middle(x) != middle(y)) {
        return middle(x) < middle(y) ? -1 : 1;
    }
    return (x->rank > y->rank) - (x->rank < y->rank);
}

/* True if ${next} begins where the group that ends at ${end} does, give or
 * take what is small against both. */
static bool follows(
    const struct cover *next, const struct cover *before, int64_t end)
{
    int64_t overlap = end - next->first;
    int64_t shorter = next->last - next->first < before->last - before->first
                          ? next->last - next->first
                          : before->last - before->first;
    bool same_instant = next->first == before->first &&
                        next->last == before->last && next->first == next->last;
    return !same_instant &&
           (overlap <= 0 || (overlap <= TOLERANCE && overlap <= shorter / 4));
}

static void place_one(
    struct timeline *t, const struct cover *c, int64_t group, bool alone)
{
    struct timeline_place *place = hashtable_add(&t->places, &c->key);
    *place = (struct timeline_place){group, alone, c->rank};
}

/* Cut the sources of one host into groups. */
static void place_host(struct timeline *t, struct cover *covers, size_t n)
{
    qsort(covers, n, sizeof(*covers), by_time);
    int64_t group = 1;
    for (size_t start = 0; start < n; group++) {
        size_t end = start + 1;
        int64_t last = covers[start].last;
        while (end < n && !follows(&covers[end], &covers[end - 1], last)) {
            last = covers[end].last > last ? covers[end].last : last;
            end++;
        }
        for (size_t i = start; i < end; i++) {
            place_one(t, &covers[i], group, end - start == 1);
        }
        start = end;
    }
}

struct covers {
    struct cover *all;
    size_t n;
    size_t cap;
};

static void add_cover(struct covers *list, struct cover c)
{
    if (list->n == list->cap) {
        list->cap = list->cap != 0 ? list->cap * 2 : 64;
        list->all = memory_grow(list->all, list->cap, sizeof(*list->all));
    }
    list->all[list->n++] = c;
}

static bool load_places(struct store *s, struct timeline *t)
{
    sqlite3_stmt *q = store_prepare(s,
        "SELECT h.host, coalesce(s.of, s.id), min(first_time), max(last_time)"
        " FROM (SELECT host, source, first_time, last_time FROM hour_digest"
        "  UNION ALL SELECT host, source, time, time FROM held_line) AS h"
        " JOIN source AS s ON s.id = h.source"
        " GROUP BY 1, 2 ORDER BY 1");
    if (q == NULL) {
        return false;
    }
    struct covers list = {NULL, 0, 0};
    int code = SQLITE_DONE;
    while ((code = store_step(s, q)) == SQLITE_ROW) {
        struct cover c = {
            .key = {sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1)},
            .first = sqlite3_column_int64(q, 2),
            .last = sqlite3_column_int64(q, 3)};
        c.rank = timeline_rank(t, c.key.source);
        if (list.n > 0 && list.all[0].key.host != c.key.host) {
            place_host(t, list.all, list.n);
            list.n = 0;
        }
        add_cover(&list, c);
        *(struct cover *)hashtable_add(&t->covers, &c.key) = c;
    }
    if (list.n > 0) {
        place_host(t, list.all, list.n);
    }
    free(list.all);
    sqlite3_finalize(q);
    return code == SQLITE_DONE;
}

struct timeline *timeline_load(struct store *s)
{
    struct timeline *t = memory_zalloc(1, sizeof(*t));
    hashtable_init(&t->ranks, sizeof(int64_t), sizeof(int64_t));
    hashtable_init(&t->streams, sizeof(int64_t), sizeof(int64_t));
    hashtable_init(&t->covers, sizeof(struct place_key), sizeof(struct cover));
    hashtable_init(
        &t->places, sizeof(struct place_key), sizeof(struct timeline_place));
    if (!load_ranks(s, t) || !load_streams(s, t) || !load_places(s, t)) {
        timeline_free(t);
        return NULL;
    }
    return t;
}

struct timeline_place timeline_place(
    const struct timeline *t, int64_t host, int64_t source)
{
    struct place_key key = {host, timeline_stream(t, source)};
    const struct timeline_place *place = hashtable_find(&t->places, &key);
    if (place != NULL) {
        return *place;
    }
    return (struct timeline_place){.rank = timeline_rank(t, source)};
}

bool timeline_span(const struct timeline *t, int64_t host, int64_t source,
    struct timeline_span *span)
{
    struct place_key key = {host, source};
    const struct cover *c = hashtable_find(&t->covers, &key);
    if (c != NULL) {
        *span = (struct timeline_span){c->first, c->last};
    }
    return c != NULL;
}

bool timeline_precedes(
    const struct timeline_span *a, const struct timeline_span *b)
{
    return a->first < b->first && a->last < b->last &&
           a->last <= b->first + TOLERANCE;
}

void timeline_free(struct timeline *t)
{
    if (t == NULL) {
        return;
    }
    hashtable_free(&t->ranks);
    hashtable_free(&t->streams);
    hashtable_free(&t->covers);
    hashtable_free(&t->places);
    free(t);
}
