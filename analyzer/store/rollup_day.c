/* SPDX-License-Identifier: MIT */
/*
 * Most of the work is to read the facts, as the views put them together.  So
 * kinds that read the same view in the same way share one pass over it, each
 * with a column of its own: a day takes seven passes, not one for each kind.
 *
 * A kind that has one row a day is not grouped, so that SQLite need not sort
 * what it reads; one that has two, by direction, has two columns.
 */
#include "store/rollup_day.h"

#include "store/rollup_kind.h"

#include <string.h>

enum { HOUR = 3600, MOST_COLUMNS = ROLLUP_N + 1, FIRST_BAG = 2 };

/* A bag for each row of the pass, or for all of them. */
struct column {
    const struct rollup_kind *kind;
    const char *direction; /* only facts of this one; NULL: of both */
};

struct pass {
    const struct rollup_kind *like; /* its first kind */
    bool grouped;
    struct column columns[MOST_COLUMNS];
    int n;
};

static bool has_key(const struct rollup_kind *k, const char *key)
{
    return strcmp(k->key, key) == 0;
}

static bool is_grouped(const struct rollup_kind *k)
{
    return k->lowest != ROLLUP_DAYS ||
           (!has_key(k, "0") && !has_key(k, "direction"));
}

static bool is_of(const struct pass *p, const struct rollup_kind *k)
{
    return strcmp(k->view, p->like->view) == 0 && is_grouped(k) == p->grouped &&
           (!p->grouped ||
               (k->lowest == p->like->lowest && has_key(k, p->like->key)));
}

static void add_column(
    struct pass *p, const struct rollup_kind *k, const char *direction)
{
    p->columns[p->n++] = (struct column){k, direction};
}

/* The pass of the kind number ${first} and of those behind it. */
static struct pass pass_of(int first)
{
    const struct rollup_kind *like = rollup_kind((enum rollup_name)first);
    struct pass p = {.like = like, .grouped = is_grouped(like)};
    for (int i = first; i < ROLLUP_N; i++) {
        const struct rollup_kind *k = rollup_kind((enum rollup_name)i);
        if (!is_of(&p, k)) {
            continue;
        }
        if (!p.grouped && has_key(k, "direction")) {
            add_column(&p, k, "inbound");
            add_column(&p, k, "outbound");
        } else {
            add_column(&p, k, k->direction);
        }
    }
    return p;
}

/* Is the kind number ${i} in the pass of one before it? */
static bool is_taken(int i)
{
    const struct rollup_kind *k = rollup_kind((enum rollup_name)i);
    bool taken = false;
    for (int j = 0; j < i && !taken; j++) {
        const struct rollup_kind *like = rollup_kind((enum rollup_name)j);
        struct pass p = {.like = like, .grouped = is_grouped(like)};
        taken = is_of(&p, k);
    }
    return taken;
}

/* Number of the block, key, and the bags. */
static sqlite3_stmt *prepare_pass(
    struct store *s, const struct pass *p, int64_t day)
{
    int64_t first = day * ROLLUP_DAY_HOURS;
    sqlite3_str *sql = sqlite3_str_new(store_database(s));
    sqlite3_str_appendf(sql, "SELECT (hour - %lld) / %lld + %lld, %s",
        first * HOUR, timeblock_hours(p->like->lowest) * HOUR,
        timeblock_of(first, p->like->lowest), p->grouped ? p->like->key : "0");
    for (int i = 0; i < p->n; i++) {
        const struct column *c = &p->columns[i];
        sqlite3_str_appendf(sql, ", %s", c->kind->bag);
        if (c->direction != NULL) {
            sqlite3_str_appendf(
                sql, " FILTER (WHERE direction = %Q)", c->direction);
        }
    }
    sqlite3_str_appendf(sql, " FROM %s WHERE hour >= %lld AND hour < %lld%s",
        p->like->view, first * HOUR, (first + ROLLUP_DAY_HOURS) * HOUR,
        p->grouped ? " GROUP BY 1, 2" : " HAVING count(*) > 0");
    char *text = sqlite3_str_finish(sql);
    sqlite3_stmt *q = text != NULL ? store_prepare(s, text) : NULL;
    sqlite3_free(text);
    return q;
}

/* The bag of ${c}, which is column ${at} of ${row}. */
static bool write_bag(struct store *s, sqlite3_stmt *insert,
    const struct column *c, sqlite3_stmt *row, int at)
{
    if (sqlite3_column_type(row, at) == SQLITE_NULL) {
        return true;
    }
    sqlite3_bind_text(insert, 1, c->kind->name, -1, SQLITE_STATIC);
    sqlite3_bind_int(insert, 2, c->kind->lowest);
    sqlite3_bind_value(insert, 3, sqlite3_column_value(row, 0));
    if (has_key(c->kind, "direction") && c->direction != NULL) {
        sqlite3_bind_text(insert, 4, c->direction, -1, SQLITE_STATIC);
    } else {
        sqlite3_bind_value(insert, 4, sqlite3_column_value(row, 1));
    }
    sqlite3_bind_value(insert, 5, sqlite3_column_value(row, at));
    bool ok = store_step(s, insert) == SQLITE_DONE;
    sqlite3_reset(insert);
    return ok;
}

static bool run_pass(
    struct store *s, sqlite3_stmt *insert, const struct pass *p, int64_t day)
{
    sqlite3_stmt *q = prepare_pass(s, p, day);
    if (q == NULL) {
        return false;
    }
    int code = SQLITE_DONE;
    bool ok = true;
    while (ok && (code = store_step(s, q)) == SQLITE_ROW) {
        for (int i = 0; ok && i < p->n; i++) {
            ok = write_bag(s, insert, &p->columns[i], q, FIRST_BAG + i);
        }
    }
    sqlite3_finalize(q);
    return ok && code == SQLITE_DONE;
}

bool rollup_day_make(struct store *s, int64_t day)
{
    sqlite3_stmt *insert =
        store_prepare(s, "INSERT INTO rollup VALUES (?, ?, ?, ?, ?)");
    bool ok = insert != NULL;
    for (int i = 0; ok && i < ROLLUP_N; i++) {
        if (!is_taken(i)) {
            struct pass p = pass_of(i);
            ok = run_pass(s, insert, &p, day);
        }
    }
    sqlite3_finalize(insert);
    return ok;
}
