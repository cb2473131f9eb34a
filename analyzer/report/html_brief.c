/* SPDX-License-Identifier: MIT */
/*
 * What somebody reads who has one minute.
 */
#include "report/html_brief.h"

#include "report/answers.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/html_words.h"
#include "report/phrasing.h"
#include "report/trust.h"

#define TEXT_LIMIT ((size_t)64 * 1024)

/* --- header ------------------------------------------------------------- */

static void add_filter(struct buffer *out, const struct named_filter *filter)
{
    if (filter->direction != NULL) {
        buffer_addf(out, ", %s only", filter->direction);
    }
    if (filter->domain != NULL) {
        buffer_add_string(out, ", domain ");
        escape_html(out, span_of(filter->domain));
    }
}

const char *html_brief_title(const struct gather *g)
{
    const char *title = gather_title(g);
    return title != NULL ? title : "Mail delivery report";
}

/* " Outbound failure rate 3.3 % then, 4.0 % now." */
static void add_rates(struct buffer *out, const struct gather *g,
    const char *direction, const char *what)
{
    struct gather_totals now = gather_totals(g, direction);
    struct gather_totals before = gather_totals_before(g, direction);
    if (now.is_there && before.is_there) {
        buffer_addf(out, " %s ", what);
        format_share(out, before.failure_rate);
        buffer_add_string(out, " then, ");
        format_share(out, now.failure_rate);
        buffer_add_string(out, " now.");
    }
}

void html_brief_compared(
    struct buffer *out, const struct gather *g, const char *tag)
{
    const struct named_filter *against = gather_against(g);
    if (against == NULL) {
        return;
    }
    bool has_mail = gather_totals_before(g, "outbound").is_there ||
                    gather_totals_before(g, "inbound").is_there;
    buffer_addf(out, "%sCompared with ", tag);
    phrasing_add_period(out, against);
    buffer_add_string(out, has_mail ? " UTC." : " UTC, which has no mail.");
    add_rates(out, g, "outbound", "Outbound failure rate");
    add_rates(out, g, "inbound", "Inbound refusal rate");
    buffer_add_string(out, "</p>\n");
}

void html_brief_header(struct buffer *out, const struct gather *g)
{
    int64_t from;
    int64_t until;
    struct gather_logs logs = gather_logs(g);
    buffer_add_string(out, "<header>\n<h1>");
    escape_html(out, span_of(html_brief_title(g)));
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
    add_filter(out, gather_filter(g));
    if (logs.damaged > 0) {
        buffer_add_string(out, ", <a href=\"#sources\">");
        format_count(out, logs.damaged);
        buffer_add_string(out, " damaged</a>");
    }
    buffer_add_string(out, "</p>\n");
    html_brief_compared(out, g, "<p class=\"compared\">");
    buffer_add_string(out, "</header>\n");
}

/* --- answers ------------------------------------------------------------ */

static void add_lines(struct buffer *out, struct span text)
{
    size_t end = span_find(text, SPAN_LITERAL("\n"));
    html_words_add(out, span_first(text, end));
    while (end + 1 < text.len) {
        text = span_skip(text, end + 1);
        end = span_find(text, SPAN_LITERAL("\n"));
        buffer_add_string(out, "<br>\n");
        html_words_add(out, span_first(text, end));
    }
}

void html_brief_add(struct buffer *out, const struct gather *g)
{
    static const char *const classes[] = {
        [ANSWER_UNKNOWN] = "unknown",
        [ANSWER_FINE] = "fine",
        [ANSWER_WATCH] = "watch",
        [ANSWER_ACT] = "act",
    };
    struct answers *answers = answers_give(g);
    buffer_add_string(out, "<dl class=\"answers\">\n");
    for (size_t i = 0; i < N_ANSWERS; i++) {
        const struct answer *a = &answers->items[i];
        buffer_addf(out,
            "<div class=\"%s\"><dt>%s <span class=\"badge\">%s</span></dt>"
            "<dd>",
            classes[a->state], a->question, answers_state(a->state));
        add_lines(out, span_of(a->text));
        buffer_addf(out,
            " <a href=\"#%s\" aria-label=\"More: %s\">More</a></dd></div>\n",
            a->about, a->question);
    }
    buffer_add_string(out, "</dl>\n");
    answers_free(answers);
}

/* --- figures ------------------------------------------------------------ */

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

void html_brief_figures(
    struct buffer *out, const struct gather *g, const char *direction)
{
    struct gather_totals t = gather_totals(g, direction);
    buffer_add_string(out, "<dl class=\"figures\">\n");
    if (strcmp(direction, "outbound") == 0) {
        add_rate(out, "failure rate", t.failure_rate);
        add_figure(out, "recipients delivered", t.delivered);
        add_figure(out, "recipients refused", t.bounced);
        add_figure(out, "recipients given up", t.expired);
    } else {
        add_rate(out, "refusal rate", t.failure_rate);
        add_figure(out, "messages accepted", t.accepted);
        add_figure(out, "refused for good", t.rejected);
    }
    add_figure(out, "attempts put off", t.deferred);
    buffer_add_string(out, "</dl>\n");
}

void html_brief_trust(struct buffer *out, const struct gather *g)
{
    struct buffer text;
    buffer_init(&text, TEXT_LIMIT);
    trust_tell(&text, g);
    if (text.len > 0) {
        buffer_add_string(out, "<p class=\"trust\">");
        add_lines(out, span_trim(buffer_span(&text)));
        buffer_add_string(out, "</p>\n");
    }
    buffer_free(&text);
}
