/* SPDX-License-Identifier: MIT */
/*
 * Two generations: when the young one is full it becomes the old one, and
 * what was old is forgotten.  That bounds the memory without a list of who
 * was used last.
 */
#include "cli/senders.h"

#include <stdlib.h>

#include "aggregate/hashtable.h"
#include "base/intern.h"
#include "base/limits.h"
#include "base/memory.h"

/* Two hashes of 64 bits: that two queue IDs share both does not happen. */
struct queue_key {
    uint64_t host;
    uint64_t queue_id;
};

struct generation {
    struct hashtable ids;   /* struct queue_key to uint32_t */
    struct intern *senders; /* 0, the empty text: null sender */
};

/* A value that is no number of an intern table. */
static const uint32_t unknown_sender = UINT32_MAX;

struct senders {
    struct generation young;
    struct generation old;
};

static void generation_init(struct generation *g)
{
    hashtable_init(&g->ids, sizeof(struct queue_key), sizeof(uint32_t));
    g->senders = intern_create();
}

struct senders *senders_create(void)
{
    struct senders *s = memory_zalloc(1, sizeof(*s));
    generation_init(&s->young);
    generation_init(&s->old);
    return s;
}

static bool find(
    const struct generation *g, const struct queue_key *key, struct span *text)
{
    const uint32_t *id = hashtable_find(&g->ids, key);
    if (id == NULL) {
        return false;
    }
    *text = *id != unknown_sender ? intern_text(g->senders, *id) : SPAN_NONE;
    return true;
}

static void remember(
    struct senders *s, const struct queue_key *key, struct span sender)
{
    if (s->young.ids.n >= LIMIT_OPEN_QUEUE_ENTRIES) {
        struct generation forgotten = s->old;
        s->old = s->young;
        hashtable_reset(&forgotten.ids);
        intern_reset(forgotten.senders);
        s->young = forgotten;
    }
    uint32_t id = span_is_known(sender) ? intern_add(s->young.senders, sender)
                                        : unknown_sender;
    *(uint32_t *)hashtable_add(&s->young.ids, key) = id;
}

struct span senders_follow(struct senders *s, const struct event *e)
{
    struct span sender = e->sender;
    if (!span_is_known(e->queue_id) || e->queue_id.len == 0) {
        return sender;
    }
    struct queue_key key = {span_hash(e->host), span_hash(e->queue_id)};
    /* An arrival begins another life: short queue IDs are used again. */
    if (span_is_known(sender) || e->kind == EVENT_ARRIVAL) {
        remember(s, &key, sender);
    } else if (!find(&s->young, &key, &sender)) {
        find(&s->old, &key, &sender);
    }
    return sender;
}

static void generation_free(struct generation *g)
{
    hashtable_free(&g->ids);
    intern_free(g->senders);
}

void senders_free(struct senders *s)
{
    if (s != NULL) {
        generation_free(&s->young);
        generation_free(&s->old);
        free(s);
    }
}
