/* SPDX-License-Identifier: MIT */
/* findings/stale.h - logs that stopped, have gaps, or are not understood. */
#ifndef FINDINGS_STALE_H
#define FINDINGS_STALE_H

#include "findings/search.h"

/** stale_find(s): Add a finding for each server whose log stopped or has a
 * gap where it usually has lines, for each program whose lines changed their
 * form, and for each damaged log.  False, having reported it, if the database
 * fails. */
bool stale_find(struct search *s);

#endif
