/* SPDX-License-Identifier: MIT */
#include "pipeline/counter.h"

#include "aggregate/redact.h"
#include "base/limits.h"
#include "classify/template.h"

/* ---- to the tally, now or by a batch ---- */

static void count_event(
    void *context, const struct event *e, const struct verdict *v, bool first)
{
    struct counter *c = context;
    struct correlation correlation;
    if (first) {
        tally_add_event_line(c->tally, e);
    }
    uint32_t reply = tally_reply(c->tally, e, v);
    correlator_add(c->correlator, e, v->provider, reply, &correlation);
    tally_add(c->tally, e, v, reply, &correlation);
}

static void count_lines(void *context, struct span mta, struct span program,
    enum line_class class, int64_t n)
{
    struct counter *c = context;
    tally_add_lines(c->tally, mta, program, class, n);
}

static void count_unknown(void *context, struct span mta, struct span program,
    struct span template, struct span line)
{
    struct counter *c = context;
    tally_add_unknown(c->tally, mta, program, template, line);
}

static void count_held(void *context, const struct event *e, uint64_t key)
{
    struct counter *c = context;
    int64_t seq = correlator_hold(c->correlator, e->host, e->queue_id);
    held_add(c->held, e, key, seq);
}

void counter_count(struct counter *c, const struct batch *b)
{
    struct batch_taker taker = {
        count_event, count_lines, count_unknown, count_held, c};
    batch_give(b, &taker);
}

static void give_lines(struct counter *c, struct span mta, struct span program,
    enum line_class class, int64_t n)
{
    if (c->batch != NULL) {
        batch_lines(c->batch, mta, program, class, n);
    } else {
        count_lines(c, mta, program, class, n);
    }
}

static void give_event(struct counter *c, const struct event *e,
    const struct verdict *v, bool first)
{
    if (c->batch == NULL) {
        count_event(c, e, v, first);
        return;
    }
    batch_event(c->batch, e, v, first);
    if (batch_is_full(c->batch)) {
        c->hand_over(c->hand_over_context);
    }
}

/* ---- lines ---- */

static void flush_run(struct counter *c)
{
    if (c->run_len > 0) {
        struct span program = {c->run_program, c->run_program_len};
        give_lines(c, c->run_mta, program, c->run_class, c->run_len);
        c->run_len = 0;
    }
}

/* Count a line that gave no event. */
static void add_to_run(struct counter *c, const struct parsed_line *p)
{
    /* programs that are no MTA are not told apart: their names are endless */
    struct span program =
        p->class == LINE_IGNORED ? p->program : SPAN_LITERAL("");
    struct span running = {c->run_program, c->run_program_len};
    if (c->run_len == 0 || c->run_class != p->class ||
        c->run_mta.ptr != p->mta.ptr || !span_equal(running, program)) {
        flush_run(c);
        c->run_class = p->class;
        c->run_mta = p->mta;
        c->run_program_len = program.len < sizeof(c->run_program)
                                 ? program.len
                                 : sizeof(c->run_program);
        if (c->run_program_len > 0) {
            memcpy(c->run_program, program.ptr, c->run_program_len);
        }
    }
    c->run_len++;
}

static void add_unknown(struct counter *c, const struct parsed_line *p)
{
    char text[LIMIT_TEMPLATE_LEN];
    char masked[LIMIT_REPLY_LEN];
    struct template_names names = {.kept = NULL};
    struct own_words own = ownwords_in(p->message);
    /* "x@example.org", which a template shows as "{address}" */
    struct redaction hiding = {.own = &own, .instead = SPAN_LITERAL("x")};
    struct span message =
        redact_line(p->message, &hiding, masked, sizeof(masked));
    struct span template = template_make(&names, message, text);
    if (c->batch != NULL) {
        batch_unknown(c->batch, p->mta, p->program, template, p->message);
    } else {
        count_unknown(c, p->mta, p->program, template, p->message);
    }
}

static bool only_correlates(const struct event *e)
{
    return e->kind == EVENT_ARRIVAL || e->kind == EVENT_SENDER ||
           e->kind == EVENT_RELEASE;
}

/* The classifier looks at names as they are, what comes behind it need not. */
static void add_event(struct counter *c, const struct event *read, bool first)
{
    struct verdict verdict = {.key = 0};
    struct privacy_scratch scratch;
    struct event hidden;
    const struct event *e = read;
    c->n_events++;
    if (privacy_hides_domains(c->privacy)) {
        hidden = *read;
        privacy_event(c->privacy, &hidden, &scratch);
        e = &hidden;
    }
    if (tally_wants_verdict(read)) {
        classifier_judge(c->classifier, read, &verdict);
    } else if (!only_correlates(read)) {
        verdict.provider = classifier_provider(c->classifier, read);
    }
    give_event(c, e, &verdict, first);
}

static void add_events(struct counter *c, struct parsed_line *p, uint64_t hash)
{
    bool first = true;
    do {
        p->event.line_hash = hash;
        add_event(c, &p->event, first);
        first = false;
    } while (parser_more(c->parser, p));
}

/* Where the source before may tell what a line leaves out, it waits for that
 * one.  Domains that are to be hidden cannot be found in a line: it is then
 * counted as it is. */
static bool hold(struct counter *c, struct parsed_line *p)
{
    char text[2 * LIMIT_HELD_LEN];
    if (!p->unsure || c->held == NULL || c->n_held >= LIMIT_HELD_LINES ||
        p->event.line.len > LIMIT_HELD_LEN ||
        privacy_hides_domains(c->privacy)) {
        return false;
    }
    struct event e = p->event;
    e.line_hash = tally_line_hash(&e);
    e.line = held_hide(c->privacy, &e, e.line, text, sizeof(text));
    c->n_held++;
    if (c->batch == NULL) {
        count_held(c, &e, p->key);
        return true;
    }
    batch_held(c->batch, &e, p->key);
    if (batch_is_full(c->batch)) {
        c->hand_over(c->hand_over_context);
    }
    return true;
}

static void add_line(struct counter *c, struct parsed_line *p)
{
    c->n_lines++;
    if (hold(c, p)) {
        return;
    }
    if (p->class == LINE_EVENT) {
        add_events(c, p, tally_line_hash(&p->event));
    } else if (p->class == LINE_UNKNOWN) {
        add_unknown(c, p);
    } else {
        add_to_run(c, p);
    }
}

void counter_line(struct counter *c, struct span line)
{
    struct parsed_line p;
    parser_line(c->parser, line, &p);
    if (p.class != LINE_UNSET) { /* part of a record that has several lines */
        add_line(c, &p);
    }
}

/* Lines of the source that were not held may lie between this one and the
 * next: nothing of its queue IDs stays open (see correlator_hold()). */
struct span counter_again(struct counter *c, const struct parser_unsure *line,
    uint64_t hash, char *out, size_t out_len)
{
    struct parsed_line p;
    if (!parser_again(c->parser, line, &p)) {
        return line->message;
    }
    struct event first = p.event;
    struct span hidden = (c->privacy != NULL ? held_hide_again : held_hide)(
        c->privacy, &first, line->message, out, out_len);
    if (p.class == LINE_EVENT) {
        add_events(c, &p, hash);
    } else {
        add_line(c, &p);
    }
    correlator_hold(c->correlator, line->host, first.queue_id);
    return hidden;
}

void counter_rest(struct counter *c)
{
    struct parsed_line p;
    while (parser_rest(c->parser, &p)) {
        add_line(c, &p);
    }
}

void counter_overlong(struct counter *c, uint64_t n)
{
    if (n > 0) {
        give_lines(
            c, SPAN_LITERAL(""), SPAN_LITERAL(""), LINE_OVERLONG, (int64_t)n);
    }
}

void counter_settle(struct counter *c)
{
    flush_run(c);
}

size_t counter_bytes(const struct counter *c)
{
    return tally_bytes(c->tally) + correlator_bytes(c->correlator) +
           (c->held != NULL ? held_bytes(c->held) : 0);
}
