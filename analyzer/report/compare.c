/* SPDX-License-Identifier: MIT */
/*
 * Which columns tell rows apart and which are numbers to compare is said by
 * the head of the report's SQL; nothing here knows a report.
 */
#include "report/compare.h"

#include "base/buffer.h"
#include "report/format.h"
#include "report/pairing.h"

#include <math.h>
#include <stdlib.h>

struct comparison {
    struct pairing pairs;
    enum compare_rows wanted;
    struct table *out;
};

/* --- pairs -------------------------------------------------------------- */

static double difference(const struct pairing_pair *p)
{
    return p->chief[PAIRING_NOW] - p->chief[PAIRING_BEFORE];
}

static bool is_outbound(const struct pairing_pair *p)
{
    return span_equal(p->direction, SPAN_LITERAL("outbound"));
}

/* Outbound first, then by the size of the change. */
static int by_change(const void *a, const void *b)
{
    const struct pairing_pair *x = a;
    const struct pairing_pair *y = b;
    double dx = fabs(difference(x));
    double dy = fabs(difference(y));
    if (is_outbound(x) != is_outbound(y)) {
        return is_outbound(x) ? -1 : 1;
    }
    return dx > dy ? -1 : dx < dy ? 1 : x->place < y->place ? -1 : 1;
}

static const char *change_of(const struct pairing_pair *p)
{
    double change = difference(p);
    return p->rows[PAIRING_BEFORE] == PAIRING_NO_ROW ? "new"
           : p->rows[PAIRING_NOW] == PAIRING_NO_ROW  ? "gone"
           : change > 0                              ? "more"
           : change < 0                              ? "less"
                                                     : "same";
}

/* --- columns ------------------------------------------------------------ */

static bool is_compared(const struct comparison *c, const struct column *column)
{
    return column->role == COLUMN_CHIEF ||
           (column->role == COLUMN_MEASURE && c->wanted == COMPARE_ALL);
}

static void add_column(struct comparison *c, const struct column *of,
    const char *suffix, enum column_kind kind)
{
    static const struct {
        const char *suffix;
        const char *about;
    } words[] = {{"before", "in the period compared with"},
        {"now", "in the period asked for"}, {"change", "now less before"},
        {"percent", "change in percent of before"},
        {"points", "now less before, in percentage points"}};
    struct buffer name;
    struct buffer about;
    buffer_init(&name, 128);
    buffer_init(&about, 1024);
    buffer_addf(&name, "%s_%s", of->name, suffix);
    buffer_add_string(&about, of->about);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].suffix, suffix) == 0) {
            buffer_addf(&about, "; %s", words[i].about);
        }
    }
    table_add_column(c->out, buffer_span(&name), kind, buffer_span(&about));
    buffer_free(&name);
    buffer_free(&about);
}

static void add_measure(struct comparison *c, const struct column *column)
{
    add_column(c, column, "before", column->kind);
    add_column(c, column, "now", column->kind);
    if (column->kind == COLUMN_COUNT) {
        add_column(c, column, "change", COLUMN_CHANGE);
    }
    if (column->kind == COLUMN_SHARE) {
        add_column(c, column, "points", COLUMN_POINTS);
    } else {
        add_column(c, column, "percent", COLUMN_PERCENT);
    }
}

static void add_columns(struct comparison *c)
{
    const struct table *t = c->pairs.sides[PAIRING_NOW];
    for (size_t i = 0; i < table_n_columns(t); i++) {
        const struct column *column = table_column(t, i);
        if (column->role == COLUMN_KEY) {
            table_add_column(c->out, span_of(column->name), column->kind,
                span_of(column->about));
            table_set_role(c->out, span_of(column->name), COLUMN_KEY);
        }
    }
    table_add_column(c->out, SPAN_LITERAL("change"), COLUMN_TEXT,
        SPAN_LITERAL("new, gone, more, less or same"));
    for (size_t i = 0; i < table_n_columns(t); i++) {
        if (is_compared(c, table_column(t, i))) {
            add_measure(c, table_column(t, i));
        }
    }
}

/* --- rows --------------------------------------------------------------- */

static void put_real(struct cell *cell, double value)
{
    cell->type = CELL_REAL;
    cell->real = value;
}

/* The value that a period has in the column ${i}. */
static struct cell value_of(const struct comparison *c,
    const struct pairing_pair *p, int side, size_t i)
{
    static const struct cell zero = {.type = CELL_INTEGER};
    static const struct cell none;
    if (p->rows[side] != PAIRING_NO_ROW) {
        return *table_cell(c->pairs.sides[side], p->rows[side], i);
    }
    return table_column(c->pairs.sides[PAIRING_NOW], i)->kind == COLUMN_COUNT
               ? zero
               : none;
}

/* Fill ${cells} with the columns of the measure ${i}; return what follows. */
static struct cell *put_measure(const struct comparison *c,
    const struct pairing_pair *p, size_t i, struct cell *cells)
{
    enum column_kind kind = table_column(c->pairs.sides[PAIRING_NOW], i)->kind;
    struct cell before = value_of(c, p, PAIRING_BEFORE, i);
    struct cell now = value_of(c, p, PAIRING_NOW, i);
    bool known = before.type != CELL_NONE && now.type != CELL_NONE;
    double change = table_value(&now) - table_value(&before);
    *cells++ = before;
    *cells++ = now;
    if (kind == COLUMN_COUNT) {
        cells->type = known ? CELL_INTEGER : CELL_NONE;
        cells++->integer = known ? now.integer - before.integer : 0;
    }
    if (known && kind == COLUMN_SHARE) {
        put_real(cells, change * 100);
    } else if (known && table_value(&before) > 0) {
        put_real(cells, change / table_value(&before) * 100);
    }
    return cells + 1;
}

static void put_row(struct comparison *c, const struct pairing_pair *p)
{
    int side =
        p->rows[PAIRING_NOW] != PAIRING_NO_ROW ? PAIRING_NOW : PAIRING_BEFORE;
    const struct table *t = c->pairs.sides[side];
    struct cell *cells = table_add_row(c->out);
    for (size_t i = 0; i < table_n_columns(t); i++) {
        if (table_column(t, i)->role == COLUMN_KEY) {
            *cells = *table_cell(t, p->rows[side], i);
            cells->text = cells->type == CELL_TEXT
                              ? table_keep(c->out, cells->text)
                              : SPAN_NONE;
            cells++;
        }
    }
    cells->type = CELL_TEXT;
    cells->text = span_of(change_of(p));
    cells++;
    for (size_t i = 0; i < table_n_columns(t); i++) {
        if (is_compared(c, table_column(t, i))) {
            cells = put_measure(c, p, i, cells);
        }
    }
}

static void put_rows(struct comparison *c)
{
    struct span direction = SPAN_NONE;
    size_t n = 0;
    for (size_t i = 0; i < c->pairs.n; i++) {
        const struct pairing_pair *p = &c->pairs.list[i];
        if (c->wanted == COMPARE_CHANGED && fabs(difference(p)) <= 0) {
            continue;
        }
        n = span_equal(direction, p->direction) ? n : 0;
        direction = p->direction;
        if (c->wanted == COMPARE_ALL || n++ < table_limit(c->out)) {
            put_row(c, p);
        } else {
            table_leave_out(c->out, direction, 1);
        }
    }
}

/* --- a few rows of many numbers, for people ------------------------------ */

/* Does the direction alone tell rows apart? */
static bool is_tall(const struct comparison *c)
{
    size_t n = 0;
    for (size_t i = 0; i < table_n_columns(c->pairs.sides[PAIRING_NOW]); i++) {
        const struct column *column =
            table_column(c->pairs.sides[PAIRING_NOW], i);
        n += column->role == COLUMN_KEY &&
             strcmp(column->name, "direction") != 0;
    }
    return n == 0 && c->wanted == COMPARE_CHANGED;
}

static void put_text(struct comparison *c, struct cell *to,
    const struct cell *from, enum column_kind kind)
{
    struct buffer text;
    buffer_init(&text, 256);
    format_human(&text, from, kind);
    buffer_add_string(&text,
        kind == COLUMN_POINTS && from->type != CELL_NONE ? " points" : "");
    to->type = CELL_TEXT;
    to->text = table_keep(c->out, buffer_span(&text));
    buffer_free(&text);
}

/* The measure ${i} as a row; nothing if it is 0 in both periods. */
static void put_tall_row(
    struct comparison *c, const struct pairing_pair *p, size_t i)
{
    const struct column *column = table_column(c->pairs.sides[PAIRING_NOW], i);
    bool is_count = column->kind == COLUMN_COUNT;
    struct cell values[4] = {{CELL_NONE, 0, 0, SPAN_NONE}};
    put_measure(c, p, i, values);
    if (table_value(&values[0]) <= 0 && table_value(&values[1]) <= 0) {
        return;
    }
    struct cell *cells = table_add_row(c->out);
    cells[0] = (struct cell){
        .type = CELL_TEXT, .text = table_keep(c->out, p->direction)};
    cells[1] = (struct cell){
        .type = CELL_TEXT, .text = table_keep(c->out, span_of(column->name))};
    put_text(c, &cells[2], &values[0], column->kind);
    put_text(c, &cells[3], &values[1], column->kind);
    if (is_count) {
        put_text(c, &cells[4], &values[2], COLUMN_CHANGE);
        put_text(c, &cells[5], &values[3], COLUMN_PERCENT);
    } else {
        put_text(c, &cells[4], &values[2],
            column->kind == COLUMN_SHARE ? COLUMN_POINTS : COLUMN_PERCENT);
    }
}

static void put_tall(struct comparison *c)
{
    static const char *const names[] = {"before", "now", "change", "percent"};
    table_add_column(c->out, SPAN_LITERAL("direction"), COLUMN_TEXT,
        SPAN_LITERAL("outbound or inbound"));
    table_add_column(c->out, SPAN_LITERAL("number"), COLUMN_TEXT,
        SPAN_LITERAL("what is counted"));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        table_add_column(c->out, span_of(names[i]), COLUMN_COUNT, SPAN_NONE);
    }
    for (size_t p = 0; p < c->pairs.n; p++) {
        for (size_t i = 0; i < table_n_columns(c->pairs.sides[PAIRING_NOW]);
             i++) {
            enum column_role role =
                table_column(c->pairs.sides[PAIRING_NOW], i)->role;
            if (role == COLUMN_CHIEF || role == COLUMN_MEASURE) {
                put_tall_row(c, &c->pairs.list[p], i);
            }
        }
    }
}

struct table *compare_tables(const struct table *now,
    const struct table *before, struct span about, enum compare_rows rows)
{
    struct comparison c = {.pairs = pairing_make(now, before),
        .wanted = rows,
        .out = table_create(
            span_of(table_name(now)), span_of(table_title(now)), about)};
    table_set_chart(c.out, SPAN_LITERAL("none"));
    table_set_limit(c.out, table_limit(now));
    if (c.pairs.n > 0) {
        qsort(c.pairs.list, c.pairs.n, sizeof *c.pairs.list, by_change);
    }
    if (is_tall(&c)) {
        put_tall(&c);
    } else {
        add_columns(&c);
        put_rows(&c);
    }
    pairing_reset(&c.pairs);
    return c.out;
}

/* --- all that is there, and how it changed -------------------------------- */

static bool is_annotated(const struct column *column)
{
    return column->role == COLUMN_CHIEF ||
           (column->role == COLUMN_MEASURE && column->kind == COLUMN_SHARE);
}

static void add_annotated_columns(struct comparison *c)
{
    for (size_t i = 0; i < table_n_columns(c->pairs.sides[PAIRING_NOW]); i++) {
        const struct column *column =
            table_column(c->pairs.sides[PAIRING_NOW], i);
        table_add_column(c->out, span_of(column->name), column->kind,
            span_of(column->about));
        table_set_role(c->out, span_of(column->name), column->role);
        if (!is_annotated(column)) {
            continue;
        }
        if (column->kind == COLUMN_COUNT) {
            add_column(c, column, "change", COLUMN_CHANGE);
        } else if (column->kind == COLUMN_SHARE) {
            add_column(c, column, "points", COLUMN_POINTS);
        } else {
            add_column(c, column, "percent", COLUMN_PERCENT);
        }
    }
}

/* The rows of now were paired first, so a pair has its row's number. */
static void put_annotated_row(struct comparison *c, size_t row)
{
    const struct table *now = c->pairs.sides[PAIRING_NOW];
    struct cell *cells = table_add_row(c->out);
    for (size_t i = 0; i < table_n_columns(now); i++) {
        *cells = *table_cell(now, row, i);
        cells->text = cells->type == CELL_TEXT ? table_keep(c->out, cells->text)
                                               : SPAN_NONE;
        cells++;
        if (is_annotated(table_column(now, i))) {
            struct cell values[4] = {{CELL_NONE, 0, 0, SPAN_NONE}};
            put_measure(c, &c->pairs.list[row], i, values);
            *cells++ = values[2]; /* after before and now */
        }
    }
}

static void copy_left_out(struct table *to, const struct table *from)
{
    static const char *const directions[] = {"outbound", "inbound", ""};
    for (size_t i = 0; i < sizeof directions / sizeof directions[0]; i++) {
        table_leave_out(
            to, span_of(directions[i]), table_left_out(from, directions[i]));
    }
}

struct table *compare_annotate(
    const struct table *now, const struct table *before)
{
    struct comparison c = {.pairs = pairing_make(now, before),
        .wanted = COMPARE_CHANGED,
        .out = table_create(span_of(table_name(now)), span_of(table_title(now)),
            span_of(table_about(now)))};
    table_set_chart(c.out, span_of(table_chart(now)));
    table_set_limit(c.out, table_limit(now));
    copy_left_out(c.out, now);
    add_annotated_columns(&c);
    for (size_t row = 0; row < table_n_rows(now); row++) {
        put_annotated_row(&c, row);
    }
    pairing_reset(&c.pairs);
    return c.out;
}

/* --- what only the period before has -------------------------------------- */

static void put_copy(struct table *to, const struct table *from, size_t row)
{
    struct cell *cells = table_add_row(to);
    for (size_t i = 0; i < table_n_columns(from); i++) {
        cells[i] = *table_cell(from, row, i);
        cells[i].text = cells[i].type == CELL_TEXT
                            ? table_keep(to, cells[i].text)
                            : SPAN_NONE;
    }
}

struct table *compare_gone(
    const struct table *now, const struct table *before, struct span about)
{
    struct pairing pairs = pairing_make(now, before);
    struct table *out = table_create(
        span_of(table_name(now)), span_of(table_title(now)), about);
    table_set_chart(out, SPAN_LITERAL("none"));
    table_set_limit(out, table_limit(now));
    for (size_t i = 0; i < table_n_columns(before); i++) {
        const struct column *column = table_column(before, i);
        table_add_column(
            out, span_of(column->name), column->kind, span_of(column->about));
        table_set_role(out, span_of(column->name), column->role);
    }
    for (size_t i = 0; i < pairs.n; i++) {
        if (pairs.list[i].rows[PAIRING_NOW] == PAIRING_NO_ROW) {
            put_copy(out, before, pairs.list[i].rows[PAIRING_BEFORE]);
        }
    }
    pairing_reset(&pairs);
    return out;
}
