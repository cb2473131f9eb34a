-- SPDX-License-Identifier: MIT
-- title: Causes
-- about: Failed attempts by cause and detail.
-- chart: bar attempts
-- limit: 200
-- column direction: text, outbound or inbound
-- column cause: text, what an administrator acts on
-- column detail: text, what exactly happened
-- column attempts: count, failed attempts
-- column share: share, of the failed attempts of the direction
-- column domains: count, domains of the other side that met it (recipients' outbound, senders' inbound)
-- column first_seen: time, first met in the period
-- column last_seen: time, last met in the period
-- key: direction, cause, detail
-- compare: attempts; share, domains
-- metrics: usual
WITH grouped AS (
    SELECT s.kind, sum(bag_sum(c.bag, 1, 1)) AS attempts,
           bag_count(c.bag, 4, 1) AS domains,
           min(max(coalesce(s.first_seen, 0), bag_first(c.bag, 1)))
               AS first_seen,
           max(min(coalesce(s.last_seen, 1 << 62), bag_last(c.bag, 1) + 3599))
               AS last_seen
      FROM temp.period_reply AS s
     CROSS JOIN temp.period_failure_bags AS c ON c.reply = s.reply
     GROUP BY s.kind
    HAVING attempts > 0
)
SELECT k.direction, k.cause, k.detail, g.attempts,
       1.0 * g.attempts / sum(g.attempts) OVER (PARTITION BY k.direction)
           AS share,
       g.domains, g.first_seen, g.last_seen
  FROM grouped AS g
  JOIN temp.period_kind AS k ON k.kind = g.kind
 ORDER BY k.direction DESC, g.attempts DESC, k.cause, k.detail;
