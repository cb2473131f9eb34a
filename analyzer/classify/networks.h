/* SPDX-License-Identifier: MIT */
/* classify/networks.h - the IP networks that are ours. */
#ifndef CLASSIFY_NETWORKS_H
#define CLASSIFY_NETWORKS_H

#include "base/span.h"

/* A set of networks; immutable, shared by threads. */
struct networks;

/** networks_is_valid(text): True for "192.0.2.0/24", "2001:db8::/32", and an
 * address alone.  Bits behind the prefix do not matter. */
bool networks_is_valid(const char *text);

/** networks_create(texts, n): The ${n} networks ${texts}, all of them valid.
 * networks_free() ends them. */
struct networks *networks_create(const char *const *texts, size_t n);

/** networks_hold(set, address): True if ${address} (as text) lies in a network
 * of ${set}; NULL holds nothing. */
bool networks_hold(const struct networks *set, struct span address);

/** networks_free(set): NULL does nothing. */
void networks_free(struct networks *set);

#endif
