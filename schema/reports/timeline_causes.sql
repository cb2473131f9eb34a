-- SPDX-License-Identifier: MIT
-- title: Failures over time
-- about: Failed attempts by hour or day (days from a period of two weeks on) and cause, UTC.
-- chart: stacked attempts
-- limit: 4000
-- column direction: text, outbound or inbound
-- column time: time, beginning of the hour or day
-- column cause: text, what an administrator acts on
-- column attempts: count, failed attempts
-- key: direction, time, cause
WITH counted AS (
    SELECT c.time, k.direction, k.cause, sum(e.v1) AS attempts
      FROM temp.period_failed_time_bags AS c
     CROSS JOIN bag_each(bag_map(c.bag, 1, (SELECT bag(1, 0, reply, kind)
                                              FROM temp.period_reply))) AS e
      JOIN temp.period_kind AS k ON k.kind = e.k1
     GROUP BY k.direction, c.time, k.cause
)
SELECT direction, time, cause, attempts
  FROM counted
 ORDER BY direction DESC, time, cause;
