-- SPDX-License-Identifier: MIT
--
-- Sessions that are told in several lines, where a log was cut amid them.

-- What was open at the end of a source, for the one that goes on: names of
-- sessions as hashes, and what their lines said (parse/keeping.h); of
-- addresses what the option says, local parts as tokens.
CREATE TABLE source_memory (
    source INTEGER PRIMARY KEY REFERENCES source (id) ON DELETE CASCADE,
    bytes  BLOB NOT NULL
);

-- Lines at the beginning of a source that are of sessions begun before it.
-- They are counted as soon as all sources are there, as those of a source of
-- their own (source.of), which is made anew whenever that changes.
CREATE TABLE held_line (
    source    INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    seq       INTEGER NOT NULL,  -- order among the source's queue_event
    time      INTEGER NOT NULL,  -- microseconds
    host      INTEGER NOT NULL REFERENCES host (id),
    mta       TEXT NOT NULL,     -- pack
    program   TEXT NOT NULL,
    repeat    INTEGER NOT NULL,  -- how many times syslog says it came
    key       INTEGER NOT NULL,  -- what its session goes by; 0: nothing
    hash      INTEGER NOT NULL,  -- of the line as it was
    shown     INTEGER NOT NULL,  -- 1: addresses are what the option says
    line      TEXT NOT NULL,     -- 0: local parts are tokens (mail/token.h)
    PRIMARY KEY (source, seq)
) WITHOUT ROWID;

-- The source whose held lines this one counts; NULL: a log stream.
ALTER TABLE source ADD COLUMN of INTEGER
    REFERENCES source (id) ON DELETE CASCADE;
CREATE INDEX source_of ON source (of) WHERE of IS NOT NULL;
