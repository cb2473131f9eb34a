/* SPDX-License-Identifier: MIT */
/*
 * The store holds, hour by hour, which receivers' replies named which list and
 * which address of ours.  Mentions that are less than a week apart are one
 * listing; it goes on if it was named in the last day of the data.  Of an
 * address that came back to a list the last time is the finding.
 *
 * A receiver whose look-ups fail refuses everybody in the name of the list:
 * that is no listing, and asking for removal would be in vain, so it is told
 * apart, by its own cause.
 */
#include "findings/blocklist.h"

#include "findings/addresses.h"
#include "findings/grade.h"
#include "findings/ours.h"
#include "findings/sentence.h"

enum { DAY = 86400, GAP = 7 * DAY, NAMED = 3, HOUR = 3600 };

/* One (list, address), while its hours go by in order. */
struct listed {
    const char *dnsbl; /* kept; NULL: none yet */
    const char *address;
    int64_t since;
    int64_t last;
    int64_t attempts;
    const char *earlier; /* a note about the time before; NULL: none */
};

static uint32_t zone_number(const struct kinds *k, const char *zone)
{
    for (uint32_t i = 1; i < k->n_zones; i++) {
        if (strcmp(k->zones[i], zone) == 0) {
            return i;
        }
    }
    return 0;
}

/* Who refuses mail for it, and how much of whose.  Receivers are counted by
 * list: where it is ${shared}, they stand for more than one address. */
static void add_receivers(const struct evidence *e, size_t i, bool shared)
{
    struct search *s = e->search;
    struct evidence_share best[NAMED];
    size_t n = s->places[i].known
                   ? evidence_where(e, i, SERIES_RECIPIENT, best, NAMED)
                   : 0;
    if (n == 0) {
        return;
    }
    const char *text = search_text(s,
        shared ? "The list was named, for several addresses, by %zu recipient"
                 " domain%s"
               : "Seen by %zu recipient domain%s",
        n, n == 1 ? "" : "s");
    for (size_t j = 0; j < n && j < NAMED; j++) {
        text = search_text(s, "%s%s %s (%s)", text, j == 0 ? ":" : ",",
            kinds_name(s, SERIES_RECIPIENT, best[j].item),
            sentence_count(s, (double)best[j].attempts));
    }
    search_note(s, &s->items[i], text);
    n = evidence_where(e, i, SERIES_SENDER, best, NAMED);
    const char *sender =
        n > 0 ? kinds_name(s, SERIES_SENDER, best[0].item) : "";
    if (sender[0] != '\0' && strcmp(sender, "?") != 0) {
        search_note(s, &s->items[i],
            search_text(s, "Hit most: mail from %s (%s attempt%s)", sender,
                sentence_count(s, (double)best[0].attempts),
                best[0].attempts == 1 ? "" : "s"));
    }
}

/* Attempts of all mail from ${since} to ${until}. */
static double tried(const struct evidence *e, int64_t since, int64_t until)
{
    const struct series *all = series_find(
        &e->set->lists[SERIES_EVERYTHING], 0, SERIES_TRIED_OUTBOUND);
    int64_t from = (since - e->set->since) / HOUR;
    int64_t to = (until - e->set->since + HOUR - 1) / HOUR;
    return all != NULL ? (double)series_sum(all, from > 0 ? (size_t)from : 0,
                             to > 0 ? (size_t)to : 0)
                       : 0;
}

/* Where no address of ours is named, some other may be meant: a reply then
 * speaks of whom we pass mail on for, or the site forgot a network. */
static const char *headline(struct search *s, const struct listed *l, bool open)
{
    const char *plural = l->attempts == 1 ? "" : "s";
    if (l->address[0] == '\0' && s->settings->is_own_address != NULL) {
        return search_text(s,
            "%s %s named, but for no address in our networks (%s attempt%s"
            " refused)",
            l->dnsbl, open ? "is" : "was",
            sentence_count(s, (double)l->attempts), plural);
    }
    return search_text(s, "%s %s listed on %s (%s attempt%s refused)",
        l->address[0] != '\0' ? l->address : "An address of ours",
        open ? "is" : "was", l->dnsbl, sentence_count(s, (double)l->attempts),
        plural);
}

static void add_listing(const struct evidence *e, const struct listed *l)
{
    struct search *s = e->search;
    bool open = l->last >= s->end - DAY;
    if (l->dnsbl == NULL || (!open && l->last < s->since)) {
        return;
    }
    struct finding *f = search_add(s);
    f->kind = FINDING_LISTING;
    f->scope = l->address[0] != '\0' ? SCOPE_ADDRESS : SCOPE_DNSBL;
    f->name = l->address[0] != '\0' ? l->address : l->dnsbl;
    f->direction = "outbound";
    search_mark(s, f, MARK_LISTED);
    uint32_t kind = kinds_find(e->kinds, f->direction, f->cause, f->detail);
    s->places[s->n - 1] = (struct search_place){kind != UINT32_MAX,
        SERIES_EVERYTHING, 0, kind, zone_number(e->kinds, l->dnsbl)};
    f->dnsbl = l->dnsbl;
    f->address = l->address;
    f->since = l->since;
    f->until = open ? 0 : l->last + 1;
    f->last_seen = l->last;
    f->observed = f->excess = (double)l->attempts;
    f->tried = tried(e, l->since, open ? s->end : l->last);
    grade_listing(s, f);
    f->headline = headline(s, l, open);
    if (l->earlier != NULL) {
        search_note(s, &s->items[s->n - 1], l->earlier);
    }
}

/* A note about the listing ${l}, which another one follows; NULL if it was over
 * before what is asked for. */
static const char *earlier(struct search *s, const struct listed *l)
{
    return l->last < s->since
               ? NULL
               : search_text(s,
                     "Listed there before, from %s to %s UTC: %s attempt%s"
                     " refused",
                     sentence_time(s, l->since), sentence_time(s, l->last),
                     sentence_count(s, (double)l->attempts),
                     l->attempts == 1 ? "" : "s");
}

static void take(const struct evidence *e, struct listed *l, sqlite3_stmt *row)
{
    struct search *s = e->search;
    const char *dnsbl = query_text(row, 0);
    const char *address = query_text(row, 1);
    int64_t first = sqlite3_column_int64(row, 2);
    if (l->dnsbl == NULL || strcmp(l->dnsbl, dnsbl) != 0 ||
        strcmp(l->address, address) != 0) {
        add_listing(e, l);
        *l = (struct listed){.dnsbl = search_keep(s, dnsbl),
            .address = search_keep(s, address),
            .since = first};
    } else if (first - l->last > GAP) {
        *l = (struct listed){.dnsbl = l->dnsbl,
            .address = l->address,
            .since = first,
            .earlier = earlier(s, l)};
    }
    l->last = sqlite3_column_int64(row, 3);
    l->attempts += sqlite3_column_int64(row, 4);
}

/* Was another address than that of listing ${i} on the list meanwhile?  The
 * listings are those from ${first} on. */
static bool is_shared(const struct search *s, size_t first, size_t i)
{
    const struct finding *f = &s->items[i];
    for (size_t j = first; j < s->n; j++) {
        const struct finding *g = &s->items[j];
        if (j != i && strcmp(f->dnsbl, g->dnsbl) == 0 &&
            f->since <= g->last_seen + HOUR &&
            g->since <= f->last_seen + HOUR) {
            return true;
        }
    }
    return false;
}

static bool find_listings(const struct evidence *e)
{
    struct search *s = e->search;
    sqlite3_stmt *rows = query_prepare(s->db,
        "SELECT dnsbl, own_address(address) AS own, min(first_seen),"
        " max(last_seen), sum(attempts) FROM counted_listing"
        " WHERE hour < :end GROUP BY dnsbl, own, hour"
        " HAVING sum(attempts) > 0 ORDER BY dnsbl, own, hour");
    if (rows == NULL) {
        return false;
    }
    bool failed = false;
    size_t first = s->n;
    struct listed l = {0};
    query_bind(rows, ":end", s->end);
    while (query_step(rows, &failed)) {
        take(e, &l, rows);
    }
    add_listing(e, &l);
    sqlite3_finalize(rows);
    for (size_t i = first; i < s->n; i++) {
        add_receivers(e, i, is_shared(s, first, i));
    }
    addresses_sum_up(s, first);
    return !failed;
}

/* --- lists that cannot be looked up ----------------------------------------
 */

/* Attempts that failed since ${hour} because of kind ${k} and list ${zone}. */
static int64_t failed_lookups(
    const struct evidence *e, uint32_t k, uint32_t zone, int64_t *last)
{
    size_t n = 0;
    int64_t sum = 0;
    int64_t from = (e->search->since - e->set->since) / HOUR;
    const struct series *series =
        series_of(&e->set->lists[SERIES_EVERYTHING], 0, &n);
    for (size_t i = 0; i < n; i++) {
        const struct kinds_reply *reply = kinds_reply(e->kinds, &series[i]);
        if (reply != NULL && reply->kind == k && reply->zone == zone) {
            sum += series_sum(
                &series[i], from > 0 ? (size_t)from : 0, e->set->hours);
            int64_t at = (int64_t)series_last(&series[i]);
            *last = at > *last ? at : *last;
        }
    }
    return sum;
}

static void add_broken(const struct evidence *e, uint32_t k, uint32_t zone)
{
    struct search *s = e->search;
    const struct kind *kind = &e->kinds->list[k];
    int64_t last = 0;
    int64_t attempts = failed_lookups(e, k, zone, &last);
    if (attempts <= 0) {
        return;
    }
    const char *name = zone != 0 ? e->kinds->zones[zone] : "";
    struct finding *f = search_add(s);
    s->places[s->n - 1] =
        (struct search_place){true, SERIES_EVERYTHING, 0, k, zone};
    f->kind = FINDING_LISTING;
    f->severity = kind->inbound ? SEVERITY_WARNING : SEVERITY_NOTICE;
    f->scope = SCOPE_DNSBL;
    f->name = f->dnsbl = name;
    f->direction = kind->direction;
    f->cause = kind->cause;
    f->detail = kind->detail;
    f->since = s->since > s->begin ? s->since : s->begin;
    f->last_seen = e->set->since + (last + 1) * HOUR - 1;
    f->until = f->last_seen < s->end - DAY ? f->last_seen + 1 : 0;
    f->last_seen = f->last_seen < s->end ? f->last_seen : s->end - 1;
    f->observed = f->excess = (double)attempts;
    const char *list = name[0] != '\0' ? name : "a block list";
    f->headline =
        kind->inbound
            ? search_text(s,
                  "Our own look-ups of %s fail, and we refuse mail for"
                  " it (%s attempt%s)",
                  list, sentence_count(s, (double)attempts),
                  attempts == 1 ? "" : "s")
            : search_text(s,
                  "Receivers cannot look us up on %s, so they refuse"
                  " us; we are not listed (%s attempt%s)",
                  list, sentence_count(s, (double)attempts),
                  attempts == 1 ? "" : "s");
    add_receivers(e, s->n - 1, false);
}

static void find_broken(const struct evidence *e)
{
    for (uint32_t k = 0; k < e->kinds->n; k++) {
        bool broken = (e->kinds->list[k].marks & MARK_LOOKUP_BROKEN) != 0;
        for (uint32_t zone = 0; broken && zone < e->kinds->n_zones; zone++) {
            add_broken(e, k, zone);
        }
    }
}

bool blocklist_find(const struct evidence *e)
{
    sqlite3 *db = e->search->db;
    find_broken(e);
    bool ok = ours_register(db, e->search->settings) && find_listings(e);
    return ours_register(db, NULL) && ok;
}
