/* SPDX-License-Identifier: MIT */
/* report/html_findings.h - what needs attention, ranked, with what to do. */
#ifndef REPORT_HTML_FINDINGS_H
#define REPORT_HTML_FINDINGS_H

#include "base/buffer.h"
#include "report/gather.h"

/**
 * html_findings_add(out, g):
 * Append the open findings as a numbered list, worst first: severity,
 * headline, since when, how much; folded below each what to do, what follows
 * from it (findings whose root it is), and the evidence.  What is good to
 * know, what is over and what is muted stand below, each folded.
 */
void html_findings_add(struct buffer *out, const struct gather *g);

/** html_findings_number(g, f): The number of ${f} in that list, that of its
 * root if it stands below one; 0 if it is not in it.  Its element is called
 * finding-NUMBER. */
int html_findings_number(const struct gather *g, const struct finding *f);

#endif
