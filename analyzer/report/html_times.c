/* SPDX-License-Identifier: MIT */
/*
 * A row for each time and cause is right for programs; beside a chart, ninety
 * days of a dozen causes are easier read as ninety rows, and a fifth the size.
 */
#include "report/html_times.h"

#include "base/memory.h"
#include "report/gather.h"

#include <stdlib.h>

enum { MOST_CAUSES = 32 };

struct total {
    struct span cause;
    int64_t attempts;
};

static int by_attempts(const void *a, const void *b)
{
    const struct total *x = a;
    const struct total *y = b;
    return (x->attempts < y->attempts) - (x->attempts > y->attempts);
}

static size_t find_causes(
    const struct table *t, const char *direction, struct total *totals)
{
    size_t n = 0;
    for (size_t row = gather_next_row(t, direction, 0); row < table_n_rows(t);
         row = gather_next_row(t, direction, row + 1)) {
        struct span cause = table_text(t, row, "cause");
        size_t i = 0;
        while (i < n && !span_equal(totals[i].cause, cause)) {
            i++;
        }
        if (i == n && n < MOST_CAUSES) {
            totals[n++] = (struct total){.cause = cause};
        }
        if (i < n) {
            totals[i].attempts += table_integer(t, row, "attempts");
        }
    }
    qsort(totals, n, sizeof *totals, by_attempts);
    return n;
}

static struct cell count(int64_t n)
{
    return (struct cell){.type = CELL_INTEGER, .integer = n};
}

static struct cell *start_row(struct table *out, int64_t time, size_t n)
{
    struct cell *cells = table_add_row(out);
    cells[0] = count(time);
    for (size_t i = 1; i <= n + 1; i++) {
        cells[i] = count(0);
    }
    return cells;
}

struct table *html_times_turn(const struct table *table, const char *direction)
{
    struct total totals[MOST_CAUSES] = {{SPAN_NONE, 0}};
    size_t n = find_causes(table, direction, totals);
    struct table *out = table_create(span_of("timeline_causes"),
        span_of(table_title(table)), span_of(table_about(table)));
    table_add_column(
        out, span_of("time"), COLUMN_TIME, span_of("beginning of the step"));
    table_add_column(
        out, span_of("attempts"), COLUMN_COUNT, span_of("of all causes"));
    for (size_t i = 0; i < n; i++) {
        table_add_column(
            out, totals[i].cause, COLUMN_COUNT, span_of("failed attempts"));
    }
    struct cell *cells = NULL;
    int64_t time = 0;
    for (size_t row = gather_next_row(table, direction, 0);
         row < table_n_rows(table);
         row = gather_next_row(table, direction, row + 1)) {
        int64_t now = table_integer(table, row, "time");
        cells = cells == NULL || now != time ? start_row(out, now, n) : cells;
        time = now;
        for (size_t i = 0; i < n; i++) {
            if (span_equal(totals[i].cause, table_text(table, row, "cause"))) {
                int64_t attempts = table_integer(table, row, "attempts");
                cells[2 + i].integer += attempts;
                cells[1].integer += attempts;
            }
        }
    }
    return out;
}
