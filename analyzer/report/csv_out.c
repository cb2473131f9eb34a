/* SPDX-License-Identifier: MIT */
/*
 * Numbers are written by ourselves and need no guard against formulas: a
 * negative one begins with "-" and stays a number.
 */
#include "report/csv_out.h"

#include "report/escape.h"
#include "report/format.h"

static void add_cell(
    struct buffer *out, const struct cell *cell, enum column_kind kind)
{
    if (cell->type == CELL_TEXT) {
        escape_csv(out, cell->text);
    } else {
        format_machine(out, cell, kind);
    }
}

static void csv_table(
    struct buffer *out, const struct table *table, size_t width)
{
    (void)width;
    size_t n = table_n_columns(table);
    for (size_t i = 0; i < n; i++) {
        buffer_add_string(out, i > 0 ? "," : "");
        escape_csv(out, span_of(table_column(table, i)->name));
    }
    buffer_add_string(out, "\r\n");
    for (size_t row = 0; row < table_n_rows(table); row++) {
        for (size_t i = 0; i < n; i++) {
            buffer_add_string(out, i > 0 ? "," : "");
            add_cell(
                out, table_cell(table, row, i), table_column(table, i)->kind);
        }
        buffer_add_string(out, "\r\n");
    }
}

static void csv_nothing(struct buffer *out, size_t n)
{
    (void)out;
    (void)n;
}

const struct renderer csv_out = {
    .name = "csv",
    .suffix = ".csv",
    .is_complete = true,
    .table = csv_table,
    .begin = csv_nothing,
    .between = "\r\n",
    .end = csv_nothing,
};
