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
WITH counted AS (
    SELECT reply, provider,
           CASE direction WHEN 'inbound' THEN sender_domain
                          ELSE recipient_domain END AS other,
           sum(attempts) AS attempts, sum(suspended) AS suspended,
           min(hour) AS first_hour, max(hour) AS last_hour
      FROM counted_failure
     WHERE hour >= :since AND hour < :until
       AND (:direction IS NULL OR direction = :direction)
       AND (:domain IS NULL OR recipient_domain =
            (SELECT id FROM domain WHERE name = :domain))
       AND reply IN (SELECT id FROM reply
                      WHERE reply_code BETWEEN 400 AND 499
                         OR (reply_code = 0 AND logged_code LIKE '4%'))
     GROUP BY 1, 2, 3
), seen AS (
    SELECT reply, min(first_seen) AS first_seen, max(last_seen) AS last_seen
      FROM reply_seen GROUP BY reply
), grouped AS (
    SELECT r.direction, r.cause, r.detail, c.provider,
           sum(c.attempts) AS attempts, sum(c.suspended) AS suspended,
           count(DISTINCT c.other) AS domains,
           min(max(coalesce(s.first_seen, 0), c.first_hour)) AS first_seen,
           max(min(coalesce(s.last_seen, 1 << 62), c.last_hour + 3599))
               AS last_seen
      FROM counted AS c
      JOIN reply AS r ON r.id = c.reply
      LEFT JOIN seen AS s ON s.reply = c.reply
     WHERE c.attempts > 0 OR c.suspended > 0
     GROUP BY r.direction, r.cause, r.detail, c.provider
)
SELECT g.direction, g.cause, g.detail, p.name AS provider, g.attempts,
       g.suspended, g.domains, g.first_seen, g.last_seen
  FROM grouped AS g
  JOIN provider AS p ON p.id = g.provider
 ORDER BY g.direction DESC, g.attempts DESC, g.cause, g.detail, p.name;
