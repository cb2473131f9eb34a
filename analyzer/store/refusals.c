/* SPDX-License-Identifier: MIT */
/*
 * Exim writes most of its refusals to rejectlog as well as to mainlog.  As it
 * does not do so with all of them, no hour of one equals that of the other,
 * and which of them are the same nothing short of all lines could tell.  So
 * they count twice, and all that can be done is to say so.
 */
#include "store/refusals.h"

static const char find_sql[] =
    "WITH pair (log, other) AS ("
    " SELECT source, kept FROM duplicate_hour WHERE equal = 0 UNION"
    " SELECT kept, source FROM duplicate_hour WHERE equal = 0),"
    "kind (source, refuses, does_more) AS ("
    " SELECT source, sum(direction = 'inbound' AND rejected > 0) > 0,"
    "  max(direction <> 'inbound' OR delivered + bounced + expired + accepted"
    "   + discarded + held > 0)"
    " FROM traffic WHERE source IN (SELECT log FROM pair) GROUP BY source)"
    "SELECT s.name, min(o.name) FROM pair"
    " JOIN kind AS a ON a.source = log AND a.refuses AND NOT a.does_more"
    " JOIN kind AS b ON b.source = other AND b.refuses AND b.does_more"
    " JOIN source AS s ON s.id = log JOIN source AS o ON o.id = other"
    " GROUP BY log ORDER BY s.name";

bool refusals_find(struct store *s, refusals_found *found, void *context)
{
    sqlite3_stmt *q = store_prepare(s, find_sql);
    if (q == NULL) {
        return false;
    }
    int code = SQLITE_DONE;
    while ((code = store_step(s, q)) == SQLITE_ROW) {
        found(context, store_column_text(q, 0), store_column_text(q, 1));
    }
    sqlite3_finalize(q);
    return code == SQLITE_DONE;
}
