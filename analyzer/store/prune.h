/* SPDX-License-Identifier: MIT */
/* store/prune.h - old hours become days, and days beyond retention go. */
#ifndef STORE_PRUNE_H
#define STORE_PRUNE_H

#include "store/store.h"

/* Days are those of UTC; both limits are moved back to the start of one. */
struct prune_limits {
    int64_t now;        /* Unix seconds */
    int64_t keep_hours; /* hours older than this become days; -1: none do */
    int64_t keep_days;  /* facts older than this many days go; -1: none do */
};

struct prune_counts {
    int64_t rolled;  /* rows of failure and traffic that became fewer */
    int64_t dropped; /* rows of failure and traffic that went */
};

/**
 * prune_run(s, limits, counts):
 * Roll up and drop as ${limits} say, in one transaction, then overwrite and
 * give back the space, so that nothing of what was dropped is left in the
 * file.  What is known of sources stays, so that old files that still lie in
 * the archive are not read again.  The caller has called resolve_run().
 * False on failure.
 */
bool prune_run(struct store *s, const struct prune_limits *limits,
    struct prune_counts *counts);

#endif
