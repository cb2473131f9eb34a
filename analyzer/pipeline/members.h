/* SPDX-License-Identifier: MIT */
/* pipeline/members.h - the logs that a file holds: itself, or an archive's. */
#ifndef PIPELINE_MEMBERS_H
#define PIPELINE_MEMBERS_H

#include "input/decoder.h"
#include "input/paths.h"

/*
 * A file that is no archive holds one log.  An archive holds one for each of
 * its regular files, and archives in it are opened likewise, down to
 * LIMIT_ARCHIVE_DEPTH.
 */
struct members;

/* One log. */
struct member {
    /* What it is called ("logs.tar.gz!var/log/mail.log"); its size is -1
     * unless it is a regular file of its own. */
    struct path_entry shown;
    /* What tells its age: a name of its own, and mtime (of the archive if the
     * member has none). */
    struct path_entry dated;
    struct decoder *decoder; /* at the first byte; the members' own */
};

enum members_talk {
    MEMBERS_QUIET = 0, /* about what is wrong with archives and members */
    MEMBERS_REPORT
};

/** members_open(file, talk): Open ${file}, which is borrowed; NULL, having
 * reported the reason, if it cannot be read.  members_close() ends it. */
struct members *members_open(
    const struct path_entry *file, enum members_talk talk);

/** members_next(m): The next log, valid until the next call; NULL when there
 * is none.  What is wrong with an archive as a whole is reported. */
const struct member *members_next(struct members *m);

/**
 * members_reopen(m):
 * Give the current log a new decoder that stands at its first byte.  False,
 * having reported the reason, if that cannot be: a stream is gone, or the
 * file has changed.  There is no other member then.
 */
bool members_reopen(struct members *m);

/** members_is_archive(m): True unless the file is a log itself. */
bool members_is_archive(const struct members *m);

/** members_is_regular(m): False if the file is a stream (as standard input
 * always is), which cannot be read twice. */
bool members_is_regular(const struct members *m);

/** members_offset(m): How many bytes of the file were taken. */
uint64_t members_offset(const struct members *m);

/** members_n_skipped(m): Members that could not be read; each was named. */
size_t members_n_skipped(const struct members *m);

/** members_read_failed(m): True if a read() of the archive failed, which may
 * succeed another time; known when there is no further log. */
bool members_read_failed(const struct members *m);

/** members_damaged(m): True if an archive was damaged in a place that is no
 * member's, which was reported. */
bool members_damaged(const struct members *m);

/**
 * members_corrupt(m):
 * NULL, or what is wrong with the bytes of one of the archives, so that those
 * of any log in it may be wrong, too: not that they end early.  Known when
 * there is no further log; lives as long as ${m}.
 */
const char *members_corrupt(const struct members *m);

/** members_close(m): End ${m}.  NULL does nothing. */
void members_close(struct members *m);

#endif
