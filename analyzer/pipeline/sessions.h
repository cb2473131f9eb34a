/* SPDX-License-Identifier: MIT */
/* pipeline/sessions.h - what was said in one source and meant in the next. */
#ifndef PIPELINE_SESSIONS_H
#define PIPELINE_SESSIONS_H

#include "aggregate/privacy.h"
#include "base/buffer.h"
#include "parse/keeping.h"
#include "pipeline/context.h"

/**
 * sessions_leave(k, privacy, out):
 * Append to ${out} what is open in ${k} at the end of a source, with addresses
 * as ${privacy} (NULL: tokens) has it; nothing where it hides domains.
 */
void sessions_leave(
    struct keeping *k, const struct privacy *privacy, struct buffer *out);

/** sessions_behind(store, n): Set ${n} to 0 if sessions_join() has nothing to
 * do.  False on failure. */
bool sessions_behind(struct store *store, int64_t *n);

/**
 * sessions_join(context, privacy, store):
 * Count all lines that are held in ${store} with what the sources before
 * theirs have left, if that changed since it was done last: to be called
 * before resolve_run().  The outcome depends on the sources alone, not on the
 * order in which they came; but names that stand alone beside pseudonyms can
 * be found only by ${privacy} with the key that made these (NULL: none is at
 * hand).  False on failure; the store is then to be joined again.
 */
bool sessions_join(const struct pipeline_context *context,
    const struct privacy *privacy, struct store *store);

#endif
