/* SPDX-License-Identifier: MIT */
/* aggregate/tally.h - the counted facts of one source step, in memory. */
#ifndef AGGREGATE_TALLY_H
#define AGGREGATE_TALLY_H

#include "aggregate/correlator.h"
#include "aggregate/fact_log.h"
#include "aggregate/reply_table.h"
#include "aggregate/samples.h"
#include "base/intern.h"
#include "mail/line_class.h"
#include "mail/verdict.h"

/*
 * Everything here is a sum, a minimum, a maximum or a choice by hash: the
 * same lines in any order give the same facts.  Texts are numbers of the
 * intern tables below.  Bounded: a domain, template
 * or host beyond its limit for the source is counted as "(other)", and
 * tally_overflow() says how often.  Not shared between threads.
 */

/* Columns of the table traffic; the first six are sender_traffic's too. */
#define TRAFFIC_COLUMN_LIST(X)                                                 \
    X(DELIVERED, "delivered")                                                  \
    X(DEFERRED, "deferred")                                                    \
    X(BOUNCED, "bounced")                                                      \
    X(EXPIRED, "expired")                                                      \
    X(REJECTED, "rejected")                                                    \
    X(ACCEPTED, "accepted")                                                    \
    X(DISCARDED, "discarded")                                                  \
    X(HELD, "held")                                                            \
    X(SUSPENDED, "suspended")                                                  \
    X(OTHER_HOSTS, "other_hosts")                                              \
    X(HOPS, "hops")                                                            \
    X(PROBES, "probes")
#define TRAFFIC_COLUMN_ENUM(name, text) TRAFFIC_##name,
enum traffic_column { TRAFFIC_COLUMN_LIST(TRAFFIC_COLUMN_ENUM) TRAFFIC_COUNT };
enum { SENDER_TRAFFIC_COUNT = TRAFFIC_ACCEPTED + 1 };

/* Columns of the table failure. */
enum failure_column {
    FAILURE_ATTEMPTS,
    FAILURE_SUSPENDED,
    FAILURE_OTHER_HOSTS,
    FAILURE_COUNT
};

struct listing_key {
    int64_t hour;
    uint32_t host;
    uint32_t dnsbl;   /* text */
    uint32_t address; /* text */
    uint32_t zero;
};
struct listing_fact {
    int64_t attempts;
    int64_t first_seen; /* Unix seconds */
    int64_t last_seen;
};

struct digest_key {
    int64_t hour;
    uint32_t host;
    uint32_t zero;
};
struct digest_fact {
    int64_t events;     /* lines */
    uint64_t digest;    /* sum of their hashes */
    int64_t first_time; /* microseconds */
    int64_t last_time;
};

struct line_key {
    uint32_t mta;     /* text */
    uint32_t program; /* text */
    uint32_t class;   /* enum line_class */
};

struct unknown_key {
    uint32_t mta;      /* text */
    uint32_t program;  /* text */
    uint32_t template; /* text */
};
struct unknown_fact {
    int64_t lines;
    uint32_t example; /* text: the smallest of the lines, masked */
    uint32_t zero;
};

struct tally;

/** tally_create(privacy): An empty tally; ${privacy}, which is borrowed, says
 * what samples show of addresses.  Ends with tally_free(). */
struct tally *tally_create(const struct privacy *privacy);

/** tally_wants_verdict(e): Does tally_add() need more of the verdict on ${e}
 * than its provider? */
bool tally_wants_verdict(const struct event *e);

/**
 * tally_reply(t, e, v):
 * Return the number of the reply in ${e} that ${v} judges, or
 * CORRELATOR_NO_REPLY if ${e} is no failed attempt (what was delivered,
 * accepted, a probe, or an expiry has none).
 */
uint32_t tally_reply(
    struct tally *t, const struct event *e, const struct verdict *v);

/**
 * tally_add(t, e, v, reply, c):
 * Count ${e}.  ${v} is its verdict; of an event that is no failure only
 * v->provider is looked at, and it may be NULL.  ${reply} comes from
 * tally_reply() and ${c} from correlator_add().
 */
void tally_add(struct tally *t, const struct event *e, const struct verdict *v,
    uint32_t reply, const struct correlation *c);

/** tally_add_event_line(t, e): Count the line of ${e} as one that gave an
 * event, and add it to its hour's digest: once a line, however many events
 * it gave. */
void tally_add_event_line(struct tally *t, const struct event *e);

/** tally_add_lines(t, mta, program, class, n): Count ${n} lines of ${class}
 * that gave no event. */
void tally_add_lines(struct tally *t, struct span mta, struct span program,
    enum line_class class, int64_t n);

/**
 * tally_add_unknown(t, mta, program, template, line):
 * Count ${line}, of the known ${mta}, that no pattern claims, both as a line
 * of class unknown and under ${template}, its text with what varies masked.
 */
void tally_add_unknown(struct tally *t, struct span mta, struct span program,
    struct span template, struct span line);

/** tally_bytes(t): Memory in use, for LIMIT_TALLY_BYTES. */
size_t tally_bytes(const struct tally *t);

/** tally_overflow(t): Facts of this step counted under "(other)". */
int64_t tally_overflow(const struct tally *t);

/** tally_is_empty(t): True if nothing was counted since the last reset. */
bool tally_is_empty(const struct tally *t);

/*
 * What was counted, for the store.  Tables: listings, digests and unknown
 * lines as above; lines line_key to int64_t.  A fact may stand among the
 * ${n_facts} more than once.  hosts, domains, providers and texts give the
 * numbers' texts; those of one ${names} stay from view to view.
 */
struct tally_view {
    const struct counted_fact *facts;
    uint32_t n_facts;
    uint64_t names;
    const struct hashtable *listings;
    const struct hashtable *digests;
    const struct hashtable *lines;
    const struct hashtable *unknown;
    const struct intern *hosts;
    const struct intern *domains;
    const struct intern *providers;
    const struct intern *texts;
    const struct samples *samples;     /* by number of the reply */
    const struct tally_reply *replies; /* n_replies of them */
    uint32_t n_replies;
};

/** tally_view(t): All of ${t}; valid until it is changed. */
struct tally_view tally_view(struct tally *t);

/** tally_reset(t): The step is written: begin the next one of the source. */
void tally_reset(struct tally *t);

/** tally_begin_source(t): tally_reset(), and the limits begin anew. */
void tally_begin_source(struct tally *t);

/** tally_free(t): End ${t}.  NULL does nothing. */
void tally_free(struct tally *t);

/** tally_line_hash(e): XXH3-64 of the second, the host and the line of ${e}:
 * what digests add up and samples are chosen by. */
uint64_t tally_line_hash(const struct event *e);

#endif
