/* SPDX-License-Identifier: MIT */
/*
 * Three passes: write every cell as text, find the widths (shortening what is
 * text), print.
 */
#include "report/text_out.h"

#include "base/memory.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/utf8.h"

#include <stdlib.h>

#define ELLIPSIS "\xE2\x80\xA6"
#define CELL_LIMIT ((size_t)64 * 1024)

/* Below this a text column says nothing. */
enum { LEAST_TEXT_WIDTH = 8, GAP = 2, INDENT = 2, HEAD_LINES = 3 };

/* One column as it will be printed. */
struct shown {
    size_t width;
    bool right;
    bool may_shrink;
    bool is_hidden;
};

struct layout {
    const struct table *table;
    struct shown *columns;
    size_t n;
    size_t grouped; /* the column "direction", or n if there is none */
    size_t first;   /* the rows of one direction: from here */
    size_t end;     /* to before here */
    size_t width;
    bool is_tight; /* leave the year out of times */
};

/* --- cells -------------------------------------------------------------- */

static void cell_text(
    const struct layout *layout, struct buffer *out, size_t row, size_t i)
{
    const struct column *column = table_column(layout->table, i);
    const struct cell *cell = table_cell(layout->table, row, i);
    buffer_reset(out);
    if (cell->type == CELL_TEXT) {
        escape_terminal(out, cell->text);
        return;
    }
    format_human(out, cell, column->kind);
    if (column->kind == COLUMN_TIME && layout->is_tight && out->len > 5) {
        memmove(out->bytes, out->bytes + 5, out->len - 5);
        out->len -= 5;
    }
}

static bool is_empty(const struct cell *cell)
{
    return cell->type == CELL_NONE ||
           (cell->type == CELL_TEXT && cell->text.len == 0) ||
           (cell->type == CELL_INTEGER && cell->integer == 0) ||
           (cell->type == CELL_REAL && cell->real == 0);
}

static bool is_column_empty(const struct layout *layout, size_t i)
{
    for (size_t row = layout->first; row < layout->end; row++) {
        if (!is_empty(table_cell(layout->table, row, i))) {
            return false;
        }
    }
    return true;
}

static bool has_own_line(enum column_kind kind)
{
    return kind == COLUMN_URL || kind == COLUMN_LINE;
}

/* --- headings: failure_rate stands as two lines -------------------------- */

/* Line ${line} of the heading of ${name}, from the last upwards; the empty
 * text above it. */
static struct span heading(const char *name, size_t line)
{
    struct span rest = span_of(name);
    for (size_t i = 0;; i++) {
        size_t cut = rest.len;
        while (cut > 0 && rest.ptr[cut - 1] != '_') {
            cut--;
        }
        bool is_last = cut == 0 || i + 1 == HEAD_LINES;
        struct span word = is_last ? rest : span_skip(rest, cut);
        if (i == line) {
            return word;
        }
        if (is_last) {
            return (struct span){"", 0};
        }
        rest = span_first(rest, cut - 1);
    }
}

static size_t heading_width(const char *name)
{
    size_t width = 0;
    for (size_t line = 0; line < HEAD_LINES; line++) {
        struct span word = heading(name, line);
        width = word.len > width ? word.len : width;
    }
    return width;
}

/* --- widths ------------------------------------------------------------- */

static size_t natural_width(
    const struct layout *layout, struct buffer *scratch, size_t i)
{
    size_t width = heading_width(table_column(layout->table, i)->name);
    for (size_t row = layout->first; row < layout->end; row++) {
        cell_text(layout, scratch, row, i);
        size_t columns = utf8_columns(buffer_span(scratch));
        width = columns > width ? columns : width;
    }
    return width;
}

static void measure(struct layout *layout)
{
    struct buffer scratch;
    buffer_init(&scratch, CELL_LIMIT);
    for (size_t i = 0; i < layout->n; i++) {
        const struct column *column = table_column(layout->table, i);
        struct shown *shown = &layout->columns[i];
        *shown = (struct shown){
            .width = natural_width(layout, &scratch, i),
            .right = table_kind_is_number(column->kind),
            .may_shrink = column->kind == COLUMN_TEXT,
            .is_hidden = i == layout->grouped || has_own_line(column->kind) ||
                         is_column_empty(layout, i),
        };
    }
    buffer_free(&scratch);
}

static size_t row_width(const struct layout *layout)
{
    size_t width = INDENT;
    for (size_t i = 0; i < layout->n; i++) {
        width +=
            layout->columns[i].is_hidden ? 0 : layout->columns[i].width + GAP;
    }
    return width > INDENT ? width - GAP : width;
}

/* Take one column off the widest text column; false if none can give. */
static bool shrink(struct layout *layout)
{
    struct shown *widest = NULL;
    for (size_t i = 0; i < layout->n; i++) {
        struct shown *shown = &layout->columns[i];
        if (!shown->is_hidden && shown->may_shrink &&
            shown->width > LEAST_TEXT_WIDTH &&
            (widest == NULL || shown->width > widest->width)) {
            widest = shown;
        }
    }
    if (widest == NULL) {
        return false;
    }
    widest->width--;
    return true;
}

/* --- lines -------------------------------------------------------------- */

static void pad(struct buffer *out, size_t n)
{
    while (n-- > 0) {
        buffer_add_char(out, ' ');
    }
}

/* ${s}, already escaped, in exactly ${shown->width} columns. */
static void add_fitted(
    struct buffer *out, struct span s, const struct shown *shown)
{
    size_t columns = utf8_columns(s);
    if (columns > shown->width) {
        size_t keep = utf8_fit(s, shown->width - 1);
        buffer_add(out, span_first(s, keep));
        buffer_add_string(out, ELLIPSIS);
        pad(out, shown->width - 1 - utf8_columns(span_first(s, keep)));
        return;
    }
    pad(out, shown->right ? shown->width - columns : 0);
    buffer_add(out, s);
    pad(out, shown->right ? 0 : shown->width - columns);
}

/* No line ends in blanks: mail programs fold such lines. */
static void end_line(struct buffer *out, size_t begin)
{
    while (out->len > begin && out->bytes[out->len - 1] == ' ') {
        out->len--;
    }
    buffer_add_char(out, '\n');
}

static void add_heading(struct buffer *out, const struct layout *layout)
{
    for (size_t line = HEAD_LINES; line-- > 0;) {
        size_t begin = out->len;
        bool is_blank = true;
        for (size_t i = 0; i < layout->n; i++) {
            const struct shown *shown = &layout->columns[i];
            if (shown->is_hidden) {
                continue;
            }
            struct span word =
                heading(table_column(layout->table, i)->name, line);
            is_blank = is_blank && word.len == 0;
            pad(out, out->len == begin ? INDENT : GAP);
            add_fitted(out, word, shown);
        }
        if (is_blank) {
            out->len = begin;
        } else {
            end_line(out, begin);
        }
    }
}

/* What has a line of its own. */
static void add_own_lines(struct buffer *out, const struct layout *layout,
    size_t row, struct buffer *scratch)
{
    for (size_t i = 0; i < layout->n; i++) {
        enum column_kind kind = table_column(layout->table, i)->kind;
        cell_text(layout, scratch, row, i);
        if (!has_own_line(kind) || scratch->len == 0) {
            continue;
        }
        pad(out, 2 * INDENT);
        if (kind == COLUMN_URL) {
            buffer_add(out, buffer_span(scratch));
        } else {
            struct shown shown = {.width = layout->width - 2 * INDENT};
            size_t begin = out->len;
            add_fitted(out, buffer_span(scratch), &shown);
            end_line(out, begin);
            continue;
        }
        buffer_add_char(out, '\n');
    }
}

static void add_row(struct buffer *out, const struct layout *layout, size_t row,
    struct buffer *scratch)
{
    size_t begin = out->len;
    for (size_t i = 0; i < layout->n; i++) {
        if (!layout->columns[i].is_hidden) {
            pad(out, out->len == begin ? INDENT : GAP);
            cell_text(layout, scratch, row, i);
            add_fitted(out, buffer_span(scratch), &layout->columns[i]);
        }
    }
    end_line(out, begin);
    add_own_lines(out, layout, row, scratch);
}

/* A row that fits no line, as names and values. */
static void add_record(struct buffer *out, const struct layout *layout,
    size_t row, struct buffer *scratch)
{
    struct buffer line;
    buffer_init(&line, CELL_LIMIT);
    for (size_t i = 0; i < layout->n; i++) {
        const struct cell *cell = table_cell(layout->table, row, i);
        if (!layout->columns[i].is_hidden && !is_empty(cell)) {
            const char *name = table_column(layout->table, i)->name;
            buffer_addf(&line, line.len > 0 ? ", %s " : "%s ", name);
            cell_text(layout, scratch, row, i);
            buffer_add(&line, buffer_span(scratch));
        }
    }
    text_out_wrap(out, buffer_span(&line), INDENT, layout->width);
    buffer_free(&line);
    add_own_lines(out, layout, row, scratch);
}

/* Find the widths of a group: in full, without years, then shortened. */
static bool fit(struct layout *layout)
{
    layout->is_tight = false;
    measure(layout);
    if (row_width(layout) > layout->width) {
        layout->is_tight = true;
        measure(layout);
    }
    while (row_width(layout) > layout->width && shrink(layout)) {
    }
    if (row_width(layout) <= layout->width) {
        return true;
    }
    layout->is_tight = false;
    return false;
}

static void add_group(struct buffer *out, struct layout *layout)
{
    struct buffer scratch;
    bool fits = fit(layout);
    buffer_init(&scratch, CELL_LIMIT);
    if (fits) {
        add_heading(out, layout);
    }
    for (size_t row = layout->first; row < layout->end; row++) {
        if (fits) {
            add_row(out, layout, row, &scratch);
        } else {
            add_record(out, layout, row, &scratch);
        }
    }
    buffer_free(&scratch);
}

/* Where the rows of the direction of row layout->first end. */
static size_t group_end(const struct layout *layout)
{
    const struct table *t = layout->table;
    struct span group = table_cell(t, layout->first, layout->grouped)->text;
    size_t row = layout->first + 1;
    while (row < table_n_rows(t) &&
           span_equal(table_cell(t, row, layout->grouped)->text, group)) {
        row++;
    }
    return row;
}

static void add_groups(struct buffer *out, struct layout *layout)
{
    size_t n = table_n_rows(layout->table);
    while (layout->first < n) {
        struct span group =
            table_cell(layout->table, layout->first, layout->grouped)->text;
        layout->end = group_end(layout);
        buffer_add_string(out, layout->first > 0 ? "\n" : "");
        escape_terminal(out, group);
        buffer_add_string(out, group.len > 0 ? ":\n" : "");
        add_group(out, layout);
        layout->first = layout->end;
    }
}

static void text_table(
    struct buffer *out, const struct table *table, size_t width)
{
    size_t n = table_n_columns(table);
    struct layout layout = {
        .table = table,
        .columns = memory_zalloc(n, sizeof *layout.columns),
        .n = n,
        .grouped = table_find(table, "direction"),
        .width = width,
    };
    buffer_addf(out, "%s\n", table_title(table));
    text_out_wrap(out, span_of(table_about(table)), 0, width);
    buffer_add_char(out, '\n');
    if (table_n_rows(table) == 0) {
        buffer_add_string(out, "  (none)\n");
    }
    add_groups(out, &layout);
    if (table_left_out(table, NULL) > 0) {
        buffer_addf(out, "\n  %s and %zu more; -f csv or -f json has all\n",
            ELLIPSIS, table_left_out(table, NULL));
    }
    free(layout.columns);
}

void text_out_fit(struct buffer *out, struct span s, size_t columns)
{
    struct buffer escaped;
    struct shown shown = {.width = columns};
    buffer_init(&escaped, CELL_LIMIT);
    escape_terminal(&escaped, s);
    if (utf8_columns(buffer_span(&escaped)) > columns) {
        add_fitted(out, buffer_span(&escaped), &shown);
    } else {
        buffer_add(out, buffer_span(&escaped));
    }
    buffer_free(&escaped);
}

/* The next word; a number's "%" belongs to it. */
static size_t word_len(struct span text)
{
    size_t end = span_find(text, SPAN_LITERAL(" "));
    if (span_starts(span_skip(text, end), SPAN_LITERAL(" %"))) {
        end += 1;
        end += span_find(span_skip(text, end), SPAN_LITERAL(" "));
    }
    return end;
}

void text_out_wrap(
    struct buffer *out, struct span text, size_t indent, size_t width)
{
    struct buffer escaped;
    struct shown most = {.width = width > indent ? width - indent : 1};
    size_t column = 0;
    buffer_init(&escaped, CELL_LIMIT);
    escape_terminal(&escaped, text);
    text = buffer_span(&escaped);
    while (text.len > 0) {
        size_t end = word_len(text);
        struct span word = span_first(text, end);
        size_t columns = utf8_columns(word);
        columns = columns < most.width ? columns : most.width;
        if (column > 0 && column + 1 + columns > most.width) {
            buffer_add_char(out, '\n');
            column = 0;
        }
        pad(out, column == 0 ? indent : 1);
        column += columns + (column > 0);
        if (columns < most.width) {
            buffer_add(out, word);
        } else {
            add_fitted(out, word, &most);
        }
        text = span_skip(text, end < text.len ? end + 1 : end);
    }
    buffer_add_char(out, '\n');
    buffer_free(&escaped);
}

static void text_nothing(struct buffer *out, size_t n)
{
    (void)out;
    (void)n;
}

const struct renderer text_out = {
    .name = "text",
    .suffix = ".txt",
    .is_complete = false,
    .table = text_table,
    .begin = text_nothing,
    .between = "\n",
    .end = text_nothing,
};
