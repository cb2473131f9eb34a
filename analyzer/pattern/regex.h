/* SPDX-License-Identifier: MIT */
/* pattern/regex.h - one regular expression under limits (PCRE2, JIT). */
#ifndef PATTERN_REGEX_H
#define PATTERN_REGEX_H

#include "base/span.h"

/*
 * Patterns match bytes, not characters; "." matches a newline and "$" only
 * the very end.  A compiled regex never changes: threads may share it, each
 * with a workspace of its own.
 */
struct regex;
struct regex_workspace;

enum regex_flags {
    REGEX_PLAIN = 0,
    REGEX_CASELESS = 1, /* ASCII letters */
    REGEX_ANCHORED = 2  /* matches only at the beginning */
};

enum regex_result {
    REGEX_NO_MATCH = 0,
    REGEX_MATCH,
    REGEX_LIMIT /* gave up: LIMIT_REGEX_MATCH or LIMIT_REGEX_DEPTH */
};

/**
 * regex_compile(pattern, flags, error, error_len):
 * Compile ${pattern}.  Return NULL with the reason and the offset in
 * ${error} (terminated, ${error_len} bytes) if it is no valid expression.
 * The caller ends it with regex_free().
 */
struct regex *regex_compile(
    struct span pattern, unsigned flags, char *error, size_t error_len);

/** regex_workspace_create(): Memory for matching in one thread. */
struct regex_workspace *regex_workspace_create(void);

/**
 * regex_match(re, w, subject):
 * Look for ${re} in ${subject}.  After REGEX_MATCH, regex_group() tells the
 * groups until ${w} is used again.
 */
enum regex_result regex_match(
    const struct regex *re, struct regex_workspace *w, struct span subject);

/**
 * regex_group(w, subject, n):
 * What group ${n} matched in ${subject} (the one given to regex_match());
 * SPAN_NONE if it took no part.  Group 0 is the whole match.
 */
struct span regex_group(
    const struct regex_workspace *w, struct span subject, unsigned n);

/** regex_n_groups(re): The number of the last group. */
unsigned regex_n_groups(const struct regex *re);

/** regex_group_name(re, n): The name of group ${n}, or NULL. */
const char *regex_group_name(const struct regex *re, unsigned n);

/** regex_group_number(re, name): The number of group ${name}; 0: none. */
unsigned regex_group_number(const struct regex *re, const char *name);

/** regex_workspace_free(w), regex_free(re): End them.  NULL does nothing. */
void regex_workspace_free(struct regex_workspace *w);
void regex_free(struct regex *re);

#endif
