-- SPDX-License-Identifier: MIT
--
-- The views: what people (and the named reports) query instead of the tables.
--
--   sqlite3 -header -column smtpscope.db 'SELECT * FROM replies LIMIT 20'
--
-- Common to all of them:
--   * Hours that another source holds too (duplicate_hour, equal = 1) are left
--     out, so nothing is counted twice.
--   * Counts moved by later knowledge of a message's sender (attribution) are
--     already applied.
--   * hour is the Unix second at which an hour begins, time the same as text
--     in UTC (2026-11-01T13:00:00Z).
--   * direction is 'outbound' (a remote refused our mail) or 'inbound' (we
--     refused somebody).  Never add the two.
--   * An attempt is one try that a log records, a recipient ends once
--     (delivered, bounced, expired), a message may have many recipients.
--
-- The views whose names begin with counted_ hold numbers of names instead of
-- names: the named reports group over them first and look names up last.

-- Failed attempts with ids.  attempts, suspended, other_hosts: attempts.
-- The first condition of each WHERE is evaluated once: a store without
-- duplicates pays nothing for the second.
DROP VIEW IF EXISTS counted_failure;
CREATE VIEW counted_failure AS
SELECT f.source, f.hour, f.direction, f.host, f.sender_domain,
       f.recipient_domain, f.provider, f.reply,
       f.attempts, f.suspended, f.other_hosts
  FROM source AS s CROSS JOIN failure AS f ON f.source = s.id
 WHERE NOT EXISTS (SELECT 1 FROM duplicate_hour WHERE equal = 1)
    OR NOT EXISTS (SELECT 1 FROM duplicate_hour AS d
                    WHERE d.source = f.source AND d.host = f.host
                      AND d.hour = f.hour AND d.equal = 1)
UNION ALL
SELECT a.source, a.hour, a.direction, a.host, a.sender_domain,
       a.recipient_domain, a.provider, a.reply,
       CAST(a.n * (a.disposition IN ('delivered', 'deferred', 'bounced',
                                     'rejected')) AS INTEGER),
       CAST(a.n * (a.disposition = 'suspended') AS INTEGER),
       CAST(a.n * (a.disposition = 'other_hosts') AS INTEGER)
  FROM source AS s CROSS JOIN attribution AS a ON a.source = s.id
 WHERE a.reply <> 0 AND (
       NOT EXISTS (SELECT 1 FROM duplicate_hour WHERE equal = 1)
    OR NOT EXISTS (SELECT 1 FROM duplicate_hour AS d
                    WHERE d.source = a.source AND d.host = a.host
                      AND d.hour = a.hour AND d.equal = 1));

-- Everything that ended, with ids, by the recipient's domain.  Outbound:
-- delivered, bounced, expired are recipients, deferred attempts.  Inbound:
-- accepted messages, rejected and deferred refusals.  suspended, other_hosts,
-- hops and probes belong to no rate.
DROP VIEW IF EXISTS counted_traffic;
CREATE VIEW counted_traffic AS
SELECT t.source, t.hour, t.direction, t.host, t.domain, t.provider,
       t.delivered, t.deferred, t.bounced, t.expired, t.rejected, t.accepted,
       t.discarded, t.held, t.suspended, t.other_hosts, t.hops, t.probes
  FROM source AS s CROSS JOIN traffic AS t ON t.source = s.id
 WHERE NOT EXISTS (SELECT 1 FROM duplicate_hour WHERE equal = 1)
    OR NOT EXISTS (SELECT 1 FROM duplicate_hour AS d
                    WHERE d.source = t.source AND d.host = t.host
                      AND d.hour = t.hour AND d.equal = 1)
UNION ALL
SELECT a.source, a.hour, a.direction, a.host, a.recipient_domain, a.provider,
       CAST(0 AS INTEGER), CAST(0 AS INTEGER), CAST(0 AS INTEGER),
       a.n, CAST(0 AS INTEGER), CAST(0 AS INTEGER),
       CAST(0 AS INTEGER), CAST(0 AS INTEGER), CAST(0 AS INTEGER),
       CAST(0 AS INTEGER), CAST(0 AS INTEGER), CAST(0 AS INTEGER)
  FROM source AS s CROSS JOIN attribution AS a ON a.source = s.id
 WHERE a.disposition = 'expired' AND (
       NOT EXISTS (SELECT 1 FROM duplicate_hour WHERE equal = 1)
    OR NOT EXISTS (SELECT 1 FROM duplicate_hour AS d
                    WHERE d.source = a.source AND d.host = a.host
                      AND d.hour = a.hour AND d.equal = 1));

-- The same by the sender's domain ('': null sender, '?': not known).
DROP VIEW IF EXISTS counted_sender;
CREATE VIEW counted_sender AS
SELECT t.source, t.hour, t.direction, t.host, t.domain,
       t.delivered, t.deferred, t.bounced, t.expired, t.rejected, t.accepted
  FROM source AS s CROSS JOIN sender_traffic AS t ON t.source = s.id
 WHERE NOT EXISTS (SELECT 1 FROM duplicate_hour WHERE equal = 1)
    OR NOT EXISTS (SELECT 1 FROM duplicate_hour AS d
                    WHERE d.source = t.source AND d.host = t.host
                      AND d.hour = t.hour AND d.equal = 1)
UNION ALL
SELECT a.source, a.hour, a.direction, a.host, a.sender_domain,
       CAST(a.n * (a.disposition = 'delivered') AS INTEGER),
       CAST(a.n * (a.disposition = 'deferred') AS INTEGER),
       CAST(a.n * (a.disposition = 'bounced') AS INTEGER),
       CAST(a.n * (a.disposition = 'expired') AS INTEGER),
       CAST(a.n * (a.disposition = 'rejected') AS INTEGER),
       CAST(a.n * (a.disposition = 'accepted') AS INTEGER)
  FROM source AS s CROSS JOIN attribution AS a ON a.source = s.id
 WHERE NOT EXISTS (SELECT 1 FROM duplicate_hour WHERE equal = 1)
    OR NOT EXISTS (SELECT 1 FROM duplicate_hour AS d
                    WHERE d.source = a.source AND d.host = a.host
                      AND d.hour = a.hour AND d.equal = 1);

-- failures: failed attempts by what was answered, one row for each source,
-- hour, host, sender domain, recipient domain, provider and reply.
--   host            the server of ours that logged it
--   sender_domain   '' null sender, '?' not known
--   provider        mailbox provider of the other side, '' if not known
--   reply           id in the view replies
--   enhanced_code   the remote's own, else the MTA's
--   attempts        attempts that failed
--   suspended       one earlier failure repeated for another message; no
--                   attempt was made
--   other_hosts     tries at hosts that were not the last choice
DROP VIEW IF EXISTS failures;
CREATE VIEW failures AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', f.hour, 'unixepoch') AS time,
       f.hour, f.direction, h.name AS host, sd.name AS sender_domain,
       rd.name AS recipient_domain, p.name AS provider, f.reply,
       r.stage, nullif(r.reply_code, 0) AS reply_code,
       CASE r.enhanced_code WHEN '' THEN r.logged_code
                            ELSE r.enhanced_code END AS enhanced_code,
       r.cause, r.detail, r.rule, r.dnsbl, r.template,
       f.attempts, f.suspended, f.other_hosts, f.source
  FROM counted_failure AS f
  JOIN host AS h ON h.id = f.host
  JOIN domain AS sd ON sd.id = f.sender_domain
  JOIN domain AS rd ON rd.id = f.recipient_domain
  JOIN provider AS p ON p.id = f.provider
  JOIN reply AS r ON r.id = f.reply;

-- deliveries: everything that ended (and what was put off), one row for each
-- source, hour, host, recipient domain and provider.
--   delivered, bounced, expired   recipients (outbound)
--   deferred                      attempts put off (both directions)
--   accepted                      messages taken in (inbound)
--   rejected                      refusals for good (inbound)
--   discarded, held               thrown away or held by our own rules
--   suspended, other_hosts, hops, probes   in no rate: repeated failures,
--                   tries at other hosts, hand-overs to a local filter,
--                   address probes
-- Failure rate, outbound: (bounced + expired) / (delivered + bounced +
-- expired); inbound: rejected / (accepted + rejected).
DROP VIEW IF EXISTS deliveries;
CREATE VIEW deliveries AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', t.hour, 'unixepoch') AS time,
       t.hour, t.direction, h.name AS host, d.name AS recipient_domain,
       p.name AS provider, t.delivered, t.deferred, t.bounced, t.expired,
       t.rejected, t.accepted, t.discarded, t.held, t.suspended,
       t.other_hosts, t.hops, t.probes, t.source
  FROM counted_traffic AS t
  JOIN host AS h ON h.id = t.host
  JOIN domain AS d ON d.id = t.domain
  JOIN provider AS p ON p.id = t.provider;

-- senders_traffic: the same numbers by the sender's domain.
--   sender_domain   '' null sender (bounces), '?' not known
DROP VIEW IF EXISTS senders_traffic;
CREATE VIEW senders_traffic AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', t.hour, 'unixepoch') AS time,
       t.hour, t.direction, h.name AS host, d.name AS sender_domain,
       t.delivered, t.deferred, t.bounced, t.expired, t.rejected, t.accepted,
       t.source
  FROM counted_sender AS t
  JOIN host AS h ON h.id = t.host
  JOIN domain AS d ON d.id = t.domain;

-- replies: each kind of reply (or failure without a reply) once.
--   stage          SMTP command that was answered
--   reply_code     NULL if no reply came
--   enhanced_code  the remote's own; logged_code: the MTA's word
--   template       the text with its variable parts masked
--   rule           what decided cause and detail
--   attempts       failed attempts so answered
--   first_seen, last_seen   to the second, UTC
DROP VIEW IF EXISTS replies;
CREATE VIEW replies AS
WITH seen AS (
    SELECT reply, min(first_seen) AS first_seen, max(last_seen) AS last_seen
      FROM reply_seen GROUP BY reply
), counted AS (
    SELECT reply, sum(attempts) AS attempts FROM counted_failure GROUP BY reply
)
SELECT r.id AS reply, r.direction, r.stage,
       nullif(r.reply_code, 0) AS reply_code, r.enhanced_code, r.logged_code,
       r.cause, r.detail, r.rule, r.dnsbl, coalesce(c.attempts, 0) AS attempts,
       strftime('%Y-%m-%dT%H:%M:%SZ', s.first_seen, 'unixepoch') AS first_seen,
       strftime('%Y-%m-%dT%H:%M:%SZ', s.last_seen, 'unixepoch') AS last_seen,
       r.template
  FROM reply AS r
  LEFT JOIN seen AS s ON s.reply = r.id
  LEFT JOIN counted AS c ON c.reply = r.id;

-- Listings with ids, duplicates left out.
DROP VIEW IF EXISTS counted_listing;
CREATE VIEW counted_listing AS
SELECT l.source, l.hour, l.host, l.dnsbl, l.address, l.attempts,
       l.first_seen, l.last_seen
  FROM source AS s CROSS JOIN listing AS l ON l.source = s.id
 WHERE NOT EXISTS (SELECT 1 FROM duplicate_hour AS d
                    WHERE d.source = l.source AND d.host = l.host
                      AND d.hour = l.hour AND d.equal = 1);

-- listings: our addresses on block lists, as receivers told us (outbound).
--   dnsbl      zone of the list
--   address    our address, '' if the replies name none
--   attempts   failed attempts that named the list
DROP VIEW IF EXISTS listings;
CREATE VIEW listings AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', l.hour, 'unixepoch') AS time,
       l.hour, h.name AS host, l.dnsbl, l.address, l.attempts,
       strftime('%Y-%m-%dT%H:%M:%SZ', l.first_seen, 'unixepoch') AS first_seen,
       strftime('%Y-%m-%dT%H:%M:%SZ', l.last_seen, 'unixepoch') AS last_seen,
       l.source
  FROM counted_listing AS l
  JOIN host AS h ON h.id = l.host;

-- Delivery times with ids, duplicates left out.
DROP VIEW IF EXISTS counted_latency;
CREATE VIEW counted_latency AS
SELECT l.source, l.hour, l.host, l.provider, l.bucket, l.deliveries
  FROM source AS s CROSS JOIN latency AS l ON l.source = s.id
 WHERE NOT EXISTS (SELECT 1 FROM duplicate_hour WHERE equal = 1)
    OR NOT EXISTS (SELECT 1 FROM duplicate_hour AS d
                    WHERE d.source = l.source AND d.host = l.host
                      AND d.hour = l.hour AND d.equal = 1);

-- latencies: how long deliveries took, as a histogram.
--   from_ms, below_ms   bounds of the class in milliseconds
--   deliveries          recipients delivered in that time
DROP VIEW IF EXISTS latencies;
CREATE VIEW latencies AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', l.hour, 'unixepoch') AS time,
       l.hour, h.name AS host, p.name AS provider,
       CASE l.bucket WHEN 0 THEN 0.0
            ELSE (1 << (l.bucket / 2))
                 * CASE l.bucket % 2 WHEN 0 THEN 1.0
                                     ELSE 1.4142135623730951 END
       END AS from_ms,
       (1 << ((l.bucket + 1) / 2))
       * CASE l.bucket % 2 WHEN 1 THEN 1.0
                           ELSE 1.4142135623730951 END AS below_ms,
       l.deliveries, l.source
  FROM counted_latency AS l
  JOIN host AS h ON h.id = l.host
  JOIN provider AS p ON p.id = l.provider;

-- evidence: up to three log lines for each reply and source.
--   time   of the line, UTC; line: as logged, local parts masked
DROP VIEW IF EXISTS evidence;
CREATE VIEW evidence AS
SELECT r.direction, r.cause, r.detail, r.rule,
       nullif(r.reply_code, 0) AS reply_code,
       CASE r.enhanced_code WHEN '' THEN r.logged_code
                            ELSE r.enhanced_code END AS enhanced_code,
       strftime('%Y-%m-%dT%H:%M:%SZ', e.time, 'unixepoch') AS time,
       e.line, e.reply, e.source
  FROM sample AS e
  JOIN reply AS r ON r.id = e.reply;

-- sources: every log stream in the store and what its lines were.
--   bytes       uncompressed bytes read; bytes_skipped: in overlong lines
--   lines       all lines; event: told of mail; ignored: known, no outcome;
--               unknown: of a known MTA, but no pattern knows them; other:
--               not of a mail program; malformed: no log line at all;
--               overlong: beyond the length limit
--   overflow    facts counted under "(other)" because a limit was reached
--   hours, hours_left_out, hours_suspected   hours with mail; those that
--               another source holds too and that do not count; those that
--               overlap with another source without being equal (counted)
--   damage      where and why decoding failed, NULL if it did not
DROP VIEW IF EXISTS sources;
CREATE VIEW sources AS
WITH counted AS (
    SELECT coalesce(o.of, o.id) AS source, sum(lines) AS lines,
           sum(lines * (class = 'event')) AS event,
           sum(lines * (class = 'ignored')) AS ignored,
           sum(lines * (class = 'unknown')) AS unknown,
           sum(lines * (class = 'foreign')) AS other,
           sum(lines * (class = 'malformed')) AS malformed,
           sum(lines * (class = 'overlong')) AS overlong
      FROM line_count AS l JOIN source AS o ON o.id = l.source GROUP BY 1
), met AS (
    SELECT source, count(*) AS hours FROM hour_digest GROUP BY source
), twice AS (
    SELECT source, sum(equal = 1) AS left_out, sum(equal = 0) AS suspected
      FROM duplicate_hour GROUP BY source
)
SELECT s.id AS source, s.name, s.container, s.consumed AS bytes,
       s.bytes_skipped, coalesce(c.lines, 0) AS lines,
       coalesce(c.event, 0) AS event, coalesce(c.ignored, 0) AS ignored,
       coalesce(c.unknown, 0) AS unknown, coalesce(c.other, 0) AS other,
       coalesce(c.malformed, 0) AS malformed,
       coalesce(c.overlong, 0) AS overlong, s.overflow,
       coalesce(m.hours, 0) AS hours,
       coalesce(t.left_out, 0) AS hours_left_out,
       coalesce(t.suspected, 0) AS hours_suspected,
       strftime('%Y-%m-%dT%H:%M:%SZ', s.last_stamp / 1000000, 'unixepoch')
           AS last_line,
       CASE WHEN s.damaged_at IS NOT NULL
            THEN 'at byte ' || s.damaged_at || ': '
                 || coalesce(s.damage, 'unreadable') END AS damage
  FROM source AS s
  LEFT JOIN counted AS c ON c.source = s.id
  LEFT JOIN met AS m ON m.source = s.id
  LEFT JOIN twice AS t ON t.source = s.id
 WHERE s.of IS NULL;

-- unknown_lines: format drift, lines of a known MTA that no pattern claims.
--   lines     how many; example: one of them, local parts masked
DROP VIEW IF EXISTS unknown_lines;
CREATE VIEW unknown_lines AS
SELECT u.mta, u.program, u.template, u.lines, u.example, s.name AS source_name,
       u.source
  FROM unknown_line AS u
  JOIN source AS s ON s.id = u.source;
