/* SPDX-License-Identifier: MIT */
/*
 * Open addressing with linear probing over entry numbers.  The hash of each
 * entry is kept beside it, so that growing hashes nothing again and a probe
 * compares keys only when it has all but found its entry.
 */
#include "aggregate/hashtable.h"

#include "base/memory.h"

#include <stdlib.h>
#define XXH_INLINE_ALL /* the keys are so short that the call would cost more  \
                        */
#include <xxhash.h>

enum {
    FIRST_SLOTS = 64,
    KEPT_SLOTS = 8192 /* hashtable_reset() keeps this much for the next use */
};

static size_t aligned(size_t len)
{
    return (len + 7) / 8 * 8;
}

void hashtable_init(struct hashtable *t, size_t key_len, size_t value_len)
{
    *t = (struct hashtable){.key_len = key_len,
        .value_at = aligned(key_len),
        .stride = aligned(key_len) + aligned(value_len)};
}

static unsigned char *entry_at(const struct hashtable *t, uint32_t i)
{
    return t->entries + (size_t)i * t->stride;
}

/* Keys are some words long, too few to call memcmp() for. */
static bool is_key(const unsigned char *entry, const void *key, size_t len)
{
    const unsigned char *k = key;
    size_t i = 0;
    for (; i + 8 <= len; i += 8) {
        uint64_t a;
        uint64_t b;
        memcpy(&a, entry + i, 8);
        memcpy(&b, k + i, 8);
        if (a != b) {
            return false;
        }
    }
    return i == len || memcmp(entry + i, k + i, len - i) == 0;
}

/* The slot that holds ${key}, or the free one where it belongs. */
static uint32_t probe(const struct hashtable *t, const void *key, uint32_t hash)
{
    uint32_t mask = t->n_slots - 1;
    uint32_t slot = hash & mask;
    while (t->slots[slot] != 0) {
        uint32_t i = t->slots[slot] - 1;
        if (t->hashes[i] == hash && is_key(entry_at(t, i), key, t->key_len)) {
            break;
        }
        slot = (slot + 1) & mask;
    }
    return slot;
}

static void grow_slots(struct hashtable *t)
{
    free(t->slots);
    t->n_slots = t->n_slots != 0 ? t->n_slots * 2 : FIRST_SLOTS;
    t->slots = memory_zalloc(t->n_slots, sizeof(*t->slots));
    uint32_t mask = t->n_slots - 1;
    for (uint32_t i = 0; i < t->n; i++) {
        uint32_t slot = t->hashes[i] & mask;
        while (t->slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        t->slots[slot] = i + 1;
    }
}

static void grow_entries(struct hashtable *t)
{
    t->cap = t->cap != 0 ? t->cap + t->cap / 2 : FIRST_SLOTS;
    t->entries = memory_grow(t->entries, t->cap, t->stride);
    t->hashes = memory_grow(t->hashes, t->cap, sizeof(*t->hashes));
}

static uint32_t hash_of(const struct hashtable *t, const void *key)
{
    return (uint32_t)XXH3_64bits(key, t->key_len);
}

uint32_t hashtable_number(struct hashtable *t, const void *key)
{
    if (t->n >= t->n_slots / 2) {
        grow_slots(t);
    }
    uint32_t hash = hash_of(t, key);
    uint32_t slot = probe(t, key, hash);
    if (t->slots[slot] != 0) {
        return t->slots[slot] - 1;
    }
    if (t->n == t->cap) {
        grow_entries(t);
    }
    uint32_t i = t->n++;
    t->slots[slot] = i + 1;
    t->hashes[i] = hash;
    unsigned char *entry = entry_at(t, i);
    memset(entry, 0, t->stride);
    memcpy(entry, key, t->key_len);
    return i;
}

void *hashtable_add(struct hashtable *t, const void *key)
{
    return entry_at(t, hashtable_number(t, key)) + t->value_at;
}

void *hashtable_find(const struct hashtable *t, const void *key)
{
    if (t->n == 0) {
        return NULL;
    }
    uint32_t slot = probe(t, key, hash_of(t, key));
    if (t->slots[slot] == 0) {
        return NULL;
    }
    return entry_at(t, t->slots[slot] - 1) + t->value_at;
}

const void *hashtable_key(const struct hashtable *t, uint32_t i)
{
    return entry_at(t, i);
}

void *hashtable_value(const struct hashtable *t, uint32_t i)
{
    return entry_at(t, i) + t->value_at;
}

size_t hashtable_bytes(const struct hashtable *t)
{
    return (size_t)t->cap * (t->stride + sizeof(*t->hashes)) +
           (size_t)t->n_slots * sizeof(*t->slots);
}

void hashtable_reset(struct hashtable *t)
{
    if (t->n_slots > KEPT_SLOTS) {
        hashtable_free(t);
        return;
    }
    t->n = 0;
    if (t->slots != NULL) {
        memset(t->slots, 0, t->n_slots * sizeof(*t->slots));
    }
}

void hashtable_free(struct hashtable *t)
{
    free(t->entries);
    free(t->hashes);
    free(t->slots);
    t->entries = NULL;
    t->hashes = NULL;
    t->slots = NULL;
    t->n = 0;
    t->cap = 0;
    t->n_slots = 0;
}
