/* SPDX-License-Identifier: MIT */
/* store/idset.h - which ids were met. */
#ifndef STORE_IDSET_H
#define STORE_IDSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A set of ids of a table of names, to count different ones.  Zeroed it is
 * empty; ends with idset_free(). */
struct idset {
    uint64_t **pages;
    size_t n_pages;
    int64_t n; /* ids in the set */
};

/** idset_add(set, id): Add ${id}; false if that is no id of a name (below 0,
 * or 2^32 and more). */
bool idset_add(struct idset *set, int64_t id);

/** idset_free(set): Give the memory back. */
void idset_free(struct idset *set);

#endif
