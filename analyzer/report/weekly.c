/* SPDX-License-Identifier: MIT */
/*
 * Most reports reach two weeks back and have the report "trends"; one of a
 * week or a day may yet be compared with another (--compare).
 */
#include "report/weekly.h"

#include "report/format.h"
#include "report/naming.h"
#include "report/rise.h"

enum { MOST_NAMED = 3 };

static void add_rates(
    struct buffer *out, const char *what, double before, double now)
{
    buffer_addf(out, "%s%s went from ", out->len > 0 ? "\n" : "", what);
    format_share(out, before);
    buffer_add_string(out, " to ");
    format_share(out, now);
}

/* "Outbound failures went from 2.6 % to 7.7 %, with more of: …" */
static void add_trend(struct buffer *out, const struct gather *g,
    const char *direction, const char *what, bool *is_worse)
{
    const struct table *t = gather_table(g, "trends");
    size_t row = gather_find_row(t, direction, "scope", SPAN_LITERAL("total"));
    size_t rows[MOST_NAMED];
    size_t n = rise_causes(g, direction, rows, MOST_NAMED);
    if (row == table_n_rows(t)) {
        return;
    }
    add_rates(out, what, table_number(t, row, "rate_before"),
        table_number(t, row, "rate"));
    for (size_t i = 0; i < n; i++) {
        buffer_add_string(out, i == 0 ? ", with more of: " : "; ");
        naming_add_kind(out, g, table_text(t, rows[i], "name"));
        buffer_add_string(out, " (");
        format_change(out, table_integer(t, rows[i], "change"));
        buffer_add_string(out, ")");
    }
    buffer_add_string(out, ".");
    *is_worse = *is_worse || n > 0;
}

/* The row of the report "causes" that grew most against the period compared
 * with; table_n_rows() if none did. */
static size_t grown_most(const struct gather *g, const char *direction)
{
    const struct table *t = gather_table(g, "causes");
    size_t best = table_n_rows(t);
    int64_t most = 0;
    for (size_t row = gather_next_row(t, direction, 0); row < table_n_rows(t);
         row = gather_next_row(t, direction, row + 1)) {
        int64_t change = table_integer(t, row, "attempts_change");
        best = change > most ? row : best;
        most = change > most ? change : most;
    }
    return best;
}

static void add_compared(struct buffer *out, const struct gather *g,
    const char *direction, const char *what)
{
    if (gather_against(g) == NULL || !gather_totals(g, direction).is_there ||
        !gather_totals_before(g, direction).is_there) {
        return;
    }
    const struct table *t = gather_table(g, "causes");
    size_t row = grown_most(g, direction);
    add_rates(out, what, gather_totals_before(g, direction).failure_rate,
        gather_totals(g, direction).failure_rate);
    buffer_add_string(out, " against the period compared with");
    if (row < table_n_rows(t)) {
        buffer_add_string(out, ", with more of: ");
        naming_add_cause(
            out, g, table_text(t, row, "cause"), table_text(t, row, "detail"));
        buffer_add_string(out, " (");
        format_change(out, table_integer(t, row, "attempts_change"));
        buffer_add_string(out, ")");
    }
    buffer_add_string(out, ".");
}

void weekly_tell(struct buffer *out, const struct gather *g, bool *is_worse)
{
    add_trend(out, g, "outbound", "Outbound failures", is_worse);
    add_trend(out, g, "inbound", "Inbound refusals", is_worse);
    if (out->len == 0) {
        add_compared(out, g, "outbound", "Outbound failures");
        add_compared(out, g, "inbound", "Inbound refusals");
    }
}
