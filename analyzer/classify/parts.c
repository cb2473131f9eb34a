/* SPDX-License-Identifier: MIT */
/*
 * A long alternation is slow to try: PCRE2 tries each alternative at each
 * byte.  The pre-filter knows which one may match, and that one alone often
 * begins with a text that is found at once.
 */
#include "classify/parts.h"

#include "base/memory.h"
#include "pattern/lazyregex.h"
#include "pattern/literals.h"

#include <stdlib.h>

struct part {
    const char *text;
    uint32_t rule;
    struct lazyregex regex;
};

struct parts {
    struct arena *arena;
    struct part *items;
    size_t n;
    struct prefilter *prefilter;
};

struct parts_scratch {
    struct prefilter_scratch *prefilter;
    uint64_t *bits; /* a set of parts */
    uint32_t *candidates;
};

/* The parts of all ${matches}, and whose they are in ${rules}. */
static const char **split(
    struct parts *p, const char *const *matches, size_t n, uint32_t **rules)
{
    size_t room = n + LITERALS_MAX_PARTS;
    const char **texts = memory_zalloc(room, sizeof(*texts));
    *rules = memory_zalloc(room, sizeof(**rules));
    for (size_t i = 0; i < n; i++) {
        if (p->n + LITERALS_MAX_PARTS > room) {
            room = room * 2 + LITERALS_MAX_PARTS;
            texts = memory_grow(texts, room, sizeof(*texts));
            *rules = memory_grow(*rules, room, sizeof(**rules));
        }
        size_t n_parts = literals_split(matches[i], p->arena, &texts[p->n]);
        for (size_t j = 0; j < n_parts; j++) {
            (*rules)[p->n++] = (uint32_t)i;
        }
    }
    return texts;
}

struct parts *parts_create(const char *const *matches, size_t n,
    const struct span *samples, size_t n_samples)
{
    struct parts *p = memory_zalloc(1, sizeof(*p));
    p->arena = arena_create();
    uint32_t *rules = NULL;
    const char **texts = split(p, matches, n, &rules);
    p->prefilter = prefilter_compile(texts, p->n, samples, n_samples);
    p->items = memory_zalloc(p->n + 1, sizeof(*p->items));
    for (size_t i = 0; i < p->n; i++) {
        p->items[i].text = texts[i];
        p->items[i].rule = rules[i];
    }
    free(texts);
    free(rules);
    return p;
}

size_t parts_n_always(const struct parts *p)
{
    return prefilter_n_always(p->prefilter);
}

size_t parts_rule(const struct parts *p, size_t part)
{
    return p->items[part].rule;
}

const struct regex *parts_regex(const struct parts *p, size_t part)
{
    char why[LAZYREGEX_WHY_LEN];
    struct part *item = &p->items[part];
    return lazyregex_get(&item->regex, item->text, why);
}

struct parts_scratch *parts_scratch_create(const struct parts *p)
{
    struct parts_scratch *s = memory_zalloc(1, sizeof(*s));
    s->bits = memory_zalloc(prefilter_words(p->n) + 1, sizeof(*s->bits));
    s->candidates = memory_zalloc(p->n + 1, sizeof(*s->candidates));
    s->prefilter = prefilter_scratch_create();
    return s;
}

/* Take the lowest bit out of ${word}. */
static size_t take_bit(uint64_t *word)
{
    size_t i = (size_t)__builtin_ctzll(*word);
    *word &= *word - 1;
    return i;
}

const uint32_t *parts_candidates(const struct parts *p, struct parts_scratch *s,
    struct span template, size_t *n)
{
    size_t found = 0;
    prefilter_scan(p->prefilter, s->prefilter, template, s->bits);
    for (size_t w = 0; w < prefilter_words(p->n); w++) {
        while (s->bits[w] != 0) {
            s->candidates[found++] = (uint32_t)(w * 64 + take_bit(&s->bits[w]));
        }
    }
    *n = found;
    return s->candidates;
}

bool parts_holds(
    const struct parts *p, const struct parts_scratch *s, size_t part)
{
    return prefilter_holds(p->prefilter, s->prefilter, part);
}

void parts_scratch_free(struct parts_scratch *s)
{
    if (s == NULL) {
        return;
    }
    prefilter_scratch_free(s->prefilter);
    free(s->bits);
    free(s->candidates);
    free(s);
}

void parts_free(struct parts *p)
{
    if (p == NULL) {
        return;
    }
    prefilter_free(p->prefilter);
    for (size_t i = 0; i < p->n; i++) {
        lazyregex_reset(&p->items[i].regex);
    }
    arena_free(p->arena);
    free(p->items);
    free(p);
}
