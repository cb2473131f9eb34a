/* SPDX-License-Identifier: MIT */
#include "report/table.h"

#include "report/format.h"
#include "report_store.h"

#include <criterion/criterion.h>

Test(table, keeps_rows_and_names)
{
    struct table *t = report_store_table();
    char text[] = "gone soon";
    for (int i = 0; i < 100; i++) {
        report_store_row(t, span_of(text), i);
    }
    memset(text, 'x', sizeof text - 1);
    cr_expect_eq(table_n_rows(t), 100);
    cr_expect_eq(table_n_columns(t), 5);
    cr_expect_eq(table_find(t, "share"), 2);
    cr_expect_eq(table_find(t, "no such"), 5);
    cr_expect_eq(table_integer(t, 99, "attempts"), 99);
    cr_expect(span_equal(table_text(t, 0, "name"), SPAN_LITERAL("gone soon")));
    cr_expect_eq(table_text(t, 0, "attempts").len, 0);
    cr_expect_eq(table_number(t, 0, "no such"), 0);
    cr_expect_eq(table_cell(t, 0, 4)->type, CELL_NONE);
    table_free(t);
    table_free(NULL);
}

Test(table, counts_what_is_left_out_by_direction)
{
    struct table *t = report_store_table();
    cr_expect_eq(table_left_out(t, NULL), 0);
    table_leave_out(t, SPAN_LITERAL("outbound"), 1);
    table_leave_out(t, SPAN_LITERAL("inbound"), 1);
    table_leave_out(t, SPAN_LITERAL("outbound"), 1);
    cr_expect_eq(table_left_out(t, "outbound"), 2);
    cr_expect_eq(table_left_out(t, "inbound"), 1);
    cr_expect_eq(table_left_out(t, NULL), 3);
    table_free(t);
}

Test(table, formats_values)
{
    static const struct {
        enum column_kind kind;
        enum cell_type type;
        double value;
        const char *human;
        const char *machine;
    } rows[] = {
        {COLUMN_COUNT, CELL_INTEGER, 0, "0", "0"},
        {COLUMN_COUNT, CELL_INTEGER, 999, "999", "999"},
        {COLUMN_COUNT, CELL_INTEGER, 1234567, "1,234,567", "1234567"},
        {COLUMN_COUNT, CELL_INTEGER, -123456, "-123,456", "-123456"},
        {COLUMN_CODE, CELL_INTEGER, 5500, "5500", "5500"},
        {COLUMN_SHARE, CELL_REAL, 0, "0 %", "0"},
        {COLUMN_SHARE, CELL_REAL, 1, "100 %", "1"},
        {COLUMN_SHARE, CELL_REAL, 0.1234, "12.3 %", "0.1234"},
        {COLUMN_SHARE, CELL_REAL, 0.9999, "99.99 %", "0.9999"},
        {COLUMN_SHARE, CELL_REAL, 0.99999, ">99.99 %", "0.99999"},
        {COLUMN_SHARE, CELL_REAL, 0.0004, "0.04 %", "0.0004"},
        {COLUMN_SHARE, CELL_REAL, 0.00001, "<0.01 %", "1e-05"},
        {COLUMN_TIME, CELL_INTEGER, 1761998410, "2025-11-01 12:00",
            "2025-11-01T12:00:10Z"},
        {COLUMN_TIME, CELL_INTEGER, 9e18, "", ""},
        {COLUMN_SECONDS, CELL_REAL, 0.045, "45 ms", "0.045"},
        {COLUMN_SECONDS, CELL_REAL, 1.41, "1.4 s", "1.41"},
        {COLUMN_SECONDS, CELL_REAL, 720, "12 min", "720"},
        {COLUMN_SECONDS, CELL_REAL, 11520, "3.2 h", "11520"},
        {COLUMN_BYTES, CELL_INTEGER, 899678208, "858 MiB", "899678208"},
        {COLUMN_BYTES, CELL_INTEGER, 512, "512 B", "512"},
        {COLUMN_COUNT, CELL_NONE, 0, "", ""},
    };
    struct buffer out;
    buffer_init(&out, 256);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cell cell = {.type = rows[i].type,
            .integer = (int64_t)rows[i].value,
            .real = rows[i].value};
        buffer_reset(&out);
        format_human(&out, &cell, rows[i].kind);
        cr_expect_str_eq(
            buffer_string(&out), rows[i].human, "human, row %zu", i);
        buffer_reset(&out);
        format_machine(&out, &cell, rows[i].kind);
        cr_expect_str_eq(
            buffer_string(&out), rows[i].machine, "machine, row %zu", i);
    }
    buffer_free(&out);
}
