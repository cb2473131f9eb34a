-- SPDX-License-Identifier: MIT
-- title: Failures over time
-- about: Failed attempts by hour or day (days from a period of two weeks on) and cause, UTC.
-- chart: stacked attempts
-- limit: 4000
-- column direction: text, outbound or inbound
-- column time: time, beginning of the hour or day
-- column cause: text, what an administrator acts on
-- column attempts: count, failed attempts
WITH counted AS (
    SELECT hour / :step * :step AS time, reply, sum(attempts) AS attempts
      FROM counted_failure
     WHERE hour >= :since AND hour < :until
       AND (:direction IS NULL OR direction = :direction)
       AND (:domain IS NULL OR recipient_domain =
            (SELECT id FROM domain WHERE name = :domain))
     GROUP BY 1, 2
)
SELECT r.direction, c.time, r.cause, sum(c.attempts) AS attempts
  FROM counted AS c
  JOIN reply AS r ON r.id = c.reply
 WHERE c.attempts > 0
 GROUP BY r.direction, c.time, r.cause
 ORDER BY r.direction DESC, c.time, r.cause;
