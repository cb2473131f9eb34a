/* SPDX-License-Identifier: MIT */
/*
 * How often which reply came is in the series that are in memory; only the
 * words of the few that matter are read from the store.
 */
#include "findings/evidence.h"

enum { HOUR = 3600, MAX_REPLIES = 3, MAX_SAMPLES = 2 };

/* In microseconds, as times of samples are. */
#define SECOND INT64_C(1000000)

/* Hours [from, to) of the set. */
struct stretch {
    size_t from;
    size_t to;
};

static struct stretch time_of(const struct evidence *e, const struct finding *f)
{
    int64_t from = (f->since - e->set->since) / HOUR;
    int64_t to = f->until != 0 ? (f->until - 1 - e->set->since) / HOUR + 1
                               : (int64_t)e->set->hours;
    return (struct stretch){
        from > 0 ? (size_t)from : 0, to > 0 ? (size_t)to : 0};
}

static bool belongs(const struct evidence *e, const struct search_place *place,
    const struct series *series)
{
    const struct kinds_reply *reply = kinds_reply(e->kinds, series);
    return reply != NULL && reply->kind == place->kind &&
           (place->zone == 0 || reply->zone == place->zone);
}

/* Keep ${list} the ${max} largest, in order; ties by the smaller number. */
static void rank(struct evidence_share *list, size_t *n, size_t max,
    struct evidence_share share)
{
    size_t at = *n;
    while (at > 0 && (share.attempts > list[at - 1].attempts ||
                         (share.attempts == list[at - 1].attempts &&
                             share.item < list[at - 1].item))) {
        at--;
    }
    if (at == max) {
        return;
    }
    *n += *n < max;
    for (size_t i = *n - 1; i > at; i--) {
        list[i] = list[i - 1];
    }
    list[at] = share;
}

/* --- words ---------------------------------------------------------------- */

/* Few lines are kept of a reply.  Where some name the address of the finding,
 * no others are its evidence; those of its time come first. */
static bool read_samples(struct search *s, const struct finding *f,
    struct finding_evidence *out, uint32_t reply)
{
    sqlite3_stmt *rows = query_prepare(s->db,
        "SELECT line, instr(line, :address) > 0 AS named FROM sample"
        " WHERE reply = :reply AND time < :end"
        " ORDER BY named DESC, time NOT BETWEEN :since AND :until, time DESC,"
        " hash LIMIT 2");
    if (rows == NULL) {
        return false;
    }
    bool failed = false;
    query_bind(rows, ":reply", reply);
    query_bind(rows, ":end", s->end * SECOND);
    query_bind(rows, ":since", f->since * SECOND);
    query_bind(rows, ":until", (f->until != 0 ? f->until : s->end) * SECOND);
    query_bind_text(rows, ":address", f->address);
    const char **lines = arena_alloc(s->arena, MAX_SAMPLES * sizeof *lines);
    int named = 0;
    while (out->n_samples < MAX_SAMPLES && query_step(rows, &failed) &&
           sqlite3_column_int(rows, 1) >= named) {
        named = sqlite3_column_int(rows, 1);
        lines[out->n_samples++] = search_keep(s, query_text(rows, 0));
    }
    out->samples = lines;
    sqlite3_finalize(rows);
    return !failed;
}

static bool read_reply(struct search *s, const struct finding *f,
    struct finding_evidence *out, const struct evidence_share *share)
{
    sqlite3_stmt *row = query_prepare(s->db,
        "SELECT template, rule, CASE enhanced_code WHEN '' THEN logged_code"
        " ELSE enhanced_code END, reply_code FROM reply WHERE id = :reply");
    if (row == NULL) {
        return false;
    }
    bool failed = false;
    query_bind(row, ":reply", share->item);
    *out = (struct finding_evidence){"", "", "", 0, share->attempts, NULL, 0};
    if (query_step(row, &failed)) {
        out->template = search_keep(s, query_text(row, 0));
        out->rule = search_keep(s, query_text(row, 1));
        out->enhanced_code = search_keep(s, query_text(row, 2));
        out->reply_code = sqlite3_column_int(row, 3);
    }
    sqlite3_finalize(row);
    return !failed && read_samples(s, f, out, share->item);
}

bool evidence_reply(
    const struct evidence *e, size_t i, uint32_t reply, int64_t attempts)
{
    struct search *s = e->search;
    struct finding_evidence *one = arena_alloc(s->arena, sizeof *one);
    s->items[i].evidence = one;
    s->items[i].n_evidence = 1;
    return read_reply(
        s, &s->items[i], one, &(struct evidence_share){reply, attempts});
}

bool evidence_add(const struct evidence *e, size_t i)
{
    struct search *s = e->search;
    const struct search_place *place = &s->places[i];
    if (!place->known || s->items[i].n_evidence > 0) {
        return true;
    }
    struct stretch time = time_of(e, &s->items[i]);
    struct evidence_share best[MAX_REPLIES];
    size_t n = 0;
    size_t n_series = 0;
    const struct series *series =
        series_of(&e->set->lists[place->dimension], place->item, &n_series);
    for (size_t j = 0; j < n_series; j++) {
        int64_t sum = belongs(e, place, &series[j])
                          ? series_sum(&series[j], time.from, time.to)
                          : 0;
        if (sum > 0) {
            rank(best, &n, MAX_REPLIES,
                (struct evidence_share){series[j].reply - SERIES_REPLY, sum});
        }
    }
    struct finding_evidence *list =
        arena_alloc(s->arena, MAX_REPLIES * sizeof *list);
    for (size_t j = 0; j < n; j++) {
        if (!read_reply(s, &s->items[i], &list[j], &best[j])) {
            return false;
        }
    }
    s->items[i].evidence = list;
    s->items[i].n_evidence = n;
    return true;
}

/* --- places --------------------------------------------------------------- */

size_t evidence_where(const struct evidence *e, size_t i,
    enum series_dimension dimension, struct evidence_share *shares, size_t max)
{
    const struct series_list *list = &e->set->lists[dimension];
    struct stretch time = time_of(e, &e->search->items[i]);
    size_t kept = 0;
    size_t total = 0;
    for (size_t j = 0; j < list->n;) {
        struct evidence_share share = {list->series[j].item, 0};
        for (; j < list->n && list->series[j].item == share.item; j++) {
            if (belongs(e, &e->search->places[i], &list->series[j])) {
                share.attempts +=
                    series_sum(&list->series[j], time.from, time.to);
            }
        }
        if (share.attempts > 0) {
            total++;
            rank(shares, &kept, max, share);
        }
    }
    return total;
}
