/* SPDX-License-Identifier: MIT */
/*
 * Read at seven in the morning, in a terminal or a mail: first what calls for
 * somebody, then what went out, what came in, and last how far the logs can
 * be trusted.  Every number says what it counts.
 */
#include "report/summary.h"

#include "report/escape.h"
#include "report/format.h"
#include "report/naming.h"
#include "report/phrasing.h"
#include "report/text_brief.h"
#include "report/text_out.h"
#include "report/trust.h"
#include "report/utf8.h"

#include <inttypes.h>

#define CELL_LIMIT ((size_t)64 * 1024)

enum {
    WIDTH = 78,
    NAME_WIDTH = 36,
    MOST_CAUSES = 5,
    MOST_INBOUND_CAUSES = 4,
    MOST_PLACES = 4,
    MOST_LISTINGS = 4,
    MOST_DAMAGED = 3
};

/* --- pieces ------------------------------------------------------------- */

static void pad_to(struct buffer *out, size_t begin, size_t column)
{
    struct span line = span_skip(buffer_span(out), begin);
    for (size_t n = utf8_columns(line); n < column; n++) {
        buffer_add_char(out, ' ');
    }
}

/* A cell as people read it, at the right of ${width} columns. */
static void add_right(struct buffer *out, const struct table *t, size_t row,
    const char *name, size_t width)
{
    struct buffer text;
    size_t i = table_find(t, name);
    buffer_init(&text, CELL_LIMIT);
    format_human(&text, table_cell(t, row, i), table_column(t, i)->kind);
    for (size_t n = utf8_columns(buffer_span(&text)); n < width; n++) {
        buffer_add_char(out, ' ');
    }
    buffer_add(out, buffer_span(&text));
    buffer_free(&text);
}

/* "NAME  " in NAME_WIDTH columns after an indent of two. */
static void add_name(struct buffer *out, struct span name)
{
    size_t begin = out->len;
    buffer_add_string(out, "  ");
    text_out_fit(out, name, NAME_WIDTH);
    pad_to(out, begin, NAME_WIDTH + 2);
}

static void add_cause_name(struct buffer *out, const struct gather *g,
    const struct table *t, size_t row)
{
    struct buffer title;
    buffer_init(&title, CELL_LIMIT);
    naming_add_cause(
        &title, g, table_text(t, row, "cause"), table_text(t, row, "detail"));
    add_name(out, buffer_span(&title));
    buffer_free(&title);
}

/* --- why ---------------------------------------------------------------- */

static void add_advice(struct buffer *out, const struct gather *g,
    struct span cause, struct span detail)
{
    const struct lexicon *lexicon = gather_lexicon(g);
    const char *advice = naming_ask(g, lexicon->advice, cause, detail);
    size_t len = strcspn(advice, "\t\n");
    if (len == 0) {
        return;
    }
    struct buffer line;
    buffer_init(&line, CELL_LIMIT);
    buffer_add(&line, (struct span){advice, len});
    const char *side = naming_side(naming_ask(g, lexicon->side, cause, detail));
    if (*side != '\0') {
        buffer_addf(&line, " (%s)", side);
    }
    buffer_add_string(out, "    -> ");
    text_out_fit(out, buffer_span(&line), WIDTH - 7);
    buffer_add_char(out, '\n');
    buffer_free(&line);
}

static void add_causes(
    struct buffer *out, const struct gather *g, const char *direction, int most)
{
    const struct table *t = gather_table(g, "causes");
    size_t row = gather_next_row(t, direction, 0);
    bool is_outbound = strcmp(direction, "outbound") == 0;
    if (row == table_n_rows(t)) {
        return;
    }
    size_t begin = out->len;
    buffer_addf(out, "\n  Why%s", is_outbound ? "" : " we refused");
    pad_to(out, begin, NAME_WIDTH + 3);
    buffer_add_string(out, "  attempts    share  domains\n");
    for (int i = 0; i < most && row < table_n_rows(t); i++) {
        add_cause_name(out, g, t, row);
        add_right(out, t, row, "attempts", 11);
        add_right(out, t, row, "share", 9);
        add_right(out, t, row, "domains", 9);
        buffer_add_char(out, '\n');
        if (is_outbound) {
            add_advice(out, g, table_text(t, row, "cause"),
                table_text(t, row, "detail"));
        }
        row = gather_next_row(t, direction, row + 1);
    }
}

/* --- whom --------------------------------------------------------------- */

static int64_t failed(const struct table *t, size_t row)
{
    return table_integer(t, row, "bounced") + table_integer(t, row, "expired");
}

static void add_place(
    struct buffer *out, const struct table *t, size_t row, const char *column)
{
    struct span name = table_text(t, row, column);
    add_name(out, name.len > 0 ? name : SPAN_LITERAL("other servers"));
    add_right(out, t, row, "delivered", 11);
    struct buffer n;
    buffer_init(&n, 64);
    format_count(&n, failed(t, row));
    buffer_addf(out, "%9s", buffer_string(&n));
    buffer_free(&n);
    add_right(out, t, row, "failure_rate", 9);
    buffer_add_char(out, '\n');
}

static void add_places(struct buffer *out, const struct gather *g,
    const char *report, const char *title)
{
    const char *column = strcmp(report, "domains") == 0 ? "domain" : "provider";
    const struct table *t = gather_table(g, report);
    size_t row = gather_next_row(t, "outbound", 0);
    if (row == table_n_rows(t) || failed(t, row) == 0) {
        return;
    }
    size_t begin = out->len;
    buffer_addf(out, "\n  %s", title);
    pad_to(out, begin, NAME_WIDTH + 3);
    buffer_add_string(out, " delivered   failed     rate\n");
    for (int i = 0;
         i < MOST_PLACES && row < table_n_rows(t) && failed(t, row) > 0; i++) {
        add_place(out, t, row, column);
        row = gather_next_row(t, "outbound", row + 1);
    }
}

/* --- block lists --------------------------------------------------- */

static void add_listing(struct buffer *out, const struct gather *g, size_t row)
{
    const struct table *t = gather_table(g, "blocklists");
    struct buffer line;
    buffer_init(&line, CELL_LIMIT);
    struct span address = table_text(t, row, "address");
    bool is_own = span_equal(table_text(t, row, "kind"), SPAN_LITERAL("own"));
    buffer_add(&line, address);
    buffer_add_string(&line, address.len > 0 ? " on " : "");
    buffer_add(&line, table_text(t, row, "list"));
    buffer_add_string(&line, is_own ? ", its own list: " : ": ");
    format_count(&line, table_integer(t, row, "attempts"));
    bool goes_on =
        span_equal(table_text(t, row, "state"), SPAN_LITERAL("ongoing"));
    buffer_add_string(&line, goes_on ? ", since " : ", ");
    if (goes_on) {
        format_time(&line, gather_listed_since(g, row));
    } else {
        phrasing_add_stretch(&line, table_integer(t, row, "first_seen"),
            table_integer(t, row, "last_seen"));
    }
    buffer_add_string(out, "  ");
    text_out_fit(out, buffer_span(&line), WIDTH - 2);
    buffer_add_char(out, '\n');
    buffer_free(&line);
    struct span url = table_text(t, row, "delist_url");
    if (url.len > 0) {
        buffer_add_string(out, "    -> ");
        text_out_fit(out, url, url.len);
        buffer_add_char(out, '\n');
    }
}

static void add_listings(struct buffer *out, const struct gather *g)
{
    const struct table *t = gather_table(g, "blocklists");
    size_t n = table_n_rows(t);
    if (n > 0) {
        buffer_add_string(out, "\nWHO BLOCKS US (failed outbound attempts)\n");
    }
    for (size_t row = 0; row < n && row < MOST_LISTINGS; row++) {
        add_listing(out, g, row);
    }
    if (n > MOST_LISTINGS) {
        buffer_addf(out, "  and %zu more: smtpscope report blocklists\n",
            n - MOST_LISTINGS);
    }
}

/* --- the two directions ------------------------------------------------- */

static void add_number(struct buffer *out, const char *before, int64_t n)
{
    buffer_add_string(out, before);
    format_count(out, n);
}

static void add_outbound(struct buffer *out, const struct gather *g)
{
    struct gather_totals totals = gather_totals(g, "outbound");
    if (!totals.is_there) {
        return;
    }
    buffer_add_string(out, "\nOUTBOUND (we sent)   failure rate ");
    format_share(out, totals.failure_rate);
    add_number(out, "\n  recipients: delivered ", totals.delivered);
    add_number(out, ", bounced ", totals.bounced);
    add_number(out, ", expired ", totals.expired);
    add_number(out, "\n  attempts: put off ", totals.deferred);
    add_number(out, ", failed in all ", totals.attempts);
    buffer_add_char(out, '\n');
    add_causes(out, g, "outbound", MOST_CAUSES);
    add_places(out, g, "providers", "Whom (recipients): providers");
    add_places(out, g, "domains", "Whom (recipients): domains");
    add_listings(out, g);
}

static void add_inbound(struct buffer *out, const struct gather *g)
{
    struct gather_totals totals = gather_totals(g, "inbound");
    if (!totals.is_there) {
        return;
    }
    buffer_add_string(out, "\nINBOUND (we were sent to)   refusal rate ");
    format_share(out, totals.failure_rate);
    add_number(out, "\n  accepted ", totals.accepted);
    buffer_add_string(out, " messages");
    add_number(out, ", refused ", totals.rejected);
    add_number(out, ", put off ", totals.deferred);
    buffer_add_string(out, " attempts\n");
    add_causes(out, g, "inbound", MOST_INBOUND_CAUSES);
}

/* --- the logs ----------------------------------------------------------- */

static void add_period(struct buffer *out, const struct gather *g)
{
    int64_t from;
    int64_t until;
    struct gather_logs logs = gather_logs(g);
    const char *title = gather_title(g);
    escape_terminal(out, span_of(title != NULL ? title : "smtpscope"));
    buffer_add_string(out, ": ");
    if (gather_period(g, &from, &until)) {
        buffer_add_string(out, "mail from ");
        format_time(out, from);
        buffer_add_string(out, " to ");
        format_time(out, until);
        buffer_add_string(out, " UTC\n");
    } else {
        buffer_add_string(out, "no mail in the period\n");
    }
    add_number(out, "", logs.sources);
    buffer_add_string(out, logs.sources == 1 ? " log, " : " logs, ");
    format_size(out, (double)logs.bytes);
    add_number(out, ", ", logs.lines);
    add_number(out, " lines, of which ", logs.events);
    buffer_add_string(out, " told of mail\n");
}

static void add_damaged(struct buffer *out, const struct gather *g)
{
    const struct table *t = gather_table(g, "sources");
    int64_t damaged = gather_logs(g).damaged;
    for (size_t row = 0; row < table_n_rows(t) && row < MOST_DAMAGED; row++) {
        struct span damage = table_text(t, row, "damage");
        if (damage.len == 0) {
            break;
        }
        struct buffer line;
        buffer_init(&line, CELL_LIMIT);
        buffer_add(&line, table_text(t, row, "name"));
        buffer_add_string(&line, ": damaged ");
        buffer_add(&line, damage);
        buffer_add_string(out, "  ");
        text_out_fit(out, buffer_span(&line), WIDTH - 2);
        buffer_add_char(out, '\n');
        buffer_free(&line);
    }
    if (damaged > MOST_DAMAGED) {
        buffer_addf(out, "  and %" PRId64 " more damaged logs\n",
            damaged - MOST_DAMAGED);
    }
}

static void add_trust(struct buffer *out, const struct gather *g)
{
    struct buffer text;
    buffer_init(&text, CELL_LIMIT);
    trust_tell(&text, g);
    struct span rest = buffer_span(&text);
    buffer_add_string(
        out, rest.len > 0 ? "\nHOW FAR THIS CAN BE TRUSTED\n" : "");
    while (rest.len > 0) {
        size_t end = span_find(rest, SPAN_LITERAL("\n"));
        text_out_wrap(out, span_first(rest, end), 2, WIDTH);
        rest = span_skip(rest, end < rest.len ? end + 1 : end);
    }
    buffer_free(&text);
    add_damaged(out, g);
}

void summary_write(struct buffer *out, const struct gather *g)
{
    add_period(out, g);
    text_brief_findings(out, g, WIDTH);
    text_brief_answers(out, g, WIDTH);
    add_outbound(out, g);
    add_inbound(out, g);
    add_trust(out, g);
}
