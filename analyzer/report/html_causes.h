/* SPDX-License-Identifier: MIT */
/* report/html_causes.h - the list of causes, each with what to do folded in. */
#ifndef REPORT_HTML_CAUSES_H
#define REPORT_HTML_CAUSES_H

#include "base/buffer.h"
#include "report/gather.h"
#include "report/html_cross.h"

/**
 * html_causes_add(out, g, direction):
 * Append the causes of ${direction}, most frequent first: title, attempts,
 * share, who has to act; folded below each its definition, where and when it
 * was met, and the steps to take.  ${cross} tells what narrowing leaves of it.
 */
void html_causes_add(struct buffer *out, const struct gather *g,
    const char *direction, const struct html_cross *cross);

#endif
