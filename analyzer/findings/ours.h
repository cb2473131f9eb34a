/* SPDX-License-Identifier: MIT */
/* findings/ours.h - which domains, addresses and servers a site calls its own.
 */
#ifndef FINDINGS_OURS_H
#define FINDINGS_OURS_H

#include "findings/findings_settings.h"

#include <sqlite3.h>

/** ours_has_domain(settings, domain): True if the site handles the mail of
 * ${domain}, as domains are stored. */
bool ours_has_domain(
    const struct findings_settings *settings, const char *domain);

/** ours_role(settings, host): What the server ${host} does, in the site's
 * words; "" if it does not say. */
const char *ours_role(
    const struct findings_settings *settings, const char *host);

/**
 * ours_register(db, settings):
 * Make the SQL function own_address(address) known to ${db}: the address, or
 * "" if the site says which networks are its own and it lies in none.
 * ${settings} must outlive the statements that use it; NULL takes the function
 * away.  Return false, having reported it, on failure.
 */
bool ours_register(sqlite3 *db, const struct findings_settings *settings);

#endif
