/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* mkdtemp */
#include "store_fixture.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

static const char *or_dash(const char *s)
{
    return s != NULL ? s : "-";
}

void store_fixture_line(const struct script *s, size_t n, char *out)
{
    snprintf(out, STORE_FIXTURE_LINE_LEN,
        "%s: n=%zu, %s, from=<%s>, to=<%s>, status=%s (%s)",
        or_dash(s->queue_id), n, s->kind, or_dash(s->sender),
        or_dash(s->recipient), or_dash(s->disposition), or_dash(s->reply));
}

struct event store_fixture_event(
    const struct script *s, const char *line, struct verdict *v)
{
    struct event e = {.time = s->second * 1000000,
        .host = span_of(s->host),
        .mta = SPAN_LITERAL("postfix"),
        .program = SPAN_LITERAL("smtp"),
        .queue_id = span_of(s->queue_id),
        .direction = s->inbound ? DIRECTION_INBOUND : DIRECTION_OUTBOUND,
        .stage = STAGE_RCPT,
        .sender = span_of(s->sender),
        .recipient = span_of(s->recipient),
        .delay = s->delay != 0 ? s->delay : -1,
        .repeat = s->repeat != 0 ? s->repeat : 1,
        .line = span_of(line)};
    event_kind_parse(span_of(s->kind), &e.kind);
    disposition_parse(span_of(s->disposition), &e.disposition);
    *v = (struct verdict){.cause = SPAN_LITERAL("policy"),
        .detail = SPAN_LITERAL("other"),
        .rule = SPAN_LITERAL("test"),
        .provider = SPAN_LITERAL("example")};
    if (s->reply == NULL) {
        return e;
    }
    e.reply.code = 550;
    e.reply.text = span_of(s->reply);
    v->template = span_of(s->reply);
    v->key = span_hash(v->template);
    if (span_starts(v->template, SPAN_LITERAL("listed"))) {
        v->cause = SPAN_LITERAL("blacklisting");
        v->listed = true;
        v->detail = SPAN_LITERAL("dnsbl");
        v->dnsbl = SPAN_LITERAL("zen.example");
        v->address = SPAN_LITERAL("192.0.2.1");
    }
    return e;
}

void store_fixture_path(char *out)
{
    /* hundreds of small databases: in memory where there is room */
    const char *top = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(out, STORE_FIXTURE_PATH_LEN, "%s/smtpscope-store-XXXXXX", top);
    if (mkdtemp(out) == NULL) {
        abort();
    }
    strcat(out, "/test.db");
}

void store_fixture_remove(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    char name[STORE_FIXTURE_PATH_LEN + 16];
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        snprintf(name, sizeof(name), "%s%s", path, ends[i]);
        unlink(name);
    }
    snprintf(name, sizeof(name), "%s", path);
    *strrchr(name, '/') = '\0';
    rmdir(name);
}

struct store *store_fixture_open(char *path)
{
    store_fixture_path(path);
    struct store *s = store_open(path, STORE_WRITE);
    if (s == NULL) {
        abort();
    }
    return s;
}

void store_fixture_close(struct store *s, const char *path)
{
    store_close(s);
    store_fixture_remove(path);
}

static void count_line(struct tally *t, struct correlator *c,
    const struct script *s, const char *line)
{
    struct verdict v;
    struct correlation correlation;
    struct event e = store_fixture_event(s, line, &v);
    e.line_hash = tally_line_hash(&e);
    tally_add_event_line(t, &e);
    uint32_t reply = tally_reply(t, &e, &v);
    correlator_add(c, &e, v.provider, reply, &correlation);
    tally_add(t, &e, &v, reply, &correlation);
}

void store_fixture_count(
    struct tally *t, struct correlator *c, const struct store_fixture_part *p)
{
    for (size_t i = p->from; i < p->to; i++) {
        char line[STORE_FIXTURE_LINE_LEN];
        store_fixture_line(&p->script[i], i, line);
        count_line(t, c, &p->script[i], line);
    }
}

/* The bytes of the lines from p->from up to ${to}. */
static void add_content(
    struct buffer *b, const struct store_fixture_part *p, size_t to)
{
    if (p->salt != 0) {
        buffer_addf(b, "salt %lld\n", (long long)p->salt);
    }
    for (size_t i = p->from; i < to; i++) {
        char line[STORE_FIXTURE_LINE_LEN];
        store_fixture_line(&p->script[i], i, line);
        buffer_addf(b, "%s %s %lld\n", line, p->script[i].host,
            (long long)p->script[i].second);
    }
}

/* What of ${p} the store has, as a number of lines; sets its state. */
static size_t known_lines(struct store *s, const struct store_fixture_part *p,
    struct source_state *state)
{
    struct buffer b;
    buffer_init(&b, (size_t)1 << 26);
    add_content(&b, p, p->to);
    struct span head = buffer_span(&b);
    struct source_state *found = NULL;
    int n = sources_candidates(
        s, span_first(head, head.len < 4096 ? head.len : 4096), &found);
    size_t lines = 0;
    for (int i = 0; i < n && lines == 0; i++) {
        for (size_t to = p->from + 1; to <= p->to; to++) {
            buffer_reset(&b);
            add_content(&b, p, to);
            XXH128_canonical_t hash;
            XXH128_canonicalFromHash(&hash, XXH3_128bits(b.bytes, b.len));
            if (memcmp(hash.digest, found[i].content_hash, 16) == 0) {
                state->id = found[i].id;
                state->base = found[i].base;
                lines = to - p->from;
            }
        }
    }
    sources_free(found, n);
    buffer_free(&b);
    return lines;
}

static bool write_up_to(struct store *s, struct source_state *state,
    const struct store_fixture_part *p, struct write_step *step)
{
    struct buffer b;
    buffer_init(&b, (size_t)1 << 26);
    add_content(&b, p, p->to);
    XXH128_canonical_t hash;
    XXH128_canonicalFromHash(&hash, XXH3_128bits(b.bytes, b.len));
    memcpy(state->content_hash, hash.digest, sizeof(state->content_hash));
    size_t head_len = b.len < 4096 ? b.len : 4096;
    state->head = (struct span){b.bytes, head_len};
    state->consumed = (int64_t)b.len;
    uint64_t marks[1024] = {0};
    size_t n_marks = b.len / LIMIT_MARK_LEN;
    for (size_t i = 0; i < n_marks && i < 1024; i++) {
        marks[i] = XXH3_64bits(b.bytes, (i + 1) * LIMIT_MARK_LEN);
    }
    state->marks = (struct span){(const char *)marks, n_marks * 8};
    bool ok = write_step(s, step);
    buffer_free(&b);
    return ok;
}

bool store_fixture_ingest(struct store *s, const struct store_fixture_part *p)
{
    struct source_state state = {.damaged_at = -1,
        .last_stamp = SOURCES_NO_TIME,
        .container = "plain",
        .name = "test"};
    struct tally *t = tally_create(NULL);
    struct correlator *c = correlator_create();
    struct name_ids ids = {.hosts = NULL};
    struct write_step step = {
        .state = &state, .tally = t, .correlator = c, .ids = &ids};
    struct store_fixture_part now = *p;
    size_t at = p->from + known_lines(s, p, &state);
    bool ok = true;
    while (ok && at < p->to) {
        bool all = p->step == 0 || p->step > p->to - at;
        struct store_fixture_part next = {
            p->script, at, all ? p->to : at + p->step, 0, 0};
        /* each step as after a restart */
        correlator_reset(c);
        ok = state.id == 0 || write_restore(s, state.id, c);
        store_fixture_count(t, c, &next);
        now.to = next.to;
        ok = ok && write_up_to(s, &state, &now, &step);
        tally_reset(t);
        correlator_written(c);
        at = next.to;
    }
    name_ids_reset(&ids);
    tally_free(t);
    correlator_free(c);
    return ok;
}

char *store_fixture_dump(struct store *s)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    if (out == NULL || !resolve_run(s) || !dump_write(s, out)) {
        abort();
    }
    fclose(out);
    return text;
}

int64_t store_fixture_value(struct store *s, const char *sql)
{
    int64_t value = 0;
    if (!store_number(s, sql, &value)) {
        abort();
    }
    return value;
}

uint32_t store_fixture_random(uint64_t *state, uint32_t n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % n;
}

/* ---- mail ---- */

enum { N_IDS = 6 };

static const char *const ids[N_IDS] = {"A1", "B2", "C3", "D4", "E5", "F6"};
static const char *const senders[] = {"a@one.example", "b@two.example", ""};
static const char *const recipients[] = {
    "x@gmx.example", "y@gmx.example", "z@web.example", "w@aol.example"};
static const char *const replies[] = {
    "mailbox full", "listed 192.0.2.1", "user unknown"};

/* Where a message stands: what may come next. */
struct message {
    int at; /* 0: none; 1: arrived; 2: active; 3: ended but for its release */
    const char *sender;
};

static void next_of_message(
    struct message *m, struct script *s, uint64_t *state)
{
    uint32_t dice = store_fixture_random(state, 100);
    s->kind = "outcome";
    if (m->at == 0) {
        s->kind = "arrival";
        m->sender = senders[store_fixture_random(state, 3)];
        m->at = 1;
    } else if (m->at == 1 || dice < 15) {
        s->kind = "sender";
        s->sender = m->sender;
        m->at = m->at == 1 ? 2 : m->at;
    } else if (m->at == 3 || dice < 30) {
        s->kind = "release";
        m->at = 0;
    } else if (dice < 38) {
        s->disposition = "expired";
        m->at = 3;
    } else {
        s->recipient = recipients[store_fixture_random(state, 4)];
        s->disposition = dice < 70   ? "deferred"
                         : dice < 85 ? "delivered"
                                     : "bounced";
        s->kind = dice > 60 && dice < 65 ? "suspended" : "outcome";
        s->delay = s->disposition[2] == 'l' ? (int64_t)dice * 100 : 0;
        s->reply = s->disposition[2] == 'l'
                       ? NULL
                       : replies[store_fixture_random(state, 3)];
    }
}

void store_fixture_mail(uint64_t seed, struct script *script, size_t n)
{
    struct message messages[2][N_IDS] = {0};
    uint64_t state = seed * 2654435761u + 1;
    int64_t second = 1700000000;
    for (size_t i = 0; i < n; i++) {
        uint32_t host = store_fixture_random(&state, 4) == 0 ? 1 : 0;
        uint32_t id = store_fixture_random(&state, N_IDS);
        second += store_fixture_random(&state, 3) == 0
                      ? 1 + store_fixture_random(&state, 400)
                      : 0;
        script[i] = (struct script){.second = second,
            .host = host != 0 ? "mx2" : "mx1",
            .queue_id = ids[id]};
        next_of_message(&messages[host][id], &script[i], &state);
    }
}
