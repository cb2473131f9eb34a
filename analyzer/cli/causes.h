/* SPDX-License-Identifier: MIT */
/* cli/causes.h - all causes and details on one page. */
#ifndef CLI_CAUSES_H
#define CLI_CAUSES_H

#include "base/buffer.h"
#include "classify/rules.h"

/**
 * causes_write(out, k, r):
 * Append docs/CAUSES.md to ${out}: every cause and detail of ${k} in Markdown,
 * with definition, permanence, side, advice, how many rules of ${r} give it,
 * and an example from one of them.
 */
void causes_write(
    struct buffer *out, const struct knowledge *k, const struct rules *r);

#endif
