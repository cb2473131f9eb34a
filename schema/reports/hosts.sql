-- SPDX-License-Identifier: MIT
-- title: Our hosts
-- about: What became of mail by the server of ours that logged it.
-- chart: none
-- limit: 40
-- column direction: text, outbound or inbound
-- column host: text, server that wrote the log
-- column delivered: count, recipients delivered (outbound), messages accepted (inbound)
-- column deferred: count, attempts put off for now
-- column bounced: count, recipients refused for good (outbound)
-- column expired: count, recipients given up after the queue lifetime (outbound)
-- column rejected: count, refusals for good (inbound)
-- column failure_rate: share, (bounced + expired) / (delivered + bounced + expired); inbound rejected / (accepted + rejected)
-- column top_cause: text, most frequent cause.detail of its failed attempts
WITH ended AS (
    SELECT direction, host AS id, sum(delivered + accepted) AS delivered,
           sum(deferred) AS deferred, sum(bounced) AS bounced,
           sum(expired) AS expired, sum(rejected) AS rejected
      FROM counted_traffic
     WHERE hour >= :since AND hour < :until
       AND (:direction IS NULL OR direction = :direction)
       AND (:domain IS NULL OR domain =
            (SELECT id FROM domain WHERE name = :domain))
     GROUP BY direction, host
), counted AS (
    SELECT host AS id, reply, sum(attempts) AS attempts
      FROM counted_failure
     WHERE hour >= :since AND hour < :until
       AND (:direction IS NULL OR direction = :direction)
       AND (:domain IS NULL OR recipient_domain =
            (SELECT id FROM domain WHERE name = :domain))
     GROUP BY host, reply
), caused AS (
    SELECT r.direction, c.id, r.cause || '.' || r.detail AS cause,
           sum(c.attempts) AS attempts
      FROM counted AS c
      JOIN reply AS r ON r.id = c.reply
     WHERE c.attempts > 0
     GROUP BY 1, 2, 3
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY direction, id
                                 ORDER BY attempts DESC, cause) AS place
      FROM caused
)
SELECT e.direction, n.name AS host, e.delivered, e.deferred, e.bounced,
       e.expired, e.rejected,
       CASE e.direction
       WHEN 'inbound' THEN 1.0 * rejected / nullif(delivered + rejected, 0)
       ELSE 1.0 * (bounced + expired) / nullif(delivered + bounced + expired, 0)
       END AS failure_rate,
       k.cause AS top_cause
  FROM ended AS e
  JOIN host AS n ON n.id = e.id
  LEFT JOIN ranked AS k
         ON k.direction = e.direction AND k.id = e.id AND k.place = 1
 WHERE e.delivered + e.deferred + e.bounced + e.expired + e.rejected > 0
 ORDER BY e.direction DESC, e.bounced + e.expired + e.rejected DESC,
          e.deferred DESC, e.delivered DESC, n.name;
