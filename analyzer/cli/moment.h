/* SPDX-License-Identifier: MIT */
/* cli/moment.h - points in time and ages as people type them. */
#ifndef CLI_MOMENT_H
#define CLI_MOMENT_H

#include "base/span.h"
#include "parse/zone.h"

/**
 * moment_parse(text, now, zone, moment):
 * Store in ${moment} (Unix seconds) the time that ${text} names, seen from
 * ${now} by a person in ${zone}:
 *
 *   now
 *   today, yesterday          the beginning of that day
 *   monday ... sunday, mon    of the latest such day, which may be today
 *   YYYY-MM-DD, YYYY-MM       of that day, of the first of that month
 *   YYYY-MM-DD HH:MM[:SS]     a time in ${zone}; T for the blank will do
 *   the same with Z, +HH:MM   RFC 3339
 *   7d, 24h, 3 months [ago]   an age as moment_parse_age() takes it, before
 *                             ${now}; months and years by the calendar
 *
 * Return false for anything else.
 */
bool moment_parse(
    const char *text, int64_t now, const struct zone *zone, int64_t *moment);

/**
 * moment_parse_age(text, seconds):
 * Store in ${seconds} the length of time ${text}: a number and a unit, which
 * is s, m (minutes), h, d, w, mo (30 days) or y (365 days), or such a word as
 * "week" or "weeks".  Return false for anything else.
 */
bool moment_parse_age(const char *text, int64_t *seconds);

/** moment_add_days(zone, moment, days): The same time of day in ${zone},
 * ${days} days after ${moment} (before it if negative). */
int64_t moment_add_days(const struct zone *zone, int64_t moment, int days);

enum { MOMENT_TEXT_LEN = 96 };

/**
 * moment_format(microseconds, out):
 * Write ${microseconds} since 1970 in RFC 3339, UTC, to ${out}
 * (MOMENT_TEXT_LEN bytes), with no, 3 or 6 decimals, as many as it needs.
 * Return its length.
 */
size_t moment_format(int64_t microseconds, char *out);

#endif
