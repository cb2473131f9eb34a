/* SPDX-License-Identifier: MIT */
/*
 * A nightly run brings a day or two.  So a day is made from its facts, and
 * what is above it from the eight blocks below: that costs as much as the day
 * has to tell, however many days there are.
 *
 * Which days changed is told by a digest of what a day's facts follow from:
 * each source's digest of the hours and of its content, whether they count,
 * and the attributions.  So it does not matter what changed a day: a late log,
 * one that turned out to be a copy, a merge, a prune.
 */
#include "store/rollup.h"

#include "aggregate/hashtable.h"
#include "base/limits.h"
#include "base/memory.h"
#include "store/bag_sql.h"
#include "store/rollup_day.h"

#include <stdlib.h>

enum { HOUR = 3600, N_VALUES = 10 };

/* A day, counted from 1970-01-01 on, and what its facts follow from. */
struct day {
    int64_t number;
    uint64_t digest;
};

/* In order. */
struct days {
    struct day *days;
    size_t n;
    size_t cap;
};

/* A damaged store may have any: those of 10,000 years can be reckoned with. */
static bool is_day(int64_t day)
{
    enum { FARTHEST = 10000 * 366 };
    return day > -FARTHEST && day < FARTHEST;
}

bool rollup_days(sqlite3 *db, int64_t *first, int64_t *last)
{
    sqlite3_stmt *q = NULL;
    bool there = false;
    if (sqlite3_prepare_v2(db,
            "SELECT min(day), max(day) FROM rollup_day WHERE NOT EXISTS"
            " (SELECT 1 FROM meta WHERE key = 'unresolved')",
            -1, &q, NULL) == SQLITE_OK &&
        sqlite3_step(q) == SQLITE_ROW) {
        int64_t days[] = {
            sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1)};
        there = sqlite3_column_type(q, 0) != SQLITE_NULL && is_day(days[0]) &&
                is_day(days[1]);
        *first = there ? days[0] : *first;
        *last = there ? days[1] : *last;
    }
    sqlite3_finalize(q);
    return there;
}

/* --- which days --------------------------------------------------------- */

/* Days come in order. */
static void add_digest(struct days *list, int64_t number, uint64_t digest)
{
    if (list->n == 0 || list->days[list->n - 1].number != number) {
        if (list->n == list->cap) {
            list->cap = list->cap != 0 ? list->cap * 2 : 64;
            list->days = memory_grow(list->days, list->cap, sizeof(struct day));
        }
        list->days[list->n++] = (struct day){number, 0};
    }
    list->days[list->n - 1].digest += digest;
}

/* As they are now.  Digests are sums of rows' hashes: no order of rows
 * matters. */
static bool find_days(struct store *s, struct days *list)
{
    sqlite3_stmt *q = store_prepare(s,
        "SELECT g.hour, g.host, g.events, g.digest, g.rolled, o.consumed,"
        " d.equal IS 1, g.source, 0, 0, o.content_hash FROM hour_digest AS g"
        " JOIN source AS o ON o.id = g.source LEFT JOIN duplicate_hour AS d"
        " ON d.source = g.source AND d.host = g.host AND d.hour = g.hour"
        " UNION ALL SELECT hour, host, source, sender_domain,"
        " recipient_domain, provider, reply, direction = 'inbound', n,"
        " 1 + unicode(disposition) * 256 + length(disposition), NULL"
        " FROM attribution ORDER BY 1");
    if (q == NULL) {
        return false;
    }
    int code = SQLITE_DONE;
    while ((code = store_step(s, q)) == SQLITE_ROW) {
        int64_t values[N_VALUES];
        for (int i = 0; i < N_VALUES; i++) {
            values[i] = sqlite3_column_int64(q, i);
        }
        struct span bytes = {(const char *)values, sizeof(values)};
        int64_t hour = values[0] / HOUR; /* a full one */
        uint64_t content = span_hash(store_column_text(q, N_VALUES));
        add_digest(
            list, timeblock_of(hour, ROLLUP_DAYS), span_hash(bytes) ^ content);
    }
    sqlite3_finalize(q);
    return code == SQLITE_DONE;
}

/* As they were when they were rolled up. */
static bool read_days(struct store *s, struct days *list)
{
    sqlite3_stmt *q =
        store_prepare(s, "SELECT day, digest FROM rollup_day ORDER BY day");
    if (q == NULL) {
        return false;
    }
    int code = SQLITE_DONE;
    while ((code = store_step(s, q)) == SQLITE_ROW) {
        add_digest(list, sqlite3_column_int64(q, 0),
            (uint64_t)sqlite3_column_int64(q, 1));
    }
    sqlite3_finalize(q);
    return code == SQLITE_DONE;
}

/* --- making ------------------------------------------------------------- */

static bool run(struct store *s, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *sql = sqlite3_vmprintf(format, arguments);
    va_end(arguments);
    bool ok = sql != NULL && store_run(s, sql);
    sqlite3_free(sql);
    return ok;
}

static bool clear_blocks(
    struct store *s, const char *name, int level, int64_t from, int64_t n)
{
    return run(s,
        "DELETE FROM rollup WHERE name = %Q AND level = %d"
        " AND number >= %lld AND number < %lld",
        name, level, from, from + n);
}

static bool make_day(struct store *s, int64_t day)
{
    bool ok = true;
    for (int i = 0; ok && i < ROLLUP_N; i++) {
        const struct rollup_kind *k = rollup_kind((enum rollup_name)i);
        int64_t hour = day * ROLLUP_DAY_HOURS;
        int64_t n = ROLLUP_DAY_HOURS / timeblock_hours(k->lowest);
        ok = clear_blocks(
            s, k->name, k->lowest, timeblock_of(hour, k->lowest), n);
    }
    return ok && rollup_day_make(s, day);
}

/* From those below it. */
static bool make_block(struct store *s, int level, int64_t number)
{
    bool ok = true;
    for (int i = 0; ok && i < ROLLUP_N; i++) {
        const struct rollup_kind *k = rollup_kind((enum rollup_name)i);
        ok = k->highest < level ||
             (clear_blocks(s, k->name, level, number, 1) &&
                 run(s,
                     "INSERT INTO rollup SELECT name, %d, %lld, key,"
                     " bag_merge(bag) FROM rollup WHERE name = %Q"
                     " AND level = %d AND number >= %lld AND number < %lld"
                     " GROUP BY key",
                     level, number, k->name, level - 1, number * ROLLUP_FACTOR,
                     (number + 1) * ROLLUP_FACTOR));
    }
    return ok;
}

/* All that lie over the changed days, which are in order. */
static bool make_blocks(struct store *s, const struct days *changed)
{
    bool ok = true;
    for (int level = ROLLUP_DAYS + 1; level <= ROLLUP_TOP; level++) {
        int64_t made = INT64_MIN;
        for (size_t i = 0; ok && i < changed->n; i++) {
            int64_t hour = changed->days[i].number * ROLLUP_DAY_HOURS;
            int64_t number = timeblock_of(hour, level);
            ok = number == made || make_block(s, level, number);
            made = number;
        }
    }
    return ok;
}

/* ${digest} 0: the day is gone. */
static bool change_day(
    struct store *s, struct days *changed, int64_t day, uint64_t digest)
{
    add_digest(changed, day, digest);
    return make_day(s, day) &&
           run(s, "DELETE FROM rollup_day WHERE day = %lld", day) &&
           (digest == 0 || run(s, "INSERT INTO rollup_day VALUES (%lld, %lld)",
                               day, (int64_t)digest));
}

/* Walk both lists side by side. */
static bool change_days(struct store *s, const struct days *before,
    const struct days *now, struct days *changed)
{
    bool ok = true;
    size_t i = 0;
    size_t j = 0;
    while (ok && (i < before->n || j < now->n)) {
        const struct day *b = i < before->n ? &before->days[i] : NULL;
        const struct day *n = j < now->n ? &now->days[j] : NULL;
        if (n == NULL || (b != NULL && b->number < n->number)) {
            ok = change_day(s, changed, b->number, 0);
            i++;
        } else if (b == NULL || n->number < b->number) {
            ok = change_day(s, changed, n->number, n->digest);
            j++;
        } else {
            ok = b->digest == n->digest ||
                 change_day(s, changed, n->number, n->digest);
            i++;
            j++;
        }
    }
    return ok;
}

/* When a reply was met. */
struct seen {
    int64_t first;
    int64_t last;
};

/* Each source has a row for each of its replies, in no order that would serve:
 * one pass over them, without sorting. */
static bool read_seen(struct store *s, struct hashtable *all)
{
    sqlite3_stmt *q =
        store_prepare(s, "SELECT reply, first_seen, last_seen FROM reply_seen");
    if (q == NULL) {
        return false;
    }
    int code = SQLITE_DONE;
    while ((code = store_step(s, q)) == SQLITE_ROW) {
        int64_t reply = sqlite3_column_int64(q, 0);
        struct seen row = {
            sqlite3_column_int64(q, 1), sqlite3_column_int64(q, 2)};
        uint32_t n = all->n;
        struct seen *seen = hashtable_add(all, &reply);
        if (all->n > n) {
            *seen = row;
        }
        seen->first = row.first < seen->first ? row.first : seen->first;
        seen->last = row.last > seen->last ? row.last : seen->last;
    }
    sqlite3_finalize(q);
    return code == SQLITE_DONE;
}

static bool write_seen(struct store *s, const struct hashtable *all)
{
    sqlite3_stmt *q =
        store_prepare(s, "INSERT INTO rollup_seen VALUES (?, ?, ?)");
    bool ok = q != NULL;
    for (uint32_t i = 0; ok && i < all->n; i++) {
        const struct seen *seen = hashtable_value(all, i);
        sqlite3_bind_int64(q, 1, *(const int64_t *)hashtable_key(all, i));
        sqlite3_bind_int64(q, 2, seen->first);
        sqlite3_bind_int64(q, 3, seen->last);
        ok = store_step(s, q) == SQLITE_DONE;
        sqlite3_reset(q);
    }
    sqlite3_finalize(q);
    return ok;
}

static bool make_seen(struct store *s)
{
    struct hashtable all;
    hashtable_init(&all, sizeof(int64_t), sizeof(struct seen));
    bool ok = read_seen(s, &all) && store_run(s, "DELETE FROM rollup_seen") &&
              write_seen(s, &all);
    hashtable_free(&all);
    return ok;
}

/* A small store is read faster than its roll-ups are made. */
static bool is_worthwhile(struct store *s, bool *worthwhile)
{
    int64_t pages = 0;
    int64_t size = 0;
    int64_t days = 0;
    bool ok = store_number(s, "PRAGMA page_count", &pages) &&
              store_number(s, "PRAGMA page_size", &size) &&
              store_number(s, "SELECT count(*) FROM rollup_day", &days);
    *worthwhile = days > 0 || pages * size >= LIMIT_PLAIN_STORE;
    return ok;
}

bool rollup_run(struct store *s)
{
    bool worthwhile = false;
    struct days before = {NULL, 0, 0};
    struct days now = {NULL, 0, 0};
    struct days changed = {NULL, 0, 0};
    bool ok = is_worthwhile(s, &worthwhile);
    if (ok && worthwhile) {
        ok = bag_sql_register(store_database(s)) && read_days(s, &before) &&
             find_days(s, &now) && change_days(s, &before, &now, &changed) &&
             make_blocks(s, &changed) && make_seen(s);
    }
    free(before.days);
    free(now.days);
    free(changed.days);
    return ok;
}
