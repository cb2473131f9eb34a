/* SPDX-License-Identifier: MIT */
/* store/attribution.h - senders and expiries across sources. */
#ifndef STORE_ATTRIBUTION_H
#define STORE_ATTRIBUTION_H

#include "store/timeline.h"

/**
 * attribution_find(s, t):
 * Make the table attribution anew from the journals of all sources; inside
 * the caller's transaction.  It does across sources what aggregate/
 * correlator.h does within one.
 */
bool attribution_find(struct store *s, const struct timeline *t);

#endif
