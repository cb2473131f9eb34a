/* SPDX-License-Identifier: MIT */
/* aggregate/correlator.h - queue IDs to the life of their messages. */
#ifndef AGGREGATE_CORRELATOR_H
#define AGGREGATE_CORRELATOR_H

#include "aggregate/journal.h"
#include "mail/event.h"

/*
 * One correlator follows one source, line by line.  Delivery lines name a
 * queue ID but no sender; a line that says "expired" names no recipient.  The
 * correlator remembers, for each (host, queue ID) that is open, the sender
 * and the recipients that wait, and fills in what the line leaves out.
 *
 * What it cannot decide, because the message's life began in another source,
 * it writes to a journal of queue rows (schema: queue_event); store/resolve.h
 * joins the journals of all sources.  Both together give what one correlator
 * would have said over all lines in order.
 *
 * A life begins with an arrival and ends with a release, or with the next
 * arrival under the same ID, because short queue IDs are used again.  The
 * sender of an attempt is that of the latest sender line before it in the
 * same life; a line that names its sender itself needs none, and is a sender
 * line too.  Not shared between threads.
 */
struct correlator;

/* No reply belongs to the event. */
#define CORRELATOR_NO_REPLY JOURNAL_NO_REPLY

/* A recipient whose time in the queue ran out. */
struct expired_recipient {
    struct span domain; /* lower case; "?" unknown */
    struct span provider;
};

/* What the correlator adds to an event; valid until it is given the next. */
struct correlation {
    bool sender_known;
    struct span sender_domain; /* lower case; empty: null sender; "?" */
    size_t n_expired;
    const struct expired_recipient *expired;
};

/** correlator_create(): For one source at a time; correlator_free() ends it. */
struct correlator *correlator_create(void);

/**
 * correlator_add(c, e, provider, reply, out):
 * Take in ${e}, the next event of the source in line order, and say in
 * ${out} what its queue ID adds to it.  ${provider} is that of the other side
 * or SPAN_NONE; ${reply} is the caller's number of the event's reply
 * (tally_reply()), kept in the journal, or CORRELATOR_NO_REPLY.
 */
void correlator_add(struct correlator *c, const struct event *e,
    struct span provider, uint32_t reply, struct correlation *out);

/**
 * correlator_each_row(c, row, context):
 * Call ${row} with ${context} for each row of the journal that is not yet
 * written and for the rows of all open entries; it may return false to stop,
 * and then false is returned.  Changes nothing, so that a write that failed
 * can be made again.
 */
bool correlator_each_row(const struct correlator *c,
    bool (*row)(void *context, const struct queue_row *r), void *context);

/** correlator_written(c): The rows are stored: forget those that are not
 * open. */
void correlator_written(struct correlator *c);

/**
 * correlator_restore(c, row):
 * Take back an open row (as correlator_each_row() gave it) of a source that
 * is resumed, after correlator_reset() and before the first event.
 */
void correlator_restore(struct correlator *c, const struct queue_row *row);

/** correlator_set_sequence(c, seq): Events that follow are numbered from
 * ${seq}, which must be above every row stored for the source. */
void correlator_set_sequence(struct correlator *c, int64_t seq);

/* Places that are left for the rows of a line that is held, which may tell of
 * thousands of recipients. */
enum { CORRELATOR_SEQ_HELD = 1 << 16 };

/** correlator_hold(c, host, queue_id): A line of ${queue_id} (SPAN_NONE: not
 * known) is held.  Return the place for the first of its rows; what was known
 * of the ID goes to the journal, to be joined with what the line will say. */
int64_t correlator_hold(
    struct correlator *c, struct span host, struct span queue_id);

/** correlator_open_entries(c): How many queue IDs are open now. */
size_t correlator_open_entries(const struct correlator *c);

/** correlator_evicted(c): How many entries of this source had to go to the
 * journal before their end, for want of room.  Nothing is lost by it. */
int64_t correlator_evicted(const struct correlator *c);

/** correlator_bytes(c): Memory of journal rows, for LIMIT_TALLY_BYTES. */
size_t correlator_bytes(const struct correlator *c);

/** correlator_reset(c): Begin another source. */
void correlator_reset(struct correlator *c);

/** correlator_free(c): End ${c}.  NULL does nothing. */
void correlator_free(struct correlator *c);

#endif
