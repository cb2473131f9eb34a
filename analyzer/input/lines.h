/* SPDX-License-Identifier: MIT */
/* input/lines.h - whole lines out of a decoder. */
#ifndef INPUT_LINES_H
#define INPUT_LINES_H

#include "base/span.h"
#include "input/decoder.h"
#include "input/identity.h"

/*
 * Lines end with LF or CRLF; every other byte is theirs, NUL and invalid
 * UTF-8 included.  A line of more than LIMIT_LINE_LEN bytes is skipped whole
 * and counted, never split.
 *
 * What was consumed ends behind the last line that was delivered (or skipped
 * for its length), and lines_offset() is that place in the decoded bytes:
 * reading goes on there when the file has grown.
 */
struct lines;

/**
 * lines_create(d, id):
 * Lines of ${d}, whose consumed bytes all go through ${id} once (NULL: nobody
 * wants to know).  Both are borrowed and must outlive the lines, which
 * lines_free() ends.
 */
struct lines *lines_create(struct decoder *d, struct identity *id);

/** lines_next(l, line): Store the next line, without its end, in ${line},
 * valid until the next call; false when there is none. */
bool lines_next(struct lines *l, struct span *line);

/**
 * lines_unterminated(l):
 * True if the line that was delivered last had no end: the file stops in its
 * middle, so more of it may come.
 */
bool lines_unterminated(const struct lines *l);

/** lines_decline(l): Leave an unterminated line unconsumed after all: takes
 * lines_offset() back to its beginning.  Does nothing for other lines.  To be
 * called before lines_settle(). */
void lines_decline(struct lines *l);

/** lines_exact(l, line): ${line}, which was delivered last, with the CR that
 * was taken for a part of its end, if there was one. */
struct span lines_exact(const struct lines *l, struct span line);

/** lines_offset(l): Decoded bytes consumed so far. */
uint64_t lines_offset(const struct lines *l);

/** lines_settle(l): Bring the identity, which otherwise follows a block
 * behind, up to lines_offset(). */
void lines_settle(struct lines *l);

/**
 * lines_skip_to(l, offset):
 * Consume everything up to ${offset} unread, through the identity.  Return
 * false if the data end before it, or if it was passed already.
 */
bool lines_skip_to(struct lines *l, uint64_t offset);

/** lines_peek(l): The bytes that come next, consuming none.  Before the first
 * line these are at least LIMIT_HEAD_LEN, or all there are.  Valid until the
 * next call. */
struct span lines_peek(struct lines *l);

/** lines_n_overlong(l): How many lines were skipped for their length. */
uint64_t lines_n_overlong(const struct lines *l);

/** lines_overlong_bytes(l): Their bytes, ends included. */
uint64_t lines_overlong_bytes(const struct lines *l);

/** lines_free(l): End ${l}.  NULL does nothing. */
void lines_free(struct lines *l);

#endif
