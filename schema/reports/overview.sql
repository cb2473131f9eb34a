-- SPDX-License-Identifier: MIT
-- title: Overview
-- about: What became of all mail, each direction by itself; recipients where they ended, attempts where they were put off, messages coming in.
-- chart: none
-- limit: 10
-- column direction: text, outbound or inbound
-- column delivered: count, recipients delivered (outbound)
-- column accepted: count, messages accepted (inbound)
-- column deferred: count, attempts put off for now
-- column bounced: count, recipients refused for good (outbound)
-- column expired: count, recipients given up after the queue lifetime (outbound)
-- column rejected: count, refusals for good (inbound)
-- column failure_rate: share, (bounced + expired) / (delivered + bounced + expired); inbound rejected / (accepted + rejected)
-- column discarded: count, messages thrown away by our own rules
-- column held: count, messages held by our own rules
-- column suspended: count, one earlier failure repeated for another message; in no rate
-- column other_hosts: count, tries at hosts that were not the last choice; in no rate
-- column hops: count, hand-overs to a local filter; in no rate
-- column probes: count, address probes; in no rate
-- column first_hour: time, first hour with mail
-- column last_hour: time, last hour with mail
-- key: direction
-- compare: bounced, expired, rejected; delivered, accepted, deferred, failure_rate
-- metrics: usual
SELECT direction,
       sum(delivered) AS delivered, sum(accepted) AS accepted,
       sum(deferred) AS deferred, sum(bounced) AS bounced,
       sum(expired) AS expired, sum(rejected) AS rejected,
       CASE direction
       WHEN 'inbound' THEN
           1.0 * sum(rejected) / nullif(sum(accepted + rejected), 0)
       ELSE
           1.0 * sum(bounced + expired)
           / nullif(sum(delivered + bounced + expired), 0)
       END AS failure_rate,
       sum(discarded) AS discarded, sum(held) AS held,
       sum(suspended) AS suspended, sum(other_hosts) AS other_hosts,
       sum(hops) AS hops, sum(probes) AS probes,
       min(first_hour) AS first_hour, max(last_hour) AS last_hour
  FROM temp.period_total
 GROUP BY direction
 ORDER BY direction DESC;
