-- SPDX-License-Identifier: MIT
--
-- Marks stand at each 4 KiB of a log's first 64 MiB now, and at each 64 KiB
-- from there.  Of sources that are there already nothing tells them: these
-- have none until they are read on.
UPDATE source SET marks = x'';
