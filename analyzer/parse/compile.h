/* SPDX-License-Identifier: MIT */
/* parse/compile.h - a pattern, from its words in the pack. */
#ifndef PARSE_COMPILE_H
#define PARSE_COMPILE_H

#include "parse/compiled.h"

/**
 * compile_pattern(file, def, role, p):
 * Make ${p}, which is zeroed, from ${def}, which the pack in ${file} has among
 * those of ${role}.  ${p} borrows from ${def} and ends with compile_reset(),
 * also on failure: false, having reported why.
 */
bool compile_pattern(const struct pack_file *file,
    const struct pattern_def *def, enum pattern_role role, struct pattern *p);

/** compile_reset(p): Give back what ${p} holds. */
void compile_reset(struct pattern *p);

/** compile_spans(texts, n): The ${n} ${texts}, borrowed, as spans; the caller
 * frees the array. */
struct span *compile_spans(char *const *texts, unsigned n);

/**
 * compile_groups(re, group_field):
 * Store in ${group_field} (MAX_PATTERN_GROUPS) which field each named group of
 * ${re} (NULL: it has none) gives, NO_FIELD where none does.  The first name
 * that is no field, else NULL.
 */
const char *compile_groups(const struct regex *re, uint8_t *group_field);

#endif
