-- SPDX-License-Identifier: MIT
-- title: Unclassified replies
-- about: Failed attempts whose reply no rule could name a cause for.
-- chart: none
-- limit: 40
-- column direction: text, outbound or inbound
-- column stage: text, SMTP command that was answered
-- column reply_code: code, RFC 5321 reply code; empty if no reply came
-- column enhanced_code: code, RFC 3463 status code, the remote's own, else the MTA's
-- column attempts: count, failed attempts so answered
-- column template: text, what was answered, variable parts masked
-- column rule: text, what was left to decide the cause
-- column example: line, one of the lines
-- column domains: count, domains of the other side that met it (recipients' outbound, senders' inbound)
-- column first_seen: time, first met in the period
-- column last_seen: time, last met in the period
-- key: direction, stage, reply_code, enhanced_code, template
-- compare: attempts; domains
WITH grouped AS (
    SELECT s.kind, s.reply, bag_sum(c.bag, 1, 1) AS attempts,
           bag_count(c.bag, 4, 1) AS domains,
           min(max(coalesce(s.first_seen, 0), bag_first(c.bag, 1)))
               AS first_seen,
           max(min(coalesce(s.last_seen, 1 << 62), bag_last(c.bag, 1) + 3599))
               AS last_seen
      FROM temp.period_reply AS s
     CROSS JOIN temp.period_failure_bags AS c ON c.reply = s.reply
     WHERE s.kind IN (SELECT kind FROM temp.period_kind WHERE cause = 'unknown')
     GROUP BY s.kind, s.reply
    HAVING attempts > 0
)
SELECT r.direction, r.stage, nullif(r.reply_code, 0) AS reply_code,
       CASE r.enhanced_code WHEN '' THEN r.logged_code
                            ELSE r.enhanced_code END AS enhanced_code,
       g.attempts, r.template, r.rule,
       (SELECT line FROM sample WHERE reply = r.id
         ORDER BY hash, line LIMIT 1) AS example,
       g.domains,
       g.first_seen, g.last_seen
  FROM grouped AS g
  JOIN reply AS r ON r.id = g.reply
 ORDER BY r.direction DESC, g.attempts DESC, r.template, reply_code, r.stage;
