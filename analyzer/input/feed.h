/* SPDX-License-Identifier: MIT */
/* input/feed.h - the bytes of one file (or of a part of an archive) as they lie
 * there, a block at a time. */
#ifndef INPUT_FEED_H
#define INPUT_FEED_H

#include "base/span.h"

/* So many bytes that were taken are still there before ->start: an inflater
 * may find that it took up to eight too many. */
enum { FEED_KEEP_LEN = 16 };

/* Where bytes come from if not from a file; borrowed by the feed. */
struct feed_reader {
    /* Store up to ${cap} bytes in ${out} and return their number; 0 at the
     * end, -1 on failure. */
    ptrdiff_t (*read)(void *context, void *out, size_t cap);
    /* What made ->read() fail; valid as long as the context. */
    const char *(*failure)(void *context);
    void *context;
};

/*
 * Owned by a decoder.  bytes[start .. end) was read and not yet taken; who
 * takes from it moves ->start.
 */
struct feed {
    int fd;
    bool is_stdin;
    bool has_reader;
    struct feed_reader reader; /* instead of fd, if has_reader */
    bool at_end;               /* the file has no more */
    int error;                 /* errno of the read that failed; 0: none */
    const char *failure;       /* instead of errno's text; NULL: none */
    int64_t file_size;         /* -1: not a regular file */
    uint64_t n_read;           /* bytes that came from the file */
    unsigned char *bytes;      /* FEED_KEEP_LEN and LIMIT_FEED_LEN bytes */
    size_t start;
    size_t end;
};

/**
 * feed_open(f, path):
 * Open ${path} ("-" is standard input) in ${f}.  Return false, having
 * reported the reason, on failure.  feed_close() ends ${f}.
 */
bool feed_open(struct feed *f, const char *path);

/** feed_open_reader(f, reader): Take the bytes from ${reader} (copied; its
 * context is borrowed).  Never fails. */
void feed_open_reader(struct feed *f, const struct feed_reader *reader);

/** feed_fill(f): True if at least one byte waits, reading when none does;
 * false at the end of the file or after a failed read (f->error). */
bool feed_fill(struct feed *f);

/**
 * feed_peek(f, len):
 * What waits, after reading until that is at least ${len} bytes (at most
 * LIMIT_FEED_LEN) or the file ends.  Valid until the next fill or peek.
 */
struct span feed_peek(struct feed *f, size_t len);

/** feed_byte(f): Take and return one byte; -1 when there is none. */
int feed_byte(struct feed *f);

/** feed_take(f, n): Take ${n} of the bytes that wait. */
static inline void feed_take(struct feed *f, size_t n)
{
    f->start += n;
}

/** feed_waiting(f): How many bytes were read and not taken. */
static inline size_t feed_waiting(const struct feed *f)
{
    return f->end - f->start;
}

/**
 * feed_read(f, out, cap):
 * Take up to ${cap} bytes straight into ${out}; for what needs no decoding.
 * Return their number; 0 at the end or after a failed read (f->error).
 */
size_t feed_read(struct feed *f, char *out, size_t cap);

/** feed_offset(f): How many bytes of the file were taken. */
static inline uint64_t feed_offset(const struct feed *f)
{
    return f->n_read - feed_waiting(f);
}

/** feed_close(f): Close the file and give the memory back. */
void feed_close(struct feed *f);

#endif
