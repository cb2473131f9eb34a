/* SPDX-License-Identifier: MIT */
/*
 * The table-valued functions bag_each() and bag_parts(): SQLite hands the bag
 * to xFilter as the value of a hidden column, and asks for one column of one
 * row at a time.  Entries are in order of their keys, so that those of a part
 * lie behind each other.
 */
#include "store/bag.h"
#include "store/bag_sql.h"

#include <string.h>

enum column {
    COLUMN_KEY,
    COLUMN_SUM = COLUMN_KEY + BAG_MOST_KEYS,
    COLUMN_FIRST = COLUMN_SUM + BAG_MOST_SUMS,
    COLUMN_LAST,
    COLUMN_PART,
    COLUMN_BAG
};

#define COLUMNS                                                                \
    "CREATE TABLE x (k1, k2, k3, k4, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10," \
    " v11, v12, first_hour, last_hour, part, bag HIDDEN)"

/* A part is no more than the whole, which SQLite took. */
#define MOST_BYTES ((size_t)1000000000)

struct table {
    sqlite3_vtab base; /* SQLite's part comes first */
    bool gives_parts;
};

struct reader {
    sqlite3_vtab_cursor base;
    sqlite3_value *bytes; /* a copy, which ->cursor reads */
    struct bag_cursor cursor;
    bool at_end;
    bool gives_parts;
    bool has_next;      /* of parts: the cursor is at the next one's first */
    struct buffer part; /* of parts: the bag of the one at hand */
    int64_t key;        /* of parts: its first key */
    sqlite3_int64 row;
};

static int connect(sqlite3 *db, void *context, int n, const char *const *words,
    sqlite3_vtab **table, char **reason)
{
    (void)n;
    (void)words;
    (void)reason;
    struct table *t = sqlite3_malloc64(sizeof(*t));
    if (t == NULL) {
        return SQLITE_NOMEM;
    }
    memset(t, 0, sizeof(*t));
    t->gives_parts = context != NULL;
    *table = &t->base;
    /* it reads nothing but its argument */
    sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
    return sqlite3_declare_vtab(db, COLUMNS);
}

static int disconnect(sqlite3_vtab *table)
{
    sqlite3_free(table);
    return SQLITE_OK;
}

static int open_reader(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
    struct reader *r = sqlite3_malloc64(sizeof(*r));
    if (r == NULL) {
        return SQLITE_NOMEM;
    }
    memset(r, 0, sizeof(*r));
    r->gives_parts = ((struct table *)table)->gives_parts;
    buffer_init(&r->part, MOST_BYTES);
    *cursor = &r->base;
    return SQLITE_OK;
}

static int close_reader(sqlite3_vtab_cursor *cursor)
{
    struct reader *r = (struct reader *)cursor;
    buffer_free(&r->part);
    sqlite3_value_free(r->bytes);
    sqlite3_free(r);
    return SQLITE_OK;
}

/* Only with the argument; how many entries it holds nobody knows. */
static int plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    for (int i = 0; i < info->nConstraint; i++) {
        if (info->aConstraint[i].iColumn == COLUMN_BAG &&
            info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ &&
            info->aConstraint[i].usable != 0) {
            info->aConstraintUsage[i].argvIndex = 1;
            info->aConstraintUsage[i].omit = 1;
            info->estimatedCost = 100;
            info->estimatedRows = 100;
            return SQLITE_OK;
        }
    }
    return SQLITE_CONSTRAINT;
}

/* Gather the entries that share the first key; false at the end. */
static bool next_part(struct reader *r)
{
    struct bag part;
    if (!r->has_next) {
        return false;
    }
    r->key = r->cursor.values[0];
    bag_init(&part, r->cursor.shape);
    while (r->has_next && r->cursor.values[0] == r->key) {
        bag_add(&part, r->cursor.values);
        r->has_next = bag_next(&r->cursor);
    }
    buffer_reset(&r->part);
    bag_write(&part, &r->part);
    bag_free(&part);
    return true;
}

static int next(sqlite3_vtab_cursor *cursor)
{
    struct reader *r = (struct reader *)cursor;
    r->at_end = !(r->gives_parts ? next_part(r) : bag_next(&r->cursor));
    r->row++;
    if (r->cursor.damaged) {
        sqlite3_free(cursor->pVtab->zErrMsg);
        cursor->pVtab->zErrMsg = sqlite3_mprintf("not a bag");
        return SQLITE_CORRUPT_VTAB;
    }
    return SQLITE_OK;
}

static int begin(sqlite3_vtab_cursor *cursor, int number, const char *text,
    int n, sqlite3_value **values)
{
    (void)number;
    (void)text;
    struct reader *r = (struct reader *)cursor;
    sqlite3_value_free(r->bytes);
    r->bytes = NULL;
    r->cursor = (struct bag_cursor){.at = NULL};
    if (n > 0 && sqlite3_value_type(values[0]) != SQLITE_NULL) {
        r->bytes = sqlite3_value_dup(values[0]);
        if (r->bytes == NULL) {
            return SQLITE_NOMEM;
        }
        const char *bytes = sqlite3_value_blob(r->bytes);
        bag_open(&r->cursor,
            (struct span){bytes, (size_t)sqlite3_value_bytes(r->bytes)});
    }
    r->has_next = r->gives_parts && bag_next(&r->cursor);
    return next(cursor);
}

static int is_at_end(sqlite3_vtab_cursor *cursor)
{
    return ((struct reader *)cursor)->at_end;
}

static void part_column(const struct reader *r, sqlite3_context *out, int i)
{
    if (i == COLUMN_KEY) {
        sqlite3_result_int64(out, r->key);
    } else if (i == COLUMN_PART) {
        sqlite3_result_blob64(
            out, r->part.bytes, r->part.len, SQLITE_TRANSIENT);
    }
}

static void entry_column(const struct reader *r, sqlite3_context *out, int i)
{
    const struct bag_cursor *c = &r->cursor;
    const int64_t *sum = c->values + c->shape.n_keys;
    if (i < COLUMN_SUM && i < c->shape.n_keys) {
        sqlite3_result_int64(out, c->values[i]);
    } else if (i >= COLUMN_SUM && i - COLUMN_SUM < c->shape.n_sums) {
        sqlite3_result_int64(out, sum[i - COLUMN_SUM]);
    } else if (i >= COLUMN_FIRST && i <= COLUMN_LAST && c->shape.has_span) {
        sqlite3_result_int64(out, sum[c->shape.n_sums + i - COLUMN_FIRST]);
    }
}

static int column(sqlite3_vtab_cursor *cursor, sqlite3_context *out, int i)
{
    const struct reader *r = (struct reader *)cursor;
    if (i == COLUMN_BAG && r->bytes != NULL) {
        sqlite3_result_value(out, r->bytes);
    } else if (r->gives_parts) {
        part_column(r, out, i);
    } else {
        entry_column(r, out, i);
    }
    return SQLITE_OK;
}

static int rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *row)
{
    *row = ((struct reader *)cursor)->row;
    return SQLITE_OK;
}

int bag_each_register(sqlite3 *db)
{
    /* without xCreate the table is there by its name alone */
    static const sqlite3_module module = {.xConnect = connect,
        .xBestIndex = plan,
        .xDisconnect = disconnect,
        .xOpen = open_reader,
        .xClose = close_reader,
        .xFilter = begin,
        .xNext = next,
        .xEof = is_at_end,
        .xColumn = column,
        .xRowid = rowid};
    static const bool parts = true;
    int code = sqlite3_create_module(db, "bag_each", &module, NULL);
    return code != SQLITE_OK ? code
                             : sqlite3_create_module(db, "bag_parts", &module,
                                   (void *)(uintptr_t)&parts);
}
