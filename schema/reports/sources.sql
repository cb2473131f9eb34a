-- SPDX-License-Identifier: MIT
-- title: Sources
-- about: Every log that was read, and what its lines were; damaged ones first. Not limited to the period.
-- chart: none
-- limit: 60
-- column name: line, path it was last read under
-- column container: text, how it is compressed
-- column bytes: bytes, uncompressed, read so far
-- column lines: count, all its lines
-- column event: count, lines that told of mail
-- column ignored: count, lines of a mail server that tell no outcome
-- column unknown: count, lines of a known mail server that no pattern knows
-- column other: count, lines of other programs
-- column malformed: count, lines that are no log lines
-- column overlong: count, lines beyond the length limit
-- column bytes_skipped: bytes, in those
-- column overflow: count, facts counted under (other) because a limit was reached
-- column hours: count, hours of a host with mail
-- column hours_left_out: count, hours that another source holds too and that do not count
-- column hours_suspected: count, hours that overlap with another source without being equal; counted
-- column last_line: time, of its last line
-- column damage: line, where and why reading failed
SELECT name, container, bytes, lines, event, ignored, unknown, other,
       malformed, overlong, bytes_skipped, overflow, hours, hours_left_out,
       hours_suspected, CAST(strftime('%s', last_line) AS INTEGER) AS last_line,
       damage
  FROM sources
 ORDER BY damage IS NULL, name, source;
