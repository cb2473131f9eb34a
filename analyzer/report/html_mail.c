/* SPDX-License-Identifier: MIT */
/*
 * Mail programs know the HTML of twenty years ago: layout by tables, colours
 * as attributes, bars as cells with a width.  Text that a log made long is cut,
 * so that no mail grows beyond what providers clip (102 KB).
 */
#include "report/html_mail.h"

#include "report/answers.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/html_brief.h"
#include "report/naming.h"
#include "report/phrasing.h"
#include "report/text_out.h"
#include "report/trust.h"

#define TEXT_LIMIT ((size_t)64 * 1024)
#define FONT                                                                   \
    "font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:20px;"
#define INK "color:#1c2126;"
#define SOFT "color:#5b6570;"
#define CELL "padding:6px 8px;border-bottom:1px solid #e6e9eb;" FONT INK
#define TABLE                                                                  \
    "<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" "  \
    "style=\"border-collapse:collapse\">\n"

enum {
    MOST_FINDINGS = 8,
    MOST_STEPS = 3,
    MOST_ROWS = 6,
    MOST_LISTS = 8,
    LONGEST = 400 /* columns of one text */
};

/* --- pieces ------------------------------------------------------------- */

/* ${text} cut to what a mail has room for, escaped. */
static void add_cut(struct buffer *out, struct span text)
{
    struct buffer cut;
    buffer_init(&cut, TEXT_LIMIT);
    text_out_fit(&cut, text, LONGEST);
    escape_html(out, buffer_span(&cut));
    buffer_free(&cut);
}

/* The lines of ${text}, each cut. */
static void add_lines(struct buffer *out, struct span text)
{
    while (text.len > 0) {
        size_t end = span_find(text, SPAN_LITERAL("\n"));
        add_cut(out, span_first(text, end));
        text = span_skip(text, end < text.len ? end + 1 : end);
        buffer_add_string(out, text.len > 0 ? "<br>\n" : "");
    }
}

static void add_title(struct buffer *out, const char *title)
{
    buffer_addf(out,
        "<h2 style=\"margin:28px 0 8px;font-family:Arial,Helvetica,sans-serif;"
        "font-size:18px;line-height:24px;" INK "\">%s</h2>\n",
        title);
}

static void begin_cell(struct buffer *out, const char *align)
{
    buffer_addf(
        out, "<td align=\"%s\" valign=\"top\" style=\"" CELL "\">", align);
}

static void add_heads(struct buffer *out, const char *const *heads, size_t n)
{
    buffer_add_string(out, "<tr>");
    for (size_t i = 0; i < n; i++) {
        buffer_addf(out,
            "<th align=\"%s\" style=\"padding:4px 8px;font-weight:normal;"
            "border-bottom:1px solid #c9d0d6;font-size:12px;"
            "font-family:Arial,Helvetica,sans-serif;" SOFT "\">%s</th>",
            i == 0 ? "left" : "right", heads[i]);
    }
    buffer_add_string(out, "</tr>\n");
}

static void add_number(
    struct buffer *out, const struct table *t, size_t row, const char *name)
{
    size_t i = table_find(t, name);
    begin_cell(out, "right");
    format_human(out, table_cell(t, row, i), table_column(t, i)->kind);
    buffer_add_string(out, "</td>");
}

/* A bar that is ${share} of its cell long. */
static void add_bar(struct buffer *out, double share)
{
    int percent = (int)(share * 100 + 0.5);
    buffer_add_string(out, "<td width=\"120\" style=\"" CELL "\">");
    if (percent > 0) {
        buffer_addf(out,
            "<table width=\"%d%%\" cellpadding=\"0\" cellspacing=\"0\" "
            "border=\"0\"><tr><td height=\"10\" bgcolor=\"#5d87ab\" "
            "style=\"font-size:1px;line-height:10px\">&nbsp;</td></tr>"
            "</table>",
            percent);
    }
    buffer_add_string(out, "</td>");
}

/* ${name}, which leads to ${url} if that is safe. */
static void add_page(struct buffer *out, struct span url, struct span name)
{
    if (escape_url_is_safe(url)) {
        buffer_add_string(out, "<a href=\"");
        escape_html(out, url);
        buffer_add_string(out, "\" style=\"color:#0b5c94\">");
        add_cut(out, name);
        buffer_add_string(out, "</a>");
    } else {
        add_cut(out, name);
    }
}

static void add_badge(struct buffer *out, const char *word, const char *colour)
{
    buffer_addf(out,
        "<span style=\"display:inline-block;padding:0 8px;font-size:12px;"
        "font-weight:bold;border:1px solid %s;color:%s\">%s</span>",
        colour, colour, word);
}

/* --- findings ----------------------------------------------------------- */

static const char *colour_of(const struct finding *f)
{
    return f->severity == SEVERITY_CRITICAL  ? "#b3261e"
           : f->severity == SEVERITY_WARNING ? "#8a5a00"
                                             : "#0b5c94";
}

static void add_steps(
    struct buffer *out, const struct gather *g, const struct finding *f)
{
    for (size_t i = 0; i < f->n_advice && i < MOST_STEPS; i++) {
        const struct finding_step *step = &f->advice[i];
        buffer_addf(out, "<br>%zu. <b>", i + 1);
        add_cut(out, span_of(step->title));
        if (gather_is_explained(g, f, step, MOST_STEPS)) {
            buffer_add_string(out, ",</b> as above.");
        } else {
            buffer_add_string(out, ".</b> ");
            escape_html_prose(out, span_of(step->text));
        }
        if (*step->command != '\0') {
            buffer_add_string(out, " <code style=\"background:#f0f2f3\">");
            add_cut(out, span_of(step->command));
            buffer_add_string(out, "</code>");
        }
        if (escape_url_is_safe(span_of(step->url))) {
            buffer_add_char(out, ' ');
            add_page(out, span_of(step->url), span_of(step->url));
        }
    }
}

/* The lists that ${f} sums up. */
static void add_members(
    struct buffer *out, const struct gather *g, const struct finding *f)
{
    const struct findings *found = gather_findings(g);
    size_t n = 0;
    for (size_t i = 0; i < found->n; i++) {
        const struct finding *other = &found->items[i];
        if (other->root != f->id || !phrasing_is_one_of(other, f) ||
            gather_place(g, other) != GATHER_OPEN || n++ >= MOST_LISTS) {
            continue;
        }
        struct buffer text;
        buffer_init(&text, TEXT_LIMIT);
        phrasing_add_listing(&text, other);
        buffer_add_string(out, "<br>");
        add_page(out, span_of(phrasing_page(other)), span_of(other->dnsbl));
        add_cut(out, span_skip(buffer_span(&text), strlen(other->dnsbl)));
        buffer_free(&text);
    }
    if (n > MOST_LISTS) {
        buffer_addf(out, "<br>and %zu more lists", n - MOST_LISTS);
    }
}

static void add_finding(
    struct buffer *out, const struct gather *g, const struct finding *f)
{
    struct buffer text;
    buffer_init(&text, TEXT_LIMIT);
    buffer_add_string(out, "<tr><td width=\"84\" valign=\"top\" style=\"" CELL
                           "padding-left:0\">");
    add_badge(out, phrasing_severity(f), colour_of(f));
    buffer_add_string(out, "</td>");
    begin_cell(out, "left");
    buffer_add_string(out, "<b>");
    add_cut(out, span_of(f->headline));
    buffer_add_string(out, "</b><br><span style=\"" SOFT "\">");
    phrasing_add_facts(&text, f);
    add_cut(out, buffer_span(&text));
    buffer_add_string(out, "</span>");
    for (size_t i = 0; f->n_advice == 0 && i < f->n_notes; i++) {
        buffer_add_string(out, "<br>");
        add_cut(out, span_of(f->notes[i]));
    }
    add_members(out, g, f);
    add_steps(out, g, f);
    buffer_add_string(out, "</td></tr>\n");
    buffer_free(&text);
}

static void add_findings(struct buffer *out, const struct gather *g)
{
    const struct findings *found = gather_findings(g);
    size_t n = 0;
    add_title(out, "What needs attention");
    buffer_add_string(out, TABLE);
    for (size_t i = 0; i < found->n; i++) {
        const struct finding *f = &found->items[i];
        if (gather_is_head(g, f, GATHER_OPEN) && n++ < MOST_FINDINGS) {
            add_finding(out, g, f);
        }
    }
    if (n == 0 || n > MOST_FINDINGS) {
        buffer_add_string(out, "<tr>");
        begin_cell(out, "left");
        if (n == 0) {
            buffer_add_string(out, "Nothing is out of the ordinary.");
        } else {
            buffer_addf(out, "And %zu more.", n - MOST_FINDINGS);
        }
        buffer_add_string(out, "</td></tr>\n");
    }
    buffer_add_string(out, "</table>\n");
}

static void add_answers(struct buffer *out, const struct gather *g)
{
    static const char *const colours[] = {
        [ANSWER_UNKNOWN] = "#5b6570",
        [ANSWER_FINE] = "#12703f",
        [ANSWER_WATCH] = "#8a5a00",
        [ANSWER_ACT] = "#b3261e",
    };
    struct answers *answers = answers_give(g);
    buffer_add_string(out, TABLE);
    for (size_t i = 0; i < N_ANSWERS; i++) {
        const struct answer *a = &answers->items[i];
        buffer_add_string(out,
            "<tr><td width=\"120\" valign=\"top\" style=\"" CELL
            "padding-left:0\"><b>");
        buffer_addf(out, "%s</b><br>", a->question);
        add_badge(out, answers_state(a->state), colours[a->state]);
        buffer_add_string(out, "</td>");
        begin_cell(out, "left");
        add_lines(out, span_of(a->text));
        buffer_add_string(out, "</td></tr>\n");
    }
    buffer_add_string(out, "</table>\n");
    answers_free(answers);
}

/* --- tables ------------------------------------------------------------- */

/* Say that ${n} rows did not fit into a table of ${columns}. */
static void add_rest(struct buffer *out, size_t n, int columns)
{
    if (n > 0) {
        buffer_addf(out,
            "<tr><td colspan=\"%d\" style=\"" CELL SOFT
            "\">and %zu more</td></tr>\n",
            columns, n);
    }
}

/* How many rows of ${direction} are there from ${row} on, and left out? */
static size_t count_rest(
    const struct table *t, const char *direction, size_t row)
{
    size_t n = table_left_out(t, direction);
    for (; row < table_n_rows(t);
         row = gather_next_row(t, direction, row + 1)) {
        n++;
    }
    return n;
}

static void add_causes(
    struct buffer *out, const struct gather *g, const char *direction)
{
    static const char *const heads[] = {"Why", "attempts", "share", ""};
    const struct table *t = gather_table(g, "causes");
    size_t row = gather_next_row(t, direction, 0);
    buffer_add_string(out, TABLE);
    add_heads(out, heads, 4);
    for (int i = 0; i < MOST_ROWS && row < table_n_rows(t); i++) {
        struct buffer title;
        buffer_init(&title, TEXT_LIMIT);
        naming_add_cause(&title, g, table_text(t, row, "cause"),
            table_text(t, row, "detail"));
        buffer_add_string(out, "<tr>");
        begin_cell(out, "left");
        add_cut(out, buffer_span(&title));
        buffer_add_string(out, "</td>");
        buffer_free(&title);
        add_number(out, t, row, "attempts");
        add_number(out, t, row, "share");
        add_bar(out, table_number(t, row, "share"));
        buffer_add_string(out, "</tr>\n");
        row = gather_next_row(t, direction, row + 1);
    }
    add_rest(out, count_rest(t, direction, row), 4);
    buffer_add_string(out, "</table>\n");
}

static void add_providers(struct buffer *out, const struct gather *g)
{
    static const char *const heads[] = {
        "Provider", "delivered", "put off", "bounced", "failure rate"};
    const struct table *t = gather_table(g, "providers");
    size_t row = gather_next_row(t, "outbound", 0);
    buffer_add_string(out, "<br>\n" TABLE);
    add_heads(out, heads, 5);
    for (int i = 0; i < MOST_ROWS && row < table_n_rows(t); i++) {
        struct span name = table_text(t, row, "provider");
        buffer_add_string(out, "<tr>");
        begin_cell(out, "left");
        add_cut(out, name.len > 0 ? name : SPAN_LITERAL("other servers"));
        buffer_add_string(out, "</td>");
        add_number(out, t, row, "delivered");
        add_number(out, t, row, "deferred");
        add_number(out, t, row, "bounced");
        add_number(out, t, row, "failure_rate");
        buffer_add_string(out, "</tr>\n");
        row = gather_next_row(t, "outbound", row + 1);
    }
    add_rest(out, count_rest(t, "outbound", row), 5);
    buffer_add_string(out, "</table>\n");
}

static void add_list(struct buffer *out, const struct gather *g, size_t row)
{
    const struct table *t = gather_table(g, "blocklists");
    struct span url = table_text(t, row, "delist_url");
    buffer_add_string(out, "<tr>");
    begin_cell(out, "left");
    add_page(out, url, table_text(t, row, "list"));
    buffer_add_string(out, "</td>");
    begin_cell(out, "right");
    add_cut(out, table_text(t, row, "address"));
    buffer_add_string(out, "</td>");
    begin_cell(out, "right");
    format_time(out, gather_listed_since(g, row));
    buffer_add_string(out, "</td>");
    begin_cell(out, "right");
    add_cut(out, table_text(t, row, "state"));
    buffer_add_string(out, "</td>");
    add_number(out, t, row, "attempts");
    buffer_add_string(out, "</tr>\n");
}

static void add_lists(struct buffer *out, const struct gather *g)
{
    static const char *const heads[] = {
        "List or receiver", "our address", "since", "state", "attempts"};
    const struct table *t = gather_table(g, "blocklists");
    if (table_n_rows(t) == 0) {
        return;
    }
    add_title(out, "Who blocks us");
    buffer_add_string(out, TABLE);
    add_heads(out, heads, 5);
    for (size_t row = 0; row < table_n_rows(t) && row < MOST_LISTS; row++) {
        add_list(out, g, row);
    }
    size_t n = table_n_rows(t);
    add_rest(out, n > MOST_LISTS ? n - MOST_LISTS : 0, 5);
    buffer_add_string(out, "</table>\n");
}

static void add_figure(struct buffer *out, int64_t n, const char *what)
{
    buffer_add_string(out, ", ");
    format_count(out, n);
    buffer_addf(out, " %s", what);
}

static void add_direction(
    struct buffer *out, const struct gather *g, const char *direction)
{
    struct gather_totals t = gather_totals(g, direction);
    bool is_outbound = strcmp(direction, "outbound") == 0;
    if (!t.is_there) {
        return;
    }
    add_title(out, is_outbound ? "Outbound: we sent, others answered"
                               : "Inbound: others sent, we answered");
    buffer_add_string(out, "<p style=\"margin:0 0 8px;" FONT INK "\"><b>");
    format_share(out, t.failure_rate);
    buffer_addf(out, "</b> %s", is_outbound ? "failed" : "refused");
    if (is_outbound) {
        add_figure(out, t.delivered, "recipients delivered");
        add_figure(out, t.bounced + t.expired, "refused or given up");
    } else {
        add_figure(out, t.accepted, "messages accepted");
        add_figure(out, t.rejected, "refused for good");
    }
    add_figure(out, t.deferred, "attempts put off");
    buffer_add_string(out, "</p>\n");
    add_causes(out, g, direction);
    if (is_outbound) {
        add_providers(out, g);
        add_lists(out, g);
    }
}

/* --- the mail ----------------------------------------------------------- */

static void add_head(struct buffer *out, const struct gather *g)
{
    int64_t from;
    int64_t until;
    buffer_add_string(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                           "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                           "content=\"width=device-width, initial-scale=1\">\n"
                           "<title>");
    escape_html(out, span_of(html_brief_title(g)));
    buffer_add_string(out,
        "</title>\n</head>\n"
        "<body style=\"margin:0;padding:0;background:#f4f5f6\" "
        "bgcolor=\"#f4f5f6\">\n"
        "<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" "
        "border=\"0\" bgcolor=\"#f4f5f6\"><tr><td align=\"center\">\n"
        "<table width=\"640\" cellpadding=\"0\" cellspacing=\"0\" "
        "border=\"0\" bgcolor=\"#ffffff\" style=\"width:100%;max-width:640px;"
        "background:#ffffff\"><tr><td style=\"padding:20px 20px 28px;"
        "word-break:break-word;" FONT INK "\">\n"
        "<h1 style=\"margin:0 0 4px;font-family:Arial,Helvetica,sans-serif;"
        "font-size:22px;line-height:28px;" INK "\">");
    escape_html(out, span_of(html_brief_title(g)));
    buffer_add_string(out, "</h1>\n"
                           "<p style=\"margin:0 0 16px;" FONT SOFT "\">");
    if (gather_period(g, &from, &until)) {
        format_time(out, from);
        buffer_add_string(out, " to ");
        format_time(out, until);
        buffer_add_string(out, " UTC");
    } else {
        buffer_add_string(out, "No mail in the period");
    }
    buffer_add_string(out, "</p>\n");
    html_brief_compared(out, g, "<p style=\"margin:0 0 16px;" FONT SOFT "\">");
}

static void add_trust(struct buffer *out, const struct gather *g)
{
    struct buffer text;
    buffer_init(&text, TEXT_LIMIT);
    trust_tell(&text, g);
    if (text.len > 0) {
        add_title(out, "How far this can be trusted");
        buffer_add_string(out, "<p style=\"margin:0;" FONT INK "\">");
        add_lines(out, buffer_span(&text));
        buffer_add_string(out, "</p>\n");
    }
    buffer_free(&text);
}

void html_mail_write(struct buffer *out, const struct gather *g)
{
    add_head(out, g);
    add_answers(out, g);
    add_findings(out, g);
    add_direction(out, g, "outbound");
    add_direction(out, g, "inbound");
    add_trust(out, g);
    buffer_add_string(
        out, "</td></tr></table>\n</td></tr></table>\n</body>\n</html>\n");
}
