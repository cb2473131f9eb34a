-- SPDX-License-Identifier: MIT
-- title: Deferrals
-- about: Attempts put off by a temporary failure (4xx, or 4.x.x where no reply came), by cause and mailbox provider.
-- chart: none
-- limit: 40
-- column direction: text, outbound or inbound
-- column cause: text, what an administrator acts on
-- column detail: text, what exactly happened
-- column provider: text, mailbox provider of the other side; empty if not known
-- column attempts: count, attempts put off
-- column suspended: count, one earlier failure repeated for another message; no attempt was made
-- column domains: count, domains of the other side that met it (recipients' outbound, senders' inbound)
-- column first_seen: time, first met in the period
-- column last_seen: time, last met in the period
-- key: direction, cause, detail, provider
-- compare: attempts; suspended, domains
-- metrics: asked
WITH grouped AS (
    SELECT s.kind, p.k1 AS provider, sum(bag_sum(p.part, 1, 2)) AS attempts,
           sum(bag_sum(p.part, 2, 2)) AS suspended,
           bag_count(p.part, 4, 2) AS domains,
           min(max(coalesce(s.first_seen, 0), bag_first(p.part, 2)))
               AS first_seen,
           max(min(coalesce(s.last_seen, 1 << 62), bag_last(p.part, 2) + 3599))
               AS last_seen
      FROM temp.period_reply AS s
     CROSS JOIN reply AS r ON r.id = s.reply
     CROSS JOIN temp.period_failure_bags AS c ON c.reply = s.reply
     CROSS JOIN bag_parts(c.bag) AS p
     WHERE r.reply_code BETWEEN 400 AND 499
        OR (r.reply_code = 0 AND r.logged_code LIKE '4%')
     GROUP BY s.kind, p.k1
    HAVING attempts > 0 OR suspended > 0
)
SELECT k.direction, k.cause, k.detail, p.name AS provider, g.attempts,
       g.suspended, g.domains, g.first_seen, g.last_seen
  FROM grouped AS g
  JOIN temp.period_kind AS k ON k.kind = g.kind
  JOIN provider AS p ON p.id = g.provider
 ORDER BY k.direction DESC, g.attempts DESC, k.cause, k.detail, p.name;
