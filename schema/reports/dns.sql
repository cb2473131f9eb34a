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
-- key: direction, detail, domain
-- compare: attempts; hosts
-- metrics: asked
WITH grouped AS (
    SELECT s.kind, c.other, sum(c.attempts) AS attempts, count(DISTINCT c.host) AS hosts,
           min(max(coalesce(s.first_seen, 0), c.first_hour)) AS first_seen,
           max(min(coalesce(s.last_seen, 1 << 62), c.last_hour + 3599))
               AS last_seen
      FROM temp.period_reply AS s
     CROSS JOIN temp.period_failure AS c ON c.reply = s.reply
     WHERE s.kind IN (SELECT kind FROM temp.period_kind WHERE cause = 'dns')
       AND c.attempts > 0
     GROUP BY s.kind, c.other
)
SELECT k.direction, k.detail, d.name AS domain, g.attempts, g.hosts,
       side('dns', k.detail) AS side, g.first_seen, g.last_seen
  FROM grouped AS g
  JOIN temp.period_kind AS k ON k.kind = g.kind
  JOIN domain AS d ON d.id = g.other
 ORDER BY k.direction DESC, g.attempts DESC, k.detail, d.name;
