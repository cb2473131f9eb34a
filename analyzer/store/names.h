/* SPDX-License-Identifier: MIT */
/* store/names.h - texts to the ids of host, domain and provider. */
#ifndef STORE_NAMES_H
#define STORE_NAMES_H

#include "store/store.h"

enum names_table { NAMES_HOST, NAMES_DOMAIN, NAMES_PROVIDER, NAMES_COUNT };

/* A cache for one transaction: ids of a rolled back one are worthless. */
struct names;

/** names_create(s): NULL on failure.  Ends with names_free(). */
struct names *names_create(struct store *s);

/** names_id(n, table, text): The id of ${text} in ${table}, where it is added
 * if need be; 0 on failure. */
int64_t names_id(struct names *n, enum names_table table, struct span text);

/** names_free(n): End ${n}.  NULL does nothing. */
void names_free(struct names *n);

#endif
