/* SPDX-License-Identifier: MIT */
/*
 * "Are we blacklisted, by whom and since when": the rows of the report
 * blocklists that go on, a sentence for each address.  An address that is on
 * nine lists is one trouble, not nine.
 */
#include "report/blocked.h"

#include "report/format.h"

#include <math.h>

/* More than this are left to the table. */
enum { MOST_NAMED = 3 };

/* The sentence in the making. */
struct reading {
    const struct gather *g;
    const struct table *t;
    struct buffer *out;
};

static bool goes_on(const struct reading *r, size_t row, const char *kind)
{
    return span_equal(table_text(r->t, row, "kind"), span_of(kind)) &&
           span_equal(table_text(r->t, row, "state"), SPAN_LITERAL("ongoing"));
}

/* Lists whose replies name no address may each mean another one. */
static bool is_same(const struct reading *r, size_t row, size_t other)
{
    struct span address = table_text(r->t, row, "address");
    return row == other ||
           (address.len > 0 &&
               span_equal(address, table_text(r->t, other, "address")));
}

static bool is_first(const struct reading *r, size_t row)
{
    for (size_t i = 0; i < row; i++) {
        if (goes_on(r, i, "public") && is_same(r, row, i)) {
            return false;
        }
    }
    return true;
}

static int64_t attempts_of(const struct reading *r, size_t row)
{
    const struct finding *f = gather_listing(r->g, row);
    return f != NULL ? llround(f->observed)
                     : table_integer(r->t, row, "attempts");
}

static void add_since(const struct reading *r, size_t row, int64_t since)
{
    buffer_add(r->out, table_text(r->t, row, "list"));
    buffer_add_string(r->out, " since ");
    format_time(r->out, since);
}

static void add_more(struct buffer *out, const char *before, size_t n)
{
    buffer_add_string(out, before);
    format_count(out, (int64_t)n);
    buffer_add_string(out, " more");
}

/* "192.0.2.1 is on 2 lists: a since …, b since … (12 failed attempts)" */
static void add_address(const struct reading *r, size_t first)
{
    size_t n = 0;
    int64_t attempts = 0;
    struct span address = table_text(r->t, first, "address");
    for (size_t i = first; i < table_n_rows(r->t); i++) {
        bool is_one = goes_on(r, i, "public") && is_same(r, first, i);
        n += is_one;
        attempts += is_one ? attempts_of(r, i) : 0;
    }
    buffer_add(
        r->out, address.len > 0 ? address : SPAN_LITERAL("An address of ours"));
    buffer_add_string(r->out, " is on ");
    if (n > 1) {
        buffer_addf(r->out, "%zu lists: ", n);
    }
    size_t named = 0;
    for (size_t i = first; i < table_n_rows(r->t); i++) {
        if (goes_on(r, i, "public") && is_same(r, first, i) &&
            named++ < MOST_NAMED) {
            buffer_add_string(r->out, named > 1 ? ", " : "");
            add_since(r, i, gather_listed_since(r->g, i));
        }
    }
    if (n > MOST_NAMED) {
        add_more(r->out, ", and ", n - MOST_NAMED);
    }
    buffer_add_string(r->out, " (");
    format_count(r->out, attempts);
    buffer_add_string(
        r->out, attempts == 1 ? " failed attempt)." : " failed attempts).");
}

static bool add_public(const struct reading *r)
{
    size_t n = 0;
    for (size_t row = 0; row < table_n_rows(r->t); row++) {
        if (goes_on(r, row, "public") && is_first(r, row) && n++ < MOST_NAMED) {
            buffer_add_string(r->out, n > 1 ? "\n" : "");
            add_address(r, row);
        }
    }
    if (n > MOST_NAMED) {
        add_more(r->out, "\nAnd ", n - MOST_NAMED);
        buffer_add_char(r->out, '.');
    }
    return n > 0;
}

static bool add_own(const struct reading *r)
{
    size_t n = 0;
    for (size_t row = 0; row < table_n_rows(r->t); row++) {
        if (goes_on(r, row, "own") && n++ < MOST_NAMED) {
            buffer_add_string(r->out, n > 1 ? ", "
                                      : r->out->len > 0
                                          ? "\nOn the receiver's own list: "
                                          : "On the receiver's own list: ");
            add_since(r, row, table_integer(r->t, row, "first_seen"));
        }
    }
    if (n > MOST_NAMED) {
        add_more(r->out, ", and ", n - MOST_NAMED);
    }
    buffer_add_string(r->out, n > 0 ? "." : "");
    return n > 0;
}

bool blocked_tell(struct buffer *out, const struct gather *g, bool *is_public)
{
    struct reading r = {g, gather_table(g, "blocklists"), out};
    size_t past = table_n_rows(r.t);
    *is_public = add_public(&r);
    if (add_own(&r) || *is_public) {
        return true;
    }
    buffer_add_string(
        out, "No reply of the last 24 hours says that we are listed");
    if (past > 0) {
        buffer_add_string(out, "; ");
        format_count(out, (int64_t)past);
        buffer_add_string(
            out, past == 1 ? " listing is past" : " listings are past");
    }
    buffer_add_char(out, '.');
    return false;
}
