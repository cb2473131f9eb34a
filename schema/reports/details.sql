-- SPDX-License-Identifier: MIT
-- title: Details
-- about: Failed attempts by cause, detail, mailbox provider and the rule that decided.
-- chart: none
-- limit: 60
-- column direction: text, outbound or inbound
-- column cause: text, what an administrator acts on
-- column detail: text, what exactly happened
-- column provider: text, mailbox provider of the other side; empty if not known
-- column rule: text, what decided the cause
-- column attempts: count, failed attempts
-- column share: share, of the failed attempts of the direction
-- column domains: count, domains of the other side that met it (recipients' outbound, senders' inbound)
-- column first_seen: time, first met in the period
-- column last_seen: time, last met in the period
-- key: direction, cause, detail, provider, rule
-- compare: attempts; share, domains
-- metrics: asked
WITH grouped AS (
    SELECT s.kind, p.k1 AS provider, r.rule, sum(bag_sum(p.part, 1, 1)) AS attempts,
           bag_count(p.part, 4, 1) AS domains,
           min(max(coalesce(s.first_seen, 0), bag_first(p.part, 1)))
               AS first_seen,
           max(min(coalesce(s.last_seen, 1 << 62), bag_last(p.part, 1) + 3599))
               AS last_seen
      FROM temp.period_reply AS s
     CROSS JOIN reply AS r ON r.id = s.reply
     CROSS JOIN temp.period_failure_bags AS c ON c.reply = s.reply
     CROSS JOIN bag_parts(c.bag) AS p
     GROUP BY s.kind, p.k1, r.rule
    HAVING attempts > 0
)
SELECT k.direction, k.cause, k.detail, p.name AS provider, g.rule, g.attempts,
       1.0 * g.attempts / sum(g.attempts) OVER (PARTITION BY k.direction)
           AS share,
       g.domains, g.first_seen, g.last_seen
  FROM grouped AS g
  JOIN temp.period_kind AS k ON k.kind = g.kind
  JOIN provider AS p ON p.id = g.provider
 ORDER BY k.direction DESC, g.attempts DESC, k.cause, k.detail, p.name, g.rule;
