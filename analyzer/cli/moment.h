/* SPDX-License-Identifier: MIT */
/* cli/moment.h - points in time and ages as people type them. */
#ifndef CLI_MOMENT_H
#define CLI_MOMENT_H

#include "base/span.h"

/**
 * moment_parse(text, now, moment):
 * Store in ${moment} (Unix seconds) the time that ${text} names: YYYY-MM-DD
 * (the beginning of that day, local time), "YYYY-MM-DD HH:MM[:SS]" (local),
 * RFC 3339 with T and Z or an offset, "now", "today", "yesterday", or an age
 * before ${now} as moment_parse_age() takes it.  Return false for anything
 * else.
 */
bool moment_parse(const char *text, int64_t now, int64_t *moment);

/**
 * moment_parse_age(text, seconds):
 * Store in ${seconds} the length of time ${text}: a number and one of s, m
 * (minutes), h, d, w, y (365 days).  Return false for anything else.
 */
bool moment_parse_age(const char *text, int64_t *seconds);

enum { MOMENT_TEXT_LEN = 96 };

/**
 * moment_format(microseconds, out):
 * Write ${microseconds} since 1970 in RFC 3339, UTC, to ${out}
 * (MOMENT_TEXT_LEN bytes), with no, 3 or 6 decimals, as many as it needs.
 * Return its length.
 */
size_t moment_format(int64_t microseconds, char *out);

#endif
