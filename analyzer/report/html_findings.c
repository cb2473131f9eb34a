/* SPDX-License-Identifier: MIT */
/*
 * A list of <details>, which fold without script and with the keyboard.  The
 * first stands open: it is the answer to "what should I do first".
 */
#include "report/html_findings.h"

#include "report/escape.h"
#include "report/format.h"
#include "report/html_words.h"
#include "report/phrasing.h"

#define TEXT_LIMIT ((size_t)64 * 1024)

/* Replies and log lines shown as evidence of one finding. */
enum { MOST_REPLIES = 5, MOST_LINES = 2 };

/* --- which stand where -------------------------------------------------- */

int html_findings_number(const struct gather *g, const struct finding *f)
{
    const struct findings *found = gather_findings(g);
    int number = 0;
    if (gather_place(g, f) != GATHER_OPEN) {
        return 0;
    }
    uint64_t id = gather_is_head(g, f, GATHER_OPEN) ? f->id : f->root;
    for (size_t i = 0; i < found->n; i++) {
        number += gather_is_head(g, &found->items[i], GATHER_OPEN);
        if (found->items[i].id == id) {
            return number;
        }
    }
    return 0;
}

/* --- one finding -------------------------------------------------------- */

static void add_escaped(struct buffer *out, const char *text)
{
    escape_html(out, span_of(text));
}

/* "Outbound, since …, 205 failed attempts, 3 would be usual" */
static void add_facts(struct buffer *out, const struct finding *f)
{
    struct buffer text;
    buffer_init(&text, TEXT_LIMIT);
    if (*f->direction != '\0') {
        bool is_outbound = strcmp(f->direction, "outbound") == 0;
        buffer_addf(out, "<span class=\"way-mark %s\">%s</span> ",
            is_outbound ? "outbound" : "inbound",
            is_outbound ? "Outbound" : "Inbound");
    }
    bool is_dated = f->kind != FINDING_FACT; /* a fact is of all the period */
    if (is_dated) {
        phrasing_add_when(&text, f);
        html_words_add(out, buffer_span(&text));
        buffer_reset(&text);
    }
    phrasing_add_weight(&text, f);
    buffer_add_string(out, is_dated && text.len > 0 ? "; " : "");
    escape_html(out, buffer_span(&text));
    buffer_free(&text);
}

static void add_link(struct buffer *out, const char *url)
{
    buffer_add_string(out, "<a rel=\"noopener noreferrer\" href=\"");
    add_escaped(out, url);
    buffer_add_string(out, "\">");
    add_escaped(out, url);
    buffer_add_string(out, "</a>");
}

/* A step that stood there before is marked: paper leaves its text out. */
static void add_steps(
    struct buffer *out, const struct gather *g, const struct finding *f)
{
    if (f->n_advice == 0) {
        return;
    }
    buffer_add_string(
        out, "<h3 class=\"label\">What to do</h3>\n<ol class=\"steps\">\n");
    for (size_t i = 0; i < f->n_advice; i++) {
        const struct finding_step *step = &f->advice[i];
        buffer_addf(out, "<li%s><b>",
            gather_is_explained(g, f, step, SIZE_MAX) ? " class=\"again\""
                                                      : "");
        add_escaped(out, step->title);
        buffer_add_string(out, ".</b> <span>");
        escape_html_prose(out, span_of(step->text));
        buffer_add_string(out, "</span>");
        if (*step->command != '\0') {
            buffer_add_string(out, " <code class=\"command\">");
            add_escaped(out, step->command);
            buffer_add_string(out, "</code>");
        }
        if (escape_url_is_safe(span_of(step->url))) {
            buffer_add_char(out, ' ');
            add_link(out, step->url);
        }
        buffer_add_string(out, "</li>\n");
    }
    buffer_add_string(out, "</ol>\n");
}

static void add_reply(struct buffer *out, const struct finding_evidence *e)
{
    buffer_add_string(out, "<li><p>");
    format_count(out, e->attempts);
    buffer_add_string(out, e->attempts == 1 ? " attempt" : " attempts");
    if (*e->rule != '\0') {
        buffer_add_string(out, ", rule <code>");
        add_escaped(out, e->rule);
        buffer_add_string(out, "</code>");
    }
    buffer_add_string(out, "</p><code>");
    if (e->reply_code != 0) {
        buffer_addf(out, "%d ", e->reply_code);
    }
    add_escaped(out, e->enhanced_code);
    buffer_add_string(out, *e->enhanced_code != '\0' ? " " : "");
    add_escaped(out, e->template);
    buffer_add_string(out, "</code>");
    for (size_t i = 0; i < e->n_samples && i < MOST_LINES; i++) {
        buffer_add_string(out, "<pre>");
        add_escaped(out, e->samples[i]);
        buffer_add_string(out, "</pre>");
    }
    buffer_add_string(out, "</li>\n");
}

/* Does ${root} show all that ${f} has to show? */
static bool is_shown(const struct finding *f, const struct finding *root)
{
    size_t n = 0;
    for (size_t i = 0; root != NULL && i < f->n_evidence; i++) {
        for (size_t j = 0; j < root->n_evidence && j < MOST_REPLIES; j++) {
            n += strcmp(f->evidence[i].template, root->evidence[j].template) ==
                 0;
        }
    }
    return n >= f->n_evidence;
}

static void add_evidence(
    struct buffer *out, const struct finding *f, const struct finding *root)
{
    if (is_shown(f, root)) {
        return;
    }
    buffer_add_string(out, "<details class=\"folded\"><summary>Evidence: ");
    format_count(out, (int64_t)f->n_evidence);
    buffer_addf(out, " kind%s of reply</summary>\n<ul class=\"replies\">\n",
        f->n_evidence == 1 ? "" : "s");
    for (size_t i = 0; i < f->n_evidence && i < MOST_REPLIES; i++) {
        add_reply(out, &f->evidence[i]);
    }
    buffer_add_string(out, "</ul></details>\n");
}

static void add_notes(struct buffer *out, const struct finding *f)
{
    for (size_t i = 0; i < f->n_notes; i++) {
        buffer_add_string(out, "<p>");
        add_escaped(out, f->notes[i]);
        buffer_add_string(out,
            span_ends(span_of(f->notes[i]), SPAN_LITERAL(".")) ? "</p>\n"
                                                               : ".</p>\n");
    }
    if (*f->muted != '\0') {
        buffer_add_string(out, "<p>Muted: ");
        add_escaped(out, f->muted);
        buffer_add_string(out, "</p>\n");
    }
}

/* Where one of the lists is asked for removal, and how it is looked up. */
static void add_page(struct buffer *out, const struct finding *f)
{
    if (escape_url_is_safe(span_of(phrasing_page(f)))) {
        buffer_add_string(out, "<p>");
        add_link(out, phrasing_page(f));
        buffer_add_string(out, "</p>\n");
    }
    if (f->n_advice > 0 && *f->advice[0].command != '\0') {
        buffer_add_string(out, "<p><code class=\"command\">");
        add_escaped(out, f->advice[0].command);
        buffer_add_string(out, "</code></p>\n");
    }
}

static void add_follower(
    struct buffer *out, const struct finding *f, const struct finding *root)
{
    buffer_add_string(out, "<li><b>");
    add_escaped(out, f->headline);
    buffer_add_string(out, "</b> <span class=\"facts\">");
    add_facts(out, f);
    buffer_add_string(out, "</span>\n");
    add_notes(out, f);
    if (phrasing_is_one_of(f, root)) {
        add_page(out, f);
    }
    add_evidence(out, f, root);
    buffer_add_string(out, "</li>\n");
}

/* What stands below ${f} because it is its root: the lists that it sums up, or
 * what else. */
static void add_following(struct buffer *out, const struct gather *g,
    const struct finding *f, bool is_lists)
{
    const struct findings *found = gather_findings(g);
    enum gather_place place = gather_place(g, f);
    struct buffer list;
    size_t n = 0;
    buffer_init(&list, out->limit);
    for (size_t i = 0; i < found->n; i++) {
        const struct finding *other = &found->items[i];
        if (other->root == f->id && gather_place(g, other) == place &&
            phrasing_is_one_of(other, f) == is_lists) {
            add_follower(&list, other, f);
            n++;
        }
    }
    if (n > 0) {
        buffer_addf(out,
            "<details class=\"folded follows\"><summary>%s (%zu)</summary>\n"
            "<ul class=\"following\">\n",
            is_lists ? "Each list" : "What follows from it", n);
        buffer_add(out, buffer_span(&list));
        buffer_add_string(out, "</ul></details>\n");
    }
    buffer_free(&list);
}

static void add_finding(struct buffer *out, const struct gather *g,
    const struct finding *f, int number)
{
    static const char *const classes[] = {
        [SEVERITY_UNKNOWN] = "info",
        [SEVERITY_INFO] = "info",
        [SEVERITY_NOTICE] = "notice",
        [SEVERITY_WARNING] = "warning",
        [SEVERITY_CRITICAL] = "critical",
    };
    bool is_open = number > 0;
    if (is_open) {
        buffer_addf(out, "<li id=\"finding-%d\">", number);
    } else {
        buffer_add_string(out, "<li>");
    }
    buffer_addf(out, "<details class=\"finding %s\"%s><summary>",
        is_open ? classes[f->severity] : "info", number == 1 ? " open" : "");
    if (is_open) {
        buffer_addf(
            out, "<span class=\"badge\">%s</span>", phrasing_severity(f));
    }
    buffer_add_string(out, "<span class=\"what\"><b>");
    add_escaped(out, f->headline);
    buffer_add_string(out, "</b> <span class=\"facts\">");
    add_facts(out, f);
    buffer_add_string(out, "</span></span>");
    if (is_open) {
        buffer_addf(out, "<span class=\"number\">%d</span>", number);
    }
    buffer_add_string(out, "</summary><div class=\"fold\">\n");
    add_notes(out, f);
    add_steps(out, g, f);
    add_following(out, g, f, true);
    add_following(out, g, f, false);
    add_evidence(out, f, NULL);
    buffer_add_string(out, "</div></details></li>\n");
}

/* --- the lists ---------------------------------------------------------- */

static size_t count_heads(const struct gather *g, enum gather_place place)
{
    const struct findings *found = gather_findings(g);
    size_t n = 0;
    for (size_t i = 0; i < found->n; i++) {
        n += gather_is_head(g, &found->items[i], place);
    }
    return n;
}

static void add_list(
    struct buffer *out, const struct gather *g, enum gather_place place)
{
    const struct findings *found = gather_findings(g);
    int number = 0;
    buffer_addf(out, "<ol class=\"findings%s\">\n",
        place == GATHER_OPEN ? " open" : "");
    for (size_t i = 0; i < found->n; i++) {
        if (gather_is_head(g, &found->items[i], place)) {
            number += place == GATHER_OPEN;
            add_finding(out, g, &found->items[i], number);
        }
    }
    buffer_add_string(out, "</ol>\n");
}

static void add_folded(struct buffer *out, const struct gather *g,
    enum gather_place place, const char *label)
{
    size_t n = count_heads(g, place);
    if (n > 0) {
        buffer_addf(out,
            "<details class=\"folded others\"><summary>%s (%zu)</summary>\n",
            label, n);
        add_list(out, g, place);
        buffer_add_string(out, "</details>\n");
    }
}

void html_findings_add(struct buffer *out, const struct gather *g)
{
    if (count_heads(g, GATHER_OPEN) > 0) {
        add_list(out, g, GATHER_OPEN);
    } else {
        buffer_add_string(out, "<p class=\"none good\">Nothing is out of the "
                               "ordinary.</p>\n");
    }
    add_folded(out, g, GATHER_GOOD, "Good to know");
    add_folded(out, g, GATHER_EARLIER, "Earlier in the period");
    add_folded(out, g, GATHER_MUTED, "Muted by the site");
}
