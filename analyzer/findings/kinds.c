/* SPDX-License-Identifier: MIT */
/*
 * A store holds some dozen kinds and thousands of replies; the replies are
 * numbered by the store, the kinds and the zones here in order of appearance.
 */
#include "findings/kinds.h"

#include "base/intern.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 64, MAX_REPLIES = 1 << 22 };

static uint32_t add_kind(struct kinds *k, struct search *s, sqlite3_stmt *row)
{
    if (k->n % FIRST_CAPACITY == 0) {
        k->list = memory_grow(k->list, k->n + FIRST_CAPACITY, sizeof *k->list);
    }
    struct kind *kind = &k->list[k->n];
    *kind = (struct kind){.direction = search_keep(s, query_text(row, 1)),
        .cause = search_keep(s, query_text(row, 2)),
        .detail = search_keep(s, query_text(row, 3))};
    kind->inbound = strcmp(kind->direction, "inbound") == 0;
    kind->side = search_keep(s,
        lexicon_ask(s->lexicon, s->lexicon->side, kind->cause, kind->detail));
    kind->marks =
        lexicon_marks(s->lexicon, span_of(kind->cause), span_of(kind->detail));
    return k->n++;
}

uint32_t kinds_find(const struct kinds *k, const char *direction,
    const char *cause, const char *detail)
{
    for (uint32_t i = 0; i < k->n; i++) {
        if (strcmp(k->list[i].detail, detail) == 0 &&
            strcmp(k->list[i].cause, cause) == 0 &&
            strcmp(k->list[i].direction, direction) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

static uint32_t find_kind(struct kinds *k, struct search *s, sqlite3_stmt *row)
{
    uint32_t kind = kinds_find(
        k, query_text(row, 1), query_text(row, 2), query_text(row, 3));
    return kind != UINT32_MAX ? kind : add_kind(k, s, row);
}

static void take_reply(
    struct kinds *k, struct search *s, sqlite3_stmt *row, struct intern *zones)
{
    int64_t id = sqlite3_column_int64(row, 0);
    if (id < 0 || id >= MAX_REPLIES) {
        return;
    }
    size_t needed = (size_t)id + 1;
    if (needed > k->n_replies) {
        size_t cap = needed + needed / 2;
        k->replies = memory_grow(k->replies, cap, sizeof *k->replies);
        memset(k->replies + k->n_replies, 0,
            (cap - k->n_replies) * sizeof *k->replies);
        k->n_replies = cap;
    }
    k->replies[id] = (struct kinds_reply){find_kind(k, s, row),
        intern_add(zones, span_of(query_text(row, 4))),
        sqlite3_column_int64(row, 5) == 0};
}

static void take_zones(
    struct kinds *k, struct search *s, const struct intern *zones)
{
    k->n_zones = intern_count(zones);
    k->zones = memory_alloc(k->n_zones * sizeof *k->zones);
    for (uint32_t i = 0; i < k->n_zones; i++) {
        k->zones[i] = search_keep(s, intern_text(zones, i).ptr);
    }
}

bool kinds_load(struct kinds *k, struct search *s)
{
    *k = (struct kinds){.list = NULL};
    sqlite3_stmt *rows = query_prepare(s->db,
        "SELECT id, direction, cause, detail, dnsbl, reply_code FROM reply"
        " ORDER BY id");
    if (rows == NULL) {
        return false;
    }
    bool failed = false;
    struct intern *zones = intern_create();
    while (query_step(rows, &failed)) {
        take_reply(k, s, rows, zones);
    }
    sqlite3_finalize(rows);
    take_zones(k, s, zones);
    intern_free(zones);
    return !failed;
}

const struct kinds_reply *kinds_reply(
    const struct kinds *k, const struct series *series)
{
    uint32_t reply = series->reply - SERIES_REPLY;
    return series->reply >= SERIES_REPLY && reply < k->n_replies && k->n > 0
               ? &k->replies[reply]
               : NULL;
}

void kinds_reset(struct kinds *k)
{
    free(k->list);
    free(k->replies);
    free(k->zones);
}

static const char *const name_queries[SERIES_DIMENSIONS] = {
    [SERIES_PROVIDER] = "SELECT name FROM provider WHERE id = :id",
    [SERIES_RECIPIENT] = "SELECT name FROM domain WHERE id = :id",
    [SERIES_SENDER] = "SELECT name FROM domain WHERE id = :id",
    [SERIES_HOST] = "SELECT name FROM host WHERE id = :id"};

const char *kinds_name(
    struct search *s, enum series_dimension dimension, uint32_t item)
{
    const char *sql = name_queries[dimension];
    sqlite3_stmt *row = sql != NULL ? query_prepare(s->db, sql) : NULL;
    const char *name = "";
    bool failed = false;
    if (row != NULL) {
        query_bind(row, ":id", item);
        if (query_step(row, &failed)) {
            name = search_keep(s, query_text(row, 0));
        }
        sqlite3_finalize(row);
    }
    return name;
}
