/* SPDX-License-Identifier: MIT */
#include "pipeline/claims.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>

struct claims {
    pthread_mutex_t lock; /* guards held */
    pthread_cond_t freed;
    size_t n;
    uint64_t *held; /* hash of each worker's first line; 0: none */
};

struct claims *claims_create(size_t n)
{
    struct claims *c = memory_zalloc(1, sizeof(*c));
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->freed, NULL);
    c->n = n;
    c->held = memory_zalloc(n, sizeof(*c->held));
    return c;
}

static bool is_held(const struct claims *c, uint64_t hash)
{
    for (size_t i = 0; i < c->n; i++) {
        if (c->held[i] == hash) {
            return true;
        }
    }
    return false;
}

void claims_take(struct claims *c, size_t worker, struct span first_line)
{
    uint64_t hash = span_hash(first_line) | 1;
    pthread_mutex_lock(&c->lock);
    while (is_held(c, hash)) {
        pthread_cond_wait(&c->freed, &c->lock);
    }
    c->held[worker] = hash;
    pthread_mutex_unlock(&c->lock);
}

void claims_release(struct claims *c, size_t worker)
{
    pthread_mutex_lock(&c->lock);
    c->held[worker] = 0;
    pthread_cond_broadcast(&c->freed);
    pthread_mutex_unlock(&c->lock);
}

void claims_free(struct claims *c)
{
    if (c == NULL) {
        return;
    }
    pthread_cond_destroy(&c->freed);
    pthread_mutex_destroy(&c->lock);
    free(c->held);
    free(c);
}
