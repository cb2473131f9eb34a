/* SPDX-License-Identifier: MIT */
/* store/integrity.h - does the store agree with itself? */
#ifndef STORE_INTEGRITY_H
#define STORE_INTEGRITY_H

#include "store/store.h"

#include <stdio.h>

/**
 * integrity_check(s, out, n_problems):
 * Look for every kind of inconsistency that is known, from damaged pages to
 * facts that do not add up, and write each to ${out} with how to mend it, one
 * a line; ${n_problems} is their number.  False, having reported the reason,
 * if ${s} cannot be read far enough to tell.
 */
bool integrity_check(struct store *s, FILE *out, int64_t *n_problems);

#endif
