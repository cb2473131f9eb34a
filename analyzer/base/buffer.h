/* SPDX-License-Identifier: MIT */
/* base/buffer.h - a byte buffer that grows up to a limit set at birth. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/span.h"

/*
 * Owned by whoever initialised it.  Past its limit the buffer takes no more
 * and says so with ->overflowed; what it holds stays whole.
 */
struct buffer {
    char *bytes;
    size_t len;
    size_t cap;
    size_t limit;
    bool overflowed;
};

/** buffer_init(b, limit): An empty buffer of at most ${limit} bytes. */
void buffer_init(struct buffer *b, size_t limit);

/** buffer_add(b, s): Append ${s}. */
void buffer_add(struct buffer *b, struct span s);

/** buffer_add_string(b, s): Append the terminated ${s}. */
void buffer_add_string(struct buffer *b, const char *s);

/** buffer_add_char(b, c): Append one byte. */
void buffer_add_char(struct buffer *b, char c);

/** buffer_addf(b, format, ...): Append as printf() would. */
void buffer_addf(struct buffer *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** buffer_span(b): What ${b} holds, valid until the next change. */
struct span buffer_span(const struct buffer *b);

/** buffer_string(b): The same, NUL-terminated. */
const char *buffer_string(struct buffer *b);

/** buffer_reset(b): Empty ${b}, keeping its memory. */
void buffer_reset(struct buffer *b);

/** buffer_free(b): Give the memory back; ${b} may be used again. */
void buffer_free(struct buffer *b);

#endif
