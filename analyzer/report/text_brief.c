/* SPDX-License-Identifier: MIT */
/*
 * A mail program shows this without colours, so rank is told by words and
 * order alone.
 */
#include "report/text_brief.h"

#include "report/answers.h"
#include "report/phrasing.h"
#include "report/text_out.h"
#include "report/utf8.h"

#include <ctype.h>
#include <inttypes.h>

#define TEXT_LIMIT ((size_t)64 * 1024)

/* A mail that is not read to its end says the rest in one line. */
enum {
    MOST_FINDINGS = 8,
    MOST_FOLLOWING = 3,
    MOST_LISTS = 12,
    LABEL = 18,
    INDENT = 5
};

/* --- lines -------------------------------------------------------------- */

/* ${text} from column ${indent} on, after ${label} in its first line. */
static void add_hanging(struct buffer *out, const char *label, struct span text,
    size_t indent, size_t width)
{
    size_t begin = out->len;
    text_out_wrap(out, text, indent, width);
    size_t len = strlen(label);
    if (out->len > begin + indent && len <= indent) {
        memcpy(out->bytes + begin, label, len);
    }
}

/* Each line of ${text} by itself, the first after ${label}. */
static void add_lines(struct buffer *out, const char *label, struct span text,
    size_t indent, size_t width)
{
    while (text.len > 0) {
        size_t end = span_find(text, SPAN_LITERAL("\n"));
        add_hanging(out, label, span_first(text, end), indent, width);
        text = span_skip(text, end < text.len ? end + 1 : end);
        label = "";
    }
}

/* --- findings ----------------------------------------------------------- */

/* The title, the first sentence unless it stands above, and what to type or
 * open. */
static void add_step(struct buffer *out, const struct gather *g,
    const struct finding *f, size_t width)
{
    struct buffer text;
    buffer_init(&text, TEXT_LIMIT);
    const struct finding_step *step = &f->advice[0];
    struct span whole = span_of(step->text);
    size_t end = span_find(whole, SPAN_LITERAL(". "));
    if (gather_is_explained(g, f, step, 1)) {
        buffer_addf(&text, "%s, as above.", step->title);
    } else {
        buffer_addf(&text, "%s. ", step->title);
        buffer_add(&text, span_first(whole, end));
        buffer_add_string(&text, end < whole.len ? "." : "");
    }
    add_hanging(out, "  ->", buffer_span(&text), INDENT, width);
    /* A command that does not fit is no use broken: the page and the command
     * "findings" have it. */
    if (*step->command != '\0' &&
        utf8_columns(span_of(step->command)) + INDENT + 2 <= width) {
        buffer_addf(out, "%*s", INDENT + 2, "");
        text_out_fit(out, span_of(step->command), SIZE_MAX);
        buffer_add_char(out, '\n');
    }
    if (*step->url != '\0') {
        buffer_addf(out, "%*s", INDENT + 2, "");
        text_out_fit(out, span_of(step->url), SIZE_MAX);
        buffer_add_char(out, '\n');
    }
    buffer_free(&text);
}

/* What there is to say of a finding without advice. */
static void add_notes(struct buffer *out, const struct finding *f, size_t width)
{
    for (size_t i = 0; i < f->n_notes; i++) {
        add_hanging(out, "  ->", span_of(f->notes[i]), INDENT, width);
    }
}

/* A list that the address ${f} is on, with its page. */
static void add_list(struct buffer *out, const struct finding *f, size_t width)
{
    struct buffer text;
    buffer_init(&text, TEXT_LIMIT);
    phrasing_add_listing(&text, f);
    add_hanging(out, "   +", buffer_span(&text), INDENT, width);
    buffer_free(&text);
    if (*phrasing_page(f) != '\0') {
        buffer_addf(out, "%*s", INDENT + 2, "");
        text_out_fit(out, span_of(phrasing_page(f)), SIZE_MAX);
        buffer_add_char(out, '\n');
    }
}

static void add_lists(struct buffer *out, const struct gather *g,
    const struct finding *f, size_t width)
{
    const struct findings *found = gather_findings(g);
    size_t n = 0;
    for (size_t i = 0; i < found->n; i++) {
        const struct finding *other = &found->items[i];
        if (phrasing_is_one_of(other, f) && other->root == f->id &&
            gather_place(g, other) == GATHER_OPEN && n++ < MOST_LISTS) {
            add_list(out, other, width);
        }
    }
    if (n > MOST_LISTS) {
        buffer_addf(out, "%*sand %zu more lists: smtpscope findings\n", INDENT,
            "", n - MOST_LISTS);
    }
}

static void add_following(struct buffer *out, const struct gather *g,
    const struct finding *f, size_t width)
{
    const struct findings *found = gather_findings(g);
    size_t n = 0;
    for (size_t i = 0; i < found->n; i++) {
        const struct finding *other = &found->items[i];
        if (other->root == f->id && !phrasing_is_one_of(other, f) &&
            gather_place(g, other) == GATHER_OPEN && n++ < MOST_FOLLOWING) {
            add_hanging(out, "   +", span_of(other->headline), INDENT, width);
        }
    }
    if (n > MOST_FOLLOWING) {
        buffer_addf(out, "%*sand %zu more follow from it\n", INDENT, "",
            n - MOST_FOLLOWING);
    }
}

static void add_finding(struct buffer *out, const struct gather *g,
    const struct finding *f, size_t number, size_t width)
{
    struct buffer text;
    char label[16];
    buffer_init(&text, TEXT_LIMIT);
    for (const char *c = phrasing_severity(f); *c != '\0'; c++) {
        buffer_add_char(&text, (char)toupper((unsigned char)*c));
    }
    buffer_addf(&text, ": %s", f->headline);
    sqlite3_snprintf((int)sizeof label, label, "%3d.", (int)number);
    add_hanging(out, label, buffer_span(&text), INDENT, width);
    buffer_reset(&text);
    phrasing_add_facts(&text, f);
    add_hanging(out, "", buffer_span(&text), INDENT, width);
    buffer_free(&text);
    if (f->n_advice > 0) {
        add_step(out, g, f, width);
    } else {
        add_notes(out, f, width);
    }
    add_lists(out, g, f, width);
    add_following(out, g, f, width);
}

void text_brief_findings(
    struct buffer *out, const struct gather *g, size_t width)
{
    const struct findings *found = gather_findings(g);
    size_t n = 0;
    buffer_add_string(out, "\nWHAT NEEDS ATTENTION\n");
    for (size_t i = 0; i < found->n; i++) {
        if (gather_is_head(g, &found->items[i], GATHER_OPEN) &&
            n++ < MOST_FINDINGS) {
            add_finding(out, g, &found->items[i], n, width);
        }
    }
    if (n == 0) {
        buffer_add_string(out, "  Nothing is out of the ordinary.\n");
    } else if (n > MOST_FINDINGS) {
        buffer_addf(
            out, "  and %zu more: smtpscope findings\n", n - MOST_FINDINGS);
    }
}

/* --- answers ------------------------------------------------------------ */

void text_brief_answers(
    struct buffer *out, const struct gather *g, size_t width)
{
    struct answers *answers = answers_give(g);
    buffer_add_string(out, "\nIN SHORT\n");
    for (size_t i = 1; i < N_ANSWERS; i++) {
        char label[LABEL + 1];
        const struct answer *a = &answers->items[i];
        sqlite3_snprintf((int)sizeof label, label, "  %s", a->question);
        add_lines(out, label, span_of(a->text), LABEL, width);
    }
    answers_free(answers);
}
