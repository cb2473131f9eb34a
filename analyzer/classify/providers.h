/* SPDX-License-Identifier: MIT */
/* classify/providers.h - whose mailboxes these are (patterns/providers.yaml).
 */
#ifndef CLASSIFY_PROVIDERS_H
#define CLASSIFY_PROVIDERS_H

#include "classify/suffixes.h"

struct provider_entry {
    char *name;
    char **relays; /* suffixes of relay host names */
    unsigned n_relays;
    char **domains; /* recipient domains */
    unsigned n_domains;
    char *postmaster; /* page; NULL: none */
};

/* Never changed after it was loaded. */
struct provider_table;

/** providers_load(site_dir): Read the file; NULL, having reported why, if it
 * is faulty.  End with providers_free(). */
struct provider_table *providers_load(const char *site_dir);

/** providers_free(t): End ${t}.  NULL does nothing. */
void providers_free(struct provider_table *t);

/** providers_by_relay(t, host): The provider of the relay ${host}: the
 * longest suffix wins; or NULL. */
const struct provider_entry *providers_by_relay(
    const struct provider_table *t, struct span host);

/** providers_by_domain(t, domain): The provider of recipients in ${domain},
 * or NULL. */
const struct provider_entry *providers_by_domain(
    const struct provider_table *t, struct span domain);

/** providers_by_name(t, name): The entry called ${name}, or NULL. */
const struct provider_entry *providers_by_name(
    const struct provider_table *t, struct span name);

/** providers_add_names(t, names): Add all suffixes and domains to ${names}. */
void providers_add_names(
    const struct provider_table *t, struct suffixes *names);

#endif
