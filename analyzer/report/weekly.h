/* SPDX-License-Identifier: MIT */
/* report/weekly.h - what got worse since the week before. */
#ifndef REPORT_WEEKLY_H
#define REPORT_WEEKLY_H

#include "base/buffer.h"
#include "report/gather.h"

/**
 * weekly_tell(out, g, is_worse):
 * Append a sentence for each direction, one a line: how its failure rate went
 * from the week before to the last, else from the period compared with to
 * this one, and which causes grew; nothing if there is neither.  Log text: to
 * be escaped.  Set ${is_worse} if a cause grew beyond chance (report/rise.h).
 */
void weekly_tell(struct buffer *out, const struct gather *g, bool *is_worse);

#endif
