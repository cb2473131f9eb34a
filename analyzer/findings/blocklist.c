/* SPDX-License-Identifier: MIT */
/*
 * The store holds, hour by hour, which receivers' replies named which list and
 * which address of ours.  Mentions that are less than a week apart are one
 * listing; it goes on if it was named in the last day of the data.
 */
#include "findings/blocklist.h"

enum { DAY = 86400, GAP = 7 * DAY };

/* One (list, address), while its hours go by in order. */
struct listed {
    const char *dnsbl; /* kept; NULL: none yet */
    const char *address;
    int64_t since;
    int64_t last;
    int64_t attempts;
};

static void add_listing(struct search *s, const struct listed *l)
{
    bool open = l->last >= s->end - DAY;
    if (l->dnsbl == NULL || (!open && l->last < s->since)) {
        return;
    }
    const char *who = l->address[0] != '\0' ? l->address : "an address of ours";
    struct finding *f = search_add(s);
    f->kind = FINDING_LISTING;
    f->severity = open ? SEVERITY_WARNING : SEVERITY_NOTICE;
    f->scope = l->address[0] != '\0' ? SCOPE_ADDRESS : SCOPE_DNSBL;
    f->name = l->address[0] != '\0' ? l->address : l->dnsbl;
    f->direction = "outbound";
    f->cause = "blacklisting";
    f->detail = "dnsbl";
    f->dnsbl = l->dnsbl;
    f->address = l->address;
    f->since = l->since;
    f->until = open ? 0 : l->last + 1;
    f->last_seen = l->last;
    f->observed = f->excess = (double)l->attempts;
    f->headline = search_text(
        s, "%s %s listed on %s", who, open ? "is" : "was", l->dnsbl);
}

static void take(struct search *s, struct listed *l, sqlite3_stmt *row)
{
    const char *dnsbl = query_text(row, 0);
    const char *address = query_text(row, 1);
    int64_t first = sqlite3_column_int64(row, 2);
    if (l->dnsbl == NULL || strcmp(l->dnsbl, dnsbl) != 0 ||
        strcmp(l->address, address) != 0 || first - l->last > GAP) {
        add_listing(s, l);
        *l = (struct listed){.dnsbl = search_keep(s, dnsbl),
            .address = search_keep(s, address),
            .since = first};
    }
    l->last = sqlite3_column_int64(row, 3);
    l->attempts += sqlite3_column_int64(row, 4);
}

bool blocklist_find(struct search *s)
{
    sqlite3_stmt *rows = query_prepare(s->db,
        "SELECT dnsbl, address, min(first_seen), max(last_seen), sum(attempts)"
        "  FROM counted_listing WHERE hour < :end"
        " GROUP BY dnsbl, address, hour HAVING sum(attempts) > 0"
        " ORDER BY dnsbl, address, hour");
    if (rows == NULL) {
        return false;
    }
    bool failed = false;
    struct listed l = {0};
    query_bind(rows, ":end", s->end);
    while (query_step(rows, &failed)) {
        take(s, &l, rows);
    }
    add_listing(s, &l);
    sqlite3_finalize(rows);
    return !failed;
}
