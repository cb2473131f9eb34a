-- SPDX-License-Identifier: MIT
-- title: Who blocks us
-- about: Block lists that hold an address of ours, as receivers' replies say, and receivers that block us by a list of their own; failed outbound attempts.
-- chart: none
-- limit: 40
-- column list: text, zone of the public list; or the receiver whose own list it is
-- column kind: text, public: a DNSBL that anybody can ask; own: the receiver's own list or opinion
-- column address: text, our address; empty if the replies name none
-- column state: text, ongoing: named in the last 24 hours of the period; past: not since last_seen
-- column first_seen: time, first named in the period
-- column last_seen: time, last named in the period
-- column attempts: count, failed attempts
-- column receivers: count, recipients' domains that refused for it
-- column seen_by: text, some of them, or their provider, most attempts first
-- column delist_url: url, where to look the address up and have it taken off
-- key: list, kind, address
-- compare: attempts; receivers
-- metrics: asked
WITH ending AS (
    SELECT min(:until, coalesce(max(last_stamp) / 1000000, :until)) AS at
      FROM source
), public AS (
    SELECT dnsbl, address, sum(attempts) AS attempts,
           min(first_seen) AS first_seen, max(last_seen) AS last_seen
      FROM counted_listing
     WHERE hour >= :since AND hour < :until
       AND (:direction IS NULL OR :direction = 'outbound')
     GROUP BY dnsbl, address
    HAVING sum(attempts) > 0
), refused AS (
    SELECT r.dnsbl, k.detail, c.provider, c.other, c.attempts,
           max(coalesce(s.first_seen, 0), c.first_hour) AS first_seen,
           min(coalesce(s.last_seen, 1 << 62), c.last_hour + 3599) AS last_seen
      FROM temp.period_kind AS k
      JOIN temp.period_reply AS s ON s.kind = k.kind
      JOIN reply AS r ON r.id = s.reply
      JOIN temp.period_failure AS c ON c.reply = s.reply
     WHERE k.cause = 'blacklisting' AND k.direction = 'outbound'
       AND c.attempts > 0
), named AS (
    SELECT f.dnsbl, f.attempts, f.other,
           CASE p.name WHEN '' THEN d.name ELSE p.name END AS receiver,
           f.first_seen, f.last_seen
      FROM refused AS f
      JOIN provider AS p ON p.id = f.provider
      JOIN domain AS d ON d.id = f.other
), seen AS (
    SELECT dnsbl, receiver, sum(attempts) AS attempts,
           row_number() OVER (PARTITION BY dnsbl
                              ORDER BY sum(attempts) DESC, receiver) AS place
      FROM named WHERE dnsbl <> '' GROUP BY dnsbl, receiver
), own AS (
    SELECT receiver, sum(attempts) AS attempts, min(first_seen) AS first_seen,
           max(last_seen) AS last_seen, count(DISTINCT other) AS receivers
      FROM named WHERE dnsbl = '' GROUP BY receiver
), listed AS (
    SELECT l.dnsbl AS list, 'public' AS kind, l.address, l.first_seen,
           l.last_seen, l.attempts,
           (SELECT count(DISTINCT other) FROM named AS n
             WHERE n.dnsbl = l.dnsbl) AS receivers,
           (SELECT group_concat(receiver, ', ')
              FROM (SELECT receiver FROM seen AS s
                     WHERE s.dnsbl = l.dnsbl AND place <= 3
                     ORDER BY place)) AS seen_by,
           delist_url(l.dnsbl) AS delist_url
      FROM public AS l
    UNION ALL
    SELECT receiver, 'own', '', first_seen, last_seen, attempts, receivers,
           receiver, NULL
      FROM own
)
SELECT list, kind, address,
       CASE WHEN last_seen >= (SELECT at FROM ending) - 86400
            THEN 'ongoing' ELSE 'past' END AS state,
       first_seen, last_seen, attempts, receivers, seen_by, delist_url
  FROM listed
 ORDER BY state, kind DESC, attempts DESC, list, address;
