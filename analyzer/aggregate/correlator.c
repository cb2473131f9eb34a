/* SPDX-License-Identifier: MIT */
/*
 * An entry (struct life) exists for a queue ID once its arrival or its sender
 * was seen in this source.  From then on its senders are decided here.  What
 * is met without an entry began elsewhere and goes to the journal.
 *
 * Who waits is decided here only if the arrival was seen: then every attempt
 * of the life was, too, and a recipient that was delivered can be forgotten.
 * Without arrival the last word on every recipient is kept, because it may
 * take back what an earlier source says; on expiry these words go to the
 * journal with the expiry itself.
 *
 * The journal is sound whatever is in memory: an entry that must make room
 * leaves its state there and is forgotten, and what comes later for its ID is
 * treated like that of an ID that began elsewhere.
 */
#include "aggregate/correlator_inside.h"

#include "base/limits.h"
#include "base/memory.h"

#include <stdlib.h>
#include <xxhash.h>

enum {
    /* One event gives up to four rows, which must not share a number. */
    SEQ_STEP = 4,
    SEQ_END = 0, /* the old life ends */
    SEQ_ARRIVAL = 1,
    SEQ_SENDER = 2,
    SEQ_WORD = 3 /* attempt, expire, release */
};

/* What one call of correlator_add() works on. */
struct step {
    struct correlator *c;
    const struct event *e;
    struct span provider;
    uint32_t reply;
    struct life_key key;
    struct life *life;
    struct correlation *out;
};

struct correlator *correlator_create(void)
{
    struct correlator *c = memory_zalloc(1, sizeof(*c));
    lives_init(&c->lives);
    c->hosts = intern_create();
    c->names = intern_create();
    return c;
}

/* False past the limit of hosts: their queue IDs are not followed. */
static bool find_host(struct correlator *c, struct span host)
{
    if (span_equal(intern_text(c->hosts, c->host), host)) {
        return true;
    }
    bool room = intern_count(c->hosts) <= LIMIT_HOSTS_PER_SOURCE;
    if (!room && !intern_find(c->hosts, host, &c->host)) {
        return false;
    }
    c->host = intern_add(c->hosts, host);
    return true;
}

static uint32_t domain_number(struct correlator *c, struct span address)
{
    struct span domain = address_domain(address);
    if (!span_is_known(domain)) {
        return intern_add(c->names, SPAN_LITERAL("?"));
    }
    char text[DOMAIN_TEXT_LEN];
    return intern_add(c->names, domain_normalise(domain, text));
}

/* ---- the journal ---- */

/* A row for the event itself. */
static struct journal_row row_of_event(
    const struct step *s, enum queue_row_kind kind, int64_t seq_part)
{
    struct journal_row row;
    memset(&row, 0, sizeof(row));
    row.key = s->key;
    row.kind = (uint8_t)kind;
    row.time = s->e->time;
    row.seq = s->c->seq + seq_part;
    row.n = s->e->repeat > 0 ? s->e->repeat : 1;
    row.event = (uint8_t)s->e->kind;
    row.direction = (uint8_t)s->e->direction;
    row.disposition = (uint8_t)s->e->disposition;
    row.reply = JOURNAL_NO_REPLY;
    return row;
}

static void journal_end(const struct step *s, int64_t seq_part)
{
    struct journal_row row = row_of_event(s, QUEUE_ROW_RELEASE, seq_part);
    journal_add(&s->c->journal, &row);
}

/* What is known of who waits goes to the journal and out of the entry. */
static void journal_waiting(struct correlator *c, struct life *life)
{
    struct waiting *w = NULL;
    while ((w = lives_waiting(&c->lives, life, w)) != NULL) {
        struct journal_row row = journal_of_waiting(life, w);
        journal_add(&c->journal, &row);
    }
    lives_end_all(&c->lives, life);
}

static void journal_arrival(struct correlator *c, const struct life *life)
{
    if (life->has_arrival) {
        struct journal_row row = journal_of_life(life, QUEUE_ROW_ARRIVAL);
        journal_add(&c->journal, &row);
    }
}

/* From now on each word on a recipient of ${life} goes to the journal. */
static void spill(struct correlator *c, struct life *life)
{
    journal_arrival(c, life);
    journal_waiting(c, life);
    life->has_arrival = false;
    life->spilled = true;
}

static void evict(struct correlator *c, struct life *life)
{
    if (life->has_sender || life->first != 0) {
        journal_arrival(c, life);
        journal_waiting(c, life);
    }
    if (life->has_sender) {
        struct journal_row row = journal_of_life(life, QUEUE_ROW_SENDER);
        journal_add(&c->journal, &row);
    }
    lives_remove(&c->lives, life);
}

static void evict_oldest(struct correlator *c)
{
    evict(c, lives_oldest(&c->lives));
    c->n_evicted++;
}

/* ---- the life of a message ---- */

static struct life *open_life(struct step *s)
{
    if (s->c->lives.n_open >= LIMIT_OPEN_QUEUE_ENTRIES) {
        evict_oldest(s->c);
    }
    s->life = lives_add(&s->c->lives, &s->key);
    return s->life;
}

/* The text of the sender that the event names is in c->sender_text. */
static void set_sender(struct step *s)
{
    uint32_t sender = intern_add(s->c->names, s->out->sender_domain);
    struct life *life = s->life != NULL ? s->life : open_life(s);
    bool repeated = life->has_sender && life->sender == sender &&
                    s->e->kind != EVENT_SENDER;
    if (repeated) {
        return;
    }
    life->has_sender = true;
    life->sender = sender;
    life->sender_time = s->e->time;
    life->sender_seq = s->c->seq + SEQ_SENDER;
}

static void begin_life(struct step *s)
{
    if (s->life != NULL) {
        if (!s->life->has_arrival) {
            journal_end(s, SEQ_END);
        }
        lives_remove(&s->c->lives, s->life);
    }
    struct life *life = open_life(s);
    life->has_arrival = true;
    life->arrival_time = s->e->time;
    life->arrival_seq = s->c->seq + SEQ_ARRIVAL;
}

static void end_life(struct step *s)
{
    if (s->life == NULL || !s->life->has_arrival) {
        journal_end(s, SEQ_WORD);
    }
    if (s->life != NULL) {
        lives_remove(&s->c->lives, s->life);
        s->life = NULL;
    }
}

/* ---- attempts ---- */

static uint64_t recipient_hash(const struct step *s)
{
    struct span r = s->e->recipient;
    /* seeded by the ID: the hash tells nothing beyond its message */
    uint64_t seed = XXH3_64bits(s->key.id, sizeof(s->key.id));
    uint64_t hash = XXH3_64bits_withSeed(r.ptr, r.len, seed);
    return hash != 0 ? hash : 1;
}

/* True if the event is a word on whether a recipient still waits. */
static bool is_word_on_recipient(const struct event *e)
{
    return e->direction == DIRECTION_OUTBOUND && e->kind != EVENT_ATTEMPT &&
           e->disposition != DISPOSITION_HELD &&
           e->disposition != DISPOSITION_UNKNOWN && span_is_known(e->recipient);
}

static void journal_attempt(const struct step *s, bool counted)
{
    struct journal_row row = row_of_event(s, QUEUE_ROW_ATTEMPT, SEQ_WORD);
    row.counted = counted;
    row.reply = s->reply;
    row.recipient = is_word_on_recipient(s->e) ? recipient_hash(s) : 0;
    row.has_recipient = true;
    row.domain = domain_number(s->c, s->e->recipient);
    row.provider = intern_add(s->c->names, s->provider);
    journal_add(&s->c->journal, &row);
}

static void make_room_to_wait(struct step *s)
{
    struct correlator *c = s->c;
    while (c->lives.n_waiting_open >= LIMIT_WAITING_RECIPIENTS) {
        struct life *oldest = lives_oldest(&c->lives);
        if (oldest == s->life) {
            spill(c, oldest);
        } else {
            evict_oldest(c);
        }
    }
    if (s->life->n_waiting >= LIMIT_WAITING_PER_MESSAGE) {
        spill(c, s->life);
    }
}

/* Keep the last word on the recipient of an attempt whose life is known. */
static void keep_word(struct step *s)
{
    const struct event *e = s->e;
    if (!is_word_on_recipient(e)) {
        return;
    }
    bool waits = e->disposition == DISPOSITION_DEFERRED;
    if (s->life->has_arrival && !waits) {
        if (s->life->first != 0) {
            lives_end_wait(&s->c->lives, s->life, recipient_hash(s));
        }
        return;
    }
    make_room_to_wait(s);
    if (s->life->spilled) {
        s->reply = JOURNAL_NO_REPLY;
        journal_attempt(s, true);
        return;
    }
    struct waiting w = {.recipient = recipient_hash(s),
        .time = e->time,
        .seq = s->c->seq + SEQ_WORD,
        .domain = domain_number(s->c, e->recipient),
        .provider = intern_add(s->c->names, s->provider),
        .direction = e->direction,
        .disposition = e->disposition,
        .event = e->kind};
    lives_wait(&s->c->lives, s->life, &w);
}

/* The whole message ran out of time: everybody who waits has. */
static void expire(struct step *s)
{
    struct correlator *c = s->c;
    if (s->life == NULL || !s->life->has_arrival) {
        if (s->life != NULL) {
            journal_waiting(c, s->life);
        }
        struct journal_row row = row_of_event(s, QUEUE_ROW_EXPIRE, SEQ_WORD);
        row.has_sender = s->out->sender_known;
        row.sender =
            row.has_sender ? intern_add(c->names, s->out->sender_domain) : 0;
        journal_add(&c->journal, &row);
        return;
    }
    if (s->life->n_waiting > c->expired_cap) {
        c->expired_cap = s->life->n_waiting;
        c->expired =
            memory_grow(c->expired, c->expired_cap, sizeof(*c->expired));
    }
    struct waiting *w = NULL;
    while ((w = lives_waiting(&c->lives, s->life, w)) != NULL) {
        c->expired[s->out->n_expired++] =
            (struct expired_recipient){intern_text(c->names, w->domain),
                intern_text(c->names, w->provider)};
    }
    lives_end_all(&c->lives, s->life);
    s->out->expired = c->expired;
}

static void take_attempt(struct step *s)
{
    const struct event *e = s->e;
    struct correlation *out = s->out;
    /* the sender of a message that was just accepted is not known to the
     * line that says so: whether an older one is, must not matter */
    if (e->kind == EVENT_PROBE || e->disposition == DISPOSITION_ACCEPTED) {
        return;
    }
    if (!out->sender_known && s->life != NULL && s->life->has_sender) {
        out->sender_known = true;
        out->sender_domain = intern_text(s->c->names, s->life->sender);
    }
    if (e->disposition == DISPOSITION_EXPIRED && !span_is_known(e->recipient)) {
        expire(s);
    } else if (s->life == NULL) {
        journal_attempt(s, false);
    } else {
        keep_word(s);
    }
}

/* The sender that the event names itself, if it does. */
static void own_sender(struct step *s)
{
    struct span domain = address_domain(s->e->sender);
    s->out->sender_known = span_is_known(domain);
    s->out->sender_domain = s->out->sender_known
                                ? domain_normalise(domain, s->c->sender_text)
                                : SPAN_LITERAL("?");
}

void correlator_add(struct correlator *c, const struct event *e,
    struct span provider, uint32_t reply, struct correlation *out)
{
    *out = (struct correlation){.n_expired = 0};
    struct step s = {
        .c = c, .e = e, .provider = provider, .reply = reply, .out = out};
    own_sender(&s);
    if (e->queue_id.len == 0 || !find_host(c, e->host)) {
        return;
    }
    c->seq += SEQ_STEP;
    s.key = lives_key(c->host, e->queue_id);
    s.life = lives_find(&c->lives, &s.key);
    if (e->kind == EVENT_ARRIVAL) {
        begin_life(&s);
    }
    if (out->sender_known && e->kind != EVENT_RELEASE &&
        e->kind != EVENT_PROBE) {
        set_sender(&s);
    }
    if (e->kind == EVENT_RELEASE) {
        end_life(&s);
    } else if (e->kind != EVENT_ARRIVAL && e->kind != EVENT_SENDER) {
        take_attempt(&s);
    }
}

void correlator_set_sequence(struct correlator *c, int64_t seq)
{
    c->seq = seq;
}

int64_t correlator_hold(
    struct correlator *c, struct span host, struct span queue_id)
{
    c->seq += SEQ_STEP;
    int64_t seq = c->seq;
    if (queue_id.len > 0 && find_host(c, host)) {
        struct life_key key = lives_key(c->host, queue_id);
        struct life *life = lives_find(&c->lives, &key);
        if (life != NULL) {
            evict(c, life);
        }
    }
    c->seq += CORRELATOR_SEQ_HELD;
    return seq;
}

size_t correlator_open_entries(const struct correlator *c)
{
    return c->lives.n_open;
}

int64_t correlator_evicted(const struct correlator *c)
{
    return c->n_evicted;
}

size_t correlator_bytes(const struct correlator *c)
{
    return journal_bytes(&c->journal) + intern_bytes(c->names);
}

void correlator_reset(struct correlator *c)
{
    lives_reset(&c->lives);
    journal_reset(&c->journal);
    intern_reset(c->hosts);
    intern_reset(c->names);
    c->host = 0;
    c->seq = 0;
    c->n_evicted = 0;
}

void correlator_free(struct correlator *c)
{
    if (c == NULL) {
        return;
    }
    lives_free(&c->lives);
    journal_reset(&c->journal);
    intern_free(c->hosts);
    intern_free(c->names);
    free(c->expired);
    free(c);
}
