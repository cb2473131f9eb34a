/* SPDX-License-Identifier: MIT */
/*
 * What makes the derived tables names them without a schema, and SQLite looks
 * for such a name among the temporary tables first.  So with temporary tables
 * of the same names in the way the same code makes them again there, even in
 * a file that can only be read.
 */
#include "store/derived.h"

#include "store/attribution.h"
#include "store/duplicates.h"
#include "store/rollup.h"
#include "store/timeline.h"

enum { SQL_LEN = 4096 };

struct check {
    struct store *store;
    derived_problem *problem;
    void *context;
};

/* Report the first row that ${sql} gives, if any. */
static bool report(const struct check *c, const char *what, const char *sql)
{
    sqlite3_stmt *q = store_prepare(c->store, sql);
    if (q == NULL) {
        return false;
    }
    int code = store_step(c->store, q);
    if (code == SQLITE_ROW) {
        c->problem(c->context, what, store_column_text(q, 0));
    }
    sqlite3_finalize(q);
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

/* An empty temporary table in the way of ${table}. */
static bool shadow(struct store *s, const char *table)
{
    static const char create[] = "CREATE TABLE ";
    char sql[SQL_LEN];
    sqlite3_snprintf((int)sizeof(sql), sql,
        "SELECT sql FROM main.sqlite_schema WHERE name = %Q", table);
    sqlite3_stmt *q = store_prepare(s, sql);
    if (q == NULL || store_step(s, q) != SQLITE_ROW) {
        sqlite3_finalize(q);
        return false;
    }
    struct span text = store_column_text(q, 0);
    bool ok = span_starts(text, span_of(create));
    sqlite3_snprintf((int)sizeof(sql), sql, "CREATE TEMP TABLE %.*s",
        ok ? (int)(text.len - strlen(create)) : 0,
        text.ptr + (ok ? strlen(create) : 0));
    sqlite3_finalize(q);
    return ok && store_run(s, sql);
}

static bool compare(const struct check *c, const char *table, const char *what)
{
    char sql[SQL_LEN];
    sqlite3_snprintf((int)sizeof(sql), sql,
        "SELECT 'source ' || source || ', hour ' || hour FROM"
        " (SELECT * FROM (SELECT * FROM main.%s EXCEPT SELECT * FROM temp.%s)"
        " UNION ALL SELECT * FROM (SELECT * FROM temp.%s EXCEPT"
        " SELECT * FROM main.%s)) LIMIT 1",
        table, table, table, table);
    return report(c, what, sql);
}

static bool check_resolved(const struct check *c)
{
    struct store *s = c->store;
    struct timeline *t = timeline_load(s);
    bool ok = t != NULL && shadow(s, "duplicate_hour") &&
              shadow(s, "attribution") && duplicates_find(s, t) &&
              attribution_find(s, t) &&
              compare(c, "duplicate_hour",
                  "the hours left out are not those that are there twice") &&
              compare(c, "attribution",
                  "the attributions are not what the journals say");
    timeline_free(t);
    return ok && store_run(s, "DROP TABLE temp.duplicate_hour;"
                              "DROP TABLE temp.attribution");
}

static bool check_rollups(const struct check *c)
{
    size_t n = 0;
    const struct rollup_table *tables = rollup_tables(&n);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        char facts[SQL_LEN];
        char sql[3 * SQL_LEN];
        sqlite3_snprintf((int)sizeof(facts), facts,
            "SELECT %s%s FROM %s WHERE hour >= (SELECT since FROM rollup) AND"
            " hour < (SELECT until FROM rollup) GROUP BY %s",
            tables[i].by_time ? "hour / 86400 * 86400, " : "",
            tables[i].columns, tables[i].view, tables[i].group);
        sqlite3_snprintf((int)sizeof(sql), sql,
            "SELECT 'rollup_%s' WHERE EXISTS (%s EXCEPT SELECT * FROM"
            " rollup_%s) OR EXISTS (SELECT * FROM rollup_%s EXCEPT %s)",
            tables[i].name, facts, tables[i].name, tables[i].name, facts);
        ok = report(c, "the roll-ups are not what the facts say", sql);
    }
    return ok;
}

bool derived_check(struct store *s, derived_problem *problem, void *context)
{
    struct check c = {.store = s, .problem = problem, .context = context};
    int64_t n_sources = 0;
    /* of an empty store nothing was derived; foreign keys of a temporary
       table would be looked for among temporary tables */
    return store_number(s, "SELECT count(*) FROM source", &n_sources) &&
           (n_sources == 0 || (store_run(s, "PRAGMA foreign_keys = OFF") &&
                                  check_resolved(&c) && check_rollups(&c) &&
                                  store_run(s, "PRAGMA foreign_keys = ON")));
}
