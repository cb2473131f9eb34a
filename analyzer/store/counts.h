/* SPDX-License-Identifier: MIT */
/* store/counts.h - the counts of a tally, by far the most of its facts. */
#ifndef STORE_COUNTS_H
#define STORE_COUNTS_H

#include "aggregate/tally.h"
#include "store/name_ids.h"

/* What is written, and the store's ids by the tally's numbers. */
struct counts {
    struct store *store;
    int64_t source;
    const struct counted_fact *facts;
    uint32_t n_facts;
    const struct name_ids *ids;
    const int64_t *replies;
};

/** counts_write(c): Add ${c} to the tables traffic, sender_traffic, failure
 * and latency, inside the caller's transaction; false on failure. */
bool counts_write(const struct counts *c);

#endif
