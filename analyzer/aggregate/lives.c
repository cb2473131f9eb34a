/* SPDX-License-Identifier: MIT */
/*
 * Chained hashing over pool numbers, and one list through all lives from the
 * one touched longest ago to the newest, which is the order of eviction.  A
 * life has few recipients that wait, so they are a plain list; the correlator
 * bounds its length.
 */
#include "aggregate/lives.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#define XXH_INLINE_ALL /* the key is so short that the call would count */
#include <xxhash.h>

enum { FIRST_BUCKETS = 256, FIRST_POOL = 64 };

void lives_init(struct lives *l)
{
    *l = (struct lives){.n_lives = 1, .n_waiting = 1};
}

struct life_key lives_key(uint32_t host, struct span id)
{
    struct life_key key;
    memset(&key, 0, sizeof(key));
    key.host = host;
    bool plain = id.len < LIVES_ID_LEN && memchr(id.ptr, '\0', id.len) == NULL;
    if (plain) {
        memcpy(key.id, id.ptr, id.len);
    } else {
        /* 6 bytes to recognise it by, "~", and 16 hexadecimal digits */
        for (size_t i = 0; i < 6 && i < id.len; i++) {
            key.id[i] = id.ptr[i] != '\0' ? id.ptr[i] : '?';
        }
        size_t n = strlen(key.id);
        snprintf(key.id + n, LIVES_ID_LEN - n, "~%016llx",
            (unsigned long long)span_hash(id));
    }
    return key;
}

struct span lives_key_id(const struct life_key *key)
{
    return (struct span){key->id, strlen(key->id)};
}

static uint64_t hash_of(const struct life_key *key)
{
    return XXH3_64bits(key, sizeof(*key));
}

static void unlink_age(struct lives *l, struct life *life)
{
    *(life->older != 0 ? &l->lives[life->older].newer : &l->oldest) =
        life->newer;
    *(life->newer != 0 ? &l->lives[life->newer].older : &l->newest) =
        life->older;
}

static void link_newest(struct lives *l, struct life *life)
{
    uint32_t number = (uint32_t)(life - l->lives);
    life->older = l->newest;
    life->newer = 0;
    *(l->newest != 0 ? &l->lives[l->newest].newer : &l->oldest) = number;
    l->newest = number;
}

struct life *lives_find(struct lives *l, const struct life_key *key)
{
    if (l->n_open == 0) {
        return NULL;
    }
    uint64_t hash = hash_of(key);
    uint32_t i = l->buckets[hash & (l->n_buckets - 1)];
    while (i != 0) {
        struct life *life = &l->lives[i];
        if (life->hash == hash && memcmp(&life->key, key, sizeof(*key)) == 0) {
            unlink_age(l, life);
            link_newest(l, life);
            return life;
        }
        i = life->next;
    }
    return NULL;
}

static void grow_buckets(struct lives *l)
{
    free(l->buckets);
    l->n_buckets = l->n_buckets != 0 ? l->n_buckets * 2 : FIRST_BUCKETS;
    l->buckets = memory_zalloc(l->n_buckets, sizeof(*l->buckets));
    for (uint32_t i = l->oldest; i != 0; i = l->lives[i].newer) {
        uint32_t *bucket = &l->buckets[l->lives[i].hash & (l->n_buckets - 1)];
        l->lives[i].next = *bucket;
        *bucket = i;
    }
}

static uint32_t take_life(struct lives *l)
{
    uint32_t i = l->free_life;
    if (i != 0) {
        l->free_life = l->lives[i].next;
        return i;
    }
    if (l->n_lives >= l->lives_cap) {
        l->lives_cap = l->lives_cap != 0 ? l->lives_cap * 2 : FIRST_POOL;
        l->lives = memory_grow(l->lives, l->lives_cap, sizeof(*l->lives));
    }
    return l->n_lives++;
}

struct life *lives_add(struct lives *l, const struct life_key *key)
{
    if (l->n_open >= l->n_buckets) {
        grow_buckets(l);
    }
    uint32_t i = take_life(l);
    struct life *life = &l->lives[i];
    *life = (struct life){.key = *key, .hash = hash_of(key)};
    uint32_t *bucket = &l->buckets[life->hash & (l->n_buckets - 1)];
    life->next = *bucket;
    *bucket = i;
    link_newest(l, life);
    l->n_open++;
    return life;
}

void lives_remove(struct lives *l, struct life *life)
{
    lives_end_all(l, life);
    uint32_t number = (uint32_t)(life - l->lives);
    uint32_t *at = &l->buckets[life->hash & (l->n_buckets - 1)];
    while (*at != number) {
        at = &l->lives[*at].next;
    }
    *at = life->next;
    unlink_age(l, life);
    life->next = l->free_life;
    l->free_life = number;
    l->n_open--;
}

struct life *lives_oldest(struct lives *l)
{
    return l->oldest != 0 ? &l->lives[l->oldest] : NULL;
}

struct life *lives_newer(const struct lives *l, const struct life *life)
{
    return life->newer != 0 ? &l->lives[life->newer] : NULL;
}

struct waiting *lives_waiting(
    const struct lives *l, const struct life *life, const struct waiting *w)
{
    uint32_t i = w != NULL ? w->next : life->first;
    return i != 0 ? &l->waiting[i] : NULL;
}

static uint32_t take_waiting(struct lives *l)
{
    uint32_t i = l->free_waiting;
    if (i != 0) {
        l->free_waiting = l->waiting[i].next;
        return i;
    }
    if (l->n_waiting >= l->waiting_cap) {
        l->waiting_cap = l->waiting_cap != 0 ? l->waiting_cap * 2 : FIRST_POOL;
        l->waiting =
            memory_grow(l->waiting, l->waiting_cap, sizeof(*l->waiting));
    }
    return l->n_waiting++;
}

void lives_wait(struct lives *l, struct life *life, const struct waiting *w)
{
    lives_end_wait(l, life, w->recipient);
    uint32_t i = take_waiting(l);
    l->waiting[i] = *w;
    l->waiting[i].next = life->first;
    life->first = i;
    life->n_waiting++;
    l->n_waiting_open++;
}

void lives_end_wait(struct lives *l, struct life *life, uint64_t recipient)
{
    for (uint32_t *at = &life->first; *at != 0; at = &l->waiting[*at].next) {
        struct waiting *w = &l->waiting[*at];
        if (w->recipient == recipient) {
            uint32_t number = *at;
            *at = w->next;
            w->next = l->free_waiting;
            l->free_waiting = number;
            life->n_waiting--;
            l->n_waiting_open--;
            return;
        }
    }
}

void lives_end_all(struct lives *l, struct life *life)
{
    while (life->first != 0) {
        lives_end_wait(l, life, l->waiting[life->first].recipient);
    }
}

void lives_reset(struct lives *l)
{
    lives_free(l);
}

void lives_free(struct lives *l)
{
    free(l->lives);
    free(l->waiting);
    free(l->buckets);
    lives_init(l);
}
