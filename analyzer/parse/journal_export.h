/* SPDX-License-Identifier: MIT */
/* parse/journal_export.h - journal entries, as journalctl writes them. */
#ifndef PARSE_JOURNAL_EXPORT_H
#define PARSE_JOURNAL_EXPORT_H

#include "parse/record.h"

/*
 * Reads `journalctl -o export` (systemd, docs/JOURNAL_EXPORT_FORMATS.md) from
 * its successive lines.  An entry is a run of fields that ends at an empty
 * line.  A field is "NAME=text", or, if its bytes are not printable UTF-8 in
 * one line, NAME alone, then on the next line 64 bits of length, low byte
 * first, that many bytes (LF, NUL and all), and LF.
 *
 * The length rules: no text within a field is ever taken for a field or for
 * the end of an entry.  Lines should come with their CR, if they have one:
 * then every byte is right.  If the CR before LF was taken off, those within a
 * binary field are missing, which is noticed because the length does not fit:
 * the field then ends with the line that leaves fewer bytes missing than its
 * lines may have lost, and fields behind it may be taken for its text.
 */
struct journal_export;

/* Spans borrow as said where they are handed out; unknown if absent. */
struct journal_export_entry {
    int64_t time; /* __REALTIME_TIMESTAMP: microseconds UTC */
    struct span host;
    struct span identifier; /* SYSLOG_IDENTIFIER: "postfix/smtp" */
    struct span pid;        /* SYSLOG_PID, or else _PID */
    struct span command;    /* _COMM */
    struct span message;
};

/** journal_export_create(): A reader; ends with journal_export_free(). */
struct journal_export *journal_export_create(void);

/** journal_export_recognise(line): True if an entry may begin with ${line}. */
bool journal_export_recognise(struct span line);

/**
 * journal_export_feed(j, line, entry):
 * Take the next ${line}, without its LF.  Return true if an entry is complete
 * with it and has a time; ${entry} then borrows from ${j} until the next call.
 * Its message may be unknown.
 */
bool journal_export_feed(struct journal_export *j, struct span line,
    struct journal_export_entry *entry);

/** journal_export_in_entry(j): True if more of an entry is to come. */
bool journal_export_in_entry(const struct journal_export *j);

/**
 * journal_export_end(j):
 * The source ends here: drop an entry that is not complete.  Another source
 * may follow.
 */
void journal_export_end(struct journal_export *j);

/** journal_export_n_dropped(j): Entries so far that were cut short, damaged,
 * without time, or too large to keep. */
uint64_t journal_export_n_dropped(const struct journal_export *j);

/**
 * journal_export_from_json(r, entry):
 * The same out of ${r}, which json_record_read() made of a line of
 * `journalctl -o json`; ${entry} borrows from ${r}.  Return false if ${r} is
 * no journal entry.  The message is unknown if journalctl left it out for its
 * length (above 4,096 bytes, unless run with --all).
 */
bool journal_export_from_json(
    const struct record *r, struct journal_export_entry *entry);

/** journal_export_free(j): End ${j}.  NULL does nothing. */
void journal_export_free(struct journal_export *j);

#endif
