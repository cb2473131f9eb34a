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

/* The parts of a rule's `unless`, a range of all. */
struct range {
    uint32_t first;
    uint32_t n;
};

struct parts {
    struct arena *arena;
    struct part *items; /* of all `match`es, then of all `unless`es */
    size_t n_matches;
    size_t n;
    size_t room;
    struct range *unlesses; /* by rule */
    struct prefilter *prefilter;
};

struct parts_scratch {
    struct prefilter_scratch *prefilter;
};

/* Add the parts of ${expression}, which is one of ${rule}'s. */
static void add_parts(struct parts *p, const char *expression, size_t rule)
{
    const char *texts[LITERALS_MAX_PARTS];
    size_t n = literals_split(expression, p->arena, texts);
    if (p->n + n > p->room) {
        p->room = p->room * 2 + n;
        p->items = memory_grow(p->items, p->room, sizeof(*p->items));
    }
    for (size_t i = 0; i < n; i++) {
        p->items[p->n++] =
            (struct part){.text = texts[i], .rule = (uint32_t)rule};
    }
}

static struct prefilter *make_prefilter(
    const struct parts *p, const struct span *samples, size_t n_samples)
{
    const char **texts = memory_zalloc(p->n + 1, sizeof(*texts));
    for (size_t i = 0; i < p->n; i++) {
        texts[i] = p->items[i].text;
    }
    struct prefilter_patterns patterns = {texts, p->n_matches, p->n};
    struct prefilter *made = prefilter_compile(&patterns, samples, n_samples);
    free(texts);
    return made;
}

struct parts *parts_create(const struct parts_source *rules, size_t n,
    const struct span *samples, size_t n_samples)
{
    struct parts *p = memory_zalloc(1, sizeof(*p));
    p->arena = arena_create();
    p->unlesses = memory_zalloc(n + 1, sizeof(*p->unlesses));
    for (size_t i = 0; i < n; i++) {
        add_parts(p, rules[i].match, i);
    }
    p->n_matches = p->n;
    for (size_t i = 0; i < n; i++) {
        size_t first = p->n;
        if (rules[i].unless != NULL) {
            add_parts(p, rules[i].unless, i);
        }
        p->unlesses[i] =
            (struct range){(uint32_t)first, (uint32_t)(p->n - first)};
    }
    p->prefilter = make_prefilter(p, samples, n_samples);
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

size_t parts_unless(const struct parts *p, size_t rule, size_t *n)
{
    *n = p->unlesses[rule].n;
    return p->unlesses[rule].first;
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
    s->prefilter = prefilter_scratch_create(p->prefilter);
    return s;
}

const uint32_t *parts_candidates(const struct parts *p, struct parts_scratch *s,
    struct span template, size_t *n)
{
    return prefilter_scan(p->prefilter, s->prefilter, template, n);
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
    free(p->unlesses);
    free(p->items);
    free(p);
}
