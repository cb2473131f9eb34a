/* SPDX-License-Identifier: MIT */
/* report/summary.h - the text that fits a screen and an e-mail. */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "base/buffer.h"
#include "report/gather.h"

/** summary_write(out, g): Append the summary of ${g}: at most 78 columns and
 * some eighty lines, plain UTF-8, no colours. */
void summary_write(struct buffer *out, const struct gather *g);

#endif
