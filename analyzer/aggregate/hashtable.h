/* SPDX-License-Identifier: MIT */
/* aggregate/hashtable.h - a hash table of small fixed-size keys and values. */
#ifndef AGGREGATE_HASHTABLE_H
#define AGGREGATE_HASHTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Entries are numbered 0 .. n - 1 in the order in which they were added, and
 * lie one behind the other.  Keys are compared as bytes: a key struct must
 * have no padding, or be zeroed first.  Owned by whoever initialised it; not
 * shared between threads.
 */
struct hashtable {
    size_t key_len;
    size_t value_at; /* offset of the value in an entry */
    size_t stride;
    unsigned char *entries;
    uint32_t *hashes; /* one for each entry */
    uint32_t *slots;  /* entry + 1, 0 is free; n_slots is a power of two */
    uint32_t n;
    uint32_t cap;
    uint32_t n_slots;
};

/** hashtable_init(t, key_len, value_len): An empty table; no memory is taken.
 */
void hashtable_init(struct hashtable *t, size_t key_len, size_t value_len);

/**
 * hashtable_add(t, key):
 * Return the value of ${key}, a zeroed one if it was not there.  Valid until
 * the next hashtable_add().
 */
void *hashtable_add(struct hashtable *t, const void *key);

/** hashtable_number(t, key): The number of the entry of ${key}, added if it
 * was not there; stays the same until the table is reset. */
uint32_t hashtable_number(struct hashtable *t, const void *key);

/** hashtable_find(t, key): The value of ${key}, or NULL. */
void *hashtable_find(const struct hashtable *t, const void *key);

/** hashtable_key(t, i), hashtable_value(t, i): Of entry ${i}; valid until the
 * next hashtable_add(). */
const void *hashtable_key(const struct hashtable *t, uint32_t i);
void *hashtable_value(const struct hashtable *t, uint32_t i);

/** hashtable_bytes(t): Memory in use, for limits. */
size_t hashtable_bytes(const struct hashtable *t);

/** hashtable_reset(t): Empty ${t}; memory beyond a modest size is given back.
 */
void hashtable_reset(struct hashtable *t);

/** hashtable_free(t): Give the memory back; ${t} may be used again. */
void hashtable_free(struct hashtable *t);

#endif
