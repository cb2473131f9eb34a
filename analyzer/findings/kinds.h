/* SPDX-License-Identifier: MIT */
/* findings/kinds.h - what each number in a series stands for. */
#ifndef FINDINGS_KINDS_H
#define FINDINGS_KINDS_H

#include "findings/search.h"
#include "findings/series.h"

/* A way to fail: direction, cause and detail.  Texts live as long as the
 * search. */
struct kind {
    const char *direction;
    const char *cause;
    const char *detail;
    const char *side; /* who has to act: "us" … "" */
    unsigned marks;   /* a set of enum cause_mark */
    bool inbound;
};

struct kinds_reply {
    uint32_t kind;
    uint32_t zone;  /* of the list that it names; 0: none */
    bool own_words; /* no reply came: our MTA says it */
};

struct kinds {
    struct kind *list;
    uint32_t n;
    struct kinds_reply *replies; /* by number of the reply */
    size_t n_replies;
    const char **zones; /* zones[0] is "" */
    uint32_t n_zones;
};

/** kinds_load(k, s): Read all replies; false, having reported it, on failure.
 * Ends with kinds_reset(). */
bool kinds_load(struct kinds *k, struct search *s);

/** kinds_reply(k, series): What the reply of ${series} is; NULL for those that
 * count what was tried. */
const struct kinds_reply *kinds_reply(
    const struct kinds *k, const struct series *series);

/** kinds_find(k, direction, cause, detail): Its number; UINT32_MAX: no reply is
 * of that kind. */
uint32_t kinds_find(const struct kinds *k, const char *direction,
    const char *cause, const char *detail);

/** kinds_reset(k): Give back what ${k} holds. */
void kinds_reset(struct kinds *k);

/** kinds_name(s, dimension, item): The name of an item, kept; "" if there is
 * none. */
const char *kinds_name(
    struct search *s, enum series_dimension dimension, uint32_t item);

#endif
