/* SPDX-License-Identifier: MIT */
/* store/facts.h - a tally's counts into the tables of facts. */
#ifndef STORE_FACTS_H
#define STORE_FACTS_H

#include "aggregate/tally.h"
#include "store/name_ids.h"

/* Where the facts of one step go. */
struct facts_target {
    struct store *store;
    struct names *names;
    struct name_ids *ids;
    int64_t source;
};

/**
 * facts_write(target, view, reply_ids):
 * Add everything in ${view} to what the store holds of the source; inside the
 * caller's transaction.  The ids of the replies are written to ${reply_ids},
 * one for each.  False on failure.
 */
bool facts_write(const struct facts_target *target,
    const struct tally_view *view, int64_t *reply_ids);

#endif
