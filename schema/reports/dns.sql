-- SPDX-License-Identifier: MIT
-- title: DNS failures
-- about: Failed attempts that DNS caused, by the domain in question.
-- chart: none
-- limit: 40
-- column direction: text, outbound or inbound
-- column detail: text, what exactly happened
-- column domain: text, recipient's domain (outbound), sender's (inbound)
-- column attempts: count, failed attempts
-- column hosts: count, servers of ours that met it
-- column side: text, who has to act: us, them, addressee, both, nobody
-- column first_seen: time, first met in the period
-- column last_seen: time, last met in the period
WITH counted AS (
    SELECT reply, host,
           CASE direction WHEN 'inbound' THEN sender_domain
                          ELSE recipient_domain END AS other,
           sum(attempts) AS attempts,
           min(hour) AS first_hour, max(hour) AS last_hour
      FROM counted_failure
     WHERE hour >= :since AND hour < :until
       AND (:direction IS NULL OR direction = :direction)
       AND (:domain IS NULL OR recipient_domain =
            (SELECT id FROM domain WHERE name = :domain))
       AND reply IN (SELECT id FROM reply WHERE cause = 'dns')
     GROUP BY 1, 2, 3
), seen AS (
    SELECT reply, min(first_seen) AS first_seen, max(last_seen) AS last_seen
      FROM reply_seen GROUP BY reply
), grouped AS (
    SELECT r.direction, r.detail, c.other, sum(c.attempts) AS attempts,
           count(DISTINCT c.host) AS hosts,
           min(max(coalesce(s.first_seen, 0), c.first_hour)) AS first_seen,
           max(min(coalesce(s.last_seen, 1 << 62), c.last_hour + 3599))
               AS last_seen
      FROM counted AS c
      JOIN reply AS r ON r.id = c.reply
      LEFT JOIN seen AS s ON s.reply = c.reply
     WHERE c.attempts > 0
     GROUP BY r.direction, r.detail, c.other
)
SELECT g.direction, g.detail, d.name AS domain, g.attempts, g.hosts,
       side('dns', g.detail) AS side, g.first_seen, g.last_seen
  FROM grouped AS g
  JOIN domain AS d ON d.id = g.other
 ORDER BY g.direction DESC, g.attempts DESC, g.detail, d.name;
