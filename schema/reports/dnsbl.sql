-- SPDX-License-Identifier: MIT
-- title: Block lists that name us
-- about: Failed outbound attempts whose reply says that a public block list holds our address.
-- chart: none
-- limit: 40
-- column dnsbl: text, zone of the list
-- column address: text, our address; empty if the replies name none
-- column attempts: count, failed attempts that named the list
-- column first_seen: time, first named in the period
-- column last_seen: time, last named in the period
-- column state: text, ongoing: named in the last 24 hours of the period; past: not since last_seen
-- column delist_url: url, where to look the address up and have it taken off
-- key: dnsbl, address
-- compare: attempts
-- metrics: usual
WITH ending AS (
    SELECT min(:until, coalesce(max(last_stamp) / 1000000, :until)) AS at
      FROM source
)
SELECT dnsbl, address, sum(attempts) AS attempts,
       min(first_seen) AS first_seen, max(last_seen) AS last_seen,
       CASE WHEN max(last_seen) >= (SELECT at FROM ending) - 86400
            THEN 'ongoing' ELSE 'past' END AS state,
       delist_url(dnsbl) AS delist_url
  FROM counted_listing
 WHERE hour >= :since AND hour < :until
   AND (:direction IS NULL OR :direction = 'outbound')
 GROUP BY dnsbl, address
HAVING sum(attempts) > 0
 ORDER BY state, attempts DESC, dnsbl, address;
