/* SPDX-License-Identifier: MIT */
/*
 * A report asks one question of a period; this module puts the period
 * together.  Where the period holds all days that the store has added up
 * already (schema/0002_rollups.sql), these are copied and only what is later
 * is read from the facts; any other period is read from the facts, of which
 * the primary key gives just its hours.  While the store is unresolved,
 * roll-ups may be behind the facts and are not used.
 *
 * Hours and ids stand in the SQL as numbers and not as parameters, so that
 * SQLite sees what they select.
 */
#include "report/period.h"

#include "base/buffer.h"
#include "base/diag.h"
#include "report/idset.h"
#include "store/rollup.h"

#include <inttypes.h>

#define SQL_LIMIT ((size_t)64 * 1024)

enum { DAY = 86400 };

/* What is being made. */
struct maker {
    sqlite3 *db;
    const struct period_filter *filter;
    int64_t domain;  /* id; -1: none of that name */
    bool has_rollup; /* the period holds all that was rolled up */
    int64_t until;   /* where the roll-ups end */
    struct buffer sql;
};

/* The columns of the roll-ups of the same names.  They have types, because
 * without one SQLite does not look an INTEGER up in their keys. */
static const struct {
    const char *name;
    const char *columns;
} shapes[] = {
    {"failure",
        "reply INTEGER, provider INTEGER, other INTEGER, host INTEGER, "
        "attempts INTEGER, suspended INTEGER, first_hour INTEGER, "
        "last_hour INTEGER, PRIMARY KEY (reply, provider, other, host)"},
    {"count", "provider INTEGER, host INTEGER, reply INTEGER, attempts "
              "INTEGER, PRIMARY KEY (provider, host, reply)"},
    {"failed_recipient",
        "domain INTEGER, reply INTEGER, attempts INTEGER, PRIMARY KEY "
        "(domain, reply)"},
    {"failed_sender",
        "domain INTEGER, reply INTEGER, attempts INTEGER, PRIMARY KEY "
        "(domain, reply)"},
    {"failed_time",
        "time INTEGER, reply INTEGER, attempts INTEGER, PRIMARY KEY "
        "(time, reply)"},
    {"total", "time INTEGER, direction TEXT, provider INTEGER, host INTEGER, "
              "delivered INTEGER, accepted INTEGER, deferred INTEGER, bounced "
              "INTEGER, expired INTEGER, rejected INTEGER, discarded INTEGER, "
              "held INTEGER, suspended INTEGER, other_hosts INTEGER, hops "
              "INTEGER, probes INTEGER, first_hour INTEGER, last_hour "
              "INTEGER, PRIMARY KEY (time, direction, provider, host)"},
    {"recipient",
        "domain INTEGER, direction TEXT, delivered INTEGER, deferred "
        "INTEGER, bounced INTEGER, expired INTEGER, rejected INTEGER, "
        "PRIMARY KEY (domain, direction)"},
    {"sender", "domain INTEGER, direction TEXT, delivered INTEGER, deferred "
               "INTEGER, bounced INTEGER, expired INTEGER, rejected INTEGER, "
               "PRIMARY KEY (domain, direction)"},
    {"latency", "provider INTEGER, bucket INTEGER, deliveries INTEGER, PRIMARY "
                "KEY (provider, bucket)"},
};

static bool fail(struct maker *m, const char *name)
{
    diag_error("%s: %s", name, sqlite3_errmsg(m->db));
    return false;
}

static void bind(sqlite3_stmt *q, const struct period_filter *filter)
{
    int direction = sqlite3_bind_parameter_index(q, ":direction");
    if (direction > 0 && filter->direction != NULL) {
        sqlite3_bind_text(q, direction, filter->direction, -1, SQLITE_STATIC);
    }
}

static bool run(struct maker *m, const char *sql, const char *name)
{
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v2(m->db, sql, -1, &q, NULL) != SQLITE_OK) {
        return fail(m, name);
    }
    bind(q, m->filter);
    bool ok = sqlite3_step(q) == SQLITE_DONE || fail(m, name);
    sqlite3_finalize(q);
    return ok;
}

/* --- replies ------------------------------------------------------------ */

static const char replies_sql[] =
    "INSERT INTO temp.period_kind"
    " SELECT row_number() OVER (ORDER BY direction, name, cause), direction,"
    " cause, detail, name FROM (SELECT DISTINCT direction, cause, detail,"
    " cause || '.' || detail AS name FROM reply"
    " WHERE :direction IS NULL OR direction = :direction)";

static const char seen_sql[] =
    "INSERT INTO temp.period_reply"
    " SELECT k.kind, r.id,"
    " (SELECT min(first_seen) FROM reply_seen WHERE reply = r.id),"
    " (SELECT max(last_seen) FROM reply_seen WHERE reply = r.id)"
    " FROM reply AS r JOIN temp.period_kind AS k ON k.direction = r.direction"
    " AND k.cause = r.cause AND k.detail = r.detail";

static bool make_replies(struct maker *m)
{
    return run(m,
               "CREATE TEMP TABLE period_kind (kind INTEGER PRIMARY KEY,"
               " direction TEXT, cause TEXT, detail TEXT, name TEXT)",
               "period_kind") &&
           run(m,
               "CREATE TEMP TABLE period_reply (kind INTEGER, reply INTEGER "
               "UNIQUE,"
               " first_seen INTEGER, last_seen INTEGER, PRIMARY KEY (kind, "
               "reply))"
               " WITHOUT ROWID",
               "period_reply") &&
           run(m, replies_sql, "period_kind") &&
           run(m, seen_sql, "period_reply");
}

/* --- filling ------------------------------------------------------------ */

/* Copy the roll-up of ${t}; false in ${copied} if there is none for this
 * filter: roll-ups by recipient do not hold every other column. */
static bool copy_rollup(
    struct maker *m, const struct rollup_table *t, bool *copied)
{
    const char *domain = strstr(t->name, "failure") != NULL ? "other"
                         : strstr(t->name, "recipient") != NULL ||
                                 strstr(t->name, "sender") != NULL
                             ? "domain"
                             : NULL;
    bool by_domain = m->filter->domain != NULL && t->domain != NULL;
    *copied = m->has_rollup && (!by_domain || domain != NULL) &&
              (!t->by_time || m->filter->step == DAY);
    if (!*copied) {
        return true;
    }
    buffer_reset(&m->sql);
    buffer_addf(&m->sql,
        "INSERT INTO temp.period_%s SELECT * FROM main.rollup_%s WHERE 1",
        t->name, t->name);
    if (by_domain) {
        buffer_addf(&m->sql, " AND %s = %" PRId64, domain, m->domain);
    }
    if (by_domain && strcmp(domain, "other") == 0) {
        /* inbound, the other side is the sender's, not the recipient's */
        buffer_add_string(&m->sql, " AND reply IN (SELECT id FROM main.reply"
                                   " WHERE direction = 'outbound')");
    }
    if (m->filter->direction != NULL && t->has_direction) {
        buffer_add_string(&m->sql, " AND direction = :direction");
    }
    return run(m, buffer_string(&m->sql), t->name);
}

/* Add the facts from ${since} on. */
static bool add_facts(
    struct maker *m, const struct rollup_table *t, int64_t since)
{
    const struct period_filter *f = m->filter;
    buffer_reset(&m->sql);
    buffer_addf(&m->sql, "INSERT INTO temp.period_%s SELECT ", t->name);
    if (t->by_time) {
        buffer_addf(
            &m->sql, "hour / %" PRId64 " * %" PRId64 ", ", f->step, f->step);
    }
    buffer_addf(&m->sql, "%s FROM main.%s WHERE 1", t->columns, t->view);
    if (since != INT64_MIN) {
        buffer_addf(&m->sql, " AND hour >= %" PRId64, since);
    }
    if (f->until != INT64_MAX) {
        buffer_addf(&m->sql, " AND hour < %" PRId64, f->until);
    }
    if (f->domain != NULL && t->domain != NULL) {
        buffer_addf(&m->sql, " AND %s = %" PRId64, t->domain, m->domain);
    }
    if (f->direction != NULL && strcmp(t->name, "latency") != 0) {
        buffer_add_string(&m->sql, " AND direction = :direction");
    }
    buffer_addf(&m->sql, " GROUP BY %s ON CONFLICT DO UPDATE SET %s", t->group,
        t->update);
    return run(m, buffer_string(&m->sql), t->name);
}

static bool create_table(struct maker *m, const char *name)
{
    buffer_reset(&m->sql);
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (strcmp(shapes[i].name, name) == 0) {
            buffer_addf(&m->sql,
                "CREATE TEMP TABLE period_%s (%s) WITHOUT ROWID", name,
                shapes[i].columns);
        }
    }
    return run(m, buffer_string(&m->sql), name);
}

static bool make_table(struct maker *m, const struct rollup_table *t)
{
    bool copied = false;
    return create_table(m, t->name) && copy_rollup(m, t, &copied) &&
           add_facts(m, t, copied ? m->until : m->filter->since);
}

/* --- which -------------------------------------------------------------- */

static bool exists(sqlite3 *db, const char *schema, const char *table)
{
    return sqlite3_table_column_metadata(db, schema, table, NULL, NULL, NULL,
               NULL, NULL, NULL) == SQLITE_OK;
}

static int64_t ask(struct maker *m, const char *sql, int64_t otherwise)
{
    sqlite3_stmt *q = NULL;
    int64_t value = otherwise;
    if (sqlite3_prepare_v2(m->db, sql, -1, &q, NULL) == SQLITE_OK) {
        if (sqlite3_bind_parameter_count(q) > 0) {
            sqlite3_bind_text(q, 1, m->filter->domain, -1, SQLITE_STATIC);
        }
        if (sqlite3_step(q) == SQLITE_ROW) {
            value = sqlite3_column_int64(q, 0);
        }
    }
    sqlite3_finalize(q);
    return value;
}

/* Inbound, --domain names a domain of ours, which roll-ups of the other side
 * do not hold. */
static void find_rollup(struct maker *m)
{
    char ours[160];
    if (!exists(m->db, "main", "rollup") ||
        ask(m, "SELECT 1 FROM meta WHERE key = 'unresolved'", 0) == 1) {
        return;
    }
    m->until = ask(m, "SELECT until FROM rollup", INT64_MAX);
    m->has_rollup =
        m->until <= m->filter->until && m->until != INT64_MAX &&
        ask(m, "SELECT since FROM rollup", INT64_MIN) >= m->filter->since;
    sqlite3_snprintf((int)sizeof ours, ours,
        "SELECT 1 FROM rollup_recipient WHERE domain = %lld"
        " AND direction = 'inbound'",
        (long long)m->domain);
    if (m->has_rollup && m->filter->domain != NULL) {
        m->has_rollup = ask(m, ours, 0) != 1;
    }
}

/* Without a transaction, what is there may be of another state or filter. */
static bool drop_stale(struct maker *m, const char *name)
{
    char sql[96];
    sqlite3_snprintf(
        (int)sizeof sql, sql, "DROP TABLE IF EXISTS temp.period_%s", name);
    return sqlite3_get_autocommit(m->db) == 0 || run(m, sql, name);
}

static bool is_named(struct span sql, const char *name)
{
    return span_find(sql, span_of(name)) < sql.len;
}

static bool make_all(struct maker *m, struct span sql)
{
    size_t n = 0;
    const struct rollup_table *tables = rollup_tables(&n);
    bool ok = drop_stale(m, "kind") && drop_stale(m, "reply");
    if (ok && !exists(m->db, "temp", "period_reply")) {
        ok = make_replies(m);
    }
    for (size_t i = 0; ok && i < n; i++) {
        char name[64];
        sqlite3_snprintf((int)sizeof name, name, "period_%s", tables[i].name);
        if (is_named(sql, name)) {
            ok = drop_stale(m, tables[i].name) &&
                 (exists(m->db, "temp", name) || make_table(m, &tables[i]));
        }
    }
    return ok;
}

bool period_prepare(
    sqlite3 *db, const struct period_filter *filter, struct span sql)
{
    struct maker m = {.db = db, .filter = filter};
    if (!is_named(sql, "period_")) {
        return true;
    }
    m.domain = filter->domain != NULL
                   ? ask(&m, "SELECT id FROM domain WHERE name = ?", -1)
                   : -1;
    find_rollup(&m);
    buffer_init(&m.sql, SQL_LIMIT);
    bool ok = idset_register(db) && make_all(&m, sql);
    buffer_free(&m.sql);
    return ok;
}
