/* SPDX-License-Identifier: MIT */
/*
 * One lock guards who is free and how far each belt has gone; it is taken
 * once for some thousand lines.
 */
#include "pipeline/crew.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>

/* One is filled, one emptied, and while the helper writes a step, the others
 * lie between them. */
enum { N_PARCELS = 16 };

struct belt {
    struct crew *crew;
    struct belt_work work;
    struct parcel parcels[N_PARCELS];
    uint64_t n_given;
    uint64_t n_taken;
    uint64_t n_nudges;
    bool in_spare; /* the helper is in work.spare() */
    bool closed;
    struct belt *next; /* of those that wait for a helper to notice them */
};

struct crew {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t n_free;      /* helpers that wait, less those already hired */
    size_t n_reading;   /* workers that may still have files */
    struct belt *hired; /* belts whose helper has not begun yet */
};

struct crew *crew_create(size_t n)
{
    struct crew *c = memory_zalloc(1, sizeof(*c));
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->changed, NULL);
    c->n_reading = n;
    return c;
}

void crew_free(struct crew *c)
{
    if (c == NULL) {
        return;
    }
    pthread_cond_destroy(&c->changed);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

void crew_absent(struct crew *c, size_t n)
{
    pthread_mutex_lock(&c->lock);
    c->n_reading -= n;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
}

/* ---- the helper's side ---- */

/* There is no parcel on ${b}: do something else, or wait. */
static void use_spare_time(struct crew *c, struct belt *b)
{
    uint64_t n_nudges = b->n_nudges;
    b->in_spare = true;
    pthread_mutex_unlock(&c->lock);
    bool done = b->work.spare(b->work.context);
    pthread_mutex_lock(&c->lock);
    b->in_spare = false;
    pthread_cond_broadcast(&c->changed);
    if (!done && b->n_nudges == n_nudges && b->n_taken == b->n_given &&
        !b->closed) {
        pthread_cond_wait(&c->changed, &c->lock);
    }
}

/* Empty ${b} until it is closed; the lock is held, but not while counting. */
static void empty_belt(struct crew *c, struct belt *b)
{
    while (!b->closed || b->n_taken < b->n_given) {
        if (b->n_taken == b->n_given) {
            use_spare_time(c, b);
            continue;
        }
        struct parcel *p = &b->parcels[b->n_taken % N_PARCELS];
        pthread_mutex_unlock(&c->lock);
        b->work.take(b->work.context, p);
        pthread_mutex_lock(&c->lock);
        b->n_taken++;
        pthread_cond_broadcast(&c->changed);
    }
}

static void free_belt(struct belt *b)
{
    for (int i = 0; i < N_PARCELS; i++) {
        batch_free(b->parcels[i].batch);
        free((void *)(uintptr_t)b->parcels[i].state.marks.ptr);
        free((void *)(uintptr_t)b->parcels[i].state.memory.ptr);
    }
    free(b);
}

void crew_serve(struct crew *c)
{
    pthread_mutex_lock(&c->lock);
    c->n_reading--;
    c->n_free++;
    pthread_cond_broadcast(&c->changed);
    while (c->n_reading > 0 || c->hired != NULL) {
        struct belt *b = c->hired;
        if (b == NULL) {
            pthread_cond_wait(&c->changed, &c->lock);
            continue;
        }
        c->hired = b->next;
        empty_belt(c, b);
        free_belt(b);
        c->n_free++;
    }
    pthread_mutex_unlock(&c->lock);
}

/* ---- the reader's side ---- */

struct belt *crew_hire(struct crew *c, const struct belt_work *work)
{
    pthread_mutex_lock(&c->lock);
    bool found = c->n_free > 0;
    c->n_free -= found ? 1 : 0;
    pthread_mutex_unlock(&c->lock);
    if (!found) {
        return NULL;
    }
    struct belt *b = memory_zalloc(1, sizeof(*b));
    *b = (struct belt){.crew = c, .work = *work};
    for (int i = 0; i < N_PARCELS; i++) {
        b->parcels[i].batch = batch_create();
    }
    pthread_mutex_lock(&c->lock);
    b->next = c->hired;
    c->hired = b;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
    return b;
}

struct parcel *belt_parcel(struct belt *b)
{
    return &b->parcels[b->n_given % N_PARCELS];
}

void belt_give(struct belt *b)
{
    pthread_mutex_lock(&b->crew->lock);
    b->n_given++;
    pthread_cond_broadcast(&b->crew->changed);
    while (b->n_given - b->n_taken == N_PARCELS) {
        pthread_cond_wait(&b->crew->changed, &b->crew->lock);
    }
    pthread_mutex_unlock(&b->crew->lock);
}

void belt_nudge(struct belt *b)
{
    pthread_mutex_lock(&b->crew->lock);
    b->n_nudges++;
    pthread_cond_broadcast(&b->crew->changed);
    pthread_mutex_unlock(&b->crew->lock);
}

void belt_close(struct belt *b)
{
    if (b == NULL) {
        return;
    }
    pthread_mutex_lock(&b->crew->lock);
    while (b->n_taken < b->n_given || b->in_spare) {
        pthread_cond_wait(&b->crew->changed, &b->crew->lock);
    }
    b->closed = true;
    pthread_cond_broadcast(&b->crew->changed);
    pthread_mutex_unlock(&b->crew->lock);
}
