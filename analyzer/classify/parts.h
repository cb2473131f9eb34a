/* SPDX-License-Identifier: MIT */
/* classify/parts.h - the alternatives of all rules, and which may match. */
#ifndef CLASSIFY_PARTS_H
#define CLASSIFY_PARTS_H

#include "pattern/prefilter.h"
#include "pattern/regex.h"

/*
 * "a|b|c" matches where "a", "b" or "c" does: the `match` and the `unless` of
 * each rule are taken apart, and only the alternatives that may match a reply
 * are tried.  Parts have numbers; those of `match`es in the order of their
 * rules.  Threads may share them, each with a scratch of its own.
 */
struct parts;
struct parts_scratch;

/* The expressions of a rule, terminated. */
struct parts_source {
    const char *match;
    const char *unless; /* NULL: none */
};

/** parts_create(rules, n, samples, n_samples): The parts of the ${n} ${rules};
 * ${samples} are texts like those to come.  Ended by parts_free(). */
struct parts *parts_create(const struct parts_source *rules, size_t n,
    const struct span *samples, size_t n_samples);

/** parts_n_always(p): How many parts of `match`es no text rules out. */
size_t parts_n_always(const struct parts *p);

/** parts_rule(p, part): The number of the rule that ${part} belongs to. */
size_t parts_rule(const struct parts *p, size_t part);

/** parts_unless(p, rule, n): The first part of the `unless` of ${rule}; store
 * in ${n} how many there are from it on. */
size_t parts_unless(const struct parts *p, size_t rule, size_t *n);

/** parts_regex(p, part): Its expression, compiled when first asked for; NULL
 * if it is none by itself, so that the whole must be asked. */
const struct regex *parts_regex(const struct parts *p, size_t part);

/** parts_scratch_create(p): Memory for parts_candidates() in one thread. */
struct parts_scratch *parts_scratch_create(const struct parts *p);

/**
 * parts_candidates(p, s, template, n):
 * Return the numbers, ascending, of the parts of `match`es that may match
 * ${template}, and how many there are in ${n}; valid until ${s} is used again.
 */
const uint32_t *parts_candidates(const struct parts *p, struct parts_scratch *s,
    struct span template, size_t *n);

/** parts_holds(p, s, part): Whether ${part}, a candidate or one of an `unless`,
 * may match that template, looked at more closely. */
bool parts_holds(
    const struct parts *p, const struct parts_scratch *s, size_t part);

/** parts_scratch_free(s), parts_free(p): End them.  NULL does nothing. */
void parts_scratch_free(struct parts_scratch *s);
void parts_free(struct parts *p);

#endif
