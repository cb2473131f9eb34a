-- SPDX-License-Identifier: MIT
-- title: Senders by cause
-- about: Failed attempts by the domain of the envelope sender and cause.
-- chart: none
-- limit: 800
-- column direction: text, outbound or inbound
-- column domain: text, domain of the envelope sender; empty: null sender (bounces), ?: not known; --domain is this one
-- column cause: text, what an administrator acts on
-- column detail: text, what exactly happened
-- column attempts: count, failed attempts
-- key: direction, domain, cause, detail
-- compare: attempts
WITH counted AS MATERIALIZED (
    SELECT k.direction, bag_gather(c.bag, s.kind, 1) AS bag
      FROM temp.period_kind AS k
      JOIN temp.period_reply AS s ON s.kind = k.kind
      JOIN temp.period_failed_sender_bags AS c ON c.reply = s.reply
     GROUP BY k.direction
)
SELECT k.direction, d.name AS domain, k.cause, k.detail, e.v1 AS attempts,
       NULL AS left_out
  FROM counted AS c
 CROSS JOIN bag_each(bag_most(c.bag, :limit)) AS e
  JOIN temp.period_kind AS k ON k.kind = e.k2
  JOIN domain AS d ON d.id = e.k1
UNION ALL
SELECT direction, NULL, NULL, NULL, NULL,
       bag_size(bag, 0) - bag_size(bag_most(bag, :limit), 0)
  FROM counted
 WHERE bag IS NOT NULL AND :limit IS NOT NULL
 ORDER BY 1 DESC, 5 DESC, 2, 3, 4;
