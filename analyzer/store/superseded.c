/* SPDX-License-Identifier: MIT */
/*
 * An archive that was cut off is the beginning of the whole one, which is read
 * on from there.  One with a changed byte is not: it may decode to its end,
 * with some lines wrong, and only the checksum there tells.  Until the whole
 * archive turns up these lines are the best there is; then they would be a
 * second, wrong copy, so all of that source goes.
 *
 * Nothing in the content proves that two such sources were one log.  They
 * begin alike, at least with the 64 bytes that hold a time and a process, and
 * that alone decides where little is at stake.  Of what is larger, more must
 * agree: the head, or an hour of a host.  A log that is much shorter cannot be
 * the whole one.
 *
 * All this looks at contents only, and at all sources whenever any of them
 * changed, so the order in which they came does not matter.
 */
#include "store/superseded.h"

#include "store/sources.h"

/* The best of them for each: whole, or else the longest. */
static const char find_sql[] =
    "CREATE TEMP TABLE superseded AS SELECT old, new FROM ("
    " SELECT o.id AS old, n.id AS new, row_number() OVER (PARTITION BY o.id"
    "   ORDER BY n.damaged_at IS NOT NULL, n.consumed DESC, n.content_hash)"
    "   AS place"
    " FROM source AS o JOIN source AS n ON n.id <> o.id"
    "  AND length(o.heads) > 0"
    "  AND substr(n.heads, 1, 8) = substr(o.heads, 1, 8)"
    " WHERE o.damaged_at IS NOT NULL"
    "  AND CASE WHEN n.damaged_at IS NULL"
    /* wrong data may decode to some more than there was */
    "      THEN n.consumed + 65536 >= o.consumed"
    "      ELSE (n.consumed, n.content_hash) > (o.consumed, o.content_hash) END"
    "  AND (o.consumed < 65536"
    "   OR (n.head_len = o.head_len AND n.head_hash = o.head_hash)"
    "   OR EXISTS (SELECT 1 FROM hour_digest AS a JOIN hour_digest AS b"
    "       ON b.host = a.host AND b.hour = a.hour AND b.digest = a.digest"
    "       WHERE a.source = o.id AND b.source = n.id AND a.events > 0))"
    ") WHERE place = 1";

static const char move_paths_sql[] =
    "UPDATE source_path SET source = (SELECT new FROM superseded"
    " WHERE old = source) WHERE source IN (SELECT old FROM superseded)"
    " AND (SELECT new FROM superseded WHERE old = source)"
    " NOT IN (SELECT old FROM superseded)";

/* The first that is left to drop; 0: none. */
static bool next(struct store *s, int64_t *id)
{
    return store_number(s, "SELECT old FROM superseded LIMIT 1", id);
}

bool superseded_drop(struct store *s)
{
    int64_t damaged = 0;
    if (!store_number(s,
            "SELECT count(*) FROM source WHERE damaged_at IS NOT NULL",
            &damaged)) {
        return false;
    }
    if (damaged == 0) {
        return true;
    }
    int64_t id = 0;
    bool ok = store_run(s, "DROP TABLE IF EXISTS temp.superseded") &&
              store_run(s, find_sql) && store_run(s, move_paths_sql) &&
              next(s, &id);
    while (ok && id != 0) {
        ok = sources_drop(s, id) &&
             store_run(s, "DELETE FROM superseded WHERE old NOT IN"
                          " (SELECT id FROM source)") &&
             next(s, &id);
    }
    return store_run(s, "DROP TABLE IF EXISTS temp.superseded") && ok;
}
