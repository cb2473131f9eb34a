/* SPDX-License-Identifier: MIT */
/* report/blocked.h - whether we are on block lists, in a few sentences. */
#ifndef REPORT_BLOCKED_H
#define REPORT_BLOCKED_H

#include "base/buffer.h"
#include "report/gather.h"

/**
 * blocked_tell(out, g, is_public):
 * Append to ${out} which addresses of ours are on which lists since when, and
 * which receivers block us by a list of their own, a sentence a line; or that
 * none is known.  Return true if something blocks us, and store in
 * ${is_public} whether a public list does.
 */
bool blocked_tell(struct buffer *out, const struct gather *g, bool *is_public);

#endif
