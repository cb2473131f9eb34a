/* SPDX-License-Identifier: MIT */
/* findings/findings_settings.h - what a site wants to hear, and from when on.
 */
#ifndef FINDINGS_FINDINGS_SETTINGS_H
#define FINDINGS_FINDINGS_SETTINGS_H

#include "findings/finding.h"

/*
 * What a site does not want to hear.  NULL fits anything; a finding that all
 * parts fit is muted until the date.
 */
struct findings_mute {
    const char *id;     /* 16 hexadecimal digits */
    const char *kind;   /* "shift" */
    const char *scope;  /* "provider" */
    const char *name;   /* of the scope, a list or an address */
    const char *cause;  /* "blacklisting" or "blacklisting.dnsbl" */
    const char *reason; /* never NULL */
    int64_t until;      /* Unix seconds, exclusive; INT64_MAX: for good */
};

/* What a server of ours does. */
struct findings_role {
    const char *host;
    const char *role; /* "smarthost", "inbound", … in the site's words */
};

/* Everything is borrowed from whoever filled it in. */
struct findings_settings {
    int64_t since;       /* findings that were over before are left out;
                          * INT64_MIN: FINDINGS_RECENT before the end */
    int64_t until;       /* what came later is not looked at; INT64_MAX: all */
    int64_t now;         /* the clock, for logs that stopped; 0: not asked */
    int64_t zone_offset; /* seconds east of UTC: where days begin */

    int64_t baseline_days;  /* earlier days that say what is usual */
    double false_discovery; /* share of false alarms among all, 0.05 */
    double min_excess;      /* failures beyond the usual: less is silence */
    double min_ratio;       /* observed over expected: less is silence */
    double warning_excess;  /* from here on it is a warning */
    double critical_share;  /* of all attempts of the scope: critical */
    int64_t stale_after;    /* seconds without a line */

    /* Whether the text is an address of ours; NULL: not known, any may be.
     * Networks are read by a layer that this one may not ask. */
    bool (*is_own_address)(const void *networks, const char *address);
    const void *networks;
    const char *const *own_domains; /* whose mail the site handles */
    size_t n_own_domains;
    const struct findings_role *roles;
    size_t n_roles;
    const struct findings_mute *mutes;
    size_t n_mutes;
};

/* Without --since: what went on in the last week of the data. */
#define FINDINGS_RECENT (INT64_C(7) * 86400)

/** findings_settings_init(s): The defaults. */
void findings_settings_init(struct findings_settings *s);

#endif
