/* SPDX-License-Identifier: MIT */
/*
 * Sentences, not scores: each says one number with its unit and direction,
 * and what is first to do about it.  What was measured is told; what is
 * unusual is not judged here.
 */
#include "report/story.h"

#include "base/memory.h"
#include "report/format.h"

#include <inttypes.h>
#include <stdlib.h>

#define SENTENCE_LIMIT ((size_t)64 * 1024)

/* More listings than this are left to the table. */
enum { LISTINGS_NAMED = 3 };

/* A sentence in the making. */
struct pen {
    struct story *story;
    const struct gather *g;
    struct buffer text;
};

static void finish(struct pen *pen, enum story_mood mood, const char *about)
{
    struct story *s = pen->story;
    s->sentences = memory_grow(s->sentences, s->n + 1, sizeof *s->sentences);
    s->sentences[s->n++] = (struct story_sentence){.mood = mood,
        .about = about,
        .text = memory_copy(buffer_span(&pen->text))};
    buffer_reset(&pen->text);
}

static void say(struct pen *pen, const char *text)
{
    buffer_add_string(&pen->text, text);
}

/* "1 log", "12,345 logs". */
static void say_count(
    struct pen *pen, int64_t n, const char *one, const char *many)
{
    format_count(&pen->text, n);
    buffer_addf(&pen->text, " %s", n == 1 ? one : many);
}

const char *story_ask(const struct gather *g, lexicon_fn *fn, struct span cause,
    struct span detail)
{
    char a[128];
    char b[128];
    if (cause.len >= sizeof a || detail.len >= sizeof b) {
        return "";
    }
    memcpy(a, cause.ptr, cause.len);
    a[cause.len] = '\0';
    memcpy(b, detail.ptr, detail.len);
    b[detail.len] = '\0';
    return lexicon_ask(gather_lexicon(g), fn, a, b);
}

void story_add_cause(struct buffer *out, const struct gather *g,
    struct span cause, struct span detail)
{
    const char *title =
        story_ask(g, gather_lexicon(g)->cause_title, cause, detail);
    if (*title != '\0') {
        buffer_add_string(out, title);
        return;
    }
    buffer_add(out, cause);
    buffer_add_string(out, ": ");
    buffer_add(out, detail);
}

const char *story_side(const char *side)
{
    static const struct {
        const char *side;
        const char *text;
    } texts[] = {
        {"us", "for us to act on"},
        {"them", "for the receiving side to act on"},
        {"addressee", "the addresses themselves are at fault"},
        {"both", "for both sides to act on"},
        {"nobody", "retrying is enough"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(side, texts[i].side) == 0) {
            return texts[i].text;
        }
    }
    return "";
}

static void tell_listing(struct pen *pen, const struct table *t, size_t row)
{
    struct span address = table_text(t, row, "address");
    buffer_add(&pen->text,
        address.len > 0 ? address : SPAN_LITERAL("An address of ours"));
    say(pen, " is listed on ");
    buffer_add(&pen->text, table_text(t, row, "dnsbl"));
    say(pen, " since ");
    format_time(&pen->text, table_integer(t, row, "first_seen"));
    say(pen, ": ");
    say_count(pen, table_integer(t, row, "attempts"), "failed attempt",
        "failed attempts");
    say(pen, ". Mend the reason first, then ask for removal.");
    finish(pen, STORY_ALARM, "dnsbl");
}

static void tell_listings(struct pen *pen)
{
    static const struct span ongoing = SPAN_INIT("ongoing");
    const struct table *t = gather_table(pen->g, "dnsbl");
    int64_t n = 0;
    for (size_t row = 0; row < table_n_rows(t); row++) {
        if (span_equal(table_text(t, row, "state"), ongoing) &&
            n++ < LISTINGS_NAMED) {
            tell_listing(pen, t, row);
        }
    }
    if (n > LISTINGS_NAMED) {
        say_count(
            pen, n - LISTINGS_NAMED, "more listing is", "more listings are");
        say(pen, " ongoing.");
        finish(pen, STORY_ALARM, "dnsbl");
    }
}

static void add_top_cause(struct pen *pen, const char *direction)
{
    const struct lexicon *lexicon = gather_lexicon(pen->g);
    const struct table *t = gather_table(pen->g, "causes");
    size_t row = gather_next_row(t, direction, 0);
    if (row == table_n_rows(t)) {
        return;
    }
    struct span cause = table_text(t, row, "cause");
    struct span detail = table_text(t, row, "detail");
    bool is_outbound = strcmp(direction, "outbound") == 0;
    say(pen, is_outbound ? "Most often the cause was "
                         : "Most often we refused because of ");
    story_add_cause(&pen->text, pen->g, cause, detail);
    say(pen, ": ");
    format_share(&pen->text, table_number(t, row, "share"));
    say(pen, " of the failed attempts");
    const char *side =
        story_side(story_ask(pen->g, lexicon->side, cause, detail));
    if (is_outbound && *side != '\0') {
        buffer_addf(&pen->text, ", %s", side);
    }
    const char *advice = story_ask(pen->g, lexicon->advice, cause, detail);
    size_t len = strcspn(advice, "\t\n");
    if (is_outbound && len > 0) {
        buffer_addf(&pen->text, ". First step: %.*s", (int)len, advice);
    }
    say(pen, ".");
}

static void tell_outbound(struct pen *pen, const struct gather_totals *totals)
{
    int64_t failed = totals->bounced + totals->expired;
    say(pen, "Outbound: of ");
    say_count(pen, totals->delivered + failed, "recipient", "recipients");
    say(pen, ", ");
    format_count(&pen->text, totals->delivered);
    say(pen, " got their mail, ");
    format_count(&pen->text, totals->bounced);
    say(pen, " were refused and ");
    format_count(&pen->text, totals->expired);
    say(pen, " given up, a failure rate of ");
    format_share(&pen->text, totals->failure_rate);
    say(pen, ". ");
    say_count(pen, totals->deferred, "attempt was", "attempts were");
    say(pen, " put off for now. ");
    add_top_cause(pen, "outbound");
    finish(pen, STORY_FACT, "causes");
}

static void tell_inbound(struct pen *pen, const struct gather_totals *totals)
{
    say(pen, "Inbound: we accepted ");
    say_count(pen, totals->accepted, "message", "messages");
    say(pen, " and refused ");
    format_count(&pen->text, totals->rejected);
    say(pen, " (");
    format_share(&pen->text, totals->failure_rate);
    say(pen, "); ");
    say_count(pen, totals->deferred, "attempt was", "attempts were");
    say(pen, " put off for now. ");
    add_top_cause(pen, "inbound");
    finish(pen, STORY_FACT, "causes");
}

static void tell_dns(struct pen *pen)
{
    int64_t n = gather_cause_attempts(pen->g, "outbound", "dns");
    if (n > 0) {
        say(pen, "DNS stood behind ");
        say_count(
            pen, n, "failed outbound attempt", "failed outbound attempts");
        say(pen, ".");
        finish(pen, STORY_FACT, "dns");
    }
}

static void tell_not_understood(struct pen *pen)
{
    static const char *const directions[] = {"outbound", "inbound"};
    struct gather_logs logs = gather_logs(pen->g);
    for (int i = 0; i < 2; i++) {
        int64_t n = gather_cause_attempts(pen->g, directions[i], "unknown");
        if (n > 0) {
            say(pen, "For ");
            format_count(&pen->text, n);
            buffer_addf(&pen->text, " failed %s %s no cause could be named.",
                directions[i], n == 1 ? "attempt" : "attempts");
            finish(pen, STORY_FACT, "unknown");
        }
    }
    if (logs.unknown > 0) {
        format_count(&pen->text, logs.unknown);
        say(pen, " of ");
        say_count(pen, logs.known + logs.unknown, "line", "lines");
        say(pen, " of the mail server (");
        format_share(&pen->text,
            (double)logs.unknown / (double)(logs.known + logs.unknown));
        say(pen, ") are of no known form.");
        finish(pen, STORY_WARNING, "unknown");
    }
}

static void tell_logs(struct pen *pen)
{
    struct gather_logs logs = gather_logs(pen->g);
    if (logs.damaged > 0) {
        format_count(&pen->text, logs.damaged);
        say(pen, " of ");
        say_count(pen, logs.sources, "log", "logs");
        say(pen, " could be read only in part; what lies behind the damage is "
                 "not counted.");
        finish(pen, STORY_WARNING, "sources");
    }
    if (logs.overflow > 0) {
        say_count(pen, logs.overflow, "fact", "facts");
        say(pen, " beyond a limit were counted under (other).");
        finish(pen, STORY_WARNING, "sources");
    }
    if (logs.hours_suspected > 0) {
        say_count(pen, logs.hours_suspected, "hour of a log overlaps",
            "hours of logs overlap");
        say(pen, " with another log without being equal, and may be counted "
                 "twice.");
        finish(pen, STORY_WARNING, "sources");
    }
}

struct story *story_tell(const struct gather *g)
{
    struct pen pen = {.story = memory_zalloc(1, sizeof(struct story)), .g = g};
    struct gather_totals out = gather_totals(g, "outbound");
    struct gather_totals in = gather_totals(g, "inbound");
    buffer_init(&pen.text, SENTENCE_LIMIT);
    if (!out.is_there && !in.is_there) {
        say(&pen, "No mail was found in the period.");
        finish(&pen, STORY_WARNING, "sources");
    }
    tell_listings(&pen);
    if (out.is_there) {
        tell_outbound(&pen, &out);
    }
    tell_dns(&pen);
    if (in.is_there) {
        tell_inbound(&pen, &in);
    }
    tell_logs(&pen);
    tell_not_understood(&pen);
    buffer_free(&pen.text);
    return pen.story;
}

void story_free(struct story *s)
{
    if (s != NULL) {
        for (size_t i = 0; i < s->n; i++) {
            free(s->sentences[i].text);
        }
        free(s->sentences);
        free(s);
    }
}
