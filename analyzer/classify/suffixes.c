/* SPDX-License-Identifier: MIT */
/*
 * One walk over the name from its end: the hash of each suffix follows from
 * that of the one label shorter, so a look-up costs a pass over the name and
 * one probe for each label.
 */
#include "classify/suffixes.h"

#include "base/memory.h"

#include <stdlib.h>

struct entry {
    struct span suffix; /* ptr NULL: free */
    uint32_t hash;
    uint32_t value;
};

struct suffixes {
    struct entry *entries;
    size_t n_slots; /* a power of two */
    size_t n_used;
};

/* FNV-1a, taken from the last byte to the first. */
static const uint32_t hash_start = 2166136261u;

static uint32_t hash_step(uint32_t hash, char c)
{
    unsigned char u = (unsigned char)c;
    if (u >= 'A' && u <= 'Z') {
        u |= 0x20;
    }
    return (hash ^ u) * 16777619u;
}

static uint32_t hash_name(struct span s)
{
    uint32_t hash = hash_start;
    for (size_t i = s.len; i > 0; i--) {
        hash = hash_step(hash, s.ptr[i - 1]);
    }
    return hash;
}

struct suffixes *suffixes_create(void)
{
    struct suffixes *t = memory_zalloc(1, sizeof(*t));
    t->n_slots = 256;
    t->entries = memory_zalloc(t->n_slots, sizeof(*t->entries));
    return t;
}

/* The entry that holds ${suffix}, or the free one where it belongs. */
static struct entry *slot(
    const struct suffixes *t, struct span suffix, uint32_t hash)
{
    /* the low bits of FNV are its weak ones */
    size_t i = (hash ^ hash >> 15) & (t->n_slots - 1);
    while (t->entries[i].suffix.ptr != NULL &&
           (t->entries[i].hash != hash ||
               !span_equal_nocase(t->entries[i].suffix, suffix))) {
        i = (i + 1) & (t->n_slots - 1);
    }
    return &t->entries[i];
}

static void grow(struct suffixes *t)
{
    struct suffixes old = *t;
    t->n_slots *= 2;
    t->entries = memory_zalloc(t->n_slots, sizeof(*t->entries));
    for (size_t i = 0; i < old.n_slots; i++) {
        struct entry e = old.entries[i];
        if (e.suffix.ptr != NULL) {
            *slot(t, e.suffix, e.hash) = e;
        }
    }
    free(old.entries);
}

bool suffixes_add(struct suffixes *t, struct span suffix, uint32_t value)
{
    if (suffix.len == 0) {
        return false;
    }
    uint32_t hash = hash_name(suffix);
    if (slot(t, suffix, hash)->suffix.ptr != NULL) {
        return false;
    }
    if (t->n_used * 2 >= t->n_slots) {
        grow(t);
    }
    *slot(t, suffix, hash) = (struct entry){suffix, hash, value};
    t->n_used++;
    return true;
}

size_t suffixes_find(
    const struct suffixes *t, struct span name, uint32_t *value)
{
    if (name.len > 0 && name.ptr[name.len - 1] == '.') {
        name.len--;
    }
    const struct entry *best = NULL;
    uint32_t hash = hash_start;
    for (size_t i = name.len; i > 0; i--) {
        hash = hash_step(hash, name.ptr[i - 1]);
        if (i > 1 && name.ptr[i - 2] != '.') {
            continue;
        }
        const struct entry *e = slot(t, span_skip(name, i - 1), hash);
        best = e->suffix.ptr != NULL ? e : best;
    }
    if (best == NULL) {
        return 0;
    }
    if (value != NULL) {
        *value = best->value;
    }
    return best->suffix.len;
}

void suffixes_free(struct suffixes *t)
{
    if (t == NULL) {
        return;
    }
    free(t->entries);
    free(t);
}
