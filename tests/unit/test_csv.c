/* SPDX-License-Identifier: MIT */
#include "report/csv_out.h"

#include "report/escape.h"
#include "report_store.h"

#include <criterion/criterion.h>

Test(csv, escapes_fields)
{
    static const struct {
        struct span in;
        const char *out;
    } rows[] = {
        {SPAN_INIT(""), ""},
        {SPAN_INIT("plain"), "plain"},
        {SPAN_INIT("a,b"), "\"a,b\""},
        {SPAN_INIT("say \"hi\""), "\"say \"\"hi\"\"\""},
        {SPAN_INIT("a\nb"), "\"a\nb\""},
        {SPAN_INIT("a\rb"), "\"a\rb\""},
        {SPAN_INIT(" a"), "\" a\""},
        {SPAN_INIT("=1+1"), "'=1+1"},
        {SPAN_INIT("+1"), "'+1"},
        {SPAN_INIT("-1"), "'-1"},
        {SPAN_INIT("@SUM(A1)"), "'@SUM(A1)"},
        {SPAN_INIT("\t=1"), "'\t=1"},
        {SPAN_INIT("\r=1"), "\"'\r=1\""},
        {SPAN_INIT("=\"a\""), "\"'=\"\"a\"\"\""},
        {SPAN_INIT("a=1"), "a=1"},
        {SPAN_INIT("a\0b"), "a\\x00b"},
        {SPAN_INIT("\0=1"), "\\x00=1"},
        {SPAN_INIT("\033[31m"), "\\x1b[31m"},
        {SPAN_INIT("\xc2\x9b"), "\\x9b"},
        {SPAN_INIT("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f"},
        {SPAN_INIT("\xff"), "\xef\xbf\xbd"},
        {SPAN_INIT("\xc3"), "\xef\xbf\xbd"},
    };
    struct buffer out;
    buffer_init(&out, 256);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        buffer_reset(&out);
        escape_csv(&out, rows[i].in);
        cr_expect_str_eq(buffer_string(&out), rows[i].out, "row %zu", i);
    }
    buffer_free(&out);
}

Test(csv, writes_a_table)
{
    struct table *t = report_store_table();
    struct buffer out;
    struct cell *row = report_store_row(t, SPAN_LITERAL("=x"), -5);
    row[2] = (struct cell){.type = CELL_REAL, .real = 0.25};
    row[3] = (struct cell){.type = CELL_INTEGER, .integer = 1761998400};
    report_store_row(t, SPAN_LITERAL("y"), 7);
    buffer_init(&out, 4096);
    csv_out.table(&out, t, 80);
    cr_expect_str_eq(buffer_string(&out),
        "name,attempts,share,first_seen,url\r\n"
        "'=x,-5,0.25,2025-11-01T12:00:00Z,\r\n"
        "y,7,,,\r\n");
    buffer_free(&out);
    table_free(t);
}
