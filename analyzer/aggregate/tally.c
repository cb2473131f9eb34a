/* SPDX-License-Identifier: MIT */
/*
 * All counts lie in one table of small keys (struct fact): a row of the store
 * with several columns is several facts here, because the long tail of rows
 * has one column each.  The store puts them together again.
 */
#include "aggregate/tally.h"

#include "base/limits.h"
#include "mail/address.h"

#include <stdlib.h>
#include <xxhash.h>

enum { MICROSECONDS = 1000000, HOUR = 3600, LAST_BUCKET = 63 };

/* "message repeated N times" is text from a log: no sum may overflow. */
static const int64_t REPEAT_LIMIT = 1000000000;

/* The entries that counted event lines lately, each in the place that its key
 * chooses: this is done for every line of mail. */
enum { N_RECENT = 16 }; /* a power of two */

struct recent_line {
    bool known;
    struct line_key key;
    uint32_t entry;
};

struct recent_hour {
    bool known;
    struct digest_key key;
    uint32_t entry;
};

struct tally {
    struct fact_log facts;
    struct hashtable listings;
    struct hashtable digests;
    struct hashtable lines;
    struct hashtable unknown;
    struct intern *hosts;
    struct intern *domains;
    struct intern *providers;
    struct intern *texts;
    struct admission hosts_let_in;
    struct admission domains_let_in;
    struct admission unknown_let_in;
    struct admission programs_let_in;
    struct admission listed_let_in; /* addresses on lists */
    struct reply_table replies;
    struct samples *samples;
    int64_t n_overflow;
    uint64_t names;    /* how often the names above began anew */
    size_t bytes_kept; /* of those that earlier steps brought */
    uint32_t host;     /* the last one, most often the next one too */
    struct recent_line recent_lines[N_RECENT];
    struct recent_hour recent_hours[N_RECENT];
    const struct privacy *privacy;
};

struct tally *tally_create(const struct privacy *privacy)
{
    struct tally *t = memory_zalloc(1, sizeof(*t));
    fact_log_init(&t->facts);
    hashtable_init(
        &t->listings, sizeof(struct listing_key), sizeof(struct listing_fact));
    hashtable_init(
        &t->digests, sizeof(struct digest_key), sizeof(struct digest_fact));
    hashtable_init(&t->lines, sizeof(struct line_key), sizeof(int64_t));
    hashtable_init(
        &t->unknown, sizeof(struct unknown_key), sizeof(struct unknown_fact));
    t->hosts = intern_create();
    t->domains = intern_create();
    t->providers = intern_create();
    t->texts = intern_create();
    admission_init(&t->hosts_let_in, LIMIT_HOSTS_PER_SOURCE);
    admission_init(&t->domains_let_in, LIMIT_DOMAINS_PER_SOURCE);
    admission_init(&t->unknown_let_in, LIMIT_TEMPLATES_PER_SOURCE);
    admission_init(&t->programs_let_in, LIMIT_PROGRAMS_PER_SOURCE);
    admission_init(&t->listed_let_in, LIMIT_LISTED_PER_SOURCE);
    reply_table_init(&t->replies);
    t->samples = samples_create(privacy);
    t->privacy = privacy;
    return t;
}

/* ---- names ---- */

static uint32_t admitted(struct tally *t, struct intern *names,
    struct admission *let_in, struct span text)
{
    uint32_t number = 0;
    if (intern_recall(names, text, &number)) {
        return number;
    }
    if (!admission_allows(let_in, text)) {
        t->n_overflow++;
        text = SPAN_LITERAL("(other)");
    }
    return intern_add(names, text);
}

static uint32_t host_number(struct tally *t, struct span host)
{
    if (!span_equal(intern_text(t->hosts, t->host), host)) {
        t->host = admitted(t, t->hosts, &t->hosts_let_in, host);
    }
    return t->host;
}

static uint32_t domain_number(struct tally *t, struct span domain)
{
    return admitted(t, t->domains, &t->domains_let_in, domain);
}

static uint32_t recipient_domain(struct tally *t, const struct event *e)
{
    struct span domain = address_domain(e->recipient);
    char text[DOMAIN_TEXT_LEN];
    return domain_number(t, span_is_known(domain)
                                ? domain_normalise(domain, text)
                                : SPAN_LITERAL("?"));
}

/* ---- facts ---- */

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

static int64_t hour_of(int64_t time)
{
    int64_t second = time / MICROSECONDS;
    return second - ((second % HOUR) + HOUR) % HOUR;
}

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
    int64_t second = k->e->time / MICROSECONDS;
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
        k->fact.domain = domain_number(k->t, k->c->expired[i].domain);
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

uint64_t tally_line_hash(const struct event *e)
{
    uint64_t seed = XXH3_64bits_withSeed(e->host.len > 0 ? e->host.ptr : "",
        e->host.len, (uint64_t)(e->time / MICROSECONDS));
    return XXH3_64bits_withSeed(
        e->line.len > 0 ? e->line.ptr : "", e->line.len, seed);
}

bool tally_wants_verdict(const struct event *e)
{
    bool kind = e->kind == EVENT_OUTCOME || e->kind == EVENT_ATTEMPT ||
                e->kind == EVENT_SUSPENDED || e->kind == EVENT_HOP;
    bool failed = event_is_failure(e) || e->kind == EVENT_ATTEMPT ||
                  e->kind == EVENT_SUSPENDED;
    return kind && failed && e->disposition != DISPOSITION_EXPIRED;
}

uint32_t tally_reply(
    struct tally *t, const struct event *e, const struct verdict *v)
{
    if (v == NULL || !tally_wants_verdict(e)) {
        return JOURNAL_NO_REPLY;
    }
    uint32_t reply = reply_table_add(&t->replies, e, v);
    /* a line names hosts in many ways, a template names none */
    bool hidden = privacy_hides_domains(t->privacy);
    samples_add(t->samples, reply,
        (struct sample){.hash = (int64_t)e->line_hash,
            .time = e->time / MICROSECONDS,
            .line = hidden ? v->template : e->line},
        e);
    return reply;
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
    k.fact = (struct fact){.hour = hour_of(e->time),
        .host = host_number(t, e->host),
        .sender = domain_number(t, c->sender_domain),
        .domain = recipient_domain(t, e),
        .provider = v != NULL ? intern_add(t->providers, v->provider) : 0,
        .direction = (uint8_t)e->direction};
    count_event(&k);
}

/* texts hold more than programs, so being there is no admission */
static uint32_t program_number(struct tally *t, struct span program)
{
    if (!admission_allows(&t->programs_let_in, program)) {
        t->n_overflow++;
        program = SPAN_LITERAL("(other)");
    }
    return intern_add(t->texts, program);
}

static void count_lines(struct tally *t, struct line_key key, int64_t n)
{
    *(int64_t *)hashtable_add(&t->lines, &key) += n;
}

void tally_add_lines(struct tally *t, struct span mta, struct span program,
    enum line_class class, int64_t n)
{
    count_lines(t,
        (struct line_key){intern_add(t->texts, mta),
            intern_add(t->texts, program), (uint32_t) class},
        n);
}

/* How many lines the program of ${e} wrote. */
static int64_t *line_count(struct tally *t, const struct event *e)
{
    size_t len = e->program.len;
    size_t place = len > 0 ? len + (unsigned char)e->program.ptr[len - 1] : len;
    struct recent_line *r = &t->recent_lines[place & (N_RECENT - 1)];
    bool same = r->known &&
                span_equal(intern_text(t->texts, r->key.mta), e->mta) &&
                span_equal(intern_text(t->texts, r->key.program), e->program);
    if (!same) {
        r->key = (struct line_key){intern_add(t->texts, e->mta),
            program_number(t, e->program), LINE_EVENT};
        r->entry = hashtable_number(&t->lines, &r->key);
        r->known = true;
    }
    return hashtable_value(&t->lines, r->entry);
}

/* What is known of the hour and the host of ${e}. */
static struct digest_fact *digest_of(struct tally *t, const struct event *e)
{
    struct digest_key key = {
        .hour = hour_of(e->time), .host = host_number(t, e->host)};
    struct recent_hour *r = &t->recent_hours[key.host & (N_RECENT - 1)];
    if (!r->known || r->key.hour != key.hour || r->key.host != key.host) {
        *r = (struct recent_hour){
            .known = true, .entry = hashtable_number(&t->digests, &key)};
        r->key = key;
    }
    return hashtable_value(&t->digests, r->entry);
}

void tally_add_event_line(struct tally *t, const struct event *e)
{
    *line_count(t, e) += 1;
    struct digest_fact *f = digest_of(t, e);
    if (f->events == 0 || e->time < f->first_time) {
        f->first_time = e->time;
    }
    if (f->events == 0 || e->time > f->last_time) {
        f->last_time = e->time;
    }
    f->events++;
    f->digest += e->line_hash;
}

/* True if ${a} comes before ${b} as bytes, as SQLite compares them. */
static bool is_smaller(struct span a, struct span b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n > 0 ? memcmp(a.ptr, b.ptr, n) : 0;
    return order != 0 ? order < 0 : a.len < b.len;
}

void tally_add_unknown(struct tally *t, struct span mta, struct span program,
    struct span template, struct span line)
{
    tally_add_lines(t, mta, program, LINE_UNKNOWN, 1);
    if (!admission_allows(&t->unknown_let_in, template)) {
        t->n_overflow++;
        template = SPAN_LITERAL("(other)");
    }
    struct unknown_key key = {intern_add(t->texts, mta),
        program_number(t, program), intern_add(t->texts, template)};
    struct unknown_fact *f = hashtable_add(&t->unknown, &key);
    char text[LIMIT_REPLY_LEN];
    struct own_words own = ownwords_in(line);
    struct samples_hiding hiding = {.privacy = t->privacy, .own = &own};
    struct span example = privacy_hides_domains(t->privacy)
                              ? template
                              : samples_mask(line, &hiding, text, sizeof(text));
    if (f->lines == 0 ||
        is_smaller(example, intern_text(t->texts, f->example))) {
        f->example = intern_add(t->texts, example);
    }
    f->lines++;
}

static size_t names_bytes(const struct tally *t)
{
    return intern_bytes(t->hosts) + intern_bytes(t->domains) +
           intern_bytes(t->providers) + intern_bytes(t->texts);
}

size_t tally_bytes(const struct tally *t)
{
    return fact_log_bytes(&t->facts) + hashtable_bytes(&t->listings) +
           hashtable_bytes(&t->digests) + hashtable_bytes(&t->lines) +
           hashtable_bytes(&t->unknown) + names_bytes(t) - t->bytes_kept +
           reply_table_bytes(&t->replies) + samples_bytes(t->samples);
}

int64_t tally_overflow(const struct tally *t)
{
    return t->n_overflow + t->replies.n_overflow;
}

bool tally_is_empty(const struct tally *t)
{
    return fact_log_is_empty(&t->facts) && t->lines.n == 0 && t->digests.n == 0;
}

struct tally_view tally_view(struct tally *t)
{
    fact_log_settle(&t->facts);
    return (struct tally_view){.facts = t->facts.facts,
        .n_facts = t->facts.n,
        .names = t->names,
        .listings = &t->listings,
        .digests = &t->digests,
        .lines = &t->lines,
        .unknown = &t->unknown,
        .hosts = t->hosts,
        .domains = t->domains,
        .providers = t->providers,
        .texts = t->texts,
        .samples = t->samples,
        .replies = t->replies.replies,
        .n_replies = t->replies.n_replies};
}

static void forget_names(struct tally *t)
{
    intern_reset(t->hosts);
    intern_reset(t->domains);
    intern_reset(t->providers);
    intern_reset(t->texts);
    t->host = 0;
    t->names++;
}

void tally_reset(struct tally *t)
{
    fact_log_reset(&t->facts);
    hashtable_reset(&t->listings);
    hashtable_reset(&t->digests);
    hashtable_reset(&t->lines);
    hashtable_reset(&t->unknown);
    if (names_bytes(t) > LIMIT_TALLY_NAMES) {
        forget_names(t);
    }
    t->bytes_kept = names_bytes(t);
    reply_table_reset(&t->replies);
    samples_reset(t->samples);
    t->n_overflow = 0;
    memset(t->recent_lines, 0, sizeof(t->recent_lines));
    memset(t->recent_hours, 0, sizeof(t->recent_hours));
}

void tally_begin_source(struct tally *t)
{
    forget_names(t);
    tally_reset(t);
    admission_reset(&t->hosts_let_in);
    admission_reset(&t->domains_let_in);
    admission_reset(&t->unknown_let_in);
    admission_reset(&t->programs_let_in);
    admission_reset(&t->listed_let_in);
    reply_table_begin_source(&t->replies);
}

void tally_free(struct tally *t)
{
    if (t == NULL) {
        return;
    }
    fact_log_free(&t->facts);
    hashtable_free(&t->listings);
    hashtable_free(&t->digests);
    hashtable_free(&t->lines);
    hashtable_free(&t->unknown);
    intern_free(t->hosts);
    intern_free(t->domains);
    intern_free(t->providers);
    intern_free(t->texts);
    admission_reset(&t->hosts_let_in);
    admission_reset(&t->domains_let_in);
    admission_reset(&t->unknown_let_in);
    admission_reset(&t->programs_let_in);
    admission_reset(&t->listed_let_in);
    reply_table_free(&t->replies);
    samples_free(t->samples);
    free(t);
}
