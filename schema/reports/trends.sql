-- SPDX-License-Identifier: MIT
-- title: The last week against the week before
-- about: The last seven days of the period beside the seven days before them: all mail, each cause, each mailbox provider (outbound). Worst change first.
-- chart: none
-- limit: 40
-- column direction: text, outbound or inbound
-- column name: text, cause.detail or the provider; empty: all of them, or a provider not known
-- column failed: count, in the last week: recipients bounced or expired (outbound), refusals (inbound); for causes failed attempts
-- column failed_before: count, the same in the week before
-- column change: count, failed less failed_before
-- column rate: share, failure rate of the last week; for causes their part of all deliveries and failed attempts
-- column rate_before: share, the same in the week before
-- column scope: text, what the name is of: total, cause or provider
-- key: direction, scope, name
WITH bound AS (
    -- a last day that has hardly begun does not count as one of the seven
    SELECT max(time) - CASE WHEN max(last_hour) - max(time) < 43200
                            THEN 7 ELSE 6 END * 86400 AS week,
           min(time) AS oldest
      FROM temp.period_total
), parts AS (
    SELECT 'now' AS part, week AS since, 1 << 62 AS until FROM bound
    UNION ALL
    SELECT 'then', week - 7 * 86400, week FROM bound WHERE oldest < week
), ended AS (
    SELECT t.direction, t.provider, p.part,
           sum(t.delivered + t.accepted) AS good,
           sum(t.bounced + t.expired + t.rejected) AS failed
      FROM parts AS p
      JOIN temp.period_total AS t ON t.time >= p.since AND t.time < p.until
     GROUP BY t.direction, t.provider, p.part
), tried AS (
    SELECT k.direction, k.name, p.part, sum(c.attempts) AS failed
      FROM parts AS p
      JOIN temp.period_failed_time AS c
        ON c.time >= p.since AND c.time < p.until
      JOIN temp.period_reply AS s ON s.reply = c.reply
      JOIN temp.period_kind AS k ON k.kind = s.kind
     GROUP BY k.kind, p.part
), mail AS (
    SELECT direction, part, sum(good) AS good, sum(failed) AS failed
      FROM ended GROUP BY direction, part
), tries AS (
    SELECT direction, part, sum(failed) AS failed
      FROM tried GROUP BY direction, part
), facts AS (
    SELECT direction, 'total' AS scope, '' AS name, part, failed,
           1.0 * failed / nullif(good + failed, 0) AS rate
      FROM mail
    UNION ALL
    SELECT e.direction, 'provider', p.name, e.part, e.failed,
           1.0 * e.failed / nullif(e.good + e.failed, 0)
      FROM ended AS e JOIN provider AS p ON p.id = e.provider
     WHERE e.direction = 'outbound'
    UNION ALL
    SELECT c.direction, 'cause', c.name, c.part, c.failed,
           1.0 * c.failed / nullif(m.good + t.failed, 0)
      FROM tried AS c
      JOIN mail AS m USING (direction, part)
      JOIN tries AS t USING (direction, part)
)
SELECT direction, name,
       coalesce(sum(failed) FILTER (WHERE part = 'now'), 0) AS failed,
       coalesce(sum(failed) FILTER (WHERE part = 'then'), 0) AS failed_before,
       coalesce(sum(failed) FILTER (WHERE part = 'now'), 0)
       - coalesce(sum(failed) FILTER (WHERE part = 'then'), 0) AS change,
       sum(rate) FILTER (WHERE part = 'now') AS rate,
       sum(rate) FILTER (WHERE part = 'then') AS rate_before, scope
  FROM facts
 WHERE EXISTS (SELECT 1 FROM parts WHERE part = 'then')
 GROUP BY direction, scope, name
HAVING sum(failed) > 0
 ORDER BY direction DESC, scope = 'total' DESC, change DESC, scope, name;
