/* SPDX-License-Identifier: MIT */
/* parse/syslog.h - the envelope that syslog puts around a message. */
#ifndef PARSE_SYSLOG_H
#define PARSE_SYSLOG_H

#include "parse/stamp.h"

/* All spans borrow from the line. */
struct syslog_line {
    int64_t time; /* microseconds UTC */
    struct span host;
    struct span tag;     /* "postfix/smtp", without pid; may be empty */
    struct span pid;     /* or SPAN_NONE */
    struct span message; /* without leading blanks */
};

/**
 * syslog_split(stamps, line, out):
 * Take ${line} apart.  Understood are, each with or without a "<PRI>":
 *  Nov 23 12:16:49 host tag[pid]: message                  (RFC 3164)
 *  2026-11-23T12:16:49.61+00:00 host tag[pid]: message     (rsyslog's default)
 *  <22>1 2026-11-23T12:16:49.61+00:00 host tag pid id sd message  (RFC 5424)
 * and Solaris' "[ID n facility.level]" before the message.  Return false if
 * ${line} is none of these.
 */
bool syslog_split(
    struct stamp_reader *stamps, struct span line, struct syslog_line *out);

/**
 * syslog_repeated(message, inner):
 * If ${message} is rsyslog's "message repeated N times: [ … ]", store what is
 * repeated in ${inner} and return N; otherwise return 1 and store ${message}.
 */
int64_t syslog_repeated(struct span message, struct span *inner);

/**
 * syslog_unescape(message, out, out_len):
 * Undo "#011" and "#012", which syslog daemons write for tab and newline.
 * Return ${message} itself if there are none, else the text in ${out}, cut at
 * ${out_len} bytes.
 */
struct span syslog_unescape(struct span message, char *out, size_t out_len);

#endif
