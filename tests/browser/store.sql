-- SPDX-License-Identifier: MIT
--
-- A store for the browser tests, made by arithmetic.  The table flavour holds
-- one text that is put before every name and every line: '' for plain data, an
-- attack for hostile data; the table size, how many days up to the end of
-- November there are, and how many domains.

CREATE TEMP TABLE day AS
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n, size
                         WHERE i < days)
SELECT 29 - (days - i) % 30 AS i, 1764547200 - (1 + days - i) * 86400 + 36000
       AS hour
  FROM n, size;
CREATE TEMP TABLE place AS
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n, size
                         WHERE i < domains)
SELECT i FROM n;

INSERT INTO source (id, head_len, head_hash, heads, consumed, content_hash,
                    marks, damaged_at, damage, last_stamp, container, name)
SELECT 1, 1, x'00', x'', 123456789, x'00', x'', NULL, NULL,
       1764540000000000, 'gzip', t || '/var/log/mail.log.1.gz' FROM flavour
UNION ALL
SELECT 2, 1, x'01', x'', 2345678, x'01', x'', 4711,
       t || 'unexpected end of file', 1764540000000000, 'zstd',
       t || '/var/log/mail.log.2.zst' FROM flavour;

INSERT INTO host SELECT 1, t || 'mx1.example.net' FROM flavour;
INSERT INTO provider SELECT 1, '' UNION ALL SELECT 2, t || 'Google'
  FROM flavour UNION ALL SELECT 3, t || 'Microsoft' FROM flavour;
INSERT INTO domain SELECT i, t || 'domain' || i || '.example'
  FROM place, flavour;
INSERT INTO domain SELECT 1000, t || 'example.net' FROM flavour;

INSERT INTO hour_digest (source, host, hour, events, digest, first_time,
                         last_time)
SELECT 1, 1, hour, 4000, i, hour * 1000000, (hour + 3599) * 1000000 FROM day
UNION ALL
SELECT 2, 1, hour, 300, 99 - i, hour * 1000000, (hour + 3599) * 1000000
  FROM day;

INSERT INTO reply
SELECT 1, 'outbound', 'rcpt', 550, '5.1.1', '5.1.1', t || 'User unknown',
       'bad_address', 'unknown_user', 'generic.unknown-user', '' FROM flavour
UNION ALL
SELECT 2, 'outbound', 'mail', 550, '5.7.1', '5.7.1',
       t || 'blocked using zen.spamhaus.org', 'blacklisting', 'dnsbl',
       t || 'dnsbl.spamhaus', t || 'zen.spamhaus.org' FROM flavour
UNION ALL
SELECT 3, 'outbound', '', 0, '', '4.4.3', t || 'Host not found, try again',
       'dns', 'lookup_failure', 'local.dns', '' FROM flavour
UNION ALL
SELECT 4, 'outbound', 'rcpt', 550, '', '5.0.0', t || 'No', 'unknown',
       'unknown', 'none', '' FROM flavour
UNION ALL
SELECT 5, 'inbound', 'rcpt', 554, '5.7.1', '5.7.1', t || 'Relay denied',
       'server_config', 'relay_denied', 'postfix.relay', '' FROM flavour
UNION ALL
SELECT 6, 'outbound', 'rcpt', 550, '', '5.0.0', t || 'Odd', t || 'odd',
       t || 'odder', 'site.odd', '' FROM flavour;

INSERT INTO traffic (source, hour, direction, host, domain, provider,
                     delivered, deferred, bounced, expired)
SELECT 1, hour, 'outbound', 1, place.i, 1 + place.i % 3,
       100 + place.i, 3, 5 + place.i % 4, day.i % 7 = 0
  FROM day, place;
INSERT INTO traffic (source, hour, direction, host, domain, provider,
                     accepted, rejected)
SELECT 2, hour, 'inbound', 1, 1000, 1, 200, 40 + i FROM day;
INSERT INTO sender_traffic (source, hour, direction, host, domain, delivered,
                            deferred, bounced)
SELECT 1, hour, 'outbound', 1, 1000, 3000, 90, 150 FROM day;
INSERT INTO failure (source, hour, direction, host, sender_domain,
                     recipient_domain, provider, reply, attempts)
SELECT 1, hour, 'outbound', 1, 1000, place.i, 1 + place.i % 3, r.id,
       1 + (place.i + day.i) % 4
  FROM day, place, reply AS r
 WHERE r.direction = 'outbound' AND (r.id <> 2 OR day.i > 20)
   AND (r.id IN (1, 2) OR place.i % 7 = r.id);
INSERT INTO failure (source, hour, direction, host, sender_domain,
                     recipient_domain, provider, reply, attempts)
SELECT 2, hour, 'inbound', 1, 1 + i, 1000, 1, 5, 40 + i FROM day;
INSERT INTO reply_seen
SELECT CASE r.direction WHEN 'inbound' THEN 2 ELSE 1 END, r.id,
       1761991200 + 77, 1764496800 + 99 FROM reply AS r;
INSERT INTO sample
SELECT 1, r.id, r.id, 1761991277, t || 'AB12: to=<***@domain1.example>, '
       || 'status=bounced (host said: ' || r.template || ')'
  FROM reply AS r, flavour;
INSERT INTO listing
SELECT 1, hour, 1, t || 'zen.spamhaus.org', t || '192.0.2.10', 12, hour + 60,
       hour + 3000 FROM day, flavour WHERE day.i > 20;
INSERT INTO latency SELECT 1, hour, 1, 1 + i % 3, 10 + i, 50 FROM day;
INSERT INTO line_count
SELECT 1, 'postfix', t || 'smtp', 'event', 90000 FROM flavour UNION ALL
SELECT 1, 'postfix', t || 'qmgr', 'ignored', 80000 FROM flavour UNION ALL
SELECT 1, 'postfix', t || 'smtp', 'unknown', 12 FROM flavour UNION ALL
SELECT 2, 'postfix', t || 'smtpd', 'event', 9000 FROM flavour;
INSERT INTO unknown_line
SELECT 1, 'postfix', t || 'smtp', t || 'warning: <word>', 12,
       t || 'warning: odd' FROM flavour;
