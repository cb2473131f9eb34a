-- SPDX-License-Identifier: MIT
--
-- More names in rollup (0003), from which findings read what failed hour by
-- hour.  All are of level 1, days, with one row a day, key 0; the bags have
-- two keys: an item, and a number * 24 + the hour of the day:
--   by_provider, by_host, by_recipient, by_sender   number: reply; attempts
--   tried_recipient   domain; number: 0 outbound, 1 inbound; all that ended
--   tried_sender      domain; 0; the same, outbound only

-- A store that has roll-ups gets them all anew after the next ingest.
DELETE FROM rollup;
DELETE FROM rollup_day;
INSERT OR REPLACE INTO meta
SELECT 'unresolved', '1' WHERE EXISTS (SELECT 1 FROM source);
