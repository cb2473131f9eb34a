/* SPDX-License-Identifier: MIT */
/* report/utf8.h - characters in bytes that may not be UTF-8 (RFC 3629). */
#ifndef REPORT_UTF8_H
#define REPORT_UTF8_H

#include "base/span.h"

enum { UTF8_INVALID = 0xFFFD };

/**
 * utf8_next(s, code):
 * Store the first character of ${s} (not empty) in ${code} and return how
 * many bytes it takes.  A byte that begins no valid character is taken alone,
 * as UTF8_INVALID.  (U+FFFD itself takes three bytes.)
 */
size_t utf8_next(struct span s, uint32_t *code);

/** utf8_is_unsafe(code): True for characters that steer a terminal or turn
 * text around instead of being seen: C0, DEL, C1, bidirectional controls,
 * zero-width marks, line and paragraph separators. */
bool utf8_is_unsafe(uint32_t code);

/** utf8_width(code): Columns that ${code} takes on a terminal: 0, 1 or 2. */
size_t utf8_width(uint32_t code);

/** utf8_columns(s): Columns that all of ${s} takes. */
size_t utf8_columns(struct span s);

/** utf8_fit(s, columns): The bytes at the beginning of ${s} that fit into
 * ${columns}. */
size_t utf8_fit(struct span s, size_t columns);

#endif
