/* SPDX-License-Identifier: MIT */
/* aggregate/fact_log.h - counts by small keys, many of them. */
#ifndef AGGREGATE_FACT_LOG_H
#define AGGREGATE_FACT_LOG_H

#include "aggregate/hashtable.h"

/* Which table of the store a fact belongs to. */
enum fact_table { FACT_TRAFFIC, FACT_SENDER, FACT_FAILURE, FACT_LATENCY };

/* The key of a count; what its table does not have is 0. */
struct fact {
    int64_t hour; /* Unix seconds of its beginning */
    uint32_t host;
    uint32_t sender; /* domain */
    uint32_t domain; /* of the recipient */
    uint32_t provider;
    uint32_t reply;    /* number of tally_replies() */
    uint8_t table;     /* enum fact_table */
    uint8_t direction; /* enum direction */
    uint8_t column;    /* traffic_column, failure_column or latency bucket */
    uint8_t zero;
};

struct counted_fact {
    struct fact fact;
    int64_t n;
};

/*
 * Lines come more or less in order, and so a fact of an hour that is over is
 * seldom counted again.  Those of the hour at hand are in a table small enough
 * for the processor's cache; the others are a list, in which a fact may stand
 * more than once: whoever reads it adds up.  Owned by whoever initialised it.
 */
struct fact_log {
    struct hashtable recent;
    int64_t hour; /* of what was added last */
    struct counted_fact *facts;
    uint32_t n;
    uint32_t cap;
};

/** fact_log_init(l): An empty log; no memory is taken. */
void fact_log_init(struct fact_log *l);

/** fact_log_add(l, fact, n): Count ${fact} ${n} times. */
void fact_log_add(struct fact_log *l, const struct fact *fact, int64_t n);

/** fact_log_settle(l): Put everything into the list. */
void fact_log_settle(struct fact_log *l);

/** fact_log_is_empty(l): True if nothing was counted. */
bool fact_log_is_empty(const struct fact_log *l);

/** fact_log_bytes(l): Memory in use, for limits. */
size_t fact_log_bytes(const struct fact_log *l);

/** fact_log_reset(l): Forget all counts. */
void fact_log_reset(struct fact_log *l);

/** fact_log_free(l): Give the memory back; ${l} may be used again. */
void fact_log_free(struct fact_log *l);

#endif
