/* SPDX-License-Identifier: MIT */
/* findings/standing.h - what fails as it always did, and what went well. */
#ifndef FINDINGS_STANDING_H
#define FINDINGS_STANDING_H

#include "findings/evidence.h"

/** standing_find(e): Add facts: each cause of failures that no other finding
 * tells of, that greylisting worked, and how long deliveries took.  False,
 * having reported it, if the database fails. */
bool standing_find(const struct evidence *e);

#endif
