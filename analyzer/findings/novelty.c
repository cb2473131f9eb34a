/* SPDX-License-Identifier: MIT */
/*
 * New is what the store first saw in the period asked for.  Causes and block
 * lists come first: a reply of a new cause or list is not told again.  Of
 * replies only some are told, those with most attempts.
 */
#include "findings/novelty.h"

#include "findings/sentence.h"
#include "store/rollup.h"

#include <stdlib.h>

enum { HOUR = 3600, LEAST_PAST = 7 * 86400, MOST_TOLD = 5, SHOWN_LEN = 60 };

/* Since when each kind, and each list that others refuse us for, is known, and
 * how often it came lately. */
struct acquaintance {
    int64_t *kind_since;
    int64_t *kind_attempts;
    int64_t *zone_since;
    int64_t *zone_attempts;
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
                search_text(s, "Never seen before, %s: %s, %s attempts",
                    kind->inbound ? "incoming mail" : "outgoing mail",
                    sentence_cause(s, kind->cause, kind->detail),
                    sentence_count(s, (double)a->kind_attempts[k]));
        }
    }
}

/* --- block lists ---------------------------------------------------------- */

/* The way to fail that most replies naming ${zone} stand for. */
static uint32_t kind_of_zone(const struct evidence *e, uint32_t zone)
{
    size_t n = 0;
    uint32_t best = 0;
    int64_t most = -1;
    const struct series *series =
        series_of(&e->set->lists[SERIES_EVERYTHING], 0, &n);
    for (size_t i = 0; i < n; i++) {
        const struct kinds_reply *r = kinds_reply(e->kinds, &series[i]);
        if (r != NULL && r->zone == zone && !e->kinds->list[r->kind].inbound &&
            lately(e, &series[i]) > most) {
            most = lately(e, &series[i]);
            best = r->kind;
        }
    }
    return best;
}

static void find_zones(const struct evidence *e, const struct acquaintance *a)
{
    struct search *s = e->search;
    for (uint32_t z = 1; z < e->kinds->n_zones; z++) {
        if (a->zone_since[z] < s->since ||
            (double)a->zone_attempts[z] < s->settings->min_excess) {
            continue;
        }
        struct finding *f = add_new(
            e, kind_of_zone(e, z), a->zone_since[z], a->zone_attempts[z]);
        s->places[s->n - 1].zone = z;
        f->scope = SCOPE_DNSBL;
        f->name = f->dnsbl = e->kinds->zones[z];
        f->headline = search_text(s,
            "Receivers name %s for the first time (%s attempt%s refused)",
            f->dnsbl, sentence_count(s, (double)a->zone_attempts[z]),
            a->zone_attempts[z] == 1 ? "" : "s");
    }
}

/* --- providers that begin to block -----------------------------------------
 */

static bool is_block(const struct kind *kind)
{
    return !kind->inbound && (kind->marks & MARK_BLOCK) != 0;
}

/* Attempts before the period asked for count as known. */
static void look_at_provider(const struct evidence *e,
    const struct series *series, size_t n, const struct acquaintance *a)
{
    struct search *s = e->search;
    for (uint32_t k = 0; k < e->kinds->n; k++) {
        int64_t now = 0;
        int64_t all = 0;
        size_t first = SIZE_MAX;
        for (size_t i = 0; is_block(&e->kinds->list[k]) && i < n; i++) {
            const struct kinds_reply *r = kinds_reply(e->kinds, &series[i]);
            if (r != NULL && r->kind == k) {
                now += lately(e, &series[i]);
                all += series_sum(&series[i], 0, e->set->hours);
                size_t hour = series_first(&series[i]);
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
                "%s refuses us for a new reason: %s, %s attempts", name,
                sentence_cause(s, f->cause, f->detail),
                sentence_count(s, (double)now));
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
    f->headline = search_text(s, "New reply, %s attempts: \"%.*s%s\"",
        sentence_count(s, (double)one->attempts), (int)len, text,
        text[len] != '\0' ? " ..." : "");
    return true;
}

static bool is_new_zone(const struct evidence *e, const struct acquaintance *a,
    const struct kinds_reply *r)
{
    return r->zone != 0 && !e->kinds->list[r->kind].inbound &&
           a->zone_since[r->zone] >= e->search->since;
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
        if (r == NULL || a->kind_since[r->kind] >= e->search->since ||
            is_new_zone(e, a, r)) {
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

/* When each reply was first seen, by its number; the end of time if never.
 * Without roll-ups each source has a row for each of its replies, and no index
 * by reply: they are gone through once. */
static int64_t *read_first(const struct evidence *e)
{
    size_t n = e->kinds->n_replies + 1;
    int64_t *since = memory_alloc(n * sizeof *since);
    for (size_t i = 0; i < n; i++) {
        since[i] = INT64_MAX;
    }
    int64_t day[2];
    sqlite3_stmt *rows = query_prepare(
        e->search->db, rollup_days(e->search->db, &day[0], &day[1])
                           ? "SELECT reply, first_seen FROM rollup_seen"
                           : "SELECT reply, first_seen FROM reply_seen");
    bool failed = rows == NULL;
    while (rows != NULL && query_step(rows, &failed)) {
        int64_t id = sqlite3_column_int64(rows, 0);
        int64_t first = sqlite3_column_int64(rows, 1);
        if (id >= 0 && (size_t)id < n && first < since[id]) {
            since[id] = first;
        }
    }
    sqlite3_finalize(rows);
    if (failed) {
        free(since);
        return NULL;
    }
    return since;
}

/* One that was never met is known since the end of time. */
static void forget_all(int64_t *since, int64_t *attempts, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        since[i] = INT64_MAX;
        attempts[i] = 0;
    }
}

static void note_since(int64_t *known, int64_t since)
{
    *known = since < *known ? since : *known;
}

static void get_acquainted(
    const struct evidence *e, const int64_t *since, struct acquaintance *a)
{
    const struct kinds *k = e->kinds;
    size_t n = 0;
    const struct series *series =
        series_of(&e->set->lists[SERIES_EVERYTHING], 0, &n);
    forget_all(a->kind_since, a->kind_attempts, k->n);
    forget_all(a->zone_since, a->zone_attempts, k->n_zones);
    for (size_t i = 0; i < k->n_replies; i++) {
        const struct kinds_reply *r = &k->replies[i];
        note_since(&a->kind_since[r->kind], since[i]);
        if (!k->list[r->kind].inbound) {
            note_since(&a->zone_since[r->zone], since[i]);
        }
    }
    for (size_t i = 0; i < n; i++) {
        const struct kinds_reply *r = kinds_reply(k, &series[i]);
        if (r != NULL) {
            int64_t attempts = lately(e, &series[i]);
            a->kind_attempts[r->kind] += attempts;
            a->zone_attempts[r->zone] +=
                k->list[r->kind].inbound ? 0 : attempts;
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
    size_t n = e->kinds->n;
    size_t n_zones = e->kinds->n_zones;
    int64_t *room = memory_alloc(2 * (n + n_zones) * sizeof *room);
    struct acquaintance a = {
        room, room + n, room + 2 * n, room + 2 * n + n_zones};
    get_acquainted(e, since, &a);
    find_causes(e, &a);
    find_zones(e, &a);
    find_providers(e, &a);
    bool ok = find_replies(e, &a, since);
    free(room);
    free(since);
    return ok;
}
