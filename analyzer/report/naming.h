/* SPDX-License-Identifier: MIT */
/* report/naming.h - causes as people call them. */
#ifndef REPORT_NAMING_H
#define REPORT_NAMING_H

#include "base/buffer.h"
#include "report/gather.h"

/** naming_add_cause(out, g, cause, detail): Append the title of a cause, or
 * "cause: detail" if the lexicon has none. */
void naming_add_cause(struct buffer *out, const struct gather *g,
    struct span cause, struct span detail);

/** naming_add_kind(out, g, name): The same for "cause.detail". */
void naming_add_kind(
    struct buffer *out, const struct gather *g, struct span name);

/** naming_side(side): "us" as part of a sentence: "for us to act on". */
const char *naming_side(const char *side);

/** naming_ask(g, fn, cause, detail): lexicon_ask() with spans. */
const char *naming_ask(const struct gather *g, lexicon_fn *fn,
    struct span cause, struct span detail);

#endif
