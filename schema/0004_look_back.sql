-- SPDX-License-Identifier: MIT
--
-- Whether what later lines of a source mean may hang on those that were taken
-- in (sessions told in several lines, messages in pieces): then these are read
-- again, without being counted, before the source is read on.  Of sources that
-- are there already nobody knows: it does no harm.
ALTER TABLE source ADD COLUMN looks_back INTEGER NOT NULL DEFAULT 1;
