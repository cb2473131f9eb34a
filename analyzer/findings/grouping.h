/* SPDX-License-Identifier: MIT */
/* findings/grouping.h - which finding explains which. */
#ifndef FINDINGS_GROUPING_H
#define FINDINGS_GROUPING_H

#include "findings/search.h"

/** grouping_link(s): Set ->id of all findings of ${s} and ->root of those that
 * another one explains. */
void grouping_link(struct search *s);

/** grouping_order(s): Order the findings: worst first, each followed by those
 * whose root it is. */
void grouping_order(struct search *s);

#endif
