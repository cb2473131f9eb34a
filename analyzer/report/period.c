/* SPDX-License-Identifier: MIT */
/*
 * A report asks one question of a period; this module puts the period
 * together.  What whole blocks of the store's roll-ups hold
 * (schema/0003_bags.sql) is merged from these (report/cover.h), the hours
 * that are left at the ends of the period are read from the facts, and so is
 * everything where there are no roll-ups.  While the store is unresolved,
 * roll-ups may be behind the facts and are not used.
 *
 * Hours and ids stand in the SQL as numbers and not as parameters, so that
 * SQLite sees what they select.
 */
#include "report/period.h"

#include "base/buffer.h"
#include "base/diag.h"
#include "report/cover.h"
#include "store/bag_sql.h"
#include "store/rollup.h"

#include <inttypes.h>

#define SQL_LIMIT ((size_t)64 * 1024)

enum { HOUR = 3600, DAY = 86400 };

/* What is being made. */
struct maker {
    sqlite3 *db;
    const struct period_filter *filter;
    int64_t domain;           /* id; -1: none of that name */
    bool has_rollup;          /* and they are current */
    struct cover_hours there; /* what they hold */
    struct buffer sql;
};

/* --- the tables --------------------------------------------------------- */

/* The columns before the bag; those with a time have it first. */
static const struct {
    const char *columns;
    const char *key; /* their names */
    bool by_time;
} shapes[ROLLUP_PERIODS] = {
    [ROLLUP_FAILURE] = {"reply INTEGER", "reply", false},
    [ROLLUP_FAILED_SENDER] = {"reply INTEGER", "reply", false},
    [ROLLUP_FAILED_TIME] = {"time INTEGER, zero INTEGER", "time, zero", true},
    [ROLLUP_RECIPIENT] = {"direction TEXT", "direction", false},
    [ROLLUP_TOTAL] = {"time INTEGER, direction TEXT", "time, direction", true},
    [ROLLUP_SENDER] = {"direction TEXT", "direction", false},
    [ROLLUP_LATENCY] = {"zero INTEGER", "zero", false},
};

/* The same, an entry a row: name, of which bags, text. */
static const struct {
    const char *name;
    enum rollup_name of;
    const char *select;
} views[] = {
    {"failure", ROLLUP_FAILURE,
        "b.reply, e.k1 AS provider, e.k4 AS other, e.k2 AS host, e.v1 AS"
        " attempts, e.v2 AS suspended, e.first_hour, e.last_hour"
        " FROM temp.period_failure_bags AS b CROSS JOIN bag_each(b.bag) AS e"},
    {"count", ROLLUP_FAILURE,
        "e.k1 AS provider, e.k2 AS host, b.reply, e.v1 AS attempts"
        " FROM temp.period_failure_bags AS b"
        " CROSS JOIN bag_each(bag_keys(b.bag, 1, 2)) AS e"},
    {"failed_recipient", ROLLUP_FAILURE,
        "e.k1 AS domain, b.reply, e.v1 AS attempts"
        " FROM temp.period_failure_bags AS b"
        " CROSS JOIN bag_each(bag_keys(b.bag, 3)) AS e"},
    {"failed_sender", ROLLUP_FAILED_SENDER,
        "e.k1 AS domain, b.reply, e.v1 AS attempts"
        " FROM temp.period_failed_sender_bags AS b"
        " CROSS JOIN bag_each(b.bag) AS e"},
    {"failed_time", ROLLUP_FAILED_TIME,
        "b.time, e.k1 AS reply, e.v1 AS attempts"
        " FROM temp.period_failed_time_bags AS b"
        " CROSS JOIN bag_each(b.bag) AS e"},
    {"total", ROLLUP_TOTAL,
        "b.time, b.direction, e.k1 AS provider, e.k2 AS host, e.v1 AS"
        " delivered, e.v2 AS accepted, e.v3 AS deferred, e.v4 AS bounced,"
        " e.v5 AS expired, e.v6 AS rejected, e.v7 AS discarded, e.v8 AS held,"
        " e.v9 AS suspended, e.v10 AS other_hosts, e.v11 AS hops, e.v12 AS"
        " probes, e.first_hour, e.last_hour"
        " FROM temp.period_total_bags AS b CROSS JOIN bag_each(b.bag) AS e"},
    {"recipient", ROLLUP_RECIPIENT,
        "e.k1 AS domain, b.direction, e.v1 + e.v2 AS delivered, e.v3 AS"
        " deferred, e.v4 AS bounced, e.v5 AS expired, e.v6 AS rejected"
        " FROM temp.period_recipient_bags AS b"
        " CROSS JOIN bag_each(bag_keys(b.bag, 1)) AS e"},
    {"sender", ROLLUP_SENDER,
        "e.k1 AS domain, b.direction, e.v1 AS delivered, e.v2 AS deferred,"
        " e.v3 AS bounced, e.v4 AS expired, e.v5 AS rejected"
        " FROM temp.period_sender_bags AS b CROSS JOIN bag_each(b.bag) AS e"},
    {"latency", ROLLUP_LATENCY,
        "e.k1 AS provider, e.k2 AS bucket, e.v1 AS deliveries"
        " FROM temp.period_latency_bags AS b CROSS JOIN bag_each(b.bag) AS e"},
};

enum { N_VIEWS = sizeof views / sizeof views[0] };

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
    "INSERT INTO temp.period_reply SELECT k.kind, r.id, s.first_seen,"
    " s.last_seen FROM reply AS r JOIN temp.period_kind AS k"
    " ON k.direction = r.direction AND k.cause = r.cause"
    " AND k.detail = r.detail LEFT JOIN %s AS s ON s.reply = r.id";

/* Where nothing is rolled up, the table is small. */
static const char all_seen[] =
    "(SELECT reply, min(first_seen) AS first_seen, max(last_seen) AS last_seen"
    " FROM reply_seen GROUP BY reply)";

static bool make_seen(struct maker *m)
{
    buffer_reset(&m->sql);
    buffer_addf(
        &m->sql, seen_sql, m->has_rollup ? "main.rollup_seen" : all_seen);
    return run(m, buffer_string(&m->sql), "period_reply");
}

static bool make_replies(struct maker *m)
{
    return run(m,
               "CREATE TEMP TABLE period_kind (kind INTEGER PRIMARY KEY,"
               " direction TEXT, cause TEXT, detail TEXT, name TEXT,"
               " UNIQUE (direction, cause, detail))",
               "period_kind") &&
           run(m,
               "CREATE TEMP TABLE period_reply (kind INTEGER, reply INTEGER "
               "UNIQUE,"
               " first_seen INTEGER, last_seen INTEGER, PRIMARY KEY (kind, "
               "reply))"
               " WITHOUT ROWID",
               "period_reply") &&
           run(m, replies_sql, "period_kind") && make_seen(m);
}

/* --- filling ------------------------------------------------------------ */

/* Where a table of the period comes from. */
struct origin {
    enum rollup_name name; /* the table's */
    const struct rollup_kind *facts;
    const struct rollup_kind *blocks;
    int lowest; /* of the blocks; above highest: there are none */
    int highest;
};

/* Blocks by time know no domains; where days suffice, those by domain are
 * asked day by day. */
static struct origin origin_of(const struct maker *m, enum rollup_name name)
{
    const struct rollup_kind *k = rollup_kind(name);
    struct origin o = {name, k, k, k->lowest, k->highest};
    if (m->filter->domain != NULL && k->domain != NULL && k->domain_key == 0) {
        o.blocks = rollup_kind(
            name == ROLLUP_TOTAL ? ROLLUP_RECIPIENT : ROLLUP_FAILURE);
        o.lowest = ROLLUP_DAYS;
        o.highest = m->filter->step == DAY ? ROLLUP_DAYS : ROLLUP_HOURS;
    }
    return o;
}

static void add_time(struct maker *m, const char *second)
{
    buffer_addf(&m->sql, "%s / %" PRId64 " * %" PRId64 ", ", second,
        m->filter->step, m->filter->step);
}

/* The bag of a block's row, as the table wants it. */
static void add_bag(struct maker *m, const struct origin *o)
{
    if (o->blocks == o->facts) {
        buffer_add_string(&m->sql, "bag");
    } else if (o->name == ROLLUP_TOTAL) {
        buffer_add_string(&m->sql, "bag_keys(bag, 2, 3) AS bag");
    } else {
        buffer_add_string(&m->sql, "bag(1, 0, key, bag_sum(bag, 1, 0)) AS bag");
    }
}

/* The rows of the blocks, with what the filter lets through. */
static void add_rows(struct maker *m, const struct origin *o,
    const struct cover_stretch *stretch)
{
    const struct rollup_kind *k = o->blocks;
    bool by_domain = m->filter->domain != NULL && k->domain_key > 0;
    buffer_add_string(&m->sql, "SELECT number, key, ");
    if (by_domain) {
        buffer_addf(&m->sql, "bag_pick(bag, %d, %" PRId64 ") AS ",
            k->domain_key, m->domain);
    }
    buffer_addf(&m->sql,
        "bag FROM main.rollup WHERE name = '%s' AND level = %d"
        " AND number >= %" PRId64 " AND number < %" PRId64,
        k->name, stretch->level, stretch->from, stretch->until);
    if (m->filter->direction != NULL && strcmp(k->key, "direction") == 0) {
        buffer_add_string(&m->sql, " AND key = :direction");
    } else if (m->filter->direction != NULL && strcmp(k->key, "reply") == 0) {
        buffer_add_string(&m->sql, " AND key IN (SELECT id FROM main.reply"
                                   " WHERE direction = :direction)");
    }
    if (by_domain) {
        /* keeps SQLite from picking twice, for the row and for the test */
        buffer_add_string(&m->sql, " LIMIT -1");
    }
}

static void add_blocks(struct maker *m, const struct origin *o,
    const struct cover_stretch *stretch)
{
    bool regroups = o->blocks != o->facts && o->name == ROLLUP_FAILED_TIME;
    char second[32];
    sqlite3_snprintf((int)sizeof second, second, "number * %lld",
        (long long)timeblock_hours(stretch->level) * HOUR);
    buffer_add_string(&m->sql, "SELECT ");
    if (shapes[o->name].by_time) {
        add_time(m, second);
    }
    buffer_add_string(&m->sql, regroups ? "0 AS key, " : "key, ");
    add_bag(m, o);
    buffer_add_string(&m->sql, " FROM (");
    add_rows(m, o, stretch);
    buffer_add_string(&m->sql, ") WHERE bag IS NOT NULL");
    buffer_add_string(&m->sql, regroups ? " GROUP BY number" : "");
}

static int64_t second_of(int64_t hour)
{
    return hour == INT64_MIN || hour == INT64_MAX ? hour : hour * HOUR;
}

static void add_facts(struct maker *m, const struct origin *o,
    const struct cover_stretch *stretch)
{
    const struct rollup_kind *k = o->facts;
    const struct period_filter *f = m->filter;
    buffer_add_string(&m->sql, "SELECT ");
    if (shapes[o->name].by_time) {
        add_time(m, "hour");
    }
    buffer_addf(&m->sql, "%s AS key, %s AS bag FROM main.%s WHERE 1", k->key,
        k->bag, k->view);
    if (stretch->from != INT64_MIN) {
        buffer_addf(&m->sql, " AND hour >= %" PRId64, second_of(stretch->from));
    }
    if (stretch->until != INT64_MAX) {
        buffer_addf(&m->sql, " AND hour < %" PRId64, second_of(stretch->until));
    }
    if (f->domain != NULL && k->domain != NULL) {
        buffer_addf(&m->sql, " AND %s = %" PRId64, k->domain, m->domain);
    }
    if (f->direction != NULL && k->domain != NULL) {
        buffer_add_string(&m->sql, " AND direction = :direction");
    }
    buffer_add_string(
        &m->sql, shapes[o->name].by_time ? " GROUP BY 1, 2" : " GROUP BY 1");
}

static int64_t hour_of(int64_t second)
{
    return second == INT64_MIN || second == INT64_MAX ? second : second / HOUR;
}

static void find_cover(
    const struct maker *m, const struct origin *o, struct cover *c)
{
    struct cover_hours wanted = {
        hour_of(m->filter->since), hour_of(m->filter->until)};
    if (m->has_rollup && o->lowest <= o->highest) {
        cover_find(c, wanted, m->there, o->lowest, o->highest);
        return;
    }
    c->stretches[0] =
        (struct cover_stretch){COVER_FACTS, wanted.since, wanted.until};
    c->n = 1;
}

/* No two rows have the same key. */
static bool is_single(const struct cover *c, bool by_time)
{
    const struct cover_stretch *only = &c->stretches[0];
    return c->n == 1 && (only->level == COVER_FACTS ||
                            (!by_time && only->until - only->from == 1));
}

static bool fill(struct maker *m, enum rollup_name name)
{
    struct cover c;
    struct origin o = origin_of(m, name);
    bool by_time = shapes[name].by_time;
    find_cover(m, &o, &c);
    if (c.n == 0) {
        return true;
    }
    bool single = is_single(&c, by_time);
    buffer_reset(&m->sql);
    buffer_addf(&m->sql, "INSERT INTO temp.period_%s_bags SELECT %s, %s FROM (",
        o.facts->name, by_time ? "time, key" : "key",
        single ? "bag" : "bag_merge(bag)");
    if (by_time) {
        /* names the first column for what follows */
        buffer_add_string(&m->sql, "SELECT 0 AS time, 0 AS key, NULL AS bag"
                                   " WHERE 0 UNION ALL ");
    }
    for (size_t i = 0; i < c.n; i++) {
        buffer_add_string(&m->sql, i > 0 ? " UNION ALL " : "");
        if (c.stretches[i].level == COVER_FACTS) {
            add_facts(m, &o, &c.stretches[i]);
        } else {
            add_blocks(m, &o, &c.stretches[i]);
        }
    }
    buffer_add_string(&m->sql, single    ? ")"
                               : by_time ? ") GROUP BY 1, 2"
                                         : ") GROUP BY 1");
    return run(m, buffer_string(&m->sql), o.facts->name);
}

static bool make_table(struct maker *m, enum rollup_name name)
{
    buffer_reset(&m->sql);
    buffer_addf(&m->sql,
        "CREATE TEMP TABLE period_%s_bags (%s, bag BLOB, PRIMARY KEY (%s))",
        rollup_kind(name)->name, shapes[name].columns, shapes[name].key);
    return run(m, buffer_string(&m->sql), "period") && fill(m, name);
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
        if (sqlite3_step(q) == SQLITE_ROW &&
            sqlite3_column_type(q, 0) != SQLITE_NULL) {
            value = sqlite3_column_int64(q, 0);
        }
    }
    sqlite3_finalize(q);
    return value;
}

static void find_rollup(struct maker *m)
{
    int64_t first = 0;
    int64_t last = 0;
    m->has_rollup = rollup_days(m->db, &first, &last);
    m->there.since = first * ROLLUP_DAY_HOURS;
    m->there.until = (last + 1) * ROLLUP_DAY_HOURS;
}

static bool is_named(struct span sql, const char *name)
{
    char word[64];
    sqlite3_snprintf((int)sizeof word, word, "period_%s", name);
    return span_find(sql, span_of(word)) < sql.len;
}

/* The bags themselves, or one of the views over them. */
static bool is_wanted(struct span sql, enum rollup_name name)
{
    bool wanted = is_named(sql, rollup_kind(name)->name);
    for (size_t i = 0; !wanted && i < N_VIEWS; i++) {
        wanted = views[i].of == name && is_named(sql, views[i].name);
    }
    return wanted;
}

static bool make_views(struct maker *m)
{
    bool ok = true;
    for (size_t i = 0; ok && i < N_VIEWS; i++) {
        buffer_reset(&m->sql);
        buffer_addf(&m->sql, "CREATE TEMP VIEW period_%s AS SELECT %s",
            views[i].name, views[i].select);
        ok = run(m, buffer_string(&m->sql), views[i].name);
    }
    return ok;
}

/* Without a transaction, what is there may be of another state or filter. */
static bool drop_stale(struct maker *m, const char *name)
{
    char sql[96];
    sqlite3_snprintf(
        (int)sizeof sql, sql, "DROP TABLE IF EXISTS temp.period_%s", name);
    return sqlite3_get_autocommit(m->db) == 0 || run(m, sql, name);
}

static bool make_all(struct maker *m, struct span sql)
{
    bool ok = drop_stale(m, "kind") && drop_stale(m, "reply");
    bool by_kind = is_named(sql, "kind") || is_named(sql, "reply");
    if (ok && by_kind && !exists(m->db, "temp", "period_reply")) {
        ok = make_replies(m);
    }
    if (ok && ask(m,
                  "SELECT 1 FROM temp.sqlite_schema"
                  " WHERE name = 'period_failure'",
                  0) == 0) {
        ok = make_views(m);
    }
    for (int i = 0; ok && i < ROLLUP_PERIODS; i++) {
        char name[64];
        sqlite3_snprintf((int)sizeof name, name, "%s_bags",
            rollup_kind((enum rollup_name)i)->name);
        if (is_wanted(sql, (enum rollup_name)i) && drop_stale(m, name)) {
            sqlite3_snprintf((int)sizeof name, name, "period_%s_bags",
                rollup_kind((enum rollup_name)i)->name);
            ok = exists(m->db, "temp", name) ||
                 make_table(m, (enum rollup_name)i);
        }
    }
    return ok;
}

bool period_prepare(
    sqlite3 *db, const struct period_filter *filter, struct span sql)
{
    struct maker m = {.db = db, .filter = filter};
    if (span_find(sql, SPAN_LITERAL("period_")) == sql.len) {
        return true;
    }
    m.domain = filter->domain != NULL
                   ? ask(&m, "SELECT id FROM domain WHERE name = ?", -1)
                   : -1;
    find_rollup(&m);
    buffer_init(&m.sql, SQL_LIMIT);
    bool ok = bag_sql_register(db) && make_all(&m, sql);
    buffer_free(&m.sql);
    return ok;
}
