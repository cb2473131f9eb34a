/* SPDX-License-Identifier: MIT */
/*
 * New is what the store first saw in the period asked for.  Causes come
 * first: a reply of a new cause is not told again.  Only some are told, those
 * with most attempts.
 */
#include "findings/novelty.h"

#include "findings/sentence.h"

#include <stdlib.h>

enum { HOUR = 3600, LEAST_PAST = 7 * 86400, MOST_TOLD = 5, SHOWN_LEN = 60 };

/* Since when each kind and each reply is known, and how often it came lately.
 */
struct acquaintance {
    int64_t *kind_since;
    int64_t *kind_attempts;
};

static int64_t lately(const struct evidence *e, const struct series *series)
{
    int64_t from = (e->search->since - e->set->since) / HOUR;
    return series_sum(series, from > 0 ? (size_t)from : 0, e->set->hours);
}

static struct finding *add_new(
    const struct evidence *e, uint32_t k, int64_t since, int64_t attempts)
{
    struct search *s = e->search;
    struct finding *f = search_add(s);
    s->places[s->n - 1] =
        (struct search_place){true, SERIES_EVERYTHING, 0, k, 0};
    f->kind = FINDING_NEW;
    f->severity = !e->kinds->list[k].inbound &&
                          (double)attempts >= s->settings->warning_excess
                      ? SEVERITY_NOTICE
                      : SEVERITY_INFO;
    f->scope = SCOPE_EVERYTHING;
    f->direction = e->kinds->list[k].direction;
    f->cause = e->kinds->list[k].cause;
    f->detail = e->kinds->list[k].detail;
    f->since = since;
    f->last_seen = s->end - 1;
    f->observed = f->excess = (double)attempts;
    return f;
}

/* --- causes --------------------------------------------------------------- */

static void find_causes(const struct evidence *e, const struct acquaintance *a)
{
    struct search *s = e->search;
    for (uint32_t k = 0; k < e->kinds->n; k++) {
        const struct kind *kind = &e->kinds->list[k];
        if (a->kind_since[k] >= s->since &&
            (double)a->kind_attempts[k] >= s->settings->min_excess &&
            strcmp(kind->cause, "ok") != 0) {
            struct finding *f =
                add_new(e, k, a->kind_since[k], a->kind_attempts[k]);
            f->headline =
                search_text(s, "Never seen before, %s: %s, %lld attempts",
                    kind->inbound ? "incoming mail" : "outgoing mail",
                    sentence_cause(s, kind->cause, kind->detail),
                    (long long)a->kind_attempts[k]);
        }
    }
}

/* --- providers that begin to block -----------------------------------------
 */

static bool is_block(const struct kind *kind)
{
    return !kind->inbound && (strcmp(kind->cause, "blacklisting") == 0 ||
                                 strcmp(kind->cause, "policy") == 0);
}

/* Attempts before the period asked for count as known. */
static void look_at_provider(const struct evidence *e,
    const struct series *series, size_t n, const struct acquaintance *a)
{
    struct search *s = e->search;
    for (uint32_t k = 0; k < e->kinds->n; k++) {
        int64_t now = 0;
        int64_t all = 0;
        uint32_t first = UINT32_MAX;
        for (size_t i = 0; is_block(&e->kinds->list[k]) && i < n; i++) {
            const struct kinds_reply *r = kinds_reply(e->kinds, &series[i]);
            if (r != NULL && r->kind == k) {
                now += lately(e, &series[i]);
                all += series_sum(&series[i], 0, e->set->hours);
                uint32_t hour = series[i].points[0].hour;
                first = hour < first ? hour : first;
            }
        }
        const char *name = (double)now >= s->settings->min_excess && now == all
                               ? kinds_name(s, SERIES_PROVIDER, series->item)
                               : "";
        if (name[0] != '\0' && a->kind_since[k] < s->since) {
            struct finding *f =
                add_new(e, k, e->set->since + (int64_t)first * HOUR, now);
            s->places[s->n - 1].dimension = SERIES_PROVIDER;
            s->places[s->n - 1].item = series->item;
            f->scope = SCOPE_PROVIDER;
            f->name = name;
            f->headline = search_text(s,
                "%s refuses us as never before: %s, %lld attempts", name,
                sentence_cause(s, f->cause, f->detail), (long long)now);
        }
    }
}

static void find_providers(
    const struct evidence *e, const struct acquaintance *a)
{
    const struct series_list *list = &e->set->lists[SERIES_PROVIDER];
    for (size_t i = 0; i < list->n;) {
        size_t n = 0;
        const struct series *first = series_of(list, list->series[i].item, &n);
        look_at_provider(e, first, n, a);
        i += n;
    }
}

/* --- replies ---------------------------------------------------------------
 */

struct newcomer {
    uint32_t reply;
    int64_t since;
    int64_t attempts;
};

/* Keep ${list} the MOST_TOLD with most attempts. */
static void keep_most(
    struct newcomer *list, size_t *n, const struct newcomer *one)
{
    size_t at = *n;
    while (at > 0 && one->attempts > list[at - 1].attempts) {
        at--;
    }
    if (at < MOST_TOLD) {
        *n += *n < MOST_TOLD;
        for (size_t i = *n - 1; i > at; i--) {
            list[i] = list[i - 1];
        }
        list[at] = *one;
    }
}

static bool tell_reply(const struct evidence *e, const struct newcomer *one)
{
    struct search *s = e->search;
    uint32_t k = e->kinds->replies[one->reply].kind;
    struct finding *f = add_new(e, k, one->since, one->attempts);
    size_t i = s->n - 1;
    s->places[i].zone = e->kinds->replies[one->reply].zone;
    f->dnsbl = e->kinds->zones[s->places[i].zone];
    if (!evidence_reply(e, i, one->reply, one->attempts)) {
        return false;
    }
    f = &s->items[i];
    const char *text = f->evidence[0].template;
    size_t len = strlen(text);
    while (len > SHOWN_LEN && text[len] != ' ') {
        len--;
    }
    f->name = text;
    f->headline = search_text(s, "New reply, %lld attempts: \"%.*s%s\"",
        (long long)one->attempts, (int)len, text,
        text[len] != '\0' ? " ..." : "");
    return true;
}

static bool find_replies(const struct evidence *e, const struct acquaintance *a,
    const int64_t *since)
{
    struct newcomer most[MOST_TOLD];
    size_t n = 0;
    size_t n_series = 0;
    const struct series *series =
        series_of(&e->set->lists[SERIES_EVERYTHING], 0, &n_series);
    for (size_t i = 0; i < n_series; i++) {
        const struct kinds_reply *r = kinds_reply(e->kinds, &series[i]);
        if (r == NULL || a->kind_since[r->kind] >= e->search->since) {
            continue;
        }
        uint32_t reply = series[i].reply - SERIES_REPLY;
        struct newcomer one = {reply, since[reply], lately(e, &series[i])};
        if (one.since >= e->search->since &&
            (double)one.attempts >= e->search->settings->warning_excess) {
            keep_most(most, &n, &one);
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (!tell_reply(e, &most[i])) {
            return false;
        }
    }
    return true;
}

/* --- all -------------------------------------------------------------------
 */

/* When each reply was first seen, by its number; the end of time if never. */
static int64_t *read_first(const struct evidence *e)
{
    size_t n = e->kinds->n_replies + 1;
    int64_t *since = memory_alloc(n * sizeof *since);
    for (size_t i = 0; i < n; i++) {
        since[i] = INT64_MAX;
    }
    sqlite3_stmt *rows = query_prepare(e->search->db,
        "SELECT r.id, (SELECT s.first_seen FROM reply_seen AS s"
        " WHERE s.reply = r.id ORDER BY s.first_seen LIMIT 1) FROM reply AS r");
    bool failed = rows == NULL;
    while (rows != NULL && query_step(rows, &failed)) {
        int64_t id = sqlite3_column_int64(rows, 0);
        if (id >= 0 && (size_t)id < n &&
            sqlite3_column_type(rows, 1) != SQLITE_NULL) {
            since[id] = sqlite3_column_int64(rows, 1);
        }
    }
    sqlite3_finalize(rows);
    if (failed) {
        free(since);
        return NULL;
    }
    return since;
}

static void get_acquainted(
    const struct evidence *e, const int64_t *since, struct acquaintance *a)
{
    size_t n = 0;
    const struct series *series =
        series_of(&e->set->lists[SERIES_EVERYTHING], 0, &n);
    for (uint32_t k = 0; k < e->kinds->n; k++) {
        a->kind_since[k] = INT64_MAX;
        a->kind_attempts[k] = 0;
    }
    for (size_t i = 0; i < e->kinds->n_replies; i++) {
        if (since[i] < a->kind_since[e->kinds->replies[i].kind]) {
            a->kind_since[e->kinds->replies[i].kind] = since[i];
        }
    }
    for (size_t i = 0; i < n; i++) {
        const struct kinds_reply *r = kinds_reply(e->kinds, &series[i]);
        if (r != NULL) {
            a->kind_attempts[r->kind] += lately(e, &series[i]);
        }
    }
}

bool novelty_find(const struct evidence *e)
{
    if (e->search->since < e->search->begin + LEAST_PAST || e->kinds->n == 0) {
        return true;
    }
    int64_t *since = read_first(e);
    if (since == NULL) {
        return false;
    }
    struct acquaintance a = {memory_alloc(e->kinds->n * sizeof *a.kind_since),
        memory_alloc(e->kinds->n * sizeof *a.kind_attempts)};
    get_acquainted(e, since, &a);
    find_causes(e, &a);
    find_providers(e, &a);
    bool ok = find_replies(e, &a, since);
    free(a.kind_since);
    free(a.kind_attempts);
    free(since);
    return ok;
}
