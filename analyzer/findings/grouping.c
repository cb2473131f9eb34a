/* SPDX-License-Identifier: MIT */
/*
 * One trouble shows in many places: a provider that blocks us shows in all
 * mail, in the provider's, in its domains', in that of the host and of the
 * sender who send there.  Shifts of the same cause at the same time are one
 * group.  Its root is what says most: that unrelated destinations fail alike,
 * else the narrowest place that has nearly all of the excess but not nearly
 * all of the mail, else all mail.  A listing in turn explains what is refused
 * for it, and what sums up the listings of an address stands for each of them.
 */
#include "findings/grouping.h"

#include "findings/addresses.h"

#include <stdlib.h>

/* So much of the excess, and at most so much of the attempts, makes a place
 * the one that explains the whole. */
#define NEARLY_ALL 0.8
#define NOT_NEARLY_ALL 0.7

static int64_t end_of(const struct search *s, const struct finding *f)
{
    return f->until != 0 ? f->until : s->end;
}

/* Whether they share at least half of the shorter one's time. */
static bool overlap(
    const struct search *s, const struct finding *f, const struct finding *g)
{
    int64_t from = f->since > g->since ? f->since : g->since;
    int64_t to = end_of(s, f) < end_of(s, g) ? end_of(s, f) : end_of(s, g);
    int64_t one = end_of(s, f) - f->since;
    int64_t other = end_of(s, g) - g->since;
    return 2 * (to - from) >= (one < other ? one : other);
}

static bool same_cause(const struct finding *f, const struct finding *g)
{
    return strcmp(f->detail, g->detail) == 0 &&
           strcmp(f->cause, g->cause) == 0 &&
           strcmp(f->direction, g->direction) == 0;
}

static bool is_trend(const struct finding *f)
{
    return f->kind == FINDING_SHIFT || f->kind == FINDING_CORRELATED;
}

/* How much the place says, if it explains the whole. */
static int rank_of(const struct finding *f, const struct finding *whole)
{
    static const int ranks[SCOPE_PROGRAM + 1] = {[SCOPE_EVERYTHING] = 1,
        [SCOPE_HOST] = 2,
        [SCOPE_SENDER_DOMAIN] = 3,
        [SCOPE_RECIPIENT_DOMAIN] = 4,
        [SCOPE_PROVIDER] = 5,
        [SCOPE_DNSBL] = 6};
    enum { CORRELATED = 7 };
    if (f->kind == FINDING_CORRELATED) {
        return CORRELATED;
    }
    if (f == whole) {
        return ranks[SCOPE_EVERYTHING];
    }
    /* of the mail that a list could have named nothing is known */
    bool narrow =
        f->scope == SCOPE_DNSBL || f->tried <= NOT_NEARLY_ALL * whole->tried;
    return narrow && f->excess >= NEARLY_ALL * whole->excess ? ranks[f->scope]
                                                             : 0;
}

/* --- groups of shifts ----------------------------------------------------- */

/* The group of ${whole} gets its root. */
static void link_group(struct search *s, const struct finding *whole)
{
    const struct finding *root = whole;
    for (size_t i = 0; i < s->n; i++) {
        const struct finding *f = &s->items[i];
        if (is_trend(f) && f->root == 0 && same_cause(f, whole) &&
            overlap(s, f, whole) && rank_of(f, whole) > rank_of(root, whole)) {
            root = f;
        }
    }
    for (size_t i = 0; i < s->n; i++) {
        struct finding *f = &s->items[i];
        if (f != root && is_trend(f) && f->root == 0 && same_cause(f, whole) &&
            overlap(s, f, whole)) {
            f->root = root->id;
        }
    }
}

/* Of those that have no root and were no seed: the one of greatest excess. */
static const struct finding *next_seed(const struct search *s, const bool *seed)
{
    const struct finding *best = NULL;
    for (size_t i = 0; i < s->n; i++) {
        const struct finding *f = &s->items[i];
        if (is_trend(f) && f->kind == FINDING_SHIFT && f->root == 0 &&
            !seed[i] && (best == NULL || f->excess > best->excess)) {
            best = f;
        }
    }
    return best;
}

static void link_trends(struct search *s)
{
    bool *seed = memory_zalloc(s->n + 1, sizeof *seed);
    const struct finding *whole = NULL;
    while ((whole = next_seed(s, seed)) != NULL) {
        seed[whole - s->items] = true;
        link_group(s, whole);
    }
    free(seed);
}

/* --- what explains from outside ------------------------------------------- */

/* How much ${by} explains ${f}; 0: not at all. */
static double explains(
    const struct search *s, const struct finding *by, const struct finding *f)
{
    unsigned marks =
        lexicon_marks(s->lexicon, span_of(by->cause), span_of(by->detail));
    bool listed = by->kind == FINDING_LISTING && (marks & MARK_LISTED) != 0 &&
                  strcmp(by->cause, f->cause) == 0 &&
                  strcmp(by->direction, f->direction) == 0;
    bool same = is_trend(by) && f->kind == FINDING_NEW && same_cause(by, f);
    if (by == f || by->root != 0 || f->kind == FINDING_LISTING ||
        f->kind == FINDING_FACT || !(listed || same) || !overlap(s, by, f)) {
        return 0;
    }
    bool same_list = listed && strcmp(by->dnsbl, f->dnsbl) == 0;
    return by->observed + 1 + (same_list ? 1e12 : 0);
}

static void link_others(struct search *s)
{
    for (size_t i = 0; i < s->n; i++) {
        struct finding *f = &s->items[i];
        double best = 0;
        for (size_t j = 0; f->root == 0 && j < s->n; j++) {
            double value = explains(s, &s->items[j], f);
            if (value > best) {
                best = value;
            }
        }
        for (size_t j = 0; best > 0 && f->root == 0 && j < s->n; j++) {
            if (explains(s, &s->items[j], f) >= best) {
                f->root = s->items[j].id;
            }
        }
    }
}

static struct finding *by_id(struct search *s, uint64_t id)
{
    for (size_t i = 0; id != 0 && i < s->n; i++) {
        if (s->items[i].id == id) {
            return &s->items[i];
        }
    }
    return NULL;
}

static void link_listings(struct search *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct finding *sum = &s->items[i];
        for (size_t j = 0; addresses_is_sum(sum) && j < s->n; j++) {
            struct finding *f = &s->items[j];
            if (f->kind == FINDING_LISTING && f != sum &&
                strcmp(f->address, sum->address) == 0) {
                f->root = sum->id;
            }
        }
    }
}

/* The root of a root is the root of all. */
static void flatten(struct search *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct finding *root = by_id(s, s->items[i].root);
        while (root != NULL && root->root != 0) {
            s->items[i].root = root->root;
            root = by_id(s, root->root);
        }
    }
}

void grouping_link(struct search *s)
{
    for (size_t i = 0; i < s->n; i++) {
        s->items[i].id = finding_id(&s->items[i]);
    }
    link_trends(s);
    link_others(s);
    link_listings(s);
    flatten(s);
}

/* --- order ---------------------------------------------------------------- */

/* A finding with its root, or itself twice. */
struct placed {
    const struct finding *root;
    struct finding item;
};

/* What is over comes after what goes on; equals by what never changes. */
static int compare_findings(const struct finding *f, const struct finding *g)
{
    if (f->severity != g->severity) {
        return f->severity > g->severity ? -1 : 1;
    }
    if ((f->until == 0) != (g->until == 0)) {
        return f->until == 0 ? -1 : 1;
    }
    if (f->excess < g->excess || f->excess > g->excess) {
        return f->excess > g->excess ? -1 : 1;
    }
    if (f->observed < g->observed || f->observed > g->observed) {
        return f->observed > g->observed ? -1 : 1; /* facts have no excess */
    }
    return f->id < g->id ? -1 : f->id > g->id;
}

static int compare_placed(const void *a, const void *b)
{
    const struct placed *f = a;
    const struct placed *g = b;
    if (f->root->id != g->root->id) {
        return compare_findings(f->root, g->root);
    }
    if ((f->item.root == 0) != (g->item.root == 0)) {
        return f->item.root == 0 ? -1 : 1;
    }
    return compare_findings(&f->item, &g->item);
}

void grouping_order(struct search *s)
{
    struct placed *list = memory_alloc((s->n + 1) * sizeof *list);
    struct finding *copy = memory_alloc((s->n + 1) * sizeof *copy);
    for (size_t i = 0; i < s->n; i++) {
        copy[i] = s->items[i];
    }
    for (size_t i = 0; i < s->n; i++) {
        const struct finding *root = by_id(s, s->items[i].root);
        list[i].root = root != NULL ? &copy[root - s->items] : &copy[i];
        list[i].item = s->items[i];
    }
    qsort(list, s->n, sizeof *list, compare_placed);
    for (size_t i = 0; i < s->n; i++) {
        s->items[i] = list[i].item;
    }
    free(copy);
    free(list);
}
