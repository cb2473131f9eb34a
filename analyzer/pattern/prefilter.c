/* SPDX-License-Identifier: MIT */
/*
 * An automaton for the expressions themselves (Vectorscan was measured) spends
 * ten microseconds on a reply, because rules are of the kind
 * "user.{0,40}unknown"; and one for the literals they need, six.  A table of
 * grams takes a fraction of that and needs no time to be made.
 *
 * Each way in which an expression may match has up to four clauses; each
 * literal knows the clauses it fulfils, and a pattern becomes a candidate as
 * soon as all clauses of one of its ways are fulfilled.
 */
#include "pattern/prefilter.h"

#include "base/intern.h"
#include "base/memory.h"
#include "pattern/grams.h"
#include "pattern/literals.h"

#include <stdlib.h>

/* A way in which a pattern may match. */
struct way {
    uint32_t pattern;
    uint8_t all; /* a bit for each clause */
};

/* A literal fulfils a clause of a way. */
struct posting {
    uint32_t literal;
    uint32_t way;
    uint8_t bit;
};

struct prefilter {
    struct grams *grams;
    uint64_t *always;
    size_t n_patterns;
    struct way *ways;
    size_t n_ways;
    struct posting *postings; /* sorted by literal */
    size_t n_postings;
    uint32_t *first; /* posting of each literal, and one more */
    struct intern *literals;
};

struct prefilter_scratch {
    const struct prefilter *prefilter;
    uint8_t *fulfilled; /* clauses of each way, all zero between scans */
    uint32_t *touched;  /* ways that are not */
    size_t n_touched;
    uint64_t *candidates;
    char *lower; /* the text in lower case */
    size_t lower_room;
};

static void set_bit(uint64_t *set, size_t i)
{
    set[i / 64] |= (uint64_t)1 << (i % 64);
}

static void add_posting(
    struct prefilter *p, size_t *room, struct posting posting)
{
    if (p->n_postings == *room) {
        *room = *room * 2 + 64;
        p->postings = memory_grow(p->postings, *room, sizeof(*p->postings));
    }
    p->postings[p->n_postings++] = posting;
}

static void add_way(struct prefilter *p, size_t *room, size_t pattern,
    const struct literals_way *way)
{
    p->ways = memory_grow(p->ways, p->n_ways + 1, sizeof(*p->ways));
    for (unsigned i = 0; i < way->n_clauses; i++) {
        const struct literals_clause *c = &way->clauses[i];
        for (unsigned j = 0; j < c->n_texts; j++) {
            uint32_t literal = intern_add(p->literals, c->texts[j]);
            add_posting(p, room,
                (struct posting){
                    literal, (uint32_t)p->n_ways, (uint8_t)(1u << i)});
        }
    }
    p->ways[p->n_ways++] =
        (struct way){(uint32_t)pattern, (uint8_t)((1u << way->n_clauses) - 1)};
}

/* Order the postings by literal, by counting. */
static void sort_postings(struct prefilter *p)
{
    size_t n = intern_count(p->literals);
    struct posting *sorted =
        memory_alloc((p->n_postings + 1) * sizeof(*sorted));
    p->first = memory_zalloc(n + 2, sizeof(*p->first));
    for (size_t i = 0; i < p->n_postings; i++) {
        p->first[p->postings[i].literal + 2]++;
    }
    for (size_t i = 2; i < n + 2; i++) {
        p->first[i] += p->first[i - 1];
    }
    for (size_t i = 0; i < p->n_postings; i++) {
        sorted[p->first[p->postings[i].literal + 1]++] = p->postings[i];
    }
    free(p->postings);
    p->postings = sorted;
}

struct prefilter *prefilter_compile(const char *const *patterns, size_t n)
{
    struct prefilter *p = memory_zalloc(1, sizeof(*p));
    p->n_patterns = n;
    p->always = memory_zalloc(prefilter_words(n) + 1, sizeof(*p->always));
    p->literals = intern_create();
    struct arena *arena = arena_create();
    size_t room = 0;
    for (size_t i = 0; i < n; i++) {
        struct literals_way *ways = NULL;
        size_t n_ways = literals_read(patterns[i], arena, &ways);
        if (n_ways == 0) {
            set_bit(p->always, i);
        }
        for (size_t j = 0; j < n_ways; j++) {
            add_way(p, &room, i, &ways[j]);
        }
        arena_reset(arena);
    }
    arena_free(arena);
    sort_postings(p);
    p->grams = grams_create(p->literals);
    return p;
}

size_t prefilter_n_always(const struct prefilter *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_patterns; i++) {
        n += p->always[i / 64] >> (i % 64) & 1;
    }
    return n;
}

struct prefilter_scratch *prefilter_scratch_create(const struct prefilter *p)
{
    struct prefilter_scratch *s = memory_zalloc(1, sizeof(*s));
    s->prefilter = p;
    s->fulfilled = memory_zalloc(p->n_ways + 1, sizeof(*s->fulfilled));
    s->touched = memory_zalloc(p->n_ways + 1, sizeof(*s->touched));
    return s;
}

static void take_literal(void *context, uint32_t id)
{
    struct prefilter_scratch *s = context;
    const struct prefilter *p = s->prefilter;
    for (uint32_t i = p->first[id]; i < p->first[id + 1]; i++) {
        const struct posting *posting = &p->postings[i];
        uint8_t *fulfilled = &s->fulfilled[posting->way];
        if (*fulfilled == 0) {
            s->touched[s->n_touched++] = posting->way;
        }
        *fulfilled |= posting->bit;
        if (*fulfilled == p->ways[posting->way].all) {
            set_bit(s->candidates, p->ways[posting->way].pattern);
        }
    }
}

static struct span to_lower(struct prefilter_scratch *s, struct span text)
{
    if (text.len > s->lower_room) {
        s->lower_room = text.len;
        s->lower = memory_grow(s->lower, text.len, 1);
    }
    if (text.len > 0) {
        span_lower(text, s->lower);
    }
    return (struct span){s->lower, text.len};
}

void prefilter_scan(const struct prefilter *p, struct prefilter_scratch *s,
    struct span text, uint64_t *candidates)
{
    if (p->n_patterns > 0) {
        memcpy(candidates, p->always,
            prefilter_words(p->n_patterns) * sizeof(*candidates));
    }
    s->candidates = candidates;
    s->n_touched = 0;
    grams_scan(p->grams, to_lower(s, text), take_literal, s);
    for (size_t i = 0; i < s->n_touched; i++) {
        s->fulfilled[s->touched[i]] = 0;
    }
}

void prefilter_scratch_free(struct prefilter_scratch *s)
{
    if (s == NULL) {
        return;
    }
    free(s->lower);
    free(s->fulfilled);
    free(s->touched);
    free(s);
}

void prefilter_free(struct prefilter *p)
{
    if (p == NULL) {
        return;
    }
    grams_free(p->grams);
    intern_free(p->literals);
    free(p->always);
    free(p->ways);
    free(p->postings);
    free(p->first);
    free(p);
}
