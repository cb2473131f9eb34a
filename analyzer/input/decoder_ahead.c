/* SPDX-License-Identifier: MIT */
/*
 * A ring of blocks between who decodes and who reads.  The lock guards all of
 * it but the blocks' bytes: a block belongs to who fills it until it is
 * counted as made, then to who reads it until it is counted as taken.  The
 * decoder below belongs to the thread that has set ->busy.
 *
 * What the decoder says of its data (damage, how far it is in the file) is
 * true behind the last byte it decoded, which who reads has not come to yet.
 * So it is noted with each block, and told when that is taken.
 */
#include "input/decoder_ahead.h"

#include "base/limits.h"
#include "base/memory.h"
#include "input/decoder_ops.h"

#include <pthread.h>
#include <stdlib.h>

enum { N_BLOCKS = 4 };

struct block {
    char *bytes; /* LIMIT_BLOCK_LEN of them */
    size_t len;
    size_t at; /* of what is not read yet */
    struct decoder_told told;
};

struct decoder_ahead {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool busy; /* somebody decodes */
    bool over; /* there is nothing left to decode */
    uint64_t n_made;
    uint64_t n_taken;
    struct block blocks[N_BLOCKS];
    void (*room)(void *context); /* of who reads only */
    void *context;
};

void decoder_ahead_begin(
    struct decoder *d, void (*room)(void *context), void *context)
{
    struct decoder_ahead *a = d->ahead;
    if (a == NULL) {
        a = memory_zalloc(1, sizeof(*a));
        pthread_mutex_init(&a->lock, NULL);
        pthread_cond_init(&a->changed, NULL);
        for (int i = 0; i < N_BLOCKS; i++) {
            a->blocks[i].bytes = memory_alloc(LIMIT_BLOCK_LEN);
        }
        d->told = decoder_tells(d);
        d->ahead = a;
    }
    a->room = room;
    a->context = context;
}

/* Decode up to ${cap} bytes; the lock is held, but not meanwhile. */
static size_t decode(
    struct decoder *d, char *out, size_t cap, struct decoder_told *told)
{
    struct decoder_ahead *a = d->ahead;
    a->busy = true;
    pthread_mutex_unlock(&a->lock);
    size_t n = decoder_decode(d, out, cap);
    *told = decoder_tells(d);
    pthread_mutex_lock(&a->lock);
    a->busy = false;
    a->over = n < cap;
    pthread_cond_broadcast(&a->changed);
    return n;
}

bool decoder_ahead_work(struct decoder *d)
{
    struct decoder_ahead *a = d->ahead;
    if (a == NULL) {
        return false;
    }
    pthread_mutex_lock(&a->lock);
    bool wanted = !a->busy && !a->over && a->n_made - a->n_taken < N_BLOCKS;
    if (wanted) {
        struct block *b = &a->blocks[a->n_made % N_BLOCKS];
        b->at = 0;
        b->len = decode(d, b->bytes, LIMIT_BLOCK_LEN, &b->told);
        a->n_made++;
    }
    pthread_mutex_unlock(&a->lock);
    return wanted;
}

/* Take what ${out} has room for of the block that was made first; the lock is
 * held, but not meanwhile. */
static size_t take(struct decoder *d, char *out, size_t cap)
{
    struct decoder_ahead *a = d->ahead;
    struct block *b = &a->blocks[a->n_taken % N_BLOCKS];
    size_t left = b->len - b->at;
    size_t n = left < cap ? left : cap;
    pthread_mutex_unlock(&a->lock);
    if (n > 0) {
        memcpy(out, b->bytes + b->at, n);
        b->at += n;
    }
    d->told = b->told;
    pthread_mutex_lock(&a->lock);
    a->n_taken += n == left ? 1 : 0;
    return n;
}

size_t decoder_ahead_read(struct decoder *d, char *out, size_t cap)
{
    struct decoder_ahead *a = d->ahead;
    size_t len = 0;
    pthread_mutex_lock(&a->lock);
    uint64_t n_taken = a->n_taken;
    while (len < cap && (!a->over || a->n_made > a->n_taken)) {
        if (a->n_made > a->n_taken) {
            len += take(d, out + len, cap - len);
        } else if (a->busy) {
            pthread_cond_wait(&a->changed, &a->lock);
        } else {
            len += decode(d, out + len, cap - len, &d->told);
        }
    }
    bool has_room = a->n_taken != n_taken;
    pthread_mutex_unlock(&a->lock);
    if (has_room) {
        a->room(a->context);
    }
    return len;
}

void decoder_ahead_free(struct decoder_ahead *a)
{
    if (a == NULL) {
        return;
    }
    for (int i = 0; i < N_BLOCKS; i++) {
        free(a->blocks[i].bytes);
    }
    pthread_cond_destroy(&a->changed);
    pthread_mutex_destroy(&a->lock);
    free(a);
}
