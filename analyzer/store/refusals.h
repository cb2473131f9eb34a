/* SPDX-License-Identifier: MIT */
/* store/refusals.h - logs that hold only refusals, which another may hold. */
#ifndef STORE_REFUSALS_H
#define STORE_REFUSALS_H

#include "store/store.h"

/** refusals_found: ${log} holds nothing but refusals of mail, within hours of
 * ${other}, another of the same host with refusals.  Both are names, valid
 * during the call. */
typedef void refusals_found(void *context, struct span log, struct span other);

/**
 * refusals_find(s, found, context):
 * Call ${found} with ${context} for each such log, by name, once.  After
 * resolve_run(); false on failure.
 */
bool refusals_find(struct store *s, refusals_found *found, void *context);

#endif
