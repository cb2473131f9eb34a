-- SPDX-License-Identifier: MIT
-- title: All logs
-- about: How many logs were read, and what their lines were. Not limited to the period.
-- chart: none
-- limit: 1
-- column logs: count, logs read
-- column damaged: count, logs that could not be read to their end
-- column bytes: bytes, uncompressed, read so far
-- column lines: count, all lines
-- column event: count, lines that told of mail
-- column ignored: count, lines of a mail server that tell no outcome
-- column unknown: count, lines of a known mail server that no pattern knows
-- column other: count, lines of other programs
-- column malformed: count, lines that are no log lines
-- column overlong: count, lines beyond the length limit
-- column overflow: count, facts counted under (other) because a limit was reached
-- column last_line: time, of the latest line
-- metrics: usual
SELECT count(*) AS logs, coalesce(sum(damage IS NOT NULL), 0) AS damaged,
       coalesce(sum(bytes), 0) AS bytes, coalesce(sum(lines), 0) AS lines,
       coalesce(sum(event), 0) AS event, coalesce(sum(ignored), 0) AS ignored,
       coalesce(sum(unknown), 0) AS unknown, coalesce(sum(other), 0) AS other,
       coalesce(sum(malformed), 0) AS malformed,
       coalesce(sum(overlong), 0) AS overlong,
       coalesce(sum(overflow), 0) AS overflow,
       CAST(strftime('%s', max(last_line)) AS INTEGER) AS last_line
  FROM sources;
