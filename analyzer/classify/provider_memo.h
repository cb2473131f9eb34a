/* SPDX-License-Identifier: MIT */
/* classify/provider_memo.h - whose the names are that were met lately. */
#ifndef CLASSIFY_PROVIDER_MEMO_H
#define CLASSIFY_PROVIDER_MEMO_H

#include "classify/providers.h"

/* For one thread.  What it says is what providers.h says, only sooner. */
struct provider_memo;

/** provider_memo_create(t): Asks ${t}, which must outlive it.  End it with
 * provider_memo_free(). */
struct provider_memo *provider_memo_create(const struct provider_table *t);

/** provider_memo_by_relay(m, host): providers_by_relay(). */
const struct provider_entry *provider_memo_by_relay(
    struct provider_memo *m, struct span host);

/** provider_memo_by_domain(m, domain): providers_by_domain(). */
const struct provider_entry *provider_memo_by_domain(
    struct provider_memo *m, struct span domain);

/** provider_memo_free(m): NULL does nothing. */
void provider_memo_free(struct provider_memo *m);

#endif
