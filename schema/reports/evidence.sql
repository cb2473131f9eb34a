-- SPDX-License-Identifier: MIT
-- title: Evidence
-- about: Log lines behind the causes, up to three for each reply and source, local parts masked.
-- chart: none
-- limit: 60
-- column direction: text, outbound or inbound
-- column cause: text, what an administrator acts on
-- column detail: text, what exactly happened
-- column rule: text, what decided the cause
-- column time: time, of the line
-- column line: line, as logged
SELECT DISTINCT r.direction, r.cause, r.detail, r.rule, e.time, e.line
  FROM source AS s
 CROSS JOIN sample AS e ON e.source = s.id
  JOIN reply AS r ON r.id = e.reply
 WHERE e.time >= :since AND e.time < :until
   AND EXISTS (SELECT 1 FROM hour_digest AS h WHERE h.source = s.id
                  AND h.hour >= :since - 86399 AND h.hour < :until)
   AND (:direction IS NULL OR r.direction = :direction)
 ORDER BY r.direction DESC, r.cause, r.detail, r.rule, e.time, e.line;
