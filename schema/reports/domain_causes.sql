-- SPDX-License-Identifier: MIT
-- title: Domains by cause
-- about: Failed attempts by recipient domain, mailbox provider and cause.
-- chart: none
-- limit: 1500
-- column direction: text, outbound or inbound
-- column domain: text, domain of the recipient
-- column provider: text, mailbox provider of the recipient; empty if not known, and inbound
-- column cause: text, what an administrator acts on
-- column detail: text, what exactly happened
-- column attempts: count, failed attempts
-- key: direction, domain, provider, cause, detail
-- compare: attempts
WITH sent AS MATERIALIZED (
    SELECT bag_gather(c.bag, s.kind, 4, 1) AS bag
      FROM temp.period_kind AS k
      JOIN temp.period_reply AS s ON s.kind = k.kind
      JOIN temp.period_failure_bags AS c ON c.reply = s.reply
     WHERE k.direction = 'outbound'
), refused AS MATERIALIZED (
    SELECT bag_gather(c.bag, s.kind, 3) AS bag
      FROM temp.period_kind AS k
      JOIN temp.period_reply AS s ON s.kind = k.kind
      JOIN temp.period_failure_bags AS c ON c.reply = s.reply
     WHERE k.direction = 'inbound'
), counted AS (
    SELECT k1 AS domain, k2 AS provider, k3 AS kind, v1 AS attempts
      FROM sent CROSS JOIN bag_each(bag_most(sent.bag, :limit))
    UNION ALL
    SELECT k1, NULL, k2, v1
      FROM refused CROSS JOIN bag_each(bag_most(refused.bag, :limit))
)
SELECT k.direction, d.name AS domain, p.name AS provider, k.cause, k.detail,
       c.attempts, NULL AS left_out
  FROM counted AS c
  JOIN temp.period_kind AS k ON k.kind = c.kind
  JOIN domain AS d ON d.id = c.domain
  LEFT JOIN provider AS p ON p.id = c.provider
UNION ALL
SELECT 'outbound', NULL, NULL, NULL, NULL, NULL,
       bag_size(bag, 0) - bag_size(bag_most(bag, :limit), 0)
  FROM sent WHERE bag IS NOT NULL AND :limit IS NOT NULL
UNION ALL
SELECT 'inbound', NULL, NULL, NULL, NULL, NULL,
       bag_size(bag, 0) - bag_size(bag_most(bag, :limit), 0)
  FROM refused WHERE bag IS NOT NULL AND :limit IS NOT NULL
 ORDER BY 1 DESC, 6 DESC, 2, 3, 4, 5;
