/* SPDX-License-Identifier: MIT */
/* report/html_words.h - sentences whose dates and numbers stay whole. */
#ifndef REPORT_HTML_WORDS_H
#define REPORT_HTML_WORDS_H

#include "base/buffer.h"

/** html_words_add(out, text): Append ${text}, escaped, so that no line ends
 * within a date with its time of day, or between a number and its "%". */
void html_words_add(struct buffer *out, struct span text);

#endif
