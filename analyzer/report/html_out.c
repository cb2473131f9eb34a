/* SPDX-License-Identifier: MIT */
/*
 * The page is read from the top: what is the matter, then when, why, whom,
 * and last how the numbers came about.  Each section treats outbound and
 * inbound mail apart, in this order.
 */
#include "report/html_out.h"

#include "report/escape.h"
#include "report/format.h"
#include "report/html_causes.h"
#include "report/html_charts.h"
#include "report/html_page.h"
#include "report/html_table.h"
#include "report/story.h"

#include <stdio.h>

enum { OUTBOUND, INBOUND, N_DIRECTIONS, ID_LEN = 64 };

static const char *const directions[N_DIRECTIONS] = {"outbound", "inbound"};

enum section_number {
    VERDICT,
    FAILURES,
    CAUSES,
    PLACES,
    DNSBL,
    DNS,
    DELAYS,
    CODES,
    SENDERS,
    UNKNOWN,
    SOURCES,
    N_SECTIONS
};

/* The sections' ids are what story sentences point at. */
static const struct html_section sections[N_SECTIONS] = {
    [VERDICT] = {"verdict", "In short"},
    [FAILURES] = {"failures", "Failures over time"},
    [CAUSES] = {"causes", "Why mail failed"},
    [PLACES] = {"places", "Whom it concerned"},
    [DNSBL] = {"dnsbl", "Block lists"},
    [DNS] = {"dns", "DNS"},
    [DELAYS] = {"delays", "Deferrals and delays"},
    [CODES] = {"codes", "Reply codes"},
    [SENDERS] = {"senders", "Senders and hosts"},
    [UNKNOWN] = {"unknown", "What was not understood"},
    [SOURCES] = {"sources", "Where the data came from"},
};

static const char *title_of(const struct gather *g)
{
    const char *title = gather_title(g);
    return title != NULL ? title : "Mail delivery report";
}

/* --- header and verdict ------------------------------------------------- */

static void add_header(struct buffer *out, const struct gather *g)
{
    int64_t from;
    int64_t until;
    struct gather_logs logs = gather_logs(g);
    const struct named_filter *filter = gather_filter(g);
    buffer_add_string(out, "<header>\n<h1>");
    escape_html(out, span_of(title_of(g)));
    buffer_add_string(out, "</h1>\n<p class=\"period\">");
    if (gather_period(g, &from, &until)) {
        format_time(out, from);
        buffer_add_string(out, " to ");
        format_time(out, until);
        buffer_add_string(out, " UTC");
    } else {
        buffer_add_string(out, "No mail in the period");
    }
    buffer_add_string(out, "</p>\n<p class=\"basis\">From ");
    format_count(out, logs.sources);
    buffer_add_string(out, logs.sources == 1 ? " log, " : " logs, ");
    format_size(out, (double)logs.bytes);
    buffer_add_string(out, ", ");
    format_count(out, logs.lines);
    buffer_add_string(out, " lines");
    if (filter->direction != NULL) {
        buffer_addf(out, ", %s only", filter->direction);
    }
    if (filter->domain != NULL) {
        buffer_add_string(out, ", domain ");
        escape_html(out, span_of(filter->domain));
    }
    buffer_add_string(out, "</p>\n</header>\n");
}

/* One number that sums a direction up. */
static void add_figure(struct buffer *out, const char *label, int64_t n)
{
    buffer_add_string(out, "<div><dd>");
    format_count(out, n);
    buffer_addf(out, "</dd><dt>%s</dt></div>\n", label);
}

static void add_rate(struct buffer *out, const char *label, double rate)
{
    buffer_add_string(out, "<div class=\"rate\"><dd>");
    format_share(out, rate);
    buffer_addf(out, "</dd><dt>%s</dt></div>\n", label);
}

static void add_figures(struct buffer *out, const struct gather *g)
{
    struct gather_totals o = gather_totals(g, "outbound");
    struct gather_totals i = gather_totals(g, "inbound");
    buffer_add_string(out, "<div class=\"figures\">\n");
    if (o.is_there) {
        buffer_add_string(out, "<div>\n");
        html_page_direction(out, "outbound");
        buffer_add_string(out, "<dl>\n");
        add_rate(out, "failure rate", o.failure_rate);
        add_figure(out, "recipients delivered", o.delivered);
        add_figure(out, "recipients refused", o.bounced);
        add_figure(out, "recipients given up", o.expired);
        add_figure(out, "attempts put off", o.deferred);
        buffer_add_string(out, "</dl>\n</div>\n");
    }
    if (i.is_there) {
        buffer_add_string(out, "<div>\n");
        html_page_direction(out, "inbound");
        buffer_add_string(out, "<dl>\n");
        add_rate(out, "refusal rate", i.failure_rate);
        add_figure(out, "messages accepted", i.accepted);
        add_figure(out, "refused for good", i.rejected);
        add_figure(out, "attempts put off", i.deferred);
        buffer_add_string(out, "</dl>\n</div>\n");
    }
    buffer_add_string(out, "</div>\n");
}

static void add_verdict(struct buffer *out, const struct gather *g)
{
    static const char *const moods[] = {
        [STORY_UNKNOWN] = "fact",
        [STORY_FACT] = "fact",
        [STORY_WARNING] = "warning",
        [STORY_ALARM] = "alarm",
    };
    struct story *story = story_tell(g);
    html_page_section(out, &sections[VERDICT], NULL);
    buffer_add_string(out, "<ul class=\"story\">\n");
    for (size_t i = 0; i < story->n; i++) {
        const struct story_sentence *s = &story->sentences[i];
        buffer_addf(out, "<li class=\"%s\">", moods[s->mood]);
        escape_html(out, span_of(s->text));
        buffer_addf(out, " <a href=\"#%s\">More</a></li>\n", s->about);
    }
    buffer_add_string(out, "</ul>\n");
    story_free(story);
    add_figures(out, g);
    html_page_section_end(out);
}

/* --- sections of tables ------------------------------------------------- */

/* The rows of ${direction} of the report ${name}. */
static void add_part(struct buffer *out, const struct gather *g,
    const char *name, const char *direction)
{
    char id[ID_LEN];
    snprintf(id, sizeof id, "table-%s-%s", name,
        direction != NULL ? direction : "all");
    struct html_table_view view = {
        .direction = direction, .id = id, .lexicon = gather_lexicon(g)};
    html_table_add(out, gather_table(g, name), &view);
}

/* A table that only some readers want to see. */
static void add_folded(struct buffer *out, const struct gather *g,
    const char *name, const char *direction, const char *label)
{
    buffer_addf(
        out, "<details class=\"folded\"><summary>%s</summary>\n", label);
    add_part(out, g, name, direction);
    buffer_add_string(out, "</details>\n");
}

/* Call ${add} for each direction that has mail. */
static void each_direction(struct buffer *out, const struct gather *g,
    void (*add)(struct buffer *, const struct gather *, const char *))
{
    for (int i = 0; i < N_DIRECTIONS; i++) {
        if (gather_totals(g, directions[i]).is_there) {
            html_page_direction(out, directions[i]);
            add(out, g, directions[i]);
        }
    }
}

static void add_failures(
    struct buffer *out, const struct gather *g, const char *direction)
{
    html_charts_canvas(out, direction);
    add_folded(out, g, "timeline", direction, "The numbers: mail over time");
    add_folded(out, g, "timeline_causes", direction,
        "The numbers: failed attempts by cause");
}

static void add_causes(
    struct buffer *out, const struct gather *g, const char *direction)
{
    html_causes_add(out, g, direction);
    add_folded(out, g, "details", direction, "By mailbox provider and rule");
}

static void add_places(
    struct buffer *out, const struct gather *g, const char *direction)
{
    if (strcmp(direction, "outbound") == 0) {
        add_part(out, g, "providers", direction);
    }
    add_part(out, g, "domains", direction);
}

static void add_dns(
    struct buffer *out, const struct gather *g, const char *direction)
{
    const struct table *t = gather_table(g, "dns");
    if (gather_next_row(t, direction, 0) < table_n_rows(t)) {
        add_part(out, g, "dns", direction);
    } else {
        buffer_add_string(
            out, "<p class=\"none\">DNS caused no failure.</p>\n");
    }
}

static void add_delays(
    struct buffer *out, const struct gather *g, const char *direction)
{
    add_part(out, g, "deferrals", direction);
    if (strcmp(direction, "outbound") == 0) {
        add_part(out, g, "latency", NULL);
    }
}

static void add_codes(
    struct buffer *out, const struct gather *g, const char *direction)
{
    add_part(out, g, "codes", direction);
    add_folded(out, g, "templates", direction, "What was answered, in words");
}

static void add_senders(
    struct buffer *out, const struct gather *g, const char *direction)
{
    add_part(out, g, "senders", direction);
    add_part(out, g, "hosts", direction);
}

static void add_listings(struct buffer *out, const struct gather *g)
{
    html_page_section(out, &sections[DNSBL],
        "Our addresses on block lists, as receivers named them when they "
        "refused our mail. Receivers whose own lookup is broken are not "
        "counted here.");
    if (table_n_rows(gather_table(g, "dnsbl")) > 0) {
        add_part(out, g, "dnsbl", NULL);
    } else {
        buffer_add_string(out, "<p class=\"none good\">No reply named us on a "
                               "block list.</p>\n");
    }
    html_page_section_end(out);
}

static void add_unknown(struct buffer *out, const struct gather *g)
{
    html_page_section(out, &sections[UNKNOWN],
        "Replies whose cause no rule names, and lines of the mail server that "
        "no pattern knows. Both can be taught: smtpscope patterns suggest.");
    add_part(out, g, "unclassified", NULL);
    add_part(out, g, "drift", NULL);
    html_page_section_end(out);
}

static void add_sources(struct buffer *out, const struct gather *g)
{
    html_page_section(out, &sections[SOURCES],
        "Each log once, however it is named or compressed. Hours that two "
        "logs hold alike count once.");
    add_part(out, g, "sources", NULL);
    html_page_section_end(out);
}

/* --- the page ----------------------------------------------------------- */

static void add_both(struct buffer *out, const struct gather *g,
    enum section_number number, const char *note,
    void (*add)(struct buffer *, const struct gather *, const char *))
{
    html_page_section(out, &sections[number], note);
    each_direction(out, g, add);
    html_page_section_end(out);
}

void html_out_page(struct buffer *out, const struct gather *g)
{
    struct buffer data;
    html_page_begin(out, title_of(g), sections, N_SECTIONS);
    add_header(out, g);
    add_verdict(out, g);
    add_both(out, g, FAILURES, NULL, add_failures);
    add_both(out, g, CAUSES,
        "Failed attempts by cause. Open a line to see what it means, what was "
        "answered, and what to do.",
        add_causes);
    add_both(out, g, PLACES, NULL, add_places);
    add_listings(out, g);
    add_both(out, g, DNS, NULL, add_dns);
    add_both(out, g, DELAYS, NULL, add_delays);
    add_both(out, g, CODES, NULL, add_codes);
    add_both(out, g, SENDERS, NULL, add_senders);
    add_unknown(out, g);
    add_sources(out, g);
    buffer_init(&data, out->limit);
    html_charts_data(&data, g);
    html_page_end(out, buffer_span(&data));
    buffer_free(&data);
}

/* --- single reports ----------------------------------------------------- */

static void html_begin(struct buffer *out, size_t n)
{
    (void)n;
    html_page_begin(out, "smtpscope report", NULL, 0);
}

static void html_table(
    struct buffer *out, const struct table *table, size_t width)
{
    (void)width;
    struct html_section section = {table_name(table), table_title(table)};
    html_page_section(out, &section, NULL);
    size_t column = table_find(table, "direction");
    char id[ID_LEN];
    if (column == table_n_columns(table)) {
        snprintf(id, sizeof id, "table-%s", table_name(table));
        struct html_table_view view = {.id = id};
        html_table_add(out, table, &view);
    }
    for (int i = 0; i < N_DIRECTIONS && column < table_n_columns(table); i++) {
        snprintf(
            id, sizeof id, "table-%s-%s", table_name(table), directions[i]);
        struct html_table_view view = {.direction = directions[i], .id = id};
        html_page_direction(out, directions[i]);
        html_table_add(out, table, &view);
    }
    html_page_section_end(out);
}

static void html_end(struct buffer *out, size_t n)
{
    (void)n;
    html_page_end(out, SPAN_NONE);
}

const struct renderer html_out = {
    .name = "html",
    .suffix = ".html",
    .is_complete = false,
    .table = html_table,
    .begin = html_begin,
    .between = "",
    .end = html_end,
};
