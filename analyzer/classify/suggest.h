/* SPDX-License-Identifier: MIT */
/* classify/suggest.h - rules proposed for what no rule understands. */
#ifndef CLASSIFY_SUGGEST_H
#define CLASSIFY_SUGGEST_H

#include "classify/family.h"

/*
 * Takes replies, judges each by today's rules, groups those without a cause
 * into families of like wording, and finds for each the text that all of the
 * family hold and nothing else does.  One thread.
 */
struct suggest;

enum { SUGGEST_MAX_NEIGHBOURS = 3, SUGGEST_MAX_EXAMPLES = 3 };

/* What is understood already and sounds most like the family. */
struct suggest_neighbour {
    struct span rule;
    struct span cause;
    struct span detail;
    double similarity; /* 0 to 1 */
    struct span reply; /* an example of the rule; or SPAN_NONE */
};

/* Where the proposed cause comes from. */
enum suggest_basis {
    SUGGEST_BASIS_UNKNOWN = 0, /* nothing says it; somebody must decide */
    SUGGEST_BASIS_NEIGHBOURS,
    SUGGEST_BASIS_STATUS, /* the usual cause of the enhanced code */
    SUGGEST_BASIS_CODE    /* of the reply code */
};

/* A rule.  Texts are valid until suggest_free(). */
struct suggestion {
    struct span id;    /* of the rule: new, and made of its words */
    struct span match; /* expression over the template */
    struct span cause;
    struct span detail;
    enum suggest_basis basis;
    struct family_codes codes;                  /* conditions */
    struct span examples[SUGGEST_MAX_EXAMPLES]; /* whole replies */
    size_t n_examples;
    /* nearest first */
    struct suggest_neighbour neighbours[SUGGEST_MAX_NEIGHBOURS];
    size_t n_neighbours;
    size_t n_templates;
    int64_t attempts;
};

/** suggest_create(r, k): Nothing yet; ${r} and ${k} must outlive it. */
struct suggest *suggest_create(
    const struct rules *r, const struct knowledge *k);

/** suggest_free(s): End ${s} and what it returned.  NULL does nothing. */
void suggest_free(struct suggest *s);

/** suggest_add(s, facts, attempts): One kind of reply, met in ${attempts}
 * attempts.  The template is copied.  Those with most attempts first: beyond
 * LIMIT_SUGGEST_UNKNOWN and LIMIT_SUGGEST_KNOWN they are left out. */
void suggest_add(
    struct suggest *s, const struct reply_facts *facts, int64_t attempts);

/** suggest_add_text(s, text): A reply as a person pastes it, met once; see
 * classifier_read_text(). */
void suggest_add_text(struct suggest *s, struct span text);

/**
 * suggest_make(s, max, n):
 * Return the ${n} suggestions, at most ${max}, most attempts first.  Called
 * once, when all replies were added.
 */
const struct suggestion *suggest_make(struct suggest *s, size_t max, size_t *n);

/* What became of what was added. */
struct suggest_counts {
    size_t n_unknown;  /* templates without a cause */
    size_t n_families; /* that they make */
    size_t n_proposed; /* of these, those that are in suggest_make() */
    size_t n_unlike;   /* those without a text of their own */
    size_t n_left_out; /* beyond the limits */
    int64_t attempts;  /* of all unknown */
    int64_t proposed;  /* of these, those that the proposed rules take */
};

/** suggest_counts(s): After suggest_make(). */
struct suggest_counts suggest_counts(const struct suggest *s);

#endif
