/* SPDX-License-Identifier: MIT */
/*
 * Bars are SVG with plain attributes: the page's policy allows no inline
 * style, and the bars are to be there without script.
 */
#include "report/html_table.h"

#include "base/memory.h"
#include "report/escape.h"
#include "report/format.h"

#include <stdlib.h>

/* Rows on paper: report.css and report.js have the same number. */
enum { PRINTED = 15 };

/* A table in the making. */
struct view {
    const struct table *table;
    const struct html_table_view *want;
    bool *is_shown;  /* by column */
    double *most;    /* by column: the longest bar; 0: no bars */
    size_t *longest; /* by column: bytes of the longest text */
    size_t n;
};

/* --- what is there ------------------------------------------------------ */

static bool is_wanted(const struct view *v, size_t row)
{
    return v->want->direction == NULL ||
           span_equal(table_text(v->table, row, "direction"),
               span_of(v->want->direction));
}

/* The next row to show, from ${row} on. */
static size_t next_row(const struct view *v, size_t row)
{
    while (row < table_n_rows(v->table) && !is_wanted(v, row)) {
        row++;
    }
    return row;
}

static bool is_empty(const struct cell *cell)
{
    return cell->type == CELL_TEXT ? cell->text.len == 0
                                   : table_value(cell) == 0;
}

static bool has_bars(const struct column *column)
{
    static const char *const names[] = {"attempts", "deliveries", "lines"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(column->name, names[i]) == 0) {
            return true;
        }
    }
    return column->kind == COLUMN_SHARE;
}

static void look_at(struct view *v)
{
    v->n = table_n_columns(v->table);
    v->is_shown = memory_zalloc(v->n, sizeof *v->is_shown);
    v->most = memory_zalloc(v->n, sizeof *v->most);
    v->longest = memory_zalloc(v->n, sizeof *v->longest);
    for (size_t i = 0; i < v->n; i++) {
        const struct column *column = table_column(v->table, i);
        bool bars = has_bars(column);
        if (v->want->direction != NULL &&
            strcmp(column->name, "direction") == 0) {
            continue;
        }
        for (size_t row = next_row(v, 0); row < table_n_rows(v->table);
             row = next_row(v, row + 1)) {
            const struct cell *cell = table_cell(v->table, row, i);
            double value = table_value(cell);
            v->is_shown[i] = v->is_shown[i] || !is_empty(cell);
            v->most[i] = bars && value > v->most[i] ? value : v->most[i];
            if (cell->text.len > v->longest[i]) {
                v->longest[i] = cell->text.len;
            }
        }
    }
}

/* Rates beside each other are compared by eye, so they have one scale. */
static void level_rates(struct view *v)
{
    size_t a = table_find(v->table, "rate");
    size_t b = table_find(v->table, "rate_before");
    if (a < v->n && b < v->n) {
        double most = v->most[a] > v->most[b] ? v->most[a] : v->most[b];
        v->most[a] = most;
        v->most[b] = most;
    }
}

/* --- cells -------------------------------------------------------------- */

void html_table_bar(struct buffer *out, double share)
{
    buffer_addf(out,
        "<svg class=\"bar\" aria-hidden=\"true\"><rect width=\"%.1f%%\" "
        "height=\"100%%\"/></svg>",
        share < 0   ? 0
        : share > 1 ? 100
                    : share * 100);
}

/* What to write for an empty text that means something. */
static const char *unnamed(const struct column *column, struct span text)
{
    if (strcmp(column->name, "provider") == 0 && text.len == 0) {
        return "not known";
    }
    if (strcmp(column->name, "domain") == 0) {
        if (text.len == 0) {
            return "none (null sender)";
        }
        if (span_equal(text, SPAN_LITERAL("?"))) {
            return "not known";
        }
    }
    return strcmp(column->name, "reply_code") == 0 && text.len == 0 ? "no reply"
                                                                    : NULL;
}

static void add_link(struct buffer *out, struct span url)
{
    if (!escape_url_is_safe(url)) {
        escape_html(out, url);
        return;
    }
    size_t scheme = span_find(url, SPAN_LITERAL("://")) + 3;
    struct span rest = span_skip(url, scheme);
    buffer_add_string(out, "<a rel=\"noopener noreferrer\" href=\"");
    escape_html(out, url);
    buffer_add_string(out, "\">");
    escape_html(out, span_first(rest, span_find(rest, SPAN_LITERAL("/"))));
    buffer_add_string(out, "</a>");
}

static void add_text(
    struct buffer *out, const struct column *column, struct span text)
{
    const char *name = unnamed(column, text);
    if (name != NULL) {
        buffer_addf(out, "<i>%s</i>", name);
    } else if (column->kind == COLUMN_URL) {
        add_link(out, text);
    } else {
        escape_html(out, text);
    }
}

/* What is the matter in a row of the report "trends": its name may be that of
 * a cause, a provider, or of nobody. */
static const char *trend_name(const struct view *v, size_t row)
{
    struct span scope = table_text(v->table, row, "scope");
    if (table_text(v->table, row, "name").len > 0 || scope.len == 0) {
        return NULL;
    }
    return span_equal(scope, SPAN_LITERAL("total")) ? "all mail"
                                                    : "other servers";
}

/* The part of a cause's title that a cell stands for. */
enum title_part { TITLE_NONE, TITLE_ALL, TITLE_CAUSE, TITLE_DETAIL };

static enum title_part title_part(const struct column *column)
{
    static const struct {
        const char *name;
        enum title_part part;
    } parts[] = {
        {"top_cause", TITLE_ALL},
        {"name", TITLE_ALL},
        {"cause", TITLE_CAUSE},
        {"detail", TITLE_DETAIL},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (strcmp(parts[i].name, column->name) == 0) {
            return parts[i].part;
        }
    }
    return TITLE_NONE;
}

/* The title of "cause.detail", "" if nobody knows one. */
static struct span title_of(
    const struct view *v, struct span cause, struct span detail)
{
    char a[128];
    char b[128];
    const struct lexicon *lexicon = v->want->lexicon;
    if (lexicon == NULL || cause.len == 0 || cause.len >= sizeof a ||
        detail.len >= sizeof b) {
        return SPAN_LITERAL("");
    }
    memcpy(a, cause.ptr, cause.len);
    a[cause.len] = '\0';
    memcpy(b, detail.len > 0 ? detail.ptr : "", detail.len);
    b[detail.len] = '\0';
    return span_of(lexicon_ask(lexicon, lexicon->cause_title, a, b));
}

/* The cause that the row is about; the report "dns" leaves it out. */
static struct span cause_of(const struct view *v, size_t row)
{
    struct span cause = table_text(v->table, row, "cause");
    return cause.len == 0 && strcmp(table_name(v->table), "dns") == 0
               ? SPAN_LITERAL("dns")
               : cause;
}

/* A name of the taxonomy by its title, if somebody knows one. */
static bool add_title(struct buffer *out, const struct view *v, size_t row,
    enum title_part part, struct span name)
{
    struct span title = SPAN_LITERAL("");
    size_t dot = span_find(name, SPAN_LITERAL("."));
    if (part == TITLE_ALL && dot < name.len) {
        title = title_of(v, span_first(name, dot), span_skip(name, dot + 1));
    } else if (part == TITLE_CAUSE) {
        title = title_of(v, name, SPAN_LITERAL(""));
    } else if (part == TITLE_DETAIL) {
        title = title_of(v, cause_of(v, row), name);
        size_t colon = span_find(title, SPAN_LITERAL(": "));
        title = span_skip(title, colon < title.len ? colon + 2 : title.len);
    }
    escape_html(out, title);
    return title.len > 0;
}

static void add_value(
    struct buffer *out, const struct view *v, size_t row, size_t i)
{
    const struct column *column = table_column(v->table, i);
    const struct cell *cell = table_cell(v->table, row, i);
    if (add_title(out, v, row, title_part(column), cell->text)) {
        return;
    }
    if (strcmp(column->name, "change") == 0 && cell->integer > 0) {
        buffer_add_char(out, '+');
    }
    if (cell->type == CELL_TEXT ||
        (cell->type == CELL_NONE && !table_kind_is_number(column->kind))) {
        add_text(out, column, cell->text);
    } else if (column->kind == COLUMN_TIME) {
        buffer_add_string(out, "<time datetime=\"");
        format_machine(out, cell, column->kind);
        buffer_add_string(out, "\">");
        format_human(out, cell, column->kind);
        buffer_add_string(out, "</time>");
    } else {
        format_human(out, cell, column->kind);
    }
}

/* CSS class by what the column holds and how much room it wants. */
static const char *class_of(const struct view *v, size_t i)
{
    enum { SHORT_TEXT = 34, LONG_TEXT = 60 };
    const struct column *column = table_column(v->table, i);
    if (strcmp(column->name, "damage") == 0) {
        return "wide bad";
    }
    if (table_kind_is_number(column->kind)) {
        return column->kind == COLUMN_SHARE ? "number share" : "number";
    }
    if (column->kind != COLUMN_TEXT) {
        return table_kind_name(column->kind);
    }
    if (strcmp(column->name, "top_cause") == 0 || v->longest[i] <= SHORT_TEXT) {
        return "text";
    }
    return v->longest[i] <= LONG_TEXT ? "broad" : "wide";
}

/* What periods are compared by are failures and delays: more is worse. */
static const char *tendency(
    const struct column *column, const struct cell *cell)
{
    bool is_change = column->kind == COLUMN_CHANGE ||
                     column->kind == COLUMN_POINTS ||
                     column->kind == COLUMN_PERCENT;
    double value = is_change ? table_value(cell) : 0;
    return value > 0 ? " worse" : value < 0 ? " better" : "";
}

static void add_cell(
    struct buffer *out, const struct view *v, size_t row, size_t i)
{
    const struct column *column = table_column(v->table, i);
    const struct cell *cell = table_cell(v->table, row, i);
    buffer_addf(out, "<td class=\"%s%s%s\"", class_of(v, i),
        v->most[i] > 0 ? " barred" : "", tendency(column, cell));
    if (cell->type == CELL_INTEGER || cell->type == CELL_REAL) {
        buffer_addf(out, " data-value=\"%.10g\"", table_value(cell));
    }
    buffer_add_char(out, '>');
    if (strcmp(column->name, "name") == 0 && trend_name(v, row) != NULL) {
        buffer_addf(out, "<i>%s</i>", trend_name(v, row));
    } else if (v->most[i] > 0) {
        html_table_bar(out, table_value(cell) / v->most[i]);
        buffer_add_string(out, "<span>");
        add_value(out, v, row, i);
        buffer_add_string(out, "</span>");
    } else {
        add_value(out, v, row, i);
    }
    buffer_add_string(out, "</td>");
}

/* --- table -------------------------------------------------------------- */

/* What periods are compared by stands right after its number, whose name it
 * need not repeat. */
static const char *heading_of(const struct column *column)
{
    return column->kind == COLUMN_CHANGE    ? "change"
           : column->kind == COLUMN_POINTS  ? "points"
           : column->kind == COLUMN_PERCENT ? "percent"
                                            : column->name;
}

/* "failure_rate" as people write it.  The name may be a cause and so come from
 * a rule of the site. */
static void add_column_name(struct buffer *out, const char *name)
{
    char *words = memory_copy(span_of(name));
    for (char *p = words; *p != '\0'; p++) {
        *p = *p == '_' ? ' ' : *p;
    }
    escape_html(out, span_of(words));
    free(words);
}

static void add_head(struct buffer *out, const struct view *v)
{
    buffer_add_string(out, "<thead><tr>");
    for (size_t i = 0; i < v->n; i++) {
        const struct column *column = table_column(v->table, i);
        if (!v->is_shown[i]) {
            continue;
        }
        buffer_addf(
            out, "<th scope=\"col\" class=\"%s\" title=\"", class_of(v, i));
        escape_html(out, span_of(column->about));
        buffer_add_string(out, "\">");
        add_column_name(out, heading_of(column));
        buffer_add_string(out, "</th>");
    }
    buffer_add_string(out, "</tr></thead>\n");
}

static size_t add_body(struct buffer *out, const struct view *v)
{
    size_t shown = 0;
    buffer_add_string(out, "<tbody>\n");
    for (size_t row = next_row(v, 0); row < table_n_rows(v->table);
         row = next_row(v, row + 1)) {
        if (shown++ >= table_limit(v->table)) {
            continue;
        }
        buffer_add_string(out, "<tr");
        if (v->want->cross != NULL) {
            html_cross_add_row(out, v->want->cross, v->table, row);
        }
        buffer_add_char(out, '>');
        for (size_t i = 0; i < v->n; i++) {
            if (v->is_shown[i]) {
                add_cell(out, v, row, i);
            }
        }
        buffer_add_string(out, "</tr>\n");
    }
    buffer_add_string(out, "</tbody>\n");
    return shown;
}

static void add_table(struct buffer *out, const struct view *v)
{
    const char *caption =
        v->want->caption != NULL ? v->want->caption : table_title(v->table);
    buffer_addf(out,
        "<div class=\"table\" role=\"region\" tabindex=\"0\" "
        "aria-labelledby=\"%s-caption\">\n<table id=\"%s\">\n"
        "<caption id=\"%s-caption\"><div>",
        v->want->id, v->want->id, v->want->id);
    escape_html(out, span_of(caption));
    buffer_add_string(out, " <small>");
    escape_html(out, span_of(table_about(v->table)));
    buffer_add_string(out, "</small></div></caption>\n");
    add_head(out, v);
    size_t shown = add_body(out, v);
    buffer_add_string(out, "</table>\n</div>\n");
    if (shown > PRINTED) {
        buffer_addf(out,
            "<p class=\"more in-print\">The first %d of %zu rows are "
            "printed.</p>\n",
            PRINTED,
            shown < table_limit(v->table) ? shown : table_limit(v->table));
    }
    size_t missing = table_left_out(v->table, v->want->direction);
    missing +=
        shown > table_limit(v->table) ? shown - table_limit(v->table) : 0;
    if (missing > 0) {
        buffer_addf(out,
            "<p class=\"more\">%zu more %s not shown here: "
            "<code>smtpscope report -f csv %s</code></p>\n",
            missing, missing == 1 ? "row is" : "rows are",
            table_name(v->table));
    }
}

void html_table_add(struct buffer *out, const struct table *table,
    const struct html_table_view *view)
{
    struct view v = {.table = table, .want = view};
    look_at(&v);
    level_rates(&v);
    if (next_row(&v, 0) < table_n_rows(table)) {
        add_table(out, &v);
    } else {
        buffer_add_string(out, "<p class=\"none\">");
        escape_html(out, span_of(view->empty != NULL ? view->empty : "None."));
        buffer_add_string(out, "</p>\n");
    }
    free(v.is_shown);
    free(v.most);
    free(v.longest);
}
