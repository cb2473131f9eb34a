/* SPDX-License-Identifier: MIT */
/* findings/shift.h - failures that became more frequent than usual. */
#ifndef FINDINGS_SHIFT_H
#define FINDINGS_SHIFT_H

#include "findings/kinds.h"

/** shift_find(s, set, kinds): Test every way to fail, everywhere, against its
 * baseline and add what left it to ${s}. */
void shift_find(
    struct search *s, const struct series_set *set, const struct kinds *kinds);

#endif
