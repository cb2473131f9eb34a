-- SPDX-License-Identifier: MIT
-- title: Sender domains
-- about: What became of mail by the domain of the envelope sender.
-- chart: none
-- limit: 40
-- column direction: text, outbound or inbound
-- column domain: text, domain of the envelope sender; empty: null sender (bounces), ?: not known; --domain is this one
-- column delivered: count, recipients delivered (outbound), messages accepted (inbound)
-- column deferred: count, attempts put off for now
-- column bounced: count, recipients refused for good (outbound)
-- column expired: count, recipients given up after the queue lifetime (outbound)
-- column rejected: count, refusals for good (inbound)
-- column failure_rate: share, (bounced + expired) / (delivered + bounced + expired); inbound rejected / (accepted + rejected)
-- column top_cause: text, most frequent cause.detail of its failed attempts
-- key: direction, domain
-- compare: bounced, rejected; delivered, deferred, expired, failure_rate
-- metrics: asked
WITH ended AS MATERIALIZED (
    SELECT direction, bag AS bag FROM temp.period_sender_bags
), shown AS MATERIALIZED (
    SELECT direction, bag_most(bag, :limit, 3, 4, 5) AS bag FROM ended
), top AS (
    SELECT k.direction, bag_top(c.bag, 1, s.kind) AS bag
      FROM temp.period_failed_sender_bags AS c
      JOIN temp.period_reply AS s ON s.reply = c.reply
      JOIN temp.period_kind AS k ON k.kind = s.kind
     GROUP BY k.direction
), merged AS (
    SELECT direction, id, sum(delivered) AS delivered,
           sum(deferred) AS deferred, sum(bounced) AS bounced,
           sum(expired) AS expired, sum(rejected) AS rejected,
           max(kind) AS kind
      FROM (SELECT s.direction, e.k1 AS id, e.v1 AS delivered,
                   e.v2 AS deferred, e.v3 AS bounced, e.v4 AS expired, e.v5 AS rejected,
                   NULL AS kind
              FROM shown AS s CROSS JOIN bag_each(s.bag) AS e
            UNION ALL
            SELECT t.direction, e.k1, 0, 0, 0, 0, 0, e.v1
              FROM top AS t JOIN shown AS s ON s.direction = t.direction
             CROSS JOIN bag_each(bag_among(t.bag, 1, s.bag)) AS e)
     GROUP BY direction, id
)
SELECT * FROM (
SELECT e.direction, n.name AS domain, e.delivered, e.deferred, e.bounced,
       e.expired, e.rejected,
       CASE e.direction
       WHEN 'inbound' THEN 1.0 * rejected / nullif(delivered + rejected, 0)
       ELSE 1.0 * (bounced + expired) / nullif(delivered + bounced + expired, 0)
       END AS failure_rate,
       k.name AS top_cause, NULL AS left_out
  FROM merged AS e
  JOIN domain AS n ON n.id = e.id
  LEFT JOIN temp.period_kind AS k ON k.kind = e.kind
 WHERE e.delivered + e.deferred + e.bounced + e.expired + e.rejected > 0
UNION ALL
SELECT direction, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       bag_size(bag, 5) - bag_size(bag_most(bag, :limit, 3, 4, 5), 5)
  FROM ended
 WHERE :limit IS NOT NULL
) ORDER BY direction DESC, bounced + expired + rejected DESC,
           deferred DESC, delivered DESC, domain;
