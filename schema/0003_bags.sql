-- SPDX-License-Identifier: MIT
--
-- Roll-ups in the place of those of 0002: facts as the views count them,
-- added up over blocks of time, so that a report reads some blocks and not
-- every row of every hour, and a nightly run makes anew only the blocks that
-- its logs changed.  Derived (store/rollup.c): they may be emptied at any
-- time, reports then read the facts.  A small store has none.

DROP TABLE rollup;
DROP TABLE rollup_failure;
DROP TABLE rollup_count;
DROP TABLE rollup_failed_recipient;
DROP TABLE rollup_failed_sender;
DROP TABLE rollup_failed_time;
DROP TABLE rollup_total;
DROP TABLE rollup_recipient;
DROP TABLE rollup_sender;
DROP TABLE rollup_latency;

-- The days that are rolled up.
CREATE TABLE rollup_day (
    day    INTEGER PRIMARY KEY,  -- since 1970-01-01, UTC
    digest INTEGER NOT NULL      -- of what its facts follow from
);

-- Blocks of level 0 are hours, 1 days, 2 eight days, 3 64 days, 4 512 days;
-- number counts those of a level since 1970-01-01.  A bag (store/bag.h) holds
-- entries of keys and sums; by name and key of the row:
--   failure        reply: provider, host, recipient domain, domain of the
--                  other side (the recipient's outbound, the sender's
--                  inbound); attempts, suspended, first and last hour
--   failed_sender  reply: sender domain; attempts
--   failed_time    0: reply; attempts                       (level 0 only)
--   recipient      direction: recipient domain, provider, host; delivered,
--                  accepted, deferred, bounced, expired, rejected, discarded,
--                  held, suspended, other_hosts, hops, probes, hours
--   total          direction: provider, host; the same      (level 0 only)
--   sender         direction: sender domain; delivered (and accepted),
--                  deferred, bounced, expired, rejected
--   latency        0: provider, bucket; deliveries
CREATE TABLE rollup (
    name   TEXT NOT NULL,
    level  INTEGER NOT NULL,
    number INTEGER NOT NULL,
    key    NOT NULL,             -- id of a reply, direction, or 0
    bag    BLOB NOT NULL,
    PRIMARY KEY (name, level, number, key)
) WITHOUT ROWID;

-- When each reply was met first and last, over all sources.
CREATE TABLE rollup_seen (
    reply      INTEGER PRIMARY KEY,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL
);

-- Without roll-ups reports read all of reply_seen at once.
DROP INDEX reply_seen_first;
DROP INDEX reply_seen_last;

-- A store that was there before gets its roll-ups after the next ingest.
INSERT OR REPLACE INTO meta
SELECT 'unresolved', '1' WHERE EXISTS (SELECT 1 FROM source);
