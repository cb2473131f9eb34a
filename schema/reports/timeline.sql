-- SPDX-License-Identifier: MIT
-- title: Mail over time
-- about: What became of mail by hour or day (days from a period of two weeks on), UTC.
-- chart: line failure_rate
-- limit: 400
-- column direction: text, outbound or inbound
-- column time: time, beginning of the hour or day
-- column delivered: count, recipients delivered (outbound), messages accepted (inbound)
-- column deferred: count, attempts put off for now
-- column bounced: count, recipients refused for good (outbound)
-- column expired: count, recipients given up after the queue lifetime (outbound)
-- column rejected: count, refusals for good (inbound)
-- column failure_rate: share, (bounced + expired) / (delivered + bounced + expired); inbound rejected / (accepted + rejected)
-- key: direction, time
SELECT direction, time, sum(delivered + accepted) AS delivered,
       sum(deferred) AS deferred, sum(bounced) AS bounced,
       sum(expired) AS expired, sum(rejected) AS rejected,
       CASE direction
       WHEN 'inbound' THEN
           1.0 * sum(rejected) / nullif(sum(accepted + rejected), 0)
       ELSE
           1.0 * sum(bounced + expired)
           / nullif(sum(delivered + bounced + expired), 0)
       END AS failure_rate
  FROM temp.period_total
 GROUP BY direction, time
 ORDER BY direction DESC, time;
