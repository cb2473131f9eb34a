/* SPDX-License-Identifier: MIT */
/* store/merge.h - the sources of another store into this one. */
#ifndef STORE_MERGE_H
#define STORE_MERGE_H

#include "store/store.h"

struct merge_counts {
    int64_t added;    /* sources that were not there */
    int64_t replaced; /* of which the other store had read more */
    int64_t skipped;  /* of which it had not */
};

/**
 * merge_from(s, path, counts):
 * Copy the facts of the store at ${path} (which is only read) into ${s}, in
 * one transaction: the union of sources; of two states of one source the one
 * that has taken in more.  Say in ${counts} what was done.  The caller calls
 * resolve_run() after the last one.  False on failure; ${s} is as before.
 */
bool merge_from(struct store *s, const char *path, struct merge_counts *counts);

#endif
