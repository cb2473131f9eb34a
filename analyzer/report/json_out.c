/* SPDX-License-Identifier: MIT */
/*
 * Written straight into the buffer: a report may have a million rows, and a
 * tree of objects for them would cost ten times the text.
 */
#include "report/json_out.h"

#include "report/escape.h"
#include "report/format.h"

static void add_key(struct buffer *out, const char *key)
{
    escape_json(out, span_of(key));
    buffer_add_string(out, ": ");
}

static void add_pair(struct buffer *out, const char *key, const char *value)
{
    buffer_add_string(out, "  ");
    add_key(out, key);
    escape_json(out, span_of(value));
    buffer_add_string(out, ",\n");
}

static void add_columns(struct buffer *out, const struct table *table)
{
    buffer_add_string(out, "  \"columns\": [");
    for (size_t i = 0; i < table_n_columns(table); i++) {
        const struct column *column = table_column(table, i);
        buffer_add_string(out, i > 0 ? ",\n    {" : "\n    {");
        add_key(out, "name");
        escape_json(out, span_of(column->name));
        buffer_add_string(out, ", ");
        add_key(out, "kind");
        escape_json(out, span_of(table_kind_name(column->kind)));
        buffer_add_string(out, ", ");
        add_key(out, "about");
        escape_json(out, span_of(column->about));
        buffer_add_char(out, '}');
    }
    buffer_add_string(out, "\n  ],\n");
}

static void add_cell(
    struct buffer *out, const struct cell *cell, enum column_kind kind)
{
    size_t before = out->len;
    if (cell->type == CELL_TEXT) {
        escape_json(out, cell->text);
    } else if (kind == COLUMN_TIME && cell->type == CELL_INTEGER) {
        buffer_add_char(out, '"');
        format_machine(out, cell, kind);
        buffer_add_char(out, '"');
    } else {
        format_machine(out, cell, kind);
    }
    if (out->len == before) {
        buffer_add_string(out, "null");
    }
}

static void add_row(struct buffer *out, const struct table *table, size_t row)
{
    buffer_add_string(out, row > 0 ? ",\n    {" : "\n    {");
    for (size_t i = 0; i < table_n_columns(table); i++) {
        const struct column *column = table_column(table, i);
        buffer_add_string(out, i > 0 ? ", " : "");
        add_key(out, column->name);
        add_cell(out, table_cell(table, row, i), column->kind);
    }
    buffer_add_char(out, '}');
}

static void json_table(
    struct buffer *out, const struct table *table, size_t width)
{
    (void)width;
    buffer_add_string(out, "{\n");
    add_pair(out, "report", table_name(table));
    add_pair(out, "title", table_title(table));
    add_pair(out, "about", table_about(table));
    add_columns(out, table);
    buffer_add_string(out, "  \"rows\": [");
    for (size_t row = 0; row < table_n_rows(table); row++) {
        add_row(out, table, row);
    }
    buffer_add_string(out, "\n  ]\n}");
}

static void json_begin(struct buffer *out, size_t n)
{
    buffer_add_string(out, n != 1 ? "{\"reports\": [\n" : "");
}

static void json_end(struct buffer *out, size_t n)
{
    buffer_add_string(out, n != 1 ? "\n]}\n" : "\n");
}

const struct renderer json_out = {
    .name = "json",
    .suffix = ".json",
    .is_complete = true,
    .table = json_table,
    .begin = json_begin,
    .between = ",\n",
    .end = json_end,
};
