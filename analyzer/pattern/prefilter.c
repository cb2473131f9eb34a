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
 * others are asked for as well, in their order, of what the scan leaves behind:
 * that costs a few look-ups, and trying an expression in vain costs a thousand
 * instructions.
 */
#include "pattern/prefilter.h"

#include "base/memory.h"
#include "pattern/grams.h"
#include "pattern/literals.h"

#include <stdlib.h>

enum {
    SHORTEST_NEED = 2,
    SAMPLE_LEN = GRAMS_GRAM_LEN,
    COUNT_BITS = 17,
    MOST_NEEDS = 80 /* texts of a clause; with more, one is often there */
};

/* The needs of a pattern, a range of all: those that cost little, then, if
 * there are others, all of them in order. */
struct range {
    uint32_t first;
    uint32_t n_quick;
    uint32_t n_all; /* 0: no others */
};

struct prefilter {
    struct grams *grams; /* a bit for each pattern that is looked for */
    uint32_t *always;    /* patterns that no text rules out */
    size_t n_always;
    size_t n_scanned;     /* patterns that are looked for */
    struct range *ranges; /* by pattern, of all */
    struct grams_need *needs;
    size_t n_needs;
    size_t room;
};

struct prefilter_scratch {
    struct grams_scratch *grams;
    struct grams_set set; /* empty between scans */
    uint32_t *candidates;
};

/* Of a set of ${n} bits; one word more, so that none is no special case. */
static size_t n_words(size_t n)
{
    return n / 64 + 1;
}

/* How often four bytes follow each other in the samples, by hash. */
struct counts {
    uint32_t n[1u << COUNT_BITS];
};

/* Of the ${len} bytes, SAMPLE_LEN or one less. */
static uint32_t *count_of(struct counts *g, const char *bytes, size_t len)
{
    uint32_t value = 0;
    if (len == SAMPLE_LEN) {
        memcpy(&value, bytes, SAMPLE_LEN);
    } else {
        memcpy(&value, bytes, SAMPLE_LEN - 1);
    }
    value |= 0x20202020u;
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

/* Room for ${n} needs more. */
static struct grams_need *more_needs(struct prefilter *p, size_t n)
{
    if (p->n_needs + n > p->room) {
        p->room = p->room * 2 + n + 1024;
        p->needs = memory_grow(p->needs, p->room, sizeof(*p->needs));
    }
    return &p->needs[p->n_needs];
}

static size_t shortest(const struct literals_clause *c)
{
    size_t n = SIZE_MAX;
    for (unsigned i = 0; i < c->n_texts; i++) {
        n = c->texts[i].len < n ? c->texts[i].len : n;
    }
    return n;
}

/* What the clauses of ${way} need whose texts are all of ${least} bytes; return
 * how many needs that are. */
static uint32_t add_needs(struct prefilter *p, struct counts *counts,
    const struct literals_way *way, size_t least)
{
    size_t before = p->n_needs;
    for (unsigned i = 0; i < way->n_clauses; i++) {
        const struct literals_clause *c = &way->clauses[i];
        if (c->n_texts > MOST_NEEDS || shortest(c) < least) {
            continue;
        }
        struct grams_need *needs = more_needs(p, c->n_texts);
        for (unsigned j = 0; j < c->n_texts; j++) {
            needs[j] =
                grams_need_of(c->texts[j], rarest_part(counts, c->texts[j]));
            needs[j].n_more = (uint8_t)(c->n_texts - j - 1);
        }
        p->n_needs += c->n_texts;
    }
    return (uint32_t)(p->n_needs - before);
}

static bool has_short(const struct literals_way *way)
{
    for (unsigned i = 0; i < way->n_clauses; i++) {
        if (shortest(&way->clauses[i]) < GRAMS_GRAM_LEN) {
            return true;
        }
    }
    return false;
}

static void add_range(struct prefilter *p, struct counts *counts,
    const struct literals_way *way, struct range *range)
{
    range->first = (uint32_t)p->n_needs;
    range->n_quick = add_needs(p, counts, way, GRAMS_GRAM_LEN);
    range->n_all =
        has_short(way) ? add_needs(p, counts, way, SHORTEST_NEED) : 0;
}

/* Look for what the ways of ${pattern} need. */
static void look_for(struct prefilter *p, struct wanted *wanted,
    const struct literals_way *ways, size_t n_ways, size_t pattern)
{
    bool always = n_ways == 0;
    for (size_t i = 0; i < n_ways; i++) {
        always |= !add_way(wanted, (uint32_t)pattern, &ways[i]);
    }
    if (always) {
        p->always[p->n_always++] = (uint32_t)pattern;
    }
}

/* Needs only where there is one way: of several, each would have its own. */
static void read_pattern(struct prefilter *p, struct wanted *wanted,
    const char *text, size_t pattern)
{
    struct literals_way *ways = NULL;
    size_t n_ways = literals_read(text, wanted->scratch, &ways);
    if (pattern < p->n_scanned) {
        look_for(p, wanted, ways, n_ways, pattern);
    }
    if (n_ways == 1) {
        add_range(p, &wanted->counts, &ways[0], &p->ranges[pattern]);
    }
    arena_reset(wanted->scratch);
}

struct prefilter *prefilter_compile(const struct prefilter_patterns *patterns,
    const struct span *samples, size_t n_samples)
{
    struct prefilter *p = memory_zalloc(1, sizeof(*p));
    p->n_scanned = patterns->n_scanned;
    p->always = memory_zalloc(p->n_scanned + 1, sizeof(*p->always));
    struct wanted *wanted = memory_zalloc(1, sizeof(*wanted));
    wanted->arena = arena_create();
    wanted->scratch = arena_create();
    for (size_t i = 0; i < n_samples; i++) {
        count_sample(&wanted->counts, samples[i]);
    }
    p->ranges = memory_zalloc(patterns->n + 1, sizeof(*p->ranges));
    for (size_t i = 0; i < patterns->n; i++) {
        read_pattern(p, wanted, patterns->texts[i], i);
    }
    p->grams = grams_create(wanted->texts, wanted->n);
    free(wanted->texts);
    arena_free(wanted->scratch);
    arena_free(wanted->arena);
    free(wanted);
    return p;
}

size_t prefilter_n_always(const struct prefilter *p)
{
    return p->n_always;
}

struct prefilter_scratch *prefilter_scratch_create(const struct prefilter *p)
{
    struct prefilter_scratch *s = memory_zalloc(1, sizeof(*s));
    s->grams = grams_scratch_create();
    size_t words = n_words(p->n_scanned);
    s->set.bits = memory_zalloc(words, sizeof(*s->set.bits));
    s->set.touched = memory_zalloc(n_words(words), sizeof(*s->set.touched));
    s->candidates = memory_zalloc(p->n_scanned + 1, sizeof(*s->candidates));
    return s;
}

/* Take the lowest bit out of ${word}. */
static size_t take_bit(uint64_t *word)
{
    size_t i = (size_t)__builtin_ctzll(*word);
    *word &= *word - 1;
    return i;
}

static void add_always(const struct prefilter *p, const struct grams_set *set)
{
    for (size_t i = 0; i < p->n_always; i++) {
        size_t word = p->always[i] / 64;
        set->bits[word] |= (uint64_t)1 << (p->always[i] % 64);
        set->touched[word / 64] |= (uint64_t)1 << (word % 64);
    }
}

const uint32_t *prefilter_scan(const struct prefilter *p,
    struct prefilter_scratch *s, struct span text, size_t *n)
{
    size_t found = 0;
    add_always(p, &s->set);
    grams_scan(p->grams, s->grams, text, &s->set);
    for (size_t t = 0; t * 64 < n_words(p->n_scanned); t++) {
        while (s->set.touched[t] != 0) {
            size_t w = t * 64 + take_bit(&s->set.touched[t]);
            while (s->set.bits[w] != 0) {
                s->candidates[found++] =
                    (uint32_t)(w * 64 + take_bit(&s->set.bits[w]));
            }
        }
    }
    *n = found;
    return s->candidates;
}

bool prefilter_holds(const struct prefilter *p,
    const struct prefilter_scratch *s, size_t pattern)
{
    const struct range *range = &p->ranges[pattern];
    const struct grams_need *needs = p->needs + range->first;
    return (range->n_quick == 0 ||
               grams_holds(s->grams, needs, range->n_quick)) &&
           (range->n_all == 0 ||
               grams_holds(s->grams, needs + range->n_quick, range->n_all));
}

void prefilter_scratch_free(struct prefilter_scratch *s)
{
    if (s == NULL) {
        return;
    }
    grams_scratch_free(s->grams);
    free(s->set.bits);
    free(s->set.touched);
    free(s->candidates);
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
