/* SPDX-License-Identifier: MIT */
#include "pipeline/counter.h"

#include "base/limits.h"
#include "classify/template.h"

static void flush_run(struct counter *c)
{
    if (c->run_len > 0) {
        struct span program = {c->run_program, c->run_program_len};
        tally_add_lines(
            c->tally, c->run_mta, program, c->run_class, c->run_len);
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
    struct own_words own = own_words_in(p->message);
    /* "x@example.org", which a template shows as "{address}" */
    struct samples_hiding hiding = {.own = &own, .instead = SPAN_LITERAL("x")};
    struct span message =
        samples_mask(p->message, &hiding, masked, sizeof(masked));
    struct span template = template_make(&names, message, text);
    tally_add_unknown(c->tally, p->mta, p->program, template, p->message);
}

static bool only_correlates(const struct event *e)
{
    return e->kind == EVENT_ARRIVAL || e->kind == EVENT_SENDER ||
           e->kind == EVENT_RELEASE;
}

/* The classifier looks at names as they are, what comes behind it need not. */
static void add_event(struct counter *c, const struct event *read)
{
    struct correlation correlation;
    struct verdict verdict;
    struct privacy_scratch scratch;
    struct event hidden;
    const struct event *e = read;
    c->n_events++;
    if (privacy_hides_domains(c->privacy)) {
        hidden = *read;
        privacy_event(c->privacy, &hidden, &scratch);
        e = &hidden;
    }
    if (only_correlates(e)) {
        correlator_add(
            c->correlator, e, SPAN_NONE, CORRELATOR_NO_REPLY, &correlation);
        return;
    }
    classifier_judge(c->classifier, read, &verdict);
    uint32_t reply = tally_reply(c->tally, e, &verdict);
    correlator_add(c->correlator, e, verdict.provider, reply, &correlation);
    tally_add(c->tally, e, &verdict, reply, &correlation);
}

void counter_line(struct counter *c, struct span line)
{
    struct parsed_line p;
    parser_line(c->parser, line, &p);
    if (p.class == LINE_UNSET) {
        return; /* part of a record that has several lines */
    }
    c->n_lines++;
    if (p.class == LINE_EVENT) {
        tally_add_event_line(c->tally, &p.event);
        do {
            add_event(c, &p.event);
        } while (parser_more(c->parser, &p));
    } else if (p.class == LINE_UNKNOWN) {
        add_unknown(c, &p);
    } else {
        add_to_run(c, &p);
    }
}

void counter_overlong(struct counter *c, uint64_t n)
{
    if (n > 0) {
        tally_add_lines(c->tally, SPAN_LITERAL(""), SPAN_LITERAL(""),
            LINE_OVERLONG, (int64_t)n);
    }
}

void counter_settle(struct counter *c)
{
    flush_run(c);
}

size_t counter_bytes(const struct counter *c)
{
    return tally_bytes(c->tally) + correlator_bytes(c->correlator);
}
