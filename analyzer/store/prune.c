/* SPDX-License-Identifier: MIT */
/*
 * Hours that do not count, because another source holds them too, can no
 * longer be told apart in a day's row: so they are deleted before their day
 * is rolled up, and the hours that stay are marked as rolled, which makes
 * them count for ever (store/duplicates.h).  Attributions of such hours are
 * applied to the facts for the same reason, and their journal rows are marked
 * as counted: they go on telling who waits, and move nothing any more.
 */
#include "store/prune.h"

#include "base/diag.h"
#include "store/replies.h"

enum { DAY = 86400 };

#define LEFT_OUT                                                               \
    " (source, host, hour) IN (SELECT source, host, hour"                      \
    " FROM duplicate_hour WHERE equal = 1) "

#define BEFORE " hour < (SELECT value FROM temp.prune_limit) "
#define DAY_OF " hour - ((hour % 86400) + 86400) % 86400 "

/* What is at present added to the facts by the views, for good. */
static const char apply_sql[] =
    "DELETE FROM traffic WHERE" BEFORE "AND" LEFT_OUT ";"
    "DELETE FROM sender_traffic WHERE" BEFORE "AND" LEFT_OUT ";"
    "DELETE FROM failure WHERE" BEFORE "AND" LEFT_OUT ";"
    "DELETE FROM listing WHERE" BEFORE "AND" LEFT_OUT ";"
    "DELETE FROM latency WHERE" BEFORE "AND" LEFT_OUT ";"
    "DELETE FROM attribution WHERE" BEFORE "AND" LEFT_OUT ";"
    "DELETE FROM queue_event WHERE (source, host,"
    " time / 1000000 - (time / 1000000) % 3600) IN (SELECT source, host, hour"
    " FROM duplicate_hour WHERE equal = 1 AND" BEFORE ");"
    "DELETE FROM hour_digest WHERE" BEFORE "AND" LEFT_OUT ";"
    "DELETE FROM duplicate_hour WHERE" BEFORE ";";

static const char attribution_sql[] =
    "INSERT INTO traffic (source, hour, direction, host, domain, provider,"
    " expired) SELECT source, hour, direction, host, recipient_domain,"
    " provider, sum(n) FROM attribution WHERE" BEFORE
    "AND disposition = 'expired' GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0"
    " ON CONFLICT DO UPDATE SET expired = expired + excluded.expired;"
    "INSERT INTO sender_traffic (source, hour, direction, host, domain,"
    " delivered, deferred, bounced, expired, rejected)"
    " SELECT source, hour, direction, host, sender_domain,"
    " sum(n * (disposition = 'delivered')),"
    " sum(n * (disposition = 'deferred')),"
    " sum(n * (disposition = 'bounced')),"
    " sum(n * (disposition = 'expired')),"
    " sum(n * (disposition = 'rejected')) FROM attribution WHERE" BEFORE
    "GROUP BY 1, 2, 3, 4, 5 ON CONFLICT DO UPDATE SET"
    " delivered = delivered + excluded.delivered,"
    " deferred = deferred + excluded.deferred,"
    " bounced = bounced + excluded.bounced,"
    " expired = expired + excluded.expired,"
    " rejected = rejected + excluded.rejected;"
    "INSERT INTO failure (source, hour, direction, host, sender_domain,"
    " recipient_domain, provider, reply, attempts, suspended, other_hosts)"
    " SELECT source, hour, direction, host, sender_domain, recipient_domain,"
    " provider, reply,"
    " sum(n * (disposition IN ('deferred', 'bounced', 'rejected'))),"
    " sum(n * (disposition = 'suspended')),"
    " sum(n * (disposition = 'other_hosts')) FROM attribution WHERE" BEFORE
    "AND reply <> 0 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"
    " ON CONFLICT DO UPDATE SET attempts = attempts + excluded.attempts,"
    " suspended = suspended + excluded.suspended,"
    " other_hosts = other_hosts + excluded.other_hosts;"
    "DELETE FROM failure WHERE attempts = 0 AND suspended = 0"
    " AND other_hosts = 0;"
    /* what was moved must not be moved again */
    "UPDATE queue_event SET counted = 1 WHERE kind = 'attempt'"
    " AND time < (SELECT value FROM temp.prune_limit) * 1000000;"
    "DELETE FROM queue_event WHERE kind = 'expire'"
    " AND time < (SELECT value FROM temp.prune_limit) * 1000000;"
    "DELETE FROM attribution WHERE" BEFORE;

static const char roll_sql[] =
    "CREATE TEMP TABLE prune_rows AS SELECT source," DAY_OF
    " AS day, direction, host, domain, provider, sum(delivered) AS a,"
    " sum(deferred) AS b, sum(bounced) AS c, sum(expired) AS d,"
    " sum(rejected) AS e, sum(accepted) AS f, sum(discarded) AS g,"
    " sum(held) AS h, sum(suspended) AS i, sum(other_hosts) AS j,"
    " sum(hops) AS k, sum(probes) AS l FROM traffic WHERE" BEFORE
    "GROUP BY 1, 2, 3, 4, 5, 6;"
    "DELETE FROM traffic WHERE" BEFORE ";"
    "INSERT INTO traffic SELECT * FROM temp.prune_rows;"
    "DROP TABLE temp.prune_rows;"

    "CREATE TEMP TABLE prune_rows AS SELECT source," DAY_OF
    " AS day, direction, host, domain, sum(delivered) AS a,"
    " sum(deferred) AS b, sum(bounced) AS c, sum(expired) AS d,"
    " sum(rejected) AS e, sum(accepted) AS f FROM sender_traffic WHERE" BEFORE
    "GROUP BY 1, 2, 3, 4, 5;"
    "DELETE FROM sender_traffic WHERE" BEFORE ";"
    "INSERT INTO sender_traffic SELECT * FROM temp.prune_rows"
    " WHERE a OR b OR c OR d OR e OR f;"
    "DROP TABLE temp.prune_rows;"

    "CREATE TEMP TABLE prune_rows AS SELECT source," DAY_OF
    " AS day, direction, host, sender_domain, recipient_domain, provider,"
    " reply, sum(attempts), sum(suspended), sum(other_hosts) FROM failure"
    " WHERE" BEFORE "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;"
    "DELETE FROM failure WHERE" BEFORE ";"
    "INSERT INTO failure SELECT * FROM temp.prune_rows;"
    "DROP TABLE temp.prune_rows;"

    "CREATE TEMP TABLE prune_rows AS SELECT source," DAY_OF
    " AS day, host, dnsbl, address, sum(attempts), min(first_seen),"
    " max(last_seen) FROM listing WHERE" BEFORE "GROUP BY 1, 2, 3, 4, 5;"
    "DELETE FROM listing WHERE" BEFORE ";"
    "INSERT INTO listing SELECT * FROM temp.prune_rows;"
    "DROP TABLE temp.prune_rows;"

    "CREATE TEMP TABLE prune_rows AS SELECT source," DAY_OF
    " AS day, host, provider, bucket, sum(deliveries) FROM latency WHERE" BEFORE
    "GROUP BY 1, 2, 3, 4, 5;"
    "DELETE FROM latency WHERE" BEFORE ";"
    "INSERT INTO latency SELECT * FROM temp.prune_rows;"
    "DROP TABLE temp.prune_rows;"

    "UPDATE hour_digest SET rolled = 1 WHERE" BEFORE;

static const char drop_sql[] =
    "DELETE FROM traffic WHERE" BEFORE ";"
    "DELETE FROM sender_traffic WHERE" BEFORE ";"
    "DELETE FROM failure WHERE" BEFORE ";"
    "DELETE FROM listing WHERE" BEFORE ";"
    "DELETE FROM latency WHERE" BEFORE ";"
    "DELETE FROM attribution WHERE" BEFORE ";"
    "DELETE FROM hour_digest WHERE" BEFORE ";"
    "DELETE FROM duplicate_hour WHERE" BEFORE ";"
    "DELETE FROM queue_event WHERE"
    " time < (SELECT value FROM temp.prune_limit) * 1000000;"
    "DELETE FROM source_memory WHERE source IN (SELECT id FROM source"
    " WHERE last_stamp < (SELECT value FROM temp.prune_limit) * 1000000);"
    /* a line that nobody understood has no time but its source's last */
    "UPDATE unknown_line SET example = '' WHERE source IN (SELECT id FROM "
    "source"
    " WHERE last_stamp < (SELECT value FROM temp.prune_limit) * 1000000);"
    "DELETE FROM sample WHERE"
    " time < (SELECT value FROM temp.prune_limit);"
    "DELETE FROM reply_seen WHERE"
    " last_seen < (SELECT value FROM temp.prune_limit);"
    "UPDATE reply_seen SET first_seen ="
    " max(first_seen, (SELECT value FROM temp.prune_limit))";

/* Domains that nothing speaks of any more. */
static const char domains_sql[] =
    "DELETE FROM domain WHERE id NOT IN (SELECT domain FROM traffic)"
    " AND id NOT IN (SELECT domain FROM sender_traffic)"
    " AND id NOT IN (SELECT sender_domain FROM failure)"
    " AND id NOT IN (SELECT recipient_domain FROM failure)"
    " AND id NOT IN (SELECT sender_domain FROM attribution)"
    " AND id NOT IN (SELECT recipient_domain FROM attribution)"
    " AND id NOT IN (SELECT sender_domain FROM queue_event"
    "                WHERE sender_domain IS NOT NULL)"
    " AND id NOT IN (SELECT recipient_domain FROM queue_event"
    "                WHERE recipient_domain IS NOT NULL)";

static bool count_rows(struct store *s, int64_t *n)
{
    return store_number(s,
        "SELECT (SELECT count(*) FROM failure)"
        " + (SELECT count(*) FROM traffic)",
        n);
}

static bool set_limit(struct store *s, int64_t seconds)
{
    char sql[192];
    int64_t day = seconds - ((seconds % DAY) + DAY) % DAY;
    sqlite3_snprintf((int)sizeof(sql), sql,
        "CREATE TEMP TABLE IF NOT EXISTS prune_limit (value INTEGER);"
        "DELETE FROM temp.prune_limit;"
        "INSERT INTO temp.prune_limit VALUES (%lld)",
        (long long)day);
    return store_run(s, sql);
}

/* What was counted of held lines is made anew from them: of a source of which
 * a part is rolled up or dropped it stays as it is for good, without them. */
static const char settle_sql[] =
    "DELETE FROM held_line WHERE source IN (SELECT source FROM held_line"
    " WHERE time < (SELECT value FROM temp.prune_limit) * 1000000)";

static bool drop_old(struct store *s, const struct prune_limits *limits)
{
    return limits->keep_days < 0 ||
           (set_limit(s, limits->now - limits->keep_days * DAY) &&
               store_run(s, settle_sql) && store_run(s, drop_sql) &&
               replies_drop_unused(s) && store_run(s, domains_sql));
}

static bool roll_up(struct store *s, const struct prune_limits *limits)
{
    return limits->keep_hours < 0 ||
           (set_limit(s, limits->now - limits->keep_hours * 3600) &&
               store_run(s, settle_sql) && store_run(s, apply_sql) &&
               store_run(s, attribution_sql) && store_run(s, roll_sql));
}

static bool change(struct store *s, const struct prune_limits *limits,
    struct prune_counts *counts)
{
    int64_t before = 0;
    int64_t between = 0;
    int64_t after = 0;
    bool ok =
        count_rows(s, &before) && drop_old(s, limits) &&
        count_rows(s, &between) && roll_up(s, limits) &&
        count_rows(s, &after) &&
        store_run(s, "INSERT OR REPLACE INTO meta VALUES ('unresolved', '1'),"
                     " ('pruned', '1')");
    counts->dropped = before - between;
    counts->rolled = between - after;
    return ok;
}

/* Pages that were freed and the log of changes hold old text, too. */
static bool wipe(struct store *s)
{
    int64_t busy = 0;
    if (!store_run(s, "VACUUM") ||
        !store_number(s, "PRAGMA wal_checkpoint(TRUNCATE)", &busy)) {
        return false;
    }
    if (busy != 0) {
        diag_warn("%s: what was dropped is still in the file beside it, because"
                  " somebody is reading; prune again to remove it",
            store_path(s));
    }
    return true;
}

bool prune_run(struct store *s, const struct prune_limits *limits,
    struct prune_counts *counts)
{
    *counts = (struct prune_counts){0, 0};
    /* each name that goes would be looked for in all facts: domains_sql has
       seen to it, and PRAGMA works outside transactions only */
    if (!store_run(s, "PRAGMA foreign_keys = OFF; PRAGMA secure_delete = ON") ||
        !store_begin(s)) {
        return false;
    }
    if (!change(s, limits, counts)) {
        store_rollback(s);
        return false;
    }
    return store_commit(s) && wipe(s) &&
           store_run(s, "PRAGMA foreign_keys = ON");
}
