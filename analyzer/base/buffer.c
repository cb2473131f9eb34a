/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buffer_init(struct buffer *b, size_t limit)
{
    *b = (struct buffer){.limit = limit};
}

static void grow(struct buffer *b, size_t need)
{
    size_t cap = b->cap != 0 ? b->cap : 256;
    while (cap < need) {
        cap *= 2;
    }
    b->bytes = memory_grow(b->bytes, cap, 1);
    b->cap = cap;
}

/* Make room for ${more} bytes and a NUL; false past the limit. */
static inline bool reserve(struct buffer *b, size_t more)
{
    if (more > b->limit - b->len) {
        b->overflowed = true;
        return false;
    }
    size_t need = b->len + more + 1;
    if (need > b->cap) {
        grow(b, need);
    }
    return true;
}

void buffer_add(struct buffer *b, struct span s)
{
    if (s.len > 0 && reserve(b, s.len)) {
        memcpy(b->bytes + b->len, s.ptr, s.len);
        b->len += s.len;
    }
}

void buffer_add_string(struct buffer *b, const char *s)
{
    buffer_add(b, span_of(s));
}

void buffer_add_char(struct buffer *b, char c)
{
    buffer_add(b, (struct span){&c, 1});
}

void buffer_addf(struct buffer *b, const char *format, ...)
{
    va_list args;
    va_list again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n > 0 && reserve(b, (size_t)n)) {
        vsnprintf(b->bytes + b->len, (size_t)n + 1, format, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

struct span buffer_span(const struct buffer *b)
{
    return (struct span){b->bytes != NULL ? b->bytes : "", b->len};
}

const char *buffer_string(struct buffer *b)
{
    if (b->bytes == NULL) {
        return "";
    }
    b->bytes[b->len] = '\0';
    return b->bytes;
}

void buffer_reset(struct buffer *b)
{
    b->len = 0;
    b->overflowed = false;
}

void buffer_free(struct buffer *b)
{
    free(b->bytes);
    buffer_init(b, b->limit);
}
