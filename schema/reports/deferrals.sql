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
    SELECT s.kind, c.provider, sum(c.attempts) AS attempts, sum(c.suspended) AS suspended,
           count_ids(c.other) AS domains,
           min(max(coalesce(s.first_seen, 0), c.first_hour)) AS first_seen,
           max(min(coalesce(s.last_seen, 1 << 62), c.last_hour + 3599))
               AS last_seen
      FROM temp.period_reply AS s
     CROSS JOIN reply AS r ON r.id = s.reply
     CROSS JOIN temp.period_failure AS c ON c.reply = s.reply
     WHERE (r.reply_code BETWEEN 400 AND 499
        OR (r.reply_code = 0 AND r.logged_code LIKE '4%'))
       AND (c.attempts > 0 OR c.suspended > 0)
     GROUP BY s.kind, c.provider
)
SELECT k.direction, k.cause, k.detail, p.name AS provider, g.attempts,
       g.suspended, g.domains, g.first_seen, g.last_seen
  FROM grouped AS g
  JOIN temp.period_kind AS k ON k.kind = g.kind
  JOIN provider AS p ON p.id = g.provider
 ORDER BY k.direction DESC, g.attempts DESC, k.cause, k.detail, p.name;
