/* SPDX-License-Identifier: MIT */
/*
 * Its ten columns as they are would push the one that matters, where to get
 * off the list, out of the window, so some share a cell here.
 */
#include "report/html_lists.h"

#include "report/escape.h"
#include "report/format.h"
#include "report/html_table.h"

static void add_text_cell(
    struct buffer *out, const char *class, struct span text)
{
    buffer_addf(out, "<td class=\"%s\">", class);
    escape_html(out, text);
    buffer_add_string(out, "</td>");
}

static void add_time_cell(struct buffer *out, int64_t time)
{
    struct cell cell = {.type = CELL_INTEGER, .integer = time};
    buffer_addf(out, "<td class=\"time\" data-value=\"%lld\"><time datetime=\"",
        (long long)time);
    format_machine(out, &cell, COLUMN_TIME);
    buffer_add_string(out, "\">");
    format_human(out, &cell, COLUMN_TIME);
    buffer_add_string(out, "</time></td>");
}

/* When it ended; what goes on has no end and sorts after all that has. */
static void add_until(struct buffer *out, const struct table *t, size_t row)
{
    if (!span_equal(table_text(t, row, "state"), SPAN_LITERAL("ongoing"))) {
        add_time_cell(out, table_integer(t, row, "last_seen"));
        return;
    }
    buffer_add_string(out, "<td class=\"time act\" data-value=\"1e12\">"
                           "<span class=\"badge\">ongoing</span></td>");
}

static void add_attempts(
    struct buffer *out, const struct table *t, size_t row, double most)
{
    int64_t n = table_integer(t, row, "attempts");
    buffer_addf(
        out, "<td class=\"number barred\" data-value=\"%lld\">", (long long)n);
    html_table_bar(out, (double)n / most);
    buffer_add_string(out, "<span>");
    format_count(out, n);
    buffer_add_string(out, "</span></td>");
}

/* "Google, a.example and 3 more" */
static void add_seen_by(struct buffer *out, const struct table *t, size_t row)
{
    struct span names = table_text(t, row, "seen_by");
    int64_t receivers = table_integer(t, row, "receivers");
    buffer_add_string(out, "<td class=\"broad\">");
    format_count(out, receivers);
    buffer_addf(out, " domain%s", receivers == 1 ? "" : "s");
    if (!span_equal(names, table_text(t, row, "list"))) {
        buffer_add_string(out, ": ");
        escape_html(out, names);
        buffer_add_string(out, receivers > 3 ? " \xE2\x80\xA6" : "");
    }
    buffer_add_string(out, "</td>");
}

static void add_way_off(struct buffer *out, struct span url, bool is_own)
{
    buffer_add_string(out, "<td class=\"url\">");
    if (escape_url_is_safe(url)) {
        buffer_add_string(out, "<a rel=\"noopener noreferrer\" href=\"");
        escape_html(out, url);
        buffer_add_string(out, "\">");
        size_t scheme = span_find(url, SPAN_LITERAL("://")) + 3;
        struct span host = span_skip(url, scheme);
        escape_html(out, span_first(host, span_find(host, SPAN_LITERAL("/"))));
        buffer_add_string(out, "</a>");
    } else {
        buffer_add_string(out, is_own ? "<i>ask the receiver</i>" : "");
    }
    buffer_add_string(out, "</td>");
}

static bool is_compared(const struct table *t)
{
    return table_find(t, "attempts_change") < table_n_columns(t);
}

static void add_row(
    struct buffer *out, const struct gather *g, size_t row, double most)
{
    const struct table *t = gather_table(g, "blocklists");
    bool is_own = span_equal(table_text(t, row, "kind"), SPAN_LITERAL("own"));
    buffer_add_string(out, "<tr><td class=\"broad\">");
    escape_html(out, table_text(t, row, "list"));
    buffer_add_string(out, is_own ? " <i>its own list</i></td>" : "</td>");
    add_text_cell(out, "text", table_text(t, row, "address"));
    add_time_cell(out, gather_listed_since(g, row));
    add_until(out, t, row);
    add_attempts(out, t, row, most);
    if (is_compared(t)) {
        int64_t change = table_integer(t, row, "attempts_change");
        buffer_addf(out, "<td class=\"number\" data-value=\"%lld\">",
            (long long)change);
        format_change(out, change);
        buffer_add_string(out, "</td>");
    }
    add_way_off(out, table_text(t, row, "delist_url"), is_own);
    add_seen_by(out, t, row);
    buffer_add_string(out, "</tr>\n");
}

void html_lists_add(struct buffer *out, const struct gather *g)
{
    const struct table *table = gather_table(g, "blocklists");
    double most = 0;
    size_t n = table_n_rows(table);
    if (n == 0) {
        buffer_add_string(out, "<p class=\"none good\">No reply named us on a "
                               "block list.</p>\n");
        return;
    }
    buffer_add_string(out,
        "<div class=\"table\" role=\"region\" tabindex=\"0\" "
        "aria-labelledby=\"table-blocklists-caption\">\n"
        "<table id=\"table-blocklists\">\n"
        "<caption id=\"table-blocklists-caption\"><div>Who blocks us "
        "<small>Failed attempts whose reply named the list.</small></div>"
        "</caption>\n<thead><tr><th scope=\"col\" class=\"broad\">list or "
        "receiver</th><th scope=\"col\" class=\"text\">our address</th>"
        "<th scope=\"col\" class=\"time\">since</th>"
        "<th scope=\"col\" class=\"time\">until</th>"
        "<th scope=\"col\" class=\"number\">attempts</th>");
    if (is_compared(table)) {
        buffer_add_string(
            out, "<th scope=\"col\" class=\"number\">change</th>");
    }
    buffer_add_string(out,
        "<th scope=\"col\" class=\"url\">take it off</th>"
        "<th scope=\"col\" class=\"broad\">seen by</th></tr></thead>\n"
        "<tbody>\n");
    for (size_t row = 0; row < n; row++) {
        double attempts = table_number(table, row, "attempts");
        most = attempts > most ? attempts : most;
    }
    for (size_t row = 0; row < n && row < table_limit(table); row++) {
        add_row(out, g, row, most);
    }
    buffer_add_string(out, "</tbody>\n</table>\n</div>\n");
}
