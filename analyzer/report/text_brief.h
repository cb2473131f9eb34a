/* SPDX-License-Identifier: MIT */
/* report/text_brief.h - the top of the text report: findings and answers. */
#ifndef REPORT_TEXT_BRIEF_H
#define REPORT_TEXT_BRIEF_H

#include "base/buffer.h"
#include "report/gather.h"

/** text_brief_findings(out, g, width): Append what needs attention, worst
 * first, each with its first step; lines of at most ${width} columns. */
void text_brief_findings(
    struct buffer *out, const struct gather *g, size_t width);

/** text_brief_answers(out, g, width): Append the answers (report/answers.h) but
 * the first, which the findings have given. */
void text_brief_answers(
    struct buffer *out, const struct gather *g, size_t width);

#endif
