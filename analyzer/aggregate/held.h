/* SPDX-License-Identifier: MIT */
/* aggregate/held.h - lines that only an earlier source can explain. */
#ifndef AGGREGATE_HELD_H
#define AGGREGATE_HELD_H

#include "aggregate/privacy.h"
#include "mail/event.h"

/*
 * Where a source begins amid a session, what a line means may hang on one of
 * the source before.  Such lines are not counted but held, with what they say
 * of addresses hidden, and read again once all sources are there
 * (pipeline/sessions.h).  They are few: LIMIT_HELD_LINES for each source.
 */
struct held;

struct held_line {
    int64_t seq; /* its place among the rows of the journal */
    int64_t time;
    int64_t repeat;
    uint64_t key;  /* that the line's session goes by (parse/keeping.h) */
    uint64_t hash; /* tally_line_hash() of the line as it was */
    struct span host;
    struct span mta;
    struct span program;
    struct span line;
};

/** held_create(): Empty; ends with held_free(). */
struct held *held_create(void);

/** held_add(h, e, key, seq): Hold the line of ${e}, hidden already, with its
 * ${key} and ${seq}. */
void held_add(struct held *h, const struct event *e, uint64_t key, int64_t seq);

/** held_lines(h, n): Those that are held, ${n} of them; until the next
 * change. */
const struct held_line *held_lines(const struct held *h, size_t *n);

/** held_bytes(h): Memory in use. */
size_t held_bytes(const struct held *h);

/** held_reset(h): They are written. */
void held_reset(struct held *h);

/** held_free(h): NULL does nothing. */
void held_free(struct held *h);

/**
 * held_hide(privacy, e, line, out, out_len):
 * ${line}, of which ${e} was read, as it may be held: with tokens
 * (mail/token.h) in the place of local parts, or what ${privacy} says; in
 * ${out}.
 */
struct span held_hide(const struct privacy *privacy, const struct event *e,
    struct span line, char *out, size_t out_len);

/**
 * held_hide_again(privacy, e, line, out, out_len):
 * ${line}, hidden by pseudonyms already, without the words that turn out to be
 * names: whose pseudonyms by ${privacy} are the local parts of ${e}, of which
 * an earlier source has told.  In ${out}.
 */
struct span held_hide_again(const struct privacy *privacy,
    const struct event *e, struct span line, char *out, size_t out_len);

#endif
