/* SPDX-License-Identifier: MIT */
/* classify/rules_check.h - proof that every rule does what its file says. */
#ifndef CLASSIFY_RULES_CHECK_H
#define CLASSIFY_RULES_CHECK_H

#include "classify/knowledge.h"
#include "classify/rules.h"

struct rules_check {
    size_t n_rules;
    size_t n_examples;
    size_t n_counterexamples;
    size_t n_faulty; /* expressions that do not compile */
    size_t n_lost;   /* examples that another rule, or none, decides */
    size_t n_taken;  /* counterexamples that the rule itself decides */
    size_t n_never;  /* rules that win none of their examples */
    size_t n_fields; /* expressions that find fields */
    size_t n_unread; /* of their examples, those that read otherwise, and
                        expressions with groups of no meaning or no use */
    size_t n_always; /* rules that the pre-filter cannot narrow down */
    size_t n_causes; /* causes with details that no rule gives */
};

/**
 * rules_check_run(r, k, result):
 * Judge every example and counterexample of ${r} over the whole set, in the
 * direction of its rule (outbound if it has none).  Each fault is reported as
 * "file:line: what"; the counts go to ${result}.  Return true if there is
 * none (n_always and n_causes are no faults).
 */
bool rules_check_run(const struct rules *r, const struct knowledge *k,
    struct rules_check *result);

#endif
