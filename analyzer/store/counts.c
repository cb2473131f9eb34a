/* SPDX-License-Identifier: MIT */
/*
 * The counts are sorted in the order of the tables' primary keys before they
 * are written, so that SQLite fills its pages one after the other, and those
 * of one row are put together on the way.  What is already there is added to,
 * never replaced: a source is written in steps.
 */
#include "store/counts.h"

#include "base/memory.h"
#include "store/count_rows.h"

#include <stdlib.h>

#define ADD(column) #column " = " #column " + excluded." #column

/* "WHERE true" tells the parser that ON CONFLICT is no join's. */
static const char *const sql_of[] = {
    [FACT_TRAFFIC] =
        "INSERT INTO traffic SELECT ?1, hour, direction, host, domain,"
        " provider, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11"
        " FROM count_rows WHERE true ON CONFLICT DO UPDATE "
        "SET " ADD(delivered) "," ADD(deferred) "," ADD(bounced) "," ADD(expired) "," ADD(rejected) "," ADD(accepted) "," ADD(
            discarded) "," ADD(held) "," ADD(suspended) "," ADD(other_hosts) "," ADD(hops) "," ADD(probes),
    [FACT_SENDER] =
        "INSERT INTO sender_traffic SELECT ?1, hour, direction, host, sender,"
        " c0, c1, c2, c3, c4, c5 FROM count_rows WHERE true"
        " ON CONFLICT DO UPDATE SET " ADD(delivered) "," ADD(deferred) "," ADD(
            bounced) "," ADD(expired) "," ADD(rejected) "," ADD(accepted),
    [FACT_FAILURE] =
        "INSERT INTO failure SELECT ?1, hour, direction, host, sender, domain,"
        " provider, reply, c0, c1, c2 FROM count_rows WHERE true"
        " ON CONFLICT DO UPDATE SET " ADD(attempts) "," ADD(suspended) "," ADD(
            other_hosts),
    [FACT_LATENCY] =
        "INSERT INTO latency SELECT ?1, hour, host, provider, bucket, c0"
        " FROM count_rows WHERE true"
        " ON CONFLICT DO UPDATE SET " ADD(deliveries),
};

enum { N_TABLES = sizeof(sql_of) / sizeof(sql_of[0]), HOUR = 3600 };

/* Facts lie in another order than they are written in: by the time that so many
 * are, the one that is fetched now has come into the cache. */
enum { LOOK_AHEAD = 8 };

/* The key of a row, so that rows sort by it word by word.  An id takes as
 * many bits as no store will ever fill. */
struct place {
    uint64_t first;  /* hour, direction, host */
    uint64_t second; /* sender, domain */
    uint64_t third;  /* provider, reply, bucket */
    uint32_t fact;
};

/* The places of one table, in order, and how far they were given out. */
struct sorted {
    const struct counts *counts;
    struct place *places;
    uint32_t n;
    uint32_t at;
};

static struct place place_of(const struct counts *c, uint32_t i)
{
    const struct fact *f = &c->facts[i].fact;
    /* names sort the other way round: inbound, outbound */
    uint64_t direction = 3u - f->direction;
    uint64_t hour = (uint64_t)(f->hour / HOUR) & 0xffffffff;
    bool fails = f->table == FACT_FAILURE;
    uint64_t reply = fails ? (uint64_t)c->replies[f->reply] : 0;
    uint64_t bucket = f->table == FACT_LATENCY ? f->column : 0;
    return (struct place){
        .first = hour << 32 | direction << 30 |
                 ((uint64_t)c->ids->hosts[f->host] & 0x3fffffff),
        .second = (uint64_t)c->ids->domains[f->sender] << 32 |
                  ((uint64_t)c->ids->domains[f->domain] & 0xffffffff),
        .third = (uint64_t)c->ids->providers[f->provider] << 40 |
                 (reply & 0xffffffff) << 8 | bucket,
        .fact = i};
}

static int order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;
    if (x->first != y->first) {
        return order(x->first, y->first);
    }
    return x->second != y->second ? order(x->second, y->second)
                                  : order(x->third, y->third);
}

static void sort_table(
    const struct counts *c, enum fact_table table, struct sorted *out)
{
    *out = (struct sorted){.counts = c, .places = out->places};
    for (uint32_t i = 0; i < c->n_facts; i++) {
        if (c->facts[i].fact.table == table) {
            out->places[out->n++] = place_of(c, i);
        }
    }
    qsort(out->places, out->n, sizeof(*out->places), compare);
}

static void begin_row(
    const struct counts *c, const struct fact *f, struct count_row *row)
{
    bool fails = f->table == FACT_FAILURE;
    *row = (struct count_row){.hour = f->hour,
        .direction = direction_name((enum direction)f->direction),
        .host = c->ids->hosts[f->host],
        .sender = c->ids->domains[f->sender],
        .domain = c->ids->domains[f->domain],
        .provider = c->ids->providers[f->provider],
        .reply = fails ? c->replies[f->reply] : 0,
        .bucket = f->column};
}

/* The next row: the counts of all its columns lie side by side. */
static bool next_row(void *context, struct count_row *row)
{
    struct sorted *s = context;
    const struct counted_fact *facts = s->counts->facts;
    if (s->at == s->n) {
        return false;
    }
    const struct place *first = &s->places[s->at];
    if (s->n - s->at > LOOK_AHEAD) {
        __builtin_prefetch(&facts[first[LOOK_AHEAD].fact]);
    }
    begin_row(s->counts, &facts[first->fact].fact, row);
    while (s->at < s->n && compare(first, &s->places[s->at]) == 0) {
        uint32_t i = s->places[s->at++].fact;
        const struct fact *f = &facts[i].fact;
        row->counts[f->table == FACT_LATENCY ? 0 : f->column] += facts[i].n;
    }
    return true;
}

static bool write_table(
    const struct counts *c, enum fact_table table, struct sorted *sorted)
{
    sort_table(c, table, sorted);
    sqlite3_stmt *q = store_prepare(c->store, sql_of[table]);
    if (q == NULL) {
        return false;
    }
    sqlite3_bind_int64(q, 1, c->source);
    bool ok = store_step(c->store, q) == SQLITE_DONE;
    sqlite3_finalize(q);
    return ok;
}

bool counts_write(const struct counts *c)
{
    struct sorted sorted = {
        .places = memory_zalloc(c->n_facts, sizeof(*sorted.places))};
    struct count_rows rows = {next_row, &sorted};
    bool ok = count_rows_open(c->store, &rows);
    for (int table = 0; ok && table < N_TABLES; table++) {
        ok = write_table(c, (enum fact_table)table, &sorted);
    }
    count_rows_close(c->store);
    free(sorted.places);
    return ok;
}
