/* SPDX-License-Identifier: MIT */
/* input/decoder_ops.h - what a container must provide; for decoder*.c only. */
#ifndef INPUT_DECODER_OPS_H
#define INPUT_DECODER_OPS_H

#include "input/codec.h"
#include "input/decoder.h"
#include "input/feed.h"

/* How many first bytes ->matches() may look at. */
enum { DECODER_MAGIC_LEN = 16 };

/* What decoder_fail() is told if data are missing and none is wrong. */
#define DECODER_CUT_OFF "unexpected end of file"

/*
 * A new container is a file decoder_NAME.c that defines one of these, and
 * its line in the registry of decoder.c.  All of them hold a stream, or
 * several behind each other; decoder_stream.c drives them.
 */
struct decoder_ops {
    const char *name;

    bool endless; /* nothing in the stream says where it ends */

    /* True if a stream of this container begins with ${head}. */
    bool (*matches)(struct span head);

    /* The shortest head that ->matches() takes, and the first byte of it:
     * less than that at the end of the file is a stream cut off. */
    size_t magic_len;
    unsigned char magic_byte;

    /* Return the container's own state, also to be found in d->state. */
    void *(*create)(struct decoder *d);

    /* Get ready for a stream, taking its header if that is not left to
     * ->step(); false after decoder_fail(). */
    bool (*begin)(struct decoder *d);

    /* Go on decoding.  io->in is what waits in d->feed; ->step() moves the
     * feed's start past what it took, and io's output.  A status of
     * CODEC_CORRUPT may come with a more exact reason given to
     * decoder_fail(). */
    enum codec_status (*step)(struct decoder *d, struct codec_io *io);

    /* Free what ->create() made. */
    void (*free)(void *state);
};

/* What a decoder says of its data, as of the last byte that was read. */
struct decoder_told {
    const char *damage;
    const char *note;
    bool read_failed;
    uint64_t taken; /* bytes of the file */
};

struct decoder_ahead; /* decoder_ahead.c */

struct decoder {
    const struct decoder_ops *ops; /* NULL: plain */
    void *state;
    char *path;
    struct feed feed;
    char *peeked; /* DECODER_PEEK_LEN bytes; NULL until somebody peeks */
    size_t peeked_at;
    size_t peeked_end;
    struct decoder_ahead *ahead; /* NULL: who reads decodes */
    struct decoder_told told;    /* with ->ahead; it belongs to who reads */
    uint64_t n_out;
    int64_t mtime_hint;
    const char *note;
    char *damage;   /* owned */
    bool in_stream; /* ->begin() succeeded, ->step() did not end it */
    bool ended;     /* no more streams */
};

/** decoder_fail(d, why): End the data of ${d} for the reason ${why}; the
 * first reason stays, and a failed read of the file comes before any. */
void decoder_fail(struct decoder *d, const char *why);

/** decoder_decode(d, out, cap): decoder_read(), by whoever may decode, of what
 * nobody has decoded yet. */
size_t decoder_decode(struct decoder *d, char *out, size_t cap);

/** decoder_tells(d): What is true behind the last byte that was decoded. */
struct decoder_told decoder_tells(const struct decoder *d);

/** decoder_ahead_read(d, out, cap): decoder_decode(), and of what was decoded
 * ahead first. */
size_t decoder_ahead_read(struct decoder *d, char *out, size_t cap);

/** decoder_ahead_free(a): NULL does nothing. */
void decoder_ahead_free(struct decoder_ahead *a);

/** decoder_stream_read(d, out, cap): decoder_read() for all containers. */
size_t decoder_stream_read(struct decoder *d, char *out, size_t cap);

extern const struct decoder_ops decoder_gzip_ops;
extern const struct decoder_ops decoder_zstd_ops;
extern const struct decoder_ops decoder_xz_ops;
extern const struct decoder_ops decoder_bzip2_ops;
extern const struct decoder_ops decoder_lz4_ops;
extern const struct decoder_ops decoder_compress_ops;

#endif
