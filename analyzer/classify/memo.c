/* SPDX-License-Identifier: MIT */
/*
 * Sets of four entries: a key belongs to one set, and a new one is put in
 * front, which pushes the last one out.  No probing beyond the set, so a full
 * memo is as fast as an empty one.
 */
#include "classify/memo.h"

#include "base/limits.h"
#include "base/memory.h"

#include <stdlib.h>

enum { WAYS = 4 };

struct slot {
    uint64_t key; /* 0: free */
    struct memo_value value;
};

struct memo {
    struct slot slots[LIMIT_MEMO_ENTRIES];
};

_Static_assert((LIMIT_MEMO_ENTRIES & (LIMIT_MEMO_ENTRIES - 1)) == 0,
    "sets are chosen by the low bits of the key");

struct memo *memo_create(void)
{
    return memory_zalloc(1, sizeof(struct memo));
}

void memo_free(struct memo *m)
{
    free(m);
}

static size_t set_of(uint64_t key)
{
    return (size_t)(key & (LIMIT_MEMO_ENTRIES / WAYS - 1)) * WAYS;
}

bool memo_find(const struct memo *m, uint64_t key, struct memo_value *value)
{
    const struct slot *set = &m->slots[set_of(key)];
    for (int i = 0; i < WAYS; i++) {
        if (set[i].key == key) {
            *value = set[i].value;
            return key != 0;
        }
    }
    return false;
}

void memo_add(struct memo *m, uint64_t key, struct memo_value value)
{
    struct slot *set = &m->slots[set_of(key)];
    memmove(set + 1, set, (WAYS - 1) * sizeof(*set));
    set[0] = (struct slot){key, value};
}
