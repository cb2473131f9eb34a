/* SPDX-License-Identifier: MIT */
/* base/spread.h - independent pieces of work on several threads. */
#ifndef BASE_SPREAD_H
#define BASE_SPREAD_H

#include <stddef.h>

/**
 * spread_over(n, work, context):
 * Call ${work} with ${context} and each of 0 .. ${n} - 1, in any order and
 * side by side on as many threads as there are processors, four at most, the
 * calling one among them.  Returns when all is done.  A thread that cannot be
 * had only makes it slower.
 */
void spread_over(
    size_t n, void (*work)(void *context, size_t i), void *context);

#endif
