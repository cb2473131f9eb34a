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
    static const struct span create = SPAN_INIT("CREATE TABLE ");
    sqlite3_stmt *q = store_prepare(s,
        "SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = ?");
    if (q == NULL) {
        return false;
    }
    store_bind_text(q, 1, span_of(table));
    char *sql = NULL;
    if (store_step(s, q) == SQLITE_ROW &&
        span_starts(store_column_text(q, 0), create)) {
        struct span text = span_skip(store_column_text(q, 0), create.len);
        sql =
            sqlite3_mprintf("CREATE TEMP TABLE %.*s", (int)text.len, text.ptr);
    }
    sqlite3_finalize(q);
    bool ok = sql != NULL && store_run(s, sql);
    sqlite3_free(sql);
    return ok;
}

/* Does main.${table} differ from temp.${table}?  ${where}: what names a row. */
static bool compare(const struct check *c, const char *table, const char *where,
    const char *what)
{
    char *sql = sqlite3_mprintf(
        "SELECT %s FROM (SELECT * FROM (SELECT * FROM main.%s EXCEPT"
        " SELECT * FROM temp.%s) UNION ALL SELECT * FROM (SELECT * FROM"
        " temp.%s EXCEPT SELECT * FROM main.%s)) LIMIT 1",
        where, table, table, table, table);
    bool ok = sql != NULL && report(c, what, sql);
    sqlite3_free(sql);
    return ok;
}

static bool check_resolved(const struct check *c)
{
    static const char where[] = "'source ' || source || ', hour ' || hour";
    struct store *s = c->store;
    struct timeline *t = timeline_load(s);
    bool ok = t != NULL && shadow(s, "duplicate_hour") &&
              shadow(s, "attribution") && duplicates_find(s, t) &&
              attribution_find(s, t) &&
              compare(c, "duplicate_hour", where,
                  "the hours left out are not those that are there twice") &&
              compare(c, "attribution", where,
                  "the attributions are not what the journals say");
    timeline_free(t);
    return ok && store_run(s, "DROP TABLE temp.duplicate_hour;"
                              "DROP TABLE temp.attribution");
}

/* A day that is none makes rollup_run() go to work on a small store, too. */
static bool check_rollups(const struct check *c)
{
    static const char what[] = "the roll-ups are not what the facts say";
    struct store *s = c->store;
    int64_t n = 0;
    if (!store_number(s,
            "SELECT (SELECT count(*) FROM rollup_day) + (SELECT count(*)"
            " FROM rollup)",
            &n) ||
        n == 0) {
        return n == 0;
    }
    return shadow(s, "rollup_day") && shadow(s, "rollup") &&
           shadow(s, "rollup_seen") &&
           store_run(s, "INSERT INTO rollup_day VALUES (-1, 1)") &&
           rollup_run(s) && compare(c, "rollup", "'rollup ' || name", what) &&
           compare(c, "rollup_day", "'rollup_day'", what) &&
           compare(c, "rollup_seen", "'rollup_seen'", what) &&
           store_run(s, "DROP TABLE temp.rollup_day; DROP TABLE temp.rollup;"
                        "DROP TABLE temp.rollup_seen");
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
