/* SPDX-License-Identifier: MIT */
/*
 * For stores without roll-ups.  The facts are read once; each row counts along
 * five dimensions.
 */
#include "findings/series_facts.h"

enum { HOUR = 3600, N_READINGS = 3, FIRST_ITEM = 3 };

/* What is read.  Columns: hour, reply, attempts, then an item of each of the
 * dimensions named, which follow on everything. */
struct reading {
    const char *sql;
    bool everything;
    size_t n;
    enum series_dimension dimensions[SERIES_DIMENSIONS];
};

static const struct reading readings[N_READINGS] = {
    {"SELECT hour, reply + 2, attempts, provider, recipient_domain,"
     " sender_domain, host FROM counted_failure"
     " WHERE hour >= :since AND hour < :until",
        true, 4,
        {SERIES_PROVIDER, SERIES_RECIPIENT, SERIES_SENDER, SERIES_HOST}},
    {"SELECT hour, direction = 'inbound', delivered + deferred + bounced"
     " + expired + rejected + accepted, provider, domain, host"
     " FROM counted_traffic WHERE hour >= :since AND hour < :until",
        true, 3, {SERIES_PROVIDER, SERIES_RECIPIENT, SERIES_HOST}},
    {"SELECT hour, 0, delivered + deferred + bounced"
     " + expired + rejected + accepted, domain"
     " FROM counted_sender WHERE hour >= :since AND hour < :until"
     " AND direction = 'outbound'",
        false, 1, {SERIES_SENDER}}};

static void take_row(struct wordlist *lists, const struct reading *what,
    sqlite3_stmt *row, int64_t since)
{
    int64_t hour = (sqlite3_column_int64(row, 0) - since) / HOUR;
    int64_t reply = sqlite3_column_int64(row, 1);
    int64_t n = sqlite3_column_int64(row, 2);
    if (n == 0) {
        return;
    }
    if (what->everything) {
        wordlist_add(&lists[SERIES_EVERYTHING], (int64_t[]){0, reply, hour}, n);
    }
    for (size_t i = 0; i < what->n; i++) {
        int64_t item = sqlite3_column_int64(row, FIRST_ITEM + (int)i);
        wordlist_add(
            &lists[what->dimensions[i]], (int64_t[]){item, reply, hour}, n);
    }
}

static bool read_rows(struct wordlist *lists, sqlite3 *db,
    const struct reading *what, const struct series_set *set)
{
    sqlite3_stmt *rows = query_prepare(db, what->sql);
    if (rows == NULL) {
        return false;
    }
    bool failed = false;
    query_bind(rows, ":since", set->since);
    query_bind(rows, ":until", set->since + (int64_t)set->hours * HOUR);
    while (query_step(rows, &failed)) {
        take_row(lists, what, rows, set->since);
    }
    sqlite3_finalize(rows);
    return !failed;
}

bool series_facts_read(
    struct series_set *set, sqlite3 *db, const struct wordlist_layout *layout)
{
    struct wordlist lists[SERIES_DIMENSIONS];
    bool ok = true;
    for (size_t i = 0; i < SERIES_DIMENSIONS; i++) {
        wordlist_init(&lists[i], layout, false);
    }
    for (size_t i = 0; ok && i < N_READINGS; i++) {
        ok = read_rows(lists, db, &readings[i], set);
    }
    for (size_t i = 0; i < SERIES_DIMENSIONS; i++) {
        if (ok) {
            wordlist_give(&lists[i], &set->lists[i]);
        }
        wordlist_reset(&lists[i]);
    }
    return ok;
}
