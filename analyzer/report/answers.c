/* SPDX-License-Identifier: MIT */
/*
 * Five questions, each answered in a sentence that names who, since when and
 * how much.  Findings have the first word; where they say nothing, the tables
 * answer, so that "fine" always stands on numbers too.
 */
#include "report/answers.h"

#include "base/memory.h"
#include "report/blocked.h"
#include "report/format.h"
#include "report/naming.h"
#include "report/phrasing.h"
#include "report/rise.h"
#include "report/weekly.h"

#include <math.h>
#include <stdlib.h>

#define TEXT_LIMIT ((size_t)64 * 1024)

/* What part of all recipients is much if there is nothing to compare with. */
#define MUCH 0.1

enum { MOST_PROVIDERS = 3, DAY = 86400 };

/* An answer in the making. */
struct reply_pen {
    const struct gather *g;
    struct buffer text;
    enum answer_state state;
};

static void say(struct reply_pen *p, const char *text)
{
    buffer_add_string(&p->text, text);
}

static void say_span(struct reply_pen *p, struct span text)
{
    buffer_add(&p->text, text);
}

static void say_count(
    struct reply_pen *p, int64_t n, const char *one, const char *many)
{
    format_count(&p->text, n);
    buffer_addf(&p->text, " %s", n == 1 ? one : many);
}

static void at_least(struct reply_pen *p, enum answer_state state)
{
    p->state = state > p->state ? state : p->state;
}

static enum answer_state state_of(const struct finding *f)
{
    return f->severity >= SEVERITY_WARNING ? ANSWER_ACT : ANSWER_WATCH;
}

/* --- what to do first --------------------------------------------------- */

/* The worst finding that is open and that nothing else explains. */
static const struct finding *worst(const struct gather *g)
{
    const struct findings *found = gather_findings(g);
    for (size_t i = 0; i < found->n; i++) {
        const struct finding *f = &found->items[i];
        if (gather_place(g, f) == GATHER_OPEN && f->root == 0) {
            return f;
        }
    }
    return NULL;
}

static void answer_first(struct reply_pen *p)
{
    const struct finding *f = worst(p->g);
    if (f == NULL) {
        at_least(p, ANSWER_FINE);
        say(p, "Nothing calls for action.");
        return;
    }
    at_least(p, state_of(f));
    buffer_addf(&p->text, "%s.", f->headline);
    if (f->n_advice > 0) {
        buffer_addf(&p->text, "\nFirst step: %s.", f->advice[0].title);
    } else if (f->n_notes > 0) {
        buffer_addf(&p->text, "\n%s.", f->notes[0]);
    }
}

/* --- block lists -------------------------------------------------------- */

static void answer_lists(struct reply_pen *p)
{
    bool is_public = false;
    bool is_blocked = blocked_tell(&p->text, p->g, &is_public);
    at_least(p, is_public    ? ANSWER_ACT
                : is_blocked ? ANSWER_WATCH
                             : ANSWER_FINE);
}

/* --- who refuses us ----------------------------------------------------- */

/* ": 10.3 % of recipients failed in the last week, 2.5 % the week before" */
static void say_rates(struct reply_pen *p, const struct table *t, size_t row)
{
    size_t before = table_find(t, "rate_before");
    say(p, ": ");
    format_share(&p->text, table_number(t, row, "rate"));
    say(p, " of recipients failed in the last week");
    if (table_cell(t, row, before)->type == CELL_REAL) {
        say(p, ", ");
        format_share(&p->text, table_number(t, row, "rate_before"));
        say(p, " the week before");
    }
}

static void say_why(struct reply_pen *p, struct span provider, bool is_rise)
{
    struct rise_cause why = rise_cause_at(p->g, provider, is_rise);
    if (why.cause.len > 0) {
        say(p, is_rise ? "; the rise is mostly " : "; mostly ");
        naming_add_cause(&p->text, p->g, why.cause, why.detail);
    }
}

/* The first row of the report ${name}, which has most failures, that has a
 * name in ${column} and a failure; table_n_rows() if there is none. */
static size_t largest(
    const struct reply_pen *p, const char *name, const char *column)
{
    const struct table *t = gather_table(p->g, name);
    size_t row = gather_next_row(t, "outbound", 0);
    while (row < table_n_rows(t) &&
           (table_text(t, row, column).len == 0 ||
               table_number(t, row, "failure_rate") <= 0)) {
        row = gather_next_row(t, "outbound", row + 1);
    }
    return row;
}

static void say_most(
    struct reply_pen *p, const struct table *t, size_t row, struct span name)
{
    say(p, "Most often ");
    say_span(p, name);
    say(p, ": ");
    format_share(&p->text, table_number(t, row, "failure_rate"));
    say(p, " of its recipients");
}

/* Mail to servers of no known provider is told of by its domain. */
static void say_largest_domain(struct reply_pen *p)
{
    const struct table *t = gather_table(p->g, "domains");
    size_t row = largest(p, "domains", "domain");
    if (row == table_n_rows(t)) {
        say(p, "No recipient was refused.");
        return;
    }
    struct span why = table_text(t, row, "top_cause");
    say(p, "No well-known mailbox provider refused mail. ");
    say_most(p, t, row, table_text(t, row, "domain"));
    if (why.len > 0) {
        say(p, "; mostly ");
        naming_add_kind(&p->text, p->g, why);
    }
    say(p, ".");
}

/* Nobody compares a week with nothing: the whole period then. */
static void say_largest(struct reply_pen *p)
{
    const struct table *t = gather_table(p->g, "providers");
    size_t row = largest(p, "providers", "provider");
    if (row == table_n_rows(t)) {
        say_largest_domain(p);
        return;
    }
    struct span provider = table_text(t, row, "provider");
    say_most(p, t, row, provider);
    say_why(p, provider, false);
    say(p, ".");
}

/* Does an open finding of weight tell of mail to the provider, or of mail
 * refused wherever it goes? */
static bool is_alarming(const struct reply_pen *p, struct span provider)
{
    const struct findings *found = gather_findings(p->g);
    for (size_t i = 0; i < found->n; i++) {
        const struct finding *f = &found->items[i];
        bool concerns =
            f->scope == SCOPE_PROVIDER
                ? span_equal(span_of(f->name), provider)
                : f->scope == SCOPE_EVERYTHING || f->kind == FINDING_LISTING;
        if (concerns && f->severity >= SEVERITY_WARNING && f->until == 0 &&
            strcmp(f->direction, "outbound") == 0 &&
            gather_place(p->g, f) == GATHER_OPEN) {
            return true;
        }
    }
    return false;
}

static void answer_refused(struct reply_pen *p)
{
    const struct table *t = gather_table(p->g, "trends");
    size_t rows[MOST_PROVIDERS];
    size_t n = rise_providers(p->g, rows, MOST_PROVIDERS);
    at_least(p, ANSWER_FINE);
    for (size_t i = 0; i < n; i++) {
        struct span provider = table_text(t, rows[i], "name");
        at_least(p, is_alarming(p, provider) ? ANSWER_ACT : ANSWER_WATCH);
        say(p, i > 0 ? "\n" : "");
        say_span(p, provider);
        say_rates(p, t, rows[i]);
        say_why(p, provider, true);
        say(p, ".");
    }
    if (n == 0) {
        say(p, table_n_rows(t) > 0
                   ? "No provider refuses more than the week before.\n"
                   : "");
        bool is_much = table_n_rows(t) == 0 &&
                       gather_totals(p->g, "outbound").failure_rate >= MUCH;
        at_least(p, is_much ? ANSWER_WATCH : ANSWER_FINE);
        say_largest(p);
    }
}

/* --- DNS ---------------------------------------------------------------- */

static void say_dns_finding(struct reply_pen *p)
{
    const struct findings *found = gather_findings(p->g);
    for (size_t i = 0; i < found->n; i++) {
        const struct finding *f = &found->items[i];
        if (gather_place(p->g, f) == GATHER_OPEN &&
            strcmp(f->cause, "dns") == 0 && p->text.len == 0) {
            say(p, f->headline);
            say(p, ", ");
            phrasing_add_when(&p->text, f);
            say(p, ".");
            at_least(p, f->until == 0 ? state_of(f) : ANSWER_WATCH);
        }
    }
}

/* Attempts that failed because of ${detail}; ${state} if there are such in the
 * last day of the data. */
static void say_dns_cause(struct reply_pen *p, const char *detail,
    const char *what, enum answer_state state)
{
    const struct table *t = gather_table(p->g, "causes");
    for (size_t row = gather_next_row(t, "outbound", 0); row < table_n_rows(t);
         row = gather_next_row(t, "outbound", row + 1)) {
        if (!span_equal(table_text(t, row, "cause"), SPAN_LITERAL("dns")) ||
            !span_equal(table_text(t, row, "detail"), span_of(detail))) {
            continue;
        }
        say(p, p->text.len > 0 ? "\n" : "");
        say_count(p, table_integer(t, row, "attempts"), "attempt", "attempts");
        buffer_addf(&p->text, " %s, last ", what);
        format_time(&p->text, table_integer(t, row, "last_seen"));
        say(p, ".");
        int64_t age =
            gather_findings(p->g)->until - table_integer(t, row, "last_seen");
        at_least(p, age < DAY ? state : ANSWER_FINE);
    }
}

/* No finding tells of DNS; whether lookups fail more than usual is known if
 * there is a week to compare with. */
static void say_dns_causes(struct reply_pen *p)
{
    bool compared = table_n_rows(gather_table(p->g, "trends")) > 0;
    say_dns_cause(p, "reverse_dns",
        "failed because the reverse DNS of our address is missing or wrong",
        ANSWER_WATCH);
    say_dns_cause(p, "sender_domain",
        "failed because our sender domain does not resolve", ANSWER_WATCH);
    say_dns_cause(p, "lookup_failure", "failed because a lookup failed",
        compared ? ANSWER_FINE : ANSWER_WATCH);
    say_dns_cause(p, "host_not_found",
        "failed because the recipient's domain does not exist", ANSWER_FINE);
    at_least(p, ANSWER_FINE);
}

static void answer_dns(struct reply_pen *p)
{
    say_dns_finding(p);
    if (p->text.len > 0) {
        return;
    }
    struct reply_pen causes = {.g = p->g};
    buffer_init(&causes.text, TEXT_LIMIT);
    say_dns_causes(&causes);
    say(p, causes.text.len == 0          ? "DNS caused no failure."
           : causes.state == ANSWER_FINE ? "No sign that our DNS is broken.\n"
                                         : "Failures in the last 24 hours:\n");
    say_span(p, buffer_span(&causes.text));
    at_least(p, causes.state);
    buffer_free(&causes.text);
}

/* --- since last week ---------------------------------------------------- */

static void answer_week(struct reply_pen *p)
{
    bool is_worse = false;
    weekly_tell(&p->text, p->g, &is_worse);
    if (p->text.len > 0) {
        at_least(p, is_worse ? ANSWER_WATCH : ANSWER_FINE);
    } else {
        say(p, "The period holds no earlier week to compare with.");
    }
}

/* --- all ---------------------------------------------------------------- */

static const struct {
    const char *question;
    const char *about;
    void (*answer)(struct reply_pen *);
} questions[N_ANSWERS] = {
    {"Do first", "attention", answer_first},
    {"Block lists", "blocklists", answer_lists},
    {"Refused by", "places", answer_refused},
    {"DNS", "dns", answer_dns},
    {"Since last week", "trends", answer_week},
};

struct answers *answers_give(const struct gather *g)
{
    struct answers *a = memory_zalloc(1, sizeof *a);
    for (size_t i = 0; i < N_ANSWERS; i++) {
        struct reply_pen p = {.g = g, .state = ANSWER_UNKNOWN};
        buffer_init(&p.text, TEXT_LIMIT);
        questions[i].answer(&p);
        a->items[i] = (struct answer){.question = questions[i].question,
            .state = p.state,
            .about = questions[i].about,
            .text = memory_copy(buffer_span(&p.text))};
        buffer_free(&p.text);
    }
    return a;
}

const char *answers_state(enum answer_state state)
{
    return state == ANSWER_ACT     ? "Act"
           : state == ANSWER_WATCH ? "Watch"
           : state == ANSWER_FINE  ? "Fine"
                                   : "Not known";
}

void answers_free(struct answers *a)
{
    for (size_t i = 0; a != NULL && i < N_ANSWERS; i++) {
        free(a->items[i].text);
    }
    free(a);
}
