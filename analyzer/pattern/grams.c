/* SPDX-License-Identifier: MIT */
/*
 * Each text is found by one gram of its: four bytes of it, or all if it is
 * shorter.  At each place the last two, three and four bytes are looked up in
 * a bitmap that fits the first-level cache; only where one is set are texts
 * compared.  Of a text's grams the one is taken that the fewest others have,
 * so that "rejected by" does not wait at every "reje".
 */
#include "pattern/grams.h"

#include "base/memory.h"

#include <stdlib.h>

enum { LONGEST_GRAM = 4, SHORTEST_GRAM = 2, HASH_BITS = 16 };

#define N_BUCKETS ((size_t)1 << HASH_BITS)

struct entry {
    struct span text;
    uint32_t id;
    uint32_t gram;
    uint32_t end;  /* of the gram in the text */
    uint32_t next; /* in its bucket; 0: end */
};

struct grams {
    struct entry *entries; /* from 1 on */
    uint32_t n_entries;
    uint32_t buckets[N_BUCKETS];
    uint64_t present[N_BUCKETS / 64]; /* buckets that are not empty */
};

static uint32_t hash_gram(uint32_t gram, uint32_t len)
{
    return ((gram ^ len << 29) * 0x9e3779b1u) >> (32 - HASH_BITS);
}

static uint32_t gram_at(struct span text, size_t at, size_t len)
{
    uint32_t gram = 0;
    for (size_t i = 0; i < len; i++) {
        gram = gram << 8 | (unsigned char)text.ptr[at + i];
    }
    return gram;
}

/* Where in ${text} its rarest gram begins; counts[] is by hash. */
static size_t rarest(const uint32_t *counts, struct span text, size_t len)
{
    size_t best = 0;
    for (size_t i = 1; i + len <= text.len; i++) {
        uint32_t a = hash_gram(gram_at(text, i, len), (uint32_t)len);
        uint32_t b = hash_gram(gram_at(text, best, len), (uint32_t)len);
        best = counts[a] < counts[b] ? i : best;
    }
    return best;
}

static void add_text(
    struct grams *g, const uint32_t *counts, struct span text, uint32_t id)
{
    size_t len = text.len < LONGEST_GRAM ? text.len : LONGEST_GRAM;
    size_t at = rarest(counts, text, len);
    uint32_t gram = gram_at(text, at, len);
    uint32_t bucket = hash_gram(gram, (uint32_t)len);
    g->entries[g->n_entries] = (struct entry){
        text, id, gram, (uint32_t)(at + len), g->buckets[bucket]};
    g->buckets[bucket] = g->n_entries++;
    g->present[bucket / 64] |= (uint64_t)1 << (bucket % 64);
}

/* How many texts each gram occurs in, by hash. */
static uint32_t *count_grams(const struct intern *texts)
{
    uint32_t *counts = memory_zalloc(N_BUCKETS, sizeof(*counts));
    for (uint32_t id = 1; id < intern_count(texts); id++) {
        struct span text = intern_text(texts, id);
        for (size_t i = 0; i + LONGEST_GRAM <= text.len; i++) {
            counts[hash_gram(gram_at(text, i, LONGEST_GRAM), LONGEST_GRAM)]++;
        }
    }
    return counts;
}

struct grams *grams_create(const struct intern *texts)
{
    struct grams *g = memory_zalloc(1, sizeof(*g));
    g->entries = memory_alloc((intern_count(texts) + 1) * sizeof(*g->entries));
    g->n_entries = 1;
    uint32_t *counts = count_grams(texts);
    for (uint32_t id = 1; id < intern_count(texts); id++) {
        add_text(g, counts, intern_text(texts, id), id);
    }
    free(counts);
    return g;
}

void grams_free(struct grams *g)
{
    if (g == NULL) {
        return;
    }
    free(g->entries);
    free(g);
}

static bool fits(const struct entry *e, struct span s, size_t end)
{
    return end >= e->end && end - e->end + e->text.len <= s.len &&
           memcmp(s.ptr + (end - e->end), e->text.ptr, e->text.len) == 0;
}

static bool is_present(const struct grams *g, uint32_t bucket)
{
    return (g->present[bucket / 64] >> (bucket % 64) & 1) != 0;
}

void grams_scan(
    const struct grams *g, struct span s, grams_found found, void *context)
{
    static const uint32_t masks[] = {0, 0, 0xffff, 0xffffff, 0xffffffff};
    uint32_t last = 0;
    for (size_t i = 0; i < s.len; i++) {
        last = last << 8 | (unsigned char)s.ptr[i];
        for (uint32_t len = SHORTEST_GRAM; len <= LONGEST_GRAM; len++) {
            uint32_t gram = last & masks[len];
            uint32_t bucket = hash_gram(gram, len);
            if (!is_present(g, bucket)) {
                continue;
            }
            for (uint32_t e = g->buckets[bucket]; e != 0;
                 e = g->entries[e].next) {
                if (g->entries[e].gram == gram &&
                    fits(&g->entries[e], s, i + 1)) {
                    found(context, g->entries[e].id);
                }
            }
        }
    }
}
