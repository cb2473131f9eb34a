/* SPDX-License-Identifier: MIT */
/* classify/family.h - replies of like wording, and what tells them apart. */
#ifndef CLASSIFY_FAMILY_H
#define CLASSIFY_FAMILY_H

#include "classify/conditions.h"
#include "classify/kernel.h"
#include "classify/specimen.h"

/* Memory is the arena's that it was made with. */
struct family {
    struct kernel kernel;            /* its leader has the most attempts */
    const struct specimen **members; /* most attempts first */
    size_t n_members;
    size_t room;
    int64_t attempts;
};

struct family_list {
    struct family *items;
    size_t n;
};

/**
 * family_group(list, n, weights, arena):
 * Group those of the ${n} specimens ${list}, most attempts first, that are not
 * understood; the family with the most attempts comes first.
 */
struct family_list family_group(const struct specimen *list, size_t n,
    const struct wording_weights *weights, struct arena *arena);

enum { FAMILY_MAX_PREFIXES = 3 };

/* What the members' codes have in common, as a rule says it. */
struct family_codes {
    char *codes[FAMILY_MAX_PREFIXES];
    unsigned n_codes;
    char *status[FAMILY_MAX_PREFIXES];
    unsigned n_status;
    struct conditions conditions; /* the same, and the direction */
};

/** family_codes(f, arena, codes): Find them: each code if they are few, else
 * the classes; none where a member has no code. */
void family_codes(
    const struct family *f, struct arena *arena, struct family_codes *codes);

/* Where an expression is looked for, and by which weights. */
struct family_search {
    const struct specimen *list;
    size_t n;
    const struct wording_weights *weights;
    struct arena *arena;
};

/**
 * family_expression(f, conditions, search):
 * Return the shortest expression that the words of ${f} give and that matches
 * none of the specimens of ${search} outside it which meet ${conditions};
 * SPAN_NONE if there is none.  It is in the arena of ${search}.
 */
struct span family_expression(const struct family *f,
    const struct conditions *conditions, const struct family_search *search);

#endif
