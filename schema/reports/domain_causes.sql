-- SPDX-License-Identifier: MIT
-- title: Domains by cause
-- about: Failed attempts by recipient domain, mailbox provider and cause.
-- chart: none
-- limit: 1500
-- column direction: text, outbound or inbound
-- column domain: text, domain of the recipient
-- column provider: text, mailbox provider of the recipient; empty if not known, and inbound
-- column cause: text, what an administrator acts on
-- column detail: text, what exactly happened
-- column attempts: count, failed attempts
-- key: direction, domain, provider, cause, detail
-- compare: attempts
WITH counted AS (
    SELECT c.other AS domain, c.provider, s.kind, sum(c.attempts) AS attempts
      FROM temp.period_kind AS k
      JOIN temp.period_reply AS s ON s.kind = k.kind
      JOIN temp.period_failure AS c ON c.reply = s.reply
     WHERE k.direction = 'outbound' AND c.attempts > 0
     GROUP BY c.other, c.provider, s.kind
    UNION ALL
    SELECT c.domain, NULL, s.kind, sum(c.attempts)
      FROM temp.period_kind AS k
      JOIN temp.period_reply AS s ON s.kind = k.kind
      JOIN temp.period_failed_recipient AS c ON c.reply = s.reply
     WHERE k.direction = 'inbound' AND c.attempts > 0
     GROUP BY c.domain, s.kind
)
SELECT k.direction, d.name AS domain, p.name AS provider, k.cause, k.detail,
       c.attempts
  FROM counted AS c
  JOIN temp.period_kind AS k ON k.kind = c.kind
  JOIN domain AS d ON d.id = c.domain
  LEFT JOIN provider AS p ON p.id = c.provider
 ORDER BY k.direction DESC, c.attempts DESC, d.name, p.name, k.cause, k.detail;
