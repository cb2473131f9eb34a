/* SPDX-License-Identifier: MIT */
/* classify/coverage.h - what the rules cover, and where they are in doubt. */
#ifndef CLASSIFY_COVERAGE_H
#define CLASSIFY_COVERAGE_H

#include "classify/rules.h"

/* One file of rules. */
struct coverage_layer {
    const char *file; /* for messages */
    size_t n_rules;
    size_t n_examples;
    size_t n_counterexamples;
};

/* Two rules, of different details. */
struct coverage_pair {
    size_t rule;
    size_t other;
    double similarity; /* of their nearest examples; of claims 1 */
    const char *text;  /* example or alternative of ${rule} */
};

/* Lists of pairs; what each says of ->rule and ->other stands beside it. */
struct coverage {
    struct coverage_layer *layers;
    size_t n_layers;
    /* An example of the first is near one of the other, and the first has no
     * counterexample. */
    struct coverage_pair *close;
    size_t n_close;
    /* An example of the first is matched by the other too, further down in
     * the same file. */
    struct coverage_pair *claims;
    size_t n_claims;
    /* An alternative of the first can never match: it holds a text that the
     * other, which comes before, takes wherever it stands. */
    struct coverage_pair *dead;
    size_t n_dead;
    struct arena *arena; /* of the alternatives */
};

/** coverage_find(r, k, c): Fill ${c}, which coverage_reset() ends, from ${r};
 * its texts are those of ${r}. */
void coverage_find(
    const struct rules *r, const struct knowledge *k, struct coverage *c);

/** coverage_reset(c): Give back what ${c} holds. */
void coverage_reset(struct coverage *c);

#endif
