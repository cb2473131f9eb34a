/* SPDX-License-Identifier: MIT */
/* base/limits.h - every bound of the program, with its reason. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/* A line longer than this is counted and skipped whole.  Postfix cuts at
 * 2,000 bytes, rsyslog at 8 KiB; Exchange and KumoMTA records reach tens. */
#define LIMIT_LINE_LEN ((size_t)256 * 1024)

/* Input is decoded in blocks of this size: large enough that calls do not
 * count, small enough to stay in the second-level cache. */
#define LIMIT_BLOCK_LEN ((size_t)256 * 1024)

/* A file is read in blocks of this size before it is decoded. */
#define LIMIT_FEED_LEN ((size_t)128 * 1024)

/* The largest window a zstd frame may ask for, "zstd --long=31"; the memory
 * is taken as far as the data really fill it. */
#define LIMIT_ZSTD_WINDOW_LOG 31

/* Memory an xz stream may ask for: "xz -9" needs 65 MiB, and a dictionary of
 * 256 MiB serves nobody who compresses logs. */
#define LIMIT_XZ_MEMORY ((uint64_t)256 * 1024 * 1024)

/* Threads that decode one xz stream, and the memory up to which they may be
 * used: a block of "xz -T0 -6" takes some 35 MiB, and files are read side by
 * side anyway. */
#define LIMIT_XZ_THREADS 4
#define LIMIT_XZ_THREADS_MEMORY ((uint64_t)96 * 1024 * 1024)

/* Archives inside each other that are opened: a backup of backups of logs.
 * Each level has a decoder of its own, with the memory that asks for. */
#define LIMIT_ARCHIVE_DEPTH 3

/* The name of an archive's member is cut here: PATH_MAX of Linux, while a pax
 * header may hold a megabyte. */
#define LIMIT_MEMBER_NAME_LEN ((size_t)4096)

/* The first bytes of a source that find it again (see input/source.h). */
#define LIMIT_HEAD_LEN ((size_t)4096)

/* The running digest of a source is noted each so many bytes, so that an
 * older, shorter copy of a grown log is told from another log that begins
 * alike: of what lies behind the last mark nothing is proven.  Beyond the
 * first LIMIT_MARKED_LEN bytes marks are sparse, for they are kept in memory
 * (128 KiB up to there, 12 MiB for 100 GiB). */
#define LIMIT_MARK_LEN ((size_t)4 * 1024)
#define LIMIT_MARKED_LEN ((uint64_t)64 * 1024 * 1024)
#define LIMIT_SPARSE_MARK_LEN ((size_t)64 * 1024)

/* A syslog tag is cut here: RFC 5424 allows 48 bytes, and a thousand tags are
 * kept. */
#define LIMIT_TAG_LEN ((size_t)256)

/* A template is cut here: what decides a reply stands at its beginning. */
#define LIMIT_TEMPLATE_LEN ((size_t)512)

/* A reply as a sample or in the reply column; Postfix's own lines are cut at
 * 2,000 bytes. */
#define LIMIT_REPLY_LEN ((size_t)4096)

/* PCRE2 match and depth limits: no rule of ours needs a tenth of this on the
 * longest line, and a hostile text costs at most some milliseconds. */
#define LIMIT_REGEX_MATCH 200000u
#define LIMIT_REGEX_DEPTH 2000u

/* Distinct verdicts a classifier remembers before it starts afresh. */
#define LIMIT_MEMO_ENTRIES ((size_t)16384)

/* Kinds of replies that rules are proposed from, those without a cause and the
 * others: each of the first is compared with all families so far. */
#define LIMIT_SUGGEST_UNKNOWN ((size_t)5000)
#define LIMIT_SUGGEST_KNOWN ((size_t)20000)

/* Distinct templates, domains and hosts that one source may bring into the
 * store; what comes after them is counted under "other". */
#define LIMIT_TEMPLATES_PER_SOURCE ((size_t)20000)
#define LIMIT_DOMAINS_PER_SOURCE ((size_t)500000)
#define LIMIT_HOSTS_PER_SOURCE ((size_t)10000)

/* The same for names of programs and for addresses that replies call listed:
 * both are text from outside, and honest logs have some dozens. */
#define LIMIT_PROGRAMS_PER_SOURCE ((size_t)1000)
#define LIMIT_LISTED_PER_SOURCE ((size_t)10000)

/* Bytes of counted facts kept in memory before a step is written: some hundred
 * thousand lines.  While one is written, the lines read meanwhile must fit
 * between the threads; and what is written of the last one nothing else can be
 * done beside. */
#define LIMIT_TALLY_BYTES ((size_t)4 * 1024 * 1024)

/* Bytes of names that a tally keeps from one step to the next, so that they
 * need not be looked up again: some tens of thousands of domains. */
#define LIMIT_TALLY_NAMES ((size_t)4 * 1024 * 1024)

/* What one thread hands to another at a time: a few thousand events, so that
 * locks do not count, and little enough to stay in the second-level cache.  The
 * text may go beyond its size by one event's line. */
#define LIMIT_BATCH_ITEMS ((size_t)4096)
#define LIMIT_BATCH_LEN ((size_t)512 * 1024)
#define LIMIT_BATCH_TEXT (LIMIT_BATCH_LEN + 8 * LIMIT_LINE_LEN)

/* Open queue entries the correlator keeps in memory. */
#define LIMIT_OPEN_QUEUE_ENTRIES ((size_t)100000)

/* Recipients that wait, of all these entries, and of one message, whose list
 * is searched line by line. */
#define LIMIT_WAITING_RECIPIENTS ((size_t)200000)
#define LIMIT_WAITING_PER_MESSAGE ((size_t)256)

/* Journal rows of one queue ID, over all sources, that are joined: they are
 * put in order in memory. */
#define LIMIT_ROWS_PER_QUEUE_ID ((size_t)200000)

/* Evidence lines kept per reply and source. */
#define LIMIT_SAMPLES_PER_REPLY 3

/* A record (CSV row, JSON object): values that came in one line, and the
 * names written beside each.  A message with all its headers logged has some
 * hundreds; a list of recipients, a thousand. */
#define LIMIT_RECORD_LEN (2 * LIMIT_LINE_LEN)
#define LIMIT_RECORD_PAIRS ((size_t)4096)

/* A name in a record: the path to a JSON value; those of MTAs stay below a
 * hundred bytes. */
#define LIMIT_RECORD_NAME ((size_t)512)

/* A JSON array of bytes (journald's way with text that is no UTF-8) of more
 * elements than this is kept as bytes only: as single numbers it would fill
 * the record, and lists of numbers that small serve for codes. */
#define LIMIT_RECORD_SMALL_NUMBERS ((size_t)64)

/* Depth of a JSON record: KumoMTA's and Haraka's reach 4. */
#define LIMIT_JSON_DEPTH 16

/* Objects and arrays of a JSON record: each costs json-c up to a kilobyte,
 * so that a line of "{},{},..." would take a hundred megabytes. */
#define LIMIT_JSON_CONTAINERS ((size_t)4096)

/* A field of a journald export: core dumps are the largest.  A length beyond
 * this is no length, and the record is dropped. */
#define LIMIT_JOURNAL_FIELD_LEN ((uint64_t)1024 * 1024 * 1024)

/* Columns of a CSV header: Exchange has 30, PowerMTA as many as headers are
 * logged. */
#define LIMIT_CSV_COLUMNS ((size_t)512)

/* Pairs of a key=value list that are looked at: Sendmail writes some twenty,
 * and a value whose bracket never closes is looked for to the line's end. */
#define LIMIT_PAIRS 64

/* Sessions and deliveries whose first line was read and whose last was not:
 * qmail runs at most 510 deliveries, busy servers some thousands of sessions;
 * about 400 bytes each. */
#define LIMIT_REMEMBERED ((size_t)20000)

/* Lines of one source that are held because the source before must explain
 * them, and the length up to which one is: those of the sessions that were
 * open as it began.  The rest is counted with what is known. */
#define LIMIT_HELD_LINES ((size_t)4096)
#define LIMIT_HELD_LEN ((size_t)4096)

/* What a source leaves behind of sessions that are open at its end: a few
 * hundred bytes for each. */
#define LIMIT_MEMORY_LEN ((size_t)8 * 1024 * 1024)

/* The recipients of one message that are kept until its fate is told: some
 * hundreds.  The rest is left out. */
#define LIMIT_ROSTER_LEN ((size_t)8192)

/* A pattern pack, schema or configuration file. */
#define LIMIT_PACK_LEN ((size_t)4 * 1024 * 1024)

/* A report as text: a million rows of CSV stay below it, and what is larger
 * nobody reads. */
#define LIMIT_REPORT_LEN ((size_t)1024 * 1024 * 1024)

/* Size from which on a store gets roll-ups.  Below it (some millions of lines)
 * every report is done within a second without, and making them would cost
 * each ingest more than they save. */
#define LIMIT_PLAIN_STORE ((int64_t)64 * 1024 * 1024)

/* How long to wait for another process that writes to the same store: a
 * nightly run that meets a report's migration or a small run goes on, one that
 * meets the run of the night before says so and ends. */
#define LIMIT_LOCK_WAIT_MS 60000

/* Directory depth that a walk descends, against endless nesting. */
#define LIMIT_WALK_DEPTH 64

#endif
