/* SPDX-License-Identifier: MIT */
/*
 * Debian's syslog writes mail to mail.log and to syslog, which are rotated at
 * different times, so an hour may lie whole in one and in two parts in the
 * other.  Digests are sums, so the parts' digests add up to the whole's.
 *
 * An hour that was rolled up to its day can no longer be left out of it:
 * where one of several counts, it is the one that is rolled up.
 */
#include "store/duplicates.h"

#include "base/memory.h"

#include <stdlib.h>

/* Neighbouring files share the second at which they were cut, and lines may
 * be a little out of order: no overlap worth a report. */
static const int64_t TOLERANCE = 2000000; /* microseconds */

/* What one source holds of an hour of a host. */
struct part {
    int64_t source;
    int64_t companion; /* counts its held lines; 0: none */
    int64_t rank;
    int64_t events;
    uint64_t digest;
    int64_t first;
    int64_t last;
    bool rolled;
    bool left_out;
    bool suspected;
    int64_t kept; /* the source that counts in its place */
};

struct finder {
    struct store *store;
    sqlite3_stmt *insert;
    struct part *parts; /* of one hour */
    size_t n;
    size_t cap;
    int64_t host;
    int64_t hour;
};

static int by_content(const void *a, const void *b)
{
    const struct part *x = a;
    const struct part *y = b;
    if (x->rolled != y->rolled) {
        return x->rolled ? -1 : 1;
    }
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static void leave_out_equal(struct finder *f)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct part *p = &f->parts[i];
        for (size_t j = i + 1; !p->left_out && j < f->n; j++) {
            struct part *other = &f->parts[j];
            bool equal =
                p->events == other->events && p->digest == other->digest;
            if (equal && !other->left_out && !other->rolled) {
                other->left_out = true;
                other->kept = p->source;
            }
        }
    }
}

static bool is_within(const struct part *inner, const struct part *outer)
{
    return inner != outer && !inner->left_out && !inner->rolled &&
           inner->first >= outer->first && inner->last <= outer->last;
}

/* Several parts that together are ${whole} do not count. */
static void leave_out_parts(struct finder *f, const struct part *whole)
{
    int64_t events = 0;
    uint64_t digest = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (is_within(&f->parts[i], whole)) {
            events += f->parts[i].events;
            digest += f->parts[i].digest;
        }
    }
    if (events != whole->events || digest != whole->digest) {
        return;
    }
    for (size_t i = 0; i < f->n; i++) {
        if (is_within(&f->parts[i], whole)) {
            f->parts[i].left_out = true;
            f->parts[i].kept = whole->source;
        }
    }
}

static void leave_out_divided(struct finder *f)
{
    size_t largest = f->n;
    for (size_t i = 0; i < f->n; i++) {
        bool larger =
            largest == f->n || f->parts[i].events > f->parts[largest].events;
        if (!f->parts[i].left_out && larger) {
            largest = i;
        }
    }
    if (f->n > 2 && largest < f->n) {
        leave_out_parts(f, &f->parts[largest]);
    }
}

static void note_overlaps(struct finder *f)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct part *p = &f->parts[i];
        for (size_t j = i + 1; !p->left_out && j < f->n; j++) {
            struct part *other = &f->parts[j];
            int64_t from = p->first > other->first ? p->first : other->first;
            int64_t to = p->last < other->last ? p->last : other->last;
            bool overlap = to - from > TOLERANCE;
            if (overlap && !other->left_out && !other->suspected) {
                other->suspected = true;
                other->kept = p->source;
            }
        }
    }
}

static bool write_row(struct finder *f, const struct part *p, int64_t source)
{
    sqlite3_bind_int64(f->insert, 1, source);
    sqlite3_bind_int64(f->insert, 2, f->host);
    sqlite3_bind_int64(f->insert, 3, f->hour);
    sqlite3_bind_int64(f->insert, 4, p->kept);
    sqlite3_bind_int(f->insert, 5, p->left_out ? 1 : 0);
    bool ok = store_step(f->store, f->insert) == SQLITE_DONE;
    sqlite3_reset(f->insert);
    return ok;
}

static bool write_part(struct finder *f, const struct part *p)
{
    return write_row(f, p, p->source) &&
           (p->companion == 0 || write_row(f, p, p->companion));
}

/* Judge the parts gathered of one hour. */
static bool end_hour(struct finder *f)
{
    bool ok = true;
    if (f->n > 1) {
        qsort(f->parts, f->n, sizeof(*f->parts), by_content);
        leave_out_equal(f);
        leave_out_divided(f);
        note_overlaps(f);
        for (size_t i = 0; ok && i < f->n; i++) {
            const struct part *p = &f->parts[i];
            ok = (!p->left_out && !p->suspected) || write_part(f, p);
        }
    }
    f->n = 0;
    return ok;
}

/* What counts held lines of a source holds a part of its hour. */
static bool join_part(struct finder *f, const struct part *p)
{
    size_t i = 0;
    while (i < f->n && f->parts[i].source != p->source) {
        i++;
    }
    if (i == f->n) {
        return false;
    }
    struct part *to = &f->parts[i];
    to->companion = p->companion != 0 ? p->companion : to->companion;
    to->events += p->events;
    to->digest += p->digest;
    to->first = p->first < to->first ? p->first : to->first;
    to->last = p->last > to->last ? p->last : to->last;
    to->rolled = to->rolled || p->rolled;
    return true;
}

static void add_part(struct finder *f, struct part p)
{
    if (join_part(f, &p)) {
        return;
    }
    if (f->n == f->cap) {
        f->cap = f->cap != 0 ? f->cap * 2 : 16;
        f->parts = memory_grow(f->parts, f->cap, sizeof(*f->parts));
    }
    f->parts[f->n++] = p;
}

static bool walk(struct finder *f, sqlite3_stmt *q, const struct timeline *t)
{
    bool ok = true;
    int code = SQLITE_DONE;
    while (ok && (code = store_step(f->store, q)) == SQLITE_ROW) {
        int64_t host = sqlite3_column_int64(q, 0);
        int64_t hour = sqlite3_column_int64(q, 1);
        if (host != f->host || hour != f->hour) {
            ok = end_hour(f);
            f->host = host;
            f->hour = hour;
        }
        struct part p = {.source = sqlite3_column_int64(q, 2),
            .events = sqlite3_column_int64(q, 3),
            .digest = (uint64_t)sqlite3_column_int64(q, 4),
            .first = sqlite3_column_int64(q, 5),
            .last = sqlite3_column_int64(q, 6),
            .rolled = sqlite3_column_int(q, 7) != 0};
        p.rank = timeline_rank(t, p.source);
        int64_t stream = timeline_stream(t, p.source);
        if (stream != p.source) {
            p.companion = p.source;
            p.source = stream;
        }
        add_part(f, p);
    }
    return ok && code == SQLITE_DONE && end_hour(f);
}

bool duplicates_find(struct store *s, const struct timeline *t)
{
    if (!store_run(s, "DELETE FROM duplicate_hour")) {
        return false;
    }
    struct finder f = {.store = s};
    sqlite3_stmt *q = store_prepare(s,
        "SELECT host, hour, source, events, digest, first_time, last_time,"
        " rolled FROM hour_digest ORDER BY host, hour");
    f.insert =
        store_prepare(s, "INSERT INTO duplicate_hour VALUES (?, ?, ?, ?, ?)");
    bool ok = q != NULL && f.insert != NULL && walk(&f, q, t);
    sqlite3_finalize(q);
    sqlite3_finalize(f.insert);
    free(f.parts);
    return ok;
}
