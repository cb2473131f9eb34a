/* SPDX-License-Identifier: MIT */
/*
 * The page is read from the top: what needs somebody, then how mail went, why
 * it failed, whom that concerned, and last how the numbers came about.  Each
 * section treats outbound and inbound mail apart, in this order.
 */
#include "report/html_out.h"

#include "report/html_brief.h"
#include "report/html_causes.h"
#include "report/html_charts.h"
#include "report/html_findings.h"
#include "report/html_lists.h"
#include "report/html_page.h"
#include "report/html_table.h"
#include "report/html_times.h"

#include <stdio.h>

enum { OUTBOUND, INBOUND, N_DIRECTIONS, ID_LEN = 64 };

static const char *const directions[N_DIRECTIONS] = {"outbound", "inbound"};

enum section_number {
    BRIEF,
    ATTENTION,
    MAIL,
    CAUSES,
    PLACES,
    BLOCKLISTS,
    DNS,
    DELAYS,
    CODES,
    UNKNOWN,
    SOURCES,
    N_SECTIONS
};

/* The sections' ids are what answers and sentences point at. */
static const struct html_section sections[N_SECTIONS] = {
    [BRIEF] = {"brief", "In short"},
    [ATTENTION] = {"attention", "What needs attention"},
    [MAIL] = {"mail", "How mail went"},
    [CAUSES] = {"causes", "Why mail failed"},
    [PLACES] = {"places", "Whom it concerned"},
    [BLOCKLISTS] = {"blocklists", "Block lists"},
    [DNS] = {"dns", "DNS"},
    [DELAYS] = {"delays", "Delays and deferrals"},
    [CODES] = {"codes", "Reply codes"},
    [UNKNOWN] = {"unknown", "What was not understood"},
    [SOURCES] = {"sources", "Where the data came from"},
};

/* The page in the making: what a part of one direction is made from. */
struct part {
    const struct gather *g;
    const char *direction; /* NULL: both */
    const struct html_cross *cross;
};

/* --- pieces ------------------------------------------------------------- */

static void begin_fold(struct buffer *out, const char *label)
{
    buffer_addf(
        out, "<details class=\"folded\"><summary>%s</summary>\n", label);
}

static void end_fold(struct buffer *out)
{
    buffer_add_string(out, "</details>\n");
}

static void add_view(struct buffer *out, const struct part *part,
    const struct table *table, const char *direction)
{
    char id[ID_LEN];
    snprintf(id, sizeof id, "table-%s-%s", table_name(table),
        part->direction != NULL ? part->direction : "all");
    struct html_table_view view = {.direction = direction,
        .id = id,
        .lexicon = gather_lexicon(part->g),
        .cross = part->cross};
    html_table_add(out, table, &view);
}

static size_t count_rows(const struct table *t, const char *direction)
{
    size_t n = 0;
    for (size_t row = 0; row < table_n_rows(t); row++) {
        n += direction == NULL ||
             span_equal(table_text(t, row, "direction"), span_of(direction));
    }
    return n;
}

/* What of the report ${name} only the period compared with has. */
static void add_gone(
    struct buffer *out, const struct part *part, const char *name)
{
    char id[ID_LEN];
    char label[ID_LEN];
    const struct table *gone = gather_gone(part->g, name);
    size_t n = gone != NULL ? count_rows(gone, part->direction) : 0;
    if (n == 0) {
        return;
    }
    snprintf(id, sizeof id, "gone-%s-%s", name,
        part->direction != NULL ? part->direction : "all");
    snprintf(label, sizeof label, "Only in the period before (%zu)", n);
    struct html_table_view view = {.direction = part->direction,
        .id = id,
        .lexicon = gather_lexicon(part->g)};
    begin_fold(out, label);
    html_table_add(out, gone, &view);
    end_fold(out);
}

/* The rows of the part's direction of the report ${name}. */
static void add_report(
    struct buffer *out, const struct part *part, const char *name)
{
    add_view(out, part, gather_table(part->g, name), part->direction);
    add_gone(out, part, name);
}

/* All of the report ${name}, or ${empty} if that is nothing. */
static void add_report_or(struct buffer *out, const struct part *part,
    const char *name, const char *empty)
{
    if (table_n_rows(gather_table(part->g, name)) > 0) {
        add_report(out, part, name);
    } else {
        buffer_addf(out, "<p class=\"none good\">%s</p>\n", empty);
        add_gone(out, part, name);
    }
}

/* A table that only some readers want to see. */
static void add_folded(struct buffer *out, const struct part *part,
    const char *name, const char *label)
{
    begin_fold(out, label);
    add_report(out, part, name);
    end_fold(out);
}

static bool has_rows(const struct part *part, const char *name)
{
    const struct table *t = gather_table(part->g, name);
    return gather_next_row(t, part->direction, 0) < table_n_rows(t);
}

/* --- sections ----------------------------------------------------------- */

static void add_trends(struct buffer *out, const struct part *part)
{
    bool is_first = strcmp(part->direction, "outbound") == 0 ||
                    !gather_totals(part->g, "outbound").is_there;
    buffer_add_string(out, is_first ? "<div id=\"trends\"></div>\n" : "");
    if (has_rows(part, "trends")) {
        add_report(out, part, "trends");
    } else {
        buffer_add_string(out, "<p class=\"none\">The period holds no earlier "
                               "week to compare with.</p>\n");
    }
}

static void add_mail(struct buffer *out, const struct part *part)
{
    html_brief_figures(out, part->g, part->direction);
    html_charts_canvas(out, "mail", part->direction);
    add_folded(out, part, "timeline", "The numbers: mail over time");
    add_trends(out, part);
}

static void add_causes(struct buffer *out, const struct part *part)
{
    html_charts_canvas(out, "stacked", part->direction);
    struct table *times = html_times_turn(
        gather_table(part->g, "timeline_causes"), part->direction);
    begin_fold(out, "The numbers: failed attempts by cause");
    add_view(out, part, times, NULL);
    end_fold(out);
    table_free(times);
    html_cross_add_heat(out, part->cross);
    html_causes_add(out, part->g, part->direction, part->cross);
    add_gone(out, part, "causes");
    add_folded(out, part, "details", "By mailbox provider and rule");
}

/* Of many servers' logs only refusals name the domains of incoming mail. */
static void add_unnamed(struct buffer *out, const struct part *part)
{
    const struct table *t = gather_table(part->g, "domains");
    size_t row =
        gather_find_row(t, part->direction, "domain", SPAN_LITERAL("?"));
    if (row < table_n_rows(t) && strcmp(part->direction, "inbound") == 0 &&
        table_integer(t, row, "delivered") > 0) {
        buffer_add_string(out,
            "<p class=\"note\">The log does not say which domains accepted "
            "mail is from and for: it stands under \"not known\", and the "
            "rates of the others are of refusals alone.</p>\n");
    }
}

static void add_places(struct buffer *out, const struct part *part)
{
    add_unnamed(out, part);
    if (strcmp(part->direction, "outbound") == 0) {
        add_report(out, part, "providers");
    }
    add_report(out, part, "domains");
    add_report(out, part, "senders");
    add_report(out, part, "hosts");
}

static void add_dns(struct buffer *out, const struct part *part)
{
    if (has_rows(part, "dns")) {
        add_report(out, part, "dns");
    } else {
        buffer_add_string(
            out, "<p class=\"none good\">DNS caused no failure.</p>\n");
        add_gone(out, part, "dns");
    }
}

static void add_delays(struct buffer *out, const struct part *part)
{
    struct part both = {part->g, NULL, part->cross};
    if (strcmp(part->direction, "outbound") == 0) {
        add_report(out, &both, "latency");
    }
    add_report(out, part, "deferrals");
}

static void add_codes(struct buffer *out, const struct part *part)
{
    add_report(out, part, "codes");
    add_folded(out, part, "templates", "What was answered, in words");
}

/* --- the page ----------------------------------------------------------- */

static void add_section(struct buffer *out, const struct gather *g,
    enum section_number number, const char *note,
    void (*add)(struct buffer *, const struct gather *))
{
    html_page_section(out, &sections[number], note);
    add(out, g);
    html_page_section_end(out);
}

/* A section with a part for each direction that has mail. */
static void add_both(struct buffer *out, const struct part *parts,
    enum section_number number, const char *note,
    void (*add)(struct buffer *, const struct part *))
{
    html_page_section(out, &sections[number], note);
    for (int i = 0; i < N_DIRECTIONS; i++) {
        if (gather_totals(parts[i].g, directions[i]).is_there) {
            html_page_direction(out, directions[i]);
            add(out, &parts[i]);
            html_page_direction_end(out);
        }
    }
    html_page_section_end(out);
}

static void add_blocklists(struct buffer *out, const struct gather *g)
{
    html_page_direction(out, "outbound");
    html_lists_add(out, g);
    add_gone(out, &(struct part){g, NULL, NULL}, "blocklists");
    html_page_direction_end(out);
}

static void add_unknown(struct buffer *out, const struct gather *g)
{
    struct part part = {g, NULL, NULL};
    add_report_or(out, &part, "unclassified", "Every reply has a cause.");
    add_report_or(out, &part, "drift",
        "Every line of a mail server has a form that is known.");
}

static void add_sources(struct buffer *out, const struct gather *g)
{
    struct part part = {g, NULL, NULL};
    html_brief_trust(out, g);
    add_report(out, &part, "sources");
}

static void add_middle(struct buffer *out, const struct part *parts)
{
    const struct gather *g = parts[OUTBOUND].g;
    add_both(out, parts, MAIL, NULL, add_mail);
    add_both(out, parts, CAUSES,
        "Failed attempts by cause. Open a line to see what it means, what was "
        "answered, and what to do.",
        add_causes);
    add_both(out, parts, PLACES, NULL, add_places);
    add_section(out, g, BLOCKLISTS,
        "Who blocks us, as the replies say that refused our mail. Receivers "
        "whose own lookup is broken are not counted here.",
        add_blocklists);
    add_both(out, parts, DNS, NULL, add_dns);
    add_both(out, parts, DELAYS, NULL, add_delays);
    add_both(out, parts, CODES, NULL, add_codes);
}

void html_out_page(struct buffer *out, const struct gather *g)
{
    struct buffer data;
    struct html_cross *crosses[N_DIRECTIONS];
    struct part parts[N_DIRECTIONS];
    for (int i = 0; i < N_DIRECTIONS; i++) {
        crosses[i] = html_cross_create(g, directions[i]);
        parts[i] = (struct part){g, directions[i], crosses[i]};
    }
    html_page_begin(out, html_brief_title(g), sections, N_SECTIONS);
    html_brief_header(out, g);
    add_section(out, g, BRIEF, NULL, html_brief_add);
    add_section(out, g, ATTENTION, NULL, html_findings_add);
    add_middle(out, parts);
    add_section(out, g, UNKNOWN,
        "Replies whose cause no rule names, and lines of the mail server that "
        "no pattern knows. Both can be taught: smtpscope patterns suggest.",
        add_unknown);
    add_section(out, g, SOURCES,
        "Each log once, however it is named or compressed. Hours that two logs "
        "hold alike count once.",
        add_sources);
    buffer_init(&data, out->limit);
    html_charts_data(&data, g);
    html_page_end(out, buffer_span(&data));
    buffer_free(&data);
    for (int i = 0; i < N_DIRECTIONS; i++) {
        html_cross_free(crosses[i]);
    }
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
        html_page_direction_end(out);
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
