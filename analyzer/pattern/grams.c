/* SPDX-License-Identifier: MIT */
/*
 * Each text is found by four bytes of it.  At each place of what is scanned
 * the last four are looked up in a bitmap that fits the first-level cache, and
 * only where one is set the few texts that wait there are compared.  An
 * automaton (Aho and Corasick) does the same with one look-up a byte, but each
 * waits for the one before it and for a table of half a megabyte.
 *
 * Bytes are folded to classes first.  A text of three bytes waits at all ways
 * in which it can go on.
 */
#include "pattern/grams.h"

#include "base/memory.h"

#include <stdlib.h>

enum {
    N_MARKS_APART = 8, /* see set_classes() */
    N_CLASSES = 26 + 10 + N_MARKS_APART + 1,
    CLASS_BITS = 6,
    MAP_BITS = 16,  /* of the bitmap */
    SLOT_BITS = 13, /* of the table behind it */
    MARK_BITS = 12,
    N_MARKS = 1 << MARK_BITS,
    PADDING = 16 /* before and behind the folded bytes */
};

/* A text, folded, where it waits. */
struct entry {
    uint64_t bytes;
    uint64_t mask;
    uint32_t at; /* where its gram begins */
    uint32_t bit;
};

/* An entry before it has its place. */
struct waiting {
    struct entry entry;
    uint32_t slot;
};

struct grams {
    uint8_t classes[256];
    struct entry *entries;                 /* sorted by slot */
    uint32_t first[(1u << SLOT_BITS) + 1]; /* entry of each slot */
    uint64_t map[(1u << MAP_BITS) / 64];
    struct waiting *waiting; /* while texts are added */
    size_t n_waiting;
    size_t room;
};

/* A gram that texts may wait at: where it ends in folded[], and its hash. */
struct hit {
    uint32_t end;
    uint32_t hash;
};

struct grams_scratch {
    uint8_t *folded;
    struct hit *hits;
    size_t room;
    /* Marks of the last text are those that hold ->scan: so nothing needs to
     * be cleared but once in 255 texts. */
    uint8_t marks[N_MARKS];
    uint8_t scan;
};

/* Letters without case; digits; some marks that tell; the rest as one. */
static void set_classes(uint8_t *classes)
{
    static const char marks[N_MARKS_APART + 1] = " {}._-:/";
    memset(classes, N_CLASSES - 1, 256);
    for (unsigned c = 0; c < 26; c++) {
        classes['a' + c] = (uint8_t)c;
        classes['A' + c] = (uint8_t)c;
    }
    for (unsigned c = 0; c < 10; c++) {
        classes['0' + c] = (uint8_t)(26 + c);
    }
    for (unsigned i = 0; i < N_MARKS_APART; i++) {
        classes[(unsigned char)marks[i]] = (uint8_t)(36 + i);
    }
}

/* The upper bits tell; those of ${gram} beyond its four classes, which a scan
 * leaves there, are shifted out. */
static uint32_t hash_gram(uint32_t gram)
{
    enum { BEYOND = 32 - CLASS_BITS * GRAMS_GRAM_LEN };
    return gram * (0x9e3779b1u << BEYOND);
}

static void wait_at(struct grams *g, uint32_t gram, const struct entry *e)
{
    uint32_t hash = hash_gram(gram);
    uint32_t bit = hash >> (32 - MAP_BITS);
    if (g->n_waiting == g->room) {
        g->room = g->room * 2 + 1024;
        g->waiting = memory_grow(g->waiting, g->room, sizeof(*g->waiting));
    }
    g->map[bit / 64] |= (uint64_t)1 << (bit % 64);
    g->waiting[g->n_waiting++] = (struct waiting){*e, hash >> (32 - SLOT_BITS)};
}

static uint32_t gram_at(const uint8_t *folded)
{
    uint32_t gram = 0;
    for (int i = 0; i < GRAMS_GRAM_LEN; i++) {
        gram = gram << CLASS_BITS | folded[i];
    }
    return gram;
}

static void add_text(struct grams *g, const struct grams_text *t)
{
    uint8_t folded[GRAMS_LONGEST] = {0};
    uint8_t mask[GRAMS_LONGEST] = {0};
    struct entry e = {.at = t->rarest, .bit = t->bit};
    for (size_t i = 0; i < t->text.len; i++) {
        folded[i] = g->classes[(unsigned char)t->text.ptr[i]];
        mask[i] = 0xff;
    }
    memcpy(&e.bytes, folded, sizeof(folded));
    memcpy(&e.mask, mask, sizeof(mask));
    if (t->text.len >= GRAMS_GRAM_LEN) {
        wait_at(g, gram_at(folded + e.at), &e);
        return;
    }
    uint8_t *next = &folded[GRAMS_SHORTEST];
    for (*next = 0; *next < N_CLASSES; ++*next) {
        wait_at(g, gram_at(folded), &e);
    }
}

/* Order what waits by slot, by counting. */
static void sort_entries(struct grams *g)
{
    enum { N_SLOTS = 1 << SLOT_BITS };
    g->entries = memory_alloc((g->n_waiting + 1) * sizeof(*g->entries));
    for (size_t i = 0; i < g->n_waiting; i++) {
        g->first[g->waiting[i].slot]++;
    }
    for (size_t i = 1; i <= N_SLOTS; i++) {
        g->first[i] += g->first[i - 1];
    }
    for (size_t i = g->n_waiting; i > 0; i--) {
        const struct waiting *w = &g->waiting[i - 1];
        g->entries[--g->first[w->slot]] = w->entry;
    }
    free(g->waiting);
    g->waiting = NULL;
}

struct grams *grams_create(const struct grams_text *texts, size_t n)
{
    struct grams *g = memory_zalloc(1, sizeof(*g));
    set_classes(g->classes);
    for (size_t i = 0; i < n; i++) {
        add_text(g, &texts[i]);
    }
    sort_entries(g);
    return g;
}

struct grams_scratch *grams_scratch_create(void)
{
    return memory_zalloc(1, sizeof(struct grams_scratch));
}

static void make_room(struct grams_scratch *scratch, size_t len)
{
    if (len > scratch->room || scratch->folded == NULL) {
        scratch->room = len;
        scratch->folded = memory_grow(scratch->folded, len + 2 * PADDING, 1);
        scratch->hits =
            memory_grow(scratch->hits, len + 2, sizeof(*scratch->hits));
        memset(scratch->folded, N_CLASSES - 1, PADDING);
    }
}

/* Fold ${s}, mark its grams, and store those that texts may wait at. */
static size_t find_hits(
    const struct grams *g, struct grams_scratch *scratch, struct span s)
{
    uint8_t *folded = scratch->folded + PADDING;
    struct hit *hits = scratch->hits;
    uint32_t gram = 0;
    uint8_t scan = scratch->scan;
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        folded[i] = g->classes[(unsigned char)s.ptr[i]];
    }
    memset(folded + s.len, N_CLASSES - 1, PADDING);
    for (size_t i = 0; i < GRAMS_SHORTEST; i++) {
        gram = gram << CLASS_BITS | folded[i];
    }
    for (size_t i = GRAMS_SHORTEST; i <= s.len; i++) {
        gram = gram << CLASS_BITS | folded[i];
        uint32_t hash = hash_gram(gram);
        uint32_t bit = hash >> (32 - MAP_BITS);
        scratch->marks[hash >> (32 - MARK_BITS)] = scan;
        hits[n] = (struct hit){(uint32_t)i, hash};
        n += g->map[bit / 64] >> (bit % 64) & 1;
    }
    return n;
}

/* Set the bits of the texts that wait at ${hit} of ${folded}. */
static inline void compare(
    const struct grams *g, const uint8_t *folded, struct hit hit, uint64_t *set)
{
    const uint8_t *start = folded + hit.end - (GRAMS_GRAM_LEN - 1);
    uint32_t slot = hit.hash >> (32 - SLOT_BITS);
    for (uint32_t i = g->first[slot]; i < g->first[slot + 1]; i++) {
        const struct entry *e = &g->entries[i];
        uint64_t bytes;
        memcpy(&bytes, start - e->at, sizeof(bytes));
        if ((bytes & e->mask) == e->bytes) {
            set[e->bit / 64] |= (uint64_t)1 << (e->bit % 64);
        }
    }
}

static void next_scan(struct grams_scratch *scratch)
{
    if (++scratch->scan == 0) {
        memset(scratch->marks, 0, sizeof(scratch->marks));
        scratch->scan = 1;
    }
}

void grams_scan(const struct grams *g, struct grams_scratch *scratch,
    struct span s, uint64_t *set)
{
    next_scan(scratch);
    if (s.len < GRAMS_SHORTEST) {
        return;
    }
    make_room(scratch, s.len);
    size_t n = find_hits(g, scratch, s);
    for (size_t i = 0; i < n; i++) {
        compare(g, scratch->folded + PADDING, scratch->hits[i], set);
    }
}

static uint16_t mark_at(const struct grams *g, const char *bytes)
{
    uint8_t folded[GRAMS_GRAM_LEN];
    for (int i = 0; i < GRAMS_GRAM_LEN; i++) {
        folded[i] = g->classes[(unsigned char)bytes[i]];
    }
    return (uint16_t)(hash_gram(gram_at(folded)) >> (32 - MARK_BITS));
}

struct grams_need grams_need_of(
    const struct grams *g, struct span text, size_t rarest)
{
    return (struct grams_need){
        .marks = {mark_at(g, text.ptr + rarest), mark_at(g, text.ptr),
            mark_at(g, text.ptr + text.len - GRAMS_GRAM_LEN)}};
}

static bool has_all(
    const struct grams_scratch *scratch, const struct grams_need *need)
{
    const uint8_t *marks = scratch->marks;
    return marks[need->marks[0]] == scratch->scan &&
           marks[need->marks[1]] == scratch->scan &&
           marks[need->marks[2]] == scratch->scan;
}

bool grams_holds(const struct grams_scratch *scratch,
    const struct grams_need *needs, size_t n)
{
    bool met = false;
    for (size_t i = 0; i < n; i++) {
        met = met || has_all(scratch, &needs[i]);
        if (needs[i].last != 0) {
            if (!met) {
                return false;
            }
            met = false;
        }
    }
    return true;
}

void grams_scratch_free(struct grams_scratch *scratch)
{
    if (scratch == NULL) {
        return;
    }
    free(scratch->folded);
    free(scratch->hits);
    free(scratch);
}

void grams_free(struct grams *g)
{
    if (g == NULL) {
        return;
    }
    free(g->entries);
    free(g->waiting);
    free(g);
}
