/* SPDX-License-Identifier: MIT */
/*
 * One small matrix, kinds by places, is filled anew for each row and written
 * down where it is not zero; the heat map is the same matrix over everything.
 */
#include "report/html_cross.h"

#include "base/memory.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/naming.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

/* What stands in a heat map; the rest is added up in a last row or column. */
enum { MOST_KINDS = 14, MOST_PLACES = 8, LEVELS = 6 };

struct html_cross {
    const struct gather *g;
    const char *direction;
    const char *place;  /* column that names places */
    struct span *kinds; /* cause, detail, cause, … */
    size_t n_kinds;
    struct span *places;
    size_t n_places; /* and one more for "not counted" in the matrix */
    double *met;
};

/* --- names -------------------------------------------------------------- */

static void add_name(struct span **names, size_t *n, struct span name)
{
    *names = memory_grow(*names, *n + 1, sizeof **names);
    (*names)[(*n)++] = name;
}

static void find_kinds(struct html_cross *x)
{
    const struct table *t = gather_table(x->g, "causes");
    size_t n = 0;
    for (size_t row = gather_next_row(t, x->direction, 0);
         row < table_n_rows(t);
         row = gather_next_row(t, x->direction, row + 1)) {
        add_name(&x->kinds, &n, table_text(t, row, "cause"));
        add_name(&x->kinds, &n, table_text(t, row, "detail"));
    }
    x->n_kinds = n / 2;
}

static void find_places(struct html_cross *x)
{
    bool is_outbound = strcmp(x->direction, "outbound") == 0;
    x->place = is_outbound ? "provider" : "host";
    const struct table *t =
        gather_table(x->g, is_outbound ? "providers" : "hosts");
    for (size_t row = gather_next_row(t, x->direction, 0);
         row < table_n_rows(t);
         row = gather_next_row(t, x->direction, row + 1)) {
        add_name(&x->places, &x->n_places, table_text(t, row, x->place));
    }
}

struct html_cross *html_cross_create(
    const struct gather *g, const char *direction)
{
    struct html_cross *x = memory_zalloc(1, sizeof *x);
    x->g = g;
    x->direction = direction;
    find_kinds(x);
    find_places(x);
    x->met =
        memory_zalloc((x->n_kinds + 1) * (x->n_places + 1), sizeof *x->met);
    return x;
}

void html_cross_free(struct html_cross *x)
{
    if (x != NULL) {
        free(x->kinds);
        free(x->places);
        free(x->met);
        free(x);
    }
}

/* --- the matrix --------------------------------------------------------- */

static double *cell(const struct html_cross *x, size_t kind, size_t place)
{
    return &x->met[kind * (x->n_places + 1) + place];
}

static size_t kind_of(
    const struct html_cross *x, struct span cause, struct span detail)
{
    size_t i = 0;
    while (i < x->n_kinds && !(span_equal(x->kinds[2 * i], cause) &&
                                 span_equal(x->kinds[2 * i + 1], detail))) {
        i++;
    }
    return i;
}

/* n_places if the table does not say, or it is none of those named. */
static size_t place_of(
    const struct html_cross *x, const struct table *t, size_t row)
{
    size_t column = table_find(t, x->place);
    size_t i = 0;
    if (column == table_n_columns(t) ||
        table_cell(t, row, column)->type == CELL_NONE) {
        return x->n_places;
    }
    struct span name = table_text(t, row, x->place);
    while (i < x->n_places && !span_equal(x->places[i], name)) {
        i++;
    }
    return i;
}

static void clear(const struct html_cross *x)
{
    for (size_t i = 0; i < (x->n_kinds + 1) * (x->n_places + 1); i++) {
        x->met[i] = 0;
    }
}

/* Count row ${row} of ${t}, which has the columns cause and detail. */
static void count_row(
    const struct html_cross *x, const struct table *t, size_t row)
{
    size_t kind =
        kind_of(x, table_text(t, row, "cause"), table_text(t, row, "detail"));
    *cell(x, kind, place_of(x, t, row)) += table_number(t, row, "attempts");
}

/* Count the rows of ${report} whose ${column} is ${name}; of all if NULL. */
static void count_report(const struct html_cross *x, const char *report,
    const char *column, struct span name)
{
    const struct table *t = gather_table(x->g, report);
    for (size_t row = gather_next_row(t, x->direction, 0);
         row < table_n_rows(t);
         row = gather_next_row(t, x->direction, row + 1)) {
        if (column == NULL || span_equal(table_text(t, row, column), name)) {
            count_row(x, t, row);
        }
    }
}

/* --- rows --------------------------------------------------------------- */

/* Tables whose rows are spread over many causes, and what tells how. */
static const struct {
    const char *table;
    const char *column;
    const char *report;
} spread[] = {
    {"providers", "provider", "host_causes"},
    {"hosts", "host", "host_causes"},
    {"domains", "domain", "domain_causes"},
    {"senders", "domain", "sender_causes"},
};

static bool count_spread(
    const struct html_cross *x, const struct table *t, size_t row)
{
    for (size_t i = 0; i < sizeof spread / sizeof spread[0]; i++) {
        if (strcmp(spread[i].table, table_name(t)) == 0) {
            count_report(x, spread[i].report, spread[i].column,
                table_text(t, row, spread[i].column));
            return true;
        }
    }
    return false;
}

/* Tables that leave the cause unsaid: all DNS, or none. */
static bool count_part(
    const struct html_cross *x, const struct table *t, size_t row)
{
    if (strcmp(table_name(t), "dns") == 0) {
        *cell(x, kind_of(x, SPAN_LITERAL("dns"), table_text(t, row, "detail")),
            x->n_places) = table_number(t, row, "attempts");
        return true;
    }
    if (strcmp(table_name(t), "latency") == 0) {
        *cell(x, x->n_kinds, place_of(x, t, row)) =
            table_number(t, row, "deliveries");
        return true;
    }
    return false;
}

static void add_matrix(struct buffer *out, const struct html_cross *x)
{
    bool is_first = true;
    buffer_add_string(out, " data-met=\"");
    for (size_t kind = 0; kind <= x->n_kinds; kind++) {
        for (size_t place = 0; place <= x->n_places; place++) {
            double n = *cell(x, kind, place);
            if (n <= 0) {
                continue;
            }
            buffer_add_string(out, is_first ? "" : " ");
            if (kind < x->n_kinds) {
                buffer_addf(out, "%zu", kind);
            }
            buffer_add_char(out, ':');
            if (place < x->n_places) {
                buffer_addf(out, "%zu", place);
            }
            buffer_addf(out, ":%.0f", n);
            is_first = false;
        }
    }
    buffer_add_char(out, '"');
}

void html_cross_add_row(struct buffer *out, const struct html_cross *x,
    const struct table *table, size_t row)
{
    size_t none = table_n_columns(table);
    clear(x);
    if (count_spread(x, table, row) || count_part(x, table, row)) {
        add_matrix(out, x);
    } else if (table_find(table, "cause") != none &&
               table_find(table, "detail") != none &&
               table_find(table, "time") == none) {
        count_row(x, table, row);
        add_matrix(out, x);
    }
}

void html_cross_add_cause(
    struct buffer *out, const struct html_cross *x, size_t kind)
{
    const struct table *t = gather_table(x->g, "host_causes");
    clear(x);
    for (size_t row = gather_next_row(t, x->direction, 0);
         row < table_n_rows(t);
         row = gather_next_row(t, x->direction, row + 1)) {
        if (span_equal(table_text(t, row, "cause"), x->kinds[2 * kind]) &&
            span_equal(table_text(t, row, "detail"), x->kinds[2 * kind + 1])) {
            *cell(x, kind, place_of(x, t, row)) +=
                table_number(t, row, "attempts");
        }
    }
    add_matrix(out, x);
}

/* --- heat map ----------------------------------------------------------- */

/* Columns of the heat map: the places with most failed attempts. */
struct heat {
    const struct html_cross *x;
    size_t places[MOST_PLACES];
    size_t n;
    size_t n_kinds;
    double most;
};

static double place_total(const struct html_cross *x, size_t place)
{
    double n = 0;
    for (size_t kind = 0; kind < x->n_kinds; kind++) {
        n += *cell(x, kind, place);
    }
    return n;
}

static void choose_places(struct heat *h)
{
    for (size_t place = 0; place < h->x->n_places; place++) {
        double n = place_total(h->x, place);
        size_t i = h->n;
        if (n <= 0) {
            continue;
        }
        h->n += h->n < MOST_PLACES;
        for (; i > 0 && place_total(h->x, h->places[i - 1]) < n; i--) {
            if (i < MOST_PLACES) {
                h->places[i] = h->places[i - 1];
            }
        }
        if (i < MOST_PLACES) {
            h->places[i] = place;
        }
    }
}

static void add_head(struct buffer *out, const struct heat *h)
{
    bool is_outbound = strcmp(h->x->direction, "outbound") == 0;
    buffer_add_string(out, "<thead><tr><th scope=\"col\">cause</th>"
                           "<th scope=\"col\" class=\"number\">all</th>");
    for (size_t i = 0; i < h->n; i++) {
        struct span name = h->x->places[h->places[i]];
        buffer_addf(out,
            "<th scope=\"col\" class=\"place\" data-place=\"%zu\">",
            h->places[i]);
        if (name.len > 0) {
            escape_html(out, name);
        } else {
            buffer_add_string(out, is_outbound ? "other servers" : "unnamed");
        }
        buffer_add_string(out, "</th>");
    }
    buffer_add_string(out, "</tr></thead>\n");
}

/* The logarithm, so that a small cell beside a huge one is still seen. */
static int level(double n, double most)
{
    return n <= 0 ? 0 : 1 + (int)((LEVELS - 1) * log1p(n) / log1p(most));
}

static void add_heat_row(struct buffer *out, const struct heat *h, size_t kind)
{
    struct buffer title;
    double all = 0;
    for (size_t place = 0; place <= h->x->n_places; place++) {
        all += *cell(h->x, kind, place);
    }
    buffer_init(&title, 4096);
    naming_add_cause(
        &title, h->x->g, h->x->kinds[2 * kind], h->x->kinds[2 * kind + 1]);
    buffer_addf(out, "<tr><th scope=\"row\" data-kind=\"%zu\">", kind);
    escape_html(out, buffer_span(&title));
    buffer_free(&title);
    buffer_add_string(out, "</th><td class=\"number\">");
    format_count(out, llround(all));
    buffer_add_string(out, "</td>");
    for (size_t i = 0; i < h->n; i++) {
        double n = *cell(h->x, kind, h->places[i]);
        buffer_addf(out, "<td class=\"heat h%d\">", level(n, h->most));
        if (n > 0) {
            format_count(out, llround(n));
        }
        buffer_add_string(out, "</td>");
    }
    buffer_add_string(out, "</tr>\n");
}

static void add_heat_table(struct buffer *out, const struct heat *h)
{
    bool is_outbound = strcmp(h->x->direction, "outbound") == 0;
    buffer_addf(out,
        "<div class=\"table heat-map\" role=\"region\" tabindex=\"0\" "
        "aria-labelledby=\"heat-%s-caption\" data-way=\"%s\">\n"
        "<table id=\"heat-%s\"><caption id=\"heat-%s-caption\"><div>%s "
        "<small>Failed attempts; the darker, the more.%s</small></div>"
        "</caption>\n",
        h->x->direction, h->x->direction, h->x->direction, h->x->direction,
        is_outbound ? "Cause by mailbox provider" : "Cause by host of ours",
        h->x->n_kinds > h->n_kinds ? " The most frequent causes." : "");
    add_head(out, h);
    buffer_add_string(out, "<tbody>\n");
    for (size_t kind = 0; kind < h->n_kinds; kind++) {
        add_heat_row(out, h, kind);
    }
    buffer_add_string(out, "</tbody></table>\n</div>\n");
}

void html_cross_add_heat(struct buffer *out, const struct html_cross *x)
{
    struct heat h = {
        .x = x, .n_kinds = x->n_kinds < MOST_KINDS ? x->n_kinds : MOST_KINDS};
    clear(x);
    count_report(x, "host_causes", NULL, SPAN_NONE);
    choose_places(&h);
    for (size_t kind = 0; kind < h.n_kinds; kind++) {
        for (size_t i = 0; i < h.n; i++) {
            double n = *cell(x, kind, h.places[i]);
            h.most = n > h.most ? n : h.most;
        }
    }
    if (h.n > 1) {
        add_heat_table(out, &h);
    }
}
