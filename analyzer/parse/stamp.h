/* SPDX-License-Identifier: MIT */
/* parse/stamp.h - the time stamps that begin log lines. */
#ifndef PARSE_STAMP_H
#define PARSE_STAMP_H

#include "base/span.h"
#include "parse/zone.h"

/*
 * Reads the stamps of one source, which come in order: a stamp of the same
 * minute as the last one costs a comparison.
 *
 * RFC 3164 stamps have no year.  The first line's year is the one that puts it
 * at or before the anchor (when the source was last written); each later line
 * is taken to lie near the line before it, so that December is followed by
 * January of the next year.
 */
struct stamp_reader {
    const struct zone *zone; /* for stamps without an offset; borrowed */
    int64_t anchor;          /* seconds UTC: no line is later; 0: none */
    int years_back;          /* the first line is so much older */
    int64_t last;            /* seconds UTC of the last stamp; 0: none yet */
    bool yearless;           /* the last stamp had no year */
    int leap_years_back;     /* a 29 February showed that the year assumed
                                was so much too late; 0: none did */
    char cached[24];         /* the last stamp up to its seconds, "12:16:" */
    size_t cached_len;       /* 0: none */
    int64_t cached_minute;   /* its time at :00, in seconds */
    bool cached_dated;       /* RFC 3339: the offset is still to be added */
};

/**
 * stamp_init(r, zone, anchor, last):
 * Begin a source.  ${last} is the last stamp of a source that is resumed
 * (seconds), or 0.
 */
void stamp_init(struct stamp_reader *r, const struct zone *zone, int64_t anchor,
    int64_t last);

/**
 * stamp_read(r, s, time):
 * Read the stamp at the start of ${s}: RFC 3164 ("Nov  3 12:16:49", day padded
 * with a blank or a zero) or RFC 3339 ("2026-11-23T12:16:49.610367+00:00",
 * also with a blank for the T, with a blank before the offset, as Exim writes
 * it, and without an offset), TAI64N ("@400000006b043010123f2e44"; qmail) or
 * seconds since 1970 ("1795436550.218704").  Store microseconds UTC
 * in ${time}; return the bytes read, 0 if there is no stamp.
 */
size_t stamp_read(struct stamp_reader *r, struct span s, int64_t *time);

/**
 * stamp_years_over(r):
 * By how many years the last yearless stamp lies beyond the anchor, or how
 * many years were assumed too many where a 29 February came.  Not 0
 * means the source spans more years than was assumed at its first line: read
 * it again with ->years_back set to that after stamp_init().
 */
int stamp_years_over(const struct stamp_reader *r);

#endif
