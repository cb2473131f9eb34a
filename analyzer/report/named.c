/* SPDX-License-Identifier: MIT */
/*
 * A report is data: its SQL says what is counted, its head comment says what
 * the columns are.  Both are checked against each other at every run, so a
 * report whose head lies fails loudly, with file and line.
 */
#include "report/named.h"

#include "base/diag.h"
#include "base/embedded.h"
#include "base/memory.h"
#include "report/head.h"
#include "report/period.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define REPORT_DIR "schema/reports/"
#define HOUR INT64_C(3600)
#define DAY (24 * HOUR)

/* Up to this length of the period a step is an hour, beyond it a day: some
 * three hundred bars are as many as a screen shows. */
#define LONGEST_BY_HOUR (14 * DAY)

/* What is being read or run, for messages and for the result. */
struct run {
    sqlite3 *db;
    const char *path;
    struct span sql;
    struct table *table;
};

/* --- names -------------------------------------------------------------- */

static const struct embedded_file *find(const char *name)
{
    char path[128];
    int n = snprintf(path, sizeof path, REPORT_DIR "%s.sql", name);
    if (n < 0 || (size_t)n >= sizeof path || strchr(name, '/') != NULL) {
        return NULL;
    }
    return embedded_find(path);
}

bool named_exists(const char *name)
{
    return find(name) != NULL;
}

struct span named_head(const char *name, const char *key)
{
    const struct embedded_file *file = find(name);
    return file != NULL ? head_value(file->bytes, key) : SPAN_NONE;
}

char *named_next(const char *after)
{
    static const struct span suffix = SPAN_INIT(".sql");
    const struct embedded_file *file =
        embedded_next(REPORT_DIR, after != NULL ? find(after) : NULL);
    if (file == NULL) {
        return NULL;
    }
    struct span name = span_of(file->path + strlen(REPORT_DIR));
    if (span_ends(name, suffix)) {
        name = span_first(name, name.len - suffix.len);
    }
    return memory_copy(name);
}

/* --- run ---------------------------------------------------------------- */

static int64_t query_integer(sqlite3 *db, const char *sql, int64_t otherwise)
{
    sqlite3_stmt *statement = NULL;
    int64_t value = otherwise;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW &&
        sqlite3_column_type(statement, 0) != SQLITE_NULL) {
        value = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return value;
}

/* The step for the part of the period that the store has facts of.  The
 * tables asked are small; asking the facts would cost a second pass. */
static int64_t step_for(sqlite3 *db, const struct named_filter *filter)
{
    int64_t from = query_integer(db, "SELECT min(hour) FROM hour_digest", 0);
    int64_t last =
        query_integer(db, "SELECT max(last_stamp) / 1000000 FROM source", from);
    from = filter->since > from ? filter->since : from;
    last = filter->until < last ? filter->until : last;
    return last - from > LONGEST_BY_HOUR ? DAY : HOUR;
}

static int64_t floor_hour(int64_t t)
{
    return t == INT64_MIN ? t : t - ((t % HOUR) + HOUR) % HOUR;
}

static int64_t ceil_hour(int64_t t)
{
    return t > INT64_MAX - HOUR ? t : floor_hour(t + HOUR - 1);
}

struct named_filter named_widen(const struct named_filter *filter)
{
    struct named_filter wide = *filter;
    wide.since = floor_hour(filter->since);
    wide.until = ceil_hour(filter->until);
    return wide;
}

static void bind_integer(sqlite3_stmt *statement, const char *name, int64_t n)
{
    int i = sqlite3_bind_parameter_index(statement, name);
    if (i > 0) {
        sqlite3_bind_int64(statement, i, n);
    }
}

static void bind_text(
    sqlite3_stmt *statement, const char *name, const char *text)
{
    int i = sqlite3_bind_parameter_index(statement, name);
    if (i > 0 && text != NULL) {
        sqlite3_bind_text(statement, i, text, -1, SQLITE_STATIC);
    }
}

static void bind_all(
    sqlite3_stmt *statement, const struct period_filter *filter)
{
    bind_integer(statement, ":since", filter->since);
    bind_integer(statement, ":until", filter->until);
    bind_integer(statement, ":step", filter->step);
    bind_text(statement, ":direction", filter->direction);
    bind_text(statement, ":domain", filter->domain);
}

/* A report that knows :limit may give one column more than its head names,
 * left_out: a row where that is not NULL stands for as many rows. */
static bool has_left_out(const struct run *run, sqlite3_stmt *statement)
{
    int n = (int)table_n_columns(run->table);
    return sqlite3_column_count(statement) == n + 1 &&
           strcmp(sqlite3_column_name(statement, n), "left_out") == 0;
}

static bool check_columns(const struct run *run, sqlite3_stmt *statement)
{
    size_t n = table_n_columns(run->table);
    if ((size_t)sqlite3_column_count(statement) != n &&
        !has_left_out(run, statement)) {
        diag_error("%s: the head names %zu columns, the query has %d",
            run->path, n, sqlite3_column_count(statement));
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const char *want = table_column(run->table, i)->name;
        const char *got = sqlite3_column_name(statement, (int)i);
        if (strcmp(want, got) != 0) {
            diag_error("%s: column %zu is %s in the head, %s in the query",
                run->path, i + 1, want, got);
            return false;
        }
    }
    return true;
}

static void read_cell(
    struct table *table, sqlite3_stmt *statement, int i, struct cell *cell)
{
    switch (sqlite3_column_type(statement, i)) {
    case SQLITE_INTEGER:
        cell->type = CELL_INTEGER;
        cell->integer = sqlite3_column_int64(statement, i);
        break;
    case SQLITE_FLOAT:
        cell->type = CELL_REAL;
        cell->real = sqlite3_column_double(statement, i);
        break;
    case SQLITE_TEXT:
    case SQLITE_BLOB: {
        const char *bytes = sqlite3_column_blob(statement, i);
        size_t len = (size_t)sqlite3_column_bytes(statement, i);
        cell->type = CELL_TEXT;
        cell->text =
            table_keep(table, (struct span){bytes != NULL ? bytes : "", len});
        break;
    }
    default:
        cell->type = CELL_NONE;
    }
}

static void read_row(struct table *table, sqlite3_stmt *statement)
{
    struct cell *row = table_add_row(table);
    for (int i = 0; i < (int)table_n_columns(table); i++) {
        read_cell(table, statement, i, &row[i]);
    }
}

/* The text of the column "direction" of the row at hand. */
static struct span direction_of(
    const struct table *table, sqlite3_stmt *statement)
{
    size_t i = table_find(table, "direction");
    if (i == table_n_columns(table)) {
        return (struct span){"", 0};
    }
    const char *text = (const char *)sqlite3_column_text(statement, (int)i);
    return span_of(text != NULL ? text : "");
}

/* Step through the result.  Reports give one direction after the other, so
 * one counter holds each direction to ${most} rows. */
static bool read_rows(struct run *run, sqlite3_stmt *statement, size_t most)
{
    char now[16] = "";
    size_t n = 0;
    int status;
    int left_out =
        has_left_out(run, statement) ? (int)table_n_columns(run->table) : -1;
    while ((status = sqlite3_step(statement)) == SQLITE_ROW) {
        struct span direction = direction_of(run->table, statement);
        if (left_out >= 0 &&
            sqlite3_column_type(statement, left_out) == SQLITE_INTEGER) {
            table_leave_out(run->table, direction,
                (size_t)sqlite3_column_int64(statement, left_out));
            continue;
        }
        if (!span_equal(direction, span_of(now)) &&
            direction.len < sizeof now) {
            memcpy(now, direction.ptr, direction.len);
            now[direction.len] = '\0';
            n = 0;
        }
        if (n++ < most) {
            read_row(run->table, statement);
        } else {
            table_leave_out(run->table, direction, 1);
        }
    }
    if (status != SQLITE_DONE) {
        diag_error("%s: %s", run->path, sqlite3_errmsg(run->db));
        return false;
    }
    return true;
}

struct table *named_run(sqlite3 *db, const char *name,
    const struct named_filter *filter, enum named_rows rows)
{
    const struct embedded_file *file = find(name);
    if (file == NULL) {
        diag_error("%s: no such report", name);
        return NULL;
    }
    struct run run = {.db = db, .path = file->path, .sql = file->bytes};
    struct named_filter wide = named_widen(filter);
    struct period_filter period = {wide.since, wide.until, step_for(db, filter),
        filter->direction, filter->domain};
    sqlite3_stmt *statement = NULL;
    run.table = head_read(run.path, span_of(name), run.sql);
    if (run.table == NULL || !period_prepare(db, &period, run.sql)) {
        goto err0;
    }
    if (sqlite3_prepare_v2(
            db, run.sql.ptr, (int)run.sql.len, &statement, NULL) != SQLITE_OK) {
        diag_error("%s: %s", run.path, sqlite3_errmsg(db));
        goto err0;
    }
    if (!check_columns(&run, statement)) {
        goto err1;
    }
    bind_all(statement, &period);
    size_t most = SIZE_MAX;
    if (rows == NAMED_ROWS_SHORT) {
        most = table_limit(run.table);
        bind_integer(statement, ":limit", (int64_t)most);
    }
    if (!read_rows(&run, statement, most)) {
        goto err1;
    }
    sqlite3_finalize(statement);
    return run.table;
err1:
    sqlite3_finalize(statement);
err0:
    table_free(run.table);
    return NULL;
}

bool named_run_apart(sqlite3 *db, const char *const *names, size_t n,
    const struct named_filter *filter, struct table **tables)
{
    bool ok =
        sqlite3_exec(db, "SAVEPOINT apart", NULL, NULL, NULL) == SQLITE_OK;
    for (size_t i = 0; ok && i < n; i++) {
        if (names[i] != NULL) {
            tables[i] = named_run(db, names[i], filter, NAMED_ROWS_ALL);
            ok = tables[i] != NULL;
        }
    }
    return sqlite3_exec(db, "ROLLBACK TO apart", NULL, NULL, NULL) ==
               SQLITE_OK &&
           ok;
}
