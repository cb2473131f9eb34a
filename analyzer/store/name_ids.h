/* SPDX-License-Identifier: MIT */
/* store/name_ids.h - the store's ids of the names of a tally. */
#ifndef STORE_NAME_IDS_H
#define STORE_NAME_IDS_H

#include "aggregate/tally.h"
#include "store/names.h"

/* By the numbers that the tally's names have. */
struct name_ids {
    int64_t *hosts;
    int64_t *domains;
    int64_t *providers;
    uint32_t n_hosts;
    uint32_t n_domains;
    uint32_t n_providers;
    uint64_t names; /* of which tally_view() these are */
};

/**
 * name_ids_find(ids, names, view):
 * Make ${ids} (zeroed before its first use) those of ${view}: of what was
 * found for an earlier view of the same tally, only new names are looked up.
 * False on failure.  The caller ends it with name_ids_reset().
 */
bool name_ids_find(
    struct name_ids *ids, struct names *names, const struct tally_view *view);

/** name_ids_reset(ids): Forget all, as after a step that was rolled back. */
void name_ids_reset(struct name_ids *ids);

#endif
