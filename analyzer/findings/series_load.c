/* SPDX-License-Identifier: MIT */
/*
 * Where the store has roll-ups, their blocks hold each hour already added up;
 * a store that has none is read fact by fact.
 */
#include "findings/series_load.h"

#include "base/memory.h"
#include "findings/series_blocks.h"
#include "findings/series_facts.h"

enum { HOUR = 3600 };

static bool measure(struct wordlist_layout *l, sqlite3 *db, int64_t hours)
{
    sqlite3_stmt *row = query_prepare(db,
        "SELECT max(coalesce((SELECT max(id) FROM domain), 0),"
        " coalesce((SELECT max(id) FROM provider), 0),"
        " coalesce((SELECT max(id) FROM host), 0)),"
        " coalesce((SELECT max(id) FROM reply), 0)");
    if (row == NULL) {
        return false;
    }
    bool failed = false;
    if (query_step(row, &failed)) {
        *l = wordlist_lay_out(sqlite3_column_int64(row, 0),
            sqlite3_column_int64(row, 1) + SERIES_REPLY, hours);
    }
    sqlite3_finalize(row);
    return !failed;
}

struct series_set *series_load(sqlite3 *db, int64_t since, int64_t until)
{
    struct wordlist_layout layout;
    int64_t hours = (until - since) / HOUR;
    int64_t first = 0;
    int64_t last = 0;
    struct series_set *set = memory_zalloc(1, sizeof *set);
    set->since = since;
    set->hours = (size_t)hours;
    bool ok =
        measure(&layout, db, hours) &&
        (rollup_days(db, &first, &last) ? series_blocks_read(set, db, &layout)
                                        : series_facts_read(set, db, &layout));
    if (!ok) {
        series_free(set);
        return NULL;
    }
    for (size_t i = 0; i < SERIES_DIMENSIONS; i++) {
        series_finish(&set->lists[i]);
    }
    return set;
}
