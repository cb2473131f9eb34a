/* SPDX-License-Identifier: MIT */
/*
 * The buffer is a block with a runway before it.  The decoder always fills
 * the block; the unfinished line at the end of the one before is moved to the
 * end of the runway first, so that it lies before its continuation.
 *
 *     |        runway        |            block            |
 *                 ^start     ^bytes come in here     ^end
 *
 * The identity takes the bytes when the block is given up, not line by line:
 * [hashed .. start) is consumed and not yet hashed.
 *
 * A line that does not fit into the runway is too long: its bytes are dropped
 * as they come until its end is found.  Should the file stop before that,
 * the line was never consumed, and the identity goes back to where the line
 * began.
 */
#include "input/lines.h"

#include "base/limits.h"
#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

/* The longest line, and the CR of its end. */
#define RUNWAY_LEN (LIMIT_LINE_LEN + 1)

struct lines {
    struct decoder *decoder;
    struct identity *identity;
    char *buffer;        /* RUNWAY_LEN and LIMIT_BLOCK_LEN bytes */
    size_t start;        /* of what is not consumed */
    size_t scan;         /* no LF between start and here */
    size_t end;          /* of what was decoded */
    size_t hashed;       /* the identity has what lies before */
    uint64_t offset;     /* consumed */
    uint64_t dropped;    /* of the line that is being dropped */
    bool dropping;       /* in a line that is too long */
    size_t unterminated; /* length of the last line, if it had no end */
    bool had_cr;         /* the line that was delivered last ended with CRLF */
    uint64_t n_overlong;
    uint64_t overlong_bytes;
};

struct lines *lines_create(struct decoder *d, struct identity *id)
{
    struct lines *l = memory_zalloc(1, sizeof(*l));
    l->decoder = d;
    l->identity = id;
    l->buffer = memory_alloc(RUNWAY_LEN + LIMIT_BLOCK_LEN);
    l->start = RUNWAY_LEN;
    l->scan = RUNWAY_LEN;
    l->end = RUNWAY_LEN;
    l->hashed = RUNWAY_LEN;
    return l;
}

void lines_settle(struct lines *l)
{
    if (l->identity != NULL && l->start > l->hashed) {
        identity_add(l->identity,
            (struct span){l->buffer + l->hashed, l->start - l->hashed});
    }
    l->hashed = l->start;
}

/* Move the unfinished line out of the way and decode the next block. */
static bool refill(struct lines *l)
{
    lines_settle(l);
    size_t tail = l->end - l->start;
    memmove(l->buffer + RUNWAY_LEN - tail, l->buffer + l->start, tail);
    l->start = RUNWAY_LEN - tail;
    l->hashed = l->start;
    l->scan = RUNWAY_LEN;
    l->end = RUNWAY_LEN;
    l->end += decoder_read(l->decoder, l->buffer + RUNWAY_LEN, LIMIT_BLOCK_LEN);
    return l->end > l->scan;
}

/* What lies in the buffer belongs to a line that is too long. */
static void drop(struct lines *l)
{
    if (!l->dropping) {
        l->dropping = true;
        l->dropped = 0;
        lines_settle(l);
        if (l->identity != NULL) {
            identity_save(l->identity);
        }
    }
    l->dropped += l->end - l->start;
    l->start = l->end;
}

/* ${len} bytes, end included, of a line that is too long are left. */
static void finish_overlong(struct lines *l, size_t len)
{
    uint64_t whole = (l->dropping ? l->dropped : 0) + len;
    l->dropping = false;
    l->n_overlong++;
    l->overlong_bytes += whole;
    l->offset += whole;
    l->start += len;
    l->scan = l->start;
}

/* The line that ends with the LF at ${lf}; false if it is too long. */
static bool take_line(struct lines *l, const char *lf, struct span *line)
{
    const char *from = l->buffer + l->start;
    size_t whole = (size_t)(lf - from) + 1;
    size_t len = whole - 1;
    l->had_cr = len > 0 && from[len - 1] == '\r';
    len -= l->had_cr ? 1 : 0;
    if (l->dropping || len > LIMIT_LINE_LEN) {
        finish_overlong(l, whole);
        return false;
    }
    l->offset += whole;
    l->start += whole;
    l->scan = l->start;
    *line = (struct span){from, len};
    return true;
}

/* The data are over: what is left has no end. */
static bool take_rest(struct lines *l, struct span *line)
{
    l->had_cr = false;
    size_t len = l->end - l->start;
    if (l->dropping || len > LIMIT_LINE_LEN) {
        if (l->dropping && l->identity != NULL) {
            identity_restore(l->identity);
        }
        l->dropping = false;
        l->start = l->end;
        l->scan = l->end;
        l->hashed = l->end;
        return false;
    }
    if (len == 0) {
        return false;
    }
    *line = (struct span){l->buffer + l->start, len};
    l->unterminated = len;
    l->offset += len;
    l->start = l->end;
    l->scan = l->end;
    return true;
}

bool lines_next(struct lines *l, struct span *line)
{
    if (l->unterminated > 0) {
        return false;
    }
    for (;;) {
        const char *from = l->buffer + l->scan;
        const char *lf = memchr(from, '\n', l->end - l->scan);
        if (lf == NULL) {
            l->scan = l->end;
            if (l->end - l->start > RUNWAY_LEN || l->dropping) {
                drop(l);
            }
            if (!refill(l)) {
                return take_rest(l, line);
            }
        } else if (take_line(l, lf, line)) {
            return true;
        }
    }
}

bool lines_unterminated(const struct lines *l)
{
    return l->unterminated > 0;
}

void lines_decline(struct lines *l)
{
    if (l->unterminated == 0 || l->start != l->end) {
        return;
    }
    l->offset -= l->unterminated;
    l->start -= l->unterminated;
    assert(l->hashed <= l->start);
}

uint64_t lines_offset(const struct lines *l)
{
    return l->offset;
}

bool lines_skip_to(struct lines *l, uint64_t offset)
{
    while (l->offset < offset) {
        if (l->start == l->end && !refill(l)) {
            break;
        }
        uint64_t left = offset - l->offset;
        size_t n = l->end - l->start;
        if (n > left) {
            n = (size_t)left;
        }
        l->start += n;
        l->scan = l->start;
        l->offset += n;
    }
    lines_settle(l);
    return l->offset == offset;
}

struct span lines_peek(struct lines *l)
{
    if (l->start == l->end) {
        refill(l);
    }
    return (struct span){l->buffer + l->start, l->end - l->start};
}

struct span lines_exact(const struct lines *l, struct span line)
{
    line.len += l->had_cr ? 1 : 0;
    return line;
}

uint64_t lines_n_overlong(const struct lines *l)
{
    return l->n_overlong;
}

uint64_t lines_overlong_bytes(const struct lines *l)
{
    return l->overlong_bytes;
}

void lines_free(struct lines *l)
{
    if (l == NULL) {
        return;
    }
    free(l->buffer);
    free(l);
}
