/* SPDX-License-Identifier: MIT */
/* parse/twins.h - messages that a process writes to syslog twice. */
#ifndef PARSE_TWINS_H
#define PARSE_TWINS_H

#include "parse/syslog.h"

/*
 * Exim has a log for what it refused beside its main log, and when both go to
 * syslog (src/log.c, option syslog_duplication, on by default), a refusal
 * comes twice from one process with nothing between, the second time maybe
 * with lines of headers under it.
 */
struct twins;

/** twins_create(): End it with twins_free(). */
struct twins *twins_create(void);

/**
 * twins_again(t, line, message):
 * Is the first line of ${message}, which ${line} holds or ends, what the same
 * process (host, tag, pid) wrote last?  Of four in a row, the second and the
 * fourth are.  False if ${line} names no pid.
 */
bool twins_again(
    struct twins *t, const struct syslog_line *line, struct span message);

/** twins_reset(t): Another source begins. */
void twins_reset(struct twins *t);

/** twins_free(t): NULL does nothing. */
void twins_free(struct twins *t);

#endif
