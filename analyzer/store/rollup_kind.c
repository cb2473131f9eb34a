/* SPDX-License-Identifier: MIT */
#include "store/rollup_kind.h"

#include <stddef.h>

#define SUMS_OF_TRAFFIC                                                        \
    "delivered, accepted, deferred, bounced, expired, rejected, discarded,"    \
    " held, suspended, other_hosts, hops, probes, hour"

/* Item, and what it counts with the hour of the day in one number: such an
 * entry is shorter than one of three keys. */
#define BY_HOUR(item, what, n)                                                 \
    "bag(2, 0, " item ", " what " * 24 + (hour / 3600 % 24 + 24) % 24, " n ")"

#define TRIED "delivered + deferred + bounced + expired + rejected + accepted"

static const struct rollup_kind kinds[ROLLUP_N] = {
    [ROLLUP_FAILURE] = {"failure", "counted_failure", "reply",
        "bag(4, 1, provider, host, recipient_domain, CASE direction"
        " WHEN 'inbound' THEN sender_domain ELSE recipient_domain END,"
        " attempts, suspended, hour)",
        "recipient_domain", 3, ROLLUP_DAYS, ROLLUP_TOP, NULL},
    [ROLLUP_FAILED_SENDER] = {"failed_sender", "counted_failure", "reply",
        "bag(1, 0, sender_domain, attempts)", "sender_domain", 1, ROLLUP_DAYS,
        ROLLUP_TOP, NULL},
    [ROLLUP_FAILED_TIME] = {"failed_time", "counted_failure", "0",
        "bag(1, 0, reply, attempts)", "recipient_domain", 0, ROLLUP_HOURS,
        ROLLUP_HOURS, NULL},
    [ROLLUP_RECIPIENT] = {"recipient", "counted_traffic", "direction",
        "bag(3, 1, domain, provider, host, " SUMS_OF_TRAFFIC ")", "domain", 1,
        ROLLUP_DAYS, ROLLUP_TOP, NULL},
    [ROLLUP_TOTAL] = {"total", "counted_traffic", "direction",
        "bag(2, 1, provider, host, " SUMS_OF_TRAFFIC ")", "domain", 0,
        ROLLUP_HOURS, ROLLUP_HOURS, NULL},
    [ROLLUP_SENDER] = {"sender", "counted_sender", "direction",
        "bag(1, 0, domain, delivered + accepted, deferred, bounced, expired,"
        " rejected)",
        "domain", 1, ROLLUP_DAYS, ROLLUP_TOP, NULL},
    [ROLLUP_LATENCY] = {"latency", "counted_latency", "0",
        "bag(2, 0, provider, bucket, deliveries)", NULL, 0, ROLLUP_DAYS,
        ROLLUP_TOP, NULL},
    [ROLLUP_BY_PROVIDER] = {"by_provider", "counted_failure", "0",
        BY_HOUR("provider", "reply", "attempts"), NULL, 0, ROLLUP_DAYS,
        ROLLUP_DAYS, NULL},
    [ROLLUP_BY_HOST] = {"by_host", "counted_failure", "0",
        BY_HOUR("host", "reply", "attempts"), NULL, 0, ROLLUP_DAYS, ROLLUP_DAYS,
        NULL},
    [ROLLUP_BY_RECIPIENT] = {"by_recipient", "counted_failure", "0",
        BY_HOUR("recipient_domain", "reply", "attempts"), NULL, 0, ROLLUP_DAYS,
        ROLLUP_DAYS, NULL},
    [ROLLUP_BY_SENDER] = {"by_sender", "counted_failure", "0",
        BY_HOUR("sender_domain", "reply", "attempts"), NULL, 0, ROLLUP_DAYS,
        ROLLUP_DAYS, NULL},
    [ROLLUP_TRIED_RECIPIENT] = {"tried_recipient", "counted_traffic", "0",
        BY_HOUR("domain", "(direction = 'inbound')", TRIED), NULL, 0,
        ROLLUP_DAYS, ROLLUP_DAYS, NULL},
    [ROLLUP_TRIED_SENDER] = {"tried_sender", "counted_sender", "0",
        BY_HOUR("domain", "0", TRIED), NULL, 0, ROLLUP_DAYS, ROLLUP_DAYS,
        "outbound"},
};

const struct rollup_kind *rollup_kind(enum rollup_name name)
{
    return &kinds[name];
}
