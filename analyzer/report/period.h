/* SPDX-License-Identifier: MIT */
/* report/period.h - the facts of one period, added up for the reports. */
#ifndef REPORT_PERIOD_H
#define REPORT_PERIOD_H

#include "base/span.h"

#include <sqlite3.h>

/* Which facts count. */
struct period_filter {
    int64_t since;         /* Unix seconds of a full hour; INT64_MIN: all */
    int64_t until;         /* exclusive; INT64_MAX: all */
    int64_t step;          /* seconds, an hour or a day */
    const char *direction; /* "outbound", "inbound", or NULL for both */
    const char *domain;    /* in lower case, or NULL for all */
};

/*
 * The tables that a report may name, in the schema temp.  Each holds only
 * what the filter lets through, of the whole period, and numbers of names
 * where main has them; attempts may be 0 (their sum over a reply is not
 * negative).  :domain is that of the recipient, but where it says sender that
 * of the sender.
 *
 *   period_kind (kind, direction, cause, detail, name)   name: cause.detail;
 *        kinds are numbered in order of direction and name
 *   period_reply (kind, reply, first_seen, last_seen)
 *   period_failure (reply, provider, other, host, attempts, suspended,
 *        first_hour, last_hour)   other: domain of the other side, the
 *        recipient's outbound, the sender's inbound; may come in several
 *        rows
 *   period_count (provider, host, reply, attempts)   without domains
 *   period_failed_recipient, period_failed_sender (domain, reply, attempts)
 *   period_failed_time (time, reply, attempts)   time: begin of a step
 *   period_total (time, direction, provider, host, delivered, accepted,
 *        deferred, bounced, expired, rejected, discarded, held, suspended,
 *        other_hosts, hops, probes, first_hour, last_hour)
 *   period_recipient, period_sender (domain, direction, delivered, deferred,
 *        bounced, expired, rejected)   delivered: and accepted
 *   period_latency (provider, bucket, deliveries)
 *
 * Those without a column direction hold both; joining period_reply, which has
 * only the replies of the direction asked for, leaves the other out.
 *
 * The tables from period_failure on are views over bags (store/bag_sql.h),
 * whose functions a report may use itself where there are many rows:
 *
 *   period_failure_bags (reply, bag)   keys provider, host, recipient's
 *        domain, domain of the other side; sums attempts, suspended; hours.
 *        period_count and period_failed_recipient come from it, too
 *   period_failed_sender_bags (reply, bag)   key domain; sum attempts
 *   period_failed_time_bags (time, bag)   key reply; sum attempts
 *   period_total_bags (time, direction, bag)   keys provider, host; sums and
 *        hours as above
 *   period_recipient_bags (direction, bag)   keys domain, provider, host; sums
 *        and hours of period_total
 *   period_sender_bags (direction, bag)   key domain; sums as above
 *   period_latency_bags (bag)   keys provider, bucket; sum deliveries
 */

/**
 * period_prepare(db, filter, sql):
 * Make those of the tables above that ${sql} names.  Within a transaction
 * they are kept for the next report; the caller passes the same ${filter}
 * until it ends, and its ROLLBACK takes the tables away.  Without one they are
 * made anew each time.  Return false, having reported the reason, on failure.
 */
bool period_prepare(
    sqlite3 *db, const struct period_filter *filter, struct span sql);

#endif
