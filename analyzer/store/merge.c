/* SPDX-License-Identifier: MIT */
/*
 * Two rows of source are states of one stream if their heads agree as far as
 * both reach, their marks do, and the hours that lie behind them have the
 * same digests.  The longer state holds all that the shorter one does, so
 * the shorter one's rows are dropped and the longer one's copied, never
 * mixed.
 *
 * Ids differ between stores: temporary tables carry the other's to ours.
 */
#include "store/merge.h"

#include "store/sources.h"

/* ---- which sources ---- */

/*
 * For each source of the other store the one of ours that is the same stream
 * (ours; NULL: none) and whether the other's state goes into the store.
 *
 * IS, because substr() of an empty blob is NULL.  heads holds 8 bytes for 64,
 * 128, ... bytes, marks 8 bytes for each 4 KiB (identity.h): of two states of
 * one stream the shorter blob begins the longer one.  Heads shorter than 64
 * bytes only agree if they are the same.
 */
#define AGREE(hashes)                                                          \
    "(length(m." hashes ") = 0 OR length(o." hashes ") = 0"                    \
    " OR substr(m." hashes ", 1, length(o." hashes "))"                        \
    "  = substr(o." hashes ", 1, length(m." hashes ")))"

static const char match_sql[] =
    "CREATE TEMP TABLE merge_source AS"
    " SELECT o.id AS theirs, m.id AS ours,"
    "        m.id IS NULL OR o.consumed > m.consumed"
    "        OR (o.consumed = m.consumed AND o.damaged_at IS NULL"
    "            AND m.damaged_at IS NOT NULL) AS wanted,"
    "        NULL AS id"
    "   FROM other.source AS o LEFT JOIN main.source AS m"
    "     ON m.of IS NULL AND substr(m.heads, 1, 8) IS substr(o.heads, 1, 8)"
    "    AND (CASE WHEN m.head_len = o.head_len"
    "              THEN m.head_hash = o.head_hash"
    "              ELSE min(m.head_len, o.head_len) >= 64 END)"
    "    AND (m.consumed <> o.consumed OR m.content_hash = o.content_hash)"
    "    AND " AGREE("heads") "    AND " AGREE(
        "marks") "    AND NOT EXISTS ("
                 /* an hour that both hold, and that neither was still in the
                    middle of, but not the same */
                 "        SELECT 1 FROM other.hour_digest AS a"
                 "          JOIN other.host AS ah ON ah.id = a.host"
                 "          JOIN main.host AS bh ON bh.name = ah.name"
                 "          JOIN main.hour_digest AS b ON b.source = m.id"
                 "           AND b.host = bh.id AND b.hour = a.hour"
                 "         WHERE a.source = o.id AND a.digest <> b.digest"
                 "           AND CASE WHEN o.consumed < m.consumed"
                 "                    THEN a.events > b.events"
                 "                    WHEN o.consumed > m.consumed"
                 "                    THEN a.events < b.events ELSE 1 END)"
                 " WHERE o.of IS NULL";

/* What counts held lines goes with their source, if it was made for good. */
static const char companions_sql[] =
    "INSERT INTO merge_source SELECT o.id, NULL, 1, NULL"
    " FROM other.source AS o JOIN merge_source AS m ON m.theirs = o.of"
    " WHERE m.wanted AND NOT EXISTS"
    " (SELECT 1 FROM other.held_line AS l WHERE l.source = o.of)";

static const char names_sql[] =
    "INSERT OR IGNORE INTO main.host (name) SELECT name FROM other.host;"
    "INSERT OR IGNORE INTO main.domain (name) SELECT name FROM other.domain;"
    "INSERT OR IGNORE INTO main.provider (name)"
    " SELECT name FROM other.provider;"
    "INSERT OR IGNORE INTO main.reply (direction, stage, reply_code,"
    " enhanced_code, logged_code, template, cause, detail, rule, dnsbl)"
    " SELECT direction, stage, reply_code, enhanced_code, logged_code,"
    " template, cause, detail, rule, dnsbl FROM other.reply;"
    "CREATE TEMP TABLE merge_host (theirs INTEGER PRIMARY KEY, id);"
    "INSERT INTO merge_host SELECT o.id, m.id FROM other.host AS o"
    " JOIN main.host AS m ON m.name = o.name;"
    "CREATE TEMP TABLE merge_domain (theirs INTEGER PRIMARY KEY, id);"
    "INSERT INTO merge_domain SELECT o.id, m.id FROM other.domain AS o"
    " JOIN main.domain AS m ON m.name = o.name;"
    "CREATE TEMP TABLE merge_provider (theirs INTEGER PRIMARY KEY, id);"
    "INSERT INTO merge_provider SELECT o.id, m.id FROM other.provider AS o"
    " JOIN main.provider AS m ON m.name = o.name;"
    "CREATE TEMP TABLE merge_reply (theirs INTEGER PRIMARY KEY, id);"
    "INSERT INTO merge_reply SELECT o.id, m.id FROM other.reply AS o"
    " JOIN main.reply AS m ON m.direction = o.direction"
    " AND m.stage = o.stage AND m.reply_code = o.reply_code"
    " AND m.enhanced_code = o.enhanced_code"
    " AND m.logged_code = o.logged_code AND m.template = o.template";

/* Ours that go, then theirs that come; a path hint stays with its stream only
 * if the state that it speaks of does. */
static const char sources_sql[] =
    "DELETE FROM main.queue_event WHERE source IN"
    " (SELECT ours FROM merge_source WHERE wanted);"
    "DELETE FROM main.source WHERE id IN"
    " (SELECT ours FROM merge_source WHERE wanted);"
    "UPDATE merge_source SET id = rowid + (SELECT coalesce(max(id), 0)"
    " FROM main.source) WHERE wanted;"
    "INSERT INTO main.source SELECT m.id, s.head_len, s.head_hash, s.heads,"
    " s.consumed, s.content_hash, s.marks, s.damaged_at, s.damage,"
    " s.last_stamp, s.container, s.name, s.bytes_skipped, s.overflow,"
    " s.looks_back, (SELECT p.id FROM merge_source AS p"
    " WHERE p.theirs = s.of)"
    " FROM other.source AS s JOIN merge_source AS m ON m.theirs = s.id"
    " WHERE m.wanted;"
    "DELETE FROM merge_source WHERE NOT wanted";

#define FROM(table)                                                            \
    " FROM merge_source AS s CROSS JOIN other." table                          \
    " AS f ON f.source = s.theirs"
#define HOST " JOIN merge_host AS h ON h.theirs = f.host"
#define PROVIDER " JOIN merge_provider AS p ON p.theirs = f.provider"
#define REPLY " JOIN merge_reply AS r ON r.theirs = f.reply"

static const char facts_sql[] =
    "INSERT INTO main.traffic SELECT s.id, f.hour, f.direction, h.id, d.id,"
    " p.id, f.delivered, f.deferred, f.bounced, f.expired, f.rejected,"
    " f.accepted, f.discarded, f.held, f.suspended, f.other_hosts, f.hops,"
    " f.probes" FROM("traffic") HOST PROVIDER
    " JOIN merge_domain AS d ON d.theirs = f.domain;"

    "INSERT INTO main.sender_traffic SELECT s.id, f.hour, f.direction, h.id,"
    " d.id, f.delivered, f.deferred, f.bounced, f.expired, f.rejected,"
    " f.accepted" FROM("sender_traffic") HOST
    " JOIN merge_domain AS d ON d.theirs = f.domain;"

    "INSERT INTO main.failure SELECT s.id, f.hour, f.direction, h.id, a.id,"
    " d.id, p.id, r.id, f.attempts, f.suspended, f.other_hosts" FROM("failure")
        HOST PROVIDER REPLY
    " JOIN merge_domain AS a ON a.theirs = f.sender_domain"
    " JOIN merge_domain AS d ON d.theirs = f.recipient_domain;"

    "INSERT INTO main.reply_seen SELECT s.id, r.id, f.first_seen, "
    "f.last_seen" FROM("reply_seen") REPLY
    ";"

    "INSERT INTO main.listing SELECT s.id, f.hour, h.id, f.dnsbl, f.address,"
    " f.attempts, f.first_seen, f.last_seen" FROM("listing") HOST
    ";"

    "INSERT INTO main.latency SELECT s.id, f.hour, h.id, p.id, f.bucket,"
    " f.deliveries" FROM("latency") HOST PROVIDER
    ";"

    "INSERT INTO main.sample SELECT s.id, r.id, f.hash, f.time, f.line" FROM(
        "sample") REPLY
    ";"

    "INSERT INTO main.line_count SELECT s.id, f.mta, f.program, f.class,"
    " f.lines" FROM(
        "line_count") ";"

                      "INSERT INTO main.unknown_line SELECT s.id, f.mta, "
                      "f.program, f.template,"
                      " f.lines, f.example" FROM(
                          "unknown_line") ";"

                                          "INSERT INTO main.hour_digest SELECT "
                                          "s.id, h.id, f.hour, f.events,"
                                          " f.digest, f.first_time, "
                                          "f.last_time, f.rolled" FROM(
                                              "hour_digest") HOST
    ";"

    "INSERT INTO main.queue_event SELECT s.id, h.id, f.queue_id, f.seq,"
    " f.time, f.kind, f.open, f.counted, f.event, f.direction,"
    " f.disposition, a.id, f.recipient, d.id, p.id, r.id, f.n" FROM(
        "queue_event") HOST
    " LEFT JOIN merge_domain AS a ON a.theirs = f.sender_domain"
    " LEFT JOIN merge_domain AS d ON d.theirs = f.recipient_domain"
    " LEFT JOIN merge_provider AS p ON p.theirs = f.provider"
    " LEFT JOIN merge_reply AS r ON r.theirs = f.reply;"

    "INSERT INTO main.source_memory SELECT s.id, f.bytes" FROM(
        "source_memory") ";"

                         "INSERT INTO main.held_line SELECT s.id, f.seq, "
                         "f.time, h.id, f.mta,"
                         " f.program, f.repeat, f.key, f.hash, f.shown, "
                         "f.line" FROM("held_line") HOST
    ";"

    "INSERT OR REPLACE INTO main.meta SELECT 'unjoined', '1' WHERE EXISTS"
    " (SELECT 1 FROM main.source_memory UNION SELECT 1 FROM main.held_line);"

    "INSERT OR REPLACE INTO main.meta VALUES ('unresolved', '1')";

static const char clean_sql[] = "DROP TABLE IF EXISTS temp.merge_source;"
                                "DROP TABLE IF EXISTS temp.merge_host;"
                                "DROP TABLE IF EXISTS temp.merge_domain;"
                                "DROP TABLE IF EXISTS temp.merge_provider;"
                                "DROP TABLE IF EXISTS temp.merge_reply";

/* A stream that matches several of ours (which should not be) is left to the
 * first; the others stay as they are. */
static const char single_sql[] =
    "DELETE FROM merge_source WHERE rowid NOT IN"
    " (SELECT min(rowid) FROM merge_source GROUP BY theirs)";

/* ---- the merge ---- */

static bool count_sources(struct store *s, struct merge_counts *counts)
{
    return store_number(s,
               "SELECT count(*) FROM merge_source WHERE ours IS NULL",
               &counts->added) &&
           store_number(s,
               "SELECT count(*) FROM merge_source"
               " WHERE ours IS NOT NULL AND wanted",
               &counts->replaced) &&
           store_number(s, "SELECT count(*) FROM merge_source WHERE NOT wanted",
               &counts->skipped);
}

static bool copy_all(struct store *s, struct merge_counts *counts)
{
    return store_run(s, clean_sql) && store_run(s, match_sql) &&
           store_run(s, single_sql) && count_sources(s, counts) &&
           store_run(s, companions_sql) && store_run(s, names_sql) &&
           store_run(s, sources_sql) && store_run(s, facts_sql) &&
           store_run(s, clean_sql);
}

static bool attach(struct store *s, const char *path)
{
    sqlite3_stmt *q = store_prepare(s, "ATTACH ? AS other");
    if (q == NULL) {
        return false;
    }
    store_bind_text(q, 1, span_of(path));
    bool ok = store_step(s, q) == SQLITE_DONE;
    sqlite3_finalize(q);
    return ok;
}

/* Opening it as a store of its own checks that it is one, of our version. */
static bool check_other(const char *path)
{
    struct store *other = store_open(path, STORE_READ);
    return other != NULL && store_close(other);
}

bool merge_from(struct store *s, const char *path, struct merge_counts *counts)
{
    *counts = (struct merge_counts){0, 0, 0};
    if (!check_other(path) || !attach(s, path)) {
        return false;
    }
    bool ok = store_begin(s);
    if (ok && !copy_all(s, counts)) {
        store_rollback(s);
        ok = false;
    }
    ok = ok && store_commit(s);
    return store_run(s, "DETACH other") && ok;
}
