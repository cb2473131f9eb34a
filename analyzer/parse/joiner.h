/* SPDX-License-Identifier: MIT */
/* parse/joiner.h - messages that syslog clients cut into several lines. */
#ifndef PARSE_JOINER_H
#define PARSE_JOINER_H

#include "parse/syslog.h"

/*
 * Exim cuts a long line into "[1/3] …", "[2/3] …", "[3/3] …", and writes "\"
 * for "/" where it cut at a newline.  Pieces of one message follow each other
 * among the lines of one process (host, tag, pid).
 */
struct joiner;

struct joiner_part {
    struct span number; /* digits, from 1 */
    struct span of;     /* digits */
    bool newline;       /* the piece ended at one */
};

enum joiner_result {
    JOINER_WHOLE = 0, /* the line is a message by itself */
    JOINER_PIECE,     /* more of the message is to come */
    JOINER_JOINED     /* the last piece came */
};

/** joiner_create(): End it with joiner_free(). */
struct joiner *joiner_create(void);

/**
 * joiner_add(j, line, part, text, whole):
 * Piece ${part} of a message in ${line} is ${text}.  With JOINER_JOINED,
 * ${whole} is the message, valid until the next call.  A piece whose
 * predecessor is missing is given as JOINER_JOINED by itself.
 */
enum joiner_result joiner_add(struct joiner *j, const struct syslog_line *line,
    const struct joiner_part *part, struct span text, struct span *whole);

/** joiner_reset(j): Another source begins. */
void joiner_reset(struct joiner *j);

/** joiner_free(j): NULL does nothing. */
void joiner_free(struct joiner *j);

#endif
