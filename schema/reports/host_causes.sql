-- SPDX-License-Identifier: MIT
-- title: Hosts by cause and provider
-- about: Failed attempts by the server of ours that logged them, mailbox provider and cause.
-- chart: none
-- limit: 1500
-- column direction: text, outbound or inbound
-- column host: text, server that wrote the log
-- column provider: text, mailbox provider of the other side; empty if not known
-- column cause: text, what an administrator acts on
-- column detail: text, what exactly happened
-- column attempts: count, failed attempts
-- key: direction, host, provider, cause, detail
-- compare: attempts
SELECT k.direction, h.name AS host, p.name AS provider, k.cause, k.detail,
       sum(c.attempts) AS attempts
  FROM temp.period_count AS c
  JOIN temp.period_reply AS s ON s.reply = c.reply
  JOIN temp.period_kind AS k ON k.kind = s.kind
  JOIN host AS h ON h.id = c.host
  JOIN provider AS p ON p.id = c.provider
 WHERE c.attempts > 0
 GROUP BY k.kind, c.host, c.provider
 ORDER BY k.direction DESC, sum(c.attempts) DESC, h.name, p.name, k.cause,
          k.detail;
