-- SPDX-License-Identifier: MIT
-- title: Format drift
-- about: Lines of a known mail server that no pattern claims, by program and template. Not limited to the period.
-- chart: none
-- limit: 40
-- column mta: text, the pattern pack that knows the program
-- column program: text, part of the mail server that wrote the line
-- column lines: count, how many
-- column sources: count, logs that hold such lines
-- column template: text, the line, variable parts masked
-- column example: line, one of the lines
SELECT mta, program, sum(lines) AS lines, count(*) AS sources, template,
       min(example) AS example
  FROM unknown_line
 GROUP BY mta, program, template
 ORDER BY lines DESC, mta, program, template;
