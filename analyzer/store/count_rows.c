/* SPDX-License-Identifier: MIT */
/*
 * A virtual table (sqlite.org/vtab.html), so that one INSERT ... SELECT takes
 * in all rows of a step.  Within one statement SQLite keeps its place in the
 * table it writes to, and rows that come in the order of its key go where the
 * last one went; a statement for each row would begin at the root each time.
 */
#include "store/count_rows.h"

#include "base/memory.h"

#include <stdlib.h>

enum column {
    COLUMN_HOUR,
    COLUMN_DIRECTION,
    COLUMN_HOST,
    COLUMN_SENDER,
    COLUMN_DOMAIN,
    COLUMN_PROVIDER,
    COLUMN_REPLY,
    COLUMN_BUCKET,
    COLUMN_COUNTS
};

struct rows_table {
    sqlite3_vtab base; /* first: SQLite sees only this */
    struct count_rows *rows;
};

struct rows_cursor {
    sqlite3_vtab_cursor base;
    struct count_rows *rows;
    struct count_row row;
    sqlite3_int64 n;
    bool over;
};

static int connect(sqlite3 *db, void *context, int argc,
    const char *const *argv, sqlite3_vtab **out, char **error)
{
    (void)argc;
    (void)argv;
    (void)error;
    int code = sqlite3_declare_vtab(db,
        "CREATE TABLE x (hour, direction, host, sender, domain, provider,"
        " reply, bucket, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)");
    if (code != SQLITE_OK) {
        return code;
    }
    struct rows_table *table = memory_zalloc(1, sizeof(*table));
    table->rows = context;
    *out = &table->base;
    return SQLITE_OK;
}

static int disconnect(sqlite3_vtab *table)
{
    free(table);
    return SQLITE_OK;
}

static int best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    info->estimatedCost = 1e6;
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
    struct rows_cursor *cursor = memory_zalloc(1, sizeof(*cursor));
    cursor->rows = ((struct rows_table *)base)->rows;
    *out = &cursor->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
    free(base);
    return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *base)
{
    struct rows_cursor *c = (struct rows_cursor *)base;
    c->over = !c->rows->next(c->rows->context, &c->row);
    c->n++;
    return SQLITE_OK;
}

static int filter(sqlite3_vtab_cursor *base, int number, const char *text,
    int argc, sqlite3_value **argv)
{
    (void)number;
    (void)text;
    (void)argc;
    (void)argv;
    return next(base);
}

static int at_end(sqlite3_vtab_cursor *base)
{
    return ((struct rows_cursor *)base)->over;
}

static int64_t value_of(const struct count_row *row, int column)
{
    switch (column) {
    case COLUMN_HOUR:
        return row->hour;
    case COLUMN_HOST:
        return row->host;
    case COLUMN_SENDER:
        return row->sender;
    case COLUMN_DOMAIN:
        return row->domain;
    case COLUMN_PROVIDER:
        return row->provider;
    case COLUMN_REPLY:
        return row->reply;
    case COLUMN_BUCKET:
        return row->bucket;
    default:
        return row->counts[column - COLUMN_COUNTS];
    }
}

static int get_column(
    sqlite3_vtab_cursor *base, sqlite3_context *result, int column)
{
    const struct count_row *row = &((struct rows_cursor *)base)->row;
    if (column == COLUMN_DIRECTION) {
        sqlite3_result_text(result, row->direction, -1, SQLITE_STATIC);
    } else {
        sqlite3_result_int64(result, value_of(row, column));
    }
    return SQLITE_OK;
}

static int row_id(sqlite3_vtab_cursor *base, sqlite3_int64 *id)
{
    *id = ((struct rows_cursor *)base)->n;
    return SQLITE_OK;
}

/* Without xCreate the table is there by its module's name alone. */
static const sqlite3_module module = {.xConnect = connect,
    .xBestIndex = best_index,
    .xDisconnect = disconnect,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = filter,
    .xNext = next,
    .xEof = at_end,
    .xColumn = get_column,
    .xRowid = row_id};

static const char name[] = "count_rows";

bool count_rows_open(struct store *s, struct count_rows *rows)
{
    bool ok = sqlite3_create_module_v2(
                  store_database(s), name, &module, rows, NULL) == SQLITE_OK;
    if (!ok) {
        store_report(s, "cannot write to the database");
    }
    return ok;
}

void count_rows_close(struct store *s)
{
    sqlite3_create_module_v2(store_database(s), name, NULL, NULL, NULL);
}
