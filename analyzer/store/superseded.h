/* SPDX-License-Identifier: MIT */
/* store/superseded.h - damaged logs of which a better copy turned up. */
#ifndef STORE_SUPERSEDED_H
#define STORE_SUPERSEDED_H

#include "store/store.h"

/**
 * superseded_drop(s):
 * Drop each damaged source of which another holds the same log undamaged, or
 * damaged later; inside the caller's transaction.  The files it was read from
 * count as read.  False on failure.
 */
bool superseded_drop(struct store *s);

#endif
