/* SPDX-License-Identifier: MIT */
/* pattern/grams.h - which of many short texts occur in a text, in one pass. */
#ifndef PATTERN_GRAMS_H
#define PATTERN_GRAMS_H

#include "base/intern.h"

/* Made once from a list of texts, then never changed. */
struct grams;

/** grams_create(texts): Look for all of ${texts} but the empty one; each has
 * two or more bytes, in lower case.  ${texts} must outlive the result, which
 * grams_free() ends. */
struct grams *grams_create(const struct intern *texts);

/** grams_free(g): End ${g}.  NULL does nothing. */
void grams_free(struct grams *g);

/** Told that text ${id} occurs; perhaps more than once. */
typedef void (*grams_found)(void *context, uint32_t id);

/** grams_scan(g, s, found, context): Call ${found} for each text of ${g} that
 * occurs in ${s}, which must be in lower case. */
void grams_scan(
    const struct grams *g, struct span s, grams_found found, void *context);

#endif
