/* SPDX-License-Identifier: MIT */
/*
 * An automaton for the expressions themselves (Vectorscan was measured) spends
 * ten microseconds on a reply, because rules are of the kind
 * "user.{0,40}unknown".  One for short texts spends a few hundred nanoseconds
 * and names few more patterns than have to be tried.
 *
 * Each way in which an expression may match needs several texts.  Only the
 * rarest of these is looked for, and only the rarest few bytes of it; what is
 * rare is learnt from samples of what will be scanned.  Where it is found, the
 * other texts are asked for by hashes of four of their bytes each, which the
 * scan leaves behind: that costs a few look-ups, and trying an expression in
 * vain costs some hundred.
 */
#include "pattern/prefilter.h"

#include "base/memory.h"
#include "pattern/grams.h"
#include "pattern/literals.h"

#include <stdlib.h>

enum {
    SAMPLE_LEN = GRAMS_GRAM_LEN,
    COUNT_BITS = 17,
    MOST_NEEDS = 12 /* texts of a clause; with more, one is often there */
};

/* The needs of a pattern, a range of all. */
struct range {
    uint32_t first;
    uint32_t n;
};

struct prefilter {
    struct grams *grams; /* a bit for each pattern */
    uint64_t *always;
    size_t n_patterns;
    struct range *ranges; /* by pattern */
    struct grams_need *needs;
    size_t n_needs;
    size_t room;
};

struct prefilter_scratch {
    struct grams_scratch *grams;
};

/* How often four bytes follow each other in the samples, by hash. */
struct counts {
    uint32_t n[1u << COUNT_BITS];
};

static uint32_t *count_of(struct counts *g, const char *bytes, size_t len)
{
    uint32_t value = 0;
    for (size_t i = 0; i < len; i++) {
        value = value << 8 | ((unsigned char)bytes[i] | 0x20u);
    }
    return &g->n[(value * 0x9e3779b1u) >> (32 - COUNT_BITS)];
}

static void count_sample(struct counts *g, struct span s)
{
    for (size_t i = 0; i + SAMPLE_LEN <= s.len; i++) {
        (*count_of(g, s.ptr + i, SAMPLE_LEN))++;
        (*count_of(g, s.ptr + i, SAMPLE_LEN - 1))++;
    }
}

/* How common ${s} can be at most: as its rarest few bytes. */
static size_t commonness(struct counts *g, struct span s)
{
    size_t len = s.len < SAMPLE_LEN ? SAMPLE_LEN - 1 : SAMPLE_LEN;
    size_t least = 1000000 /* shorter than can be looked for */;
    for (size_t i = 0; i + len <= s.len; i++) {
        size_t n = *count_of(g, s.ptr + i, len);
        least = n < least ? n : least;
    }
    return least;
}

static size_t clause_commonness(
    struct counts *g, const struct literals_clause *c)
{
    size_t sum = 0;
    for (unsigned i = 0; i < c->n_texts; i++) {
        sum += commonness(g, c->texts[i]);
    }
    return sum;
}

static bool is_usable(const struct literals_clause *c)
{
    for (unsigned i = 0; i < c->n_texts; i++) {
        if (c->texts[i].len < GRAMS_SHORTEST) {
            return false;
        }
    }
    return true;
}

/* NULL: none has only texts that can be looked for. */
static const struct literals_clause *rarest_clause(
    struct counts *g, const struct literals_way *way)
{
    const struct literals_clause *best = NULL;
    size_t least = 0;
    for (unsigned i = 0; i < way->n_clauses; i++) {
        const struct literals_clause *c = &way->clauses[i];
        size_t n = clause_commonness(g, c);
        if (is_usable(c) && (best == NULL || n < least)) {
            best = c;
            least = n;
        }
    }
    return best;
}

/* Where in ${s} its rarest few bytes begin. */
static size_t rarest_part(struct counts *g, struct span s)
{
    size_t best = 0;
    for (size_t i = 1; i + SAMPLE_LEN <= s.len; i++) {
        if (*count_of(g, s.ptr + i, SAMPLE_LEN) <
            *count_of(g, s.ptr + best, SAMPLE_LEN)) {
            best = i;
        }
    }
    return best;
}

/* What is looked for: the rarest part of ${s}, and what is around it. */
static struct grams_text window(
    struct counts *g, struct span s, uint32_t pattern)
{
    enum { BEFORE = (GRAMS_LONGEST - SAMPLE_LEN) / 2 };
    size_t rarest = rarest_part(g, s);
    size_t from = rarest > BEFORE ? rarest - BEFORE : 0;
    if (s.len - from < GRAMS_LONGEST) {
        from = s.len > GRAMS_LONGEST ? s.len - GRAMS_LONGEST : 0;
    }
    size_t len = s.len - from < GRAMS_LONGEST ? s.len - from : GRAMS_LONGEST;
    return (struct grams_text){.text = {s.ptr + from, len},
        .rarest = (uint32_t)(rarest - from),
        .bit = pattern};
}

struct wanted {
    struct grams_text *texts;
    size_t n;
    size_t room;
    struct arena *arena;   /* of the texts */
    struct arena *scratch; /* for one pattern */
    struct counts counts;
};

/* False if no text rules out this way of ${pattern}. */
static bool add_way(
    struct wanted *wanted, uint32_t pattern, const struct literals_way *way)
{
    const struct literals_clause *c = rarest_clause(&wanted->counts, way);
    if (c == NULL) {
        return false;
    }
    if (wanted->n + c->n_texts > wanted->room) {
        wanted->room = wanted->room * 2 + c->n_texts + 1024;
        wanted->texts =
            memory_grow(wanted->texts, wanted->room, sizeof(*wanted->texts));
    }
    for (unsigned i = 0; i < c->n_texts; i++) {
        struct grams_text text = window(&wanted->counts, c->texts[i], pattern);
        text.text = arena_copy(wanted->arena, text.text);
        wanted->texts[wanted->n++] = text;
    }
    return true;
}

static void read_pattern(struct prefilter *p, struct wanted *wanted,
    const char *pattern, size_t number)
{
    struct literals_way *ways = NULL;
    size_t n_ways = literals_read(pattern, wanted->scratch, &ways);
    bool always = n_ways == 0;
    for (size_t i = 0; i < n_ways; i++) {
        always |= !add_way(wanted, (uint32_t)number, &ways[i]);
    }
    if (always) {
        p->always[number / 64] |= (uint64_t)1 << (number % 64);
    }
    arena_reset(wanted->scratch);
}

/* Room for ${n} needs more. */
static struct grams_need *more_needs(struct prefilter *p, size_t n)
{
    if (p->n_needs + n > p->room) {
        p->room = p->room * 2 + n + 1024;
        p->needs = memory_grow(p->needs, p->room, sizeof(*p->needs));
    }
    return &p->needs[p->n_needs];
}

/* Of each clause whose texts are few and long enough, what it needs. */
static void add_needs(struct prefilter *p, struct counts *counts,
    const struct literals_way *way, struct range *range)
{
    range->first = (uint32_t)p->n_needs;
    for (unsigned i = 0; i < way->n_clauses; i++) {
        const struct literals_clause *c = &way->clauses[i];
        bool usable = c->n_texts <= MOST_NEEDS;
        for (unsigned j = 0; j < c->n_texts; j++) {
            usable = usable && c->texts[j].len >= GRAMS_GRAM_LEN;
        }
        struct grams_need *needs = usable ? more_needs(p, c->n_texts) : NULL;
        for (unsigned j = 0; usable && j < c->n_texts; j++) {
            needs[j] = grams_need_of(
                p->grams, c->texts[j], rarest_part(counts, c->texts[j]));
            needs[j].last = j + 1 == c->n_texts;
        }
        p->n_needs += usable ? c->n_texts : 0;
    }
    range->n = (uint32_t)p->n_needs - range->first;
}

/* Only where there is one way: of several, each would have needs of its own. */
static void read_needs(
    struct prefilter *p, struct wanted *wanted, const char *const *patterns)
{
    p->ranges = memory_zalloc(p->n_patterns + 1, sizeof(*p->ranges));
    for (size_t i = 0; i < p->n_patterns; i++) {
        struct literals_way *ways = NULL;
        if (literals_read(patterns[i], wanted->scratch, &ways) == 1) {
            add_needs(p, &wanted->counts, &ways[0], &p->ranges[i]);
        }
        arena_reset(wanted->scratch);
    }
}

struct prefilter *prefilter_compile(const char *const *patterns, size_t n,
    const struct span *samples, size_t n_samples)
{
    struct prefilter *p = memory_zalloc(1, sizeof(*p));
    p->n_patterns = n;
    p->always = memory_zalloc(prefilter_words(n) + 1, sizeof(*p->always));
    struct wanted *wanted = memory_zalloc(1, sizeof(*wanted));
    wanted->arena = arena_create();
    wanted->scratch = arena_create();
    for (size_t i = 0; i < n_samples; i++) {
        count_sample(&wanted->counts, samples[i]);
    }
    for (size_t i = 0; i < n; i++) {
        read_pattern(p, wanted, patterns[i], i);
    }
    p->grams = grams_create(wanted->texts, wanted->n);
    read_needs(p, wanted, patterns);
    free(wanted->texts);
    arena_free(wanted->scratch);
    arena_free(wanted->arena);
    free(wanted);
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

struct prefilter_scratch *prefilter_scratch_create(void)
{
    struct prefilter_scratch *s = memory_zalloc(1, sizeof(*s));
    s->grams = grams_scratch_create();
    return s;
}

void prefilter_scan(const struct prefilter *p, struct prefilter_scratch *s,
    struct span text, uint64_t *candidates)
{
    if (p->n_patterns > 0) {
        memcpy(candidates, p->always,
            prefilter_words(p->n_patterns) * sizeof(*candidates));
    }
    grams_scan(p->grams, s->grams, text, candidates);
}

bool prefilter_holds(const struct prefilter *p,
    const struct prefilter_scratch *s, size_t pattern)
{
    const struct range *range = &p->ranges[pattern];
    return range->n == 0 ||
           grams_holds(s->grams, p->needs + range->first, range->n);
}

void prefilter_scratch_free(struct prefilter_scratch *s)
{
    if (s == NULL) {
        return;
    }
    grams_scratch_free(s->grams);
    free(s);
}

void prefilter_free(struct prefilter *p)
{
    if (p == NULL) {
        return;
    }
    grams_free(p->grams);
    free(p->always);
    free(p->ranges);
    free(p->needs);
    free(p);
}
