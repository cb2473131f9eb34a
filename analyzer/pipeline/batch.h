/* SPDX-License-Identifier: MIT */
/* pipeline/batch.h - what lines say, on the way from one thread to another. */
#ifndef PIPELINE_BATCH_H
#define PIPELINE_BATCH_H

#include "mail/event.h"
#include "mail/line_class.h"
#include "mail/verdict.h"

/*
 * A batch holds copies of all that counting looks at, in the order of the
 * lines.  Filled by one thread, then read by another.
 */
struct batch;

/** batch_create(): An empty batch.  Ends with batch_free(). */
struct batch *batch_create(void);

/** batch_event(b, e, v, first): Add ${e}, with the verdict ${v} on it (NULL:
 * none is needed); ${first}: it is the first of its line. */
void batch_event(struct batch *b, const struct event *e,
    const struct verdict *v, bool first);

/** batch_lines(b, mta, program, class, n): Add ${n} lines of ${class} that
 * gave no event. */
void batch_lines(struct batch *b, struct span mta, struct span program,
    enum line_class class, int64_t n);

/** batch_unknown(b, mta, program, template, line): Add ${line}, which no
 * pattern claims, and its ${template}. */
void batch_unknown(struct batch *b, struct span mta, struct span program,
    struct span template, struct span line);

/** batch_held(b, e, key): Add the line of ${e}, which is held. */
void batch_held(struct batch *b, const struct event *e, uint64_t key);

/** batch_is_full(b): True if it is time to hand ${b} over. */
bool batch_is_full(const struct batch *b);

/* Who takes what a batch holds; as the functions above. */
struct batch_taker {
    void (*event)(void *context, const struct event *e, const struct verdict *v,
        bool first);
    void (*lines)(void *context, struct span mta, struct span program,
        enum line_class class, int64_t n);
    void (*unknown)(void *context, struct span mta, struct span program,
        struct span template, struct span line);
    void (*held)(void *context, const struct event *e, uint64_t key);
    void *context;
};

/** batch_give(b, taker): Give all of ${b} to ${taker}, in order; the spans are
 * valid until batch_reset(). */
void batch_give(const struct batch *b, const struct batch_taker *taker);

/** batch_reset(b): Empty ${b}. */
void batch_reset(struct batch *b);

/** batch_free(b): NULL does nothing. */
void batch_free(struct batch *b);

#endif
