-- SPDX-License-Identifier: MIT
--
-- The store: a star of counted facts around small tables of names.
--
-- Every fact carries its source (one log stream, whatever it is called and
-- however it is compressed), so that facts are added, replaced and merged by
-- whole sources and nothing is counted twice.  Times are Unix seconds, UTC;
-- an hour is the second at which it begins.  People should query the views
-- (schema/views.sql), which resolve names and leave duplicates out.

-- One log stream, known by its content.
CREATE TABLE source (
    id           INTEGER PRIMARY KEY,
    head_len     INTEGER NOT NULL,  -- bytes that head_hash covers, at most 4096
    head_hash    BLOB NOT NULL,     -- XXH3-128 of the first head_len bytes
    heads        BLOB NOT NULL,     -- XXH3-64 of the first 64, 128, ... of them
    consumed     INTEGER NOT NULL,  -- uncompressed bytes taken in so far
    content_hash BLOB NOT NULL,     -- XXH3-128 of those bytes
    marks        BLOB NOT NULL,     -- running XXH3-64 at each 64 KiB, 8 bytes each
    damaged_at   INTEGER,           -- uncompressed offset where decoding failed
    damage       TEXT,              -- and why
    last_stamp   INTEGER,           -- time of the last line, microseconds UTC
    container    TEXT NOT NULL,     -- plain, gzip, ...
    name         TEXT NOT NULL,     -- path it was last read under
    bytes_skipped INTEGER NOT NULL DEFAULT 0, -- in lines beyond the limit
    overflow     INTEGER NOT NULL DEFAULT 0   -- facts counted under "(other)"
);
CREATE INDEX source_head ON source (head_len, head_hash);

-- Where sources lie, so that an unchanged file costs one stat().  A hint, no
-- content: it is left out of dumps and merges.
CREATE TABLE source_path (
    path     TEXT PRIMARY KEY,
    size     INTEGER NOT NULL,      -- of the file as it lies there
    mtime    INTEGER NOT NULL,      -- nanoseconds
    source   INTEGER REFERENCES source (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX source_path_source ON source_path (source);

CREATE TABLE host (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE domain (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE provider (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

-- One kind of reply (or failure without reply).  The cause is an attribute of
-- this row, so history is reclassified without reading a log again.
CREATE TABLE reply (
    id            INTEGER PRIMARY KEY,
    direction     TEXT NOT NULL,
    stage         TEXT NOT NULL,
    reply_code    INTEGER NOT NULL, -- 0: no reply
    enhanced_code TEXT NOT NULL,    -- the remote's own, '' if it gave none
    logged_code   TEXT NOT NULL,    -- the MTA's own word, '' if none
    template      TEXT NOT NULL,
    cause         TEXT NOT NULL,
    detail        TEXT NOT NULL,
    rule          TEXT NOT NULL,
    dnsbl         TEXT NOT NULL,    -- zone named in the text, or ''
    UNIQUE (direction, stage, reply_code, enhanced_code, logged_code, template)
);

-- Everything that ended, by the recipient's domain.  Outbound: recipients
-- (delivered, bounced, expired) and attempts (deferred).  Inbound: messages
-- accepted, and refusals (rejected for good, deferred for now).
CREATE TABLE traffic (
    source     INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    hour       INTEGER NOT NULL,
    direction  TEXT NOT NULL,
    host       INTEGER NOT NULL REFERENCES host (id),
    domain     INTEGER NOT NULL REFERENCES domain (id),  -- of the recipient
    provider   INTEGER NOT NULL REFERENCES provider (id),
    delivered  INTEGER NOT NULL DEFAULT 0,
    deferred   INTEGER NOT NULL DEFAULT 0,
    bounced    INTEGER NOT NULL DEFAULT 0,
    expired    INTEGER NOT NULL DEFAULT 0,
    rejected   INTEGER NOT NULL DEFAULT 0,
    accepted   INTEGER NOT NULL DEFAULT 0,
    discarded  INTEGER NOT NULL DEFAULT 0,
    held       INTEGER NOT NULL DEFAULT 0,
    suspended  INTEGER NOT NULL DEFAULT 0, -- one failure repeated, in no rate
    other_hosts INTEGER NOT NULL DEFAULT 0, -- tries at hosts not the last choice
    hops       INTEGER NOT NULL DEFAULT 0, -- handed to a local filter
    probes     INTEGER NOT NULL DEFAULT 0, -- address probes
    PRIMARY KEY (source, hour, direction, host, domain, provider)
) WITHOUT ROWID;

-- The same by the sender's domain ('' in domain: null sender, '?' unknown).
CREATE TABLE sender_traffic (
    source     INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    hour       INTEGER NOT NULL,
    direction  TEXT NOT NULL,
    host       INTEGER NOT NULL REFERENCES host (id),
    domain     INTEGER NOT NULL REFERENCES domain (id),  -- of the sender
    delivered  INTEGER NOT NULL DEFAULT 0,
    deferred   INTEGER NOT NULL DEFAULT 0,
    bounced    INTEGER NOT NULL DEFAULT 0,
    expired    INTEGER NOT NULL DEFAULT 0,
    rejected   INTEGER NOT NULL DEFAULT 0,
    accepted   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source, hour, direction, host, domain)
) WITHOUT ROWID;

-- Failed attempts by what was answered.
CREATE TABLE failure (
    source           INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    hour             INTEGER NOT NULL,
    direction        TEXT NOT NULL,
    host             INTEGER NOT NULL REFERENCES host (id),
    sender_domain    INTEGER NOT NULL REFERENCES domain (id),
    recipient_domain INTEGER NOT NULL REFERENCES domain (id),
    provider         INTEGER NOT NULL REFERENCES provider (id),
    reply            INTEGER NOT NULL REFERENCES reply (id),
    attempts         INTEGER NOT NULL DEFAULT 0,
    suspended        INTEGER NOT NULL DEFAULT 0,
    other_hosts      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source, hour, direction, host, sender_domain,
                 recipient_domain, provider, reply)
) WITHOUT ROWID;

-- When each reply was met, to the second.
CREATE TABLE reply_seen (
    source     INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    reply      INTEGER NOT NULL REFERENCES reply (id),
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    PRIMARY KEY (source, reply)
) WITHOUT ROWID;
CREATE INDEX reply_seen_reply ON reply_seen (reply);

-- One of our addresses on one DNSBL, as receivers told us.
CREATE TABLE listing (
    source     INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    hour       INTEGER NOT NULL,
    host       INTEGER NOT NULL REFERENCES host (id),
    dnsbl      TEXT NOT NULL,
    address    TEXT NOT NULL,     -- '' if the reply names none
    attempts   INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    PRIMARY KEY (source, hour, host, dnsbl, address)
) WITHOUT ROWID;

-- How long deliveries took: bucket b holds delays of [2^(b/2), 2^((b+1)/2))
-- milliseconds; bucket 0 holds everything below.
CREATE TABLE latency (
    source     INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    hour       INTEGER NOT NULL,
    host       INTEGER NOT NULL REFERENCES host (id),
    provider   INTEGER NOT NULL REFERENCES provider (id),
    bucket     INTEGER NOT NULL,
    deliveries INTEGER NOT NULL,
    PRIMARY KEY (source, hour, host, provider, bucket)
) WITHOUT ROWID;

-- Evidence: the lines with the smallest hashes, so that the choice depends on
-- the lines alone and not on their order.  Local parts are masked.
CREATE TABLE sample (
    source     INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    reply      INTEGER NOT NULL REFERENCES reply (id),
    hash       INTEGER NOT NULL,
    time       INTEGER NOT NULL,
    line       TEXT NOT NULL,
    PRIMARY KEY (source, reply, hash)
) WITHOUT ROWID;
CREATE INDEX sample_reply ON sample (reply);

-- What a source knows of queue IDs whose life it does not hold whole: those
-- that were open at its end, and those it never saw begin.  Joining them over
-- all sources gives failures and deliveries their sender, and expired
-- messages their recipients (table attribution).
CREATE TABLE queue_event (
    source           INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    host             INTEGER NOT NULL REFERENCES host (id),
    queue_id         TEXT NOT NULL,
    seq              INTEGER NOT NULL,  -- order within the source
    time             INTEGER NOT NULL,  -- microseconds
    kind             TEXT NOT NULL,     -- arrival sender attempt expire release
    open             INTEGER NOT NULL,  -- 1: state at the end of the source
    counted          INTEGER NOT NULL,  -- 1: its sender was known here
    event            TEXT NOT NULL,     -- of an attempt: outcome attempt ...
    direction        TEXT NOT NULL,
    disposition      TEXT NOT NULL,
    sender_domain    INTEGER REFERENCES domain (id),
    recipient        INTEGER NOT NULL,  -- hash of the recipient; 0: none
    recipient_domain INTEGER REFERENCES domain (id),
    provider         INTEGER REFERENCES provider (id),
    reply            INTEGER REFERENCES reply (id),
    n                INTEGER NOT NULL,  -- how many times it happened
    PRIMARY KEY (source, host, queue_id, seq)
) WITHOUT ROWID;

-- Derived from queue_event after each change; what the views add to failure,
-- sender_traffic and traffic.  n may be negative: it moves counts from the
-- unknown sender to the one that was found.  disposition says what moves:
--   delivered, deferred, bounced, rejected   sender_traffic, and failure
--              .attempts where reply is not 0
--   suspended, other_hosts                   that column of failure
--   expired                                  sender_traffic.expired and
--              traffic.expired of the recipient's domain
-- Moves add up to zero for each recipient's domain, so that only expiries
-- that no source could count alone change traffic.
CREATE TABLE attribution (
    source           INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    hour             INTEGER NOT NULL,
    direction        TEXT NOT NULL,
    host             INTEGER NOT NULL REFERENCES host (id),
    sender_domain    INTEGER NOT NULL REFERENCES domain (id),
    recipient_domain INTEGER NOT NULL REFERENCES domain (id),
    provider         INTEGER NOT NULL REFERENCES provider (id),
    reply            INTEGER NOT NULL,  -- 0: none
    disposition      TEXT NOT NULL,
    n                INTEGER NOT NULL,
    PRIMARY KEY (source, hour, direction, host, sender_domain,
                 recipient_domain, provider, reply, disposition)
) WITHOUT ROWID;

-- What a source's lines were.
CREATE TABLE line_count (
    source  INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    mta     TEXT NOT NULL,    -- pack, '' for lines of no known MTA
    program TEXT NOT NULL,
    class   TEXT NOT NULL,    -- event ignored unknown foreign malformed overlong
    lines   INTEGER NOT NULL,
    PRIMARY KEY (source, mta, program, class)
) WITHOUT ROWID;

-- Format drift: lines of a known MTA that no pattern claims.
CREATE TABLE unknown_line (
    source   INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    mta      TEXT NOT NULL,
    program  TEXT NOT NULL,
    template TEXT NOT NULL,
    lines    INTEGER NOT NULL,
    example  TEXT NOT NULL,   -- the smallest of the lines, masked
    PRIMARY KEY (source, mta, program, template)
) WITHOUT ROWID;

-- An order-independent digest of each host's mail events of an hour, by which
-- the same lines in two files are noticed.
CREATE TABLE hour_digest (
    source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    host   INTEGER NOT NULL REFERENCES host (id),
    hour   INTEGER NOT NULL,
    events INTEGER NOT NULL,  -- lines that gave an event
    digest INTEGER NOT NULL,  -- sum of the lines' XXH3-64, modulo 2^64
    first_time INTEGER NOT NULL, -- microseconds
    last_time  INTEGER NOT NULL,
    rolled INTEGER NOT NULL DEFAULT 0, -- 1: its facts were rolled up to days
    PRIMARY KEY (source, host, hour)
) WITHOUT ROWID;
CREATE INDEX hour_digest_hour ON hour_digest (host, hour);

-- Derived from hour_digest: hours of a source that another source holds too
-- and that do not count (equal), or that may be duplicates (suspected).
CREATE TABLE duplicate_hour (
    source    INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    host      INTEGER NOT NULL REFERENCES host (id),
    hour      INTEGER NOT NULL,
    kept      INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    equal     INTEGER NOT NULL,  -- 1: left out; 0: overlap only, counted
    PRIMARY KEY (source, host, hour)
) WITHOUT ROWID;

-- schema of this file is kept in PRAGMA user_version; this holds the rest.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
