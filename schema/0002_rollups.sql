-- SPDX-License-Identifier: MIT
--
-- Roll-ups: the facts of all days but the latest, as the views count them,
-- added up, so that a report over all time need not read every row of every
-- hour.  Derived (store/rollup.c): they may be emptied at any time, reports
-- then read the facts.  A small store has none.

-- One row, if there are roll-ups: they hold all facts of [since, until).
CREATE TABLE rollup (
    since  INTEGER NOT NULL,
    until  INTEGER NOT NULL,
    digest INTEGER NOT NULL   -- of what they were made from
);

-- Failed attempts.  other: domain of the other side, the recipient's outbound,
-- the sender's inbound.
CREATE TABLE rollup_failure (
    reply      INTEGER NOT NULL,
    provider   INTEGER NOT NULL,
    other      INTEGER NOT NULL,
    host       INTEGER NOT NULL,
    attempts   INTEGER NOT NULL,
    suspended  INTEGER NOT NULL,
    first_hour INTEGER NOT NULL,
    last_hour  INTEGER NOT NULL,
    PRIMARY KEY (reply, provider, other, host)
) WITHOUT ROWID;
CREATE INDEX rollup_failure_other ON rollup_failure (other);

-- The same without domains, by the recipient's, and by the sender's.
CREATE TABLE rollup_count (
    provider INTEGER NOT NULL,
    host     INTEGER NOT NULL,
    reply    INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    PRIMARY KEY (provider, host, reply)
) WITHOUT ROWID;
CREATE TABLE rollup_failed_recipient (
    domain   INTEGER NOT NULL,
    reply    INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    PRIMARY KEY (domain, reply)
) WITHOUT ROWID;
CREATE TABLE rollup_failed_sender (
    domain   INTEGER NOT NULL,
    reply    INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    PRIMARY KEY (domain, reply)
) WITHOUT ROWID;

-- The same by day: time is the second at which it begins.
CREATE TABLE rollup_failed_time (
    time     INTEGER NOT NULL,
    reply    INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    PRIMARY KEY (time, reply)
) WITHOUT ROWID;

-- Everything that ended, without domains, by day.
CREATE TABLE rollup_total (
    time        INTEGER NOT NULL,
    direction   TEXT NOT NULL,
    provider    INTEGER NOT NULL,
    host        INTEGER NOT NULL,
    delivered   INTEGER NOT NULL,
    accepted    INTEGER NOT NULL,
    deferred    INTEGER NOT NULL,
    bounced     INTEGER NOT NULL,
    expired     INTEGER NOT NULL,
    rejected    INTEGER NOT NULL,
    discarded   INTEGER NOT NULL,
    held        INTEGER NOT NULL,
    suspended   INTEGER NOT NULL,
    other_hosts INTEGER NOT NULL,
    hops        INTEGER NOT NULL,
    probes      INTEGER NOT NULL,
    first_hour  INTEGER NOT NULL,
    last_hour   INTEGER NOT NULL,
    PRIMARY KEY (time, direction, provider, host)
) WITHOUT ROWID;

-- The same by the recipient's domain, and by the sender's.
CREATE TABLE rollup_recipient (
    domain    INTEGER NOT NULL,
    direction TEXT NOT NULL,
    delivered INTEGER NOT NULL,  -- and accepted
    deferred  INTEGER NOT NULL,
    bounced   INTEGER NOT NULL,
    expired   INTEGER NOT NULL,
    rejected  INTEGER NOT NULL,
    PRIMARY KEY (domain, direction)
) WITHOUT ROWID;
CREATE TABLE rollup_sender (
    domain    INTEGER NOT NULL,
    direction TEXT NOT NULL,
    delivered INTEGER NOT NULL,  -- and accepted
    deferred  INTEGER NOT NULL,
    bounced   INTEGER NOT NULL,
    expired   INTEGER NOT NULL,
    rejected  INTEGER NOT NULL,
    PRIMARY KEY (domain, direction)
) WITHOUT ROWID;

CREATE TABLE rollup_latency (
    provider   INTEGER NOT NULL,
    bucket     INTEGER NOT NULL,
    deliveries INTEGER NOT NULL,
    PRIMARY KEY (provider, bucket)
) WITHOUT ROWID;

-- The first and the last time of a reply without reading all of them.
DROP INDEX reply_seen_reply;
CREATE INDEX reply_seen_first ON reply_seen (reply, first_seen);
CREATE INDEX reply_seen_last ON reply_seen (reply, last_seen);

-- A store that was there before gets its roll-ups after the next ingest.
INSERT OR REPLACE INTO meta
SELECT 'unresolved', '1' WHERE EXISTS (SELECT 1 FROM source);
