/* SPDX-License-Identifier: MIT */
/*
 * All counts lie in one table of small keys (struct fact): a row of the store
 * with several columns is several facts here, because the long tail of rows
 * has one column each.  The store puts them together again.
 */
#include "aggregate/tally_inside.h"

#include "mail/address.h"

enum { LAST_BUCKET = 63 };

/* "message repeated N times" is text from a log: no sum may overflow. */
static const int64_t REPEAT_LIMIT = 1000000000;

static uint32_t recipient_domain(struct tally *t, const struct event *e)
{
    struct span domain = address_domain(e->recipient);
    char text[DOMAIN_TEXT_LEN];
    return tally_domain(t, span_is_known(domain)
                               ? domain_normalise(domain, text)
                               : SPAN_LITERAL("?"));
}

/* What the facts of one event have in common. */
struct counting {
    struct tally *t;
    const struct event *e;
    const struct verdict *v;
    const struct correlation *c;
    uint32_t reply;
    int64_t n;
    struct fact fact; /* hour, host, direction; the rest as needed */
};

static int64_t times(const struct event *e)
{
    if (e->repeat < 1) {
        return 1;
    }
    return e->repeat < REPEAT_LIMIT ? e->repeat : REPEAT_LIMIT;
}

static void count(struct tally *t, const struct fact *fact, int64_t n)
{
    fact_log_add(&t->facts, fact, n);
}

static void count_traffic(const struct counting *k, enum traffic_column column)
{
    struct fact f = k->fact;
    f.table = FACT_TRAFFIC;
    f.sender = 0;
    f.column = (uint8_t)column;
    count(k->t, &f, k->n);
}

static void count_sender(const struct counting *k, enum traffic_column column)
{
    struct fact f = k->fact;
    f.table = FACT_SENDER;
    f.domain = 0;
    f.provider = 0;
    f.column = (uint8_t)column;
    count(k->t, &f, k->n);
}

static void count_failure(const struct counting *k, enum failure_column column)
{
    if (k->reply == JOURNAL_NO_REPLY) {
        return;
    }
    struct fact f = k->fact;
    f.table = FACT_FAILURE;
    f.reply = k->reply;
    f.column = (uint8_t)column;
    count(k->t, &f, k->n);
}

/* 2 * log2(ms), rounded down, without floating point. */
static uint8_t latency_bucket(int64_t ms)
{
    int log2 = 0;
    while (ms >> (log2 + 1) != 0) {
        log2++;
    }
    if (log2 > 30) {
        return LAST_BUCKET;
    }
    uint64_t square = (uint64_t)ms * (uint64_t)ms;
    int half = square >= (uint64_t)1 << (2 * log2 + 1) ? 1 : 0;
    return (uint8_t)(2 * log2 + half);
}

static void count_latency(const struct counting *k)
{
    bool known = k->e->direction == DIRECTION_OUTBOUND && k->e->delay >= 0;
    if (!known) {
        return;
    }
    struct fact f = {.hour = k->fact.hour,
        .host = k->fact.host,
        .provider = k->fact.provider,
        .table = FACT_LATENCY,
        .column = k->e->delay > 0 ? latency_bucket(k->e->delay) : 0};
    count(k->t, &f, k->n);
}

static void count_listing(const struct counting *k)
{
    const struct verdict *v = k->v;
    bool listed = v != NULL && v->listed && v->dnsbl.len > 0 &&
                  k->e->direction == DIRECTION_OUTBOUND;
    if (!listed) {
        return;
    }
    struct span address = v->address;
    if (!admission_allows(&k->t->listed_let_in, address)) {
        k->t->n_overflow++;
        address = SPAN_LITERAL("(other)");
    }
    struct listing_key key = {.hour = k->fact.hour,
        .host = k->fact.host,
        .dnsbl = intern_add(k->t->texts, v->dnsbl),
        .address = intern_add(k->t->texts, address)};
    struct listing_fact *f = hashtable_add(&k->t->listings, &key);
    int64_t second = k->e->time / TALLY_MICROSECONDS;
    if (f->attempts == 0 || second < f->first_seen) {
        f->first_seen = second;
    }
    if (f->attempts == 0 || second > f->last_seen) {
        f->last_seen = second;
    }
    f->attempts += k->n;
}

/* Everybody who waited for a message that expired, or the one recipient that
 * the line names. */
static void count_expired(struct counting *k)
{
    if (span_is_known(k->e->recipient)) {
        count_traffic(k, TRAFFIC_EXPIRED);
        count_sender(k, TRAFFIC_EXPIRED);
        return;
    }
    k->n = 1;
    for (size_t i = 0; i < k->c->n_expired; i++) {
        k->fact.domain = tally_domain(k->t, k->c->expired[i].domain);
        k->fact.provider =
            intern_add(k->t->providers, k->c->expired[i].provider);
        count_traffic(k, TRAFFIC_EXPIRED);
        count_sender(k, TRAFFIC_EXPIRED);
    }
}

static void count_failed(const struct counting *k, enum traffic_column column)
{
    count_traffic(k, column);
    count_sender(k, column);
    count_failure(k, FAILURE_ATTEMPTS);
    count_listing(k);
}

static void count_outcome(struct counting *k)
{
    switch (k->e->disposition) {
    case DISPOSITION_DELIVERED:
        count_traffic(k, TRAFFIC_DELIVERED);
        count_sender(k, TRAFFIC_DELIVERED);
        count_latency(k);
        break;
    case DISPOSITION_DEFERRED:
        count_failed(k, TRAFFIC_DEFERRED);
        break;
    case DISPOSITION_BOUNCED:
        count_failed(k, TRAFFIC_BOUNCED);
        break;
    case DISPOSITION_REJECTED:
        count_failed(k, TRAFFIC_REJECTED);
        break;
    case DISPOSITION_EXPIRED:
        count_expired(k);
        break;
    case DISPOSITION_ACCEPTED:
        count_traffic(k, TRAFFIC_ACCEPTED);
        count_sender(k, TRAFFIC_ACCEPTED);
        break;
    case DISPOSITION_DISCARDED:
        count_traffic(k, TRAFFIC_DISCARDED);
        break;
    case DISPOSITION_HELD:
        count_traffic(k, TRAFFIC_HELD);
        break;
    case DISPOSITION_UNKNOWN:
    case DISPOSITION_COUNT:
        break;
    }
}

static void count_event(struct counting *k)
{
    switch (k->e->kind) {
    case EVENT_OUTCOME:
        count_outcome(k);
        break;
    case EVENT_ATTEMPT:
        count_traffic(k, TRAFFIC_OTHER_HOSTS);
        count_failure(k, FAILURE_OTHER_HOSTS);
        count_listing(k);
        break;
    case EVENT_SUSPENDED:
        count_traffic(k, TRAFFIC_SUSPENDED);
        count_failure(k, FAILURE_SUSPENDED);
        break;
    case EVENT_HOP:
        if (event_is_failure(k->e)) {
            count_outcome(k);
        } else {
            count_traffic(k, TRAFFIC_HOPS);
        }
        break;
    case EVENT_PROBE:
        count_traffic(k, TRAFFIC_PROBES);
        break;
    case EVENT_ARRIVAL:
    case EVENT_SENDER:
        /* a line may both begin a queue ID and say that mail was taken in */
        if (k->e->disposition == DISPOSITION_ACCEPTED) {
            count_outcome(k);
        }
        break;
    case EVENT_RELEASE:
    case EVENT_UNKNOWN:
    case EVENT_KIND_COUNT:
        break;
    }
}

/* ---- what is called ---- */

bool tally_wants_verdict(const struct event *e)
{
    bool kind = e->kind == EVENT_OUTCOME || e->kind == EVENT_ATTEMPT ||
                e->kind == EVENT_SUSPENDED || e->kind == EVENT_HOP;
    bool failed = event_is_failure(e) || e->kind == EVENT_ATTEMPT ||
                  e->kind == EVENT_SUSPENDED;
    return kind && failed && e->disposition != DISPOSITION_EXPIRED;
}

static bool is_bookkeeping(const struct event *e)
{
    return e->kind == EVENT_RELEASE || e->kind == EVENT_UNKNOWN ||
           ((e->kind == EVENT_ARRIVAL || e->kind == EVENT_SENDER) &&
               e->disposition != DISPOSITION_ACCEPTED);
}

void tally_add(struct tally *t, const struct event *e, const struct verdict *v,
    uint32_t reply, const struct correlation *c)
{
    if (is_bookkeeping(e)) {
        return;
    }
    struct counting k = {
        .t = t, .e = e, .v = v, .c = c, .reply = reply, .n = times(e)};
    k.fact = (struct fact){.hour = tally_hour(e->time),
        .host = tally_host(t, e->host),
        .sender = tally_domain(t, c->sender_domain),
        .domain = recipient_domain(t, e),
        .provider = v != NULL ? intern_add(t->providers, v->provider) : 0,
        .direction = (uint8_t)e->direction};
    count_event(&k);
}
