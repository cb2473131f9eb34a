/* SPDX-License-Identifier: MIT */
/*
 * Each finding begins with its severity and its sentence; times, notes, advice
 * and evidence follow, indented.  Those that another explains stand below it,
 * as one line each.
 */
#include "report/findings_text.h"

#include "report/escape.h"
#include "report/format.h"
#include "report/phrasing.h"
#include "report/utf8.h"

#include <inttypes.h>
#include <stdio.h>

enum { INDENT = 4, MAX_TEXT = 65536, MAX_STEPS = 4, MAX_EVIDENCE = 2 };

struct page {
    struct buffer *out;
    size_t width;
    const struct findings *list;
};

static void add_blanks(struct buffer *out, size_t n)
{
    while (n-- > 0) {
        buffer_add_char(out, ' ');
    }
}

/* Add ${text}, broken at blanks; the first line goes on at ${column}, further
 * ones begin at ${indent}. */
static void wrap(
    const struct page *p, struct span text, size_t column, size_t indent)
{
    while (text.len > 0) {
        struct span word = span_first(text, span_find(text, SPAN_LITERAL(" ")));
        size_t len = utf8_columns(word);
        if (column > indent && column + 1 + len > p->width) {
            buffer_add_char(p->out, '\n');
            add_blanks(p->out, indent);
            column = indent;
        } else if (column > indent) {
            buffer_add_char(p->out, ' ');
            column++;
        }
        buffer_add(p->out, word);
        column += len;
        text = span_skip(text, word.len < text.len ? word.len + 1 : word.len);
    }
    buffer_add_char(p->out, '\n');
}

/* A paragraph of text that may come from a log, after ${label}. */
static void add_paragraph(
    const struct page *p, const char *label, const char *text, size_t indent)
{
    struct buffer safe;
    buffer_init(&safe, MAX_TEXT);
    buffer_add_string(&safe, label);
    escape_terminal(&safe, span_of(text));
    add_blanks(p->out, indent);
    wrap(p, buffer_span(&safe), indent, indent);
    buffer_free(&safe);
}

/* What must not be broken: a command, a log line. */
static void add_line(const struct page *p, const char *text, size_t indent)
{
    add_blanks(p->out, indent);
    escape_terminal(p->out, span_of(text));
    buffer_add_char(p->out, '\n');
}

static void add_times(
    const struct page *p, const struct finding *f, size_t indent)
{
    if (f->since == 0) {
        return;
    }
    struct buffer text;
    buffer_init(&text, MAX_TEXT);
    phrasing_add_time(&text, f);
    buffer_addf(&text, " UTC%s", phrasing_end(f));
    add_paragraph(p, "", buffer_string(&text), indent);
    buffer_free(&text);
}

/* Whether an earlier finding than ${f} explained the step. */
static bool is_explained(const struct page *p, const struct finding *f,
    const struct finding_step *step)
{
    for (const struct finding *g = p->list->items; g < f; g++) {
        bool shown = g->root == 0 && g->kind != FINDING_FACT;
        for (size_t i = 0; shown && i < g->n_advice && i < MAX_STEPS; i++) {
            if (strcmp(g->advice[i].text, step->text) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void add_step(const struct page *p, const struct finding *f,
    const struct finding_step *step)
{
    add_paragraph(p, "- ", step->title, INDENT);
    if (!is_explained(p, f, step)) {
        add_paragraph(p, "", step->text, INDENT + 2);
    }
    if (step->url[0] != '\0') {
        add_line(p, step->url, INDENT + 2);
    }
    if (step->command[0] != '\0') {
        add_paragraph(p, "", "$", INDENT + 2);
        p->out->len--; /* the command follows on the same line */
        add_line(p, step->command, 1);
    }
}

static void add_evidence(
    const struct page *p, const struct finding_evidence *e, size_t indent)
{
    char label[32];
    snprintf(label, sizeof label, "%" PRId64 " x ", e->attempts);
    add_paragraph(p, label, e->template, indent);
    if (e->n_samples > 0) {
        add_line(p, e->samples[0], indent + 2);
    }
}

/* One of the lists that an address is on: what to do stands above. */
static void add_listing(const struct page *p, const struct finding *f)
{
    enum { BELOW = INDENT + 2 };
    add_paragraph(p, "and: ", f->headline, INDENT);
    add_times(p, f, BELOW);
    for (size_t i = 0; i < f->n_notes; i++) {
        add_paragraph(p, "", f->notes[i], BELOW);
    }
    if (*phrasing_page(f) != '\0') {
        add_line(p, phrasing_page(f), BELOW);
    }
    for (size_t i = 0; i < f->n_evidence && i < MAX_EVIDENCE; i++) {
        add_evidence(p, &f->evidence[i], BELOW);
    }
}

static void add_details(const struct page *p, const struct finding *f)
{
    if (f->kind == FINDING_FACT) {
        for (size_t i = 0; i < f->n_notes; i++) {
            add_paragraph(p, "", f->notes[i], INDENT);
        }
        if (f->severity > SEVERITY_INFO && f->n_advice > 0) {
            add_paragraph(p, "- ", f->advice[0].title, INDENT);
        }
        return;
    }
    add_times(p, f, INDENT);
    for (size_t i = 0; i < f->n_notes; i++) {
        add_paragraph(p, "", f->notes[i], INDENT);
    }
    for (size_t i = 0; i < f->n_advice && i < MAX_STEPS; i++) {
        add_step(p, f, &f->advice[i]);
    }
    for (size_t i = 0; i < f->n_evidence && i < MAX_EVIDENCE; i++) {
        add_evidence(p, &f->evidence[i], INDENT);
    }
}

static const char *word_of(enum finding_severity s)
{
    switch (s) {
    case SEVERITY_CRITICAL:
        return "CRITICAL  ";
    case SEVERITY_WARNING:
        return "WARNING   ";
    case SEVERITY_NOTICE:
        return "Notice    ";
    default:
        return "          ";
    }
}

static void add_finding(const struct page *p, const struct finding *f)
{
    if (f->muted[0] != '\0') {
        return;
    }
    if (phrasing_is_one_of(f, findings_by_id(p->list, f->root))) {
        add_listing(p, f);
        return;
    }
    if (f->root != 0) {
        add_paragraph(p, "and: ", f->headline, INDENT);
        return;
    }
    buffer_add_char(p->out, '\n');
    struct buffer safe;
    buffer_init(&safe, MAX_TEXT);
    buffer_add_string(&safe, f->until != 0 ? "(over) " : "");
    escape_terminal(&safe, span_of(f->headline));
    buffer_add_string(p->out, word_of(f->severity));
    size_t column = strlen(word_of(f->severity));
    wrap(p, buffer_span(&safe), column, column);
    buffer_free(&safe);
    add_details(p, f);
}

void findings_text_add(
    struct buffer *out, const struct findings *f, size_t width)
{
    struct page p = {out, width, f};
    size_t muted = 0;
    for (size_t i = 0; i < f->n; i++) {
        muted += f->items[i].muted[0] != '\0';
        add_finding(&p, &f->items[i]);
    }
    if (f->n == muted) {
        buffer_add_string(out, "Nothing is wrong that the logs tell of.\n");
    }
    if (muted > 0) {
        buffer_addf(out, "\n%zu muted by the configuration.\n", muted);
    }
}
