/* SPDX-License-Identifier: MIT */
/* parse/record.h - one log record as names and values, in order. */
#ifndef PARSE_RECORD_H
#define PARSE_RECORD_H

#include "base/span.h"

struct record_pair {
    struct span name;
    struct span value; /* always known, maybe empty */
};

/*
 * What a CSV row, a JSON object or a journal entry says, without regard to
 * which it was.  A name may occur several times (the elements of an array).
 *
 * A record owns all its text and takes its memory once, in record_init(); a
 * line that brings more than fits loses the pairs that do not fit, and
 * ->overflowed says so.
 */
struct record {
    struct record_pair *pairs; /* LIMIT_RECORD_PAIRS of them */
    size_t n_pairs;
    char *text; /* LIMIT_RECORD_LEN bytes */
    size_t text_len;
    bool overflowed;
};

/** record_init(r): An empty record, which record_free() ends. */
void record_init(struct record *r);

/** record_reset(r): Empty ${r} for the next line; what was found in it is no
 * longer valid. */
void record_reset(struct record *r);

/**
 * record_add(r, name, value):
 * Append copies of ${name} and ${value}.  Return false, having set
 * ->overflowed, if ${name} is longer than LIMIT_RECORD_NAME or one of the
 * limits of the record is reached.
 */
bool record_add(struct record *r, struct span name, struct span value);

/** record_find(r, name): The first value called ${name}, or SPAN_NONE; valid
 * until ${r} is reset. */
struct span record_find(const struct record *r, struct span name);

/**
 * record_each(r, name, index):
 * The values called ${name}, one by one, in order: begin with ${index} 0 and
 * leave it alone between calls.  Return SPAN_NONE behind the last.
 */
struct span record_each(
    const struct record *r, struct span name, size_t *index);

/** record_free(r): Give the memory back.  NULL does nothing. */
void record_free(struct record *r);

#endif
