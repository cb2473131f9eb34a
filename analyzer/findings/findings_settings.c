/* SPDX-License-Identifier: MIT */
/*
 * Defaults.  docs/FINDINGS.md says how they were chosen and what each trades.
 */
#include "findings/findings_settings.h"

void findings_settings_init(struct findings_settings *s)
{
    *s = (struct findings_settings){.since = INT64_MIN,
        .until = INT64_MAX,
        .baseline_days = 28,
        .false_discovery = 0.05,
        .min_excess = 10,
        .min_ratio = 1.5,
        .warning_excess = 50,
        .critical_share = 0.2,
        .stale_after = INT64_C(6) * 3600};
}
