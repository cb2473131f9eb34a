-- SPDX-License-Identifier: MIT
-- title: Reply codes
-- about: Failed attempts by reply code and enhanced status code.
-- chart: none
-- limit: 40
-- column direction: text, outbound or inbound
-- column reply_code: code, RFC 5321 reply code; empty if no reply came
-- column enhanced_code: code, RFC 3463 status code, the remote's own, else the MTA's
-- column attempts: count, failed attempts
-- column top_cause: text, most frequent cause.detail
-- column meaning: text, what the codes mean
-- key: direction, reply_code, enhanced_code
-- compare: attempts
-- metrics: asked
WITH counted AS (
    SELECT reply, bag_sum(bag, 1, 1) AS attempts
      FROM temp.period_failure_bags
), caused AS (
    SELECT k.direction, nullif(r.reply_code, 0) AS reply_code,
           CASE r.enhanced_code WHEN '' THEN r.logged_code
                                ELSE r.enhanced_code END AS enhanced_code,
           k.name AS cause, sum(c.attempts) AS attempts
      FROM counted AS c
      JOIN reply AS r ON r.id = c.reply
      JOIN temp.period_reply AS s ON s.reply = c.reply
      JOIN temp.period_kind AS k ON k.kind = s.kind
     WHERE c.attempts > 0
     GROUP BY 1, 2, 3, 4
), ranked AS (
    SELECT *, sum(attempts) OVER (PARTITION BY direction, reply_code,
                                  enhanced_code) AS total,
           row_number() OVER (PARTITION BY direction, reply_code, enhanced_code
                              ORDER BY attempts DESC, cause) AS place
      FROM caused
)
SELECT direction, reply_code, enhanced_code, total AS attempts,
       cause AS top_cause, meaning(reply_code, enhanced_code) AS meaning
  FROM ranked
 WHERE place = 1
 ORDER BY direction DESC, attempts DESC, reply_code, enhanced_code;
