-- SPDX-License-Identifier: MIT
-- title: Senders by cause
-- about: Failed attempts by the domain of the envelope sender and cause.
-- chart: none
-- limit: 800
-- column direction: text, outbound or inbound
-- column domain: text, domain of the envelope sender; empty: null sender (bounces), ?: not known; --domain is this one
-- column cause: text, what an administrator acts on
-- column detail: text, what exactly happened
-- column attempts: count, failed attempts
-- key: direction, domain, cause, detail
-- compare: attempts
SELECT k.direction, d.name AS domain, k.cause, k.detail,
       sum(c.attempts) AS attempts
  FROM temp.period_kind AS k
  JOIN temp.period_reply AS s ON s.kind = k.kind
  JOIN temp.period_failed_sender AS c ON c.reply = s.reply
  JOIN domain AS d ON d.id = c.domain
 WHERE c.attempts > 0
 GROUP BY k.kind, c.domain
 ORDER BY k.direction DESC, sum(c.attempts) DESC, d.name, k.cause, k.detail;
