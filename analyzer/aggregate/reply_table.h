/* SPDX-License-Identifier: MIT */
/* aggregate/reply_table.h - kinds of replies to small numbers. */
#ifndef AGGREGATE_REPLY_TABLE_H
#define AGGREGATE_REPLY_TABLE_H

#include "aggregate/admission.h"
#include "aggregate/hashtable.h"
#include "base/memory.h"
#include "mail/event.h"
#include "mail/verdict.h"

/* One kind of reply, as in the store. */
struct tally_reply {
    enum direction direction;
    enum stage stage;
    int code;
    struct status_code enhanced;
    struct status_code logged;
    struct span template;
    struct span cause;
    struct span detail;
    struct span rule;
    struct span dnsbl;
    int64_t first_seen; /* Unix seconds */
    int64_t last_seen;
};

/* Numbered 0 .. n_replies - 1 by verdict key and codes. */
struct reply_table {
    struct hashtable numbers;
    struct admission templates; /* of this source; outlives the steps */
    struct arena *arena;
    struct tally_reply *replies;
    uint32_t n_replies;
    uint32_t cap;
    int64_t n_overflow; /* replies whose template became "(other)" */
};

/** reply_table_init(t), reply_table_free(t): An empty table; its end. */
void reply_table_init(struct reply_table *t);
void reply_table_free(struct reply_table *t);

/** reply_table_add(t, e, v): The number of what ${e} was answered, which ${v}
 * judges; first_seen and last_seen are widened by its time. */
uint32_t reply_table_add(
    struct reply_table *t, const struct event *e, const struct verdict *v);

/** reply_table_bytes(t): Memory in use, for limits. */
size_t reply_table_bytes(const struct reply_table *t);

/** reply_table_reset(t): Forget the replies, not the templates let in. */
void reply_table_reset(struct reply_table *t);

/** reply_table_begin_source(t): Forget these too. */
void reply_table_begin_source(struct reply_table *t);

#endif
