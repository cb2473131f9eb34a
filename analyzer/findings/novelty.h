/* SPDX-License-Identifier: MIT */
/* findings/novelty.h - what was never seen before. */
#ifndef FINDINGS_NOVELTY_H
#define FINDINGS_NOVELTY_H

#include "findings/evidence.h"

/** novelty_find(e): Add replies, causes and blocks by a provider that came up
 * in the period asked for, with their volume.  A store whose past is shorter
 * than a week before that knows nothing as old.  False, having reported it, if
 * the database fails. */
bool novelty_find(const struct evidence *e);

#endif
