/* SPDX-License-Identifier: MIT */
/* pipeline/counter.h - lines of one source to counted facts. */
#ifndef PIPELINE_COUNTER_H
#define PIPELINE_COUNTER_H

#include "aggregate/correlator.h"
#include "aggregate/held.h"
#include "aggregate/tally.h"
#include "classify/classifier.h"
#include "parse/parser.h"
#include "pipeline/batch.h"

/*
 * What a line goes through, in order; one set for each worker.  With a batch,
 * the lines go no further than into that, and another thread counts them by
 * counter_count(): parser, classifier and what is below them belong to the
 * one, correlator and tally to the other.
 */
struct counter {
    struct parser *parser;
    struct classifier *classifier;
    struct correlator *correlator;
    struct tally *tally;
    struct held *held; /* lines that are not counted; NULL: none is held */
    size_t n_held;     /* of this source */
    const struct privacy *privacy;
    struct batch *batch; /* NULL: count at once */
    /* called when the batch is full; must put an empty one in its place */
    void (*hand_over)(void *context);
    void *hand_over_context;
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

/**
 * counter_again(c, line, hash, out, out_len):
 * ${line} was held, and is counted now; ${hash} is that of the line as it was.
 * Return it as it may be held from now on: names that stand alone are known as
 * such only with the address that an earlier source told.  In ${out}, or what
 * ${line} borrows.
 */
struct span counter_again(struct counter *c, const struct parser_unsure *line,
    uint64_t hash, char *out, size_t out_len);

/** counter_rest(c): The log ends here for good: count what began and did not
 * end (parser_rest()). */
void counter_rest(struct counter *c);

/** counter_count(c, b): Correlate and tally what lines have put into ${b}. */
void counter_count(struct counter *c, const struct batch *b);

/** counter_overlong(c, n): ${n} lines were skipped for their length. */
void counter_overlong(struct counter *c, uint64_t n);

/** counter_settle(c): Give all that is known so far to the tally or batch. */
void counter_settle(struct counter *c);

/** counter_bytes(c): Memory that the next step will write from. */
size_t counter_bytes(const struct counter *c);

#endif
