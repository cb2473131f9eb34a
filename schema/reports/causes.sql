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
WITH counted AS (
    SELECT reply,
           CASE direction WHEN 'inbound' THEN sender_domain
                          ELSE recipient_domain END AS other,
           sum(attempts) AS attempts,
           min(hour) AS first_hour, max(hour) AS last_hour
      FROM counted_failure
     WHERE hour >= :since AND hour < :until
       AND (:direction IS NULL OR direction = :direction)
       AND (:domain IS NULL OR recipient_domain =
            (SELECT id FROM domain WHERE name = :domain))
     GROUP BY 1, 2
), seen AS (
    SELECT reply, min(first_seen) AS first_seen, max(last_seen) AS last_seen
      FROM reply_seen GROUP BY reply
), grouped AS (
    SELECT r.direction, r.cause, r.detail, sum(c.attempts) AS attempts,
           count(DISTINCT c.other) AS domains,
           min(max(coalesce(s.first_seen, 0), c.first_hour)) AS first_seen,
           max(min(coalesce(s.last_seen, 1 << 62), c.last_hour + 3599))
               AS last_seen
      FROM counted AS c
      JOIN reply AS r ON r.id = c.reply
      LEFT JOIN seen AS s ON s.reply = c.reply
     WHERE c.attempts > 0
     GROUP BY r.direction, r.cause, r.detail
)
SELECT direction, cause, detail, attempts,
       1.0 * attempts / sum(attempts) OVER (PARTITION BY direction) AS share,
       domains, first_seen, last_seen
  FROM grouped
 ORDER BY direction DESC, attempts DESC, cause, detail;
