/* SPDX-License-Identifier: MIT */
/*
 * A list of <details>, which fold without script and with the keyboard.
 */
#include "report/html_causes.h"

#include "report/escape.h"
#include "report/format.h"
#include "report/html_table.h"
#include "report/naming.h"

/* Providers and templates named under a cause. */
enum { MOST_NAMED = 4 };

/* One cause. */
struct item {
    const struct gather *g;
    const char *direction;
    const struct table *table;
    size_t row;
    struct span cause;
    struct span detail;
};

/* A class name must not hold log text: causes of ours are of these. */
static bool is_plain_name(struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        if ((s.ptr[i] < 'a' || s.ptr[i] > 'z') && s.ptr[i] != '_') {
            return false;
        }
    }
    return s.len > 0;
}

static bool is_same(const struct table *t, size_t row, const struct item *item)
{
    return span_equal(table_text(t, row, "cause"), item->cause) &&
           span_equal(table_text(t, row, "detail"), item->detail);
}

/* Against the period compared with, if one is. */
static void add_change(struct buffer *out, const struct item *item)
{
    size_t i = table_find(item->table, "attempts_change");
    if (i < table_n_columns(item->table)) {
        buffer_add_string(out, " <i>(");
        format_change(
            out, table_integer(item->table, item->row, "attempts_change"));
        buffer_add_string(out, ")</i>");
    }
}

static void add_summary(struct buffer *out, const struct item *item)
{
    struct buffer title;
    buffer_init(&title, 4096);
    naming_add_cause(&title, item->g, item->cause, item->detail);
    buffer_add_string(out, "<summary><span class=\"dot ");
    buffer_add(out,
        is_plain_name(item->cause) ? item->cause : SPAN_LITERAL("unknown"));
    buffer_add_string(out, "\"></span><span class=\"name\">");
    escape_html(out, buffer_span(&title));
    buffer_free(&title);
    buffer_add_string(out, "</span><span class=\"amount\"><b>");
    format_count(out, table_integer(item->table, item->row, "attempts"));
    buffer_add_string(out, "</b> attempts");
    add_change(out, item);
    buffer_add_string(out, "</span><span class=\"part\">");
    format_share(out, table_number(item->table, item->row, "share"));
    buffer_add_string(out, "</span>");
    html_table_bar(out, table_number(item->table, item->row, "share"));
    buffer_add_string(out, "</summary>\n");
}

static void add_when(struct buffer *out, const struct item *item)
{
    bool is_outbound = strcmp(item->direction, "outbound") == 0;
    int64_t domains = table_integer(item->table, item->row, "domains");
    buffer_add_string(out, "<p class=\"facts\">");
    format_count(out, domains);
    buffer_addf(out, " %s domain%s, first ",
        is_outbound ? "recipient" : "sender", domains == 1 ? "" : "s");
    format_time(out, table_integer(item->table, item->row, "first_seen"));
    buffer_add_string(out, ", last ");
    format_time(out, table_integer(item->table, item->row, "last_seen"));
    buffer_add_string(out, " UTC");
    const char *side = naming_side(naming_ask(
        item->g, gather_lexicon(item->g)->side, item->cause, item->detail));
    if (*side != '\0' && is_outbound) {
        buffer_add_string(out, "; ");
        escape_html(out, span_of(side));
    }
    buffer_add_string(out, ".</p>\n");
}

/* The providers that answered so. */
static void add_providers(struct buffer *out, const struct item *item)
{
    const struct table *t = gather_table(item->g, "details");
    int n = 0;
    for (size_t row = gather_next_row(t, item->direction, 0);
         row < table_n_rows(t) && n < MOST_NAMED;
         row = gather_next_row(t, item->direction, row + 1)) {
        struct span provider = table_text(t, row, "provider");
        if (!is_same(t, row, item) || provider.len == 0) {
            continue;
        }
        buffer_add_string(
            out, n++ == 0 ? "<p class=\"facts\">Mostly at " : ", ");
        escape_html(out, provider);
        buffer_add_string(out, " (");
        format_count(out, table_integer(t, row, "attempts"));
        buffer_add_char(out, ')');
    }
    buffer_add_string(out, n > 0 ? ".</p>\n" : "");
}

/* What was answered, most frequent first. */
static void add_replies(struct buffer *out, const struct item *item)
{
    const struct table *t = gather_table(item->g, "templates");
    int n = 0;
    for (size_t row = gather_next_row(t, item->direction, 0);
         row < table_n_rows(t) && n < MOST_NAMED;
         row = gather_next_row(t, item->direction, row + 1)) {
        if (!is_same(t, row, item)) {
            continue;
        }
        buffer_add_string(out, n++ == 0 ? "<ul class=\"replies\">\n" : "");
        buffer_add_string(out, "<li><code>");
        const struct cell *code =
            table_cell(t, row, table_find(t, "reply_code"));
        format_machine(out, code, COLUMN_CODE);
        buffer_add_char(out, ' ');
        escape_html(out, table_text(t, row, "enhanced_code"));
        buffer_add_char(out, ' ');
        escape_html(out, table_text(t, row, "template"));
        buffer_add_string(out, "</code></li>\n");
    }
    buffer_add_string(out, n > 0 ? "</ul>\n" : "");
}

/* Advice with its placeholders as words in angle brackets: what a command is
 * to be run on is for the reader to fill in, never log text. */
static void add_words(struct buffer *out, struct span advice)
{
    struct buffer words;
    buffer_init(&words, 4096);
    for (size_t i = 0; i < advice.len; i++) {
        char c = advice.ptr[i];
        buffer_add_char(&words, c == '{' ? '<' : c == '}' ? '>' : c);
    }
    escape_html(out, buffer_span(&words));
    buffer_free(&words);
}

/* One step: title TAB text TAB command. */
static void add_step(struct buffer *out, struct span step)
{
    struct span title = span_first(step, span_find(step, SPAN_LITERAL("\t")));
    struct span rest =
        span_skip(step, title.len < step.len ? title.len + 1 : title.len);
    struct span text = span_first(rest, span_find(rest, SPAN_LITERAL("\t")));
    struct span command =
        span_skip(rest, text.len < rest.len ? text.len + 1 : text.len);
    buffer_add_string(out, "<li><b>");
    escape_html(out, title);
    buffer_add_string(out, ".</b> ");
    add_words(out, text);
    if (command.len > 0) {
        buffer_add_string(out, " <code class=\"command\">");
        add_words(out, command);
        buffer_add_string(out, "</code>");
    }
    buffer_add_string(out, "</li>\n");
}

static void add_advice(struct buffer *out, const struct item *item)
{
    struct span rest = span_of(naming_ask(
        item->g, gather_lexicon(item->g)->advice, item->cause, item->detail));
    if (rest.len == 0) {
        return;
    }
    buffer_add_string(out, "<ol class=\"steps\">\n");
    while (rest.len > 0) {
        size_t end = span_find(rest, SPAN_LITERAL("\n"));
        if (end > 0) {
            add_step(out, span_first(rest, end));
        }
        rest = span_skip(rest, end < rest.len ? end + 1 : end);
    }
    buffer_add_string(out, "</ol>\n");
}

static void add_item(struct buffer *out, const struct item *item)
{
    const char *definition = naming_ask(item->g,
        gather_lexicon(item->g)->definition, item->cause, item->detail);
    buffer_add_string(out, "<details>");
    add_summary(out, item);
    buffer_add_string(out, "<div class=\"fold\">\n");
    if (*definition != '\0') {
        buffer_add_string(out, "<p>");
        escape_html_prose(out, span_of(definition));
        buffer_add_string(out, "</p>\n");
    }
    add_when(out, item);
    add_providers(out, item);
    add_replies(out, item);
    if (strcmp(item->direction, "outbound") == 0) {
        add_advice(out, item);
    }
    buffer_add_string(out, "</div></details></li>\n");
}

void html_causes_add(struct buffer *out, const struct gather *g,
    const char *direction, const struct html_cross *cross)
{
    const struct table *t = gather_table(g, "causes");
    size_t row = gather_next_row(t, direction, 0);
    if (row == table_n_rows(t)) {
        buffer_add_string(out, "<p class=\"none\">Nothing failed.</p>\n");
        return;
    }
    size_t number = 0;
    buffer_add_string(out, "<ol class=\"causes\">\n");
    while (row < table_n_rows(t)) {
        struct item item = {g, direction, t, row, table_text(t, row, "cause"),
            table_text(t, row, "detail")};
        buffer_add_string(out, "<li");
        html_cross_add_cause(out, cross, number++);
        buffer_add_char(out, '>');
        add_item(out, &item);
        row = gather_next_row(t, direction, row + 1);
    }
    buffer_add_string(out, "</ol>\n");
}
