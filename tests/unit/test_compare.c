/* SPDX-License-Identifier: MIT */
/* report/compare: two periods of a report, row by row. */
#include "report/compare.h"

#include "report/csv_out.h"

#include <criterion/criterion.h>

/* A row of one period; a negative share or time is not known. */
struct given {
    const char *direction;
    const char *name;
    int64_t n;
    double share;
    double time;
};

static const struct given before[] = {
    {"outbound", "same", 5, 0.5, 1},
    {"outbound", "less", 90, 0.25, 8},
    {"outbound", "gone", 4, 0.1, 2},
    {"outbound", "twice", 1, -1, -1},
    {"outbound", "twice", 2, -1, -1},
    {"inbound", "more", 1, 0, 0},
};

static const struct given now[] = {
    {"outbound", "new", 3, 0.125, 4},
    {"outbound", "less", 80, 0.5, 2},
    {"outbound", "same", 5, 0.25, 2},
    {"outbound", "twice", 11, -1, -1},
    {"outbound", "twice", 2, -1, -1},
    {"inbound", "more", 901, 0, 0},
};

static void put_real(struct cell *cell, double value)
{
    cell->type = value < 0 ? CELL_NONE : CELL_REAL;
    cell->real = value;
}

static struct table *make(const struct given *rows, size_t n)
{
    static const struct span direction = SPAN_INIT("direction");
    static const struct span name = SPAN_INIT("name");
    static const struct span count = SPAN_INIT("n");
    static const struct span share = SPAN_INIT("share");
    static const struct span time = SPAN_INIT("time");
    static const struct span about = SPAN_INIT("about");
    struct table *t = table_create(name, name, about);
    table_add_column(t, direction, COLUMN_TEXT, about);
    table_add_column(t, name, COLUMN_TEXT, about);
    table_add_column(t, count, COLUMN_COUNT, about);
    table_add_column(t, share, COLUMN_SHARE, about);
    table_add_column(t, time, COLUMN_SECONDS, about);
    table_set_role(t, direction, COLUMN_KEY);
    table_set_role(t, name, COLUMN_KEY);
    table_set_role(t, count, COLUMN_CHIEF);
    table_set_role(t, share, COLUMN_MEASURE);
    table_set_role(t, time, COLUMN_MEASURE);
    table_set_limit(t, 3);
    for (size_t i = 0; i < n; i++) {
        struct cell *cells = table_add_row(t);
        cells[0] = (struct cell){
            .type = CELL_TEXT, .text = span_of(rows[i].direction)};
        cells[1] =
            (struct cell){.type = CELL_TEXT, .text = span_of(rows[i].name)};
        cells[2] = (struct cell){.type = CELL_INTEGER, .integer = rows[i].n};
        put_real(&cells[3], rows[i].share);
        put_real(&cells[4], rows[i].time);
    }
    return t;
}

/* The two periods side by side, as CSV in ${out}. */
static struct table *compare(struct buffer *out, enum compare_rows rows)
{
    struct table *a = make(now, sizeof now / sizeof now[0]);
    struct table *b = make(before, sizeof before / sizeof before[0]);
    struct table *t = compare_tables(a, b, SPAN_LITERAL("what"), rows);
    table_free(a);
    table_free(b);
    buffer_init(out, 1 << 16);
    csv_out.table(out, t, 0);
    return t;
}

Test(compare, all_rows)
{
    struct buffer out;
    struct table *t = compare(&out, COMPARE_ALL);
    cr_expect_str_eq(buffer_string(&out),
        "direction,name,change,n_before,n_now,n_change,n_percent,share_before,"
        "share_now,share_points,time_before,time_now,time_percent\r\n"
        "outbound,less,less,90,80,-10,-11.11111111,0.25,0.5,25,8,2,-75\r\n"
        "outbound,twice,more,1,11,10,1000,,,,,,\r\n"
        "outbound,gone,gone,4,0,-4,-100,0.1,,,2,,\r\n"
        "outbound,new,new,0,3,3,,,0.125,,,4,\r\n"
        "outbound,same,same,5,5,0,0,0.5,0.25,-25,1,2,100\r\n"
        "outbound,twice,same,2,2,0,0,,,,,,\r\n"
        "inbound,more,more,1,901,900,90000,0,0,0,0,0,\r\n");
    cr_expect_str_eq(table_about(t), "what");
    cr_expect_eq(table_left_out(t, NULL), 0);
    buffer_free(&out);
    table_free(t);
}

/* Chief numbers only, no row that is the same, three of each direction. */
Test(compare, what_changed)
{
    struct buffer out;
    struct table *t = compare(&out, COMPARE_CHANGED);
    cr_expect_str_eq(buffer_string(&out),
        "direction,name,change,n_before,n_now,n_change,n_percent\r\n"
        "outbound,less,less,90,80,-10,-11.11111111\r\n"
        "outbound,twice,more,1,11,10,1000\r\n"
        "outbound,gone,gone,4,0,-4,-100\r\n"
        "inbound,more,more,1,901,900,90000\r\n");
    cr_expect_eq(table_left_out(t, "outbound"), 1);
    cr_expect_eq(table_left_out(t, "inbound"), 0);
    buffer_free(&out);
    table_free(t);
}

/* Few rows of many numbers are turned, for people; what they read is text, so
 * CSV guards its signs. */
Test(compare, only_a_direction)
{
    struct buffer out;
    struct table *sides[2];
    for (int i = 0; i < 2; i++) {
        sides[i] = make(i == 0 ? now : before, 1);
        table_set_role(sides[i], SPAN_LITERAL("name"), COLUMN_PLAIN);
    }
    struct table *t = compare_tables(
        sides[0], sides[1], SPAN_LITERAL("what"), COMPARE_CHANGED);
    buffer_init(&out, 1 << 16);
    csv_out.table(&out, t, 0);
    cr_expect_str_eq(buffer_string(&out),
        "direction,number,before,now,change,percent\r\n"
        "outbound,n,5,3,'-2,'-40 %\r\n"
        "outbound,share,50.0 %,12.5 %,'-37.5 points,\r\n"
        "outbound,time,1.0 s,4.0 s,'+300 %,\r\n");
    buffer_free(&out);
    for (int i = 0; i < 2; i++) {
        table_free(sides[i]);
    }
    table_free(t);
}

/* Every row of now in its order, chief counts and shares with their change. */
Test(compare, annotated)
{
    struct buffer out;
    struct table *a = make(now, sizeof now / sizeof now[0]);
    struct table *b = make(before, sizeof before / sizeof before[0]);
    table_leave_out(a, SPAN_LITERAL("inbound"), 7);
    struct table *t = compare_annotate(a, b);
    table_free(a);
    table_free(b);
    buffer_init(&out, 1 << 16);
    csv_out.table(&out, t, 0);
    cr_expect_str_eq(buffer_string(&out),
        "direction,name,n,n_change,share,share_points,time\r\n"
        "outbound,new,3,3,0.125,,4\r\n"
        "outbound,less,80,-10,0.5,25,2\r\n"
        "outbound,same,5,0,0.25,-25,2\r\n"
        "outbound,twice,11,10,,,\r\n"
        "outbound,twice,2,0,,,\r\n"
        "inbound,more,901,900,0,0,0\r\n");
    cr_expect_eq(table_left_out(t, "outbound"), 0);
    cr_expect_eq(table_left_out(t, "inbound"), 7);
    cr_expect_eq(table_limit(t), 3);
    buffer_free(&out);
    table_free(t);
}

Test(compare, gone)
{
    struct table *a = make(now, sizeof now / sizeof now[0]);
    struct table *b = make(before, sizeof before / sizeof before[0]);
    struct table *t = compare_gone(a, b, SPAN_LITERAL("what"));
    cr_assert_eq(table_n_rows(t), 1);
    cr_expect_str_eq(table_about(t), "what");
    cr_expect(span_equal(table_text(t, 0, "name"), SPAN_LITERAL("gone")));
    cr_expect_eq(table_integer(t, 0, "n"), 4);
    cr_expect_eq(table_number(t, 0, "share"), 0.1);
    cr_expect_eq(table_limit(t), 3);
    table_free(t);
    t = compare_gone(b, b, SPAN_LITERAL("what"));
    cr_expect_eq(table_n_rows(t), 0);
    table_free(t);
    table_free(a);
    table_free(b);
}
