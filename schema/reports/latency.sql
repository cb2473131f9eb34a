-- SPDX-License-Identifier: MIT
-- title: Time to deliver
-- about: How long outbound deliveries took from arrival to hand-over, by mailbox provider; recipients. Times are upper bounds of classes 41 % apart.
-- chart: none
-- limit: 40
-- column provider: text, mailbox provider of the other side; empty if not known
-- column deliveries: count, recipients delivered
-- column median: seconds, half of them took no longer
-- column p90: seconds, nine in ten took no longer
-- column p99: seconds, all but one in a hundred took no longer
-- column slowest: seconds, none took longer
-- key: provider
-- compare: p90; deliveries, median, p99, slowest
-- metrics: usual
WITH counted AS (
    SELECT provider, bucket, deliveries AS n
      FROM temp.period_latency
     WHERE :direction IS NULL OR :direction = 'outbound'
), running AS (
    SELECT provider,
           (1 << ((bucket + 1) / 2))
           * CASE bucket % 2 WHEN 1 THEN 0.001
                             ELSE 0.0014142135623730951 END AS below, n,
           sum(n) OVER (PARTITION BY provider ORDER BY bucket) AS so_far,
           sum(n) OVER (PARTITION BY provider) AS total
      FROM counted
)
SELECT p.name AS provider, sum(n) AS deliveries,
       min(below) FILTER (WHERE so_far >= 0.5 * total) AS median,
       min(below) FILTER (WHERE so_far >= 0.9 * total) AS p90,
       min(below) FILTER (WHERE so_far >= 0.99 * total) AS p99,
       max(below) AS slowest
  FROM running AS r
  JOIN provider AS p ON p.id = r.provider
 GROUP BY r.provider
 ORDER BY deliveries DESC, p.name;
