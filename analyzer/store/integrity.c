/* SPDX-License-Identifier: MIT */
/*
 * One list of checks: a statement that gives one row for each problem, with
 * what it concerns in the first column, and what to do about it.  Facts of
 * days that were rolled up or dropped (store/prune.h) are left out where they
 * can no longer be compared with lines.
 */
#include "store/integrity.h"

#include "base/diag.h"
#include "store/derived.h"

#define AGAIN                                                                  \
    "sqlite3 DB 'PRAGMA foreign_keys = ON; DELETE FROM source WHERE id = ID'," \
    " then ingest its file again"

/* The next run makes anew what counts held lines. */
#define SESSIONS_MEND                                                          \
    "sqlite3 DB \"INSERT OR REPLACE INTO meta VALUES ('unjoined', '1'),"       \
    " ('unresolved', '1')\", then run any ingest"

struct check {
    const char *what;
    const char *mend;
    const char *sql;
};

#define NEGATIVE(table, columns)                                               \
    {                                                                          \
        "negative counts in " table, AGAIN,                                    \
            "SELECT DISTINCT 'source ' || source FROM " table                  \
            " WHERE min(" columns ") < 0"                                      \
    }

#define ODD_HOUR(table)                                                        \
    {                                                                          \
        "an hour that is none in " table, AGAIN,                               \
            "SELECT DISTINCT 'source ' || source FROM " table                  \
            " WHERE hour % 3600 <> 0"                                          \
    }

#define NO_EVENTS(table)                                                       \
    {                                                                          \
        "facts of an hour in which the source has no events in " table, AGAIN, \
            "SELECT DISTINCT 'source ' || t.source || ', hour ' || t.hour"     \
            " FROM " table                                                     \
            " AS t WHERE NOT EXISTS (SELECT 1 FROM hour_digest AS h"           \
            " WHERE h.source = t.source AND h.host = t.host"                   \
            " AND h.hour >= t.hour AND h.hour < t.hour + 86400"                \
            " AND (h.hour = t.hour OR h.rolled = 1))"                          \
    }

static const struct check checks[] = {
    {"SQLite finds the file damaged",
        "restore a copy, or: sqlite3 OLD .recover | sqlite3 NEW",
        "SELECT integrity_check FROM pragma_integrity_check(100)"
        " WHERE integrity_check <> 'ok'"},
    {"a row refers to nothing",
        "delete what `sqlite3 DB 'PRAGMA foreign_key_check'` names, then as"
        " the other lines say",
        "SELECT DISTINCT \"table\" || ' to ' || parent"
        " FROM pragma_foreign_key_check"},
    {"lines with events do not match the hours' digests", AGAIN,
        "SELECT 'source ' || s.id || ': ' || s.name FROM source AS s"
        " WHERE NOT EXISTS (SELECT 1 FROM meta WHERE key = 'pruned')"
        " AND coalesce((SELECT sum(lines) FROM line_count AS l"
        "  WHERE l.source = s.id AND class = 'event'), 0)"
        " <> coalesce((SELECT sum(events) FROM hour_digest AS h"
        "  WHERE h.source = s.id), 0)"},
    {"failures do not match the traffic", AGAIN,
        "SELECT 'source ' || source || ', hour ' || hour FROM"
        " (SELECT source, hour, direction, host, attempts AS a, 0 AS t"
        "  FROM failure UNION ALL"
        "  SELECT source, hour, direction, host, 0,"
        "  deferred + bounced + rejected FROM traffic)"
        " GROUP BY source, hour, direction, host HAVING sum(a) <> sum(t)"},
    {"senders' traffic does not match recipients'", AGAIN,
        "SELECT 'source ' || source || ', hour ' || hour FROM"
        " (SELECT source, hour, direction, host,"
        "  delivered + deferred + bounced + expired + rejected + accepted AS a"
        "  FROM sender_traffic UNION ALL SELECT source, hour, direction, host,"
        "  -(delivered + deferred + bounced + expired + rejected + accepted)"
        "  FROM traffic)"
        " GROUP BY source, hour, direction, host HAVING sum(a) <> 0"},
    {"suspended attempts do not match the traffic", AGAIN,
        "SELECT 'source ' || source || ', hour ' || hour FROM"
        " (SELECT source, hour, direction, host, suspended AS a,"
        "  other_hosts AS b FROM failure UNION ALL"
        "  SELECT source, hour, direction, host, -suspended, -other_hosts"
        "  FROM traffic) GROUP BY source, hour, direction, host"
        " HAVING sum(a) <> 0 OR sum(b) <> 0"},
    {"delivery times without deliveries", AGAIN,
        "SELECT 'source ' || l.source || ', hour ' || l.hour FROM"
        " (SELECT source, hour, host, sum(deliveries) AS n FROM latency"
        "  GROUP BY 1, 2, 3) AS l WHERE n > (SELECT coalesce(sum(delivered),"
        " 0) FROM traffic AS t WHERE t.source = l.source AND t.hour = l.hour"
        " AND t.host = l.host AND t.direction = 'outbound')"},
    NO_EVENTS("traffic"),
    NO_EVENTS("sender_traffic"),
    NO_EVENTS("failure"),
    NO_EVENTS("listing"),
    NO_EVENTS("latency"),
    {"listings without failures", AGAIN,
        "SELECT 'source ' || l.source || ', hour ' || l.hour FROM"
        " (SELECT source, hour, host, sum(attempts) AS n FROM listing"
        "  GROUP BY 1, 2, 3) AS l WHERE n > (SELECT coalesce(sum(attempts +"
        " suspended + other_hosts), 0) FROM failure AS f"
        " WHERE f.source = l.source AND f.hour = l.hour"
        " AND f.host = l.host AND f.direction = 'outbound')"},
    {"a source of which no line was counted", AGAIN,
        "SELECT 'source ' || id || ': ' || name FROM source AS s"
        " WHERE consumed > bytes_skipped AND NOT EXISTS (SELECT 1"
        " FROM line_count AS l WHERE l.source = s.id) AND NOT EXISTS"
        " (SELECT 1 FROM source AS h WHERE h.of = s.id)"},
    {"a kind of line that is none", AGAIN,
        "SELECT DISTINCT 'source ' || source FROM line_count WHERE class NOT"
        " IN ('event', 'ignored', 'unknown', 'foreign', 'malformed',"
        " 'overlong')"},
    {"unknown lines do not match the count of lines", AGAIN,
        "SELECT 'source ' || source FROM (SELECT source, lines AS n"
        " FROM line_count WHERE class = 'unknown' UNION ALL"
        " SELECT source, -lines FROM unknown_line)"
        " GROUP BY source HAVING sum(n) <> 0"},
    {"more samples than are kept", AGAIN,
        "SELECT 'source ' || source || ', reply ' || reply FROM sample"
        " GROUP BY source, reply HAVING count(*) > 3"},
    {"a failure whose reply was never seen", AGAIN,
        "SELECT DISTINCT 'source ' || f.source || ', reply ' || f.reply"
        " FROM failure AS f WHERE NOT EXISTS (SELECT 1 FROM reply_seen AS r"
        " WHERE r.source = f.source AND r.reply = f.reply)"},
    {"a reply that was last seen before it was first", AGAIN,
        "SELECT 'source ' || source || ', reply ' || reply FROM reply_seen"
        " WHERE last_seen < first_seen"},
    {"a direction that is none", AGAIN,
        "SELECT DISTINCT 'source ' || source FROM traffic"
        " WHERE direction NOT IN ('outbound', 'inbound', '')"},
    {"a reply under another direction", AGAIN,
        "SELECT DISTINCT 'source ' || f.source || ', reply ' || f.reply"
        " FROM failure AS f JOIN reply AS r ON r.id = f.reply"
        " WHERE r.direction <> f.direction"},
    {"marks that do not fit what was read", AGAIN,
        "SELECT 'source ' || id || ': ' || name FROM source"
        " WHERE length(marks) NOT IN (0, 8 * (min(consumed, 67108864) / 4096"
        " + max(consumed - 67108864, 0) / 65536))"},
    {"a head that does not fit what was read", AGAIN,
        "SELECT 'source ' || id || ': ' || name FROM source"
        " WHERE head_len > min(consumed, 4096) OR length(head_hash) <> 16"
        " OR length(content_hash) <> 16 OR consumed < 0"},
    {"hashes of the head that do not fit its length", AGAIN,
        "SELECT 'source ' || id || ': ' || name FROM source"
        " WHERE length(heads) <> 8 * ((head_len >= 64) + (head_len >= 128)"
        " + (head_len >= 256) + (head_len >= 512) + (head_len >= 1024)"
        " + (head_len >= 2048) + (head_len >= 4096))"},
    {"damage without a place or a reason", AGAIN,
        "SELECT 'source ' || id || ': ' || name FROM source"
        " WHERE (damaged_at IS NULL) <> (damage IS NULL)"},
    {"one log stream twice",
        "sqlite3 DB 'PRAGMA foreign_keys = ON; DELETE FROM source WHERE id ="
        " ID' with one of them, then run any ingest",
        "SELECT 'sources ' || min(id) || ' and ' || max(id) FROM source"
        " WHERE of IS NULL GROUP BY content_hash, consumed"
        " HAVING count(*) > 1"},
    {"held lines counted twice", SESSIONS_MEND,
        "SELECT 'source ' || of FROM source WHERE of IS NOT NULL"
        " GROUP BY of HAVING count(*) > 1"},
    {"held lines that are not counted", SESSIONS_MEND,
        "SELECT DISTINCT 'source ' || l.source FROM held_line AS l"
        " WHERE NOT EXISTS (SELECT 1 FROM meta WHERE key = 'unjoined')"
        " AND NOT EXISTS (SELECT 1 FROM source AS s WHERE s.of = l.source)"},
    {"held lines counted for those of another", SESSIONS_MEND,
        "SELECT 'source ' || s.id FROM source AS s JOIN source AS p"
        " ON p.id = s.of WHERE p.of IS NOT NULL OR s.consumed <> 0"},
    {"more or less held lines than are counted", SESSIONS_MEND,
        "SELECT 'source ' || s.of FROM source AS s WHERE s.of IN"
        " (SELECT source FROM held_line) AND NOT EXISTS"
        " (SELECT 1 FROM meta WHERE key = 'unjoined')"
        " AND (SELECT sum(lines) FROM line_count AS c WHERE c.source = s.id)"
        " <> (SELECT count(*) FROM held_line AS l WHERE l.source = s.of)"},
    {"a held line that is none", AGAIN,
        "SELECT DISTINCT 'source ' || source FROM held_line"
        " WHERE repeat < 1 OR line = '' OR shown NOT IN (0, 1)"},
    {"a word on a queue ID that is none", AGAIN,
        "SELECT DISTINCT 'source ' || source FROM queue_event WHERE n < 1"
        " OR kind NOT IN ('arrival', 'sender', 'attempt', 'expire',"
        " 'release')"},
    {"an attribution that adds to nothing", DERIVED_MEND,
        "SELECT 'source ' || source || ', hour ' || hour FROM attribution"
        " WHERE disposition <> 'expired' GROUP BY source, hour, direction,"
        " host, recipient_domain, provider, reply, disposition"
        " HAVING sum(n) <> 0"},
    {"a source left out for itself", DERIVED_MEND,
        "SELECT 'source ' || source || ', hour ' || hour FROM duplicate_hour"
        " WHERE kept = source"},
    {"two sources left out for each other", DERIVED_MEND,
        "SELECT 'sources ' || a.source || ' and ' || b.source"
        " FROM duplicate_hour AS a JOIN duplicate_hour AS b"
        " ON b.source = a.kept AND b.host = a.host AND b.hour = a.hour"
        " WHERE a.equal = 1 AND b.equal = 1"},
    NEGATIVE("traffic",
        "delivered, deferred, bounced, expired, rejected, accepted, discarded,"
        " held, suspended, other_hosts, hops, probes"),
    NEGATIVE("sender_traffic",
        "delivered, deferred, bounced, expired, rejected, accepted"),
    NEGATIVE("failure", "attempts, suspended, other_hosts"),
    NEGATIVE("listing", "attempts, first_seen"),
    NEGATIVE("latency", "deliveries, bucket"),
    NEGATIVE("line_count", "lines, 0"),
    NEGATIVE("unknown_line", "lines, 0"),
    NEGATIVE("hour_digest", "events - 1, last_time - first_time"),
    ODD_HOUR("traffic"),
    ODD_HOUR("sender_traffic"),
    ODD_HOUR("failure"),
    ODD_HOUR("listing"),
    ODD_HOUR("latency"),
    ODD_HOUR("hour_digest"),
};

/* The first problems of a kind are shown, the others counted. */
enum { SHOWN = 5 };

static void show(FILE *out, const struct check *c, struct span where)
{
    fprintf(out, "%s: ", c->what);
    for (size_t i = 0; i < where.len; i++) {
        unsigned char byte = (unsigned char)where.ptr[i];
        if (byte < 0x20 || byte == 0x7f) {
            fprintf(out, "\\x%02x", byte);
        } else {
            putc(byte, out);
        }
    }
    fprintf(out, " (to mend: %s)\n", c->mend);
}

static bool run_check(
    struct store *s, const struct check *c, FILE *out, int64_t *n_problems)
{
    sqlite3_stmt *q = store_prepare(s, c->sql);
    if (q == NULL) {
        return false;
    }
    int64_t n = 0;
    int code = SQLITE_DONE;
    while ((code = store_step(s, q)) == SQLITE_ROW) {
        if (n < SHOWN) {
            show(out, c, store_column_text(q, 0));
        }
        n++;
    }
    if (n > SHOWN) {
        fprintf(out, "%s: and %lld more\n", c->what, (long long)(n - SHOWN));
    }
    *n_problems += n;
    sqlite3_finalize(q);
    return code == SQLITE_DONE;
}

struct shown {
    FILE *out;
    int64_t n;
};

static void show_derived(void *context, const char *what, struct span where)
{
    struct shown *shown = context;
    struct check c = {.what = what, .mend = DERIVED_MEND};
    show(shown->out, &c, where);
    shown->n++;
}

/* Between the steps of a run and its end the derived tables are behind.  That
 * is no fault, but a run that was killed leaves it so. */
static bool check_derived(struct store *s, struct shown *shown)
{
    int64_t behind = 0;
    if (!store_number(
            s, "SELECT count(*) FROM meta WHERE key = 'unresolved'", &behind)) {
        return false;
    }
    if (behind > 0) {
        diag_warn("%s: an ingest is under way, or was ended before its end:"
                  " duplicates and senders are not settled (the next ingest"
                  " does it)",
            store_path(s));
        return true;
    }
    return derived_check(s, show_derived, shown);
}

/* A file that SQLite finds damaged is not looked at further: what the other
 * checks would say of it means nothing. */
bool integrity_check(struct store *s, FILE *out, int64_t *n_problems)
{
    *n_problems = 0;
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        if (!run_check(s, &checks[i], out, n_problems)) {
            return *n_problems > 0;
        }
        if (i == 0 && *n_problems > 0) {
            return true;
        }
    }
    struct shown shown = {.out = out};
    bool ok = *n_problems > 0 || check_derived(s, &shown);
    *n_problems += shown.n;
    return ok;
}
