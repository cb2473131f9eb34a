/* SPDX-License-Identifier: MIT */
#include "report/text_out.h"

#include "report/escape.h"
#include "report/gather.h"
#include "report/summary.h"
#include "report/utf8.h"
#include "report_store.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* The longest line of ${text} in columns; a line that is one URL may be as
 * long as it likes. */
static size_t widest_line(struct span text)
{
    size_t widest = 0;
    while (text.len > 0) {
        size_t end = span_find(text, SPAN_LITERAL("\n"));
        struct span line = span_first(text, end);
        size_t columns = utf8_columns(line);
        if (span_find(line, SPAN_LITERAL("://")) == line.len &&
            columns > widest) {
            widest = columns;
        }
        text = span_skip(text, end < text.len ? end + 1 : end);
    }
    return widest;
}

static size_t n_lines(struct span text)
{
    return report_store_count(text, "\n");
}

Test(text_out, escapes_what_steers_a_terminal)
{
    static const struct {
        struct span in;
        const char *out;
    } rows[] = {
        {SPAN_INIT("plain"), "plain"},
        {SPAN_INIT("\033[2J\a"), "\\x1b[2J\\x07"},
        {SPAN_INIT("a\nb\tc\rd"), "a\\nb\\tc\\rd"},
        {SPAN_INIT("a\0b"), "a\\x00b"},
        {SPAN_INIT("\x7f"), "\\x7f"},
        {SPAN_INIT("\xc2\x9b[2J"), "\\x9b[2J"},
        {SPAN_INIT("\x9b"), "\\x9b"},
        {SPAN_INIT("\xe2\x80\xae"), "\\u{202e}"},
        {SPAN_INIT("\xe2\x80\x8b"), "\\u{200b}"},
        {SPAN_INIT("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f"},
        {SPAN_INIT("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80"},
    };
    struct buffer out;
    buffer_init(&out, 256);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        buffer_reset(&out);
        escape_terminal(&out, rows[i].in);
        cr_expect_str_eq(buffer_string(&out), rows[i].out, "row %zu", i);
    }
    buffer_free(&out);
}

Test(text_out, measures_columns)
{
    static const struct {
        struct span in;
        size_t columns;
    } rows[] = {
        {SPAN_INIT(""), 0},
        {SPAN_INIT("abc"), 3},
        {SPAN_INIT("gr\xc3\xbc\xc3\x9f"), 4},
        {SPAN_INIT("e\xcc\x81"), 1},
        {SPAN_INIT("\xe6\x97\xa5\xe6\x9c\xac"), 4},
        {SPAN_INIT("\xff\xff"), 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect_eq(utf8_columns(rows[i].in), rows[i].columns, "row %zu", i);
    }
    cr_expect_eq(utf8_fit(SPAN_LITERAL("\xe6\x97\xa5\xe6\x9c\xac"), 3), 3);
}

Test(text_out, aligns_and_shortens)
{
    struct table *t = report_store_table();
    struct buffer out;
    report_store_row(t, SPAN_LITERAL("gr\xc3\xbc\xc3\x9f.example"), 1234567);
    report_store_row(t, SPAN_LITERAL("a-very-long-name-indeed.example"), 1);
    buffer_init(&out, 1 << 16);
    text_out.table(&out, t, 30);
    cr_expect_str_eq(buffer_string(&out),
        "Test\nA test.\n\n"
        "  name                attempts\n"
        "  gr\xc3\xbc\xc3\x9f.example       1,234,567\n"
        "  a-very-long-name\xe2\x80\xa6          1\n");
    buffer_free(&out);
    table_free(t);
}

Test(text_out, keeps_urls_whole_and_says_what_is_missing)
{
    static const char url[] = "https://a.example/a/very/long/address/indeed";
    struct table *t = report_store_table();
    struct buffer out;
    struct cell *row = report_store_row(t, SPAN_LITERAL("x"), 1);
    row[4] = (struct cell){.type = CELL_TEXT, .text = span_of(url)};
    table_leave_out(t, SPAN_LITERAL(""), 1);
    buffer_init(&out, 1 << 16);
    text_out.table(&out, t, 24);
    struct span text = buffer_span(&out);
    cr_expect_eq(report_store_count(text, url), 1);
    cr_expect_eq(report_store_count(text, "and 1 more"), 1);
    buffer_free(&out);
    table_free(t);
}

Test(text_out, every_report_fits_eighty_columns)
{
    sqlite3 *db = report_store_open("a-prefix-of-some-length.\033[31m");
    struct named_filter filter = NAMED_FILTER_NONE;
    struct buffer out;
    buffer_init(&out, 1 << 20);
    char *name = named_next(NULL);
    while (name != NULL) {
        struct table *t = named_run(db, name, &filter, NAMED_ROWS_SHORT);
        cr_assert_not_null(t, "%s", name);
        buffer_reset(&out);
        text_out.table(&out, t, 80);
        cr_expect_leq(widest_line(buffer_span(&out)), 80, "%s:\n%s", name,
            buffer_string(&out));
        cr_expect_null(memchr(out.bytes, '\033', out.len), "%s", name);
        table_free(t);
        char *next = named_next(name);
        free(name);
        name = next;
    }
    buffer_free(&out);
    sqlite3_close(db);
}

Test(text_out, the_summary_fits_a_screen)
{
    static const char *const flavours[] = {
        "", "a-prefix-that-makes-every-name-quite-long-indeed.\033[31m"};
    for (size_t i = 0; i < 2; i++) {
        sqlite3 *db = report_store_open(flavours[i]);
        struct named_filter filter = NAMED_FILTER_NONE;
        struct gather *g = gather_run(&(struct snapshot){db, NULL}, &filter,
            NULL, NULL, report_store_lexicon());
        struct buffer out;
        cr_assert_not_null(g);
        buffer_init(&out, 1 << 20);
        summary_write(&out, g);
        struct span text = buffer_span(&out);
        cr_expect_leq(widest_line(text), 78, "%s", buffer_string(&out));
        cr_expect_leq(n_lines(text), 80, "%s", buffer_string(&out));
        cr_expect_null(memchr(text.ptr, '\033', text.len));
        cr_expect_eq(report_store_count(text, "delivered 100, bounced 9"), 1,
            "%s", buffer_string(&out));
        cr_expect_geq(report_store_count(text, "https://delist.example/"), 1);
        cr_expect_geq(report_store_count(text, "-> First step"), 3);
        buffer_free(&out);
        gather_free(g);
        sqlite3_close(db);
    }
}

Test(text_out, the_summary_of_nothing)
{
    sqlite3 *db = report_store_open("");
    struct named_filter filter = NAMED_FILTER_NONE;
    filter.since = REPORT_STORE_HOUR + 86400;
    struct gather *g = gather_run(&(struct snapshot){db, NULL}, &filter, NULL,
        NULL, report_store_lexicon());
    struct buffer out;
    buffer_init(&out, 1 << 20);
    summary_write(&out, g);
    cr_expect_eq(
        report_store_count(buffer_span(&out), "no mail in the period"), 1);
    buffer_free(&out);
    gather_free(g);
    sqlite3_close(db);
}
