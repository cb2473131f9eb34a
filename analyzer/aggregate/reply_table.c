/* SPDX-License-Identifier: MIT */
/*
 * The key is what makes a row of the table reply: the verdict's key stands
 * for the template.  Two keys with one template become one row in the store.
 */
#include "aggregate/reply_table.h"

#include "base/limits.h"

#include <stdlib.h>

/* No padding. */
struct reply_key {
    uint64_t verdict;
    uint64_t enhanced;
    uint64_t logged;
    uint32_t code;
    uint16_t direction;
    uint16_t stage;
};

void reply_table_init(struct reply_table *t)
{
    *t = (struct reply_table){.arena = arena_create()};
    hashtable_init(&t->numbers, sizeof(struct reply_key), sizeof(uint32_t));
    admission_init(&t->templates, LIMIT_TEMPLATES_PER_SOURCE);
}

void reply_table_free(struct reply_table *t)
{
    hashtable_free(&t->numbers);
    admission_reset(&t->templates);
    arena_free(t->arena);
    free(t->replies);
}

static uint64_t packed(struct status_code s)
{
    return (uint64_t)s.class << 32 | (uint64_t)s.subject << 16 | s.detail;
}

static struct span kept(struct reply_table *t, struct span s)
{
    return arena_copy(t->arena, s);
}

static uint32_t add_reply(
    struct reply_table *t, const struct event *e, const struct verdict *v)
{
    if (t->n_replies == t->cap) {
        t->cap = t->cap != 0 ? t->cap * 2 : 64;
        t->replies = memory_grow(t->replies, t->cap, sizeof(*t->replies));
    }
    t->replies[t->n_replies] = (struct tally_reply){
        .direction = e->direction,
        .stage = e->stage,
        .code = e->reply.code,
        .enhanced = e->reply.status,
        .logged = e->logged_status,
        .template = kept(t, v->template),
        .cause = kept(t, v->cause),
        .detail = kept(t, v->detail),
        .rule = kept(t, v->rule),
        .dnsbl = kept(t, v->dnsbl),
        .first_seen = INT64_MAX,
        .last_seen = INT64_MIN,
    };
    return t->n_replies++;
}

/* What replies beyond the limit of templates are counted under: their codes
 * still tell them apart, but their texts and codes can be made up too. */
static uint32_t add_other(struct reply_table *t, const struct event *e)
{
    struct verdict v = {.cause = SPAN_LITERAL("unclassified"),
        .detail = SPAN_LITERAL("other"),
        .rule = SPAN_LITERAL("limit"),
        .template = SPAN_LITERAL("(other)")};
    struct event plain = {.direction = e->direction};
    struct reply_key key;
    memset(&key, 0, sizeof(key));
    key.direction = (uint16_t)e->direction;
    uint32_t *number = hashtable_add(&t->numbers, &key);
    if (*number == 0) {
        *number = add_reply(t, &plain, &v) + 1;
    }
    t->n_overflow++;
    return *number - 1;
}

static uint32_t number_of(
    struct reply_table *t, const struct event *e, const struct verdict *v)
{
    struct reply_key key = {.verdict = v->key,
        .enhanced = packed(e->reply.status),
        .logged = packed(e->logged_status),
        .code = (uint32_t)e->reply.code,
        .direction = (uint16_t)e->direction,
        .stage = (uint16_t)e->stage};
    uint32_t *found = hashtable_find(&t->numbers, &key);
    if (found != NULL) {
        return *found - 1;
    }
    if (!admission_allows(
            &t->templates, (struct span){(const char *)&key, sizeof(key)})) {
        return add_other(t, e);
    }
    uint32_t number = add_reply(t, e, v);
    *(uint32_t *)hashtable_add(&t->numbers, &key) = number + 1;
    return number;
}

uint32_t reply_table_add(
    struct reply_table *t, const struct event *e, const struct verdict *v)
{
    uint32_t number = number_of(t, e, v);
    struct tally_reply *r = &t->replies[number];
    int64_t second = e->time / 1000000;
    r->first_seen = second < r->first_seen ? second : r->first_seen;
    r->last_seen = second > r->last_seen ? second : r->last_seen;
    return number;
}

size_t reply_table_bytes(const struct reply_table *t)
{
    return hashtable_bytes(&t->numbers) + arena_used(t->arena) +
           t->cap * sizeof(*t->replies);
}

void reply_table_reset(struct reply_table *t)
{
    hashtable_reset(&t->numbers);
    arena_reset(t->arena);
    free(t->replies);
    t->replies = NULL;
    t->n_replies = 0;
    t->cap = 0;
    t->n_overflow = 0;
}

void reply_table_begin_source(struct reply_table *t)
{
    reply_table_reset(t);
    admission_reset(&t->templates);
}
