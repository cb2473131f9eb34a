/* SPDX-License-Identifier: MIT */
/*
 * The store counts causes by time, and causes by provider, but keeps no table
 * of all three at hand; what a provider's rise is made of is put together from
 * the two.  That is an estimate, used for words and never for numbers.
 */
#include "report/rise.h"

enum { LEAST_CHANGE = 10 };

#define LEAST_RATIO 1.5

static bool has_risen(const struct table *t, size_t row)
{
    return table_integer(t, row, "change") >= LEAST_CHANGE &&
           table_number(t, row, "rate") >=
               LEAST_RATIO * table_number(t, row, "rate_before");
}

/* Rows of ${scope}, which the report has sorted by their change. */
static size_t risen(const struct gather *g, const char *direction,
    const char *scope, size_t *rows, size_t most)
{
    const struct table *t = gather_table(g, "trends");
    size_t n = 0;
    for (size_t row = gather_next_row(t, direction, 0);
         row < table_n_rows(t) && n < most;
         row = gather_next_row(t, direction, row + 1)) {
        if (span_equal(table_text(t, row, "scope"), span_of(scope)) &&
            table_text(t, row, "name").len > 0 && has_risen(t, row)) {
            rows[n++] = row;
        }
    }
    return n;
}

size_t rise_providers(const struct gather *g, size_t *rows, size_t most)
{
    return risen(g, "outbound", "provider", rows, most);
}

size_t rise_causes(
    const struct gather *g, const char *direction, size_t *rows, size_t most)
{
    return risen(g, direction, "cause", rows, most);
}

/* --- why a provider refuses --------------------------------------------- */

/* Does it say something about us? */
static bool is_refusal(
    const struct gather *g, struct span cause, struct span detail)
{
    unsigned marks = lexicon_marks(gather_lexicon(g), cause, detail);
    return (marks & MARK_NO_JUDGEMENT) == 0;
}

/* Failed attempts of the cause of row ${row} of "causes" at ${provider}. */
static double attempts_at(const struct gather *g, const struct table *causes,
    size_t row, struct span provider)
{
    const struct table *t = gather_table(g, "host_causes");
    struct span cause = table_text(causes, row, "cause");
    struct span detail = table_text(causes, row, "detail");
    double n = 0;
    for (size_t i = gather_next_row(t, "outbound", 0); i < table_n_rows(t);
         i = gather_next_row(t, "outbound", i + 1)) {
        if (span_equal(table_text(t, i, "provider"), provider) &&
            span_equal(table_text(t, i, "cause"), cause) &&
            span_equal(table_text(t, i, "detail"), detail)) {
            n += table_number(t, i, "attempts");
        }
    }
    return n;
}

/* By how much the cause of row ${row} of "causes" grew in the last week. */
static double change_of(
    const struct gather *g, const struct table *causes, size_t row)
{
    const struct table *t = gather_table(g, "trends");
    struct span cause = table_text(causes, row, "cause");
    struct span detail = table_text(causes, row, "detail");
    for (size_t i = gather_next_row(t, "outbound", 0); i < table_n_rows(t);
         i = gather_next_row(t, "outbound", i + 1)) {
        struct span name = table_text(t, i, "name");
        if (span_equal(table_text(t, i, "scope"), SPAN_LITERAL("cause")) &&
            name.len == cause.len + 1 + detail.len &&
            span_starts(name, cause) && span_ends(name, detail)) {
            return table_number(t, i, "change");
        }
    }
    return 0;
}

struct rise_cause rise_cause_at(
    const struct gather *g, struct span provider, bool is_rise)
{
    const struct table *t = gather_table(g, "causes");
    struct rise_cause best = {SPAN_NONE, SPAN_NONE};
    double most = 0;
    for (size_t row = gather_next_row(t, "outbound", 0); row < table_n_rows(t);
         row = gather_next_row(t, "outbound", row + 1)) {
        struct span cause = table_text(t, row, "cause");
        struct span detail = table_text(t, row, "detail");
        double total = table_number(t, row, "attempts");
        double weight = is_rise || is_refusal(g, cause, detail)
                            ? attempts_at(g, t, row, provider)
                            : 0;
        weight *= is_rise && total > 0 ? change_of(g, t, row) / total : 1;
        if (weight > most) {
            most = weight;
            best = (struct rise_cause){cause, detail};
        }
    }
    return best;
}
