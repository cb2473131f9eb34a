/* SPDX-License-Identifier: MIT */
/*
 * Reports are small after aggregation, and every format needs widths, totals
 * or counts before it can write the first row; so a report is held whole.
 * Cells lie in one array, row after row; texts in an arena.
 */
#include "report/table.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

/* Rows of one direction that a limit kept out. */
struct left_out {
    struct span direction;
    size_t n;
};

/* Outbound, inbound, and none. */
enum { MOST_DIRECTIONS = 3 };

static const int64_t MOST_SUMMED = INT64_C(1000000000000000);

struct table {
    struct arena *arena;
    const char *name;
    const char *title;
    const char *about;
    const char *chart;
    struct column *columns;
    size_t n_columns;
    struct cell *cells;
    size_t n_rows;
    size_t cap_rows;
    size_t limit;
    struct left_out left_out[MOST_DIRECTIONS];
};

static const char *const kind_names[] = {
#define COLUMN_KIND_NAME(name, text) text,
    COLUMN_KIND_LIST(COLUMN_KIND_NAME)};

static const struct cell no_cell;

struct table *table_create(
    struct span name, struct span title, struct span about)
{
    struct table *t = memory_zalloc(1, sizeof *t);
    t->arena = arena_create();
    t->name = arena_copy(t->arena, name).ptr;
    t->title = arena_copy(t->arena, title).ptr;
    t->about = arena_copy(t->arena, about).ptr;
    t->chart = "";
    t->limit = SIZE_MAX;
    return t;
}

const char *table_name(const struct table *t)
{
    return t->name;
}

const char *table_title(const struct table *t)
{
    return t->title;
}

const char *table_about(const struct table *t)
{
    return t->about;
}

const char *table_chart(const struct table *t)
{
    return t->chart;
}

void table_set_chart(struct table *t, struct span chart)
{
    t->chart = arena_copy(t->arena, chart).ptr;
}

void table_add_column(
    struct table *t, struct span name, enum column_kind kind, struct span about)
{
    assert(t->n_rows == 0);
    t->columns = memory_grow(t->columns, t->n_columns + 1, sizeof *t->columns);
    t->columns[t->n_columns++] = (struct column){
        .name = arena_copy(t->arena, name).ptr,
        .about = arena_copy(t->arena, about).ptr,
        .kind = kind,
    };
}

void table_set_title(struct table *t, struct span title)
{
    t->title = arena_copy(t->arena, title).ptr;
}

bool table_set_role(struct table *t, struct span name, enum column_role role)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        if (span_equal(span_of(t->columns[i].name), name)) {
            t->columns[i].role = role;
            return true;
        }
    }
    return false;
}

size_t table_n_columns(const struct table *t)
{
    return t->n_columns;
}

const struct column *table_column(const struct table *t, size_t i)
{
    assert(i < t->n_columns);
    return &t->columns[i];
}

size_t table_find(const struct table *t, const char *name)
{
    size_t i = 0;
    while (i < t->n_columns && strcmp(t->columns[i].name, name) != 0) {
        i++;
    }
    return i;
}

struct cell *table_add_row(struct table *t)
{
    if (t->n_rows == t->cap_rows) {
        t->cap_rows = t->cap_rows != 0 ? t->cap_rows * 2 : 16;
        t->cells =
            memory_grow(t->cells, t->cap_rows * t->n_columns, sizeof *t->cells);
    }
    struct cell *row = t->cells + t->n_rows * t->n_columns;
    memset(row, 0, t->n_columns * sizeof *row);
    t->n_rows++;
    return row;
}

struct span table_keep(struct table *t, struct span text)
{
    return arena_copy(t->arena, text);
}

size_t table_n_rows(const struct table *t)
{
    return t->n_rows;
}

void table_leave_out(struct table *t, struct span direction, size_t n)
{
    for (size_t i = 0; n > 0 && i < MOST_DIRECTIONS; i++) {
        struct left_out *left = &t->left_out[i];
        if (left->n == 0) {
            left->direction = table_keep(t, direction);
        }
        if (span_equal(left->direction, direction)) {
            left->n += n;
            return;
        }
    }
}

size_t table_left_out(const struct table *t, const char *direction)
{
    size_t n = 0;
    for (size_t i = 0; i < MOST_DIRECTIONS; i++) {
        const struct left_out *left = &t->left_out[i];
        if (direction == NULL ||
            span_equal(left->direction, span_of(direction))) {
            n += left->n;
        }
    }
    return n;
}

size_t table_limit(const struct table *t)
{
    return t->limit;
}

void table_set_limit(struct table *t, size_t n)
{
    t->limit = n;
}

const struct cell *table_cell(const struct table *t, size_t row, size_t column)
{
    if (column >= t->n_columns) {
        return &no_cell;
    }
    assert(row < t->n_rows);
    return &t->cells[row * t->n_columns + column];
}

double table_value(const struct cell *cell)
{
    return cell->type == CELL_INTEGER ? (double)cell->integer
           : cell->type == CELL_REAL  ? cell->real
                                      : 0;
}

struct span table_text(const struct table *t, size_t row, const char *name)
{
    const struct cell *c = table_cell(t, row, table_find(t, name));
    return c->type == CELL_TEXT ? c->text : (struct span){"", 0};
}

double table_number(const struct table *t, size_t row, const char *name)
{
    return table_value(table_cell(t, row, table_find(t, name)));
}

int64_t table_integer(const struct table *t, size_t row, const char *name)
{
    const struct cell *c = table_cell(t, row, table_find(t, name));
    if (c->type != CELL_INTEGER) {
        return 0;
    }
    int64_t least = c->integer > -MOST_SUMMED ? c->integer : -MOST_SUMMED;
    return least < MOST_SUMMED ? least : MOST_SUMMED;
}

bool table_kind_parse(struct span s, enum column_kind *kind)
{
    for (int i = 1; i < COLUMN_KIND_COUNT; i++) {
        if (span_equal(s, span_of(kind_names[i]))) {
            *kind = (enum column_kind)i;
            return true;
        }
    }
    return false;
}

const char *table_kind_name(enum column_kind kind)
{
    return kind_names[kind];
}

bool table_kind_is_number(enum column_kind kind)
{
    return kind == COLUMN_COUNT || kind == COLUMN_SHARE ||
           kind == COLUMN_SECONDS || kind == COLUMN_BYTES ||
           kind == COLUMN_CHANGE || kind == COLUMN_PERCENT ||
           kind == COLUMN_POINTS;
}

void table_free(struct table *t)
{
    if (t != NULL) {
        arena_free(t->arena);
        free(t->columns);
        free(t->cells);
        free(t);
    }
}
