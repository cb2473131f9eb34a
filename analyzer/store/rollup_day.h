/* SPDX-License-Identifier: MIT */
/* store/rollup_day.h - what the facts of one day come to. */
#ifndef STORE_ROLLUP_DAY_H
#define STORE_ROLLUP_DAY_H

#include "store/store.h"

/** rollup_day_make(s, day): Add the lowest blocks of every kind for ${day},
 * counted from 1970-01-01 on; there must be none of it.  False on failure. */
bool rollup_day_make(struct store *s, int64_t day);

#endif
