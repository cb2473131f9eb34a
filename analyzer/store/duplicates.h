/* SPDX-License-Identifier: MIT */
/* store/duplicates.h - hours that two sources hold. */
#ifndef STORE_DUPLICATES_H
#define STORE_DUPLICATES_H

#include "store/timeline.h"

/**
 * duplicates_find(s, t):
 * Make the table duplicate_hour anew; inside the caller's transaction.  Of
 * sources with the same digest of an hour the first by content counts; if one
 * source holds what several others hold together, it counts and they do not.
 * Hours that overlap without being equal are noted, and count.
 */
bool duplicates_find(struct store *s, const struct timeline *t);

#endif
