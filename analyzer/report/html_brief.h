/* SPDX-License-Identifier: MIT */
/* report/html_brief.h - the top of the page: period, answers, figures. */
#ifndef REPORT_HTML_BRIEF_H
#define REPORT_HTML_BRIEF_H

#include "base/buffer.h"
#include "report/gather.h"

/** html_brief_title(g): What the report is called. */
const char *html_brief_title(const struct gather *g);

/** html_brief_compared(out, g, tag): Append after ${tag}, which begins a
 * paragraph, which period is compared with and how the rates changed; nothing
 * if none is. */
void html_brief_compared(
    struct buffer *out, const struct gather *g, const char *tag);

/** html_brief_header(out, g): Append the title, the period and what the report
 * rests on. */
void html_brief_header(struct buffer *out, const struct gather *g);

/** html_brief_add(out, g): Append the five answers (report/answers.h). */
void html_brief_add(struct buffer *out, const struct gather *g);

/** html_brief_figures(out, g, direction): Append how the mail of ${direction}
 * went: a sentence and the numbers. */
void html_brief_figures(
    struct buffer *out, const struct gather *g, const char *direction);

/** html_brief_trust(out, g): Append what is incomplete. */
void html_brief_trust(struct buffer *out, const struct gather *g);

#endif
