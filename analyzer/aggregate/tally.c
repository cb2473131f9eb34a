/* SPDX-License-Identifier: MIT */
/*
 * Who is counted where: names become numbers here, and lines are counted;
 * what an event adds is tally_event.c's.
 */
#include "aggregate/tally_inside.h"

#include "aggregate/redact.h"
#include "base/limits.h"

#include <stdlib.h>
#include <xxhash.h>

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

uint32_t tally_host(struct tally *t, struct span host)
{
    if (!span_equal(intern_text(t->hosts, t->host), host)) {
        t->host = admitted(t, t->hosts, &t->hosts_let_in, host);
    }
    return t->host;
}

uint32_t tally_domain(struct tally *t, struct span domain)
{
    return admitted(t, t->domains, &t->domains_let_in, domain);
}

int64_t tally_hour(int64_t time)
{
    int64_t second = time / TALLY_MICROSECONDS;
    return second - ((second % TALLY_HOUR) + TALLY_HOUR) % TALLY_HOUR;
}

/* ---- what is called ---- */

uint64_t tally_line_hash(const struct event *e)
{
    uint64_t seed = XXH3_64bits_withSeed(e->host.len > 0 ? e->host.ptr : "",
        e->host.len, (uint64_t)(e->time / TALLY_MICROSECONDS));
    return XXH3_64bits_withSeed(
        e->line.len > 0 ? e->line.ptr : "", e->line.len, seed);
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
            .time = e->time / TALLY_MICROSECONDS,
            .line = hidden ? v->template : e->line},
        e);
    return reply;
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
        .hour = tally_hour(e->time), .host = tally_host(t, e->host)};
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
    struct redaction hiding = {.privacy = t->privacy, .own = &own};
    struct span example = privacy_hides_domains(t->privacy)
                              ? template
                              : redact_line(line, &hiding, text, sizeof(text));
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
