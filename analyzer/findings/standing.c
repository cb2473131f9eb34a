/* SPDX-License-Identifier: MIT */
/*
 * A log of one day has no past to compare with, and a fault that was always
 * there is no shift.  So each cause that somebody can act on is told once as a
 * fact, if nothing else tells of it, with its evidence and its advice; what
 * needs no action is told in short.
 */
#include "findings/standing.h"

#include "findings/sentence.h"
#include "store/bag_sql.h"
#include "store/rollup.h"

#include <math.h>
#include <stdlib.h>

enum {
    HOUR = 3600,
    DAY = 86400,
    MOST_FACTS = 24,
    LEAST_ATTEMPTS = 3,
    N_BUCKETS = 128
};

#define SLOW_SECONDS 3600.0

/* --- causes --------------------------------------------------------------- */

struct total {
    uint32_t kind;
    int64_t attempts;
};

static int compare_totals(const void *a, const void *b)
{
    const struct total *x = a;
    const struct total *y = b;
    if (x->attempts != y->attempts) {
        return x->attempts > y->attempts ? -1 : 1;
    }
    return x->kind < y->kind ? -1 : x->kind > y->kind;
}

static size_t first_hour(const struct evidence *e)
{
    int64_t from = (e->search->since - e->set->since) / HOUR;
    return from > 0 ? (size_t)from : 0;
}

static struct total *add_up(const struct evidence *e)
{
    struct total *totals = memory_zalloc(e->kinds->n + 1, sizeof *totals);
    size_t n = 0;
    const struct series *series =
        series_of(&e->set->lists[SERIES_EVERYTHING], 0, &n);
    for (uint32_t i = 0; i < e->kinds->n; i++) {
        totals[i].kind = i;
    }
    for (size_t i = 0; i < n; i++) {
        const struct kinds_reply *reply = kinds_reply(e->kinds, &series[i]);
        if (reply != NULL) {
            totals[reply->kind].attempts +=
                series_sum(&series[i], first_hour(e), e->set->hours);
        }
    }
    qsort(totals, e->kinds->n, sizeof *totals, compare_totals);
    return totals;
}

static bool is_greylisting(const struct kind *kind)
{
    return !kind->inbound && (kind->marks & MARK_GREYLISTING) != 0;
}

static bool is_told(const struct search *s, const struct kind *kind)
{
    if (is_greylisting(kind)) {
        return true; /* has a fact of its own */
    }
    for (size_t i = 0; i < s->n; i++) {
        const struct finding *f = &s->items[i];
        if (f->kind != FINDING_FACT && strcmp(f->detail, kind->detail) == 0 &&
            strcmp(f->cause, kind->cause) == 0 &&
            strcmp(f->direction, kind->direction) == 0) {
            return true;
        }
    }
    return false;
}

/* Ours to act on.  What we refuse ourselves is meant so, unless it says that
 * our own server has trouble; what the other side or the addressee has to
 * change only needs to be known. */
static bool is_ours(const struct kind *kind)
{
    return kind->inbound ? (kind->marks & MARK_OWN_TROUBLE) != 0
                         : strcmp(kind->side, "us") == 0 ||
                               strcmp(kind->side, "both") == 0;
}

static void tell(const struct evidence *e, const struct total *t)
{
    struct search *s = e->search;
    const struct kind *kind = &e->kinds->list[t->kind];
    struct finding *f = search_add(s);
    size_t i = s->n - 1;
    s->places[i] =
        (struct search_place){true, SERIES_EVERYTHING, 0, t->kind, 0};
    f->kind = FINDING_FACT;
    f->severity = is_ours(kind) ? SEVERITY_NOTICE : SEVERITY_INFO;
    f->scope = SCOPE_EVERYTHING;
    f->direction = kind->direction;
    f->cause = kind->cause;
    f->detail = kind->detail;
    f->since = s->since > s->begin ? s->since : s->begin;
    f->last_seen = s->end - 1;
    f->observed = (double)t->attempts;
    f->expected = f->observed;
    struct evidence_share best[1];
    size_t domains = evidence_where(e, i, SERIES_RECIPIENT, best, 1);
    f = &s->items[i];
    f->headline = search_text(s, "%s: %s attempt%s %s, %zu domain%s%s",
        sentence_cause(s, kind->cause, kind->detail),
        sentence_count(s, (double)t->attempts), t->attempts == 1 ? "" : "s",
        kind->inbound ? "refused by us" : "failed", domains,
        domains == 1 ? "" : "s", kind->inbound ? " of ours" : "");
}

static void find_causes(const struct evidence *e)
{
    struct total *totals = add_up(e);
    size_t told = 0;
    for (uint32_t i = 0; i < e->kinds->n && told < MOST_FACTS; i++) {
        const struct kind *kind = &e->kinds->list[totals[i].kind];
        if (totals[i].attempts > 0 && strcmp(kind->cause, "ok") != 0 &&
            strcmp(kind->cause, "unknown") != 0 && !is_told(e->search, kind) &&
            (is_ours(kind) ||
                (!kind->inbound && totals[i].attempts >= LEAST_ATTEMPTS))) {
            tell(e, &totals[i]);
            told++;
        }
    }
    free(totals);
}

/* --- greylisting ---------------------------------------------------------- */

/* Attempts of one domain: put off by greylisting, failed, tried in the hours
 * from the first such one on. */
struct patience {
    int64_t greylisted;
    int64_t failed;
    int64_t tried;
};

static bool is_put_off(const struct evidence *e, const struct series *series)
{
    const struct kinds_reply *reply = kinds_reply(e->kinds, series);
    return reply != NULL && is_greylisting(&e->kinds->list[reply->kind]);
}

static size_t first_point(const struct series *s, size_t from, size_t hours)
{
    struct series_point p;
    for (size_t at = 0; series_next(s, &at, &p);) {
        if (p.hour >= from && p.n > 0) {
            return p.hour;
        }
    }
    return hours;
}

static struct patience patience_of(
    const struct evidence *e, const struct series *series, size_t n)
{
    struct patience p = {0};
    size_t from = e->set->hours;
    for (size_t i = 0; i < n; i++) {
        if (is_put_off(e, &series[i])) {
            size_t first = first_point(&series[i], first_hour(e), from);
            from = first < from ? first : from;
        }
    }
    for (size_t i = 0; i < n; i++) {
        const struct kinds_reply *reply = kinds_reply(e->kinds, &series[i]);
        int64_t sum = series_sum(&series[i], from, e->set->hours);
        if (series[i].reply == SERIES_TRIED_OUTBOUND) {
            p.tried += sum;
        } else if (reply != NULL && !e->kinds->list[reply->kind].inbound) {
            p.failed += sum;
            p.greylisted += is_put_off(e, &series[i]) ? sum : 0;
        }
    }
    return p;
}

/* "both domains took mail" */
static const char *takers(struct search *s, size_t took, size_t domains)
{
    return domains == 1
               ? took == 1 ? "the domain took mail" : "the domain took no mail"
           : took < domains
               ? search_text(s, "%zu of %zu domains took mail", took, domains)
           : domains == 2
               ? "both domains took mail"
               : search_text(s, "all %zu domains took mail", domains);
}

static void find_greylisting(const struct evidence *e)
{
    const struct series_list *list = &e->set->lists[SERIES_RECIPIENT];
    int64_t attempts = 0;
    size_t domains = 0;
    size_t took = 0;
    for (size_t i = 0; i < list->n;) {
        size_t n = 0;
        const struct series *first = series_of(list, list->series[i].item, &n);
        struct patience p = patience_of(e, first, n);
        attempts += p.greylisted;
        domains += p.greylisted > 0;
        took += p.greylisted > 0 && p.tried > p.failed;
        i += n;
    }
    if (attempts == 0) {
        return;
    }
    struct search *s = e->search;
    struct finding *f = search_add(s);
    f->kind = FINDING_FACT;
    f->severity = SEVERITY_INFO;
    f->scope = SCOPE_EVERYTHING;
    f->direction = "outbound";
    search_mark(s, f, MARK_GREYLISTING);
    f->name = "";
    f->since = s->since > s->begin ? s->since : s->begin;
    f->last_seen = s->end - 1;
    f->observed = f->expected = (double)attempts;
    f->headline =
        search_text(s, "Greylisting: %s attempt%s put off, and %s afterwards",
            sentence_count(s, (double)attempts),
            attempts == 1 ? " was" : "s were", takers(s, took, domains));
}

/* --- time to deliver ------------------------------------------------------ */

static double seconds_of(int bucket)
{
    return exp2((bucket + 1) / 2.0) / 1000;
}

static const char *duration(struct search *s, double seconds)
{
    if (seconds < 1) {
        return search_text(s, "%.0f ms", seconds * 1000);
    }
    if (seconds < 90) {
        return search_text(s, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
    }
    return seconds < 5400 ? search_text(s, "%.0f min", seconds / 60)
                          : search_text(s, "%.1f h", seconds / 3600);
}

/* The time within which ${share} of all were delivered. */
static double quantile(const int64_t *buckets, int64_t total, double share)
{
    double sum = 0;
    for (int i = 0; i < N_BUCKETS; i++) {
        sum += (double)buckets[i];
        if (sum >= share * (double)total) {
            return seconds_of(i);
        }
    }
    return 0;
}

static void tell_latency(
    struct search *s, const int64_t *buckets, int64_t total)
{
    int64_t slow = 0;
    for (int i = 0; i < N_BUCKETS; i++) {
        slow += seconds_of(i - 1) >= SLOW_SECONDS ? buckets[i] : 0;
    }
    struct finding *f = search_add(s);
    f->kind = FINDING_FACT;
    f->severity = SEVERITY_INFO;
    f->scope = SCOPE_EVERYTHING;
    f->direction = "outbound";
    f->unit = "deliveries";
    f->since = s->since > s->begin ? s->since : s->begin;
    f->last_seen = s->end - 1;
    f->observed = f->expected = (double)total;
    f->headline = search_text(s,
        "Half of the mail was delivered within %s, 95 %% within %s",
        duration(s, quantile(buckets, total, 0.5)),
        duration(s, quantile(buckets, total, 0.95)));
    search_note(s, f,
        search_text(s,
            "Put off first, then delivered after an hour or more: %s of"
            " %s",
            sentence_count(s, (double)slow), sentence_count(s, (double)total)));
}

/* A damaged store may hold any numbers: of those of all buckets there must
 * still be a sum. */
static int64_t within_bounds(int64_t n)
{
    static const int64_t most = INT64_MAX / N_BUCKETS / 2;
    return n > most ? most : n < -most ? -most : n;
}

/* Columns: bucket, deliveries. */
static bool add_latencies(
    struct search *s, const char *sql, int64_t since, int64_t end, int64_t *to)
{
    sqlite3_stmt *rows = since < end ? query_prepare(s->db, sql) : NULL;
    bool failed = rows == NULL && since < end;
    if (rows != NULL) {
        query_bind(rows, ":since", since);
        query_bind(rows, ":end", end);
    }
    while (rows != NULL && query_step(rows, &failed)) {
        int64_t bucket = sqlite3_column_int64(rows, 0);
        if (bucket >= 0 && bucket < N_BUCKETS) {
            int64_t n = within_bounds(sqlite3_column_int64(rows, 1));
            to[bucket] = within_bounds(to[bucket] + n);
        }
    }
    sqlite3_finalize(rows);
    return !failed;
}

static bool add_facts(struct search *s, int64_t since, int64_t end, int64_t *to)
{
    return add_latencies(s,
        "SELECT bucket, sum(deliveries) FROM counted_latency"
        " WHERE hour >= :since AND hour < :end GROUP BY bucket",
        since, end, to);
}

/* Whole days, by their number. */
static bool add_days(struct search *s, int64_t since, int64_t end, int64_t *to)
{
    return bag_sql_register(s->db) &&
           add_latencies(s,
               "SELECT e.k2, sum(e.v1) FROM rollup AS r"
               " CROSS JOIN bag_each(r.bag) AS e WHERE r.name = 'latency'"
               " AND r.level = 1 AND r.number >= :since AND r.number < :end"
               " GROUP BY e.k2",
               since, end, to);
}

static bool find_latency(struct search *s)
{
    int64_t buckets[N_BUCKETS] = {0};
    int64_t total = 0;
    int64_t first = s->since / DAY + (s->since % DAY > 0);
    int64_t last = s->end / DAY;
    int64_t day[2];
    bool whole = first < last && rollup_days(s->db, &day[0], &day[1]);
    bool ok = whole ? add_facts(s, s->since, first * DAY, buckets) &&
                          add_days(s, first, last, buckets) &&
                          add_facts(s, last * DAY, s->end, buckets)
                    : add_facts(s, s->since, s->end, buckets);
    for (size_t i = 0; i < N_BUCKETS; i++) {
        total += buckets[i];
    }
    if (ok && total > 0) {
        tell_latency(s, buckets, total);
    }
    return ok;
}

bool standing_find(const struct evidence *e)
{
    find_causes(e);
    find_greylisting(e);
    return find_latency(e->search);
}
