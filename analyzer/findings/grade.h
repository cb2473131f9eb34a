/* SPDX-License-Identifier: MIT */
/* findings/grade.h - how bad a finding is, whether it is over or muted. */
#ifndef FINDINGS_GRADE_H
#define FINDINGS_GRADE_H

#include "findings/search.h"

/** grade_finding(s, f, side): Set the severity of the shift or correlated
 * finding ${f}, about whose cause ${side} has to do something. */
void grade_finding(struct search *s, struct finding *f, const char *side);

/** grade_listing(s, f): Set the severity of the listing ${f}, by its excess and
 * what was tried in its time. */
void grade_listing(const struct search *s, struct finding *f);

/** grade_recovery(s, f): If ${f} went on at the last run and is over now, say
 * so. */
void grade_recovery(struct search *s, struct finding *f);

/** grade_mute(s, f): Note why the site does not want to hear of ${f}. */
void grade_mute(struct search *s, struct finding *f);

#endif
