/* SPDX-License-Identifier: MIT */
/*
 * Open addressing with linear probing over the numbers; the texts lie in an
 * arena.  A slot holds half of the hash, so that a probe looks at a text, which
 * is seldom in the cache, only when it has all but found it.
 *
 * Names come again soon after they came: before anything is hashed, the text
 * that was found last in a place is compared, which some bytes choose.
 */
#include "base/intern.h"

#include "base/memory.h"

#include <stdlib.h>

struct entry {
    struct span text;
    uint64_t hash;
};

struct slot {
    uint32_t hash;   /* upper half; the lower one chose the slot */
    uint32_t number; /* and one; 0: free */
};

enum { N_RECENT = 256 }; /* a power of two */

struct intern {
    struct arena *arena;
    struct entry *entries;
    uint32_t n_entries;
    uint32_t entries_cap;
    struct slot *slots;
    uint32_t n_slots;          /* a power of two */
    uint32_t recent[N_RECENT]; /* numbers and one of each; 0: free */
};

enum { FIRST_SLOTS = 64 };

static void start(struct intern *t)
{
    t->n_slots = FIRST_SLOTS;
    t->slots = memory_zalloc(t->n_slots, sizeof(*t->slots));
    intern_add(t, SPAN_LITERAL(""));
}

struct intern *intern_create(void)
{
    struct intern *t = memory_zalloc(1, sizeof(*t));
    t->arena = arena_create();
    start(t);
    return t;
}

/* The slot that holds ${s}, or the free one where it belongs. */
static uint32_t probe(const struct intern *t, struct span s, uint64_t hash)
{
    uint32_t mask = t->n_slots - 1;
    uint32_t i = (uint32_t)hash & mask;
    while (t->slots[i].number != 0) {
        const struct entry *e = &t->entries[t->slots[i].number - 1];
        if (t->slots[i].hash == hash >> 32 && span_equal(e->text, s)) {
            break;
        }
        i = (i + 1) & mask;
    }
    return i;
}

static void double_slots(struct intern *t)
{
    free(t->slots);
    t->n_slots *= 2;
    t->slots = memory_zalloc(t->n_slots, sizeof(*t->slots));
    for (uint32_t id = 0; id < t->n_entries; id++) {
        const struct entry *e = &t->entries[id];
        t->slots[probe(t, e->text, e->hash)] =
            (struct slot){(uint32_t)(e->hash >> 32), id + 1};
    }
}

/* Names of one kind are alike at their ends: "mx1" and "mx2", ".example". */
static uint32_t *recent_place(struct intern *t, struct span s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    uint32_t place = (uint32_t)s.len * 31;
    if (s.len > 0) {
        place += p[0] + 3u * p[s.len - 1] + 7u * p[s.len / 2];
        place += 61u * p[s.len / 4];
    }
    return &t->recent[place & (N_RECENT - 1)];
}

static bool is_recent(const struct intern *t, uint32_t place, struct span s)
{
    return place != 0 && span_equal(t->entries[place - 1].text, s);
}

static uint32_t add(struct intern *t, struct span s)
{
    uint64_t hash = span_hash(s);
    uint32_t slot = probe(t, s, hash);
    if (t->slots[slot].number != 0) {
        return t->slots[slot].number - 1;
    }
    if (t->n_entries == t->entries_cap) {
        t->entries_cap = t->entries_cap != 0 ? t->entries_cap * 2 : 64;
        t->entries =
            memory_grow(t->entries, t->entries_cap, sizeof(*t->entries));
    }
    uint32_t id = t->n_entries++;
    t->entries[id] = (struct entry){arena_copy(t->arena, s), hash};
    t->slots[slot] = (struct slot){(uint32_t)(hash >> 32), id + 1};
    if (t->n_entries > t->n_slots / 2) {
        double_slots(t);
    }
    return id;
}

uint32_t intern_add(struct intern *t, struct span s)
{
    uint32_t *recent = recent_place(t, s);
    if (!is_recent(t, *recent, s)) {
        *recent = add(t, s) + 1;
    }
    return *recent - 1;
}

bool intern_recall(struct intern *t, struct span s, uint32_t *id)
{
    uint32_t *recent = recent_place(t, s);
    if (is_recent(t, *recent, s)) {
        *id = *recent - 1;
        return true;
    }
    bool found = intern_find(t, s, id);
    *recent = found ? *id + 1 : *recent;
    return found;
}

bool intern_find(const struct intern *t, struct span s, uint32_t *id)
{
    uint32_t slot = probe(t, s, span_hash(s));
    if (t->slots[slot].number == 0) {
        return false;
    }
    *id = t->slots[slot].number - 1;
    return true;
}

struct span intern_text(const struct intern *t, uint32_t id)
{
    return t->entries[id].text;
}

uint32_t intern_count(const struct intern *t)
{
    return t->n_entries;
}

size_t intern_bytes(const struct intern *t)
{
    return arena_used(t->arena) + t->entries_cap * sizeof(*t->entries) +
           t->n_slots * sizeof(*t->slots);
}

void intern_reset(struct intern *t)
{
    arena_reset(t->arena);
    free(t->slots);
    t->n_entries = 0;
    memset(t->recent, 0, sizeof(t->recent));
    start(t);
}

void intern_free(struct intern *t)
{
    if (t == NULL) {
        return;
    }
    arena_free(t->arena);
    free(t->entries);
    free(t->slots);
    free(t);
}
