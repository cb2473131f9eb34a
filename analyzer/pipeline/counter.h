/* SPDX-License-Identifier: MIT */
/* pipeline/counter.h - lines of one source to counted facts. */
#ifndef PIPELINE_COUNTER_H
#define PIPELINE_COUNTER_H

#include "aggregate/correlator.h"
#include "aggregate/tally.h"
#include "classify/classifier.h"
#include "parse/parser.h"

/* What a line goes through, in order; one set for each worker. */
struct counter {
    struct parser *parser;
    struct classifier *classifier;
    struct correlator *correlator;
    struct tally *tally;
    const struct privacy *privacy;
    uint64_t n_lines; /* of this source and run */
    uint64_t n_events;
    /* lines without an event, not yet told to the tally: they come in runs */
    enum line_class run_class;
    struct span run_mta;
    char run_program[64];
    size_t run_program_len;
    int64_t run_len;
};

/** counter_line(c, line): Parse, classify, correlate and tally ${line}. */
void counter_line(struct counter *c, struct span line);

/** counter_overlong(c, n): ${n} lines were skipped for their length. */
void counter_overlong(struct counter *c, uint64_t n);

/** counter_settle(c): Tell the tally all that is known so far; before it is
 * written. */
void counter_settle(struct counter *c);

/** counter_bytes(c): Memory that the next step will write from. */
size_t counter_bytes(const struct counter *c);

#endif
