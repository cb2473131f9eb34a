/* SPDX-License-Identifier: MIT */
/*
 * Open addressing over 64-bit hashes.  Two texts with one hash count as one;
 * among a million texts that is less likely than a broken disk.
 */
#include "aggregate/admission.h"

#include "base/memory.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 256 };

void admission_init(struct admission *a, size_t limit)
{
    *a = (struct admission){.limit = limit};
}

static size_t probe(const struct admission *a, uint64_t hash)
{
    size_t mask = a->n_slots - 1;
    size_t i = (size_t)hash & mask;
    while (a->slots[i] != 0 && a->slots[i] != hash) {
        i = (i + 1) & mask;
    }
    return i;
}

static void grow(struct admission *a)
{
    uint64_t *old = a->slots;
    size_t n_old = a->n_slots;
    a->n_slots = n_old != 0 ? n_old * 2 : FIRST_SLOTS;
    a->slots = memory_zalloc(a->n_slots, sizeof(*a->slots));
    for (size_t i = 0; i < n_old; i++) {
        if (old[i] != 0) {
            a->slots[probe(a, old[i])] = old[i];
        }
    }
    free(old);
}

bool admission_allows(struct admission *a, struct span text)
{
    uint64_t hash = span_hash(text);
    hash = hash != 0 ? hash : 1;
    if (a->n_slots == 0 || a->n > a->n_slots / 4 * 3) {
        grow(a);
    }
    size_t slot = probe(a, hash);
    if (a->slots[slot] != 0) {
        return true;
    }
    if (a->n >= a->limit) {
        return false;
    }
    a->slots[slot] = hash;
    a->n++;
    return true;
}

void admission_reset(struct admission *a)
{
    free(a->slots);
    admission_init(a, a->limit);
}
