/* SPDX-License-Identifier: MIT */
/*
 * A nightly run adds the days that are over to what is there.  The latest day
 * is left out, since its log is still growing; reports add it themselves.
 *
 * Whether the roll-ups are still right is told by a digest of what the facts
 * of their days follow from: each source's digest of the hours, whether they
 * count, and the attributions.  So it does not matter what changed a day: a
 * late log, one that turned out to be a copy, a merge, a prune.  As minima
 * cannot be taken back, a change makes them anew from the beginning.
 */
#include "store/rollup.h"

#include "base/limits.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

enum { DAY_SECONDS = 86400, N_VALUES = 10, SQL_LEN = 2048 };

/* One day, and what its facts follow from. */
struct block {
    int64_t number;
    uint64_t digest;
};

/* The days in order. */
struct blocks {
    struct block *blocks;
    size_t n;
    size_t cap;
};

/* --- the tables --------------------------------------------------------- */

#define ADD(column) column " = " column " + excluded." column
#define SPAN_OF_HOURS                                                          \
    "first_hour = min(first_hour, excluded.first_hour),"                       \
    " last_hour = max(last_hour, excluded.last_hour)"
#define ADD_FIVE                                                               \
    ADD("delivered")                                                           \
    "," ADD("deferred") "," ADD("bounced") "," ADD("expired") "," ADD(         \
        "rejected")
#define SUM_OF_FIVE                                                            \
    " sum(delivered + accepted), sum(deferred), sum(bounced), sum(expired),"   \
    " sum(rejected)"

static const struct rollup_table tables[] = {
    {.name = "failure",
        .columns = "reply, provider, CASE direction WHEN 'inbound'"
                   " THEN sender_domain ELSE recipient_domain END, host,"
                   " sum(attempts), sum(suspended), min(hour), max(hour)",
        .view = "counted_failure",
        .group = "1, 2, 3, 4",
        .update = ADD("attempts") "," ADD("suspended") "," SPAN_OF_HOURS,
        .domain = "recipient_domain"},
    {.name = "count",
        .columns = "provider, host, reply, sum(attempts)",
        .view = "counted_failure",
        .group = "1, 2, 3",
        .update = ADD("attempts"),
        .domain = "recipient_domain"},
    {.name = "failed_recipient",
        .columns = "recipient_domain, reply, sum(attempts)",
        .view = "counted_failure",
        .group = "1, 2",
        .update = ADD("attempts"),
        .domain = "recipient_domain"},
    {.name = "failed_sender",
        .columns = "sender_domain, reply, sum(attempts)",
        .view = "counted_failure",
        .group = "1, 2",
        .update = ADD("attempts"),
        .domain = "sender_domain"},
    {.name = "failed_time",
        .columns = "reply, sum(attempts)",
        .view = "counted_failure",
        .group = "1, 2",
        .update = ADD("attempts"),
        .domain = "recipient_domain",
        .by_time = true},
    {.name = "total",
        .columns = "direction, provider, host, sum(delivered), sum(accepted),"
                   " sum(deferred), sum(bounced), sum(expired), sum(rejected),"
                   " sum(discarded), sum(held), sum(suspended),"
                   " sum(other_hosts), sum(hops), sum(probes), min(hour),"
                   " max(hour)",
        .view = "counted_traffic",
        .group = "1, 2, 3, 4",
        .update = ADD_FIVE
        "," ADD("accepted") "," ADD("discarded") "," ADD("held") "," ADD(
            "suspe"
            "nded") "," ADD("other_hosts") "," ADD("hops") "," ADD("probes") "," SPAN_OF_HOURS,
        .domain = "domain",
        .by_time = true,
        .has_direction = true},
    {.name = "recipient",
        .columns = "domain, direction," SUM_OF_FIVE,
        .view = "counted_traffic",
        .group = "1, 2",
        .update = ADD_FIVE,
        .domain = "domain",
        .has_direction = true},
    {.name = "sender",
        .columns = "domain, direction," SUM_OF_FIVE,
        .view = "counted_sender",
        .group = "1, 2",
        .update = ADD_FIVE,
        .domain = "domain",
        .has_direction = true},
    {.name = "latency",
        .columns = "provider, bucket, sum(deliveries)",
        .view = "counted_latency",
        .group = "1, 2",
        .update = ADD("deliveries")},
};

enum { N_TABLES = sizeof(tables) / sizeof(tables[0]) };

const struct rollup_table *rollup_tables(size_t *n)
{
    *n = N_TABLES;
    return tables;
}

/* --- what there is to roll up ------------------------------------------- */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Blocks come in order. */
static void add_digest(struct blocks *b, int64_t number, uint64_t digest)
{
    if (b->n == 0 || b->blocks[b->n - 1].number != number) {
        if (b->n == b->cap) {
            b->cap = b->cap != 0 ? b->cap * 2 : 64;
            b->blocks = memory_grow(b->blocks, b->cap, sizeof(*b->blocks));
        }
        b->blocks[b->n++] = (struct block){number, 0};
    }
    b->blocks[b->n - 1].digest += digest;
}

/* Digests are sums of rows' hashes: no order of rows matters. */
static bool find_days(struct store *s, struct blocks *days)
{
    sqlite3_stmt *q = store_prepare(s,
        "SELECT g.hour, g.host, g.events, g.digest, g.rolled, o.consumed,"
        " d.equal IS 1, g.source, 0, 0 FROM hour_digest AS g"
        " JOIN source AS o ON o.id = g.source LEFT JOIN duplicate_hour AS d"
        " ON d.source = g.source AND d.host = g.host AND d.hour = g.hour"
        " UNION ALL SELECT hour, host, source, sender_domain,"
        " recipient_domain, provider, reply, direction = 'inbound', n,"
        " 1 + unicode(disposition) * 256 + length(disposition)"
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
        add_digest(days, floor_div(values[0], DAY_SECONDS), span_hash(bytes));
    }
    sqlite3_finalize(q);
    return code == SQLITE_DONE;
}

/* --- making ------------------------------------------------------------- */

static bool clear(struct store *s)
{
    bool ok = store_run(s, "DELETE FROM rollup");
    for (size_t i = 0; ok && i < N_TABLES; i++) {
        char sql[SQL_LEN];
        snprintf(sql, sizeof(sql), "DELETE FROM rollup_%s", tables[i].name);
        ok = store_run(s, sql);
    }
    return ok;
}

/* Add the facts of [since, until). */
static bool add_facts(struct store *s, int64_t since, int64_t until)
{
    bool ok = true;
    for (size_t i = 0; ok && i < N_TABLES; i++) {
        const struct rollup_table *t = &tables[i];
        char sql[SQL_LEN];
        sqlite3_snprintf((int)sizeof(sql), sql,
            "INSERT INTO rollup_%s SELECT %s%s FROM %s WHERE hour >= %lld"
            " AND hour < %lld GROUP BY %s ON CONFLICT DO UPDATE SET %s",
            t->name, t->by_time ? "hour / 86400 * 86400, " : "", t->columns,
            t->view, (long long)since, (long long)until, t->group, t->update);
        ok = store_run(s, sql);
    }
    return ok;
}

static bool note(struct store *s, int64_t since, int64_t until, uint64_t digest)
{
    char sql[SQL_LEN];
    sqlite3_snprintf((int)sizeof(sql), sql,
        "DELETE FROM rollup; INSERT INTO rollup VALUES (%lld, %lld, %lld)",
        (long long)since, (long long)until, (long long)digest);
    return store_run(s, sql);
}

/* What is there: until when, and the digest; 0 and 0 if nothing is. */
static bool read_note(struct store *s, int64_t *until, uint64_t *digest)
{
    int64_t value = 0;
    bool ok = store_number(s, "SELECT until FROM rollup", until) &&
              store_number(s, "SELECT digest FROM rollup", &value);
    *digest = (uint64_t)value;
    return ok;
}

/* The digest of the days before ${until}; how many they are goes to ${n}. */
static uint64_t digest_until(
    const struct blocks *days, int64_t until, size_t *n)
{
    uint64_t digest = 0;
    size_t i = 0;
    while (i < days->n && days->blocks[i].number * DAY_SECONDS < until) {
        digest += days->blocks[i++].digest;
    }
    *n = i;
    return digest;
}

static bool add_days(struct store *s, const struct blocks *days)
{
    int64_t until = 0;
    uint64_t noted = 0;
    size_t n = 0;
    if (!read_note(s, &until, &noted)) {
        return false;
    }
    bool fits = until != 0 && digest_until(days, until, &n) == noted;
    if (!fits && !clear(s)) {
        return false;
    }
    if (days->n < 2) {
        return true;
    }
    int64_t begin = days->blocks[0].number * DAY_SECONDS;
    int64_t end = days->blocks[days->n - 1].number * DAY_SECONDS;
    int64_t from = fits ? until : begin;
    return from >= end || (add_facts(s, from, end) &&
                              note(s, begin, end, digest_until(days, end, &n)));
}

/* A small store is read faster than its roll-ups are made. */
static bool is_worthwhile(struct store *s, bool *worthwhile)
{
    int64_t pages = 0;
    int64_t size = 0;
    int64_t blocks = 0;
    bool ok = store_number(s, "PRAGMA page_count", &pages) &&
              store_number(s, "PRAGMA page_size", &size) &&
              store_number(s, "SELECT count(*) FROM rollup", &blocks);
    *worthwhile = blocks > 0 || pages * size >= LIMIT_PLAIN_STORE;
    return ok;
}

bool rollup_run(struct store *s)
{
    bool worthwhile = false;
    struct blocks days = {NULL, 0, 0};
    bool ok = is_worthwhile(s, &worthwhile);
    if (ok && worthwhile) {
        ok = find_days(s, &days) && add_days(s, &days);
    }
    free(days.blocks);
    return ok;
}
